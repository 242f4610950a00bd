"""What a visitor may expect of paper: before choosing by the printer, afterwards by the slip itself."""

from enum import StrEnum

from protocol.ids import TicketCode
from protocol.views import KioskView, PrinterLevel, PrinterState, PrintState, SlipSeen

SLIP_S = 10.0
"""A slip takes 2 s: the visitor who has none by now is told not to wait for it."""
PRINTER_UNKNOWN_S = 10.0
"""A server that has just started has looked at every printer by then."""
_PAPER_OUT = "paper_out"
"""Cause of a blocked printer that staff can mend with a roll."""


class Printing(StrEnum):
    """What whoever takes a ticket now may expect."""

    PAPERLESS = "paperless"
    """The kiosk has no printer."""
    WELL = "well"
    ELSEWHERE = "elsewhere"
    """Another printer prints the slips meanwhile."""
    NO_PAPER = "no_paper"
    FAULT = "fault"


class SlipNews(StrEnum):
    """What the visitor whose ticket is shown may expect."""

    NONE = "none"
    """No slip belongs to the ticket."""
    COMING = "coming"
    OUT = "out"
    """It is on paper."""
    ELSEWHERE = "elsewhere"
    """Another printer has it, or it came out there."""
    DOUBTFUL = "doubtful"
    """Perhaps it comes, perhaps not."""
    MISSING = "missing"
    """The printer does not print."""


def printing(view: KioskView, unknown_s: float) -> Printing:
    """By a view; `unknown_s`: how long the server has not known how the printer is."""
    if view.printer is None:
        return Printing.PAPERLESS
    silent_by_nature = view.printer is PrinterState.MUTE and view.printer_level is PrinterLevel.MUTE
    not_looked_at = view.printer is PrinterState.UNKNOWN and unknown_s < PRINTER_UNKNOWN_S
    if silent_by_nature or not_looked_at or view.printer in {PrinterState.READY, PrinterState.PAPER_LOW}:
        return Printing.WELL
    if view.elsewhere:
        return Printing.ELSEWHERE
    return Printing.NO_PAPER if view.printer_cause == _PAPER_OUT else Printing.FAULT


def own_slip_news(before: SlipNews, for_s: float) -> SlipNews:
    """What is known of a slip that the kiosk prints itself, of which nothing was heard for so long."""
    return SlipNews.DOUBTFUL if before is SlipNews.COMING and for_s >= SLIP_S else before


def slip_news(before: SlipNews, for_s: float, now: Printing, view: KioskView, ticket: TicketCode) -> SlipNews:
    """What is known of a slip now, after `before` has been so for so many seconds.

    What is on paper stays on paper. A view from before the ticket says nothing of its slip. That another
    printer stands by says nothing of a slip either: it may still come out here.
    """
    if before in {SlipNews.NONE, SlipNews.OUT}:
        return before
    unheard_of = SlipSeen(ticket=ticket, slip=PrintState.QUEUED)
    told = next((seen for seen in view.slips if seen.ticket == ticket), unheard_of)
    match told.slip:
        case PrintState.PRINTED:
            return SlipNews.ELSEWHERE if told.elsewhere else SlipNews.OUT
        case PrintState.UNKNOWN:
            return SlipNews.DOUBTFUL
        case PrintState.FAILED:
            return SlipNews.MISSING
        case PrintState.NONE:
            return SlipNews.NONE
    if told.elsewhere:
        return SlipNews.ELSEWHERE
    if now in {Printing.NO_PAPER, Printing.FAULT}:
        return SlipNews.MISSING
    if before is SlipNews.DOUBTFUL:
        return before
    late = before is SlipNews.COMING and for_s >= SLIP_S
    return SlipNews.DOUBTFUL if late else SlipNews.COMING
