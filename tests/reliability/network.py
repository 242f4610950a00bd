"""The network between terminals and server breaks and heals, class by class or all at once."""

import asyncio
import random
import signal
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path

from reliability import cable
from reliability.crowd import (
    SYNC_S,
    Board,
    Paced,
    Watcher,
    all_rung,
    all_show,
    came_true,
    in_sync,
    played,
    post,
    watching,
)
from reliability.launch import launched
from reliability.load import Load, at_desk, at_work, check, days, free_port, open_day
from reliability.proxy import FAULTS, Proxy
from reliability.trial import Trial, met_together
from support.badges import AUTHORITY, badge
from support.servers import ServerProcess

from protocol import commands as c
from protocol.client import QueueClient
from protocol.ids import Role
from protocol.views import BoardView, ReceptionView, Stage
from queue_server.store.authority import authority_of
from queue_server.store.certificates import make_authority

KIOSKS, DESKS, BOARDS, LONE_BOARD, RECEPTION = "kiosks", "desks", "boards", "lone board", "reception"
CABLES = (KIOSKS, DESKS, BOARDS, LONE_BOARD, RECEPTION)
ROUNDS = 4
CENTRES = 3
"""At a time, each with misfortunes of its own: most of a try is waiting."""
BROKEN_S = (1.0, 6.0)
"""In so long, and until all is in sync again, fewer calls are made than a board's view holds."""
PULLED_S = (1.0, 12.0)

IN_SYNC = "ms from a mended cable until all were in sync"
SHOWN = {"answers": "answers", "served afterwards": "served afterwards", IN_SYNC: IN_SYNC}

ENDS = frozenset({Stage.FINISHED, Stage.CANCELLED, Stage.NO_SHOW})

Misfortune = Callable[[Awaitable[None]], Awaitable[None]]
"""Breaks the network, waits and heals it; something is done meanwhile, or as soon as it can be."""


def partition(seed: int, directory: Path) -> Counter[str]:
    """Cables between terminals and server break in every way, and are mended; centre beside centre."""
    return played(_partitions(random.Random(seed), directory))


async def _partitions(dice: random.Random, directory: Path) -> Counter[str]:
    each = [random.Random(dice.random()) for _ in range(CENTRES)]
    async with asyncio.TaskGroup() as tasks:
        playing = [
            tasks.create_task(_partition(own, directory / f"centre-{number}"))
            for number, own in enumerate(each)
        ]
    return met_together(one.result() for one in playing)


async def _partition(dice: random.Random, directory: Path) -> Counter[str]:
    port = free_port()
    met = Counter[str]()
    cables = {name: Proxy(port) for name in CABLES}

    async def strike(meanwhile: Awaitable[None]) -> None:
        for name in dice.sample(CABLES, dice.randint(1, 3)):
            fault = dice.choice(FAULTS)
            cables[name].strike(fault, dice)
            met[f"cables {fault}"] += 1
        met["schedules"] += 1
        await asyncio.sleep(dice.uniform(*BROKEN_S))
        await meanwhile
        for broken in cables.values():
            broken.heal()

    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(launched(directory, port))
        ways = {name: await stack.enter_async_context(proxy.listening()) for name, proxy in cables.items()}
        lived = await _live_through(strike, server, f"ws://127.0.0.1:{port}", ways, directory)
    return met + lived


def unplugged(seed: int, directory: Path) -> Counter[str]:
    """The server's network cable is pulled, and put back."""
    return played(_unplugged(random.Random(seed), directory))


async def _unplugged(dice: random.Random, directory: Path) -> Counter[str]:
    port = free_port()
    make_authority(directory, "brussels", anew=False)
    AUTHORITY.set(authority_of(directory))
    async with cable.laid() as plug, launched(directory, port, host=plug.host, before=plug.inside) as server:

        async def strike(meanwhile: Awaitable[None]) -> None:
            await plug.pull()
            await asyncio.sleep(dice.uniform(*PULLED_S))
            await plug.plug()
            await meanwhile

        url = f"wss://{plug.host}:{port}"
        lived = await _live_through(strike, server, url, dict.fromkeys(CABLES, url), directory)
    return lived + Counter(pulled=ROUNDS)


