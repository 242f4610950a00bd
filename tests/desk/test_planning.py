"""Reception sees a day of the roster, and changes it person by person, or closes it."""

from datetime import time
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from support import plans, views
from support.badges import BY, SMALLVILLE, badge, enrol
from support.centre import TRAINER, small_centre
from support.servers import until
from support.staff import pressed, settled, shown
from support.visits import COMES, at_work, clock
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Static

from config.model import Centre
from config.phrases import Phrases
from config.roster import Absence, Roster, Shift, roster_of
from desk.program import StaffApp
from desk.reception.panel import ReceptionPanel
from desk.reception.plan_words import day_words, plan_lines
from desk.widgets.dialogs import Button
from desk.widgets.forms import ChipRow
from desk.words import Voice
from protocol.client import QueueClient
from protocol.ids import Role
from protocol.orders import FollowWeek, PlanHoliday, PlanPerson, ShowPlan
from protocol.plan import BreakPlanned, PersonPlanned, PlanShown, ShiftPlanned
from protocol.refusals import RefusalCode
from queue_server.store.house import House

SIZE = (80, 24)
TODAY, TOMORROW = views.DAY, "2026-09-16"
AMINA, IMANE, DRIES = "c01", "c09", "c04"
HALL = views.reception_view()


@pytest.fixture
def panel(line: Any, brussels: Centre, phrases: Phrases) -> ReceptionPanel:
    return ReceptionPanel(line, brussels, phrases, "fr", monotonic=lambda: 0.0)


async def looking(
    pilot: Pilot[None], panel: ReceptionPanel, line: Any, plan: PlanShown | None = None
) -> None:
    """The dialog is open, and the server has said how today is planned."""
    await shown(pilot, panel, HALL)
    await pressed(pilot, "ctrl+r")
    assert line.asked == [ShowPlan(TODAY)]
    await told(pilot, line, plan or plans.a_day())
    line.asked.clear()


async def told(pilot: Pilot[None], line: Any, plan: PlanShown) -> None:
    """The server answers."""
    line.accept(plan)
    await settled(pilot)


async def onto(pilot: Pilot[None], panel: ReceptionPanel, words: str) -> None:
    """The cursor goes down to the line that has these words."""
    options = listed(panel)
    for option in options.options:
        if words in str(option.prompt):
            break
        if not option.disabled:
            await pressed(pilot, "down")
    assert options.highlighted_option is not None
    assert words in str(options.highlighted_option.prompt)


def listed(panel: ReceptionPanel) -> OptionList:
    assert panel.dialog is not None
    return panel.dialog.query_one(OptionList)


def lines(panel: ReceptionPanel) -> list[str]:
    return [str(option.prompt) for option in listed(panel).options]


def said(panel: ReceptionPanel) -> str:
    """What stands in the dialog, and is not hidden."""
    assert panel.dialog is not None
    words = [
        one for one in panel.dialog.query(Static) if all(part.display for part in one.ancestors_with_self)
    ]
    return " ".join(str(one.content) for one in words)


def written(panel: ReceptionPanel) -> list[str]:
    assert panel.dialog is not None
    return [one.value for one in panel.dialog.query(Input)]


def day_of(*people: PersonPlanned) -> PlanShown:
    return PlanShown(day=TODAY, closed=False, people=people)


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


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 45)])
async def test_nothing_of_it_is_clipped(
    line: Any, brussels: Centre, phrases: Phrases, size: tuple[int, int], language: str
) -> None:
    panel = ReceptionPanel(line, brussels, phrases, language, monotonic=lambda: 0.0)
    async with StaffApp(panel).run_test(size=size) as pilot:
        await looking(pilot, panel, line)
        for keys in (["f12"], ["enter"], ["delete", "enter"]):
            await pressed(pilot, *keys)
            dialog = panel.dialog
            assert dialog is not None
            assert dialog.max_scroll_y == 0
            for part in dialog.query("Button, OptionList, Input, ChipRow, .hint, .warning"):
                if all(one.display for one in part.ancestors_with_self):
                    assert dialog.region.contains_region(part.region), (keys, part)
            for words in dialog.query(Button):
                assert len(str(words.content)) <= words.content_size.width or not words.region, words


async def test_a_real_server_writes_down_what_was_pressed_and_shows_it(
    tmp_path: Path, phrases: Phrases
) -> None:
    enrol(tmp_path, team=SMALLVILLE)
    registry = House(tmp_path).registry()
    await registry.open()
    week = roster_of([Shift(staff=TRAINER, day="tuesday", begins=time(9, 30), ends=time(17))])
    assert await registry.plan(Roster(), week, BY)
    async with at_work(tmp_path, clock(COMES)) as url:
        client = QueueClient(url, badge(Role.RECEPTION, "reception-1"))
        panel = ReceptionPanel(client, small_centre(), phrases, "fr", monotonic=lambda: 0.0)
        async with StaffApp(panel).run_test(size=SIZE) as pilot:
            await until(lambda: panel.view is not None)
            await pressed(pilot, "ctrl+r")
            await until(lambda: lines(panel)[0] == "  Ysbrand Wolkenaer      09:30-17:00")
            await pressed(pilot, "enter", "up", "right", "enter")
            await until(lambda: lines(panel)[0] == "* Ysbrand Wolkenaer      absence")
            assert await registry.roster() == roster_of([*week.lines, Absence(staff=TRAINER, day=TODAY)])
    await registry.close()


def test_a_long_name_leaves_room_for_the_hours(brussels: Centre, phrases: Phrases) -> None:
    voice = Voice(phrases, "nl", brussels)
    strange = "somebody-who-is-in-no-file-any-more"
    [first, *_] = plan_lines(voice, day_of(plans.person(strange, plans.MORNING)))
    assert first.words == "  somebody-who-is-in-no… 09:30-13:00"


def test_a_day_is_named_in_the_language_of_whoever_reads_it(brussels: Centre, phrases: Phrases) -> None:
    named = [day_words(Voice(phrases, one, brussels), TOMORROW, TODAY) for one in ("fr", "nl", "de", "en")]
    assert named == [
        "mercredi 16 septembre",
        "woensdag 16 september",
        "Mittwoch, 16. September",
        "Wednesday 16 September",
    ]
