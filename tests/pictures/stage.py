"""How a program is brought into a state and looked at in every layout: one program, many pictures."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Never, Self
from unittest import mock

from msgspec import Struct
from support.cells import Cells
from textual import events
from textual._compositor import Compositor
from textual.app import App
from textual.geometry import Size

Layout = tuple[int, int]
"""Columns and rows."""

SETTLE_S = 0.1
"""On the loop's own clock: by then everything that follows from an input is on the screen."""


class HandClock:
    """A clock that stands still until a story moves it."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        """Seconds."""
        return self.now_s

    def pass_s(self, seconds: float) -> None:
        """Let time pass."""
        self.now_s += seconds


class SilentLine:
    """A line to a server that says nothing and answers nothing."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        pass

    async def updates(self) -> AsyncIterator[Never]:
        await asyncio.Event().wait()
        yield

    async def ask(self, *_: object) -> Never:
        return await _never()

    async def left_out(self, *_: object) -> None:
        pass

    async def announced(self, *_: object) -> None:
        pass

    async def present(self) -> None:
        pass


async def _never() -> Never:
    await asyncio.Event().wait()
    raise AssertionError("never")


class Scene:
    """A program on its stage, for a story to be played on."""

    def __init__(self, app: App[Any], panel: Any, language: str, clock: HandClock) -> None:
        self.app = app
        self.panel = panel
        self.language = language
        """Of the visitor or the member of staff; where nobody is known, the one that comes first."""
        self.clock = clock

    async def settle(self) -> None:
        """Everything that was asked of the screen is on it."""
        await asyncio.sleep(SETTLE_S)

    async def press(self, *keys: str) -> None:
        """One key after the other, each once the screen has done what the one before asks."""
        for key in keys:
            self.app.post_message(events.Key(key, key if len(key) == 1 else None))
            await self.settle()

    async def resize(self, layout: Layout) -> None:
        """Another terminal."""
        size = Size(*layout)
        self.app._driver._size = size
        self.app.post_message(events.Resize(size, size))
        await self.settle()


Story = Callable[[Scene], Awaitable[None]]
Made = Callable[[str], Scene]
"""Makes a program in a language, ready to run on whatever terminal."""


class State(Struct, frozen=True):
    """One thing that can be seen of a program."""

    story: Story
    """What happens before it is seen."""
    languages: tuple[str, ...]
    guards: str = ""
    """The screen that a snapshot of this state stands for; empty: it only has pictures."""
    layouts: tuple[Layout, ...] = ()
    """Where it is seen; empty: in every layout of the program."""


class Program(Struct, frozen=True):
    """What people stand before, with everything that can be seen of it."""

    name: str
    layouts: tuple[Layout, ...]
    made: Made
    states: Mapping[str, State]

    def layouts_of(self, name: str) -> tuple[Layout, ...]:
        """Where a state is seen."""
        return self.states[name].layouts or self.layouts


def _drawn_for_nobody(compositor: Compositor, **_: object) -> None:
    """A terminal that is not there is sent nothing: half of the time would go into it."""
    compositor._dirty_regions.clear()


@asynccontextmanager
async def opened(program: Program, language: str, layout: Layout) -> AsyncIterator[Scene]:
    """The program on its stage, for as long as somebody looks."""
    scene = program.made(language)
    async with scene.app.run_test(size=layout):
        yield scene


async def seen(program: Program, name: str, language: str) -> AsyncIterator[tuple[Layout, Cells]]:
    """The state in this language, in one layout after the other."""
    layouts = program.layouts_of(name)
    scene = program.made(language)
    with mock.patch.object(Compositor, "render_update", _drawn_for_nobody):
        async with scene.app.run_test(size=layouts[0]):
            await program.states[name].story(scene)
            await scene.settle()
            for layout in layouts:
                await scene.resize(layout)
                yield layout, Cells.of(scene.app)
