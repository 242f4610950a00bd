"""The rooms of the house, proved on what a program really loads."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROGRAMS = ("kiosk", "desk", "display_board", "queue_server", "walkin")


def loaded_by(*modules: str) -> set[str]:
    """Top-level names in sys.modules after importing these modules in a fresh interpreter."""
    code = f"import sys; import {', '.join(modules)}; print(*sorted(sys.modules))"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    return set(run.stdout.split())


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("kiosk.app", {"queue_server", "printers", "desk", "display_board", "sqlite_utils", "PIL", "escpos"}),
        (
            "desk.counsellor.app",
            {"queue_server", "printers", "kiosk", "display_board", "sqlite_utils", "PIL"},
        ),
        ("desk.reception.app", {"queue_server", "printers", "kiosk", "display_board", "sqlite_utils", "PIL"}),
        ("display_board.terminal.app", {"queue_server", "printers", "kiosk", "desk", "sqlite_utils", "PIL"}),
        (
            "queue_server.app",
            {"textual", "kiosk", "desk", "display_board", "escpos", "PIL", "babel", "cryptography"},
        ),
    ],
)
def test_a_program_loads_nothing_of_the_others(module: str, absent: set[str]) -> None:
    assert not absent & loaded_by(module)


def test_the_core_loads_neither_input_nor_output() -> None:
    loaded = loaded_by("queue_server.core.decide", "queue_server.core.evolve", "queue_server.core.views")
    assert not {"asyncio", "sqlite3", "socket", "websockets", "textual", "structlog"} & loaded


def test_the_command_line_loads_no_program_before_it_is_asked_for() -> None:
    assert not {"kiosk", "desk", "display_board", "queue_server", "textual", "websockets"} & loaded_by(
        "walkin.cli"
    )


def test_the_simulator_of_days_loads_nothing_of_the_estimator() -> None:
    loaded = loaded_by("walkin.planning.days", "walkin.planning.simulator")
    assert not {"queue_server", "asyncio", "websockets", "textual", "click", "multiprocessing"} & loaded
