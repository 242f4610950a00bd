"""The paper a visitor takes away: what is on it, before anybody asks how it looks."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from config.model import Languages
from protocol.discretion import hidden
from protocol.ids import FieldId, LanguageCode, TicketCode

COPY_MAX = 99
"""Copies of one ticket, the original included: two digits are enough for a jammed day."""


Moment = Annotated[datetime, Meta(tz=True)]
"""A point in time; printed as the centre's clock shows it."""


class Slip(Struct, frozen=True, kw_only=True):
    """One slip of one ticket. Anonymous: it knows the ticket, never the visitor."""

    ticket: TicketCode
    number: Annotated[str, Meta(min_length=1, max_length=12)]
    """The ticket's code as people read it, letter and digits parted by a no-break space."""
    field: FieldId
    languages: Annotated[tuple[LanguageCode, ...], Meta(min_length=1)]
    """Languages of the texts, in their order on the paper."""
    talk: tuple[LanguageCode, ...]
    """Languages the visitor can hold the conversation in."""
    ahead: Annotated[int, Meta(ge=0)] | None
    """Visitors before this one when the ticket was taken; none: the ticket stands elsewhere by now."""
    provisional: bool = False
    """A kiosk gave it without the server: said in place of the visitors before, whom nobody had counted."""
    window: tuple[Moment | None, Moment] | None = None
    """Between which clock times the visitor will probably be called; none while nobody can tell.

    Without the first: at any moment until the second.
    """
    back_by: Moment | None = None
    """Until when the visitor may go out; none: not long enough, or nobody can tell."""
    nobody: bool = False
    """Nobody was in sight who could serve the visitor when the ticket was taken."""
    taken_at: Moment
    token_url: Annotated[str, Meta(max_length=200, pattern="^[!-~]*$")] = ""
    """What the QR says: the ticket's page, or its token alone; empty: no QR."""
    copy: Annotated[int, Meta(ge=1, le=COPY_MAX)] = 1
    """1 is the original; every further copy says on the paper that it is one."""

    def __repr__(self) -> str:
        return hidden(self, "token_url")


def slip_languages(
    screen: LanguageCode, languages: Languages, official_today: tuple[LanguageCode, ...]
) -> tuple[LanguageCode, ...]:
    """The visitor's own language when it is official, else the official ones in today's order and theirs."""
    if screen in languages.official:
        return (screen,)
    return (*official_today, screen)
