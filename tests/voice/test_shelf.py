"""Clips are made once and kept, and the folder never grows without end."""

import os
import time
from array import array
from pathlib import Path

import pytest

from voice import shelf as shelves
from voice import sound
from voice.sentences import Clip
from voice.shelf import Shelf
from voice.sound import Sound
from voice.trouble import MissingError, VoiceError


class Talker:
    """Makes a tone of a tenth of a second, or fails."""

    def __init__(self, identity: str = "talker", trouble: VoiceError | None = None) -> None:
        self.identity = identity
        self.trouble = trouble
        self.made: list[str] = []
        self.reads = True

    async def make(self, clip: Clip, out: Path) -> None:
        self.made.append(clip.text)
        if self.trouble is not None:
            raise self.trouble
        sound.write(Sound(1000, 1, array("h", [8000] * 100)), out)


def aged(path: Path, seconds: float) -> None:
    """It was used so long ago."""
    used = time.time() - seconds
    os.utime(path, (used, used))


def files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


async def test_a_clip_is_made_once_over_restarts_and_anew_when_the_voice_changes(tmp_path: Path) -> None:
    talker, other = Talker(), Talker("other")
    first = await Shelf([talker], 100, tmp_path).clip(Clip("fr", "Un."))
    assert await Shelf([talker], 100, tmp_path).clip(Clip("fr", "Un.")) == first
    assert talker.made == ["Un."]
    places = {
        await Shelf([other], 100, tmp_path).clip(Clip("fr", "Un.")),
        await Shelf([talker], 100, tmp_path).clip(Clip("nl", "Un.")),
        await Shelf([talker], 50, tmp_path).clip(Clip("fr", "Un.")),
    }
    assert len(places | {first}) == 4


async def test_the_oldest_clips_are_thrown_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelves, "CLIPS_MAX", 3)
    shelf = Shelf([Talker()], 100, tmp_path)
    used = await shelf.clip(Clip("fr", "0"))
    for turn in range(1, 6):
        path = await shelf.clip(Clip("fr", str(turn)))
        aged(path, 100 - turn)
        await shelf.clip(Clip("fr", "0"))
    kept = files(tmp_path)
    assert len(kept) == 3
    assert used in kept


async def test_many_bytes_are_thrown_away_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelves, "BYTES_MAX", 1000)
    shelf = Shelf([Talker()], 100, tmp_path)
    for turn in range(6):
        await shelf.clip(Clip("fr", str(turn)))
    assert sum(path.stat().st_size for path in files(tmp_path)) <= 1000


@pytest.mark.parametrize("kept", [0, 10, 43])
async def test_a_kept_clip_that_a_power_cut_damaged_is_made_once_more(tmp_path: Path, kept: int) -> None:
    talker = Talker()
    shelf = Shelf([talker], 100, tmp_path)
    for path in (await shelf.clip(Clip("fr", "Un.")), await shelf.chime()):
        path.write_bytes(path.read_bytes()[:kept])
    for _ in range(2):
        assert sound.read(await shelf.clip(Clip("fr", "Un."))).samples
        assert sound.read(await shelf.chime()).samples
    assert talker.made == ["Un.", "Un."]


async def test_a_ticket_is_in_no_clip_a_day_after_it_was_last_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = Shelf([Talker()], 100, tmp_path)
    ticket, word = await shelf.clip(Clip("fr", "K042")), await shelf.clip(Clip("fr", "Un."))
    aged(ticket, shelves.KEPT_S + 1)
    aged(word, shelves.KEPT_S - 60)
    await shelf.clip(Clip("fr", "Deux."))
    assert not ticket.exists()
    assert word.exists()
    aged(word, shelves.KEPT_S + 1)
    Shelf([Talker()], 100, tmp_path)
    assert not word.exists(), "a screen that starts looks first"
    ticket = await shelf.clip(Clip("fr", "K042"))
    aged(ticket, shelves.KEPT_S + 1)
    monkeypatch.setattr(shelves, "TIDY_S", 0.0)
    await shelf.clip(Clip("fr", "Deux."))
    assert not ticket.exists(), "a screen that makes no new clip looks too"


def test_what_a_killed_program_left_is_thrown_away_and_what_another_makes_now_is_not(tmp_path: Path) -> None:
    left = [tmp_path / "a.7.raw", tmp_path / "a.wav.7.new"]
    for path in (*left, tmp_path / "b.8.raw"):
        path.touch()
    for path in left:
        aged(path, shelves.LEFTOVER_S + 1)
    Shelf([Talker()], 100, tmp_path)
    assert files(tmp_path) == [tmp_path / "b.8.raw"]


async def test_a_clip_that_vanishes_while_others_are_looked_through_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "gone.wav").symlink_to(tmp_path / "nothing")
    assert (await Shelf([Talker()], 100, tmp_path).clip(Clip("fr", "Un."))).is_file()


async def test_what_one_engine_lacks_the_next_one_says(tmp_path: Path) -> None:
    recordings, espeak = Talker("clips", MissingError("No recording.")), Talker("espeak")
    shelf = Shelf([recordings, espeak], 100, tmp_path)
    for text in ("Un.", "Deux."):
        await shelf.clip(Clip("fr", text))
    assert recordings.made == espeak.made == ["Un.", "Deux."]


async def test_an_engine_that_failed_rests_so_that_its_time_limit_does_not_hold_every_call(
    tmp_path: Path,
) -> None:
    piper, espeak = Talker("piper", VoiceError("It hung.")), Talker("espeak")
    shelf = Shelf([piper, espeak], 100, tmp_path)
    for text in ("Un.", "Deux."):
        await shelf.clip(Clip("fr", text))
    assert piper.made == ["Un."]
    assert espeak.made == ["Un.", "Deux."]


async def test_without_any_engine_the_cause_is_told(tmp_path: Path) -> None:
    with pytest.raises(VoiceError, match="It hung"):
        await Shelf([Talker(trouble=VoiceError("It hung."))], 100, tmp_path).clip(Clip("fr", "Un."))
    assert not files(tmp_path)


async def test_where_the_cache_cannot_be_written_clips_last_as_long_as_the_program() -> None:
    shelf = Shelf([Talker()], 100, Path("/proc/no/voice"))
    assert (await shelf.clip(Clip("fr", "Un."))).is_file()
    assert (await shelf.chime()).is_file()
