"""A line to a server that is not there: it keeps what was asked and answers when told."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from config.load import load
from config.model import Centre
from config.phrases import Phrases
from protocol.client import ServerAwayError, Update
from protocol.commands import AnyCommand
from protocol.envelope import Accepted, Done, Outcome, Refused
from protocol.orders import AnyOrder
from protocol.refusals import RefusalCode

BRUSSELS = Path(__file__).parents[2] / "config" / "brussels.toml"


class FakeLine:
    """Stands for the client: asked commands wait in `asked`, updates are put in by the test."""

    def __init__(self) -> None:
        self.asked: list[AnyCommand | AnyOrder] = []
        self.updates_to_come: asyncio.Queue[Update] = asyncio.Queue()
        self.answers: list[asyncio.Future[Accepted | Refused]] = []
        self.presents = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        pass

    async def present(self) -> None:
        self.presents += 1

    async def ask(self, command: AnyCommand | AnyOrder) -> Accepted | Refused:
        self.asked.append(command)
        answer: asyncio.Future[Accepted | Refused] = asyncio.get_running_loop().create_future()
        self.answers.append(answer)
        return await answer

    async def updates(self) -> AsyncIterator[Update]:
        while True:
            yield await self.updates_to_come.get()

    def tell(self, update: Update) -> None:
        self.updates_to_come.put_nowait(update)

    def accept(self, outcome: Outcome | None = None) -> None:
        self.answers[-1].set_result(Accepted("0" * 16, outcome or Done()))

    def refuse(self, code: RefusalCode) -> None:
        self.answers[-1].set_result(Refused("0" * 16, code))

    def be_away(self) -> None:
        self.answers[-1].set_exception(ServerAwayError("ws://127.0.0.1:1"))


@pytest.fixture
def line() -> FakeLine:
    return FakeLine()


@pytest.fixture(scope="session")
def brussels() -> Centre:
    return load(BRUSSELS)


@pytest.fixture(scope="session")
def phrases() -> Phrases:
    return Phrases.load()
