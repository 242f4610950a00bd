"""What a driver says, held against what is on paper."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from functools import partial
from itertools import count

import pytest
from msgspec.structs import replace

from config.model import Centre, Printer
from config.phrases import Phrases
from printers.driver import BeforeSending, Driver, Patience
from printers.health import SILENT_LOOKS_MAX
from printers.link import Link, open_tcp
from printers.outcome import Level, Outcome, PrinterHealth, Reason, Result
from printers.render import Encoded, renderer
from printers.simulator.faults import Break
from printers.simulator.printer import SimulatedPrinter
from printers.simulator.state import DUMB, Abilities
from printers.slip import Slip
from printers.talk import id_bytes
from printers.ways import Way

COUNTED = Abilities()
ORDERED = Abilities(process_ids=False, counters=False)


@pytest.fixture
async def printer() -> AsyncIterator[SimulatedPrinter]:
    async with SimulatedPrinter() as printer:
        yield printer


@pytest.fixture
def encoded(slip_of: Callable[..., Slip], centre: Centre, phrases: Phrases) -> Encoded:
    return renderer(centre, phrases)(slip_of("fr"), Printer(name="printer-1", host="127.0.0.1"))


class Counter:
    """Stands for the spooler: remembers the counter of cuts it was told before the first byte."""

    cuts: int | None = None
    told = 0

    async def __call__(self, cuts: int | None) -> None:
        self.cuts = cuts
        self.told += 1

    def and_then(self, fault: Callable[[], None]) -> BeforeSending:
        """The same, and something goes wrong from the first byte of the slip on."""

        async def told(cuts: int | None) -> None:
            await self(cuts)
            fault()

        return told


@pytest.fixture
def before() -> Counter:
    return Counter()


def driver_of(
    printer: SimulatedPrinter,
    patience: Patience,
    level: Level | None = None,
    *,
    hands_on: bool = False,
    way: Way | None = None,
    on_health: Callable[[PrinterHealth], None] = lambda _: None,
) -> Driver:
    return Driver(
        PrinterHealth("printer-1", level=level),
        way or partial(open_tcp, "127.0.0.1", printer.port),
        map(id_bytes, count()),
        hands_on=hands_on,
        patience=patience,
        on_health=on_health,
    )


def numbers(printer: SimulatedPrinter) -> int:
    """Whole slips that fell out."""
    return sum("sans votre nom" in paper.text and "VOID" not in paper.text for paper in printer.papers)


@pytest.mark.parametrize(
    ("abilities", "level"),
    [(COUNTED, Level.COUNTED), (ORDERED, Level.ORDERED)],
)
async def test_a_slip_is_printed_when_the_printer_says_so(
    abilities: Abilities, level: Level, encoded: Encoded, before: Counter, quick: Patience
) -> None:
    async with SimulatedPrinter(abilities=abilities) as printer:
        driver = driver_of(printer, quick)
        assert await driver.print(encoded, before) == Result(Outcome.PRINTED, Reason.CONFIRMED)
        assert (numbers(printer), driver.health.level, driver.health.condition) == (1, level, "ready")
        assert printer.papers[0].complaints == ()


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        ({"paper_dots": 0}, Reason.PAPER_OUT),
        ({"cover_open": True}, Reason.COVER_OPEN),
        ({"cutter_jammed": True}, Reason.ERROR),
    ],
)
async def test_nothing_is_sent_to_a_printer_that_stands_still(
    trouble: dict[str, int],
    reason: Reason,
    encoded: Encoded,
    before: Counter,
    quick: Patience,
    printer: SimulatedPrinter,
) -> None:
    printer.set(**trouble)  # type: ignore[arg-type]
    driver = driver_of(printer, quick)
    assert await driver.print(encoded, before) == Result(Outcome.NOT_PRINTED, reason)
    assert (driver.health.condition, driver.health.cause) == ("blocked", reason)
    printer.set(paper_dots=10**6, cover_open=False, cutter_jammed=False)
    assert await driver.print(encoded, before) == Result(Outcome.PRINTED, Reason.CONFIRMED)
    assert (numbers(printer), before.told) == (1, 1)


async def test_low_paper_prints_and_warns(
    encoded: Encoded, before: Counter, quick: Patience, printer: SimulatedPrinter
) -> None:
    printer.set(paper_dots=1900)
    driver = driver_of(printer, quick)
    assert (await driver.print(encoded, before)).outcome is Outcome.PRINTED
    assert driver.health.condition == "paper_low"


async def test_a_cover_opened_in_the_middle_and_closed_in_time_prints_once(
    encoded: Encoded, before: Counter, quick: Patience
) -> None:
    async with SimulatedPrinter(dots_per_s=2000) as printer:
        seen = asyncio.Event()
        driver = driver_of(
            printer,
            replace(quick, held_s=30.0, print_s=30.0),
            Level.COUNTED,
            on_health=lambda health: seen.set() if health.cause is Reason.COVER_OPEN else None,
        )
        async with asyncio.TaskGroup() as group:
            printing = group.create_task(driver.print(encoded, before))
            await printer.until(lambda: bool(printer.piece))
            printer.set(cover_open=True)
            await seen.wait()
            printer.set(cover_open=False)
        assert printing.result() == Result(Outcome.PRINTED, Reason.CONFIRMED)
        assert numbers(printer) == len(printer.papers) == 1


@pytest.mark.parametrize(("hands_on", "taken_back"), [(True, Outcome.NOT_PRINTED), (False, Outcome.UNKNOWN)])
async def test_paper_out_in_the_middle_and_never_changed_takes_the_slip_back(
    hands_on: bool,
    taken_back: Outcome,
    encoded: Encoded,
    before: Counter,
    quick: Patience,
    printer: SimulatedPrinter,
) -> None:
    printer.set(paper_dots=300)
    driver = driver_of(printer, quick, Level.COUNTED, hands_on=hands_on)
    result = await driver.print(encoded, before)
    assert result == Result(taken_back, Reason.PAPER_OUT, torn=True)
    printer.set(paper_dots=10**6)
    if not hands_on:
        assert await driver.resolve(before.cuts) == Result(Outcome.NOT_PRINTED, Reason.COUNTED, torn=True)
    assert await driver.push_out()
    assert (await driver.print(encoded, before)).outcome is Outcome.PRINTED
    assert ["VOID" in paper.text for paper in printer.papers] == [True, False]
    assert numbers(printer) == 1


@pytest.mark.parametrize("sent_bytes", [20, 200, 700, 1500, 3000])
async def test_a_link_broken_in_the_middle_is_unknown_until_the_cuts_are_counted(
    sent_bytes: int, encoded: Encoded, before: Counter, quick: Patience, printer: SimulatedPrinter
) -> None:
    driver = driver_of(printer, quick, Level.COUNTED)
    await driver.look()
    breaking = before.and_then(lambda: printer.break_after(sent_bytes))
    assert await driver.print(encoded, breaking) == Result(Outcome.UNKNOWN, Reason.LINK_LOST)
    assert await driver.resolve(before.cuts) == Result(Outcome.NOT_PRINTED, Reason.COUNTED, torn=True)
    assert await driver.push_out()
    assert (await driver.print(encoded, before)).outcome is Outcome.PRINTED
    assert numbers(printer) == 1


@pytest.mark.parametrize("how", ["rst", "fin"])
async def test_a_reply_lost_with_the_link_is_found_by_counting(
    how: Break, encoded: Encoded, before: Counter, quick: Patience, printer: SimulatedPrinter
) -> None:
    driver = driver_of(printer, quick, Level.COUNTED)
    breaking = before.and_then(lambda: printer.break_instead_of_reply(how))
    assert await driver.print(encoded, breaking) == Result(Outcome.UNKNOWN, Reason.LINK_LOST)
    result = await driver.resolve(before.cuts)
    assert result.outcome is (Outcome.PRINTED if numbers(printer) else Outcome.NOT_PRINTED)
    if result.outcome is Outcome.NOT_PRINTED:
        assert await driver.push_out()
        await driver.print(encoded, before)
    assert numbers(printer) == 1


async def test_a_reply_swallowed_on_the_way_is_no_second_slip(
    encoded: Encoded, before: Counter, quick: Patience, printer: SimulatedPrinter
) -> None:
    driver = driver_of(printer, replace(quick, print_s=0.5), Level.COUNTED)
    losing = before.and_then(lambda: printer.lose_replies(2))
    assert await driver.print(encoded, losing) == Result(Outcome.UNKNOWN, Reason.DEADLINE)
    assert await driver.resolve(before.cuts) == Result(Outcome.PRINTED, Reason.COUNTED)
    assert numbers(printer) == len(printer.papers) == 1


async def test_a_power_failure_in_the_middle_prints_once_afterwards(
    encoded: Encoded, before: Counter, quick: Patience
) -> None:
    async with SimulatedPrinter(dots_per_s=3000) as printer:
        driver = driver_of(printer, quick, Level.COUNTED)
        async with asyncio.TaskGroup() as group:
            printing = group.create_task(driver.print(encoded, before))
            await printer.until(lambda: bool(printer.piece))
            await printer.power_cycle()
        assert printing.result() == Result(Outcome.UNKNOWN, Reason.LINK_LOST)
        assert (await driver.resolve(before.cuts)).outcome is Outcome.NOT_PRINTED
        assert await driver.push_out()
        assert (await driver.print(encoded, before)).outcome is Outcome.PRINTED
        assert numbers(printer) == 1
        assert "VOID" in printer.papers[0].text


async def test_a_counter_that_stands_still_proves_nothing_once_the_printer_may_have_been_off(
    encoded: Encoded, before: Counter, quick: Patience
) -> None:
    async with SimulatedPrinter() as printer:
        driver = driver_of(printer, replace(quick, restart_s=0), Level.COUNTED)
        breaking = before.and_then(lambda: printer.break_after(300))
        assert (await driver.print(encoded, breaking)).outcome is Outcome.UNKNOWN
        assert await driver.resolve(before.cuts) == Result(Outcome.UNKNOWN, Reason.POWER, torn=True)


async def test_one_cut_more_proves_the_slip_even_if_the_printer_was_off(
    encoded: Encoded, before: Counter, quick: Patience, printer: SimulatedPrinter
) -> None:
    driver = driver_of(printer, replace(quick, print_s=0.5, restart_s=0), Level.COUNTED)
    losing = before.and_then(lambda: printer.lose_replies(2))
    assert (await driver.print(encoded, losing)).outcome is Outcome.UNKNOWN
    assert await driver.resolve(before.cuts) == Result(Outcome.PRINTED, Reason.COUNTED)


async def test_a_printer_that_only_answers_in_order_cannot_say_what_became_of_a_slip(
    encoded: Encoded, before: Counter, quick: Patience
) -> None:
    async with SimulatedPrinter(abilities=ORDERED) as printer:
        driver = driver_of(printer, quick)
        assert (await driver.print(encoded, before)).outcome is Outcome.PRINTED
        breaking = before.and_then(lambda: printer.break_after(300))
        assert await driver.print(encoded, breaking) == Result(Outcome.UNKNOWN, Reason.LINK_LOST)
        assert await driver.resolve(before.cuts) == Result(Outcome.UNKNOWN, Reason.NO_COUNTER, torn=True)


async def test_a_printer_that_never_speaks_is_printed_on_and_never_believed(
    encoded: Encoded, before: Counter, quick: Patience
) -> None:
    async with SimulatedPrinter(abilities=DUMB) as printer:
        driver = driver_of(printer, quick)
        results = [await driver.print(encoded, before) for _ in range(SILENT_LOOKS_MAX)]
        assert results[:-1] == [Result(Outcome.NOT_PRINTED, Reason.MUTE)] * (SILENT_LOOKS_MAX - 1)
        assert results[-1] == Result(Outcome.UNKNOWN, Reason.UNCONFIRMED)
        await printer.until(lambda: numbers(printer) == 1)
        assert driver.health.level is Level.MUTE


async def test_a_printer_that_fell_silent_gets_no_paper_job(
    encoded: Encoded, before: Counter, quick: Patience, printer: SimulatedPrinter
) -> None:
    driver = driver_of(printer, quick, Level.COUNTED)
    printer.set(mute=True)
    for _ in range(SILENT_LOOKS_MAX + 1):
        assert await driver.print(encoded, before) == Result(Outcome.NOT_PRINTED, Reason.MUTE)
    assert (driver.health.condition, printer.papers, before.told) == ("mute", [], 0)


async def test_a_printer_another_computer_holds_counts_as_silent(
    encoded: Encoded, before: Counter, quick: Patience, printer: SimulatedPrinter
) -> None:
    other = await open_tcp("127.0.0.1", printer.port)
    await other.write(b"\x10\x04\x01")
    await other.read()
    driver = driver_of(printer, quick, Level.COUNTED)
    assert await driver.print(encoded, before) == Result(Outcome.NOT_PRINTED, Reason.MUTE)
    await other.close()
    assert (await driver.print(encoded, before)).outcome is Outcome.PRINTED


async def test_a_refused_port_is_certainly_not_printed(
    encoded: Encoded, before: Counter, quick: Patience, printer: SimulatedPrinter
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        driver = driver_of(printer, quick, way=partial(open_tcp, "127.0.0.1", closed.getsockname()[1]))
        assert await driver.print(encoded, before) == Result(Outcome.NOT_PRINTED, Reason.UNREACHABLE)
        assert (await driver.look()).condition == "unreachable"
    assert before.told == 0


async def test_chatter_of_automatic_status_is_not_taken_for_an_answer(
    encoded: Encoded, before: Counter, quick: Patience, printer: SimulatedPrinter
) -> None:
    async def chattering() -> Link:
        link = await open_tcp("127.0.0.1", printer.port)
        await link.write(b"\x1da\xff")
        printer.set(cover_open=True)
        printer.set(cover_open=False)
        return link

    driver = driver_of(printer, quick, way=chattering)
    assert (await driver.print(encoded, before)).outcome is Outcome.PRINTED
    assert numbers(printer) == 1
