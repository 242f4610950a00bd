"""The screen of a terminal that belongs to no centre yet: a code, and where to type it, in every language."""

from collections.abc import Sequence
from pathlib import Path

from textual import events
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.widgets import Static

from config.look import palette
from config.look.lettering import CAPITAL_ROWS, TEXT_ROWS, mosaic, wrap, wrap_alike
from config.phrases import Phrases, for_screen
from protocol.badge import Badge, BadgeError, write_badge
from protocol.newcomer import Away, Closed, Newcomer, OtherVersion, Showing, Situation
from protocol.pairing import spaced
from walkin.stage import Stage

MARGIN_COLUMNS, MARGIN_ROWS = 4, 2
SENTENCE_ROWS = (*reversed(TEXT_ROWS), 1)
"""Heights of the sentences, the largest first."""
CODE_ROWS_ENOUGH = 5
"""A code this high is not broken in two to be higher still, and lets the sentences be large."""

Lines = tuple[str, ...]
"""Lines of cells, as they stand on the screen."""


class CodeScreen(App[Badge], inherit_bindings=False):
    """Locked, as the screens that it becomes: no key ends it."""

    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    ESCAPE_TO_MINIMIZE = False
    CSS = f"""
    Screen {{ background: {palette.PAPER}; color: {palette.INK}; align: center middle; }}
    VerticalScroll {{ height: auto; max-height: 100%; scrollbar-size-vertical: 0; }}
    Static {{ width: 100%; text-align: center; padding: 0 2; }}
    .sentence {{ text-style: bold; margin-bottom: 1; }}
    .code {{ margin-bottom: 1; text-wrap: nowrap; }}
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
        said = [for_screen(self._phrases.say(key, language), language) for language, _ in self.sentences]
        code = spaced(self.situation.code) if isinstance(self.situation, Showing) else ""
        width = max(self._room.width - MARGIN_COLUMNS, 1)
        below = -(-len(self._url) // width) + bool(code)
        sentences, letters = arranged(said, code, width, self._room.height - MARGIN_ROWS - below)
        for (_, sentence), lines in zip(self.sentences, sentences, strict=True):
            sentence.update(Content("\n".join(lines)))
        self.code.display = bool(code)
        self.code.update(Content("\n".join(letters)))

    async def action_quit(self) -> None:
        """Nobody who passes by quits it."""


def arranged(sentences: Sequence[str], code: str, width: int, height: int) -> tuple[list[Lines], Lines]:
    """The sentences, all of one size, and the code below them, in so many columns and rows.

    The code is what has to be read: sentences are as large as they can be while it is large enough, and
    larger than they. `code`: empty where there is none.
    """
    plain = [wrap(sentence, width, 1) for sentence in sentences]
    largest, letters = set_apart(code, width, height - _rows_of(plain))
    for rows in SENTENCE_ROWS:
        broken = wrap_alike(sentences, width, rows)
        large = [tuple(part for line in lines for part in mosaic(line, rows)) for lines in broken]
        left = height - _rows_of(large)
        too_wide = any(len(line) > width for lines in large for line in lines)
        high, below = set_apart(code, width, left)
        enough = max(CODE_ROWS_ENOUGH, rows + 1)
        if not too_wide and left >= 0 and high >= min(largest, enough):
            return large, below
    return plain, letters


def _rows_of(sentences: Sequence[Lines]) -> int:
    """Each with an empty line below it."""
    return sum(len(lines) + 1 for lines in sentences)


def set_apart(code: str, width: int, height: int) -> tuple[int, Lines]:
    """The code as large as fits, and how high; a column between its letters: an L before a J is no U.

    Where it would be small on one line, its halves stand one below the other.
    """
    whole, halves = (_set_apart(parts, width, height) for parts in ([code], code.split("-")))
    return whole if whole[0] >= min(halves[0], CODE_ROWS_ENOUGH) else halves


def _set_apart(parts: Sequence[str], width: int, height: int) -> tuple[int, Lines]:
    """Each on a line of its own, an empty row between two; as it is written where nothing larger fits."""
    for rows in sorted(CAPITAL_ROWS, reverse=True):
        lines: list[str] = []
        for part in parts:
            letters = [mosaic(letter, rows, capitals=True) for letter in part]
            lines += ["", *(" ".join(line) for line in zip(*letters, strict=True))]
        if len(lines) <= height + 1 and max(map(len, lines)) <= width:
            return rows, tuple(lines[1:])
    return 1, ("-".join(parts),)


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
