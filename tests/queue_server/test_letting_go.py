"""How long a terminal that does nothing any more is kept; tests/reliability plays it on the real program."""

import asyncio
import socket
from pathlib import Path
from types import SimpleNamespace

import pytest
from support.servers import server_in_process, terminal
from websockets.asyncio.server import ServerConnection

from protocol.ids import Role
from queue_server import server
from queue_server.devices import Device
from queue_server.server import DevicePort

KEPT_S_MAX = 9.0


def test_a_terminal_that_answers_no_ping_is_let_go_in_time() -> None:
    assert server.PING_S + server.PING_S + server.CLOSE_TIMEOUT_S <= KEPT_S_MAX


async def test_the_kernel_itself_ends_the_line_of_a_terminal_that_takes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits_ms: list[int] = []
    welcomed = DevicePort._welcomed

    async def seen(port: DevicePort, connection: ServerConnection) -> Device | None:
        line: socket.socket = connection.transport.get_extra_info("socket")
        waits_ms.append(line.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT))
        return await welcomed(port, connection)

    monkeypatch.setattr(DevicePort, "_welcomed", seen)
    async with server_in_process(tmp_path) as running, terminal(running.url, Role.BOARD, "board-1"):
        assert 0 < waits_ms[0] <= KEPT_S_MAX * 1000


@pytest.mark.parametrize(
    ("pinged_s_ago", "patience_s"),
    [(None, server.SEND_TIMEOUT_S), (0.0, 5.0), (3.0, 2.0), (4.5, 0.5), (60.0, 0.0)],
)
async def test_a_frame_waits_no_longer_than_a_ping_that_is_not_answered_either(
    pinged_s_ago: float | None, patience_s: float
) -> None:
    now_s = asyncio.get_running_loop().time()
    pings = {} if pinged_s_ago is None else {b"ping": (None, now_s - pinged_s_ago)}
    found_s = server._patience_s(SimpleNamespace(pending_pings=pings))  # type: ignore[arg-type]
    assert found_s == pytest.approx(patience_s, abs=0.2)
