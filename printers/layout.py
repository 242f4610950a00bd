"""What stands where on a slip: from a slip to lines, a number and a QR code, for one width of paper. Pure."""

from collections.abc import Iterator
from typing import Literal
from zoneinfo import ZoneInfo

import segno
from msgspec import Struct

from config.model import Centre
from config.phrases import Phrases, date_of, time_of
from printers.letters import NO_BREAK_SPACE, Codec, spelled, wrapped
from printers.slip import Slip
from protocol.ids import LanguageCode

CELL_WIDTH_DOTS = 12
"""Font A of every ESC/POS printer."""
LINE_PITCH_DOTS = 30
"""From one line of text to the next, as the printer wakes up."""

COLUMNS = {384: 32, 512: 42, 576: 48}
"""Characters of font A in one line, by printable width in dots."""

SLIP_BYTES_MAX = 4000
"""With its process ids a slip fits a 4096-byte receive buffer: status gets through when paper runs out."""
ELEMENT_BYTES = 8
"""At most this many command bytes go with one picture or gap."""
PLAIN_LINE_BYTES = 1
STYLED_LINE_BYTES = 13
"""End of the line; bold and size switched on before it and off after it."""
HEAD_BYTES = 160
"""Start, cut and the headers of the number and the QR."""
RULE_ROWS = (False, True, False, False, False)
"""A rule from top to bottom in half-resolution rows: one black row, air below it."""

NUMBER_MARGIN_DOTS = 8
NUMBER_HEIGHT_MAX_DOTS = 160
"""About 20 mm: readable at arm's length by someone who left their glasses at home."""
NUMBER_HEIGHT_MIN_DOTS = 64
"""Below this the number is no longer what one sees first."""

QR_MODULE_MAX_DOTS = 6
QR_MODULE_MIN_DOTS = 3
"""3 dots at 203 dpi are 0.38 mm, the least a telephone reads."""
QR_QUIET_MODULES = 4
QR_RASTER_MODULE_DOTS = 4
"""Module of a QR drawn by us, in the half-resolution raster: an even number."""

OR = f"{NO_BREAK_SPACE}/ "
"""Between two wordings of the same; a line may end behind it."""
COPY_WORDS: dict[LanguageCode, str] = {
    "fr": "DUPLICATA",
    "nl": "DUPLICAAT",
    "de": "DUPLIKAT",
    "en": "DUPLICATE",
}


class Medium(Struct, frozen=True):
    """The paper and the letters of one printer."""

    width_dots: Literal[384, 512, 576]
    codec: Codec
    native_qr: bool = True

    @property
    def columns(self) -> int:
        """Characters of normal size in a line."""
        return COLUMNS[self.width_dots]


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
    """Empty lines."""

    lines: int = 1


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
    desk = _Typesetter(medium)
    above = [*desk.heading(slip, centre), Gap()]
    below = [Gap(), *desk.body(slip, phrases), *desk.foot(slip, centre, phrases)]
    number = desk.number(slip.number, [*above, *below])
    return Receipt(medium, (*above, number, *below))


