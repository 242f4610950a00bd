"""Letters and numbers as they are spoken in each language. Pure.

Measured with espeak-ng in `fr-be`, `nl`, `de` and `en-gb`: among 1 to 199 a whole number has 47 near
doubles in French and 22 in English; digit by digit there are none in Dutch, German and English. Digits also
spare a learner of Dutch or German the 42 that is spoken as 24.
"""

import re
from collections.abc import Mapping
from typing import Literal

Numbers = Literal["whole", "digits"]

DIGITS: Mapping[str, tuple[str, ...]] = {
    "fr": ("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"),
    "nl": ("nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen"),
    "de": ("null", "eins", "zwo", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"),
    "en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
}
"""German „zwo“: „zwei“ and „drei“ are one sound in a full hall."""
READ_WHOLE = frozenset({"fr"})
"""Languages whose tickets are read as whole numbers unless the centre says otherwise."""
DESK_WHOLE_MAX = 20
"""Desks up to here are read whole in every language: „desk one, two“ would be two desks."""
_TEENS = ("dix", "onze", "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf")
_TENS = (
    "",
    "",
    "vingt",
    "trente",
    "quarante",
    "cinquante",
    "soixante",
    "septante",
    "quatre-vingt",
    "nonante",
)
_TEN, _TWENTY, _HUNDRED, _THOUSAND = 10, 20, 100, 1000
_EIGHTY = 80
_PIECES = re.compile(r"[A-Za-z]|[0-9]+")


def pieces(code: str) -> tuple[str, ...]:
    """What a ticket's code or a desk's name is made of: single letters and runs of digits."""
    return tuple(_PIECES.findall(code))


def numbers_in(language: str, chosen: Mapping[str, Numbers]) -> Numbers:
    """How this language reads a ticket's number."""
    return chosen.get(language, "whole" if language in READ_WHOLE else "digits")


def spoken(code: str, language: str, numbers: Numbers) -> str:
    """A code in words, e.g. „K, quarante-deux“ or „K, nul, vier, twee“; letters are left to their names."""
    parts: list[str] = []
    for piece in pieces(code):
        if not piece.isdigit():
            parts.append(piece.upper())
        elif numbers == "whole":
            parts.append(_whole(int(piece), language))
        else:
            parts += [DIGITS[language][int(digit)] for digit in piece]
    return ", ".join(parts)


def spoken_desk(desk: str, language: str, numbers: Numbers) -> str:
    """A desk's name in words."""
    highest = max((int(piece) for piece in pieces(desk) if piece.isdigit()), default=0)
    return spoken(desk, language, "whole" if highest <= DESK_WHOLE_MAX else numbers)


def _whole(number: int, language: str) -> str:
    """Belgian French in words, so that no engine says soixante-douze; the others read figures well."""
    if language == "fr":
        return french(number)
    return DIGITS[language][number] if number < _TEN else str(number)


def french(number: int) -> str:
    """A number from 0 to 9999 as it is said in Belgium."""
    if number >= _THOUSAND:
        thousands, rest = divmod(number, _THOUSAND)
        return _after("mille" if thousands == 1 else f"{french(thousands)} mille", rest)
    if number >= _HUNDRED:
        hundreds, rest = divmod(number, _HUNDRED)
        return _after("cent" if hundreds == 1 else f"{french(hundreds)} cent", rest)
    if number < _TEN:
        return DIGITS["fr"][number]
    if number < _TWENTY:
        return _TEENS[number - _TEN]
    tens, ones = divmod(number, _TEN)
    ten = _TENS[tens]
    if ones == 0:
        return f"{ten}s" if number == _EIGHTY else ten
    link = " et " if ones == 1 and tens != _EIGHTY // _TEN else "-"
    return f"{ten}{link}{DIGITS['fr'][ones]}"


def _after(head: str, rest: int) -> str:
    return f"{head} {french(rest)}" if rest else head
