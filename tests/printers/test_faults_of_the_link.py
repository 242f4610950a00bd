"""Faults on the way to a printer: judged by the paper and by what was told."""

import asyncio
import errno
import socket
from collections.abc import Callable

import msgspec
import pytest
from chaos.news import News
from chaos.slips import job, originals, plain

from config.model import Printer
from printers import link, store
from printers.job import Job, JobState
from printers.link import open_tcp
from printers.outcome import Reason
from printers.render import Encoded, Render
from printers.simulator.printer import Break, SimulatedPrinter
from printers.slip import Slip
from printers.spooler import Spooler

Start = Callable[..., Spooler]
Configured = Callable[..., Printer]

QUIET_S = 60.0
"""No looks in between, where a test counts bytes."""
STATUS_BYTES = 12
CUTS_BYTES = 17
ID_BYTES = 11
SLIP = plain(job(1).slip, Printer(name="printer-1", host="127.0.0.1"))
BEFORE_SLIP_BYTES = STATUS_BYTES + CUTS_BYTES
"""What a driver that knows its printer asks before it sends."""
TO_LAST_ID_BYTES = BEFORE_SLIP_BYTES + len(SLIP.body) + ID_BYTES + len(SLIP.cut)
SENT_BYTES = TO_LAST_ID_BYTES + ID_BYTES
"""A whole visit to the printer."""


async def until_told(news: News, reason: Reason) -> None:
    await news.until(lambda: any(one.reason is reason for one in news.told))


@pytest.mark.parametrize(
    "fault",
    [
        ConnectionRefusedError(errno.ECONNREFUSED, "refused"),
        socket.gaierror(socket.EAI_NONAME, "no such name"),
        OSError(errno.EHOSTUNREACH, "no route to host"),
        TimeoutError("black hole"),
    ],
    ids=["refused", "no such name", "no route", "nobody answers"],
)
async def test_a_printer_that_cannot_be_reached_holds_the_slip_and_says_so(
    fault: OSError,
    monkeypatch: pytest.MonkeyPatch,
    printer: SimulatedPrinter,
    start: Start,
    configured: Configured,
    news: News,
) -> None:
    async def refuse(*_: object) -> None:
        raise fault

    with monkeypatch.context() as patch:
        patch.setattr(asyncio, "open_connection", refuse)
        async with start(configured(printer)) as spooler:
            await spooler.submit(job(1))
            await until_told(news, Reason.UNREACHABLE)
            assert news.of("K001") == [(JobState.QUEUED, Reason.UNREACHABLE)]
            patch.undo()
            assert await news.ended("K001") == [JobState.PRINTED]
    assert originals(printer.papers) == {"K001": 1}


@pytest.mark.parametrize("address", ["192.0.2..7", "x" * 64])
async def test_an_address_mistyped_in_the_configuration_stops_nobody_else(
    address: str, printer: SimulatedPrinter, start: Start, configured: Configured, news: News
) -> None:
    wrong = Printer(name="printer-2", host=address)
    async with start(configured(printer), wrong) as spooler:
        await spooler.submit(job(2, "printer-2"))
        await spooler.submit(job(1))
        assert await news.ended("K001") == [JobState.PRINTED]
        await until_told(news, Reason.UNREACHABLE)
        assert news.end("K002") is None
    assert originals(printer.papers) == {"K001": 1}


async def test_a_black_hole_is_known_in_time_and_loses_nothing(
    monkeypatch: pytest.MonkeyPatch,
    printer: SimulatedPrinter,
    start: Start,
    configured: Configured,
    news: News,
) -> None:
    monkeypatch.setattr(link, "CONNECT_TIMEOUT_S", 0.05)
    async with start(configured(printer)) as spooler:
        await news.well()
        printer.black_hole(True)
        await spooler.submit(job(1))
        await news.until(lambda: bool(news.of("K001")))
        assert news.of("K001")[0] in {(JobState.QUEUED, Reason.UNREACHABLE), (JobState.QUEUED, Reason.MUTE)}
        printer.black_hole(False)
        assert await news.ended("K001") == [JobState.PRINTED]
    assert originals(printer.papers) == {"K001": 1}


