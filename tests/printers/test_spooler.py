"""Exactly once: whatever happens, look only at what is on paper."""

import asyncio
import gc
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from support.paper import Desk, Open, readable, whole

from config.model import Centre, Printer
from config.phrases import Phrases
from printers.driver import Driver, Patience
from printers.job import Job, JobOutcome, JobState
from printers.layout import SlipTooLong
from printers.link import CONNECT_TIMEOUT_S
from printers.outcome import Level, Reason
from printers.render import Encoded, renderer
from printers.simulator.printer import SimulatedPrinter
from printers.simulator.state import DUMB
from printers.slip import Slip
from printers.spooler import Pauses, Spooler

JobOf = Callable[..., Job]
Configured = Callable[..., Printer]

KILLS = 4


async def test_a_slip_submitted_twice_is_printed_once(
    spooler_for: Open, job_of: JobOf, configured: Configured, desk: Desk
) -> None:
    async with SimulatedPrinter() as printer, spooler_for(configured(printer)) as spooler:
        for _ in range(2):
            await spooler.submit(job_of(1))
        await desk.until(lambda: desk.ended() == ["K001"])
        await spooler.submit(job_of(1))
        await spooler.submit(job_of(2))
        await desk.until(lambda: "K002" in desk.ended())
        assert whole(printer.papers) == {"ticket K001 copy 1": 1, "ticket K002 copy 1": 1}


async def test_a_copy_is_a_slip_of_its_own(
    spooler_for: Open, job_of: JobOf, configured: Configured, desk: Desk
) -> None:
    async with SimulatedPrinter() as printer, spooler_for(configured(printer)) as spooler:
        await spooler.submit(job_of(1))
        await spooler.submit(job_of(1, copy=2))
        await desk.until(lambda: len(desk.ended()) == 2)
        assert whole(printer.papers) == {"ticket K001 copy 1": 1, "ticket K001 copy 2": 1}


async def test_slips_of_one_printer_come_out_whole_and_in_order(
    spooler_for: Open, job_of: JobOf, configured: Configured, desk: Desk
) -> None:
    async with SimulatedPrinter() as printer, spooler_for(configured(printer)) as spooler:
        async with asyncio.TaskGroup() as group:
            for number in range(12):
                group.create_task(spooler.submit(job_of(number)))
        await desk.until(lambda: len(desk.ended()) == 12)
        assert sum(whole(printer.papers).values()) == 12
        assert [paper.text.split()[1] for paper in printer.papers] == desk.ended()


async def test_a_slip_goes_to_the_printer_it_is_for(
    spooler_for: Open, job_of: JobOf, configured: Configured, desk: Desk
) -> None:
    async with SimulatedPrinter() as one, SimulatedPrinter() as two:
        async with spooler_for(configured(one), configured(two, "printer-2")) as spooler:
            await spooler.submit(job_of(1))
            await spooler.submit(job_of(2, "printer-2"))
            await desk.until(lambda: len(desk.ended()) == 2)
        assert list(whole(one.papers)) == ["ticket K001 copy 1"]
        assert list(whole(two.papers)) == ["ticket K002 copy 1"]


async def test_a_slip_waits_for_paper_and_says_so_once(
    spooler_for: Open, job_of: JobOf, configured: Configured, desk: Desk
) -> None:
    async with SimulatedPrinter() as printer, spooler_for(configured(printer)) as spooler:
        printer.set(paper_dots=0)
        await spooler.submit(job_of(1))
        await desk.until(lambda: bool(desk.news))
        (health,) = spooler.health()
        assert (health.condition, health.cause) == ("blocked", Reason.PAPER_OUT)
        printer.set(paper_dots=10**6)
        await desk.until(lambda: desk.ended() == ["K001"])
        assert [outcome.state for outcome in desk.news] == [JobState.QUEUED, JobState.PRINTED]
        assert whole(printer.papers) == {"ticket K001 copy 1": 1}


async def test_a_printer_switched_on_later_gets_what_waits(
    spooler_for: Open, job_of: JobOf, configured: Configured, desk: Desk
) -> None:
    printer = SimulatedPrinter()
    await printer.listen()
    await printer.stop()
    async with spooler_for(configured(printer)) as spooler:
        await spooler.submit(job_of(1))
        await desk.until(lambda: any(outcome.reason is Reason.UNREACHABLE for outcome in desk.news))
        async with printer:
            await desk.until(lambda: desk.ended() == ["K001"])
            assert whole(printer.papers) == {"ticket K001 copy 1": 1}


