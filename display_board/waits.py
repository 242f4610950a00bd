"""What the board tells of the wait for a field: one for everybody in the room. Pure."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from config.look.waits import NOBODY_CAN_TELL, Minutes, in_minutes
from protocol.ids import LanguageCode
from protocol.views import FieldQueue
from protocol.waits import WaitKind, WaitWindow

AT_ONCE = Minutes("0", "0")


class Sign(StrEnum):
    """What stands in place of minutes."""

    NOBODY = "×"
    """Nobody is planned who could serve this field."""
    UNKNOWN = NOBODY_CAN_TELL


Told = Minutes | Sign


def wait_for(queue: FieldQueue, official: Iterable[LanguageCode], at: datetime) -> Told:
    """Over the official languages the widest window: whoever reads it may speak either.

    A language in which nobody is planned, or no more tickets are given, says nothing while another does.
    """
    known = [
        queue.expected[language]
        for language in official
        if language in queue.expected and language not in queue.ended
    ]
    if not queue.open or not known:
        return Sign.UNKNOWN
    served = [one for one in known if one.kind is not WaitKind.NOBODY]
    if not served:
        return Sign.NOBODY
    windows = [one.window for one in served if one.window is not None]
    if not windows:
        return AT_ONCE
    begins_at = min(window.begins_at for window in windows) if len(windows) == len(served) else at
    ends_at = max(window.ends_at for window in windows)
    return in_minutes(WaitWindow(begins_at, ends_at, begins_at), at)
