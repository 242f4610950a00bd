"""The server as a whole: how it starts, and how it ends when the disk fails."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from support.badges import enrol
from support.centre import MORNING, minutes, small_centre
from support.engines import ISSUE, TURNS
from support.queue import KIOSK
from support.servers import PATIENCE_S, HandClock, answer_of, terminal, until
from websockets.exceptions import ConnectionClosed

from printers.memory import Memory
from protocol import commands as c
from protocol.envelope import Request
from protocol.ids import Role
from protocol.server_seen import ClockAhead, ServerSeen
from protocol.views import PrintState, ReceptionView
from queue_server import app, engine
from queue_server.app import serve, serve_house
from queue_server.engine import Engine
from queue_server.log_port import LogError
from queue_server.store.day_log import DayLog
from queue_server.store.house import DirectoryInUseError, House


async def test_a_disk_that_fails_ends_the_server_although_terminals_wait_for_an_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrol(tmp_path)
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    server = asyncio.create_task(
        serve(small_centre(), tmp_path, "127.0.0.1", 0, asyncio.Event(), address.set_result)
    )
    url = await asyncio.wait_for(address, PATIENCE_S)
    async with terminal(url, Role.RECEPTION) as reception:

        def full(_log: DayLog, _records: object) -> None:
            raise LogError("Nothing more can be written: the disk is full.")

        monkeypatch.setattr(DayLog, "_append", full)
        await reception.say(Request("question-00000000", c.PostMessage({"fr": "Bonjour"})))
        ended, _ = await asyncio.wait({server}, timeout=PATIENCE_S)
        if not ended:
            server.cancel()
        assert ended, "the server still runs"
        with pytest.raises(LogError, match="disk is full"):
            await server
        with pytest.raises(ConnectionClosed):
            await reception.answer()


async def test_a_new_day_that_cannot_be_opened_at_midnight_ends_the_server(tmp_path: Path) -> None:
    clock, ready = HandClock(), asyncio.Event()
    house = House(tmp_path)
    server = asyncio.create_task(
        serve_house(small_centre(), house, clock, ("127.0.0.1", 0), asyncio.Event(), lambda _: ready.set())
    )
    await asyncio.wait_for(ready.wait(), PATIENCE_S)
    (tmp_path / "days" / "2026-09-16.db").mkdir()
    clock.forward(24 * 60)
    ended, _ = await asyncio.wait({server}, timeout=PATIENCE_S)
    if not ended:
        server.cancel()
    assert ended, "the server still runs"
    with pytest.raises(LogError, match="cannot be opened"):
        await server


async def test_reception_is_shown_that_the_clock_is_ahead_and_when_it_is_right_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "TICK_S", 0.01)
    enrol(tmp_path)
    clock, stop = HandClock(), asyncio.Event()
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    served = serve_house(small_centre(), House(tmp_path), clock, ("127.0.0.1", 0), stop, address.set_result)
    server = asyncio.create_task(served)
    url = await asyncio.wait_for(address, PATIENCE_S)
    async with terminal(url, Role.RECEPTION) as reception:
        await reception.view(lambda view: isinstance(view, ReceptionView) and view.server == ServerSeen())
        clock.jump(24 * 60)
        ahead = ServerSeen(ClockAhead("2026-09-16", MORNING + minutes(10)))
        await reception.view(lambda view: isinstance(view, ReceptionView) and view.server == ahead)
        clock.jump(-24 * 60)
        await reception.view(lambda view: isinstance(view, ReceptionView) and view.server == ServerSeen())
    stop.set()
    await asyncio.wait_for(server, PATIENCE_S)


async def test_a_slip_ordered_when_the_list_of_slips_is_closed_already_waits_for_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engines: list[Engine] = []
    close = Memory.close

    async def closed_too_soon(memory: Memory) -> None:
        await close(memory)
        await answer_of(engines[-1], "question-00000000", ISSUE, KIOSK)
        for _ in range(TURNS):
            await asyncio.sleep(0)

    def noticed(*args: Any) -> Engine:
        engines.append(Engine(*args))
        return engines[-1]

    monkeypatch.setattr(Memory, "close", closed_too_soon)
    monkeypatch.setattr(app, "Engine", noticed)
    ready, stop = asyncio.Event(), asyncio.Event()
    served = serve_house(
        small_centre(), House(tmp_path), HandClock(), ("127.0.0.1", 0), stop, lambda _: ready.set()
    )
    server = asyncio.create_task(served)
    await asyncio.wait_for(ready.wait(), PATIENCE_S)
    await until(lambda: engines[-1].queue.open)
    stop.set()
    await asyncio.wait_for(server, PATIENCE_S)
    assert engines[-1].queue.tickets["T001"].slip is PrintState.QUEUED


async def test_a_second_server_on_the_directory_is_refused(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.lock()
    with pytest.raises(DirectoryInUseError):
        await serve(small_centre(), tmp_path, "127.0.0.1", 0, asyncio.Event(), print)
    house.unlock()


async def test_a_port_that_is_taken_is_an_error_of_the_world(tmp_path: Path) -> None:
    taken = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0)
    port = taken.sockets[0].getsockname()[1]
    async with taken:
        with pytest.raises(OSError, match="Address already in use"):
            await serve(small_centre(), tmp_path, "127.0.0.1", port, asyncio.Event(), print)
    house = House(tmp_path)
    house.lock()
    house.unlock()


async def test_a_server_that_is_told_to_stop_answers_what_it_was_asked_and_ends(tmp_path: Path) -> None:
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    stop = asyncio.Event()
    enrol(tmp_path)
    server = asyncio.create_task(serve(small_centre(), tmp_path, "127.0.0.1", 0, stop, address.set_result))
    url = await asyncio.wait_for(address, PATIENCE_S)
    async with terminal(url, Role.RECEPTION) as reception:
        stop.set()
        await asyncio.wait_for(server, PATIENCE_S)
        with pytest.raises(ConnectionClosed) as closed:
            await reception.answer()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1001