async def test_a_slip_in_the_middle_of_a_black_hole_is_found_out_afterwards(
    start: Start, configured: Configured, news: News
) -> None:
    async with SimulatedPrinter(dots_per_s=4000) as printer:
        async with start(configured(printer), print_s=0.5) as spooler:
            await spooler.submit(job(1))
            await printer.until(lambda: bool(printer.piece))
            printer.black_hole(True)
            await news.until(lambda: (JobState.UNKNOWN, Reason.DEADLINE) in news.of("K001"))
            printer.black_hole(False)
            assert await news.ended("K001") == [JobState.PRINTED]
        assert originals(printer.papers) == {"K001": 1}


async def test_a_printer_switched_on_later_prints_what_waits(
    start: Start, configured: Configured, news: News
) -> None:
    printer = SimulatedPrinter()
    await printer.listen()
    await printer.stop()
    async with start(configured(printer)) as spooler:
        await spooler.submit(job(1))
        await until_told(news, Reason.UNREACHABLE)
        async with printer:
            assert await news.ended("K001") == [JobState.PRINTED]
            assert originals(printer.papers) == {"K001": 1}


@pytest.mark.parametrize("how", ["rst", "fin"])
@pytest.mark.parametrize("at_byte", range(1, SENT_BYTES + 1, 17))
async def test_a_link_broken_at_any_byte_prints_once(
    how: Break, at_byte: int, printer: SimulatedPrinter, start: Start, configured: Configured, news: News
) -> None:
    async with start(configured(printer), poll_s=QUIET_S, look_s=QUIET_S) as spooler:
        await news.well()
        await spooler.submit(job(9))
        await news.ended("K009")
        printer.break_after(at_byte, how)
        await spooler.submit(job(1))
        assert await news.ended("K001") == [JobState.PRINTED]
        inside = at_byte > BEFORE_SLIP_BYTES
        assert (Reason.LINK_LOST in {reason for _, reason in news.of("K001")}) or not inside
    assert originals(printer.papers) == {"K001": 1, "K009": 1}


@pytest.mark.parametrize("how", ["rst", "fin"])
@pytest.mark.parametrize("missing_bytes", [0, 1, 5])
async def test_a_reset_between_the_cut_and_the_last_id_is_found_by_counting(
    how: Break,
    missing_bytes: int,
    printer: SimulatedPrinter,
    start: Start,
    configured: Configured,
    news: News,
) -> None:
    async with start(configured(printer), poll_s=QUIET_S, look_s=QUIET_S) as spooler:
        await news.well()
        await spooler.submit(job(9))
        await news.ended("K009")
        printer.break_after(TO_LAST_ID_BYTES + missing_bytes, how)
        await spooler.submit(job(1))
        assert await news.ended("K001") == [JobState.PRINTED]
        assert news.of("K001") == [(JobState.UNKNOWN, Reason.LINK_LOST), (JobState.PRINTED, Reason.COUNTED)]
    assert originals(printer.papers) == {"K001": 1, "K009": 1}
    assert len(printer.papers) == 2


@pytest.mark.parametrize("how", ["rst", "fin"])
async def test_a_slip_printed_just_before_the_link_died_is_not_printed_again(
    how: Break, printer: SimulatedPrinter, start: Start, configured: Configured, news: News
) -> None:
    async with start(configured(printer), poll_s=QUIET_S) as spooler:
        await spooler.submit(job(9))
        await news.ended("K009")
        await spooler.submit(job(1))
        await printer.until(lambda: len(printer.papers) == 2)
        printer.break_instead_of_reply(how)
        assert await news.ended("K001") == [JobState.PRINTED]
    assert originals(printer.papers) == {"K001": 1, "K009": 1}
    assert len(printer.papers) == 2


async def test_a_printer_whose_slips_are_torn_off_by_hand_has_no_cuts_to_count(
    printer: SimulatedPrinter,
    start: Start,
    configured: Configured,
    news: News,
    real: Render,
    job_of: Callable[..., Job],
) -> None:
    hand_torn = real(job_of(1).slip, configured(printer, profile="POS-5890"))

    def uncut(slip: Slip, settings: Printer) -> Encoded:
        return msgspec.structs.replace(hand_torn, parts=plain(slip, settings).parts)

    async with start(configured(printer), render=uncut, poll_s=QUIET_S) as spooler:
        await spooler.submit(job(9))
        await news.ended("K009")
        await spooler.submit(job(1))
        await printer.until(lambda: b"ticket K001" in printer.piece)
        printer.lose_replies(2)
        await printer.until(lambda: b"end of K001" in printer.piece)
        printer.hang_up("rst")
        assert await news.ended("K001") == [JobState.OFFERED]
        assert news.of("K001")[-1] == (JobState.OFFERED, Reason.NO_COUNTER)


