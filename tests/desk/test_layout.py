"""Nothing is clipped and nothing overlaps: every size, every language, every state."""

from itertools import pairwise
from typing import Any

import msgspec
import pytest
from support import plans, views
from support.staff import settled
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Static

from config.model import Centre
from config.phrases import Phrases
from desk.counsellor.panel import CounsellorPanel
from desk.panel import StaffPanel
from desk.program import StaffApp
from desk.reception.lists import Shelf
from desk.reception.panel import ReceptionPanel
from desk.reception.planning import PlanningDialog
from desk.sign_in import NamesDialog, PinDialog
from protocol.client import LinkLost
from protocol.commands import BURST_TICKETS_MAX
from protocol.orders import SignIn
from protocol.refusals import RefusalCode
from protocol.views import DeskState, LockedView, PrinterLevel, PrinterSeen, PrinterState, PrintState

SIZES = [(80, 24), (100, 30), (120, 36), (160, 45)]
LANGUAGES = ["fr", "nl", "de"]
REFUSED_AT_SIGN_IN = (
    RefusalCode.WRONG_PIN,
    RefusalCode.TRY_LATER,
    RefusalCode.OTHER_ROLE,
    RefusalCode.NOT_WRITTEN,
    RefusalCode.OWN_PIN_NEEDED,
    RefusalCode.EASY_PIN,
)


def assert_lines_fit(widget: Any) -> None:
    lines = widget.content.plain.split("\n")
    assert max(map(len, lines)) <= widget.content_size.width, (widget.classes, lines)
    assert len(lines) <= widget.content_size.height, (widget.classes, lines, widget.content_size)


def assert_inside(widget: Widget, frame: Widget) -> None:
    assert frame.content_region.contains_region(widget.region), (widget, widget.region, frame.content_region)


def assert_one_below_the_other(widgets: list[Widget]) -> None:
    shown = [widget for widget in widgets if widget.display and widget.region.height]
    for above, below in pairwise(shown):
        assert above.region.bottom <= below.region.y, (above, below)


async def assert_dialog_fits(pilot: Pilot[None], panel: StaffPanel[Any], key: str) -> None:
    await pilot.press(key)
    await settled(pilot)
    assert panel.dialog is not None, key
    assert panel.region.contains_region(panel.dialog.region), key
    for part in panel.dialog.query("Static, OptionList, Input"):
        if part.display:
            assert panel.dialog.region.contains_region(part.region), (key, part, part.region)
        assert part.region.height > 0 or not part.display
    await pilot.press("escape")
    await settled(pilot)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
async def test_the_counsellors_screen_fits(
    line: Any, brussels: Centre, phrases: Phrases, size: tuple[int, int], language: str
) -> None:
    panel = CounsellorPanel(line, brussels, phrases, language, "3", monotonic=lambda: 0.0)
    async with StaffApp(panel).run_test(size=size) as pilot:
        for state in DeskState:
            panel.show(views.counsellor_view(state))
            await settled(pilot)
            if panel.dialog is not None:
                await pilot.press("escape")
                await settled(pilot)
            for tile in panel.desk_side.tiles:
                assert_lines_fit(tile)
                assert_inside(tile, panel.desk_side)
            for text in (panel.desk_side.big, panel.keys):
                assert_lines_fit(text)
            if panel.desk_side.timer.display:
                assert_lines_fit(panel.desk_side.timer)
            assert_one_below_the_other(
                [
                    panel.desk_side.band,
                    panel.desk_side.big,
                    panel.desk_side.facts,
                    panel.desk_side.timer,
                    panel.desk_side.tiles[0],
                    panel.notice,
                    panel.keys,
                ]
            )
            assert_one_below_the_other(
                [
                    panel.queue_side.head,
                    panel.queue_side.waiting,
                    panel.queue_side.aside_head,
                    panel.queue_side.aside,
                    panel.queue_side.next,
                ]
            )
        panel.show(views.counsellor_view(DeskState.SERVING))
        await settled(pilot)
        await assert_dialog_fits(pilot, panel, "f7")
        if size == SIZES[0]:
            await assert_dialog_fits(pilot, panel, "f8")
        panel.show(views.counsellor_view(DeskState.FREE))
        await settled(pilot)
        await assert_dialog_fits(pilot, panel, "f9")
        if size == SIZES[0]:
            for key in ("f11", "4"):
                await assert_dialog_fits(pilot, panel, key)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