async def test_an_idle_printer_is_watched(spooler_for: Open, configured: Configured, desk: Desk) -> None:
    async with SimulatedPrinter() as printer, spooler_for(configured(printer)):
        await desk.until(lambda: bool(desk.health) and desk.health[-1][0].level is Level.COUNTED)
        printer.set(cover_open=True)
        await desk.until(lambda: desk.health[-1][0].cause is Reason.COVER_OPEN)
        printer.set(cover_open=False, paper_dots=1500)
        await desk.until(lambda: desk.health[-1][0].condition == "paper_low")


def test_staff_hear_of_a_printers_trouble_within_five_seconds() -> None:
    longest_pause_s = max(Pauses().poll_s, Pauses().retry_max_s)
    longest_look_s = max(CONNECT_TIMEOUT_S, Patience().status_s)
    assert longest_pause_s + longest_look_s < 5


async def test_a_ticket_served_meanwhile_gets_no_paper(
    spooler_for: Open, job_of: JobOf, configured: Configured, desk: Desk
) -> None:
    async with SimulatedPrinter() as printer, spooler_for(configured(printer)) as spooler:
        printer.set(cover_open=True)
        await spooler.submit(job_of(1))
        await spooler.submit(job_of(2))
        await spooler.drop("2026-11-22", "K001")
        assert desk.ended(JobState.DROPPED) == ["K001"]
        printer.set(cover_open=False)
        await desk.until(lambda: desk.ended() == ["K002"])
        assert whole(printer.papers) == {"ticket K002 copy 1": 1}


async def test_a_printer_that_never_speaks_leaves_the_answer_to_a_person(
    spooler_for: Open, job_of: JobOf, configured: Configured, desk: Desk
) -> None:
    async with SimulatedPrinter(abilities=DUMB) as printer, spooler_for(configured(printer)) as spooler:
        await spooler.submit(job_of(1))
        await desk.until(lambda: desk.ended(JobState.OFFERED) == ["K001"])
        await printer.until(lambda: bool(printer.papers))
        assert whole(printer.papers) == {"ticket K001 copy 1": 1}
        assert desk.ended() == []


@pytest.mark.parametrize("trouble", [SlipTooLong("shorten"), KeyError("a field that is no more")])
async def test_a_slip_that_cannot_be_made_does_not_hold_up_the_others(
    trouble: Exception, spooler_for: Open, job_of: JobOf, configured: Configured, desk: Desk
) -> None:
    def render(slip: Slip, printer: Printer) -> Encoded:
        if slip.ticket == "K001":
            raise trouble
        return readable(slip, printer)

    async with SimulatedPrinter() as printer, spooler_for(configured(printer), render=render) as spooler:
        await spooler.submit(job_of(1))
        await spooler.submit(job_of(2))
        await desk.until(lambda: desk.ended() == ["K002"])
        assert desk.news[0].reason is Reason.UNPRINTABLE


@pytest.mark.parametrize("received_bytes", [1, 40, 100, 160, 220, 600, 1200])
async def test_a_broken_link_neither_loses_nor_repeats_a_slip(
    received_bytes: int, spooler_for: Open, job_of: JobOf, configured: Configured, desk: Desk
) -> None:
    async with SimulatedPrinter() as printer, spooler_for(configured(printer)) as spooler:
        await desk.until(lambda: bool(desk.health) and desk.health[-1][0].level is Level.COUNTED)
        printer.break_after(received_bytes)
        for number in range(5):
            await spooler.submit(job_of(number))
        await desk.until(lambda: len(desk.ended()) == 5)
        assert whole(printer.papers) == {f"ticket K{number:03} copy 1": 1 for number in range(5)}


@pytest.mark.parametrize("received_bytes", [30, 150, 200, 400, 700, 1000])
async def test_a_spooler_stopped_anywhere_and_started_again_prints_each_slip_once(
    received_bytes: int, spooler_for: Open, job_of: JobOf, configured: Configured, desk: Desk
) -> None:
    async with SimulatedPrinter(dots_per_s=20_000) as printer:
        async with spooler_for(configured(printer)) as spooler:
            for number in range(4):
                await spooler.submit(job_of(number))
            await printer.until(lambda: printer.bytes_received >= received_bytes)
        async with spooler_for(configured(printer), print_s=30):
            await desk.until(lambda: len(set(desk.ended())) == 4)
        assert whole(printer.papers) == {f"ticket K{number:03} copy 1": 1 for number in range(4)}


async def until_it_crashes(spooler: Spooler, job: Job) -> None:
    async with spooler:
        await spooler.submit(job)
        await asyncio.Event().wait()


