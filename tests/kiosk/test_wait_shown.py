"""The wait on the screen itself: on tiles of every size, beside them in larger type, and on the ticket."""

from datetime import UTC
from typing import Any

import pytest
from msgspec.structs import replace
from support.kiosk_stories import stories, tell
from support.waits import LONG

from config.phrases import Phrases
from kiosk.inputs import Aid
from kiosk.screens.field import FieldTile
from kiosk.widgets import Words
from protocol.envelope import TicketGiven
from protocol.waits import WaitWindow

NARROW = [(80, 24), (45, 48)]


def shown(panel: Any, kind: str) -> list[str]:
    """What stands in the words of this kind that can be seen."""
    words = panel.query(f".{kind}").results(Words)
    return [one.plain for one in words if one.plain and all(part.display for part in one.ancestors_with_self)]


@pytest.mark.parametrize("size", [*NARROW, (100, 30)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_french_and_dutch_tiles_tell_as_much_in_letters_of_one_size(
    size: tuple[int, int], kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=size) as pilot:
        told = []
        for language in ("fr", "nl"):
            tell(kiosk.panel, clock, stories(language, ticket)["field"])
            await pilot.pause()
            waits = kiosk.panel.query(".field .waiting").results(Words)
            told.append([(one.rows, one.plain.endswith(" · 128 pers.")) for one in waits])
        assert told[0] == told[1]
        assert (1, True) in told[0]


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
async def test_on_a_wide_panel_all_waits_have_large_letters_and_the_people_stand_behind_them(
    language: str, kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=(160, 45)) as pilot:
        for name in ("field", "field, long waits"):
            tell(kiosk.panel, clock, stories(language, ticket)[name])
            await pilot.pause()
            waits = [tile.query_one(".waiting", Words) for tile in kiosk.panel.query(FieldTile)]
            assert {one.rows for one in waits} == {3}, name
            people = shown(kiosk.panel, "people")
            assert people
            assert all("128" in one for one in people)


@pytest.mark.parametrize("size", NARROW, ids=["80x24", "45x48"])
async def test_in_larger_type_the_wait_has_its_place_on_the_tile_or_beside_it(
    size: tuple[int, int], kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=size) as pilot:
        tell(kiosk.panel, clock, stories("nl", ticket)["field"], Aid.LARGER)
        await pilot.pause()
        beside = shown(kiosk.panel, "remark")
        on_tiles = shown(kiosk.panel, "waiting")
        lines = ["K  25–45 min", "M  Meteen", "S  100–190 min", "X  Niemand gepland", "Z  max. 10 min"]
        if size == (80, 24):
            broken = "\n".join(lines).replace("Niemand ", "Niemand\n   ")
            assert (on_tiles, beside) == ([], [broken]), "the second line stands under the words"
        else:
            assert (on_tiles, beside) == ([*lines, "?"], [])


async def test_in_larger_type_the_wait_for_each_language_has_its_place_too(
    kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=(80, 24)) as pilot:
        tell(kiosk.panel, clock, stories("fr", ticket)["talk, somebody comes later"], Aid.LARGER)
        await pilot.pause()
        for size in NARROW:
            await pilot.resize_terminal(*size)
            await pilot.pause()
            waits = [text for text in shown(kiosk.panel, "waiting") if text.startswith("45–75 min")]
            assert (len(waits), shown(kiosk.panel, "remark")) == (2, [])


@pytest.mark.parametrize("language", ["de", "en"])
async def test_nobody_is_sent_to_ask_for_another_language_where_all_are_full(
    language: str, kiosk: Any, clock: Any, ticket: TicketGiven, phrases: Phrases
) -> None:
    other = phrases.say("kiosk.talk_other", language)
    async with kiosk.run_test(size=(60, 60)) as pilot:
        for name, asks in (("talk, spoken", True), ("talk, all is full for today", False)):
            tell(kiosk.panel, clock, stories(language, ticket)[name])
            await pilot.pause()
            assert (other in shown(kiosk.panel, "remark")) is asks, name


async def test_where_no_slip_comes_larger_type_says_that_beside_the_tiles(
    kiosk: Any, clock: Any, ticket: TicketGiven, phrases: Phrases
) -> None:
    async with kiosk.run_test(size=(80, 24)) as pilot:
        tell(kiosk.panel, clock, stories("fr", ticket)["field without paper"], Aid.LARGER)
        await pilot.pause()
        assert shown(kiosk.panel, "remark")[0].startswith(phrases.say("kiosk.no_paper", "fr"))


async def test_a_ticket_tells_its_turn_on_the_centres_clock(
    kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    abroad = WaitWindow(
        LONG.begins_at.astimezone(UTC), LONG.ends_at.astimezone(UTC), LONG.back_by.astimezone(UTC)
    )
    story = [*stories("fr", ticket)["ticket, slip coming"][:-1], replace(ticket, window=abroad)]
    async with kiosk.run_test(size=(100, 30)) as pilot:
        tell(kiosk.panel, clock, story)
        await pilot.pause()
        assert shown(kiosk.panel, "clock") == ["11:10 –\N{NO-BREAK SPACE}11:35"]
        assert shown(kiosk.panel, "turn") == ["Votre tour vers"]
        assert shown(kiosk.panel, "back") == ["Soyez de retour pour 11:00."]
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert shown(kiosk.panel, "clock") == ["Votre tour vers 11:10 –\N{NO-BREAK SPACE}11:35"]
        assert shown(kiosk.panel, "turn") == []


async def test_a_turn_that_may_come_at_any_moment_is_told_by_its_end_alone(
    kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=(100, 30)) as pilot:
        tell(kiosk.panel, clock, stories("fr", ticket)["ticket, slip coming, at any moment"])
        await pilot.pause()
        assert shown(kiosk.panel, "turn") == ["Votre tour avant"]
        assert shown(kiosk.panel, "clock") == ["10:55"]
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert shown(kiosk.panel, "clock") == ["Votre tour avant 10:55"]


async def test_what_a_ticket_was_told_stands_while_it_is_shown(
    kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    """Somebody who has been told to be back in more than ten minutes is not told otherwise a minute later."""
    story = [
        *stories("fr", ticket)["ticket, slip coming"][:-1],
        replace(ticket, window=replace(LONG, back_by=LONG.begins_at.replace(hour=10, minute=53))),
    ]
    async with kiosk.run_test(size=(100, 30)) as pilot:
        tell(kiosk.panel, clock, story)
        await pilot.pause()
        for _ in range(2):
            assert shown(kiosk.panel, "back") == ["Soyez de retour pour 10:53."]
            clock.pass_s(65.0)
            kiosk.panel._show()
            await pilot.pause()


@pytest.mark.parametrize("name", ["ticket without a forecast", "ticket of its own, on paper", "field, alone"])
async def test_where_nobody_knows_nothing_is_told(
    name: str, kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=(80, 24)) as pilot:
        tell(kiosk.panel, clock, stories("fr", ticket)[name])
        await pilot.pause()
        assert shown(kiosk.panel, "clock") + shown(kiosk.panel, "back") == []
        assert set(shown(kiosk.panel, "waiting")) <= {"Fermé en ce moment"}


@pytest.mark.parametrize("name", ["ticket of its own, late", "ticket, slip coming"])
@pytest.mark.parametrize("size", [(45, 48), (60, 60), (100, 30)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_a_ticket_does_not_touch_the_head_nor_its_number_the_band(
    size: tuple[int, int], name: str, kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=size) as pilot:
        tell(kiosk.panel, clock, stories("fr", ticket)[name])
        await pilot.pause()
        body, band, number = (
            kiosk.panel.query_one(f".ticket .{part}") for part in ("body", "band", "number")
        )
        assert band.region.y > body.region.y
        assert number.region.y > band.region.bottom


@pytest.mark.parametrize("size", [(80, 24), (100, 30)], ids=["80x24", "100x30"])
async def test_a_panel_without_a_row_for_the_question_asks_in_its_head(
    size: tuple[int, int], kiosk: Any, clock: Any, ticket: TicketGiven, phrases: Phrases
) -> None:
    async with kiosk.run_test(size=size) as pilot:
        told = stories("nl", ticket)
        for name, asks in (("field", True), ("talk, nobody", False), ("language", False)):
            tell(kiosk.panel, clock, told[name])
            await pilot.pause()
            question = phrases.say("kiosk.choose_field", "nl")
            assert (question in shown(kiosk.panel, "name")) is asks, name
            assert question not in shown(kiosk.panel, "question"), name
