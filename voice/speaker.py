"""The voice of one screen: it announces calls and reads texts aloud, one thing at a time, and never fails.

A screen owns one speaker, hands it what is to be heard, and goes on. Whatever is wrong with engines, files,
players or sound cards is counted and logged once; the screen has shown it all already.
"""

import asyncio
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

import structlog

from config.model import Centre
from config.phrases import Phrases
from protocol.ids import LanguageCode
from protocol.views import BoardCall
from voice.engines import engines_of
from voice.player import Player
from voice.sentences import Brevity, Clip, of_call, of_text
from voice.shelf import Shelf
from voice.trouble import VoiceError

log = structlog.get_logger()

ANNOUNCE_S = 30.0
"""A call is said after so long, whatever the sound card does: the next one waits for it."""
READ_S = 180.0
"""A text that is read aloud ends after so long."""
WAITING_MAX = 4
"""Announcements that wait for their turn; more are not said: their screens have shown them long ago."""


class Heard(StrEnum):
    """What became of something that was to be heard."""

    SAID = "said"
    """To its end."""
    NOTHING = "nothing"
    """There was nothing to say: the centre's voice is off."""
    STOPPED = "stopped"
    """Somebody stopped it, or something else was read instead."""
    FAILED = "failed"
    """All of it or a part could not be heard."""


class Speaker:
    """Says one thing at a time. Nothing it does raises; every method may be called from a screen."""

    def __init__(
        self, centre: Centre, phrases: Phrases, *, shelf: Shelf | None = None, player: Player | None = None
    ) -> None:
        """`shelf` and `player`: by default those that the centre's configuration names."""
        self._centre = centre
        self._phrases = phrases
        self._voice = centre.voice
        self._reads = centre.voice.engine not in {"chime", "off"}
        self._shelf = shelf or Shelf(engines_of(centre.voice), centre.voice.volume)
        self._player = player or Player()
        self._turn = asyncio.Lock()
        self._tasks: set[asyncio.Task[Heard]] = set()
        self._readings: set[asyncio.Task[Heard]] = set()
        self._told: set[str] = set()
        self.failures = 0
        """What could not be heard, or not wholly."""

    @property
    def can_read(self) -> bool:
        """Texts can be read aloud: the centre wants it, and an engine and a player are on this machine.

        Offer „listen“ only then. It looks for programs, quickly, at each call.
        """
        return self._reads and self._shelf.reads and self._player.program is not None

    async def announce(
        self, call: BoardCall, official: Sequence[LanguageCode], brevity: Brevity = Brevity.WHOLE
    ) -> Heard:
        """Chime, then the call; return when it has been heard, was stopped, or after ANNOUNCE_S.

        `official`: the official languages in the day's order.
        """
        if self._voice.engine == "off" or len(self._tasks) > WAITING_MAX:
            return Heard.NOTHING
        spoken = Brevity.CHIME if self._voice.engine == "chime" else brevity
        clips = of_call(call, official, self._centre, self._phrases, spoken)
        return await self._in_turn(clips, self._tasks, ANNOUNCE_S, chime=True)

    async def read(self, text: str, language: LanguageCode) -> Heard:
        """Read this aloud instead of what is being read; return at its end, when stopped, or after READ_S."""
        for reading in self._readings:
            reading.cancel()
        if not self._reads:
            return Heard.NOTHING
        return await self._in_turn(of_text(text, language), self._readings, READ_S, chime=False)

    def stop(self) -> None:
        """Be silent at once: what is being said, read or waits is given up."""
        for task in (*self._tasks, *self._readings):
            task.cancel()

    async def close(self) -> None:
        """Be silent, and leave no program behind."""
        tasks = (*self._tasks, *self._readings)
        self.stop()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _in_turn(
        self, clips: Sequence[Clip], mine: set[asyncio.Task[Heard]], limit_s: float, *, chime: bool
    ) -> Heard:
        """Say it as a task of its own, which stop() can end."""
        task = asyncio.create_task(self._say(clips, limit_s, chime=chime))
        mine.add(task)
        task.add_done_callback(mine.discard)
        try:
            return await task
        except asyncio.CancelledError:
            whoever_waits = asyncio.current_task()
            if whoever_waits is not None and whoever_waits.cancelling():
                raise
            return Heard.STOPPED

    async def _say(self, clips: Sequence[Clip], limit_s: float, *, chime: bool) -> Heard:
        try:
            async with asyncio.timeout(limit_s), self._turn:
                return await self._play_all(clips, chime=chime)
        except TimeoutError:
            self._note("time limit")
        except Exception:
            log.exception("voice.mistake")
        self.failures += 1
        return Heard.FAILED

    async def _play_all(self, clips: Sequence[Clip], *, chime: bool) -> Heard:
        """Everything in order; what cannot be heard is passed over. The next clip is made meanwhile."""
        pieces: list[Clip | None] = [*([None] if chime else []), *clips]
        heard = Heard.SAID if pieces else Heard.NOTHING
        ahead = [asyncio.create_task(self._made(piece)) for piece in pieces[:1]]
        try:
            for turn in range(len(pieces)):
                path = await ahead.pop()
                ahead = [asyncio.create_task(self._made(piece)) for piece in pieces[turn + 1 : turn + 2]]
                if path is None or not await self._played(path):
                    heard = Heard.FAILED
        finally:
            for task in ahead:
                task.cancel()
            await asyncio.gather(*ahead, return_exceptions=True)
        self.failures += heard is Heard.FAILED
        return heard

    async def _made(self, piece: Clip | None) -> Path | None:
        """The clip, or the chime, as a file; none: it cannot be made, and the shelf has logged why."""
        try:
            return await (self._shelf.chime() if piece is None else self._shelf.clip(piece))
        except VoiceError:
            return None

    async def _played(self, path: Path) -> bool:
        try:
            await self._player.play(path)
        except VoiceError as error:
            self._note(type(error).__name__)
            return False
        return True

    def _note(self, cause: str) -> None:
        """Once for each cause: the same one comes with every call of the day."""
        if cause not in self._told:
            self._told.add(cause)
            log.warning("voice.not_heard", cause=cause, player=self._player.program)
