"""The one writer: nothing before the disk, the same answer to the same question, one day after another."""

import asyncio
from pathlib import Path

import pytest
from support.centre import ALL_ROUND, TRAINER
from support.engines import ISSUE, Witness, given, opened, request_id, turns
from support.queue import KIOSK, RECEPTION, at_desk, snapshot
from support.servers import answer_of, engine_at_work, until

from protocol import commands as c
from protocol.envelope import Called, Done, Outcome, Ready, TicketGiven
from protocol.refusals import RefusalCode
from protocol.views import PrintState
from queue_server.core.events import TicketIssued
from queue_server.core.housekeeping import ReportPrint
from queue_server.core.policy import Actor, Refusal
from queue_server.engine import INBOX_MAX, PASSING_KEPT, StoppedError
from queue_server.log_port import LogError


async def test_nothing_is_answered_shown_or_done_before_it_is_on_disk(tmp_path: Path) -> None:
    engine, house = await opened(tmp_path)
    witness = Witness(engine)
    async with engine_at_work(engine):
        await until(lambda: engine.queue.open and engine.queue.version in witness.shown)
        house.log.hold()
        shown, done = list(witness.shown), list(witness.done)
        question = asyncio.create_task(answer_of(engine, request_id(), ISSUE, KIOSK))
        await house.log.arrived.wait()
        engine.touch()
        await turns()
        assert not question.done()
        assert witness.shown == shown
        assert witness.done == done
        house.log.gate.set()
        assert isinstance(await question, TicketGiven)
        await until(lambda: witness.shown[-1] == engine.queue.version)
        assert any(isinstance(event, TicketIssued) for event in witness.done)


async def test_a_commit_that_fails_ends_the_engine_and_gives_nobody_an_answer(tmp_path: Path) -> None:
    engine, house = await opened(tmp_path)
    witness = Witness(engine)
    async with engine_at_work(engine) as work:
        await until(lambda: engine.queue.open)
        house.log.hold()
        house.log.fails = True
        question = asyncio.create_task(answer_of(engine, request_id(), ISSUE, KIOSK))
        await house.log.arrived.wait()
        house.log.gate.set()
        with pytest.raises(LogError):
            await work
        await turns()
        with pytest.raises(StoppedError):
            await question
        assert not any(isinstance(event, TicketIssued) for event in witness.done)
        question.cancel()


async def test_all_that_wait_go_to_disk_in_one_transaction(tmp_path: Path) -> None:
    engine, house = await opened(tmp_path)
    async with engine_at_work(engine):
        await until(lambda: engine.queue.open)
        house.log.hold()
        questions = [asyncio.create_task(given(engine, 0, actor=RECEPTION))]
        await house.log.arrived.wait()
        questions += [asyncio.create_task(given(engine, number, actor=RECEPTION)) for number in range(1, 11)]
        await turns()
        house.log.gate.set()
        await asyncio.gather(*questions)
    assert house.log.batches[-2:] == [1, 10]


async def test_the_same_question_gets_the_same_answer_and_happens_once(tmp_path: Path) -> None:
    engine, _ = await opened(tmp_path)
    async with engine_at_work(engine):
        await until(lambda: engine.queue.open)
        first = await given(engine, 1)
        await given(engine, 2)
        assert await given(engine, 1) == first
        assert list(engine.queue.tickets) == ["T001", "T002"]


async def test_the_same_question_twice_in_one_batch_happens_once(tmp_path: Path) -> None:
    engine, house = await opened(tmp_path)
    async with engine_at_work(engine):
        await until(lambda: engine.queue.open)
        house.log.hold()
        asyncio.create_task(given(engine, 0))  # noqa: RUF006 - it only keeps the writer busy
        await house.log.arrived.wait()
        questions = [asyncio.create_task(given(engine, 1)) for _ in range(3)]
        await turns()
        house.log.gate.set()
        first, *others = await asyncio.gather(*questions)
        assert others == [first, first]
        assert len(engine.queue.tickets) == 2


