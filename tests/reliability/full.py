"""The disk has no room left, or becomes read-only under the server."""

import asyncio
import functools
import os
import resource
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from reliability.lives import EXIT_DISK, Finish, days_aside, frozen, last_life, prove_told, worked
from reliability.load import Load, at_work, check, check_grown, free_port, open_day
from reliability.trial import Trial
from support.servers import server_process

TMPFS = ("-t", "tmpfs")
LOOP = ("-t", "ext4", "-o", "loop")
ANSWERS = (20, 200)
COUNT = 5000
"""More questions than there is room for."""
ANSWERS_AFTER = 20
LIMIT_BYTES = (40_000, 600_000)
"""A file may not grow beyond."""
ROOM_BYTES = (350_000, 1_000_000)
"""Of a whole disk; a server that starts needs a third of a megabyte."""
FREED = "size=16m"
IMAGE_BYTES = 16 * 1024 * 1024
COULD_NOT_START = (1, EXIT_DISK)
"""Before terminals can come: the directory cannot be taken, or the day not opened."""


def limited(seed: int, directory: Path) -> Counter[str]:
    """The system gives no file more room than so much, then it does again."""
    return asyncio.run(_limited(Random(seed), directory / "house"))


async def _limited(dice: Random, house: Path) -> Counter[str]:
    port, load = free_port(), Load()
    url, most = f"ws://127.0.0.1:{port}", dice.randint(*LIMIT_BYTES)
    async with at_work(load, url) as finish:
        async with server_process(house, port) as server:
            await server.ready()
            await open_day(url)
            resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (most, most))
            _prove_ended(await worked(server, port, load, COUNT))
        return await _goes_on(house, port, load, finish)


def full(seed: int, directory: Path) -> Counter[str]:
    """A small disk is filled, the server started again while it is full, and again when there is room."""
    disk = directory / "disk"
    with _mounted(disk, *TMPFS, "-o", f"size={Random(seed).randint(*ROOM_BYTES)}", "tmpfs"):
        return asyncio.run(_full(disk))


async def _full(disk: Path) -> Counter[str]:
    house, port, load = disk / "house", free_port(), Load()
    async with at_work(load, f"ws://127.0.0.1:{port}") as finish:
        async with server_process(house, port) as server:
            _prove_ended(await worked(server, port, load, COUNT))
        async with server_process(house, port) as server:
            _prove_ended(await worked(server, port, load, COUNT), COULD_NOT_START)
        await asyncio.to_thread(_run, "mount", "-o", f"remount,{FREED}", str(disk))
        return await _goes_on(house, port, load, finish)


def read_only(seed: int, directory: Path) -> Counter[str]:
    """A file system that finds a fault in itself lets nothing be written, until it is mounted anew."""
    disk, image = directory / "disk", directory / "image"
    _format(image)
    with _mounted(disk, *LOOP, str(image)):
        return asyncio.run(_read_only(Random(seed), disk, image))


async def _read_only(dice: Random, disk: Path, image: Path) -> Counter[str]:
    house, port, load = disk / "house", free_port(), Load()
    async with at_work(load, f"ws://127.0.0.1:{port}") as finish:
        async with server_process(house, port) as server:
            await server.ready()
            await open_day(f"ws://127.0.0.1:{port}")
            await load.more(dice.randint(*ANSWERS))
            async with frozen(
                server
            ):  # Linux 6.18 may say that a sync went well which the end of ext4 overtook
                await asyncio.to_thread(_run, "mount", "-o", "remount,abort", str(disk))
            _prove_ended(await worked(server, port, load, COUNT))
        async with server_process(house, port) as server:
            _prove_ended(await worked(server, port, load, COUNT), COULD_NOT_START)
        await asyncio.to_thread(_run, "umount", str(disk))
        await asyncio.to_thread(_run, "mount", *LOOP, str(image), str(disk))
        return await _goes_on(house, port, load, finish)


def _prove_ended(ended: tuple[int, str] | None, expected: tuple[int, ...] = (EXIT_DISK,)) -> None:
    assert ended is not None, "the server goes on although nothing can be written"
    prove_told(*ended, expected=expected)


async def _goes_on(house: Path, port: int, load: Load, finish: Finish) -> Counter[str]:
    """All that was answered is there, and the next server goes on from it."""
    left = await days_aside(house)
    check(load.answers, left)
    there = len(load.answers)
    await last_life(house, port, load, ANSWERS_AFTER, finish)
    after = await days_aside(house)
    check(load.answers, after)
    check_grown(left, after)
    return Counter({"answers": there, "answers afterwards": len(load.answers) - there})


def _run(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True)


def _format(image: Path) -> None:
    image.touch()
    os.truncate(image, IMAGE_BYTES)
    _run("mkfs.ext4", "-q", "-F", str(image))


@contextmanager
def _mounted(disk: Path, *options: str) -> Iterator[None]:
    """Something mounted on a directory while the context lasts."""
    disk.mkdir()
    _run("mount", *options, str(disk))
    try:
        yield
    finally:
        _run("umount", "--lazy", str(disk))


@functools.cache
def tmpfs_missing() -> str:
    """Why no disk of memory can be mounted here, in a sentence; empty when one can."""
    with tempfile.TemporaryDirectory() as directory:
        return _tried(Path(directory) / "disk", *TMPFS, "tmpfs")


@functools.cache
def ext4_missing() -> str:
    """Why no file system in a file can be mounted here, in a sentence; empty when one can."""
    if shutil.which("mkfs.ext4") is None:
        return "mkfs.ext4 is not installed"
    with tempfile.TemporaryDirectory() as directory:
        image = Path(directory) / "image"
        _format(image)
        return _tried(Path(directory) / "disk", *LOOP, str(image))


def _tried(disk: Path, *options: str) -> str:
    if os.geteuid() != 0:
        return "only root may mount a disk"
    try:
        with _mounted(disk, *options):
            return ""
    except subprocess.CalledProcessError:
        return "no disk can be mounted here"


TRIALS = (
    Trial(
        name="no file may grow",
        one_try="The system limits how long a file may be while a server works, and does so no more.",
        never="an answer that is not on disk; an end other than 70 and a sentence.",
        gate=2,
        night=50,
        play=limited,
        meets=("answers", "answers afterwards"),
    ),
    Trial(
        name="disk full",
        one_try="A disk of a megabyte is filled; a server starts while it is full, and when it is not.",
        never="an answer that is not on disk; an end without a sentence.",
        gate=2,
        night=50,
        play=full,
        meets=("answers", "answers afterwards"),
        missing=tmpfs_missing,
    ),
    Trial(
        name="disk read-only",
        one_try=(
            "The file system gives up under a server at work; another starts while nothing can be written, "
            "and one when it is mounted anew."
        ),
        never="an answer that is not on disk; an end without a sentence.",
        gate=2,
        night=50,
        play=read_only,
        meets=("answers", "answers afterwards"),
        missing=ext4_missing,
    ),
)
