"""What stands on a lying panel has air around it wherever rows are free, and words wherever there is room."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from support.kiosk_stories import LANGUAGES, before_language, stories, tell
from support.silence import SilentVoice

from kiosk.inputs import Aid
from kiosk.screens.foot import Tool
from protocol.envelope import TicketGiven

LYING = [(80, 24), (100, 30)]
NAMED = [f"{columns}x{rows}" for columns, rows in LYING]
OFFICIAL = ("fr", "nl")
ENOUGH_ROWS = 3
"""Free around a ticket: a row above and below what to do, and one above everything."""
Size = tuple[int, int]


def visible(widget: Any) -> bool:
    return all(part.display for part in widget.ancestors_with_self)


def shown(panel: Any, kind: str) -> Iterator[Any]:
    return filter(visible, panel.query(kind))


@pytest.mark.parametrize("aids", [(), (Aid.LARGER,)], ids=["usual", "larger"])
@pytest.mark.parametrize("size", LYING, ids=NAMED)
async def test_a_question_touches_its_answers_only_where_no_row_is_free(
    size: Size, aids: tuple[Aid, ...], kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=size) as pilot:
        for language in LANGUAGES:
            told = {**stories(language, ticket), **before_language()}
            for name in ("unsure", "help, over", "still there, everybody", "help for everybody, over"):
                tell(kiosk.panel, clock, told[name], *aids)
                await pilot.pause()
                body, sentence, row = (
                    next(shown(kiosk.panel, f".ask {part}")) for part in (".body", ".sentence", ".row")
                )
                above, between = sentence.region.y - body.region.y, row.region.y - sentence.region.bottom
                assert between > 0 or above <= 1, (name, language)


@pytest.mark.parametrize("size", LYING, ids=NAMED)
async def test_a_greeting_does_not_touch_the_head(
    size: Size, kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=size) as pilot:
        for name in ("language", "language without paper"):
            tell(kiosk.panel, clock, stories("fr", ticket)[name])
            await pilot.pause()
            head, hello = kiosk.panel.query_one(".head"), kiosk.panel.query_one(".hello")
            assert hello.region.y > head.region.bottom, name


async def test_on_a_small_panel_a_card_has_air_where_rows_are_free(
    kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=(80, 24)) as pilot:
        for name in ("connecting", "closed early", "closed now", "offline"):
            tell(kiosk.panel, clock, stories("fr", ticket)[name], connecting=name == "connecting")
            await pilot.pause()
            for card in kiosk.panel.query("NoticeCard"):
                assert card.query_one(".title").region.y > card.region.y, name


@pytest.mark.parametrize("size", LYING, ids=NAMED)
async def test_in_larger_type_the_name_of_a_language_does_not_touch_its_tiles_upper_edge(
    size: Size, kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=size) as pilot:
        for language in LANGUAGES:
            for name in ("talk, nobody", "talk, somebody comes later"):
                tell(kiosk.panel, clock, stories(language, ticket)[name], Aid.LARGER)
                await pilot.pause()
                for tile in shown(kiosk.panel, ".talk .main"):
                    assert tile.query_one(".label").region.y > tile.region.y, (name, language, tile.id)


@pytest.mark.parametrize("size", LYING, ids=NAMED)
async def test_every_tool_says_in_words_what_it_does_whatever_the_bell_says(
    size: Size, kiosk_spoken: Any, clock: Any, ticket: TicketGiven
) -> None:
    """Also where the kiosk can read aloud, which is a tool more."""
    kiosk = kiosk_spoken(SilentVoice())
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


@pytest.mark.parametrize("language", LANGUAGES)
async def test_on_a_small_panel_a_ticket_touches_no_head_and_its_code_is_explained_on_one_line(
    language: str, kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=(80, 24)) as pilot:
        tell(kiosk.panel, clock, stories(language, ticket)["ticket, slip coming, soon"])
        await pilot.pause()
        assert kiosk.panel.query_one(".scan").region.height == 1
        head, paper = kiosk.panel.query_one(".head"), kiosk.panel.query_one(".paper")
        assert paper.region.y > head.region.bottom


def first_row(words: Any) -> int:
    """Of the screen, the first on which something of it is written."""
    lines = str(words.content).split("\n")
    return int(words.region.y) + next(row for row, line in enumerate(lines) if line.strip())


@pytest.mark.parametrize("size", LYING, ids=NAMED)
async def test_the_words_of_a_tool_do_not_touch_its_upper_edge(
    size: Size, kiosk_spoken: Any, clock: Any, ticket: TicketGiven
) -> None:
    """In one language on one line; in two, where nothing is said above the tools, under a row of air."""
    kiosk = kiosk_spoken(SilentVoice())
    async with kiosk.run_test(size=size) as pilot:
        for language in LANGUAGES:
            told = {**stories(language, ticket), **before_language()}
            for name in (
                "language",
                "language, called",
                "closed now",
                "field",
                "field without paper",
                "unsure",
            ):
                tell(kiosk.panel, clock, told[name])
                await pilot.pause()
                for tool in shown(kiosk.panel, "Tool"):
                    assert first_row(tool.query_one(".label")) > tool.region.y, (name, language, tool.id)


@pytest.mark.parametrize("size", LYING, ids=NAMED)
async def test_no_card_has_a_hole_between_its_title_and_its_words(
    size: Size, kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    """Both languages take as many lines."""
    async with kiosk.run_test(size=size) as pilot:
        for name in ("closed early", "closed now", "offline"):
            tell(kiosk.panel, clock, stories("fr", ticket)[name])
            await pilot.pause()
            for part in (".title", ".words"):
                written = [str(one.content).count("\n") for one in kiosk.panel.query(f"NoticeCard {part}")]
                assert len(set(written)) == 1, (name, part)


@pytest.mark.parametrize("size", LYING, ids=NAMED)
async def test_no_name_of_a_language_touches_its_tiles_upper_edge(
    size: Size, kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=size) as pilot:
        for name, story in stories("fr", ticket).items():
            if name.startswith("language"):
                tell(kiosk.panel, clock, story)
                await pilot.pause()
                for tile in shown(kiosk.panel, ".language Button"):
                    assert tile.query_one(".label").region.y > tile.region.y, (name, tile.id)


@pytest.mark.parametrize("size", LYING, ids=NAMED)
async def test_a_ticket_touches_no_head_and_what_to_do_has_air_where_rows_are_free(
    size: Size, kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=size) as pilot:
        panel, seen = kiosk.panel, dict[tuple[str, str], tuple[int, int]]()
        for language, name in product(OFFICIAL, stories("fr", ticket)):
            if name.startswith("ticket"):
                tell(panel, clock, stories(language, ticket)[name])
                await pilot.pause()
                left, advice, body = (
                    panel.query_one(f".ticket {one}") for one in (".left", ".advice", ".body")
                )
                seen[language, name] = body.region.height - left.region.height, left.region.y - body.region.y
                # as large in both: one has air only where the other has it
                if language != OFFICIAL[0]:
                    alike = [seen[one, name] for one in OFFICIAL]
                    free = min(rows for rows, _ in alike)
                    assert not free or min(above for _, above in alike) > 0, (name, alike)
                    assert advice.styles.padding.top or free < ENOUGH_ROWS, (name, alike)


@pytest.mark.parametrize("size", LYING, ids=NAMED)
async def test_nor_do_they_beside_the_scene(
    size: Size, kiosk_spoken: Any, clock: Any, ticket: TicketGiven
) -> None:
    kiosk = kiosk_spoken(SilentVoice())
    async with kiosk.run_test(size=size) as pilot:
        for language, name in product(("fr", "de"), ("language", "field")):
            tell(kiosk.panel, clock, stories(language, ticket)[name], Aid.LARGER)
            await pilot.pause()
            for tool in shown(kiosk.panel, "Tool"):
                assert first_row(tool.query_one(".label")) > tool.region.y, (name, language, tool.id)
