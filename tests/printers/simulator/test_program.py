"""`walkin printer` as a process, and everything that can be typed at it."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from support.host import CUT

from printers.simulator.commands import COMMANDS, NotUnderstood, help_text, obey, reference, understood
from printers.simulator.keyboard import LINE_BYTES_MAX, lines
from printers.simulator.printer import SimulatedPrinter

pytestmark = pytest.mark.timeout(60)

READY = "Simulated printer on "
FINE = "paper in | cover closed | cutter free | slips 0 | buffer 0/4096"


class Process:
    """The program, somebody who types, and where it is."""

    def __init__(self, process: asyncio.subprocess.Process, place: str) -> None:
        self.process, self.place = process, place

    async def line(self) -> str:
        assert self.process.stdout is not None
        return (await self.process.stdout.readline()).decode().rstrip("\n")

    async def answer(self, typed: str) -> str:
        assert self.process.stdin is not None
        self.process.stdin.write(typed.encode() + b"\n")
        return await self.line()

    async def line_with(self, words: str) -> str:
        while words not in (line := await self.line()):
            assert line or not self.process.stdout.at_eof()  # type: ignore[union-attr]
        return line

    async def prints(self, text: str) -> None:
        host, _, port = self.place.partition(":")
        _, writer = await asyncio.open_connection(host, int(port))
        writer.write(text.encode() + b"\n" + CUT)
        await self.line_with(text)
        writer.close()
        await writer.wait_closed()


async def start(*options: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "walkin", "printer", *options),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


@asynccontextmanager
async def running(*options: str) -> AsyncIterator[Process]:
    process = await start(*options)
    try:
        assert process.stdout is not None
        ready = (await process.stdout.readline()).decode()
        assert ready.startswith(READY), ready
        yield Process(process, ready.removeprefix(READY).rstrip(".\n"))
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_each_command_typed_is_answered_in_one_line_and_their_end_ends_nothing() -> None:
    async with running("--port", "0") as program:
        assert await program.answer("state") == f"{FINE} | hosts 0"
        assert await program.answer("Paper  OUT") == f"{FINE} | hosts 0".replace("paper in", "paper out")
        assert (await program.answer("paper away")).startswith(
            "'paper away' is no command. There are: paper out,"
        )
        assert await program.answer("paper back") == f"{FINE} | hosts 0"
        assert await program.answer("rst 200") == f"{FINE} | hosts 0 | rst soon"
        assert await program.answer("fin 100000") == f"{FINE} | hosts 0 | fin soon"
        assert program.process.stdin is not None
        program.process.stdin.close()
        await program.prints("printed after the last command")


async def test_faults_given_at_the_start_hold_before_the_first_host_comes() -> None:
    async with running("--port", "0", "--fault", "cover open", "--fault", "buffer 100") as program:
        cover_open = FINE.replace("closed", "open").replace("4096", "100")
        assert await program.answer("state") == f"{cover_open} | hosts 0"


async def test_a_fault_nobody_knows_ends_the_start_with_what_would_be_known() -> None:
    process = await start("--port", "0", "--fault", "paper away")
    said, _ = await process.communicate()
    assert (process.returncode, said.decode().startswith("'paper away' is no command.")) == (2, True)


async def test_a_port_that_is_taken_is_said_in_words() -> None:
    async with SimulatedPrinter() as other:
        process = await start("--port", str(other.port))
        said, _ = await process.communicate()
        expected = f"The printer cannot be on 127.0.0.1:{other.port}: Address already in use.\n"
        assert (process.returncode, said.decode()) == (1, expected)


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
async def test_on_a_pseudo_terminal_it_says_where_prints_and_tidies_up(
    ending: signal.Signals, tmp_path: Path
) -> None:
    link = tmp_path / "printer"
    async with running("--pty", "--link", str(link)) as program:
        assert program.place == str(link)
        host = os.open(link, os.O_RDWR | os.O_NOCTTY)
        os.write(host, b"over the line\n" + CUT)
        await program.line_with("over the line")
        os.close(host)
        program.process.send_signal(ending)
        assert await program.process.wait() == 0
    assert not link.is_symlink()


async def test_without_any_standard_input_it_prints_too() -> None:
    process = await asyncio.create_subprocess_exec(
        *("/bin/sh", "-c", f"exec {sys.executable} -m walkin printer --port 0 <&-"),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    place = (await process.stdout.readline()).decode().removeprefix(READY).rstrip(".\n")
    program = Process(process, place)
    await program.prints("nobody types")
    process.terminate()
    await process.communicate()
    assert process.returncode == 0


async def test_every_command_of_the_table_can_be_obeyed() -> None:
    async with SimulatedPrinter() as printer:
        for command in COMMANDS:
            answer = await obey(printer, f"{command.name} 5" if command.unit else command.name)
            assert answer.startswith("paper "), command.name
            assert "\n" not in answer
        assert await obey(printer, "help") == help_text()


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("paper low", "paper low, 2000 dots"),
        ("cover open", "cover open"),
        ("cutter jam", "cutter jammed"),
        ("slow 50", "slow, 50 dots/s"),
        ("power off", "power off"),
        ("freeze", "frozen"),
        ("mute", "mute"),
        ("lose", "loses 1 replies"),
        ("black hole", "black hole"),
        ("refuse", "refusing"),
        ("busy", "busy with another host"),
        ("second refused", "a second connection is refused"),
        ("buffer 64", "buffer 0/64"),
        ("chatter 500", "chatter every 0.5 s"),
        ("idle rst 7", "rst after 7 s idle"),
    ],
)
async def test_a_fault_in_force_stands_in_the_printers_state_until_it_is_over(typed: str, shown: str) -> None:
    over = ("paper back", "cover close", "cutter clear", "normal", "power on", "thaw", "speak", "back")
    over += ("second waits", "chatter off", "idle off", "buffer 4096", "power cycle counter lost")
    async with SimulatedPrinter() as printer:
        assert shown in (await obey(printer, typed)).split(" | ")
        for command in over:
            await obey(printer, command)
        printer.lose_replies(0)
        assert await obey(printer, "state") == f"{FINE} | hosts 0"


@pytest.mark.parametrize(
    ("typed", "name", "number"),
    [
        ("paper out", "paper out", 0),
        ("paper out 300", "paper out", 300),
        ("power cycle", "power cycle", 0),
        ("power cycle counter lost", "power cycle counter lost", 0),
        ("chatter 20", "chatter", 20),
        ("chatter off", "chatter off", 0),
        ("rst", "rst", 0),
        ("lose", "lose", 1),
    ],
)
def test_the_longest_command_that_fits_is_meant(typed: str, name: str, number: int) -> None:
    command, understood_number = understood(typed)
    assert (command.name, understood_number) == (name, number)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("slow", "It goes: slow DOTS ("),
        ("slow 0", "It goes: slow DOTS ("),
        ("rst soon", "It goes: rst [BYTES] ("),
        ("rst -1", "It goes: rst [BYTES] ("),
        ("rst 99999999999", "It goes: rst [BYTES] ("),
        ("mute please", "It goes: mute ("),
        ("papers", "is no command. There are: paper out"),
        ("", "is no command. There are: paper out"),
    ],
)
def test_what_is_not_understood_says_what_would_be(typed: str, sentence: str) -> None:
    with pytest.raises(NotUnderstood) as raised:
        understood(typed)
    assert sentence in str(raised.value)


def test_no_command_stands_twice() -> None:
    assert len({command.name for command in COMMANDS}) == len(COMMANDS)


def test_the_reference_holds_the_table_of_commands() -> None:
    page = Path("docs/reference/simulated-printer.md").read_text(encoding="utf-8")
    assert f"\n{reference()}\n" in page


async def typed_lines(descriptor: int) -> list[str]:
    return [line async for line in lines(descriptor)]


async def test_lines_come_from_a_file_as_from_a_pipe(tmp_path: Path) -> None:
    words = b"one\r\ntwo\n\nlast without end"
    (tmp_path / "typed").write_bytes(words)
    file = os.open(tmp_path / "typed", os.O_RDONLY)
    reading, writing = os.pipe()
    os.write(writing, words)
    os.close(writing)
    assert await typed_lines(file) == await typed_lines(reading) == ["one", "two", "", "last without end"]
    os.close(file)
    os.close(reading)


async def test_a_line_without_end_is_not_kept_for_ever() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"x" * (LINE_BYTES_MAX + 1))
    typed = lines(reading)
    assert await anext(typed) == "x" * (LINE_BYTES_MAX + 1)
    os.close(writing)
    assert [line async for line in typed] == []
    os.close(reading)


async def test_no_input_at_all_is_the_end_of_it() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    os.close(writing)
    assert await typed_lines(reading) == []
