"""Staff hear a call before a visitor does; a machine without a voice or a player says what to install."""

import json
import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from config.load import load
from voice import sound
from voice.recordings import needed
from walkin.cli import main

BRUSSELS = Path("config/brussels.toml").read_text(encoding="utf-8")
ESPEAK = shutil.which("espeak-ng")
with_espeak = pytest.mark.skipif(ESPEAK is None, reason="espeak-ng is not installed")


@pytest.fixture(autouse=True)
def nothing_plays(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine with espeak-ng and no player, and with a cache of its own."""
    programs = tmp_path / "programs"
    programs.mkdir()
    if ESPEAK is not None:
        (programs / "espeak-ng").symlink_to(ESPEAK)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(programs))


def walkin(*words: str) -> Result:
    return CliRunner().invoke(main, words)


@with_espeak
def test_a_call_is_written_as_a_board_says_it(tmp_path: Path) -> None:
    out = tmp_path / "call.wav"
    run = walkin("voice", "--call", "k 042", "--desk", "12", "--language", "de", "--to", str(out), "--json")
    assert run.exit_code == 0, run.output
    told = json.loads(run.stdout)
    assert told["said"][:2] == [
        {"language": "de", "text": "Ticket K, null, vier, zwo."},
        {"language": "de", "text": "Schalter 12."},
    ]
    assert {one["language"] for one in told["said"][2:]} == {"fr", "nl"}
    assert told["seconds"] == pytest.approx(sound.read(out).seconds, abs=0.1)
    assert 10 < told["seconds"] < 15


@with_espeak
def test_a_bilingual_call_with_its_chime_takes_less_than_nine_seconds(tmp_path: Path) -> None:
    run = walkin("voice", "--call", "K042", "--desk", "7", "--to", str(tmp_path / "call.wav"), "--json")
    assert 7 < json.loads(run.stdout)["seconds"] < 9


@with_espeak
def test_a_text_is_written_without_a_chime(tmp_path: Path) -> None:
    run = walkin(
        "voice", "--text", "Goedendag. Kies uw taal.", "--language", "nl", "--to", str(tmp_path / "a.wav")
    )
    assert run.exit_code == 0
    assert run.stdout.splitlines()[:2] == ["nl  Goedendag.", "nl  Kies uw taal."]


@with_espeak
def test_without_a_player_it_says_what_to_install() -> None:
    run = walkin("voice", "--call", "K042")
    assert run.exit_code == 1
    assert "apt install alsa-utils" in run.stderr


def test_without_a_speech_engine_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    run = walkin("voice", "--text", "Bonjour.")
    assert run.exit_code == 1
    assert "apt install espeak-ng" in run.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--call", "042"), "is no ticket"),
        (("--call", "K042", "--desk", "99"), "no desk '99'"),
        (("--text", "Ciao.", "--language", "it"), "no language 'it'"),
        ((), "either --text or --call"),
        (("--text", "  "), "nothing to say"),
    ],
)
def test_what_cannot_be_said_is_refused_in_words(words: tuple[str, ...], said: str) -> None:
    run = walkin("voice", *words)
    assert run.exit_code == 2
    assert said in run.stderr


def test_a_sound_never_takes_the_place_of_what_is_no_file(tmp_path: Path) -> None:
    wire = tmp_path / "wire"
    os.mkfifo(wire)
    run = walkin("voice", "--text", "Bonjour.", "--to", str(wire))
    assert run.exit_code == 2
    assert "is no file" in run.stderr
    assert wire.is_fifo()


def centre(folder: Path, voice: str) -> str:
    before, _, after = BRUSSELS.partition("[voice]\n")
    path = folder / "centre.toml"
    path.write_text(f"{before}[voice]\n{voice}\n{after[after.index('[hours]') :]}", encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("engine", "words"), [("off", ("--call", "K042")), ("chime", ("--text", "Bonjour."))]
)
def test_a_silent_centre_says_that_it_is(tmp_path: Path, engine: str, words: tuple[str, ...]) -> None:
    run = walkin("voice", "--config", centre(tmp_path, f'engine = "{engine}"'), *words)
    assert run.exit_code == 1
    assert f'"{engine}"' in run.stderr


def test_the_recordings_that_are_missing_are_listed(tmp_path: Path) -> None:
    own = centre(tmp_path, f'engine = "clips"\nclips = "{tmp_path}"')
    wanted = needed(load(own))
    assert {"fr/number-99.wav", "fr/number-900.wav", "nl/number-9.wav", "de/desk-12.wav"} <= set(wanted)
    assert "nl/number-10.wav" not in wanted
    for name in wanted[1:]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    run = walkin("recordings", "--config", own, "--json")
    assert (run.exit_code, json.loads(run.stdout)) == (1, [wanted[0]])
    (tmp_path / wanted[0]).touch()
    assert walkin("recordings", "--config", own).exit_code == 0
    assert walkin("recordings").exit_code == 2


def test_news_beside_the_centres_file_is_counted_and_checked(tmp_path: Path) -> None:
    own = centre(tmp_path, "")
    (tmp_path / "news.toml").write_text('[[news]]\ntext = { fr = "Un.", nl = "Een." }\n')
    assert "news 1" in walkin("check", "--config", own).stdout
    (tmp_path / "news.toml").write_text('[[news]]\ntext = { fr = "Un." }\n')
    run = walkin("check", "--config", own)
    assert run.exit_code == 2
    assert "no text in 'nl'" in run.stderr