async def test_receptions_screen_fits(
    line: Any, brussels: Centre, phrases: Phrases, size: tuple[int, int], language: str
) -> None:
    panel = ReceptionPanel(line, brussels, phrases, language, monotonic=lambda: 0.0)
    async with StaffApp(panel).run_test(size=size) as pilot:
        longest = views.burst(BURST_TICKETS_MAX, 999, fields=tuple(field.id for field in brussels.fields))
        panel.show(views.reception_view(waiting=views.many_waiting(200), bursts=(longest,)))
        await settled(pilot)
        await assert_dialog_fits(pilot, panel, "ctrl+b")
        panel.show(views.reception_view(waiting=views.many_waiting(200)))
        await settled(pilot)
        for card in panel.figures:
            assert_lines_fit(card.value)
            assert_inside(card.value, card)
            assert_inside(card.label, card)
        assert_lines_fit(panel.keys)
        for column in panel.lists.table.ordered_columns:
            assert len(column.label.plain) <= column.width, (column.label, column.width)
        taken = sum(
            column.get_render_width(panel.lists.table) for column in panel.lists.table.ordered_columns
        )
        assert taken <= panel.lists.table.size.width
        assert panel.lists.table.size.height >= 8
        for key in ("f2", "f5", "f7", "f8", "f9", "f10", "f12", "enter"):
            await assert_dialog_fits(pilot, panel, key)


TROUBLED = (
    PrinterSeen(
        printer="printer-1",
        state=PrinterState.BLOCKED,
        cause="error",
        jobs=12,
        level=PrinterLevel.ORDERED,
        spare="printer-2",
        since=views.NOW,
    ),
    PrinterSeen(printer="printer-2", state=PrinterState.PAPER_LOW, cause="", jobs=0, since=views.NOW),
)
DOUBTFUL = tuple(
    views.staff_ticket(f"K{number}", slip=PrintState.UNKNOWN, printer="printer-2")
    for number in range(115, 125)
)


@pytest.mark.parametrize("language", [*LANGUAGES, "en"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40), (160, 45)])
async def test_everything_about_printers_and_slips_fits(
    line: Any, brussels: Centre, phrases: Phrases, size: tuple[int, int], language: str
) -> None:
    panel = ReceptionPanel(line, brussels, phrases, language, monotonic=lambda: 0.0)
    view = views.reception_view(
        waiting=views.many_waiting(200), printers=TROUBLED, doubtful=DOUBTFUL, doubtful_total=10
    )
    async with StaffApp(panel).run_test(size=size) as pilot:
        panel.show(view)
        for _ in range(2):
            await settled(pilot)
        assert_lines_fit(panel.lists.shelves)
        for text in (panel.alarm, panel.offer):
            if text.display:
                needs = text.visual.get_height(text.styles, text.content_size.width)
                assert needs <= text.content_size.height, text
        assert panel.offer.content_size.height == 1, "where to look and what to do is read in one line"
        parts = [panel.alarm, panel.offer, panel.lists.shelves, panel.lists.table, panel.notice, panel.keys]
        assert_one_below_the_other(parts)
        assert panel.lists.table.size.height >= 8
        if panel.has_class("-narrow"):
            await pilot.press("left")
            await settled(pilot)
            assert panel.lists.shelf is Shelf.DEVICES
        assert_lines_fit(panel.house.parts[Shelf.DEVICES][1])
        house = panel.house
        assert house.virtual_size.height <= house.size.height, "the last device is in sight"
        await pilot.press("right")
        await assert_dialog_fits(pilot, panel, "f8")


@pytest.mark.parametrize("size", SIZES)
async def test_no_dialog_covers_who_calls_for_help_nor_what_is_wrong(
    line: Any, brussels: Centre, phrases: Phrases, size: tuple[int, int]
) -> None:
    panel = ReceptionPanel(line, brussels, phrases, "fr", monotonic=lambda: 0.0)
    desks = tuple(
        msgspec.structs.replace(desk, state=DeskState.FREE, counsellor="c01") for desk in views.desks()
    )
    async with StaffApp(panel).run_test(size=size) as pilot:
        panel.show(views.reception_view(help=(views.help_call(),), desks=desks))
        await settled(pilot)
        for key in ("f2", "f5", "f9", "f10", "ctrl+n", "ctrl+r"):
            await pilot.press(key)
            await settled(pilot)
            assert panel.dialog is not None, key
            if isinstance(panel.dialog, PlanningDialog):
                panel.dialog.take(plans.a_bad_day())
                await settled(pilot)
            assert panel.dialog.region.y >= panel.status.region.bottom, key
            assert panel.region.contains_region(panel.dialog.region), key
            await pilot.press("escape")
            await settled(pilot)


