from typing import Any

import pytest
from msgspec.structs import replace

from protocol.views import PrintState, Stage
from walkin.day.audit import Announcement, DeskCall, Evidence, Given, audit


def a_good_day(**changes: Any) -> Evidence:
    """Three visitors: one served after a recall, one gone, one served elsewhere."""
    good = Evidence(
        own=True,
        shared_series=False,
        given=(
            Given("K001", "T1", "printer-1"),
            Given("K002", "T2", "printer-1"),
            Given("M001", "T3", None),
        ),
        paper=("T1", "T2"),
        slips={"K001": PrintState.PRINTED, "K002": PrintState.PRINTED},
        stages={"K001": Stage.FINISHED, "K002": Stage.NO_SHOW, "M001": Stage.FINISHED},
        finished={"K001": 1, "M001": 1},
        desk_calls=(
            DeskCall("3", "K001"),
            DeskCall("3", "K001", recall=True),
            DeskCall("4", "K002"),
            DeskCall("4", "M001"),
        ),
        announcements=(
            Announcement(1, "3", "K001"),
            Announcement(2, "3", "K001", recall=True),
            Announcement(3, "4", "K002"),
            Announcement(4, "4", "M001"),
        ),
    )
    return replace(good, **changes)


GOOD = a_good_day()


def told(**changes: Any) -> str:
    """All differences, with ordinary spaces."""
    found = audit(a_good_day(**changes))
    assert not found.ok
    return "\n".join(found.differences).replace("\N{NO-BREAK SPACE}", " ")


def test_a_good_day_has_no_difference() -> None:
    assert audit(GOOD).ok


def test_a_lost_slip_is_found() -> None:
    assert told(paper=("T2",)) == "the slip of K 001 is not on paper (the server says: printed)"


def test_a_double_slip_is_found() -> None:
    assert told(paper=("T1", "T2", "T2")) == "the slip of K 002 is on paper 2 times"


def test_a_slip_that_belongs_to_no_ticket_is_found() -> None:
    assert told(paper=("T1", "T2", "T9")) == "1 slips on paper say 'T9', which no ticket given here does"


def test_a_slip_of_a_ticket_without_printer_is_found() -> None:
    assert told(paper=("T1", "T2", "T3")) == "M 001 has no printer, but 1 slips are on paper"


@pytest.mark.parametrize("state", [state for state in PrintState if state is not PrintState.PRINTED])
def test_without_paper_the_print_state_counts(state: PrintState) -> None:
    assert audit(a_good_day(paper=None)).ok
    slips = {"K001": PrintState.PRINTED, "K002": state}
    assert told(paper=None, slips=slips) == f"the slip of K 002 is not printed: {state}"


def test_a_gap_in_the_numbers_is_found() -> None:
    assert "number K 002 is missing" in told(
        given=(GOOD.given[0], Given("K003", "T2", "printer-1"), GOOD.given[2]),
        stages={"K001": Stage.FINISHED, "K003": Stage.NO_SHOW, "M001": Stage.FINISHED},
    )


def test_a_series_that_does_not_begin_at_one_is_found() -> None:
    stages = {"K001": Stage.FINISHED, "K002": Stage.NO_SHOW, "M002": Stage.FINISHED}
    differences = told(given=(*GOOD.given[:2], Given("M002", "T3", None)), stages=stages)
    assert "number M 001 is missing" in differences


def test_a_ticket_that_reception_never_saw_is_found() -> None:
    stages = {"K001": Stage.FINISHED, "M001": Stage.FINISHED}
    assert told(stages=stages) == "K 002 was given, but reception never saw it"


def test_a_number_given_twice_is_found() -> None:
    assert told(given=(*GOOD.given, Given("K002", "T2", "printer-1"))) == "K 002 was given 2 times"


def test_a_shared_number_with_two_letters_is_found() -> None:
    assert "number 001 was given with 2 letters" in told(shared_series=True)


def test_a_ticket_that_nobody_was_given_is_found() -> None:
    assert (
        told(stages={**GOOD.stages, "M002": Stage.FINISHED})
        == "M 002 is in the queue, but nobody was given it"
    )


@pytest.mark.parametrize("stage", [Stage.WAITING, Stage.CALLED, Stage.SERVING, Stage.PARKED])
def test_a_ticket_that_has_not_ended_is_found(stage: Stage) -> None:
    stages = {**GOOD.stages, "K001": stage}
    assert told(stages=stages) == f"K 001 has not ended: it is {stage}"


@pytest.mark.parametrize("times", [0, 2])
def test_a_ticket_that_was_not_finished_once_is_found(times: int) -> None:
    finished = {"K001": times, "M001": 1}
    assert told(finished=finished) == f"K 001 ended as finished, and desks finished it {times} times"


def test_a_no_show_that_a_desk_finished_is_found() -> None:
    assert (
        told(finished={"K001": 1, "K002": 1, "M001": 1})
        == "K 002 ended as no_show, and desks finished it 1 times"
    )


def test_a_call_that_was_not_announced_is_found() -> None:
    assert told(announcements=GOOD.announcements[:3]) == "a call of M 001 to desk 4 was not announced"


def test_a_recall_that_was_not_announced_is_found() -> None:
    silent = (GOOD.announcements[0], *GOOD.announcements[2:])
    differences = told(announcements=silent).splitlines()
    assert differences == [
        "a recall of K 001 to desk 3 was not announced",
        "call number 2 was never announced",
    ]


def test_a_call_announced_twice_is_found() -> None:
    assert told(announcements=(*GOOD.announcements, GOOD.announcements[3])) == "call 4 was announced 2 times"


def test_an_announcement_that_no_desk_made_is_found() -> None:
    extra = (*GOOD.announcements, Announcement(5, "4", "K002"))
    assert told(announcements=extra) == "a call of K 002 to desk 4 was announced, but not made"


def test_a_call_announced_for_another_desk_is_found() -> None:
    elsewhere = (*GOOD.announcements[:3], Announcement(4, "5", "M001"))
    assert told(announcements=elsewhere).splitlines() == [
        "a call of M 001 to desk 4 was not announced",
        "a call of M 001 to desk 5 was announced, but not made",
    ]


def test_what_the_day_did_not_foresee_is_a_difference() -> None:
    assert told(surprises=("Finish at desk-3 was refused",)) == "Finish at desk-3 was refused"


def test_tickets_and_calls_of_others_do_not_count_on_a_server_that_ran_before() -> None:
    shared = a_good_day(
        own=False,
        paper=None,
        given=(Given("K011", "T1", "printer-1"), Given("K013", "T2", "printer-1")),
        slips={"K011": PrintState.PRINTED, "K012": PrintState.FAILED, "K013": PrintState.PRINTED},
        stages={"K011": Stage.FINISHED, "K012": Stage.WAITING, "K013": Stage.NO_SHOW},
        finished={"K011": 1},
        desk_calls=(DeskCall("3", "K011"), DeskCall("3", "K002"), DeskCall("4", "K013")),
        announcements=(
            Announcement(7, "3", "K011"),
            Announcement(8, "9", "K001"),
            Announcement(9, "4", "K013"),
        ),
    )
    assert audit(shared).ok
