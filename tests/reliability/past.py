"""Days as the real queue left them, written without a server: for trials of what becomes of days."""

import shutil
import tempfile
from datetime import date, datetime, time
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from reliability.load import COUNSELLOR, FIELDS, issue
from support.broken import ROOT
from support.servers import HandClock, answer_of, engine_at_work

from config.load import load
from protocol import commands as c
from protocol.commands import AnyCommand
from protocol.envelope import Called, TicketGiven
from protocol.ids import Role
from queue_server.core.policy import Actor
from queue_server.engine import Answer, Engine
from queue_server.store.house import House

CENTRE = ROOT / "config" / "brussels.toml"
ZONE = ZoneInfo("Europe/Brussels")
OPENS = time(9, 30)
VISITORS = (3, 25)
STEP_MIN = (0.2, 4.0)
KIOSK, DESK = Actor(Role.KIOSK, "kiosk-1", None), Actor(Role.COUNSELLOR, "desk-1", "1")
RECEPTION = Actor(Role.RECEPTION, "reception-1", None)


class _Living:
    """A day that is lived, one question after the other."""

    def __init__(self, engine: Engine, clock: HandClock, dice: Random) -> None:
        self._engine, self._clock, self._dice = engine, clock, dice
        self._asked = 0

    async def ask(self, command: AnyCommand, actor: Actor) -> Answer:
        """The next question, some minutes later."""
        self._clock.forward(self._dice.uniform(*STEP_MIN))
        self._asked += 1
        return await answer_of(self._engine, f"question-{self._asked:08d}", command, actor)

    async def visitors(self) -> None:
        """They come, and become everything a visitor can; some still wait or are being called."""
        await self.ask(c.OpenDay(), RECEPTION)
        await self.ask(c.OpenDesk(COUNSELLOR), DESK)
        for number in range(self._dice.randint(*VISITORS)):
            given = await self.ask(issue(self._dice.choice(FIELDS)), KIOSK)
            assert isinstance(given, TicketGiven)
            if number % 3 == 0:
                await self._served()
        await self.ask(c.CallNext(), DESK)

    async def _served(self) -> None:
        called = await self.ask(c.CallNext(), DESK)
        assert isinstance(called, Called), called
        ends: tuple[AnyCommand, ...] = (
            c.Finish(called.ticket),
            c.Park(called.ticket),
            c.MarkNoShow(called.ticket),
            c.Transfer(ticket=called.ticket, field="employment"),
        )
        how = self._dice.choice(ends)
        if not isinstance(how, c.MarkNoShow):
            await self.ask(c.StartServing(called.ticket), DESK)
        await self.ask(how, DESK)


async def lived(house: Path, day: date, dice: Random, *, ended: bool) -> None:
    """Add this day to a data directory: ended by reception, or as a killed server left it."""
    centre, clock = load(CENTRE), HandClock(datetime.combine(day, OPENS, ZONE))
    with tempfile.TemporaryDirectory(prefix="walkin-past-") as alone:
        engine = Engine(centre, House(Path(alone)), clock)
        await engine.open()
        async with engine_at_work(engine):
            living = _Living(engine, clock, dice)
            await living.visitors()
            if ended:
                await living.ask(c.CloseDay(), RECEPTION)
                await living.ask(c.EndDay(), RECEPTION)
            else:
                _add(Path(alone), house)
        if ended:
            _add(Path(alone), house)


def _add(alone: Path, house: Path) -> None:
    shutil.copytree(alone / "days", house / "days", dirs_exist_ok=True)
