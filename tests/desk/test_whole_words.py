"""Nothing on a staff screen is cut, hidden or smaller in one language while there is room for it."""

from typing import Any

import msgspec
import pytest
from support import plans, views
from support.bare import thin_cells
from support.foreseen import last_tickets
from support.staff import pressed, settled, shown

from config.model import Centre
from config.phrases import Phrases
from desk.counsellor.panel import CounsellorPanel
from desk.lettering import fitting
from desk.program import StaffApp
from desk.reception.figures import LABEL_ROWS, label_lines
from desk.reception.house import head_words
from desk.reception.panel import ReceptionPanel
from desk.reception.plan_words import gap_words
from desk.rows import FIELD_MIN, FIGURE_WIDTH, shape_of
from desk.widgets.keys import TILE_MARGINS
from desk.words import Voice, capital
from protocol import commands as c
from protocol.client import LinkLost
from protocol.views import DeskState

SMALL = (80, 24)
STANDARD_LIST = 68
"""Columns of the list beside the house in 120."""
STAGE_MAX = 16
"""Where a ticket stands, in the longest words."""


def ended_words(voice: Voice) -> list[str]:
    return [voice.say(f"stage.{stage}") for stage in ("finished", "no_show", "cancelled")]


def test_a_word_is_no_larger_than_the_widest_of_those_it_is_alike() -> None:
    assert len(fitting("FERMÉ", 39, (4, 3))) == 4
    assert len(fitting("FERMÉ", 39, (4, 3), alike=("FERMÉ", "GESLOTEN"))) == 3


@pytest.mark.parametrize("state", [DeskState.CLOSED, DeskState.FREE, DeskState.READY, DeskState.PAUSED])
async def test_the_state_of_a_desk_is_as_large_in_french_as_in_dutch(
    line: Any, brussels: Centre, phrases: Phrases, state: DeskState
) -> None:
    heights = set()
    for language in brussels.languages.official:
        panel = CounsellorPanel(line, brussels, phrases, language, "3", monotonic=lambda: 0.0)
        async with StaffApp(panel).run_test(size=SMALL) as pilot:
            await shown(pilot, panel, views.counsellor_view(state))
            heights.add(panel.desk_side.big.region.height)
    assert len(heights) == 1
    assert heights.pop() > 1


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
@pytest.mark.parametrize("size", [SMALL, (100, 30), (120, 36), (160, 45)])
async def test_the_state_of_a_desk_is_large_in_every_language_and_keeps_off_the_edges(
    line: Any, brussels: Centre, phrases: Phrases, size: tuple[int, int], language: str
) -> None:
    panel = CounsellorPanel(line, brussels, phrases, language, "3", monotonic=lambda: 0.0)
    async with StaffApp(panel).run_test(size=size) as pilot:
        for state in (DeskState.CLOSED, DeskState.FREE, DeskState.READY, DeskState.PAUSED):
            await shown(pilot, panel, views.counsellor_view(state))
            drawn = panel.desk_side.big.plain.split("\n")
            assert len(drawn) > 1, panel.desk_side.big.plain
            left = panel.desk_side.big.region.x - panel.desk_side.region.x
            assert left + len(drawn[0]) < panel.desk_side.region.width


@pytest.mark.parametrize("state", [DeskState.FREE, DeskState.SERVING])
async def test_what_is_large_keeps_off_the_band_above_it_also_while_the_server_is_away(
    line: Any, brussels: Centre, phrases: Phrases, state: DeskState
) -> None:
    panel = CounsellorPanel(line, brussels, phrases, "fr", "3", monotonic=lambda: 0.0)
    async with StaffApp(panel).run_test(size=SMALL) as pilot:
        line.tell(views.counsellor_view(state))
        line.tell(LinkLost("gone"))
        await settled(pilot)
        assert panel.desk_side.big.region.y > panel.desk_side.band.region.bottom
        for tile in panel.desk_side.tiles:
            assert panel.desk_side.content_region.contains_region(tile.region)


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
async def test_a_visitor_called_twice_leaves_every_tile_whole_while_the_server_is_away(
    line: Any, brussels: Centre, phrases: Phrases, language: str
) -> None:
    panel = CounsellorPanel(line, brussels, phrases, language, "3", monotonic=lambda: 0.0)
    async with StaffApp(panel).run_test(size=SMALL) as pilot:
        line.tell(views.counsellor_view(DeskState.CALLED, current=views.called_ticket(calls=2)))
        line.tell(LinkLost("gone"))
        await settled(pilot)
        assert "00:40" in panel.desk_side.big.plain
        assert panel.voice.say("desk.calls_made", n=2) in panel.desk_side.facts.plain
        for tile in panel.desk_side.tiles:
            assert panel.desk_side.content_region.contains_region(tile.region)
            longest = max(map(len, str(tile.content).split("\n")))
            assert longest + TILE_MARGINS <= tile.content_size.width, tile.content


