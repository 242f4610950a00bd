"""One job on one printer: look, send, watch, and find out afterwards when the link broke.

A slip counts as printed only when the printer says so after the cut. What a printer can say is its level
(outcome.Level); it is asked once. Nothing is sent to a printer that is out of paper, open, jammed, or silent
though it can speak.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from math import inf

import structlog
from msgspec import Struct

from printers.health import Health
from printers.layout import PART_BYTES_MAX
from printers.link import Link, LinkError, LinkLost
from printers.outcome import Level, Outcome, PrinterHealth, Reason, Result
from printers.render import Encoded
from printers.talk import Glances, Owed, Talk, asking_id, talking

LEVEL_ASKS_MAX = 3
"""A printer that seems to confirm little is asked again: a reply may have been lost."""
UNANSWERED_MAX = 3
"""A printer that is well and three times running does not answer what it once answered has been replaced."""
PADDING = b"\x00" * 2 * PART_BYTES_MAX
"""Ends a picture that was cut short: more than the largest part of a slip; printers ignore NUL."""
VOID_PIECE = b"\x1b@\x1ba\x01*** VOID / NON VALABLE ***\n*** ONGELDIG ***\n\x1dVB\x00"
"""Pushes a torn piece of a slip out, marked; ASCII only, so that no code page matters."""

CONFIRMING = frozenset({Level.COUNTED, Level.ORDERED})
"""Levels of printers that say when a slip is out."""

log = structlog.get_logger()

BeforeSending = Callable[[int | None], Awaitable[None]]
"""Awaited with the counter of cuts before the first byte of a slip is sent."""


class Patience(Struct, frozen=True, kw_only=True):
    """How long a driver waits for what, in seconds."""

    status_s: float = 1.0
    """Four real-time answers: the printer's network card gives them, not the mechanism."""
    answer_s: float = 2.0
    """An answer in order of the commands, with nothing before it."""
    look_s: float = 0.5
    """Between two looks at a printer that has something to do: one may go unanswered within `restart_s`."""
    silent_s: float = 2.5
    """So long unheard in the middle of it, staff are told; some printers do not answer with full hands."""
    print_s: float = 20.0
    """A slip takes 2 s, a void piece less; a printer that is fine and silent this long is not fine."""
    held_s: float = 120.0
    """Time for someone to close the cover or change the paper before the slip is taken back."""
    held_with_spare_s: float = 15.0
    """The same where another printer stands by: the visitor waits for it."""
    restart_s: float = 3.0
    """No printer is back on the LAN sooner after its power went: heard again sooner, it was never off."""
    barrier_s: float = 4.0
    """The rest of a slip comes out, then the answer."""


