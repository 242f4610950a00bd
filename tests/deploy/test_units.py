"""The units that a centre's machines run: what they do not need is taken away from them, and nothing else."""

import asyncio
import configparser
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.badges import badge, enrol
from support.servers import ROOT, START_PATIENCE_S, until

from protocol import commands as c
from protocol.client import QueueClient
from protocol.envelope import Accepted
from protocol.ids import Role
from walkin.cli import main

DEPLOY = ROOT / "deploy"
SERVICES = sorted(DEPLOY.glob("*.service"))
EXPOSURE_MAX = "15"
"""Of 100, as systemd-analyze counts: 1.5 of 10."""
AS_ROOT = {"fchown"}
"""SQLite gives what it makes to the database's owner when it is root: as in a test, and not as in a unit."""
with_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
with_strace = pytest.mark.skipif(shutil.which("strace") is None, reason="there is no strace here")
SCREEN = DEPLOY / "walkin-screen.service"
OF_WALKIN = [unit for unit in SERVICES if "screen" not in unit.stem]
GRAPHIC_EXPOSURE_MAX = "21"
"""A screen has the graphics card, the keyboard and a session of its own."""
each_service = pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.stem)


def settings(unit: Path, name: str) -> list[str]:
    """Every value that a unit gives this setting."""
    return re.findall(rf"^{name}=(.*)$", unit.read_text(encoding="utf-8"), re.MULTILINE)


def analyze(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ("systemd-analyze", *words), capture_output=True, text=True, timeout=60, check=False
    )


@with_systemd
@each_service
def test_a_service_is_exposed_as_little_as_it_can_be(unit: Path) -> None:
    most = GRAPHIC_EXPOSURE_MAX if unit == SCREEN else EXPOSURE_MAX
    found = analyze("security", "--offline=true", f"--threshold={most}", str(unit))
    assert found.returncode == 0, found.stdout


@with_systemd
@pytest.mark.parametrize(
    "unit", [*SERVICES, *DEPLOY.glob("*.timer")], ids=lambda unit: f"{unit.stem} {unit.suffix}"
)
def test_systemd_understands_every_line_of_a_unit(unit: Path, tmp_path: Path) -> None:
    for one in (*SERVICES, *DEPLOY.glob("*.timer")):
        words = re.sub(
            r"^ExecStart=\S+", "ExecStart=/bin/true", one.read_text(encoding="utf-8"), flags=re.MULTILINE
        )
        (tmp_path / one.name).write_text(words, encoding="utf-8")
    found = analyze("verify", "--man=no", str(tmp_path / unit.name))
    said = [line for line in found.stderr.splitlines() if unit.name in line]
    assert said == []


@pytest.mark.parametrize("unit", OF_WALKIN, ids=lambda unit: unit.stem)
def test_a_service_starts_a_command_that_there_is_with_options_that_it_has(unit: Path) -> None:
    [line] = settings(unit, "ExecStart")
    program, name, *words = shlex.split(line)
    assert program == "/opt/walkin/.venv/bin/walkin"
    command = main.commands[name]
    context = command.make_context(name, list(words))
    assert context.params["directory"] == Path("/var/lib/walkin")


def test_a_screen_runs_the_program_that_becomes_what_reception_says() -> None:
    script = (DEPLOY / "walkin-screen").read_text(encoding="utf-8")
    assert (DEPLOY / "walkin-screen").stat().st_mode & 0o111
    for started in (settings(SCREEN, "ExecStart"), settings(DEPLOY / "walkin-screen-cage.conf", "ExecStart")):
        assert started[-1].split()[2] in {"/usr/bin/sway", "/usr/bin/cage"}
        assert f"XDG_RUNTIME_DIR=/run/{settings(SCREEN, 'RuntimeDirectory')[0]}" in started[-1]
    assert "/opt/walkin/deploy/sway.conf" in settings(SCREEN, "ExecStart")[0]
    assert 'exec "/opt/walkin/deploy/walkin-screen; swaymsg exit"' in sway()
    words = shlex.split(script.partition("walkin terminal")[2].replace("\\\n", " "))
    given = {word for word in words if word.startswith("--")} | {"--language"}
    known = {option for parameter in main.commands["terminal"].params for option in parameter.opts}
    assert given <= known


def started(tmp_path: Path, **said: str) -> dict[str, list[str]]:
    """What the screen's script runs on a machine whose only output is HDMI-A-1: the words of each program."""
    for name in ("foot", "swaymsg"):
        answer = "echo \"Output HDMI-A-1 'a touch screen' (focused)\"" if name == "swaymsg" else ":"
        tool = tmp_path / name
        tool.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {tmp_path}/{name}.words\n{answer}\n')
        tool.chmod(0o755)
    env = {"PATH": f"{tmp_path}:/usr/bin:/bin", "WALKIN_SERVER": "wss://hall:8765", **said}
    subprocess.run((DEPLOY / "walkin-screen",), env=env, check=True, timeout=60)
    return {words.stem: words.read_text().splitlines() for words in tmp_path.glob("*.words")}


