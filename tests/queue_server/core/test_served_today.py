"""Fields and languages of the day: a counsellor serves fewer than the configuration says, never more."""

import pytest
from support.centre import ALL_ROUND, TRAINER, WORKER
from support.queue import KIOSK, Hall, at_desk

from protocol import commands as c
from protocol.refusals import RefusalCode
from protocol.views import DeskState
from queue_server.core.policy import Actor
from queue_server.core.views import counsellor_view, kiosk_view

ONE, TWO = at_desk("1"), at_desk("2")
FEWER = c.OpenDesk(ALL_ROUND, ("work",), ("nl", "fr"))


def served(hall: Hall, field: str) -> tuple[str, ...]:
    """What a kiosk says of this field."""
    view = kiosk_view(hall.queue, hall.centre, hall.now, KIOSK.device, None)
    return next(seen.served for seen in view.fields if seen.field == field)


def test_who_names_nothing_serves_all_that_the_configuration_says() -> None:
    hall = Hall()
    hall.ask(c.OpenDesk(TRAINER), ONE)
    assert hall.queue.desks["1"].fields == ("training",)
    assert hall.queue.desks["1"].languages == ("fr", "nl")


def test_a_desk_opened_for_fewer_calls_nobody_else_and_no_kiosk_promises_more() -> None:
    hall = Hall()
    hall.issue("training", "fr")
    hall.issue("work", "en")
    mine = hall.issue("work", "fr")
    hall.ask(FEWER, ONE)
    assert hall.queue.desks["1"].languages == ("fr", "nl"), "in the order of the configuration"
    assert served(hall, "work") == ("fr", "nl")
    assert served(hall, "training") == ()
    hall.ask(c.CallNext(), ONE)
    assert hall.ticket_at("1") == mine


@pytest.mark.parametrize(
    "beyond",
    [("training", "fr"), ("work", "nl"), ("nowhere", "fr")],
)
def test_nobody_can_serve_more_than_the_configuration_says(beyond: tuple[str, str]) -> None:
    hall = Hall()
    fields, languages = (beyond[0],), (beyond[1],)
    opening = c.OpenDesk(WORKER, fields, languages)
    assert hall.refusal(opening, ONE) is RefusalCode.BEYOND_PROFILE
    hall.sit("1", WORKER)
    assert hall.refusal(c.NarrowDesk(fields, languages), ONE) is RefusalCode.BEYOND_PROFILE


def test_another_choice_in_the_middle_of_a_conversation_leaves_the_visitor_where_he_is() -> None:
    hall = Hall()
    code = hall.issue("work")
    hall.sit()
    hall.serve("1", code)
    since = hall.queue.desks["1"].since
    hall.ask(c.NarrowDesk(("training",)), ONE)
    desk = hall.queue.desks["1"]
    assert (desk.ticket, desk.state, desk.since) == (code, DeskState.SERVING, since)
    assert (desk.fields, desk.languages) == (("training",), ("fr", "nl", "en"))
    assert served(hall, "work") == ()


def test_a_ready_desk_that_serves_more_again_gets_who_waits_longest() -> None:
    hall = Hall()
    hall.ask(FEWER, ONE)
    hall.ask(c.CallNext(), ONE)
    first = hall.issue("training")
    hall.issue("training")
    assert hall.ticket_at("1") is None
    called = hall.ask(c.NarrowDesk(), ONE)[-1]
    assert hall.ticket_at("1") == first
    assert called.how == "assigned"  # type: ignore[union-attr]


def test_a_ready_desk_keeps_its_turn_when_it_serves_something_else() -> None:
    hall = Hall()
    hall.sit("1", ALL_ROUND, ready=True)
    since = hall.queue.ready["1"]
    hall.wait(5)
    hall.ask(c.NarrowDesk(("work",)), ONE)
    assert hall.queue.ready == {"1": since}
    hall.issue("training")
    assert hall.ticket_at("1") is None


def test_the_same_choice_again_is_nothing() -> None:
    hall = Hall()
    hall.sit()
    assert hall.ask(c.NarrowDesk(), ONE) == []


def test_people_whom_this_desk_serves_no_more_are_before_nobody_at_the_kiosk() -> None:
    def before(language: str) -> int:
        view = kiosk_view(hall.queue, hall.centre, hall.now, KIOSK.device, None)
        return view.fields[0].waiting[language]

    hall = Hall()
    hall.sit()
    hall.issue("training", "nl")
    assert before("fr") == 1, "a counsellor of both languages calls whoever came first"
    hall.ask(c.NarrowDesk(languages=("fr",)), ONE)
    assert before("fr") == 0


def test_who_was_sent_to_one_desk_waits_for_it_whatever_it_serves() -> None:
    hall = Hall()
    code = hall.issue("training")
    hall.ask(FEWER, ONE)
    hall.sit("2", TRAINER)
    hall.serve("2", code)
    hall.ask(c.Transfer(ticket=code, desk="1"), TWO)
    hall.ask(c.NarrowDesk(("abroad",)), ONE)
    assert hall.order() == [code]
    hall.ask(c.CallNext(), ONE)
    assert hall.ticket_at("1") == code


def test_only_who_sits_there_says_what_a_desk_serves() -> None:
    hall = Hall()
    assert hall.refusal(c.NarrowDesk(), ONE) is RefusalCode.DESK_CLOSED
    hall.sit("1", TRAINER)
    other = Actor(ONE.role, ONE.device, "1", WORKER)
    assert hall.refusal(c.NarrowDesk(languages=("fr",)), other) is RefusalCode.NOT_YOURSELF


def test_a_desk_opened_again_serves_all_as_usual() -> None:
    hall = Hall()
    hall.ask(FEWER, ONE)
    hall.ask(c.CloseDesk(), ONE)
    hall.sit("1", ALL_ROUND)
    view = counsellor_view(hall.queue, hall.centre, hall.now, "1", staff=ALL_ROUND)
    assert view.desk.fields == ("training", "work", "abroad")
