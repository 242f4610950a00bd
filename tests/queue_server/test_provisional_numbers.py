"""Provisional numbers in a running server: answers outlive it, and paper comes out of the kiosk alone."""

import asyncio
from pathlib import Path

from msgspec.structs import replace
from support.centre import small_centre
from support.engines import nobody_looks
from support.queue import KIOSK, RECEPTION
from support.servers import HandClock, answer_of, engine_at_work, until

from config.phrases import Phrases
from printers.simulator.printer import SimulatedPrinter
from protocol import commands as c
from protocol.envelope import NumbersHeld, TicketGiven
from protocol.ids import DayDate
from protocol.views import PrintState
from queue_server.answers import token_of
from queue_server.engine import Answer, Engine
from queue_server.printing import PrintRoom
from queue_server.store.house import House

ISSUE = c.IssueTicket(field="training", languages=("fr",), screen_language="fr")
DAY: DayDate = "2026-09-15"


def redeem(ticket: str, *, printed: bool = False) -> c.RedeemTicket:
    return c.RedeemTicket(
        ticket=ticket,
        day=DAY,
        field="training",
        languages=("fr",),
        screen_language="fr",
        waited_s=90.5,
        printed=printed,
    )


async def opened(directory: Path) -> Engine:
    engine = Engine(small_centre(), House(directory), HandClock())
    await engine.open()
    return engine


async def test_a_question_for_numbers_is_answered_the_same_after_a_restart(tmp_path: Path) -> None:
    answers: list[Answer] = []
    for _ in range(2):
        engine = await opened(tmp_path)
        async with engine_at_work(engine):
            answers += [
                await answer_of(engine, "reserve-00000000", c.ReserveNumbers("training"), KIOSK) for _ in "ab"
            ]
            secret = engine.secret
    held = answers[0]
    assert isinstance(held, NumbersHeld)
    assert answers == [held] * 4
    assert (held.day, held.numbers[0].ticket) == (DAY, "T900")
    assert all(number.token == token_of(secret, number.ticket) for number in held.numbers)


async def test_a_redeemed_ticket_is_answered_the_same_after_a_restart_and_stands_where_it_stood(
    tmp_path: Path,
) -> None:
    answers: list[Answer] = []
    came = []
    for _ in range(2):
        engine = await opened(tmp_path)
        async with engine_at_work(engine):
            await answer_of(engine, "reserve-00000000", c.ReserveNumbers("training"), KIOSK)
            answers.append(await answer_of(engine, "redeem-000000000", redeem("T900"), KIOSK))
            came.append(engine.queue.tickets["T900"].place)
    assert isinstance(answers[0], TicketGiven)
    assert answers[0] == answers[1]
    assert came[0] == came[1]


async def test_a_question_in_doubt_is_settled_by_its_own_id_whichever_comes_first(tmp_path: Path) -> None:
    engine = await opened(tmp_path)
    async with engine_at_work(engine):
        await until(lambda: engine.queue.open)
        await answer_of(engine, "reserve-00000000", c.ReserveNumbers("training"), KIOSK)
        done = await answer_of(engine, "doubtful-done-00", ISSUE, KIOSK)
        assert await answer_of(engine, "doubtful-done-00", redeem("T900"), KIOSK) == done
        redeemed = await answer_of(engine, "doubtful-lost-00", redeem("T901"), KIOSK)
        assert await answer_of(engine, "doubtful-lost-00", ISSUE, KIOSK) == redeemed, "a frame that came late"
        assert list(engine.queue.tickets) == ["T001", "T901"]


async def test_the_server_orders_no_slip_that_a_kiosk_gave_and_prints_a_marked_copy_when_asked(
    tmp_path: Path,
) -> None:
    async with SimulatedPrinter() as printer:
        centre = small_centre()
        printers = tuple(replace(one, host="127.0.0.1", port=printer.port) for one in centre.printers)
        engine = Engine(replace(centre, printers=printers), House(tmp_path), HandClock())
        await engine.open()
        room = PrintRoom(engine.centre, Phrases.load(), tmp_path / "spool.db", engine)

        engine.connect(nobody_looks, room.committed)
        async with engine_at_work(engine), room, asyncio.TaskGroup() as tasks:
            work = tasks.create_task(room.run())
            await until(lambda: engine.queue.open)
            await answer_of(engine, "reserve-00000000", c.ReserveNumbers("training"), KIOSK)
            await answer_of(engine, "redeem-000000000", redeem("T900"), KIOSK)
            assert room.printers()[0].jobs == 0
            await answer_of(engine, "reprint-00000000", c.Reprint("T900"), RECEPTION)
            await until(lambda: engine.queue.tickets["T900"].slip is PrintState.PRINTED)
            work.cancel()
        (paper,) = printer.papers
        assert "DUPLICATA 2" in paper.text.replace("\N{NO-BREAK SPACE}", " ")
