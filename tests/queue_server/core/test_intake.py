"""For which cells tickets are still given: by the forecast, and by what staff want."""

import pytest
from msgspec.structs import replace
from support.queue import KIOSK, RECEPTION, Hall

from protocol import commands as c
from protocol.refusals import RefusalCode
from protocol.waits import HeldIntake
from queue_server.core.events import DemandUnserved, IntakeEnded
from queue_server.core.housekeeping import EndDay, EndIntake
from queue_server.core.past import PastUnserved, past_of
from queue_server.core.views import fields_seen, reception_view

WORK_FR, WORK_NL = ("work", "fr"), ("work", "nl")


def wish(*languages: str) -> c.IssueTicket:
    return c.IssueTicket(field="work", languages=languages, screen_language="fr")


def hold(hold: c.IntakeHold, language: str = "fr") -> c.HoldIntake:
    return c.HoldIntake("work", language, hold)


def ended(hall: Hall) -> tuple[str, ...]:
    [work] = [field for field in fields_seen(hall.queue, hall.centre) if field.field == "work"]
    assert work.open is (len(work.ended) < len(hall.centre.languages.all))
    return work.ended


def test_no_ticket_is_given_for_a_cell_that_was_ended_and_other_cells_go_on() -> None:
    hall = Hall()
    hall.keep_house(EndIntake((WORK_FR,)))
    assert hall.refusal(wish("fr"), KIOSK) is RefusalCode.INTAKE_ENDED
    hall.ask(wish("nl"), KIOSK)
    hall.issue("training")
    assert ended(hall) == ("fr",)


def test_whoever_accepts_another_language_too_still_gets_a_ticket() -> None:
    hall = Hall()
    hall.keep_house(EndIntake((WORK_FR,)))
    hall.ask(wish("fr", "nl"), KIOSK)


def test_a_field_that_is_ended_in_every_language_is_shown_as_closed() -> None:
    hall = Hall()
    hall.keep_house(EndIntake(tuple(("work", language) for language in hall.centre.languages.all)))
    assert ended(hall) == ("fr", "nl", "en")


def test_whoever_waits_is_still_served() -> None:
    hall = Hall()
    code = hall.issue("work")
    hall.keep_house(EndIntake((WORK_FR,)))
    hall.sit(ready=True)
    assert hall.ticket_at("1") == code


def test_what_is_ended_already_is_not_ended_again() -> None:
    hall = Hall()
    assert hall.keep_house(EndIntake((WORK_FR,))) == [IntakeEnded((WORK_FR,))]
    assert hall.keep_house(EndIntake((WORK_FR, WORK_NL))) == [IntakeEnded((WORK_NL,))]
    assert hall.keep_house(EndIntake((WORK_FR, WORK_NL))) == []


def test_a_day_that_is_closed_has_nothing_to_end() -> None:
    hall = Hall()
    hall.ask(c.CloseDay(), RECEPTION)
    assert hall.keep_house(EndIntake((WORK_FR,))) == []
    hall.keep_house(EndDay())
    assert hall.keep_house(EndIntake((WORK_FR,))) == []


def test_what_reception_holds_open_stays_open_whatever_is_foreseen() -> None:
    hall = Hall()
    hall.keep_house(EndIntake((WORK_FR,)))
    hall.ask(hold(c.IntakeHold.OPEN), RECEPTION)
    assert hall.keep_house(EndIntake((WORK_FR,))) == []
    hall.ask(wish("fr"), KIOSK)


def test_what_reception_holds_closed_is_closed() -> None:
    hall = Hall()
    hall.ask(hold(c.IntakeHold.CLOSED), RECEPTION)
    assert hall.refusal(wish("fr"), KIOSK) is RefusalCode.INTAKE_ENDED
    assert ended(hall) == ("fr",)


def test_what_reception_closes_or_holds_before_the_day_opens_is_so_when_it_does() -> None:
    hall = Hall(is_open=False)
    hall.ask(hold(c.IntakeHold.CLOSED), RECEPTION)
    hall.ask(c.CloseField("training"), RECEPTION)
    hall.ask(c.OpenDay(), RECEPTION)
    assert hall.refusal(wish("fr"), KIOSK) is RefusalCode.INTAKE_ENDED
    hall.ask(wish("nl"), KIOSK)
    training = c.IssueTicket(field="training", languages=("fr",), screen_language="fr")
    assert hall.refusal(training, KIOSK) is RefusalCode.FIELD_CLOSED


def test_reception_is_shown_what_it_has_closed_and_not_what_is_only_full_or_not_open_yet() -> None:
    hall = Hall(is_open=False)

    def closed() -> tuple[str, ...]:
        return reception_view(hall.queue, hall.centre, hall.now, (), (), staff="host-1").closed_fields

    assert closed() == ()
    hall.ask(c.CloseField("training"), RECEPTION)
    hall.ask(c.OpenDay(), RECEPTION)
    hall.keep_house(EndIntake(tuple(("work", language) for language in hall.centre.languages.all)))
    assert closed() == ("training",)
    hall.ask(c.OpenField("training"), RECEPTION)
    assert closed() == ()


