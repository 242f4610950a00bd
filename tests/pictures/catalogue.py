"""Everything that can be seen: which programs, in which states, languages and layouts."""

import re
from collections.abc import Iterator

from msgspec import Struct
from pictures.board import BOARD
from pictures.kiosk import KIOSK
from pictures.pairing import PAIRING
from pictures.staff import COUNSELLOR, RECEPTION
from pictures.stage import Layout, Program

PROGRAMS = {program.name: program for program in (KIOSK, BOARD, COUNSELLOR, RECEPTION, PAIRING)}


class Visit(Struct, frozen=True):
    """A state in one language: one program is started for it, and seen in every layout."""

    program: str
    state: str
    language: str

    def __str__(self) -> str:
        return f"{self.program}: {self.state}, {self.language}"


def visits() -> Iterator[Visit]:
    """All that there is."""
    for program in PROGRAMS.values():
        for name, state in program.states.items():
            for language in state.languages:
                yield Visit(program.name, name, language)


def language_of(program: Program, state: str) -> str:
    """The one language in which a state is shown where there is room for one: each has its turn."""
    languages = program.states[state].languages
    return languages[list(program.states).index(state) % len(languages)]


def file_name(words: str) -> str:
    """A name in words as the name of a file."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")


def size_name(layout: Layout) -> str:
    """As people write it: 80x24."""
    return f"{layout[0]}x{layout[1]}"
