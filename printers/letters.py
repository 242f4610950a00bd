"""Letters a printer can print: the same text in the printer's own code page, never a control byte."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Literal

Codec = Literal["cp1252", "cp858", "ascii"]
"""Python's name of the code page a slip is printed in."""

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"

SPELLINGS = {
    **dict.fromkeys("’‘‛′´", "'"),
    **dict.fromkeys("“”„‟″«»¨", '"'),
    **dict.fromkeys("–—‐‑‒―−•·¬¯─", "-"),
    "‚": ",", "¸": ",", "…": "...", "‹": "<", "›": ">", "¡": "!", "¿": "?", "ˆ": "^", "˜": "~",
    "⁄": "/", "÷": "/", "×": "x", "±": "+/-", "‰": "o/oo", "≤": "<=", "≥": ">=", "→": "->", "←": "<-",
    "€": "EUR", "£": "GBP", "¥": "JPY", "¢": "c", "ƒ": "f", "¤": "*", "©": "(c)", "®": "(R)",
    "№": "No", "°": "o", "§": "par.", "¶": "|", "¦": "|", "†": "+", "‡": "++", "µ": "u", "μ": "u",
    "œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ẞ": "SS", "ĳ": "ij", "Ĳ": "IJ",
    "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th",
    "ı": "i", "ħ": "h", "Ħ": "H", "ŧ": "t", "Ŧ": "T", "ŋ": "ng", "Ŋ": "NG", "ĸ": "k",
    NO_BREAK_SPACE: " ",
}  # fmt: skip
"""How a letter is written where the code page lacks it."""
GERMAN_SPELLINGS = {dotted: f"{plain}e" for dotted, plain in zip("äöüÄÖÜ", "aouAOU", strict=True)}
"""In French and Dutch two dots part vowels, and go where the code page lacks them."""

SPACES = re.compile(r"[^\S\u00a0\u2007\u202f]+")
NARROW_SPACES = re.compile("[\u2007\u202f]")
BEFORE_SIGN = re.compile(r" (?=[?!:;»])")
AFTER_QUOTE = re.compile(r"(?<=«) ")
SENTENCE_END = re.compile(r"(?<=[.?!/]) ")


def spelled(text: str, codec: Codec, language: str = "") -> str:
    """The text in letters of the code page: one line, no control characters, no-break spaces kept."""
    text = SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip(" ")
    text = NARROW_SPACES.sub(NO_BREAK_SPACE, text)
    text = AFTER_QUOTE.sub(NO_BREAK_SPACE, BEFORE_SIGN.sub(NO_BREAK_SPACE, text))
    own = GERMAN_SPELLINGS if language == "de" else {}
    return "".join(_letter(letter, codec, own) for letter in text)


def _letter(letter: str, codec: Codec, own: Mapping[str, str]) -> str:
    if letter == NO_BREAK_SPACE:
        return letter
    if unicodedata.category(letter)[0] in "CM":
        return ""
    parts = unicodedata.normalize("NFKD", letter)
    plain = "".join(SPELLINGS.get(part, part) for part in parts).encode("ascii", "ignore").decode().strip()
    for spelling in (letter, own.get(letter, ""), SPELLINGS.get(letter, ""), plain):
        if spelling and spelling.isprintable() and _has(codec, spelling):
            return spelling
    return "?"


def _has(codec: Codec, spelling: str) -> bool:
    try:
        spelling.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def wrapped(text: str, columns: int) -> list[str]:
    """Lines of at most so many columns; sentences start a line, long words break, nothing is lost."""
    assert columns > 0
    sentences = [text] if len(text) <= columns else SENTENCE_END.split(text)
    lines = [line for sentence in sentences for line in _evenly(sentence, columns)]
    return [line.replace(NO_BREAK_SPACE, " ") for line in lines]


def _evenly(text: str, columns: int) -> list[str]:
    """The fewest lines, then the narrowest ones of that number."""
    lines = _filled(text, columns)
    longest = max((len(word) for word in text.split(" ")), default=0)
    for narrower in range(columns - 1, longest - 1, -1):
        tried = _filled(text, narrower) if narrower else []
        if len(tried) != len(lines):
            break
        lines = tried
    return lines


def _filled(text: str, columns: int) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) <= columns:
            line = f"{line} {word}"
            continue
        if line:
            lines.append(line)
        line = word
        while len(line) > columns:
            lines.append(line[:columns])
            line = line[columns:]
    return [*lines, line] if line else lines
