"""What reception is told of a printer: how it is, why, since when, what to do, what it confirms. Pure."""

from collections.abc import Sequence

from config.model import Centre
from desk.words import Voice
from protocol.ids import DeviceName
from protocol.views import PrinterLevel, PrinterSeen, PrinterState, PrintState, ReceptionView, StaffTicket


def silent_by_nature(printer: PrinterSeen) -> bool:
    """It never says anything, and prints."""
    return printer.state is PrinterState.MUTE and printer.level is PrinterLevel.MUTE


def prints(printer: PrinterSeen) -> bool:
    """A slip sent now comes out of it, as far as anybody can see."""
    return printer.state in {PrinterState.READY, PrinterState.PAPER_LOW} or silent_by_nature(printer)


def well(printer: PrinterSeen) -> bool:
    """There is nothing to do."""
    return prints(printer) and printer.state is not PrinterState.PAPER_LOW


def state_words(printer: PrinterSeen, voice: Voice) -> str:
    """How it is: the cause where one is known."""
    if silent_by_nature(printer):
        return voice.say("reception.printer_silent")
    cause = f"reception.cause_{printer.cause}"
    known = not well(printer) and cause in voice.phrases
    return voice.say(cause if known else f"reception.printer_{printer.state}")


def to_do(printer: PrinterSeen, voice: Voice) -> str:
    """What helps; empty when nothing is to be done."""
    if well(printer):
        return ""
    of_cause = f"reception.do_{printer.cause}"
    return voice.say(of_cause if of_cause in voice.phrases else f"reception.do_{printer.state}")


def printer_words(
    printer: PrinterSeen, voice: Voice, *, brief: bool = False
) -> tuple[str, str, tuple[str, ...]]:
    """How it is; what to do ('' for nothing); what else is known; what it confirms, while it prints.

    `brief`: of all that is known only where slips wait and where they come out.
    """
    facts = []
    if not well(printer) and printer.since is not None and not brief:
        facts.append(voice.say("reception.since", time=voice.time(printer.since)))
    if printer.jobs:
        facts.append(voice.say("reception.slips_waiting", n=printer.jobs))
    if printer.spare is not None:
        facts.append(voice.say("reception.slips_elsewhere", printer=printer.spare))
    if prints(printer) and not brief:
        facts.append(voice.say(f"reception.level_{printer.level}"))
    return state_words(printer, voice), to_do(printer, voice), tuple(facts)


def alarm(printers: Sequence[PrinterSeen], voice: Voice) -> str:
    """The worst printer in one sentence with what to do, and how many others need a hand; empty: none."""
    ill = sorted((printer for printer in printers if not well(printer)), key=prints)
    if not ill:
        return ""
    worst = ill[0]
    said = voice.say(
        "reception.printer_alarm",
        printer=worst.printer,
        state=state_words(worst, voice),
        what_to_do=to_do(worst, voice),
    )
    return f"{said}  +{len(ill) - 1}" if len(ill) > 1 else said


def printer_at(
    centre: Centre, printers: Sequence[PrinterSeen], kiosk: DeviceName | None
) -> PrinterSeen | None:
    """The printer of a kiosk; none when there is none, or no kiosk."""
    known = centre.kiosks_by_name.get(kiosk or "")
    return next((seen for seen in printers if known is not None and seen.printer == known.printer), None)


def offered(view: ReceptionView, centre: Centre) -> tuple[StaffTicket, ...]:
    """Slips in doubt that call for a look at once, newest first.

    Of a printer that never confirms anything every slip is in doubt: those are listed and raise no alarm.
    """
    return tuple(
        ticket
        for ticket in view.doubtful
        if ticket.slip is PrintState.FAILED
        or (printer := printer_at(centre, view.printers, ticket.kiosk)) is None
        or printer.level not in {PrinterLevel.STATUS, PrinterLevel.MUTE}
    )


def printing_kiosks(
    view: ReceptionView, centre: Centre, own: DeviceName | None
) -> tuple[tuple[DeviceName, PrinterSeen], ...]:
    """Kiosks with a printer, in the order in which a slip is best printed: where it works, the own first."""
    found = [
        (kiosk.name, printer)
        for kiosk in centre.kiosks
        if (printer := printer_at(centre, view.printers, kiosk.name)) is not None
    ]
    return tuple(sorted(found, key=lambda one: (not prints(one[1]), one[0] != own)))
