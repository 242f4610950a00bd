"""The printer that tests believe must itself follow the manuals."""

import asyncio
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from support.host import CUT, FINE, PRINTER, connected, texts

from printers.simulator.paper import CUT_MARGIN_DOTS, Paper, Picture, Roll
from printers.simulator.printer import RECEIVE_BUFFER_BYTES, SimulatedPrinter
from printers.simulator.program import BAND_DOTS, CODE_PAGES, Interpreter, Work
from printers.simulator.serve import keep, run
from printers.simulator.state import Abilities, State
from printers.simulator.terminal import shown

QR = b"\x1d(k\x03\x001C\x06\x1d(k\x03\x001E1\x1d(k\x08\x001P0HELLO\x1d(k\x03\x001Q0"


async def printed(printer: SimulatedPrinter, words: bytes) -> Paper:
    before = len(printer.papers)
    async with connected(printer) as host:
        host.say(words)
        await printer.until(lambda: len(printer.papers) > before)
    return printer.papers[-1]


@pytest.mark.parametrize(("page", "codec"), [(0, "cp437"), (16, "cp1252"), (19, "cp858"), (2, "cp850")])
async def test_the_code_page_decides_the_letters(page: int, codec: str) -> None:
    async with SimulatedPrinter() as printer:
        paper = await printed(printer, b"\x1bt" + bytes([page]) + "é ç ï".encode(codec) + b"\n" + CUT)
        assert paper.text == "é ç ï"


async def test_initialising_forgets_the_code_page_as_printers_do() -> None:
    async with SimulatedPrinter() as printer:
        paper = await printed(printer, b"\x1bt\x10\x1b@" + "é".encode("cp1252") + b"\n" + CUT)
        assert paper.text == "Θ"


async def test_a_line_too_long_runs_over_and_is_complained_of() -> None:
    async with SimulatedPrinter(384) as printer:
        paper = await printed(printer, b"x" * 33 + b"\n" + CUT)
        assert paper.text.splitlines() == ["x" * 32, "x"]
        assert paper.complaints == ("a line is longer than the paper is wide",)


async def test_a_command_nobody_knows_is_complained_of() -> None:
    async with SimulatedPrinter() as printer:
        paper = await printed(printer, b"\x1bz" + b"a\n" + CUT)
        assert paper.complaints == ("unknown command 1B 7A",)


@pytest.mark.parametrize(("mode", "size"), [(0, (8, 2)), (1, (16, 2)), (2, (8, 4)), (3, (16, 4))])
async def test_a_raster_is_scaled_by_its_mode(mode: int, size: tuple[int, int]) -> None:
    async with SimulatedPrinter() as printer:
        paper = await printed(printer, b"\x1dv0" + bytes([mode, 1, 0, 2, 0]) + b"\xff\xff" + CUT)
        (picture,) = (part for part in paper.parts if isinstance(part, Picture))
        assert (picture.width, picture.height) == size
        ink = paper.image.convert("L").histogram()[0]
        assert ink == size[0] * size[1]


async def test_its_own_qr_can_be_read_on_paper_and_in_the_terminal() -> None:
    async with SimulatedPrinter() as printer:
        paper = await printed(printer, b"\x1ba\x01" + QR + CUT)
        assert [code.text for code in zxingcpp.read_barcodes(paper.image.convert("L"))] == ["HELLO"]
        assert [code.text for code in zxingcpp.read_barcodes(as_seen(shown(paper)))] == ["HELLO"]


def as_seen(terminal: str) -> Image.Image:
    """The half blocks of a terminal as a picture."""
    rows = [row.split("m", 1)[1].partition("\x1b")[0] for row in terminal.splitlines()]
    rows = [row for row in rows if not set(row) - set(" ▄▀█")]
    picture = Image.new("L", (len(rows[0]), 2 * len(rows)), 255)
    for y, row in enumerate(rows):
        for x, block in enumerate(row):
            if block in "▀█":
                picture.putpixel((x, 2 * y), 0)
            if block in "▄█":
                picture.putpixel((x, 2 * y + 1), 0)
    return picture.resize((picture.width * 6, picture.height * 6), Image.Resampling.NEAREST)


