"""The print room: what the queue wants on paper, through midnight and restarts, on a simulated printer."""

import asyncio
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest
from msgspec.structs import replace
from support.centre import ALL_ROUND
from support.print_room import DAY_MIN, DESK, ISSUE, KIOSK, NOWHERE, RECEPTION, centre_with, printing
from support.servers import PATIENCE_S, HandClock, answer_of, engine_at_work, until

from config.model import Kiosk
from config.phrases import Phrases
from printers.job import Job
from printers.simulator.paper import Paper, Picture
from printers.simulator.printer import SimulatedPrinter
from printers.store import Store
from protocol import commands as c
from protocol.views import PrintState
from queue_server.answers import token_of
from queue_server.core.estimates import Estimate
from queue_server.core.housekeeping import Housekeeping
from queue_server.engine import Engine
from queue_server.printing import PrintRoom
from queue_server.store.house import House


def qr_of(paper: Paper) -> str:
    return next(part.qr for part in paper.parts if isinstance(part, Picture) and part.qr)


async def test_a_slip_comes_out_once_with_its_token_and_the_log_says_so(tmp_path: Path) -> None:
    async with SimulatedPrinter() as printer, printing(tmp_path, printer.port) as running:
        await running.ask(ISSUE)
        await until(lambda: running.slip("T001") is PrintState.PRINTED)
        assert [qr_of(paper) for paper in printer.papers] == [token_of(running.engine.secret, "T001")]
        assert running.room.printers()[0].jobs == 0


async def test_a_slip_speaks_in_the_centres_own_words(tmp_path: Path) -> None:
    own = Phrases.load().with_own({"slip.anonymous": {"fr": {"other": "Sans nom."}}})
    async with SimulatedPrinter() as printer, printing(tmp_path, printer.port, phrases=own) as running:
        await running.ask(ISSUE)
        await until(lambda: bool(printer.papers))
        assert "Sans nom." in printer.papers[0].text


@pytest.mark.parametrize(("early_min", "may_go_out"), [(25, True), (10, False)])
async def test_a_slip_says_when_its_turn_will_be_and_when_to_be_back_if_one_may_go_out(
    early_min: int, may_go_out: bool, tmp_path: Path
) -> None:
    told = Estimate(60.0 * early_min, 60.0 * (early_min + 10), 60.0 * (early_min + 30))
    async with (
        SimulatedPrinter() as printer,
        printing(tmp_path, printer.port, foreseen=lambda *_, **_also: told) as running,
    ):
        await running.ask(ISSUE)
        await until(lambda: bool(printer.papers))
        assert "entre" in printer.papers[0].text
        assert ("Soyez de retour" in printer.papers[0].text) is may_go_out


async def test_a_slip_names_no_beginning_that_is_past(tmp_path: Path) -> None:
    told = Estimate(0.0, 10.0, 600.0)
    async with (
        SimulatedPrinter() as printer,
        printing(tmp_path, printer.port, foreseen=lambda *_, **_also: told) as running,
    ):
        await running.ask(ISSUE)
        await until(lambda: bool(printer.papers))
        assert re.search(r"avant\s+\d\d:\d\d", printer.papers[0].text)
        assert not re.search(r"entre\s+\d", printer.papers[0].text)


async def test_a_copy_comes_out_when_reception_asks(tmp_path: Path) -> None:
    async with SimulatedPrinter() as printer, printing(tmp_path, printer.port) as running:
        await running.ask(ISSUE)
        await running.ask(c.Reprint("T001"), RECEPTION)
        await until(lambda: len(printer.papers) == 2)
        assert "DUPLICATA" in printer.papers[1].text


@pytest.mark.parametrize(
    "commands",
    [
        (c.SetPriority("T001", priority=True),),
        (c.Transfer(ticket="T001", field="work"),),
        (c.Cancel("T001"), c.Reinstate("T001")),
    ],
)
async def test_a_copy_for_a_visitor_who_stands_elsewhere_by_now_says_nothing_of_the_wait_of_before(
    commands: tuple[c.AnyCommand, ...], tmp_path: Path
) -> None:
    told = Estimate(3600.0, 4200.0, 5400.0)
    async with (
        SimulatedPrinter() as printer,
        printing(tmp_path, printer.port, foreseen=lambda *_, **_also: told) as running,
    ):
        await running.ask(ISSUE)
        await until(lambda: bool(printer.papers))
        for command in (*commands, c.Reprint("T001")):
            await running.ask(command, RECEPTION)
        await until(lambda: len(printer.papers) == 2)
        first, copy = (paper.text for paper in printer.papers)
        for words in ("avant vous", "Votre tour", "Soyez de retour"):
            assert words in first
            assert words not in copy


