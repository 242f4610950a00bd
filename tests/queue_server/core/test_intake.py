"""For which cells tickets are still given: by the forecast, and by what staff want."""

import pytest
from support.queue import KIOSK, RECEPTION, Hall

from protocol import commands as c
from protocol.refusals import RefusalCode
from queue_server.core.events import IntakeEnded
from queue_server.core.housekeeping import EndDay, EndIntake
from queue_server.core.views import fields_seen

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
    nothing = c.HoldIntake("sewing", "fr", c.IntakeHold.CLOSED)
    assert hall.refusal(nothing, RECEPTION) is RefusalCode.UNKNOWN_FIELD
    assert hall.refusal(hold(c.IntakeHold.OPEN, "it"), RECEPTION) is RefusalCode.UNKNOWN_LANGUAGE
