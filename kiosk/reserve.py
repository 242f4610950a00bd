"""Numbers that a kiosk may give while the server is away, and those it gave: what is known, and what follows.

All instants are seconds of one steady clock; only in the kiosk's file they are the machine's (`shifted`).
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from config.model import Centre, Languages
from config.roster import weekday_of
from protocol.commands import BLOCK_NUMBERS, WAITED_S_MAX, IssueTicket, RedeemTicket
from protocol.discretion import hidden
from protocol.envelope import LEFT_OUT_MAX, HeldNumber, LeftOut, NumbersHeld
from protocol.ids import DayDate, FieldId, LanguageCode, RequestId, TicketCode
from protocol.views import FieldQueue, KioskView, PrintState

STILL_HERE_S = 6 * 60 * 60
"""A visitor who asked so long ago has gone home: nobody is looked for any more."""
SAME_S = 1.0
"""Two views that differ by less say the same of when intake ends."""


class Given(Struct, frozen=True, kw_only=True):
    """A number that was given to a visitor, and that the server does not know of yet."""

    ticket: TicketCode
    token_url: str
    field: FieldId
    languages: tuple[LanguageCode, ...]
    screen_language: LanguageCode
    asked_s: float
    """When the visitor asked."""
    id: RequestId
    """Of the question that redeems it."""
    doubt: RequestId | None = None
    """Of the visitor's question for an ordinary ticket, which the server may have done; none: not asked."""
    slip: PrintState = PrintState.NONE
    """What is known of the slip that the kiosk prints itself."""

    def __repr__(self) -> str:
        return hidden(self, "token_url")


class Reserve(Struct, frozen=True, kw_only=True):
    """A kiosk's numbers of one day."""

    day: DayDate = ""
    free: dict[FieldId, tuple[HeldNumber, ...]] = {}
    given: tuple[Given, ...] = ()
    """Not redeemed yet, in the order of the visitors."""
    left_out: tuple[Given, ...] = ()
    """Given, and never to be in the queue: reception is told, and takes these visitors in."""


class Intake(Struct, frozen=True, kw_only=True):
    """What was last heard of tickets that may be taken."""

    fields: tuple[FieldId, ...] = ()
    """Those that were open."""
    until_s: float = 0.0
    """When intake ends if nobody does anything: at closing time, else with the day."""


def heard(before: Intake, view: KioskView, centre: Centre, at_s: float) -> Intake:
    """Intake by a view that came at this instant."""
    fields = tuple(queue.field for queue in view.fields if view.open and queue.open)
    after = Intake(fields=fields, until_s=at_s + _lasts_s(view, centre))
    same = after.fields == before.fields and abs(after.until_s - before.until_s) < SAME_S
    return before if same else after


def _lasts_s(view: KioskView, centre: Centre) -> float:
    """Seconds from a view to the end of its intake: the server closes by itself, heard or not."""
    zone = ZoneInfo(centre.timezone)
    day = date.fromisoformat(view.day)
    end = datetime.combine(day + timedelta(days=1), time(), zone)
    hours = centre.hours.get(weekday_of(view.day))
    if hours is not None:
        closes = datetime.combine(day, hours.closes, zone)
        if view.at.timestamp() < closes.timestamp():
            end = closes
    return end.timestamp() - view.at.timestamp()


def offered(reserve: Reserve, intake: Intake, at_s: float) -> tuple[FieldId, ...]:
    """Fields for which a number can be given now without the server."""
    if at_s >= intake.until_s:
        return ()
    return tuple(field for field in intake.fields if reserve.free.get(field))


def unattended(
    queue: FieldQueue | None, field: FieldId, fields: tuple[FieldId, ...], languages: Languages
) -> FieldQueue:
    """A field as a kiosk alone can offer it: open if a number is left, and nothing known of who waits.

    Conversations are in the official languages, and in those that somebody spoke when last heard.
    """
    served = (*languages.official, *(() if queue is None else queue.served))
    return FieldQueue(
        field=field,
        open=field in fields,
        waiting={},
        waiting_total=0,
        served=tuple(dict.fromkeys(served)),
    )


