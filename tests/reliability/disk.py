"""The disk fails at any one call, or takes its time."""

import asyncio
import signal
import time
from collections import Counter
from collections.abc import Sequence
from itertools import product, zip_longest
from pathlib import Path
from random import Random

from msgspec import Struct
from reliability.crowd import in_percent, percentile_ms
from reliability.lives import days_aside, killed_life, last_life, prove_told, told_to_end, worked
from reliability.load import FIELDS, Load, at_work, check, check_grown, free_port, issue, open_day
from reliability.tracing import attached, data_files, injecting, missing, traced_server, written
from reliability.trial import Trial
from support.servers import server_process, terminal

from protocol.envelope import Accepted, Outcome, Request
from protocol.ids import Role
from queue_server.clock import Clock, day_of

ZONE = "Europe/Brussels"
WRITES = ("pwrite64",)
SYNCS = ("fsync", "fdatasync")
OTHERS = ("ftruncate", "openat", "unlink", "unlinkat")
"""What a database can do without; the server may then go on."""
KINDS = {WRITES: "writes", SYNCS: "syncs", OTHERS: "others"}
ERRORS = ("error=EIO", "error=ENOSPC", "retval=0")
"""Of a write: the disk fails, it is full, or it takes nothing and says so. Of a longer write it cannot take
a part here, since strace leaves the whole call out; a full disk does."""
REACH = {WRITES: 220, SYNCS: 36, OTHERS: 6}
"""So many calls of a kind nearly every life makes to each of the two files: more would strike nothing."""
EARLY = 3
"""Every life makes so many calls of each kind."""
STRUCK = "(INJECTED)"
NOTHING_STRUCK, GOOD_END = "struck nothing", "ends with 0"
NOT_FIRST = 0.5
"""So often the server finds a day that was begun."""
ANSWERS_BEFORE, ANSWERS, ANSWERS_AFTER = 20, 120, 20
DELAYS = (("10ms", 200), ("200ms", 30))
"""Of every sync, and how many questions are answered meanwhile."""
IMPATIENT, LINES = 5, 4
STALL = "5s"
NOTHING = "delay_enter=0"
"""Is done to each call: strace alone costs as much as with a delay."""
FREE_SHARE, FREE_MS, FREE_TIMES = 0.9, 100, 4
"""Nine in ten rounds while a disk is slow may take so long, or so many times as long as else. Not all of
them: single ones take as long as a busy machine lets them. Not half of them: between two syncs even a loop
that waits for each is free."""
BESIDE_MS = "ms in which nine in ten are heard while it waits"
BESIDE = "% of what it was before, in the same try"
LONGEST = "ms for the slowest of all"
HELD_MS_MAX = 1000
"""Nobody waits so long, of the five seconds that a sync takes."""
GUESTS, PINGS = 5, 10
QUESTION = Request("waits-for-the-disk", issue(FIELDS[0]))


class Fault(Struct, frozen=True):
    """What fails, and when."""

    calls: tuple[str, ...]
    error: str
    spool: bool
    """Of the list of slips; else of the day."""
    nth: int
    for_good: bool
    """This call and all after it; else it alone, and the disk is well again."""

    @property
    def kind(self) -> str:
        """In the words of the table."""
        return "writes that take nothing" if self.error == ERRORS[2] else f"failed {KINDS[self.calls]}"


def _faults() -> list[Fault]:
    """Every one, in turns of every kind; each of the first turn strikes in any life.

    What was beyond all reach begins anew: the numbers of the others stay what they were.
    """
    both, often = (False, True), (*range(1, 60), *range(60, 280, 7))
    kinds = [
        *(
            [
                *product((WRITES,), (error,), (False,), range(1, 280), (False,)),
                *product((WRITES,), (error,), (False,), often, (True,)),
                *product((WRITES,), (error,), (True,), often, both),
            ]
            for error in ERRORS
        ),
        [*product((SYNCS,), ERRORS[:1], both, range(1, 130), both)],
        [*product((OTHERS,), ERRORS[:1], both, range(1, 13), both)],
    ]
    dice = Random(0)
    for kind in kinds:
        dice.shuffle(kind)
        first = next(place for place, one in enumerate(kind) if one[3] <= EARLY)
        kind[0], kind[first] = kind[first], kind[0]
    return [
        Fault(calls, error, spool, 1 + (nth - 1) % REACH[calls], for_good)
        for turn in zip_longest(*kinds)
        for calls, error, spool, nth, for_good in filter(None, turn)
    ]


FAULTS = _faults()


def failing(seed: int, directory: Path) -> Counter[str]:
    """One call fails, sometimes all after it, and the next server finds a disk that is well."""
    return asyncio.run(_failing(Random(seed), directory / "house", FAULTS[seed % len(FAULTS)]))


