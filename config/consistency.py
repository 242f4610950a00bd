"""What the types cannot say about a centre: names that must be unique, known, complete or in order."""

import re
from collections.abc import Iterable, Iterator
from ipaddress import ip_address
from pathlib import PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from config.consistency_of_voice import in_voice
from config.fitting import PLACE_CHARS_MAX
from config.model import Centre, Counsellor, Printer, Receptionist, Texts
from config.phrases import LOCALES
from config.problem import Problem, did_you_mean

WAYS = ("host", "device", "service")
"""Keys that say where a printer is; each printer has exactly one."""
DEVICES = PurePosixPath("/dev")
SERIAL_DEVICES = ("/dev/tty", "/dev/serial/")
"""Devices named like this are serial lines on every Linux."""
PRINTER_DEVICES = ("/dev/usb/lp", "/dev/usblp", "/dev/lp")
"""And these are USB or parallel printers."""
_HOST_NAME = re.compile(r"(?=.{1,253}\Z)[\w-]{1,63}(\.[\w-]{1,63})*\.?")
_NUMBERS = re.compile(r"[0-9.]+")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
SERVICE_BYTES_MAX = 63
"""A name in DNS is no longer (RFC 6763, 4.1.1)."""
SERVICE_TYPE = "._pdl-datastream._tcp"


def inconsistencies(centre: Centre, tree: dict[str, Any], file: str) -> Iterator[Problem]:
    """Everything in a well-typed centre that contradicts itself; `tree` is what the file itself says."""
    yield from _in_languages(centre, file)
    yield from _in_texts(centre, file)
    yield from _repeated(centre, file)
    yield from _unknown_names(centre, file)
    for index, printer in enumerate(centre.printers):
        yield from _misplaced(printer, tree["printers"][index], file, f"printers[{index}]")
        yield from _in_spare(centre, printer, file, f"printers[{index}].spare")
    yield from _in_times(centre, file)
    yield from _in_limits(centre, file)
    yield from _in_boards(centre, file)
    yield from in_voice(centre, tree.get("voice", {}), file)
    for key, records in (("fields", centre.fields), ("desks", centre.desks), ("kiosks", centre.kiosks)):
        if not records:
            yield Problem(file, key, "empty", f"add at least one [[{key}]]")


def _in_limits(centre: Centre, file: str) -> Iterator[Problem]:
    field, kiosk = centre.rules.tickets_per_field_max, centre.rules.tickets_per_kiosk_max
    if kiosk < field:
        what = f"{kiosk} is below tickets_per_field_max, which is then never reached"
        yield Problem(file, "rules.tickets_per_kiosk_max", what, f"write at least {field}")


def _in_boards(centre: Centre, file: str) -> Iterator[Problem]:
    yield from _twice((board.name for board in centre.boards), file, "boards", ".name")
    desks = [desk.id for desk in centre.desks]
    kiosks = {kiosk.name for kiosk in centre.kiosks}
    for index, board in enumerate(centre.boards):
        yield from _unknown(board.desks, desks, file, f"boards[{index}].desks", "desk")
        yield from _twice(board.desks, file, f"boards[{index}].desks", "")
        if board.name in kiosks:
            what = f"'{board.name}' is a kiosk"
            yield Problem(file, f"boards[{index}].name", what, "give each screen a name of its own")


def _in_languages(centre: Centre, file: str) -> Iterator[Problem]:
    if not centre.languages.official:
        yield Problem(file, "languages.official", "empty", 'name at least one language, e.g. ["fr", "nl"]')
    yield from _twice(centre.languages.all, file, "languages", "")
    for language in centre.languages.all:
        if language not in LOCALES:
            yield Problem(
                file, "languages", f"no texts in '{language}'", f"use one of: {', '.join(sorted(LOCALES))}"
            )


