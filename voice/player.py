"""Plays WAV files by the first program that this machine has for it."""

import asyncio
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

from voice import sound
from voice.engines import Find
from voice.programs import run
from voice.trouble import LateError, MissingError, VoiceError

PLAYERS = (("pw-play",), ("paplay",), ("aplay", "-q"))
"""Of PipeWire, PulseAudio and ALSA, in the order in which they are asked for."""
START_S = 5.0
"""Beyond the sound's own length: to reach the sound card and to let go of it."""
REST_S = 60.0
"""A player that hung is not asked again for so long: each call would wait for it anew."""


class Player:
    """One sound after the other; remembers which program could play the last one."""

    def __init__(self, players: Sequence[Sequence[str]] = PLAYERS, find: Find = shutil.which) -> None:
        self._players = [tuple(player) for player in players]
        self._find = find
        self._resting: dict[tuple[str, ...], float] = {}
        self.failures = 0
        """Sounds that nobody heard."""

    @property
    def program(self) -> str | None:
        """The program that plays next; none: this machine has none of them."""
        return next((player[0] for player in self._players if self._find(player[0])), None)

    async def play(self, path: Path) -> None:
        """Return when it has been heard; VoiceError when nothing could play it, at once while all rest."""
        causes: list[VoiceError] = []
        seconds = (await asyncio.to_thread(sound.read, path)).seconds
        for player in list(self._players):
            if self._find(player[0]) is None:
                continue
            if time.monotonic() < self._resting.get(player, 0.0):
                causes.append(VoiceError(f"{player[0]} hung less than {REST_S:.0f} seconds ago."))
                continue
            try:
                await run((*player, str(path)), seconds + START_S)
            except VoiceError as error:
                causes.append(error)
                if isinstance(error, LateError):
                    self._resting[player] = time.monotonic() + REST_S
            else:
                self._players.remove(player)
                self._players.insert(0, player)
                return
        self.failures += 1
        if not causes:
            names = ", ".join(player[0] for player in self._players)
            raise MissingError(f"Nothing plays sound here, none of {names}: apt install alsa-utils.")
        raise VoiceError(" ".join(map(str, causes)))
