"""The spooler's memory: jobs and what is known of each printer, in SQLite; used from one thread only."""

import json
import secrets
import sqlite3
from collections.abc import Sequence
from math import inf
from pathlib import Path
from time import time
from typing import Any, assert_never
from zlib import crc32

import msgspec
from msgspec import Struct
from sqlite_utils import Database

from printers.job import Job, JobOutcome, JobState
from printers.migrations import spool_migrations
from printers.outcome import Level, Outcome, Reason, Result
from printers.slip import Slip
from printers.talk import ID_BASE, ID_BYTES

JOBS_OPEN_MAX = 500
"""Jobs waiting at once, over all printers: a day's visitors; more is a fault, not a crowd."""
IDS_PER_START = 100_000
"""Process ids set aside at each start, and used in turn: what is said again was said months ago."""
BUSY_TIMEOUT_MS = 5000

RESOLVES_MAX = 120
"""Attempts to find out, one every 2 to 12 s: after 4 to 24 minutes a person is asked."""
HOPELESS = (Reason.NO_COUNTER, Reason.POWER, Reason.UNCONFIRMED)
"""Asking the printer again cannot help."""

WHOLE = (Reason.UNCONFIRMED, Reason.UNPRINTABLE)
"""A slip that ends so has left no piece in the printer."""

OPEN = "('queued', 'sending', 'unknown')"


class SpoolFull(Exception):  # noqa: N818 - named for what it says
    """Too many slips wait to be printed: look at the printers."""


class Stored(Struct, frozen=True):
    """A job as it is written down."""

    id: int
    job: Job
    state: JobState
    cuts_before: int | None
    home: str
    """The printer it was ordered at; it may have been handed on since."""


class Known(Struct, frozen=True):
    """What is known of a printer from earlier."""

    level: Level | None
    first_id: int
    """First of the process ids set aside for this start."""
    unheard_s: float
    """Seconds since the printer was surely on, where the end of a slip is unknown: it may have been off."""


