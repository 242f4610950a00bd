"""What everybody sees before a language is chosen: the official ones, equal."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from support.kiosk_stories import before_language, stories, tell
from support.views import DAY, NOW, kiosk_view

from config.model import Centre
from config.phrases import Phrases
from kiosk.inputs import Aid
from kiosk.screens.scene import Moment
from protocol.envelope import TicketGiven
from protocol.views import KioskView

SWAPPED = {"fr": "nl", "nl": "fr"}
TOMORROW = (NOW + timedelta(days=1)).date().isoformat()
FOR_EVERYBODY = ("closed early", "closed now", "language", "language without paper")


class Swapped(Phrases):
    """The catalogue with the official languages in each other's place."""

    def say(self, key: str, language: str, **values: object) -> str:
        return super().say(key, SWAPPED.get(language, language), **values)


def cells(app: Any) -> list[tuple[str, Any]]:
    """The whole picture, character by character with its style."""
    return [
        (character.replace("\N{NO-BREAK SPACE}", " "), segment.style)
        for strip in app.screen._compositor.render_strips()
        for segment in strip
        for character in segment.text
    ]


def on(day: str, story: list[Any]) -> list[Any]:
    return [msgspec.structs.replace(one, day=day) if isinstance(one, KioskView) else one for one in story]


def for_everybody(ticket: TicketGiven) -> dict[str, list[Any]]:
    told = stories("fr", ticket)
    return {**{name: told[name] for name in FOR_EVERYBODY}, **before_language()}


@pytest.mark.parametrize(
    ("size", "aids"),
    [((80, 24), ()), ((45, 48), ()), ((80, 24), (Aid.LARGER,))],
    ids=["small", "portrait", "small, larger"],
)
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
                tell(app.panel, at, on(day, story), *aids)
                await pilot.pause()
                seen[name_of] = cells(app)
            pictures.append(seen)
    assert [name_of for name_of, seen in pictures[0].items() if seen != pictures[1][name_of]] == []


def test_today_and_tomorrow_begin_with_different_languages(centre: Centre, kiosk_of: Any) -> None:
    panel = kiosk_of(centre)[0].panel
    first = []
    for day in (DAY, TOMORROW):
        view = msgspec.structs.replace(kiosk_view(), day=day)
        kiosk = msgspec.structs.replace(panel.kiosk, view=view)
        first.append(Moment(kiosk, None, centre, Phrases.load(), 0.0, None).official[0])  # type: ignore[arg-type]
    assert sorted(first) == ["fr", "nl"]
