"""A centre, its slips, and paper without a socket."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from chaos.apart import Apart
from chaos.news import News
from chaos.slips import plain
from msgspec.structs import replace

from config.load import load
from config.model import Centre, Printer
from config.phrases import Phrases
from printers.driver import Patience
from printers.job import Job, JobOutcome
from printers.render import Render, renderer
from printers.simulator.paper import Paper, Roll
from printers.simulator.printer import COLUMNS, SimulatedPrinter
from printers.simulator.program import CODE_PAGES, Interpreter, Take
from printers.simulator.state import Abilities, State
from printers.slip import Slip
from printers.spooler import Pauses, Spooler
from printers.ways import Way, open_way

TOKEN_URL = "https://file.brussels/t/Zk3vN8q2Lw0yR7sX"


@pytest.fixture(scope="session")
def centre() -> Centre:
    return load(Path("config/brussels.toml"))


@pytest.fixture(scope="session")
def phrases() -> Phrases:
    return Phrases.load()


@pytest.fixture(scope="session")
def real(centre: Centre, phrases: Phrases) -> Render:
    """Slips as visitors get them."""
    return renderer(centre, phrases)


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
    """A driver that gives up soon; still far longer than a simulated printer needs.

    It trusts the counter of a printer that was silent for less than a minute: a test that takes its power
    for good says `restart_s` itself.
    """
    return Patience(
        status_s=0.5,
        answer_s=1,
        look_s=0.02,
        print_s=10,
        held_s=0.5,
        held_with_spare_s=0.2,
        barrier_s=1,
        restart_s=60,
    )


@pytest.fixture(scope="session")
def brisk() -> Pauses:
    return Pauses(poll_s=0.1, retry_min_s=0.01, retry_max_s=0.05)


@pytest.fixture
async def printer() -> AsyncIterator[SimulatedPrinter]:
    async with SimulatedPrinter() as printer:
        yield printer


@pytest.fixture
def news() -> News:
    """All that is told over every start of the spooler in one test."""
    return News()


@pytest.fixture
def start(tmp_path: Path, news: News, quick: Patience, brisk: Pauses) -> Callable[..., Spooler]:
    """A spooler over the test's one list of slips; each call is a new start of the program."""

    def start(
        *printers: Printer,
        render: Render = plain,
        on_outcome: Callable[[JobOutcome], Awaitable[None]] = news.on_outcome,
        poll_s: float = brisk.poll_s,
        day: str | None = None,
        needless: Mapping[str, int] = MappingProxyType({}),
        way_to: Callable[[Printer], Way] = open_way,
        **patience: float,
    ) -> Spooler:
        return Spooler(
            printers,
            tmp_path / "spool.db",
            on_outcome,
            render,
            on_health=news.on_health,
            patience=replace(quick, **patience),
            pauses=replace(brisk, poll_s=poll_s),
            day=day,
            needless=needless,
            way_to=way_to,
        )

    return start


@pytest.fixture
def start_apart(
    tmp_path: Path, news: News, quick: Patience, brisk: Pauses
) -> Callable[..., Awaitable[Apart]]:
    """The same in a process of its own."""

    async def start_apart(*printers: Printer) -> Apart:
        return await Apart.start(printers, tmp_path / "spool.db", news.on_outcome, quick, brisk)

    return start_apart