def test_reception_is_shown_what_is_held_and_no_more_once_the_forecast_decides_again() -> None:
    hall = Hall()

    def held() -> tuple[HeldIntake, ...]:
        return reception_view(hall.queue, hall.centre, hall.now, (), (), staff="host-1").held

    assert held() == ()
    hall.ask(hold(c.IntakeHold.OPEN), RECEPTION)
    hall.ask(hold(c.IntakeHold.CLOSED, "nl"), RECEPTION)
    assert held() == (
        HeldIntake(field="work", language="fr", hold=c.IntakeHold.OPEN),
        HeldIntake(field="work", language="nl", hold=c.IntakeHold.CLOSED),
    )
    hall.ask(hold(c.IntakeHold.AUTOMATIC), RECEPTION)
    assert [one.language for one in held()] == ["nl"]


@pytest.mark.parametrize("before", [c.IntakeHold.OPEN, c.IntakeHold.CLOSED])
def test_what_is_left_to_the_forecast_again_is_open_until_it_says_otherwise(before: c.IntakeHold) -> None:
    hall = Hall()
    hall.keep_house(EndIntake((WORK_FR,)))
    hall.ask(hold(before), RECEPTION)
    hall.ask(hold(c.IntakeHold.AUTOMATIC), RECEPTION)
    hall.ask(wish("fr"), KIOSK)
    hall.keep_house(EndIntake((WORK_FR,)))
    assert hall.refusal(wish("fr"), KIOSK) is RefusalCode.INTAKE_ENDED


def test_a_hold_that_changes_nothing_is_refused_and_so_is_one_of_nothing() -> None:
    hall = Hall()
    assert hall.refusal(hold(c.IntakeHold.AUTOMATIC), RECEPTION) is RefusalCode.ALREADY_OPEN
    hall.ask(hold(c.IntakeHold.CLOSED), RECEPTION)
    assert hall.refusal(hold(c.IntakeHold.CLOSED), RECEPTION) is RefusalCode.ALREADY_CLOSED
    hall.keep_house(EndIntake((WORK_NL,)))
    hall.ask(hold(c.IntakeHold.OPEN, "nl"), RECEPTION)
    assert hall.refusal(hold(c.IntakeHold.OPEN, "nl"), RECEPTION) is RefusalCode.ALREADY_OPEN
    nothing = c.HoldIntake("sewing", "fr", c.IntakeHold.CLOSED)
    assert hall.refusal(nothing, RECEPTION) is RefusalCode.UNKNOWN_FIELD
    assert hall.refusal(hold(c.IntakeHold.OPEN, "it"), RECEPTION) is RefusalCode.UNKNOWN_LANGUAGE


def without(*languages: str, why: c.UnservedWhy = c.UnservedWhy.NOBODY) -> c.NoteUnserved:
    return c.NoteUnserved("abroad", languages or ("nl",), why)


def test_a_visitor_who_goes_without_a_ticket_is_counted() -> None:
    hall = Hall()
    assert hall.ask(without("nl", "nl", "fr"), KIOSK) == [
        DemandUnserved(kiosk="kiosk-1", field="abroad", languages=("nl", "fr"), why=c.UnservedWhy.NOBODY)
    ]
    assert hall.queue.went_without == 1


def test_the_same_wish_at_the_same_kiosk_within_a_minute_is_the_same_visitor() -> None:
    hall = Hall()
    hall.ask(without(), KIOSK)
    hall.wait(0.9)
    assert hall.ask(without(), KIOSK) == []
    hall.ask(without(), replace(KIOSK, device="kiosk-2"))
    hall.ask(without("fr"), KIOSK)
    hall.ask(without(), KIOSK)
    hall.wait(1)
    hall.ask(without(), KIOSK)
    assert hall.queue.went_without == 5


def test_a_wish_for_what_the_centre_does_not_have_is_refused() -> None:
    hall = Hall()
    nothing = c.NoteUnserved("sewing", ("fr",), c.UnservedWhy.ENDED)
    assert hall.refusal(nothing, KIOSK) is RefusalCode.UNKNOWN_FIELD


def test_what_visitors_went_without_stays_by_hour_field_and_language() -> None:
    hall = Hall()
    hall.ask(without(), KIOSK)
    hall.ask(without("fr", why=c.UnservedWhy.ENDED), KIOSK)
    hall.keep_house(EndDay())
    past = past_of(hall.queue.day, [(at, event) for event, at in hall.history])
    assert past.unserved == [
        PastUnserved(10, "abroad", "fr", c.UnservedWhy.ENDED),
        PastUnserved(10, "abroad", "nl", c.UnservedWhy.NOBODY),
    ]
