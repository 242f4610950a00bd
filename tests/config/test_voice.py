"""The voice, the boards and the news of a centre: what cannot be is said in the words of whoever wrote it."""

from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from config.findings import findings
from config.load import ConfigError, load, parse
from config.model import Board, Voice
from config.news import NEWS_MAX, on_day, read_news
from config.own_texts import read_own

BRUSSELS = Path("config/brussels.toml")
CENTRE = load(BRUSSELS)
NO_OWN_WORDS = read_own(Path("no-such-folder"))
_BEFORE, _, _AFTER = BRUSSELS.read_text(encoding="utf-8").partition("[voice]\n")
_AFTER = _AFTER[_AFTER.index("\n[hours]") :]


def problems(voice: str = "", boards: str = "") -> list[str]:
    """What is wrong with Brussels when it has this voice and these boards; key: what; what to do."""
    try:
        parse(f"{_BEFORE}{voice}\n{_AFTER}\n{boards}", "it")
    except ConfigError as error:
        return [str(problem).removeprefix("it: ") for problem in error.problems]
    return []


@pytest.mark.parametrize(
    ("voice", "said"),
    [
        ('engine = "espaek"', "voice.engine: 'espaek' is not a choice; did you mean 'espeak'?"),
        ("speed = 500", "voice.speed: 500 does not fit; write a number from 80 to 220"),
        ('numbers = { fr = "hole" }', "voice.numbers.fr: 'hole' is not a choice; did you mean 'whole'?"),
        ('numbers = { it = "whole" }', "voice.numbers.it: not a language of the centre: 'it'"),
        ('engine = "clips"', 'voice.clips: engine = "clips" needs it; add clips = "/var/lib/walkin-voice"'),
        ('engine = "clips"\nclips = "voices"', "voice.clips: 'voices' depends on where a screen is started"),
        (
            'clips = "/voices"',
            'voice.clips: only for engine = "clips"; remove clips, or write engine = "clips"',
        ),
        ('engine = "command"\ncommand = ["piper", "{out}"]', "voice.command: {text} is nowhere in it"),
        ('engine = "command"', 'voice.command: engine = "command" needs it'),
        (
            "quiet = { begins = 13:30:00, ends = 12:30:00 }",
            "voice.quiet: begins at 13:30, not before it ends",
        ),
        ("tempo = 3", "voice.tempo: unknown key"),
    ],
)
def test_a_voice_that_cannot_be_is_named(voice: str, said: str) -> None:
    (problem,) = problems(f"[voice]\n{voice}")
    assert problem.startswith(said)


def test_a_file_without_a_voice_or_boards_has_the_ordinary_ones() -> None:
    assert problems() == []
    assert CENTRE.voice.engine == Voice().engine == "espeak"
    assert CENTRE.board("board-9") == Board(name="board-9")


@pytest.mark.parametrize(
    ("boards", "said"),
    [
        ('desks = ["1", "99"]', "boards[0].desks: no desk '99'"),
        ('desks = ["1", "1"]', "boards[0].desks[1]: '1' is already in boards[0].desks[0]"),
        ('[[boards]]\nname = "board-1"', "boards[1].name: 'board-1' is already in boards[0]"),
        ('[[boards]]\nname = "kiosk-1"', "boards[1].name: 'kiosk-1' is a kiosk"),
        ('voice = "no"', "boards[0].voice: 'no' is not true or false"),
    ],
)
def test_a_board_that_cannot_be_is_named(boards: str, said: str) -> None:
    (problem,) = problems(boards=f'[[boards]]\nname = "board-1"\n{boards}')
    assert problem.startswith(said)


def warnings(*boards: Board) -> list[str]:
    return [one for one in findings(replace(CENTRE, boards=boards), NO_OWN_WORDS).warnings if "board" in one]


def test_desks_that_no_board_shows_are_named() -> None:
    upstairs = tuple(desk.id for desk in CENTRE.desks if desk.id not in {"3", "7"})
    assert [one.split(":")[0] for one in warnings(Board(name="board-1", desks=upstairs))] == [
        "no board of the file shows desk 3",
        "no board of the file shows desk 7",
    ]
    assert warnings(Board(name="board-1", desks=upstairs), Board(name="board-2")) == []


def test_a_centre_whose_boards_are_all_silent_is_told_so() -> None:
    assert warnings(Board(name="board-1", voice=False)) == [
        "no board of the file has a voice: calls are seen, not heard"
    ]
    assert warnings(Board(name="board-1", voice=False), Board(name="board-2")) == []


# ---------------------------------------------------------------------- news

GOOD = """
[[news]]
text = { fr = "Atelier CV jeudi à 14 h.", nl = "Workshop cv donderdag om 14 u." }
first = 2026-09-14
last = 2026-09-17

[[news]]
text = { fr = "Fermé le 1er novembre.", nl = "Gesloten op 1 november." }
"""


def test_news_stands_from_its_first_day_to_its_last(tmp_path: Path) -> None:
    (tmp_path / "news.toml").write_text(GOOD)
    items = read_news(tmp_path / "news.toml", CENTRE)
    shown = [len(on_day(items, date(2026, 9, day))) for day in (13, 14, 17, 18)]
    assert shown == [1, 2, 2, 1]


def test_a_centre_without_a_file_of_news_has_none(tmp_path: Path) -> None:
    assert read_news(tmp_path / "news.toml", CENTRE) == ()


@pytest.mark.parametrize(
    ("news", "said"),
    [
        ('text = { fr = "Bonjour." }', "news[0].text: no text in 'nl'"),
        ('text = { fr = "Un.", nl = "Een.", en = "One." }', "news[0].text.en: boards speak the official"),
        (f'text = {{ fr = "{"a" * 161}", nl = "Een." }}', "news[0].text.fr: 161 letters"),
        ('text = { fr = "Un\\nDeux", nl = "Een." }', "news[0].text.fr: holds a line break"),
        (
            'text = { fr = "Un.", nl = "Een." }\nfirst = 2026-09-15\nlast = 2026-09-14',
            "news[0].last: 2026-09-14",
        ),
        ('text = { fr = "Un.", nl = "Een." }\nlast = "15/9"', "news[0].last: '15/9' is not a date"),
        ('text = { fr = "Un.", nl = "Een." }\nuntil = 2026-09-14', "news[0].until: unknown key"),
        ('text = { fr = "Un."', ": not TOML"),
        ("n = " + "9" * 5000, ": not TOML"),
        ("text = { fr = 'Un.', nl = 'Een.' }\n[[news]]\n" * (NEWS_MAX + 1) + "text = {}", "news: 14 pages"),
    ],
)
def test_news_that_cannot_be_shown_is_named(tmp_path: Path, news: str, said: str) -> None:
    file = tmp_path / "news.toml"
    file.write_text(f"[[news]]\n{news}\n")
    with pytest.raises(ConfigError) as raised:
        read_news(file, CENTRE)
    assert str(raised.value.problems[0]).startswith(f"{file}: {said}".replace(": :", ":"))


@pytest.mark.parametrize("damage", ["huge", "latin"])
def test_a_file_that_is_no_text_is_named(tmp_path: Path, damage: str) -> None:
    file = tmp_path / "news.toml"
    file.write_bytes(b"#" * 70_000 if damage == "huge" else "é".encode("latin-1"))
    with pytest.raises(ConfigError, match=r"longer than|not UTF-8"):
        read_news(file, CENTRE)
