"""What the simulated printer says, asked and unasked, by the makers' manuals."""

import ast
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from support.host import CUT, Host, connected, texts

from printers.simulator.printer import SimulatedPrinter
from printers.simulator.state import DUMB, NEAR_END_DOTS, Abilities

pytestmark = pytest.mark.timeout(30)

MARK = b"\x1d(H\x06\x0000mark"
MARKED = b"\x37\x22mark\x00"


class Answers:
    """What one printer says to one host."""

    def __init__(self, printer: SimulatedPrinter, host: Host) -> None:
        self.printer = printer
        self._host = host

    async def to(self, words: bytes) -> bytes:
        """Everything said until it has executed these words."""
        self.say(words + MARK)
        return (await self._host.reader.readuntil(MARKED)).removesuffix(MARKED)

    async def unasked(self, count: int) -> bytes:
        return await self._host.hear(count)

    def say(self, words: bytes) -> None:
        self._host.say(words)


@asynccontextmanager
async def conversation(abilities: Abilities | None = None) -> AsyncIterator[Answers]:
    async with SimulatedPrinter(abilities=abilities) as printer:
        async with connected(printer) as host:
            yield Answers(printer, host)
        await printer.until(lambda: printer.hosts == 0)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (65, b"\x5f1.00\x00"),
        (66, b"\x5fEPSON\x00"),
        (67, b"\x5fTM-T88V\x00"),
        (68, b"\x5fSIMULATED\x00"),
        (2, b"\x02"),
        (50, b"\x02"),
        (200, b""),
    ],
)
async def test_it_names_its_maker_and_model(asked: int, said: bytes) -> None:
    async with conversation() as answers:
        assert await answers.to(b"\x1dI" + bytes([asked])) == said


async def test_it_can_be_another_model() -> None:
    async with conversation(Abilities(maker="CITIZEN", model="CT-S2000")) as answers:
        assert await answers.to(b"\x1dIB\x1dIC") == b"\x5fCITIZEN\x00\x5fCT-S2000\x00"


async def test_a_dumb_printer_answers_no_question_at_all() -> None:
    questions = b"\x10\x04\x01\x1dr\x01\x1bv\x1dIB\x1dg2\x002\x00\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
    async with SimulatedPrinter(abilities=DUMB) as printer, connected(printer) as host:
        host.say(questions + MARK + b"slip\n" + CUT)
        await printer.until(lambda: texts(printer) == ["slip"])
        printer.hang_up("fin")
        assert await host.reader.read() == b""


async def test_a_host_can_set_one_counter_of_cuts_to_nought_and_not_the_other() -> None:
    tell = b"\x1dg2\x002\x00" + b"\x1dg2\x00\xb2\x00"
    async with conversation() as answers:
        assert await answers.to(CUT + CUT + tell) == b"\x5f2\x00\x5f2\x00"
        assert (
            await answers.to(b"\x1dg0\x002\x00" + b"\x1dg0\x00\xb2\x00" + CUT + tell) == b"\x5f1\x00\x5f3\x00"
        )


@pytest.mark.parametrize("asked", [b"\x1bv", b"\x1dr\x01"])
async def test_the_sensors_answer_in_order_and_see_the_end_of_the_roll_come(asked: bytes) -> None:
    async with conversation() as answers:
        assert await answers.to(asked) == b"\x00"
        answers.printer.paper_near_end()
        assert await answers.to(asked) == b"\x03"


async def test_automatic_status_comes_when_paper_runs_low_by_printing_and_only_once() -> None:
    async with conversation() as answers:
        assert await answers.to(b"\x1da\xff") == b"\x14\x00\x00\x0f"
        answers.printer.paper_out(NEAR_END_DOTS + 20)
        assert await answers.to(b"one\ntwo\n") == b"\x14\x00\x03\x0f"
        answers.printer.paper_near_end()
        assert await answers.to(b"three\n") == b""


async def test_automatic_status_ends_with_initialising() -> None:
    async with conversation() as answers:
        await answers.to(b"\x1da\xff\x1b@")
        answers.printer.paper_near_end()
        assert await answers.to(b"") == b""


@pytest.mark.parametrize(
    ("wish", "said"), [(1, b"\x37\x23\x00"), (2, b"\x37\x23\x44\x00"), (50, b"\x37\x23\x44\x00")]
)
async def test_a_printer_asked_to_says_when_it_stops_and_why(wish: int, said: bytes) -> None:
    async with conversation() as answers:
        await answers.to(b"\x1d(H\x03\x0010" + bytes([wish]))
        answers.printer.set(cover_open=True)
        assert await answers.unasked(len(said)) == said
        answers.printer.set(cover_open=False)
        assert await answers.to(b"\x1d(H\x03\x0010\x00") == b""
        answers.printer.set(cover_open=True)
        answers.printer.set(cover_open=False)
        assert await answers.to(b"") == b""


async def test_paper_out_while_printing_is_said_too() -> None:
    async with conversation() as answers:
        await answers.to(b"\x1d(H\x03\x0010\x02")
        answers.printer.paper_out(31)
        answers.say(b"one\ntwo\nthree\n")
        assert await answers.unasked(4) == b"\x37\x23\x60\x00"


def test_the_simulator_shares_nothing_with_the_programs_that_print_but_the_shapes_of_letters() -> None:
    shared = set()
    for module in Path("printers/simulator").glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            shared |= {name for name in names if name.startswith("printers.")}
    assert {name for name in shared if not name.startswith("printers.simulator.")} == {"printers.glyphs.cell"}
