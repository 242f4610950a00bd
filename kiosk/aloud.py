"""Reading aloud: when a scene comes up it is read once, and silence comes with the next touch or scene."""

import asyncio
from functools import partial
from typing import Protocol

from textual.widget import Widget
from textual.worker import Worker

from kiosk.inputs import Aid
from kiosk.screens.scene import Moment
from kiosk.screens.spoken import Line, lines_of, occasion_of
from protocol.ids import LanguageCode

LINES_MAX = 40
"""Of one scene; more would be a mistake of ours."""


class Voice(Protocol):
    """What a kiosk needs of whoever speaks."""

    async def read(self, text: str, language: LanguageCode) -> object:
        """Read this aloud instead of what is being read; return at its end, or when it was stopped."""

    def stop(self) -> None:
        """Be silent at once."""


class Aloud:
    """What is heard at one kiosk."""

    def __init__(self, panel: Widget, voice: Voice | None) -> None:
        """`panel` runs the reading; without a voice nothing is ever heard."""
        self._panel = panel
        self._voice = voice
        self._occasion: object = None
        """What was read last; none: nothing since the visitor began to listen."""
        self._reading: Worker[None] | None = None

    def follow(self, moment: Moment) -> None:
        """Read the scene of the moment, if the visitor listens and it was not read yet."""
        if Aid.LISTEN not in moment.kiosk.aids:
            if self._occasion is not None:
                self.hush()
            self._occasion = None
            return
        occasion = occasion_of(moment.kiosk)
        if occasion != self._occasion:
            self._occasion = occasion
            self.say(lines_of(moment))

    def say(self, lines: tuple[Line, ...]) -> None:
        """Read these instead of what is being read."""
        self.hush()
        if self._voice is not None:
            assert len(lines) <= LINES_MAX, "a scene is short"
            self._reading = self._panel.run_worker(partial(_read, self._voice, lines), name="kiosk voice")

    def hush(self) -> None:
        """Be silent."""
        if self._reading is not None and self._voice is not None:
            self._reading.cancel()
            self._reading = None
            self._voice.stop()


async def _read(voice: Voice, lines: tuple[Line, ...]) -> None:
    for line in lines:
        await voice.read(line.text, line.language)
        await asyncio.sleep(0)  # a voice that says nothing must not keep the screen from being drawn