async def _failing(dice: Random, house: Path, fault: Fault) -> Counter[str]:
    port, load, met = free_port(), Load(), Counter[str]()
    record = house.with_name("record")
    async with at_work(load, f"ws://127.0.0.1:{port}") as finish:
        if dice.random() < NOT_FIRST:
            await killed_life(house, port, load, ANSWERS_BEFORE)
        async with traced_server(house, port, _options(record, house, fault)) as server:
            ended = await worked(server, port, load, ANSWERS)
            if ended is None and fault.calls != OTHERS and STRUCK in record.read_text(encoding="ascii"):
                ended = await server.ended()
            closing = ended is None
            if ended is None:
                server.signal(signal.SIGTERM)
                ended = await server.ended()
            status, said = ended
            if status != 0 or not closing:
                prove_told(status, said)
        strikes = (await written(record, server)).count(STRUCK)
        met[fault.kind] = strikes
        met["ends with 70"] = int(status != 0)
        met[NOTHING_STRUCK] = int(not strikes)
        met[GOOD_END] = int(bool(strikes) and status == 0)
        left = await days_aside(house)
        check(load.answers, left)
        await last_life(house, port, load, ANSWERS_AFTER, finish)
    after = await days_aside(house)
    check(load.answers, after)
    check_grown(left, after)
    met["answers"] = len(load.answers)
    return met


def _options(record: Path, house: Path, fault: Fault) -> Sequence[str]:
    when = f"{fault.nth}+" if fault.for_good else f"{fault.nth}"
    files = data_files(house / "spool.db" if fault.spool else _day_file(house))
    return injecting(record, fault.calls, f"{fault.error}:when={when}", files)


def _day_file(house: Path) -> Path:
    return house / "days" / f"{day_of(Clock(ZONE).now())}.db"


def slow(seed: int, directory: Path) -> Counter[str]:
    """Every sync takes its time."""
    return asyncio.run(_slow(directory / "house", *DELAYS[seed % len(DELAYS)]))


async def _slow(house: Path, delay: str, count: int) -> Counter[str]:
    port, load = free_port(), Load()
    url, record = f"ws://127.0.0.1:{port}", house.with_name("record")
    files = (*data_files(_day_file(house)), *data_files(house / "spool.db"))
    async with at_work(load, url) as finish:
        async with server_process(house, port) as server:
            await server.ready()
            await open_day(url)
            async with attached(server, injecting(record, SYNCS, NOTHING, files)):
                alone_s = await _rounds(url)
            async with attached(server, injecting(record, SYNCS, f"delay_enter={delay}", files)):
                impatient = await asyncio.gather(*(_impatient(url, number) for number in range(IMPATIENT)))
                beside_s, _ = await asyncio.gather(_rounds(url), load.more(count))
                server.signal(signal.SIGKILL)
                await server.ended()
        _prove_free(alone_s, beside_s)
        answers = {**load.answers, **dict(impatient)}
        check(answers, await days_aside(house))
        await last_life(house, port, load, ANSWERS_AFTER, finish)
    check({**answers, **load.answers}, await days_aside(house))
    delayed = record.read_text(encoding="ascii").count("(DELAYED)")
    assert delayed > 0, "the disk was slow"
    return Counter({"answers": len(answers), "slow syncs": delayed, "rounds": len(beside_s)})


async def _impatient(url: str, number: int) -> tuple[str, Outcome]:
    """A terminal that asks the same on line after line, until it waits for the answer."""
    question = Request(f"impatient-{number:06d}", issue(FIELDS[number % 2]))
    for _ in range(LINES):
        async with terminal(url, Role.KIOSK, "kiosk-1") as line:
            await line.say(question)
    async with terminal(url, Role.KIOSK, "kiosk-1") as line:
        await line.say(question)
        answer = await line.answer()
    assert isinstance(answer, Accepted), answer
    return question.id, answer.outcome


def stalled(seed: int, directory: Path) -> Counter[str]:
    """One sync takes long: a question waits for it and is asked again, and nobody else waits."""
    return asyncio.run(_stalled(Random(seed), directory / "house"))


