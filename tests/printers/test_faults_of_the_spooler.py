"""Faults of the program, its disk and its users, and printers that stand in: judged by the paper."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from chaos.apart import Apart
from chaos.news import News
from chaos.slips import DAY, VOID, job, on_paper, originals, pieces
from chaos.starts import until_it_dies

from config.model import Printer
from printers import store
from printers.job import JobState
from printers.outcome import Reason, SpoolError
from printers.render import Render
from printers.simulator.printer import SimulatedPrinter
from printers.spooler import Spooler
from printers.store import SpoolFull

Start = Callable[..., Spooler]
Configured = Callable[..., Printer]
Both = tuple[Printer, Printer]

DOTS_PER_S = 4000.0
SPARE = "printer-2"


@pytest.fixture
async def printer() -> AsyncIterator[SimulatedPrinter]:
    async with SimulatedPrinter(dots_per_s=DOTS_PER_S) as printer:
        yield printer


@pytest.fixture
async def spare() -> AsyncIterator[SimulatedPrinter]:
    async with SimulatedPrinter() as printer:
        yield printer


@pytest.fixture
def both(printer: SimulatedPrinter, spare: SimulatedPrinter, configured: Configured) -> Both:
    """A printer, and the one that stands by for it."""
    return configured(printer, spare=SPARE), configured(spare, SPARE)


@pytest.fixture
def both_dead(printer: SimulatedPrinter, spare: SimulatedPrinter, both: Both) -> Both:
    """The same, when neither prints."""
    printer.set(paper_dots=0)
    spare.set(cover_open=True)
    return both


async def two_waiting(spooler: Spooler, news: News) -> None:
    """Gives it two slips, until it is known that they do not come out."""
    for number in (1, 2):
        await spooler.submit(job(number))
    await news.until(lambda: bool(news.of("K001")))


# -- the program stops


@pytest.mark.parametrize("received_bytes", [1, 30, 45, 90, 160, 230, 330, 480])
async def test_a_spooler_killed_at_any_byte_prints_each_slip_once_when_it_is_started_again(
    received_bytes: int,
    printer: SimulatedPrinter,
    start: Start,
    start_apart: Callable[..., Awaitable[Apart]],
    configured: Configured,
    news: News,
) -> None:
    apart = await start_apart(configured(printer))
    for number in (1, 2):
        await apart.submit(job(number))
    await printer.until(lambda: printer.bytes_received >= received_bytes)
    await apart.stop()
    async with start(configured(printer)):
        assert await news.ended("K001", "K002") == [JobState.PRINTED] * 2
    assert originals(printer.papers) == {"K001": 1, "K002": 1}


@pytest.mark.parametrize("received_bytes", [13, 29, 60, 140, 200])
async def test_a_spooler_stopped_in_the_middle_finds_out_at_the_next_start(
    received_bytes: int, printer: SimulatedPrinter, start: Start, configured: Configured, news: News
) -> None:
    async with start(configured(printer)) as spooler:
        await spooler.submit(job(1))
        await printer.until(lambda: printer.bytes_received >= received_bytes)
    async with start(configured(printer)):
        assert await news.ended("K001") == [JobState.PRINTED]
    assert originals(printer.papers) == {"K001": 1}


# -- its disk


async def test_nothing_is_printed_while_the_list_of_slips_is_locked_by_another_program(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    printer: SimulatedPrinter,
    start: Start,
    configured: Configured,
    news: News,
) -> None:
    monkeypatch.setattr(store, "BUSY_TIMEOUT_MS", 50)
    printer.set(cover_open=True)
    other = sqlite3.connect(tmp_path / "spool.db")

    def lock() -> None:
        other.execute("BEGIN IMMEDIATE")
        printer.set(cover_open=False)

    with pytest.raises(ExceptionGroup) as raised:
        await until_it_dies(start(configured(printer)), lock)
    other.close()
    assert raised.group_contains(SpoolError, match="Free space on the disk")
    assert printer.papers == []
    async with start(configured(printer)):
        assert await news.ended("K001") == [JobState.PRINTED]
    assert originals(printer.papers) == {"K001": 1}


FULL = """
    CREATE TRIGGER full BEFORE UPDATE ON job WHEN NEW.state = 'sending'
    BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END
