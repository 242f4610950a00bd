"""A terminal comes in by the code on its screen, which somebody types; nobody else does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path

import pytest
from support.pairing import BOARD, at_work, brought, pair, pairing_seen
from support.servers import PATIENCE_S, HandClock, Terminal, stranger, terminal
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from protocol import newcomer as terminal_module
from protocol.badge import Badge
from protocol.envelope import SUBPROTOCOL, Accepted, Refused, Welcome
from protocol.ids import Role
from protocol.newcomer import Closed
from protocol.orders import ClosePairing, OpenPairing, PairDevice
from protocol.pairing import (
    PATH,
    Knock,
    Offer,
    Paired,
    Proved,
    TerminalSide,
    decode_to_newcomer,
    encode,
    new_code,
    spaced,
)
from protocol.refusals import RefusalCode
from protocol.views import ReceptionView
from queue_server import vestibule as module
from queue_server.store.registry import Registry


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RETRY_S", "TURNED_AWAY_RETRY_S"):
        monkeypatch.setattr(terminal_module, name, (0.0, 0.01))
    monkeypatch.setattr(terminal_module, "WRONG_PAUSE_S_MAX", 0.01)


@pytest.fixture
async def url(tmp_path: Path) -> AsyncIterator[str]:
    async with at_work(tmp_path) as address:
        yield address


@pytest.fixture
async def reception(url: str) -> AsyncIterator[Terminal]:
    async with terminal(url, Role.RECEPTION) as guest:
        yield guest


async def comes_in(url: str, own: Badge) -> bool:
    try:
        async with stranger(url, own.token) as guest:
            return isinstance(await guest.answer(), Welcome)
    except InvalidStatus as turned_away:
        return turned_away.response.status_code != HTTPStatus.UNAUTHORIZED


async def refused(guest: Terminal, order: PairDevice) -> RefusalCode:
    answer = await guest.ask(order)
    assert isinstance(answer, Refused)
    return answer.code


async def test_a_terminal_whose_code_reception_types_belongs_to_the_centre_as_what_reception_said(
    url: str, reception: Terminal
) -> None:
    assert isinstance(await reception.ask(OpenPairing()), Accepted)
    async with brought(url) as screen:
        code = await screen.code()
        typed_as_read = f" {spaced(code).lower()} "
        assert isinstance(await reception.ask(pair(typed_as_read, "desk-1", Role.COUNSELLOR, "1")), Accepted)
        own = await asyncio.wait_for(screen.joining, PATIENCE_S)
    assert (own.device, own.role, own.desk, own.server) == ("desk-1", Role.COUNSELLOR, "1", url)
    assert screen.kept == [own]
    assert await comes_in(url, own)


async def test_pairing_is_closed_until_somebody_opens_it_and_a_terminal_shows_no_code_then(
    url: str, reception: Terminal
) -> None:
    async with brought(url) as screen:
        await screen.shows(lambda now: isinstance(now, Closed))
        assert await refused(reception, pair(new_code())) is RefusalCode.PAIRING_CLOSED
        await reception.ask(OpenPairing())
        await screen.code()
        await reception.ask(ClosePairing())
        await screen.shows(lambda now: isinstance(now, Closed))


async def test_pairing_closes_by_itself_after_ten_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert module.OPEN_S == 10 * 60
    monkeypatch.setattr(module, "OPEN_S", 0.01)
    changed = asyncio.Event()
    vestibule = module.Vestibule(module.Trust("", b""), changed.set)
    vestibule.open(HandClock().at)
    assert vestibule.has_room("127.0.0.1")
    changed.clear()
    async with asyncio.timeout(PATIENCE_S):
        await changed.wait()
    assert not vestibule.has_room("127.0.0.1")
    assert vestibule.seen() is None


async def test_reception_sees_how_many_wait_and_until_when_they_may(url: str, reception: Terminal) -> None:
    await reception.ask(OpenPairing())
    async with brought(url), brought(url):
        seen = await pairing_seen(reception, lambda seen: seen is not None and seen.waiting == 2)
        assert seen is not None
        assert (seen.until - HandClock().at).total_seconds() == module.OPEN_S
        assert seen.wrong_left == 5
    await pairing_seen(reception, lambda seen: seen is not None and seen.waiting == 0)


async def test_five_wrong_codes_close_pairing_and_send_away_who_waits(url: str, reception: Terminal) -> None:
    await reception.ask(OpenPairing())
    async with brought(url) as screen:
        code = await screen.code()
        near = code[:2] + (
            "BBBBBB" if code[2:] != "BBBBBB" else "CCCCCC"
        )  # the terminal itself has to say no
        for attempt in range(5):
            guess = near if attempt == 0 else new_code()
            expected = RefusalCode.WRONG_CODE if attempt < 4 else RefusalCode.PAIRING_CLOSED
            assert await refused(reception, pair(guess)) is expected
        await screen.shows(lambda now: isinstance(now, Closed))
        assert await refused(reception, pair(code)) is RefusalCode.PAIRING_CLOSED
        assert not screen.kept


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("", RefusalCode.WRONG_CODE),
        ("BCDF-GHJ", RefusalCode.WRONG_CODE),
        ("BCDFGHJKL", RefusalCode.WRONG_CODE),
        ("ÉÉÉÉÉÉÉÉ", RefusalCode.MALFORMED),
        ("12345678", RefusalCode.MALFORMED),
    ],
)
async def test_what_is_no_code_at_all_pairs_nobody(reception: Terminal, said: str, why: RefusalCode) -> None:
    await reception.ask(OpenPairing())
    assert await refused(reception, pair(said)) is why


async def test_of_several_terminals_that_wait_the_one_is_paired_whose_code_was_typed(
    url: str, reception: Terminal
) -> None:
    await reception.ask(OpenPairing())
    async with brought(url) as one, brought(url) as other:
        await one.code()
        assert isinstance(await reception.ask(pair(await other.code())), Accepted)
        await asyncio.wait_for(other.joining, PATIENCE_S)
        assert not one.kept
        assert isinstance(await reception.ask(pair(await one.code(), "board-2")), Accepted)
        await asyncio.wait_for(one.joining, PATIENCE_S)


async def test_a_terminal_that_asks_the_same_twice_is_paired_once(url: str, reception: Terminal) -> None:
    await reception.ask(OpenPairing())
    async with brought(url) as screen:
        order, request_id = pair(await screen.code()), "the-same-question-1"
        assert await reception.ask(order, request_id) == await reception.ask(order, request_id)
        await asyncio.wait_for(screen.joining, PATIENCE_S)
    assert len(screen.kept) == 1


async def test_a_broken_terminal_is_replaced_by_one_of_its_name_but_not_one_that_is_connected(
    url: str, reception: Terminal
) -> None:
    await reception.ask(OpenPairing())
    async with brought(url) as screen:
        await reception.ask(pair(await screen.code()))
        former = await asyncio.wait_for(screen.joining, PATIENCE_S)
    async with brought(url) as screen:
        async with stranger(url, former.token) as guest:
            await guest.answer()
            assert await refused(reception, pair(await screen.code())) is RefusalCode.DEVICE_THERE
        await reception.view(
            lambda view: (
                isinstance(view, ReceptionView)
                and any(seen.device == BOARD and not seen.connected for seen in view.devices)
            )
        )
        assert isinstance(await reception.ask(pair(await screen.code())), Accepted)
        newer = await asyncio.wait_for(screen.joining, PATIENCE_S)
    assert not await comes_in(url, former)
    assert await comes_in(url, newer)


async def test_a_terminal_for_which_the_centre_has_no_place_is_not_paired(
    url: str, reception: Terminal
) -> None:
    await reception.ask(OpenPairing())
    async with brought(url) as screen:
        order = pair(await screen.code(), "kiosk-9", Role.KIOSK)
        assert await refused(reception, order) is RefusalCode.UNKNOWN_KIOSK
        order = pair(await screen.code(), "desk-9", Role.COUNSELLOR, "99")
        assert await refused(reception, order) is RefusalCode.UNKNOWN_DESK
        assert not screen.kept


@asynccontextmanager
async def knocking(url: str) -> AsyncIterator[ClientConnection]:
    """Somebody who has read the protocol, and knocks without a screen."""
    async with connect(
        url + PATH, subprotocols=[Subprotocol(SUBPROTOCOL)], proxy=None, close_timeout=1
    ) as connection:
        yield connection


async def test_a_stranger_who_shows_a_code_that_it_has_read_elsewhere_keeps_both_out(
    url: str, reception: Terminal
) -> None:
    await reception.ask(OpenPairing())
    async with brought(url) as screen, knocking(url) as thief:
        code = await screen.code()
        side = TerminalSide(code, b"")
        await thief.send(encode(side.knock), text=True)
        await pairing_seen(reception, lambda seen: seen is not None and seen.waiting == 2)
        asking = asyncio.create_task(reception.ask(pair(code)))
        offer = decode_to_newcomer(await thief.recv())
        assert isinstance(offer, Offer)
        await thief.send(encode(side.answer(offer)), text=True)
        answer = await asking
        assert isinstance(answer, Refused)
        assert answer.code is RefusalCode.CODE_COPIED
        with pytest.raises(ConnectionClosed):
            await thief.recv()
        await screen.shows(lambda now: isinstance(now, Closed))
        assert not screen.kept


async def test_a_stranger_who_waits_and_has_no_code_is_told_nothing_of_use(
    url: str, reception: Terminal
) -> None:
    await reception.ask(OpenPairing())
    async with brought(url) as screen, knocking(url) as thief:
        code = await screen.code()
        guess = TerminalSide(code[:2] + new_code()[2:], b"")
        await thief.send(encode(guess.knock), text=True)
        await pairing_seen(reception, lambda seen: seen is not None and seen.waiting == 2)
        asking = asyncio.create_task(reception.ask(pair(code)))
        offer = decode_to_newcomer(await thief.recv())
        assert isinstance(offer, Offer)
        await thief.send(encode(Proved(bytes(32))), text=True)
        assert isinstance(await asking, Accepted)
        assert (await asyncio.wait_for(screen.joining, PATIENCE_S)).device == BOARD
        await reception.ask(ClosePairing())
        with pytest.raises(ConnectionClosed):
            await thief.recv()


@pytest.mark.parametrize(
    "garbage", [b"", b"\xff\xfe", b"{}", b'{"type":"knock","nameplate":"AE","half":""}', b"[" * 5000]
)
async def test_garbage_in_the_vestibule_ends_that_line_alone(
    url: str, reception: Terminal, garbage: bytes
) -> None:
    await reception.ask(OpenPairing())
    async with brought(url) as screen, knocking(url) as thief:
        code = await screen.code()
        await thief.send(garbage)
        with pytest.raises(ConnectionClosed):
            await thief.recv()
        assert isinstance(await reception.ask(pair(code)), Accepted)


async def test_answers_that_nobody_asked_for_end_the_line(url: str, reception: Terminal) -> None:
    await reception.ask(OpenPairing())
    async with knocking(url) as thief:
        for _ in range(2):
            await thief.send(encode(Proved(bytes(32))), text=True)
        with pytest.raises(ConnectionClosed):
            await thief.recv()


@pytest.mark.parametrize("half", [b"A" + bytes(32), b"A" + bytes([7] * 32), b"A" + b"\xff" * 32, b"B" * 33])
async def test_a_half_that_is_no_point_of_the_curve_is_a_wrong_code(
    url: str, reception: Terminal, half: bytes
) -> None:
    await reception.ask(OpenPairing())
    async with knocking(url) as thief:
        await thief.send(encode(Knock("BB", half)), text=True)
        await pairing_seen(reception, lambda seen: seen is not None and seen.waiting == 1)
        assert await refused(reception, pair("BBCDFGHJ")) is RefusalCode.WRONG_CODE


async def test_so_many_may_wait_and_no_more(url: str, reception: Terminal) -> None:
    await reception.ask(OpenPairing())
    lines = [connect(url + PATH, subprotocols=[Subprotocol(SUBPROTOCOL)], proxy=None) for _ in range(8)]
    waiting = [await line for line in lines]
    try:
        with pytest.raises(InvalidStatus) as turned_away:
            async with knocking(url):
                pass
        assert turned_away.value.response.status_code == 403
    finally:
        for line in waiting:
            await line.close()


async def test_a_terminal_that_goes_before_it_has_its_badge_is_not_paired(
    url: str, reception: Terminal
) -> None:
    await reception.ask(OpenPairing())
    async with knocking(url) as guest:
        side = TerminalSide("BCDFGHJK", b"")
        await guest.send(encode(side.knock), text=True)
        await pairing_seen(reception, lambda seen: seen is not None and seen.waiting == 1)
        asking = asyncio.create_task(reception.ask(pair("BCDFGHJK")))
        offer = decode_to_newcomer(await guest.recv())
        assert isinstance(offer, Offer)
        await guest.send(encode(side.answer(offer)), text=True)
        paired = decode_to_newcomer(await guest.recv())
        assert isinstance(paired, Paired)
    answer = await asking
    assert isinstance(answer, Refused)
    assert answer.code is RefusalCode.TERMINAL_GONE
    assert not await comes_in(url, paired.badge)


async def test_who_paired_what_is_in_the_trail(tmp_path: Path) -> None:
    async with at_work(tmp_path) as url, terminal(url, Role.RECEPTION) as reception:
        await reception.ask(OpenPairing())
        async with brought(url) as screen:
            await reception.ask(pair(await screen.code()))
            await asyncio.wait_for(screen.joining, PATIENCE_S)
    registry = Registry(tmp_path / "registry.db")
    await registry.open()
    newest = (await registry.trail())[-1]
    await registry.close()
    assert newest.by.actor == "reception:reception-1::host-reception-1"
    assert (newest.what.value, newest.about) == ("device_added", BOARD)


async def test_a_terminal_that_falls_silent_is_sent_away_and_nobody_is_paired_by_its_code(
    url: str, reception: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PROOF_TIMEOUT_S", 0.5)
    await reception.ask(OpenPairing())
    async with knocking(url) as real, knocking(url) as thief:
        code = "BCDFGHJK"
        await real.send(encode(TerminalSide(code, b"").knock), text=True)
        side = TerminalSide(code, b"")
        await thief.send(encode(side.knock), text=True)
        await pairing_seen(reception, lambda seen: seen is not None and seen.waiting == 2)
        asking = asyncio.create_task(reception.ask(pair(code)))
        offer = decode_to_newcomer(await thief.recv())
        assert isinstance(offer, Offer)
        await thief.send(encode(side.answer(offer)), text=True)
        answer = await asking
        assert isinstance(answer, Refused)
        assert answer.code is RefusalCode.TERMINAL_GONE
        await real.recv()
        with pytest.raises(ConnectionClosed):
            await real.recv()
        seen = await pairing_seen(reception, lambda seen: seen is not None and seen.waiting == 0)
        assert seen is not None
        assert seen.wrong_left == 5, "nobody has mistyped"


async def test_whoever_comes_and_does_not_knock_makes_room(
    url: str, reception: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KNOCK_TIMEOUT_S", 0.1)
    await reception.ask(OpenPairing())
    async with knocking(url) as idle:
        with pytest.raises(ConnectionClosed):
            await idle.recv()


async def test_another_machine_may_wait_with_two_terminals_and_no_more(
    reception: Terminal, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "is_here", lambda _: False)
    await reception.ask(OpenPairing())
    async with knocking(url), knocking(url):
        with pytest.raises(InvalidStatus):
            async with knocking(url):
                pass
