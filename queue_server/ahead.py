"""What lies ahead of the queue: who is planned, who will be called when, what nobody will serve."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta

from msgspec.structs import replace

from config.hours import DAYS_AHEAD
from config.model import Centre
from config.roster import Cell, Duty, Roster, Span, is_holiday, on_day, opening
from protocol.commands import IntakeHold
from protocol.ids import DayDate, FieldId, LanguageCode
from protocol.waits import Expected, WaitKind
from queue_server.core.housekeeping import EndIntake
from queue_server.core.past import Recent
from queue_server.core.policy import Foresaid
from queue_server.core.prospects import Prospects
from queue_server.core.state import Queue
from queue_server.doorkeeper import Doorkeeper
from queue_server.engine import Engine, StoppedError
from queue_server.forecast.foretold import SOMEBODY_SOMETIME
from queue_server.forecast.sight import planned_of
from queue_server.forecast.situation import Planned
from queue_server.forecaster import Forecaster, Foresight
from queue_server.lookout import Lookout

PLANNED_DAYS_AHEAD = 14
"""So far ahead visitors are told of somebody who is planned."""


class Ahead:
    """The roster as the doorkeeper knows it, the forecaster and the lookout, for one engine."""

    def __init__(self, engine: Engine, doorkeeper: Doorkeeper, foresight: Foresight | None) -> None:
        """`foresight`: how whoever plays the queue on is begun; none: no wait is foreseen."""

        def end_intake(command: EndIntake) -> None:
            with suppress(StoppedError):  # whatever has ended the engine ends the server
                engine.wish(command)

        self._plan = plan = _Plan(engine.centre, doorkeeper)
        self._lookout = Lookout(engine.centre, plan.duties, plan.hours)
        self._forecaster = Forecaster(
            engine.centre, engine.touch, end_intake, plan.hours, plan.planned, foresight
        )

    def learn(self, recent: Recent) -> None:
        """What the last days teach."""
        self._forecaster.learn(recent)

    def hours(self, day: DayDate) -> Span | None:
        """When the centre is open on a day; none: it is not, or it is a holiday."""
        return self._plan.hours(day)

    def look(self, queue: Queue, now: datetime) -> None:
        """Have this moment played on."""
        self._forecaster.look(queue, now)

    def foreseen(
        self, field: FieldId, languages: tuple[LanguageCode, ...], now: datetime, *, priority: bool
    ) -> Foresaid:
        """The wait of a visitor who comes now."""
        return self._forecaster.foreseen(field, languages, now, priority=priority)

    def prospects(self, queue: Queue, now: datetime) -> Prospects:
        """All that terminals are shown of it."""
        seen, foreseen = self._lookout.look(queue, now), self._forecaster.prospects(now)
        expected = {}
        for cell, one in foreseen.expected.items():
            full = queue.intake.is_full(cell, foreseen.crowded_out)
            if full or one != SOMEBODY_SOMETIME:
                expected[cell] = self._expected(queue, cell, one, full=full)
        return replace(
            foreseen,
            expected=expected,
            coverage=seen.cells,
            bare=seen.bare,
            bare_without=seen.without,
            holidays=self._plan.holidays(queue.day),
        )

    def _expected(self, queue: Queue, cell: Cell, foreseen: Expected, *, full: bool) -> Expected:
        """The same; of what is in vain today, when somebody is planned on another day.

        Nobody is in sight: today not at all, if the roster says so and reception does not want it open.
        """
        kind = foreseen.kind
        if kind is WaitKind.NOBODY:
            held_open = queue.intake.held.get(cell) is IntakeHold.OPEN
            known = bool(self._plan.planned(queue.day)) and not held_open
            kind = WaitKind.NOT_TODAY if known else WaitKind.NOBODY
        elif not full:
            return foreseen
        return replace(foreseen, kind=kind, next_at=self._plan.next_at(cell, queue.day))

    async def run(self) -> None:
        """Have the queue played on until cancelled."""
        await self._forecaster.run()


class _Plan:
    """Who is on duty on a day, found once for as long as the roster is the same."""

    def __init__(self, centre: Centre, doorkeeper: Doorkeeper) -> None:
        self._centre = centre
        self._doorkeeper = doorkeeper
        self._of: tuple[Roster, DayDate] = (Roster(), "")
        self._duties: tuple[Duty, ...] = ()
        self._planned: tuple[Planned, ...] = ()
        self._next: dict[Cell, datetime] = {}
        self._holidays: tuple[DayDate, ...] = ()

    def duties(self, day: DayDate) -> tuple[Duty, ...]:
        """Everybody, as the roster has them."""
        roster, known = self._of
        if roster is not self._doorkeeper.roster or known != day:
            self._of = (self._doorkeeper.roster, day)
            self._duties = on_day(self._doorkeeper.roster, self._centre, day)
            self._planned = planned_of(self._duties, self.hours(day))
            self._next = dict(self._first_on_other_days(date.fromisoformat(day)))
            ahead = (date.fromisoformat(day) + timedelta(days=days) for days in range(DAYS_AHEAD))
            self._holidays = tuple(
                one for one in map(date.isoformat, ahead) if is_holiday(self._doorkeeper.roster, one)
            )
        return self._duties

    def hours(self, day: DayDate) -> Span | None:
        """When the centre is open; none: on a weekday without hours, and on a holiday."""
        return opening(self._doorkeeper.roster, self._centre, day)

    def holidays(self, day: DayDate) -> tuple[DayDate, ...]:
        """From this day on, as far ahead as a screen says when the doors open."""
        self.duties(day)
        return self._holidays

    def next_at(self, cell: Cell, day: DayDate) -> datetime | None:
        """When somebody is planned for a cell after this day; none: not within DAYS_AHEAD."""
        self.duties(day)
        return self._next.get(cell)

    def _first_on_other_days(self, today: date) -> Iterator[tuple[Cell, datetime]]:
        """Of each cell when it is served next, the furthest day first, so that the nearest stays."""
        roster = self._doorkeeper.roster
        for ahead in range(PLANNED_DAYS_AHEAD, 0, -1):
            day = (today + timedelta(days=ahead)).isoformat()
            hours = opening(roster, self._centre, day)
            for duty in reversed(on_day(roster, self._centre, day)):
                if hours is not None and duty.begins < hours.ends:
                    for cell in duty.cells:
                        yield cell, max(duty.begins, hours.begins)

    def planned(self, day: DayDate) -> tuple[Planned, ...]:
        """Those who serve visitors, as a forecast has them."""
        self.duties(day)
        return self._planned
