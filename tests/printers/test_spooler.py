"""Exactly once: whatever happens, look only at what is on paper."""

import asyncio
import gc
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from chaos.apart import Apart
from chaos.news import News
from chaos.slips import DAY, job, originals, plain, whole
from chaos.starts import until_it_dies
from msgspec.structs import replace
from structlog.testing import capture_logs

from config.model import Printer
from printers.driver import Driver, Patience
from printers.job import Job, JobOutcome, JobState
from printers.layout import SlipTooLong
from printers.link import CONNECT_TIMEOUT_S
from printers.outcome import Reason
from printers.render import Encoded, Render
from printers.simulator.printer import SimulatedPrinter
from printers.simulator.state import DUMB
from printers.slip import Slip
from printers.spooler import Pauses, Spooler

Start = Callable[..., Spooler]
Configured = Callable[..., Printer]

KILLS = 4
DOTS_PER_S = 4000.0
"""A slip takes an eighth of a second: it is killed while most of them are still to come."""


def numbered(count: int) -> list[str]:
    """The tickets of the first so many slips."""
    return [f"K{number:03}" for number in range(count)]


async def test_a_slip_submitted_twice_is_printed_once(
    start: Start, configured: Configured, news: News
) -> None:
    async with SimulatedPrinter() as printer, start(configured(printer)) as spooler:
        for _ in range(2):
            await spooler.submit(job(1))
        assert await news.ended("K001") == [JobState.PRINTED]
        await spooler.submit(job(1))
        await spooler.submit(job(2))
        assert await news.ended("K002") == [JobState.PRINTED]
        assert originals(printer.papers) == {"K001": 1, "K002": 1}


async def test_a_copy_is_a_slip_of_its_own(start: Start, configured: Configured, news: News) -> None:
    async with SimulatedPrinter() as printer, start(configured(printer)) as spooler:
        await spooler.submit(job(1))
        await spooler.submit(job(1, copy=2))
        await news.until(lambda: news.tickets() == ["K001", "K001"])
        assert whole(printer.papers) == {("K001", 1): 1, ("K001", 2): 1}


async def test_slips_of_one_printer_come_out_whole_and_in_order(
    start: Start, configured: Configured, news: News
) -> None:
    async with SimulatedPrinter() as printer, start(configured(printer)) as spooler:
        async with asyncio.TaskGroup() as group:
            for number in range(12):
                group.create_task(spooler.submit(job(number)))
        await news.until(lambda: len(news.tickets()) == 12)
        assert originals(printer.papers) == dict.fromkeys(numbered(12), 1)
        assert [paper.text.split()[1] for paper in printer.papers] == news.tickets()


async def test_a_slip_goes_to_the_printer_it_is_for(start: Start, configured: Configured, news: News) -> None:
    async with SimulatedPrinter() as one, SimulatedPrinter() as two:
        async with start(configured(one), configured(two, "printer-2")) as spooler:
            await spooler.submit(job(1))
            await spooler.submit(job(2, "printer-2"))
            assert await news.ended("K001", "K002") == [JobState.PRINTED] * 2
        assert originals(one.papers) == {"K001": 1}
        assert originals(two.papers) == {"K002": 1}


async def test_a_slip_waits_for_paper_and_says_so_once(
    start: Start, configured: Configured, news: News
) -> None:
    async with SimulatedPrinter() as printer, start(configured(printer)) as spooler:
        printer.set(paper_dots=0)
        await spooler.submit(job(1))
        await news.until(lambda: bool(news.told))
        (health,) = spooler.health()
        assert (health.condition, health.cause) == ("blocked", Reason.PAPER_OUT)
        printer.set(paper_dots=10**6)
        assert await news.ended("K001") == [JobState.PRINTED]
        assert [outcome.state for outcome in news.told] == [JobState.QUEUED, JobState.PRINTED]
        assert originals(printer.papers) == {"K001": 1}