@pytest.mark.parametrize("language", [*LANGUAGES, "en"])
async def test_no_figures_label_breaks_a_word(
    line: Any, brussels: Centre, phrases: Phrases, language: str
) -> None:
    panel = ReceptionPanel(line, brussels, phrases, language, monotonic=lambda: 0.0)
    async with StaffApp(panel).run_test(size=(80, 24)) as pilot:
        panel.show(views.reception_view())
        await settled(pilot)
        for card in panel.figures:
            longest = max(map(len, card.label.plain.split()))
            assert longest <= card.label.content_size.width, card.label.plain
            assert_inside(card.label, card)


async def test_a_panel_lays_itself_out_again_when_the_terminal_changes(
    line: Any, brussels: Centre, phrases: Phrases
) -> None:
    panel = CounsellorPanel(line, brussels, phrases, "fr", "3", monotonic=lambda: 0.0)
    async with StaffApp(panel).run_test(size=(160, 45)) as pilot:
        panel.show(views.counsellor_view(DeskState.SERVING))
        await settled(pilot)
        large = panel.desk_side.big.region.height
        await pilot.resize_terminal(80, 24)
        await settled(pilot)
        assert panel.desk_side.big.region.height < large
        assert_lines_fit(panel.desk_side.big)
        await pilot.resize_terminal(160, 45)
        await settled(pilot)
        assert panel.desk_side.big.region.height == large


def assert_whole(panel: StaffPanel[Any]) -> None:
    """The dialog and all in it are on the screen, the line about the server and every word too."""
    assert panel.dialog is not None
    assert panel.region.contains_region(panel.dialog.region)
    assert panel.dialog.region.y >= panel.link.region.bottom
    for part in panel.dialog.query("Static, OptionList, Input"):
        if part.display:
            assert panel.dialog.content_region.contains_region(part.region), (part, part.region)
            assert part.region.height > 0
    for words in panel.dialog.query(Static):
        if words.display:
            needs = words.visual.get_height(words.styles, words.content_size.width)
            assert needs <= words.content_size.height, words.content


@pytest.mark.parametrize("language", [*LANGUAGES, "en"])
@pytest.mark.parametrize("size", SIZES)
async def test_the_locked_screen_fits(
    line: Any, brussels: Centre, phrases: Phrases, size: tuple[int, int], language: str
) -> None:
    panel = ReceptionPanel(line, brussels, phrases, language, monotonic=lambda: 0.0)
    order = SignIn(staff=views.COUNSELLOR, pin="204816")
    async with StaffApp(panel).run_test(size=size) as pilot:
        line.tell(LockedView(day=views.DAY, at=views.NOW, last=views.COUNSELLOR))
        line.tell(LinkLost("gone"))
        await settled(pilot)
        assert_lines_fit(panel.who)
        assert panel.link.content_size.height == 1
        assert_whole(panel)
        for code in (None, *REFUSED_AT_SIGN_IN):
            assert isinstance(panel.dialog, PinDialog)
            panel.dialog.told_no(order, code)
            await settled(pilot)
            assert_whole(panel)
        await pilot.press("escape")
        await settled(pilot)
        assert isinstance(panel.dialog, NamesDialog)
        assert_whole(panel)


@pytest.mark.parametrize("language", [*LANGUAGES, "en"])
@pytest.mark.parametrize("size", SIZES)
async def test_a_desk_that_somebody_left_open_fits(
    line: Any, brussels: Centre, phrases: Phrases, size: tuple[int, int], language: str
) -> None:
    panel = CounsellorPanel(line, brussels, phrases, language, "3", monotonic=lambda: 0.0)
    async with StaffApp(panel).run_test(size=size) as pilot:
        for state in (DeskState.FREE, DeskState.CALLED, DeskState.SERVING, DeskState.PAUSED):
            panel.show(views.counsellor_view(state, staff="c05"))
            await settled(pilot)
            assert_lines_fit(panel.heed)
            for tile in panel.desk_side.tiles:
                assert_lines_fit(tile)
                assert_inside(tile, panel.desk_side)
            assert_lines_fit(panel.keys)
            assert_one_below_the_other(
                [
                    panel.heed,
                    panel.desk_side.band,
                    panel.desk_side.big,
                    panel.desk_side.facts,
                    panel.desk_side.timer,
                ]
            )
        panel.show(views.counsellor_view(DeskState.FREE, staff="c05"))
        await settled(pilot)
        await assert_dialog_fits(pilot, panel, "f12")
