"""What is told of a wait: a window on the clock, or that somebody is free, or that nobody is planned."""

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from protocol.commands import IntakeHold
from protocol.ids import FieldId, LanguageCode

AWAY = timedelta(minutes=10)
"""Whoever has no longer until the time to be back is not sent out."""
AT_HAND = timedelta(minutes=2)
"""A beginning that is nearer would be past before whoever is told it has read it."""


class WaitWindow(Struct, frozen=True, gc=False):
    """Between which instants a visitor will probably be called, on whole five minutes of the clock."""

    begins_at: datetime
    ends_at: datetime
    """Nine in ten are called before."""
    back_by: datetime
    """Whoever goes out should be back by then."""


def back_by(window: WaitWindow, given_at: datetime) -> datetime | None:
    """Until when a visitor who was given a ticket at this instant may go out; none: it is not worth going."""
    return window.back_by if window.back_by - given_at > AWAY else None


def begins_at(window: WaitWindow, given_at: datetime) -> datetime | None:
    """From when on a visitor who was given a ticket at this instant may be called; none: from now on.

    A window begins on the grid: of a short wait before the ticket was given.
    """
    return window.begins_at if window.begins_at - given_at > AT_HAND else None


class WaitKind(StrEnum):
    """What whoever takes a ticket now has to expect."""

    AT_ONCE = "at_once"
    """Somebody is free."""
    WINDOW = "window"
    NOBODY = "nobody"
    """Nobody is planned who could serve this visitor, for all that anybody knows."""
    NOT_TODAY = "not_today"
    """By the roster nobody works today any more who could; no tickets are offered."""


class LastTicket(Struct, frozen=True, gc=False, kw_only=True):
    """Until when tickets for a field in a language can be given, as staff is told it."""

    field: FieldId
    language: LanguageCode
    at: datetime
    """Nine in ten who come then are still served by closing, if it goes on as it does now."""


class HeldIntake(Struct, frozen=True, gc=False, kw_only=True):
    """A field in a language of which staff says whether tickets are given, whatever is foreseen."""

    field: FieldId
    language: LanguageCode
    hold: IntakeHold
    """`open` or `closed`."""


IN_VAIN = frozenset({WaitKind.NOBODY, WaitKind.NOT_TODAY})
"""Nobody is in sight who could serve this visitor."""


class Expected(Struct, frozen=True, gc=False, kw_only=True):
    """What whoever takes a ticket now is told of the wait."""

    kind: WaitKind
    window: WaitWindow | None = None
    """With the kind `window` alone."""
    next_at: datetime | None = None
    """Of what is in vain today or gets no tickets any more: when somebody is planned again; none: not
    within two weeks."""
