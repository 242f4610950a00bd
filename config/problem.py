"""What is wrong with a file the centre wrote, and what to do about it."""

from collections.abc import Iterable
from difflib import get_close_matches

from msgspec import Struct

TOLD_MAX = 60
"""Problems that one error tells: more are not read, and mostly have one cause."""


class Problem(Struct, frozen=True, order=True):
    """One thing wrong: the file, the key in it, what is wrong, and what to do ('' when obvious)."""

    file: str
    key: str
    what: str
    suggestion: str = ""

    def __str__(self) -> str:
        where = f"{self.file}: {self.key}: " if self.key else f"{self.file}: "
        return f"{where}{self.what}; {self.suggestion}" if self.suggestion else f"{where}{self.what}"


class ConfigError(Exception):
    """The configuration cannot be used; `problems` says all that is wrong, one line each."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        assert self.problems, "an error without a problem"
        told = [str(problem) for problem in self.problems[:TOLD_MAX]]
        if len(told) < len(self.problems):
            told.append(f"and {len(self.problems) - len(told)} more")
        super().__init__("\n".join(told))


class RosterError(ConfigError):
    """The roster cannot be used."""


class TextsError(ConfigError):
    """The text catalogue cannot be used."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A suggestion naming the nearest known word, else all of them."""
    words = sorted(known)
    near = get_close_matches(word, words, n=1, cutoff=0.6)
    if near:
        return f"did you mean '{near[0]}'?"
    return f"use one of: {', '.join(words)}" if words else ""
