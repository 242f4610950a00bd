"""Looks who can serve what, now and until closing, and what would be bare if a desk paused."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from config.model import Centre
from config.roster import Duty, Span
from protocol.coverage import Bare, CellCover, CoverLevel
from protocol.ids import DayDate, DeskId
from protocol.views import DeskState
from queue_server.core.policy import hours_of
from queue_server.core.state import Desk, Queue
from queue_server.forecast.coverage import PAUSE_S, Stretch, There, expected, if_absent, live

MINUTE_S = 60.0


class Coverage(Struct, frozen=True):
    """All that is seen of it at a moment."""

    cells: tuple[CellCover, ...] = ()
    bare: dict[DeskId, tuple[Bare, ...]] = {}
    """By desk, if it paused now; a desk that is not named leaves nothing bare."""


class Lookout:
    """Looks once in a minute, and whenever something has happened."""

    def __init__(self, centre: Centre, duties: Callable[[DayDate], Sequence[Duty]]) -> None:
        """`duties`: who is on duty on a day, as far as the roster says."""
        self._centre = centre
        self._duties = duties
        self._looked_at: tuple[DayDate, int, int, Sequence[Duty]] | None = None
        self._seen = Coverage()

    def look(self, queue: Queue, now: datetime) -> Coverage:
        """How well every cell is covered; nothing of a day without hours, or after them."""
        duties = self._duties(queue.day)
        here = (queue.day, queue.version, int(now.timestamp() // MINUTE_S), duties)
        if here != self._looked_at:
            self._looked_at = here
            self._seen = self._look(queue, now, duties)
        return self._seen

    def _look(self, queue: Queue, now: datetime, duties: Sequence[Duty]) -> Coverage:
        hours = hours_of(self._centre, now)
        if hours is None or now >= hours[1]:
            return Coverage()
        closes = hours[1]
        attended = [desk for desk in queue.desks.values() if desk.counsellor is not None]
        stretches = expected(duties, map(_there, attended), now, closes)
        return Coverage(
            self._cells(stretches, now, closes),
            {
                desk.id: bare
                for desk in attended
                if desk.state is not DeskState.PAUSED
                and (bare := _bare(queue, desk, stretches, duties, now, closes))
            },
        )

    def _cells(self, stretches: Sequence[Stretch], now: datetime, closes: datetime) -> tuple[CellCover, ...]:
        cells = [(field.id, language) for field in self._centre.fields for language in self._languages()]
        return tuple(
            CellCover(
                field=cover.cell[0],
                language=cover.cell[1],
                level=CoverLevel(cover.level.value),
                least=cover.least,
                alone=cover.alone,
                gap_begins=None if cover.gap is None else cover.gap.begins,
                gap_ends=None if cover.gap is None else cover.gap.ends,
            )
            for cover in live(stretches, cells, now, closes)
        )

    def _languages(self) -> tuple[str, ...]:
        """Every day each field needs somebody in each official language; the others where they can be had."""
        return self._centre.languages.official


def _there(desk: Desk) -> There:
    assert desk.counsellor is not None
    return There(
        staff=desk.counsellor,
        cells=frozenset((field, language) for field in desk.fields for language in desk.languages),
        paused_since=desk.since if desk.state is DeskState.PAUSED else None,
    )


def _bare(  # noqa: PLR0913, PLR0917 - who, among whom, when
    queue: Queue,
    desk: Desk,
    stretches: Sequence[Stretch],
    duties: Sequence[Duty],
    now: datetime,
    closes: datetime,
) -> tuple[Bare, ...]:
    """What nobody would serve if this desk paused now: as long as its next planned break, or a short while."""
    assert desk.counsellor is not None
    planned = (one for duty in duties if duty.staff == desk.counsellor for one in duty.breaks)
    lasts = next((one.ends - one.begins for one in planned if one.ends > now), timedelta(seconds=PAUSE_S))
    waiting = {group: len(line) for group, line in queue.lines.groups.items() if line}
    found = if_absent(stretches, desk.counsellor, Span(now, now + lasts), waiting, closes)
    return tuple(
        Bare(field=one.cell[0], language=one.cell[1], until=one.until, waiting=one.waiting)
        for one in found
        if one.begins < now + lasts
    )
