"""The limit of tickets and its alarm, on disk and over the wire."""

from pathlib import Path

from support.engines import ISSUE, HeldHouse, given, opened, request_id
from support.queue import KIOSK, RECEPTION
from support.servers import HandClock, answer_of, engine_at_work, server_in_process, terminal, until

from config.model import Rules
from protocol import commands as c
from protocol.envelope import Accepted, Done, Refused, TicketGiven
from protocol.house_seen import BurstSeen
from protocol.ids import Role
from protocol.refusals import RefusalCode
from protocol.views import AnyView, ReceptionView
from queue_server.core.policy import Refusal
from queue_server.engine import Engine

MOST = Rules().tickets_per_field_max


async def full(engine: Engine) -> tuple[str, ...]:
    """Somebody taps until the kiosk gives no more; the codes."""
    await until(lambda: engine.queue.open)
    for number in range(MOST):
        await given(engine, number)
    return tuple(engine.queue.tickets)


async def test_the_same_question_is_refused_again_and_a_later_visitors_is_not(tmp_path: Path) -> None:
    clock = HandClock()
    engine, _ = await opened(tmp_path, clock)
    async with engine_at_work(engine):
        await full(engine)
        for _ in range(2):
            answer = await answer_of(engine, request_id(100), ISSUE, KIOSK)
            assert isinstance(answer, Refusal)
            assert answer.code is RefusalCode.TOO_MANY_TICKETS
        clock.forward(Rules().tickets_window_min)
        assert isinstance(await answer_of(engine, request_id(100), ISSUE, KIOSK), Refusal)
        assert isinstance(await answer_of(engine, request_id(101), ISSUE, KIOSK), TicketGiven)


async def test_a_batch_is_cancelled_in_one_transaction_and_its_question_has_one_answer(
    tmp_path: Path,
) -> None:
    engine, house = await opened(tmp_path)
    async with engine_at_work(engine):
        codes = await full(engine)
        for _ in range(2):
            answer = await answer_of(engine, request_id(100), c.CancelBurst("kiosk-1", codes), RECEPTION)
            assert answer == Done()
        assert house.log.batches[-1] == len(codes)


async def test_after_a_restart_the_kiosk_is_as_full_and_reception_as_alarmed_as_before(
    tmp_path: Path,
) -> None:
    engine, _ = await opened(tmp_path)
    async with engine_at_work(engine):
        codes = await full(engine)
    again = Engine(engine.centre, HeldHouse(tmp_path), HandClock())
    await again.open()
    async with engine_at_work(again):
        answer = await answer_of(again, request_id(200), ISSUE, KIOSK)
        assert isinstance(answer, Refusal)
        assert answer.code is RefusalCode.TOO_MANY_TICKETS
        assert tuple(again.queue.bursts.noticed["kiosk-1"]) == codes


def alarmed(view: AnyView) -> bool:
    return isinstance(view, ReceptionView) and bool(view.bursts)


async def test_what_one_reception_decides_ends_the_alarm_on_the_other(tmp_path: Path) -> None:
    async with (
        server_in_process(tmp_path) as running,
        terminal(running.url, Role.KIOSK, "kiosk-1") as kiosk,
        terminal(running.url, Role.RECEPTION, "reception-1") as one,
        terminal(running.url, Role.RECEPTION, "reception-2") as other,
    ):
        for _ in range(MOST):
            assert isinstance(await kiosk.ask(ISSUE), Accepted)
        refused = await kiosk.ask(ISSUE)
        assert isinstance(refused, Refused)
        assert refused.code is RefusalCode.TOO_MANY_TICKETS
        seen = await other.view(lambda view: alarmed(view) and burst_of(view).tickets_total == MOST)
        assert isinstance(await one.ask(c.DismissBurst("kiosk-1", burst_of(seen).tickets)), Accepted)
        await other.view(lambda view: not alarmed(view))
        again = await other.ask(c.CancelBurst("kiosk-1", burst_of(seen).tickets))
        assert isinstance(again, Refused)
        assert again.code is RefusalCode.BURST_OVER


def burst_of(view: AnyView) -> BurstSeen:
    assert isinstance(view, ReceptionView)
    return view.bursts[0]
