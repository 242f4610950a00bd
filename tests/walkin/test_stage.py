"""A program that ends by a mistake of ours says so in a sentence on its screen; where, in its log alone."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from support.badges import badge
from support.struck import End, struck
from textual.app import App

from config.phrases import Phrases
from protocol.badge import write_badge
from protocol.ids import Role
from walkin.ending import EXIT_MISTAKE
from walkin.stage import Stage

SECRET = "Jean-Dupont-s-secret"
SENTENCES = [Phrases.load().say("screen.mistake", language) for language in ("fr", "nl")]
MISTAKE = f"""
def wrong(self, *_):
    known = {SECRET!r}
    client = getattr(self, "client", None)
    raise AssertionError("a rule we relied on does not hold")

async def wrong_later(self):
    wrong(self)
"""
"""It knows a secret where it is made, and what the program knows of its line."""
NOWHERE = "ws://127.0.0.1:1"
KIOSK = "from kiosk.panel import KioskPanel as screen"
BOARD = "from display_board.terminal.panel import BoardPanel as screen"
MADE = "screen.compose = wrong"
BEGUN = "screen.on_mount = wrong"
DRAWN = "screen.render_lines = wrong"
BESIDE = "screen.on_mount = lambda self: self.run_worker(wrong_later(self)) and None"


def log_in(state: Path, name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (state / f"{name}.log").read_text(encoding="utf-8").splitlines()]


def says_nothing_but_the_sentences(end: End) -> None:
    assert end.status == EXIT_MISTAKE
    words = end.seen.replace("\N{NO-BREAK SPACE}", " ")
    after = words[words.rindex("\x1b[?1049l") :]  # the terminal as it was before the program
    left = re.sub(r"\x1b\][^\x07]*\x07|\x1b[\[(>=][0-9;?<>=]*[a-zA-Z]?", "", after).split("\r\n")
    assert [line.strip() for line in left if line.strip()] == SENTENCES
    assert "Traceback" not in end.seen
    assert SECRET not in end.seen


def tells_where_and_no_secret(log: list[dict[str, str]]) -> None:
    [told] = [line for line in log if line["event"] == "screen.mistake"]
    assert "AssertionError: a rule we relied on does not hold" in told["exception"]
    assert ", in wrong" in told["exception"]
    assert SECRET not in json.dumps(log)


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param(MADE, id="as its screen is made"),
        pytest.param(DRAWN, id="as it is drawn"),
        pytest.param(BESIDE, id="in what it does beside"),
    ],
)
async def test_a_kiosk_that_goes_wrong_leaves_a_sentence_on_its_screen_and_the_place_in_its_log(
    moment: str, tmp_path: Path
) -> None:
    own = badge(Role.KIOSK, "kiosk-1")
    path = tmp_path / "own.badge"
    write_badge(own, path)
    end = await struck(
        *(tmp_path, MISTAKE + KIOSK + "\n" + moment),
        *("kiosk", "--config", "config/brussels.toml", "--badge", str(path), "--server", NOWHERE),
    )
    says_nothing_but_the_sentences(end)
    log = log_in(tmp_path / "walkin", own.device)
    tells_where_and_no_secret(log)
    assert own.token not in end.seen + json.dumps(log)


async def test_the_screen_that_shows_a_code_ends_in_the_same_way(tmp_path: Path) -> None:
    begun = "from walkin.code_screen import CodeScreen\nCodeScreen._join = wrong_later"
    end = await struck(
        *(tmp_path, MISTAKE + begun, "terminal", "--config", "config/brussels.toml"),
        *("--badge", str(tmp_path / "own.badge"), "--server", NOWHERE),
    )
    says_nothing_but_the_sentences(end)
    tells_where_and_no_secret(log_in(tmp_path, "own"))


async def test_where_no_log_can_be_written_the_screen_says_no_more_for_that(tmp_path: Path) -> None:
    write_badge(badge(Role.BOARD, "board-1"), tmp_path / "own.badge")
    (tmp_path / "walkin" / "board-1.log").mkdir(parents=True)
    end = await struck(
        *(tmp_path, MISTAKE + BOARD + "\n" + BEGUN),
        *("board", "--config", "config/brussels.toml", "--badge", str(tmp_path / "own.badge")),
        *("--server", NOWHERE),
    )
    says_nothing_but_the_sentences(end)
    assert "This screen has no log" in end.seen


async def test_a_screen_whose_terminal_cannot_be_read_any_more_ends_without_a_word(
    capfd: pytest.CaptureFixture[str],
) -> None:
    class Blind(App[None]):
        def on_mount(self) -> None:
            self.panic(f"Traceback {SECRET}")

    app: App[Any] = Blind()
    stage = Stage(app)
    await app.run_async(headless=True)
    stage.judge(Phrases.load(), ("fr", "nl"))
    assert app.return_code is None
    assert SECRET not in "".join(capfd.readouterr())