async def _live_through(
    strike: Misfortune, server: ServerProcess, url: str, ways: Mapping[str, str], directory: Path
) -> Counter[str]:
    """Everybody at work while it strikes, each time in sync afterwards."""
    boards = [Board(ways[BOARDS], "board-1"), Board(ways[LONE_BOARD], "board-2")]
    reception = Watcher(ways[RECEPTION], badge(Role.RECEPTION, "reception-1"))
    desk = Watcher(ways[DESKS], badge(Role.COUNSELLOR, "desk-2", "2"))
    kiosk = Watcher(ways[KIOSKS], badge(Role.KIOSK, "kiosk-2"))
    watchers = [*boards, reception, desk, kiosk]
    took_s = 0.0
    load = Paced({Role.KIOSK: ways[KIOSKS], Role.COUNSELLOR: ways[DESKS]})
    await server.ready()
    await open_day(url)
    async with watching(watchers), at_work(load, url) as finish:
        await in_sync(url, watchers, "at first")
        for number in range(ROUNDS):
            if number == ROUNDS - 1:
                await (
                    finish()
                )  # what is said into the last darkness is followed by nothing that would tell it
            await strike(post(url, f"news {number}"))
            took_s = max(took_s, await all_show(watchers, f"news {number}"))
        view = boards[0].view
        assert isinstance(view, BoardView)
        calls = view.calls[0].call
        await all_rung(boards, calls)
        told = await came_true(lambda: _announced(reception) == {"board-1": calls, "board-2": calls}, SYNC_S)
        assert told, f"reception sees {_announced(reception)} of {calls} calls announced"
    served = await _serve_all(ways[DESKS], load)
    server.signal(signal.SIGTERM)
    await server.ended()
    left = await days(directory)
    check(load.answers, left)
    waiting = [
        ticket.code for ticket in left[-1].queue.tickets.values() if ticket.placement.stage not in ENDS
    ]
    assert not waiting, f"{len(waiting)} tickets came to no end: {waiting}"
    return Counter(
        {
            "answers": len(load.answers),
            IN_SYNC: round(1000 * took_s),
            "served afterwards": served,
        }
    )


async def _serve_all(way: str, load: Paced) -> int:
    """The desk calls and serves whoever is still there, until nobody is; how many that were."""
    asker, served = Load(), 0
    async with QueueClient(way, badge(Role.COUNSELLOR, "desk-1", "1")) as desk:
        while ticket := at_desk(await asker.ask(desk, f"desk-calls-late-{served:06d}", c.CallNext())):
            await asker.ask(desk, f"desk-ends-late-{served:07d}", c.Finish(ticket))
            served += 1
    load.answers |= asker.answers
    return served


def _announced(reception: Watcher) -> dict[str, int]:
    """How far each board has come, as reception sees it."""
    view = reception.view
    assert isinstance(view, ReceptionView)
    boards = [device for device in view.devices if device.role == Role.BOARD.value]
    return {board.device: board.announced for board in boards if board.since is not None}


TRIALS = (
    Trial(
        name="partition",
        one_try="In each of three centres terminals of some classes, or one, are cut off four times from a"
        " server at work, for 1 to 6 s: cables are slow, drip, go dark in one direction or both, are reset or"
        " hung up.",
        never="an answer that is not on disk; a question done twice; a board that does not ring every call"
        " once and in order; a terminal that shows the past 10 s after; a ticket that comes to no end.",
        gate=2,
        night=-(-1000 // (CENTRES * ROUNDS)),
        play=partition,
        meets=("schedules", *(f"cables {fault}" for fault in FAULTS), "served afterwards"),
        shown={
            "schedules": "misfortunes",
            **{f"cables {fault}": f"cables {fault}" for fault in FAULTS},
            "cables drips": "cables that drip",
            **SHOWN,
        },
    ),
    Trial(
        name="network cable pulled",
        one_try="The server has a network of its own, whose plug is pulled four times for 1 to 12 s.",
        never="the same.",
        gate=1,
        night=100,
        play=unplugged,
        meets=("pulled", "answers", "served afterwards"),
        shown={"pulled": "times pulled", **SHOWN},
        missing=cable.missing,
    ),
)
