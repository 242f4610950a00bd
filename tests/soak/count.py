"""What a program holds: memory, live objects, and whatever it has started and not ended."""

import asyncio
import gc
from pathlib import Path
from typing import Any

from msgspec import Struct
from textual.app import App
from textual.timer import Timer
from textual.widget import Widget

OBJECTS_GROWTH_MAX = 0.01
"""Share of live objects by which two evenings may differ: caches go on filling for a while."""
MEMORY_GROWTH_MAX = 0.03
"""Share of memory by which the allocator may differ from one evening to another."""


class Held(Struct, frozen=True):
    """What a program holds at one moment."""

    memory_kb: int
    objects: int
    """That the garbage collector knows of, after a collection."""
    widgets: int
    """That are alive, on a screen or not."""
    timers: int
    tasks: int
    workers: int

    @classmethod
    def by(cls, app: App[Any]) -> "Held":
        """By this program now."""
        gc.collect()
        alive = gc.get_objects()
        return cls(
            memory_kb=memory_kb(),
            objects=len(alive),
            widgets=sum(isinstance(one, Widget) for one in alive),
            timers=sum(isinstance(one, Timer) for one in alive),
            tasks=len(asyncio.all_tasks()),
            workers=len(app.workers),
        )


def flaws(evenings: list[Held], *, ever: bool = True) -> list[str]:
    """What grew from the first of these evenings to any later one, in words.

    `ever`: so long that every cache is full, and nothing else may grow either.
    """
    first = evenings[0]
    found = [
        f"{name}, evening by evening: {[getattr(held, name) for held in evenings]}"
        for name in ("widgets", "timers", "tasks", "workers")
        if max(getattr(held, name) for held in evenings) > getattr(first, name)
    ]
    shares = {"objects": OBJECTS_GROWTH_MAX, "memory_kb": MEMORY_GROWTH_MAX}
    for name, share in shares.items() if ever else ():
        counts = [getattr(held, name) for held in evenings]
        if max(counts) > counts[0] * (1 + share):
            found.append(f"{name}, evening by evening: {counts}")
    return found


def memory_kb() -> int:
    """Resident memory of this process."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise AssertionError("no VmRSS")