def _in_texts(centre: Centre, file: str) -> Iterator[Problem]:
    tables: list[tuple[str, Texts]] = [("name", centre.name), ("place", centre.place)]
    for index, field in enumerate(centre.fields):
        parts = (("label", field.label), ("noun", field.noun), ("hint", field.hint))
        tables += [(f"fields[{index}].{part}", texts) for part, texts in parts]
    printers = ((f"printers[{index}].place", one.place) for index, one in enumerate(centre.printers))
    places = [(key, texts) for key, texts in printers if texts]
    tables += places
    for key, texts in places:
        for language, text in texts.items():
            if len(text) > PLACE_CHARS_MAX:
                what = f"«{text}» has {len(text)} letters"
                yield Problem(file, f"{key}.{language}", what, f"write at most {PLACE_CHARS_MAX}")
    for key, texts in tables:
        for language in centre.languages.all:
            if not texts.get(language, "").strip():
                yield Problem(file, key, f"no text in '{language}'", f'add {language} = "…"')
        for language in texts:
            if language not in centre.languages.all:
                suggestion = "remove it, or add the language to languages.further"
                yield Problem(file, f"{key}.{language}", "not a language of the centre", suggestion)


def _repeated(centre: Centre, file: str) -> Iterator[Problem]:
    yield from _twice((field.id for field in centre.fields), file, "fields", ".id")
    yield from _twice((field.letter for field in centre.fields), file, "fields", ".letter")
    yield from _twice((field.colour.upper() for field in centre.fields), file, "fields", ".colour")
    yield from _twice((desk.id for desk in centre.desks), file, "desks", ".id")
    yield from _twice((member.id for member in centre.counsellors), file, "counsellors", ".id")
    yield from _twice((member.id for member in centre.receptionists), file, "receptionists", ".id")
    counselling = {member.id for member in centre.counsellors}
    for index, member in enumerate(centre.receptionists):
        if member.id in counselling:
            what = f"'{member.id}' is a counsellor"
            yield Problem(file, f"receptionists[{index}].id", what, "give each person a key of their own")
    yield from _twice((printer.name for printer in centre.printers), file, "printers", ".name")
    yield from _twice((kiosk.name for kiosk in centre.kiosks), file, "kiosks", ".name")


def _twice(values: Iterable[str], file: str, key: str, part: str) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for index, value in enumerate(values):
        if value in first:
            what = f"'{value}' is already in {key}[{first[value]}]"
            yield Problem(file, f"{key}[{index}]{part}", what, "give each its own")
        first.setdefault(value, index)


def _unknown_names(centre: Centre, file: str) -> Iterator[Problem]:
    fields = [field.id for field in centre.fields]
    printers = [printer.name for printer in centre.printers]
    for index, member in enumerate(centre.counsellors):
        key = f"counsellors[{index}]"
        yield from _unknown(member.fields, fields, file, f"{key}.fields", "field")
        yield from _unknown(member.languages, centre.languages.all, file, f"{key}.languages", "language")
    people: dict[str, tuple[Counsellor | Receptionist, ...]] = {
        "counsellors": centre.counsellors,
        "receptionists": centre.receptionists,
    }
    for kind, team in people.items():
        for index, person in enumerate(team):
            own = () if person.language is None else (person.language,)
            yield from _unknown(own, centre.languages.all, file, f"{kind}[{index}].language", "language")
    for index, kiosk in enumerate(centre.kiosks):
        if kiosk.printer is not None:
            yield from _unknown((kiosk.printer,), printers, file, f"kiosks[{index}].printer", "printer")


def _unknown(names: Iterable[str], known: Iterable[str], file: str, key: str, what: str) -> Iterator[Problem]:
    allowed = tuple(known)
    for name in names:
        if name not in allowed:
            yield Problem(file, key, f"no {what} '{name}'", did_you_mean(name, allowed) or f"add the {what}")


def _misplaced(printer: Printer, written: Iterable[str], file: str, key: str) -> Iterator[Problem]:
    """Everything wrong with where this printer is said to be."""
    ways = [way for way in WAYS if getattr(printer, way)]
    if not ways:
        suggestion = 'add one of: host = "192.0.2.10", device = "/dev/usb/lp0", service = "…"'
        yield Problem(file, key, "nothing says where the printer is", suggestion)
    for way in ways[1:]:
        yield Problem(file, f"{key}.{way}", f"the printer has a {ways[0]} already", "keep one of them")
    if printer.host:
        yield from _in_host(printer.host, file, f"{key}.host")
    elif ways and "port" in written:
        yield Problem(file, f"{key}.port", f"a {ways[0]} has no port", "remove port: it is for a host")
    if printer.device:
        yield from _in_device(printer, file, key)
    elif printer.line is not None:
        suggestion = 'add device = "/dev/ttyUSB0", or remove line'
        yield Problem(file, f"{key}.line", "only a device has a line", suggestion)
    if printer.bridged and printer.device:
        suggestion = "remove bridged: it is for a printer reached by host or service"
        yield Problem(file, f"{key}.bridged", "no bridge stands before a device of the server", suggestion)
    if SERVICE_TYPE in printer.service:
        suggestion = f'write service = "{printer.service.partition(SERVICE_TYPE)[0]}"'
        yield Problem(file, f"{key}.service", "holds more than the name", suggestion)
    elif len(printer.service.encode()) > SERVICE_BYTES_MAX:
        suggestion = "take it from `walkin printers`"
        yield Problem(file, f"{key}.service", f"longer than {SERVICE_BYTES_MAX} bytes", suggestion)


