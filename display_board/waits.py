"""What the board tells of the wait for a field: one for everybody in the room. Pure."""

from collections.abc import Collection, Iterable
from datetime import datetime
from enum import Enum, auto

from msgspec import Struct

from config.look.waits import Minutes, in_minutes
from protocol.ids import LanguageCode
from protocol.views import FieldQueue
from protocol.waits import IN_VAIN, Expected, WaitWindow

AT_ONCE = Minutes("0", "0")


class Sign(Enum):
    """Why there are no minutes."""

    NOBODY = auto()
    """Nobody is planned who could serve this field."""
    UNKNOWN = auto()
    """Nobody can tell."""


class Wait(Struct, frozen=True):
    """Minutes, and whose they are."""

    minutes: Minutes
    languages: str = ""
    """Codes of the official languages for which somebody is there; empty: for all of them."""


Told = Wait | Sign


def wait_for(queue: FieldQueue, official: Iterable[LanguageCode], at: datetime) -> Told:
    """Over the official languages the widest window: whoever reads it may speak either.

    Where nobody is planned for one of them, or it gets no more tickets, the minutes name the other.
    """
    known = {language: queue.expected[language] for language in official if language in queue.expected}
    taken = {language: one for language, one in known.items() if language not in queue.ended}
    if not queue.open or not taken:
        return Sign.UNKNOWN
    served = {language: one for language, one in taken.items() if one.kind not in IN_VAIN}
    if not served:
        return Sign.NOBODY
    told = _together(served.values(), at)
    return Wait(told, "" if len(served) == len(known) else " ".join(served).upper())


def _together(served: Collection[Expected], at: datetime) -> Minutes:
    """From the earliest beginning to the latest end."""
    windows = [one.window for one in served if one.window is not None]
    if not windows:
        return AT_ONCE
    begins_at = min(window.begins_at for window in windows) if len(windows) == len(served) else at
    ends_at = max(window.ends_at for window in windows)
    return in_minutes(WaitWindow(begins_at, ends_at, begins_at), at)
