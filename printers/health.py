"""How a printer is, from what is seen and heard of it. Only its driver changes it."""

from collections.abc import Callable

from msgspec.structs import replace

from printers.outcome import Condition, Level, PrinterHealth, Reason
from printers.replies import Status

SILENT_LOOKS_MAX = 5
"""A printer that has never spoken and is silent so many times running (15 s) is taken for one that cannot."""


class Health:
    """What staff see of one printer, and whether it may have been off unseen."""

    def __init__(
        self,
        known: PrinterHealth,
        clock: Callable[[], float],
        *,
        unheard_s: float,
        silent_s: float,
        restart_s: float,
        on_change: Callable[[PrinterHealth], None],
    ) -> None:
        """`unheard_s`: as the property, when this begins; `silent_s`, `restart_s`: see `Patience`."""
        self.now = known
        self.may_have_been_off = False
        """It was silent long enough for that since this was last set to False."""
        self._clock = clock
        self._silent_s = silent_s
        self._restart_s = restart_s
        self._on_change = on_change
        self.unanswered = 0
        """Glances that were not answered, ever: whatever it said meanwhile may be lost as well."""
        self._silent_looks = 0
        self._on_at = clock() - unheard_s

    @property
    def unheard_s(self) -> float:
        """Since when nobody knows whether it was on: it was after the last question that it answered."""
        return self._clock() - self._on_at

    @property
    def level(self) -> Level | None:
        """What it can confirm."""
        return self.now.level

    @property
    def blocked(self) -> Reason | None:
        """Why it stood still when it was last heard."""
        return self.now.cause if self.now.condition == "blocked" else None

    def saw(self, status: Status) -> Reason | None:
        """Notes the status; the reason for which the printer stands still, if it does."""
        self._silent_looks = 0
        if self.level in {None, Level.MUTE}:
            self.has_level(Level.STATUS)
        if self.unheard_s > self._restart_s:
            self.may_have_been_off = True
        self._on_at = status.asked_at
        cause = (
            Reason.PAPER_OUT
            if status.paper_out
            else Reason.COVER_OPEN
            if status.cover_open
            else Reason.ERROR
            if status.in_error
            else Reason.OFFLINE
            if status.offline
            else None
        )
        if cause is not None:
            return self.refuses("blocked", cause)
        condition: Condition = "paper_low" if status.paper_low else "ready"
        self._becomes(replace(self.now, condition=condition, cause=None))
        return None

    def glanced(self, status: Status | None) -> Reason | None:
        """As `saw`, in the middle of something: once silent is nothing yet, and who stood still does so."""
        if status is not None:
            return self.saw(status)
        self.unanswered += 1
        if self.blocked is None and self.unheard_s > self._silent_s:
            self.refuses("mute", Reason.MUTE)
        return self.blocked

    def silent(self) -> Reason | None:
        """It did not answer; why nothing may be sent to it, None when it never says anything.

        A printer that stood still does so still: its buffer may be full of looks by now.
        """
        self._silent_looks += 1
        if self.level is None and self._silent_looks >= SILENT_LOOKS_MAX:
            self.has_level(Level.MUTE)
        if self.blocked is not None:
            return self.blocked
        self.refuses("mute", Reason.MUTE)
        return None if self.level is Level.MUTE else Reason.MUTE

    def refuses(self, condition: Condition, cause: Reason) -> Reason:
        """It cannot be printed on, and why; gives the cause."""
        self._becomes(replace(self.now, condition=condition, cause=cause))
        return cause

    def has_level(self, level: Level) -> None:
        """What it can confirm has been found out."""
        self._becomes(replace(self.now, level=level))

    def _becomes(self, health: PrinterHealth) -> None:
        if health != self.now:
            self.now = health
            self._on_change(health)