def _in_host(host: str, file: str, key: str) -> Iterator[Problem]:
    """What no network would ever find: more than an address, or none."""
    if _is_host(host):
        return
    bare = _SCHEME.sub("", host.strip()).partition("/")[0].rpartition("@")[2]
    name, port = _apart(bare)
    if _is_host(name):
        also = f" and port = {port}" if port else ""
        yield Problem(file, key, f"'{host}' holds more than the address", f'write host = "{name}"{also}')
    elif _NUMBERS.fullmatch(name):
        suggestion = "write four numbers from 0 to 255, as in 192.0.2.10"
        yield Problem(file, key, f"'{host}' is no address", suggestion)
    else:
        suggestion = 'write it as "192.0.2.10" or "printer.example"'
        yield Problem(file, key, f"'{host}' is no address", suggestion)


def _is_host(host: str) -> bool:
    """An IPv4 or IPv6 address, or what may be a name."""
    try:
        ip_address(host)
    except ValueError:
        return _HOST_NAME.fullmatch(host) is not None and _NUMBERS.fullmatch(host) is None
    return True


def _apart(host: str) -> tuple[str, str]:
    """Address and port of what somebody wrote as one; the port is '' when there is none."""
    if found := re.fullmatch(r"\[(.*)\](?::(\d*))?|([^:]*):(\d*)", host):
        bracketed, its_port, name, port = found.groups(default="")
        return bracketed or name, its_port or port
    return host, ""


def _in_device(printer: Printer, file: str, key: str) -> Iterator[Problem]:
    path = PurePosixPath(printer.device)
    if DEVICES not in path.parents or ".." in path.parts:
        what = f"'{printer.device}' is no device"
        yield Problem(file, f"{key}.device", what, 'write its path, e.g. "/dev/usb/lp0"')
    elif printer.line is None and printer.device.startswith(SERIAL_DEVICES):
        what = f"'{printer.device}' is a serial line"
        yield Problem(file, f"{key}.device", what, "add line = { baud = 19200 }, as set at the printer")
    elif printer.line is not None and printer.device.startswith(PRINTER_DEVICES):
        what = f"'{printer.device}' is no serial line"
        yield Problem(file, f"{key}.line", what, 'remove line, or write device = "/dev/ttyUSB0"')


def _in_spare(centre: Centre, printer: Printer, file: str, key: str) -> Iterator[Problem]:
    if printer.spare is None:
        return
    if printer.spare == printer.name:
        suggestion = "name another printer of the centre, or remove spare"
        yield Problem(file, key, f"'{printer.spare}' is the printer itself", suggestion)
        return
    others = (other.name for other in centre.printers if other.name != printer.name)
    yield from _unknown((printer.spare,), others, file, key, "printer")


def _in_times(centre: Centre, file: str) -> Iterator[Problem]:
    try:
        ZoneInfo(centre.timezone)
    except (OSError, ValueError, KeyError):  # a folder, a path, or no such zone
        suggestion = did_you_mean(centre.timezone, available_timezones())
        if not suggestion.startswith("did you mean"):
            suggestion = 'write it as "Europe/Brussels"'
        yield Problem(file, "timezone", f"no time zone '{centre.timezone}'", suggestion)
    if not centre.hours:
        yield Problem(file, "hours", "empty", "add at least one day, e.g. [hours.monday]")
    for day, hours in centre.hours.items():
        if hours.opens >= hours.closes:
            what = f"opens at {hours.opens:%H:%M}, not before it closes at {hours.closes:%H:%M}"
            yield Problem(file, f"hours.{day}", what, "put opens before closes")
