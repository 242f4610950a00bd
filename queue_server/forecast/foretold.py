"""What is told of the newest outlook: to whoever comes, to whoever waits, and to staff. Pure.

What somebody who waits was told is held for as long as it can be: see `announcement.kept_window`.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from math import inf

from config.roster import Cell
from protocol.ids import FieldId, LanguageCode, TicketCode
from protocol.waits import Expected, LastTicket, WaitKind
from queue_server.core.estimates import GRID_S, Estimate, Window, window
from queue_server.core.policy import Foresaid
from queue_server.core.prospects import NOTHING_FORESEEN, Prospects, on_the_clock
from queue_server.forecast.announcement import kept_window
from queue_server.forecast.outlook import NOTHING_KNOWN, Outlook, Prospect

STALE_S = 180.0
"""What was said longer ago is told nobody any more."""
SOMEBODY_SOMETIME = Expected(kind=WaitKind.WINDOW)
"""Somebody is there, and nobody can tell when they would come to it."""

_Kind = tuple[FieldId, tuple[LanguageCode, ...], bool]
"""Of whoever might come: field, languages, and whether with accessible priority."""


class Foretold:
    """Of one outlook after the other."""

    def __init__(self) -> None:
        self.outlook = NOTHING_KNOWN
        self._newcomers: dict[_Kind, Prospect] = {}
        self._cells: dict[Cell, Prospect] = {}
        """Of whoever comes without priority and speaks one language."""
        self._expected: dict[Cell, Window | WaitKind | None] = {}
        """What whoever comes now is told; none: somebody is there, and nobody can tell when."""
        self._crowded_out: frozenset[Cell] = frozenset()
        """What somebody serves who would not get to whoever comes now."""
        self._windows: dict[TicketCode, Window | None] = {}
        """What everybody who waits is told now; none: nobody is in sight for them."""
        self._last_tickets: dict[Cell, float] = {}
        """What staff is told of cells that are open, POSIX seconds."""

    def hear(self, outlook: Outlook, told: Mapping[TicketCode, Window], may_end: Iterable[Cell]) -> bool:
        """Take a newer outlook; whether something else is told than before.

        `told`: what those who wait were told when they came; `may_end`: cells of which it decides whether
        more tickets are given.
        """
        before = self._shown()
        self.outlook = outlook
        self._newcomers = {
            (one.newcomer.field, one.newcomer.languages, one.newcomer.priority): one
            for one in outlook.newcomers
        }
        self._cells = cells = {
            (field, languages[0]): one
            for (field, languages, priority), one in self._newcomers.items()
            if len(languages) == 1 and not priority
        }
        self._expected = {cell: _told(one, outlook.at) for cell, one in cells.items()}
        self._crowded_out = frozenset(
            cell for cell in may_end if cell in cells and cells[cell].is_crowded_out
        )
        shown = {**told, **self._windows}
        self._windows = {
            code: None if found is None else kept_window(shown.get(code), outlook.at, found)
            for code, found in outlook.waiting.items()
        }
        self._last_tickets = {
            cell: cells[cell].intake.last_ticket_at // GRID_S * GRID_S
            for cell in may_end
            if cell in cells and outlook.at < cells[cell].intake.last_ticket_at < inf
        }
        return before != self._shown()

    def _shown(self) -> tuple[object, ...]:
        """All that screens are made of."""
        return (self._expected, self._crowded_out, self._windows, self._last_tickets)

    def over(self, may_end: Iterable[Cell]) -> tuple[Cell, ...]:
        """Of these cells those that are served, but would not serve the next visitor before closing."""
        cells = self._cells
        return tuple(
            cell
            for cell in may_end
            if cell in cells and cells[cell].estimate is not None and not cells[cell].intake.opens
        )

    def newcomer(
        self, field: FieldId, languages: tuple[LanguageCode, ...], now: datetime, *, priority: bool
    ) -> Foresaid:
        """The wait of a visitor who comes now."""
        if not self._holds(now):
            return None
        whole = (field, languages, priority)
        kinds = [whole] if whole in self._newcomers else [(field, (one,), priority) for one in languages]
        known = [self._newcomers[kind] for kind in kinds if kind in self._newcomers]
        estimates = [one.estimate for one in known if one.estimate is not None]
        if estimates:
            soonest = min(estimates, key=lambda one: one.middle_s)
            return _later(soonest, now.timestamp() - self.outlook.at)
        return None if not known or any(one.manned for one in known) else WaitKind.NOBODY

    def prospects(self, now: datetime) -> Prospects:
        """All that terminals are shown of it at this instant."""
        if not self._holds(now):
            return NOTHING_FORESEEN
        return Prospects(
            {cell: _on_screens(told, now) for cell, told in self._expected.items()},
            self._crowded_out,
            {
                code: None if found is None else on_the_clock(found, now.tzinfo)
                for code, found in self._windows.items()
            },
            tuple(
                LastTicket(field=field, language=language, at=datetime.fromtimestamp(at, now.tzinfo))
                for (field, language), at in self._last_tickets.items()
            ),
        )

    def _holds(self, now: datetime) -> bool:
        return 0 <= now.timestamp() - self.outlook.at <= STALE_S


def _later(estimate: Estimate, seconds: float) -> Estimate:
    """The same, so much later."""
    return Estimate(
        max(0.0, estimate.early_s - seconds),
        max(0.0, estimate.middle_s - seconds),
        max(0.0, estimate.upper_s - seconds),
    )


def _told(prospect: Prospect, made_at: float) -> Window | WaitKind | None:
    """What whoever comes now is told; none: somebody is there, and nobody can tell when."""
    if prospect.estimate is None:
        return None if prospect.manned else WaitKind.NOBODY
    return WaitKind.AT_ONCE if prospect.estimate.upper_s == 0 else window(made_at, prospect.estimate)


def _on_screens(told: Window | WaitKind | None, now: datetime) -> Expected:
    """The same, as it is shown."""
    if told is None:
        return SOMEBODY_SOMETIME
    if isinstance(told, WaitKind):
        return Expected(kind=told)
    return Expected(kind=WaitKind.WINDOW, window=on_the_clock(told, now.tzinfo))