async def test_where_a_slip_is_follows_it_to_the_spare_and_lasts_when_it_came_out_there(
    tmp_path: Path,
) -> None:
    async with SimulatedPrinter() as own, SimulatedPrinter() as other:
        small = centre_with(own.port)
        first = replace(small.printers[0], spare="printer-2")
        second = replace(small.printers[0], name="printer-2", port=other.port)
        centre = replace(small, printers=(first, second))
        own.set(cover_open=True)
        other.set(cover_open=True)
        async with printing(tmp_path, own.port, centre=centre) as running:
            await running.ask(ISSUE)
            ticket = running.engine.queue.tickets["T001"]
            assert running.room.slip_at(ticket) == "printer-1"
            other.set(cover_open=False)
            await until(lambda: running.room.slip_at(ticket) == "printer-2")
            await until(lambda: ticket.slip is PrintState.PRINTED)
            assert running.room.slip_at(ticket) == "printer-2"
        assert len(other.papers) == 1
        async with printing(tmp_path, own.port, centre=centre) as running:
            assert running.room.slip_at(running.engine.queue.tickets["T001"]) == "printer-2"


async def test_where_a_slip_is_stays_known_while_its_end_is_written_down(tmp_path: Path) -> None:
    async with SimulatedPrinter() as printer, printing(tmp_path, printer.port) as running:
        record, asked, go_on = running.engine.record, asyncio.Event(), asyncio.Event()

        async def slow(command: Housekeeping) -> None:
            asked.set()
            await go_on.wait()
            await record(command)

        running.engine.record = slow  # type: ignore[method-assign]
        await running.ask(ISSUE)
        await asked.wait()
        ticket = running.engine.queue.tickets["T001"]
        assert ticket.slip is PrintState.QUEUED
        assert running.room.slip_at(ticket) == "printer-1"
        go_on.set()
        await until(lambda: ticket.slip is PrintState.PRINTED)
        assert running.room.slip_at(ticket) == "printer-1"


async def test_slips_of_yesterday_do_not_come_out_after_midnight(tmp_path: Path) -> None:
    clock = HandClock()
    async with printing(tmp_path, NOWHERE, clock) as running:
        await running.ask(ISSUE)
        await until(lambda: running.room.printers()[0].jobs == 1)
        yesterday = running.engine.queue.day
        clock.forward(DAY_MIN)
        await until(lambda: running.engine.queue.day != yesterday)
        await until(lambda: running.room.printers()[0].jobs == 0)
        await until(lambda: running.engine.queue.open)
        await running.ask(ISSUE)
    async with SimulatedPrinter() as printer, printing(tmp_path, printer.port, clock) as running:
        await until(lambda: running.slip("T001") is PrintState.PRINTED)
        assert len(printer.papers) == 1


async def test_a_slip_printed_just_after_midnight_has_the_token_of_its_own_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, reached, midnight, urls = HandClock(), Event(), Event(), list[str]()
    url_of = PrintRoom._url_of

    def after_midnight(room: PrintRoom, job: Job) -> str:
        reached.set()
        assert midnight.wait(PATIENCE_S)
        urls.append(url_of(room, job))
        return urls[-1]

    monkeypatch.setattr(PrintRoom, "_url_of", after_midnight)
    async with SimulatedPrinter() as printer, printing(tmp_path, printer.port, clock) as running:
        await running.ask(ISSUE)
        await until(reached.is_set)
        yesterday, key = running.engine.queue.day, running.engine.secret
        clock.forward(DAY_MIN)
        await until(lambda: running.engine.queue.day != yesterday and bool(running.engine.secret))
        midnight.set()
        await until(lambda: bool(urls))
        assert urls == [token_of(key, "T001")]


async def test_what_was_ordered_before_a_restart_comes_out_once_after_it(tmp_path: Path) -> None:
    async with printing(tmp_path, NOWHERE) as running:
        await running.ask(ISSUE)
        await until(lambda: running.room.printers()[0].jobs == 1)
    async with SimulatedPrinter() as printer, printing(tmp_path, printer.port) as running:
        await until(lambda: running.slip("T001") is PrintState.PRINTED)
        assert len(printer.papers) == 1


def keep_no_orders(spool: Path) -> None:
    """As when the server died before it had handed them over."""
    spool.unlink(missing_ok=True)
    Store(spool).close()


