"""Another printer stands by: a slip that is certainly not on paper comes out there, and no other."""

from collections.abc import Callable

from support.paper import Desk, Open, whole

from config.model import Printer
from printers.job import Job, JobState
from printers.simulator.printer import SimulatedPrinter

JobOf = Callable[..., Job]
Configured = Callable[..., Printer]


async def test_a_slip_comes_out_of_the_printer_that_stands_by(
    spooler_for: Open, job_of: JobOf, configured: Configured, desk: Desk
) -> None:
    async with SimulatedPrinter() as first, SimulatedPrinter() as second:
        first.set(paper_dots=0)
        both = (configured(first, spare="printer-2"), configured(second, "printer-2"))
        async with spooler_for(*both) as spooler:
            await spooler.submit(job_of(1))
            await desk.until(lambda: desk.ended() == ["K001"])
            first.set(paper_dots=10**6)
            await desk.until(lambda: desk.health[-1][0].prints)
            await spooler.submit(job_of(2))
            await desk.until(lambda: desk.ended() == ["K001", "K002"])
    assert desk.news[-1].printer == "printer-1"
    assert whole(second.papers) == {"ticket K001 copy 1": 1}
    assert whole(first.papers) == {"ticket K002 copy 1": 1}


async def test_a_slip_handed_on_comes_back_when_only_its_own_printer_is_well(
    spooler_for: Open, job_of: JobOf, configured: Configured, desk: Desk
) -> None:
    async with SimulatedPrinter() as first, SimulatedPrinter() as second:
        first.set(paper_dots=0)
        second.set(cover_open=True)
        both = (configured(first, spare="printer-2"), configured(second, "printer-2"))
        async with spooler_for(*both) as spooler:
            await spooler.submit(job_of(1))
            await desk.until(lambda: bool(desk.news))
            first.set(paper_dots=10**6)
            await desk.until(lambda: desk.ended() == ["K001"])
    assert whole([*first.papers, *second.papers]) == {"ticket K001 copy 1": 1}


async def test_a_slip_whose_end_is_unknown_goes_to_no_other_printer_but_those_behind_it_do(
    spooler_for: Open, job_of: JobOf, configured: Configured, desk: Desk
) -> None:
    async with SimulatedPrinter() as first, SimulatedPrinter() as second:
        both = (configured(first, spare="printer-2"), configured(second, "printer-2"))
        async with spooler_for(*both) as spooler:
            await desk.until(lambda: bool(desk.health) and all(one.level for one in desk.health[-1]))
            first.break_after(150)
            await spooler.submit(job_of(1))
            await desk.until(lambda: any(news.state is JobState.UNKNOWN for news in desk.news))
            first.set(deaf=True)
            await spooler.submit(job_of(2))
            await desk.until(lambda: "K002" in desk.ended())
            first.set(deaf=False)
            await desk.until(lambda: "K001" in desk.ended())
    assert whole(first.papers) == {"ticket K001 copy 1": 1}
    assert whole(second.papers) == {"ticket K002 copy 1": 1}