async def _stalled(dice: Random, house: Path) -> Counter[str]:
    port, load = free_port(), Load()
    url, record = f"ws://127.0.0.1:{port}", house.with_name("record")
    stall = injecting(record, SYNCS, f"delay_enter={STALL}:when=1", data_files(_day_file(house)))
    async with server_process(house, port) as server, at_work(load, url) as finish:
        await server.ready()
        await open_day(url)
        await load.more(dice.randint(1, ANSWERS_BEFORE))
        async with attached(server, injecting(record, SYNCS, NOTHING, data_files(_day_file(house)))):
            alone_s = await _rounds(url)
        async with attached(server, stall), terminal(url, Role.KIOSK, "kiosk-1") as first:
            await first.say(QUESTION)
            waiting = asyncio.create_task(first.answer())
            beside_s = await _rounds(url)
            assert not waiting.done(), "whoever comes is heard before the answer that waits for the disk"
            async with terminal(url, Role.KIOSK, "kiosk-1") as again:
                await again.say(QUESTION)
                assert not waiting.done(), "asked again while the first question waits"
                answers = await asyncio.gather(waiting, again.answer())
            await finish()
        await told_to_end(server)
    assert answers[0] == answers[1], "the same question has the same answer"
    assert isinstance(answers[0], Accepted), answers[0]
    check({**load.answers, QUESTION.id: answers[0].outcome}, await days_aside(house))
    _prove_free(alone_s, beside_s)
    return Counter(
        {
            "answers": len(load.answers) + 1,
            "rounds while it waits": len(beside_s),
            BESIDE_MS: percentile_ms(beside_s, FREE_SHARE),
            BESIDE: in_percent(percentile_ms(beside_s, FREE_SHARE), percentile_ms(alone_s, FREE_SHARE)),
            LONGEST: percentile_ms(beside_s, 1.0),
        }
    )


async def _rounds(url: str) -> list[float]:
    """How long (s) it takes to be welcome, then to be heard, again and again; nothing is written for it."""
    took_s = []
    for _ in range(GUESTS):
        began = time.perf_counter()
        async with terminal(url, Role.BOARD, "board-1") as guest:
            took_s.append(time.perf_counter() - began)
            for _ in range(PINGS):
                began = time.perf_counter()
                await (await guest.connection.ping())
                took_s.append(time.perf_counter() - began)
    return took_s


def _prove_free(alone_s: Sequence[float], beside_s: Sequence[float]) -> None:
    """Nobody who writes nothing waits for a disk that is slow."""
    was_ms, is_ms = percentile_ms(alone_s, FREE_SHARE), percentile_ms(beside_s, FREE_SHARE)
    most_ms = max(FREE_MS, FREE_TIMES * was_ms)
    assert is_ms <= most_ms, f"one in ten waits {is_ms} ms and more for a disk, {was_ms} else"
    longest_ms = percentile_ms(beside_s, 1.0)
    assert longest_ms < HELD_MS_MAX, f"somebody waits {longest_ms} ms for a disk"


TRIALS = (
    Trial(
        name="disk fails at the Nth call",
        one_try=(
            "One write, sync, open or resize of the day's file or of the list of slips fails, alone or with "
            "all after it, at any moment of a server's life; the next server finds a disk that is well."
        ),
        never="an answer that is not on disk; a server that goes on after a write or sync that failed; an end"
        " of it other than 70 and a sentence. Only what fails while a server that was told to end closes its"
        " files, with everything on disk already, and what a database can do without (opens, resizes,"
        " removals), may leave it an end in good order: *ends with 0*.",
        gate=16,
        night=len(FAULTS),
        play=failing,
        meets=(*(f"failed {calls}" for calls in KINDS.values()), "writes that take nothing", "ends with 70"),
        shown={
            "answers": "answers",
            "failed writes": "failed writes",
            "writes that take nothing": "writes that take nothing",
            "failed syncs": "failed syncs",
            "failed others": "failed opens, resizes and removals",
            "ends with 70": "ends with 70",
            GOOD_END: "ends with 0",
            NOTHING_STRUCK: "tries in which the call was never made",
        },
        missing=missing,
    ),
    Trial(
        name="slow disk",
        one_try=(
            "Every sync takes 10 or 200 ms longer, four kiosks and a desk are at work, and five terminals "
            "ask the same on line after line; then the server is killed."
        ),
        never="an answer that is not on disk; a question done twice; one terminal in ten that has nothing"
        f" written and is welcome or heard later than both {FREE_MS} ms and {FREE_TIMES} times what it took"
        " before, in the same try.",
        gate=2,
        night=20,
        play=slow,
        meets=("slow syncs", "rounds"),
        missing=missing,
    ),
    Trial(
        name="disk stalls",
        one_try="One sync takes 5 s; a question that waits for it is asked again on another line.",
        never="a question done twice; one terminal in ten that comes meanwhile and is welcome or heard later"
        f" than both {FREE_MS} ms and {FREE_TIMES} times what it took before, in the same try; anybody who"
        " waits a second.",
        gate=1,
        night=20,
        play=stalled,
        meets=("rounds while it waits",),
        shown={
            "answers": "answers",
            "rounds while it waits": "welcomes and pings while it waits",
            BESIDE_MS: BESIDE_MS,
            BESIDE: BESIDE,
            LONGEST: LONGEST,
        },
        missing=missing,
    ),
)
