"""A receipt as the bytes of one printer, by python-escpos and its profiles; nobody else imports escpos."""

import logging
import os
import re
import tempfile
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module
from threading import Lock
from typing import Any, assert_never

from msgspec import Struct
from PIL import Image

from config.model import Printer
from printers.glyphs import number_ink, qr_ink, whole_bytes
from printers.layout import (
    COLUMNS,
    GAP_DOTS,
    PART_BYTES_MAX,
    PICTURE_BYTES,
    RULE_DOTS,
    SLIP_BYTES_MAX,
    Element,
    Gap,
    Line,
    Medium,
    Number,
    Qr,
    Receipt,
    Rule,
)
from printers.letters import Codec
from printers.render import Encoded, UnknownProfile

CODE_PAGES: tuple[tuple[str, Codec], ...] = (("CP1252", "cp1252"), ("CP858", "cp858"))
"""Code pages with é, ç and €, the best first, as profiles and as Python name them."""
QR_ERROR_M = 1
ESC_STYLE = b"\x1b!"
"""Weight and size in one command that every printer knows; sizes up to two."""
BOLD, TALL, WIDE = 0x08, 0x10, 0x20
GS_RASTER = b"\x1dv0"
INK = 255
TEAR_LINES = 6
"""Fed where there is no cutter: the last line comes out past the edge one tears at."""
QUADRUPLE = 3
"""GS v 0 mode that prints each dot of a picture two wide and two high."""
_IMPORTING = Lock()
"""Two printers may render their first slips at the same moment, in two threads."""
REAL_TIME = re.compile(rb"\x10(?:\x04[\x00-\xff]|\x05[\x00-\xff]|\x14[\x00-\xff])", re.DOTALL)
"""DLE EOT, DLE ENQ, DLE DC4: a printer executes them on reception, even inside a picture."""


class _Profile(Struct, frozen=True):
    codec: Codec
    code_page: int
    native_qr: bool
    pictures: bool
    cutter: bool
    columns_max: int


def medium_of(printer: Printer) -> Medium:
    """Paper and letters of a configured printer; UnknownProfile says which names there are."""
    profile = _profile(printer.profile)
    return Medium(printer.width_dots, profile.codec, profile.native_qr, profile.pictures, profile.columns_max)


def encode(receipt: Receipt, profile: str) -> Encoded:
    """The receipt in the words of this profile; at most SLIP_BYTES_MAX bytes, no real-time command inside."""
    known = _profile(profile)
    assert receipt.medium.codec == known.codec, "laid out for another printer"
    pen = _Pen(profile, known, receipt.medium.width_dots)
    for element in receipt.elements:
        pen.put(element)
    encoded = Encoded(_parts(pen.commands), pen.cut(), known.cutter)
    assert len(encoded.body) + len(encoded.cut) <= SLIP_BYTES_MAX, "layout promised a shorter slip"
    assert max(map(len, encoded.parts)) <= PART_BYTES_MAX, "a part too long to be sent without a look"
    assert not REAL_TIME.search(encoded.body + encoded.cut), "a real-time command inside a slip"
    return encoded


