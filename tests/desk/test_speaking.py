"""Each member of staff reads in a language of their own; the screen that nobody uses in the terminal's."""

from typing import Any

import msgspec
import pytest
from support import views
from support.locking import written
from support.staff import pressed, settled, shown

from config.model import Centre
from config.phrases import Phrases
from desk.counsellor.panel import CounsellorPanel
from desk.program import StaffApp
from desk.reception.panel import ReceptionPanel
from desk.sign_in import LANGUAGE_KEY, LanguageRow, PinDialog
from protocol.client import LinkLost
from protocol.views import DeskState, LockedView

SIZE = (80, 24)
LOCKED = LockedView(day=views.DAY, at=views.NOW, last=views.COUNSELLOR)
FREE = views.counsellor_view(DeskState.FREE)
COLLEAGUE = views.counsellor_view(DeskState.CLOSED, staff="c23")


@pytest.fixture
def centre(brussels: Centre) -> Centre:
    """Everybody speaks the terminal's language, but c23 and r02 read Dutch."""
    reads = {"c23": "nl", "r02": "nl"}

    def person(one: Any) -> Any:
        return msgspec.structs.replace(one, language=reads.get(one.id))

    return msgspec.structs.replace(
        brussels,
        counsellors=tuple(map(person, brussels.counsellors)),
        receptionists=tuple(map(person, brussels.receptionists)),
    )


def desk_of(line: Any, centre: Centre, phrases: Phrases, language: str = "fr") -> CounsellorPanel:
    return CounsellorPanel(line, centre, phrases, language, "3", monotonic=lambda: 0.0)


def hall_of(line: Any, centre: Centre, phrases: Phrases, language: str = "fr") -> ReceptionPanel:
    return ReceptionPanel(line, centre, phrases, language, monotonic=lambda: 0.0)


async def test_who_has_a_language_of_their_own_reads_it_once_signed_in(
    line: Any, centre: Centre, phrases: Phrases
) -> None:
    panel = desk_of(line, centre, phrases)
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        for view, language in ((FREE, "fr"), (LOCKED, "fr"), (COLLEAGUE, "nl"), (LOCKED, "fr"), (FREE, "fr")):
            await shown(pilot, panel, view)
            assert panel.voice.language == language
    hall = hall_of(line, centre, phrases)
    async with StaffApp(hall).run_test(size=SIZE) as pilot:
        await shown(pilot, hall, views.reception_view(staff="r02"))
        assert hall.who.plain.startswith("Onthaal")


@pytest.mark.parametrize("of", [desk_of, hall_of])
async def test_a_screen_that_changes_its_language_says_everything_in_the_new_one(
    line: Any, centre: Centre, phrases: Phrases, of: Any
) -> None:
    changed, made = of(line, centre, phrases), of(line, centre, phrases, "nl")
    view = FREE if of is desk_of else views.reception_view()
    seen = []
    for panel in (changed, made):
        async with StaffApp(panel).run_test(size=SIZE) as pilot:
            await shown(pilot, panel, view)
            line.tell(LinkLost("gone"))
            await settled(pilot)
            if panel is changed:
                assert "Ctrl+T" in written(pilot.app)
                await pressed(pilot, LANGUAGE_KEY)
            panel.tick()
            await settled(pilot)
            placeholder = panel.lists.search.placeholder if isinstance(panel, ReceptionPanel) else ""
            seen.append((written(pilot.app), panel.connecting.plain, panel.too_small.plain, placeholder))
    assert seen[0] == seen[1]


@pytest.mark.parametrize("of", [desk_of, hall_of])
async def test_a_sentence_that_still_stands_is_said_again_in_the_new_language(
    line: Any, centre: Centre, phrases: Phrases, of: Any
) -> None:
    panel = of(line, centre, phrases)
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, FREE if of is desk_of else views.reception_view())
        panel.tell(lambda voice: voice.say("link.restored"))
        assert panel.notice.plain == phrases.say("link.restored", "fr")
        await pressed(pilot, LANGUAGE_KEY)
        assert panel.notice.plain == phrases.say("link.restored", "nl")
        assert panel.notice.has_class("-said")


async def test_what_a_person_has_chosen_is_theirs_when_they_come_back_and_nobody_elses(
    line: Any, centre: Centre, phrases: Phrases
) -> None:
    panel = desk_of(line, centre, phrases)
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, COLLEAGUE)
        await pressed(pilot, LANGUAGE_KEY)
        assert panel.voice.language == "de"
        for view, language in ((LOCKED, "fr"), (FREE, "fr"), (COLLEAGUE, "de")):
            await shown(pilot, panel, view)
            assert panel.voice.language == language


async def test_a_locked_screen_names_every_language_and_speaks_the_one_that_is_clicked(
    line: Any, centre: Centre, phrases: Phrases
) -> None:
    panel = desk_of(line, centre, phrases)
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, LOCKED)
        assert all(name in written(pilot.app) for name in ("Français", "Nederlands", "Deutsch", "English"))
        row = panel.query_one(LanguageRow)
        await pilot.click(row, offset=(str(row.content).index("Nederlands") + 1, 0))
        await settled(pilot)
        assert "Dag Karim" in written(pilot.app)
        assert isinstance(panel.dialog, PinDialog)
        await pressed(pilot, "escape", LANGUAGE_KEY)
        assert panel.voice.language == "de"
        assert not isinstance(panel.dialog, PinDialog), "who was asked for stays asked for"
        await shown(pilot, panel, FREE)
        assert panel.voice.language == "de", "of the terminal, for who has none of their own"


async def test_a_question_that_is_open_stays_in_the_language_in_which_it_was_put(
    line: Any, centre: Centre, phrases: Phrases
) -> None:
    panel = desk_of(line, centre, phrases)
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, FREE)
        await pressed(pilot, "f9", LANGUAGE_KEY)
        assert panel.voice.language == "fr"


async def test_a_centre_with_one_language_offers_no_other(
    line: Any, centre: Centre, phrases: Phrases
) -> None:
    languages = msgspec.structs.replace(centre.languages, official=("fr",), further=())
    panel = desk_of(line, msgspec.structs.replace(centre, languages=languages), phrases)
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, FREE)
        assert "Ctrl+T" not in written(pilot.app)
        await shown(pilot, panel, LOCKED)
        assert not panel.query_one(LanguageRow).display
