"""A print room at work beside its engine, on a printer of this machine."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace
from support.centre import small_centre
from support.engines import nobody_looks
from support.servers import HandClock, answer_of, engine_at_work, until

from config.model import Centre, Field, Printer
from config.phrases import Phrases
from protocol import commands as c
from protocol.ids import Role
from protocol.views import PrintState
from queue_server.core.policy import Actor, Foreseen, nothing_foreseen
from queue_server.engine import Engine
from queue_server.printing import PrintRoom
from queue_server.store.house import House

KIOSK = Actor(Role.KIOSK, "kiosk-1")
RECEPTION = Actor(Role.RECEPTION, "reception-1")
DESK = Actor(Role.COUNSELLOR, "desk-1", "1")
ISSUE = c.IssueTicket(field="training", languages=("fr",), screen_language="fr")
NOWHERE = 1
"""A port of this machine where no printer listens."""
DAY_MIN = 24 * 60


class Printing(Struct):
    """A running print room and its engine."""

    engine: Engine
    room: PrintRoom
    asked: int = 0

    async def ask(self, command: c.AnyCommand, actor: Actor = KIOSK) -> None:
        self.asked += 1
        await answer_of(self.engine, f"{self.engine.queue.day}-question-{self.asked:04d}", command, actor)

    def slip(self, code: str) -> PrintState:
        return self.engine.queue.tickets[code].slip


def centre_with(port: int) -> Centre:
    """The small centre, with its printer on this port."""
    centre = small_centre()
    printers = tuple(replace(printer, host="127.0.0.1", port=port) for printer in centre.printers)
    assert all(isinstance(printer, Printer) for printer in printers)
    assert all(isinstance(field, Field) for field in centre.fields)
    return replace(centre, printers=printers)


@asynccontextmanager
async def printing(
    directory: Path,
    port: int,
    clock: HandClock | None = None,
    centre: Centre | None = None,
    phrases: Phrases | None = None,
    foreseen: Foreseen = nothing_foreseen,
) -> AsyncIterator[Printing]:
    centre = centre or centre_with(port)
    engine = Engine(centre, House(directory), clock or HandClock())
    await engine.open()
    room = PrintRoom(centre, phrases or Phrases.load(), directory / "spool.db", engine)

    engine.connect(nobody_looks, room.committed, foreseen=foreseen)
    async with engine_at_work(engine), room, asyncio.TaskGroup() as tasks:
        work = tasks.create_task(room.run())
        await until(lambda: engine.queue.open)
        yield Printing(engine, room)
        work.cancel()
