"""Decisions at a desk: sitting down, calling, serving, pausing, taking back, leaving."""

import pytest
from support.centre import ALL_ROUND, DUTCH, TRAINER, WORKER
from support.queue import RECEPTION, Hall, at_desk

from protocol import commands as c
from protocol.refusals import RefusalCode
from protocol.views import DeskState, Stage
from queue_server.core.views import board_view, counsellor_view

ONE, TWO, THREE = at_desk("1"), at_desk("2"), at_desk("3")


def test_a_desk_calls_whoever_waits_longest_among_its_fields_and_languages() -> None:
    hall = Hall()
    hall.issue("work", "fr")
    hall.issue("training", "en")
    expected = hall.issue("training", "nl")
    hall.issue("training", "fr")
    hall.sit("1", TRAINER)
    hall.ask(c.CallNext(), ONE)
    assert hall.ticket_at("1") == expected


def test_a_desk_for_which_nobody_waits_is_ready_and_gets_the_next_who_comes() -> None:
    hall = Hall()
    hall.sit("1", TRAINER, ready=True)
    assert hall.queue.desks["1"].state is DeskState.READY
    hall.issue("work")
    assert hall.ticket_at("1") is None
    code = hall.issue("training")
    assert hall.ticket_at("1") == code
    assert not hall.queue.ready


def test_asking_again_while_ready_changes_nothing() -> None:
    hall = Hall()
    hall.sit("1", TRAINER, ready=True)
    since = hall.queue.desks["1"].since
    hall.wait()
    assert hall.ask(c.CallNext(), ONE) == []
    assert hall.queue.desks["1"].since == since


def test_of_several_ready_desks_the_one_with_fewest_cells_gets_the_visitor() -> None:
    hall = Hall()
    hall.sit("1", ALL_ROUND, ready=True)
    hall.wait(10)
    hall.sit("2", TRAINER, ready=True)
    code = hall.issue("training")
    assert hall.ticket_at("2") == code


def test_of_ready_desks_with_equal_cells_the_one_longest_idle_gets_the_visitor() -> None:
    hall = Hall()
    hall.sit("2", DUTCH)
    hall.wait(5)
    hall.sit("1", TRAINER, ready=True)
    hall.wait(5)
    hall.ask(c.CallNext(), TWO)
    code = hall.issue("training", "nl")
    assert hall.ticket_at("2") == code, "idle since it sat down, although it said so later"


def test_a_chosen_ticket_is_called_out_of_order_and_the_log_says_so() -> None:
    hall = Hall()
    hall.issue()
    chosen = hall.issue()
    hall.sit()
    called = hall.ask(c.CallTicket(chosen), ONE)[0]
    assert hall.ticket_at("1") == chosen
    assert (called.how, called.reason) == ("chosen", "chosen")  # type: ignore[union-attr]


def test_a_chosen_ticket_must_be_one_the_desk_serves() -> None:
    hall = Hall()
    code = hall.issue("work")
    hall.sit("1", TRAINER)
    assert hall.refusal(c.CallTicket(code), ONE) is RefusalCode.DESK_NOT_COVERING
    assert hall.refusal(c.CallTicket("T999"), ONE) is RefusalCode.UNKNOWN_TICKET


def test_a_recall_rings_again_under_a_new_number() -> None:
    hall = Hall()
    code = hall.issue()
    hall.sit()
    hall.ask(c.CallNext(), ONE)
    hall.ask(c.Recall(code), ONE)
    hall.ask(c.Recall(code), RECEPTION)
    assert hall.calls() == [(1, code, "1"), (2, code, "1"), (3, code, "1")]
    board = board_view(hall.queue, hall.centre, hall.now)
    assert [(call.call, call.recall) for call in board.calls] == [(3, True), (2, True), (1, False)]
    assert hall.queue.tickets[code].placement.calls == 3
    assert hall.stage(code) is Stage.CALLED


def test_two_calls_in_one_instant_both_show_under_numbers_of_their_own() -> None:
    hall = Hall()
    first, second = hall.issue("training"), hall.issue("work")
    hall.sit("1", TRAINER)
    hall.sit("2", WORKER)
    hall.ask(c.CallNext(), ONE)
    hall.ask(c.CallNext(), TWO)
    board = board_view(hall.queue, hall.centre, hall.now)
    assert [(call.call, call.ticket, call.desk) for call in board.calls] == [
        (2, second, "2"),
        (1, first, "1"),
    ]
    assert len({call.at for call in board.calls}) == 1


