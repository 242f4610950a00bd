"""What whoever sits at the simulated printer can type: one table for parser, help and reference."""

import inspect
from collections.abc import Awaitable, Callable

from msgspec import Struct

from printers.simulator.faults import Break
from printers.simulator.printer import SimulatedPrinter

NUMBER_MAX = 10**9
"""No dots, bytes, milliseconds or seconds of a trial are more."""


class Command(Struct, frozen=True):
    """One line that can be typed."""

    name: str
    what: str
    act: Callable[[SimulatedPrinter, int], Awaitable[None] | None]
    """Gets the number typed, or `without`."""
    unit: str = ""
    """What the number counts; empty: it takes none."""
    without: int | None = None
    """Stands for a number not typed; None: there must be one."""

    @property
    def usage(self) -> str:
        """The command and its number as they are typed; brackets around what may be left out."""
        if not self.unit:
            return self.name
        return f"{self.name} {self.unit}" if self.without is None else f"{self.name} [{self.unit}]"


class NotUnderstood(Exception):  # noqa: N818 - named for what it says
    """The line is no command; the sentence says what would be."""


def _ends(printer: SimulatedPrinter, after_bytes: int, how: Break) -> None:
    if after_bytes:
        printer.break_after(after_bytes, how)
    else:
        printer.hang_up(how)


async def _back(printer: SimulatedPrinter) -> None:
    printer.black_hole(False)
    printer.busy(False)
    await printer.refuse(False)


COMMANDS = (
    Command("paper out", "the roll ends now, or after so many dots", lambda p, n: p.paper_out(n), "DOTS", 0),
    Command("paper low", "the near-end sensor sees the end of the roll", lambda p, _: p.paper_near_end()),
    Command("paper back", "a new roll", lambda p, _: p.paper_back()),
    Command("cover open", "someone opens the cover", lambda p, _: p.set(cover_open=True)),
    Command("cover close", "and closes it", lambda p, _: p.set(cover_open=False)),
    Command("cutter jam", "the cutter is stuck", lambda p, _: p.set(cutter_jammed=True)),
    Command("cutter clear", "and free again", lambda p, _: p.set(cutter_jammed=False)),
    Command("slow", "feeds only so many dots a second", lambda p, n: p.slow(n), "DOTS"),
    Command("normal", "feeds as fast as it can", lambda p, _: p.slow(None)),
    Command("power off", "hosts hear nothing more, new ones are refused", lambda p, _: p.power_off()),
    Command(
        "power on", "old connections break; paper and counters are as they were", lambda p, _: p.power_on()
    ),
    Command("power cycle", "off and on", lambda p, _: p.power_cycle()),
    Command(
        "power cycle counter lost",
        "off and on, and the counters of cuts begin at nought",
        lambda p, _: p.power_cycle(counter_lost=True),
    ),
    Command(
        "freeze",
        "hung firmware: reads, prints and says nothing; a power cycle helps",
        lambda p, _: p.freeze(True),
    ),
    Command("thaw", "the firmware goes on", lambda p, _: p.freeze(False)),
    Command("mute", "prints and says nothing", lambda p, _: p.set(mute=True)),
    Command("speak", "answers again", lambda p, _: p.set(mute=False)),
    Command(
        "lose",
        "so many replies in order of the commands get lost",
        lambda p, n: p.lose_replies(n),
        "REPLIES",
        1,
    ),
    Command(
        "rst", "connections are torn, now or after so many bytes", lambda p, n: _ends(p, n, "rst"), "BYTES", 0
    ),
    Command(
        "fin",
        "connections are closed, now or after so many bytes",
        lambda p, n: _ends(p, n, "fin"),
        "BYTES",
        0,
    ),
    Command("black hole", "accepts connections, reads and answers nothing", lambda p, _: p.black_hole(True)),
    Command("refuse", "the port is closed; on a serial line the device is gone", lambda p, _: p.refuse(True)),
    Command("busy", "another computer takes the printer; hosts connect and wait", lambda p, _: p.busy(True)),
    Command("back", "black hole, refuse and busy are over", lambda p, _: _back(p)),
    Command(
        "second waits", "a second connection waits in silence", lambda p, _: p.second_connection("waits")
    ),
    Command("second refused", "a second connection is refused", lambda p, _: p.second_connection("refused")),
    Command("buffer", "the receive buffer holds so many bytes", lambda p, n: p.resize_buffer(n), "BYTES"),
    Command("chatter", "automatic status so often, asked for or not", lambda p, n: p.chatter(n / 1000), "MS"),
    Command("chatter off", "only as asked for", lambda p, _: p.chatter(None)),
    Command(
        "idle fin",
        "closes a connection without a byte for so long",
        lambda p, n: p.idle_close(n, "fin"),
        "SECONDS",
    ),
    Command("idle rst", "tears it", lambda p, n: p.idle_close(n, "rst"), "SECONDS"),
    Command("idle off", "keeps it", lambda p, _: p.idle_close(None)),
)
"""Everything but `help` and `state`, which change nothing."""


