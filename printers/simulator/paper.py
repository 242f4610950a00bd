"""What is on paper: dots, letters and pictures on a roll, cut into slips."""

from io import BytesIO

from msgspec import Struct
from PIL import Image, ImageChops

CUT_MARGIN_DOTS = 24
"""Paper between the head and the cutter: white above the first line of a slip and below its last."""
SLIP_DOTS_MAX = 12_000
"""1.5 m: a printer asked to feed more than this without a cut has gone mad."""


class Text(Struct, frozen=True):
    """One printed line."""

    text: str
    bold: bool
    height: int


class Picture(Struct, frozen=True):
    """A raster as far as it was printed: its box in dots, and what a QR of the printer's own says."""

    left: int
    top: int
    width: int
    height: int
    qr: str | None = None


class Space(Struct, frozen=True):
    """Paper fed without printing."""

    dots: int


Part = Text | Picture | Space


class Paper(Struct, frozen=True):
    """One slip as it falls out of the printer."""

    serial: int
    width_dots: int
    columns: int
    png: bytes
    text: str
    raw: bytes
    """Everything the printer executed for this slip, real-time commands aside."""
    parts: tuple[Part, ...]
    complaints: tuple[str, ...]
    """What a real printer would have printed as rubbish, clipped, or not understood."""

    @property
    def image(self) -> Image.Image:
        """The slip as a picture."""
        return Image.open(BytesIO(self.png)).convert("1")


class Roll:
    """The paper between two cuts. It survives a power failure, as paper does."""

    def __init__(self, width_dots: int, columns: int) -> None:
        self.width_dots = width_dots
        self.columns = columns
        self.serial = 0
        self._y = CUT_MARGIN_DOTS
        self._clear()

    @property
    def piece(self) -> bytes:
        """What was executed since the last cut; empty while nothing is printed on it."""
        blank = all(isinstance(part, Space) for part in self._parts)
        return b"" if blank else bytes(self._raw)

    def space(self, dots: int) -> None:
        """Moves the paper on, to part what stands above from what comes below."""
        self._parts.append(Space(dots))
        self.feed(dots)

    def feed(self, dots: int) -> None:
        """Moves the paper on."""
        self._y = min(self._y + dots, SLIP_DOTS_MAX)

    def put_line(self, strip: Image.Image, left: int, text: Text) -> None:
        """A line of letters, from `left`, its top at the head."""
        self._parts.append(text)
        self._put(strip, left)

    def put_rows(self, ink: Image.Image, left: int, top: int, bottom: int, qr: str | None = None) -> None:
        """Rows `top` to `bottom` of a picture from `left`, and the paper moves on by as many.

        The rows of one picture follow each other; `qr` is what it says once it is whole. What is wider than
        the paper is lost, with a complaint.
        """
        if top == 0:
            if left + ink.width > self.width_dots:
                self.complain(f"a picture of {ink.width} dots is clipped at {self.width_dots - left}")
            self._parts.append(Picture(left, self._y, ink.width, 0))
        begun = self._parts[-1]
        assert isinstance(begun, Picture), "rows of one picture follow each other"
        said = qr if bottom == ink.height else None
        self._parts[-1] = Picture(left, begun.top, ink.width, bottom, said)
        self._put(ink.crop((0, top, ink.width, bottom)), left)
        self.feed(bottom - top)

    def record(self, executed: bytes) -> None:
        """Bytes executed for the slip under the head."""
        self._raw += executed

    def complain(self, why: str) -> None:
        """Something a person would notice on the paper, or a command nobody knows."""
        self._complaints.append(why)

    def cut(self) -> Paper:
        """The slip falls out; a new one begins."""
        self.serial += 1
        height = self._y + CUT_MARGIN_DOTS
        ink = self._ink.crop((0, 0, self.width_dots, height))
        file = BytesIO()
        ImageChops.invert(ink.convert("L")).convert("1").save(file, "PNG")
        text = "\n".join(part.text for part in self._parts if isinstance(part, Text))
        paper = Paper(
            serial=self.serial,
            width_dots=self.width_dots,
            columns=self.columns,
            png=file.getvalue(),
            text=text,
            raw=bytes(self._raw),
            parts=tuple(self._parts),
            complaints=tuple(self._complaints),
        )
        self._clear()
        return paper

    def _put(self, ink: Image.Image, left: int) -> None:
        self._ink.paste(1, (left, self._y), ink)

    def _clear(self) -> None:
        self._ink = Image.new("1", (self.width_dots, SLIP_DOTS_MAX))
        self._y = CUT_MARGIN_DOTS
        self._parts: list[Part] = []
        self._raw = bytearray()
        self._complaints: list[str] = []
