"""A visitor's finger and eyes at a running kiosk."""

import math
from collections.abc import Callable
from typing import Any

from support.views import kiosk_view
from textual.widgets import Static

from kiosk.visit import Scene
from protocol.views import PrintState, SlipSeen

SHORT_S = 1.0
"""Longer than the kiosk ignores taps."""


class Hand:
    """A visitor's finger and eyes at a running kiosk."""

    def __init__(self, pilot: Any, app: Any, clock: Any, line: Any, until: Callable[..., Any]) -> None:
        self.pilot, self.panel, self.clock, self.line = pilot, app.panel, clock, line
        self._until = until

    async def sees(self, scene: Scene) -> None:
        await self._until(self.pilot, lambda: self.panel.kiosk.scene is scene and self.is_drawn())
        await self.pilot.pause()

    async def hears(self, *updates: Any, then: Scene) -> None:
        self.line.say(*updates)
        await self.sees(then)

    async def taps(self, target: str, then: Scene, after_s: float = SHORT_S) -> None:
        await self._until(self.pilot, self.is_drawn)
        self.clock.pass_s(after_s)
        await self.pilot.click(target)
        await self.sees(then)

    async def waits(self, seconds: float, then: Scene) -> None:
        self.clock.pass_s(seconds)
        self.panel.tick()
        await self.sees(then)

    async def gets(self, answer: Any, then: Scene) -> None:
        self.line.answers.put_nowait(answer)
        await self.sees(then)

    async def learns(self, slip: PrintState, *, slip_elsewhere: str | None = None, **changes: Any) -> None:
        """The server says what became of the slip of the ticket on the screen, and how the printer is."""
        seen = SlipSeen(ticket=self.panel.kiosk.ticket.ticket, slip=slip, elsewhere=slip_elsewhere)
        view = kiosk_view(slips=(seen,), **changes)
        self.line.say(view)
        await self._until(self.pilot, lambda: self.panel.kiosk.view is view)
        await self.pilot.pause()

    def is_drawn(self) -> bool:
        """Whether what was decided stands on the screen."""
        return math.isfinite(self.panel._drawn_s)

    def is_cut_off(self) -> bool:
        """Whether the kiosk has noticed that its line is away."""
        return self.panel.kiosk.link_lost_s is not None

    def text(self) -> str:
        """Everything said in terminal type on what is shown."""
        return "\n".join(str(one.content) for one in self.panel.query(Static) if shown(one))


def shown(widget: Any) -> bool:
    return all(part.display for part in widget.ancestors_with_self)
