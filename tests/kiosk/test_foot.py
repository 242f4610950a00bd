"""What stands under every scene of an upright panel: signs with their words, clear of every edge."""

from collections.abc import Callable
from typing import Any

import pytest
from support.kiosk_stories import before_language, stories, tell
from support.silence import SilentVoice
from textual.geometry import Region

from kiosk.inputs import Aid
from kiosk.screens.foot import Tool, tools_rows
from kiosk.widgets import Words
from protocol.envelope import TicketGiven

UPRIGHT = ((45, 48), (60, 60))
LANGUAGES = ("fr", "nl", "de", "en")
CALLED = ("field, somebody comes", "language, called", "language, coming")
"""The bell says that it was heard."""
STATES = ("field", "refused", "language", "field, somebody comes")
CASES = [*(((45, 48), language) for language in LANGUAGES), ((60, 60), "de")]
LYING = [((80, 24), "de"), ((160, 45), "fr")]
UNPRINTED = ("field without paper", "field without printer", "field, printed elsewhere")


@pytest.fixture
def speaking(kiosk_spoken: Callable[..., Any]) -> Any:
    return kiosk_spoken(SilentVoice())


def named(what: object) -> str:
    """Of a size; else as it is."""
    return f"{what[0]}x{what[1]}" if isinstance(what, tuple) else str(what)


def tools(panel: Any) -> list[Tool]:
    return [tool for tool in panel.query(Tool) if tool.is_on_screen]


def shown(tool: Tool, part: str) -> bool:
    return bool(tool.query_one(part, Words).display)


async def played(app: Any, clock: Any, pilot: Any, told: list[Any], *aids: Aid) -> None:
    tell(app.panel, clock, told, *aids)
    await pilot.pause()


@pytest.mark.parametrize(("size", "language"), CASES, ids=named)
async def test_every_sign_stands_above_its_word(
    size: tuple[int, int], language: str, speaking: Any, clock: Any, ticket: TicketGiven
) -> None:
    told = {**stories(language, ticket), **before_language()}
    async with speaking.run_test(size=size) as pilot:
        for name in STATES:
            await played(speaking, clock, pilot, told[name])
            if name not in CALLED:
                for tool in tools(speaking.panel):
                    sign, label = tool.query_one(".sign"), tool.query_one(".label")
                    assert shown(tool, ".sign") and shown(tool, ".label"), (name, tool.id)  # noqa: PT018 - both
                    assert sign.region.bottom == label.region.y, (name, tool.id)


@pytest.mark.parametrize(("size", "language"), CASES, ids=named)
async def test_while_the_bell_tells_more_no_other_word_is_left_out(
    size: tuple[int, int], language: str, speaking: Any, clock: Any, ticket: TicketGiven
) -> None:
    told = {**stories(language, ticket), **before_language()}
    async with speaking.run_test(size=size) as pilot:
        for name in CALLED:
            await played(speaking, clock, pilot, told[name])
            assert all(shown(tool, ".label") for tool in tools(speaking.panel)), name


@pytest.mark.parametrize(("size", "language"), [*CASES, *LYING], ids=named)
async def test_what_stands_on_a_tool_touches_no_edge_of_it(
    size: tuple[int, int], language: str, speaking: Any, clock: Any, ticket: TicketGiven
) -> None:
    told = {**stories(language, ticket), **before_language()}
    async with speaking.run_test(size=size) as pilot:
        for name in STATES:
            await played(speaking, clock, pilot, told[name])
            for tool in tools(speaking.panel):
                edges = columns_of(tool)
                assert edges[0] > tool.region.x, (name, tool.id)
                assert edges[1] < tool.region.right, (name, tool.id)


def columns_of(tool: Tool) -> tuple[int, int]:
    """First and last column of what is written on it, half-open."""
    parts = [part for part in tool.query(Words) if part.display]
    lines = [(part.region, line) for part in parts for line in str(part.content).split("\n") if line.strip()]
    return min(edges(*line)[0] for line in lines), max(edges(*line)[1] for line in lines)


def edges(region: Region, line: str) -> tuple[int, int]:
    """Where a line begins and ends in a widget that has it in its middle, or as wide as itself."""
    left = region.x + (region.width - len(line)) // 2
    return left + len(line) - len(line.lstrip()), left + len(line.rstrip())


@pytest.mark.parametrize("size", UPRIGHT, ids=named)
async def test_in_french_every_tool_stands_where_it_stands_in_dutch(
    size: tuple[int, int], speaking: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with speaking.run_test(size=size) as pilot:
        for name in STATES:
            places = []
            for language in ("fr", "nl"):
                await played(speaking, clock, pilot, stories(language, ticket).get(name, []))
                places.append([tool.region for tool in tools(speaking.panel)])
            assert places[0] == places[1], name


@pytest.mark.parametrize("size", UPRIGHT, ids=named)
async def test_the_tools_take_all_of_the_width_and_the_rows_that_are_reckoned(
    size: tuple[int, int], speaking: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with speaking.run_test(size=size) as pilot:
        for name, languages in (("field", 1), ("refused", 1), ("language", 2), ("closed now", 2)):
            await played(speaking, clock, pilot, stories("de", ticket)[name])
            found = tools(speaking.panel)
            assert (found[0].region.x, found[-1].region.right) == (2, size[0] - 2), name
            assert {tool.region.height for tool in found} == {tools_rows(languages)}, name
            assert {tool.region.bottom for tool in found} == {size[1]}, name


@pytest.mark.parametrize(("size", "language"), CASES, ids=named)
async def test_a_warning_beside_the_way_back_has_air_on_its_ground(
    size: tuple[int, int], language: str, speaking: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with speaking.run_test(size=size) as pilot:
        for name in UNPRINTED:
            await played(speaking, clock, pilot, stories(language, ticket)[name])
            remark = speaking.panel.query_one(".foot .remark", Words)
            lines = str(remark.content).split("\n")
            assert max(map(len, lines)) <= remark.region.width - 2, name
            assert len(lines) <= remark.content_region.height, name


@pytest.mark.parametrize("size", UPRIGHT, ids=named)
async def test_each_language_is_told_the_time_left_on_a_line_of_its_own(
    size: tuple[int, int], speaking: Any, clock: Any
) -> None:
    async with speaking.run_test(size=size) as pilot:
        await played(speaking, clock, pilot, before_language()["still there, everybody"])
        remark = speaking.panel.query_one(".foot .remark", Words)
        lines = str(remark.content).split("\n")
        assert [line.split()[0] for line in lines[:2]] == ["Retour", "Terug"]
        assert len(lines) == 3
        assert remark.content_region.height >= 3


async def test_what_is_read_aloud_of_a_tool_is_more_than_its_word(
    speaking: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with speaking.run_test(size=(45, 48)) as pilot:
        await played(speaking, clock, pilot, stories("fr", ticket)["field"])
        larger = speaking.panel.query_one("#tool-larger", Tool)
        assert larger.query_one(".label", Words).plain == "Agrandir"
        assert larger.lines == ("Texte plus grand",)
