"""A world that has come to rest: its days, read back, its paper, and what was met on the way."""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import msgspec
from chaos.queue_judge import Day
from simulation.disk import Disk
from simulation.robots import History

from protocol.commands import RedeemTicket
from protocol.envelope import Accepted
from queue_server.core.events import TicketIssued
from queue_server.core.evolve import evolve
from queue_server.core.state import Queue
from queue_server.store.house import DAYS, House


async def days_of(house: House) -> list[Day]:
    """Every day as it stands on disk."""
    days = []
    for path in sorted((house.directory / DAYS).glob("*.db")):
        log = house.day_log(path.stem)
        days.append(Day(path.stem, await log.read(), log.secret))
        await log.close()
    return days


def replayed(day: Day, live: Queue) -> list[str]:
    """The day on disk makes the queue that the server had."""
    again = Queue(day.name, tuple(live.desks))
    for record in day.records:
        evolve(again, record.event, record.at)
    # written down, since in the hour that comes twice a time is equal to none of another zone
    written = [msgspec.json.encode((one.tickets, one.desks, one.last_call)) for one in (live, again)]
    return [] if written[0] == written[1] else [f"{day.name} on disk makes another queue than the server had"]


def over_and_read(days: Sequence[Day], disk: Disk) -> list[Day]:
    """The days that were to be counted; where a file could not be read or closed, that is for much later."""
    if disk.struck["closing"]:
        return []
    return [day for day in days[:-1] if day.name not in disk.unread_days]


def counted_once(days: Sequence[Day], statistics: Path) -> Iterator[str]:
    """Every visitor of a day that has ended is in the statistics once."""
    with closing(sqlite3.connect(statistics)) as file:
        rows = file.execute("SELECT day, count(*) FROM leg WHERE number = 1 GROUP BY day").fetchall()
    visits = dict(rows)
    for day in days:
        issued = sum(isinstance(record.event, TicketIssued) for record in day.records)
        if visits.get(day.name, 0) != issued:
            yield f"{day.name} had {issued} visitors, and the statistics have {visits.get(day.name, 0)}"


def counted(days: Sequence[Day], history: History) -> Counter[str]:
    """What was met."""
    met = Counter(f"event: {type(record.event).__name__}" for day in days for record in day.records)
    met["days"] = len(days)
    met["questions"] = len(history.asked)
    met += Counter(f"asked: {type(one.command).__name__}" for one in history.asked)
    met["unanswered questions"] = sum(one.answer is None for one in history.asked)
    answered = [one.answer for one in history.asked if one.answer is not None]
    met["refusals"] = sum(not isinstance(answer, Accepted) for answer in answered)
    met["signed in again"] = history.came_back
    met["questions asked again"] = history.answers_again
    met["numbers given alone"] = len(history.given)
    met["numbers given in doubt"] = sum(one.doubt is not None for one in history.given)
    met["numbers given instead"] = sum(
        isinstance(one.command, RedeemTicket) and one.command.instead_of is not None for one in history.asked
    )
    met["calls rung"] = len(history.rung)
    calls = {(rung.board, rung.day, rung.call) for rung in history.rung}
    met["calls rung again after a restart"] = len(history.rung) - len(calls)
    return met


def said(days: Sequence[Day], history: History) -> Iterator[tuple[str, ...]]:
    """All that happened, in words: two executions that differ anywhere differ here."""
    for day in days:
        for record in day.records:
            yield str(record.at), record.command_id, repr(record.event)
    for one in history.asked:
        yield f"{one.at_s:.9f}", one.id, repr(one.answer), f"{one.answered_at_s:.9f}"
    for given in history.given:
        yield (repr(given),)
    for rung in (*history.rung, *history.remembered):
        yield (repr(rung),)
