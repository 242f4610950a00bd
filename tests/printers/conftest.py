"""A centre, its slips, and paper without a socket."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from config.load import load
from config.model import Centre, Printer
from config.phrases import Phrases
from printers.driver import Patience
from printers.job import Job
from printers.simulator.paper import Paper, Roll
from printers.simulator.printer import COLUMNS, SimulatedPrinter
from printers.simulator.program import CODE_PAGES, Interpreter, Take
from printers.simulator.state import Abilities, State
from printers.slip import Slip
from printers.spooler import Pauses

TOKEN_URL = "https://file.brussels/t/Zk3vN8q2Lw0yR7sX"


@pytest.fixture(scope="session")
def centre() -> Centre:
    return load(Path("config/brussels.toml"))


@pytest.fixture(scope="session")
def phrases() -> Phrases:
    return Phrases.load()


@pytest.fixture(scope="session")
def slip_of() -> Callable[..., Slip]:
    def slip_of(*languages: str, **changed: Any) -> Slip:
        said: dict[str, Any] = {
            "ticket": "K042",
            "number": "K\N{NO-BREAK SPACE}042",
            "field": "training",
            "languages": languages or ("fr",),
            "talk": languages[-1:] or ("fr",),
            "ahead": 3,
            "taken_at": datetime(2026, 11, 22, 9, 42, tzinfo=UTC),
            "token_url": TOKEN_URL,
        }
        return Slip(**{**said, **changed})

    return slip_of


@pytest.fixture(scope="session")
def job_of(slip_of: Callable[..., Slip]) -> Callable[..., Job]:
    def job_of(number: int = 42, printer: str = "printer-1", **changed: Any) -> Job:
        ticket = f"K{number:03}"
        shown = f"K\N{NO-BREAK SPACE}{number:03}"
        return Job("2026-11-22", printer, slip_of(ticket=ticket, number=shown, **changed))

    return job_of


@pytest.fixture(scope="session")
def on_paper() -> Callable[..., Paper]:
    """What bytes become on paper, without a network: the interpreter alone."""

    def on_paper(words: bytes, width_dots: int, code_pages: Mapping[int, str] = CODE_PAGES) -> Paper:
        papers: list[Paper] = []
        roll = Roll(width_dots, COLUMNS[width_dots])
        program = Interpreter(roll, State(), lambda _: None, papers.append, Abilities(), code_pages).run()
        step = next(program)
        while not (isinstance(step, Take) and len(words) < step.count):
            count = step.count if isinstance(step, Take) else 0
            taken, words = words[:count], words[count:]
            step = program.send(taken)
        assert not words, "a command was cut short"
        (paper,) = papers
        return paper

    return on_paper


@pytest.fixture
def configured() -> Callable[..., Printer]:
    def configured(simulated: SimulatedPrinter, name: str = "printer-1", **changed: Any) -> Printer:
        return Printer(name=name, host="127.0.0.1", port=simulated.port, **changed)

    return configured


@pytest.fixture(scope="session")
def quick() -> Patience:
    """A driver that gives up soon; still far longer than a simulated printer needs."""
    return Patience(status_s=0.2, answer_s=0.3, look_s=0.02, print_s=0.5, held_s=0.5, barrier_s=0.5)


@pytest.fixture(scope="session")
def brisk() -> Pauses:
    return Pauses(poll_s=0.1, retry_min_s=0.01, retry_max_s=0.05)
