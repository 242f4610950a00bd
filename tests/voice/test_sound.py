import wave
from array import array
from pathlib import Path

import pytest

from voice import sound
from voice.sound import PAUSE_S, Sound
from voice.trouble import VoiceError

RATE = 8000


def tone(seconds: float, rate_hz: int = RATE, level: int = 9000) -> Sound:
    return Sound(rate_hz, 1, array("h", [level, -level] * int(seconds * rate_hz / 2)))


def silence(seconds: float) -> Sound:
    return Sound(RATE, 1, array("h", bytes(2 * int(seconds * RATE))))


def test_silence_at_the_end_is_cut_to_a_short_pause_and_none_within() -> None:
    spoken = sound.joined([tone(0.2), silence(0.4), tone(0.2), silence(0.5)])
    assert sound.trimmed(spoken).seconds == pytest.approx(0.8 + PAUSE_S)
    assert sound.trimmed(silence(0.5)).seconds <= PAUSE_S


def test_a_sound_is_the_same_after_writing_and_reading(tmp_path: Path) -> None:
    sound.write(tone(0.1), tmp_path / "a.wav")
    assert sound.read(tmp_path / "a.wav") == tone(0.1)
    assert [path.name for path in tmp_path.iterdir()] == ["a.wav"]


def test_half_the_volume_is_half_the_loudness() -> None:
    assert max(sound.softened(tone(0.1), 50).samples) == 4500
    assert sound.softened(tone(0.1), 100) == tone(0.1)


def test_recordings_made_differently_are_not_joined() -> None:
    with pytest.raises(VoiceError, match="same sample rate"):
        sound.joined([tone(0.1), tone(0.1, rate_hz=22_050)])


@pytest.mark.parametrize("damage", ["nothing", "text", "8 bits", "absent", "endless", "no rate"])
def test_what_is_no_wav_of_sixteen_bits_is_said_in_words(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "odd.wav"
    match damage:
        case "nothing":
            path.touch()
        case "text":
            path.write_text("Bonjour, ceci n’est pas un son.")
        case "8 bits":
            with wave.open(str(path), "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(1)
                file.setframerate(RATE)
                file.writeframes(b"\x80" * 100)
        case "no rate":
            sound.write(tone(0.1), path)
            path.write_bytes(path.read_bytes()[:24] + bytes(4) + path.read_bytes()[28:])
        case "endless":
            with wave.open(str(path), "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(2)
                file.setframerate(1)
                file.writeframes(bytes(2 * 61))
    with pytest.raises(VoiceError, match=r"odd\.wav"):
        sound.read(path)


def test_a_wav_that_ends_within_a_sample_is_heard_up_to_there(tmp_path: Path) -> None:
    path = tmp_path / "cut.wav"
    sound.write(tone(0.1), path)
    path.write_bytes(path.read_bytes()[:-1])
    assert sound.read(path).samples == tone(0.1).samples[:-1]


def test_a_sound_is_on_the_disk_before_it_takes_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named: list[bool] = []
    monkeypatch.setattr(sound.os, "fsync", lambda _: named.append((tmp_path / "a.wav").exists()))
    sound.write(tone(0.1), tmp_path / "a.wav")
    assert named == [False]


def test_the_chime_is_short_begins_and_ends_softly_and_is_never_distorted() -> None:
    gong = sound.chime()
    assert 1.2 < gong.seconds < 1.5
    assert abs(gong.samples[0]) < 200
    assert abs(gong.samples[-1]) < 200
    assert max(map(abs, gong.samples)) < 20_000
