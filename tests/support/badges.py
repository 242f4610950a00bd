"""Terminals that belong to the centre of a test, each name with the same secret, and who is at them."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from argon2 import PasswordHasher
from support.centre import ALL_ROUND, DUTCH, TRAINER, WORKER

from config.roster import Roster
from protocol.badge import Badge, digest_of, write_badge
from protocol.envelope import Done
from protocol.ids import Role
from protocol.orders import SignIn
from protocol.refusals import RefusalCode
from protocol.whole import write_whole
from queue_server.core.policy import STAFFED, Refusal
from queue_server.devices import By, Device
from queue_server.doorkeeper import Doorkeeper
from queue_server.people import Account, Session
from queue_server.sessions import Sessions
from queue_server.store.house import REGISTRY
from queue_server.store.registry import Registry

OF_A_KIND = 10
"""Devices of each kind that every centre of a test has; reception is shown all of them."""
DESKS = 20
BY = By("console", datetime(2026, 9, 1, 8, 0, tzinfo=UTC))
JUST_NOW = datetime(2126, 1, 1, tzinfo=UTC)
"""By any clock of a test."""
AUTHORITY = ContextVar("authority", default="")
"""What the terminals of this test believe, when they come over a network."""
PIN = "204816"
"""Everybody's in a test."""
_DIGEST = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PIN)
"""It costs next to nothing: what a real one costs is tried where it matters."""
Team = Mapping[str, str]
"""Who is at which desk."""
BRUSSELS: Team = {str(desk): f"c{desk:02d}" for desk in range(2, 21)} | {"1": "c23"}
SMALLVILLE: Team = {"1": ALL_ROUND, "2": TRAINER, "3": WORKER, "4": DUTCH}
_made: dict[bytes, Device] = {}


def badge(role: Role, name: str, desk: str | None = None) -> Badge:
    """The badge of this terminal."""
    secret = urlsafe_b64encode(hashlib.sha256(f"{role} {name} {desk}".encode()).digest()).decode()
    made = Badge(device=name, role=role, desk=desk, token=secret.rstrip("="), authority=AUTHORITY.get())
    _made[digest_of(made.token)] = Device(name, role, desk)
    return made


def person_at(name: str, desk: str | None, team: Team) -> str:
    """Who works at this terminal."""
    return f"host-{name}" if desk is None else team.get(desk, f"staff-{desk}")


def account(staff: str, *roles: Role) -> Account:
    """A member of the team with the PIN of all tests."""
    return Account(staff=staff, roles=frozenset(roles), pin=_DIGEST, given=False, since=BY.at)


class Standing(Sessions):
    """Somebody is at every staff terminal of the small centre, and never leaves."""

    def __init__(self) -> None:
        """Nobody's registry."""

    def staff_at(self, name: str) -> str | None:
        kind, _, number = name.partition("-")
        return person_at(name, number if kind == "desk" else None, SMALLVILLE)

    def last_at(self, name: str) -> str | None:
        return self.staff_at(name)

    def touched(self, name: str) -> None:
        """Nobody asks."""

    async def sign_in(self, order: SignIn, device: Device, by: By) -> Done | Refusal:  # noqa: ARG002 - nobody
        return Refusal(RefusalCode.WRONG_PIN)

    async def sign_out(self, name: str) -> Done | Refusal:  # noqa: ARG002 - they stay
        return Done()


AT_WORK = Standing()


class Everybody(Doorkeeper):
    """Knows every terminal whose badge was made in this process, without a file."""

    def __init__(self) -> None:
        """Nobody's registry."""
        self.sessions = AT_WORK
        self.roster = Roster()

    def known(self, token: str) -> Device | None:
        return _made.get(digest_of(token))

    def saw(self, name: str, at: datetime) -> None:
        """Nobody asks."""

    async def plan(self, before: Roster, after: Roster, by: By) -> bool:  # noqa: ARG002 - whoever it is
        self.roster = after
        return True


def _standard() -> Iterator[Badge]:
    for role in (Role.KIOSK, Role.BOARD, Role.RECEPTION):
        yield from (badge(role, f"{role.value}-{number}") for number in range(OF_A_KIND))
    for desk in map(str, range(1, DESKS + 1)):
        yield badge(Role.COUNSELLOR, f"desk-{desk}", desk)


@cache
def _registry(brussels: bool) -> bytes:
    """A registry with the devices of every centre, and somebody at each."""
    with TemporaryDirectory() as directory:
        path = Path(directory) / REGISTRY
        enrol_only(path.parent, *_standard(), team=BRUSSELS if brussels else SMALLVILLE)
        return path.read_bytes()


def worn(directory: Path, own: Badge) -> tuple[str, str]:
    """The options with which a program is this terminal; its badge is kept in this directory."""
    path = directory / f"{own.device}.badge"
    write_badge(own, path)
    return "--badge", str(path)


def enrol(directory: Path, *more: Badge, team: Team = BRUSSELS) -> None:
    """Make the devices of every centre, and these, known to the server of this directory, once.

    At each staff terminal somebody of the team is signed in.
    """
    path = directory / REGISTRY
    if path.exists():
        return
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(
        path, _registry(team is BRUSSELS)
    )  # on disk, as the console leaves it: some tests cut the power
    usual = {one.device for one in _standard()}
    enrol_only(directory, *(one for one in more if one.device not in usual), team=team)


def enrol_only(directory: Path, *badges: Badge, team: Team = BRUSSELS) -> None:
    """Make these known to the server of this directory, besides those that are, with somebody at each."""
    if badges:
        with patch("queue_server.store.registry.Writer"):  # all is done here, in no thread
            registry = Registry(directory / REGISTRY)
        registry._open()
        registry._add(_devices(badges), BY)
        for one in badges:
            if one.role in STAFFED:
                staff = person_at(one.device, one.desk, team)
                person = account(staff, one.role)
                registry._add_staff([person], BY)
                registry._sign_in(Session(one.device, staff, JUST_NOW), person, None, BY)
        registry._close()


def _devices(badges: Iterable[Badge]) -> dict[bytes, Device]:
    return {digest_of(one.token): Device(one.device, one.role, one.desk) for one in badges}
