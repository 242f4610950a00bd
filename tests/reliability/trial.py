"""What a trial of the centre's reliability is: one kind of misfortune, tried again and again by seed."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct

Play = Callable[[int, Path], Counter[str]]
"""One try: its seed, an empty directory. Counts what was met; AssertionError: something was lost."""


def nothing_missing() -> str:
    """This trial can be run anywhere."""
    return ""


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
    shown: Sequence[str] = ()
    """Of what was met, what stands in the table; empty: all."""
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
