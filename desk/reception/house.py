"""What reception sees of the house: figures, desks, devices, printers, in words. Pure but for the colours."""

from collections.abc import Sequence
from datetime import datetime
from textwrap import wrap

from msgspec import Struct
from textual.content import Content

from config.look import palette
from desk.reception.printers import printer_words, prints, state_words, well
from desk.words import NOTABLE, SECONDS_PER_MINUTE, WAIT_LONG_MIN, Voice, minutes_since, stopwatch
from protocol.house_seen import DeviceSeen
from protocol.ids import Role, shown
from protocol.views import DeskState, PrinterSeen, ReceptionView, StaffDesk

STATE_WIDTH = 15
NUMBER_WIDTH = 7
NAMES_FROM = 42
"""Columns of the list of desks from which names have room."""
STATE_STYLES = {
    DeskState.READY: f"bold {palette.GO}",
    DeskState.CALLED: f"bold {NOTABLE}",
    DeskState.PAUSED: palette.MUTED,
}
AWAITED = frozenset({DeskState.FREE, DeskState.READY, DeskState.CALLED})
"""A screen may well be locked during a conversation, or a break."""
DOT = "●"
INDENT = "  "
COLUMN_MIN = 34
"""Columns of the list of devices, also before it has its place; a device's name takes 31 at most."""


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


def desks_head(view: ReceptionView, voice: Voice) -> Content:
    """Above the desks: how many could take a visitor now."""
    free = sum(
        desk.state in {DeskState.FREE, DeskState.READY} and desk.desk not in view.left_desks
        for desk in view.desks
    )
    said = voice.say("reception.desks_free", n=free)
    return Content.assemble((voice.say("reception.desks"), "bold"), (f"   {said}", palette.MUTED))


def desk_lines(view: ReceptionView, now: datetime, voice: Voice, width: int) -> list[Content]:
    """A line for each desk that is open, one for all that are closed; names where there is room.

    A desk that should call or has called, and at which nobody is, says that instead of what it does.
    """
    with_names = width >= NAMES_FROM
    lines = [
        _desk_line(desk, now, voice, left=desk.desk in view.left_desks, with_name=with_names)
        for desk in view.desks
        if desk.state is not DeskState.CLOSED
    ]
    closed = [desk.desk for desk in view.desks if desk.state is DeskState.CLOSED]
    if closed:
        said = voice.say("reception.desks_closed", n=len(closed), desks=", ".join(closed))
        lines.append(Content.styled(said, palette.MUTED))
    return lines


def _desk_line(desk: StaffDesk, now: datetime, voice: Voice, *, left: bool, with_name: bool) -> Content:
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
    state, style = voice.say(f"state.{desk.state}"), STATE_STYLES.get(desk.state, palette.INK)
    if left and desk.state in AWAITED:
        state, style = voice.say("reception.desk_left"), f"bold {palette.ALERT}"
    return Content.assemble(
        (f"{desk.desk:>2} ", "bold"),
        badge,
        (f" {state:<{STATE_WIDTH}}", style),
        (
            f"{'' if desk.since is None else stopwatch(desk.since, now):>6}",
            f"bold {palette.ALERT}" if late else palette.INK,
        ),
        f"  {voice.first_name(desk.counsellor)}" if with_name else "",
    )


def device_lines(view: ReceptionView, voice: Voice, width: int, *, brief: bool = False) -> list[Content]:
    """Printers and devices, what is wrong first; devices that are as they should be share a line.

    `brief`: of the printers no more than has to be known, so that whatever is wrong is in sight.
    """
    newest = max((device.announced for device in view.devices), default=0)
    width = max(width, COLUMN_MIN)
    ill = [device for device in view.devices if not _well(device, newest)]
    printers = sorted(view.printers, key=well)
    blocks = [_printer_lines(printer, voice, width, brief=brief) for printer in printers]
    first_well = sum(not well(printer) for printer in view.printers)
    blocks[first_well:first_well] = [
        _broken(device.device, _device_words(device, newest, voice), palette.ALERT, (), width)
        for device in ill
    ]
    for connected, words in ((True, "reception.device_online"), (False, "reception.device_offline")):
        names = [
            device.device for device in view.devices if device not in ill and device.connected is connected
        ]
        if names:
            dot = palette.GO if connected else palette.MUTED
            blocks.append(_broken(voice.say(words), "  ".join(names), None, (), width, dot))
    return [line for block in blocks for line in block]