async def test_it_answers_at_once_even_inside_a_picture() -> None:
    async with SimulatedPrinter() as printer, connected(printer) as host:
        assert await host.ask(b"\x1dv0\x00\x10\x00\x10\x00" + PRINTER) == FINE


async def test_it_says_why_it_stands_still() -> None:
    async with SimulatedPrinter() as printer, connected(printer) as host:
        printer.set(cover_open=True)
        assert await host.ask(b"\x10\x04\x01\x10\x04\x02", 2) == b"\x1e\x16"
        printer.set(cover_open=False, paper_dots=0)
        assert await host.ask(b"\x10\x04\x02\x10\x04\x04", 2) == b"\x32\x7e"


async def test_process_ids_counters_and_sensors_answer_in_order_and_not_while_it_stands_still() -> None:
    async with SimulatedPrinter() as printer, connected(printer) as host:
        printer.set(cover_open=True)
        host.say(b"a\n" + CUT + b"\x1d(H\x06\x0000abcd" + b"\x1dg2\x002\x00" + b"\x1dr\x01")
        assert await host.ask(PRINTER) == b"\x1e"
        printer.set(cover_open=False)
        assert await host.hear(11) == b"\x37\x22abcd\x00" + b"\x5f1\x00" + b"\x00"


async def test_clearing_throws_away_what_waits_and_says_so() -> None:
    async with SimulatedPrinter() as printer, connected(printer) as host:
        printer.set(cover_open=True)
        host.say(b"lost\n" + CUT)
        clear = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
        assert await host.ask(clear, 3) == b"\x37\x25\x00"
        printer.set(cover_open=False)
        host.say(b"kept\n" + CUT)
        await printer.until(lambda: bool(printer.papers))
        assert texts(printer) == ["kept"]


async def test_automatic_status_comes_on_every_change() -> None:
    async with SimulatedPrinter() as printer, connected(printer) as host:
        assert await host.ask(b"\x1da\xff", 4) == b"\x14\x00\x00\x0f"
        printer.set(cover_open=True)
        assert await host.hear(4) == b"\x3c\x00\x00\x0f"


async def test_a_full_buffer_stops_the_sender() -> None:
    async with SimulatedPrinter() as printer, connected(printer) as host:
        printer.set(cover_open=True)
        host.say(b"\n" * (RECEIVE_BUFFER_BYTES + 1))
        await printer.until(lambda: printer.bytes_received == RECEIVE_BUFFER_BYTES)
        host.say(PRINTER)
        assert await host.hears_nothing()
        printer.set(cover_open=False)
        assert await host.hear() == FINE


async def test_a_second_connection_is_accepted_but_not_served_before_the_first_ends() -> None:
    async with SimulatedPrinter() as printer, connected(printer) as first, connected(printer) as second:
        await first.ask(PRINTER)
        second.say(PRINTER)
        assert await second.hears_nothing()
        first.writer.close()
        assert await second.hear() == FINE


SLIP_WITH_PICTURES = b"Velo\n\x1dv0\x00\x02\x00\x64\x00" + b"\xaa" * 200 + QR + b"one\nlast\n"
MOVES = 12
"""At least: lines and bands of pictures, each a place where the power can fail."""


def executed(roll: Roll, words: bytes, moves_max: int = 10**6) -> tuple[list[Paper], int]:
    """What falls out until the bytes end, or the power fails after so many moves; and how many there were."""
    papers: list[Paper] = []
    program = Interpreter(roll, State(), lambda _: None, papers.append, Abilities(), CODE_PAGES).run()
    step, moves = next(program), 0
    while isinstance(step, Work) or len(words) >= step.count:
        if isinstance(step, Work):
            if moves == moves_max:
                break
            moves += step.dots > 0
            step = program.send(b"")
        else:
            taken, words = words[: step.count], words[step.count :]
            step = program.send(taken)
    return papers, moves


