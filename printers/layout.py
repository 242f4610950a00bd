"""What stands where on a slip: from a slip to lines, a number and a QR code, for one width of paper. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

import segno
from msgspec import Struct

from config.model import Centre, Texts
from config.phrases import Phrases, date_of, time_of
from printers.letters import NO_BREAK_SPACE, Codec, spelled, wrapped
from printers.slip import Slip
from protocol.ids import LanguageCode

CELL_WIDTH_DOTS = 12
"""Font A of every ESC/POS printer."""
LINE_PITCH_DOTS = 30
"""From one line of text to the next, as the printer wakes up."""
RULE_DOTS = 2
"""Height of a rule: one row in half resolution."""
GAP_DOTS = 24
"""White between two parts of a slip, and the quiet zone of a QR code of 6-dot modules; an even number."""

COLUMNS = {384: 32, 512: 42, 576: 48}
"""Characters of font A in one line, by printable width in dots."""

EDGE_COLUMNS = 1
"""Kept free in every line, in its own letters: no text runs from edge to edge."""

SLIP_BYTES_MAX = 4000
"""With its process ids a slip fits a 4096-byte receive buffer: status gets through when paper runs out."""
PART_BYTES_MAX = 512
"""Sent without a question between: 0.6 s at 9600 baud, so that a printer falling silent is soon noticed."""
PICTURE_BYTES = 8
"""Before the dots of a picture, or of a band of it: its command and size."""
PLAIN_LINE_BYTES = 1
STYLED_LINE_BYTES = 7
"""End of the line; its style set before it and the plain one after it."""
QR_COMMAND_BYTES = 48
"""A printer's own QR: model, module, correction, text and printing, the text itself excepted."""
HEAD_BYTES = 64
"""Start, the headers of the number's bands, feed and cut."""

NUMBER_MARGIN_DOTS = 8
NUMBER_HEIGHT_MAX_DOTS = 160
"""About 20 mm: readable at arm's length by someone who left their glasses at home."""
NUMBER_HEIGHT_MIN_DOTS = 64
"""Below this the number is no longer what one sees first."""

QR_MODULE_MAX_DOTS = 6
QR_MODULE_MIN_DOTS = 3
"""3 dots at 203 dpi are 0.38 mm, the least a telephone reads."""
QR_QUIET_MODULES = 4
QR_RASTER_MODULES_DOTS = (6, 4)
"""Modules of a QR drawn by us, in the half-resolution raster: even numbers, the best first."""
QR_RASTER_BYTES_MAX = 640
"""A QR drawn by us leaves the rest to the number; a token alone takes 504 bytes in modules of 6 dots."""

OR = f"{NO_BREAK_SPACE}/ "
"""Between two wordings of the same; a line may end behind it."""


class Medium(Struct, frozen=True):
    """The paper and the letters of one printer."""

    width_dots: Literal[384, 512, 576]
    codec: Codec
    native_qr: bool = True
    pictures: bool = True
    """Whether it prints dots; a printer that does not gets the number and the token in letters."""
    columns_max: int = max(COLUMNS.values())
    """Characters its own letters leave room for in a line."""

    @property
    def columns(self) -> int:
        """Characters of normal size in a line."""
        return min(COLUMNS[self.width_dots], self.columns_max)

    @property
    def gap_dots(self) -> int:
        """Height of a gap: white dots, or an empty line where no dots are printed."""
        return GAP_DOTS if self.pictures else LINE_PITCH_DOTS


class Line(Struct, frozen=True, tag=True):
    """One line of text, centred, already short enough; width and height are factors 1 or 2."""

    text: str
    bold: bool = False
    width: int = 1
    height: int = 1


class Number(Struct, frozen=True, tag=True):
    """The ticket's number, as large as fits the box."""

    text: str
    width_dots: int
    height_dots: int


class Qr(Struct, frozen=True, tag=True):
    """A QR code, error correction M, centred."""

    text: str
    module_dots: int


class Rule(Struct, frozen=True, tag=True):
    """A thin line across the paper."""


class Gap(Struct, frozen=True, tag=True):
    """White between two parts."""


Element = Line | Number | Qr | Rule | Gap


class Receipt(Struct, frozen=True):
    """A slip laid out: what is printed from the top to the cut."""

    medium: Medium
    elements: tuple[Element, ...]

    @property
    def text(self) -> str:
        """Every line of text, the number included."""
        return "\n".join(each.text for each in self.elements if isinstance(each, Line | Number))


class SlipTooLong(Exception):  # noqa: N818 - named for what it says
    """The texts of a slip do not fit a printer's buffer; shorten the centre's or the field's name."""


