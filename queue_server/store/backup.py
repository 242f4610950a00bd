"""Copies of a data directory, made while its server runs; each is verified before it counts.

The printing's own list is no part of them: put back, an old list would print slips that visitors had.
"""

import fcntl
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct
from sqlite_utils import Database

from protocol.whole import put_in_place, sync, write_whole
from queue_server.clock import is_day
from queue_server.store.copies import DamagedError, copy, counted, has_begun, last, prove_day, prove_whole
from queue_server.store.house import DAYS, REGISTRY, STATISTICS
from queue_server.store.manifest import (
    BESIDE,
    FORMAT,
    LOCK,
    MANIFEST,
    PART,
    PLACES,
    PLAIN,
    BackupError,
    End,
    Kept,
    Manifest,
    digest,
    read_manifest,
    unnamed,
    write_manifest,
)
from queue_server.store.migrations import SPOILED
from queue_server.store.registry import registry_migrations
from queue_server.store.team import send_home
from queue_server.store.witness import Witness

Progress = Callable[[int, int], None]
"""Told how many files are done, and of how many."""


class Made(Struct, frozen=True, kw_only=True):
    """A backup that was made."""

    made_at: datetime
    days: int
    copied: int
    """Files that are new in it, or have changed."""
    newest: str
    """The last day in it, and when its last event was; empty: none."""
    last_at: str
    forgotten: tuple[str, ...]
    """Days that were counted and deleted by the server, and are deleted here too."""
    troubles: tuple[str, ...]
    """Files that could not be copied as they should be, in sentences."""


def back_up(directory: Path, destination: Path, progress: Progress) -> Made:
    """Bring the backup up to date; BackupError: it is as it was before."""
    if not directory.is_dir():
        raise BackupError(f"There is no data directory {directory}: give the server's own with --data.")
    if not (directory / DAYS).is_dir():
        raise BackupError(f"{directory} is no data directory of a server: no day has begun in it.")
    if destination.resolve().is_relative_to(directory.resolve()):
        raise BackupError(
            f"{destination} lies in the data directory, and would be lost with it. Take a directory on "
            "another disk."
        )
    try:
        with _alone(destination):
            return _Backup(directory, destination).made(progress)
    except OSError as error:
        raise BackupError(
            f"The backup in {destination} was not finished: {error.strerror or error}. What was there "
            "before is as it was. Free space on that disk, or check who may write there."
        ) from error


@contextmanager
def _alone(destination: Path) -> Iterator[None]:
    """BackupError: another backup is being made there; OSError."""
    destination.mkdir(mode=0o700, parents=True, exist_ok=True)
    (destination / DAYS).mkdir(mode=0o700, exist_ok=True)
    (destination / LOCK).touch(mode=0o600)
    with (destination / LOCK).open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupError(
                f"{destination} is in use by another backup or restore. Do it again when that is done."
            ) from error
        yield


def _send_home(registry: Path) -> None:
    """Who was at which terminal says nothing where a copy is put back; DamagedError, OSError."""
    try:
        with closing(sqlite3.connect(registry)) as file:
            db = Database(file, execute_plugins=False)
            db.execute("PRAGMA secure_delete=ON")
            registry_migrations.apply(db)
            with db.atomic():
                send_home(db)
    except (*SPOILED, ValueError) as error:
        raise DamagedError(str(error)) from error
    sync(registry)


