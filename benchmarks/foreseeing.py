"""What forecasting costs: issue and call beside a server that foresees nothing, and one refresh by itself."""

import asyncio
import shutil
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random

from msgspec import Struct
from msgspec.structs import replace
from websockets.asyncio.client import ClientConnection

from benchmarks.load import answer, ask, frame_of, open_day, percentile, sit_down, terminal, ticket_frame
from benchmarks.processes import running, walkin
from config.load import load
from config.model import Desk
from config.write import text_of
from protocol import commands as c
from protocol.codec import decode_from_server
from protocol.envelope import Accepted, Called
from queue_server.forecast.cycles import History
from queue_server.forecast.outlook import Basis, Question, outlook
from queue_server.forecast.rollouts import ROLLOUTS, Habits, Newcomer
from queue_server.forecast.situation import Break, Counsellor, Doing, Situation, Standing, Visit

COUNSELLORS, WAITING = 20, 80
PAIRS, BLOCK = 400, 20
"""Issues and calls on each server, and of them in turn: the 99th percentile is not the worst of all."""
PAUSE_S = 0.12
"""Between two commands: the next one may be foreseen at once."""
QUIET_S = 0.5
"""Between the servers: by then nothing is foreseen any more."""
REFRESHES = 30
REFRESH_MS_MAX, AS_SET_MS = 20.0, 3.5
"""The goal of a refresh; what the least of it takes on the processor that it was set for: a refresh took
16.7 ms there, and the share between the two is the same everywhere."""


class Foreseeing(Struct):
    """Milliseconds of issue and call with forecasting and without, in one run, and of one refresh."""

    issue_p50_ms: float
    issue_p99_ms: float
    call_p50_ms: float
    call_p99_ms: float
    blind_issue_p50_ms: float
    blind_issue_p99_ms: float
    blind_call_p50_ms: float
    blind_call_p99_ms: float
    refresh_ms: float
    """Median of a refresh with 40 who wait and 20 counsellors, 200 rollouts."""
    bare_ms: float
    """Median of the least that so many rollouts can do, in turn with the refresh: it says how fast this
    processor is."""


async def measure(config: Path) -> Foreseeing:
    """Both servers with eighty who wait and twenty at work, command by command."""
    with tempfile.TemporaryDirectory() as directory:
        centre = load(config)
        wide = Path(directory) / "wide.toml"
        desks = tuple(Desk(id=str(number)) for number in range(1, COUNSELLORS + 1))
        wide.write_text(text_of(replace(centre, desks=desks)), encoding="utf-8")
        ours, blind = Path(directory) / "ours", Path(directory) / "blind"
        async with walkin(ours, wide):
            pass  # it has made its registry now, which both servers know their terminals by
        shutil.copytree(ours, blind)
        command = ("-m", "benchmarks.blind", str(ours.with_suffix(".toml")), str(blind))
        staff = [one.id for one in centre.counsellors if "training" in one.fields and "fr" in one.languages]
        staff += [one.id for one in centre.counsellors if one.id not in staff]
        async with walkin(ours, wide) as one, running(*command) as other:
            return await _measured(one.url, other.url, staff[:COUNSELLORS])


