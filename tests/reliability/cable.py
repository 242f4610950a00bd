"""A real cable to a real server: a network of its own (namespace and veth pair), whose plug can be pulled."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from functools import cache

from msgspec import Struct

INSIDE = "plug0"
"""The server's end."""


class Cable(Struct, frozen=True):
    """A network with one server in it."""

    namespace: str
    host: str
    """The server's address, as the terminals know it."""

    @property
    def inside(self) -> tuple[str, ...]:
        """What stands before a command that runs there."""
        return ("ip", "netns", "exec", self.namespace)

    async def pull(self) -> None:
        """Nothing arrives and nobody is told."""
        await asyncio.to_thread(_ip, "-n", self.namespace, "link", "set", INSIDE, "down")

    async def plug(self) -> None:
        """As before."""
        await asyncio.to_thread(_ip, "-n", self.namespace, "link", "set", INSIDE, "up")


@cache
def missing() -> str:
    """Why no network can be made here; empty when it can."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        return "it needs root and the ip command"
    try:
        with _made():
            return ""
    except subprocess.CalledProcessError as error:
        return f"no network namespaces here: {error.stderr.strip()}"


@asynccontextmanager
async def laid() -> AsyncIterator[Cable]:
    """A network that lasts as long as the context. CalledProcessError where that is not allowed."""
    making = _made()
    cable = await asyncio.to_thread(making.__enter__)
    try:
        yield cable
    finally:
        await asyncio.to_thread(making.__exit__, None, None, None)


@contextmanager
def _made() -> Iterator[Cable]:
    number = os.getpid() % (64 * 256)
    net = f"10.231.{number // 64}.{number % 64 * 4}"
    first, _, last = net.rpartition(".")
    here, there = f"{first}.{int(last) + 1}", f"{first}.{int(last) + 2}"
    name = f"walkin-{os.getpid()}"
    plug = f"wk{os.getpid()}"
    with ExitStack() as made:
        _ip("netns", "add", name)
        made.callback(_ip, "netns", "delete", name)
        _ip("link", "add", plug, "type", "veth", "peer", "name", INSIDE, "netns", name)
        made.callback(_ip, "link", "delete", plug)  # with its namespace it would go too, but some time later
        _ip("address", "add", f"{here}/30", "dev", plug)
        _ip("link", "set", plug, "up")
        _ip("-n", name, "address", "add", f"{there}/30", "dev", INSIDE)
        _ip("-n", name, "link", "set", "lo", "up")
        _ip("-n", name, "link", "set", INSIDE, "up")
        yield Cable(name, there)


def _ip(*words: str) -> None:
    subprocess.run(("ip", *words), check=True, capture_output=True, text=True, timeout=20)
