"""How long a terminal that does nothing any more is kept; tests/reliability plays it on the real program."""

import socket
from pathlib import Path

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
