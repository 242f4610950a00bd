"""Whether a text fits: the room it has, the letters there are for it, the length of its sentences."""

import re
import textwrap
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date

from config.look.lettering import is_drawn
from config.phrases import LOCALES, Forms, Message, Phrases, date_of, long_date_of, placeholders_of

COUNTS = (0, 1, 2, 21, 100)
"""Numbers that pick every plural form, and the widest one expected."""
WORDS_IN_A_SENTENCE_MAX = 12
"""Plain language: longer sentences are read twice, or not at all."""
TEXT_CHARS_MAX = 400
"""No screen has room for more, whatever a text without a `max` says."""
PLACE_CHARS_MAX = 20
"""Of where a printer stands, as visitors are told it."""
ON_PAPER = ("slip.", "lang.", "name.")
"""Beginnings of the keys that slips print."""
PAPER_CODEC = "cp1252"
"""Letters that a slip can have: a printer with fewer spells them (printers/letters.py)."""
LIKE_LENGTH = (1.4, 8)
"""An official language takes at most so many times the room of another, and so many letters more."""

_WIDEST_DAY = date(2025, 9, 24)
"""A Wednesday in September: the longest in most languages."""
_SENTENCE_END = re.compile(r"[.!?:…](?:\s|$)")
_WORD = re.compile(r"[\w’'{}-]+")
_NO_BREAK = "\N{NO-BREAK SPACE}"
_TWO_CELLS = frozenset("WF")


def rendered(phrases: Phrases, key: str, language: str, n: int) -> str:
    """The message with the widest value that each of its placeholders has, in the count given."""
    others = dict.fromkeys(phrases.message(key).placeholders(language), "12")
    return phrases.say(key, language, **{**others, **_widest(phrases, language), "n": n})


def _widest(phrases: Phrases, language: str) -> dict[str, object]:
    return {
        "lo": 100,
        "hi": 120,
        "code": f"K{_NO_BREAK}042",
        "desk": "12",
        "date": date_of(language, _WIDEST_DAY),
        "day": long_date_of(language, _WIDEST_DAY),
        "time": "09:07",
        "where": "x" * PLACE_CHARS_MAX,
        "in_language": max((phrases.say(f"lang.in_{other}", language) for other in LOCALES), key=len),
    }


def too_wide(phrases: Phrases, key: str, language: str) -> str:
    """The message's first rendering that overflows the room it has; '' when each fits."""
    message = phrases.message(key)
    if message.cells_max is None:
        return ""
    for n in COUNTS if message.counts or "n" in message.placeholders(language) else COUNTS[-1:]:
        text = rendered(phrases, key, language, n)
        lines = textwrap.wrap(text, message.cells_max, break_on_hyphens=False)
        if len(lines) > message.lines or any(len(line) > message.cells_max for line in lines):
            return text
    return ""


def misfits(phrases: Phrases, key: str, language: str, forms: Forms) -> Iterator[tuple[str, str]]:
    """What makes these well-formed words unusable in place of the catalogue's: each with what to do."""
    message = phrases.message(key)
    yield from _in_shape(message, language, forms)
    for text in forms.values():
        yield from _in_letters(key, text)
    if placeholders_of(forms) == message.placeholders(language) and (len(forms) > 1) is message.counts:
        own = phrases.with_own({key: {language: forms}})
        for shown in (key, *_said_in(phrases, key)):
            if wide := too_wide(own, shown, language):
                yield f"too long: «{wide}» has {len(wide)} letters", _room(phrases.message(shown))


def _said_in(phrases: Phrases, key: str) -> Iterator[str]:
    """The messages that say this one in their midst."""
    if key.startswith("lang.in_"):
        for other in phrases:
            if "in_language" in phrases.message(other).placeholders("fr"):
                yield other


def _room(message: Message) -> str:
    lines = f" on {message.lines} lines" if message.lines > 1 else ""
    return f"there is room for {message.cells_max} letters{lines}"


def _in_shape(message: Message, language: str, forms: Forms) -> Iterator[tuple[str, str]]:
    if message.counts and len(forms) == 1:
        yield "counts nothing", 'write the plural table { one = "…", other = "…" }'
    elif not message.counts and len(forms) > 1:
        yield "counts, and the program gives no number", 'write one text, "…"'
    needed, given = message.placeholders(language), placeholders_of(forms)
    if missing := sorted(needed - given):
        yield f"without {_braced(missing)}", "the program puts its value there: keep it"
    if extra := sorted(given - needed):
        known = f"there is {_braced(sorted(needed))}" if needed else "this text has none"
        yield f"the program has nothing for {_braced(extra)}", known


def _braced(names: list[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)


def _in_letters(key: str, text: str) -> Iterator[tuple[str, str]]:
    if len(text) > TEXT_CHARS_MAX:
        yield f"longer than {TEXT_CHARS_MAX} letters", "no screen has room for it"
    if text != text.strip():
        yield "begins or ends with a space", "remove it"
    odd = sorted({letter for letter in text if not _is_plain(letter)})
    if odd:
        yield f"{_named(odd)}: not shown in every size", "write it with plainer letters"
        return
    if key.startswith(ON_PAPER):
        unprinted = sorted({letter for letter in text if not _is_printed(letter)})
        if unprinted:
            yield f"{_named(unprinted)}: no printer has it", "this text stands on slips: write it without"


def _is_plain(letter: str) -> bool:
    if letter in {" ", _NO_BREAK}:
        return True
    one_cell = unicodedata.east_asian_width(letter) not in _TWO_CELLS
    return one_cell and letter.isprintable() and (is_drawn(letter) or letter in "{}")


def _is_printed(letter: str) -> bool:
    try:
        letter.encode(PAPER_CODEC)
    except UnicodeEncodeError:
        return False
    return True


def _named(letters: list[str]) -> str:
    return ", ".join(f"'{one}'" if one.isprintable() else f"U+{ord(one):04X}" for one in letters)


def longest_sentence(text: str) -> int:
    """Words in the longest sentence of a text."""
    return max(len(_WORD.findall(sentence)) for sentence in _SENTENCE_END.split(text))


def of_like_length(texts: Mapping[str, str]) -> bool:
    """Whether a text takes about the same room in each of these languages."""
    times, more = LIKE_LENGTH
    short, *_, long = sorted(map(len, texts.values()))
    return long <= times * short + more