async def test_an_order_that_never_reached_the_spooler_is_made_again_from_the_log(tmp_path: Path) -> None:
    async with printing(tmp_path, NOWHERE) as running:
        await running.ask(ISSUE)
    keep_no_orders(tmp_path / "spool.db")
    async with SimulatedPrinter() as printer, printing(tmp_path, printer.port) as running:
        await until(lambda: running.slip("T001") is PrintState.PRINTED)
        assert len(printer.papers) == 1


async def test_news_of_a_slip_that_the_log_did_not_get_is_told_again_after_a_restart(tmp_path: Path) -> None:
    async with SimulatedPrinter() as printer:
        async with printing(tmp_path, printer.port) as running:
            lost = asyncio.Event()

            async def never(_: object) -> None:
                lost.set()
                await asyncio.Event().wait()

            running.engine.record = never  # type: ignore[method-assign]
            await running.ask(ISSUE)
            await lost.wait()
            assert running.slip("T001") is PrintState.QUEUED
        async with printing(tmp_path, printer.port) as running:
            await until(lambda: running.slip("T001") is PrintState.PRINTED)
        assert len(printer.papers) == 1


async def test_the_slip_of_a_visitor_who_is_served_meanwhile_is_dropped(tmp_path: Path) -> None:
    async with printing(tmp_path, NOWHERE) as running:
        await running.ask(c.OpenDesk(ALL_ROUND), DESK)
        await running.ask(ISSUE)
        await until(lambda: running.room.printers()[0].jobs == 1)
        await running.ask(c.CallNext(), DESK)
        await running.ask(c.StartServing("T001"), DESK)
        await until(lambda: running.slip("T001") is PrintState.NONE)
        assert running.room.printers()[0].jobs == 0


async def test_a_slip_whose_end_was_unknown_does_not_come_out_once_its_visitor_is_served(
    tmp_path: Path,
) -> None:
    async with SimulatedPrinter(dots_per_s=4000) as printer, printing(tmp_path, printer.port) as running:
        await running.ask(c.OpenDesk(ALL_ROUND), DESK)
        await running.ask(ISSUE)
        await printer.until(lambda: bool(printer.piece))
        await printer.power_off()
        await running.ask(c.CallNext(), DESK)
        await running.ask(c.StartServing("T001"), DESK)
        await until(lambda: not running.room._due)
        await printer.power_on()
        await until(lambda: running.slip("T001") is not PrintState.QUEUED)
        await running.ask(ISSUE)
        await until(lambda: running.slip("T002") is PrintState.PRINTED)
        assert [qr_of(paper) for paper in printer.papers if "VOID" not in paper.text] == [
            token_of(running.engine.secret, "T002")
        ]


async def test_a_visitor_served_while_nobody_looked_after_paper_gets_none_afterwards(tmp_path: Path) -> None:
    async with printing(tmp_path, NOWHERE) as running:
        await running.ask(c.OpenDesk(ALL_ROUND), DESK)
        await running.ask(ISSUE)
        await until(lambda: running.room.printers()[0].jobs == 1 and not running.room._due)
    engine = Engine(centre_with(NOWHERE), House(tmp_path), HandClock())
    await engine.open()
    async with engine_at_work(engine):
        for number, command in enumerate((c.CallNext(), c.StartServing("T001"))):
            await answer_of(engine, f"without-paper-{number:04d}", command, DESK)
    async with SimulatedPrinter() as printer, printing(tmp_path, printer.port) as running:
        await until(lambda: running.slip("T001") is PrintState.NONE)
        running.asked = 10  # questions of its own
        await running.ask(ISSUE)
        await until(lambda: running.slip("T002") is PrintState.PRINTED)
        assert len(printer.papers) == 1


async def test_a_ticket_cancelled_before_its_order_is_with_the_spooler_gets_no_paper(tmp_path: Path) -> None:
    async with SimulatedPrinter() as printer, printing(tmp_path, printer.port) as running:
        await asyncio.gather(running.ask(ISSUE), running.ask(c.Cancel("T001"), RECEPTION))
        await running.ask(ISSUE)
        await until(lambda: running.slip("T002") is PrintState.PRINTED)
        await until(lambda: running.slip("T001") is PrintState.NONE)
        assert [qr_of(paper) for paper in printer.papers] == [token_of(running.engine.secret, "T002")]


