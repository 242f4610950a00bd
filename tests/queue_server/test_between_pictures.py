"""Whoever wishes something while pictures are made waits for one of them, and not for all."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import pytest
from support.badges import AT_WORK
from support.centre import ALL_ROUND, MORNING
from support.engines import ISSUE, given, opened, request_id
from support.queue import KIOSK, Hall, at_desk
from support.servers import answer_of, engine_at_work, until

import queue_server.engine
from protocol import commands as c
from protocol.ids import Role
from queue_server.core.policy import Actor
from queue_server.core.state import Queue
from queue_server.devices import Device
from queue_server.engine import LET_IN_MAX, Engine
from queue_server.hub import Hub, Seat

PICTURES = 3 * LET_IN_MAX


class Painter:
    """Makes many pictures of one moment, and notes of which version each is."""

    def __init__(self, engine: Engine) -> None:
        self.rounds: list[list[int]] = []
        self.at: list[datetime] = []
        self.wishes = False
        """Whether somebody asks for a ticket after each picture."""
        self.next_wish: tuple[c.AnyCommand, Actor] | None = None
        """What somebody asks for after the next picture."""
        self.answered: list[int] = []
        """How many pictures of the newest moment there were at each answer."""
        self._engine = engine
        engine.connect(self.publish, nothing_follows)

    async def shows_all(self) -> None:
        """Wait until the queue is open, and all pictures of a moment tell of it as it is."""
        queue = self._engine.queue
        await until(lambda: queue.open and self.rounds[-1:] == [[queue.version] * PICTURES])

    def publish(self, queue: Queue, now: datetime) -> Iterator[None]:
        pictures: list[int] = []
        self.rounds.append(pictures)
        self.at.append(now)
        for number in range(PICTURES):
            pictures.append(queue.version)
            asked = request_id(1000 * len(self.rounds) + number)
            if self.next_wish is not None:
                self._engine.ask(asked, *self.next_wish, lambda _: None)
                self.next_wish = None
            if self.wishes:
                self._engine.ask(asked, ISSUE, KIOSK, lambda _: self.answered.append(len(pictures)))
            yield


def nothing_follows(_queue: Queue, _events: object) -> None:
    """Nobody prints."""


@asynccontextmanager
async def asked_after_each_picture(directory: Path) -> AsyncIterator[tuple[Engine, Painter, int]]:
    """From the round of this number on somebody asks for a ticket after each picture."""
    engine, _ = await opened(directory)
    painter = Painter(engine)
    async with engine_at_work(engine):
        await painter.shows_all()
        painter.wishes, first = True, len(painter.rounds)
        engine.touch()
        yield engine, painter, first
        painter.wishes = False


async def test_a_wish_is_answered_between_two_pictures_and_those_after_it_tell_of_it(tmp_path: Path) -> None:
    async with asked_after_each_picture(tmp_path) as (_, painter, first):
        await until(lambda: len(painter.rounds) > first and len(painter.answered) >= LET_IN_MAX)
        pictures = painter.rounds[first]
        assert painter.answered[:LET_IN_MAX] == list(range(1, LET_IN_MAX + 1))
        assert pictures[: LET_IN_MAX + 1] == sorted(set(pictures)), "each tells of one ticket more"


async def test_those_who_wish_without_end_are_let_in_a_few_times_and_then_all_are_shown_a_moment(
    tmp_path: Path,
) -> None:
    async with asked_after_each_picture(tmp_path) as (_, painter, first):
        await until(lambda: len(painter.rounds) > first + 1)
    pictures = painter.rounds[first]
    assert len(pictures) == PICTURES
    assert len(set(pictures)) == LET_IN_MAX + 1
    assert len(set(pictures[LET_IN_MAX:])) == 1


async def test_what_is_let_in_happens_at_the_instant_that_the_pictures_tell_of(tmp_path: Path) -> None:
    async with asked_after_each_picture(tmp_path) as (engine, painter, first):
        await until(lambda: len(painter.answered) >= LET_IN_MAX)
        let_in = list(engine.queue.tickets.values())[:LET_IN_MAX]
    assert {ticket.issued_at for ticket in let_in} == {painter.at[first]}


async def test_a_call_that_is_let_in_is_shown_without_a_gap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, _ = await opened(tmp_path)
    painter = Painter(engine)
    async with engine_at_work(engine):
        await until(lambda: engine.queue.open)
        await answer_of(engine, request_id(1), c.OpenDesk(ALL_ROUND), at_desk("1"))
        await given(engine, 2)
        await painter.shows_all()
        monkeypatch.setattr(queue_server.engine, "PUBLISH_GAP_S", 3600.0)
        painter.next_wish = c.CallNext(), at_desk("1")
        engine.touch()
        await until(
            lambda: len(engine.queue.calls) == 1 and painter.rounds[-1][-1:] == [engine.queue.version]
        )


def test_boards_are_shown_a_moment_before_all_others_and_each_picture_tells_of_the_queue_as_it_is() -> None:
    hall = Hall()
    hub = Hub(hall.centre, AT_WORK, lambda: ())
    shown: list[tuple[Role, int]] = []

    def seat(name: str, role: Role) -> Seat:
        def line(frame: bytes) -> bool:
            shown.append((role, json.loads(frame)["view"]["version"]))
            return True

        return hub.join(Device(name, role), MORNING, line)

    for name, role in (("kiosk-1", Role.KIOSK), ("reception-1", Role.RECEPTION), ("board-1", Role.BOARD)):
        seat(name, role)
    pictures = hub.publish(hall.queue, hall.now)
    next(pictures)
    hall.issue()
    list(pictures)
    first, later = shown[0], [version for _, version in shown[1:]]
    assert [role for role, _ in shown] == [Role.BOARD, Role.KIOSK, Role.RECEPTION]
    assert later == [hall.queue.version] * 2
    assert first[1] < hall.queue.version


async def test_the_loop_has_its_turn_after_each_picture(tmp_path: Path) -> None:
    engine, _ = await opened(tmp_path)
    seen: list[int] = []
    painter = Painter(engine)

    async def looks() -> None:
        while True:
            seen.append(len(painter.rounds[-1]) if painter.rounds else 0)
            await asyncio.sleep(0)

    async with engine_at_work(engine):
        looking = asyncio.create_task(looks())
        await until(lambda: bool(painter.rounds) and len(painter.rounds[-1]) == PICTURES)
        looking.cancel()
    assert set(range(1, PICTURES)) <= set(seen)