class _Pen:
    """Writes elements with a python-escpos Dummy, saying again only what has changed."""

    def __init__(self, profile: str, known: _Profile, width_dots: int) -> None:
        self._width_dots = width_dots
        self._dummy = _escpos("printer").Dummy(profile=profile)
        self._known = known
        self._style = 0
        self.commands: list[bytes] = []
        """Written so far; a printer may be asked something between any two."""
        self._dummy.hw("INIT")
        self._raw(b"\x1bt" + bytes([known.code_page]))
        self._dummy.set(align="center")
        self._end_command()

    def cut(self) -> bytes:
        if self._known.cutter:
            self._dummy.cut(feed=False)
        else:
            self._dummy.print_and_feed(TEAR_LINES)
        cut: bytes = self._dummy.output
        return cut

    def put(self, element: Element) -> None:
        self._put(element)
        self._end_command()

    def _end_command(self) -> None:
        self.commands.append(self._dummy.output)
        self._dummy.clear()

    def _put(self, element: Element) -> None:
        match element:
            case Line():
                self._write(element)
            case Number():
                self._picture(number_ink(element.text, element.width_dots // 2, element.height_dots // 2))
            case Qr() if self._known.native_qr:
                self._dummy.qr(element.text, ec=QR_ERROR_M, size=element.module_dots, native=True)
            case Qr():
                self._picture(whole_bytes(qr_ink(element.text, element.module_dots // 2)))
            case Rule():
                self._picture(Image.new("1", (self._width_dots // 2, RULE_DOTS // 2), INK))
            case Gap() if self._known.pictures:
                self._picture(Image.new("1", (8, GAP_DOTS // 2)))
            case Gap():
                self._dummy.print_and_feed()
            case _:
                assert_never(element)

    def _write(self, line: Line) -> None:
        style = BOLD * line.bold | WIDE * (line.width > 1) | TALL * (line.height > 1)
        if style != self._style:
            self._raw(ESC_STYLE + bytes([style]))
        self._style = style
        self._raw(line.text.encode(self._known.codec) + b"\n")

    def _picture(self, ink: Image.Image) -> None:
        """A picture in half resolution: a quarter of the bytes, and every dot still sharp; band by band."""
        rows = (PART_BYTES_MAX - PICTURE_BYTES) // (ink.width // 8)
        for top in range(0, ink.height, rows):
            band = _harmless(ink.crop((0, top, ink.width, min(top + rows, ink.height))))
            size = (band.width // 8).to_bytes(2, "little") + band.height.to_bytes(2, "little")
            self._raw(GS_RASTER + bytes([QUADRUPLE]) + size + band.tobytes())
            self._end_command()

    def _raw(self, words: bytes) -> None:
        self._dummy._raw(words)  # noqa: SLF001 - Dummy.text would choose code pages, Dummy.image would print() complaints


def _parts(commands: Iterable[bytes]) -> tuple[bytes, ...]:
    """Commands joined as long as they are no more than PART_BYTES_MAX together."""
    parts = [b""]
    for command in commands:
        if len(parts[-1]) + len(command) > PART_BYTES_MAX:
            parts.append(b"")
        parts[-1] += command
    return tuple(parts)


def _harmless(ink: Image.Image) -> Image.Image:
    """The picture without a real-time command in its dots; it is whole bytes wide."""
    dots = bytearray(ink.tobytes())
    while found := REAL_TIME.search(dots):
        dots[found.start()] ^= 0x08
    return Image.frombytes("1", ink.size, bytes(dots))


@cache
def _profile(name: str) -> _Profile:
    profiles: Mapping[str, Any] = _escpos("capabilities").CAPABILITIES["profiles"]
    if name not in profiles:
        known = ", ".join(sorted(profiles))
        raise UnknownProfile(f"no printer profile '{name}'; set the printer's profile to one of: {known}")
    profile = profiles[name]
    numbers: dict[str, int] = {}
    for number, page in profile["codePages"].items():
        numbers[page] = min(int(number), numbers.get(page, 255))
    page, codec = next((known for known in CODE_PAGES if known[0] in numbers), ("", "ascii"))
    features = profile["features"]
    return _Profile(
        codec=codec,
        code_page=numbers.get(page, 0),
        native_qr=features["qrCode"],
        pictures=features["bitImageRaster"],
        cutter=features["paperPartCut"] or features["paperFullCut"],
        columns_max=_columns(profile),
    )


def _columns(profile: Mapping[str, Any]) -> int:
    """Characters in a line by the profile, where it knows its paper; no printer has less than 32."""
    told = isinstance(profile["media"]["width"].get("pixels"), int)
    columns: int = profile["fonts"]["0"]["columns"]
    return columns if told and columns >= min(COLUMNS.values()) else max(COLUMNS.values())


@cache
def _escpos(module: str) -> Any:
    """A module of python-escpos: imported late (0.2 s), its log set-up and its pickle of profiles undone."""
    with _IMPORTING:
        return _imported(module)


def _imported(module: str) -> Any:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    variable = "ESCPOS_CAPABILITIES_PICKLE_DIR"
    before = os.environ.get(variable)
    with tempfile.TemporaryDirectory(prefix="walkin-escpos-") as folder:
        os.environ[variable] = folder
        elsewhere, tempfile.tempdir = tempfile.tempdir, folder  # it makes a folder even when it is told one
        try:
            return import_module(f"escpos.{module}")
        finally:
            tempfile.tempdir = elsewhere
            root.handlers[:] = handlers
            root.setLevel(level)
            if before is None:
                del os.environ[variable]
            else:
                os.environ[variable] = before
