"""Reception sees a day of the roster, and changes it person by person, or closes it."""

from typing import Any

import pytest
from msgspec.structs import replace
from support import plans
from support.planning import (
    HALL,
    SIZE,
    TODAY,
    TOMORROW,
    day_of,
    lines,
    listed,
    looking,
    onto,
    said,
    told,
    written,
)
from support.staff import pressed, settled, shown
from textual.widgets import Static

from config.model import Centre
from config.phrases import Phrases
from desk.program import StaffApp
from desk.reception.panel import ReceptionPanel
from desk.widgets.dialogs import Button
from desk.widgets.forms import ChipRow
from protocol.orders import FollowWeek, PlanHoliday, PlanPerson, ShowPlan
from protocol.plan import BreakPlanned, ShiftPlanned
from protocol.refusals import RefusalCode

AMINA, IMANE, DRIES = "c01", "c09", "c04"


@pytest.fixture
def panel(line: Any, brussels: Centre, phrases: Phrases) -> ReceptionPanel:
    return ReceptionPanel(line, brussels, phrases, "fr", monotonic=lambda: 0.0)


async def test_reception_sees_who_works_when_who_is_absent_and_who_is_not_planned(
    panel: ReceptionPanel, line: Any
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await looking(pilot, panel, line)
        assert "mardi 15 septembre, aujourd’hui" in said(panel)
        found = lines(panel)
        assert found[0].split() == ["Amina", "El", "Idrissi", "09:30-17:00", "12:00-12:45"]
        assert "* Dries Vermeulen        13:30-17:00  NL · Emploi" in found
        assert "* Imane Bouazza          absence" in found
        assert found[plans.SHIFTS + 2] == "Pas prévus ce jour-là"
        assert found[plans.SHIFTS + 3].strip() == "Benoît Lambert"
        assert len(found) == plans.SHIFTS + 2 + 1 + 26 - 9


async def test_what_nobody_serves_on_this_day_is_said_under_the_list(
    panel: ReceptionPanel, line: Any
) -> None:
    async with StaffApp(panel).run_test(size=(120, 36)) as pilot:
        await looking(pilot, panel, line)
        assert "Personne : Emploi NL 12:00-12:45" in said(panel).replace("\N{NO-BREAK SPACE}", " ")
        await pressed(pilot, "right")
        assert "Personne" not in said(panel)
        await told(pilot, line, replace(plans.a_day(TOMORROW), gaps=()))
        assert "Personne" not in said(panel)


async def test_what_one_person_serves_alone_is_said_shortly_below_it(
    panel: ReceptionPanel, line: Any
) -> None:
    async with StaffApp(panel).run_test(size=(120, 36)) as pilot:
        await looking(pilot, panel, line)
        alone = "Une personne seule : MS NL 09:30-12:00, Z FR 12:00-12:45"
        assert alone in said(panel).replace("\N{NO-BREAK SPACE}", " ")
        await pressed(pilot, "right")
        assert "seule" not in said(panel)
        await told(pilot, line, replace(plans.a_day(TOMORROW), alone=()))
        assert "seule" not in said(panel)


async def test_the_arrows_turn_to_other_days_and_never_to_one_that_is_past(
    panel: ReceptionPanel, line: Any
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await looking(pilot, panel, line)
        await pressed(pilot, "left")
        assert line.asked == []
        await pressed(pilot, "right")
        assert line.asked == [ShowPlan(TOMORROW)]
        assert "mercredi 16 septembre " in said(panel)
        assert lines(panel) == ["Un instant…"]
        await told(pilot, line, plans.a_day(TOMORROW))
        assert len(lines(panel)) > 1
        await pilot.click(".plan-day", offset=(1, 0))
        await settled(pilot)
        assert line.asked == [ShowPlan(TOMORROW), ShowPlan(TODAY)]


async def test_whoever_turns_faster_than_the_server_answers_is_shown_the_day_they_stopped_at(
    panel: ReceptionPanel, line: Any
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, HALL)
        await pressed(pilot, "ctrl+r", "right", "right")
        assert line.asked == [ShowPlan(TODAY)]
        await told(pilot, line, plans.a_day())
        assert lines(panel) == ["Un instant…"]
        assert line.asked == [ShowPlan(TODAY), ShowPlan("2026-09-17")]
        await told(pilot, line, plans.closed_day("2026-09-17"))
        assert lines(panel) == ["Le centre est fermé ce jour-là."]


async def test_a_day_that_could_not_be_asked_is_asked_again_with_the_next_view(
    panel: ReceptionPanel, line: Any
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, HALL)
        await pressed(pilot, "ctrl+r")
        line.be_away()
        await settled(pilot)
        await shown(pilot, panel, HALL)
        assert line.asked == [ShowPlan(TODAY)] * 2


async def test_after_midnight_the_day_that_is_past_gives_way_to_the_new_one(
    panel: ReceptionPanel, line: Any
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await looking(pilot, panel, line)
        await shown(pilot, panel, replace(HALL, day=TOMORROW))
        assert line.asked == [ShowPlan(TOMORROW)]
        assert "mercredi 16 septembre, aujourd’hui" in said(panel)


async def test_somebody_is_said_to_be_absent_and_the_list_shows_it(panel: ReceptionPanel, line: Any) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await looking(pilot, panel, line)
        await pressed(pilot, "enter", "up", "right", "enter")
        assert line.asked == [PlanPerson(staff=AMINA, day=TODAY)]
        await told(
            pilot, line, day_of(plans.person(AMINA, usual=(plans.USUAL,)), plans.person("c12", plans.USUAL))
        )
        assert lines(panel)[1] == "* Amina El Idrissi       absence"
        assert listed(panel).has_focus
        assert listed(panel).highlighted == 1


async def test_the_form_names_the_key_that_ticks_only_while_fields_are_asked(
    panel: ReceptionPanel, line: Any
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await looking(pilot, panel, line)
        await pressed(pilot, "enter")
        hint = panel.dialog.query_one("PlanForm .hint", Static)  # type: ignore[union-attr]
        assert "cocher" in str(hint.content)
        await pressed(pilot, "up", "right")
        assert "cocher" not in str(hint.content)


async def test_hours_and_breaks_are_typed_as_people_write_them(panel: ReceptionPanel, line: Any) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await looking(pilot, panel, line)
        await pressed(pilot, "enter")
        assert written(panel) == ["09:30-17:00", "12:00-12:45"]
        await pressed(pilot, *"9h30 - 16h", "down", *"15:00-15:15, 12h30-13h", "enter")
        shift = ShiftPlanned(
            begins="09:30",
            ends="16:00",
            breaks=(BreakPlanned("12:30", "13:00"), BreakPlanned("15:00", "15:15")),
            stays=True,
        )
        assert line.asked == [PlanPerson(staff=AMINA, day=TODAY, shifts=(shift,))]


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        ([*"midi"], "Écrivez les heures ainsi"),
        (["delete"], "Écrivez les heures ainsi"),
        ([*"9h-12h 13h-17h"], "Écrivez les heures ainsi"),
        (["down", *"12:00"], "Écrivez les pauses ainsi"),
        (["down", *"9h-9h1 10h-10h1 11h-11h1"], "Écrivez les pauses ainsi"),
        (["down", *"10h-10h05 11h-11h05 12h-12h05 13h-13h05 14h-14h05 15h-15h05 16h-16h05"], "6 au plus"),
    ],
)
async def test_what_cannot_be_understood_is_said_at_once_and_not_asked(
    panel: ReceptionPanel, line: Any, keys: list[str], sentence: str
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await looking(pilot, panel, line)
        await pressed(pilot, "enter", *keys, "enter")
        assert line.asked == []
        assert sentence in said(panel)


async def test_somebody_does_less_on_this_day(panel: ReceptionPanel, line: Any) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await looking(pilot, panel, line)
        await pressed(
            pilot, "enter", "down", "down", "right", "space", "down", "space", "down", "left", "enter"
        )
        shift = ShiftPlanned(
            begins="09:30",
            ends="17:00",
            fields=("employment",),
            languages=("nl",),
            breaks=plans.NOON,
        )
        assert line.asked == [PlanPerson(staff=AMINA, day=TODAY, shifts=(shift,))]


async def test_whoever_works_does_something_in_some_language(panel: ReceptionPanel, line: Any) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await looking(pilot, panel, line)
        await pressed(pilot, "enter", "down", "down", "space", "right", "space", "enter")
        assert line.asked == []
        assert panel.dialog is not None
        assert panel.dialog.query(".plan-form .buttons.-off")


async def test_whoever_is_absent_can_be_put_back_as_every_week_or_with_the_hours_of_the_week(
    panel: ReceptionPanel, line: Any
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await looking(pilot, panel, line)
        await onto(pilot, panel, "Imane")
        await pressed(pilot, "enter", "right", "enter")
        assert line.asked == [FollowWeek(staff=IMANE, day=TODAY)]
        line.refuse(RefusalCode.BUSY)
        await settled(pilot)
        await pressed(pilot, "left", "left", "down")
        assert written(panel) == ["09:30-13:00", ""]
        await pressed(pilot, "enter")
        assert line.asked[1:] == [PlanPerson(staff=IMANE, day=TODAY, shifts=(plans.MORNING,))]


async def test_the_keys_go_round_the_rows_that_are_asked_and_to_no_other(
    panel: ReceptionPanel, line: Any
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await looking(pilot, panel, line)
        await pressed(pilot, "enter")
        first = panel.app.focused
        await pressed(pilot, *["down"] * 6)
        assert panel.app.focused is first
        await pressed(pilot, "escape")
        await onto(pilot, panel, "Imane")
        await pressed(pilot, "enter", "down")
        assert panel.dialog is not None
        assert panel.app.focused is panel.dialog.query(ChipRow).first()


async def test_somebody_who_is_not_planned_is_put_in(panel: ReceptionPanel, line: Any) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await looking(pilot, panel, line)
        await onto(pilot, panel, "Benoît")
        await pressed(pilot, "enter", *"10h-12h", "enter")
        shift = ShiftPlanned(begins="10:00", ends="12:00")
        assert line.asked == [PlanPerson(staff="c02", day=TODAY, shifts=(shift,))]


async def test_who_works_at_reception_is_asked_for_hours_and_no_fields(
    panel: ReceptionPanel, line: Any
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await looking(pilot, panel, line)
        await onto(pilot, panel, "Nadia")
        await pressed(pilot, "enter")
        assert panel.dialog is not None
        rows = [row.question.name for row in panel.dialog.query(ChipRow)]
        assert rows == ["what", "stays"]
        await pressed(pilot, *"9h-13h", "enter")
        [order] = line.asked
        assert order.shifts == (ShiftPlanned(begins="09:00", ends="13:00"),)


async def test_of_several_shifts_one_is_changed_or_dropped_and_the_others_stay(
    panel: ReceptionPanel, line: Any
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await looking(pilot, panel, line)
        await onto(pilot, panel, "13:30-17:00")
        await pressed(pilot, "enter", "up", "right", "enter")
        assert line.asked == [PlanPerson(staff=DRIES, day=TODAY, shifts=(plans.MORNING,))]
        line.refuse(RefusalCode.NOT_WRITTEN)
        await settled(pilot)
        await pressed(pilot, "left", "down", *"14h-17h", "enter")
        afternoon = ShiftPlanned(begins="14:00", ends="17:00", languages=("nl",), fields=("employment",))
        assert line.asked[1:] == [PlanPerson(staff=DRIES, day=TODAY, shifts=(plans.MORNING, afternoon))]


async def test_a_further_shift_comes_to_those_there_are(panel: ReceptionPanel, line: Any) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await looking(pilot, panel, line)
        await onto(pilot, panel, "Sander")
        await pressed(pilot, "f2", *"14h-16h", "enter")
        further = ShiftPlanned(begins="14:00", ends="16:00")
        assert line.asked == [PlanPerson(staff="c20", day=TODAY, shifts=(plans.MORNING, further))]


async def test_a_no_is_said_in_the_form_and_what_was_typed_stays(panel: ReceptionPanel, line: Any) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await looking(pilot, panel, line)
        await pressed(pilot, "enter", *"17h-9h", "enter")
        line.refuse(RefusalCode.HOURS_UNSOUND)
        await settled(pilot)
        assert "Heures impossibles" in said(panel)
        assert written(panel)[0] == "17h-9h"
        await pressed(pilot, "escape")
        assert panel.dialog is not None
        assert not panel.dialog.query("PlanForm")
        await pressed(pilot, "escape")
        assert panel.dialog is None


async def test_a_day_is_closed_by_the_second_press_and_opened_by_one(
    panel: ReceptionPanel, line: Any
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await looking(pilot, panel, line)
        await pressed(pilot, "f12")
        assert line.asked == []
        assert "seront perdus" in said(panel)
        await pressed(pilot, "f12")
        assert line.asked == [PlanHoliday(day=TODAY, closed=True)]
        await told(pilot, line, plans.closed_day())
        assert lines(panel) == ["Le centre est fermé ce jour-là."]
        await pressed(pilot, "enter", "f2")
        assert not panel.dialog.query("PlanForm")  # type: ignore[union-attr]
        await pressed(pilot, "f12")
        assert line.asked[1:] == [PlanHoliday(day=TODAY, closed=False)]


async def test_whoever_turns_on_after_the_warning_closes_nothing(panel: ReceptionPanel, line: Any) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await looking(pilot, panel, line)
        await pressed(pilot, "f12", "right")
        await told(pilot, line, plans.a_day(TOMORROW))
        await pressed(pilot, "f12")
        assert line.asked == [ShowPlan(TOMORROW)]


async def test_every_button_can_be_clicked(panel: ReceptionPanel, line: Any) -> None:
    async with StaffApp(panel).run_test(size=(120, 36)) as pilot:
        await looking(pilot, panel, line)
        await onto(pilot, panel, "Sander")
        edit, further, close, back = panel.dialog.query(Button)  # type: ignore[union-attr]
        for button in (edit, further):
            assert await pilot.click(button)
            await settled(pilot)
            save, leave = panel.dialog.query("PlanForm Button")  # type: ignore[union-attr]
            assert await pilot.click(leave)
            await settled(pilot)
        assert await pilot.click(edit)
        await settled(pilot)
        save, _ = panel.dialog.query("PlanForm Button")  # type: ignore[union-attr]
        assert await pilot.click(save)
        await settled(pilot)
        assert line.asked == [PlanPerson(staff="c20", day=TODAY, shifts=(plans.MORNING,))]
        await told(pilot, line, plans.a_day())
        assert await pilot.click(close)
        assert await pilot.click(close)
        await settled(pilot)
        assert line.asked[1:] == [PlanHoliday(day=TODAY, closed=True)]
        assert await pilot.click(back)
        await settled(pilot)
        assert panel.dialog is None
