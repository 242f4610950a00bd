"""What is said: the clips of a call in each language, and a text cut into sentences. Pure."""

import re
from collections.abc import Iterator, Sequence
from enum import IntEnum

from msgspec import Struct

from config.model import Centre, Voice
from config.phrases import LOCALES, Phrases
from protocol.views import BoardCall
from voice.words import numbers_in, pieces, spoken, spoken_desk

TEXT_MAX = 1200
"""Letters of a text that is read aloud: two minutes; what is longer is cut."""
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\s*\n+\s*")
_HUNDRED = 100


class Brevity(IntEnum):
    """How much of a call is spoken while others wait to be called."""

    WHOLE = 0
    """Every language that the centre has chosen."""
    OWN = 1
    """The visitor's own language alone."""
    CHIME = 2
    """Nothing but the chime."""


class Clip(Struct, frozen=True):
    """One short piece of speech, rendered and played as one."""

    language: str
    text: str
    recordings: tuple[tuple[str, ...], ...] = ()
    """Names of recordings that say the same, joined; the first whole row that a centre has is taken."""


def languages_of(
    call: BoardCall, official: Sequence[str], mode: str, brevity: Brevity = Brevity.WHOLE
) -> tuple[str, ...]:
    """The languages of a call, in order: the visitor's own, then the official ones in the day's order."""
    if mode == "chime" or brevity is Brevity.CHIME:
        return ()
    own = [language for language in call.languages[:1] if language in LOCALES]
    if not own or (mode == "both" and brevity is Brevity.WHOLE):
        own += official
    return tuple(dict.fromkeys(own))


def of_call(
    call: BoardCall,
    official: Sequence[str],
    centre: Centre,
    phrases: Phrases,
    brevity: Brevity = Brevity.WHOLE,
) -> tuple[Clip, ...]:
    """The clips of a call: in each language the ticket, then the desk. `official` is in the day's order."""
    return tuple(
        clip
        for language in languages_of(call, official, centre.voice.mode, brevity)
        for clip in (
            _ticket(call.ticket, language, centre.voice, phrases),
            _desk(call.desk, language, centre, phrases),
        )
    )


def _ticket(code: str, language: str, voice: Voice, phrases: Phrases) -> Clip:
    numbers = numbers_in(language, voice.numbers)
    text = phrases.say("voice.ticket", language, code=spoken(code, language, numbers))
    parts = tuple(name for piece in pieces(code) for name in _names(piece, whole=numbers == "whole"))
    return Clip(language, text, ((f"ticket-{code.lower()}",), ("ticket", *parts)))


def _desk(desk: str, language: str, centre: Centre, phrases: Phrases) -> Clip:
    numbers = numbers_in(language, centre.voice.numbers)
    place = centre.place[language].capitalize()
    text = phrases.say("voice.desk", language, place=place, desk=spoken_desk(desk, language, numbers))
    return Clip(language, text, ((f"desk-{desk.lower()}",),))


def _names(piece: str, *, whole: bool) -> Iterator[str]:
    """The recordings of one letter or one run of digits."""
    if not piece.isdigit():
        yield f"letter-{piece.lower()}"
    elif not whole:
        yield from (f"number-{digit}" for digit in piece)
    else:
        hundreds, rest = divmod(int(piece), _HUNDRED)
        if hundreds:
            yield f"number-{hundreds * _HUNDRED}"
        if rest or not hundreds:
            yield f"number-{rest}"


def of_text(text: str, language: str) -> tuple[Clip, ...]:
    """A text as it is read aloud, a sentence at a time: the first is heard while the next is made."""
    parts = (part.strip() for part in _SENTENCE_END.split(text[:TEXT_MAX]))
    return tuple(Clip(language, part) for part in parts if part)
