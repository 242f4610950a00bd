"""A day of visits in a real server of this process, and what came of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace
from support.centre import ALL_ROUND, small_centre
from support.servers import PATIENCE_S, HandClock, terminal

from protocol import commands as c
from protocol.envelope import Accepted, TicketGiven
from protocol.ids import Role
from queue_server.app import NOTHING_BESIDE, Beside, serve_house
from queue_server.store.house import House

KEPT_DAYS = 2
COMES = "2026-09-15T10:05"
"""When the terminals come; visitors do two minutes later, and the terminals leave after five more."""
TAKEN_AT = (b"2026-09-15T10:07", b"2026-09-15T08:07")
"""When tickets were taken, as a file may have it."""
NEXT_DAY, LATER = "2026-09-16T10:00", "2026-09-18T10:00"
"""The day after; and the first on which nothing is kept of that one."""


def clock(at: str) -> HandClock:
    return HandClock(datetime.fromisoformat(f"{at}:13.421337+02:00"))


@asynccontextmanager
async def at_work(directory: Path, hall: HandClock, beside: Beside = NOTHING_BESIDE) -> AsyncIterator[str]:
    """The whole server on this directory, by this clock; gives its address."""
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    stop, house, centre = asyncio.Event(), House(directory), small_centre()
    centre = replace(centre, rules=replace(centre.rules, keep_days=KEPT_DAYS))
    house.lock()
    server = asyncio.create_task(
        serve_house(centre, house, hall, ("127.0.0.1", 0), stop, address.set_result, beside)
    )
    try:
        yield await asyncio.wait_for(address, PATIENCE_S)
    finally:
        stop.set()
        await asyncio.wait_for(server, PATIENCE_S)
        house.unlock()


class Visits(Struct):
    """What was given to visitors of a day."""

    codes: list[bytes] = []
    tokens: list[bytes] = []


async def a_day_of_visits(directory: Path) -> Visits:
    """Three visitors: one is served, one is called, one waits when the day is over."""
    visits, hall = Visits(), clock(COMES)
    async with (
        at_work(directory, hall) as url,
        terminal(url, Role.KIOSK, "kiosk-1") as kiosk,
        terminal(url, Role.COUNSELLOR, "desk-1", "1") as desk,
    ):
        assert isinstance(await desk.ask(c.OpenDesk(ALL_ROUND)), Accepted)
        hall.forward(minutes=2)
        for _ in range(3):
            answer = await kiosk.ask(c.IssueTicket(field="work", languages=("fr",), screen_language="fr"))
            assert isinstance(answer, Accepted), answer
            assert isinstance(answer.outcome, TicketGiven)
            visits.codes.append(answer.outcome.ticket.encode())
            visits.tokens.append(answer.outcome.token.encode())
        first = visits.codes[0].decode()
        for command in (c.CallNext(), c.StartServing(first), c.Finish(first), c.CallNext()):
            assert isinstance(await desk.ask(command), Accepted)
        hall.forward(minutes=5)
    return visits