@pytest.mark.parametrize(
    ("room", "said"),
    [
        (80, "Onthaal  ·  Tickets: open  ·  Nadia Haddad"),
        (41, "Onthaal · Tickets: open · Nadia Haddad"),
        (31, "Onthaal · Tickets: open · Nadia"),
        (30, "Onthaal · Tickets: open"),
    ],
)
def test_the_head_says_whole_words(brussels: Centre, phrases: Phrases, room: int, said: str) -> None:
    voice = Voice(phrases, "nl", brussels)
    assert head_words(views.reception_view(), voice, room).plain == said


def test_that_no_tickets_are_given_stands_on_a_ground_with_air(brussels: Centre, phrases: Phrases) -> None:
    said = head_words(views.reception_view(open=False), Voice(phrases, "nl", brussels), 80)
    assert said.plain == "Onthaal  ·   Tickets: gesloten   ·  Nadia Haddad"
    grounds = [said.plain[span.start : span.end] for span in said.spans if " on " in str(span.style)]
    assert grounds == [" Tickets: gesloten "]


@pytest.mark.parametrize("language", ["fr", "nl", "de"])
async def test_nothing_in_the_head_is_cut(
    line: Any, brussels: Centre, phrases: Phrases, language: str
) -> None:
    panel = ReceptionPanel(line, brussels, phrases, language, monotonic=lambda: 0.0)
    async with StaffApp(panel).run_test(size=SMALL) as pilot:
        for is_open in (True, False):
            await shown(pilot, panel, views.reception_view(open=is_open))
            assert len(panel.who.plain) <= panel.who.content_size.width
            assert panel.status.plain.endswith("10:42")


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
async def test_the_names_of_all_lists_stand_on_one_line(
    line: Any, brussels: Centre, phrases: Phrases, language: str
) -> None:
    panel = ReceptionPanel(line, brussels, phrases, language, monotonic=lambda: 0.0)
    async with StaffApp(panel).run_test(size=SMALL) as pilot:
        await shown(pilot, panel, views.reception_view(waiting=views.many_waiting(200)))
        assert panel.lists.shelves.lines == 1
        assert all(one[1] in str(panel.lists.shelves.content) for one in panel.lists.shelves._names)


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_no_fields_name_is_cut_for_the_word_behind_the_minutes(
    brussels: Centre, phrases: Phrases, language: str
) -> None:
    voice = Voice(phrases, language, brussels)
    shape = shape_of(voice, SMALL[0] - 2, stands=["·" * STAGE_MAX])
    width = {column.key: column.width for column in shape.columns}
    assert width["field"] >= max(len(voice.noun(field.id)) for field in brussels.fields)
    assert shape.minutes == FIGURE_WIDTH


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_beside_the_house_no_fields_name_is_cut_among_those_who_wait_or_are_gone_nor_missing_at_all(
    brussels: Centre, phrases: Phrases, language: str
) -> None:
    voice = Voice(phrases, language, brussels)
    longest = max(len(voice.noun(field.id)) for field in brussels.fields)
    aside = [voice.say("stage.parked"), voice.say("stage.to_call_back")]
    for stands, columns in ((None, longest), (ended_words(voice), longest), (aside, FIELD_MIN)):
        shape = shape_of(voice, STANDARD_LIST, stands=stands, windows=stands is None)
        width = {column.key: column.width for column in shape.columns}
        assert width["field"] >= columns
        assert width.get("stage", 0) >= max(map(len, stands or [""]))
        assert sum(column.width + 2 for column in shape.columns) < STANDARD_LIST


async def test_where_the_last_tickets_have_no_room_it_is_said_where_they_are(
    line: Any, brussels: Centre, phrases: Phrases
) -> None:
    panel = ReceptionPanel(line, brussels, phrases, "fr", monotonic=lambda: 0.0)
    async with StaffApp(panel).run_test(size=SMALL) as pilot:
        await shown(pilot, panel, views.reception_view(last_tickets=last_tickets(), coverage=thin_cells()))
        await pressed(pilot, *["right"] * 4)
        said = panel.lists.fields.plain.replace("\N{NO-BREAK SPACE}", " ")
        assert "Derniers tickets : dès 11:00, voir F10" in said
        await pilot.resize_terminal(120, 36)
        await settled(pilot)
        assert "Derniers tickets vers" in panel.lists.fields.plain


