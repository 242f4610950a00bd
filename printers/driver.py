"""One job on one printer: look, send, watch, and find out afterwards when the link broke.

A slip counts as printed only when the printer says so after the cut. What a printer can say is its level
(outcome.Level); it is asked once. Nothing is sent to a printer that is out of paper, open, jammed, or silent
though it can speak.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from math import inf
from time import monotonic

from msgspec import Struct
from msgspec.structs import replace

from printers.link import Link, LinkLost, Unreachable
from printers.outcome import Condition, Level, Outcome, PrinterHealth, Reason, Result
from printers.render import Encoded
from printers.replies import Status
from printers.talk import Glances, Talk, asking_id, talking

SILENT_LOOKS_MAX = 5
"""A printer that has never spoken and is silent so many times running (10 s) is taken for one that cannot."""
LEVEL_ASKS_MAX = 3
"""A printer that seems to confirm little is asked again: a reply may have been lost."""
UNCOUNTED_MAX = 3
"""A printer that is well and three times running does not say how often it has cut has been replaced."""
PADDING = b"\x00" * 8192
"""Ends a picture that was cut short: more than the largest part of a slip; printers ignore NUL."""
VOID_PIECE = b"\x1b@\x1ba\x01*** VOID / NON VALABLE ***\n*** ONGELDIG ***\n\x1dVB\x00"
"""Pushes a torn piece of a slip out, marked; ASCII only, so that no code page matters."""

CONFIRMING = frozenset({Level.COUNTED, Level.ORDERED})
"""Levels of printers that say when a slip is out."""

BeforeSending = Callable[[int | None], Awaitable[None]]
"""Awaited with the counter of cuts before the first byte of a slip is sent."""


class Patience(Struct, frozen=True, kw_only=True):
    """How long a driver waits for what, in seconds."""

    status_s: float = 1.0
    """Four real-time answers: the printer's network card gives them, not the mechanism."""
    answer_s: float = 2.0
    """An answer in order of the commands, with nothing before it."""
    look_s: float = 1.0
    """Between two looks at a printer that has something to do."""
    silent_s: float = 2.5
    """So long unheard in the middle of it, staff are told; some printers do not answer with full hands."""
    print_s: float = 20.0
    """A slip takes 2 s; a printer that is fine and silent this long is not fine."""
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

    def __init__(
        self,
        health: PrinterHealth,
        open_link: Callable[[], Awaitable[Link]],
        ids: Iterator[bytes],
        *,
        hands_on: bool = False,
        silent_s: float = inf,
        patience: Patience | None = None,
        on_health: Callable[[PrinterHealth], None] = lambda _: None,
    ) -> None:
        """`ids`: process ids never used before with this printer; `health.level`: known from earlier days.

        `hands_on`: a slip taken back goes to another printer as soon as this one says that it threw it away.
        `silent_s`: since when nothing was heard of a printer that a slip was sent to before this driver was.
        """
        self.health = health
        self._open_link = open_link
        self._ids = ids
        self._patience = patience or Patience()
        self._hands_on = hands_on
        self._on_health = on_health
        self._asks = 0
        self._silent = 0
        self._uncounted = 0
        self._heard_at = monotonic() - silent_s
        self._may_have_been_off = False
        self._glances = Glances(self._patience.look_s, self._patience.status_s, self._glanced)

    async def look(self) -> PrinterHealth:
        """How the printer is; never raises, sends no paper."""
        try:
            async with talking(self._open_link, self._glances) as talk:
                await self._preflight(talk)
        except Unreachable:
            self._refuses("unreachable", Reason.UNREACHABLE)
        except LinkLost:
            self._refuses("unreachable", Reason.LINK_LOST)
        return self.health

    async def print(
        self, slip: Encoded, before_sending: BeforeSending, *, void_first: bool = False
    ) -> Result:
        """Prints once or says why not; `void_first` pushes out a torn piece of an earlier slip."""
        sending = False
        try:
            async with talking(self._open_link, self._glances) as talk:
                refusal = await self._preflight(talk)
                if refusal is not None:
                    return Result(Outcome.NOT_PRINTED, refusal)
                if void_first and not await self._push_out(talk):
                    return Result(Outcome.NOT_PRINTED, Reason.NO_BARRIER)
                cuts = await self._cuts(talk)
                if cuts is None and self.health.level is Level.COUNTED:
                    return Result(Outcome.NOT_PRINTED, self._counts_no_more())
                self._uncounted = 0
                self._may_have_been_off = False
                await before_sending(cuts if slip.counted else None)
                sending = True
                return await self._send(talk, slip)
        except Unreachable:
            return Result(Outcome.NOT_PRINTED, self._refuses("unreachable", Reason.UNREACHABLE))
        except LinkLost:
            outcome = Outcome.UNKNOWN if sending else Outcome.NOT_PRINTED
            return Result(outcome, self._refuses("unreachable", Reason.LINK_LOST))

    async def resolve(self, cuts_before: int | None) -> Result:
        """What became of a slip whose end is unknown: lets the printer finish, then compares its counter."""
        try:
            async with talking(self._open_link, self._glances) as talk:
                refusal = await self._preflight(talk, may_ask=False)
                if refusal is not None:
                    return Result(Outcome.UNKNOWN, refusal)
                if self.health.level not in CONFIRMING:
                    return Result(Outcome.UNKNOWN, Reason.NO_COUNTER, torn=True)
                return await self._counted(talk, cuts_before)
        except Unreachable:
            return Result(Outcome.UNKNOWN, self._refuses("unreachable", Reason.UNREACHABLE))
        except LinkLost:
            return Result(Outcome.UNKNOWN, self._refuses("unreachable", Reason.LINK_LOST))

    # -- before

    async def _preflight(self, talk: Talk, *, may_ask: bool = True) -> Reason | None:
        """Why nothing may be sent now; None when the printer is ready, or known to say nothing."""
        status = await talk.status(self._patience.status_s)
        if status is None:
            return self._silence()
        cause = self._saw(status)
        may_know_more = self.health.level is not Level.COUNTED and self._asks < LEVEL_ASKS_MAX
        if cause is None and may_ask and may_know_more:
            await self._ask_level(talk)
        return cause

    def _counts_no_more(self) -> Reason:
        """It may be another machine by now: after some slips that it would not count it is asked again."""
        self._uncounted += 1
        if self._uncounted >= UNCOUNTED_MAX:
            self._uncounted = self._asks = 0
            self._has_level(Level.STATUS)
        return self._refuses("mute", Reason.MUTE)

    def _silence(self) -> Reason | None:
        """A printer that stood still does so still: its buffer may be full of looks by now."""
        self._silent += 1
        if self.health.level is None and self._silent >= SILENT_LOOKS_MAX:
            self._has_level(Level.MUTE)
        if self.health.condition == "blocked":
            return self.health.cause
        self._refuses("mute", Reason.MUTE)
        return None if self.health.level is Level.MUTE else Reason.MUTE

    async def _ask_level(self, talk: Talk) -> None:
        """A printer that answers no question may be inside a picture cut short: cleared, asked again."""
        level = await self._level(talk)
        if level is None and await talk.clear_buffer(self._patience.answer_s):
            talk.start_afresh()
            level = await self._level(talk)
        self._asks += 1
        self._has_level(level or self.health.level or Level.STATUS)

    async def _level(self, talk: Talk) -> Level | None:
        within_s = self._patience.answer_s
        if await talk.cuts(next(self._ids), within_s) is not None:
            return Level.COUNTED
        return Level.ORDERED if await talk.sensors(within_s) else None

    async def _cuts(self, talk: Talk) -> int | None:
        if self.health.level is not Level.COUNTED:
            return None
        return await talk.cuts(next(self._ids), self._patience.answer_s)

    async def _push_out(self, talk: Talk) -> bool:
        """True when the torn piece is cut off; not if that was asked for and may have been thrown away."""
        if self.health.level not in CONFIRMING:
            await talk.say(PADDING + VOID_PIECE)
            return True
        if not await self._barrier(talk):
            return False
        await talk.say(VOID_PIECE)
        return await self._reached(talk, self._patience.barrier_s)

    # -- while printing

    async def _send(self, talk: Talk, slip: Encoded) -> Result:
        match self.health.level:
            case Level.COUNTED:
                last_line, done = next(self._ids), next(self._ids)
                await talk.say(slip.body + asking_id(last_line) + slip.cut + asking_id(done))
                return await self._watch(talk, last_line, lambda s: talk.has_come_to(done, s))
            case Level.ORDERED:
                await talk.say_and_ask(slip.body + slip.cut)
                return await self._watch(talk, None, talk.has_answered)
            case _:
                await talk.say(slip.body + slip.cut)
                return Result(Outcome.UNKNOWN, Reason.UNCONFIRMED)

    async def _watch(
        self, talk: Talk, last_line: bytes | None, confirmed: Callable[[float], Awaitable[bool]]
    ) -> Result:
        clock = asyncio.get_running_loop().time
        fine_at, held_at = clock(), None
        while not await confirmed(self._patience.look_s):
            cause = self._glanced(await talk.status(self._patience.status_s))
            if cause is None:
                held_at = None
                if clock() - fine_at > self._patience.print_s:
                    talk.give_up()
                    return Result(Outcome.UNKNOWN, Reason.DEADLINE)
                continue
            fine_at = clock()
            held_at = held_at or fine_at
            if fine_at - held_at > self._patience.held_s:
                return await self._take_back(talk, last_line, cause, confirmed)
        return Result(Outcome.PRINTED, Reason.CONFIRMED)

    async def _take_back(
        self,
        talk: Talk,
        last_line: bytes | None,
        cause: Reason,
        confirmed: Callable[[float], Awaitable[bool]],
    ) -> Result:
        """Empties the printer; its counter of cuts settles the slip afterwards.

        One that is to be handed on is taken for not printed at once, if the printer confirms that it threw
        the rest away and had not come to the last line.
        """
        cleared = await talk.clear_buffer(self._patience.answer_s)
        if await confirmed(0):
            return Result(Outcome.PRINTED, Reason.CONFIRMED)
        came_to_last_line = last_line is None or await talk.has_come_to(last_line, 0)
        if cleared and self._hands_on and not came_to_last_line:
            return Result(Outcome.NOT_PRINTED, cause, torn=True)
        talk.give_up()
        return Result(Outcome.UNKNOWN, cause, torn=True)

    # -- afterwards

    async def _counted(self, talk: Talk, cuts_before: int | None) -> Result:
        if not await self._barrier(talk):
            return Result(Outcome.UNKNOWN, Reason.NO_BARRIER)
        cuts = await self._cuts(talk)
        if cuts is None and self.health.level is Level.COUNTED:
            return Result(Outcome.UNKNOWN, self._refuses("mute", Reason.MUTE))
        if cuts is None or cuts_before is None or cuts not in (cuts_before, cuts_before + 1):
            return Result(Outcome.UNKNOWN, Reason.NO_COUNTER, torn=True)
        if cuts == cuts_before and self._may_have_been_off:
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
        if self.health.level is Level.COUNTED:
            return await self._reached(talk, self._patience.barrier_s)
        return await talk.settles(self._patience.barrier_s, self._patience.answer_s)

    async def _reached(self, talk: Talk, within_s: float) -> bool:
        if self.health.level is Level.COUNTED:
            return await talk.comes_to(next(self._ids), within_s)
        return await talk.sensors(within_s)

    # -- what has been seen

    def _glanced(self, status: Status | None) -> Reason | None:
        """As `_saw`, in the middle of something: once silent is nothing yet, and who stood still does so."""
        if status is not None:
            return self._saw(status)
        if self.health.condition == "blocked":
            return self.health.cause
        if monotonic() - self._heard_at > self._patience.silent_s:
            self._refuses("mute", Reason.MUTE)
        return None

    def _saw(self, status: Status) -> Reason | None:
        """Notes the status; the reason for which the printer stands still, if it does."""
        self._silent = 0
        if self.health.level in {None, Level.MUTE}:
            self._has_level(Level.STATUS)
        now = monotonic()
        if now - self._heard_at > self._patience.restart_s:
            self._may_have_been_off = True
        self._heard_at = now
        cause = (
            Reason.PAPER_OUT
            if status.paper_out
            else Reason.COVER_OPEN
            if status.cover_open
            else Reason.ERROR
            if status.in_error
            else Reason.OFFLINE
            if status.offline
            else None
        )
        if cause is not None:
            return self._refuses("blocked", cause)
        condition: Condition = "paper_low" if status.paper_low else "ready"
        self._becomes(replace(self.health, condition=condition, cause=None))
        return None

    def _refuses(self, condition: Condition, cause: Reason) -> Reason:
        self._becomes(replace(self.health, condition=condition, cause=cause))
        return cause

    def _has_level(self, level: Level) -> None:
        self._becomes(replace(self.health, level=level))

    def _becomes(self, health: PrinterHealth) -> None:
        if health != self.health:
            self.health = health
            self._on_health(health)
