"""The centre's own words on the command line: checked, said by every program, to translators and back."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from structlog.testing import capture_logs
from support.badges import badge, worn

from config.load import load
from config.phrases import LOCALES, Phrases
from protocol.ids import Role
from queue_server.app import Beside
from walkin.cli import main
from walkin.demo import run as demo
from walkin.ending import EXIT_CONFIG

ROOT = Path(__file__).parents[2]
EXIT_USAGE = 2
SERVER = ("--server", "ws://127.0.0.1:1")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A centre's own configuration file, in a folder of its own."""
    return Path(shutil.copy(ROOT / "config" / "brussels.toml", tmp_path / "centre.toml"))


def own(config: Path, text: str) -> None:
    folder = config.parent / "texts.d"
    folder.mkdir(exist_ok=True)
    (folder / "ours.toml").write_text(text, encoding="utf-8")


def walkin(*words: str | Path) -> Result:
    return CliRunner().invoke(main, list(map(str, words)))


def test_check_counts_own_texts_and_warns_of_what_could_be_better(config: Path) -> None:
    own(config, '[kiosk.back]\nfr = "Arrière"\n')
    run = walkin("check", "--config", config)
    assert run.exit_code == 0
    assert "own texts 1" in run.output
    assert "warning: texts.d/ours.toml: kiosk.back: own words in fr, not in nl" in run.output
    assert json.loads(walkin("check", "--config", config, "--json").output)["counts"]["own texts"] == 1


def test_check_names_what_is_wrong_with_own_texts_and_ends(config: Path) -> None:
    own(config, '[kiosk.bck]\nfr = "Arrière"\n')
    run = walkin("check", "--config", config)
    assert run.exit_code == EXIT_CONFIG
    assert run.output == "texts.d/ours.toml: kiosk.bck: no such text; did you mean 'kiosk.back'?\n"


@pytest.fixture(autouse=True)
def unlogged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs leave the logging of the tests' own process as it is."""
    for where in ("walkin.screens.log_of", "walkin.terminal.log_of", "walkin.demo.run.log_of"):
        monkeypatch.setattr(where, lambda *_: None)
    monkeypatch.setattr("walkin.logs.configure_logs", lambda: None)


class Reached(BaseException):
    """A program has what it needs to begin."""


def caught(monkeypatch: pytest.MonkeyPatch, where: str, into: list[Phrases]) -> None:
    """Whatever begins the program of this name ends at once, its texts kept."""

    def begin(*given: Any, **named: Any) -> None:
        for one in (*given, *named.values()):
            said = one.phrases if isinstance(one, Beside) else one
            if isinstance(said, Phrases):
                into.append(said)
        raise Reached

    monkeypatch.setattr(where, begin)


