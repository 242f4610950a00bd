"""A printer that is renamed, replaced, or has no cutter; a day that begins while the program is off."""

from collections.abc import Callable

import pytest
from chaos.news import News
from chaos.slips import DAY, job, originals, plain
from msgspec.structs import replace

from config.model import Printer
from printers.job import JobState
from printers.outcome import Level, Reason
from printers.render import Encoded
from printers.simulator.printer import SimulatedPrinter
from printers.simulator.state import Abilities
from printers.slip import Slip
from printers.spooler import Spooler

Start = Callable[..., Spooler]
Configured = Callable[..., Printer]
ORDERED = Abilities(process_ids=False, counters=False)
TELLS_ITS_STATE = Abilities(process_ids=False, counters=False, sensors=False, clearing=False)
NOWHERE = Printer(name="printer-1", host="127.0.0.1", port=1)


async def test_what_waits_for_a_printer_that_is_no_more_can_be_ordered_at_another(
    start: Start, configured: Configured, news: News
) -> None:
    async with start(NOWHERE) as spooler:
        await spooler.submit(job(1))
    async with SimulatedPrinter() as printer:
        async with start(configured(printer, "printer-2")) as spooler:
            await spooler.submit(job(1, "printer-2"))
            assert await news.ended("K001") == [JobState.PRINTED]
        assert originals(printer.papers) == {"K001": 1}


async def test_a_printer_replaced_by_one_that_says_less_is_asked_again_and_prints(
    start: Start, configured: Configured, news: News
) -> None:
    async with SimulatedPrinter() as printer, start(configured(printer)) as spooler:
        await spooler.submit(job(1))
        assert await news.ended("K001") == [JobState.PRINTED]
    async with SimulatedPrinter(abilities=ORDERED) as other:
        async with start(configured(other)) as spooler:
            await spooler.submit(job(2))
            assert await news.ended("K002") == [JobState.PRINTED]
            assert news.health[-1][0].level is Level.ORDERED
        assert originals(other.papers) == {"K002": 1}


@pytest.mark.parametrize("says", [ORDERED, TELLS_ITS_STATE])
async def test_a_printer_replaced_in_the_middle_of_a_slip_leaves_it_to_a_person_and_goes_on_printing(
    says: Abilities, start: Start, configured: Configured, news: News
) -> None:
    async with SimulatedPrinter(dots_per_s=2000) as printer, start(configured(printer)) as spooler:
        await news.well()
        await spooler.submit(job(1))
        await printer.until(lambda: bool(printer.piece))
        await printer.power_off()
    async with SimulatedPrinter(abilities=says) as other:
        async with start(configured(other), answer_s=0.1, barrier_s=0.1) as spooler:
            await spooler.submit(job(2))
            assert await news.ended("K001") == [JobState.OFFERED]
            end = JobState.PRINTED if says is ORDERED else JobState.OFFERED
            assert await news.ended("K002") == [end]
            assert news.health[-1][0].level is (Level.ORDERED if says is ORDERED else Level.STATUS)
        await other.until(lambda: originals(other.papers) == {"K002": 1})


async def test_a_printer_replaced_by_one_that_only_tells_its_state_is_printed_on_again(
    start: Start, configured: Configured, news: News
) -> None:
    async with SimulatedPrinter(abilities=ORDERED) as printer, start(configured(printer)) as spooler:
        await spooler.submit(job(1))
        assert await news.ended("K001") == [JobState.PRINTED]
    async with SimulatedPrinter(abilities=TELLS_ITS_STATE) as other:
        async with start(configured(other), answer_s=0.1, barrier_s=0.1) as spooler:
            await spooler.submit(job(2))
            assert await news.ended("K002") == [JobState.OFFERED]
            assert news.of("K002")[-1] == (JobState.OFFERED, Reason.UNCONFIRMED)
        await other.until(lambda: originals(other.papers) == {"K002": 1})


async def test_a_printer_that_answers_nothing_in_order_leaves_what_waits_to_the_spare(
    start: Start, configured: Configured, news: News
) -> None:
    async with SimulatedPrinter() as printer, SimulatedPrinter() as spare:
        both = (configured(printer, spare="printer-2"), configured(spare, "printer-2"))
        async with start(*both, answer_s=0.1, barrier_s=0.1) as spooler:
            await news.well()
            printer.lose_replies(10**6)
            await spooler.submit(job(1))
            assert await news.ended("K001") == [JobState.PRINTED]
            assert news.told[-1].printer == "printer-2"
            assert ("mute", Reason.NO_BARRIER) in news.causes()
        assert originals([*printer.papers, *spare.papers]) == {"K001": 1}


async def test_a_printer_without_a_cutter_is_not_believed_to_have_printed_nothing(
    start: Start, configured: Configured, news: News
) -> None:
    def render(slip: Slip, printer: Printer) -> Encoded:
        return replace(plain(slip, printer), counted=False)

    async with SimulatedPrinter() as printer, start(configured(printer), render=render) as spooler:
        await news.well()
        printer.break_after(120)
        await spooler.submit(job(1))
        assert await news.ended("K001") == [JobState.OFFERED]


@pytest.mark.parametrize("needless", [True, False])
async def test_what_nobody_needs_any_more_is_known_before_the_first_slip_comes_out(
    needless: bool, start: Start, configured: Configured, news: News
) -> None:
    async with start(NOWHERE) as spooler:
        await spooler.submit(job(1))
    day, served = (DAY, {"K001": 1}) if needless else ("2026-11-23", {})
    async with SimulatedPrinter() as printer:
        async with start(configured(printer), day=day, needless=served) as again:
            assert await news.ended("K001") == [JobState.DROPPED]
            await again.submit(replace(job(2), day=day))
            assert await news.ended("K002") == [JobState.PRINTED]
        assert news.tickets(JobState.DROPPED) == ["K001"]
        assert news.tickets() == ["K002"]
        assert originals(printer.papers) == {"K002": 1}