class Store:
    """Open, use and close it in one thread; every method is one transaction, on disk when it returns."""

    def __init__(self, path: Path, *, damaged: bool = False) -> None:
        """Opens or makes the file; jobs found in the middle of sending become unknown.

        `damaged`: the one before it was; what its printers were doing nobody knows.
        OSError, sqlite3.Error, and whatever a spoiled file may raise.
        """
        self._damaged = damaged
        path.touch(mode=0o600)
        self._db = Database(path)
        try:
            self._prepare()
        except BaseException:
            self._db.close()
            raise

    def _prepare(self) -> None:
        # where a sync fails SQLite stays in a mode whose commits a power cut can take back, and says nothing
        if self._db.execute("PRAGMA journal_mode = WAL").fetchone()[0] != "wal":
            raise OSError("the disk does not take its write-ahead log")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("PRAGMA secure_delete = ON")
        self._db.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        if (found := self._db.execute("PRAGMA integrity_check(1)").fetchone()[0]) != "ok":
            raise sqlite3.DatabaseError(found)
        spool_migrations.apply(self._db)
        for row in self._db.query("SELECT * FROM job"):
            _prove(row)
        self._db.execute(
            "UPDATE job SET state = 'unknown', reason = ? WHERE state = 'sending'", [Reason.RESTART]
        )

    def close(self) -> None:
        """Closes the file."""
        self._db.close()

    # -- printers

    def start(self, printer: str) -> Known:
        """What is known of a printer, and process ids for this start."""
        # after a damage any id may be on its way, and a piece may hang out of any printer
        first_id = int.from_bytes(secrets.token_bytes(8)) % ID_BASE**ID_BYTES if self._damaged else 0
        with self._db.atomic():
            self._db.execute(
                "INSERT OR IGNORE INTO printer (name, next_id, torn) VALUES (?, ?, ?)",
                [printer, first_id, self._damaged],
            )
            row = self._row("SELECT level, next_id FROM printer WHERE name = ?", printer)
            assert row is not None
            after = (row["next_id"] + IDS_PER_START) % ID_BASE**ID_BYTES
            self._db.execute("UPDATE printer SET next_id = ? WHERE name = ?", [after, printer])
            unknown = self._row(
                "SELECT max(on_at) AS at FROM job WHERE printer = ? AND state = 'unknown'", printer
            )
            assert unknown is not None
        unheard_s = inf if unknown["at"] is None else time() - unknown["at"]
        return Known(
            None if row["level"] is None else Level(row["level"]),
            row["next_id"],
            unheard_s if unheard_s >= 0 else inf,  # the clock was set back: nobody knows
        )

    def know_only(self, printers: Sequence[str]) -> None:
        """Printers that are no more have nothing to do: what waited for them is ordered again elsewhere."""
        known = json.dumps(list(printers))
        with self._db.atomic():
            self._db.execute(
                "DELETE FROM job WHERE state = 'queued' AND printer NOT IN (SELECT value FROM json_each(?))",
                [known],
            )
            self._db.execute(
                "UPDATE job SET state = 'offered', reason = ?, told = 0 WHERE state = 'unknown'"
                " AND printer NOT IN (SELECT value FROM json_each(?))",
                [Reason.UNREACHABLE, known],
            )

    def learn(self, printer: str, level: Level) -> None:
        """What a printer can confirm, kept for the next start."""
        self._db.execute("UPDATE printer SET level = ? WHERE name = ?", [level, printer])

    def torn(self, printer: str) -> bool:
        """A piece of a slip may hang out of this printer: nothing may be printed behind it."""
        row = self._row("SELECT torn FROM printer WHERE name = ?", printer)
        return row is not None and bool(row["torn"])

    def pushed_out(self, printer: str) -> None:
        """No piece hangs out of this printer any more."""
        self._db.execute("UPDATE printer SET torn = 0 WHERE name = ?", [printer])

    # -- jobs

    def submit(self, job: Job) -> None:
        """Queues the job, once per day, ticket and copy; SpoolFull."""
        with self._db.atomic():
            row = self._row(f"SELECT count(*) AS n FROM job WHERE state IN {OPEN}")  # noqa: S608 - our own constant
            assert row is not None
            if row["n"] >= JOBS_OPEN_MAX:
                raise SpoolFull(f"{JOBS_OPEN_MAX} slips wait to be printed; look at the printers")
            self._insert(job, JobState.QUEUED)

    def doubt(self, jobs: Sequence[Job]) -> None:
        """What was ordered before the list was damaged: it may be on paper, and a person is asked."""
        with self._db.atomic():
            for job in jobs:
                self._insert(job, JobState.OFFERED)

    def _insert(self, job: Job, state: JobState) -> None:
        offered = state is JobState.OFFERED
        slip = (job.day, job.slip.ticket, job.slip.copy, msgspec.json.encode(job.slip).decode())
        self._db.execute(
            "INSERT OR IGNORE INTO job (day, ticket, copy, slip, proof, printer, state, reason, told)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                *slip,
                _proof(*slip),
                job.printer,
                state,
                Reason.RESTART if offered else None,
                not offered,
            ],
        )

    def begin_day(self, day: str, oldest: str = "") -> None:
        """Earlier days are over: their slips are dropped if still waiting, forgotten if ended and told.

        Of days before `oldest` nothing stays, whatever has become of it.
        """
        with self._db.atomic():
            self._give_up_before(oldest)
            self._db.execute("UPDATE job SET wanted = 0 WHERE day < ?", [day])
            self._db.execute(
                "UPDATE job SET state = 'dropped', told = 0 WHERE day < ? AND state = 'queued'", [day]
            )
            self._db.execute(
                "DELETE FROM job WHERE day < ? AND told = 1 AND state IN ('printed', 'offered', 'dropped')",
                [day],
            )
        # it goes from the log too, unless somebody reads it at this moment; a disk that fails is told of
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _give_up_before(self, day: str) -> None:
        """Where nobody has found out how a slip ended, a piece of it may hang out of its printer."""
        self._db.execute(
            "UPDATE printer SET torn = 1"
            " WHERE name IN (SELECT printer FROM job WHERE day < ? AND state = 'unknown')",
            [day],
        )
        self._db.execute("DELETE FROM job WHERE day < ? AND state != 'sending'", [day])

    def next(self, printer: str) -> Stored | None:
        """What this printer has to do: first find out what is unknown, then the oldest in the queue."""
        row = self._row(
            "SELECT * FROM job WHERE printer = ? AND state IN ('queued', 'unknown')"
            " ORDER BY state = 'queued', id LIMIT 1",
            printer,
        )
        if row is None:
            return None
        return _stored(row)

    def waiting(self, printer: str) -> list[Stored]:
        """Slips that wait for this printer and are certainly not on paper, the oldest first."""
        return [
            _stored(row)
            for row in self._db.query(
                "SELECT * FROM job WHERE printer = ? AND state = 'queued' ORDER BY id", [printer]
            )
        ]

    def sending(self, job_id: int, cuts_before: int | None, on_at: float) -> bool:
        """Written before the first byte; False when the job was dropped meanwhile and must not be sent.

        `on_at`: POSIX seconds after which the printer was surely on.
        """
        with self._db.atomic():
            sent = self._row(
                "UPDATE job SET state = 'sending', cuts_before = ?, on_at = ?, resolves = 0"
                " WHERE id = ? AND state = 'queued' RETURNING id",
                cuts_before,
                on_at,
                job_id,
            )
        return sent is not None

    def hand_on(self, job_id: int, printer: str) -> bool:
        """Gives a slip that is certainly not on paper to another printer; False when it no longer waits."""
        with self._db.atomic():
            moved = self._row(
                "UPDATE job SET home = coalesce(home, printer), printer = ?, cuts_before = NULL, told = 0"
                " WHERE id = ? AND state = 'queued' RETURNING id",
                printer,
                job_id,
            )
        return moved is not None

    def finish(self, job_id: int, result: Result) -> JobState:
        """Writes down how an attempt to print, or to find out, ended."""
        with self._db.atomic():
            row = self._row("SELECT * FROM job WHERE id = ?", job_id)
            if row is None:  # dropped, told, and forgotten when a new day began
                return JobState.DROPPED
            state = _state_after(row, result)
            news = (state, result.reason) != (row["state"], row["reason"])
            self._db.execute(
                "UPDATE job SET state = ?, reason = ?, resolves = ?, told = told AND ? WHERE id = ?",
                [
                    state,
                    result.reason,
                    row["resolves"] + (row["state"] == JobState.UNKNOWN),
                    not news,
                    job_id,
                ],
            )
            given_up = state is JobState.OFFERED and result.reason not in WHOLE
            if result.torn or given_up or state is JobState.PRINTED:
                torn = state is not JobState.PRINTED
                self._db.execute("UPDATE printer SET torn = ? WHERE name = ?", [torn, row["printer"]])
        return state

    def drop(self, day: str, ticket: str, copies: int) -> None:
        """So many slips of this ticket are not wanted any more; one being sent may still come out."""
        of_these = "day = ? AND ticket = ? AND copy <= ?"
        with self._db.atomic():
            self._db.execute(f"UPDATE job SET wanted = 0 WHERE {of_these}", [day, ticket, copies])  # noqa: S608 - our own words
            self._db.execute(
                f"UPDATE job SET state = 'dropped', told = 0 WHERE {of_these}"  # noqa: S608 - our own words
                " AND state IN ('queued', 'offered')",
                [day, ticket, copies],
            )

    def untold(self) -> list[tuple[int, JobOutcome]]:
        """News not yet told, oldest first, with the ids to tell them off by."""
        return [
            (
                row["id"],
                JobOutcome(
                    row["day"],
                    row["ticket"],
                    row["copy"],
                    row["printer"],
                    JobState(row["state"]),
                    None if row["reason"] is None else Reason(row["reason"]),
                ),
            )
            for row in self._db.query("SELECT * FROM job WHERE told = 0 ORDER BY id")
        ]

    def told(self, job_id: int, outcome: JobOutcome) -> None:
        """This news has been told; newer news of the same job stays to be told."""
        self._db.execute(
            "UPDATE job SET told = 1 WHERE id = ? AND state = ? AND reason IS ? AND printer = ?",
            [job_id, outcome.state, outcome.reason, outcome.printer],
        )

    def _row(self, sql: str, *values: object) -> dict[str, Any] | None:
        return next(iter(list(self._db.query(sql, values))), None)


