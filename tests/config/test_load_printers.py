"""What a configuration says of its printers: ways that can work, and everything that cannot."""

from pathlib import Path

import pytest

from config.load import ConfigError, parse

FILE = "config/brussels.toml"
BRUSSELS = (Path(__file__).parents[2] / FILE).read_text(encoding="utf-8")
ADDRESS = 'host = "127.0.0.1"'
USB = 'device = "/dev/usb/lp0"'


def lines_of(text: str) -> list[str]:
    """What the loader says about this text, a line a problem."""
    with pytest.raises(ConfigError) as caught:
        parse(text, FILE)
    return str(caught.value).splitlines()


def changed(old: str, new: str) -> str:
    assert old in BRUSSELS
    return BRUSSELS.replace(old, new, 1)


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (
            "",
            (
                "printers[0]: nothing says where the printer is; "
                'add one of: host = "192.0.2.10", device = "/dev/usb/lp0", service = "…"'
            ),
        ),
        (f"{ADDRESS}\n{USB}", "printers[0].device: the printer has a host already; keep one of them"),
        (f'{USB}\nservice = "T"', "printers[0].service: the printer has a device already; keep one of them"),
        (
            f"{ADDRESS}\nline = {{ baud = 9600 }}",
            'printers[0].line: only a device has a line; add device = "/dev/ttyUSB0", or remove line',
        ),
        (
            f"{USB}\nbridged = true",
            (
                "printers[0].bridged: no bridge stands before a device of the server; "
                "remove bridged: it is for a printer reached by host or service"
            ),
        ),
        (
            'device = "lp0"',
            "printers[0].device: 'lp0' is no device; write its path, e.g. \"/dev/usb/lp0\"",
        ),
        (
            'device = "/dev/../etc/passwd"',
            "printers[0].device: '/dev/../etc/passwd' is no device; write its path, e.g. \"/dev/usb/lp0\"",
        ),
        (
            'device = "/dev/ttyUSB0"',
            (
                "printers[0].device: '/dev/ttyUSB0' is a serial line; "
                "add line = { baud = 19200 }, as set at the printer"
            ),
        ),
        (
            'service = "TM-m30 (2)._pdl-datastream._tcp.local."',
            'printers[0].service: holds more than the name; write service = "TM-m30 (2)"',
        ),
        (
            f'service = "{"é" * 32}"',
            "printers[0].service: longer than 63 bytes; take it from `walkin printers`",
        ),
        (
            f'{ADDRESS}\nspare = "printer-1"',
            (
                "printers[0].spare: 'printer-1' is the printer itself; "
                "name another printer of the centre, or remove spare"
            ),
        ),
        (f'{ADDRESS}\nspare = "printer-2"', "printers[0].spare: no printer 'printer-2'; add the printer"),
    ],
)
def test_a_printer_has_one_way_to_it_and_another_one_for_a_spare(said: str, line: str) -> None:
    assert lines_of(changed(f"{ADDRESS}\nport = 9100", said)) == [f"{FILE}: {line}"]


SAYS_MORE = "holds more than the address; write host ="
NO_NUMBERS = "is no address; write four numbers from 0 to 255, as in 192.0.2.10"
NO_ADDRESS = 'is no address; write it as "192.0.2.10" or "printer.example"'


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("127.0.0.1:9100", f'{SAYS_MORE} "127.0.0.1" and port = 9100'),
        ("printer.example:9101", f'{SAYS_MORE} "printer.example" and port = 9101'),
        ("http://192.0.2.10", f'{SAYS_MORE} "192.0.2.10"'),
        ("socket://user@192.0.2.10:9100/", f'{SAYS_MORE} "192.0.2.10" and port = 9100'),
        ("[2001:db8::7]", f'{SAYS_MORE} "2001:db8::7"'),
        ("[2001:db8::7]:9100", f'{SAYS_MORE} "2001:db8::7" and port = 9100'),
        (" 192.0.2.10 ", f'{SAYS_MORE} "192.0.2.10"'),
        ("192.0.2.300", NO_NUMBERS),
        ("192.0.2", NO_NUMBERS),
        ("192.0.2.010", NO_NUMBERS),
        ("192.0.2.300:9100", NO_NUMBERS),
        ("the printer", NO_ADDRESS),
        ("printer..example", NO_ADDRESS),
        (f"{'p' * 64}.example", NO_ADDRESS),
        ("2001:db8::g", NO_ADDRESS),
    ],
)
def test_an_address_that_nobody_could_have_is_named(host: str, said: str) -> None:
    assert lines_of(changed(ADDRESS, f'host = "{host}"')) == [f"{FILE}: printers[0].host: '{host}' {said}"]