async def test_firmware_that_reads_nothing_more_is_offered_to_a_person_and_delays_no_other_printer(
    monkeypatch: pytest.MonkeyPatch, start: Start, configured: Configured, news: News
) -> None:
    monkeypatch.setattr(store, "RESOLVES_MAX", 3)
    async with SimulatedPrinter(dots_per_s=4000) as hung, SimulatedPrinter() as well:
        async with start(
            configured(hung), configured(well, "printer-2"), print_s=0.5, status_s=0.1
        ) as spooler:
            await spooler.submit(job(1))
            await hung.until(lambda: bool(hung.piece))
            hung.set(deaf=True, mute=True)
            await news.until(lambda: (JobState.UNKNOWN, Reason.DEADLINE) in news.of("K001"))
            await spooler.submit(job(2, "printer-2"))
            assert await news.ended("K002") == [JobState.PRINTED]
            assert await news.ended("K001") == [JobState.OFFERED]
        assert originals(well.papers) == {"K002": 1}
        assert originals(hung.papers) in ({}, {"K001": 1})


async def test_a_slip_given_up_in_the_middle_leaves_no_piece_for_the_next_one_to_land_on(
    monkeypatch: pytest.MonkeyPatch, start: Start, configured: Configured, news: News
) -> None:
    monkeypatch.setattr(store, "RESOLVES_MAX", 3)
    async with SimulatedPrinter(dots_per_s=4000) as printer:
        async with start(configured(printer), poll_s=QUIET_S) as spooler:
            await spooler.submit(job(9))
            await news.ended("K009")
            await spooler.submit(job(1))
            await printer.until(lambda: bool(printer.piece))
            await printer.power_off()
            printer.hang_up("rst")
            assert await news.ended("K001") == [JobState.OFFERED]
            await printer.power_on()
            await spooler.submit(job(2))
            assert await news.ended("K002") == [JobState.PRINTED]
        assert originals(printer.papers) == {"K009": 1, "K002": 1}


async def test_a_printer_another_computer_holds_is_left_in_peace_and_printed_on_afterwards(
    printer: SimulatedPrinter, start: Start, configured: Configured, news: News
) -> None:
    async with start(configured(printer)) as spooler:
        await news.well()
        await spooler.submit(job(9))
        await news.ended("K009")
        other = await open_tcp("127.0.0.1", printer.port)
        await other.write(b"\x10\x04\x01")
        await other.read()
        await spooler.submit(job(1))
        await until_told(news, Reason.MUTE)
        await other.close()
        assert await news.ended("K001") == [JobState.PRINTED]
    assert originals(printer.papers) == {"K001": 1, "K009": 1}


async def test_our_own_socket_left_open_by_a_crash_delays_but_repeats_nothing(
    monkeypatch: pytest.MonkeyPatch,
    start: Start,
    configured: Configured,
    news: News,
) -> None:
    left_open: list[link.TcpLink] = []

    async def forget(self: link.TcpLink) -> None:
        left_open.append(self)

    async with SimulatedPrinter(dots_per_s=4000) as printer:
        with monkeypatch.context() as patch:
            async with start(configured(printer), poll_s=QUIET_S) as spooler:
                await spooler.submit(job(1))
                await printer.until(lambda: bool(printer.piece))
                patch.setattr(link.TcpLink, "close", forget)
                printer.set(cover_open=True)
        async with start(configured(printer)):
            await news.until(lambda: ("mute", Reason.MUTE) in news.causes())
            assert originals(printer.papers) == {}
            for old in left_open:
                await old.close()
            printer.set(cover_open=False)
            assert await news.ended("K001") == [JobState.PRINTED]
        assert originals(printer.papers) == {"K001": 1}


@pytest.mark.parametrize("how", ["rst", "fin"])
async def test_a_printer_that_hangs_up_when_idle_gets_a_fresh_link_for_each_slip(
    how: Break, printer: SimulatedPrinter, start: Start, configured: Configured, news: News
) -> None:
    printer.idle_close(0.1, how)
    async with start(configured(printer)) as spooler:
        for number in range(1, 4):
            await spooler.submit(job(number))
            await news.ended(f"K{number:03}")
            printer.hang_up(how)
    assert originals(printer.papers) == {"K001": 1, "K002": 1, "K003": 1}
