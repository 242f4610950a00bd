"""Faults of what a printer says: answers lost, late, in pieces, of another day: judged by the paper."""

import asyncio
import re
from collections.abc import Callable

import pytest
from chaos.news import News
from chaos.slips import VOID, job, originals
from support.links import PassingOn, Through

from config.model import Printer
from printers.job import JobOutcome, JobState
from printers.link import Link
from printers.outcome import Reason
from printers.simulator.printer import SimulatedPrinter
from printers.simulator.state import Abilities
from printers.spooler import Spooler
from printers.talk import SENSORS

Start = Callable[..., Spooler]
Configured = Callable[..., Printer]

QUIET_POLL_S = 60.0
"""No looks in between, where a test waits for one question."""
PROCESS_ID = re.compile(rb"\x1d\(H\x06\x0000(....)", re.DOTALL)


async def test_an_answer_lost_on_the_way_is_found_by_counting(
    start: Start, configured: Configured, news: News
) -> None:
    async with SimulatedPrinter(dots_per_s=4000) as printer:
        async with start(configured(printer), print_s=0.5) as spooler:
            await spooler.submit(job(1))
            await printer.until(lambda: bool(printer.piece))
            printer.lose_replies(2)
            assert await news.ended("K001") == [JobState.PRINTED]
            assert news.of("K001")[-1] == (JobState.PRINTED, Reason.COUNTED)
        assert originals(printer.papers) == {"K001": 1}
        assert len(printer.papers) == 1


async def test_status_nobody_asked_for_is_not_taken_for_an_answer(
    start: Start, configured: Configured, news: News
) -> None:
    async with SimulatedPrinter(dots_per_s=4000) as printer:
        printer.chatter(0.001)
        async with start(configured(printer)) as spooler:
            for number in range(1, 4):
                await spooler.submit(job(number))
            assert await news.ended("K001", "K002", "K003") == [JobState.PRINTED] * 3
            assert [one.reason for one in news.told] == [Reason.CONFIRMED] * 3
        assert originals(printer.papers) == {"K001": 1, "K002": 1, "K003": 1}


class OpensWhenAsked(PassingOn):
    """A link to a printer whose cover opens at the next question in order."""

    def __init__(self, link: Link, printer: SimulatedPrinter) -> None:
        super().__init__(link)
        self._printer = printer

    async def write(self, words: bytes) -> None:
        if words.startswith(SENSORS):
            self._printer.set(cover_open=True)
        await super().write(words)


async def test_an_answer_that_comes_late_is_not_taken_for_the_word_that_a_slip_is_printed(
    start: Start, configured: Configured, news: News
) -> None:
    ordered = Abilities(process_ids=False, counters=False, clearing=False)
    async with SimulatedPrinter(abilities=ordered, dots_per_s=1000) as printer:
        late = Through(lambda link: OpensWhenAsked(link, printer), on=False)
        calm = {"answer_s": 0.1, "print_s": 2, "poll_s": QUIET_POLL_S}
        async with start(configured(printer), **calm) as spooler:
            await spooler.submit(job(9))
            await news.ended("K009")
        looked = len(news.health)
        async with start(configured(printer), way_to=late, **calm) as spooler:
            await news.until(lambda: len(news.health) > looked)
            late.on = True
            await spooler.submit(job(1))
            await printer.until(lambda: printer.state.cover_open)
            await news.until(lambda: bool(news.of("K001")))
            late.on = False
            printer.set(cover_open=False)
            assert await news.ended("K001") == [JobState.PRINTED]
            assert originals(printer.papers) == {"K009": 1, "K001": 1}


@pytest.mark.parametrize("clearing", [True, False])
async def test_an_answer_owed_from_a_broken_conversation_confirms_no_slip_of_the_next(
    clearing: bool, start: Start, configured: Configured, news: News
) -> None:
    ordered = Abilities(process_ids=False, counters=False, clearing=clearing)
    early: list[str] = []

    async def on_outcome(told: JobOutcome) -> None:
        if told.state is JobState.PRINTED and told.ticket not in originals(printer.papers):
            early.append(told.ticket)
        await news.on_outcome(told)

    async with (
        SimulatedPrinter(abilities=ordered) as printer,
        start(configured(printer), answer_s=0.1, barrier_s=0.2, on_outcome=on_outcome) as spooler,
    ):
        await spooler.submit(job(9))
        await news.ended("K009")
        printer.slow(400)
        await spooler.submit(job(1))
        await printer.until(lambda: bool(printer.piece))
        await spooler.submit(job(2))
        printer.hang_up()
        await printer.until(lambda: VOID.encode() in printer.piece or len(printer.papers) > 1)
        printer.set(cover_open=True)
        await news.until(lambda: ("blocked", Reason.COVER_OPEN) in news.causes())
        printer.set(cover_open=False)
        await news.ended("K002")
    assert not early


async def test_a_slip_taken_back_from_a_printer_that_only_answers_in_order_is_not_called_printed(
    start: Start, configured: Configured, news: News
) -> None:
    ordered = Abilities(process_ids=False, counters=False)
    async with (
        SimulatedPrinter(abilities=ordered, dots_per_s=4000) as printer,
        start(configured(printer), answer_s=0.1, held_s=0.05) as spooler,
    ):
        await spooler.submit(job(9))
        await news.ended("K009")
        await spooler.submit(job(1))
        await printer.until(lambda: bool(printer.piece))
        printer.set(cover_open=True)
        await news.until(lambda: bool(news.of("K001")))
        printer.set(cover_open=False)
        assert await news.ended("K001") == [JobState.OFFERED]
        await spooler.submit(job(2))
        assert await news.ended("K002") == [JobState.PRINTED]
        assert originals(printer.papers) == {"K009": 1, "K002": 1}


class Dripping(PassingOn):
    """A link whose answers arrive one byte at a time."""

    def __init__(self, link: Link) -> None:
        super().__init__(link)
        self._heard = b""

    async def read(self) -> bytes:
        self._heard = self._heard or await super().read()
        first, self._heard = self._heard[:1], self._heard[1:]
        await asyncio.sleep(0)
        return first


async def test_answers_that_arrive_in_pieces_are_put_together(
    printer: SimulatedPrinter, start: Start, configured: Configured, news: News
) -> None:
    async with start(configured(printer), way_to=Through(Dripping)) as spooler:
        await spooler.submit(job(1))
        assert await news.ended("K001") == [JobState.PRINTED]
        assert news.of("K001") == [(JobState.PRINTED, Reason.CONFIRMED)]
    assert originals(printer.papers) == {"K001": 1}


async def test_no_process_id_is_ever_used_twice_so_that_no_old_answer_confirms_a_new_slip(
    printer: SimulatedPrinter, start: Start, configured: Configured, news: News
) -> None:
    for number in range(1, 4):
        async with start(configured(printer)) as spooler:
            await spooler.submit(job(number))
            await news.ended(f"K{number:03}")
    ids = PROCESS_ID.findall(b"".join(paper.raw for paper in printer.papers))
    assert len(ids) >= 6
    assert len(set(ids)) == len(ids)
