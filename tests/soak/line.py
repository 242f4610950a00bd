"""A line to a server that is played: it says what the day tells it to, and answers what is asked."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any, Self

from protocol.client import ServerAwayError, Update
from protocol.envelope import Accepted, Done, Outcome

ANSWER_S = 0.05
"""What a server takes to answer."""


class PlayedLine:
    """Stands for the client of every program."""

    def __init__(self) -> None:
        self.news: asyncio.Queue[Update] = asyncio.Queue()
        self.away = False
        self.asked = 0
        self.announced_last = 0
        self.outcome: Callable[[Any], Outcome] = lambda _: Done()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        pass

    async def updates(self) -> AsyncIterator[Update]:
        while True:
            yield await self.news.get()

    async def ask(self, command: Any, request_id: str | None = None) -> Accepted:
        self.asked += 1
        await asyncio.sleep(ANSWER_S)
        if self.away:
            raise ServerAwayError("ws://127.0.0.1:1")
        return Accepted(request_id or "0" * 16, self.outcome(command))

    async def announced(self, call: int) -> None:
        self.announced_last = call

    async def present(self) -> None:
        """Heard."""

    async def left_out(self, _: object) -> None:
        """Heard."""

    def say(self, *updates: Update) -> None:
        """Let the program hear this."""
        for update in updates:
            self.news.put_nowait(update)
