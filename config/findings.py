"""What there is to say about a centre whose file is right: counts, who covers what, and warnings."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from types import MappingProxyType

from msgspec import Struct

from config.look.eyes import APART_MIN, alike
from config.look.palette import CARD, CONTRAST_MIN, FIELD_COLOURS, contrast, darker
from config.model import WIDTHS_DOTS, Centre
from config.own_texts import OwnTexts

_ADVISED_AGAINST = {
    "E": "sounds like another letter in each language",
    "F": "is read as francophone",
    "I": "looks like the digit 1",
    "N": "is read as néerlandophone",
    "O": "looks like the digit 0",
    "Q": "looks like the digit 0",
}
_RHYMING = frozenset("BCDEGPTVW")
"""These rhyme in every language: a called ticket is misheard when two are in use."""
_MINUTES_AN_HOUR = 60
_UNKNOWN: Mapping[str, int] = MappingProxyType({})


class Cover(Struct, frozen=True):
    """How many counsellors receive for one field in one language."""

    field: str
    language: str
    counsellors: int


class Findings(Struct, frozen=True):
    """A centre in figures; warnings are sentences, empty when there is nothing to say."""

    centre: str
    languages: tuple[str, ...]
    counts: dict[str, int]
    opening_minutes_a_week: int
    coverage: tuple[Cover, ...]
    warnings: tuple[str, ...]


def findings(centre: Centre, own: OwnTexts, widths: Mapping[str, int] = _UNKNOWN, news: int = 0) -> Findings:
    """What there is to know about a loaded centre and its own words.

    `widths`: dots that a printer of a profile can print side by side, for the profiles that say so.
    `news`: pages of news in the file beside the centre's.
    """
    coverage = tuple(
        Cover(field.id, language, _covering(centre, field.id, language))
        for field in centre.fields
        for language in centre.languages.all
    )
    return Findings(
        centre=centre.id,
        languages=centre.languages.all,
        counts={
            "fields": len(centre.fields),
            "desks": len(centre.desks),
            "counsellors": len(centre.counsellors),
            "printers": len(centre.printers),
            "kiosks": len(centre.kiosks),
            "texts": len(own.phrases),
            "own texts": len(own.places),
            "boards": len(centre.boards),
            "news": news,
        },
        opening_minutes_a_week=_opening_minutes(centre),
        coverage=coverage,
        warnings=(
            *_warnings(centre, coverage),
            *_width_warnings(centre, widths),
            *own.warnings(centre.languages.official),
        ),
    )


def summary(found: Findings) -> str:
    """The findings as text for a terminal."""
    hours, minutes = divmod(found.opening_minutes_a_week, _MINUTES_AN_HOUR)
    counts = ", ".join(f"{name} {count}" for name, count in found.counts.items())
    lines = [f"{found.centre}: {counts}, open {hours} h {minutes:02} a week", "", *_table(found)]
    if found.warnings:
        lines += ["", *(f"warning: {warning}" for warning in found.warnings)]
    return "\n".join(lines)


def _table(found: Findings) -> Iterator[str]:
    fields = tuple(dict.fromkeys(cover.field for cover in found.coverage))
    width = max(len("counsellors"), *(len(field) for field in fields))
    yield f"{'counsellors':<{width}}" + "".join(f"{language:>5}" for language in found.languages)
    counted = {(cover.field, cover.language): cover.counsellors for cover in found.coverage}
    for field in fields:
        cells = "".join(f"{counted[field, language] or '-':>5}" for language in found.languages)
        yield f"{field:<{width}}{cells}"


def _covering(centre: Centre, field: str, language: str) -> int:
    return sum(field in member.fields and language in member.languages for member in centre.counsellors)


def _opening_minutes(centre: Centre) -> int:
    any_day = date.min
    spans = (
        datetime.combine(any_day, hours.closes) - datetime.combine(any_day, hours.opens)
        for hours in centre.hours.values()
    )
    return sum(int(span.total_seconds()) // 60 for span in spans)


def _warnings(centre: Centre, coverage: tuple[Cover, ...]) -> Iterator[str]:
    for cover in coverage:
        if not cover.counsellors and cover.language in centre.languages.official:
            yield f"nobody covers {cover.field} in {cover.language}"
    for language in centre.languages.further:
        if not any(cover.counsellors for cover in coverage if cover.language == language):
            yield f"nobody speaks {language}: the screens offer it, no conversation does"
    yield from _letter_warnings(centre)
    for field in centre.fields:
        reached = contrast(field.colour, CARD)
        if reached < CONTRAST_MIN:
            said = (
                f"{field.id}: white on {field.colour} reaches {reached:.1f}:1, less than {CONTRAST_MIN:.0f}:1"
            )
            yield f"{said}; take {darker(field.colour)}, or one of {', '.join(FIELD_COLOURS)}"
    ids = {field.colour: field.id for field in centre.fields}
    for one, other, distance, eyes in alike(ids):
        said = f"{ids[one]} and {ids[other]} look alike to eyes {eyes}"
        yield f"{said}: {distance:.0f} apart, of {APART_MIN:.0f}; take from {', '.join(FIELD_COLOURS)}"
    yield from _printer_warnings(centre)
    for kiosk in centre.kiosks:
        if kiosk.printer is None:
            yield f"{kiosk.name} has no printer: visitors write down their number"
    yield from _board_warnings(centre)
    for member in centre.counsellors:
        if not member.fields or not member.languages:
            yield f"counsellor {member.id} covers nothing: name fields and languages"


def _letter_warnings(centre: Centre) -> Iterator[str]:
    for field in centre.fields:
        if field.letter in _ADVISED_AGAINST:
            why = _ADVISED_AGAINST[field.letter]
            yield f"{field.id}: the letter {field.letter} {why}; take K, M, S, X or Z"
    rhyming = sorted(field.letter for field in centre.fields if field.letter in _RHYMING)
    if len(rhyming) > 1:
        yield f"the letters {', '.join(rhyming)} rhyme when called: keep one of them at most"


def _printer_warnings(centre: Centre) -> Iterator[str]:
    names: dict[tuple[object, ...], str] = {}
    for printer in centre.printers:
        place = (printer.host, printer.port) if printer.host else (printer.device or printer.service,)
        if place in names:
            yield f"{names[place]} and {printer.name} are the same printer: each will find it busy"
        names.setdefault(place, printer.name)


def _board_warnings(centre: Centre) -> Iterator[str]:
    """Of the boards in the file; a screen that is not in it shows and says everything."""
    if not centre.boards:
        return
    if all(board.desks for board in centre.boards):
        shown = {desk for board in centre.boards for desk in board.desks}
        for desk in centre.desks:
            if desk.id not in shown:
                yield f"no board of the file shows desk {desk.id}: its visitors may never see their call"
    if centre.voice.engine != "off" and not any(board.voice for board in centre.boards):
        yield "no board of the file has a voice: calls are seen, not heard"


def _width_warnings(centre: Centre, widths: Mapping[str, int]) -> Iterator[str]:
    for printer in centre.printers:
        room = widths.get(printer.profile, printer.width_dots)
        if room < printer.width_dots:
            fitting = [dots for dots in WIDTHS_DOTS if dots <= room]
            advice = f"write width_dots = {max(fitting)}, or take" if fitting else "take"
            yield (
                f"{printer.name}: width_dots = {printer.width_dots}, but the paper of {printer.profile} "
                f"has {room} dots, the rest is lost; {advice} another profile"
            )