async def obey(printer: SimulatedPrinter, line: str) -> str:
    """Does what was typed; gives the printer's state in one line, or what can be typed."""
    words = " ".join(line.lower().split())
    if words == "help":
        return help_text()
    if words != "state":
        try:
            await act(printer, words)
        except NotUnderstood as error:
            return str(error)
    return state_line(printer)


async def act(printer: SimulatedPrinter, words: str) -> None:
    """Does what was typed; NotUnderstood."""
    command, number = understood(words)
    done = command.act(printer, number)
    if inspect.isawaitable(done):
        await done


def understood(words: str) -> tuple[Command, int]:
    """The command and its number; NotUnderstood."""
    fitting = [known for known in COMMANDS if f"{words} ".startswith(f"{known.name} ")]
    if not fitting:
        names = ", ".join(command.name for command in COMMANDS)
        raise NotUnderstood(f"{words!r} is no command. There are: {names}, state, help.")
    command = max(fitting, key=lambda known: len(known.name))
    typed = words.removeprefix(command.name).strip()
    if not typed and (command.without is not None or not command.unit):
        return command, command.without or 0
    least = command.without if command.without is not None else 1
    if not command.unit or not typed.isdecimal() or not least <= int(typed) <= NUMBER_MAX:
        raise NotUnderstood(f"{words!r} is not understood. It goes: {command.usage} ({command.what}).")
    return command, int(typed)


def state_line(printer: SimulatedPrinter) -> str:
    """How the printer is, in one line."""
    state = printer.state
    paper = "out" if state.paper_out else f"low, {state.paper_dots} dots" if state.near_end else "in"
    parts = (
        f"paper {paper}",
        f"cover {'open' if state.cover_open else 'closed'}",
        f"cutter {'jammed' if state.cutter_jammed else 'free'}",
        f"slips {len(printer.papers)}",
        f"buffer {printer.bytes_waiting}/{printer.buffer_bytes}",
        f"hosts {printer.hosts}" if printer.port else "",
        f"lost {printer.bytes_lost} bytes" if printer.bytes_lost else "",
        *printer.faults.words(),
    )
    return " | ".join(filter(None, parts))


def help_text() -> str:
    """Everything that can be typed, one command on a line."""
    width = max(len(command.usage) for command in COMMANDS)
    rows = [(command.usage, command.what) for command in COMMANDS]
    rows += [("state", "how the printer is"), ("help", "this list")]
    return "\n".join(f"  {usage:{width}}  {what}" for usage, what in rows)


def reference() -> str:
    """The table in docs/reference/simulated-printer.md."""
    rows = [f"| `{command.usage}` | {command.what} |" for command in COMMANDS]
    return "\n".join(["| Typed | What happens |", "|---|---|", *rows])
