"""A wide panel: all that a visitor needs has large letters there, with air around it."""

from collections.abc import Iterator
from typing import Any

import pytest
from support.kiosk_stories import LANGUAGES, before_language, stories, tell

from kiosk.inputs import Aid
from kiosk.screens.field import ChoiceTile, FieldTile
from kiosk.widgets import Words
from protocol.envelope import TicketGiven

WIDE = (160, 45)
LARGE = 3
"""Rows of letters that can be read from where a visitor stands before it."""
SHARED = ("help for everybody, called", "help for everybody, coming", "help for everybody, unheard")


def seen(panel: Any, kind: str) -> list[Words]:
    """The words of this kind that can be seen and say something."""
    words = panel.query(f".{kind}").results(Words)
    return [one for one in words if one.plain and all(part.display for part in one.ancestors_with_self)]


def of_fields(language: str, ticket: TicketGiven) -> Iterator[tuple[str, list[Any]]]:
    return ((name, story) for name, story in stories(language, ticket).items() if name.startswith("field"))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_on_a_tile_nothing_touches_an_edge_nor_its_neighbour(
    language: str, kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=WIDE) as pilot:
        tell(kiosk.panel, clock, stories(language, ticket)["field"])
        await pilot.pause()
        for tile in kiosk.panel.query(ChoiceTile):
            for part in ("pictogram", "label"):
                assert tile.query_one(f".{part}").region.y > tile.region.y, (tile, part)
            label, hint = tile.query_one(".label"), tile.query_one(".hint")
            assert hint.region.y >= label.region.bottom, tile


@pytest.mark.parametrize("language", LANGUAGES)
async def test_who_waits_or_that_nobody_is_there_has_large_letters_on_every_tile(
    language: str, kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=WIDE) as pilot:
        for name, story in of_fields(language, ticket):
            tell(kiosk.panel, clock, story)
            await pilot.pause()
            waits = [tile.query_one(".waiting", Words) for tile in kiosk.panel.query(FieldTile)]
            assert {one.rows for one in waits if one.plain} == {LARGE}, name
            assert all(one.plain for one in waits) or name == "field, alone"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_waits_are_as_large_in_larger_type(
    language: str, kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=WIDE) as pilot:
        for name in ("field", "field elsewhere", "field without anybody"):
            tell(kiosk.panel, clock, stories(language, ticket)[name], Aid.LARGER)
            await pilot.pause()
            assert {one.rows for one in seen(kiosk.panel, "waiting")} == {LARGE}, name


@pytest.mark.parametrize("aids", [(), (Aid.LARGER,)], ids=["usual", "larger"])
@pytest.mark.parametrize("language", LANGUAGES)
async def test_why_it_is_asked_and_all_that_can_be_chosen_has_large_letters(
    language: str, aids: tuple[Aid, ...], kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=WIDE) as pilot:
        for name, story in stories(language, ticket).items():
            if name.startswith("talk"):
                tell(kiosk.panel, clock, story, *aids)
                await pilot.pause()
                said = seen(kiosk.panel, "reason") + seen(kiosk.panel, "talk TalkTile .label")
                assert [one.plain for one in said if one.rows < LARGE] == [], name


@pytest.mark.parametrize("size", [WIDE, (160, 40), (150, 42)], ids=["160x45", "160x40", "150x42"])
async def test_what_to_do_is_not_small_under_what_is_said(
    size: tuple[int, int], kiosk: Any, clock: Any
) -> None:
    async with kiosk.run_test(size=size) as pilot:
        for name in SHARED:
            tell(kiosk.panel, clock, before_language()[name])
            await pilot.pause()
            assert {one.rows for one in seen(kiosk.panel, "words")} == {LARGE}, name


@pytest.mark.parametrize("language", LANGUAGES)
async def test_in_larger_type_nothing_touches_the_edge_of_the_screen(
    language: str, kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=WIDE) as pilot:
        for name in ("language", "field", "talk, somebody comes later", "ticket, slip coming"):
            tell(kiosk.panel, clock, stories(language, ticket)[name], Aid.LARGER)
            await pilot.pause()
            scenes = kiosk.panel.query_one(".scenes")
            shown = [one for one in scenes.query(Words) if one.plain and one.region.height]
            assert min(one.region.y for one in shown) > kiosk.panel.region.y, name


async def test_names_of_languages_have_air_beside_them(kiosk: Any, clock: Any, ticket: TicketGiven) -> None:
    async with kiosk.run_test(size=WIDE) as pilot:
        for name in ("language", "talk, spoken"):
            tell(kiosk.panel, clock, stories("de", ticket)[name])
            await pilot.pause()
            for label in seen(kiosk.panel, "main > .label") + seen(kiosk.panel, "main > .waiting"):
                inked = max(len(line.strip()) for line in str(label.content).split("\n"))
                assert label.region.width - inked >= 2 * LARGE, (name, label.plain)


@pytest.mark.parametrize("aids", [(), (Aid.LARGER,)], ids=["usual", "larger"])
@pytest.mark.parametrize("language", LANGUAGES)
async def test_where_nobody_is_in_sight_the_way_to_reception_stands_first_and_the_reason_is_largest(
    language: str, aids: tuple[Aid, ...], kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=WIDE) as pilot:
        for name in ("talk, nobody", "talk, nobody is planned", "talk, somebody on another day"):
            tell(kiosk.panel, clock, stories(language, ticket)[name], *aids)
            await pilot.pause()
            first, second = kiosk.panel.query_one("#talk-own"), kiosk.panel.query_one("#talk-either")
            assert first.has_class("go"), name
            assert second.has_class("card"), name
            assert (first.region.y, first.region.x) < (second.region.y, second.region.x), name
            (reason,) = seen(kiosk.panel, "reason")
            labels = seen(kiosk.panel, "talk TalkTile .label")
            assert len(labels) == 2, name
            assert all(reason.rows >= one.rows for one in labels), name


async def test_a_ticket_for_nobody_yet_promises_no_call(kiosk: Any, clock: Any, ticket: TicketGiven) -> None:
    async with kiosk.run_test(size=WIDE) as pilot:
        for name, said in (
            ("ticket, nobody is planned", "Si quelqu’un vient, nous appelons votre numéro."),
            ("ticket without a forecast", "Votre numéro apparaît sur le grand écran."),
        ):
            tell(kiosk.panel, clock, stories("fr", ticket)[name])
            await pilot.pause()
            assert [one.plain for one in seen(kiosk.panel, "watch")] == [said], name


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_a_ticket_for_nobody_is_worth_can_be_read_from_afar(
    language: str, kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=WIDE) as pilot:
        tell(kiosk.panel, clock, stories(language, ticket)["talk, nobody"])
        await pilot.pause()
        assert kiosk.panel.query_one("#talk-either .waiting", Words).rows == LARGE


async def test_on_a_button_two_languages_stand_apart(kiosk: Any, clock: Any) -> None:
    async with kiosk.run_test(size=WIDE) as pilot:
        for name in ("help for everybody, called", "help for everybody, over"):
            tell(kiosk.panel, clock, before_language()[name])
            await pilot.pause()
            for label in seen(kiosk.panel, "ask Tile .label"):
                assert str(label.content).split("\n").count("") == 1, (name, label.plain)


async def test_what_to_do_with_the_code_stands_clear_of_the_edge_of_its_card(
    kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=WIDE) as pilot:
        tell(kiosk.panel, clock, stories("fr", ticket)["ticket without a forecast"])
        await pilot.pause()
        scan, card = kiosk.panel.query_one(".scan"), kiosk.panel.query_one(".qr-card")
        assert scan.region.bottom < card.region.bottom
