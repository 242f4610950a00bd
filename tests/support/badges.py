"""Terminals that belong to the centre of a test: each name always has the same secret."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from protocol.badge import Badge, digest_of, write_badge
from protocol.ids import Role
from protocol.whole import write_whole
from queue_server.devices import By, Device
from queue_server.doorkeeper import Doorkeeper
from queue_server.store.house import REGISTRY
from queue_server.store.registry import Registry

OF_A_KIND = 10
"""Devices of each kind that every centre of a test has; reception is shown all of them."""
DESKS = 20
BY = By("console", datetime(2026, 9, 1, 8, 0, tzinfo=UTC))
AUTHORITY = ContextVar("authority", default="")
"""What the terminals of this test believe, when they come over a network."""
_made: dict[bytes, Device] = {}


def badge(role: Role, name: str, desk: str | None = None) -> Badge:
    """The badge of this terminal."""
    secret = urlsafe_b64encode(hashlib.sha256(f"{role} {name} {desk}".encode()).digest()).decode()
    made = Badge(device=name, role=role, desk=desk, token=secret.rstrip("="), authority=AUTHORITY.get())
    _made[digest_of(made.token)] = Device(name, role, desk)
    return made


class Everybody(Doorkeeper):
    """Knows every terminal whose badge was made in this process, without a file."""

    def __init__(self) -> None:
        """Nobody's registry."""

    def known(self, token: str) -> Device | None:
        return _made.get(digest_of(token))

    def saw(self, name: str, at: datetime) -> None:
        """Nobody asks."""


def _standard() -> Iterator[Badge]:
    for role in (Role.KIOSK, Role.BOARD, Role.RECEPTION):
        yield from (badge(role, f"{role.value}-{number}") for number in range(OF_A_KIND))
    for desk in map(str, range(1, DESKS + 1)):
        yield badge(Role.COUNSELLOR, f"desk-{desk}", desk)


@cache
def _registry() -> bytes:
    """A registry with the devices of every centre."""
    with TemporaryDirectory() as directory:
        registry = Registry(Path(directory) / REGISTRY)
        registry._open()
        registry._add(_devices(_standard()), BY)
        registry._close()
        registry._writer.stop()
        return registry.path.read_bytes()


def worn(directory: Path, own: Badge) -> tuple[str, str]:
    """The options with which a program is this terminal; its badge is kept in this directory."""
    path = directory / f"{own.device}.badge"
    write_badge(own, path)
    return "--badge", str(path)


def enrol(directory: Path, *more: Badge) -> None:
    """Make the devices of every centre, and these, known to the server of this directory, once."""
    path = directory / REGISTRY
    if path.exists():
        return
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(path, _registry())  # on disk, as the console leaves it: some tests cut the power
    usual = {one.device for one in _standard()}
    enrol_only(directory, *(one for one in more if one.device not in usual))


def enrol_only(directory: Path, *badges: Badge) -> None:
    """Make these known to the server of this directory, besides those that are."""
    if badges:
        registry = Registry(directory / REGISTRY)
        registry._open()
        registry._add(_devices(badges), BY)
        registry._close()
        registry._writer.stop()


def _devices(badges: Iterable[Badge]) -> dict[bytes, Device]:
    return {digest_of(one.token): Device(one.device, one.role, one.desk) for one in badges}
