"""A few seeds of every run: the queue and its paper agree, whatever went wrong between them."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest
from chaos.__main__ import met_by, play_all
from chaos.plan import Kind, Stop
from chaos.queue_judge import Day, Found, too_early, violations
from chaos.queue_plan import Call, Ending, Midnight, queue_plan_of
from chaos.queue_slips import Piece, slip_text
from chaos.queue_stage import Trace, What, staged
from chaos.queue_world import play
from chaos.sometimes import QUEUE_BRANCHES, SEEDS_FOR_EVERYTHING, never_met
from msgspec.structs import replace
from support.centre import MORNING, small_centre

from printers.job import JobState
from protocol.envelope import TicketGiven
from protocol.views import PrintState, ReceptionView
from queue_server.answers import token_of
from queue_server.core.events import (
    AnyEvent,
    SlipReported,
    SlipRequested,
    TicketCancelled,
    TicketIssued,
    TicketReinstated,
)
from queue_server.core.views import reception_view
from queue_server.log_port import Record

SEEDS = range(30, 35)
"""Together they play every kind of fault, of stop and of ending, and midnight."""


async def test_five_seeds_of_the_queue_lose_nothing_and_repeat_nothing(tmp_path: Path) -> None:
    with staged():
        reports = await play_all(SEEDS, tmp_path, lambda _: None, play)
    failed = {f"make chaos FIRST={one.seed} SEEDS=1": one.violations for one in reports if one.violations}
    assert not failed
    met = met_by(reports)
    assert [kind for kind in Kind if not met[f"fault: {kind}"]] == []
    assert [how for how in Stop if not met[f"stop: {how}"]] == []
    deeds = [deed for seed in SEEDS for _, deed in queue_plan_of(seed).steps]
    assert {deed.ending for deed in deeds if isinstance(deed, Call)} == set(Ending)
    assert any(isinstance(deed, Midnight) for deed in deeds)


def test_a_seed_of_the_queue_is_one_plan() -> None:
    assert queue_plan_of(7) == queue_plan_of(7)
    assert queue_plan_of(7) != queue_plan_of(8)


def test_a_long_run_of_the_queue_that_misses_a_branch_says_which() -> None:
    met = dict.fromkeys(QUEUE_BRANCHES, 1)
    assert never_met(met, SEEDS_FOR_EVERYTHING, QUEUE_BRANCHES) == []
    met[QUEUE_BRANCHES[-1]] = 0
    assert never_met(met, SEEDS_FOR_EVERYTHING, QUEUE_BRANCHES) == [QUEUE_BRANCHES[-1]]


# -- the judge must see what it is there to see

YESTERDAY, TODAY = "2026-09-14", "2026-09-15"
SECRET = b"a day's own secret"
TOKEN = token_of(SECRET, "T001")
SLIP = slip_text((TODAY, "T001", 1), TOKEN)
COPY = slip_text((TODAY, "T001", 2), TOKEN)
VOID = "*** VOID / NON VALABLE ***"

ISSUED = TicketIssued(
    ticket="T001",
    number=1,
    field="training",
    languages=("fr",),
    screen_language="fr",
    ahead=0,
    kiosk="kiosk-1",
)
AGAIN = SlipRequested("T001", 2, "kiosk-1")
CANCELLED = TicketCancelled("T001")
BACK = TicketReinstated("T001")

BEGUN = Trace(What.BEGUN, TODAY)
DROPPED = Trace(What.DROPPED, TODAY, "T001")


def reported(outcome: PrintState, copy: int = 1) -> SlipReported:
    return SlipReported(ticket="T001", copy_number=copy, outcome=outcome, printer="printer-1")


def noted(what: What, copy: int = 1, state: JobState | None = None, day: str = TODAY) -> Trace:
    return Trace(what, day, "T001", copy, "printer-1", state)


def way(copy: int = 1, state: JobState = JobState.PRINTED) -> list[Trace]:
    return [noted(What.SUBMITTED, copy), noted(What.SENT, copy), noted(What.TOLD, copy, state)]


def day(name: str, events: Sequence[AnyEvent], at: datetime = MORNING) -> Day:
    records = [Record(at, "kiosk:kiosk-1", f"question-{n}", 0, event) for n, event in enumerate(events)]
    return Day(name, records, SECRET)


def given(ticket: str = "T001", token: str = TOKEN) -> TicketGiven:
    return TicketGiven(ticket=ticket, ahead=0, token=token, token_url=token, printer="printer-1")


def found(
    events: Sequence[AnyEvent],
    paper: Sequence[str],
    traces: Sequence[Trace],
    answers: dict[str, TicketGiven] | None = None,
) -> Found:
    return Found(
        days=[day(YESTERDAY, []), day(TODAY, events)],
        paper=[Piece("printer-1", text) for text in paper],
        traces=traces,
        given={"question-0": given()} if answers is None else answers,
    )


PRINTED: list[AnyEvent] = [ISSUED, reported(PrintState.PRINTED)]
UNKNOWN: list[AnyEvent] = [ISSUED, reported(PrintState.UNKNOWN)]
NOTED = [BEGUN, *way()]
OFFERED = [BEGUN, *way(state=JobState.OFFERED)]
COPIED: list[AnyEvent] = [*UNKNOWN, AGAIN, reported(PrintState.PRINTED, 2)]
ENDED: list[AnyEvent] = [ISSUED, CANCELLED, reported(PrintState.NONE)]
SUBMITTED = [BEGUN, noted(What.SUBMITTED)]
NOT_SENT = [*SUBMITTED, noted(What.TOLD, state=JobState.DROPPED), DROPPED]


def test_the_judge_lets_pass_what_is_right() -> None:
    assert violations(found(PRINTED, [SLIP], NOTED)) == []
    assert violations(found(PRINTED, [f"{SLIP}\n{VOID}", SLIP], NOTED)) == []
    assert violations(found(UNKNOWN, [SLIP], OFFERED)) == []
    assert violations(found(COPIED, [COPY], [*OFFERED, *way(2)])) == []
    assert violations(found(ENDED, [], NOT_SENT)) == []
    assert (
        violations(found([*ENDED, AGAIN, reported(PrintState.PRINTED, 2)], [COPY], NOT_SENT + way(2))) == []
    )
    assert violations(found([*ENDED, BACK], [SLIP], [*NOT_SENT, *way()])) == []


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (found(PRINTED, [SLIP, SLIP], NOTED), "came out 2 times"),
        (found(PRINTED, [SLIP, COPY], NOTED), "nobody asked for it"),
        (found(PRINTED, [], NOTED), "is on no paper"),
        (found(PRINTED, [f"{SLIP}\n{VOID}"], NOTED), "is on no paper"),
        (found(PRINTED, [SLIP[: -len("end of T001")]], NOTED), "is on no paper"),
        (found(COPIED, [COPY.replace("DUPLICATA", "")], [*OFFERED, *way(2)]), "is on no paper"),
        (found(PRINTED, [SLIP.replace(TOKEN, "ANOTHER")], NOTED), "a token that is not its own"),
        (found([*PRINTED, replace(ISSUED, ticket="T002")], [SLIP], NOTED), "the numbers of"),
        (found(PRINTED, [SLIP], NOTED, {"another question": given()}), "is not on disk"),
        (found(PRINTED, [SLIP], NOTED, {"question-0": given("T002", "ANOTHER")}), "is not on disk"),
        (found([ISSUED], [SLIP], NOTED), "waits for its slip for ever"),
        (found(UNKNOWN, [], OFFERED), "is waiting without any paper"),
        (found(PRINTED, [SLIP], NOTED[:-1]), "never came to an end"),
        (found(ENDED, [], NOT_SENT[:-1]), "the spooler was never told"),
        (found(ENDED, [SLIP], [BEGUN, DROPPED, *way()]), "was sent although nobody needed it"),
        (found([ISSUED, AGAIN, CANCELLED], [], [BEGUN, DROPPED, noted(What.SENT, 2)]), "nobody needed it"),
        (found(PRINTED, [SLIP], [*NOTED, noted(What.SENT, day=YESTERDAY)]), "was sent on 2026-09-15"),
        (found(PRINTED, [SLIP], way()), "the spooler was told of no day"),
    ],
)
def test_the_judge_sees_each_violation(found: Found, verdict: str) -> None:
    assert any(verdict in rule for rule in violations(found))


def seen(events: Sequence[AnyEvent]) -> ReceptionView:
    return reception_view(day(TODAY, events).queue, small_centre(desks=("1",)), MORNING, (), (), staff="host")


def test_the_judge_sees_what_is_shown_as_printed_before_it_is_on_paper() -> None:
    assert too_early(seen(PRINTED), [Piece("printer-1", SLIP)]) == []
    assert too_early(seen([ISSUED]), []) == []
    assert too_early(seen(PRINTED), [Piece("printer-1", SLIP[:-1])]) == [
        "T001 of 2026-09-15 was shown as printed before it was on paper"
    ]


def test_a_slip_of_the_queue_can_be_read_back_and_its_copies_say_so() -> None:
    assert Piece("printer-1", COPY).slips == (((TODAY, "T001", 2), TOKEN),)
    assert "DUPLICATA" in COPY
    assert "DUPLICATA" not in SLIP
