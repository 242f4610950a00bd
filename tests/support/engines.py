"""Engines over a day's file whose commits can be held, and whoever watches them."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from support.centre import small_centre
from support.queue import KIOSK
from support.servers import HandClock, answer_of

from protocol import commands as c
from protocol.envelope import Outcome
from queue_server.core.events import AnyEvent
from queue_server.core.policy import Actor, Refusal
from queue_server.core.state import Queue
from queue_server.engine import Engine
from queue_server.log_port import LogError, Record
from queue_server.store.day_log import DayLog
from queue_server.store.house import House

ISSUE = c.IssueTicket(field="training", languages=("fr",), screen_language="fr")
TURNS = 200
"""Turns of the event loop in which anything that could happen too early would have happened."""


def request_id(number: int = 0) -> str:
    return f"request-{number:08d}"


class HeldLog(DayLog):
    """A day's file whose commits can be held, or fail."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.gate = asyncio.Event()
        self.gate.set()
        self.arrived = asyncio.Event()
        self.fails = False
        self.batches: list[int] = []

    async def append(self, records: Sequence[Record]) -> None:
        self.arrived.set()
        await self.gate.wait()
        if self.fails:
            raise LogError("Nothing more can be written.")
        self.batches.append(len(records))
        await super().append(records)

    def hold(self) -> None:
        self.gate.clear()
        self.arrived.clear()


class HeldHouse(House):
    def day_log(self, day: str) -> HeldLog:
        self.log = HeldLog(self.directory / "days" / f"{day}.db")
        return self.log


def nobody_looks(_queue: Queue, _now: datetime) -> Iterator[None]:
    """No pictures are made."""
    return iter(())


class Witness:
    """Who is shown pictures, and who acts on what was committed."""

    def __init__(self, engine: Engine) -> None:
        self.shown: list[int] = []
        self.shown_at: list[datetime] = []
        self.done: list[AnyEvent] = []
        engine.connect(self.publish, self.committed)

    def publish(self, queue: Queue, now: datetime) -> Iterator[None]:
        self.shown.append(queue.version)
        self.shown_at.append(now)
        return iter(())

    def committed(self, _queue: Queue, events: Sequence[AnyEvent]) -> None:
        self.done.extend(events)


async def opened(directory: Path, clock: HandClock | None = None) -> tuple[Engine, HeldHouse]:
    house = HeldHouse(directory)
    engine = Engine(small_centre(), house, clock or HandClock())
    await engine.open()
    return engine, house


async def turns() -> None:
    for _ in range(TURNS):
        await asyncio.sleep(0)


async def given(engine: Engine, number: int, command: c.AnyCommand = ISSUE, actor: Actor = KIOSK) -> Outcome:
    answer = await answer_of(engine, request_id(number), command, actor)
    assert not isinstance(answer, Refusal), answer
    return answer
