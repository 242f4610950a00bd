"""The devices of a centre, and the narrow port behind which it is written down who belongs to it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from config.model import Centre
from config.roster import Roster
from protocol.ids import DeskId, DeviceName, RequestId, Role
from protocol.refusals import RefusalCode
from queue_server.log_port import LogError
from queue_server.people import Account, Session


class RegistryError(LogError):
    """The registry cannot be used; the sentence says what to do."""


class Device(Struct, frozen=True):
    """A terminal that belongs to the centre: what it is called, what it is for, where it stands."""

    name: DeviceName
    role: Role
    desk: DeskId | None = None
    """Counsellors' terminals alone have one."""


def unfit(device: Device, centre: Centre) -> RefusalCode | None:
    """Why the centre as it is configured has no place for this device; none: it has."""
    if device.role is Role.KIOSK and device.name not in centre.kiosks_by_name:
        return RefusalCode.UNKNOWN_KIOSK
    if device.role is Role.COUNSELLOR and all(device.desk != desk.id for desk in centre.desks):
        return RefusalCode.UNKNOWN_DESK
    return None


class Enrolled(Struct, frozen=True, kw_only=True):
    """A device as the registry has it."""

    device: Device
    digest: bytes
    """Of its token, which nobody but the device has."""
    since: datetime
    seen_at: datetime | None = None
    """When it last came or went, as far as it was written down; none: it has never come."""


class What(StrEnum):
    """What can be done about the centre's devices and people: the words of the trail."""

    DEVICE_ADDED = "device_added"
    DEVICE_REMOVED = "device_removed"
    STAFF_ADDED = "staff_added"
    STAFF_REMOVED = "staff_removed"
    PIN_RESET = "pin_reset"
    PIN_CHOSEN = "pin_chosen"
    SIGN_IN_FAILED = "sign_in_failed"
    ROSTER_CHANGED = "roster_changed"
    EXPORTED = "exported"


CONSOLE = "console"
"""Who does something by a command on the server's machine: whoever may write in the data directory."""


class By(Struct, frozen=True):
    """Who does something, and when."""

    actor: str
    """`console`, or role, device and person, as in the log of a day."""
    at: datetime


class Deed(Struct, frozen=True):
    """Who did what, when: one row of the trail."""

    by: By
    what: What
    about: str
    """A name of a device, the key of a person and where this person works, or the roster; never more."""


class Members(Struct, frozen=True):
    """Who belongs to the centre, all at one moment."""

    devices: Sequence[Enrolled]
    accounts: Sequence[Account]
    sessions: Sequence[Session]


class RegistryPort(Protocol):
    """Devices and team of the centre, and the trail of what was done about them; the console has it too."""

    async def open(self) -> None:
        """Open or make it; RegistryError when it is damaged or cannot be used."""

    async def members(self) -> Members:
        """All of them, in the order of their names; RegistryError."""

    async def add(self, devices: Mapping[bytes, Device], by: By) -> list[DeviceName]:
        """Durably, each by the digest of its token; the names that are taken: then nothing. RegistryError."""

    async def replace(self, digest: bytes, device: Device, by: By) -> None:
        """Durably, this device with this token instead of the one of its name, if there is; RegistryError."""

    async def remove(self, names: Sequence[DeviceName], by: By) -> list[DeviceName]:
        """Durably; those of these names that there are not. RegistryError."""

    async def saw(self, seen: Mapping[DeviceName, datetime]) -> None:
        """Write down when these devices were seen; RegistryError."""

    async def roster(self) -> Roster:
        """Who is planned to work when; RegistryError."""

    async def plan(self, before: Roster, after: Roster, by: By) -> bool:
        """Durably, this roster instead of that; RegistryError.

        False: nothing was done, for somebody else has changed it meanwhile.
        """

    async def sign_in(self, session: Session, proved: Account, chosen: Account | None, by: By) -> bool:
        """Durably, this person is there and nowhere else, from now on with the account that was chosen.

        False: nothing was done, for the account is not the one that was proved any more, or the terminal is
        gone. RegistryError.
        """

    async def sign_out(self, sessions: Sequence[Session]) -> None:
        """Durably, these have ended; whoever came after them stays. RegistryError."""

    async def touched(self, sessions: Sequence[Session]) -> None:
        """Write down when somebody was last at these terminals; RegistryError."""

    async def note(self, deed: Deed) -> None:
        """Add to the trail; RegistryError."""

    async def asked(self) -> Sequence[tuple[RequestId, bytes]]:
        """Ids and frames of what the console asks now and was not answered yet; RegistryError."""

    async def answer(self, request_id: RequestId, frame: bytes) -> None:
        """Let the console find this answer; RegistryError."""

    async def changed(self) -> bool:
        """Whether somebody else has changed it since this was asked last; RegistryError."""

    async def trail(self) -> Sequence[Deed]:
        """All that was done, in order, once it is proved whole; RegistryError when it is not."""

    async def close(self) -> None:
        """Let it go; again does nothing."""
