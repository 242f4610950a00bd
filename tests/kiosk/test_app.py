import math
import string
from typing import Any

import pytest
from support.views import kiosk_view
from textual import events
from textual._xterm_parser import XTermParser
from textual.message import Message

from config.model import Centre
from config.phrases import Phrases
from kiosk.app import KioskApp
from kiosk.inputs import Aid, LinkIs
from kiosk.visit import Scene
from kiosk.widgets import Tile

CHORDS = [
    f"{held}+{key}" for held in ("ctrl", "alt", "ctrl+shift", "super") for key in string.ascii_lowercase
]
NAMED = ["escape", "insert", "delete", "home", "end", "pageup", "pagedown", "ctrl+pageup", "ctrl+at", "print"]
NAMED += ["ctrl+backslash", "ctrl+right_square_bracket", "ctrl+underscore", "shift+tab", "ctrl+tab", "menu"]
FUNCTION = [f"{held}f{number}" for number in range(1, 25) for held in ("", "shift+", "ctrl+")]
SEQUENCES = (
    "\x03\x04\x1a\x1c\x11\x13\x1b\x1b\x1b",  # what ends, stops or leaves other programs
    "\x1b[I\x1b[O\x1b[I",  # the terminal comes to the front, and goes
    "\x1b[200~:q!\nexit\n\x03\x1b[201~",  # a paste
    "\x1b[<64;9;9M\x1b[<65;9;9M\x1b[<66;9;9M",  # a wheel, both ways and aside
    "\x1b[<2;9;9M\x1b[<2;9;9m\x1b[<1;9;9M\x1b[<1;9;9m",  # the right and the middle button
    "\x1b[<0;2;2M\x1b[<32;40;12M\x1b[<32;70;20M\x1b[<0;70;20m",  # a long drag
    "\x1b[?2026;2$y\x1b[?1;2c\x1b[1;1R\x1b]0;title\x07\x1b[99;5u",  # answers that nobody asked for
)


@pytest.fixture
async def app(line: Any, centre: Centre, phrases: Phrases) -> Any:
    made = KioskApp(line, centre, phrases)
    async with made.run_test(size=(80, 24)) as pilot:
        made._panel.hear(LinkIs(up=True))
        made._panel.hear(kiosk_view())
        await pilot.pause()
        yield made, pilot


def parsed(sequence: str) -> list[Message]:
    parser = XTermParser(debug=False)
    return [*parser.feed(sequence), *parser.tick()]


async def test_no_key_chord_gesture_or_sequence_leads_out_of_the_kiosk(app: Any) -> None:
    kiosk, pilot = app
    for key in (*CHORDS, *NAMED, *FUNCTION):
        kiosk.post_message(events.Key(key, None))
    for sequence in SEQUENCES:
        for message in parsed(sequence):
            message.set_sender(kiosk)
            kiosk.post_message(message)
    await pilot.click("#fr", times=2)
    await pilot.pause()
    assert kiosk.is_running
    assert kiosk.screen is kiosk.screen_stack[0]
    assert len(kiosk.screen_stack) == 1
    assert not kiosk._notifications
    assert not kiosk.screen.selections
    assert kiosk._panel.kiosk.scene in {Scene.LANGUAGE, Scene.HELP, Scene.FIELD}


async def test_everything_can_be_reached_and_chosen_by_keys_alone(app: Any, line: Any) -> None:
    kiosk, pilot = app
    panel = kiosk._panel

    now_s = panel._clock_s()
    panel._clock_s = lambda: now_s

    async def looks() -> None:
        """Long enough at what is drawn."""
        nonlocal now_s
        while math.isinf(panel._drawn_s):
            await pilot.pause(0.01)
        now_s += 1.0

    async def presses(*keys: str, then: Scene) -> None:
        await looks()
        await pilot.press(*keys)
        for _ in range(200):
            if panel.kiosk.scene is then:
                return
            await pilot.pause(0.01)
        raise AssertionError(panel.kiosk.scene)

    await pilot.press("tab")
    first = kiosk.screen.focused
    assert isinstance(first, Tile)
    assert first.keys == ("1",), "the first key leads to the first language"
    await presses("down", "enter", then=Scene.FIELD)
    assert panel.kiosk.language == "de", "down leads to the tile under it"
    await presses("backspace", then=Scene.LANGUAGE)
    await presses("2", then=Scene.FIELD)
    await presses("6", then=Scene.UNSURE)
    await presses("backspace", then=Scene.FIELD)
    await presses("f4", then=Scene.HELP)
    await presses("1", then=Scene.FIELD)
    await looks()
    await pilot.press("f2", "f3")
    await pilot.pause(0.5)
    assert Aid.LARGER in panel.kiosk.aids or Aid.CONTRAST in panel.kiosk.aids
    await presses("s", then=Scene.TAKING)
    assert line.asked[-1].field == "employment"
