"""Visitors put aside at a desk: until when, and what the desk says when it is time."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from support import views
from support.staff import pressed, settled, shown

from config.model import Centre
from config.phrases import Phrases
from desk.counsellor.panel import CounsellorPanel
from desk.counsellor.reminders import aside_columns, aside_words, due_words
from desk.program import StaffApp
from desk.reception.lists import Shelf
from desk.reception.panel import ReceptionPanel
from desk.words import Voice
from protocol import commands as c
from protocol.views import CounsellorView, DeskState, LockedView, StaffTicket, Stage

SIZE = (80, 24)


class Watch:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def panel(line: Any, brussels: Centre, phrases: Phrases, watch: Watch) -> CounsellorPanel:
    return CounsellorPanel(line, brussels, phrases, "fr", "3", monotonic=watch)


def parked(code: str, minutes: float | None, **changes: Any) -> StaffTicket:
    """Put aside at desk 3, which wants to be reminded in so many minutes."""
    remind_at = None if minutes is None else views.NOW + timedelta(minutes=minutes)
    return views.staff_ticket(code, stage=Stage.PARKED, desk="3", calls=1, remind_at=remind_at, **changes)


def desk_view(state: DeskState, *tickets: StaffTicket) -> CounsellorView:
    return msgspec.structs.replace(views.counsellor_view(state), parked=tickets)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (None, "mis de côté"),
        (4, "rappel dans 4 min"),
        (0.2, "rappel dans 1 min"),
        (0, "▶ à rappeler maintenant"),
        (-9, "▶ à rappeler maintenant"),
    ],
)
def test_the_time_left_is_said_in_words(
    brussels: Centre, phrases: Phrases, minutes: float | None, words: str
) -> None:
    assert aside_words(Voice(phrases, "fr", brussels), parked("M030", minutes), views.NOW) == words


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_what_is_said_about_who_was_put_aside_fits_the_narrowest_list(
    brussels: Centre, phrases: Phrases, language: str
) -> None:
    voice = Voice(phrases, language, brussels)
    absent = views.staff_ticket("S041", stage=Stage.NO_SHOW, calls=12)
    room = next(column.width for column in aside_columns(voice, 36) if column.key == "note")
    for ticket in (parked("M030", None), parked("M030", 30), parked("M030", -1), absent):
        assert len(aside_words(voice, ticket, views.NOW)) <= room
    many = [parked(f"M{number:03d}", -1) for number in range(30, 42)]
    for free in (True, False):
        assert len(due_words(many, voice, free=free)) <= 76


async def test_a_reminder_that_is_due_rings_once_and_is_named_until_the_visitor_is_called(
    panel: CounsellorPanel, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[bool] = []
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        monkeypatch.setattr(pilot.app, "bell", lambda: rung.append(True))
        view = desk_view(DeskState.SERVING, parked("M030", 5), parked("S041", 8))
        await shown(pilot, panel, view)
        assert (panel.heed.plain, rung) == ("", [])
        for seconds in (299, 300, 301, 420):
            watch.now_s = seconds
            panel.tick()
        assert panel.heed.plain.endswith("M\N{NO-BREAK SPACE}030 attend votre appel.")
        assert rung == [True]
        watch.now_s = 481
        panel.tick()
        assert "030, S\N{NO-BREAK SPACE}041" in panel.heed.plain
        assert rung == [True] * 2
        await shown(pilot, panel, desk_view(DeskState.CALLED))
        assert panel.heed.plain == ""


async def test_whoever_signs_in_hears_of_a_reminder_that_is_due(
    panel: CounsellorPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[bool] = []
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        monkeypatch.setattr(pilot.app, "bell", lambda: rung.append(True))
        view = desk_view(DeskState.FREE, parked("M030", -5))
        await shown(pilot, panel, view)
        await shown(pilot, panel, LockedView(day=views.DAY, at=views.NOW, last=views.COUNSELLOR))
        await shown(pilot, panel, view)
        assert len(rung) == 2
        assert panel.heed.plain.endswith("F8 l’appelle.")


async def test_a_minute_that_is_not_the_first_one_set_rings_again(
    panel: CounsellorPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[bool] = []
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        monkeypatch.setattr(pilot.app, "bell", lambda: rung.append(True))
        for minutes in (-5, -5, -1):
            await shown(pilot, panel, desk_view(DeskState.FREE, parked("M030", minutes)))
        assert len(rung) == 2


async def test_the_key_and_the_tile_that_call_back_name_whom_they_call(
    line: Any, panel: CounsellorPanel
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, desk_view(DeskState.READY, parked("S041", 4), parked("M030", None)))
        tile = next(tile for tile in panel.desk_side.tiles if tile.key == "f8")
        assert "S\N{NO-BREAK SPACE}041" in str(tile.content)
        await pilot.click(tile)
        await settled(pilot)
        assert line.asked == [c.Unpark("S041")]


async def test_reception_reads_until_when_a_visitor_was_put_aside(
    line: Any, brussels: Centre, phrases: Phrases
) -> None:
    panel = ReceptionPanel(line, brussels, phrases, "fr", monotonic=lambda: 0.0)
    aside = (parked("M030", 13), parked("S041", -1), parked("K025", None))
    async with StaffApp(panel).run_test(size=(160, 45)) as pilot:
        await shown(pilot, panel, views.reception_view(aside=aside))
        while panel.lists.shelf is not Shelf.ASIDE:
            await pressed(pilot, "right")
        stages = [str(panel.lists.table.get_row(ticket.ticket)[4]) for ticket in aside]
        assert stages == ["rappel à 10:55", "à rappeler", "mis de côté"]