class _Backup:
    """One run."""

    def __init__(self, directory: Path, destination: Path) -> None:
        self._from, self._to = directory, destination
        former = (destination / MANIFEST).exists()
        self._kept = {kept.place: kept for kept in read_manifest(destination).files} if former else {}
        self._copied = 0
        self._troubles: list[str] = []

    def made(self, progress: Progress) -> Made:
        """The whole of it; the manifest last, so that until then the former backup counts. OSError."""
        places = self._places()
        for done, place in enumerate(places):
            progress(done, len(places))
            self._keep(place)
        forgotten = self._forget(set(places))
        self._look_after_the_rest(set(places))
        for place in PLAIN:  # the epoch after the days: never lower than theirs
            self._keep_plain(place)
        files = tuple(self._kept[place] for place in sorted(self._kept))
        manifest = Manifest(FORMAT, datetime.now(UTC), files)
        write_manifest(self._to, manifest)
        for path in unnamed(self._to, manifest):
            path.unlink()
        progress(len(places), len(places))
        days = [kept for kept in files if kept.end]
        return Made(
            made_at=manifest.made_at,
            days=len(days),
            copied=self._copied,
            newest=days[-1].day if days else "",
            last_at=days[-1].end.at if days and days[-1].end else "",
            forgotten=forgotten,
            troubles=tuple(self._troubles),
        )

    def _places(self) -> list[str]:
        """Everything to be copied but the epoch; OSError."""
        days = [f"{DAYS}/{path.name}" for path in (self._from / DAYS).iterdir() if is_day(path.stem)]
        found = sorted(place for place in days if re.match(PLACES, place))
        for witness in (self._from / DAYS).glob("*.witness"):
            day = witness.with_suffix(".db")
            if not day.exists() and witness.exists():  # a server that deletes a day begins with its witness
                self._troubles.append(f"{day} is gone, and no server has deleted it.")
        return [*found, *(place for place in BESIDE if (self._from / place).exists())]

    def _keep(self, place: str) -> None:
        former = self._kept.get(place)
        try:
            kept = self._whole(place) if place in BESIDE else self._day(place, former)
        except DamagedError as error:
            if (self._from / place).exists():  # else the server has deleted it meanwhile
                left = "keeps what it had of it" if former else "has nothing of it"
                self._troubles.append(f"{self._from / place} was not copied: {error}. The backup {left}.")
            return
        if kept is not None:
            self._copied += kept != former
            self._kept[place] = kept

    def _day(self, place: str, former: Kept | None) -> Kept | None:
        """None: the day has not begun. DamagedError, OSError."""
        path = self._from / place
        witness = Witness(path)
        seen = witness.seen()  # before the copy: it may not be ahead of it
        if not has_begun(path) and seen is None and former is None:
            return None
        if former is not None and former.end == last(path) and self._is_sound(former):
            return former
        part = self._part(place)
        copy(path, part)
        proved = prove_day(part)
        if trouble := witness.contradicts(seen, proved.end.position, proved.links[-1], proved.secret):
            raise DamagedError(trouble)
        if former is not None and former.end is not None and not proved.goes_on_from(former.end):
            raise DamagedError(
                f"the backup has {former.end.position} events of this day, and it does not go on from them "
                "(to keep it as it is now, take an empty directory for the backup)"
            )
        return self._put(place, part, proved.end)

    def _whole(self, place: str) -> Kept:
        """DamagedError, OSError."""
        part = self._part(place)
        copy(self._from / place, part)
        if place == REGISTRY:
            prove_whole(part)
            _send_home(part)
        else:
            self._prove_no_shorter(part, self._kept.get(place))
        return self._put(place, part, None)

    def _prove_no_shorter(self, statistics: Path, former: Kept | None) -> None:
        """Begun anew after a damage they lack what only the backup has; DamagedError, OSError."""
        days = counted(statistics)
        had = counted(self._to / former.file) if former is not None and self._is_sound(former) else set()
        if lost := sorted(had - days):
            raise DamagedError(
                f"it lacks days that the backup has, {len(lost)} from {lost[0]} to {lost[-1]} (to put them "
                "back stop the server and say walkin restore --statistics; to keep it as it is now, take an "
                "empty directory for the backup)"
            )

    def _is_sound(self, kept: Kept) -> bool:
        """Whether the backup's own file is as it was written."""
        with suppress(OSError):
            return digest(self._to / kept.file) == kept.sha256
        return False

    def _part(self, place: str) -> Path:
        """Where a copy is made; what an interrupted one left is gone."""
        part = (self._to / place).with_suffix(PART)
        for left in part.parent.glob(f"{part.name}*"):
            left.unlink()
        return part

    def _put(self, place: str, part: Path, end: End | None) -> Kept:
        kept = Kept(place=place, size=part.stat().st_size, sha256=digest(part), end=end)
        put_in_place(part, self._to / kept.file)
        return kept

    def _keep_plain(self, place: str) -> None:
        if (self._from / place).exists():
            (self._to / place).parent.mkdir(mode=0o700, exist_ok=True)
            part = self._part(place)
            write_whole(part, (self._from / place).read_bytes())
            self._kept[place] = self._put(place, part, None)

    def _look_after_the_rest(self, there: set[str]) -> None:
        """What is in the backup alone cannot be copied again."""
        for place, kept in self._kept.items():
            if kept.end is not None and place not in there and not self._is_sound(kept):
                self._troubles.append(f"{self._to / kept.file} is damaged, and is nowhere else any more.")

    def _forget(self, there: set[str]) -> tuple[str, ...]:
        """Days that the server has deleted are deleted here too; those that are gone uncounted are not."""
        with suppress(DamagedError):
            done = counted(self._from / STATISTICS) if STATISTICS in there else set()
            gone = [kept for place, kept in self._kept.items() if place not in there and kept.day in done]
            for kept in gone:
                del self._kept[kept.place]
            return tuple(kept.day for kept in gone)
        return ()