async def _measured(ours: str, blind: str, staff: list[str]) -> Foreseeing:
    took: dict[str, list[float]] = {}
    async with AsyncExitStack() as stack:
        houses = {
            "": await _opened(stack, ours, staff),
            "blind_": await _opened(stack, blind, staff),
        }
        for _ in range(PAIRS // BLOCK):
            for which, (reception, kiosk, desk) in houses.items():
                for _ in range(BLOCK):
                    for what, command in (("issue", _issue(kiosk)), ("call", _call(desk))):
                        await ask(reception, c.PostMessage({"fr": what}))  # a refresh is under way now
                        took.setdefault(f"{which}{what}", []).append(await command)
                        await asyncio.sleep(PAUSE_S)
                await asyncio.sleep(QUIET_S)
    figures = {
        f"{what}_p{share:.0%}_ms".replace("%", ""): percentile(values, share) * 1e3
        for what, values in took.items()
        for share in (0.5, 0.99)
    }
    refresh_ms, bare_ms = _refresh_ms()
    return Foreseeing(refresh_ms=refresh_ms, bare_ms=bare_ms, **figures)


async def _opened(
    stack: AsyncExitStack, url: str, staff: list[str]
) -> tuple[ClientConnection, ClientConnection, ClientConnection]:
    """Everybody at work, eighty who wait; reception, the kiosk, and the desk that calls."""
    reception = await stack.enter_async_context(terminal(url, "reception-1"))
    await open_day(reception)
    kiosk = await stack.enter_async_context(terminal(url, "kiosk-1"))
    desks = []
    for number, counsellor in enumerate(staff, 1):
        desk = await stack.enter_async_context(terminal(url, f"desk-{number}"))
        await sit_down(desk, counsellor)
        desks.append(desk)
    for _ in range(WAITING + COUNSELLORS):
        await answer(kiosk, ticket_frame())
    tasks = await stack.enter_async_context(asyncio.TaskGroup())
    for idle in desks[1:]:
        reading = tasks.create_task(_drain(idle))
        stack.callback(reading.cancel)
    return reception, kiosk, desks[0]


async def _drain(connection: ClientConnection) -> None:
    while True:
        await connection.recv()


async def _issue(kiosk: ClientConnection) -> float:
    frame = ticket_frame()
    began = time.perf_counter()
    await answer(kiosk, frame)
    return time.perf_counter() - began


async def _call(desk: ClientConnection) -> float:
    frame = frame_of(c.CallNext())
    began = time.perf_counter()
    reply = decode_from_server(await answer(desk, frame))
    took = time.perf_counter() - began
    assert isinstance(reply, Accepted)
    assert isinstance(reply.outcome, Called), reply
    await ask(desk, c.StartServing(reply.outcome.ticket))
    await ask(desk, c.Finish(reply.outcome.ticket))
    return took


def _refresh_ms() -> tuple[float, float]:
    """One refresh with forty who wait and the least it can be, in turn in this process: medians of some."""
    random = Random(7)
    fields, languages = ("a", "b", "c", "d", "e"), ("fr", "nl", "de", "en")
    history = History({field: tuple(random.lognormvariate(7.3, 0.5) for _ in range(600)) for field in fields})
    basis = Basis(dict.fromkeys(fields, 2700.0), history, Habits(priority_per_s=1 / 4000))
    now = 1_790_000_000.0
    counsellors = tuple(
        Counsellor(
            desk=str(number),
            fields=tuple(random.sample(fields, random.randint(1, 3))),
            languages=tuple(random.sample(languages, random.randint(1, 2))),
            doing=Doing.SESSION,
            since=now - random.uniform(0, 1800),
            visit=Visit(random.choice(fields), "fr", now - 4000),
            breaks=(Break(now + random.uniform(0, 7200), 2700.0),),
            ends_at=now + 4 * 3600,
        )
        for number in range(COUNSELLORS)
    )
    waiting = tuple(
        Standing(
            ticket=f"A{order:03}",
            key=now - 2400 + 50 * order,
            order=order,
            field=random.choice(fields),
            languages=(random.choice(languages),),
        )
        for order in range(WAITING // 2)
    )
    newcomers = tuple(
        Newcomer(field, (language,), priority, 900.0 * priority)
        for priority in (False, True)
        for field in fields
        for language in languages
    )
    took, bare_took = [], []
    for version in range(REFRESHES):
        here = Situation(day="2026-11-30", version=version, now=now, waiting=waiting, counsellors=counsellors)
        began = time.perf_counter()
        outlook(Question(situation=here, newcomers=newcomers, level=0.9), basis)
        took.append(time.perf_counter() - began)
        began = time.perf_counter()
        _bare_rollouts(random, history.cycles["a"])
        bare_took.append(time.perf_counter() - began)
    return percentile(took, 0.5) * 1e3, percentile(bare_took, 0.5) * 1e3


def _bare_rollouts(random: Random, lasts_s: Sequence[float]) -> None:
    """As many courses of forty who go one after the other to whoever is free first, and nothing else."""
    for _ in range(ROLLOUTS):
        free = [0.0] * COUNSELLORS
        for _ in range(WAITING // 2):
            at = min(free)
            free[free.index(at)] = at + lasts_s[int(random.random() * len(lasts_s))]
