"""Visitors at a kiosk: tickets of the server, and numbers of the kiosk's own while that is away.

The numbers, their file and their printing are the real kiosk's; its screen is not here.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from simulation.robots import FIELDS, Asked, GivenAlone, Robot

from config.model import Centre
from config.phrases import Phrases
from kiosk.alone import Alone
from kiosk.keep import Keep
from kiosk.press import Press, own_printer
from kiosk.reserve import Given
from kiosk.visit import LINK_GRACE_S
from protocol import commands as c
from protocol.client import ServerAwayError, Update
from protocol.commands import AnyCommand
from protocol.envelope import Accepted, LeftOut, Refused
from protocol.refusals import RefusalCode
from protocol.views import HelpState, KioskView

NEXT_VISITOR_S = 9.0
"""Mean time between two visitors at one kiosk."""
CALLS_FOR_HELP = 0.1
"""So many visitors ask for somebody before they choose."""
WITHDRAWS = 0.3
"""So many visitors find somebody called whom nobody needs."""
ENDED = frozenset({RefusalCode.NOT_OPEN, RefusalCode.FIELD_CLOSED, RefusalCode.INTAKE_ENDED})
LANGUAGES = (("fr",), ("nl",), ("en",), ("fr", "nl"))


class Kiosk(Robot):
    """Visitors take tickets; its file outlives a kill."""

    def __init__(self, centre: Centre, directory: Path, wall_s: Callable[[], float], *others: object) -> None:
        super().__init__(*others)  # type: ignore[arg-type]
        self._centre = centre
        self._directory = directory
        self._wall_s = wall_s
        self._lost_s: float | None = 0.0

    async def run(self) -> None:
        """A start of the kiosk; until it is killed."""
        loop = asyncio.get_running_loop()
        self._lost_s = loop.time()
        own = self.badge.device
        self._alone = Alone(self._centre, Keep(self._directory, own), loop.time, self._wall_s)
        printer, slips = own_printer(self._centre, own), self._directory / f"{own}.slips.db"
        if printer is not None:
            press = Press(self._centre, printer, Phrases.load(), slips, self._alone.slip_is)
            self._alone.paper = press
        await self._alone.open()
        await super().run()

    def _hear(self, update: Update) -> None:
        super()._hear(update)
        self._alone.hear(update)
        now_s = asyncio.get_running_loop().time()
        self._lost_s = None if isinstance(update, KioskView) else self._lost_s or now_s

    async def ask(self, command: AnyCommand, request_id: str | None = None) -> Accepted | Refused:
        """As the client does, written down; now and then once more, as a nervous hand does."""
        assert request_id is not None
        loop = asyncio.get_running_loop()
        mended = self._hours.mended
        asked = Asked(request_id, self.badge.device, command, loop.time())
        self._history.asked.append(asked)
        try:
            asked.answer = await self._client.ask(command, request_id)
        except ServerAwayError:
            if mended:
                self._history.left_waiting.append(request_id)
            raise
        asked.answered_at_s = loop.time()
        if self._dice.random() < 0.1:
            await self._ask_again(asked)
        return asked.answer

    async def left_out(self, report: LeftOut) -> None:
        """As the client does."""
        await self._client.left_out(report)

    async def _live(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._alone.run(self))
            while True:
                await self._while_hands(lambda: self._dice.expovariate(1 / NEXT_VISITOR_S))
                if self._hours.visitors:
                    await self._rings_the_bell()
                    await self._serve_a_visitor()

    async def _rings_the_bell(self) -> None:
        """A visitor calls for help, or says that nobody needs to come."""
        if not isinstance(self.view, KioskView) or self._lost_s is not None:
            return
        called = self.view.help is not HelpState.NONE
        if called and self._dice.random() < WITHDRAWS:
            await self._tell(c.WithdrawHelp())
        elif self._dice.random() < CALLS_FOR_HELP:
            topic, language = self._dice.choice(list(c.HelpTopic)), self._dice.choice((None, "fr", "en"))
            await self._tell(c.CallForHelp(topic, language))

    async def _tell(self, command: AnyCommand) -> None:
        """Asked once: whoever stands there sees that nobody answers, and goes to reception."""
        with suppress(ServerAwayError):
            await self.ask(command, f"{self.badge.device}-{self.life}-{next(self._numbers):08d}")

    async def _serve_a_visitor(self) -> None:
        asked_s = asyncio.get_running_loop().time()
        languages = self._dice.choice(LANGUAGES)
        field = self._dice.choice(FIELDS)
        wish = c.IssueTicket(field=field, languages=languages, screen_language=languages[0])
        alone = self._lost_s is not None and asked_s - self._lost_s >= LINK_GRACE_S
        if alone and field not in self._alone.offered():
            return
        day = self._alone.day
        taken = await self._alone.take(self, wish, alone=alone)
        if isinstance(taken, Given):
            shown = (taken.ticket, taken.token_url)
            self._history.given.append(GivenAlone(self.badge.device, day, *shown, asked_s, taken.doubt))
        elif taken in ENDED:
            await self._tell(c.NoteUnserved(field, languages, c.UnservedWhy.ENDED))