def lacking(reserve: Reserve, field: FieldId) -> int:
    """How many numbers are missing from a whole block."""
    return BLOCK_NUMBERS - len(reserve.free.get(field, ()))


def stocked(reserve: Reserve, held: NumbersHeld) -> Reserve:
    """With further numbers; those of another day are worth nothing."""
    if held.day != reserve.day:
        return reserve
    free = (*reserve.free.get(held.field, ()), *held.numbers)
    return replace(reserve, free={**reserve.free, held.field: free})


def give(
    reserve: Reserve,
    wish: IssueTicket,
    asked_s: float,
    request_id: RequestId,
    *,
    doubt: RequestId | None,
    prints: bool,
) -> tuple[Reserve, Given]:
    """The next number of the wished field goes to a visitor; `prints`: on the kiosk's own printer too."""
    number, *left = reserve.free[wish.field]
    given = Given(
        ticket=number.ticket,
        token_url=number.token_url,
        field=wish.field,
        languages=wish.languages,
        screen_language=wish.screen_language,
        asked_s=asked_s,
        id=request_id,
        doubt=doubt,
        slip=PrintState.QUEUED if prints else PrintState.NONE,
    )
    free = {**reserve.free, wish.field: tuple(left)}
    return replace(reserve, free=free, given=(*reserve.given, given)), given


def reported(reserve: Reserve, ticket: TicketCode, slip: PrintState) -> Reserve:
    """What has become of the slip of a number given."""
    given = (replace(one, slip=slip) if one.ticket == ticket else one for one in reserve.given)
    return replace(reserve, given=tuple(given))


def redeeming(reserve: Reserve, at_s: float, instead_of: TicketCode | None = None) -> RedeemTicket:
    """What is asked for the oldest number given: nobody has waited less than whoever came after."""
    first = reserve.given[0]
    waited_s = max(at_s - one.asked_s for one in reserve.given)
    return RedeemTicket(
        ticket=first.ticket,
        day=reserve.day,
        field=first.field,
        languages=first.languages,
        screen_language=first.screen_language,
        waited_s=min(max(0.0, waited_s), WAITED_S_MAX),
        printed=first.slip is PrintState.PRINTED,
        instead_of=instead_of,
    )


def redeemed(reserve: Reserve, ticket: TicketCode) -> Reserve:
    """The server has this one."""
    return replace(reserve, given=tuple(one for one in reserve.given if one.ticket != ticket))


def left_out(reserve: Reserve, ticket: TicketCode) -> Reserve:
    """The server will never have this one."""
    out = tuple(one for one in reserve.given if one.ticket == ticket)
    return replace(redeemed(reserve, ticket), left_out=(*reserve.left_out, *out))


def begun(before: Reserve, day: DayDate, at_s: float) -> Reserve:
    """Another day: it has no numbers yet, and none of those before it; their visitors may still be here."""
    there = (one for one in (*before.left_out, *before.given) if at_s - one.asked_s < STILL_HERE_S)
    return Reserve(day=day, left_out=tuple(there))


def report(reserve: Reserve) -> LeftOut:
    """What reception is to know: who came first is named first."""
    tickets = tuple(one.ticket for one in reserve.left_out)
    return LeftOut(tickets[:LEFT_OUT_MAX], len(tickets))


def aged(reserve: Reserve, at_s: float) -> Reserve:
    """The same when the machine's clock, which counted meanwhile, was set: nobody asked later than now."""
    earliest = at_s - WAITED_S_MAX
    return _asked_at(reserve, lambda asked_s: min(at_s, max(earliest, asked_s)))


def shifted(reserve: Reserve, by_s: float) -> Reserve:
    """The same by another clock, so many seconds ahead of this one."""
    return _asked_at(reserve, lambda asked_s: asked_s + by_s)


def _asked_at(reserve: Reserve, instant: Callable[[float], float]) -> Reserve:
    """The same with the instants at which visitors asked told otherwise."""

    def told(given: tuple[Given, ...]) -> tuple[Given, ...]:
        return tuple(replace(one, asked_s=instant(one.asked_s)) for one in given)

    return replace(reserve, given=told(reserve.given), left_out=told(reserve.left_out))
