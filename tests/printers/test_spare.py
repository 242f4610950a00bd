"""Another printer stands by: a slip that is certainly not on paper comes out there, and no other."""

from collections.abc import Callable

from chaos.news import News
from chaos.slips import job, originals

from config.model import Printer
from printers.job import JobState
from printers.simulator.printer import SimulatedPrinter
from printers.spooler import Spooler

Start = Callable[..., Spooler]
Configured = Callable[..., Printer]


async def test_a_slip_comes_out_of_the_printer_that_stands_by(
    start: Start, configured: Configured, news: News
) -> None:
    async with SimulatedPrinter() as first, SimulatedPrinter() as second:
        first.set(paper_dots=0)
        both = (configured(first, spare="printer-2"), configured(second, "printer-2"))
        async with start(*both) as spooler:
            await spooler.submit(job(1))
            assert await news.ended("K001") == [JobState.PRINTED]
            first.set(paper_dots=10**6)
            await news.until(lambda: news.health[-1][0].prints)
            await spooler.submit(job(2))
            assert await news.ended("K002") == [JobState.PRINTED]
    assert news.tickets() == ["K001", "K002"]
    assert news.told[-1].printer == "printer-1"
    assert originals(second.papers) == {"K001": 1}
    assert originals(first.papers) == {"K002": 1}


async def test_a_slip_handed_on_comes_back_when_only_its_own_printer_is_well(
    start: Start, configured: Configured, news: News
) -> None:
    async with SimulatedPrinter() as first, SimulatedPrinter() as second:
        first.set(paper_dots=0)
        second.set(cover_open=True)
        both = (configured(first, spare="printer-2"), configured(second, "printer-2"))
        async with start(*both) as spooler:
            await spooler.submit(job(1))
            await news.until(lambda: bool(news.told))
            first.set(paper_dots=10**6)
            assert await news.ended("K001") == [JobState.PRINTED]
    assert originals([*first.papers, *second.papers]) == {"K001": 1}


async def test_a_slip_over_which_the_printer_fell_silent_for_a_while_is_not_handed_on(
    start: Start, configured: Configured, news: News
) -> None:
    async with SimulatedPrinter(dots_per_s=4000) as first, SimulatedPrinter() as second:
        both = (configured(first, spare="printer-2"), configured(second, "printer-2"))
        async with start(*both, status_s=0.02, held_with_spare_s=0.1) as spooler:
            await news.well()
            await spooler.submit(job(1))
            await first.until(lambda: bool(first.piece))
            first.set(mute=True)
            await first.until(lambda: len(first.papers) == 1)
            first.set(cover_open=True, mute=False)
            await news.until(lambda: bool(news.of("K001")))
            first.set(cover_open=False)
            assert await news.ended("K001") == [JobState.PRINTED]
        assert originals([*first.papers, *second.papers]) == {"K001": 1}


async def test_a_slip_whose_end_is_unknown_goes_to_no_other_printer_but_those_behind_it_do(
    start: Start, configured: Configured, news: News
) -> None:
    async with SimulatedPrinter() as first, SimulatedPrinter() as second:
        both = (configured(first, spare="printer-2"), configured(second, "printer-2"))
        async with start(*both) as spooler:
            await news.well()
            first.break_after(110)
            await spooler.submit(job(1))
            await news.until(lambda: "K001" in news.tickets(JobState.UNKNOWN))
            first.set(deaf=True)
            await spooler.submit(job(2))
            assert await news.ended("K002") == [JobState.PRINTED]
            first.set(deaf=False)
            assert await news.ended("K001") == [JobState.PRINTED]
    assert originals(first.papers) == {"K001": 1}
    assert originals(second.papers) == {"K002": 1}
