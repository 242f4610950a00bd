"""Who speaks: espeak-ng, the centre's own recordings, or any program. Each writes one clip as a WAV."""

import asyncio
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from config.model import Voice
from voice import sound
from voice.programs import run
from voice.sentences import Clip
from voice.trouble import MissingError, VoiceError

RENDER_S = 10.0
"""A clip that takes longer to make is not said: whoever is called has read the screen."""
ESPEAK = "espeak-ng"
ESPEAK_VOICES = {"fr": "fr-be", "nl": "nl", "de": "de", "en": "en-gb"}
"""Belgian French says septante and nonante."""
AMPLITUDE = 100
"""At 150 espeak-ng's peaks reach full scale, and are distorted."""
GAP_10MS = 3
"""Between words, in tens of milliseconds: heard apart in a hall."""
RECORDING = ".wav"
_PHONEMES = re.compile(r"\[{2,}")
"""Begins a word in espeak-ng's own alphabet of sounds."""
_MARK = re.compile(r"\{(text|language|out)\}")

Find = Callable[[str], str | None]
"""Where a program is, like shutil.which."""


class Engine(Protocol):
    """Makes speech."""

    @property
    def identity(self) -> str:
        """Everything that makes its clips sound as they do: another identity, other clips."""

    @property
    def reads(self) -> bool:
        """It can say any text, on this machine."""

    async def make(self, clip: Clip, out: Path) -> None:
        """Write the clip as a WAV of 16 bits; MissingError when it cannot, VoiceError when it failed."""


class Espeak:
    """espeak-ng, which speaks all four languages and makes a clip in some ten milliseconds."""

    def __init__(self, speed: int, find: Find = shutil.which) -> None:
        """`speed`: words in a minute."""
        self._speed = speed
        self._find = find

    @property
    def identity(self) -> str:
        """Its options."""
        return f"{ESPEAK} {self._speed} {AMPLITUDE} {GAP_10MS}"

    @property
    def reads(self) -> bool:
        """It is installed."""
        return self._find(ESPEAK) is not None

    async def make(self, clip: Clip, out: Path) -> None:
        """MissingError where espeak-ng is not installed."""
        if not self.reads:
            raise MissingError(f"{ESPEAK} is not installed: apt install {ESPEAK}.")
        numbers = ("-s", str(self._speed), "-a", str(AMPLITUDE), "-g", str(GAP_10MS))
        text = _PHONEMES.sub("[", clip.text)
        await run(
            (ESPEAK, "-v", ESPEAK_VOICES[clip.language], *numbers, "-w", str(out), "--", text), RENDER_S
        )


class Recordings:
    """What somebody of the centre has spoken: a folder for each language, a file for each word."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def identity(self) -> str:
        """The folder, and when anything in it was last changed."""
        changed = max((path.stat().st_mtime_ns for path in self._folder.rglob(f"*{RECORDING}")), default=0)
        return f"recordings {self._folder} {changed}"

    @property
    def reads(self) -> bool:
        """Calls alone are recorded."""
        return False

    async def make(self, clip: Clip, out: Path) -> None:
        """MissingError names the first recording that is not there."""
        await asyncio.to_thread(self._make, clip, out)

    def _make(self, clip: Clip, out: Path) -> None:
        rows = [[self._path(clip.language, name) for name in row] for row in clip.recordings]
        whole = next((row for row in rows if all(path.is_file() for path in row)), None)
        if whole is None:
            missing = next((path for row in rows[-1:] for path in row if not path.is_file()), None)
            raise MissingError(
                f"There is no recording {missing}." if missing else "Nobody has recorded that."
            )
        sound.write(sound.joined([sound.read(path) for path in whole]), out)

    def _path(self, language: str, name: str) -> Path:
        return self._folder / language / f"{name}{RECORDING}"


class Command:
    """Any program that writes a WAV, as the centre has written it down, with the marks filled in."""

    def __init__(self, words: tuple[str, ...]) -> None:
        self._words = words

    @property
    def identity(self) -> str:
        """The command."""
        return "\0".join(("command", *self._words))

    @property
    def reads(self) -> bool:
        """Its program is there."""
        return shutil.which(self._words[0]) is not None

    async def make(self, clip: Clip, out: Path) -> None:
        """Never through a shell: each word is one argument, whatever is in it."""
        values = {"text": clip.text, "language": clip.language, "out": str(out)}
        words = tuple(_MARK.sub(lambda mark: values[mark[1]], word) for word in self._words)
        await run(words, RENDER_S)
        if not await asyncio.to_thread(out.is_file):
            raise VoiceError(f"{self._words[0]} has written no sound to {{out}}.")


def engines_of(voice: Voice) -> tuple[Engine, ...]:
    """Who is asked for a clip, in order: what one cannot say, the next one does. Empty: nobody speaks."""
    espeak = Espeak(voice.speed)
    match voice.engine:
        case "espeak":
            return (espeak,)
        case "clips":
            return (Recordings(Path(voice.clips)), espeak)
        case "command":
            return (Command(voice.command), espeak)
        case "chime" | "off":
            return ()
