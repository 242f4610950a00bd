"""Decisions about the day: opening, closing, hours, the message, the end."""

from datetime import datetime

import pytest
from msgspec.structs import replace
from support.centre import ALL_ROUND, ZONE, small_centre
from support.queue import KIOSK, RECEPTION, Hall, at_desk

from config.roster import WEEKDAYS, Holiday, Roster
from protocol import commands as c
from protocol.refusals import RefusalCode
from protocol.views import Stage
from queue_server.core.events import DayClosed, DayOpened
from queue_server.core.housekeeping import EndDay
from queue_server.core.views import counsellor_view


def _at(hour: int, minute: int = 0, day: int = 15) -> datetime:
    return datetime(2026, 9, day, hour, minute, tzinfo=ZONE)


def _hall(hour: int, minute: int = 0, day: int = 15) -> Hall:
    hall = Hall(is_open=False)
    hall.now = _at(hour, minute, day)
    return hall


def test_the_day_opens_and_closes_once() -> None:
    hall = Hall(is_open=False)
    assert hall.refusal(c.CloseDay(), RECEPTION) is RefusalCode.ALREADY_CLOSED
    hall.ask(c.OpenDay(), RECEPTION)
    assert hall.refusal(c.OpenDay(), RECEPTION) is RefusalCode.ALREADY_OPEN
    hall.ask(c.CloseDay(), RECEPTION)
    hall.ask(c.OpenDay(), RECEPTION)
    assert hall.queue.open


def test_a_field_opens_and_closes_once() -> None:
    hall = Hall()
    assert hall.refusal(c.OpenField("work"), RECEPTION) is RefusalCode.ALREADY_OPEN
    hall.ask(c.CloseField("work"), RECEPTION)
    assert hall.refusal(c.CloseField("work"), RECEPTION) is RefusalCode.ALREADY_CLOSED
    assert hall.refusal(c.CloseField("cookery"), RECEPTION) is RefusalCode.UNKNOWN_FIELD


@pytest.mark.parametrize(("hour", "is_open"), [(9, False), (10, True), (16, True), (17, False), (23, False)])
def test_the_day_opens_by_itself_within_its_hours_alone(hour: int, is_open: bool) -> None:
    hall = _hall(hour)
    hall.tick()
    assert hall.queue.open is is_open


def test_the_day_closes_by_itself_and_whoever_waits_is_still_served() -> None:
    hall = _hall(16, 50)
    hall.tick()
    code = hall.issue()
    hall.wait(15)
    hall.tick()
    assert not hall.queue.open
    hall.sit()
    hall.ask(c.CallNext(), at_desk("1"))
    assert hall.ticket_at("1") == code


def test_what_reception_closed_early_stays_closed() -> None:
    hall = _hall(10)
    hall.tick()
    hall.ask(c.CloseDay(), RECEPTION)
    hall.wait(5)
    assert hall.tick() == []


def test_what_reception_opens_after_hours_stays_open() -> None:
    hall = _hall(18)
    hall.ask(c.OpenDay(), RECEPTION)
    hall.wait(5)
    assert hall.tick() == []


def test_a_day_without_hours_stays_closed() -> None:
    hall = _hall(11, day=19)
    assert hall.tick() == []


def test_a_holiday_stays_closed_and_reception_can_open_it_all_the_same() -> None:
    hall = _hall(11)
    hall.roster = Roster((Holiday(day="2026-09-15"),))
    assert hall.tick() == []
    hall.ask(c.OpenDay(), RECEPTION)
    hall.now = _at(17)
    assert hall.tick() == []
    assert hall.queue.open


@pytest.mark.parametrize("date", [(2026, 3, 29), (2026, 10, 25), (2026, 9, 15)])
def test_opening_hours_are_those_of_the_wall_clock_on_the_days_the_clocks_change(
    date: tuple[int, int, int],
) -> None:
    centre = small_centre()
    hall = Hall(replace(centre, hours=dict.fromkeys(WEEKDAYS, centre.hours["monday"])), is_open=False)
    hall.now = datetime(*date, 9, 29, tzinfo=ZONE)
    hall.queue = hall.fresh()
    assert hall.tick() == []
    hall.wait(1)
    assert hall.tick() == [DayOpened()]
    hall.now = datetime(*date, 17, 0, tzinfo=ZONE)
    assert hall.tick() == [DayClosed()]


