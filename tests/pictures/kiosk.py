"""The kiosk: every scene, and every state that changes what a scene says."""

from datetime import datetime
from functools import cache
from pathlib import Path, PurePath
from typing import Any, ClassVar

import msgspec
from pictures.stage import HandClock, Program, Scene, SilentLine, State, Story
from support.kiosk_stories import LANGUAGES, before_language, stories, tell
from support.silence import SilentVoice
from support.views import DAY
from textual.app import App, ComposeResult

from config.load import load
from config.model import Centre
from config.phrases import Phrases
from kiosk.inputs import Aid
from kiosk.panel import CSS_FILES, KioskPanel
from protocol.envelope import TicketGiven
from protocol.views import KioskView

LAYOUTS = ((80, 24), (100, 30), (160, 45), (60, 60), (45, 48))
ORDERS = ("fr", "nl")
"""Of the two official languages: which is first that day."""
DAYS = {"fr": DAY, "nl": "2026-09-16"}


class KioskScreen(App[None]):
    """A terminal with nothing but a kiosk in it."""

    CSS_PATH: ClassVar[list[str | PurePath]] = [*CSS_FILES]
    AUTO_FOCUS = ""  # as the kiosk's own program: nothing is reached before a key is pressed

    def __init__(self, panel: KioskPanel) -> None:
        super().__init__()
        self.panel = panel

    def compose(self) -> ComposeResult:
        yield self.panel


@cache
def brussels() -> Centre:
    return load(Path(__file__).parents[2] / "config" / "brussels.toml")


@cache
def phrases() -> Phrases:
    return Phrases.load()


def made(language: str) -> Scene:
    clock = HandClock()
    day = datetime.fromisoformat(DAYS.get(language, DAY))
    panel = KioskPanel(SilentLine(), brussels(), phrases(), clock, voice=SilentVoice(), wall=lambda _: day)
    return Scene(KioskScreen(panel), panel, language, clock)


TICKET = TicketGiven(
    ticket="S042",
    ahead=3,
    token="7K3F9QX2ZD",
    token_url="https://wachten.example/t/7K3F9QX2ZD",
    printer="printer-1",
)

FOR_EVERYBODY = {
    *(
        name
        for name in stories("fr", TICKET)
        if name.startswith(("connecting", "offline", "closed", "language"))
    ),
    *before_language(),
}
"""States that nobody has chosen a language in: what is first in them is first by the day."""

GUARDED = {
    "connecting": "connecting",
    "offline": "offline",
    "closed early": "closed",
    "language": "language",
    "field": "field",
    "talk, spoken": "talk",
    "unsure": "unsure",
    "taking": "taking",
    "ticket, slip coming": "ticket",
    "refused": "refused",
    "still there": "still there",
    "help, called": "help",
}
"""The states whose pictures are compared, one for each scene of the flow."""

ASKED_IN = dict.fromkeys(("talk, spoken", "ticket in any language"), ("de", "en"))
"""Whom the kiosk asks: in an official language the visitor's own is the language of the conversation."""

WITH_AIDS = (
    "language",
    "field",
    "talk, nobody",
    "talk, somebody comes later",
    "unsure",
    "ticket, slip coming",
    "help, called",
    "refused",
)
"""One state of each scene, looked at with larger type and with high contrast as well."""


def _today(what: Any, day: str) -> Any:
    return msgspec.structs.replace(what, day=day) if isinstance(what, KioskView) else what


def hearing(name: str, *aids: Aid) -> Story:
    """The kiosk hears what the story tells; a visitor has switched these on."""

    async def story(scene: Scene) -> None:
        told = {**stories(scene.language, TICKET), **before_language()}[name]
        if name in FOR_EVERYBODY:
            told = [_today(what, DAYS[scene.language]) for what in told]
        tell(scene.panel, scene.clock, told, *aids, connecting=name == "connecting")

    return story


def _spoken_in(name: str) -> tuple[str, ...]:
    return ORDERS if name in FOR_EVERYBODY else ASKED_IN.get(name, LANGUAGES)


KIOSK = Program(
    name="kiosk",
    layouts=LAYOUTS,
    made=made,
    states={
        name: State(hearing(name), _spoken_in(name), GUARDED.get(name, ""))
        for name in (*stories("fr", TICKET), *before_language())
    }
    | {f"{name}, larger": State(hearing(name, Aid.LARGER), _spoken_in(name)) for name in WITH_AIDS}
    | {f"{name}, high contrast": State(hearing(name, Aid.CONTRAST), _spoken_in(name)) for name in WITH_AIDS}
    | {"too small": State(hearing("language"), ORDERS, layouts=((79, 24), (44, 47), (60, 20)))},
)