async def test_a_slip_that_waits_is_dropped_although_a_copy_of_it_is_printed(tmp_path: Path) -> None:
    async with SimulatedPrinter() as printer:
        small = centre_with(NOWHERE)
        second = replace(small.printers[0], name="printer-2", port=printer.port)
        kiosks = (*small.kiosks[:1], Kiosk(name="kiosk-2", printer="printer-2"))
        centre = replace(small, printers=(*small.printers, second), kiosks=kiosks)
        async with printing(tmp_path, NOWHERE, centre=centre) as running:
            await running.ask(ISSUE)
            await running.ask(c.Reprint("T001", "kiosk-2"), RECEPTION)
            await until(lambda: running.slip("T001") is PrintState.PRINTED)
            assert [one.jobs for one in running.room.printers()] == [1, 0]
            await running.ask(c.Cancel("T001"), RECEPTION)
            await until(lambda: not any(one.jobs for one in running.room.printers()))


async def test_a_copy_for_somebody_already_served_that_died_with_the_server_comes_out_alone(
    tmp_path: Path,
) -> None:
    engine = Engine(centre_with(NOWHERE), House(tmp_path), HandClock())
    await engine.open()
    async with engine_at_work(engine):
        await until(lambda: engine.queue.open)
        asks = ((ISSUE, KIOSK), (c.Cancel("T001"), RECEPTION), (c.Reprint("T001"), RECEPTION))
        for number, (command, actor) in enumerate(asks):
            await answer_of(engine, f"without-paper-{number:04d}", command, actor)
        assert engine.queue.tickets["T001"].slip is PrintState.QUEUED
    keep_no_orders(tmp_path / "spool.db")
    async with SimulatedPrinter() as printer, printing(tmp_path, printer.port) as running:
        await until(lambda: running.slip("T001") is PrintState.PRINTED)
        assert len(printer.papers) == 1


async def test_of_a_slip_and_a_copy_asked_for_after_the_visit_a_restart_forgets_the_slip_alone(
    tmp_path: Path,
) -> None:
    async with printing(tmp_path, NOWHERE) as running:
        await running.ask(ISSUE)
        await until(lambda: running.room.printers()[0].jobs == 1 and not running.room._due)
    engine = Engine(centre_with(NOWHERE), House(tmp_path), HandClock())
    await engine.open()
    async with engine_at_work(engine):
        for number, command in enumerate((c.Cancel("T001"), c.Reprint("T001"))):
            await answer_of(engine, f"without-paper-{number:04d}", command, RECEPTION)
    async with SimulatedPrinter() as printer, printing(tmp_path, printer.port) as running:
        await until(lambda: running.slip("T001") is PrintState.PRINTED)
        await until(lambda: not running.room.printers()[0].jobs)
        assert len(printer.papers) == 1


async def test_no_token_lies_in_the_list_of_slips_and_nobody_else_can_read_it(tmp_path: Path) -> None:
    async with printing(tmp_path, NOWHERE) as running:
        await running.ask(ISSUE)
        await until(lambda: running.room.printers()[0].jobs == 1 and not running.room._due)
        token = token_of(running.engine.secret, "T001")
    spool = tmp_path / "spool.db"
    assert spool.stat().st_mode & 0o077 == 0
    with sqlite3.connect(spool) as db:
        slips = db.execute("SELECT slip FROM job").fetchall()
    db.close()
    assert slips
    assert token not in str(slips)


def spoil(spool: Path) -> None:
    spool.write_bytes(b"not a database at all, " * 100)


def lose(spool: Path) -> None:
    spool.unlink()


@pytest.mark.parametrize("misfortune", [spoil, lose])
async def test_of_slips_in_a_lost_list_nobody_knows_and_the_paper_goes_on(
    tmp_path: Path, misfortune: Callable[[Path], None]
) -> None:
    spool = tmp_path / "spool.db"
    async with SimulatedPrinter() as printer:
        printer.set(cover_open=True)
        async with printing(tmp_path, printer.port) as running:
            for ticket in ("T001", "T002"):
                await running.ask(ISSUE)
                assert running.slip(ticket) is PrintState.QUEUED
        misfortune(spool)
        printer.set(cover_open=False)
        async with printing(tmp_path, printer.port) as running:
            await until(lambda: running.slip("T002") is PrintState.UNKNOWN)
            assert running.slip("T001") is PrintState.UNKNOWN
            running.asked = 2
            await running.ask(ISSUE)
            await until(lambda: running.slip("T003") is PrintState.PRINTED)
            await running.ask(c.Reprint("T001"), RECEPTION)
            await until(lambda: running.slip("T001") is PrintState.PRINTED)
            tokens = [token_of(running.engine.secret, ticket) for ticket in ("T003", "T001")]
        slips = [part.qr for paper in printer.papers for part in paper.parts if isinstance(part, Picture)]
        assert [qr for qr in slips if qr] == tokens
    assert spool.with_suffix(".damaged").exists() == (misfortune is spoil)
    assert not spool.with_suffix(".doubted").exists()