async def test_a_message_is_cleared_only_where_one_stands(
    line: Any, brussels: Centre, phrases: Phrases
) -> None:
    panel = ReceptionPanel(line, brussels, phrases, "fr", monotonic=lambda: 0.0)
    async with StaffApp(panel).run_test(size=(120, 36)) as pilot:
        await shown(pilot, panel, views.reception_view())
        await pressed(pilot, "f9", "enter")
        assert line.asked == []
        await pressed(pilot, "escape")
        await shown(pilot, panel, views.reception_view(message={"fr": "x", "nl": "y"}))
        await pressed(pilot, "f9", "backspace", "down", "backspace", "enter")
        assert line.asked == [c.PostMessage({})]


async def test_what_lies_behind_a_dialog_is_dimmed_nowhere(
    line: Any, brussels: Centre, phrases: Phrases
) -> None:
    panel = ReceptionPanel(line, brussels, phrases, "fr", monotonic=lambda: 0.0)
    async with StaffApp(panel).run_test(size=(120, 36)) as pilot:
        await shown(pilot, panel, views.reception_view())
        await pressed(pilot, "f9")
        assert {part.styles.opacity for part in (panel.house, panel.lists.table, panel.lists.search)} == {1.0}


@pytest.mark.parametrize(("language", "cap"), [("fr", "Ctrl+N"), ("de", "Strg+N")])
def test_a_key_is_named_as_it_is_written_on_keyboards(
    brussels: Centre, phrases: Phrases, language: str, cap: str
) -> None:
    voice = Voice(phrases, language, brussels)
    assert (voice.cap("ctrl+n"), voice.cap("f10")) == (cap, "F10")


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_a_terminal_says_of_itself_what_reception_reads_of_devices(phrases: Phrases, language: str) -> None:
    for state in ("online", "offline"):
        assert phrases.say(f"desk.{state}", language) == phrases.say(f"reception.device_{state}", language)


def test_a_gap_of_the_roster_is_told_in_one_piece(brussels: Centre, phrases: Phrases) -> None:
    said = gap_words(Voice(phrases, "nl", brussels), plans.a_day())
    assert said.split(" ")[1] == "Werk\N{NO-BREAK SPACE}NL\N{NO-BREAK SPACE}12:00-12:45,"


def test_a_german_sentence_begins_with_a_capital_and_keeps_those_of_its_nouns() -> None:
    assert capital("nach Ankunft") == "Nach Ankunft"
    assert capital("") == ""


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
@pytest.mark.parametrize("columns", [12, 18, 25])
def test_a_figures_label_has_air_where_two_lines_suffice(
    phrases: Phrases, language: str, columns: int
) -> None:
    for figure in ("waiting", "longest_wait", "desks_open", "tickets_today", "finished", "no_shows"):
        said = phrases.say(f"figure.{figure}", language)
        lines = label_lines(said, columns)
        assert " ".join(lines) == said
        assert len(lines) <= LABEL_ROWS
        assert max(map(len, lines)) <= columns
    assert label_lines("Wachten nu", 9) == ("Wachten", "nu")
    assert label_lines("Attente la plus longue", 12) == ("Attente la", "plus longue")


async def test_a_ticket_is_never_torn_where_a_line_breaks(
    line: Any, brussels: Centre, phrases: Phrases
) -> None:
    panel = ReceptionPanel(line, brussels, phrases, "fr", monotonic=lambda: 0.0)
    lost = tuple(f"K{number}" for number in range(901, 921))
    devices = (msgspec.structs.replace(views.devices()[0], left_out=lost, left_out_total=len(lost)),)
    async with StaffApp(panel).run_test(size=SMALL) as pilot:
        await shown(pilot, panel, views.reception_view(devices=devices))
        for columns in range(80, 88):
            await pilot.resize_terminal(columns, 24)
            await settled(pilot)
            seen = " / ".join(panel.alarm.render_line(y).text for y in range(panel.alarm.size.height))
            assert all(f"K\N{NO-BREAK SPACE}{code[1:]}" in seen for code in lost), (columns, seen)
