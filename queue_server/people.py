"""The team as the server knows it: who may sign in where, and who is at which terminal now."""

from datetime import datetime

from msgspec import Struct

from protocol.discretion import hidden
from protocol.ids import DeviceName, Role, StaffId


class Account(Struct, frozen=True, kw_only=True):
    """A member of the team, by key alone: names stand in the centre's configuration."""

    staff: StaffId
    roles: frozenset[Role]
    """Kinds of terminals at which this person works."""
    pin: str
    """Its argon2id digest, with salt and cost."""
    given: bool = True
    """Somebody else has made the PIN: the person chooses one at the next sign-in."""
    since: datetime

    def __repr__(self) -> str:
        return hidden(self, "pin")  # a PIN is short enough to be found from its digest


class Session(Struct, frozen=True):
    """This person is at this terminal."""

    device: DeviceName
    staff: StaffId
    touched_at: datetime
    """When somebody was last there, as far as it was written down."""
