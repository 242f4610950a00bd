"""A visitor put aside is not forgotten: the desk says when it wants to be reminded."""

from datetime import timedelta

from support.centre import ALL_ROUND
from support.queue import RECEPTION, Hall, at_desk

from protocol import commands as c
from protocol.views import StaffTicket
from queue_server.core.views import counsellor_view, reception_view

ONE = at_desk("1")


def parked(hall: Hall) -> tuple[StaffTicket, ...]:
    """Whom desk 1 has put aside."""
    return counsellor_view(hall.queue, hall.centre, hall.now, "1", staff=ALL_ROUND).parked


def aside(hall: Hall, *reminders: int | None) -> list[str]:
    """Visitors put aside one after the other, with these reminders."""
    codes = []
    for minutes in reminders:
        codes.append(hall.issue())
        hall.serve("1", codes[-1])
        hall.ask(c.Park(codes[-1], minutes), ONE)
    return codes


def test_a_reminder_is_so_many_minutes_after_the_visitor_was_put_aside_and_reception_sees_it_too() -> None:
    hall = Hall()
    hall.sit()
    (code,) = aside(hall, 10)
    due = hall.now + timedelta(minutes=10)
    hall.wait(30)
    assert [(one.ticket, one.remind_at) for one in parked(hall)] == [(code, due)]
    seen = reception_view(hall.queue, hall.centre, hall.now, (), (), staff="host").aside
    assert [one.remind_at for one in seen] == [due]


def test_the_soonest_reminder_comes_first_and_without_one_who_was_put_aside_first() -> None:
    hall = Hall()
    hall.sit()
    codes = aside(hall, None, 30, None, 10)
    assert [one.ticket for one in parked(hall)] == [codes[3], codes[1], codes[0], codes[2]]


def test_whoever_is_called_back_or_waits_again_is_no_longer_to_be_reminded_of() -> None:
    hall = Hall()
    hall.sit()
    back, waits, sent = aside(hall, 5, 5, 5)
    hall.ask(c.Transfer(ticket=sent, field="work"), RECEPTION)
    hall.ask(c.Reinstate(waits), ONE)
    hall.ask(c.Unpark(back), ONE)
    assert [hall.queue.tickets[code].placement.remind_at for code in (back, waits, sent)] == [None] * 3
    hall.ask(c.Park(back), ONE)
    assert parked(hall)[0].remind_at is None


def test_undo_takes_the_reminder_away_with_the_park_and_brings_it_back_with_the_call() -> None:
    hall = Hall()
    hall.sit()
    (code,) = aside(hall, 15)
    due = parked(hall)[0].remind_at
    assert due is not None
    hall.ask(c.Unpark(code), ONE)
    hall.ask(c.Undo(), ONE)
    assert parked(hall)[0].remind_at == due
    hall.ask(c.Unpark(code), ONE)
    hall.ask(c.Park(code, 5), ONE)
    hall.ask(c.Undo(), ONE)
    assert hall.queue.tickets[code].placement.remind_at is None
    assert hall.ticket_at("1") == code


def test_a_recall_says_when_it_rang_last_and_when_the_visitor_was_called_first() -> None:
    hall = Hall()
    hall.sit()
    code = hall.issue()
    hall.ask(c.CallNext(), ONE)
    called_at = hall.now
    placed = hall.queue.tickets[code].placement
    assert (placed.called_at, placed.rung_at) == (called_at, called_at)
    hall.wait(2)
    hall.ask(c.Recall(code), ONE)
    seen = counsellor_view(hall.queue, hall.centre, hall.now, "1", staff=ALL_ROUND).current
    assert seen is not None
    assert (seen.called_at, seen.rung_at, seen.calls) == (called_at, hall.now, 2)
