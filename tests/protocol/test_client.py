"""A terminal's line: it comes back by itself, asks again under the same id, and shows the newest picture."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import pytest
from msgspec.structs import replace
from support import views
from support.badges import badge
from support.servers import PATIENCE_S, server_in_process, until
from websockets.asyncio.server import ServerConnection, serve
from websockets.typing import Subprotocol

from protocol import client
from protocol import commands as c
from protocol.client import LinkLost, LinkRefused, LinkUp, QueueClient, ServerAwayError, Update
from protocol.codec import decode_from_terminal, encode
from protocol.envelope import (
    PROTOCOL_VERSION,
    SUBPROTOCOL,
    Accepted,
    Announced,
    AnyFromServer,
    AnyFromTerminal,
    Done,
    Present,
    Refused,
    Request,
    Shown,
    TicketGiven,
    Welcome,
)
from protocol.epochs import Epochs, OldServerError
from protocol.ids import Role
from protocol.refusals import RefusalCode
from protocol.views import AnyView, KioskView

KIOSK = badge(Role.KIOSK, "kiosk-1")
ISSUE = c.IssueTicket(field="training", languages=("fr",), screen_language="fr")
WELCOME = Welcome(protocol=PROTOCOL_VERSION, server="double", centre="smallville", day="2026-09-15", epoch=1)
ID = "question-00000000"

Play = Callable[["Double", ServerConnection], Awaitable[None]]


class Double:
    """A server that plays what a test tells it, and keeps what it heard."""

    def __init__(self, play: Play) -> None:
        self.play = play
        self.url = ""
        self.visits = 0
        self.heard: list[AnyFromTerminal] = []

    async def serve(self, connection: ServerConnection) -> None:
        self.visits += 1
        await self.play(self, connection)

    async def hear(self, connection: ServerConnection) -> AnyFromTerminal:
        message = decode_from_terminal(await connection.recv())
        self.heard.append(message)
        return message

    async def welcome(self, connection: ServerConnection) -> None:
        await say(connection, WELCOME)

    @property
    def requests(self) -> list[Request]:
        return [message for message in self.heard if isinstance(message, Request)]


async def say(connection: ServerConnection, message: AnyFromServer) -> None:
    await connection.send(encode(message), text=True)


@asynccontextmanager
async def double(play: Play) -> AsyncIterator[Double]:
    played = Double(play)
    async with serve(
        played.serve, "127.0.0.1", 0, close_timeout=1, subprotocols=[Subprotocol(SUBPROTOCOL)]
    ) as server:
        played.url = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"
        yield played


async def first(terminal: QueueClient, wanted: Callable[[Update], bool]) -> Update:
    async with asyncio.timeout(PATIENCE_S):
        async for update in terminal.updates():
            if wanted(update):
                return update
    raise AssertionError


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "RETRY_S", (0.0, 0.01))


async def test_a_question_whose_answer_was_lost_is_asked_again_under_the_same_id() -> None:
    async def play(server: Double, connection: ServerConnection) -> None:
        await server.welcome(connection)
        asked = await server.hear(connection)
        if server.visits > 1:
            assert isinstance(asked, Request)
            await say(connection, Accepted(asked.id, Done()))
            await connection.wait_closed()

    async with double(play) as server, QueueClient(server.url, KIOSK) as terminal:
        assert await terminal.ask(ISSUE) == Accepted(server.requests[0].id, Done())
        assert server.visits == 2
        assert server.requests[0] == server.requests[1]


async def test_a_question_asked_while_the_server_is_away_goes_out_when_it_is_back() -> None:
    async def play(server: Double, connection: ServerConnection) -> None:
        if server.visits < 3:
            return
        await server.welcome(connection)
        asked = await server.hear(connection)
        assert isinstance(asked, Request)
        await say(connection, Accepted(asked.id, Done()))
        await connection.wait_closed()

    async with double(play) as server, QueueClient(server.url, KIOSK) as terminal:
        assert await terminal.ask(ISSUE, ID) == Accepted(ID, Done())
        assert len(server.requests) == 1


async def test_each_question_gets_its_own_answer_in_whatever_order_they_come() -> None:
    async def play(server: Double, connection: ServerConnection) -> None:
        await server.welcome(connection)
        asked = [await server.hear(connection) for _ in range(3)]
        for message in reversed(asked):
            assert isinstance(message, Request)
            await say(connection, Refused(message.id, RefusalCode.NOT_OPEN, message.id))
        await connection.wait_closed()

    async with double(play) as server, QueueClient(server.url, KIOSK) as terminal:
        await first(terminal, lambda update: isinstance(update, LinkUp))
        ids = [f"question-0000000{number}" for number in range(3)]
        answers = await asyncio.gather(*(terminal.ask(ISSUE, name) for name in ids))
        assert [answer.id for answer in answers] == ids
        assert len(server.requests) == 3


async def test_a_server_that_never_answers_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "ANSWER_TIMEOUT_S", 0.1)

    async def play(server: Double, connection: ServerConnection) -> None:
        await server.welcome(connection)
        await connection.wait_closed()

    async with double(play) as server, QueueClient(server.url, KIOSK) as terminal:
        with pytest.raises(ServerAwayError, match="Check that it runs"):
            await terminal.ask(ISSUE)
        assert not terminal._pending


async def test_a_server_that_is_not_there_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "ANSWER_TIMEOUT_S", 0.1)
    async with double(lambda _server, connection: connection.wait_closed()) as server:
        url = server.url
    async with QueueClient(url, KIOSK) as terminal:
        lost = await first(terminal, lambda update: isinstance(update, LinkLost))
        assert isinstance(lost, LinkLost)
        assert lost.reason
        with pytest.raises(ServerAwayError):
            await terminal.ask(ISSUE)


async def test_a_terminal_that_is_not_wanted_is_told_why_and_keeps_trying() -> None:
    async def play(_: Double, connection: ServerConnection) -> None:
        await say(connection, Refused("", RefusalCode.UNKNOWN_KIOSK, "the centre has no kiosk kiosk-1"))

    async with double(play) as server, QueueClient(server.url, KIOSK) as terminal:
        refused = await first(terminal, lambda update: isinstance(update, LinkRefused))
        assert isinstance(refused, LinkRefused)
        assert refused.refusal.code is RefusalCode.UNKNOWN_KIOSK
        await until(lambda: server.visits > 2)


async def test_of_several_pictures_that_wait_only_the_newest_is_given() -> None:
    pictures = [replace(views.kiosk_view(), version=version) for version in (1, 2, 3)]

    async def play(server: Double, connection: ServerConnection) -> None:
        await server.welcome(connection)
        for picture in pictures:
            await say(connection, Shown(picture))
        asked = await server.hear(connection)
        assert isinstance(asked, Request)
        await say(connection, Accepted(asked.id, Done()))
        await connection.wait_closed()

    async with double(play) as server, QueueClient(server.url, KIOSK) as terminal:
        await terminal.ask(ISSUE)
        updates = terminal.updates()
        given = [await anext(updates), await anext(updates)]
        assert isinstance(given[0], LinkUp)
        assert given[1] == pictures[-1]
        assert not terminal._news


async def test_a_frame_that_is_no_message_costs_the_line_and_not_the_terminal() -> None:
    async def play(server: Double, connection: ServerConnection) -> None:
        await server.welcome(connection)
        if server.visits == 1:
            await connection.send("gibberish")
        else:
            await say(connection, Shown(views.kiosk_view()))
        await connection.wait_closed()

    async with double(play) as server, QueueClient(server.url, KIOSK) as terminal:
        assert await first(terminal, lambda update: isinstance(update, AnyView)) == views.kiosk_view()
        assert server.visits == 2


async def test_a_board_tells_what_it_has_announced() -> None:
    heard = asyncio.Event()

    async def play(server: Double, connection: ServerConnection) -> None:
        await server.welcome(connection)
        await server.hear(connection)
        heard.set()
        await connection.wait_closed()

    async with double(play) as server, QueueClient(server.url, KIOSK) as terminal:
        await first(terminal, lambda update: isinstance(update, LinkUp))
        await terminal.announced(7)
        await asyncio.wait_for(heard.wait(), PATIENCE_S)
        assert server.heard[-1] == Announced(7)


async def test_a_staff_terminal_tells_that_somebody_is_there() -> None:
    heard = asyncio.Event()

    async def play(server: Double, connection: ServerConnection) -> None:
        await server.welcome(connection)
        await server.hear(connection)
        heard.set()
        await connection.wait_closed()

    async with double(play) as server, QueueClient(server.url, KIOSK) as terminal:
        await first(terminal, lambda update: isinstance(update, LinkUp))
        await terminal.present()
        await asyncio.wait_for(heard.wait(), PATIENCE_S)
        assert server.heard == [Present()]


async def test_leaving_ends_the_line_and_whatever_was_asked() -> None:
    async def play(server: Double, connection: ServerConnection) -> None:
        await server.welcome(connection)
        await connection.wait_closed()

    async with double(play) as server:
        async with QueueClient(server.url, KIOSK) as terminal:
            await first(terminal, lambda update: isinstance(update, LinkUp))
            question = asyncio.create_task(terminal.ask(ISSUE))
            await until(lambda: bool(terminal._pending))
        with pytest.raises(asyncio.CancelledError):
            await question
        assert not terminal.connected


async def test_a_terminal_comes_back_after_a_restart_and_shows_the_newest_picture(tmp_path: Path) -> None:
    def given(count: int) -> Callable[[Update], bool]:
        return lambda update: (
            isinstance(update, KioskView) and sum(field.waiting_total for field in update.fields) == count
        )

    async with server_in_process(tmp_path) as server:
        port = int(server.url.rsplit(":", 1)[1])
        terminal = QueueClient(server.url, KIOSK)
        await terminal.__aenter__()
        await until(lambda: server.engine.queue.open)
        answer = await terminal.ask(ISSUE, ID)
        assert isinstance(answer, Accepted)
        assert isinstance(answer.outcome, TicketGiven)
        await first(terminal, given(1))
    await first(terminal, lambda update: isinstance(update, LinkLost))
    assert not terminal.connected
    async with server_in_process(tmp_path, port=port) as server:
        assert await terminal.ask(ISSUE, ID) == answer, "the same question, the same answer"
        await first(terminal, given(1))
        assert isinstance(await terminal.ask(ISSUE), Accepted)
        view = await first(terminal, given(2))
        assert isinstance(view, KioskView)
        assert view.version == server.engine.queue.version
        assert isinstance(view.at, datetime)
        await terminal.__aexit__(None, None, None)


async def test_a_server_that_another_has_replaced_is_not_listened_to(tmp_path: Path) -> None:
    epochs = iter([7, 6, 6, 7])

    async def play(server: Double, connection: ServerConnection) -> None:
        await say(connection, replace(WELCOME, epoch=next(epochs)))
        if server.visits == 4:
            await connection.wait_closed()

    kept = tmp_path / "walkin" / "kiosk-1.epoch"
    async with double(play) as server, QueueClient(server.url, KIOSK, Epochs(kept)) as terminal:
        refused = await first(terminal, lambda each: isinstance(each, LinkLost) and "replaced" in each.reason)
        assert isinstance(refused, LinkLost)
        assert "epoch 6, seen before: 7" in refused.reason
        assert str(kept) in refused.reason
        await first(terminal, lambda each: isinstance(each, LinkUp) and server.visits == 4)
    assert Epochs(kept).highest == 7


async def test_a_terminal_that_cannot_keep_what_it_saw_goes_on(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    epochs = Epochs(tmp_path / "file" / "kiosk-1.epoch")
    epochs.meet("ws://127.0.0.1:1", 3)
    with pytest.raises(OldServerError):
        epochs.meet("ws://127.0.0.1:1", 2)
