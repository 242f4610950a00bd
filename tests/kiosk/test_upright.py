"""An upright panel: nothing touches its head or crowds its foot, and what is free makes type larger."""

from typing import Any

import pytest
from support.kiosk_stories import before_language, stories, tell

from kiosk.inputs import Aid
from kiosk.widgets import Words
from protocol.envelope import TicketGiven

UPRIGHT = ((45, 48), (60, 60))
CASES = [*(((45, 48), language) for language in ("fr", "nl", "de", "en")), ((60, 60), "de")]
OFFICIAL = [((45, 48), "fr"), ((45, 48), "nl"), ((60, 60), "fr")]
ASKED = ("unsure", "refused", "help, called", "help for everybody, called", "still there, everybody")
TICKETS = (
    *("ticket, slip coming", "ticket, slip failed", "ticket, printed elsewhere", "ticket of its own, late"),
    *("ticket without paper", "ticket without paper, with a forecast", "ticket of its own, on the screen"),
)


def named(what: object) -> str:
    """Of a size; else as it is."""
    return f"{what[0]}x{what[1]}" if isinstance(what, tuple) else str(what)


async def played(app: Any, clock: Any, pilot: Any, told: list[Any], *aids: Aid) -> None:
    tell(app.panel, clock, told, *aids)
    await pilot.pause()


def below_the_head(app: Any, selector: str) -> int:
    """Rows between the head and the first thing below it."""
    return int(app.panel.query_one(selector).region.y - app.panel.query_one(".head").region.bottom)


