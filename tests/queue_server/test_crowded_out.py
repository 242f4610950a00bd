"""A line so long that today ends before: that is full, and not a field for which nobody is there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from support.centre import WORKER
from support.queue import RECEPTION, Hall, at_desk
from support.servers import until

from config.roster import Roster, opening
from protocol import commands as c
from protocol.waits import Expected, WaitKind
from queue_server.core.prospects import Prospects
from queue_server.core.views import fields_seen
from queue_server.forecast.situation import Planned
from queue_server.forecaster import Forecaster, in_a_process

WORK, TRAINING = ("work", "fr"), ("training", "fr")
HOURS_LEFT = 5


def hall_with_a_line(waiting: int) -> Hall:
    """One desk that serves work in French, with a visitor, and so many who wait for it."""
    hall = Hall()
    hall.sit("1", WORKER)
    hall.issue("work")
    hall.ask(c.CallNext(), at_desk("1"))
    for _ in range(waiting):
        hall.issue("work")
    hall.wait(1)
    return hall


def goes_home(hall: Hall) -> Planned:
    """That desk's shift, which ends long before the doors close, whoever waits then."""
    now_s = hall.now.timestamp()
    return Planned(
        counsellor=WORKER,
        fields=("work",),
        languages=("fr",),
        begins_at=now_s - 3600,
        ends_at=now_s + HOURS_LEFT * 3600,
    )


@asynccontextmanager
async def foreseen(hall: Hall) -> AsyncIterator[Forecaster]:
    """A forecaster that has played this moment on."""
    shift = goes_home(hall)
    changes: list[None] = []
    forecaster = Forecaster(
        hall.centre,
        lambda: changes.append(None),
        lambda _: None,
        partial(opening, Roster(), hall.centre),
        lambda _: (shift,),
        in_a_process,
    )
    running = asyncio.create_task(forecaster.run())
    try:
        forecaster.look(hall.queue, hall.now)
        await until(lambda: bool(changes))
        yield forecaster
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def prospects(hall: Hall) -> Prospects:
    async with foreseen(hall) as forecaster:
        return forecaster.prospects(hall.now)


def ended(hall: Hall, seen: Prospects) -> dict[str, tuple[str, ...]]:
    return {one.field: one.ended for one in fields_seen(hall.queue, hall.centre, seen)}


async def test_what_somebody_serves_who_would_not_get_to_another_visitor_today_is_full() -> None:
    hall = hall_with_a_line(30)
    seen = await prospects(hall)
    assert seen.crowded_out == {WORK}
    assert ended(hall, seen)["work"] == ("fr",)
    assert seen.expected[WORK].kind is not WaitKind.NOBODY


async def test_what_nobody_serves_is_not_full_but_has_nobody() -> None:
    hall = hall_with_a_line(30)
    seen = await prospects(hall)
    assert seen.expected[TRAINING] == Expected(kind=WaitKind.NOBODY)
    assert ended(hall, seen)["training"] == ()


async def test_it_is_open_again_as_soon_as_the_line_is_shorter() -> None:
    hall = hall_with_a_line(2)
    seen = await prospects(hall)
    assert seen.crowded_out == frozenset()
    assert ended(hall, seen)["work"] == ()


async def test_reception_holds_it_open_and_nobody_is_told_that_nobody_is_there() -> None:
    hall = hall_with_a_line(30)
    before = await prospects(hall)
    hall.ask(c.HoldIntake(*WORK, c.IntakeHold.OPEN), RECEPTION)
    assert ended(hall, before)["work"] == ()
    async with foreseen(hall) as forecaster:
        assert forecaster.prospects(hall.now).crowded_out == frozenset()
        assert forecaster.foreseen("work", ("fr",), hall.now, priority=False) is None
        assert forecaster.foreseen("training", ("fr",), hall.now, priority=False) is WaitKind.NOBODY
