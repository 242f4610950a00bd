"""What the console reads of days that have ended, beside the server; nothing as long as none has."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from protocol.ids import DayDate
from queue_server.core.past import PastDay, PastPromise
from queue_server.store.copies import DamagedError, past_days, promises
from queue_server.store.house import STATISTICS
from walkin.ending import EXIT_DISK, fail

_Known = TypeVar("_Known")


def past_of(directory: Path, days: int) -> dict[DayDate, PastDay]:
    """What the newest so many days asked for. Ends the program when it is spoiled."""
    return _read(directory, lambda where: past_days(where, days), {})


def promises_of(directory: Path, days: int) -> list[PastPromise]:
    """What visitors of the newest so many days were told, and how it was. As above."""
    return _read(directory, lambda where: promises(where, days), [])


def _read(directory: Path, read: Callable[[Path], _Known], nothing: _Known) -> _Known:
    where = directory / STATISTICS
    if not where.exists():
        return nothing
    try:
        return read(where)
    except DamagedError as error:
        fail(f"{where} cannot be read: {error}. Is it the data directory of a server?", EXIT_DISK)
