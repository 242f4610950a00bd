"""The simulated world itself: real asyncio programs run in it, and one seed is one execution."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest
from simulation.loop import DeadlockError, Process, VirtualLoop
from simulation.network import HIGH_WATER_BYTES, WINDOW_BYTES
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import WebSocketException

HOST, PORT = "10.0.0.1", 8765


def played(seed: int, world: Callable[[VirtualLoop], Awaitable[object]]) -> object:
    """What this world comes to with these dice."""
    loop = VirtualLoop(seed)
    try:
        return loop.run_until_complete(world(loop))
    finally:
        loop.end()


async def echo(connection: ServerConnection) -> None:
    async for word in connection:
        await connection.send(word)


async def server() -> None:
    async with serve(echo, HOST, PORT, ping_interval=5, ping_timeout=5):
        await asyncio.Event().wait()


class Caller:
    """Says a number each second, over any number of connections, and notes what came back when."""

    def __init__(self, loop: VirtualLoop) -> None:
        self._loop = loop
        self.heard: list[tuple[float, str]] = []
        self.process = Process("caller")

    async def call(self) -> None:
        number = 0
        while True:
            try:
                async with connect(
                    f"ws://{HOST}:{PORT}", proxy=None, ping_interval=5, ping_timeout=5
                ) as line:
                    while True:
                        await line.send(str(number))
                        self.heard.append((self._loop.time(), str(await line.recv())))
                        number += 1
                        await asyncio.sleep(1)
            except (OSError, WebSocketException) as error:
                self.heard.append((self._loop.time(), type(error).__name__))
                await asyncio.sleep(0.5)


def numbers(heard: list[tuple[float, str]]) -> list[int]:
    return [int(word) for _, word in heard if word.isdigit()]


async def a_minute_with_a_kill_and_a_dark_cable(loop: VirtualLoop) -> list[tuple[float, str]]:
    caller, first = Caller(loop), Process("server")
    loop.start(first, server(), "server")
    await asyncio.sleep(0.1)
    loop.start(caller.process, caller.call(), "caller")
    await asyncio.sleep(10)
    loop.kill(first)
    await asyncio.sleep(5)
    loop.start(Process("server"), server(), "server")
    await asyncio.sleep(10)
    loop.network.darken("caller")
    await asyncio.sleep(3)
    loop.network.lighten("caller")
    await asyncio.sleep(32)
    return caller.heard


def test_one_seed_is_one_execution_and_another_seed_another() -> None:
    first, again, other = (played(seed, a_minute_with_a_kill_and_a_dark_cable) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_programs_over_real_websockets_go_on_after_a_kill_and_a_dark_cable() -> None:
    heard = played(3, a_minute_with_a_kill_and_a_dark_cable)
    assert isinstance(heard, list)
    said = numbers(heard)
    assert said == list(range(len(said)))
    assert len(said) > 45
    assert {word for _, word in heard if not word.isdigit()} >= {"ConnectionRefusedError"}


def test_a_killed_process_executes_nothing_more() -> None:
    async def world(loop: VirtualLoop) -> list[str]:
        done: list[str] = []

        async def work() -> None:
            try:
                while True:
                    await asyncio.sleep(1)
                    done.append("step")
            finally:
                done.append("said goodbye")

        process = Process("worker")
        loop.start(process, work(), "work")
        await asyncio.sleep(3.5)
        loop.kill(process)
        await asyncio.sleep(10)
        return list(done)

    assert played(1, world) == ["step"] * 3


def test_what_is_sent_into_the_dark_arrives_in_order_when_there_is_light() -> None:
    async def world(loop: VirtualLoop) -> bytes:
        came = asyncio.Event()
        heard = bytearray()

        async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while len(heard) < 300:
                heard.extend(await reader.read(7))
            writer.close()
            came.set()

        async with await asyncio.start_server(listen, HOST, PORT):
            process = Process("sender")

            async def send() -> None:
                _, writer = await asyncio.open_connection(HOST, PORT)
                for byte in range(100):
                    writer.write(bytes([byte] * 3))
                    await asyncio.sleep(0.1)
                writer.close()

            loop.start(process, send(), "send")
            await asyncio.sleep(3)
            loop.network.darken("sender")
            await asyncio.sleep(4)
            before = len(heard)
            assert before < 120
            loop.network.lighten("sender")
            await came.wait()
        return bytes(heard)

    assert played(1, world) == b"".join(bytes([byte] * 3) for byte in range(100))


def test_a_peer_that_reads_nothing_holds_its_sender_up() -> None:
    async def world(_: VirtualLoop) -> int:
        async def ignore(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.transport.pause_reading()  # type: ignore[attr-defined]
            try:
                await asyncio.Event().wait()
            finally:
                writer.close()

        sent = 0
        async with await asyncio.start_server(ignore, HOST, PORT):
            _, writer = await asyncio.open_connection(HOST, PORT)
            with suppress(TimeoutError):
                async with asyncio.timeout(60):
                    while True:
                        writer.write(bytes(1024))
                        sent += 1024
                        await writer.drain()
            writer.close()
        return sent

    sent = played(1, world)
    assert isinstance(sent, int)
    assert WINDOW_BYTES <= sent <= WINDOW_BYTES + 2 * HIGH_WATER_BYTES


def test_a_world_in_which_nothing_can_happen_any_more_says_so() -> None:
    async def world(_: VirtualLoop) -> None:
        await asyncio.Event().wait()

    with pytest.raises(DeadlockError):
        played(1, world)


def test_a_stream_ends_once_however_it_is_ended() -> None:
    ends: list[float] = []

    async def world(loop: VirtualLoop) -> None:
        class Ear(asyncio.Protocol):
            def eof_received(self) -> bool:
                ends.append(loop.time())
                return True

        await loop.create_server(Ear, HOST, PORT)
        line, _ = await loop.create_connection(asyncio.Protocol, HOST, PORT)
        line.write(b"a word")
        line.write_eof()
        line.close()
        await asyncio.sleep(1)

    played(1, world)
    assert len(ends) == 1


def test_a_world_that_turns_without_end_is_stopped() -> None:
    async def for_ever() -> None:
        while await asyncio.sleep(0, result=True):
            """Nothing."""

    loop = VirtualLoop(1)
    with pytest.raises(RuntimeError):
        loop.run_until_complete(for_ever())
    assert loop.endless
    loop.end()