@pytest.mark.parametrize("moves", range(MOVES))
def test_what_comes_after_a_power_failure_comes_below_whatever_was_printed_by_then(moves: int) -> None:
    broken, unbroken, again = Roll(384, 32), Roll(384, 32), Roll(384, 32)
    assert executed(broken, SLIP_WITH_PICTURES, moves)[1] == moves
    executed(again, SLIP_WITH_PICTURES, moves)
    executed(unbroken, SLIP_WITH_PICTURES)
    before, whole = broken.cut().image, unbroken.cut().image
    seen = (0, 0, 384, before.height - CUT_MARGIN_DOTS)
    assert before.height <= whole.height
    assert before.crop(seen).tobytes() == whole.crop(seen).tobytes()
    ((after,), _) = executed(again, b"\x1b!\x30VOID\n\x1dV0")
    assert after.text.splitlines()[-1] == "VOID"
    assert after.image.crop(seen).tobytes() == before.crop(seen).tobytes()
    ((alone,), _) = executed(Roll(384, 32), b"\x1b!\x30VOID\n\x1dV0")
    below = after.image.crop((0, seen[3] - CUT_MARGIN_DOTS, 384, after.image.height))
    below.paste(255, (0, 0, 384, CUT_MARGIN_DOTS))
    assert below.tobytes() == alone.image.tobytes()


async def test_a_picture_broken_off_by_a_power_failure_is_on_the_paper_as_far_as_it_came() -> None:
    async with SimulatedPrinter() as printer, connected(printer) as host:
        printer.paper_out(after_dots=2 * BAND_DOTS + 1)
        host.say(QR + CUT)
        await printer.until(lambda: printer.state.paper_out)
        await printer.power_off()
        printer.paper_back()
        await printer.power_on()
        paper = await printed(printer, CUT)
    (picture,) = (part for part in paper.parts if isinstance(part, Picture))
    assert (picture.height, picture.qr) == (3 * BAND_DOTS, None)
    assert shown(paper)


async def test_what_was_printed_before_a_power_failure_hangs_out_and_gets_the_next_slip_on_top() -> None:
    async with SimulatedPrinter() as printer, connected(printer) as host:
        host.say(b"half\nbuffered")
        await printer.until(lambda: bool(printer.piece) and not printer.bytes_waiting)
        await printer.power_cycle()
        paper = await printed(printer, b"next\n" + CUT)
        assert paper.text.splitlines() == ["half", "next"]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_every_slip_is_kept_as_picture_text_and_bytes(tmp_path: Path) -> None:
    async with SimulatedPrinter(512) as printer:
        for word in (b"one", b"two"):
            await printed(printer, word + b"\n" + CUT)
    for paper in printer.papers:
        keep(paper, tmp_path)
    assert names(tmp_path) == [
        "0001.bin",
        "0001.png",
        "0001.txt",
        "0002.bin",
        "0002.png",
        "0002.txt",
    ]
    assert (tmp_path / "0002.txt").read_text() == "two\n"
    assert (tmp_path / "0002.bin").read_bytes() == b"two\n" + CUT
    with Image.open(tmp_path / "0001.png") as picture:
        assert picture.width == 512
    keep(printer.papers[0], tmp_path)
    assert (tmp_path / "0003.txt").read_text() == "one\n"


async def anxious(printer: SimulatedPrinter, slips: asyncio.Queue[Paper]) -> Paper:
    """The first slip of a program that may not be listening yet."""
    while True:
        try:
            async with connected(printer) as host:
                host.say(b"hello\n" + CUT)
                return await slips.get()
        except ConnectionRefusedError:
            await asyncio.sleep(0)


async def test_the_program_serves_until_it_is_stopped_and_frees_its_port(tmp_path: Path) -> None:
    free = SimulatedPrinter()
    await free.listen()
    await free.stop()
    slips: asyncio.Queue[Paper] = asyncio.Queue()
    serving = asyncio.create_task(run("127.0.0.1", free.port, tmp_path / "slips", 384, slips.put_nowait))
    paper = await anxious(free, slips)
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving
    assert "hello" in shown(paper)
    assert (tmp_path / "slips" / "0001.txt").exists()
    with pytest.raises(ConnectionRefusedError):
        await printed(free, CUT)
