"""Looks who can serve what, now and until closing, and what would be bare if a desk paused or closed."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from config.model import Centre
from config.roster import Duty, Span
from protocol.coverage import Bare, CellCover, CoverLevel
from protocol.ids import DayDate, DeskId
from protocol.views import DeskState
from queue_server.core.state import RESTS, Desk, Queue
from queue_server.forecast import coverage
from queue_server.forecast.coverage import Cover, Level, Stretch, There, expected, if_absent, live, rests_of
from queue_server.forecast.situation import PAUSE_S

MINUTE_S = 60.0


class Coverage(Struct, frozen=True):
    """All that is seen of it at a moment."""

    cells: tuple[CellCover, ...] = ()
    bare: dict[DeskId, tuple[Bare, ...]] = {}
    """By desk, if it paused now; a desk that is not named leaves nothing bare."""
    without: dict[DeskId, tuple[Bare, ...]] = {}
    """The same if it closed."""


class Lookout:
    """Looks once in a minute, and whenever somebody comes, goes, pauses or serves something else.

    Not at every ticket: a look takes milliseconds. Who waits is a minute old at most.
    """

    def __init__(
        self,
        centre: Centre,
        duties: Callable[[DayDate], Sequence[Duty]],
        hours: Callable[[DayDate], Span | None],
    ) -> None:
        """`duties`: who is on duty on a day, as far as the roster says; `hours`: when the centre is open."""
        self._centre = centre
        self._hours = hours
        self._duties = duties
        self._looked_at: tuple[object, ...] | None = None
        self._seen = Coverage()

    def look(self, queue: Queue, now: datetime) -> Coverage:
        """How well every cell is covered; nothing of a day without hours, or after them."""
        duties = self._duties(queue.day)
        attended = tuple(
            (desk.id, desk.counsellor, desk.fields, desk.languages, desk.state is DeskState.PAUSED)
            for desk in queue.desks.values()
            if desk.counsellor is not None
        )
        here = (queue.day, queue.open, int(now.timestamp() // MINUTE_S), duties, attended)
        if here != self._looked_at:
            self._looked_at = here
            self._seen = self._look(queue, now, duties)
        return self._seen

    def _look(self, queue: Queue, now: datetime, duties: Sequence[Duty]) -> Coverage:
        hours = self._hours(queue.day)
        if hours is None or now >= hours.ends:
            return Coverage()
        here = _Here(queue, now, hours, duties)
        return Coverage(
            self._cells(here.expected(duties), here.from_when, hours.ends),
            {
                desk.id: bare
                for desk in here.attended
                if desk.state is not DeskState.PAUSED and (bare := here.bare(desk))
            },
            {desk.id: bare for desk in here.attended if (bare := here.bare_without(desk))},
        )

    def _cells(self, stretches: Sequence[Stretch], at: datetime, closes: datetime) -> tuple[CellCover, ...]:
        cells = [(field.id, language) for field in self._centre.fields for language in self._languages()]
        return tuple(map(_seen, live(stretches, cells, at, closes)))

    def _languages(self) -> tuple[str, ...]:
        """Every day each field needs somebody in each official language; the others where they can be had."""
        return self._centre.languages.official


class _Here:
    """A moment of the queue, and who is planned."""

    def __init__(self, queue: Queue, now: datetime, hours: Span, duties: Sequence[Duty]) -> None:
        self.attended = [desk for desk in queue.desks.values() if desk.counsellor is not None]
        self.from_when = now if queue.open else max(now, hours.begins)
        """Before the doors open nothing has to be covered: then it is asked of that moment."""
        self._now = now
        self._hours = hours
        self._duties = duties
        self._rested = queue.rested
        self._waiting = {group: len(line) for group, line in queue.lines.groups.items() if line}

    def expected(self, duties: Sequence[Duty]) -> tuple[Stretch, ...]:
        """Who serves what from now on."""
        return expected(duties, map(self._there, self.attended), self._now, self._hours)

    def bare(self, desk: Desk) -> tuple[Bare, ...]:
        """What nobody would serve if this desk took a break now: the one planned about now, or another."""
        assert desk.counsellor is not None
        rested = self._rested.get(desk.counsellor, ())
        own = [duty for duty in self._duties if duty.staff == desk.counsellor and duty.ends > self._now]
        taken = rests_of(own[0], rested, self._now, self._now)[0] if own else None
        lasts = timedelta(seconds=PAUSE_S) if taken is None else taken.ends - taken.begins
        away = Span(self.from_when, self._now + lasts)
        rest = [
            replace(duty, breaks=tuple(one for one in duty.breaks if one is not taken))
            for duty in self._duties
        ]
        found = if_absent(self.expected(rest), desk.counsellor, away, self._waiting, self._hours.ends)
        return tuple(self._told(one) for one in found if one.begins < away.ends)

    def bare_without(self, desk: Desk) -> tuple[Bare, ...]:
        """What nobody would serve if this desk closed now, its counsellor gone until the next shift."""
        assert desk.counsellor is not None
        shifts = (duty.begins for duty in self._duties if duty.staff == desk.counsellor)
        back_at = min((begins for begins in shifts if begins > self._now), default=self._hours.ends)
        away = Span(self.from_when, back_at)
        found = if_absent(self.expected(self._duties), desk.counsellor, away, self._waiting, self._hours.ends)
        first = {one.cell: one for one in sorted(found, key=lambda one: one.begins, reverse=True)}
        return tuple(self._told(one) for one in found if one is first[one.cell])

    def _there(self, desk: Desk) -> There:
        assert desk.counsellor is not None
        return There(
            staff=desk.counsellor,
            cells=frozenset((field, language) for field in desk.fields for language in desk.languages),
            paused_since=desk.since if desk.state is DeskState.PAUSED else None,
            rests=desk.pause_reason in RESTS,
            rested=self._rested.get(desk.counsellor, ()),
        )

    def _told(self, bare: coverage.Bare) -> Bare:
        return Bare(
            field=bare.cell[0],
            language=bare.cell[1],
            begins=bare.begins if bare.begins > self.from_when else None,
            until=bare.until,
            waiting=bare.waiting,
        )


def _seen(cover: Cover) -> CellCover:
    gap = next(iter(cover.gaps), None)
    again = next(iter(cover.gaps[1:]), None) if cover.level is Level.RED else None
    return CellCover(
        field=cover.cell[0],
        language=cover.cell[1],
        level=CoverLevel(cover.level.value),
        alone=cover.alone,
        gap_begins=None if gap is None else gap.begins,
        gap_ends=None if gap is None else gap.ends,
        again_begins=None if again is None else again.begins,
        again_ends=None if again is None else again.ends,
    )