def test_one_desk_has_one_visitor_at_a_time() -> None:
    hall = Hall()
    hall.issue()
    other = hall.issue()
    hall.sit()
    hall.ask(c.CallNext(), ONE)
    for command in (c.CallNext(), c.CallTicket(other), c.Pause(c.PauseReason.LUNCH), c.CloseDesk()):
        assert hall.refusal(command, ONE) is RefusalCode.DESK_BUSY


def test_two_desks_cannot_call_the_same_visitor() -> None:
    hall = Hall()
    code = hall.issue()
    hall.sit("1", ALL_ROUND)
    hall.sit("2", TRAINER)
    hall.ask(c.CallTicket(code), ONE)
    assert hall.refusal(c.CallTicket(code), TWO) is RefusalCode.WRONG_STAGE


@pytest.mark.parametrize("command", [c.Recall, c.StartServing, c.Finish, c.MarkNoShow, c.Park])
def test_a_counsellor_cannot_act_on_the_visitor_of_another_desk(
    command: type[c.Recall | c.StartServing | c.Finish | c.MarkNoShow | c.Park],
) -> None:
    hall = Hall()
    code = hall.issue()
    hall.sit("1", ALL_ROUND)
    hall.sit("2", TRAINER)
    hall.ask(c.CallNext(), ONE)
    assert hall.refusal(command(code), TWO) is RefusalCode.NOT_YOUR_TICKET


def test_a_parked_visitor_belongs_to_the_desk_and_is_called_back_by_it_alone() -> None:
    hall = Hall()
    code = hall.issue()
    hall.sit("1", ALL_ROUND)
    hall.sit("2", TRAINER)
    hall.serve("1", code)
    hall.ask(c.Park(code), ONE)
    assert hall.refusal(c.Unpark(code), TWO) is RefusalCode.NOT_YOUR_TICKET
    assert hall.refusal(c.CallTicket(code), TWO) is RefusalCode.WRONG_STAGE
    hall.ask(c.Unpark(code), ONE)
    assert hall.ticket_at("1") == code
    assert hall.calls()[-1] == (2, code, "1")


def test_a_desk_on_a_break_calls_nobody_and_is_given_nobody() -> None:
    hall = Hall()
    hall.sit("1", TRAINER, ready=True)
    hall.ask(c.Pause(c.PauseReason.LUNCH), ONE)
    code = hall.issue()
    assert hall.stage(code) is Stage.WAITING
    assert hall.refusal(c.CallNext(), ONE) is RefusalCode.DESK_PAUSED
    assert hall.refusal(c.Pause(c.PauseReason.LUNCH), ONE) is RefusalCode.DESK_PAUSED
    assert hall.queue.desks["1"].pause_reason == "lunch"
    hall.ask(c.Resume(), ONE)
    assert hall.queue.desks["1"].pause_reason == ""
    hall.ask(c.CallNext(), ONE)
    assert hall.ticket_at("1") == code
    assert hall.refusal(c.Resume(), ONE) is RefusalCode.DESK_BUSY


def test_a_desk_without_counsellor_does_nothing() -> None:
    hall = Hall()
    code = hall.issue()
    for command in (
        c.CallNext(),
        c.CallTicket(code),
        c.Unpark(code),
        c.Undo(),
        c.Pause(c.PauseReason.LUNCH),
        c.Resume(),
        c.CloseDesk(),
    ):
        assert hall.refusal(command, ONE) is RefusalCode.DESK_CLOSED


def test_one_counsellor_sits_at_one_desk_and_one_desk_has_one_counsellor() -> None:
    hall = Hall()
    hall.sit("1", TRAINER)
    assert hall.refusal(c.OpenDesk(TRAINER), ONE) is RefusalCode.ALREADY_OPEN
    assert hall.refusal(c.OpenDesk(WORKER), ONE) is RefusalCode.DESK_IN_USE
    assert hall.refusal(c.OpenDesk(TRAINER), TWO) is RefusalCode.COUNSELLOR_ELSEWHERE
    assert hall.refusal(c.OpenDesk("nobody"), TWO) is RefusalCode.UNKNOWN_COUNSELLOR
    assert hall.refusal(c.OpenDesk(WORKER), at_desk("99")) is RefusalCode.UNKNOWN_DESK
    hall.ask(c.CloseDesk(), ONE)
    hall.sit("2", TRAINER)