"""


async def test_nothing_is_printed_when_the_disk_is_full_just_before_sending(
    tmp_path: Path, printer: SimulatedPrinter, start: Start, configured: Configured, news: News
) -> None:
    async with start(configured(printer)):
        await news.well()
    with sqlite3.connect(tmp_path / "spool.db") as disk:
        disk.execute(FULL)
    with pytest.raises(ExceptionGroup) as raised:
        await until_it_dies(start(configured(printer)))
    assert raised.group_contains(SpoolError, match="disk is full")
    assert printer.papers == []
    disk.execute("DROP TRIGGER full")
    disk.close()
    async with start(configured(printer)):
        assert await news.ended("K001") == [JobState.PRINTED]
    assert originals(printer.papers) == {"K001": 1}


# -- its users


async def test_a_button_pressed_twice_gives_one_slip_while_it_prints_and_afterwards(
    printer: SimulatedPrinter, start: Start, configured: Configured, news: News
) -> None:
    async with start(configured(printer)) as spooler:
        await asyncio.gather(*(spooler.submit(job(1)) for _ in range(5)))
        await news.ended("K001")
        await spooler.submit(job(1))
        await spooler.submit(job(2))
        await news.ended("K002")
    assert originals(printer.papers) == {"K001": 1, "K002": 1}


async def test_a_slip_asked_for_again_has_the_same_number_and_says_that_it_is_a_copy(
    start: Start, configured: Configured, news: News, real: Render, job_of: Callable[..., Any]
) -> None:
    async with SimulatedPrinter() as printer:
        async with start(configured(printer), render=real) as spooler:
            for copy in (1, 2):
                await spooler.submit(job_of(1, copy=copy, languages=("fr", "nl")))
            await news.until(lambda: news.end("K001", 2) is JobState.PRINTED)
        original, copied = printer.papers
    marks = ("DUPLICATA", "DUPLICAAT")
    assert not any(mark in original.text.upper() for mark in marks)
    assert all(mark in copied.text.upper() for mark in marks)
    assert original.complaints == copied.complaints == ()


async def test_slips_given_at_once_come_out_one_after_the_other(
    printer: SimulatedPrinter, start: Start, configured: Configured, news: News
) -> None:
    numbers = range(8)
    async with start(configured(printer)) as spooler:
        await asyncio.gather(*(spooler.submit(job(number)) for number in numbers))
        await news.ended(*(f"K{number:03}" for number in numbers))
    assert originals(printer.papers) == {f"K{number:03}": 1 for number in numbers}
    assert len(printer.papers) == len(numbers)


async def test_a_ticket_served_while_no_printer_works_gets_no_paper_later(
    printer: SimulatedPrinter, spare: SimulatedPrinter, start: Start, both_dead: Both, news: News
) -> None:
    async with start(*both_dead) as spooler:
        await two_waiting(spooler, news)
        await spooler.drop(DAY, "K001", 1)
        assert news.end("K001") is JobState.DROPPED
        printer.paper_back()
        spare.set(cover_open=False)
        assert await news.ended("K002") == [JobState.PRINTED]
    assert originals([*printer.papers, *spare.papers]) == {"K002": 1}


async def test_more_slips_than_a_day_has_visitors_are_refused_and_none_of_them_is_lost(
    monkeypatch: pytest.MonkeyPatch,
    printer: SimulatedPrinter,
    start: Start,
    configured: Configured,
    news: News,
) -> None:
    monkeypatch.setattr(store, "JOBS_OPEN_MAX", 2)
    printer.set(paper_dots=0)
    async with start(configured(printer)) as spooler:
        await spooler.submit(job(1))
        await spooler.submit(job(2))
        with pytest.raises(SpoolFull):
            await spooler.submit(job(3))
        printer.paper_back()
        assert await news.ended("K001", "K002") == [JobState.PRINTED] * 2
    assert originals(printer.papers) == {"K001": 1, "K002": 1}


# -- another printer stands in


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"paper_dots": 0}, Reason.PAPER_OUT),
        ({"cover_open": True}, Reason.COVER_OPEN),
        ({"cutter_jammed": True}, Reason.ERROR),
        ({"mute": True}, Reason.MUTE),
    ],
)
async def test_a_slip_certainly_not_printed_goes_to_the_spare(
    fault: dict[str, Any],
    reason: Reason,
    printer: SimulatedPrinter,
    spare: SimulatedPrinter,
    start: Start,
    both: Both,
    news: News,
) -> None:
    async with start(*both) as spooler:
        await news.well()
        printer.set(**fault)
        await spooler.submit(job(1))
        assert await news.ended("K001") == [JobState.PRINTED]
        told = [one for one in news.told if one.ticket == "K001"]
        assert told[-1].printer == SPARE
        assert (("mute" if reason is Reason.MUTE else "blocked"), reason) in news.causes()
    assert originals(printer.papers) == {}
    assert originals(spare.papers) == {"K001": 1}


async def test_an_unreachable_printer_hands_its_slips_to_the_spare(
    printer: SimulatedPrinter, spare: SimulatedPrinter, start: Start, both: Both, news: News
) -> None:
    async with start(*both) as spooler:
        await news.well()
        await printer.refuse(True)
        for number in (1, 2, 3):
            await spooler.submit(job(number))
        assert await news.ended("K001", "K002", "K003") == [JobState.PRINTED] * 3
    assert originals(printer.papers) == {}
    assert originals(spare.papers) == {"K001": 1, "K002": 1, "K003": 1}


@pytest.mark.parametrize("fault", [{"paper_dots": 0}, {"cover_open": True}, {"cutter_jammed": True}])
async def test_a_slip_taken_back_from_the_middle_goes_to_the_spare_and_its_piece_is_marked(
    fault: dict[str, Any],
    printer: SimulatedPrinter,
    spare: SimulatedPrinter,
    start: Start,
    both: Both,
    news: News,
) -> None:
    async with start(*both, held_s=60, held_with_spare_s=0.05) as spooler:
        await news.well()
        await spooler.submit(job(1))
        await printer.until(lambda: bool(printer.piece))
        printer.set(**fault)
        assert await news.ended("K001") == [JobState.PRINTED]
        printer.set(paper_dots=10**6, cover_open=False, cutter_jammed=False)
        await printer.until(lambda: bool(printer.papers))  # before anybody else wants a slip
        await spooler.submit(job(2))
        assert await news.ended("K002") == [JobState.PRINTED]
    found = [*pieces(printer.papers), *pieces(spare.papers)]
    assert on_paper(found) == {("K001", 1): 1, ("K002", 1): 1}
    assert originals(spare.papers)["K001"] == 1
    assert all(piece.void or piece.clean for piece in found)
    torn = [piece for piece in found if piece.void]
    assert [VOID in piece.text for piece in torn] == [True]


async def test_a_slip_whose_end_is_unknown_never_goes_to_the_spare(
    monkeypatch: pytest.MonkeyPatch,
    printer: SimulatedPrinter,
    spare: SimulatedPrinter,
    start: Start,
    both: Both,
    news: News,
) -> None:
    monkeypatch.setattr(store, "RESOLVES_MAX", 5)
    async with start(*both) as spooler:
        await news.well()
        await spooler.submit(job(1))
        await printer.until(lambda: bool(printer.piece))
        await printer.refuse(True)
        printer.hang_up("rst")
        await spooler.submit(job(2))
        assert await news.ended("K002") == [JobState.PRINTED]
        assert await news.ended("K001") == [JobState.OFFERED]
    assert originals(spare.papers) == {"K002": 1}


async def test_with_both_printers_dead_slips_wait_and_come_out_of_the_first_that_is_well(
    spare: SimulatedPrinter, start: Start, both_dead: Both, news: News
) -> None:
    async with start(*both_dead) as spooler:
        await two_waiting(spooler, news)
        assert [news.end(ticket) for ticket in ("K001", "K002")] == [None, None]
        spare.set(cover_open=False)
        assert await news.ended("K001", "K002") == [JobState.PRINTED] * 2
    assert originals(spare.papers) == {"K001": 1, "K002": 1}
