"""What a played day came to: figures, waits and differences, as text for people and as one JSON object."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from statistics import median, quantiles

import click
import msgspec
from msgspec import Struct

BAR_STEPS = 1000
DIFFERENCES_SHOWN = 20
DECILES = 10
FIGURES = (
    "issued",
    "finished",
    "gone_as_no_show",
    "cancelled",
    "priority",
    "calls",
    "recalls",
    "no_shows",
    "reinstated",
    "transfers",
    "parked",
    "undone",
    "double_taps",
    "breaks",
    "announcements",
    "slips",
)


class Waits(Struct, frozen=True):
    """Waits from ticket to first call, simulated minutes; none where nobody was called."""

    tickets: int
    median_min: float | None
    p90_min: float | None
    longest_min: float | None


class DayResult(Struct, frozen=True, kw_only=True):
    """One played day."""

    seed: int
    visitors: int
    elsewhere: dict[str, int]
    """Visitors who took no ticket, by what they came for."""
    speed: float
    """Simulated seconds in a real one."""
    limited: bool
    """Kiosks sent visitors to reception after many tickets in a short time, as in the centre."""
    took_s: float
    closed_at: str
    """When the last visitor had been served, simulated HH:MM."""
    desks: int
    counsellors: int
    figures: dict[str, int]
    waits: Waits
    waits_by_field: dict[str, Waits]
    waits_by_language: dict[str, Waits]
    differences: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Nothing was lost."""
        return not self.differences


def waits_of(minutes: Iterable[float]) -> Waits:
    """The figures of these waits."""
    waits = sorted(minutes)
    if not waits:
        return Waits(0, None, None, None)
    p90 = quantiles(waits, n=DECILES, method="inclusive")[-1] if len(waits) > 1 else waits[0]
    return Waits(len(waits), round(median(waits), 1), round(p90, 1), round(waits[-1], 1))


def as_json(result: DayResult) -> str:
    """One JSON object on one line."""
    return msgspec.json.encode({"ok": result.ok, **msgspec.to_builtins(result)}).decode()


def render(result: DayResult) -> str:
    """The day for people, in a terminal of 80 columns."""
    elsewhere = ", ".join(f"{count} {place.replace('-', ' ')}" for place, count in result.elsewhere.items())
    issued = result.figures["issued"]
    lines = [
        f"Day of seed {result.seed}: {result.visitors} visitors, of whom {issued} took a ticket",
        f"({elsewhere}); {result.counsellors} counsellors at {result.desks} desks.",
        f"All were served at {result.closed_at}. Played in {result.took_s:.0f} s at speed {result.speed:g}.",
        *_limits(result),
        "",
        *_figures(result.figures),
        "",
        *_table(result),
        "",
        *_verdict(result),
    ]
    return "\n".join(lines)


def _limits(result: DayResult) -> Iterator[str]:
    if not result.limited:
        yield "Its own server gave tickets without the kiosks' limit."


def _figures(figures: dict[str, int]) -> Iterator[str]:
    cells = [f"{name.replace('_', ' '):<16}{figures[name]:>5}" for name in FIGURES]
    rows = -(-len(cells) // 3)
    for row in range(rows):
        yield "     ".join(cells[row::rows]).rstrip()


def _table(result: DayResult) -> Iterator[str]:
    yield f"{'Wait in minutes':<24}{'tickets':>9}{'median':>9}{'p90':>9}{'longest':>9}"
    groups = {"all": result.waits, **result.waits_by_field, **result.waits_by_language}
    for name, waits in groups.items():
        numbers = "".join(
            f"{_minutes(each):>9}" for each in (waits.median_min, waits.p90_min, waits.longest_min)
        )
        yield f"{name:<24}{waits.tickets:>9}{numbers}"


def _minutes(minutes: float | None) -> str:
    return "-" if minutes is None else f"{minutes:.1f}"


def _verdict(result: DayResult) -> Iterator[str]:
    if result.ok:
        yield "Nothing was lost: every ticket was printed once and ended once, the numbers have"
        yield "no gaps, and the board announced what the desks called."
        return
    yield "1 difference:" if len(result.differences) == 1 else f"{len(result.differences)} differences:"
    yield from (f"  - {difference}" for difference in result.differences[:DIFFERENCES_SHOWN])
    if len(result.differences) > DIFFERENCES_SHOWN:
        yield f"  and {len(result.differences) - DIFFERENCES_SHOWN} more"


@contextmanager
def progress_bar() -> Iterator[Callable[[float], None]]:
    """A bar on standard error, only on a terminal; it is told how much is done, from 0 to 1."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=BAR_STEPS, label="The day", file=sys.stderr, show_eta=False) as bar:

        def show(share: float) -> None:
            bar.update(max(0, round(share * BAR_STEPS) - bar.pos))

        yield show