def _printer_lines(printer: PrinterSeen, voice: Voice, width: int, *, brief: bool) -> list[Content]:
    """Its state, then what to do, what waits, what it confirms: broken where the column ends."""
    state, what_to_do, facts = printer_words(printer, voice, brief=brief)
    known = " · ".join(facts)
    if well(printer):
        return _broken(printer.printer, f"{state} · {known}" if known else state, None, (), width)
    further = ((what_to_do, f"bold {palette.INK}"), (known, palette.MUTED))
    return _broken(printer.printer, state, NOTABLE if prints(printer) else palette.ALERT, further, width)


def _broken(
    name: str,
    words: str,
    alarming: str | None,
    further: Sequence[tuple[str, str]],
    width: int,
    dot: str = palette.GO,
) -> list[Content]:
    """A dot, the name and words in this colour; then further words in their styles.

    None: all is well, with a dot of its own colour.
    """
    start = " " * (len(DOT) + 1 + len(name) + 2)
    head, *rest = wrap(words, width, initial_indent=start, subsequent_indent=INDENT)
    style = f"bold {alarming}" if alarming else palette.MUTED
    lines = [
        Content.assemble((f"{DOT} ", alarming or dot), (f"{name}  ", "bold"), (head.strip(), style)),
        *(Content.styled(line, style) for line in rest),
    ]
    for more, of_more in further:
        broken = wrap(more, width, initial_indent=INDENT, subsequent_indent=INDENT)
        lines += [Content.styled(line, of_more) for line in broken]
    return lines


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
    if device.since is None:
        return voice.say("reception.device_never")
    if not device.connected:
        return f"{voice.say('reception.device_offline')} ({voice.time(device.since)})"
    behind = _behind(device, newest)
    if behind:
        return voice.say("reception.calls_behind", n=behind)
    return voice.say("reception.device_online")


def head_words(view: ReceptionView, voice: Voice, room: int) -> Content:
    """Whose screen it is, whether tickets are given, and who is signed in: whole words in so many columns."""
    day = voice.say("reception.entries_open" if view.open else "reception.entries_closed")
    style = "" if view.open else f"bold {palette.INK} on {palette.ACCENT}"
    day = day if view.open else f" {day} "  # its ground keeps off the letters
    title, name, first_name = (
        voice.say("reception.title"),
        voice.name(view.staff),
        voice.first_name(view.staff),
    )
    ways = [
        Content(gap).join([Content.styled(title, "bold"), Content.styled(day, style), *map(Content, names)])
        for gap, names in (("  ·  ", [name]), (" · ", [name]), (" · ", [first_name]), (" · ", []))
    ]
    return next((words for words in ways if len(words) <= room), ways[-1])


def head_trouble(view: ReceptionView, voice: Voice, *, printers: bool) -> Content:
    """The worst of what needs a hand, and how many more there are; empty: nothing does."""
    wrong = [*(printer_troubles(view, voice) if printers else ()), *device_troubles(view, voice)]
    more = f" +{len(wrong) - 1}" if len(wrong) > 1 else ""
    return Content.styled(f" {wrong[0]}{more} ", f"bold #FFFFFF on {palette.ALERT}") if wrong else Content()


def printer_troubles(view: ReceptionView, voice: Voice) -> list[str]:
    """Printers that need a hand, the worst first."""
    return [
        f"{printer.printer} {state_words(printer, voice)}"
        for printer in sorted(view.printers, key=prints)
        if not well(printer)
    ]


def device_troubles(view: ReceptionView, voice: Voice) -> list[str]:
    """Boards that show no call, kiosks that visitors cannot use: the boards first, for nobody asks there."""
    gone = [
        device.device
        for role in (Role.BOARD, Role.KIOSK)
        for device in view.devices
        if device.role == role and not device.connected
    ]
    return [f"{name} {voice.say('reception.device_offline')}" for name in gone]
