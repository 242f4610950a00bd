"""Screens that run for years hold in the evening what they held the evening before: a week in small."""

import asyncio
from typing import Any

import pytest
from soak.count import Held, flaws
from soak.day import BRIEF, LIVES
from soak.week import play_week
from support.virtual_time import play
from textual.app import App
from textual.reactive import var
from textual.widgets import Static

DAYS = 3
WARM_DAYS = 1


@pytest.mark.parametrize("screen", LIVES)
def test_no_widget_timer_task_or_worker_of_a_day_is_left_the_next(screen: str) -> None:
    week = play(lambda: play_week(screen, DAYS, BRIEF[screen]))
    assert flaws(week.evenings[WARM_DAYS:], ever=False) == []
    assert week.done["reconnects"] >= DAYS
    assert week.done.get("tickets", 0) + week.done.get("calls", 0) + week.done.get("visits", 0) >= DAYS
    if screen in {"counsellor", "reception"}:
        assert week.done["sign-ins"] >= DAYS, "it was locked at night"


class Leaky(App[None]):
    """Mounts and removes what a long-lived value goes on knowing."""

    minute = var(0)

    async def cycle(self) -> None:
        class Clock(Static):
            minute = var(0)

        clock = Clock().data_bind(Leaky.minute)
        await self.mount(clock)
        await clock.remove()


def test_a_widget_that_is_held_after_its_end_is_found() -> None:
    async def evenings() -> list[Held]:
        app: Any = Leaky()
        found = []
        async with app.run_test():
            for _ in range(DAYS):
                for _ in range(4):
                    await app.cycle()
                await asyncio.sleep(1)
                found.append(Held.by(app))
        return found

    found = flaws(play(evenings)[WARM_DAYS:], ever=False)
    assert any("widgets" in flaw for flaw in found)
