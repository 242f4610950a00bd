"""Plays WAV files by the first program that this machine has for it."""

import asyncio
import shutil
from collections.abc import Sequence
from pathlib import Path

from voice import sound
from voice.engines import Find
from voice.programs import run
from voice.trouble import MissingError, VoiceError

PLAYERS = (("pw-play",), ("paplay",), ("aplay", "-q"))
"""Of PipeWire, PulseAudio and ALSA, in the order in which they are asked for."""
START_S = 5.0
"""Beyond the sound's own length: to reach the sound card and to let go of it."""


class Player:
    """One sound after the other; remembers which program could play the last one."""

    def __init__(self, players: Sequence[Sequence[str]] = PLAYERS, find: Find = shutil.which) -> None:
        self._players = [tuple(player) for player in players]
        self._find = find
        self.failures = 0
        """Sounds that nobody heard."""

    @property
    def program(self) -> str | None:
        """The program that plays next; none: this machine has none of them."""
        return next((player[0] for player in self._players if self._find(player[0])), None)

    async def play(self, path: Path) -> None:
        """Return when it has been heard; VoiceError when nothing could play it."""
        causes: list[VoiceError] = []
        seconds = (await asyncio.to_thread(sound.read, path)).seconds
        for player in list(self._players):
            if self._find(player[0]) is None:
                continue
            try:
                await run((*player, str(path)), seconds + START_S)
            except VoiceError as error:
                causes.append(error)
            else:
                self._players.remove(player)
                self._players.insert(0, player)
                return
        self.failures += 1
        if not causes:
            names = ", ".join(player[0] for player in self._players)
            raise MissingError(f"Nothing plays sound here, none of {names}: apt install alsa-utils.")
        raise VoiceError(" ".join(map(str, causes)))
