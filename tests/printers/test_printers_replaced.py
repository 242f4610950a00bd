"""A printer that is renamed, replaced, or has no cutter; a day that begins while the program is off."""

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from support.paper import Desk, Open, readable, whole

from config.model import Printer
from printers.driver import Patience
from printers.job import Job, JobState
from printers.outcome import Level
from printers.render import Encoded
from printers.simulator.printer import SimulatedPrinter
from printers.simulator.state import Abilities
from printers.slip import Slip
from printers.spooler import Pauses, Spooler

JobOf = Callable[..., Job]
Configured = Callable[..., Printer]
NOWHERE = Printer(name="printer-1", host="127.0.0.1", port=1)


async def test_what_waits_for_a_printer_that_is_no_more_can_be_ordered_at_another(
    spooler_for: Open, job_of: JobOf, configured: Configured, desk: Desk
) -> None:
    async with spooler_for(NOWHERE) as spooler:
        await spooler.submit(job_of(1))
    async with SimulatedPrinter() as printer:
        async with spooler_for(configured(printer, "printer-2")) as spooler:
            await spooler.submit(job_of(1, "printer-2"))
            await desk.until(lambda: desk.ended() == ["K001"])
        assert whole(printer.papers) == {"ticket K001 copy 1": 1}


async def test_a_printer_replaced_by_one_that_says_less_is_asked_again_and_prints(
    spooler_for: Open, job_of: JobOf, configured: Configured, desk: Desk
) -> None:
    async with SimulatedPrinter() as printer, spooler_for(configured(printer)) as spooler:
        await spooler.submit(job_of(1))
        await desk.until(lambda: desk.ended() == ["K001"])
    async with SimulatedPrinter(abilities=Abilities(process_ids=False, counters=False)) as other:
        async with spooler_for(configured(other)) as spooler:
            await spooler.submit(job_of(2))
            await desk.until(lambda: "K002" in desk.ended())
            assert desk.health[-1][0].level is Level.ORDERED
        assert whole(other.papers) == {"ticket K002 copy 1": 1}


async def test_a_printer_without_a_cutter_is_not_believed_to_have_printed_nothing(
    spooler_for: Open, job_of: JobOf, configured: Configured, desk: Desk
) -> None:
    def render(slip: Slip, printer: Printer) -> Encoded:
        return replace(readable(slip, printer), counted=False)

    async with (
        SimulatedPrinter() as printer,
        spooler_for(configured(printer), render=render) as spooler,
    ):
        await desk.until(lambda: bool(desk.health) and desk.health[-1][0].level is Level.COUNTED)
        printer.break_after(160)
        await spooler.submit(job_of(1))
        await desk.until(lambda: desk.ended(JobState.OFFERED) == ["K001"])


@pytest.mark.parametrize("needless", [True, False])
async def test_what_nobody_needs_any_more_is_known_before_the_first_slip_comes_out(  # noqa: PLR0913, PLR0917 - fixtures
    needless: bool,
    tmp_path: Path,
    spooler_for: Open,
    job_of: JobOf,
    configured: Configured,
    desk: Desk,
    quick: Patience,
    brisk: Pauses,
) -> None:
    async with spooler_for(NOWHERE) as spooler:
        await spooler.submit(job_of(1))
    day, served = ("2026-11-22", ["K001"]) if needless else ("2026-11-23", [])
    async with SimulatedPrinter() as printer:
        again = Spooler(
            [configured(printer)],
            tmp_path / "spool.db",
            desk.on_outcome,
            readable,
            patience=quick,
            pauses=brisk,
            day=day,
            needless=served,
        )
        async with again:
            await desk.until(lambda: desk.ended(JobState.DROPPED) == ["K001"])
            await again.submit(replace(job_of(2), day=day))
            await desk.until(lambda: desk.ended() == ["K002"])
        assert whole(printer.papers) == {"ticket K002 copy 1": 1}
