"""A kiosk without a screen, as a program of its own: visitors come in on a line each, tickets go out on one.

`python -m reliability.lonely <directory> <kiosk> <url> <port of its own printer>`. It says each ticket once
it is anybody's, and when it has nothing more to do with the server.
"""

import asyncio
import sys
import time
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from support.badges import badge

from config.load import load
from config.phrases import Phrases
from kiosk import reserve as r
from kiosk.alone import Alone
from kiosk.keep import Keep
from kiosk.press import Press, own_printer
from kiosk.reserve import Given
from protocol import client as line
from protocol.client import QueueClient
from protocol.commands import IssueTicket
from protocol.envelope import TicketGiven
from protocol.ids import Role

ANSWER_S = 1.5
"""Less patient than the real kiosk: a try is to be short."""
LOOK_S = 0.02
CENTRE = Path("config/brussels.toml")


class Said(Struct, frozen=True):
    """What a kiosk says on a line."""

    idle: bool = False
    """It is connected, everything is redeemed and told, and its blocks are whole."""
    visitor: int = 0
    ticket: str = ""
    """Empty: the visitor got none."""
    alone: bool = False
    asked_at: float = 0.0
    """By the machine's clock, POSIX seconds."""


def say(said: Said) -> None:
    """One line, at once."""
    sys.stdout.write(msgspec.json.encode(said).decode() + "\n")
    sys.stdout.flush()


async def live(directory: Path, name: str, url: str, printer_port: int) -> None:
    """Work until killed, or until nobody can come any more."""
    line.ANSWER_TIMEOUT_S = ANSWER_S
    keep = Keep(directory, name)
    keep.lock()
    centre = load(CENTRE)
    alone = Alone(centre, keep)
    known = own_printer(centre, name)
    assert known is not None
    printer = replace(known, host="127.0.0.1", port=printer_port, service="")
    alone.paper = Press(centre, printer, Phrases.load(), directory / f"{name}.slips.db", alone.slip_is)
    await alone.open()
    client = QueueClient(url, badge(Role.KIOSK, name))
    async with client, asyncio.TaskGroup() as tasks:
        working = [
            tasks.create_task(work)
            for work in (_listen(client, alone), alone.run(client), _look(client, alone))
        ]
        await _serve(client, alone)
        for task in working:
            task.cancel()


async def _listen(client: QueueClient, alone: Alone) -> None:
    async for update in client.updates():
        alone.hear(update)


async def _look(client: QueueClient, alone: Alone) -> None:
    before = False
    while True:
        reserve, fields = alone._reserve, alone._intake.fields
        stocked = not any(r.lacking(reserve, field) and field not in alone._exhausted for field in fields)
        told = alone._told == r.report(reserve)
        idle = client.connected and not reserve.given and stocked and told
        if idle is not before:
            before = idle
            say(Said(idle=idle))
        await asyncio.sleep(LOOK_S)


async def _serve(client: QueueClient, alone: Alone) -> None:
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
    while words := (await reader.readline()).decode().split():
        visitor, field = words
        asked_at = time.time()
        wish = IssueTicket(field=field, languages=("fr", "nl"), screen_language="fr")
        taken = await alone.take(client, wish, alone=not client.connected)
        ticket = taken.ticket if isinstance(taken, TicketGiven | Given) else ""
        say(Said(visitor=int(visitor), ticket=ticket, alone=isinstance(taken, Given), asked_at=asked_at))


if __name__ == "__main__":
    asyncio.run(live(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])))
