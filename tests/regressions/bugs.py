"""Bugs that the trials have found: each with its seed, and the one place of the program that brings it back.

The seeds are played by the tests (those of the simulation) and by `make gate` (all of them). `make mutants`
brings each bug back, which its seed must show.
"""

from collections.abc import Callable

from msgspec import Struct
from simulation.plan import LATE, NIGHT_S, Kind, Plan

SIMULATED = "simulated days"
"""The trial whose seeds take a second in virtual time."""


class Bug(Struct, frozen=True, kw_only=True):
    """Something that went wrong once."""

    was: str
    """What went wrong, in a sentence."""
    trial: str
    """The whole name of the one that finds it."""
    seed: int
    """Finds it there."""
    also: tuple[int, ...] = ()
    """Further seeds that have lost something by it: mended with it, and not played besides."""
    before: tuple[int, ...] = ()
    """Found it in earlier programs, of which these seeds were other executions; still played."""
    among: Callable[[Plan], bool] | None = None
    """Simulated worlds in which it can happen at all: where to look when the program has changed so much that
    its seed has become another execution. None: it takes too many; the test that pins it has to show it."""
    path: str
    here: str
    """Stands there exactly once."""
    instead: str
    """Said there, it is back."""
    pinned_by: str
    """The quick test of it: path::name."""

    @property
    def seeds(self) -> frozenset[int]:
        """All that have lost something by it."""
        return frozenset({self.seed, *self.also, *self.before})

    @property
    def name(self) -> str:
        """As a broken program is called."""
        return self.was


DOWN = {Kind.SERVER_KILLED, Kind.SERVER_AWAY, Kind.SERVER_STOPPED}


def over_midnight(plan: Plan) -> bool:
    """A date changes."""
    return plan.season in LATE


def set_on_and_started(plan: Plan) -> bool:
    """The clock is set on over midnight, and a server starts."""
    set_on = any(fault.kind is Kind.CLOCK_SET and fault.amount > NIGHT_S for fault in plan.faults)
    return over_midnight(plan) and set_on and any(fault.kind in DOWN for fault in plan.faults)


SPOILED = "bit flips and cuts"
ENGINE = "queue_server/engine.py"
SERVER = "queue_server/server.py"
OVER_MIDNIGHT = "tests/queue_server/test_over_midnight.py"