async def test_an_idle_printer_is_watched(start: Start, configured: Configured, news: News) -> None:
    async with SimulatedPrinter() as printer, start(configured(printer)):
        await news.well()
        printer.set(cover_open=True)
        await news.until(lambda: news.health[-1][0].cause is Reason.COVER_OPEN)
        printer.set(cover_open=False, paper_dots=1500)
        await news.until(lambda: news.health[-1][0].condition == "paper_low")


def test_staff_hear_of_a_printers_trouble_within_five_seconds() -> None:
    longest_pause_s = max(Pauses().poll_s, Pauses().retry_max_s)
    longest_look_s = max(CONNECT_TIMEOUT_S, Patience().status_s)
    assert longest_pause_s + longest_look_s < 5


async def test_a_ticket_served_meanwhile_gets_no_paper(
    start: Start, configured: Configured, news: News
) -> None:
    async with SimulatedPrinter() as printer, start(configured(printer)) as spooler:
        printer.set(cover_open=True)
        await spooler.submit(job(1))
        await spooler.submit(job(2))
        await spooler.drop(DAY, "K001", 1)
        assert news.tickets(JobState.DROPPED) == ["K001"]
        printer.set(cover_open=False)
        assert await news.ended("K002") == [JobState.PRINTED]
        assert originals(printer.papers) == {"K002": 1}


async def test_a_printer_that_never_speaks_leaves_the_answer_to_a_person(
    start: Start, configured: Configured, news: News
) -> None:
    async with SimulatedPrinter(abilities=DUMB) as printer, start(configured(printer)) as spooler:
        await spooler.submit(job(1))
        assert await news.ended("K001") == [JobState.OFFERED]
        await printer.until(lambda: bool(printer.papers))
        assert originals(printer.papers) == {"K001": 1}
        assert news.tickets() == []


@pytest.mark.parametrize("trouble", [SlipTooLong("shorten"), KeyError("a field that is no more")])
async def test_a_slip_that_cannot_be_made_does_not_hold_up_the_others(
    trouble: Exception, start: Start, configured: Configured, news: News
) -> None:
    def render(slip: Slip, printer: Printer) -> Encoded:
        if slip.ticket == "K001":
            raise trouble
        return plain(slip, printer)

    with capture_logs() as said:
        async with SimulatedPrinter() as printer, start(configured(printer), render=render) as spooler:
            await spooler.submit(job(1))
            await spooler.submit(job(2))
            assert await news.ended("K002") == [JobState.PRINTED]
    assert news.tickets() == ["K002"]
    assert news.told[0].reason is Reason.UNPRINTABLE
    assert "slip.unprintable" in {line["event"] for line in said}
    assert "K001" not in repr(said)


@pytest.mark.parametrize("received_bytes", [1, 40, 80, 120, 180, 480, 640])
async def test_a_broken_link_neither_loses_nor_repeats_a_slip(
    received_bytes: int, start: Start, configured: Configured, news: News
) -> None:
    async with SimulatedPrinter() as printer, start(configured(printer)) as spooler:
        await news.well()
        printer.break_after(received_bytes)
        for number in range(5):
            await spooler.submit(job(number))
        assert await news.ended(*numbered(5)) == [JobState.PRINTED] * 5
        assert printer.faults.break_at is None, "the link never broke"
        assert originals(printer.papers) == dict.fromkeys(numbered(5), 1)


@pytest.mark.parametrize("received_bytes", [30, 120, 160, 320, 560, 800])
async def test_a_spooler_stopped_anywhere_and_started_again_prints_each_slip_once(
    received_bytes: int, start: Start, configured: Configured, news: News
) -> None:
    async with SimulatedPrinter(dots_per_s=20_000) as printer:
        async with start(configured(printer)) as spooler:
            for number in range(4):
                await spooler.submit(job(number))
            await printer.until(lambda: printer.bytes_received >= received_bytes)
        async with start(configured(printer), print_s=30):
            assert await news.ended(*numbered(4)) == [JobState.PRINTED] * 4
        assert originals(printer.papers) == dict.fromkeys(numbered(4), 1)