async def test_the_same_question_gets_the_same_answer_after_a_restart(tmp_path: Path) -> None:
    asked: list[tuple[c.AnyCommand, Actor]] = [
        (ISSUE, KIOSK),
        (c.OpenDesk(ALL_ROUND), at_desk("1")),
        (c.CallNext(), at_desk("1")),
        (c.Recall("T001"), RECEPTION),
        (c.StartServing("T001"), at_desk("1")),
        (c.Finish("T001"), at_desk("1")),
        (c.CallNext(), at_desk("1")),
        (c.OpenDesk(TRAINER), at_desk("2")),
        (ISSUE, KIOSK),
        (c.Transfer(ticket="T002", desk="2"), at_desk("1")),
        (c.Undo(), at_desk("1")),
        (c.PostMessage({"fr": "Bonjour"}), RECEPTION),
        (c.Reprint("T001"), RECEPTION),
    ]
    answers: list[list[Outcome | Refusal]] = []
    pictures = []
    for _ in range(2):
        engine, _ = await opened(tmp_path)
        async with engine_at_work(engine):
            await until(lambda engine=engine: engine.queue.open)  # type: ignore[misc]
            answers.append(
                [
                    await answer_of(engine, request_id(number), command, actor)
                    for number, (command, actor) in enumerate(asked)
                ]
            )
            pictures.append(snapshot(engine.queue))
    assert answers[0] == answers[1]
    assert pictures[0] == pictures[1]
    assert {type(answer) for answer in answers[0]} == {TicketGiven, Called, Ready, Done}


async def test_a_refused_question_is_refused_again_even_if_it_could_be_done_by_now(tmp_path: Path) -> None:
    engine, _ = await opened(tmp_path)
    async with engine_at_work(engine):
        await until(lambda: engine.queue.open)
        refused = await answer_of(engine, request_id(1), c.CallTicket("T001"), at_desk("1"))
        await given(engine, 2)
        await given(engine, 3, c.OpenDesk(ALL_ROUND), at_desk("1"))
        assert isinstance(refused, Refusal)
        assert await answer_of(engine, request_id(1), c.CallTicket("T001"), at_desk("1")) == refused


async def test_refusals_kept_are_bounded(tmp_path: Path) -> None:
    engine, _ = await opened(tmp_path)
    async with engine_at_work(engine):
        for number in range(PASSING_KEPT + 10):
            await answer_of(engine, request_id(number), c.Recall("T999"), RECEPTION)
        assert len(engine._passing) == PASSING_KEPT


async def test_a_desk_that_asks_again_whether_somebody_waits_gets_the_same_answer(tmp_path: Path) -> None:
    engine, _ = await opened(tmp_path)
    async with engine_at_work(engine):
        await until(lambda: engine.queue.open)
        await given(engine, 1, c.OpenDesk(ALL_ROUND), at_desk("1"))
        await given(engine, 2, c.CallNext(), at_desk("1"))
        ready = await given(engine, 3, c.CallNext(), at_desk("1"))
        assert ready == Ready()
        await given(engine, 4)
        assert await answer_of(engine, request_id(3), c.CallNext(), at_desk("1")) == ready


async def test_more_than_the_inbox_holds_is_refused_as_busy(tmp_path: Path) -> None:
    engine, _ = await opened(tmp_path)
    waiting = [asyncio.create_task(given(engine, number)) for number in range(INBOX_MAX)]
    await asyncio.sleep(0)
    assert await answer_of(engine, request_id(INBOX_MAX), ISSUE, KIOSK) == Refusal(RefusalCode.BUSY)
    for question in waiting:
        question.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    await engine.close()


async def test_a_terminal_that_left_does_not_stop_what_it_asked(tmp_path: Path) -> None:
    engine, house = await opened(tmp_path)
    async with engine_at_work(engine):
        await until(lambda: engine.queue.open)
        house.log.hold()
        question = asyncio.create_task(answer_of(engine, request_id(), ISSUE, KIOSK))
        await house.log.arrived.wait()
        question.cancel()
        house.log.gate.set()
        assert await given(engine, 0) == await given(engine, 0)
        assert list(engine.queue.tickets) == ["T001"]


async def test_what_a_printer_did_is_recorded_like_everything_else(tmp_path: Path) -> None:
    engine, _ = await opened(tmp_path)
    async with engine_at_work(engine):
        await until(lambda: engine.queue.open)
        await given(engine, 0)
        report = ReportPrint(
            day="2026-09-15", ticket="T001", copy_number=1, outcome=PrintState.PRINTED, printer="p-1"
        )
        await engine.record(report)
        assert engine.queue.tickets["T001"].slip is PrintState.PRINTED
    again, _ = await opened(tmp_path)
    assert again.queue.tickets["T001"].slip is PrintState.PRINTED
    await again.close()
