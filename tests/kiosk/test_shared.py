"""Where two languages share a scene, and where the one takes the other's place: neither makes it smaller."""

from typing import Any

import pytest
from support.kiosk_stories import before_language, stories, tell
from support.silence import SilentVoice

from kiosk.inputs import Aid
from kiosk.screens.foot import Tool
from kiosk.widgets import Button, Words
from protocol.envelope import TicketGiven

LYING = [(80, 24), (100, 30)]
NAMED = [f"{columns}x{rows}" for columns, rows in LYING]
LARGE = 3
"""Rows of letters that can be read from where a visitor stands."""
Size = tuple[int, int]


def answers(panel: Any) -> list[Words]:
    return [button.words for button in panel.query(".ask Button").results(Button) if button.is_on_screen]


@pytest.mark.parametrize("size", LYING, ids=NAMED)
async def test_both_a_question_and_its_answers_are_large_in_two_languages(
    size: Size, kiosk: Any, clock: Any
) -> None:
    async with kiosk.run_test(size=size) as pilot:
        for name, story in before_language().items():
            if name.startswith(("help", "still")):
                tell(kiosk.panel, clock, story)
                await pilot.pause()
                sentence = kiosk.panel.query_one(".ask .sentence", Words)
                assert min(words.rows for words in (sentence, *answers(kiosk.panel))) >= LARGE, name


@pytest.mark.parametrize("size", LYING, ids=NAMED)
async def test_where_rows_are_free_on_a_button_its_languages_stand_apart(
    size: Size, kiosk: Any, clock: Any
) -> None:
    async with kiosk.run_test(size=size) as pilot:
        tell(kiosk.panel, clock, before_language()["help for everybody, over"])
        await pilot.pause()
        for words in answers(kiosk.panel):
            lines = str(words.content).split("\n")
            assert [row for row, line in enumerate(lines) if not line] == [words.rows], words.plain


@pytest.mark.parametrize("size", LYING, ids=NAMED)
async def test_what_is_asked_stands_where_it_stands_in_the_other_language(
    size: Size, kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=size) as pilot:
        for name in ("refused", "refused, too many tickets", "help, unheard", "help, coming", "unanswered"):
            places = []
            for language in ("fr", "nl"):
                tell(kiosk.panel, clock, stories(language, ticket)[name])
                await pilot.pause()
                parts = (".sentence", ".words", "#yes", "#no")
                places.append([kiosk.panel.query_one(f".ask {part}").region for part in parts])
            assert places[0] == places[1], name


@pytest.mark.parametrize("size", LYING, ids=NAMED)
async def test_in_larger_type_what_is_told_of_waits_covers_no_button(
    size: Size, kiosk_spoken: Any, clock: Any, ticket: TicketGiven
) -> None:
    kiosk = kiosk_spoken(SilentVoice())
    async with kiosk.run_test(size=size) as pilot:
        for language in ("fr", "nl", "de", "en"):
            for name, story in stories(language, ticket).items():
                if name.startswith("field"):
                    tell(kiosk.panel, clock, story, Aid.LARGER)
                    await pilot.pause()
                    remark = kiosk.panel.query_one(".foot .remark", Words)
                    bottom = max(tool.region.bottom for tool in kiosk.panel.query(Tool))
                    assert not remark.display or remark.region.y >= bottom, (name, language)


async def test_of_fields_of_which_the_same_is_told_it_is_told_once(
    kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=(80, 24)) as pilot:
        tell(kiosk.panel, clock, stories("nl", ticket)["field elsewhere"], Aid.LARGER)
        await pilot.pause()
        remark = kiosk.panel.query_one(".foot .remark", Words)
        assert remark.plain.startswith("K M S X Z  ")


@pytest.mark.parametrize("size", LYING, ids=NAMED)
async def test_in_larger_type_bar_letter_and_label_of_a_field_stand_apart(
    size: Size, kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=size) as pilot:
        for language in ("fr", "nl", "de", "en"):
            tell(kiosk.panel, clock, stories(language, ticket)["field"], Aid.LARGER)
            await pilot.pause()
            for tile in kiosk.panel.query("ChoiceTile"):
                signs = [one for one in tile.query(".badge Words").results(Words) if one.display]
                air = min(one.region.x for one in signs) - tile.region.x - 1
                assert air >= 1, (language, tile.id)
                assert tile.query_one(".label").region.x - signs[-1].region.right > 1, (language, tile.id)
