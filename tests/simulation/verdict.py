"""A world that has come to rest: its days, read back, its paper, and what was met on the way."""

from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec
from chaos.queue_judge import Day
from chaos.queue_slips import Piece, on_paper
from simulation.robots import History

from protocol.commands import RedeemTicket
from protocol.envelope import Accepted
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


def printed(days: Sequence[Day], paper: Sequence[Piece]) -> list[str]:
    """A slip comes out once, and only if somebody asked for it."""
    asked = {key for day in days for key in day.asked}
    times = on_paper(paper)
    return [
        *(f"{key} came out {count} times" for key, count in times.items() if count > 1),
        *(f"{key} came out, and nobody asked for it" for key in times if key not in asked),
    ]


def counted(days: Sequence[Day], history: History) -> Counter[str]:
    """What was met."""
    met = Counter(f"event: {type(record.event).__name__}" for day in days for record in day.records)
    met["days"] = len(days)
    met["questions"] = len(history.asked)
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
    for rung in history.rung:
        yield (repr(rung),)
