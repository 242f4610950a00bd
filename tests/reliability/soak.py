"""Days of traffic at ten times the load, one after the other: memory and open files stay as they were."""

import asyncio
import gc
import itertools
import json
import os
import subprocess
import sys
from collections import Counter
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

from msgspec.structs import replace
from reliability.trial import Trial
from support.badges import PIN, SMALLVILLE, badge, enrol
from support.centre import ALL_ROUND, small_centre
from support.servers import PATIENCE_S, HandClock, Terminal, terminal

from config.model import Centre
from protocol import commands as c
from protocol.envelope import Accepted, Request, TicketGiven
from protocol.ids import Role
from protocol.orders import SignIn
from queue_server.app import serve_house
from queue_server.store.house import House

VISITORS = 2500
"""A day at ten times the load of a large centre."""
SCREENS = tuple(enumerate((Role.BOARD, Role.RECEPTION) * 49))
"""With a kiosk and a desk a hundred terminals, which come in the morning and leave in the evening."""
DAYS = 8
WARM_DAYS = 3
"""By then everything that is kept for a while has been filled once."""
SERVICE = timedelta(seconds=2)
GROWTH_MAX = 0.03
"""Share of memory by which the allocator may differ from one evening to another."""
SOAK_MAX_S = 1800.0


def days_of_traffic(seed: int, directory: Path) -> Counter[str]:
    """In a process of its own, so that its memory is its own."""
    told = subprocess.run(
        (sys.executable, "-m", "reliability.soak", str(directory)),
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": str(seed)},
        capture_output=True,
        timeout=SOAK_MAX_S,
        check=True,
    )
    evenings: list[list[int]] = json.loads(told.stdout.splitlines()[-1])
    memory, files = zip(*evenings[WARM_DAYS - 1 :], strict=True)
    assert max(files) <= files[0], f"open files, evening by evening: {files}"
    assert max(memory) <= memory[0] * (1 + GROWTH_MAX), f"memory in kB, evening by evening: {memory}"
    return Counter(
        {
            "days": DAYS,
            "visitors": DAYS * VISITORS,
            "kB of memory in the end": memory[-1],
            "open files": files[-1],
        }
    )


def _centre() -> Centre:
    known = small_centre()
    kiosks = tuple(replace(kiosk, printer=None) for kiosk in known.kiosks)
    return replace(known, printers=(), kiosks=kiosks)


async def _soak(directory: Path) -> list[tuple[int, int]]:
    """Memory (kB) and open files of each evening."""
    clock, stop = HandClock(), asyncio.Event()
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    screens = (badge(role, f"{role.value}-{number}") for number, role in SCREENS)
    enrol(directory, *screens, team=SMALLVILLE)
    house = House(directory)
    house.lock()
    serving = asyncio.create_task(
        serve_house(_centre(), house, clock, ("127.0.0.1", 0), stop, address.set_result)
    )
    url = await asyncio.wait_for(address, PATIENCE_S)
    evenings = []
    for _ in range(DAYS):
        morning = clock.at
        await _day(url, clock)
        gc.collect()
        evenings.append((_memory_kb(), _open_files()))
        clock.at = morning + timedelta(days=1)
    stop.set()
    await serving
    house.unlock()
    return evenings


async def _day(url: str, clock: HandClock) -> None:
    async with AsyncExitStack() as stack:
        screens = [
            await stack.enter_async_context(terminal(url, role, f"{role.value}-{number}"))
            for number, role in SCREENS
        ]
        # staff terminals are locked in the morning: nobody has touched them since yesterday
        kiosk = await stack.enter_async_context(terminal(url, Role.KIOSK, "kiosk-1"))
        desk = await stack.enter_async_context(terminal(url, Role.COUNSELLOR, "desk-1", "1"))
        reception = screens[-1]
        number, role = SCREENS[-1]
        await _ask(reception, SignIn(staff=f"host-{role.value}-{number}", pin=PIN))
        await reception.say(Request(f"soak-opens-{clock.at:%Y%m%d}", c.OpenDay()))
        await reception.answer()  # a yes, or the hours have opened it
        reading = [asyncio.create_task(_read(screen)) for screen in screens]
        await _ask(desk, SignIn(staff=ALL_ROUND, pin=PIN))
        await _ask(desk, c.OpenDesk(ALL_ROUND))
        for _ in range(VISITORS):
            given = await _ask(
                kiosk, c.IssueTicket(field="training", languages=("fr",), screen_language="fr")
            )
            assert isinstance(given.outcome, TicketGiven)
            await _ask(desk, c.CallNext())
            await _ask(desk, c.StartServing(given.outcome.ticket))
            clock.at += SERVICE
            await _ask(desk, c.Finish(given.outcome.ticket))
        for one in reading:
            one.cancel()
        await asyncio.wait(reading)


_questions = itertools.count()


async def _ask(who: Terminal, command: c.AnyCommand | SignIn) -> Accepted:
    await who.say(Request(f"soak-{next(_questions):012d}", command))
    answer = await who.answer()
    assert isinstance(answer, Accepted), answer
    who.frames.clear()
    return answer


async def _read(who: Terminal) -> None:
    while True:
        await who.connection.recv()


def _open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def _memory_kb() -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise AssertionError("no VmRSS")


TRIALS = (
    Trial(
        name="soak",
        one_try=f"{DAYS} days of {VISITORS} visitors, ten times the load, with a hundred terminals, one after"
        " the other in one server. The screens have a soak of their own: `make soak`.",
        never="an evening with more open files, or three in a hundred more memory, than the third.",
        gate=0,
        night=5,
        play=days_of_traffic,
    ),
)

if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(_soak(Path(sys.argv[1])))))
