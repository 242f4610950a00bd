"""The screen of a terminal that belongs to no centre yet."""

from pathlib import Path

from pictures.kiosk import LAYOUTS, phrases
from pictures.stage import HandClock, Program, Scene, State, Story

from protocol.newcomer import Away, Closed, OtherVersion, Showing, Situation
from walkin.code_screen import CodeScreen

URL = "wss://192.0.2.10:8765"


class QuietCodeScreen(CodeScreen):
    """Knocks nowhere."""

    async def _join(self) -> None:
        """Nothing."""


def made(language: str) -> Scene:
    other = "nl" if language == "fr" else "fr"
    app = QuietCodeScreen(URL, Path("terminal.badge"), phrases(), (language, other))
    return Scene(app, app, language, HandClock())


def showing(situation: Situation) -> Story:
    async def story(scene: Scene) -> None:
        scene.panel.show(situation)

    return story


PAIRING = Program(
    name="pairing",
    layouts=LAYOUTS,
    made=made,
    states={
        "away": State(showing(Away()), ("fr",)),
        "closed": State(showing(Closed()), ("fr",)),
        "another version": State(showing(OtherVersion()), ("fr",)),
        "code": State(showing(Showing("K7PLJW23")), ("fr", "nl"), "code"),
    },
)
