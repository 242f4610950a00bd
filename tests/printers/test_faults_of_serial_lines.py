"""Faults of a serial line, where nobody says that a link has gone: judged by the paper and what was told."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from chaos.news import News
from chaos.slips import VOID, job, originals

from config.model import Printer, SerialLine
from printers import line
from printers.job import JobState
from printers.link import Link
from printers.outcome import Reason
from printers.simulator.printer import SimulatedPrinter
from printers.spooler import Spooler

Start = Callable[..., Spooler]

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


@pytest.mark.parametrize("sent_bytes", [1, 5, 60, 140, 190])
async def test_an_adapter_pulled_out_in_a_slip_is_opened_again_by_its_lasting_name(
    sent_bytes: int, printer: SimulatedPrinter, settings: Printer, start: Start, news: News
) -> None:
    async with start(settings, poll_s=60) as spooler:
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


class WrongSpeed:
    """A link at whose ends two different speeds are set."""

    def __init__(self, link: Link) -> None:
        self._link = link

    async def write(self, words: bytes) -> None:
        await self._link.write(bytes(byte | RUBBISH for byte in words))

    async def read(self) -> bytes:
        return bytes(byte | RUBBISH for byte in await self._link.read())

    async def close(self) -> None:
        await self._link.close()

    def abort(self) -> None:
        self._link.abort()


def wrong_speed(whole: Callable[[], Awaitable[Link]]) -> Callable[[], Awaitable[Link]]:
    async def open_link() -> Link:
        return WrongSpeed(await whole())

    return open_link


async def test_rubbish_at_a_wrong_speed_sends_no_slip_and_leaves_no_slip_soiled(
    printer: SimulatedPrinter, settings: Printer, start: Start, news: News
) -> None:
    async with start(settings, status_s=0.05) as spooler:
        await counted(spooler, news)
        driver = spooler._owners["printer-1"]._driver
        whole = driver._open_link
        driver._open_link = wrong_speed(whole)
        await spooler.submit(job(1))
        await news.until(lambda: (JobState.QUEUED, Reason.MUTE) in news.of("K001"))
        driver._open_link = whole
        assert await news.ended("K001") == [JobState.PRINTED]
    assert originals(printer.papers) == {"K009": 1, "K001": 1}


async def test_a_new_printer_at_a_wrong_speed_is_never_believed(
    printer: SimulatedPrinter, settings: Printer, start: Start, news: News
) -> None:
    spooler = start(settings, status_s=0.02)
    async with spooler:
        driver = spooler._owners["printer-1"]._driver
        driver._open_link = wrong_speed(driver._open_link)
        await spooler.submit(job(1))
        assert await news.ended("K001") == [JobState.OFFERED]
        assert JobState.PRINTED not in {one.state for one in news.told}
    assert all(VOID not in paper.text for paper in printer.papers)
