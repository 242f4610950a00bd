"""Faults of paper, cover, cutter, power and firmware: judged by the paper and by what was told."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from chaos.news import News
from chaos.slips import VOID, job, originals, pieces, whole
from msgspec import Struct
from msgspec.structs import replace
from support.links import PassingOn, Through

from config.model import Centre, Printer
from config.phrases import Phrases
from printers.job import JobState
from printers.link import Link, LinkLost
from printers.outcome import Reason
from printers.render import Render, renderer
from printers.simulator.printer import SimulatedPrinter
from printers.simulator.state import DUMB, Abilities
from printers.spooler import Spooler

Start = Callable[..., Spooler]
Configured = Callable[..., Printer]

DOTS_PER_S = 4000.0
"""A small slip takes an eighth of a second: time for a fault in its middle."""
RESTART_S = 0.1
QUIET_S = 60.0
"""No looks in between, where a test counts bytes."""


class Standstill(Struct, frozen=True):
    """What a person has to come for, what that person does, and what staff are told."""

    fault: dict[str, Any]
    mended: dict[str, Any]
    reason: Reason


standing_still = pytest.mark.parametrize(
    "trouble",
    [
        Standstill({"paper_dots": 0}, {"paper_dots": 10**6}, Reason.PAPER_OUT),
        Standstill({"cover_open": True}, {"cover_open": False}, Reason.COVER_OPEN),
        Standstill({"cutter_jammed": True}, {"cutter_jammed": False}, Reason.ERROR),
    ],
    ids=["paper out", "cover open", "cutter jammed"],
)


@pytest.fixture
async def printer() -> AsyncIterator[SimulatedPrinter]:
    async with SimulatedPrinter(dots_per_s=DOTS_PER_S) as printer:
        yield printer


async def stopped_in_the_middle(spooler: Spooler, printer: SimulatedPrinter, trouble: Standstill) -> None:
    """A slip has begun to come out when this happens."""
    await spooler.submit(job(1))
    await in_the_middle(printer)
    printer.set(**trouble.fault)


async def in_the_middle(printer: SimulatedPrinter) -> None:
    """Until a slip has begun to come out."""
    await printer.until(lambda: bool(printer.piece))


def voids(printer: SimulatedPrinter) -> int:
    return sum(VOID in piece.text for piece in pieces(printer.papers))


@standing_still
async def test_nothing_is_sent_to_a_printer_that_stands_still_and_staff_know(
    trouble: Standstill, printer: SimulatedPrinter, start: Start, configured: Configured, news: News
) -> None:
    printer.set(**trouble.fault)
    async with start(configured(printer)) as spooler:
        await spooler.submit(job(1))
        await news.until(lambda: bool(news.of("K001")))
        assert news.of("K001") == [(JobState.QUEUED, trouble.reason)]
        assert ("blocked", trouble.reason) in news.causes()
        assert b"K001" not in printer._received._waiting
        printer.set(**trouble.mended)
        assert await news.ended("K001") == [JobState.PRINTED]
    assert originals(printer.papers) == {"K001": 1}
    assert len(printer.papers) == 1


@standing_still
async def test_a_fault_in_the_middle_that_is_mended_in_time_prints_once_without_sending_again(
    trouble: Standstill, printer: SimulatedPrinter, start: Start, configured: Configured, news: News
) -> None:
    async with start(configured(printer), held_s=60) as spooler:
        await stopped_in_the_middle(spooler, printer, trouble)
        await news.until(lambda: ("blocked", trouble.reason) in news.causes())
        printer.set(**trouble.mended)
        assert await news.ended("K001") == [JobState.PRINTED]
        assert news.of("K001") == [(JobState.PRINTED, Reason.CONFIRMED)]
    assert originals(printer.papers) == {"K001": 1}
    assert len(printer.papers) == 1


@standing_still
async def test_a_fault_in_the_middle_that_lasts_takes_the_slip_back_and_marks_the_torn_piece(
    trouble: Standstill, printer: SimulatedPrinter, start: Start, configured: Configured, news: News
) -> None:
    async with start(configured(printer), held_s=0.05) as spooler:
        await stopped_in_the_middle(spooler, printer, trouble)
        await news.until(lambda: (JobState.UNKNOWN, trouble.reason) in news.of("K001"))
        printer.set(**trouble.mended)
        assert await news.ended("K001") == [JobState.PRINTED]
    assert originals(printer.papers) == {"K001": 1}
    assert voids(printer) == len(printer.papers) - 1 == 1


@standing_still
async def test_a_slip_that_cannot_be_taken_back_is_waited_for(
    trouble: Standstill, start: Start, configured: Configured, news: News
) -> None:
    async with SimulatedPrinter(abilities=Abilities(clearing=False), dots_per_s=DOTS_PER_S) as printer:
        async with start(configured(printer), held_s=0.05, answer_s=0.3) as spooler:
            await stopped_in_the_middle(spooler, printer, trouble)
            await news.until(lambda: (JobState.UNKNOWN, trouble.reason) in news.of("K001"))
            printer.set(**trouble.mended)
            assert await news.ended("K001") == [JobState.PRINTED]
        assert originals(printer.papers) == {"K001": 1}
        assert len(printer.papers) == 1


async def test_a_cover_opened_while_a_torn_piece_is_pushed_out_leaves_no_slip_marked_void(
    printer: SimulatedPrinter, start: Start, configured: Configured, news: News
) -> None:
    async with start(configured(printer), barrier_s=0.3) as spooler:
        await spooler.submit(job(9))
        await news.ended("K009")
        await spooler.submit(job(1))
        await in_the_middle(printer)
        printer.slow(200)
        printer.hang_up("rst")
        await printer.until(lambda: VOID.encode() in printer.piece)
        printer.set(cover_open=True)
        seen = printer.bytes_received
        await printer.until(lambda: printer.bytes_received > seen + 12)
        printer.set(cover_open=False)
        printer.slow(None)
        assert await news.ended("K001") == [JobState.PRINTED]
    assert originals(printer.papers) == {"K009": 1, "K001": 1}


async def test_a_cover_opened_as_the_slip_falls_repeats_nothing(
    printer: SimulatedPrinter, start: Start, configured: Configured, news: News
) -> None:
    async with start(configured(printer), held_s=0.05) as spooler:
        await spooler.submit(job(9))
        await news.ended("K009")
        printer._on_slip = lambda _: printer.set(cover_open=True)
        await spooler.submit(job(1))
        await news.until(lambda: (JobState.UNKNOWN, Reason.COVER_OPEN) in news.of("K001"))
        printer.set(cover_open=False)
        assert await news.ended("K001") == [JobState.PRINTED]
        assert news.of("K001")[-1] == (JobState.PRINTED, Reason.COUNTED)
    assert originals(printer.papers) == {"K009": 1, "K001": 1}
    assert len(printer.papers) == 2


async def test_the_end_of_the_roll_near_prints_and_warns(
    printer: SimulatedPrinter, start: Start, configured: Configured, news: News
) -> None:
    printer.paper_near_end()
    async with start(configured(printer)) as spooler:
        await spooler.submit(job(1))
        assert await news.ended("K001") == [JobState.PRINTED]
        assert ("paper_low", None) in news.causes()
    assert originals(printer.papers) == {"K001": 1}


async def test_a_slow_printer_is_waited_for_and_gets_nothing_twice(
    printer: SimulatedPrinter, start: Start, configured: Configured, news: News
) -> None:
    printer.slow(800)
    async with start(configured(printer)) as spooler:
        await spooler.submit(job(1))
        await spooler.submit(job(2))
        assert await news.ended("K001", "K002") == [JobState.PRINTED] * 2
        assert {news.of(ticket)[0] for ticket in ("K001", "K002")} == {(JobState.PRINTED, Reason.CONFIRMED)}
    assert originals(printer.papers) == {"K001": 1, "K002": 1}
    assert len(printer.papers) == 2


async def test_a_printer_that_says_nothing_is_printed_on_once_and_a_person_asked(
    start: Start, configured: Configured, news: News
) -> None:
    async with SimulatedPrinter(abilities=DUMB) as printer:
        async with start(configured(printer), status_s=0.05) as spooler:
            await spooler.submit(job(1))
            assert await news.ended("K001") == [JobState.OFFERED]
            assert news.of("K001")[-1] == (JobState.OFFERED, Reason.UNCONFIRMED)
            await spooler.submit(job(1))
            await spooler.submit(job(1, copy=2))
            await news.until(lambda: news.end("K001", 2) is JobState.OFFERED)
            await printer.until(lambda: len(printer.papers) == 2)
        assert whole(printer.papers) == {("K001", 1): 1, ("K001", 2): 1}


class BreaksInTheSlip(PassingOn):
    """A link that breaks in the middle of a slip, where the links after it are whole again."""

    def __init__(self, link: Link, breaking: Through) -> None:
        super().__init__(link)
        self._breaking = breaking

    async def write(self, words: bytes) -> None:
        if b"ticket" not in words:
            await super().write(words)
            return
        self._breaking.on = False
        await super().write(words[: len(words) // 2])
        raise LinkLost("the cable is out")


async def test_a_silent_printer_whose_link_breaks_in_a_slip_holds_up_nobody(
    start: Start, configured: Configured, news: News
) -> None:
    breaking = Through(lambda link: BreaksInTheSlip(link, breaking), on=False)
    short = {"status_s": 0.05, "barrier_s": 0.05, "answer_s": 0.05}
    async with SimulatedPrinter(abilities=DUMB) as printer:
        async with start(configured(printer), way_to=breaking, **short) as spooler:
            await spooler.submit(job(1))
            await news.ended("K001")
            breaking.on = True
            await spooler.submit(job(2))
            assert await news.ended("K002") == [JobState.OFFERED]
            assert news.of("K002")[0] == (JobState.UNKNOWN, Reason.LINK_LOST)
            assert news.of("K002")[1:] == [(JobState.OFFERED, Reason.NO_COUNTER)]
            await spooler.submit(job(3))
            await news.ended("K003")
            await printer.until(lambda: len(printer.papers) == 3)
        assert originals(printer.papers) == {"K001": 1, "K003": 1}
        assert voids(printer) == 1


async def test_power_lost_in_the_middle_for_good_leaves_the_slip_to_a_person(
    printer: SimulatedPrinter, start: Start, configured: Configured, news: News
) -> None:
    async with start(configured(printer), restart_s=RESTART_S) as spooler:
        await spooler.submit(job(9))
        await news.ended("K009")
        await spooler.submit(job(1))
        await in_the_middle(printer)
        await off_for_good(printer, news)
        await printer.power_on()
        assert await news.ended("K001") == [JobState.OFFERED]
        assert news.of("K001")[-1] == (JobState.OFFERED, Reason.POWER)
        await spooler.submit(job(1, copy=2))
        await news.until(lambda: news.end("K001", 2) is JobState.PRINTED)
    assert whole(printer.papers) == {("K009", 1): 1, ("K001", 2): 1}
    assert voids(printer) == 1


async def test_power_lost_after_the_cut_is_found_by_counting(
    printer: SimulatedPrinter, start: Start, configured: Configured, news: News
) -> None:
    async with start(configured(printer), restart_s=RESTART_S) as spooler:
        await spooler.submit(job(1))
        await in_the_middle(printer)
        printer.set(mute=True)
        await printer.until(lambda: bool(printer.papers))
        await off_for_good(printer, news)
        printer.set(mute=False)
        await printer.power_on()
        assert await news.ended("K001") == [JobState.PRINTED]
    assert originals(printer.papers) == {"K001": 1}
    assert len(printer.papers) == 1


@pytest.mark.parametrize("before", [0, 1, 2])
@pytest.mark.parametrize("cut", [False, True], ids=["before the cut", "after the cut"])
async def test_a_counter_lost_with_the_power_proves_nothing(
    before: int, cut: bool, printer: SimulatedPrinter, start: Start, configured: Configured, news: News
) -> None:
    async with start(configured(printer), restart_s=RESTART_S) as spooler:
        for number in range(2, 2 + before):
            await spooler.submit(job(number))
            await news.ended(f"K{number:03}")
        await spooler.submit(job(1))
        await in_the_middle(printer)
        if cut:
            printer.set(mute=True)  # it goes on to the end, and the news of it is lost
            await printer.until(lambda: len(printer.papers) > before)
        await off_for_good(printer, news)
        printer.set(mute=False)
        await printer.power_on(counter_lost=True)
        assert await news.ended("K001") == [JobState.OFFERED]
        assert news.of("K001")[-1][1] in {Reason.NO_COUNTER, Reason.POWER}
        await spooler.submit(job(8))
        assert await news.ended("K008") == [JobState.PRINTED]
    assert originals(printer.papers).get("K001", 0) == cut
    assert originals(printer.papers)["K008"] == 1


async def off_for_good(printer: SimulatedPrinter, news: News) -> None:
    """Takes its power until the spooler has missed it, and for longer than a restart takes."""
    told = len(news.health)
    await printer.power_off()
    printer.hang_up("rst")
    await news.until(lambda: any(one.condition == "unreachable" for (one,) in news.health[told:]))
    await asyncio.sleep(RESTART_S * 1.5)


async def test_a_command_cut_short_inside_a_picture_spoils_neither_this_slip_nor_the_next(
    printer: SimulatedPrinter,
    start: Start,
    configured: Configured,
    news: News,
    real: Render,
    on_paper: Callable[..., Any],
    job_of: Callable[..., Any],
) -> None:
    settings = configured(printer)
    body = real(job_of(1).slip, settings).body
    inside = body.index(b"\x1dv0") + 40
    async with start(settings, render=real, poll_s=QUIET_S, look_s=QUIET_S) as spooler:
        await spooler.submit(job_of(9))
        await news.ended("K009")
        printer.break_after(29 + inside, "fin")
        await spooler.submit(job_of(1))
        await spooler.submit(job_of(2))
        assert await news.ended("K001", "K002") == [JobState.PRINTED] * 2
    expected = [
        on_paper(encoded.body + encoded.cut, 576).png
        for number in (9, 1, 2)
        for encoded in [real(job_of(number).slip, settings)]
    ]
    assert [paper.png for paper in printer.papers if VOID not in paper.text] == expected
    assert voids(printer) == 1


HOSTILE = "\x1b@\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08\x1dV\x00\x9b" + "W" * 80


async def test_hostile_text_reaches_the_paper_as_letters_and_nothing_is_clipped(
    centre: Centre,
    phrases: Phrases,
    start: Start,
    configured: Configured,
    news: News,
    job_of: Callable[..., Any],
) -> None:
    field = replace(centre.fields[0], label=dict.fromkeys(centre.languages.all, HOSTILE))
    hostile = replace(
        centre, name=dict.fromkeys(centre.languages.all, HOSTILE), fields=(field, *centre.fields[1:])
    )
    async with SimulatedPrinter(384) as printer:
        settings = configured(printer, width_dots=384)
        hostile_job = job_of(1, field=field.id)
        async with start(settings, render=renderer(hostile, phrases)) as spooler:
            await spooler.submit(
                replace(hostile_job, slip=replace(hostile_job.slip, number="W\N{NO-BREAK SPACE}999999999"))
            )
            assert await news.ended("K001") == [JobState.PRINTED]
        (paper,) = printer.papers
        assert paper.complaints == ()
        assert paper.text.replace("\n", "").count("W") >= 160