def test_every_program_speaks_in_the_centres_own_words(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own(config, '[kiosk.back]\nfr = "Arrière"\n[kiosk.done]\nfr = "戻る"\n')
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    data = ("--data", tmp_path)
    board, reception = badge(Role.BOARD, "board-1"), badge(Role.RECEPTION, "reception-1")
    programs: list[tuple[str, tuple[str | Path, ...]]] = [
        ("queue_server.app.serve", ("server", *data)),
        ("kiosk.app.alone_in", ("kiosk", *data, *SERVER, *worn(tmp_path, badge(Role.KIOSK, "kiosk-1")))),
        (
            "display_board.terminal.app.app_of",
            ("board", *SERVER, *worn(tmp_path, board)),
        ),
        (
            "desk.counsellor.app.app_of",
            ("counsellor", *SERVER, *worn(tmp_path, badge(Role.COUNSELLOR, "desk-1", "1"))),
        ),
        (
            "desk.reception.app.app_of",
            ("reception", *SERVER, *worn(tmp_path, reception)),
        ),
        ("voice.sentences.of_call", ("voice", "--call", "K042")),
        ("walkin.code_screen.wait_for_badge", ("terminal", *SERVER, "--badge", tmp_path / "new.badge")),
    ]
    for where, command in programs:
        reached: list[Phrases] = []
        caught(monkeypatch, where, reached)
        with pytest.raises(Reached), capture_logs() as logged:
            CliRunner().invoke(main, [*map(str, command), "--config", str(config)], catch_exceptions=False)
        (said,) = reached
        assert said.say("kiosk.back", "fr") == "Arrière", where
        assert said.say("kiosk.done", "fr") == "Terminé", where
        (said_of,) = (one["problem"] for one in logged if one["event"] == "texts.not_used")
        assert said_of.startswith("texts.d/ours.toml: kiosk.done.fr: "), where


async def test_the_demonstration_speaks_in_the_centres_own_words(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own(config, '[kiosk.back]\nfr = "Arrière"\n')
    reached: list[Phrases] = []

    @asynccontextmanager
    async def nowhere(*_: object) -> AsyncIterator[None]:
        yield

    async def nobody(*_: object) -> None:
        await asyncio.sleep(0)

    monkeypatch.setattr(demo, "own_centre", nowhere)
    monkeypatch.setattr(demo, "open_the_doors", nobody)
    caught(monkeypatch, "walkin.demo.run.DemoApp", reached)
    with pytest.raises(Reached):
        await demo.demonstrate(config, load(config))
    assert [said.say("kiosk.back", "fr") for said in reached] == ["Arrière"]


def test_a_spreadsheet_goes_out_is_changed_and_comes_back(config: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    command = ("texts", "export", "--config", config, "--format", "csv", "--language", "nl", "--to", sheet)
    assert walkin(*command).exit_code == 0
    text = sheet.read_text(encoding="utf-8-sig")
    assert text.startswith("key;form;nl;max;")
    assert "Terug aan het begin" not in text
    sheet.write_text(text.replace("kiosk.back;;Terug;", "kiosk.back;;Vorige;"), encoding="utf-8-sig")
    run = walkin("texts", "import", sheet, "--config", config)
    assert run.exit_code == 0, run.output
    assert "1 differ from the program's words" in run.output
    imported = config.parent / "texts.d" / "imported.toml"
    assert '[kiosk.back]\nnl = "Vorige"' in imported.read_text(encoding="utf-8")
    assert imported.stat().st_mode & 0o777 == 0o644
    assert "kiosk.back;;Vorige;" in walkin(*command[:-2]).output
    told = json.loads(walkin("texts", "import", sheet, "--config", config, "--json").output)
    assert told == {"file": str(imported), "texts": {"kiosk.back": {"nl": {"other": "Vorige"}}}}


def test_po_files_go_out_and_come_back_one_for_each_language(config: Path, tmp_path: Path) -> None:
    folder = tmp_path / "po"
    assert walkin("texts", "export", "--config", config, "--format", "po", "--to", folder).exit_code == 0
    files = sorted(folder.iterdir())
    assert [path.stem for path in files] == sorted(LOCALES)
    run = walkin("texts", "import", *files, "--config", config)
    assert run.exit_code == 0, run.output
    assert not (config.parent / "texts.d").exists()


def test_several_languages_do_not_go_into_one_po_file(config: Path) -> None:
    run = walkin("texts", "export", "--config", config, "--format", "po")
    assert run.exit_code == EXIT_USAGE
    assert "say which by --language, or a directory by --to" in run.output


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace("kiosk.back;;Retour;", "kiosk.back;;Retour en arrière;"),
        lambda text: text.replace("key;", "kei;"),
    ],
)
def test_an_import_with_one_text_that_cannot_be_used_changes_nothing(
    spoil: Callable[[str], str], config: Path, tmp_path: Path
) -> None:
    own(config, '[kiosk.done]\nfr = "Fini"\n')
    sheet = tmp_path / "sheet.csv"
    walkin("texts", "export", "--config", config, "--format", "csv", "--to", sheet)
    sheet.write_text(spoil(sheet.read_text(encoding="utf-8-sig")), encoding="utf-8")
    run = walkin("texts", "import", sheet, "--config", config)
    assert run.exit_code == EXIT_CONFIG
    assert run.output.startswith("sheet.csv, line ")
    assert run.output.endswith("Nothing was changed.\n")
    assert [path.name for path in (config.parent / "texts.d").iterdir()] == ["ours.toml"]
