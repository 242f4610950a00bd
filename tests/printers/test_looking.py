"""Staff see how a printer is while something is awaited from it, not only between two slips."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from itertools import count

import pytest
from chaos.slips import job, plain
from msgspec.structs import replace

from config.model import Printer
from printers.driver import Driver, Patience
from printers.layout import PART_BYTES_MAX
from printers.link import CONNECT_TIMEOUT_S, DRAIN_TIMEOUT_S, open_tcp
from printers.outcome import Level, Outcome, PrinterHealth, Reason, Result
from printers.render import Encoded
from printers.simulator.printer import SimulatedPrinter
from printers.simulator.state import Abilities
from printers.spooler import CABLE_LOOK_S, CABLE_RESTART_S, Pauses
from printers.talk import id_bytes

LONG_S = 3600.0
"""What is seen within this is seen before the wait in question ends."""
TELLS_ITS_STATE = Abilities(process_ids=False, counters=False, sensors=False)
"""A cheap copy: how it is, but not what it has done."""


class Staff:
    """Sees a printer through its driver, and waits for what it shows."""

    def __init__(self, printer: SimulatedPrinter, patience: Patience, level: Level | None = None) -> None:
        self.seen: list[str] = []
        """Every condition shown, the same twice running once."""
        self._news = asyncio.Event()
        self.driver = Driver(
            PrinterHealth("printer-1", level=level),
            partial(open_tcp, "127.0.0.1", printer.port),
            map(id_bytes, count()),
            patience=patience,
            on_health=self._hear,
        )

    def _hear(self, health: PrinterHealth) -> None:
        if health.condition not in self.seen[-1:]:
            self.seen.append(health.condition)
        self._news.set()

    async def see(self, condition: str, cause: Reason | None) -> None:
        while (self.driver.health.condition, self.driver.health.cause) != (condition, cause):
            self._news.clear()
            await self._news.wait()


@pytest.fixture
async def printer() -> AsyncIterator[SimulatedPrinter]:
    async with SimulatedPrinter(dots_per_s=2000) as printer:
        yield printer


@pytest.fixture
def slip() -> Encoded:
    return plain(job(1).slip, Printer(name="printer-1"))


async def unasked(_: int | None) -> None:
    """Nothing has to be done before the first byte."""


def test_between_two_looks_there_are_less_than_five_seconds() -> None:
    patience, pauses = Patience(), Pauses()
    pause_s = max(pauses.poll_s, pauses.retry_max_s)
    assert DRAIN_TIMEOUT_S + pause_s + CONNECT_TIMEOUT_S < 5
    assert DRAIN_TIMEOUT_S + pause_s + patience.status_s < 5
    assert patience.silent_s + patience.look_s + patience.status_s < 5


def test_a_part_of_a_slip_on_its_way_over_the_slowest_line_leaves_time_for_an_answer() -> None:
    bits_a_byte, baud, answers_s = 12, 9600, 0.3
    assert PART_BYTES_MAX * bits_a_byte / baud + answers_s < Patience().status_s


def test_one_look_may_go_unanswered_before_a_printer_may_have_been_off() -> None:
    patience, pauses = Patience(), Pauses()
    assert 2 * patience.look_s + patience.status_s + DRAIN_TIMEOUT_S + pauses.retry_min_s < patience.restart_s
    assert CABLE_LOOK_S + pauses.retry_min_s < CABLE_RESTART_S


async def test_a_cover_opened_while_a_slip_is_being_found_out_is_seen_at_once(
    printer: SimulatedPrinter, quick: Patience
) -> None:
    staff = Staff(printer, replace(quick, barrier_s=LONG_S, answer_s=LONG_S), Level.COUNTED)
    printer.lose_replies(1)
    finding_out = asyncio.create_task(staff.driver.resolve(0))
    await staff.see("ready", None)
    printer.set(cover_open=True)
    await staff.see("blocked", Reason.COVER_OPEN)
    printer.set(cover_open=False)
    await staff.see("ready", None)
    assert not finding_out.done()
    finding_out.cancel()
    await asyncio.wait([finding_out])


async def test_a_printer_that_falls_silent_over_a_slip_is_seen_before_the_slip_is_given_up(
    printer: SimulatedPrinter, quick: Patience, slip: Encoded
) -> None:
    staff = Staff(printer, replace(quick, status_s=0.05, silent_s=0.05, print_s=LONG_S), Level.COUNTED)
    printing = asyncio.create_task(staff.driver.print(slip, unasked))
    await printer.until(lambda: bool(printer.piece))
    printer.freeze(on=True)
    await staff.see("mute", Reason.MUTE)
    printer.freeze(on=False)
    assert await printing == Result(Outcome.PRINTED, Reason.CONFIRMED)


async def test_one_look_unanswered_over_a_slip_alarms_nobody(
    printer: SimulatedPrinter, quick: Patience, slip: Encoded
) -> None:
    staff = Staff(printer, replace(quick, look_s=0.05, status_s=0.05, silent_s=LONG_S), Level.COUNTED)
    await staff.driver.look()
    printing = asyncio.create_task(staff.driver.print(slip, unasked))
    await printer.until(lambda: bool(printer.piece))
    printer.set(mute=True)
    asked = printer.bytes_received
    await printer.until(lambda: printer.bytes_received > asked)
    printer.set(mute=False)
    assert (await printing).outcome is not Outcome.NOT_PRINTED
    assert staff.seen == ["ready"]


async def test_a_stopped_printer_whose_memory_fills_with_looks_still_reads_as_out_of_paper(
    quick: Patience, slip: Encoded
) -> None:
    async with SimulatedPrinter(dots_per_s=2000, buffer_bytes=512) as printer:
        staff = Staff(printer, replace(quick, status_s=0.05, held_s=LONG_S), Level.COUNTED)
        printing = asyncio.create_task(staff.driver.print(slip, unasked))
        await printer.until(lambda: bool(printer.piece))
        printer.paper_out()
        await staff.see("blocked", Reason.PAPER_OUT)
        await printer.until(lambda: printer.bytes_waiting == printer.buffer_bytes)
        assert (staff.driver.health.condition, staff.driver.health.cause) == ("blocked", Reason.PAPER_OUT)
        printer.paper_back()
        assert await printing == Result(Outcome.PRINTED, Reason.CONFIRMED)


async def test_a_copy_that_only_tells_its_state_gets_no_slip_once_it_hangs(
    quick: Patience, slip: Encoded
) -> None:
    async with SimulatedPrinter(abilities=TELLS_ITS_STATE) as printer:
        staff = Staff(printer, replace(quick, status_s=0.05, answer_s=0.05))
        assert await staff.driver.print(slip, unasked) == Result(Outcome.UNKNOWN, Reason.UNCONFIRMED)
        await printer.until(lambda: len(printer.papers) == 1)
        assert (staff.driver.health.level, staff.driver.health.prints) == (Level.STATUS, True)
        printer.freeze(on=True)
        received = printer.bytes_received
        restarted = Staff(printer, replace(quick, status_s=0.05), Level.STATUS)
        for one in (staff, restarted):
            assert await one.driver.print(slip, unasked) == Result(Outcome.NOT_PRINTED, Reason.MUTE)
            assert (one.driver.health.condition, one.driver.health.prints) == ("mute", False)
        printer.freeze(on=False)
        assert printer.bytes_received - received < len(slip.body)


async def test_a_silent_copy_that_speaks_one_day_is_no_longer_silent_by_nature(
    printer: SimulatedPrinter, quick: Patience
) -> None:
    staff = Staff(printer, quick, Level.MUTE)
    printer.set(cover_open=True)
    await staff.driver.look()
    assert staff.driver.health == PrinterHealth("printer-1", "blocked", Reason.COVER_OPEN, Level.STATUS)
    printer.freeze(on=True)
    await staff.driver.look()
    assert not staff.driver.health.prints
