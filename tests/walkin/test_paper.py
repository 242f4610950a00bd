"""Commands about printers, as a person at a terminal meets them."""

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from printers import discovery, profiles
from printers.discovery import SERVICE_TYPE, Announced
from printers.encode import _escpos
from printers.link import Unreachable
from walkin import paper
from walkin.cli import main
from walkin.ending import EXIT_CONFIG, EXIT_REFUSED

ROOT = Path(__file__).parent.parent.parent
BRUSSELS = (ROOT / "config" / "brussels.toml").read_text(encoding="utf-8")


def walkin(*command: str) -> Result:
    return CliRunner().invoke(main, command)


@contextmanager
def quiet_wire() -> Iterator[str]:
    """A serial line with nobody at its other end."""
    ends = os.openpty()
    try:
        yield os.ttyname(ends[1])
    finally:
        for end in ends:
            os.close(end)


def announced(monkeypatch: pytest.MonkeyPatch, *found: Announced) -> None:
    async def announced(_: object) -> tuple[Announced, ...]:
        return found

    monkeypatch.setattr(discovery, "announced", announced)


def test_announced_printers_are_listed_ready_to_be_written_into_the_configuration(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    announced(monkeypatch, Announced("Accueil", "192.0.2.7", 9100), Announced("TM-m30", "192.0.2.17", 9101))
    run = walkin("printers")
    assert run.exit_code == 0
    assert run.stdout.splitlines() == [
        "name     address          port",
        "Accueil  192.0.2.7        9100",
        "TM-m30   192.0.2.17       9101",
        "",
        'In the configuration: service = "Accueil"',
    ]


def test_announced_printers_speak_to_scripts(monkeypatch: pytest.MonkeyPatch) -> None:
    announced(monkeypatch, Announced("Accueil", "192.0.2.7", 9100))
    run = walkin("printers", "--json")
    assert json.loads(run.stdout) == [{"name": "Accueil", "host": "192.0.2.7", "port": 9100}]


def test_no_announced_printer_is_said_in_a_sentence_and_in_the_exit_status(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    announced(monkeypatch)
    run = walkin("printers", "--json")
    assert run.exit_code == EXIT_REFUSED
    assert json.loads(run.stdout) == []
    assert run.stderr.startswith("No printer announces itself here.")


def test_a_network_that_cannot_be_asked_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    async def announced(_: object) -> tuple[Announced, ...]:
        raise Unreachable("the LAN cannot be asked for printers: No such device")

    monkeypatch.setattr(discovery, "announced", announced)
    run = walkin("printers")
    assert (run.exit_code, run.stdout) == (EXIT_REFUSED, "")
    assert "cannot be asked" in run.stderr


def test_a_name_that_would_command_the_terminal_is_made_harmless(monkeypatch: pytest.MonkeyPatch) -> None:
    announced(monkeypatch, Announced("\x07mine\x9b2J\n", "192.0.2.7", 9100))
    assert "?mine?2J?  192.0.2.7 " in walkin("printers").stdout


@asynccontextmanager
async def announcing(name: str, port: int) -> AsyncIterator[None]:
    address = socket.inet_aton("127.0.0.1")
    info = AsyncServiceInfo(
        SERVICE_TYPE, f"{name}.{SERVICE_TYPE}", port, addresses=[address], server=f"w{os.getpid()}.local."
    )
    async with AsyncZeroconf(interfaces=["127.0.0.1"]) as lan:
        await (await lan.async_register_service(info, cooperating_responders=True))
        yield


@pytest.mark.parametrize("address", ["foo", "eth0", "", "192.0.2.300"])
def test_an_interface_is_asked_for_by_an_address(address: str) -> None:
    run = walkin("printers", "--interface", address)
    assert run.exit_code == EXIT_CONFIG
    assert f"{address!r} is no address; give one" in " ".join(run.stderr.split())


@pytest.mark.parametrize("error", [OSError(19, "No such device"), RuntimeError("No adapter found")])
def test_an_interface_that_this_machine_does_not_have_is_said(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_interface(**_: object) -> AsyncZeroconf:
        raise error

    monkeypatch.setattr("zeroconf.asyncio.AsyncZeroconf", no_interface)
    run = walkin("printers", "--interface", "2001:db8::77")
    assert (run.exit_code, run.stdout) == (EXIT_REFUSED, "")
    assert run.stderr == f"the LAN cannot be asked for printers: {error}\n"


async def test_the_list_as_a_program_finds_a_printer_on_the_network() -> None:
    name = f"printer {os.getpid()}"
    async with announcing(name, 9100):
        program = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "walkin", "printers", "--json", "--interface", "127.0.0.1"),
            stdout=asyncio.subprocess.PIPE,
            cwd=ROOT,
        )
        said, _ = await program.communicate()
    assert program.returncode == 0
    assert {"name": name, "host": "127.0.0.1", "port": 9100} in json.loads(said)


def test_a_profile_that_does_not_exist_is_named_by_check(tmp_path: Path) -> None:
    path = tmp_path / "centre.toml"
    path.write_text(BRUSSELS.replace('profile = "default"', 'profile = "TM-T88X"'), encoding="utf-8")
    run = walkin("check", "--config", str(path))
    assert run.exit_code == EXIT_CONFIG
    assert run.stdout == ""
    assert run.stderr.startswith(f"{path}: printers[0].profile: no profile 'TM-T88X'; did you mean 'TM-T88")


@pytest.mark.parametrize(("profile", "dots"), [("RP-F10-58mm", 432), ("POS-5890", 384)])
def test_a_profile_with_paper_narrower_than_the_slips_is_warned_of_by_check(
    profile: str, dots: int, tmp_path: Path
) -> None:
    path = tmp_path / "centre.toml"
    path.write_text(BRUSSELS.replace('profile = "default"', f'profile = "{profile}"'), encoding="utf-8")
    run = walkin("check", "--config", str(path))
    assert run.exit_code == 0
    said = f"warning: printer-1: width_dots = 576, but the paper of {profile} has {dots} dots, "
    assert said in run.stdout
    run = walkin("check", "--json", "--config", str(path))
    assert len(json.loads(run.stdout)["warnings"]) == 1


def test_widths_are_those_that_profiles_tell_as_numbers() -> None:
    widths = profiles.profile_widths()
    assert widths["TM-T88V"] == 512
    assert widths.keys() < profiles.profile_names()
    assert "default" not in widths


def test_every_profile_that_slips_are_made_with_is_known() -> None:
    assert profiles.profile_names() == set(_escpos("capabilities").CAPABILITIES["profiles"])


def test_a_bridge_is_told_what_belongs_together() -> None:
    for command, said in (
        (("--device", "/dev/ttyUSB0"), "/dev/ttyUSB0 is a serial line: give its --baud too, for example"),
        (("--device", "/dev/usb/lp0", "--flow", "rts-cts"), "are of a serial line: give its --baud too"),
        (("--device", "/dev/ttyUSB0", "--baud", "9601"), "'9601' is not one of"),
        ((), "Missing option '--device'"),
    ):
        run = walkin("printer-bridge", *command)
        assert run.exit_code == EXIT_CONFIG
        assert said in run.stderr


def refusal(*command: str) -> str:
    """Why the bridge is not even tried, in one line however wide the terminal is."""
    run = walkin("printer-bridge", *command)
    assert run.exit_code == EXIT_CONFIG
    return " ".join(run.stderr.split())


def test_a_bridge_to_what_can_never_be_its_printer_is_a_usage_error(tmp_path: Path) -> None:
    page = tmp_path / "page"
    page.touch()
    for device in ("/dev/null", str(page)):
        for more in ((), ("--baud", "9600")):
            said = refusal("--device", device, *more)
            assert f"{device} is neither a serial line nor a printer, as /dev/usb/lp0 is" in said
    with quiet_wire() as wire:
        link = tmp_path / "ticket-printer"
        link.symlink_to(wire)
        said = refusal("--device", str(link))
    assert f"{link} is a serial line: give its --baud too, for example --baud 19200" in said


def test_a_bridge_to_a_usb_printer_is_told_to_leave_the_speed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "PRINTER_MAJORS", (os.major(os.stat("/dev/null").st_rdev),))  # noqa: PTH116
    said = refusal("--device", "/dev/null", "--baud", "9600")
    assert "/dev/null is no serial line: leave --baud out" in said


def test_a_port_that_is_taken_is_said_in_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        run = walkin("printer-bridge", "--device", "/dev/usb/lp0", "--port", str(taken.getsockname()[1]))
    assert run.exit_code == EXIT_REFUSED
    assert "The bridge cannot listen on 127.0.0.1:" in run.stderr
    assert "Take another --port" in run.stderr


def test_a_bridge_without_its_printer_starts_and_says_what_is_missing() -> None:
    device = "/dev/ttyUSB77"
    program = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "walkin",
            "printer-bridge",
            "--device",
            device,
            "--baud",
            "9600",
            "--port",
            "0",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert program.stdout is not None
    assert program.stdout.readline().startswith("walkin printer-bridge ready on 127.0.0.1:")
    program.terminate()
    _, said = program.communicate()
    assert program.returncode == 0
    assert said == f"no printer at {device}: check its cable and power, and the name of its device\n"
