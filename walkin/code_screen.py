"""The screen of a terminal that belongs to no centre yet: a code, and where to type it, in every language."""

from pathlib import Path

from textual import events
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.geometry import Size
from textual.widgets import Static

from config.look import palette
from config.look.lettering import CAPITAL_ROWS, mosaic
from config.phrases import Phrases, for_screen
from protocol.badge import Badge, BadgeError, write_badge
from protocol.newcomer import Away, Closed, Newcomer, OtherVersion, Showing, Situation
from protocol.pairing import spaced
from walkin.stage import Stage

MARGIN_COLUMNS = 4
ROWS_BESIDE_CODE = 10
"""Rows that the sentences and the address take at most where two languages are official."""


class CodeScreen(App[Badge], inherit_bindings=False):
    """Locked, as the screens that it becomes: no key ends it."""

    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    ESCAPE_TO_MINIMIZE = False
    CSS = f"""
    Screen {{ background: {palette.PAPER}; color: {palette.INK}; align: center middle; }}
    VerticalScroll {{ height: auto; max-height: 100%; }}
    Static {{ width: 100%; text-align: center; padding: 0 2; }}
    .sentence {{ text-style: bold; margin-bottom: 1; }}
    .code {{ margin: 1 0 2 0; text-wrap: nowrap; }}
    .address {{ color: {palette.MUTED}; }}
    """

    def __init__(self, url: str, badge_path: Path, phrases: Phrases, languages: tuple[str, ...]) -> None:
        super().__init__()
        self._url = url
        self._path = badge_path
        self._phrases = phrases
        self.sentences = [(language, Static(classes="sentence")) for language in languages]
        self.code = Static(classes="code", markup=False)
        self._room = Size()
        self.situation: Situation = Away()
        self.trouble: BadgeError | None = None
        """Why the badge could not be kept; the screen has ended."""

    def compose(self) -> ComposeResult:
        """The sentence in each language, the code, the server's address."""
        with VerticalScroll(can_focus=False):
            for _, sentence in self.sentences:
                yield sentence
            yield self.code
            yield Static(self._url, classes="address", markup=False)

    def on_mount(self) -> None:
        """Knock."""
        self.run_worker(self._join(), exit_on_error=True)

    async def _join(self) -> None:
        try:
            badge = await Newcomer(self._url, self.show, lambda badge: write_badge(badge, self._path)).join()
        except BadgeError as error:
            self.trouble = error
            self.exit()
        else:
            self.exit(badge)

    def show(self, situation: Situation) -> None:
        """Show this from now on."""
        self.situation = situation
        self._draw()

    def on_resize(self, event: events.Resize) -> None:
        """The code as large as fits; the program itself learns its new size only afterwards."""
        self._room = event.size
        self._draw()

    def _draw(self) -> None:
        key = _KEYS[type(self.situation)]
        for language, sentence in self.sentences:
            sentence.update(for_screen(self._phrases.say(key, language), language))
        if not isinstance(self.situation, Showing):
            self.code.update("")
            return
        room = self._room.width - MARGIN_COLUMNS, self._room.height - ROWS_BESIDE_CODE
        self.code.update("\n".join(set_apart(spaced(self.situation.code), *room)))

    async def action_quit(self) -> None:
        """Nobody who passes by quits it."""


def set_apart(code: str, width: int, height: int) -> tuple[str, ...]:
    """The code as large as fits, a column between its letters: an L before a J is no U."""
    for rows in sorted(CAPITAL_ROWS, reverse=True):
        letters = [mosaic(letter, rows, capitals=True) for letter in code]
        lines = tuple(" ".join(line) for line in zip(*letters, strict=True))
        if rows <= height and len(lines[0]) <= width:
            return lines
    return (code,)


_KEYS: dict[type[Situation], str] = {
    Away: "pairing.away",
    Closed: "pairing.closed",
    OtherVersion: "pairing.other_version",
    Showing: "pairing.showing",
}


def wait_for_badge(
    url: str, badge_path: Path, phrases: Phrases, languages: tuple[str, ...]
) -> tuple[Badge | None, int | None]:
    """Show a code until the terminal has its badge; none: the screen has ended, with this status.

    BadgeError when the badge cannot be written.
    """
    screen = CodeScreen(url, badge_path, phrases, languages)
    status = Stage(screen).run(phrases, languages)
    if screen.trouble is not None:
        raise screen.trouble
    return screen.return_value, status
