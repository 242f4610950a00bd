"""The supervisor hears that the server is ready, that it comes to the disk, and that it stops."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Event

import pytest
from support.centre import small_centre
from support.engines import ISSUE, Witness, opened, request_id, turns
from support.queue import KIOSK
from support.servers import PATIENCE_S, ROOT, answer_of, engine_at_work, until

from queue_server import engine, supervisor
from queue_server.app import serve
from queue_server.store.day_log import DayLog
from queue_server.supervisor import Supervisor


class Listener:
    """The supervisor's end of the notify socket."""

    def __init__(self, path: Path) -> None:
        self.address = str(path)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(self.address)
        self._socket.setblocking(False)

    async def hear(self) -> str:
        loop = asyncio.get_running_loop()
        return (await asyncio.wait_for(loop.sock_recv(self._socket, 256), PATIENCE_S)).decode()

    def heard(self) -> list[str]:
        """Everything that has come by now."""
        words = []
        while True:
            try:
                words.append(self._socket.recv(256).decode())
            except BlockingIOError:
                return words

    def close(self) -> None:
        self._socket.close()


@asynccontextmanager
async def listener(directory: Path) -> AsyncIterator[Listener]:
    there = Listener(directory / "notify")
    try:
        yield there
    finally:
        there.close()


@asynccontextmanager
async def supervised(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Listener, asyncio.Event]]:
    async with listener(directory) as there:
        monkeypatch.setenv("NOTIFY_SOCKET", there.address)
        monkeypatch.setattr(engine, "TICK_S", 0.01)
        monkeypatch.setattr(supervisor, "ALIVE_GAP_S", 0.0)
        stop = asyncio.Event()
        task = asyncio.create_task(
            serve(small_centre(), directory / "data", "127.0.0.1", 0, stop, lambda _: None)
        )
        yield there, stop
        stop.set()
        await asyncio.wait_for(task, PATIENCE_S)


async def test_it_is_told_of_the_start_of_signs_of_life_while_nobody_comes_and_of_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with supervised(tmp_path, monkeypatch) as (there, stop):
        while await there.hear() != "READY=1":
            pass
        assert await there.hear() == "WATCHDOG=1"
        stop.set()
        while await there.hear() != "STOPPING=1":
            pass


async def test_there_is_no_sign_of_life_while_the_disk_hangs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hangs, goes_on = Event(), Event()
    beat = DayLog._beat

    def hung(log: DayLog) -> None:
        hangs.set()
        assert goes_on.wait(PATIENCE_S)
        beat(log)

    async with supervised(tmp_path, monkeypatch) as (there, _):
        while await there.hear() != "READY=1":
            pass
        monkeypatch.setattr(DayLog, "_beat", hung)
        await asyncio.to_thread(hangs.wait, PATIENCE_S)
        there.heard()
        for _ in range(100):
            await asyncio.sleep(0)
        assert there.heard() == []
        monkeypatch.setattr(DayLog, "_beat", beat)
        goes_on.set()
        assert await there.hear() == "WATCHDOG=1"


async def test_each_commit_is_a_sign_of_life_when_it_is_on_disk_and_not_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where much happens nobody waits for the beat of a quiet house."""
    monkeypatch.setattr(engine, "TICK_S", 3600.0)
    signs: list[str] = []
    writer, house = await opened(tmp_path)
    witness = Witness(writer)
    writer.connect(witness.publish, witness.committed, lambda: signs.append("alive"))
    async with engine_at_work(writer):
        await until(lambda: writer.queue.open and writer.queue.version in witness.shown)
        signs.clear()
        house.log.hold()
        question = asyncio.create_task(answer_of(writer, request_id(), ISSUE, KIOSK))
        await house.log.arrived.wait()
        await turns()
        assert signs == []
        house.log.gate.set()
        await question
        assert signs == ["alive"]


def test_a_disk_that_stalls_for_five_seconds_does_not_make_the_supervisor_lose_its_patience() -> None:
    stall_s, busy_s = 5.0, 5.0
    longest_s = supervisor.ALIVE_GAP_S + engine.TICK_S + stall_s
    unit = (ROOT / "deploy" / "walkin-server.service").read_text(encoding="utf-8")
    [waits_s] = re.findall(r"^WatchdogSec=(\d+)$", unit, re.MULTILINE)
    assert longest_s + busy_s <= float(waits_s)


async def test_signs_of_life_are_at_most_one_a_second(tmp_path: Path) -> None:
    async with listener(tmp_path) as there:
        told = Supervisor(there.address)
        for _ in range(1000):
            told.alive()
        assert there.heard() == ["WATCHDOG=1"]


def test_a_supervisor_that_is_not_there_is_no_trouble(tmp_path: Path) -> None:
    Supervisor(str(tmp_path / "nobody")).ready()
    Supervisor("").alive()
