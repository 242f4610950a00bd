"""A staff panel that is told what to show, and the moment at which it has."""

from typing import Any

from textual.pilot import Pilot


async def settled(pilot: Pilot[None]) -> None:
    """Everything that was asked of the screen is on it."""
    for _ in range(2):
        await pilot.pause()


async def pressed(pilot: Pilot[None], *keys: str) -> None:
    """One key after the other, each once the screen has done what the one before asks."""
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


async def shown(pilot: Pilot[None], panel: Any, view: Any) -> None:
    """The view has come, and is on the screen."""
    panel.show(view)
    await settled(pilot)
