"""ESC/POS commands executed one after the other, as the manuals describe them: bytes in, paper out.

A program is a generator: it asks for bytes (Take) and for time at the mechanism (Work); whoever drives it
decides when bytes are there, how fast the mechanism is, and that nothing moves while the cover is open.

Of the programs that print it shares one thing, the shapes of letters (printers.glyphs): a printer has some
font in its memory, and no manual says which. What manuals do say, the cell of a character, code pages,
commands and answers, is written down here a second time: a mistake of the encoder shows on the paper.
"""

from collections.abc import Callable, Generator, Mapping

import segno
from msgspec import Struct
from PIL import Image, ImageChops

from printers.glyphs import cell
from printers.simulator.paper import Paper, Roll, Text
from printers.simulator.state import CUTS, Abilities, State

DC4 = 0x14
FONT_A = (12, 24)
"""Width and height of a character in dots, by the manuals."""
ALIGNMENTS = {0: 0, 1: 1, 2: 2, 48: 0, 49: 1, 50: 2}
LINE_SPACING_DOTS = 30
BAND_DOTS = 24
"""Rows of a picture that are on the paper or not: a power failure leaves whole bands (3 mm)."""
TO_CUTTER_DOTS = 96
"""GS V 65/66 feeds this far first, so that the last line is outside."""

CODE_PAGES = {
    0: "cp437",
    2: "cp850",
    3: "cp860",
    4: "cp863",
    5: "cp865",
    13: "cp857",
    16: "cp1252",
    17: "cp866",
    18: "cp852",
    19: "cp858",
    40: "iso8859-15",
}
"""ESC t n as Epson numbers the pages."""

ESC_SKIPPED = {"-": 1, "M": 1, "R": 1, "V": 1, "{": 1, "r": 1, "T": 1, "U": 1, "=": 1, " ": 1, "p": 3, "c": 2}
ESC_SKIPPED |= {"$": 2, "\\": 2, "K": 1, "A": 1}
GS_SKIPPED = {"h": 1, "w": 1, "f": 1, "H": 1, "b": 1, "L": 2, "W": 2, "P": 2, "$": 2, "\\": 2, "*": 2}
"""Commands this printer reads past, with the number of their parameters; they get a complaint."""
REAL_TIME_PARAMETERS = {1: 2, 2: 2, 3: 4, 8: 7}
"""Parameters after DLE DC4 fn; already executed on reception."""
WITH_CAUSE = 2
"""GS ( H 49: an offline response that says why."""
CORRECTION = {48: "l", 49: "m", 50: "q", 51: "h"}


class Take(Struct, frozen=True):
    """The program needs so many bytes."""

    count: int


class Work(Struct, frozen=True):
    """The mechanism moves the paper so many dots."""

    dots: int


Program = Generator[Take | Work, bytes, None]
Reading = Generator[Take | Work, bytes, bytes]