class _Typesetter:
    def __init__(self, medium: Medium) -> None:
        self._medium = medium

    def heading(self, slip: Slip, centre: Centre) -> Iterator[Element]:
        official = [each for each in slip.languages if each in centre.languages.official]
        names = dict.fromkeys(official)
        names.update(dict.fromkeys(centre.languages.official))
        if slip.copy > 1:
            words = dict.fromkeys(
                COPY_WORDS.get(each, COPY_WORDS["en"]) for each in (*names, *slip.languages)
            )
            yield from self._tall(f"{OR.join(words)} {slip.copy}")
            yield Rule()
        for language in names:
            yield from self._lines(centre.name[language], bold=True)
        yield Rule()
        yield Gap()
        noun = centre.field(slip.field).noun
        yield from self._large(list(dict.fromkeys(noun[each] for each in slip.languages)))

    def body(self, slip: Slip, phrases: Phrases) -> Iterator[Element]:
        for language in slip.languages:
            yield from self._tall(phrases.say("slip.ahead", language, n=slip.ahead))
            talk = OR.join(phrases.say(f"lang.in_{each}", language) for each in slip.talk)
            if talk:
                yield from self._lines(phrases.say("slip.talk", language, in_language=talk))
            yield from self._lines(phrases.say("slip.instruction", language))
            yield from self._lines(phrases.say("slip.missed", language))
            yield Gap()

    def foot(self, slip: Slip, centre: Centre, phrases: Phrases) -> Iterator[Element]:
        if slip.token_url:
            yield Rule()
            if slip.token_url.startswith("http"):
                yield Gap()
                for text in phrases.both("slip.phone", slip.languages):
                    yield from self._lines(text)
            yield Gap()
            yield Qr(slip.token_url, self._qr_module_dots(slip.token_url))
            yield Gap()
        yield Rule()
        taken_at = slip.taken_at.astimezone(ZoneInfo(centre.timezone))
        for language in slip.languages:
            at = {"date": date_of(language, taken_at.date()), "time": time_of(language, taken_at)}
            yield from self._lines(phrases.say("slip.taken_at", language, **at))
            yield from self._lines(phrases.say("slip.valid", language))
            yield from self._lines(phrases.say("slip.anonymous", language))

    def number(self, text: str, others: list[Element]) -> Number:
        width_dots = self._medium.width_dots - 2 * NUMBER_MARGIN_DOTS
        rows = (SLIP_BYTES_MAX - HEAD_BYTES - sum(map(self._bytes, others))) // (width_dots // 16)
        height_dots = min(NUMBER_HEIGHT_MAX_DOTS, 2 * rows)
        if height_dots < NUMBER_HEIGHT_MIN_DOTS:
            raise SlipTooLong("the slip's texts are too long: shorten the centre's or the field's name")
        return Number(spelled(text, self._medium.codec), width_dots, height_dots)

    def _lines(self, text: str, *, bold: bool = False, width: int = 1, height: int = 1) -> Iterator[Line]:
        for line in wrapped(spelled(text, self._medium.codec), self._medium.columns // width):
            yield Line(line, bold, width, height)

    def _tall(self, text: str) -> Iterator[Line]:
        yield from self._lines(text, bold=True, height=2)

    def _large(self, texts: list[str]) -> Iterator[Line]:
        """Texts of equal rank, in one size: the largest in which no word of theirs breaks."""
        words = [word for text in texts for word in spelled(text, self._medium.codec).split(" ")]
        width = 2 if max(map(len, words)) <= self._medium.columns // 2 else 1
        for text in texts:
            yield from self._lines(text, bold=True, width=width, height=2)

    def _qr_module_dots(self, text: str) -> int:
        modules = len(qr_code(text).matrix) + 2 * QR_QUIET_MODULES
        dots = min(QR_MODULE_MAX_DOTS, self._medium.width_dots // modules)
        if dots < QR_MODULE_MIN_DOTS:
            raise SlipTooLong("the address in the slip's QR code is too long: shorten ticket_url")
        return dots if self._medium.native_qr else QR_RASTER_MODULE_DOTS

    def _bytes(self, element: Element) -> int:
        """Bytes this element takes at most on the way to the printer, the number excepted."""
        match element:
            case Line():
                styled = element.bold or element.height > 1
                return len(element.text) + (STYLED_LINE_BYTES if styled else PLAIN_LINE_BYTES)
            case Rule():
                return self._medium.width_dots // 16 * len(RULE_ROWS) + ELEMENT_BYTES
            case Qr() if self._medium.native_qr:
                return len(element.text.encode()) + 8 * ELEMENT_BYTES
            case Qr():
                side = len(qr_code(element.text).matrix) * element.module_dots // 2
                return (side + 7) // 8 * side + ELEMENT_BYTES
            case _:
                return ELEMENT_BYTES


def qr_code(text: str) -> segno.QRCode:
    """The QR code of a text, as every printer and preview draws it."""
    return segno.make_qr(text, error="m", boost_error=False)
