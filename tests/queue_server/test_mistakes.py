"""A mistake of our own ends the server with a record: nobody knows what holds after it."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from support.badges import badge, enrol
from support.centre import small_centre
from support.servers import PATIENCE_S, ROOT, START_PATIENCE_S, stranger
from websockets.exceptions import ConnectionClosed

from protocol import commands as c
from protocol.envelope import Request
from protocol.ids import Role
from queue_server import app, engine, server
from queue_server.app import MistakeError, serve
from queue_server.hub import Hub
from queue_server.log_port import LogError
from queue_server.store.witness import Witness

RECEPTION = badge(Role.RECEPTION, "reception-1").token
QUESTION = Request("question-00000000", c.PostMessage({"fr": "Bonjour"}))


def wrong(*_: object, **__: object) -> None:
    raise AssertionError("a rule we relied on does not hold")


def test_a_mistake_beside_a_disk_that_fails_is_not_taken_for_a_fault_of_the_disk() -> None:
    full, mistake = LogError("The disk is full."), ExceptionGroup("", [AssertionError("a rule")])
    assert isinstance(app._ending(ExceptionGroup("", [full, mistake])), MistakeError)
    assert app._ending(ExceptionGroup("", [ExceptionGroup("", [full])])) is full


async def test_a_mistake_in_bringing_a_day_back_is_told_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "Answers", wrong)
    with pytest.raises(MistakeError, match="because of a mistake"):
        await serve(small_centre(), tmp_path, "127.0.0.1", 0, asyncio.Event(), print)


@asynccontextmanager
async def serving(directory: Path) -> AsyncIterator[tuple[str, asyncio.Task[None]]]:
    enrol(directory)
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(
        serve(small_centre(), directory, "127.0.0.1", 0, asyncio.Event(), address.set_result)
    )
    try:
        yield await asyncio.wait_for(address, PATIENCE_S), task
    finally:
        task.cancel()
        await asyncio.wait({task})


@pytest.mark.parametrize(
    ("room", "name"),
    [
        pytest.param(engine, "decide", id="in the core"),
        pytest.param(Hub, "join", id="while a terminal is welcomed"),
        pytest.param(server, "decode_from_terminal", id="while a frame is read"),
        pytest.param(Hub, "_view", id="while pictures are made"),
    ],
)
async def test_a_failed_assertion_anywhere_ends_the_server(
    room: object, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(tmp_path) as (url, task):
        monkeypatch.setattr(room, name, wrong)
        with suppress(ConnectionClosed):
            async with stranger(url, RECEPTION) as terminal:
                await terminal.say(QUESTION)
                await asyncio.wait_for(terminal.connection.wait_closed(), PATIENCE_S)
        ended, _ = await asyncio.wait({task}, timeout=PATIENCE_S)
        assert ended, "the server still runs"
        with pytest.raises(MistakeError, match="report the mistake"):
            await task


def _failed_assertion(directory: Path) -> None:
    Witness(directory / "day.db").saw(1, b"", b"")


def _key_error(_: Path) -> None:
    small_centre().field("no such field")


@pytest.mark.parametrize("mistake", [_failed_assertion, _key_error])
@pytest.mark.parametrize("let_go", ["callback", "task"])
async def test_any_error_of_ours_nobody_waits_for_ends_the_server(
    let_go: str, mistake: Callable[[Path], None], tmp_path: Path
) -> None:
    def wrong_of_ours() -> None:
        mistake(tmp_path)

    async def fails() -> None:
        wrong_of_ours()

    loop = asyncio.get_running_loop()
    before = loop.get_exception_handler()
    try:
        async with serving(tmp_path) as (_, task):
            if let_go == "callback":
                loop.call_soon(wrong_of_ours)
            else:
                loop.create_task(fails())  # noqa: RUF006 - letting it go is the point
            ended, _ = await asyncio.wait({task}, timeout=PATIENCE_S)
            assert ended, "the server still runs"
            with pytest.raises(MistakeError):
                await task
    finally:
        loop.set_exception_handler(before)


@pytest.mark.parametrize(
    "error", [AssertionError("theirs"), KeyError("theirs"), OSError("the world's"), None]
)
async def test_an_error_in_a_callback_that_is_not_ours_is_told_and_ends_nothing(
    error: Exception | None, tmp_path: Path
) -> None:
    def wrong_of_theirs() -> None:
        if isinstance(error, OSError):
            Witness(tmp_path / "no such directory" / "day.db").open()
        if error is not None:
            raise error
        loop.call_exception_handler({"message": "something went wrong, and nobody says what"})

    loop = asyncio.get_running_loop()
    before, told = loop.get_exception_handler(), asyncio.Event()
    try:
        async with serving(tmp_path) as (url, task):
            loop.call_soon(wrong_of_theirs)
            loop.call_soon(told.set)
            await told.wait()
            async with stranger(url, RECEPTION) as terminal:
                await terminal.hear()
            assert not task.done()
    finally:
        loop.set_exception_handler(before)


PROGRAM = """
import sys
from queue_server import engine

def wrong(*_):
    raise AssertionError("a rule we relied on does not hold")

engine.decide = wrong
from walkin.cli import main

main(["server", "--data", sys.argv[1], "--port", "0"])
"""


async def test_the_program_ends_with_a_status_of_its_own_a_sentence_and_the_place_in_its_log(
    tmp_path: Path,
) -> None:
    enrol(tmp_path)
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PROGRAM, str(tmp_path)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert program.stdout is not None
    url = (await asyncio.wait_for(program.stdout.readline(), START_PATIENCE_S)).decode().split()[-1]
    async with stranger(url, RECEPTION) as terminal:
        await terminal.say(QUESTION)
        _, said = await asyncio.wait_for(program.communicate(), START_PATIENCE_S)
    assert program.returncode == 71
    *records, sentence = said.decode().splitlines()
    [mistake] = [line for line in map(json.loads, records) if line["event"] == "server.mistake"]
    assert "a rule we relied on does not hold" in mistake["exception"]
    assert mistake["level"] == "critical"
    assert sentence.startswith("The server has ended because of a mistake in it")
