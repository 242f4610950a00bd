"""The screen of a terminal that belongs to no centre yet."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from pictures.kiosk import LAYOUTS, phrases
from pictures.stage import HandClock, Layout, Program, Scene, State, Story

from protocol.newcomer import Away, Closed, OtherVersion, Showing, Situation
from walkin.code_screen import CodeScreen

URL = "wss://192.0.2.10:8765"


class QuietCodeScreen(CodeScreen):
    """Knocks nowhere."""

    async def _join(self) -> None:
        """Nothing."""


@asynccontextmanager
async def opened(language: str, layout: Layout) -> AsyncIterator[Scene]:
    other = "nl" if language == "fr" else "fr"
    app = QuietCodeScreen(URL, Path("terminal.badge"), phrases(), (language, other))
    async with app.run_test(size=layout):
        yield Scene(app, app, language, HandClock())


def showing(situation: Situation) -> Story:
    async def story(scene: Scene) -> None:
        scene.panel.show(situation)

    return story


PAIRING = Program(
    name="pairing",
    layouts=LAYOUTS,
    opened=opened,
    states={
        "away": State(showing(Away()), ("fr",)),
        "closed": State(showing(Closed()), ("fr",)),
        "another version": State(showing(OtherVersion()), ("fr",)),
        "code": State(showing(Showing("K7PLJW23")), ("fr", "nl"), "code"),
    },
)
