"""A conversation with one printer over one link: commands, and waiting for what it says."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from msgspec import Struct

from printers.link import Link
from printers.replies import (
    BUFFER_CLEARED,
    COUNTER,
    PROCESS_DONE,
    Automatic,
    Block,
    Plain,
    RealTime,
    Replies,
    Reply,
    Status,
)

T = TypeVar("T")

UNREAD_REPLIES_MAX = 64
"""Replies nobody waited for are forgotten, the oldest first; automatic status, which chatters, at once."""
CLEAR_BUFFER = bytes([0x10, 0x14, 8, 1, 3, 20, 1, 6, 2, 8])
"""DLE DC4 8."""
CUTS_COUNTER = b"\x1dg2\x002\x00"
"""GS g 2, counter 50: cuts."""
SENSORS = b"\x1dr\x01"
"""GS r 1, answered in the order of the commands."""
OWED_AT_START = 4
"""Answers that a printer may still owe to whoever spoke to it before: more than one conversation asks for."""
OWED_MAX = 100
"""A printer that owes more has swallowed them."""
HEELS_S = 2.0
"""Answers to questions asked in one breath come within this of each other."""
LATE_SHARE = 0.1
"""Of the time for an answer: late answers given on reception come so close behind each other."""
ID_BASE = 94
ID_BYTES = 4
FIRST_ID_BYTE = 33


def id_bytes(number: int) -> bytes:
    """A process id in four printable bytes; 78 million before the first comes back.

    >>> id_bytes(0), id_bytes(95)
    (b'!!!!', b'!!""')
    """
    digits = []
    for _ in range(ID_BYTES):
        number, digit = divmod(number, ID_BASE)
        digits.append(FIRST_ID_BYTE + digit)
    return bytes(reversed(digits))


def asking_id(process: bytes) -> bytes:
    """GS ( H 48: the printer says this id when it has come so far."""
    return b"\x1d(H\x06\x0000" + process


class Glances(Struct, frozen=True):
    """How the printer is looked at while an answer in order is awaited."""

    every_s: float
    within_s: float
    saw: Callable[[Status | None], object]
    """Told what was seen; None when it did not answer."""


class Owed:
    """Questions in order without an id whose answers have not come, over all conversations with a printer.

    A broken link or a cleared buffer may have swallowed them; or they come in the middle of the next talk.
    """

    def __init__(self) -> None:
        self.answers = OWED_AT_START
        self.at_once = False
        """A question answered on reception has not been answered in time: its answer may still come."""


class Talk:
    """One open conversation; every wait has an end, and no long one is blind."""

    def __init__(self, link: Link, glances: Glances, owed: Owed) -> None:
        self._link = link
        link.on_stall = lambda: glances.saw(None)
        self._glances = glances
        self._owed = owed
        self._replies = Replies()
        self._unread: list[Reply] = []

    async def say(self, words: bytes) -> None:
        """Sends; LinkLost when the link is gone."""
        await self._link.write(words)

    async def hear(self, wanted: Callable[[Reply], T | None], within_s: float) -> T | None:
        """The first reply that is wanted; None when it does not come in time; LinkLost."""
        try:
            async with asyncio.timeout(within_s):
                while True:
                    for index, reply in enumerate(self._unread):
                        found = wanted(reply)
                        if found is not None:
                            del self._unread[index]
                            return found
                    heard = self._replies.feed(await self._link.read())
                    self._unread += [reply for reply in heard if not isinstance(reply, Automatic)]
                    del self._unread[:-UNREAD_REPLIES_MAX]
        except TimeoutError:
            return None

    async def _hear_in_order(self, wanted: Callable[[Reply], T | None], within_s: float) -> T | None:
        """As `hear`, with glances at the printer meanwhile: it may stop before it comes to the answer."""
        clock = asyncio.get_running_loop().time
        until = clock() + within_s
        while True:
            left_s = max(0.0, until - clock())
            found = await self.hear(wanted, min(left_s, self._glances.every_s))
            if found is not None or left_s <= self._glances.every_s:
                return found
            self._glances.saw(await self.status(self._glances.within_s))

    async def status(self, within_s: float) -> Status | None:
        """DLE EOT 1-4; None when not all are answered in time, the saying included."""
        self._forget(_real_time)
        self._owed.at_once, was_owed = True, self._owed.at_once
        asked_at = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(within_s):
                if was_owed:
                    await self._ask_at_once(1, within_s)
                    while await self.hear(_real_time, within_s * LATE_SHARE) is not None:
                        pass
                answers = [await self._ask_at_once(number, within_s) for number in (1, 2, 3, 4)]
        except TimeoutError:
            return None
        self._owed.at_once = False
        printer, cause, error, paper = answers
        return Status(printer, cause, error, paper, asked_at)

    async def _ask_at_once(self, number: int, within_s: float) -> int:
        """DLE EOT, answered on reception; TimeoutError."""
        await self.say(bytes([0x10, 0x04, number]))
        answer = await self.hear(_real_time, within_s)
        if answer is None:
            raise TimeoutError
        return answer

    async def cuts(self, process: bytes, within_s: float) -> int | None:
        """Cuts in the printer's life, in order of the commands; None when it does not say.

        The id asked for behind it tells this answer from one that comes late.
        """
        self._forget(_counter)
        await self.say(CUTS_COUNTER)
        if not await self.comes_to(process, within_s):
            return None
        answers = [found for reply in self._unread if (found := _counter(reply)) is not None]
        return answers[-1] if answers else None

    async def comes_to(self, process: bytes, within_s: float) -> bool:
        """Asks for this id now and waits for it: everything sent before has been executed or thrown away."""
        await self.say(asking_id(process))
        return await self.has_come_to(process, within_s)

    async def has_come_to(self, process: bytes, within_s: float) -> bool:
        """Waits for an id asked for before."""
        return bool(await self._hear_in_order(_process(process), within_s))

    async def say_and_ask(self, words: bytes) -> None:
        """Sends, and asks for an answer behind it; only when none is owed from before."""
        assert not self._owed.answers, "settle first: an older answer would be taken for this one"
        self._owed.answers += 1
        await self.say(words + SENSORS)

    async def has_answered(self, within_s: float) -> bool:
        """Waits for the answer that is owed; there is none when the buffer was cleared."""
        if not self._owed.answers or not await self._hear_in_order(_plain, within_s):
            return False
        self._owed.answers -= 1
        return True

    async def settles(self, within_s: float) -> bool:
        """GS r: True when everything said before has been executed or thrown away and no answer is owed.

        It asks once more than answers are owed: when so many have come, one is to a new question, and those
        that are still to come follow on its heels, for nothing is printed between the new questions.
        """
        questions = min(self._owed.answers, OWED_MAX) + 1
        self._owed.answers += questions
        await self.say(SENSORS * questions)
        clock = asyncio.get_running_loop().time
        until = clock() + within_s
        for _ in range(questions):
            if not await self._hear_in_order(_plain, max(0.0, until - clock())):
                return False
            self._owed.answers -= 1
        while self._owed.answers and await self._hear_in_order(_plain, HEELS_S):
            self._owed.answers -= 1
        self._owed.answers = 0
        return True

    async def clear_buffer(self, within_s: float) -> bool:
        """Throws away what is not on paper, questions too; True when the printer says it has."""
        self._forget(_cleared)
        await self.say(CLEAR_BUFFER)
        if not await self._hear_in_order(_cleared, within_s):
            return False
        self._forget(_plain)
        self._owed.answers = 0
        return True

    def give_up(self) -> None:
        """Breaks the link: nothing more of what was said shall arrive."""
        self._link.abort()

    def _forget(self, stale: Callable[[Reply], object]) -> None:
        """What came before a question is no answer to it."""
        self._unread = [reply for reply in self._unread if stale(reply) is None]


@asynccontextmanager
async def talking(
    open_link: Callable[[], Awaitable[Link]], glances: Glances, owed: Owed
) -> AsyncIterator[Talk]:
    """A conversation over a link of its own, closed at the end; Unreachable."""
    link = await open_link()
    try:
        yield Talk(link, glances, owed)
    finally:
        await link.close()


def _real_time(reply: Reply) -> int | None:
    return reply.status if isinstance(reply, RealTime) else None


def _plain(reply: Reply) -> bool | None:
    return True if isinstance(reply, Plain) else None


def _cleared(reply: Reply) -> bool | None:
    return True if isinstance(reply, Block) and reply.words.startswith(BUFFER_CLEARED) else None


def _counter(reply: Reply) -> int | None:
    if isinstance(reply, Block) and reply.words.startswith(COUNTER) and reply.words[1:].isdigit():
        return int(reply.words[1:])
    return None


def _process(process: bytes) -> Callable[[Reply], bool | None]:
    def wanted(reply: Reply) -> bool | None:
        return True if isinstance(reply, Block) and reply.words == PROCESS_DONE + process else None

    return wanted
