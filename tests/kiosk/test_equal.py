"""What everybody sees before a language is chosen: the official ones, equal."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from support.kiosk_stories import before_language, stories, tell
from support.views import DAY, NOW, kiosk_view

from config.model import Centre
from config.phrases import Phrases
from kiosk.inputs import Aid, LinkIs
from kiosk.screens.talk import TalkTile
from kiosk.visit import Scene
from kiosk.widgets import Words
from protocol.envelope import TicketGiven
from protocol.views import KioskView

SWAPPED = {"fr": "nl", "nl": "fr"}
DAY_S = 86400.0
TOMORROW = (NOW + timedelta(days=1)).date().isoformat()
SAID = {
    Scene.CONNECTING: "kiosk.one_moment",
    Scene.OFFLINE: "kiosk.ticket_at_reception",
    Scene.LANGUAGE: "kiosk.touch_language",
}
"""In both official languages."""
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


def first_said(panel: Any) -> str:
    """The official language whose words stand first on the screen."""
    key = SAID[panel.kiosk.scene]
    shown = " ".join(one.plain for one in panel.query(".title, .invitation").results(Words))
    return min(("fr", "nl"), key=lambda language: shown.index(Phrases.load().say(key, language)))


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


async def test_today_and_tomorrow_begin_with_different_languages(kiosk: Any) -> None:
    async with kiosk.run_test(size=(80, 24)) as pilot:
        first = []
        kiosk.panel.hear(LinkIs(up=True))
        for day in (DAY, TOMORROW):
            kiosk.panel.hear(msgspec.structs.replace(kiosk_view(), day=day))
            await pilot.pause()
            first.append(first_said(kiosk.panel))
    assert sorted(first) == ["fr", "nl"]


async def test_a_kiosk_that_no_server_has_told_the_day_goes_by_its_own(kiosk_of: Any, centre: Centre) -> None:
    """Whoever stands before it while it connects, or while nobody answers, finds another language first."""
    for scene in (Scene.CONNECTING, Scene.OFFLINE):
        first = []
        for now in (NOW, NOW + timedelta(days=1)):
            app, clock, _ = kiosk_of(centre, lambda _, now=now: now)
            async with app.run_test(size=(80, 24)) as pilot:
                if scene is Scene.OFFLINE:
                    tell(app.panel, clock, [LinkIs(up=True), LinkIs(up=False), 5.0])
                    await pilot.pause()
                assert app.panel.kiosk.scene is scene
                first.append(first_said(app.panel))
        assert sorted(first) == ["fr", "nl"], scene


async def test_while_the_server_is_away_another_language_comes_first_the_next_day(
    kiosk: Any, clock: Any
) -> None:
    async with kiosk.run_test(size=(80, 24)) as pilot:
        tell(kiosk.panel, clock, [kiosk_view(), LinkIs(up=False), 5.0])
        first = []
        for seconds in (0, DAY_S):
            clock.pass_s(seconds)
            kiosk.panel.tick()
            await pilot.pause()
            assert kiosk.panel.kiosk.scene is Scene.OFFLINE
            first.append(first_said(kiosk.panel))
    assert sorted(first) == ["fr", "nl"]


@pytest.mark.parametrize("aids", [(), (Aid.LARGER,)], ids=["usual", "larger"])
@pytest.mark.parametrize("size", [(80, 24), (100, 30), (160, 45), (45, 48), (60, 60)])
async def test_the_wait_for_a_further_language_is_told_no_larger_than_that_for_an_official_one(
    size: tuple[int, int], aids: tuple[Aid, ...], kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=size) as pilot:
        for language in ("de", "en"):
            tell(kiosk.panel, clock, stories(language, ticket)["talk, spoken"], *aids)
            await pilot.pause()
            told = {
                tile.id: tile.waiting_words.rows
                for tile in kiosk.panel.query(TalkTile)
                if tile.waiting_words.display and tile.waiting_words.is_on_screen
            }
            own, official = told.pop("talk-own", 0), [told[one] for one in told if one != "talk-either"]
            assert not official or own <= min(official), language
