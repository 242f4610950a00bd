"""A printer on a cable behind a bridge: on the network to look at, and believed no more than a cable is."""

import asyncio
from collections.abc import Callable

import pytest
from chaos.news import News
from chaos.slips import job, originals

from config.model import Printer
from printers.job import JobState
from printers.outcome import Reason
from printers.render import Encoded
from printers.simulator.printer import SimulatedPrinter
from printers.slip import Slip
from printers.spooler import CABLE_RESTART_S, Spooler

Start = Callable[..., Spooler]
Configured = Callable[..., Printer]

IN_PARTS = Encoded((b"\x1b@", *[b"one line of a long slip\n"] * 50), b"\x1dVB\x00")


def in_parts(_: Slip, __: Printer) -> Encoded:
    return IN_PARTS


async def test_a_slip_whose_word_the_cable_lost_comes_out_of_no_spare_as_well(
    start: Start, configured: Configured, news: News
) -> None:
    async with SimulatedPrinter(dots_per_s=4000) as printer, SimulatedPrinter() as spare:
        both = (configured(printer, bridged=True, spare="printer-2"), configured(spare, "printer-2"))
        async with start(*both, held_s=60, held_with_spare_s=0.05) as spooler:
            await news.well()
            await spooler.submit(job(1))
            await printer.until(lambda: bool(printer.piece))
            printer.lose_replies(2)
            await printer.until(lambda: len(printer.papers) == 1)
            printer.set(cover_open=True)
            await news.until(lambda: bool(news.of("K001")))
            assert news.of("K001") == [(JobState.UNKNOWN, Reason.COVER_OPEN)]
            printer.set(cover_open=False)
            await news.ended("K001")
        assert originals([*printer.papers, *spare.papers]) == {"K001": 1}


@pytest.mark.parametrize(("bridged", "reason"), [(True, Reason.POWER), (False, Reason.COUNTED)])
async def test_a_counter_that_stands_still_is_not_believed_after_a_silence_that_hides_a_restart(
    bridged: bool, reason: Reason, start: Start, configured: Configured, news: News
) -> None:
    async with SimulatedPrinter(dots_per_s=2000) as printer:
        settings = configured(printer, bridged=bridged)
        async with start(settings) as spooler:
            await news.well()
            await spooler.submit(job(1))
            await printer.until(lambda: bool(printer.piece))
            await printer.power_off()
            await asyncio.sleep(CABLE_RESTART_S)
            await printer.power_on()
            await news.until(lambda: reason in {told for _, told in news.of("K001")})


@pytest.mark.parametrize("bridged", [True, False])
async def test_a_silence_over_a_slip_is_seen_before_the_rest_is_sent_where_the_way_is_slow(
    bridged: bool, start: Start, configured: Configured, news: News
) -> None:
    async with SimulatedPrinter(dots_per_s=4000) as printer:
        settings = configured(printer, bridged=bridged)
        async with start(settings, render=in_parts, poll_s=60, status_s=0.2, silent_s=0.1) as spooler:
            await news.well()
            before = printer.bytes_received
            await spooler.submit(job(1))
            await printer.until(lambda: bool(printer.piece))
            printer.set(mute=True)
            await news.until(lambda: news.health[-1][0].condition == "mute")
            assert (printer.bytes_received - before < len(IN_PARTS.body)) is bridged
            printer.set(mute=False)
            await news.ended("K001")
        assert len(printer.papers) == 1