def lay_out(slip: Slip, centre: Centre, phrases: Phrases, medium: Medium) -> Receipt:
    """The slip on this paper; SlipTooLong when the centre's own texts are out of all measure."""
    desk = _Typesetter(slip, centre, phrases, medium)
    above = [*desk.heading(), Gap()]
    below = [Gap(), *desk.body(), *desk.token(), *desk.foot()]
    return Receipt(medium, (*above, *desk.number([*above, *below]), *below))


class _Typesetter:
    def __init__(self, slip: Slip, centre: Centre, phrases: Phrases, medium: Medium) -> None:
        self._slip = slip
        self._centre = centre
        self._phrases = phrases
        self._medium = medium
        official = [each for each in slip.languages if each in centre.languages.official]
        self._official = tuple(dict.fromkeys((*official, *centre.languages.official)))
        """Every official language, those of the slip first and in its order."""
        self._peers = tuple(dict.fromkeys((*slip.languages, *self._official)))
        """Languages whose texts have one size: a French slip looks like a Dutch one."""
        self._rule: Element = Rule() if medium.pictures else Line("-" * medium.columns)

    def heading(self) -> Iterator[Element]:
        slip = self._slip
        if slip.copy > 1:
            marks = dict.fromkeys(self._said("slip.copy", each, n=slip.copy) for each in self._peers)
            yield from self._abreast(list(marks), height=2)
            yield self._rule
            yield Gap()
        names = dict.fromkeys(self._spelled(self._centre.name, each) for each in self._official)
        yield from self._abreast(list(names))
        yield self._rule
        yield Gap()
        yield from self._field()

    def _field(self) -> Iterator[Element]:
        chosen = self._centre.field(self._slip.field).label
        texts = list(dict.fromkeys(self._spelled(chosen, each) for each in self._slip.languages))
        if len(texts) > 1 and self._beside(texts):
            yield from self._abreast(texts, height=2)
            return
        width = self._width([self._spelled(chosen, each) for each in self._peers])
        for text in texts:
            yield from self._lines(text, bold=True, width=width, height=2)

    def number(self, others: list[Element]) -> Iterator[Line | Number]:
        text = spelled(self._slip.number, self._medium.codec)
        left = SLIP_BYTES_MAX - HEAD_BYTES - sum(map(self._bytes, others))
        width_dots = self._medium.width_dots - 2 * NUMBER_MARGIN_DOTS
        height_dots = min(NUMBER_HEIGHT_MAX_DOTS, 2 * (left // (width_dots // 16)))
        if height_dots < NUMBER_HEIGHT_MIN_DOTS:
            raise SlipTooLong("the slip's texts are too long: shorten the centre's or the field's name")
        if self._medium.pictures:
            yield Number(text, width_dots, height_dots)
        else:
            yield from self._lines(text, bold=True, width=2, height=2)

    def body(self) -> Iterator[Element]:
        waits = {each: self._wait(each) for each in self._peers}
        width = self._width([text for ahead, *_, window in waits.values() for text in (ahead, window)])
        for language in self._slip.languages:
            ahead, turn, window = waits[language]
            if ahead:
                yield from self._lines(ahead, bold=True, width=width, height=2)
            if window:
                yield from self._lines(turn)
                yield from self._lines(window, bold=True, width=width, height=2)
                yield from self._back_by(language)
            elif self._slip.nobody:
                yield from self._lines(self._said("slip.nobody", language), bold=True, height=2)
            talk = OR.join(self._phrases.say(f"lang.in_{each}", language) for each in self._slip.talk)
            if talk:
                yield from self._lines(self._said("slip.talk", language, in_language=talk))
            instruction = "slip.called_if" if self._slip.nobody else "slip.instruction"
            yield from self._lines(self._said(instruction, language))
            yield from self._lines(self._said("slip.missed", language))
            yield Gap()

    def _back_by(self, language: LanguageCode) -> Iterator[Element]:
        """Until when one may go out, if that is worth it."""
        if self._slip.back_by is not None:
            time = time_of(language, self._local(self._slip.back_by))
            yield from self._lines(self._said("slip.back_by", language, time=time), bold=True)

    def _wait(self, language: LanguageCode) -> tuple[str, str, str]:
        """People ahead, or that the number is provisional; that it is about one's turn; when.

        The last two are empty while nobody knows, all three where none of it is true any more.
        """
        if self._slip.provisional:
            return self._said("slip.provisional", language), "", ""
        if self._slip.ahead is None:
            return "", "", ""
        ahead = self._said("slip.ahead", language, n=self._slip.ahead)
        if self._slip.window is None:
            return ahead, "", ""
        return ahead, self._said("slip.turn", language), self._between(language, *self._slip.window)

    def _between(self, language: LanguageCode, begins_at: datetime | None, ends_at: datetime) -> str:
        """When the visitor will probably be called, as clock times."""
        end = time_of(language, self._local(ends_at))
        if begins_at is None:
            return self._said("slip.window_until", language, end=end)
        start = time_of(language, self._local(begins_at))
        return self._said("slip.window", language, start=start, end=end)

    def token(self) -> Iterator[Element]:
        text = self._slip.token_url
        if not text:
            return
        if text.lower().startswith("http"):
            for language in self._slip.languages:
                yield from self._lines(self._said("slip.phone", language))
            yield Gap()
        if self._medium.native_qr or self._medium.pictures:
            yield Qr(text, self._qr_module_dots(text))
        else:
            yield from self._lines(text)
        yield Gap()

    def foot(self) -> Iterator[Element]:
        taken_at = self._local(self._slip.taken_at)
        for language in self._slip.languages:
            if language != self._slip.languages[0]:
                yield Gap()
            at = {"date": date_of(language, taken_at.date()), "time": time_of(language, taken_at)}
            yield from self._lines(self._said("slip.taken_at", language, **at))
            yield from self._lines(self._said("slip.anonymous", language))

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(ZoneInfo(self._centre.timezone))

    def _said(self, key: str, language: LanguageCode, **values: object) -> str:
        return spelled(self._phrases.say(key, language, **values), self._medium.codec, language)

    def _spelled(self, texts: Texts, language: LanguageCode) -> str:
        return spelled(texts[language], self._medium.codec, language)

    def _room(self, width: int = 1) -> int:
        """Characters of this width in a line."""
        return self._medium.columns // width - EDGE_COLUMNS

    def _lines(self, text: str, *, bold: bool = False, width: int = 1, height: int = 1) -> Iterator[Line]:
        for line in wrapped(text, self._room(width)):
            yield Line(line, bold, width, height)

    def _abreast(self, texts: Sequence[str], *, height: int = 1) -> Iterator[Element]:
        """Texts of equal rank on one line when they fit, else each on its own; long ones stand apart."""
        beside = self._beside(texts)
        long = max(map(len, texts)) > self._room()
        for place, text in enumerate([beside] if beside else texts):
            if place and long:
                yield Gap()
            yield from self._lines(text, bold=True, height=height)

    def _beside(self, texts: Sequence[str]) -> str:
        """All of them on one line; empty when they do not fit."""
        beside = f" {spelled('·', self._medium.codec)} ".join(texts)
        return beside if len(beside) <= self._room() else ""

    def _width(self, texts: Sequence[str]) -> int:
        """Twice as wide when each of these fits a line like that: what has one rank has one size.

        Where the number is no picture nothing else is as wide as it is.
        """
        fits = max(map(len, texts)) <= self._room(width=2)
        return 2 if fits and self._medium.pictures else 1

    def _qr_module_dots(self, text: str) -> int:
        modules = len(qr_code(text).matrix)
        fitting = self._medium.width_dots // (modules + 2 * QR_QUIET_MODULES)
        dots = min(QR_MODULE_MAX_DOTS, fitting)
        if not self._medium.native_qr:
            light = (
                each for each in QR_RASTER_MODULES_DOTS if _raster_bytes(modules, each) <= QR_RASTER_BYTES_MAX
            )
            dots = next(light, QR_RASTER_MODULES_DOTS[-1])
        in_one_part = len(text.encode()) + QR_COMMAND_BYTES <= PART_BYTES_MAX
        if not (QR_MODULE_MIN_DOTS <= dots <= fitting and in_one_part):
            raise SlipTooLong("the address in the slip's QR code is too long: shorten ticket_url")
        return dots

    def _bytes(self, element: Element) -> int:
        """Bytes this element takes at most on the way to the printer, the number excepted."""
        match element:
            case Line():
                styled = element.bold or element.height > 1
                return len(element.text) + (STYLED_LINE_BYTES if styled else PLAIN_LINE_BYTES)
            case Rule():
                return self._medium.width_dots // 16 + PICTURE_BYTES
            case Gap():
                return GAP_DOTS // 2 + PICTURE_BYTES
            case Qr() if self._medium.native_qr:
                return len(element.text.encode()) + QR_COMMAND_BYTES
            case Qr():
                dots = _raster_bytes(len(qr_code(element.text).matrix), element.module_dots)
                return dots + PICTURE_BYTES * (1 + dots // (PART_BYTES_MAX // 2))
            case Number():
                raise AssertionError("the number takes what the others leave")


def qr_code(text: str) -> segno.QRCode:
    """The QR code of a text, as every printer and preview draws it."""
    return segno.make_qr(text, error="m", boost_error=False)


def _raster_bytes(modules: int, module_dots: int) -> int:
    """Dots of a QR drawn by us in half resolution, in bytes."""
    side = modules * module_dots // 2
    return (side + 7) // 8 * side
