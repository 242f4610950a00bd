"""A real board of a real server, with the real espeak-ng and a player that writes down what it plays."""

import shutil
from pathlib import Path

import pytest
from support.badges import badge, worn
from support.centre import ALL_ROUND
from support.screens import Screen
from support.servers import server_in_process, terminal, until

from protocol import commands as c
from protocol.envelope import Accepted
from protocol.ids import Role

ESPEAK = shutil.which("espeak-ng")
PLAYER = """#!/bin/sh
echo "begins" >> "{log}"
/bin/sleep 0.05
echo "ends" >> "{log}"
"""
CLIPS = 1 + 2 * 2
"""The chime; in two languages the ticket and the desk."""


@pytest.mark.skipif(ESPEAK is None, reason="espeak-ng is not installed")
async def test_a_call_and_a_recall_are_heard_once_each_and_nothing_over_anything_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ESPEAK is not None
    programs, log = tmp_path / "programs", tmp_path / "log"
    programs.mkdir()
    (programs / "espeak-ng").symlink_to(ESPEAK)
    (programs / "aplay").write_text(PLAYER.format(log=log))
    (programs / "aplay").chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    log.touch()
    async with (
        server_in_process(tmp_path / "data") as server,
        terminal(server.url, Role.KIOSK, "kiosk-1") as kiosk,
        terminal(server.url, Role.COUNSELLOR, "desk-1", "1") as desk,
        Screen(tmp_path, "board", "--server", server.url, *worn(tmp_path, badge(Role.BOARD, "board-1"))),
    ):
        await until(lambda: len(server.hub) == 3, within_s=30)
        assert isinstance(await desk.ask(c.OpenDesk(ALL_ROUND)), Accepted)
        taken = await kiosk.ask(c.IssueTicket(field="work", languages=("fr",), screen_language="fr"))
        assert isinstance(taken, Accepted), taken
        assert isinstance(await desk.ask(c.CallNext()), Accepted)
        [called] = [call.ticket for call in server.engine.queue.calls]
        assert isinstance(await desk.ask(c.Recall(called)), Accepted)

        def announced() -> int:
            return max(device.announced for device in server.hub._devices.values())

        await until(lambda: announced() == 2, within_s=30)
    assert log.read_text().split() == ["begins", "ends"] * CLIPS * 2
