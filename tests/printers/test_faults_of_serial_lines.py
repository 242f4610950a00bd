"""Faults of a serial line, where nobody says that a link has gone: judged by the paper and what was told."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from chaos.news import News
from chaos.slips import VOID, job, originals
from msgspec.structs import replace
from support.links import PassingOn, Through

from config.model import Printer, SerialLine
from printers import line, link
from printers.job import JobState
from printers.outcome import Reason
from printers.simulator.printer import SimulatedPrinter
from printers.spooler import Spooler

Start = Callable[..., Spooler]
Configured = Callable[..., Printer]

DOTS_PER_S = 4000.0
BEFORE_SLIP_BYTES = 29
"""What a driver that knows its printer asks before it sends."""
RUBBISH = 0xE0
"""Bits that a wrong speed adds: letters nobody wrote, and no command."""


@pytest.fixture
async def printer(tmp_path: Path) -> AsyncIterator[SimulatedPrinter]:
    async with SimulatedPrinter(dots_per_s=DOTS_PER_S) as printer:
        printer.plug_serial(flow_control=True, link=tmp_path / "by-id")
        yield printer


@pytest.fixture
def settings(tmp_path: Path) -> Printer:
    """The printer by a name that stays, whatever device it gets."""
    return Printer(name="printer-1", device=str(tmp_path / "by-id"), line=SerialLine(baud=115200))


async def counted(spooler: Spooler, news: News) -> None:
    """Has a first slip printed, so that everything is known of the printer."""
    await spooler.submit(job(9))
    assert await news.ended("K009") == [JobState.PRINTED]


async def test_a_slip_goes_over_a_serial_line(
    printer: SimulatedPrinter, settings: Printer, start: Start, news: News
) -> None:
    async with start(settings) as spooler:
        await counted(spooler, news)
    assert originals(printer.papers) == {"K009": 1}


async def test_a_cable_out_holds_the_slip_until_it_is_back(
    printer: SimulatedPrinter, settings: Printer, start: Start, news: News
) -> None:
    async with start(settings, status_s=0.1) as spooler:
        await counted(spooler, news)
        printer.black_hole(True)
        await spooler.submit(job(1))
        await news.until(lambda: (JobState.QUEUED, Reason.MUTE) in news.of("K001"))
        printer.black_hole(False)
        assert await news.ended("K001") == [JobState.PRINTED]
    assert originals(printer.papers) == {"K009": 1, "K001": 1}


async def test_a_cable_pulled_while_a_slip_prints_repeats_nothing(
    printer: SimulatedPrinter, settings: Printer, start: Start, news: News
) -> None:
    async with start(settings, status_s=0.1, print_s=0.5) as spooler:
        await counted(spooler, news)
        await spooler.submit(job(1))
        await printer.until(lambda: bool(printer.piece))
        printer.black_hole(True)
        await news.until(lambda: (JobState.UNKNOWN, Reason.DEADLINE) in news.of("K001"))
        printer.black_hole(False)
        assert await news.ended("K001") == [JobState.PRINTED]
        assert news.of("K001")[-1] == (JobState.PRINTED, Reason.COUNTED)
    assert originals(printer.papers) == {"K009": 1, "K001": 1}
    assert len(printer.papers) == 2


@pytest.mark.parametrize(("sent_bytes", "look_s"), [(1, 60), (5, 60), (60, 60), (140, 0.02), (190, 0.02)])
async def test_an_adapter_pulled_out_in_a_slip_or_a_look_is_opened_again_by_its_lasting_name(
    sent_bytes: int, look_s: float, printer: SimulatedPrinter, settings: Printer, start: Start, news: News
) -> None:
    async with start(settings, poll_s=60, look_s=look_s) as spooler:
        await counted(spooler, news)
        printer.break_after(BEFORE_SLIP_BYTES + sent_bytes)
        await spooler.submit(job(1))
        assert await news.ended("K001") == [JobState.PRINTED]
        assert news.of("K001")[0][0] is JobState.UNKNOWN
    assert originals(printer.papers) == {"K009": 1, "K001": 1}
    assert printer.papers[-1].complaints == ()


async def test_a_printer_that_holds_the_line_for_ever_is_given_up_and_printed_on_once_afterwards(
    monkeypatch: pytest.MonkeyPatch,
    printer: SimulatedPrinter,
    settings: Printer,
    start: Start,
    news: News,
) -> None:
    monkeypatch.setattr(line, "WRITE_TIMEOUT_S", 0.1)
    async with start(settings, status_s=0.1, print_s=0.3, poll_s=60) as spooler:
        await counted(spooler, news)
        seen = printer.bytes_received
        await spooler.submit(job(1))
        await printer.until(lambda: printer.bytes_received >= seen + BEFORE_SLIP_BYTES)
        printer.set(deaf=True)
        await news.until(lambda: bool(news.of("K001")))
        assert news.of("K001")[0] in {
            (JobState.UNKNOWN, Reason.LINK_LOST),
            (JobState.UNKNOWN, Reason.DEADLINE),
        }
        printer.set(deaf=False)
        assert await news.ended("K001") == [JobState.PRINTED]
    assert originals(printer.papers) == {"K009": 1, "K001": 1}


async def test_staff_see_a_printer_that_stops_reading_in_the_middle_of_a_slip_before_it_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
    printer: SimulatedPrinter,
    settings: Printer,
    start: Start,
    news: News,
) -> None:
    monkeypatch.setattr(link, "STALLED_S", 0.05)
    monkeypatch.setattr(link, "STALL_LOOK_S", 0.01)
    monkeypatch.setattr(line, "WRITE_TIMEOUT_S", 3600.0)
    async with start(settings, silent_s=0.1, poll_s=60) as spooler:
        await counted(spooler, news)
        seen = printer.bytes_received
        await spooler.submit(job(1))
        await printer.until(lambda: printer.bytes_received >= seen + BEFORE_SLIP_BYTES)
        printer.set(deaf=True)
        await news.until(lambda: spooler.health()[0].condition == "mute")
        assert not news.of("K001")
        printer.set(deaf=False)
        assert await news.ended("K001") == [JobState.PRINTED]
        await news.until(lambda: spooler.health()[0].condition == "ready")
    assert originals(printer.papers) == {"K009": 1, "K001": 1}


async def test_a_slip_whose_word_the_line_lost_comes_out_of_no_spare_as_well(
    printer: SimulatedPrinter, settings: Printer, start: Start, configured: Configured, news: News
) -> None:
    async with SimulatedPrinter() as spare:
        both = (replace(settings, spare="printer-2"), configured(spare, "printer-2"))
        async with start(*both, held_s=60, held_with_spare_s=0.05) as spooler:
            await counted(spooler, news)
            await spooler.submit(job(1))
            await printer.until(lambda: bool(printer.piece))
            printer.lose_replies(2)
            await printer.until(lambda: len(printer.papers) == 2)
            printer.set(cover_open=True)
            await news.until(lambda: bool(news.of("K001")))
            assert news.of("K001") == [(JobState.UNKNOWN, Reason.COVER_OPEN)]
            await spooler.submit(job(2))
            assert await news.ended("K002") == [JobState.PRINTED]
            printer.set(cover_open=False)
            assert await news.ended("K001") == [JobState.PRINTED]
        assert originals([*printer.papers, *spare.papers]) == {"K009": 1, "K001": 1, "K002": 1}
        assert originals(spare.papers) == {"K002": 1}


class WrongSpeed(PassingOn):
    """A link at whose ends two different speeds are set."""

    async def write(self, words: bytes) -> None:
        await super().write(bytes(byte | RUBBISH for byte in words))

    async def read(self) -> bytes:
        return bytes(byte | RUBBISH for byte in await super().read())


async def test_rubbish_at_a_wrong_speed_sends_no_slip_and_leaves_no_slip_soiled(
    printer: SimulatedPrinter, settings: Printer, start: Start, news: News
) -> None:
    wrong = Through(WrongSpeed, on=False)
    async with start(settings, status_s=0.05, way_to=wrong) as spooler:
        await counted(spooler, news)
        wrong.on = True
        await spooler.submit(job(1))
        await news.until(lambda: (JobState.QUEUED, Reason.MUTE) in news.of("K001"))
        wrong.on = False
        assert await news.ended("K001") == [JobState.PRINTED]
    assert originals(printer.papers) == {"K009": 1, "K001": 1}


async def test_a_new_printer_at_a_wrong_speed_is_never_believed(
    printer: SimulatedPrinter, settings: Printer, start: Start, news: News
) -> None:
    async with start(settings, status_s=0.02, way_to=Through(WrongSpeed)) as spooler:
        await spooler.submit(job(1))
        assert await news.ended("K001") == [JobState.OFFERED]
        assert JobState.PRINTED not in {one.state for one in news.told}
    assert all(VOID not in paper.text for paper in printer.papers)