@pytest.mark.parametrize("larger", [False, True], ids=["usual", "larger"])
@pytest.mark.parametrize(("size", "language"), CASES, ids=named)
async def test_no_sentence_touches_the_head(
    size: tuple[int, int], language: str, larger: bool, kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    told = {**stories(language, ticket), **before_language()}
    aids = (Aid.LARGER,) if larger else ()
    async with kiosk.run_test(size=size) as pilot:
        for name in ASKED:
            await played(kiosk, clock, pilot, told[name], *aids)
            assert below_the_head(kiosk, ".ask .sentence") > 0, name


@pytest.mark.parametrize(("size", "language"), CASES, ids=named)
async def test_no_ticket_touches_the_head(
    size: tuple[int, int], language: str, kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=size) as pilot:
        for name in TICKETS:
            await played(kiosk, clock, pilot, stories(language, ticket)[name])
            assert below_the_head(kiosk, ".ticket .band") > 0, name
        await played(kiosk, clock, pilot, stories(language, ticket)["ticket, slip coming"], Aid.LARGER)
        assert below_the_head(kiosk, ".ticket .band") > 0


@pytest.mark.parametrize(("size", "language"), OFFICIAL, ids=named)
async def test_a_code_stands_clear_of_the_way_out(
    size: tuple[int, int], language: str, kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=size) as pilot:
        for name in TICKETS:
            await played(kiosk, clock, pilot, stories(language, ticket)[name])
            card, way = kiosk.panel.query_one(".ticket .qr-card"), kiosk.panel.query_one("#way")
            assert card.region.bottom < way.region.y, name


async def test_where_there_is_no_code_the_card_is_not_close(
    kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=(45, 48)) as pilot:
        rows = []
        for name in ("ticket without a forecast", "ticket without an address"):
            await played(kiosk, clock, pilot, stories("fr", ticket)[name])
            rows.append(kiosk.panel.query_one(".ticket .band").region.height)
        assert rows[1] > rows[0]


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
async def test_who_gets_no_ticket_today_reads_why_in_large_letters_where_rows_are_plenty(
    language: str, kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=(60, 60)) as pilot:
        for name in ("talk, all is full for today", "talk, not today"):
            await played(kiosk, clock, pilot, stories(language, ticket)[name])
            assert kiosk.panel.query_one(".talk .reason", Words).rows >= 3, name


@pytest.mark.parametrize(("size", "language"), CASES, ids=named)
async def test_the_last_choice_of_a_conversation_stands_clear_of_the_way_back(
    size: tuple[int, int], language: str, kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    told = stories(language, ticket)
    async with kiosk.run_test(size=size) as pilot:
        for name in ("talk, elsewhere", "talk, nobody", "talk, somebody comes later"):
            await played(kiosk, clock, pilot, told[name])
            tiles = [tile for tile in kiosk.panel.query(".talk Tile") if tile.is_on_screen]
            way = kiosk.panel.query_one("#way")
            assert all(tile.region.bottom < way.region.y for tile in tiles), name


@pytest.mark.parametrize("size", UPRIGHT, ids=named)
async def test_larger_type_has_tiles_no_lower_and_a_row_under_its_question(
    size: tuple[int, int], kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    told = stories("fr", ticket)
    async with kiosk.run_test(size=size) as pilot:
        heights = []
        for aids in ((), (Aid.LARGER,)):
            await played(kiosk, clock, pilot, told["language"], *aids)
            heights.append(kiosk.panel.query_one("#fr").region.height)
        assert heights[1] >= heights[0]
        await played(kiosk, clock, pilot, told["field"], Aid.LARGER)
        question, first = kiosk.panel.query_one(".field .question"), kiosk.panel.query_one(".field .grid")
        assert first.region.y > question.region.bottom


@pytest.mark.parametrize(("size", "language"), CASES, ids=named)
async def test_in_larger_type_a_row_is_free_above_every_name(
    size: tuple[int, int], language: str, kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=size) as pilot:
        for name in ("talk, nobody", "talk, somebody comes later", "talk, spoken"):
            await played(kiosk, clock, pilot, stories(language, ticket)[name], Aid.LARGER)
            for tile in kiosk.panel.query(".talk Tile.main"):
                if tile.is_on_screen:
                    assert tile.query_one(".label").region.y > tile.region.y, name


@pytest.mark.parametrize("size", UPRIGHT, ids=named)
async def test_a_sentence_takes_the_same_room_in_french_and_in_dutch(
    size: tuple[int, int], kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=size) as pilot:
        for name in ("unsure", "still there", "refused", "help, called"):
            places = []
            for language in ("fr", "nl"):
                await played(kiosk, clock, pilot, stories(language, ticket)[name])
                shown = kiosk.panel.query(".ask .sentence, .ask .words, .ask Button")
                places.append([one.region for one in shown if one.region])
            assert places[0] == places[1], name


@pytest.mark.parametrize("size", UPRIGHT, ids=named)
async def test_no_small_question_stands_over_large_answers(
    size: tuple[int, int], kiosk: Any, clock: Any
) -> None:
    async with kiosk.run_test(size=size) as pilot:
        for name, story in before_language().items():
            await played(kiosk, clock, pilot, story)
            for sentence in kiosk.panel.query(".ask .sentence").results(Words):
                assert not sentence.region or sentence.rows >= 3, name


@pytest.mark.parametrize("size", UPRIGHT, ids=named)
async def test_a_row_is_free_between_two_languages_on_a_button(
    size: tuple[int, int], kiosk: Any, clock: Any
) -> None:
    async with kiosk.run_test(size=size) as pilot:
        await played(kiosk, clock, pilot, before_language()["still there, everybody"])
        for words in kiosk.panel.query(".ask .sentence, .ask .label").results(Words):
            assert words.rows >= 3, words.plain
            assert "\n\n" in str(words.content), words.plain


@pytest.mark.parametrize("size", UPRIGHT, ids=named)
async def test_a_card_for_everybody_has_as_many_lines_in_either_language(
    size: tuple[int, int], kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=size) as pilot:
        for name in ("closed early", "closed now", "offline", "connecting"):
            await played(kiosk, clock, pilot, stories("fr", ticket)[name])
            lines = {len(str(one.content).split("\n")) for one in kiosk.panel.query(".title").results(Words)}
            assert len(lines) == 1, name


async def test_where_rows_are_plenty_what_to_do_is_large_as_well(
    kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=(60, 60)) as pilot:
        for name in ("closed now", "refused", "help, called", "unanswered"):
            await played(kiosk, clock, pilot, stories("fr", ticket)[name])
            told = [one for one in kiosk.panel.query(".words").results(Words) if one.region.height]
            assert {one.rows for one in told} >= {3}, name


@pytest.mark.parametrize("language", ["fr", "nl"])
async def test_who_finds_all_full_reads_so_in_large_letters_clear_of_their_grounds_edge(
    language: str, kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=(45, 48)) as pilot:
        await played(kiosk, clock, pilot, stories(language, ticket)["talk, all is full for today"])
        reason = kiosk.panel.query_one(".talk .reason", Words)
        assert reason.rows >= 3
        assert reason.content_region.y > reason.region.y


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
async def test_where_rows_are_plenty_all_that_can_be_chosen_is_large_under_a_large_question(
    language: str, kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=(60, 60)) as pilot:
        for name in ("talk, nobody", "talk, elsewhere", "talk, spoken"):
            await played(kiosk, clock, pilot, stories(language, ticket)[name])
            said = [*kiosk.panel.query(".talk TalkTile .label, .talk .question").results(Words)]
            assert not [one.plain for one in said if one.region.height and one.rows < 3], name


@pytest.mark.parametrize("size", UPRIGHT, ids=named)
async def test_larger_type_enlarges_what_is_touched_first_and_the_hour_of_the_turn(
    size: tuple[int, int], kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=size) as pilot:
        for name, part in (("language", "#nl .label"), ("ticket, slip coming", ".ticket .clock")):
            heights = []
            for aids in ((), (Aid.LARGER,)):
                await played(kiosk, clock, pilot, stories("fr", ticket)[name], *aids)
                words = kiosk.panel.query_one(part, Words)
                heights.append(words.rows)
                assert max(map(len, str(words.content).split("\n"))) <= words.region.width
            assert heights[1] > heights[0], name


@pytest.mark.parametrize("language", ["fr", "nl"])
async def test_without_a_code_a_ticket_says_all_in_large_letters_where_rows_are_plenty(
    language: str, kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=(60, 60)) as pilot:
        await played(kiosk, clock, pilot, stories(language, ticket)["ticket without an address"])
        for part in ("ahead", "advice", "watch"):
            assert kiosk.panel.query_one(f".ticket .{part}", Words).rows >= 3, part


@pytest.mark.parametrize("size", UPRIGHT, ids=named)
async def test_larger_type_has_larger_fields_in_the_same_place_in_french_and_in_dutch(
    size: tuple[int, int], kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=size) as pilot:
        places = []
        for language in ("fr", "nl"):
            rows = []
            for aids in ((), (Aid.LARGER,)):
                await played(kiosk, clock, pilot, stories(language, ticket)["field"], *aids)
                rows.append(min(one.rows for one in kiosk.panel.query(".field .label").results(Words)))
            assert rows[1] > rows[0]
            places.append([one.region for one in kiosk.panel.query("ChoiceTile")])
        assert places[0] == places[1]
