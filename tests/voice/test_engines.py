"""Who speaks, with the real espeak-ng where it is installed."""

import shutil
import sys
from array import array
from collections.abc import Sequence
from pathlib import Path

import pytest

from config.model import Voice
from voice import engines, sound
from voice.engines import Command, Engine, Espeak, Recordings, engines_of
from voice.sentences import Clip
from voice.sound import Sound
from voice.trouble import MissingError, VoiceError

with_espeak = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
COPY = "import sys; open(sys.argv[3], 'w').write(sys.argv[1] + '|' + sys.argv[2])"


@with_espeak
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Ticket K, septante-deux."),
        ("nl", "Ticket K, nul, zeven, twee."),
        ("de", "Schalter 12."),
        ("en", "-Desk A, three."),
    ],
)
async def test_espeak_says_a_clip_in_each_language(tmp_path: Path, language: str, text: str) -> None:
    await Espeak(140).make(Clip(language, text), tmp_path / "out.wav")
    spoken = sound.trimmed(sound.read(tmp_path / "out.wav"))
    assert 0.5 < spoken.seconds < 4
    assert 3000 < max(map(abs, spoken.samples)) < 32_000


async def test_no_text_is_taken_for_a_word_in_sounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []

    async def run(command: Sequence[str], _: float) -> None:
        said.append(command[-1])

    monkeypatch.setattr(engines, "run", run)
    for text in ("Atelier [[CV]]", "[[[[CV"):
        await Espeak(140, find=lambda name: name).make(Clip("fr", text), tmp_path / "out.wav")
    assert said == ["Atelier [CV]]", "[CV"]


@with_espeak
async def test_a_higher_speed_is_a_shorter_clip(tmp_path: Path) -> None:
    lengths = []
    for speed in (100, 200):
        await Espeak(speed).make(Clip("fr", "Ticket K, quarante-deux."), tmp_path / "out.wav")
        lengths.append(sound.read(tmp_path / "out.wav").seconds)
    assert lengths[1] < 0.7 * lengths[0]


async def test_without_espeak_it_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="apt install espeak-ng"):
        await Espeak(140, find=lambda _: None).make(Clip("fr", "Un."), tmp_path / "out.wav")


async def test_a_command_is_given_the_text_as_one_word_whatever_is_in_it(tmp_path: Path) -> None:
    text = 'l’accueil; rm -rf "$HOME" {out} `x`'
    command = Command((sys.executable, "-c", COPY, "{text}", "--{language}", "{out}"))
    await command.make(Clip("nl", text), tmp_path / "out.wav")
    assert (tmp_path / "out.wav").read_text() == f"{text}|--nl"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("/bin/false",), "failed"),
        (("/bin/true",), "has written no sound"),
        (("/nowhere/piper",), "not installed"),
        ((sys.executable, "-c", "import sys; sys.exit('no such voice model')"), "no such voice model"),
    ],
)
async def test_a_command_that_fails_says_why(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    with pytest.raises(VoiceError, match=said):
        await Command(words).make(Clip("nl", "Een."), tmp_path / "out.wav")


async def test_a_command_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "RENDER_S", 0.1)
    with pytest.raises(VoiceError, match="took longer"):
        await Command(("/bin/sleep", "60")).make(Clip("nl", "Een."), tmp_path / "out.wav")


CLIP = Clip("fr", "Ticket K, trois.", (("ticket-k003",), ("ticket", "letter-k", "number-3")))


def recorded(folder: Path, *names: str) -> Path:
    (folder / "fr").mkdir()
    for length, name in enumerate(names, start=1):
        sound.write(Sound(1000, 1, array("h", [9000] * 100 * length)), folder / "fr" / f"{name}.wav")
    return folder


async def test_recordings_of_words_are_joined(tmp_path: Path) -> None:
    folder = recorded(tmp_path, "ticket", "letter-k", "number-3")
    await Recordings(folder).make(CLIP, tmp_path / "out.wav")
    assert sound.read(tmp_path / "out.wav").seconds == pytest.approx(0.1 + 0.2 + 0.3)


async def test_a_recording_of_the_whole_is_better_than_its_words(tmp_path: Path) -> None:
    folder = recorded(tmp_path, "ticket-k003", "ticket", "letter-k", "number-3")
    await Recordings(folder).make(CLIP, tmp_path / "out.wav")
    assert sound.read(tmp_path / "out.wav").seconds == pytest.approx(0.1)


async def test_a_missing_recording_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match=r"fr/number-3\.wav"):
        await Recordings(recorded(tmp_path, "ticket", "letter-k")).make(CLIP, tmp_path / "out.wav")
    with pytest.raises(MissingError, match="Nobody has recorded"):
        await Recordings(tmp_path).make(Clip("fr", "Bonjour."), tmp_path / "out.wav")


def kinds(voice: Voice) -> list[type[Engine]]:
    return [type(engine) for engine in engines_of(voice)]


def test_what_recordings_or_a_command_cannot_say_espeak_says() -> None:
    assert kinds(Voice()) == [Espeak]
    assert kinds(Voice(engine="clips", clips="/x")) == [Recordings, Espeak]
    assert kinds(Voice(engine="command", command=("piper",))) == [Command, Espeak]
    assert kinds(Voice(engine="chime")) == kinds(Voice(engine="off")) == []
