"""Logs: what happens when they cannot be written."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from support.badges import enrol
from support.servers import ROOT, START_PATIENCE_S, terminal

from protocol.ids import Role


async def test_a_server_whose_log_has_no_room_serves_and_ends_as_told(tmp_path: Path) -> None:
    enrol(tmp_path / "data")
    full = os.open("/dev/full", os.O_WRONLY)
    server = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "walkin", "server", "--data", str(tmp_path / "data"), "--port", "0"),
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"},
        stdout=asyncio.subprocess.PIPE,
        stderr=full,
    )
    os.close(full)
    try:
        assert server.stdout is not None
        ready = await asyncio.wait_for(server.stdout.readline(), START_PATIENCE_S)
        async with terminal(ready.decode().split()[-1], Role.BOARD, "board-1") as board:
            await board.view(lambda _: True)
        server.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(server.wait(), START_PATIENCE_S) == 0
    finally:
        if server.returncode is None:
            server.kill()
        await server.communicate()