@pytest.mark.parametrize("after_sending", [False, True])
async def test_a_crash_just_after_writing_down_sending_prints_once(
    after_sending: bool,
    spooler_for: Open,
    job_of: JobOf,
    configured: Configured,
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    send = Driver._send

    async def crash(self: Driver, *said: Any) -> None:
        if after_sending:
            await send(self, *said)
        raise ZeroDivisionError

    async with SimulatedPrinter() as printer:
        monkeypatch.setattr(Driver, "_send", crash)
        with pytest.raises(ExceptionGroup):
            await until_it_crashes(spooler_for(configured(printer)), job_of(1))
        monkeypatch.undo()
        async with spooler_for(configured(printer)):
            await desk.until(lambda: desk.ended() == ["K001"])
        assert whole(printer.papers) == {"ticket K001 copy 1": 1}


async def test_a_spooler_abandoned_while_it_opens_its_list_closes_it(
    tmp_path: Path, spooler_for: Open, configured: Configured
) -> None:
    async with SimulatedPrinter() as printer:
        opening = asyncio.create_task(spooler_for(configured(printer)).__aenter__())
        while not (tmp_path / "spool.db").exists():  # noqa: ASYNC110 - a file tells nobody that it is there
            await asyncio.sleep(0)
        opening.cancel()
        await asyncio.wait([opening])
        assert opening.cancelled()
        gc.collect()  # an open database that nobody holds says so here


async def test_news_that_was_not_heard_is_told_again_after_a_restart(
    spooler_for: Open, job_of: JobOf, configured: Configured, desk: Desk
) -> None:
    async def crash(_: JobOutcome) -> None:
        raise ZeroDivisionError

    async with SimulatedPrinter() as printer:
        with pytest.raises(ExceptionGroup):
            await until_it_crashes(spooler_for(configured(printer), on_outcome=crash), job_of(1))
        async with spooler_for(configured(printer)):
            await desk.until(lambda: desk.ended() == ["K001"])
        assert whole(printer.papers) == {"ticket K001 copy 1": 1}


PROGRAM = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
from config.model import Printer
from printers.driver import Patience
from printers.job import Job
from printers.render import Encoded
from printers.slip import Slip
from printers.spooler import Spooler

def plain(slip, printer):
    text = f"ticket {slip.ticket} copy 1\\n" + "line\\n" * 20 + f"end of {slip.ticket}\\n"
    return Encoded(b"\\x1b@\\x1bt\\x10" + text.encode(), b"\\x1dVB\\x00")

async def ignore(outcome):
    pass

async def main():
    printer = Printer(name="printer-1", host="127.0.0.1", port=int(sys.argv[1]))
    patience = Patience(restart_s=60)
    async with Spooler([printer], Path(sys.argv[2]), ignore, plain, patience=patience) as spooler:
        for number in range(8):
            slip = Slip(ticket=f"K{number:03}", number="K", field="training", languages=("fr",), talk=(),
                        ahead=0, taken_at=datetime.now(UTC))
            await spooler.submit(Job("2026-11-22", "printer-1", slip))
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_a_spooler_killed_again_and_again_prints_each_slip_once(
    tmp_path: Path, spooler_for: Open, configured: Configured
) -> None:
    async with SimulatedPrinter(dots_per_s=20_000) as printer:
        for kill in range(1, KILLS + 1):
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-c", PROGRAM, str(printer.port), str(tmp_path / "spool.db")
            )
            await printer.until(lambda: sum(whole(printer.papers).values()) >= kill)  # noqa: B023 - awaited here
            process.kill()
            await process.wait()
        async with spooler_for(configured(printer), print_s=30):
            await printer.until(lambda: len(whole(printer.papers)) == 8)
        assert set(whole(printer.papers).values()) == {1}


async def test_real_slips_go_the_whole_way(
    spooler_for: Open,
    job_of: JobOf,
    configured: Configured,
    desk: Desk,
    centre: Centre,
    phrases: Phrases,
) -> None:
    async with SimulatedPrinter(384) as printer:
        settings = configured(printer, width_dots=384)
        async with spooler_for(settings, render=renderer(centre, phrases)) as spooler:
            await spooler.submit(job_of(7, languages=("nl", "fr", "de")))
            await desk.until(lambda: desk.ended() == ["K007"])
        (paper,) = printer.papers
        assert "Personen vor Ihnen" in paper.text
        assert paper.complaints == ()


async def test_slips_of_yesterday_do_not_come_out_when_paper_is_put_in(
    spooler_for: Open, job_of: JobOf, configured: Configured, desk: Desk
) -> None:
    async with SimulatedPrinter() as printer, spooler_for(configured(printer)) as spooler:
        printer.set(paper_dots=0)
        await spooler.submit(job_of(1))
        await spooler.begin_day("2026-11-23")
        await spooler.submit(replace(job_of(2), day="2026-11-23"))
        printer.set(paper_dots=10**6)
        await desk.until(lambda: desk.ended() == ["K002"])
        assert desk.ended(JobState.DROPPED) == ["K001"]
        assert whole(printer.papers) == {"ticket K002 copy 1": 1}