def _proof(day: str, ticket: str, copy: int, slip: str) -> int:
    """Changes with any bit of what is said on paper: SQLite does not look at what stands in its pages."""
    return crc32("\0".join((day, ticket, str(copy), slip)).encode())


def _prove(row: dict[str, Any]) -> None:
    """sqlite3.DatabaseError when a slip is not as it was ordered, and is not to be printed."""
    proof = _proof(row["day"], row["ticket"], row["copy"], row["slip"])
    if row["proof"] not in {None, proof}:  # none: it was ordered before there was one
        raise sqlite3.DatabaseError("a slip is another one")


def _stored(row: dict[str, Any]) -> Stored:
    return Stored(
        row["id"],
        Job(row["day"], row["printer"], msgspec.json.decode(row["slip"], type=Slip)),
        JobState(row["state"]),
        row["cuts_before"],
        row["home"] or row["printer"],
    )


def _state_after(row: dict[str, Any], result: Result) -> JobState:
    match result.outcome:
        case Outcome.PRINTED:
            return JobState.PRINTED
        case Outcome.NOT_PRINTED if result.reason is Reason.UNPRINTABLE:
            return JobState.OFFERED
        case Outcome.NOT_PRINTED:
            return JobState.QUEUED if row["wanted"] else JobState.DROPPED
        case Outcome.UNKNOWN:
            hopeless = result.reason in HOPELESS or row["resolves"] + 1 >= RESOLVES_MAX
            return JobState.OFFERED if hopeless else JobState.UNKNOWN
        case _:
            assert_never(result.outcome)
