"""How long visitors take the desks, as the events of a day tell it."""

from support.centre import ALL_ROUND
from support.queue import RECEPTION, Hall, at_desk, snapshot

from protocol import commands as c

DESK = at_desk("1")


def ended(hall: Hall) -> list[tuple[str, str, float]]:
    """Field, language, minutes of each cycle that has ended; a replay gives the same."""
    assert snapshot(hall.replayed()) == snapshot(hall.queue)
    return [(one.field, one.language, one.lasted_s / 60) for one in hall.queue.cycles.ended]


def served(hall: Hall, minutes: float, field: str = "training", *languages: str) -> str:
    """A visitor who was called two minutes before the conversation of so many minutes."""
    code = hall.issue(field, *languages)
    hall.ask(c.CallTicket(code), DESK)
    hall.wait(2)
    hall.ask(c.StartServing(code), DESK)
    hall.wait(minutes)
    return code


def test_a_cycle_lasts_from_the_call_to_the_next_call() -> None:
    hall = Hall()
    hall.sit()
    hall.ask(c.Finish(served(hall, 20, "work", "nl")), DESK)
    hall.issue()
    hall.wait(3)
    hall.ask(c.CallNext(), DESK)
    assert ended(hall) == [("work", "nl", 2 + 20 + 1 + 3)]


def test_a_counsellor_who_waits_for_whoever_comes_has_ended_the_cycle() -> None:
    hall = Hall()
    hall.sit()
    hall.ask(c.Finish(served(hall, 20)), DESK)
    hall.wait(4)
    hall.ask(c.CallNext(), DESK)
    hall.wait(60)
    hall.issue()
    assert ended(hall) == [("training", "fr", 26)]


def test_a_pause_ends_the_cycle_and_is_no_part_of_it() -> None:
    hall = Hall()
    hall.sit()
    hall.ask(c.Finish(served(hall, 20)), DESK)
    hall.wait(1)
    hall.ask(c.Pause(c.PauseReason.SHORT_BREAK), DESK)
    hall.wait(45)
    hall.ask(c.Resume(), DESK)
    assert ended(hall) == [("training", "fr", 23)]


def test_whoever_does_nothing_for_long_after_a_visitor_is_not_counted_as_writing() -> None:
    hall = Hall()
    hall.sit()
    hall.ask(c.Finish(served(hall, 20)), DESK)
    hall.wait(90)
    hall.ask(c.CloseDesk(), DESK)
    assert ended(hall) == [("training", "fr", 22 + 10)]


def test_a_visitor_who_never_came_is_a_short_cycle() -> None:
    hall = Hall()
    hall.sit()
    code = hall.issue()
    hall.ask(c.CallNext(), DESK)
    hall.wait(3)
    hall.ask(c.MarkNoShow(code), DESK)
    hall.ask(c.CallNext(), DESK)
    assert ended(hall) == [("training", "fr", 3)]


def test_a_visitor_cancelled_at_reception_has_left_the_desk() -> None:
    hall = Hall()
    hall.sit()
    code = hall.issue()
    hall.ask(c.CallNext(), DESK)
    hall.wait(4)
    hall.ask(c.Cancel(code), RECEPTION)
    hall.wait(30)
    hall.ask(c.CallNext(), DESK)
    assert ended(hall) == [("training", "fr", 14)]


def test_a_call_that_was_taken_back_is_no_cycle() -> None:
    hall = Hall()
    hall.sit()
    hall.issue()
    hall.ask(c.CallNext(), DESK)
    hall.wait(1)
    hall.ask(c.Undo(), DESK)
    hall.wait(30)
    hall.ask(c.Pause(c.PauseReason.SHORT_BREAK), DESK)
    assert ended(hall) == []


def test_an_end_that_was_taken_back_goes_on() -> None:
    hall = Hall()
    hall.sit()
    code = served(hall, 20)
    hall.ask(c.Finish(code), DESK)
    hall.wait(2)
    hall.ask(c.Undo(), DESK)
    hall.wait(8)
    hall.ask(c.Finish(code), DESK)
    hall.ask(c.CloseDesk(), DESK)
    assert ended(hall) == [("training", "fr", 32)]


def test_whoever_speaks_several_languages_is_served_in_the_first_that_the_desk_has() -> None:
    hall = Hall()
    hall.sit("1", ALL_ROUND)
    hall.ask(c.NarrowDesk(languages=("nl", "en")), DESK)
    hall.ask(c.Finish(served(hall, 1, "work", "fr", "en", "nl")), DESK)
    hall.ask(c.CloseDesk(), DESK)
    assert ended(hall) == [("work", "en", 3)]
