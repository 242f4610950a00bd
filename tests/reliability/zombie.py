"""A server that stood still goes on while another has taken its days over from a copy of them."""

import asyncio
import random
import shutil
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from reliability.crowd import Paced, Watcher, in_sync, played, watching
from reliability.launch import launched
from reliability.lives import frozen, told_to_end
from reliability.load import Day, at_work, check, days, free_port, open_day
from reliability.proxy import Proxy
from reliability.trial import Trial
from support.badges import badge

from protocol.badge import Badge
from protocol.client import LinkLost, LinkUp, Update
from protocol.ids import Role
from queue_server.core.events import TicketCalled, TicketIssued

ANSWERS = 20
TURNS = 2
"""So often the way leads to the old server again."""
ASTRAY_S = (1.0, 4.0)
IN_USE = "Another queue server already runs"
REPLACED = "was replaced by another one"


class Loyal(Watcher):
    """Keeps the epoch of every server that it was with, in order."""

    def __init__(self, url: str, who: Badge) -> None:
        super().__init__(url, who)
        self.epochs: list[int] = []
        self.turned_away = 0

    def hear(self, update: Update) -> None:
        """Note whom it joins, and whom it does not."""
        super().hear(update)
        if isinstance(update, LinkUp):
            self.epochs.append(update.welcome.epoch)
        elif isinstance(update, LinkLost):
            self.turned_away += REPLACED in update.reason


def play(seed: int, directory: Path) -> Counter[str]:
    """A server is frozen, replaced, and goes on."""
    return played(_play(random.Random(seed), directory))


async def _play(dice: random.Random, directory: Path) -> Counter[str]:
    house, copy, ports = directory / "house", directory / "copy", (free_port(), free_port())
    proxy, load = Proxy(ports[0]), Paced()
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(proxy.listening())
        zombie = await stack.enter_async_context(launched(house, ports[0]))
        watchers = [
            Loyal(url, badge(Role.BOARD, "board-1")),
            Loyal(url, badge(Role.RECEPTION, "reception-1")),
            Loyal(url, badge(Role.COUNSELLOR, "desk-2", "2")),
            Loyal(url, badge(Role.KIOSK, "kiosk-2")),
        ]
        await zombie.ready()
        await open_day(url)
        async with watching(watchers), at_work(load, url) as finish:
            await in_sync(url, watchers, "with the first")
            await load.more(ANSWERS)
            async with frozen(zombie):
                await _is_refused(house, ports[1])
                await asyncio.to_thread(shutil.copytree, house, copy)
                heir = await stack.enter_async_context(launched(copy, ports[1]))
                await heir.ready()
                proxy.lead_to(ports[1])
                await in_sync(url, watchers, "with the second")
                await load.more(ANSWERS)
            for turn in range(TURNS):
                proxy.lead_to(ports[0])
                await asyncio.sleep(dice.uniform(*ASTRAY_S))
                proxy.lead_to(ports[1])
                await in_sync(url, watchers, f"with the second again, {turn}")
            await load.more(ANSWERS)
            await finish()
        for server in (zombie, heir):
            await told_to_end(server)
    left = await days(copy)
    check(load.answers, left)
    assert _visits(await days(house)) <= _visits(left), "the first server gave what the second does not know"
    for watcher in watchers:
        assert watcher.epochs == sorted(watcher.epochs), f"{watcher.who.device} went back: {watcher.epochs}"
        assert len(set(watcher.epochs)) == len(ports), f"{watcher.who.device} was with {watcher.epochs}"
    turned_away = sum(watcher.turned_away for watcher in watchers)
    return Counter({"answers": len(load.answers), "lines to it that a terminal ended": turned_away})


async def _is_refused(house: Path, port: int) -> None:
    """Its directory cannot be taken while it lives, frozen or not."""
    async with launched(house, port) as second:
        status, said = await second.ended()
    assert (status, IN_USE in said) == (1, True), f"exit status {status}: {said[-500:]}"


def _visits(left: Sequence[Day]) -> set[str]:
    """The questions by which tickets were given or called."""
    return {
        asked for day in left for asked, event in day.events if isinstance(event, TicketIssued | TicketCalled)
    }


TRIALS = (
    Trial(
        name="zombie server",
        one_try="A server under load stands still, and another takes over a copy of its directory; then the"
        f" first goes on, and {TURNS} times the way leads the terminals to it.",
        never="a directory that two servers have; a terminal that turns back to the first server, or a ticket"
        " that it gives; an answer that is not on the second one's disk.",
        gate=1,
        night=100,
        play=play,
        meets=("answers", "lines to it that a terminal ended"),
    ),
)
