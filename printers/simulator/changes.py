"""Something happened to the printer: whoever waits for it looks again."""

import asyncio
from collections.abc import Callable


class Changes:
    """Told of every byte, dot and fault; carries no news itself, so nothing can be missed."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._followers: list[Callable[[], None]] = []

    def follow(self, follower: Callable[[], None]) -> None:
        """Calls it at every change; it must not tell of one itself."""
        self._followers.append(follower)

    def tell(self) -> None:
        """Something happened."""
        for follower in self._followers:
            follower()
        self._event.set()

    async def next(self) -> None:
        """Waits until something happens."""
        self._event.clear()
        await self._event.wait()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Waits until the condition holds; it is looked at now and at every change."""
        while not condition():
            await self.next()
            await asyncio.sleep(0)  # the condition is about what a change has caused
