"""A desk takes back its last action, and everything is as it was."""

import pytest
from support.centre import ALL_ROUND, TRAINER
from support.queue import RECEPTION, Hall, at_desk

from protocol import commands as c
from protocol.refusals import RefusalCode
from protocol.views import Stage
from queue_server.core.views import board_view

ONE, TWO = at_desk("1"), at_desk("2")


@pytest.mark.parametrize(
    "action", [c.StartServing, c.Finish, c.MarkNoShow, c.Park, "call", "transfer", "unpark"]
)
def test_undo_puts_the_visitor_back_exactly_where_the_action_found_them(
    action: type[c.StartServing | c.Finish | c.MarkNoShow | c.Park] | str,
) -> None:
    hall = Hall()
    code = hall.issue()
    hall.issue()
    hall.sit()
    if action != "call":
        hall.ask(c.CallNext(), ONE)
    if action == "unpark":
        hall.ask(c.Park(code), ONE)
    before = hall.queue.tickets[code].placement
    order = hall.order()
    hall.wait()
    if action == "call":
        hall.ask(c.CallNext(), ONE)
    elif action == "transfer":
        hall.ask(c.Transfer(ticket=code, field="work", languages=("nl",)), ONE)
    elif action == "unpark":
        hall.ask(c.Unpark(code), ONE)
    elif not isinstance(action, str):
        hall.ask(action(code), ONE)
    assert hall.queue.tickets[code].placement != before
    hall.wait()
    hall.ask(c.Undo(), ONE)
    assert hall.queue.tickets[code].placement == before
    assert hall.order() == order
    assert hall.ticket_at("1") == (None if action in {"call", "unpark"} else code)
    assert hall.refusal(c.Undo(), ONE) is RefusalCode.NOTHING_TO_UNDO


def test_undoing_a_call_withdraws_it_and_its_recalls_from_the_board() -> None:
    hall = Hall()
    code = hall.issue()
    hall.sit()
    hall.ask(c.CallNext(), ONE)
    hall.ask(c.Recall(code), ONE)
    hall.ask(c.Undo(), ONE)
    board = board_view(hall.queue, hall.centre, hall.now)
    assert [(call.call, call.withdrawn) for call in board.calls] == [(2, True), (1, True)]


def test_an_undone_call_gives_the_visitor_to_a_ready_desk() -> None:
    hall = Hall()
    code = hall.issue()
    hall.sit("1", ALL_ROUND)
    hall.ask(c.CallNext(), ONE)
    hall.sit("2", TRAINER, ready=True)
    hall.ask(c.Undo(), ONE)
    assert hall.ticket_at("2") == code
    assert hall.calls()[-1] == (2, code, "2")


def test_undo_is_too_late_once_the_ticket_has_moved_on() -> None:
    hall = Hall()
    code = hall.issue()
    hall.sit("1", ALL_ROUND)
    hall.sit("2", TRAINER)
    hall.ask(c.CallNext(), ONE)
    hall.ask(c.Transfer(ticket=code, field="training"), ONE)
    hall.ask(c.CallTicket(code), TWO)
    assert hall.refusal(c.Undo(), ONE) is RefusalCode.UNDO_TOO_LATE


def test_undo_is_too_late_when_the_ticket_was_missed_at_another_desk_and_waits_again() -> None:
    hall = Hall()
    code = hall.issue()
    hall.sit("1", ALL_ROUND)
    hall.sit("2", TRAINER)
    hall.serve("1", code)
    hall.ask(c.Transfer(ticket=code, field="training"), ONE)
    hall.ask(c.CallTicket(code), TWO)
    hall.ask(c.MarkNoShow(code), TWO)
    hall.ask(c.Reinstate(code), TWO)
    assert hall.refusal(c.Undo(), ONE) is RefusalCode.UNDO_TOO_LATE


def test_undo_is_too_late_when_reception_has_sent_the_ticket_to_other_languages_since() -> None:
    hall = Hall()
    code = hall.issue()
    hall.sit("1", ALL_ROUND)
    hall.serve("1", code)
    hall.ask(c.Transfer(ticket=code, field="work"), ONE)
    hall.ask(c.Transfer(ticket=code, languages=("nl",)), RECEPTION)
    assert hall.refusal(c.Undo(), ONE) is RefusalCode.UNDO_TOO_LATE


def test_undo_is_too_late_when_the_desk_has_the_next_visitor() -> None:
    hall = Hall()
    first = hall.issue()
    hall.issue()
    hall.sit()
    hall.serve("1", first)
    hall.ask(c.Finish(first), ONE)
    hall.ask(c.CallNext(), ONE)
    hall.ask(c.Undo(), ONE)
    assert hall.stage(first) is Stage.FINISHED, "the last action was the call, and that one is undone"
    assert hall.refusal(c.Undo(), ONE) is RefusalCode.NOTHING_TO_UNDO
