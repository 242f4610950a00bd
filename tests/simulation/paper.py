"""What may never be found of slips: on their way to a printer, and on paper."""

from collections import Counter
from collections.abc import Iterator, Sequence

from chaos.queue_judge import Day
from chaos.queue_slips import Key, Piece
from msgspec import Struct
from simulation.disk import Committed
from simulation.robots import GivenAlone

from queue_server.core import events as e


class OnItsWay(Struct, frozen=True):
    """A slip is on a list of slips, from which it will be printed; or its first byte leaves for a printer."""

    at_s: float
    program: str
    """Whose list it is: the server's or a kiosk's."""
    slip: Key
    leaves: bool


def printed(days: Sequence[Day], given: Sequence[GivenAlone], paper: Sequence[Piece]) -> Iterator[str]:
    """A slip comes out once, and only if somebody asked for it, or was given the number by a kiosk alone."""
    day_of = {one.token: one.day for one in given}
    asked = {key for day in days for key in day.asked} | {(one.day, one.ticket, 1) for one in given}
    slips = [slip for piece in paper for slip in piece.slips]
    # the clock of a kiosk that has just started may show another date than its numbers have
    times = Counter((day_of.get(token, day), ticket, copy) for (day, ticket, copy), token in slips)
    for key, count in times.items():
        if count > 1:
            yield f"{key} came out {count} times"
        if key not in asked:
            yield f"{key} came out, and nobody asked for it"


def ordered_in_time(
    committed: Sequence[Committed], given: Sequence[GivenAlone], ordered: Sequence[OnItsWay]
) -> Iterator[str]:
    """The server prints what is on disk; a kiosk prints slips of its own numbers until they are redeemed."""
    asked_s: dict[Key, float] = {}
    redeemed_s: dict[tuple[str, str], float] = {}
    for one in committed:
        for record in one.records:
            match record.event:
                case e.TicketIssued(ticket=ticket, provisional=True):
                    redeemed_s[one.day, ticket] = one.at_s
                case e.TicketIssued(ticket=ticket):
                    asked_s[one.day, ticket, 1] = one.at_s
                case e.SlipRequested(ticket=ticket, copy_number=copy):
                    asked_s[one.day, ticket, copy] = one.at_s
                case _:
                    pass
    for slip in ordered:
        if slip.program == "server":
            if slip.at_s < asked_s.get(slip.slip, float("inf")):
                yield f"{slip.slip} was to be printed before it was on disk"
            continue
        _, ticket, copy = slip.slip
        own = [one for one in given if (one.kiosk, one.ticket) == (slip.program, ticket)]
        own = [one for one in own if one.asked_s <= slip.at_s]
        if not own or copy > 1:
            yield f"{slip.program} printed {slip.slip}, which is not its own"
        elif redeemed_s.get((own[-1].day, ticket), slip.at_s) < slip.at_s:
            yield f"{slip.program} printed {slip.slip} after it was redeemed"
