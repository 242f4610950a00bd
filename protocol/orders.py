"""What may be asked of the server that is not about the queue: who belongs to the centre, who works when.

Orders travel in the same frame as commands and are answered the same way; the queue never hears of them.
"""

from typing import Annotated, Any

from msgspec import Meta, Struct

from protocol.discretion import hidden
from protocol.ids import END, DayDate, DeskId, DeviceName, Role, StaffId
from protocol.plan import Shifts

ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
"""Of codes: consonants, so that no word can come of them and none is taken for a digit."""
CODE_TYPED_CHARS_MAX = 20
"""A code of eight, with what people put between."""
CodeTyped = Annotated[
    str,
    Meta(
        pattern=rf"^[{ALPHABET}{ALPHABET.lower()} -]{{0,{CODE_TYPED_CHARS_MAX}}}{END}",
        description="a code on a terminal's screen, as somebody has typed it, e.g. bcdf-ghjk",
    ),
]

PIN_DIGITS_MIN, PIN_DIGITS_MAX = 6, 12
Pin = Annotated[
    str,
    Meta(
        pattern=rf"^[0-9]{{{PIN_DIGITS_MIN},{PIN_DIGITS_MAX}}}{END}",
        description="what a member of staff signs in with",
    ),
]


class Order(
    Struct,
    frozen=True,
    gc=False,
    forbid_unknown_fields=True,
    tag_field="type",
    tag=lambda name: "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_"),
):
    """One wish about who belongs to the centre, or works in it."""


class OpenPairing(Order, frozen=True):
    """New terminals may come and show their codes, for ten minutes from now on."""


class ClosePairing(Order, frozen=True):
    """No new terminal may come any more."""


class PairDevice(Order, frozen=True, kw_only=True):
    """The terminal that shows this code is this one; a former one of that name, not connected, is no more."""

    code: CodeTyped
    device: DeviceName
    role: Role
    desk: DeskId | None = None
    """Of a counsellor's terminal."""

    def __repr__(self) -> str:
        return hidden(self, "code")


class SignIn(Order, frozen=True, kw_only=True):
    """This person is at this terminal from now on, and at no other; whoever was there before has gone."""

    staff: StaffId
    pin: Pin
    new_pin: Pin | None = None
    """The person's own choice from now on; a PIN that somebody else has given has to be changed so."""

    def __repr__(self) -> str:
        return hidden(self, "pin", "new_pin")

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """The same for `rich`, to which msgspec gives every field of a value that is shown."""
        return [("staff", self.staff)]


class SignOut(Order, frozen=True):
    """Nobody is at this terminal any more: it is locked."""


class ShowPlan(Order, frozen=True):
    """Who is planned to work on this day?"""

    day: DayDate


class PlanPerson(Order, frozen=True, kw_only=True):
    """This person works so on this day, whatever the week says."""

    staff: StaffId
    day: DayDate
    shifts: Shifts = ()
    """None: absent."""


class FollowWeek(Order, frozen=True, kw_only=True):
    """On this day the week holds for this person again."""

    staff: StaffId
    day: DayDate


class PlanHoliday(Order, frozen=True, kw_only=True):
    """The whole centre is closed on this day, or open as every week."""

    day: DayDate
    closed: bool
    """What was planned of this date alone is gone with it."""


PlanOrder = ShowPlan | PlanPerson | FollowWeek | PlanHoliday
"""Each is answered with how the day is planned now."""
AnyOrder = OpenPairing | ClosePairing | PairDevice | SignIn | SignOut | PlanOrder
