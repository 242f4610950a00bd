"""Which tickets reception finds by a number, and in which orders it can look at them."""

from typing import Any

import pytest
from support import views
from support.staff import pressed, settled, shown
from textual.widgets import OptionList

from config.model import Centre
from config.phrases import Phrases
from desk.numbers import number_typed
from desk.program import StaffApp
from desk.reception.lists import Order, after, found
from desk.reception.menu import SEARCH_ENDS_KEY
from desk.reception.panel import ReceptionPanel

SIZES = [(80, 24), (120, 36), (160, 45)]


@pytest.fixture
def panel(line: Any, brussels: Centre, phrases: Phrases) -> ReceptionPanel:
    return ReceptionPanel(line, brussels, phrases, "fr", monotonic=lambda: 0.0)


def named(panel: ReceptionPanel) -> set[str]:
    return {name.label for name in panel.keys._names}


def test_the_ways_to_sort_go_round() -> None:
    way, gone = after(Order.ARRIVAL), [Order.ARRIVAL]
    while way is not Order.ARRIVAL:
        gone.append(way)
        way = after(way)
    assert gone == list(Order)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("k42", "K042"),
        ("K 042", "K042"),
        ("x1234", "X1234"),
        ("42", None),
        ("k", None),
        ("kk1", None),
        ("", None),
    ],
)
def test_a_number_written_in_full_names_a_ticket(typed: str, code: str | None) -> None:
    assert number_typed(typed) == code


def test_a_ticket_named_in_two_lists_is_found_once() -> None:
    view = views.reception_view(doubtful=(views.waiting_tickets()[0],), doubtful_total=1)
    assert [ticket.ticket for ticket in found(view, "S047")] == ["S047"]


def test_a_number_is_found_as_people_write_it() -> None:
    view = views.reception_view()
    assert [ticket.ticket for ticket in found(view, "z9")] == ["Z009"]
    assert [ticket.ticket for ticket in found(view, "k 113")] == ["K113"]
    assert found(view, "999") == ()


@pytest.mark.parametrize("size", SIZES)
async def test_while_a_number_is_searched_the_footer_names_the_key_that_leads_back(
    panel: ReceptionPanel, size: tuple[int, int]
) -> None:
    async with StaffApp(panel).run_test(size=size) as pilot:
        await shown(pilot, panel, views.reception_view())
        assert SEARCH_ENDS_KEY not in panel.keys.possible
        await pressed(pilot, "f3")
        assert SEARCH_ENDS_KEY in panel.keys.possible
        assert panel.keys.content_size.height >= len(str(panel.keys.content).split("\n"))
        await pressed(pilot, *"m03")
        panel.press(SEARCH_ENDS_KEY)
        await settled(pilot)
        assert SEARCH_ENDS_KEY not in panel.keys.possible
        assert panel.lists.table.sequence[0] == "S047"


async def test_where_a_number_is_typed_the_footer_names_what_the_keys_do_there(
    panel: ReceptionPanel,
) -> None:
    async with StaffApp(panel).run_test(size=SIZES[0]) as pilot:
        await shown(pilot, panel, views.reception_view())
        assert {"Ce ticket", "Autre liste"} <= named(panel)
        await pressed(pilot, "f3", *"s04")
        assert "Vers la liste" in named(panel)
        assert not {"Ce ticket", "Autre liste"} & named(panel)
        panel.press("enter")
        await settled(pilot)
        assert panel.dialog is None
        assert {"Ce ticket", "Autre liste"} <= named(panel)
        panel.press("enter")
        await settled(pilot)
        assert panel.dialog is not None


@pytest.mark.parametrize("size", SIZES)
async def test_that_a_list_is_empty_is_said_right_below_its_head(
    panel: ReceptionPanel, size: tuple[int, int]
) -> None:
    async with StaffApp(panel).run_test(size=size) as pilot:
        await shown(pilot, panel, views.reception_view(waiting=()))
        assert panel.lists.more.region.y == panel.lists.table.region.y + 1
        await shown(pilot, panel, views.reception_view())
        assert panel.lists.table.size.height > len(views.MORNING)


async def test_the_fields_are_not_said_to_be_sorted(panel: ReceptionPanel) -> None:
    async with StaffApp(panel).run_test(size=SIZES[-1]) as pilot:
        await shown(pilot, panel, views.reception_view())
        assert "par arrivée" in str(panel.lists.shelves.content)
        await pressed(pilot, *["right"] * 4)
        assert "par arrivée" not in str(panel.lists.shelves.content)


async def test_a_list_to_choose_from_is_as_long_as_the_screen_allows(panel: ReceptionPanel) -> None:
    async with StaffApp(panel).run_test(size=SIZES[0]) as pilot:
        await shown(pilot, panel, views.reception_view())
        await pressed(pilot, "f10")
        assert panel.dialog is not None
        options = panel.dialog.query_one(OptionList)
        assert options.size.height < options.option_count
        await pilot.resize_terminal(*SIZES[1])
        await settled(pilot)
        assert options.size.height == options.option_count
        await pilot.resize_terminal(*SIZES[0])
        await settled(pilot)
        assert panel.region.contains_region(panel.dialog.region)
        assert panel.dialog.max_scroll_y == 0
