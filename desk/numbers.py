"""Numbers of tickets as people type them. Pure."""

import re

from protocol.ids import TicketCode


def squeezed(typed: str) -> str:
    """Without spaces, in capitals: as a code is written."""
    return "".join(typed.split()).upper()


def number_typed(typed: str) -> TicketCode | None:
    """The code of a number written in full, e.g. k 42; none when it is not one."""
    found = re.fullmatch(r"([A-Z])([0-9]{1,6})", squeezed(typed))
    return None if found is None else f"{found[1]}{int(found[2]):03d}"
