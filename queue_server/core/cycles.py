"""How long visitors take the desks: a cycle lasts from the call until the counsellor does something else."""

from datetime import datetime, timedelta

from msgspec import Struct

from protocol.ids import DeskId, FieldId, LanguageCode

WRAP_UP_MAX = timedelta(minutes=10)
"""Whoever does nothing for longer after a visitor has left is not writing any more: it counts no further."""


class Cycle(Struct, frozen=True, gc=False):
    """One that has come to its end: for which field, in which language, how long in seconds."""

    field: FieldId
    language: LanguageCode
    lasted_s: float


class Running(Struct, gc=False, kw_only=True):
    """One that has not: the visitor is at the desk, or has just left."""

    field: FieldId
    language: LanguageCode
    key: float
    """Rank of the visitor's ticket."""
    called_at: datetime
    left_at: datetime | None = None


class Cycles:
    """Those of all desks today."""

    def __init__(self) -> None:
        self.running: dict[DeskId, Running] = {}
        self.ended: list[Cycle] = []
        """As many as there were calls, at most."""

    def hold(self, desk: DeskId, begun: Running, at: datetime) -> None:
        """A visitor is called to the desk, or has not left it after all: that was taken back."""
        running = self.running.get(desk)
        if running is not None and (running.key, running.called_at) == (begun.key, begun.called_at):
            running.left_at = None
            return
        self.end(desk, at)
        self.running[desk] = begun

    def leave(self, desk: DeskId, at: datetime) -> None:
        """The visitor has left the desk, or never came."""
        if desk in self.running:
            self.running[desk].left_at = at

    def forget(self, desk: DeskId) -> None:
        """The call was taken back: it says nothing of how long visitors take."""
        self.running.pop(desk, None)

    def end(self, desk: DeskId, at: datetime) -> None:
        """The counsellor calls the next visitor, waits for whoever comes, pauses or goes."""
        running = self.running.pop(desk, None)
        if running is not None:
            over_at = at if running.left_at is None else min(at, running.left_at + WRAP_UP_MAX)
            lasted_s = max(0.0, (over_at - running.called_at).total_seconds())
            self.ended.append(Cycle(running.field, running.language, lasted_s))
