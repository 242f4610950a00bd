"""What a trial of the centre's reliability is: one kind of misfortune, tried again and again by seed."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from msgspec import Struct

UNITS = ("ms", "kB", "seconds", "open", "%")
"""A figure whose name begins so is measured, not counted: of several the greatest stands."""
NO_WORDS: Mapping[str, str] = MappingProxyType({})

Play = Callable[[int, Path], Counter[str]]
"""One try: its seed, an empty directory. Counts what was met; AssertionError: something was lost."""


def nothing_missing() -> str:
    """This trial can be run anywhere."""
    return ""


def measured(what: str) -> bool:
    """A figure of this name is no count."""
    return what.startswith(UNITS)


def met_together(tries: Iterable[Mapping[str, int]]) -> Counter[str]:
    """What was counted added up, of what was measured the greatest."""
    met: Counter[str] = Counter()
    for one in tries:
        for what, figure in one.items():
            met[what] = max(met[what], figure) if measured(what) else met[what] + figure
    return met


class Trial(Struct, frozen=True, kw_only=True):
    """One kind of misfortune on real processes, real files, real sockets."""

    name: str
    """Short, as in the table of results."""
    one_try: str
    """What happens in one try, in a sentence."""
    never: str
    """What may never be found."""
    gate: int
    """Tries before a change lands; none: it is for the night."""
    night: int
    """Tries in a whole run."""
    play: Play
    meets: Sequence[str] = ()
    """What the tries before a change lands have met together; a run that has not has proved nothing."""
    shown: Mapping[str, str] = NO_WORDS
    """Of what was met, what stands in the table, and in which words there; empty: all, in its own."""
    by_place: bool = False
    """Its seeds are places in a list: when that has another length all of it is played anew."""
    missing: Callable[[], str] = nothing_missing
    """Why it cannot be run on this machine, in a sentence; empty when it can."""


class Result(Struct, frozen=True):
    """What came of one try."""

    name: str
    seed: int
    met: dict[str, int]
    lost: str
    """What went wrong, with the place; empty when nothing did."""
    seconds: float
    """How long it took."""
