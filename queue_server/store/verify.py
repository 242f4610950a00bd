"""Whether all that a data directory holds is as it was written, and where it is not. Nothing is changed.

What this finds was done by somebody who could write in the directory, or by a disk. Who can also reckon every
link of a chain anew leaves no trace in it; but a backup holds the old links, and does not go on from others.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from msgspec import Struct
from sqlite_utils import Database

from queue_server.clock import is_day
from queue_server.store.backup import Progress
from queue_server.store.copies import DamagedError, counted, has_begun, into_memory, prove_day
from queue_server.store.house import DAYS, REGISTRY, STATISTICS
from queue_server.store.migrations import SPOILED
from queue_server.store.registry import registry_migrations, sound_devices
from queue_server.store.roster import sound_roster
from queue_server.store.statistics import ASIDE
from queue_server.store.team import sound_team
from queue_server.store.trail import sound_trail
from queue_server.store.witness import Witness

PUT_ASIDE = Path(STATISTICS).with_suffix(ASIDE).name


class Verified(Struct, frozen=True):
    """One file."""

    file: str
    """In the data directory."""
    entries: int
    """Events, entries of the trail, or days counted, that are as written; 0 when that could not be seen."""
    last_at: str
    """When the last of them was, as the file has it; empty: there is none, or it has no time of the day."""
    trouble: str
    """Where it breaks, and how; empty: all of it is as it was written."""


def verify(directory: Path, progress: Progress) -> list[Verified]:
    """Every day, and what lies beside them; a server may be at work. OSError: it cannot be read."""
    files = sorted(
        path for path in (directory / DAYS).iterdir() if path.suffix == ".db" and is_day(path.stem)
    )
    found = []
    for done, path in enumerate(files):
        progress(done, len(files) + 1)
        found.append(_day(path))
    found += [_gone(day) for day in _missed(directory, {path.stem for path in files})]
    for place, prove in ((REGISTRY, _registry), (STATISTICS, _statistics), (PUT_ASIDE, _put_aside)):
        if (directory / place).exists():
            found.append(prove(directory / place))
    progress(len(files) + 1, len(files) + 1)
    return found


def _day(path: Path) -> Verified:
    name, witness = f"{DAYS}/{path.name}", Witness(path)
    seen = witness.seen()  # before the day is read: it may not be ahead of it
    try:
        if not has_begun(path) and seen is None:
            return Verified(name, 0, "", "")
        proved = prove_day(path)
    except DamagedError as error:
        return Verified(name, 0, "", str(error))
    trouble = witness.contradicts(seen, proved.end.position, proved.links[-1], proved.secret)
    return Verified(name, proved.end.position, proved.at, trouble or "")


def _missed(directory: Path, there: set[str]) -> list[str]:
    """Days that a server had and did not delete: it deletes the oldest first, and a day's witness with it."""
    witnessed = {path.stem for path in (directory / DAYS).glob("*.witness")}
    try:
        known = counted(directory / STATISTICS) if (directory / STATISTICS).exists() else set[str]()
    except DamagedError:
        known = set()
    oldest = min(there, default="")
    return sorted((witnessed | {day for day in known if oldest and day > oldest}) - there)


def _gone(day: str) -> Verified:
    return Verified(
        f"{DAYS}/{day}.db", 0, "", "it is gone, and no server has deleted it; a backup may have it"
    )


def _statistics(path: Path) -> Verified:
    try:
        return Verified(STATISTICS, len(counted(path)), "", "")
    except DamagedError as error:
        return Verified(STATISTICS, 0, "", str(error))


def _put_aside(path: Path) -> Verified:
    return Verified(
        path.name, 0, "", "the server has put these statistics aside; its log says why and what to do"
    )


def _registry(path: Path) -> Verified:
    try:
        with closing(sqlite3.connect(":memory:")) as db:
            into_memory(path, db)
            registry = Database(db, execute_plugins=False)
            registry_migrations.apply(registry)
            deeds = sound_trail(registry)
            sound_devices(registry)
            sound_team(registry)
            sound_roster(registry)
    except (*SPOILED, DamagedError, ValueError) as error:
        return Verified(REGISTRY, 0, "", str(error))
    return Verified(REGISTRY, len(deeds), deeds[-1].by.at.isoformat() if deeds else "", "")
