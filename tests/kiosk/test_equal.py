"""What everybody sees before a language is chosen: the official ones equal, and legible for everybody."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from support.kiosk_stories import before_language, stories, tell
from support.views import DAY, NOW, kiosk_view

from config.look.palette import contrast
from config.model import Centre
from config.phrases import Phrases
from kiosk.inputs import Aid
from kiosk.screens.scene import Moment
from kiosk.widgets import Tile
from protocol.envelope import TicketGiven
from protocol.views import KioskView

SWAPPED = {"fr": "nl", "nl": "fr"}
TOMORROW = (NOW + timedelta(days=1)).date().isoformat()
FOR_EVERYBODY = ("connecting", "offline", "closed early", "closed now", "language", "language without paper")
CONTRAST_MIN = 7.0
FOCUS_CONTRAST_MIN = 3.0
"""Between a tile that the keys have reached and the same tile before (WCAG 2.2, 2.4.13)."""


class Swapped(Phrases):
    """The catalogue with the official languages in each other's place."""

    def say(self, key: str, language: str, **values: object) -> str:
        return super().say(key, SWAPPED.get(language, language), **values)


def cells(app: Any) -> list[tuple[str, Any]]:
    """The whole picture, character by character with its style."""
    return [
        (character, segment.style)
        for strip in app.screen._compositor.render_strips()
        for segment in strip
        for character in segment.text
    ]


def on(day: str, story: list[Any]) -> list[Any]:
    return [msgspec.structs.replace(one, day=day) if isinstance(one, KioskView) else one for one in story]


def for_everybody(ticket: TicketGiven) -> dict[str, list[Any]]:
    told = stories("fr", ticket)
    return {**{name: told[name] for name in FOR_EVERYBODY}, **before_language()}


@pytest.mark.parametrize("aids", [(), (Aid.LARGER,)], ids=["usual", "larger"])
@pytest.mark.parametrize("size", [(80, 24), (100, 30), (45, 48)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_french_today_looks_as_dutch_does_tomorrow_to_the_last_cell(
    size: tuple[int, int], aids: tuple[Aid, ...], kiosk_of: Any, centre: Centre, ticket: TicketGiven
) -> None:
    """Size, weight, place and order at once: with the texts swapped, the next day's picture is today's."""
    name = {language: centre.name[SWAPPED.get(language, language)] for language in centre.name}
    other = msgspec.structs.replace(centre, name=name)
    (today, clock, _), (tomorrow, other_clock, _) = kiosk_of(centre), kiosk_of(other)
    tomorrow.panel._phrases = Swapped(Phrases.load()._messages)
    pictures: list[dict[str, Any]] = []
    for app, at, day in ((today, clock, DAY), (tomorrow, other_clock, TOMORROW)):
        async with app.run_test(size=size) as pilot:
            seen = {}
            for name_of, story in for_everybody(ticket).items():
                if not day:
                    continue
                tell(app.panel, at, on(day, story), *aids, connecting=name_of == "connecting")
                await pilot.pause()
                seen[name_of] = cells(app)
            pictures.append(seen)
    for name_of in pictures[0].keys() - {"connecting", "offline"}:
        assert pictures[0][name_of] == pictures[1][name_of], name_of


async def test_high_contrast_is_seven_to_one_or_more_in_every_scene(
    kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    faint = set()
    async with kiosk.run_test(size=(80, 24)) as pilot:
        for name, story in {**stories("nl", ticket), **before_language()}.items():
            tell(kiosk.panel, clock, story, Aid.CONTRAST, connecting=name == "connecting")
            await pilot.pause()
            for character, style in cells(kiosk):
                if character.isalnum():
                    ink, paper = style.color.get_truecolor().hex, style.bgcolor.get_truecolor().hex
                    if contrast(ink, paper) < CONTRAST_MIN:
                        faint.add((name, ink, paper))
    assert faint == set()


@pytest.mark.parametrize("aids", [(), (Aid.CONTRAST,)], ids=["usual", "contrast"])
async def test_a_tile_that_the_keys_have_reached_is_seen_to_be(
    aids: tuple[Aid, ...], kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=(80, 24)) as pilot:
        for name in ("language", "field", "talk, spoken", "ticket, slip out", "still there", "unsure"):
            tell(kiosk.panel, clock, stories("en", ticket)[name], *aids)
            await pilot.pause()
            for tile in (tile for tile in kiosk.panel.query(Tile) if tile.is_on_screen):
                before = tile.styles.border_bottom[1]
                tile.focus()
                await pilot.pause()
                after = tile.styles.border_bottom[1]
                assert contrast(before.hex, after.hex) >= FOCUS_CONTRAST_MIN, (name, tile, before, after)


def test_today_and_tomorrow_begin_with_different_languages(centre: Centre, kiosk_of: Any) -> None:
    panel = kiosk_of(centre)[0].panel
    first = []
    for day in (DAY, TOMORROW):
        view = msgspec.structs.replace(kiosk_view(), day=day)
        kiosk = msgspec.structs.replace(panel.kiosk, view=view)
        first.append(Moment(kiosk, None, centre, Phrases.load(), 0.0, None).official[0])  # type: ignore[arg-type]
    assert sorted(first) == ["fr", "nl"]
