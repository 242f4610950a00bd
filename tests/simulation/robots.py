"""Who uses the centre: people at desks and reception here, at kiosks and boards beside; over the real client.

A robot sees what its terminal is shown and asks what a person would ask. What it asked and what it was
answered is its own history: the judge believes nobody else.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from random import Random

from msgspec import Struct
from support.badges import PIN, SMALLVILLE, badge, person_at
from support.centre import small_centre

from protocol import commands as c
from protocol.badge import Badge
from protocol.client import QueueClient, ServerAwayError, Update
from protocol.commands import AnyCommand
from protocol.envelope import Accepted, Refused
from protocol.ids import Role
from protocol.orders import SignIn
from protocol.views import AnyView, CounsellorView, DeskState, HelpState, LockedView, ReceptionView

TRIES_MAX = 8
"""A person asks so often for the same thing, some eight seconds each, then walks away."""
FIELDS = ("training", "work", "abroad")
SPOKEN = ("fr", "nl", "en")
LOOK_S = (0.4, 3.0)
"""Between two looks of a counsellor at the screen."""
RECEPTION_S = (1.0, 8.0)
NARROW = 0.02
"""So often a counsellor chooses some of what the desk serves; wide again sooner."""
WIDE_AGAIN = 0.1
ANSWERS_HELP = 0.4
"""Reception goes to who calls for help, unless the visitor withdraws before."""
OPENS_AGAIN = 0.6
WILD = 0.15
"""So often a counsellor's hand does something that the screen does not offer."""


class Asked(Struct):
    """One question, from the hand on the screen to the answer; no answer: nobody knows."""

    id: str
    device: str
    command: AnyCommand
    at_s: float
    answer: Accepted | Refused | None = None
    answered_at_s: float = 0.0


class Rung(Struct, frozen=True):
    """A board begins to announce a call."""

    board: str
    life: int
    """The board was started so often before."""
    at_s: float
    day: str
    call: int
    ticket: str
    desk: str


class Remembered(Struct, frozen=True):
    """On the board's own disk: it has announced all calls of the day up to this one."""

    board: str
    at_s: float
    day: str
    call: int


class Stopped(Struct, frozen=True):
    """A terminal was killed or frozen, in the middle of whatever it did."""

    terminal: str
    at_s: float


class GivenAlone(Struct, frozen=True):
    """A number that a kiosk gave without the server, as its visitor saw it."""

    kiosk: str
    day: str
    ticket: str
    token: str
    asked_s: float
    doubt: str | None
    """Id of its visitor's question to the server, if that got no answer."""


