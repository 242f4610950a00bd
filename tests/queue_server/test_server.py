"""The device port over real sockets: bad input is refused in words, and the queue goes on."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.badges import badge
from support.centre import ALL_ROUND, small_centre
from support.queue import snapshot
from support.servers import (
    PATIENCE_S,
    Running,
    server_in_process,
    terminal,
    until,
)
from websockets.exceptions import ConnectionClosed

from protocol import commands as c
from protocol.commands import AnyCommand
from protocol.envelope import (
    FRAME_BYTES_MAX,
    SUBPROTOCOL,
    Accepted,
    Announced,
    Called,
    Refused,
    Request,
    TicketGiven,
)
from protocol.ids import Role
from protocol.refusals import RefusalCode
from protocol.views import BoardView, CounsellorView, KioskView, ReceptionView
from queue_server import server
from queue_server.hub import OWED_MAX
from queue_server.server import HARD_FRAME_BYTES_MAX
from walkin.stand import hurried

KNOWN = badge(Role.RECEPTION, "reception-1").token
ISSUE = c.IssueTicket(field="training", languages=("fr",), screen_language="fr")
ID = "request-00000000"


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    async with server_in_process(tmp_path, hurried(small_centre())) as found:
        yield found


def question(command: dict[str, object], request_id: str = ID) -> str:
    return json.dumps({"type": "request", "id": request_id, "command": command})


BAD_FRAMES: dict[str, str | bytes] = {
    "empty": "",
    "no-json": "hello?",
    "half-a-frame": '{"type":"request","id":"request-00000000","command":{"type":"call_n',
    "a-list": "[]",
    "a-number": "1e999",
    "deep": "[" * 5000,
    "unknown-type": '{"type":"reboot"}',
    "no-type": "{}",
    "unknown-command": question({"type": "open_the_pod_bay_doors"}),
    "unknown-field": question({"type": "call_next", "desk": "1"}),
    "unknown-key": '{"type":"request","id":"request-00000000","command":{"type":"undo"},"actor":"reception"}',
    "short-id": question({"type": "undo"}, "1"),
    "id-with-a-space": question({"type": "undo"}, "request 00000000"),
    "no-id": '{"type":"request","command":{"type":"undo"}}',
    "name-for-a-ticket": question({"type": "cancel", "ticket": "Jean Dupont"}),
    "number-for-a-ticket": question({"type": "cancel", "ticket": 1}),
    "no-languages": question(
        {"type": "issue_ticket", "field": "work", "languages": [], "screen_language": "fr"}
    ),
    "many-languages": question(
        {"type": "issue_ticket", "field": "work", "languages": ["fr"] * 5, "screen_language": "fr"}
    ),
    "long-message": question({"type": "post_message", "texts": {"fr": "x" * 121}}),
    "lone-surrogate": question({"type": "post_message", "texts": {"fr": "\ud800"}}),
    "call-nought": '{"type":"announced","call":0}',
    "binary-garbage": bytes(range(256)),
    "binary-utf-16": '{"type":"announced","call":1}'.encode("utf-16"),
    "a-former-word": '{"type":"hello","role":"reception","device":"reception-1","protocol":1}',
    "a-servers-word": '{"type":"accepted","id":"request-00000000","outcome":{"kind":"done"}}',
}


@pytest.mark.parametrize("frame", BAD_FRAMES.values(), ids=BAD_FRAMES.keys())
async def test_what_is_no_message_is_refused_in_words_and_changes_nothing(
    running: Running, frame: str | bytes
) -> None:
    async with terminal(running.url, Role.RECEPTION) as reception:
        before = snapshot(running.engine.queue)
        refusal = await reception.refusal(frame)
        assert refusal.code is RefusalCode.MALFORMED
        assert len(refusal.detail) > 5
        assert snapshot(running.engine.queue) == before
        assert isinstance(await reception.ask(ISSUE), Accepted), "the connection goes on"


async def test_a_refused_request_is_told_by_its_id(running: Running) -> None:
    async with terminal(running.url, Role.RECEPTION) as reception:
        assert (await reception.refusal(BAD_FRAMES["unknown-field"])).id == ID
        assert (await reception.refusal(BAD_FRAMES["no-id"])).id == ""


async def test_a_frame_that_is_too_long_is_refused_in_words(running: Running) -> None:
    async with terminal(running.url, Role.RECEPTION) as reception:
        refusal = await reception.refusal(" " * (FRAME_BYTES_MAX + 1))
        assert refusal.code is RefusalCode.MALFORMED
        assert str(FRAME_BYTES_MAX) in refusal.detail
        assert isinstance(await reception.ask(ISSUE), Accepted)


async def test_a_frames_length_counts_in_bytes(running: Running) -> None:
    async with terminal(running.url, Role.RECEPTION) as reception:
        refusal = await reception.refusal("\N{EURO SIGN}" * (FRAME_BYTES_MAX // 2))
        assert str(FRAME_BYTES_MAX) in refusal.detail


async def test_who_asks_many_things_at_once_is_answered_each_or_told_to_ask_again(running: Running) -> None:
    asked = [f"at-once-{number:08d}" for number in range(4 * OWED_MAX)]
    async with terminal(running.url, Role.KIOSK, "kiosk-1") as kiosk:
        for request_id in asked:
            await kiosk.say(Request(request_id, ISSUE))
        answers = [await kiosk.answer() for _ in asked]
    given = [answer.id for answer in answers if isinstance(answer, Accepted)]
    refused = [answer for answer in answers if isinstance(answer, Refused)]
    assert sorted([*given, *(answer.id for answer in refused)]) == asked
    assert {answer.code for answer in refused} <= {RefusalCode.BUSY}
    assert len(given) >= OWED_MAX
    assert len(running.engine.queue.tickets) == len(given)


async def test_a_frame_of_any_length_closes_its_own_connection_alone(running: Running) -> None:
    async with (
        terminal(running.url, Role.RECEPTION) as reception,
        terminal(running.url, Role.KIOSK, "kiosk-1") as kiosk,
    ):
        await kiosk.say("x" * (HARD_FRAME_BYTES_MAX + 1))
        with pytest.raises(ConnectionClosed) as closed:
            await kiosk.view(lambda _view: False)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009
        assert isinstance(await reception.ask(ISSUE), Accepted)


@pytest.mark.parametrize(
    ("role", "command", "code"),
    [
        (Role.KIOSK, c.OpenDay(), RefusalCode.NOT_ALLOWED),
        (Role.KIOSK, c.CallNext(), RefusalCode.NOT_ALLOWED),
        (Role.BOARD, ISSUE, RefusalCode.NOT_ALLOWED),
        (Role.COUNSELLOR, c.Cancel("T001"), RefusalCode.NOT_ALLOWED),
        (Role.COUNSELLOR, c.CallNext(), RefusalCode.DESK_CLOSED),
        (Role.COUNSELLOR, c.OpenDesk("nobody"), RefusalCode.UNKNOWN_COUNSELLOR),
        (Role.RECEPTION, c.Cancel("T999"), RefusalCode.UNKNOWN_TICKET),
        (Role.RECEPTION, c.Transfer(ticket="T001", desk="99"), RefusalCode.UNKNOWN_DESK),
        (Role.RECEPTION, c.Transfer(ticket="T001", field="cookery"), RefusalCode.UNKNOWN_FIELD),
        (Role.RECEPTION, c.Recall("T001"), RefusalCode.WRONG_STAGE),
        (Role.RECEPTION, c.Reinstate("T001"), RefusalCode.WRONG_STAGE),
        (Role.RECEPTION, c.Reprint("T001", "kiosk-9"), RefusalCode.UNKNOWN_KIOSK),
    ],
)
async def test_an_ordinary_no_has_a_code_and_a_sentence_and_changes_nothing(
    running: Running, role: Role, command: AnyCommand, code: RefusalCode
) -> None:
    device, desk = {Role.KIOSK: ("kiosk-1", None), Role.COUNSELLOR: ("desk-1", "1")}.get(role, ("any", None))
    async with (
        terminal(running.url, Role.KIOSK, "kiosk-2") as kiosk,
        terminal(running.url, role, device, desk) as asking,
    ):
        await kiosk.ask(ISSUE)
        before = snapshot(running.engine.queue)
        refusal = await asking.ask(command)
        assert isinstance(refusal, Refused)
        assert refusal.code is code
        assert refusal.detail.count(" ") > 1
        assert snapshot(running.engine.queue) == before


@pytest.mark.parametrize(
    "role",
    [Role.KIOSK, Role.COUNSELLOR, Role.RECEPTION],
)
async def test_only_boards_announce(running: Running, role: Role) -> None:
    async with terminal(running.url, role, "kiosk-1", "1") as asking:
        assert (await asking.refusal(Announced(1))).code is RefusalCode.NOT_ALLOWED


async def test_the_same_question_over_two_connections_gets_one_ticket(running: Running) -> None:
    answers = []
    for _ in range(2):
        async with terminal(running.url, Role.KIOSK, "kiosk-1") as kiosk:
            await kiosk.say(Request(ID, ISSUE))
            answers.append(await kiosk.answer())
    assert answers[0] == answers[1]
    assert len(running.engine.queue.tickets) == 1


async def test_every_terminal_is_shown_each_change(running: Running) -> None:
    async with (
        terminal(running.url, Role.KIOSK, "kiosk-1") as kiosk,
        terminal(running.url, Role.BOARD) as board,
        terminal(running.url, Role.RECEPTION, "reception-1") as reception,
        terminal(running.url, Role.COUNSELLOR, "desk-1", "1") as desk,
    ):
        await desk.ask(c.OpenDesk(ALL_ROUND))
        await kiosk.ask(ISSUE)
        called = await desk.ask(c.CallNext())
        assert isinstance(called, Accepted)
        assert called.outcome == Called(ticket="T001", desk="1", call=1)
        version = running.engine.queue.version
        for each, kind in (
            (kiosk, KioskView),
            (board, BoardView),
            (reception, ReceptionView),
            (desk, CounsellorView),
        ):
            view = await each.view(lambda view: view.version == version)
            assert isinstance(view, kind)


async def test_reception_sees_which_calls_a_board_has_announced_and_no_call_that_was_never_made(
    running: Running,
) -> None:
    def announced(view: object, call: int) -> bool:
        assert isinstance(view, ReceptionView)
        return any(seen.device == "board-1" and seen.announced == call for seen in view.devices)

    async with (
        terminal(running.url, Role.RECEPTION, "reception-1") as reception,
        terminal(running.url, Role.COUNSELLOR, "desk-1", "1") as desk,
    ):
        await reception.ask(c.OpenDay())
        await desk.ask(c.OpenDesk(ALL_ROUND))
        await reception.ask(c.IssueTicket(field="training", languages=("fr",), screen_language="fr"))
        await desk.ask(c.CallNext())
        async with terminal(running.url, Role.BOARD, "board-1") as board:
            await board.say(Announced(3))
            await reception.view(lambda view: announced(view, 1))
        await reception.view(
            lambda view: (
                isinstance(view, ReceptionView)
                and any(seen.device == "board-1" and not seen.connected for seen in view.devices)
            )
        )


garbage = st.one_of(
    st.binary(max_size=300),
    st.text(max_size=300),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=10),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=8,
    ).map(json.dumps),
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(["welcome", "request", "announced", "view"]),
            "id": st.text("abc-0", max_size=20),
            "command": st.dictionaries(st.sampled_from(["type", "ticket", "x"]), st.text(max_size=6)),
        }
    ).map(json.dumps),
)


async def test_two_hundred_frames_of_garbage_leave_the_queue_as_it_was(running: Running) -> None:
    async with terminal(running.url, Role.RECEPTION) as reception:
        await reception.ask(ISSUE)
        before = snapshot(running.engine.queue)
        loop = asyncio.get_running_loop()

        @settings(
            max_examples=200,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
        )
        @given(frame=garbage)
        def every_frame_is_refused(frame: str | bytes) -> None:
            refusal = asyncio.run_coroutine_threadsafe(reception.refusal(frame), loop).result(PATIENCE_S)
            assert refusal.detail

        await asyncio.to_thread(every_frame_is_refused)
        assert snapshot(running.engine.queue) == before
        assert isinstance(await reception.ask(ISSUE), Accepted)


async def test_a_terminal_that_stops_reading_is_cut_off_and_delays_nobody(
    running: Running, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setattr(server, "SEND_TIMEOUT_S", 1.0)
    deaf = socket.create_connection(("127.0.0.1", int(running.url.rsplit(":", 1)[1])))
    request.addfinalizer(deaf.close)
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
    deaf.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(
        deaf,
        b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        + f"Sec-WebSocket-Protocol: {SUBPROTOCOL}\r\nAuthorization: Bearer {KNOWN}\r\n\r\n".encode(),
    )
    await until(lambda: len(running.hub) == 1)
    async with terminal(running.url, Role.KIOSK, "kiosk-1") as kiosk:
        given = 0
        async with asyncio.timeout(PATIENCE_S * 3):
            while len(running.hub) == 2:
                answer = await kiosk.ask(ISSUE)
                assert isinstance(answer, Accepted)
                assert isinstance(answer.outcome, TicketGiven)
                given += 1
        assert given > 0
        assert len(running.engine.queue.tickets) == given
        assert isinstance(await kiosk.ask(ISSUE), Accepted)
