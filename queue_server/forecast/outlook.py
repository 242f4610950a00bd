"""What is asked of a forecast, and what it says: plain values that another process can be sent."""

from math import inf

from msgspec import Struct

from protocol.ids import FieldId, TicketCode
from queue_server.core.estimates import Estimate
from queue_server.forecast.announcement import estimate
from queue_server.forecast.cutoff import Intake, intake
from queue_server.forecast.cycles import Cycles, History
from queue_server.forecast.rollouts import Habits, Newcomer, roll
from queue_server.forecast.situation import Situation


class Basis(Struct, frozen=True):
    """What holds for a whole day."""

    limits_s: dict[FieldId, float]
    """Time limit of a session of each field."""
    history: History = History()
    habits: Habits = Habits()


class Question(Struct, frozen=True, kw_only=True):
    """A moment of the day, and who might come."""

    basis: Basis | None = None
    """None: the same as before."""
    situation: Situation
    newcomers: tuple[Newcomer, ...]
    level: float
    """Quantile that is announced as the end of the wait."""


class Prospect(Struct, frozen=True, gc=False):
    """Of a visitor who came now."""

    newcomer: Newcomer
    estimate: Estimate | None
    """None: too often nobody would get to this visitor."""
    intake: Intake
    manned: bool
    """Whether somebody is there for it all the same, or comes today."""

    @property
    def is_crowded_out(self) -> bool:
        """Whether somebody serves it who would mostly not get to this visitor today."""
        return self.manned and self.estimate is None


class Outlook(Struct, frozen=True, kw_only=True):
    """How the day goes on from a moment."""

    version: int
    """Of the day, when it was asked."""
    at: float
    """POSIX seconds: the waits count from here."""
    waiting: dict[TicketCode, Estimate | None]
    newcomers: tuple[Prospect, ...]


def outlook(question: Question, basis: Basis) -> Outlook:
    """Play the moment on and say what is told of it."""
    now = question.situation
    cycles = Cycles(basis.history, basis.limits_s, now.finished)
    rolled = roll(now, cycles, basis.habits, question.newcomers)
    return Outlook(
        version=now.version,
        at=now.now,
        waiting={code: estimate(waits, question.level) for code, waits in rolled.waiting.items()},
        newcomers=tuple(
            Prospect(
                newcomer,
                estimate(rolled.newcomers[newcomer], question.level),
                intake(now.now, now.closes_at, rolled.ends[newcomer]),
                now.is_manned(newcomer.field, newcomer.languages),
            )
            for newcomer in question.newcomers
        ),
    )


NOTHING_KNOWN = Outlook(version=-1, at=-inf, waiting={}, newcomers=())
"""Before the first answer, and when none comes any more."""