class Driver:
    """Owns a printer: used by one task, one call at a time."""

    def __init__(  # noqa: PLR0913 - what is known of a printer, all but three by keyword
        self,
        health: PrinterHealth,
        open_link: Callable[[], Awaitable[Link]],
        ids: Iterator[bytes],
        *,
        hands_on: bool = False,
        part_by_part: bool = False,
        unheard_s: float = inf,
        patience: Patience | None = None,
        on_health: Callable[[PrinterHealth], None] = lambda _: None,
    ) -> None:
        """`ids`: process ids never used before with this printer; `health.level`: known from earlier days.

        `hands_on`: a slip taken back goes to another printer as soon as this one says that it threw it away.
        `part_by_part`: the way is slow; a slip goes in its parts, and the printer is looked at after each.
        `unheard_s`: of a printer that a slip was sent to before this driver was, see the property.
        """
        self._open_link = open_link
        self._ids = ids
        self._patience = patience or Patience()
        self._hands_on = hands_on
        self._part_by_part = part_by_part
        self._asks = 0 if health.level is None else 1
        self._unanswered = 0
        self._owed = Owed()
        self._health = Health(
            health,
            asyncio.get_running_loop().time,
            unheard_s=unheard_s,
            silent_s=self._patience.silent_s,
            restart_s=self._patience.restart_s,
            on_change=on_health,
        )
        self._glances = Glances(self._patience.look_s, self._patience.status_s, self._health.glanced)

    @property
    def unheard_s(self) -> float:
        """Since when nobody knows whether the printer was on."""
        return self._health.unheard_s

    @property
    def health(self) -> PrinterHealth:
        """How the printer is, as staff should see it."""
        return self._health.now

    async def look(self) -> PrinterHealth:
        """How the printer is; never raises, sends no paper."""
        try:
            async with talking(self._open_link, self._glances, self._owed) as talk:
                await self._preflight(talk)
        except LinkError as error:
            self._cannot_reach(error)
        return self.health

    async def push_out(self) -> bool:
        """Cuts off the torn piece of a slip, marked; True when it is off, twice is possible."""
        try:
            async with talking(self._open_link, self._glances, self._owed) as talk:
                if await self._preflight(talk) is not None:
                    return False
                pushed_out = await self._push_out(talk)
                if not pushed_out:
                    self._gets_no_answer()
                return pushed_out
        except LinkError as error:
            self._cannot_reach(error)
            return False

    async def print(self, slip: Encoded, before_sending: BeforeSending) -> Result:
        """Prints once or says why not; no torn piece may hang out of the printer."""
        sending = False
        try:
            async with talking(self._open_link, self._glances, self._owed) as talk:
                refusal = await self._preflight(talk)
                if refusal is not None:
                    return Result(Outcome.NOT_PRINTED, refusal)
                if self._health.level is Level.ORDERED and not await self._owes_nothing(talk):
                    return Result(Outcome.NOT_PRINTED, self._gets_no_answer())
                cuts = await self._cuts(talk)
                if cuts is None and self._health.level is Level.COUNTED:
                    return Result(Outcome.NOT_PRINTED, self._gets_no_answer())
                self._unanswered = 0
                self._health.may_have_been_off = False
                await before_sending(cuts if slip.counted else None)
                sending = True
                return await self._send(talk, slip)
        except LinkError as error:
            outcome = Outcome.UNKNOWN if sending else Outcome.NOT_PRINTED
            return Result(outcome, self._cannot_reach(error))

    async def resolve(self, cuts_before: int | None) -> Result:
        """What became of a slip whose end is unknown: lets the printer finish, then compares its counter."""
        try:
            async with talking(self._open_link, self._glances, self._owed) as talk:
                refusal = await self._preflight(talk, may_ask=False)
                if refusal is not None:
                    return Result(Outcome.UNKNOWN, refusal)
                if self._health.level not in CONFIRMING:
                    return Result(Outcome.UNKNOWN, Reason.NO_COUNTER, torn=True)
                return await self._counted(talk, cuts_before)
        except LinkError as error:
            return Result(Outcome.UNKNOWN, self._cannot_reach(error))

    def _cannot_reach(self, error: LinkError) -> Reason:
        """Staff see that it is so; why in detail stands in the log, once."""
        cause = Reason.LINK_LOST if isinstance(error, LinkLost) else Reason.UNREACHABLE
        if self.health.cause is not cause:
            log.warning("printer.unreachable", printer=self.health.name, why=str(error))
        return self._health.refuses("unreachable", cause)

    # -- before

    async def _preflight(self, talk: Talk, *, may_ask: bool = True) -> Reason | None:
        """Why nothing may be sent now; None when the printer is ready, or known to say nothing."""
        status = await talk.status(self._patience.status_s)
        if status is None:
            return self._health.silent()
        cause = self._health.saw(status)
        may_know_more = self._health.level is not Level.COUNTED and self._asks < LEVEL_ASKS_MAX
        if cause is None and may_ask and may_know_more:
            await self._ask_level(talk)
        return cause

    def _gets_no_answer(self) -> Reason:
        """It may be another machine by now: after some questions in vain it is asked what it can say."""
        if self._health.blocked is not None:
            return self._health.blocked
        self._unanswered += 1
        if self._unanswered >= UNANSWERED_MAX:
            self._unanswered = self._asks = 0
            self._health.has_level(Level.STATUS)
        return self._health.refuses("mute", Reason.NO_BARRIER)

    async def _ask_level(self, talk: Talk) -> None:
        """A printer that answers no question may be inside a picture cut short: cleared, asked again.

        Only the first time: later a slip that nobody can confirm may be on its way through the buffer.
        """
        level = await self._level(talk)
        if level is None and not self._asks and await talk.clear_buffer(self._patience.answer_s):
            level = await self._level(talk)
        self._asks += 1
        self._health.has_level(level or self._health.level or Level.STATUS)

    async def _level(self, talk: Talk) -> Level | None:
        within_s = self._patience.answer_s
        if await talk.cuts(next(self._ids), within_s) is not None:
            return Level.COUNTED
        return Level.ORDERED if await talk.settles(within_s) else None

    async def _cuts(self, talk: Talk) -> int | None:
        if self._health.level is not Level.COUNTED:
            return None
        return await talk.cuts(next(self._ids), self._patience.answer_s)

    async def _owes_nothing(self, talk: Talk) -> bool:
        """No late answer can be taken for the word that the slip is out."""
        return not self._owed.answers or await talk.settles(self._patience.barrier_s)

    async def _push_out(self, talk: Talk) -> bool:
        """True when the torn piece is cut off; not if that was asked for and may have been thrown away."""
        if self._health.level not in CONFIRMING:
            await talk.say(PADDING + VOID_PIECE)
            return True
        if not await self._barrier(talk):
            return False
        await talk.say(VOID_PIECE)
        return await self._reached(talk, self._patience.print_s)

    # -- while printing

    async def _send(self, talk: Talk, slip: Encoded) -> Result:
        *before, rest = slip.parts if self._part_by_part else (slip.body,)
        for part in before:
            await talk.say(part)
            if self._health.level is not Level.MUTE:
                self._health.glanced(await talk.status(self._patience.status_s))
        match self._health.level:
            case Level.COUNTED:
                last_line, done = next(self._ids), next(self._ids)
                await talk.say(rest + asking_id(last_line) + slip.cut + asking_id(done))
                return await self._watch(talk, last_line, lambda s: talk.has_come_to(done, s))
            case Level.ORDERED:
                await talk.say_and_ask(rest + slip.cut)
                return await self._watch(talk, None, talk.has_answered)
            case _:
                await talk.say(rest + slip.cut)
                return Result(Outcome.UNKNOWN, Reason.UNCONFIRMED)

    async def _watch(
        self, talk: Talk, last_line: bytes | None, confirmed: Callable[[float], Awaitable[bool]]
    ) -> Result:
        clock = asyncio.get_running_loop().time
        fine_at, held_at = clock(), None
        unanswered = self._health.unanswered
        while not await confirmed(self._patience.look_s):
            cause = self._health.glanced(await talk.status(self._patience.status_s))
            if cause is None:
                held_at = None
                if clock() - fine_at > self._patience.print_s:
                    talk.give_up()
                    return Result(Outcome.UNKNOWN, Reason.DEADLINE)
                continue
            fine_at = clock()
            held_at = held_at or fine_at
            if fine_at - held_at > self._patience.held_s:
                certain = self._hands_on and self._health.unanswered == unanswered
                return await self._take_back(talk, last_line, cause, confirmed, certain=certain)
        if not self.health.prints:  # it prints: whoever waits behind this slip should not go elsewhere
            self._health.glanced(await talk.status(self._patience.status_s))
        return Result(Outcome.PRINTED, Reason.CONFIRMED)

    async def _take_back(
        self,
        talk: Talk,
        last_line: bytes | None,
        cause: Reason,
        confirmed: Callable[[float], Awaitable[bool]],
        *,
        certain: bool,
    ) -> Result:
        """Empties the printer; its counter of cuts settles the slip afterwards.

        One that is to be handed on is taken for not printed at once, if the printer confirms that it threw
        the rest away and had not come to the last line, and `certain`ly would have said so: it was heard
        at every look.
        """
        cleared = await talk.clear_buffer(self._patience.answer_s)
        if await confirmed(0):
            return Result(Outcome.PRINTED, Reason.CONFIRMED)
        came_to_last_line = last_line is None or await talk.has_come_to(last_line, 0)
        if cleared and certain and not came_to_last_line:
            return Result(Outcome.NOT_PRINTED, cause, torn=True)
        talk.give_up()
        return Result(Outcome.UNKNOWN, cause, torn=True)

    # -- afterwards

    async def _counted(self, talk: Talk, cuts_before: int | None) -> Result:
        if not await self._barrier(talk):
            return Result(Outcome.UNKNOWN, self._gets_no_answer())
        cuts = await self._cuts(talk)
        if cuts is None and self._health.level is Level.COUNTED:
            return Result(Outcome.UNKNOWN, self._gets_no_answer())
        self._unanswered = 0
        if cuts is None or cuts_before is None or cuts not in (cuts_before, cuts_before + 1):
            return Result(Outcome.UNKNOWN, Reason.NO_COUNTER, torn=True)
        if cuts == cuts_before and self._health.may_have_been_off:
            return Result(Outcome.UNKNOWN, Reason.POWER, torn=True)
        if cuts == cuts_before:
            return Result(Outcome.NOT_PRINTED, Reason.COUNTED, torn=True)
        return Result(Outcome.PRINTED, Reason.COUNTED)

    async def _barrier(self, talk: Talk) -> bool:
        """True when everything sent before has been executed or thrown away, and the printer listens."""
        if await self._reached(talk, self._patience.barrier_s):
            return True
        if not await talk.clear_buffer(self._patience.answer_s):
            await talk.say(PADDING)
        return await self._reached(talk, self._patience.barrier_s)

    async def _reached(self, talk: Talk, within_s: float) -> bool:
        if self._health.level is Level.COUNTED:
            return await talk.comes_to(next(self._ids), within_s)
        return await talk.settles(within_s)