BUGS: tuple[Bug, ...] = (
    Bug(
        was="An answer given just before midnight was forgotten after it: who asked again was answered anew.",
        trial=SIMULATED,
        seed=233,
        path=ENGINE,
        here="            or self._done_before.get(wish.request_id)\n",
        instead="",
        pinned_by=f"{OVER_MIDNIGHT}::test_a_question_asked_again_over_midnight_gets_the_same_answer_whatever_was"
        "_started_meanwhile",
    ),
    Bug(
        was="A disk that failed while yesterday was being ended left that day without an end.",
        trial=SIMULATED,
        seed=7221,
        among=over_midnight,
        path=ENGINE,
        here="""\
            last_at = await self._open_day(day)
        except FencedError:  # of two servers, also when their clocks do not show the same day
            raise
        except LogError as error:
            log.warning("day.not_brought_back", day=day, why=str(error))
            return
        await self._end_day(last_at or now)
""",
        instead="""\
            last_at = await self._open_day(day)
            await self._end_day(last_at or now)
        except FencedError:  # of two servers, also when their clocks do not show the same day
            raise
        except LogError as error:
            log.warning("day.not_brought_back", day=day, why=str(error))
""",
        pinned_by=f"{OVER_MIDNIGHT}::test_a_disk_that_fails_at_the_end_of_yesterday_stops_the_server_and_the"
        "_next_start_ends_the_day",
    ),
    Bug(
        was="The server's own wishes had the same ids on the next day: news of a slip was taken for old.",
        trial=SIMULATED,
        seed=33,
        before=(35,),
        among=over_midnight,
        path=ENGINE,
        here='f"house:{self.queue.day}:{self.queue.version}:',
        instead='f"house:{self.queue.version}:',
        pinned_by=f"{OVER_MIDNIGHT}::test_the_server_s_own_wishes_of_two_days_are_never_taken_for_one",
    ),
    Bug(
        was="Yesterday came back when the server started again after its clock was set back over midnight.",
        trial=SIMULATED,
        seed=2395,
        among=set_on_and_started,
        path=ENGINE,
        here="        return newest\n",
        instead="        return today\n",
        pinned_by=f"{OVER_MIDNIGHT}::test_a_clock_set_back_over_midnight_does_not_bring_yesterday_back",
    ),
    Bug(
        was="Told to stop while a slip was ordered, the server ended as of a mistake: their list was closed.",
        trial=SIMULATED,
        seed=395,
        path="queue_server/app.py",
        here="                ordering.cancel()",
        instead="                working.append(ordering)",
        pinned_by="tests/queue_server/test_app.py"
        "::test_a_slip_ordered_when_the_list_of_slips_is_closed_already_waits_for_the_next_start",
    ),
    Bug(
        was="A server started after midnight by a clock that had been set on did not know its last answers.",
        trial=SIMULATED,
        seed=2481,
        path=ENGINE,
        here="newest=before == earlier[-1])",
        instead="newest=False)",
        pinned_by=f"{OVER_MIDNIGHT}::test_a_question_asked_again_over_midnight_gets_the_same_answer_whatever_was"
        "_started_meanwhile",
    ),
    Bug(
        was="Tickets of a day begun after midnight were dated by the day before: the clock was set back.",
        trial=SIMULATED,
        seed=8540,
        path="queue_server/timekeeping.py",
        here="(at or midnight)",
        instead="(at or self._at)",
        pinned_by=f"{OVER_MIDNIGHT}::test_a_day_that_ended_and_a_clock_set_back_before_it_give_no_paper_of_its_date"
        "_twice",
    ),
    Bug(
        was="A printer's block of any length was taken for one, when its end was there at once.",
        trial="strangers' bytes",
        seed=1,
        path="printers/replies.py",
        here="find(0, 0, BLOCK_BYTES_MAX + 1)",
        instead="find(0)",
        pinned_by="tests/printers/test_replies.py::test_a_block_longer_than_any_printer_sends_is_noise_however_it_comes",
    ),
    Bug(
        was="A write-ahead log that was cut, or had a bit flipped, read as a shorter day.",
        trial=SPOILED,
        seed=1,
        path="queue_server/store/witness.py",
        here="        if seen.position > position:\n",
        instead="        if seen.position > position + 1_000_000:\n",
        pinned_by="tests/queue_server/store/test_witness.py"
        "::test_a_write_ahead_log_that_was_cut_short_is_found",
    ),
    Bug(
        was="A backup of a day whose file was gone said nothing, and was one without that day.",
        trial=SPOILED,
        seed=7,
        path="queue_server/store/backup.py",
        here="if not day.exists() and witness.exists():",
        instead="if day.exists() and not witness.exists():",
        pinned_by="tests/queue_server/store/test_backup.py::test_a_day_whose_file_somebody_removed_is_missed",
    ),
    Bug(
        was="Statistics in which a bit had turned were told as they stood.",
        trial="damage beside the days",
        seed=4,
        path="queue_server/store/statistics_tables.py",
        here="        if seal != _seal(db, day):\n",
        instead="        if not seal:\n",
        pinned_by="tests/queue_server/store/test_statistics.py"
        "::test_what_has_turned_in_a_row_is_never_told_and_the_file_is_put_aside_with_what_to_do",
    ),
    Bug(
        was="A disk that failed while the slips of past days were forgotten went unnoticed.",
        trial="disk fails at the Nth call",
        seed=1060,
        # Those that strike a list that was there before (316 and more of them) do so where it is folded, or
        # shortly before or after: it depends on how far the life before it came before it was killed. 729
        # strikes the making of a new list, on which this place has no bearing, and has lost nothing again.
        also=(
            *(318, 320, 379, 396, 729, 816, 873, 902, 1035),
            *(1150, 1354, 1661, 1769, 1828, 1957, 2193, 2217),
        ),
        path="printers/store.py",
        here='        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()\n',
        instead="""\
        try:
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        except sqlite3.OperationalError:
            pass
""",
        pinned_by="tests/printers/test_store.py::test_a_disk_that_fails_while_a_day_is_forgotten_is_told_of",
    ),
    Bug(
        was="A terminal that said nothing any more stayed for twelve seconds.",
        trial="stuck terminals, quiet house",
        seed=0,
        path=SERVER,
        here="""\
PING_S = 4.0
\"""Between signs of life, and the time the other side has to answer one.\"""
CLOSE_TIMEOUT_S = 1.0
""",
        instead="PING_S = 5.0\nCLOSE_TIMEOUT_S = 2.0\n",
        pinned_by="tests/queue_server/test_letting_go.py::test_a_terminal_that_answers_no_ping_is_let_go_in_time",
    ),
    Bug(
        was="A line that filled up while a ping was under way stayed for both times, one after the other.",
        trial="stuck terminals, house that wakes",
        seed=0,
        path=SERVER,
        here="asyncio.timeout(_patience_s(connection))",
        instead="asyncio.timeout(SEND_TIMEOUT_S)",
        pinned_by="tests/queue_server/test_letting_go.py"
        "::test_a_frame_waits_no_longer_than_a_ping_that_is_not_answered_either",
    ),
    Bug(
        was="A terminal that took nothing stayed for ever in a house where nothing happened.",
        trial="stuck terminal, alone",
        seed=0,
        path=SERVER,
        here="socket.TCP_USER_TIMEOUT, int(UNREAD_TIMEOUT_S * 1000)",
        instead="socket.TCP_USER_TIMEOUT, 0",
        pinned_by="tests/queue_server/test_letting_go.py"
        "::test_the_kernel_itself_ends_the_line_of_a_terminal_that_takes_nothing",
    ),
)
