"""The kiosk's own printer: slips of provisional numbers on a simulated one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs
from support.servers import until

from config.model import Centre, Printer
from config.phrases import Phrases
from kiosk.press import Press, own_printer
from kiosk.reserve import Given
from printers.memory import Memory
from printers.simulator.printer import SimulatedPrinter
from protocol.views import PrintState

DAY = "2026-09-15"
AT = datetime(2026, 9, 15, 8, 42, tzinfo=UTC)


def given(number: int = 903, language: str = "fr") -> Given:
    return Given(
        ticket=f"S{number}",
        token_url=f"https://wachten.example/t/S{number}",
        field="employment",
        languages=("fr", "nl"),
        screen_language=language,
        asked_s=0.0,
        id="redeem-000000000",
        slip=PrintState.QUEUED,
    )


class Room:
    """A kiosk's press, and what it says of its slips."""

    def __init__(self, centre: Centre, phrases: Phrases, printer: Printer, path: Path) -> None:
        self.told: list[tuple[str, PrintState]] = []
        self.path = path
        self.press = Press(centre, printer, phrases, path, self._hear)

    async def _hear(self, ticket: str, slip: PrintState) -> None:
        self.told.append((ticket, slip))

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[Press]:
        task = asyncio.create_task(self.press.run())
        try:
            yield self.press
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


@pytest.fixture
async def simulated() -> AsyncIterator[SimulatedPrinter]:
    async with SimulatedPrinter(576) as printer:
        yield printer


@pytest.fixture
def room(centre: Centre, phrases: Phrases, simulated: SimulatedPrinter, tmp_path: Path) -> Room:
    found = own_printer(centre, "kiosk-1")
    assert found is not None
    printer = replace(found, host="127.0.0.1", port=simulated.port, service="")
    return Room(centre, phrases, printer, tmp_path / "state" / "kiosk-1.slips.db")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "Numéro provisoire. Gardez-le : il sera appelé."),
        ("nl", "Voorlopig nummer. Bewaar het: het wordt opgeroepen."),
        ("en", "Provisional number. Keep it: it will be called."),
    ],
)
async def test_a_slip_of_the_kiosks_own_says_that_its_number_is_provisional(
    room: Room, simulated: SimulatedPrinter, language: str, said: str
) -> None:
    async with room.at_work() as press:
        press.print(given(language=language), DAY, AT)
        await until(lambda: bool(room.told))
    assert room.told == [("S903", PrintState.PRINTED)]
    (paper,) = simulated.papers
    words = " ".join(paper.text.replace("\N{NO-BREAK SPACE}", " ").split())
    assert said in words
    assert "10:42" in words
    assert not any(ahead in words for ahead in ("avant vous", "voor u", "before you"))
    assert b"wachten.example/t/S903" in paper.raw


async def test_the_printer_is_let_go_as_soon_as_nothing_is_left_to_print(
    room: Room, simulated: SimulatedPrinter
) -> None:
    async with room.at_work() as press:
        for number in (903, 904, 905):
            press.print(given(number), DAY, AT)
        await until(lambda: len(room.told) >= 3 and press._idle.is_set())
        press.print(given(906), DAY, AT)
        await until(lambda: ("S906", PrintState.PRINTED) in room.told)
        await press.leave()
        assert not room.path.exists()
    assert list(dict(room.told)) == ["S903", "S904", "S905", "S906"], "each is told at least once"
    assert len(simulated.papers) == 4


async def test_what_was_not_printed_when_the_server_came_back_never_comes_out(
    room: Room, simulated: SimulatedPrinter
) -> None:
    simulated.set(paper_dots=0)
    async with room.at_work() as press:
        press.print(given(903), DAY, AT)
        await until(lambda: bool(press._open))
        await press.leave()
        assert room.told == []
        simulated.set(paper_dots=10**7)
        press.print(given(904), DAY, AT)
        await until(lambda: bool(room.told))
    assert room.told == [("S904", PrintState.PRINTED)]
    assert len(simulated.papers) == 1


async def test_a_slip_that_comes_while_the_list_is_put_away_is_printed_as_well(
    room: Room, simulated: SimulatedPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    close, late = Memory.close, [given(904)]

    async def closed(memory: Memory) -> None:
        await close(memory)
        while late:
            room.press.print(late.pop(), DAY, AT)

    monkeypatch.setattr(Memory, "close", closed)
    async with room.at_work() as press:
        press.print(given(903), DAY, AT)
        await until(lambda: ("S904", PrintState.PRINTED) in room.told)
    assert len(simulated.papers) == 2


async def test_a_kiosk_started_again_prints_nothing_for_whoever_stands_there_now(
    room: Room, simulated: SimulatedPrinter
) -> None:
    simulated.set(paper_dots=0)
    async with room.at_work() as press:
        press.print(given(903), DAY, AT)
        await until(lambda: bool(press._open))
    again = Room(press._centre, press._phrases, press._printer, room.path)
    simulated.set(paper_dots=10**7)
    async with again.at_work() as press:
        press.print(given(904), DAY, AT)
        await until(lambda: bool(again.told))
    assert again.told == [("S904", PrintState.PRINTED)]
    assert len(simulated.papers) == 1


async def test_a_list_of_slips_that_cannot_be_kept_costs_the_paper_and_not_the_kiosk(room: Room) -> None:
    room.path.parent.write_bytes(b"no directory")
    with capture_logs() as said:
        async with room.at_work() as press:
            press.print(given(903), DAY, AT)
            await press._idle.wait()
            await press.leave()
    assert {"slips.not_printed", "slips.not_forgotten"} == {line["event"] for line in said}
    assert room.told == []


def test_a_printer_at_the_servers_own_machine_is_not_the_kiosks(centre: Centre) -> None:
    there = replace(centre.printers[0], host="", service="", device="/dev/usb/lp0")
    kiosk = next(kiosk for kiosk in centre.kiosks if kiosk.printer == there.name)
    assert own_printer(replace(centre, printers=(there,)), kiosk.name) is None
    paperless = replace(centre, kiosks=(replace(kiosk, printer=None),))
    assert own_printer(paperless, kiosk.name) is None