@pytest.mark.parametrize("after_sending", [False, True])
async def test_a_crash_just_after_writing_down_sending_prints_once(
    after_sending: bool,
    start: Start,
    configured: Configured,
    news: News,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    send = Driver._send

    async def crash(self: Driver, *said: Any) -> None:
        if after_sending:
            await send(self, *said)
        raise ZeroDivisionError

    async with SimulatedPrinter() as printer:
        monkeypatch.setattr(Driver, "_send", crash)
        with pytest.raises(ExceptionGroup):
            await until_it_dies(start(configured(printer)))
        monkeypatch.undo()
        async with start(configured(printer)):
            assert await news.ended("K001") == [JobState.PRINTED]
        assert originals(printer.papers) == {"K001": 1}


async def test_a_spooler_abandoned_while_it_opens_its_list_closes_it(
    tmp_path: Path, start: Start, configured: Configured
) -> None:
    async with SimulatedPrinter() as printer:
        opening = asyncio.create_task(start(configured(printer)).__aenter__())
        while not (tmp_path / "spool.db").exists():  # noqa: ASYNC110 - a file tells nobody that it is there
            await asyncio.sleep(0)
        opening.cancel()
        await asyncio.wait([opening])
        assert opening.cancelled()
        gc.collect()  # an open database that nobody holds says so here


async def test_news_that_was_not_heard_is_told_again_after_a_restart(
    start: Start, configured: Configured, news: News
) -> None:
    async def crash(_: JobOutcome) -> None:
        raise ZeroDivisionError

    async with SimulatedPrinter() as printer:
        with pytest.raises(ExceptionGroup):
            await until_it_dies(start(configured(printer), on_outcome=crash))
        async with start(configured(printer)):
            assert await news.ended("K001") == [JobState.PRINTED]
        assert originals(printer.papers) == {"K001": 1}


async def test_a_spooler_killed_again_and_again_prints_each_slip_once(
    start: Start, start_apart: Callable[..., Awaitable[Apart]], configured: Configured
) -> None:
    async with SimulatedPrinter(dots_per_s=DOTS_PER_S) as printer:
        for kill in range(1, KILLS + 1):
            apart = await start_apart(configured(printer))
            for number in range(8):
                await apart.submit(job(number))
            await printer.until(lambda: sum(originals(printer.papers).values()) >= kill)  # noqa: B023 - awaited here
            await apart.stop()
        async with start(configured(printer), print_s=30):
            await printer.until(lambda: len(originals(printer.papers)) == 8)
        assert originals(printer.papers) == dict.fromkeys(numbered(8), 1)


async def test_real_slips_go_the_whole_way(
    start: Start, configured: Configured, news: News, real: Render, job_of: Callable[..., Job]
) -> None:
    async with SimulatedPrinter(384) as printer:
        settings = configured(printer, width_dots=384)
        async with start(settings, render=real) as spooler:
            await spooler.submit(job_of(7, languages=("nl", "fr", "de")))
            assert await news.ended("K007") == [JobState.PRINTED]
        (paper,) = printer.papers
        assert "Personen vor Ihnen" in paper.text
        assert paper.complaints == ()


async def test_slips_of_yesterday_do_not_come_out_when_paper_is_put_in(
    start: Start, configured: Configured, news: News
) -> None:
    async with SimulatedPrinter() as printer, start(configured(printer)) as spooler:
        printer.set(paper_dots=0)
        await spooler.submit(job(1))
        await spooler.begin_day("2026-11-23")
        await spooler.submit(replace(job(2), day="2026-11-23"))
        printer.set(paper_dots=10**6)
        assert await news.ended("K002") == [JobState.PRINTED]
        assert news.tickets(JobState.DROPPED) == ["K001"]
        assert originals(printer.papers) == {"K002": 1}