def test_whoever_was_parked_waits_again_in_the_old_place_when_the_counsellor_leaves() -> None:
    hall = Hall()
    parked, other = hall.issue(), hall.issue()
    hall.sit()
    hall.serve("1", parked)
    hall.ask(c.Park(parked), ONE)
    hall.ask(c.CloseDesk(), ONE)
    assert hall.order() == [parked, other]
    assert hall.queue.tickets[parked].placement.desk is None


def test_whoever_waits_for_one_desk_waits_for_all_that_serve_the_field_when_it_closes() -> None:
    hall = Hall()
    code = hall.issue("training")
    hall.sit("1", WORKER)
    hall.sit("2", TRAINER, ready=False)
    hall.ask(c.Transfer(ticket=code, desk="1"), RECEPTION)
    hall.ask(c.CallNext(), TWO)
    hall.ask(c.CloseDesk(), ONE)
    assert hall.ticket_at("2") == code, "the ready desk gets it"


def test_of_those_a_leaving_counsellor_left_the_one_who_waits_longest_goes_first() -> None:
    hall = Hall()
    old, young = hall.issue("training"), hall.issue("training")
    hall.sit("1", ALL_ROUND)
    for code in (young, old):
        hall.serve("1", code)
        hall.ask(c.Park(code), ONE)
    hall.sit("2", TRAINER, ready=True)
    hall.ask(c.CloseDesk(), ONE)
    assert hall.ticket_at("2") == old


def test_of_a_parked_and_a_waiting_visitor_left_behind_the_one_who_waits_longest_goes_first() -> None:
    hall = Hall()
    old, young = hall.issue("training"), hall.issue("training")
    hall.sit("1", ALL_ROUND)
    hall.serve("1", young)
    hall.ask(c.Park(young), ONE)
    hall.ask(c.Transfer(ticket=old, desk="1"), RECEPTION)
    hall.sit("2", TRAINER, ready=True)
    hall.ask(c.CloseDesk(), ONE)
    assert hall.ticket_at("2") == old


def test_a_leaving_desk_gets_nobody_back() -> None:
    hall = Hall()
    code = hall.issue("training")
    hall.sit("1", ALL_ROUND)
    hall.serve("1", code)
    hall.ask(c.Park(code), ONE)
    hall.ask(c.CallNext(), ONE)
    assert "1" in hall.queue.ready
    hall.ask(c.CloseDesk(), ONE)
    assert hall.stage(code) is Stage.WAITING
    assert hall.queue.desks["1"].state is DeskState.CLOSED


def test_a_visitor_missed_twice_stands_once_in_the_desks_list() -> None:
    hall = Hall()
    code = hall.issue()
    hall.sit()
    for _ in range(2):
        hall.ask(c.CallTicket(code), ONE)
        hall.ask(c.MarkNoShow(code), ONE)
        shown = counsellor_view(hall.queue, hall.centre, hall.now, "1", staff=ALL_ROUND).missed
        assert [ticket.ticket for ticket in shown] == [code]
        hall.ask(c.Reinstate(code), ONE)


def test_a_visitor_missed_elsewhere_since_leaves_the_list_of_the_first_desk() -> None:
    hall = Hall()
    code = hall.issue()
    hall.sit("1", ALL_ROUND)
    hall.sit("2", TRAINER)
    for desk in ("1", "2"):
        hall.ask(c.CallTicket(code), at_desk(desk))
        hall.ask(c.MarkNoShow(code), at_desk(desk))
        if desk == "1":
            hall.ask(c.Reinstate(code), RECEPTION)
    assert counsellor_view(hall.queue, hall.centre, hall.now, "1", staff=ALL_ROUND).missed == ()
    assert len(counsellor_view(hall.queue, hall.centre, hall.now, "2", staff=ALL_ROUND).missed) == 1


def test_a_counsellor_cannot_take_a_visitor_parked_at_another_desk_away_from_it() -> None:
    hall = Hall()
    code = hall.issue()
    hall.sit("1", ALL_ROUND)
    hall.sit("2", TRAINER)
    hall.serve("1", code)
    hall.ask(c.Park(code), ONE)
    assert hall.refusal(c.Reinstate(code), TWO) is RefusalCode.NOT_YOUR_TICKET


def test_a_counsellor_cannot_send_on_a_visitor_who_waits_for_another_desk() -> None:
    hall = Hall()
    code = hall.issue()
    hall.sit("1", ALL_ROUND)
    hall.sit("2", TRAINER)
    hall.ask(c.Transfer(ticket=code, desk="1"), RECEPTION)
    assert hall.refusal(c.Transfer(ticket=code, desk="2"), TWO) is RefusalCode.NOT_YOUR_TICKET
