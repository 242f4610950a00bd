"""Which recordings a centre needs so that its own voice can say every call."""

from pathlib import Path

from config.model import Centre
from voice.engines import RECORDING
from voice.words import numbers_in

_DIGITS = tuple(range(10))
_WHOLE = (*range(100), *range(100, 1000, 100))
"""Every number up to 999, as hundreds and what follows them."""


def needed(centre: Centre) -> tuple[str, ...]:
    """Paths below the folder of recordings: for each language its words, letters, numbers and desks."""
    return tuple(
        f"{language}/{name}{RECORDING}"
        for language in centre.languages.all
        for name in (
            "ticket",
            *(f"letter-{field.letter.lower()}" for field in centre.fields),
            *(f"number-{number}" for number in _numbers(centre, language)),
            *(f"desk-{desk.id.lower()}" for desk in centre.desks),
        )
    )


def missing(centre: Centre) -> tuple[str, ...]:
    """Those that are not there."""
    return tuple(name for name in needed(centre) if not (Path(centre.voice.clips) / name).is_file())


def _numbers(centre: Centre, language: str) -> tuple[int, ...]:
    return _WHOLE if numbers_in(language, centre.voice.numbers) == "whole" else _DIGITS