class History:
    """What all robots lived through."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.rung: list[Rung] = []
        self.remembered: list[Remembered] = []
        self.stopped: list[Stopped] = []
        self.given: list[GivenAlone] = []
        self.missed_calls = 0
        self.came_back = 0
        """So often somebody signed in again at a terminal that was locked meanwhile."""
        self.answers_again = 0
        """Questions answered a second time."""
        self.differing: list[str] = []
        """Ids that were answered in two ways."""
        self.left_waiting: list[str] = []
        """Ids that a server which was there did not answer in time, with nothing wrong any more."""


class Hours:
    """What the world lets people do."""

    def __init__(self) -> None:
        self.visitors = True
        """New ones come, and staff do whatever they do on a long day."""
        self.evening = False
        """Everybody is through, and reception ends the day."""
        self.hands = True
        """Anybody touches a screen."""
        self.mended = False
        """Nothing goes wrong any more."""


class Robot:
    """One terminal and whoever stands at it."""

    def __init__(self, url: str, own: Badge, history: History, hours: Hours, dice: Random) -> None:
        self.badge = own
        self.view: AnyView | None = None
        self._url = url
        self._history = history
        self._hours = hours
        self._dice = dice
        self._numbers: Iterator[int] = count(1)
        self._client: QueueClient
        self.life = 0

    async def run(self) -> None:
        """A start of the terminal; until it is killed."""
        self.life += 1
        self.view = None
        async with QueueClient(self._url, self.badge) as self._client, asyncio.TaskGroup() as tasks:
            tasks.create_task(self._listen(), name=f"{self.badge.device} listens")
            tasks.create_task(self._live(), name=f"{self.badge.device} lives")

    async def _listen(self) -> None:
        async for update in self._client.updates():
            self._hear(update)

    def _hear(self, update: Update) -> None:
        if isinstance(update, AnyView):
            self.view = update

    async def _live(self) -> None:
        """Does what this kind of terminal does."""

    async def _come_back(self) -> None:
        """Signs in again at a terminal that nobody has touched for a while."""
        if isinstance(self.view, LockedView):
            staff = person_at(self.badge.device, self.badge.desk, SMALLVILLE)
            with suppress(ServerAwayError):
                answer = await self._client.ask(SignIn(staff=staff, pin=PIN))
                self._history.came_back += isinstance(answer, Accepted)

    async def _ask(self, command: AnyCommand) -> None:
        """Asks until it is answered; now and then once more, as a nervous hand does."""
        loop = asyncio.get_running_loop()
        asked = Asked(
            f"{self.badge.device}-{self.life}-{next(self._numbers):08d}",
            self.badge.device,
            command,
            loop.time(),
        )
        self._history.asked.append(asked)
        for _ in range(TRIES_MAX):
            mended = self._hours.mended
            try:
                asked.answer = await self._client.ask(command, asked.id)
            except ServerAwayError:
                if mended:
                    self._history.left_waiting.append(asked.id)
                continue
            asked.answered_at_s = loop.time()
            break
        if asked.answer is not None and self._dice.random() < 0.1:
            await self._ask_again(asked)

    async def _ask_again(self, asked: Asked) -> None:
        try:
            again = await self._client.ask(asked.command, asked.id)
        except ServerAwayError:
            return
        self._history.answers_again += 1
        if again != asked.answer and isinstance(asked.answer, Accepted):
            self._history.differing.append(asked.id)

    async def _while_hands(self, pause_s: Callable[[], float]) -> None:
        await asyncio.sleep(pause_s())
        while not self._hours.hands:  # noqa: ASYNC110 - the world has no event for it
            await asyncio.sleep(0.5)


class Counsellor(Robot):
    """Somebody at a desk."""

    def __init__(self, counsellor: str, *others: object) -> None:
        super().__init__(*others)  # type: ignore[arg-type]
        self._counsellor = small_centre().counsellor(counsellor)
        self._known: dict[str, None] = {}
        """Tickets once seen on this screen."""

    async def _live(self) -> None:
        while True:
            await self._while_hands(lambda: self._dice.uniform(*LOOK_S))
            await self._come_back()
            if isinstance(self.view, CounsellorView):
                step = self._step(self.view)
                if step is not None:
                    await self._ask(step)

    def _step(self, view: CounsellorView) -> AnyCommand | None:
        if self._hours.visitors and self._dice.random() < WILD:
            return self._wild(view)
        chance = self._dice.random() if self._hours.visitors else 1.0
        if view.undo is not None and chance < 0.04:
            return c.Undo()
        if view.desk.state is not DeskState.CLOSED and (choice := self._choice(view)) is not None:
            return choice
        ticket = None if view.current is None else view.current.ticket
        match view.desk.state:
            case DeskState.CLOSED:
                return c.OpenDesk(self._counsellor.id)
            case DeskState.PAUSED:
                return c.Resume()
            case DeskState.CALLED if ticket is not None:
                return self._of_the_called(ticket, chance)
            case DeskState.SERVING if ticket is not None:
                return self._of_the_served(ticket, chance, view)
            case DeskState.FREE:
                return self._of_nobody(view, chance)
            case _:
                if view.parked and not self._hours.visitors:
                    return c.Unpark(view.parked[0].ticket)
                return c.CloseDesk() if chance < 0.02 else None

    def _choice(self, view: CounsellorView) -> c.NarrowDesk | None:
        """Now and then some of what the counsellor serves; all of it again before the day is over."""
        own, desk = self._counsellor, view.desk
        if (desk.fields, desk.languages) != (own.fields, own.languages):
            wide = not self._hours.visitors or self._dice.random() < WIDE_AGAIN
            return c.NarrowDesk() if wide else None
        if not self._hours.visitors or self._dice.random() >= NARROW:
            return None
        return c.NarrowDesk((self._dice.choice(own.fields),), (self._dice.choice(own.languages),))

    def _wild(self, view: CounsellorView) -> AnyCommand:
        """A hand that does not look: what it asks makes no sense most of the time."""
        tickets = [one.ticket for one in (*view.waiting, *view.parked, *view.missed)]
        self._known |= dict.fromkeys(tickets)
        self._known |= {desk.ticket: None for desk in view.desks if desk.ticket is not None}
        if not self._known or self._dice.random() < 0.5:
            return self._dice.choice((c.CallNext(), c.Undo()))
        ticket = self._dice.choice(list(self._known))
        blind = (c.CallTicket, c.Finish, c.StartServing, c.Unpark, c.MarkNoShow, c.Park, c.Reinstate)
        return self._dice.choice(blind)(ticket)

    def _of_the_called(self, ticket: str, chance: float) -> AnyCommand:
        if chance < 0.15:
            return c.Recall(ticket)
        return c.MarkNoShow(ticket) if chance < 0.25 else c.StartServing(ticket)

    def _of_the_served(self, ticket: str, chance: float, view: CounsellorView) -> AnyCommand | None:
        if chance < 0.1:
            return c.Park(ticket)
        if chance < 0.2:
            return c.Transfer(ticket=ticket, field=self._dice.choice(FIELDS))
        if chance < 0.25:
            open_desks = [desk.desk for desk in view.desks if desk.counsellor is not None]
            return c.Transfer(ticket=ticket, desk=self._dice.choice(open_desks)) if open_desks else None
        return None if 0.25 < chance < 0.6 else c.Finish(ticket)

    def _of_nobody(self, view: CounsellorView, chance: float) -> AnyCommand:
        if view.parked and (chance < 0.3 or not self._hours.visitors):
            return c.Unpark(view.parked[0].ticket)
        if chance < 0.05:
            return c.Pause(c.PauseReason.SHORT_BREAK)
        if view.waiting and chance < 0.12:
            return c.CallTicket(self._dice.choice(view.waiting).ticket)
        if view.missed and chance < 0.16:
            return c.Reinstate(view.missed[0].ticket)
        return c.CallNext()


class Reception(Robot):
    """The person who sees it all."""

    async def _live(self) -> None:
        while True:
            await self._while_hands(lambda: self._dice.uniform(*RECEPTION_S))
            await self._come_back()
            if isinstance(self.view, ReceptionView) and (step := self._step(self.view)) is not None:
                await self._ask(step)

    def _step(self, view: ReceptionView) -> AnyCommand | None:
        if self._hours.evening and not view.over:
            return c.CloseDay() if view.open else c.EndDay()
        if not self._hours.visitors:
            return None
        if not view.open:
            return c.OpenDay() if self._dice.random() < OPENS_AGAIN else None
        calling = [call.kiosk for call in view.help if call.state is HelpState.CALLED]
        if calling and self._dice.random() < ANSWERS_HELP:
            return c.AnswerHelp(self._dice.choice(calling))
        if self._dice.random() < 0.5:
            return self._of_the_house(view)
        return self._of_tickets(view)

    def _of_the_house(self, view: ReceptionView) -> AnyCommand | None:
        """The day and its fields, what the board says, and what kiosks gave in a short time."""
        closed = [queue.field for queue in view.fields if not queue.open]
        match self._dice.randrange(7):
            case 0 if self._dice.random() < 0.3:
                return c.CloseDay()
            case 1 | 2 if closed:
                return c.OpenField(self._dice.choice(closed))
            case 1:
                return c.CloseField(self._dice.choice(FIELDS))
            case 3:
                hold = self._dice.choice(list(c.IntakeHold))
                return c.HoldIntake(self._dice.choice(FIELDS), self._dice.choice(SPOKEN), hold)
            case 4:
                return c.PostMessage({"fr": "Bonjour", "nl": "Dag"})
            case _ if view.bursts and view.bursts[0].tickets:
                burst = view.bursts[0]
                settle = c.CancelBurst if self._dice.random() < 0.3 else c.DismissBurst
                return settle(burst.kiosk, burst.tickets)
            case _:
                return None

    def _of_tickets(self, view: ReceptionView) -> AnyCommand | None:
        everybody = [*view.waiting, *view.at_desks, *view.aside, *view.ended]
        ticket = self._dice.choice(everybody) if everybody else None
        match self._dice.randrange(7):
            case 0:
                return c.IssueTicket(
                    field=self._dice.choice(FIELDS),
                    languages=("fr",),
                    screen_language="fr",
                    priority=self._dice.random() < 0.5,
                    kiosk=self._dice.choice((None, "kiosk-1")),
                )
            case 1 if view.waiting:
                return c.SetPriority(self._dice.choice(view.waiting).ticket, priority=True)
            case 2 if ticket is not None:
                return c.Cancel(ticket.ticket)
            case 3 if view.aside:
                return c.Reinstate(self._dice.choice(view.aside).ticket)
            case 4 if ticket is not None:
                return c.Reprint(ticket.ticket, "kiosk-1")
            case 5 if ticket is not None:
                return c.Transfer(ticket=ticket.ticket, field=self._dice.choice(FIELDS))
            case _:
                return None


def badge_of(name: str) -> Badge:
    """What the terminal of this name is known by."""
    kind, _, number = name.partition("-")
    return badge(Role.COUNSELLOR, name, number) if kind == "desk" else badge(Role(kind), name)
