"""What reception sees of the house: figures, desks, devices, printers, in words. Pure but for the colours."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from textual.content import Content

from config.look import palette
from desk.words import NOTABLE, SECONDS_PER_MINUTE, WAIT_LONG_MIN, Voice, minutes_since, stopwatch
from protocol.ids import Role, shown
from protocol.views import DeskState, DeviceSeen, PrinterSeen, PrinterState, ReceptionView, StaffDesk

STATE_WIDTH = 15
NUMBER_WIDTH = 7
NAMES_FROM = 42
"""Columns of the list of desks from which names have room."""
STATE_STYLES = {
    DeskState.READY: f"bold {palette.GO}",
    DeskState.CALLED: f"bold {NOTABLE}",
    DeskState.PAUSED: palette.MUTED,
}
WELL = {PrinterState.READY}
DOT = "●"


class Figure(Struct, frozen=True):
    """One figure of the day."""

    name: str
    value: str
    label: str
    alarming: bool = False


def figures_of(view: ReceptionView, now: datetime, voice: Voice) -> tuple[Figure, ...]:
    """The figures of the day, as they are now."""
    counted = view.figures
    oldest = counted.oldest_issued_at
    longest = 0 if oldest is None else minutes_since(oldest, now)
    values = {
        "waiting": str(counted.waiting),
        "longest_wait": f"{longest}'",
        "desks_open": str(counted.desks_open),
        "tickets_today": str(counted.issued),
        "finished": str(counted.finished),
        "no_shows": str(counted.no_show),
    }
    return tuple(
        Figure(name, value, voice.say(f"figure.{name}"), name == "longest_wait" and longest >= WAIT_LONG_MIN)
        for name, value in values.items()
    )


def desk_lines(desks: Sequence[StaffDesk], now: datetime, voice: Voice, width: int) -> list[Content]:
    """A line for each desk that is open, one for all that are closed; names where there is room."""
    with_names = width >= NAMES_FROM
    lines = [
        _desk_line(desk, now, voice, with_name=with_names)
        for desk in desks
        if desk.state is not DeskState.CLOSED
    ]
    closed = [desk.desk for desk in desks if desk.state is DeskState.CLOSED]
    if closed:
        lines.append(Content.styled(f"{voice.say('state.closed')}: {' '.join(closed)}", palette.MUTED))
    return lines


def _desk_line(desk: StaffDesk, now: datetime, voice: Voice, *, with_name: bool) -> Content:
    field = None if desk.field is None else voice.centre.field(desk.field)
    if desk.ticket is None or field is None:
        badge = Content(" " * NUMBER_WIDTH)
    else:
        badge = Content.styled(
            f" {shown(desk.ticket)} ".ljust(NUMBER_WIDTH), f"bold #FFFFFF on {field.colour}"
        )
    late = (
        field is not None
        and desk.state is DeskState.SERVING
        and desk.since is not None
        and (now - desk.since).total_seconds() >= field.session_limit_min * SECONDS_PER_MINUTE
    )
    state = voice.say(f"state.{desk.state}")
    return Content.assemble(
        (f"{desk.desk:>2} ", "bold"),
        badge,
        (f" {state:<{STATE_WIDTH}}", STATE_STYLES.get(desk.state, palette.INK)),
        (
            f"{'' if desk.since is None else stopwatch(desk.since, now):>6}",
            f"bold {palette.ALERT}" if late else palette.INK,
        ),
        f"  {voice.first_name(desk.counsellor)}" if with_name else "",
    )


def printer_words(printer: PrinterSeen, voice: Voice) -> str:
    """The state of a printer, its cause and what it still has to print."""
    words = voice.say(f"reception.printer_{printer.state}")
    cause = f"reception.cause_{printer.cause}"
    if cause in voice.phrases:
        words = f"{words}: {voice.say(cause)}"
    if printer.jobs:
        words = f"{words}, {voice.say('reception.slips_waiting', n=printer.jobs)}"
    return words


def device_lines(view: ReceptionView, voice: Voice) -> list[Content]:
    """Printers and devices; what is wrong comes first."""
    newest = max((device.announced for device in view.devices), default=0)
    lines = [
        (
            printer.state in WELL,
            printer.printer,
            printer_words(printer, voice),
            NOTABLE if printer.state is PrinterState.PAPER_LOW else palette.ALERT,
        )
        for printer in view.printers
    ]
    lines += [
        (_well(device, newest), device.device, _device_words(device, newest, voice), palette.ALERT)
        for device in view.devices
    ]
    lines.sort(key=lambda line: line[0])
    return [
        Content.assemble(
            (f"{DOT} ", palette.GO if well else colour),
            (f"{name}  ", "bold"),
            (words, palette.MUTED if well else f"bold {colour}"),
        )
        for well, name, words, colour in lines
    ]


def _well(device: DeviceSeen, newest: int) -> bool:
    """A desk's terminal is off when nobody works there: that is ordinary."""
    return device.role == Role.COUNSELLOR or (device.connected and not _behind(device, newest))


def _behind(device: DeviceSeen, newest: int) -> int:
    """Calls that other boards have shown and this one has not; one under way is ordinary."""
    if device.role != Role.BOARD or not device.connected:
        return 0
    missing = newest - device.announced
    return missing if missing > 1 else 0


def _device_words(device: DeviceSeen, newest: int, voice: Voice) -> str:
    if not device.connected:
        return f"{voice.say('reception.device_offline')} ({voice.time(device.since)})"
    behind = _behind(device, newest)
    if behind:
        return voice.say("reception.calls_behind", n=behind)
    return voice.say("reception.device_online")


def troubles(view: ReceptionView, voice: Voice) -> list[str]:
    """What is wrong now, for the head of the screen."""
    found = [
        f"{printer.printer} {voice.say(f'reception.printer_{printer.state}')}"
        for printer in view.printers
        if printer.state not in WELL
    ]
    kiosks = [device for device in view.devices if device.role == Role.KIOSK and not device.connected]
    return found + [f"{device.device} {voice.say('reception.device_offline')}" for device in kiosks]
