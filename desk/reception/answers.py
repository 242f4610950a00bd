"""What reception is told once the server has done what it asked. Pure."""

from desk.reception.lists import everything
from desk.reception.printers import printer_at, prints
from desk.words import Voice
from protocol.commands import (
    AnswerHelp,
    AnyCommand,
    Cancel,
    MarkNoShow,
    Recall,
    Reinstate,
    Reprint,
    SetPriority,
    Transfer,
)
from protocol.envelope import Accepted, TicketGiven
from protocol.ids import shown
from protocol.orders import AnyOrder, PairDevice
from protocol.views import ReceptionView


def done_words(voice: Voice, view: ReceptionView, command: AnyCommand | AnyOrder, answer: Accepted) -> str:
    """One sentence: what became of it, and where to look."""
    if isinstance(answer.outcome, TicketGiven):
        return given_words(voice, view, answer.outcome)
    match command:
        case Reprint():
            return copy_words(voice, view, command)
        case PairDevice(device=device):
            return voice.say("reception.paired", device=device)
        case AnswerHelp(kiosk=kiosk):
            return voice.say("reception.help_answered", kiosk=kiosk)
        case Cancel() | MarkNoShow() | Recall() | Reinstate() | SetPriority() | Transfer():
            return voice.say("reception.done_with", code=shown(command.ticket))
        case _:
            return voice.say("desk.done")


def given_words(voice: Voice, view: ReceptionView, given: TicketGiven) -> str:
    """The number that was given and where its slip comes out; to be written down where none comes."""
    code = shown(given.ticket)
    printer = next((seen for seen in view.printers if seen.printer == given.printer), None)
    if printer is None or not (prints(printer) or printer.spare):
        return voice.say("reception.write_it", code=code)
    where = printer.printer if prints(printer) else printer.spare
    return voice.say("reception.printed_at", code=code, printer=where)


def copy_words(voice: Voice, view: ReceptionView, copy: Reprint) -> str:
    """When and where a further slip comes out; that it is ordered, where nobody can say more."""
    ticket = next((ticket for ticket in everything(view) if ticket.ticket == copy.ticket), None)
    kiosk = copy.kiosk or (None if ticket is None else ticket.kiosk)
    printer = printer_at(voice.centre, view.printers, kiosk)
    code = shown(copy.ticket)
    if printer is None:
        return voice.say("desk.done")
    if prints(printer):
        return voice.say("reception.copy_sent", code=code)
    if printer.spare is not None:
        return voice.say("reception.copy_elsewhere", code=code, printer=printer.spare)
    return voice.say("reception.copy_later", code=code, printer=printer.printer)
