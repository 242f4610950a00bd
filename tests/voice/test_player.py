"""What plays, and what becomes of a screen that has nothing to play with. Players here are scripts."""

import asyncio
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.servers import until

from voice import player as players
from voice import programs, sound
from voice.player import PLAYERS, Player
from voice.sound import Sound
from voice.trouble import MissingError, VoiceError

Script = Callable[[str, str], str]


@pytest.fixture
def script(tmp_path: Path) -> Script:
    """A program of this name, whose body is a line of shell that may write to $LOG."""

    def write(name: str, body: str) -> str:
        path = tmp_path / name
        path.write_text(f'#!/bin/sh\nLOG="{tmp_path}/log"\necho "{name} $*" >> "$LOG"\n{body}\n')
        path.chmod(0o755)
        return str(path)

    return write


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "clip.wav"
    sound.write(Sound(1000, 1, array("h", [8000] * 100)), path)
    return path


def log(folder: Path) -> list[str]:
    return [line.split()[0] for line in (folder / "log").read_text().splitlines()]


def test_the_players_of_a_desktop_come_before_alsas() -> None:
    assert [player[0] for player in PLAYERS] == ["pw-play", "paplay", "aplay"]


async def test_the_first_player_that_is_there_plays(tmp_path: Path, script: Script, clip: Path) -> None:
    player = Player([("/nowhere/pw-play",), (script("paplay", ""),), (script("aplay", ""), "-q")])
    await player.play(clip)
    assert log(tmp_path) == ["paplay"]
    assert player.program == str(tmp_path / "paplay")


async def test_a_player_that_reaches_no_sound_server_gives_way_for_good(
    tmp_path: Path, script: Script, clip: Path
) -> None:
    player = Player([(script("pw-play", "exit 1"),), (script("aplay", ""), "-q")])
    await player.play(clip)
    await player.play(clip)
    assert log(tmp_path) == ["pw-play", "aplay", "aplay"]
    assert player.failures == 0


async def test_without_a_sound_card_the_cause_is_told_and_counted(script: Script, clip: Path) -> None:
    player = Player([(script("aplay", "echo 'cannot find card 0' >&2; exit 1"),)])
    with pytest.raises(VoiceError, match="cannot find card 0"):
        await player.play(clip)
    assert player.failures == 1


async def test_a_machine_without_a_player_says_what_to_install(clip: Path) -> None:
    player = Player(find=lambda _: None)
    assert player.program is None
    with pytest.raises(MissingError, match="apt install alsa-utils"):
        await player.play(clip)


async def test_a_player_that_hangs_is_given_up(
    script: Script, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(players, "START_S", 0.05)
    with pytest.raises(VoiceError, match="took longer"):
        await Player([(script("aplay", "sleep 60"),)]).play(clip)


async def test_a_player_that_hung_rests_and_no_call_waits_for_it_meanwhile(
    tmp_path: Path, script: Script, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(players, "START_S", 0.05)
    player = Player([(script("aplay", "sleep 60"),)])
    for cause in ("took longer", "hung less than", "hung less than"):
        with pytest.raises(VoiceError, match=cause):
            await player.play(clip)
    assert len(log(tmp_path)) <= 1
    monkeypatch.setattr(players.time, "monotonic", lambda: 1e12)
    script("aplay", "")
    monkeypatch.setattr(players, "START_S", 5.0)
    await player.play(clip)


class Undying:
    """A program that its sound card holds: killed, it is still there."""

    pid = 0

    def __init__(self) -> None:
        self.stderr = asyncio.StreamReader()

    async def wait(self) -> int:
        return await asyncio.Event().wait()


async def test_a_killed_program_that_the_sound_card_holds_does_not_hold_the_screen(
    clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def started(*_: str, **__: object) -> Undying:
        return Undying()

    monkeypatch.setattr(programs, "END_S", 0.01)
    monkeypatch.setattr(programs.os, "killpg", lambda *_: None)
    monkeypatch.setattr(programs.asyncio, "create_subprocess_exec", started)
    monkeypatch.setattr(players, "START_S", 0.01)
    async with asyncio.timeout(5):
        with pytest.raises(VoiceError, match="took longer"):
            await Player([("aplay",)], find=lambda name: name).play(clip)


def is_over(process: int) -> bool:
    """It is gone, or dead and not yet buried."""
    status = Path(f"/proc/{process}/status")
    return not status.exists() or "State:\tZ" in status.read_text()


async def test_whoever_is_silenced_ends_the_player_with_all_that_it_started(
    tmp_path: Path, script: Script, clip: Path
) -> None:
    child = tmp_path / "child"
    player = Player(
        [(script("aplay", f'sleep 60 & echo "$!" > "{child}.new"; mv "{child}.new" "{child}"; wait'),)]
    )
    playing = asyncio.create_task(player.play(clip))
    await until(child.exists)
    playing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await playing
    await until(lambda: is_over(int(child.read_text())))


async def test_whoever_is_silenced_while_the_player_starts_ends_it_with_all_that_it_started(
    tmp_path: Path, script: Script, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child, seen = tmp_path / "child", asyncio.Event()
    start = asyncio.create_subprocess_exec

    async def slowly(*command: str, **streams: Any) -> asyncio.subprocess.Process:
        process = await start(*command, **streams)
        await seen.wait()
        return process

    monkeypatch.setattr(programs.asyncio, "create_subprocess_exec", slowly)
    player = Player(
        [(script("aplay", f'sleep 60 & echo "$!" > "{child}.new"; mv "{child}.new" "{child}"; wait'),)]
    )
    playing = asyncio.create_task(player.play(clip))
    await until(child.exists)
    playing.cancel()
    await asyncio.sleep(0)
    seen.set()
    with pytest.raises(asyncio.CancelledError):
        await playing
    await until(lambda: is_over(int(child.read_text())), within_s=5.0)


async def test_what_is_no_sound_is_not_played(tmp_path: Path, script: Script) -> None:
    (tmp_path / "odd.wav").write_text("Bonjour")
    with pytest.raises(VoiceError, match="no WAV"):
        await Player([(script("aplay", ""),)]).play(tmp_path / "odd.wav")