def test_the_message_is_shown_until_it_is_cleared() -> None:
    hall = Hall()
    hall.ask(c.PostMessage({"fr": "Fermé à 16 h", "nl": " "}), RECEPTION)
    assert hall.queue.message == {"fr": "Fermé à 16 h"}
    assert hall.refusal(c.PostMessage({"xx": "?"}), RECEPTION) is RefusalCode.UNKNOWN_LANGUAGE
    hall.ask(c.PostMessage({}), RECEPTION)
    assert hall.queue.message == {}


def test_a_message_that_stands_at_closing_goes_with_the_last_visitor_and_a_later_one_stays() -> None:
    hall = Hall()
    hall.sit()
    code = hall.issue()
    hall.ask(c.PostMessage({"fr": "Atelier à 14 h"}), RECEPTION)
    hall.ask(c.CloseDay(), RECEPTION)
    hall.tick()
    hall.ask(c.CallNext(), at_desk("1"))
    hall.tick()
    assert hall.queue.message == {"fr": "Atelier à 14 h"}
    hall.ask(c.Finish(code), at_desk("1"))
    hall.tick()
    assert hall.queue.message == {}
    hall.ask(c.PostMessage({"fr": "Demain fermé"}), RECEPTION)
    hall.tick()
    assert hall.queue.message == {"fr": "Demain fermé"}


def test_a_message_stays_in_a_hall_that_empties_while_it_is_open_or_opened_again() -> None:
    hall = Hall()
    hall.ask(c.PostMessage({"fr": "Atelier à 14 h"}), RECEPTION)
    hall.tick()
    hall.ask(c.CloseDay(), RECEPTION)
    hall.ask(c.OpenDay(), RECEPTION)
    hall.tick()
    assert hall.queue.message == {"fr": "Atelier à 14 h"}


def test_no_message_outlives_the_end_of_the_day() -> None:
    hall = Hall()
    hall.ask(c.CloseDay(), RECEPTION)
    hall.ask(c.PostMessage({"fr": "Demain fermé"}), RECEPTION)
    hall.ask(c.EndDay(), RECEPTION)
    assert hall.queue.message == {}


def test_the_end_of_the_day_brings_every_ticket_to_its_end_and_empties_the_desks() -> None:
    hall = Hall()
    codes = [hall.issue() for _ in range(6)]
    waiting, called, serving, parked, missed, cancelled = codes
    hall.sit("1", ALL_ROUND)
    hall.serve("1", parked)
    hall.ask(c.Park(parked), at_desk("1"))
    hall.ask(c.CallTicket(missed), at_desk("1"))
    hall.ask(c.MarkNoShow(missed), at_desk("1"))
    hall.ask(c.Cancel(cancelled), RECEPTION)
    hall.serve("1", serving)
    hall.sit("2", "staff-tr")
    hall.ask(c.CallTicket(called), at_desk("2"))
    hall.keep_house(EndDay())
    assert {code: hall.stage(code) for code in codes} == {
        waiting: Stage.CANCELLED,
        called: Stage.CANCELLED,
        serving: Stage.FINISHED,
        parked: Stage.CANCELLED,
        missed: Stage.NO_SHOW,
        cancelled: Stage.CANCELLED,
    }
    assert not hall.queue.counsellors
    assert hall.refusal(c.OpenDay(), RECEPTION) is RefusalCode.DAY_OVER
    assert hall.keep_house(EndDay()) == []


def test_reception_ends_everything_once_no_more_tickets_are_given() -> None:
    hall = _hall(10)
    hall.tick()
    assert hall.refusal(c.EndDay(), RECEPTION) is RefusalCode.STILL_OPEN
    hall.ask(c.IssueTicket(field="training", languages=("fr",), screen_language="fr"), KIOSK)
    hall.ask(c.CloseDay(), RECEPTION)
    hall.ask(c.EndDay(), RECEPTION)
    assert [ticket.placement.stage for ticket in hall.queue.tickets.values()] == [Stage.CANCELLED]
    assert hall.queue.ended
    assert hall.refusal(c.OpenDay(), RECEPTION) is RefusalCode.DAY_OVER
    assert hall.keep_house(EndDay()) == []


def test_a_desk_sees_that_the_day_has_ended() -> None:
    hall = Hall()
    assert not counsellor_view(hall.queue, hall.centre, hall.now, "1", staff=ALL_ROUND).over
    hall.keep_house(EndDay())
    assert counsellor_view(hall.queue, hall.centre, hall.now, "1", staff=ALL_ROUND).over