@pytest.mark.parametrize(
    "host",
    ["192.0.2.10", "2001:db8::7", "fe80::1%eth0", "localhost", "tm-m30_2.example.", "3com", "drucker-ä"],
)
def test_a_printer_stands_at_an_address_or_a_name(host: str) -> None:
    assert parse(changed(ADDRESS, f'host = "{host}"'), FILE).printers[0].host == host


@pytest.mark.parametrize(("way", "said"), [("device", USB), ("service", 'service = "T"')])
def test_a_port_that_nobody_would_look_at_is_named_even_the_usual_one(way: str, said: str) -> None:
    assert lines_of(changed(ADDRESS, said)) == [
        f"{FILE}: printers[0].port: a {way} has no port; remove port: it is for a host"
    ]


@pytest.mark.parametrize("device", ["/dev/usb/lp0", "/dev/usblp1", "/dev/lp0"])
def test_a_usb_printer_with_a_line_is_named(device: str) -> None:
    said = f'device = "{device}"\nline = {{ baud = 9600 }}'
    suggestion = 'remove line, or write device = "/dev/ttyUSB0"'
    assert lines_of(changed(f"{ADDRESS}\nport = 9100", said)) == [
        f"{FILE}: printers[0].line: '{device}' is no serial line; {suggestion}"
    ]


@pytest.mark.parametrize(
    ("baud", "said"),
    [
        ('"19200"', "'19200' is a text; write baud = 19200, a number without quotes"),
        ("9601", "9601 is not a choice; use one of: 9600, 19200, 38400, 57600, 115200"),
        ('"fast"', "'fast' is not a choice; use one of: 9600, 19200, 38400, 57600, 115200"),
    ],
)
def test_a_speed_that_no_line_has_is_named_beside_those_there_are(baud: str, said: str) -> None:
    device = f'device = "/dev/ttyUSB0"\nline = {{ baud = {baud} }}'
    assert lines_of(changed(f"{ADDRESS}\nport = 9100", device)) == [f"{FILE}: printers[0].line.baud: {said}"]


def test_a_spare_that_is_nearly_named_is_suggested() -> None:
    second = f'[[printers]]\nname = "printer-2"\n{USB}\nspare = "printer1"\n\n[[kiosks]]'
    assert lines_of(changed("[[kiosks]]", second)) == [
        f"{FILE}: printers[1].spare: no printer 'printer1'; did you mean 'printer-1'?"
    ]


@pytest.mark.parametrize("line", ["{ }", "{ baud = 9601 }", '{ baud = 9600, parity = "mark" }', "9600"])
def test_a_line_that_makes_no_sense_is_named(line: str) -> None:
    device = f'device = "/dev/ttyUSB0"\nline = {line}'
    (said,) = lines_of(changed(f"{ADDRESS}\nport = 9100", device))
    assert said.startswith(f"{FILE}: printers[0].line")


@pytest.mark.parametrize(
    "said",
    [
        USB,
        'device = "/dev/serial/by-id/usb-1"\nline = { baud = 19200, flow = "rts-cts" }',
        'device = "/dev/ttyS0"\nline = { baud = 9600, parity = "even", stop_bits = 2, flow = "xon-xoff" }',
        'service = "TM-m30III Accueil"',
    ],
)
def test_a_printer_is_reached_by_a_device_a_line_or_its_name(said: str) -> None:
    (printer,) = parse(changed(f"{ADDRESS}\nport = 9100", said), FILE).printers
    assert printer.host == ""
    assert (printer.line is not None) is ("line" in said)


def test_two_printers_can_stand_in_for_each_other() -> None:
    first = changed("port = 9100", 'port = 9100\nspare = "printer-2"')
    second = f'[[printers]]\nname = "printer-2"\n{USB}\nspare = "printer-1"\n\n[[kiosks]]'
    centre = parse(first.replace("[[kiosks]]", second, 1), FILE)
    assert [printer.spare for printer in centre.printers] == ["printer-2", "printer-1"]


PLACE = 'fr = "à l’accueil", nl = "aan het onthaal", de = "am Empfang", en = "at reception"'


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (PLACE.replace("at reception", "behind the reception desk"), "printers[0].place.en: «behind"),
        (PLACE.replace(', en = "at reception"', ""), "printers[0].place: no text in 'en'"),
    ],
)
def test_where_a_printer_stands_is_said_in_every_language_and_in_few_letters(place: str, said: str) -> None:
    (line,) = lines_of(changed("port = 9100", f"port = 9100\nplace = {{ {place} }}"))
    assert said in line


def test_visitors_are_told_where_a_printer_stands() -> None:
    centre = parse(changed("port = 9100", f"port = 9100\nplace = {{ {PLACE} }}"), FILE)
    assert centre.printers[0].place["nl"] == "aan het onthaal"
