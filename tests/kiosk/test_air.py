"""What stands on a lying panel has air around it wherever rows are free, and words wherever there is room."""

from collections.abc import Iterator
from typing import Any

import pytest
from support.kiosk_stories import LANGUAGES, before_language, stories, tell

from kiosk.inputs import Aid
from kiosk.screens.foot import Tool
from protocol.envelope import TicketGiven

LYING = [(80, 24), (100, 30)]
NAMED = [f"{columns}x{rows}" for columns, rows in LYING]
Size = tuple[int, int]


def visible(widget: Any) -> bool:
    return all(part.display for part in widget.ancestors_with_self)


def shown(panel: Any, kind: str) -> Iterator[Any]:
    return filter(visible, panel.query(kind))


@pytest.mark.parametrize("size", LYING, ids=NAMED)
async def test_every_tool_says_in_words_what_it_does_whatever_the_bell_says(
    size: Size, kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=size) as pilot:
        for language in LANGUAGES:
            told = {**stories(language, ticket), **before_language()}
            for name in ("field, somebody comes", "language, called", "still there, everybody"):
                tell(kiosk.panel, clock, told[name])
                await pilot.pause()
                for tool in shown(kiosk.panel, "Tool"):
                    assert tool.query_one(".label").display, (name, language, tool.id)


@pytest.mark.parametrize("size", LYING, ids=NAMED)
async def test_the_words_of_a_tool_beside_the_scene_do_not_touch_its_edge(
    size: Size, kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=size) as pilot:
        tell(kiosk.panel, clock, stories("fr", ticket)["language"], Aid.LARGER)
        await pilot.pause()
        for tool in kiosk.panel.query(Tool):
            assert tool.query_one(".label").region.right < tool.region.right, tool.id