def test_letters_have_the_size_that_the_owner_says_and_else_that_of_the_terminals_file(
    tmp_path: Path,
) -> None:
    assert not [word for word in started(tmp_path)["foot"] if word.startswith("--override")]
    words = started(tmp_path, WALKIN_LETTERS="38")["foot"]
    assert "--override=main.font=DejaVu Sans Mono:pixelsize=38" in words
    assert words.index("terminal") < words.index("--server") < words.index("wss://hall:8765")


def test_fingers_are_turned_with_an_upright_screen(tmp_path: Path) -> None:
    assert "swaymsg" not in started(tmp_path)
    [told] = started(tmp_path, WALKIN_TURNED="90")["swaymsg"]
    assert told == "output HDMI-A-1 transform 90; input type:touch map_to_output HDMI-A-1"


def test_a_screen_reaches_the_sound_card_and_keeps_its_clips() -> None:
    assert "char-alsa rw" in settings(SCREEN, "DeviceAllow")
    people = (DEPLOY / "walkin-screen.sysusers").read_text(encoding="utf-8")
    assert re.search(r"^m +walkin-screen +audio$", people, re.MULTILINE)
    [kept] = settings(SCREEN, "CacheDirectory")
    assert any(f"XDG_CACHE_HOME=/var/cache/{kept} " in line for line in settings(SCREEN, "Environment"))


def sway() -> list[str]:
    """What the desktop is told, without what is said about it."""
    lines = (DEPLOY / "sway.conf").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_no_key_of_the_desktop_leads_anywhere() -> None:
    assert not [line for line in sway() if re.match(r"\s*(bind|mode|bar|include|set)", line)]
    assert "input type:keyboard xkb_options srvrkeys:none" in sway(), "nor to another console"


def test_no_key_of_the_terminal_leads_anywhere() -> None:
    foot = configparser.ConfigParser()
    foot.read(DEPLOY / "foot.ini")
    bound = foot["key-bindings"]
    assert set(bound.values()) == {"none"}
    assert {"spawn-terminal", "show-urls-launch", "search-start", "pipe-visible", "clipboard-paste"} <= set(
        bound
    )
    mouse = {name: keys for name, keys in foot["mouse-bindings"].items() if keys != "none"}
    assert set(mouse) == {"selection-override-modifiers"}, "and what it leads to is not bound"
    assert foot["url"]["launch"] == "/bin/true"


def allowed(unit: Path) -> set[str]:
    """The system calls that a unit leaves its program."""
    calls: set[str] = set()
    for setting in settings(unit, "SystemCallFilter"):
        named = {call for group in setting.lstrip("~").split() for call in in_group(group)}
        calls = calls - named if setting.startswith("~") else calls | named
    return calls


def in_group(group: str) -> Iterator[str]:
    for line in analyze("syscall-filter", group).stdout.splitlines()[1:]:
        word = line.strip()
        if word.startswith("@"):
            yield from in_group(word)
        elif word and not word.startswith("#"):
            yield word


@with_systemd
@with_strace
async def test_the_server_makes_no_system_call_that_its_unit_forbids(tmp_path: Path) -> None:
    enrol(tmp_path / "data")
    traced = ("strace", "-D", "-f", "-qq", "-c", "-U", "name", "-o", str(tmp_path / "calls"))
    program = (sys.executable, "-m", "walkin", "server", "--data", str(tmp_path / "data"), "--port", "0")
    server = await asyncio.create_subprocess_exec(
        *traced, *program, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        assert server.stdout is not None
        ready = await asyncio.wait_for(server.stdout.readline(), START_PATIENCE_S)
        async with QueueClient(ready.decode().split()[-1], badge(Role.RECEPTION, "reception-1")) as reception:
            await reception.ask(c.OpenDay())
            ticket = c.IssueTicket(field="training", languages=("fr",), screen_language="fr", kiosk="kiosk-1")
            assert isinstance(await reception.ask(ticket), Accepted)
        server.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(server.wait(), START_PATIENCE_S) == 0
    finally:
        if server.returncode is None:
            server.kill()
        await server.communicate()
    calls = tmp_path / "calls"
    await until(lambda: bool(calls.read_text().split()))
    words = calls.read_text().split()
    made = {word for word in words if re.fullmatch(r"[a-z_0-9]+", word)} - {"syscall", "total"}
    assert {"epoll_wait", "fdatasync"} <= made, "it has waited and written"
    assert made - allowed(DEPLOY / "walkin-server.service") <= AS_ROOT
