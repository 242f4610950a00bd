"""From the bytes of a tap to the first that change the screen: our tiles beside Textual's own button."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from msgspec import Struct

from benchmarks.load import open_day, percentile, terminal
from benchmarks.processes import BADGES, PINS, walkin
from benchmarks.screens import COLUMNS, ROWS, Screen, on_screen
from config.load import load
from config.model import Counsellor, Receptionist
from config.phrases import Phrases, for_screen
from protocol.badge import write_badge
from protocol.ids import DeviceName

FRAME_S = 1 / 60
"""Textual draws that often at most."""
TAPS = 60
APART_S = 0.6
"""Longer than a kiosk ignores taps after a change of scene."""
KIOSK, DESK = "kiosk-1", "desk-1"
BARE_AT, LANGUAGE_AT, BACK_AT, PAUSE_AT = (40, 12), (20, 10), (6, 22), (31, 17)
"""Columns and rows at 80x24: the bare button, the first language, the way back, the desk's tile of pauses."""
ESCAPE = "\x1b"
LANGUAGE = "fr"


class Feedback(Struct):
    """Milliseconds from a tap to the first change."""

    what: str
    p50_ms: float
    p99_ms: float

    def frames_above(self, bare: "Feedback") -> float:
        """By how many of Textual's frames the median is slower than the bare button's."""
        return (self.p50_ms - bare.p50_ms) / (FRAME_S * 1e3)


Tap = Callable[[], Awaitable[float]]


async def measure(config: Path) -> list[Feedback]:
    """The bare button first, then the kiosk's tile and the desk's; one tap on each in turn."""
    async with AsyncExitStack() as stack:
        base = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = await stack.enter_async_context(walkin(base / "data", config))
        reception = await stack.enter_async_context(terminal(server.url, "reception-1"))
        await open_day(reception)
        bare = await stack.enter_async_context(on_screen(base, ("-m", "benchmarks.bare_button")))
        kiosk = await stack.enter_async_context(program("kiosk", KIOSK, config, server.url, base))
        desk = await stack.enter_async_context(program("counsellor", DESK, config, server.url, base))
        await kiosk.seen(said("kiosk.bell"))  # stands there with a printer and without
        await signed_in(desk, load(config).counsellors[0], said("action.pause"))
        taps: dict[str, Tap] = {
            "bare button": lambda: bare.feedback_s(*BARE_AT),
            "tile of the kiosk": lambda: back_and_forth(kiosk),
            "tile of a desk": lambda: and_closed(desk),
        }
        for screen in (bare, kiosk, desk):
            await screen.settled()
        took: dict[str, list[float]] = {what: [] for what in taps}
        for _ in range(TAPS):
            for what, tap in taps.items():
                await asyncio.sleep(APART_S / len(taps))
                took[what].append(await tap())
    return [
        Feedback(what, percentile(times, 0.5) * 1e3, percentile(times, 0.99) * 1e3)
        for what, times in took.items()
    ]


@asynccontextmanager
async def program(
    name: str,
    device: DeviceName,
    config: Path,
    url: str,
    state: Path,
    size: tuple[int, int] = (COLUMNS, ROWS),
) -> AsyncIterator[Screen]:
    """The program of this terminal, on the screen."""
    badge = state / f"{device}.badge"
    write_badge(BADGES[device], badge)
    options = ("--config", str(config), "--badge", str(badge), "--server", url)
    async with on_screen(state, ("-m", "walkin", name, *options), size) as screen:
        yield screen


def said(key: str, **values: object) -> str:
    """How a screen that nobody has chosen a language for says it, in one of its languages."""
    return for_screen(Phrases.load().say(key, LANGUAGE, **values), LANGUAGE)


async def signed_in(screen: Screen, person: Counsellor | Receptionist, then: str) -> None:
    """This person signs in at a staff terminal, which then shows these words."""
    await screen.seen(said("desk.who_are_you"))
    for keys, words in (
        (person.name, person.name),
        ("\r", said("desk.pin")),
        (f"{PINS[person.id]}\r", then),
    ):
        await screen.settled()
        screen.type(keys)
        await screen.seen(words)


async def back_and_forth(kiosk: Screen) -> float:
    """A language is touched; then back to the languages."""
    took = await kiosk.feedback_s(*LANGUAGE_AT)
    await asyncio.sleep(APART_S)
    await kiosk.feedback_s(*BACK_AT)
    await asyncio.sleep(APART_S)
    return took


async def and_closed(desk: Screen) -> float:
    """The reasons of a break are asked for; then the question is closed."""
    took = await desk.feedback_s(*PAUSE_AT)
    await asyncio.sleep(APART_S)
    desk.type(ESCAPE)
    await desk.settled()
    return took