class Interpreter:
    """The volatile part of a printer: modes, print buffer, QR store; gone with the power."""

    def __init__(
        self,
        roll: Roll,
        state: State,
        reply: Callable[[bytes], None],
        drop: Callable[[Paper], None],
        abilities: Abilities,
        code_pages: Mapping[int, str],
    ) -> None:
        self._roll = roll
        self._state = state
        self._reply = reply
        self._drop = drop
        self._abilities = abilities
        self._code_pages = code_pages
        self._status_told: bytes | None = None
        """The automatic status last said; None = nobody asked for it."""
        self._offline_response = 0
        self._offline_told = False
        self._qr_text = b""
        self._qr_module = 3
        self._qr_correction = "l"
        self._reset()

    def _reset(self) -> None:
        self._code_page = "cp437"
        self._align = 0
        self._bold = False
        self._reverse = False
        self._size = (1, 1)
        self._spacing = LINE_SPACING_DOTS
        self._line: list[tuple[str, Image.Image]] = []

    def hush(self) -> None:
        """The host that asked for automatic status has gone, or has initialised the printer."""
        self._status_told = None

    def unasked(self) -> bytes:
        """What it says by itself now that its state may have changed: automatic status, offline response."""
        said = b""
        if self._status_told not in (None, self._state.automatic()):
            self._status_told = said = self._state.automatic()
        if self._offline_response and self._state.offline and not self._offline_told:
            cause = self._state.offline_cause() if self._offline_response == WITH_CAUSE else b""
            said += b"\x37\x23" + cause + b"\x00"
        self._offline_told = self._state.offline
        return said

    def run(self) -> Program:
        """Executes commands for ever."""
        while True:
            (first,) = yield from self._take(1)
            match first:
                case 0x0A:
                    yield from self._print_line()
                case 0x00 | 0x0D | 0x18:
                    pass
                case 0x10:
                    yield from self._real_time()
                case 0x1B:
                    yield from self._escape()
                case 0x1C:
                    yield from self._chinese()
                case 0x1D:
                    yield from self._group()
                case _ if first < ord(" "):
                    self._roll.complain(f"unknown control byte {first:02X}")
                case _:
                    yield from self._letter(first)

    def _take(self, count: int) -> Reading:
        taken = yield Take(count)
        self._roll.record(taken)
        return taken

    def _work(self, dots: int, *, blank: bool = False) -> Program:
        if dots:
            yield from self._wind(dots)
            move = self._roll.space if blank else self._roll.feed
            move(dots)

    def _wind(self, dots: int) -> Program:
        yield Work(dots)
        self._state.paper_dots -= dots

    def _letter(self, code: int) -> Program:
        letter = bytes([code]).decode(self._code_page, errors="replace")
        if letter == "\N{REPLACEMENT CHARACTER}":
            self._roll.complain(f"no letter {code:02X} in {self._code_page}")
        width, height = self._size
        if self._line_width() + FONT_A[0] * width > self._roll.columns * FONT_A[0]:
            self._roll.complain("a line is longer than the paper is wide")
            yield from self._print_line()
        drawn = cell(letter, bold=self._bold)
        assert drawn.size == FONT_A
        if self._reverse:
            drawn = ImageChops.invert(drawn)
        self._line.append(
            (letter, drawn.resize((FONT_A[0] * width, FONT_A[1] * height), Image.Resampling.NEAREST))
        )

    def _line_width(self) -> int:
        return sum(drawn.width for _, drawn in self._line)

    def _print_line(self) -> Program:
        if not self._line:
            yield from self._work(self._spacing, blank=True)
            return
        tall = max(drawn.height for _, drawn in self._line)
        yield Work(0)
        strip = Image.new("1", (self._line_width(), tall))
        x = 0
        for _, drawn in self._line:
            strip.paste(drawn, (x, tall - drawn.height))
            x += drawn.width
        text = Text("".join(letter for letter, _ in self._line), self._bold, tall // FONT_A[1])
        self._line = []
        dots = max(self._spacing, tall)
        self._roll.put_line(strip, self._left(strip.width), text)
        self._roll.feed(dots)  # at once: what comes after a power failure in this feed comes below
        yield from self._wind(dots)

    def _left(self, width: int) -> int:
        return max(0, (self._roll.width_dots - width) * self._align // 2)

    def _picture(self, ink: Image.Image, qr: str | None = None) -> Program:
        if self._line:
            yield from self._print_line()
        left = self._left(ink.width)
        for top in range(0, ink.height, BAND_DOTS):
            bottom = min(top + BAND_DOTS, ink.height)
            yield from self._wind(bottom - top)
            self._roll.put_rows(ink, left, top, bottom, qr)

    def _real_time(self) -> Program:
        (kind,) = yield from self._take(1)
        if kind in (0x04, 0x05):
            yield from self._take(1)
        elif kind == DC4:
            (function,) = yield from self._take(1)
            yield from self._take(REAL_TIME_PARAMETERS.get(function, 1))
        else:
            self._roll.complain(f"unknown command 10 {kind:02X}")

    def _chinese(self) -> Program:
        (kind,) = yield from self._take(1)
        if chr(kind) in "!-WC":
            yield from self._take(1)
        elif chr(kind) not in "&.":
            self._roll.complain(f"unknown command 1C {kind:02X}")

    def _escape(self) -> Program:
        (code,) = yield from self._take(1)
        match chr(code):
            case "@":
                self._reset()
                self.hush()
            case "2":
                self._spacing = LINE_SPACING_DOTS
            case "i" | "m":
                yield from self._cut()
            case "d":
                (lines,) = yield from self._take(1)
                if self._line:
                    yield from self._print_line()
                    lines -= 1
                yield from self._work(lines * self._spacing, blank=True)
            case "J":
                (dots,) = yield from self._take(1)
                yield from self._work(dots, blank=True)
            case "u":
                yield from self._take(1)
                self._reply(b"\x00")
            case "v":
                yield Work(0)
                if self._abilities.sensors:
                    self._reply(self._state.sensors())
            case "t" | "a" | "E" | "G" | "!" | "3" as mode:
                (value,) = yield from self._take(1)
                self._mode(mode, value)
            case skipped if skipped in ESC_SKIPPED:
                yield from self._take(ESC_SKIPPED[skipped])
                self._roll.complain(f"not drawn: ESC {skipped}")
            case _:
                self._roll.complain(f"unknown command 1B {code:02X}")

    def _mode(self, mode: str, value: int) -> None:
        match mode:
            case "t":
                if value not in self._code_pages:
                    self._roll.complain(f"no code page {value}")
                self._code_page = self._code_pages.get(value, "cp437")
            case "a":
                if not self._line:
                    self._align = ALIGNMENTS.get(value, 0)
            case "E" | "G":
                self._bold = bool(value & 1)
            case "!":
                self._bold = bool(value & 0x08)
                self._size = (2 if value & 0x20 else 1, 2 if value & 0x10 else 1)
            case "3":
                self._spacing = value

    def _group(self) -> Program:
        (code,) = yield from self._take(1)
        match chr(code):
            case "!":
                (value,) = yield from self._take(1)
                self._size = ((value >> 4 & 7) + 1, (value & 7) + 1)
            case "B":
                (value,) = yield from self._take(1)
                self._reverse = bool(value & 1)
            case "V":
                yield from self._feed_and_cut()
            case "v":
                yield from self._raster()
            case "(":
                yield from self._long()
            case "a":
                (value,) = yield from self._take(1)
                self._status_told = self._state.automatic() if value else None
                self._reply(self._status_told or b"")
            case "r" | "I" | "g" as asked:
                yield from self._asked(asked)
            case skipped if skipped in GS_SKIPPED:
                yield from self._take(GS_SKIPPED[skipped])
                self._roll.complain(f"not drawn: GS {skipped}")
            case _:
                self._roll.complain(f"unknown command 1D {code:02X}")

    def _asked(self, asked: str) -> Program:
        """Questions answered in the order of the commands."""
        if asked == "g":
            function, _, low, high = yield from self._take(4)
            self._counter(chr(function), low + 256 * high)
            return
        (what,) = yield from self._take(1)
        if asked == "r" and self._abilities.sensors:
            self._reply(self._state.sensors() if what in (1, 49) else b"\x00")
        elif asked == "I" and self._abilities.identity:
            self._reply(self._abilities.says_of_itself(what))

    def _counter(self, function: str, number: int) -> None:
        """GS g 0 sets a counter to nought, GS g 2 tells it."""
        if self._abilities.counters and function == "2" and number in self._state.counters:
            self._reply(b"\x5f" + str(self._state.counters[number]).encode() + b"\x00")
        elif self._abilities.counters and function == "0" and number == CUTS:
            self._state.cuts = 0

    def _feed_and_cut(self) -> Program:
        (mode,) = yield from self._take(1)
        if mode in (65, 66, 97, 98):
            (extra,) = yield from self._take(1)
            yield from self._work(TO_CUTTER_DOTS + extra)
        elif mode not in (0, 1, 48, 49):
            self._roll.complain(f"unknown cut {mode}")
        yield from self._cut()

    def _cut(self) -> Program:
        yield Work(0)
        self._state.cuts += 1
        self._state.cuts_ever += 1
        self._drop(self._roll.cut())

    def _raster(self) -> Program:
        zero, mode, *size = yield from self._take(6)
        if zero != ord("0"):
            self._roll.complain(f"unknown raster {zero:02X}")
        width, height = size[0] + 256 * size[1], size[2] + 256 * size[3]
        rows = bytearray()
        for _ in range(height):
            rows += yield from self._take(width)
        if not rows:
            return
        ink = Image.frombytes("1", (width * 8, height), bytes(rows))
        wide, high = 1 + (mode & 1), 1 + (mode >> 1 & 1)
        yield from self._picture(ink.resize((ink.width * wide, ink.height * high), Image.Resampling.NEAREST))

    def _long(self) -> Program:
        kind, low, high = yield from self._take(3)
        words = yield from self._take(low + 256 * high)
        match chr(kind), words[:2]:
            case "H", b"00":
                yield Work(0)
                if self._abilities.process_ids:
                    self._reply(b"\x37\x22" + words[2:6] + b"\x00")
            case "H", b"10":
                if self._abilities.process_ids:
                    self._offline_response = words[2] & 0x0F
            case "k", two if two[:1] == b"1":
                yield from self._qr(two[1], words[2:])
            case _:
                self._roll.complain(f"unknown command GS ( {chr(kind)} {words[:2].hex(' ')}")

    def _qr(self, function: int, words: bytes) -> Program:
        match function:
            case 65:
                pass
            case 67:
                self._qr_module = words[0]
            case 69:
                self._qr_correction = CORRECTION.get(words[0], "l")
            case 80:
                self._qr_text = words[1:]
            case 81 if self._qr_text:
                text = self._qr_text.decode(errors="replace")
                code = segno.make_qr(text, error=self._qr_correction, boost_error=False)
                side = len(code.matrix)
                dots = bytes(255 if dark else 0 for row in code.matrix for dark in row)
                small = Image.frombytes("L", (side, side), dots).convert("1")
                side *= self._qr_module
                yield from self._picture(small.resize((side, side), Image.Resampling.NEAREST), text)
            case _:
                self._roll.complain(f"unknown QR function {function}")
