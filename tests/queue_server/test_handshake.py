"""Who gets a line, and who is told why not: by the secret, the version and the place that a terminal has."""

import asyncio
from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path

import pytest
from support.badges import badge
from support.servers import PATIENCE_S, Running, server_in_process, stranger
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from protocol.badge import Badge
from protocol.envelope import SUBPROTOCOL, Refused
from protocol.ids import Role
from protocol.refusals import RefusalCode
from queue_server.server import HANDSHAKE_TIMEOUT_S, UNFIT


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    async with server_in_process(tmp_path) as found:
        yield found


KNOWN = badge(Role.RECEPTION, "reception-1").token
BEARER = f"Bearer {KNOWN}"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([("Authorization", BEARER)], HTTPStatus.UPGRADE_REQUIRED),
        ([("Authorization", BEARER), ("Sec-WebSocket-Protocol", "walkin.1")], HTTPStatus.UPGRADE_REQUIRED),
        ([("Sec-WebSocket-Protocol", SUBPROTOCOL)], HTTPStatus.UNAUTHORIZED),
        *(
            ([("Sec-WebSocket-Protocol", SUBPROTOCOL), ("Authorization", given)], HTTPStatus.UNAUTHORIZED)
            for given in (
                "",
                "Bearer",
                "Bearer ",
                KNOWN,
                f"Basic {KNOWN}",
                f"{BEARER}x",
                f"Bearer {KNOWN[::-1]}",
            )
        ),
        (
            [("Sec-WebSocket-Protocol", SUBPROTOCOL), ("Authorization", BEARER), ("Authorization", BEARER)],
            HTTPStatus.UNAUTHORIZED,
        ),
    ],
    ids=[
        "no-version",
        "another-version",
        "no-token",
        "nothing",
        "no-secret",
        "an-empty-secret",
        "no-scheme",
        "another-scheme",
        "a-longer-secret",
        "another-secret",
        "two-secrets",
    ],
)
async def test_whoever_does_not_belong_to_the_centre_never_gets_a_line(
    running: Running, headers: list[tuple[str, str]], status: HTTPStatus
) -> None:
    with pytest.raises(InvalidStatus) as turned_away:
        async with connect(running.url, additional_headers=headers, proxy=None):
            pass
    assert turned_away.value.response.status_code == status
    assert len(running.hub) == 0


@pytest.mark.parametrize(
    ("own", "code"),
    [
        (badge(Role.KIOSK, "kiosk-9"), RefusalCode.UNKNOWN_KIOSK),
        (badge(Role.COUNSELLOR, "desk-99", "99"), RefusalCode.UNKNOWN_DESK),
        (badge(Role.COUNSELLOR, "desk-0"), RefusalCode.UNKNOWN_DESK),
    ],
    ids=["unknown-kiosk", "unknown-desk", "no-desk"],
)
async def test_a_terminal_for_which_the_centre_has_no_place_is_told_why_and_shown_the_door(
    running: Running, own: Badge, code: RefusalCode
) -> None:
    async with stranger(running.url, own.token) as guest:
        refusal = await guest.answer()
        assert isinstance(refusal, Refused)
        assert refusal.code is code
        assert refusal.detail
        with pytest.raises(ConnectionClosed) as closed:
            await guest.hear()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == UNFIT
    assert len(running.hub) == 0


async def test_whoever_does_not_finish_the_handshake_is_shown_the_door(running: Running) -> None:
    assert HANDSHAKE_TIMEOUT_S == 3.0
    reader, writer = await asyncio.open_connection("127.0.0.1", int(running.url.rsplit(":", 1)[1]))
    writer.write(b"GET / HTTP/1.1\r\n")
    async with asyncio.timeout(PATIENCE_S):
        assert await reader.read() == b""
    writer.close()


async def test_a_web_page_cannot_speak_to_the_device_port(running: Running) -> None:
    with pytest.raises(InvalidStatus):
        async with connect(running.url, origin="http://evil.example", proxy=None):  # type: ignore[arg-type]
            pass
