"""The names things have on the wire. All are short, printable and hold no personal data."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

END = r"$(?!\n)"
"""The end of a pattern: `$` alone lets a final newline pass."""

LanguageCode = Annotated[str, Meta(pattern=rf"^[a-z]{{2}}{END}", description="ISO 639-1 code, e.g. fr")]
FieldId = Annotated[
    str, Meta(pattern=rf"^[a-z][a-z0-9-]{{0,30}}{END}", description="field of guidance, e.g. training")
]
DeskId = Annotated[
    str, Meta(pattern=rf"^[A-Za-z0-9]{{1,4}}{END}", description="desk as the board shows it, e.g. 7")
]
CounsellorId = Annotated[
    str, Meta(pattern=rf"^[a-z0-9][a-z0-9-]{{0,30}}{END}", description="staff key, never a name")
]
StaffId = CounsellorId
"""Whoever works here, at a desk or at reception."""
DeviceName = Annotated[
    str, Meta(pattern=rf"^[a-z0-9][a-z0-9-]{{0,30}}{END}", description="device, e.g. kiosk-1")
]
TicketCode = Annotated[
    str, Meta(pattern=rf"^[A-Z][0-9]{{3,6}}{END}", description="letter and number, e.g. K042")
]
RequestId = Annotated[
    str,
    Meta(
        pattern=rf"^[A-Za-z0-9_-]{{16,64}}{END}",
        description="made by the terminal; the same id gets the same answer",
    ),
]
DayDate = Annotated[
    str, Meta(pattern=rf"^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}{END}", description="day of the centre, local date")
]


class Role(StrEnum):
    """What a terminal is for; fixes what it may ask and see."""

    KIOSK = "kiosk"
    COUNSELLOR = "counsellor"
    RECEPTION = "reception"
    BOARD = "board"


def shown(code: str) -> str:
    r"""A ticket's code as people read it: letter, no-break space, digits.

    >>> shown("K042")
    'K\xa0042'
    """
    return f"{code[0]}\N{NO-BREAK SPACE}{code[1:]}"
