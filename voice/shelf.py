"""Clips that were made already: files in one folder, named by what is in them, the oldest thrown away."""

import asyncio
import hashlib
import os
import shutil
import tempfile
import time
import weakref
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import structlog

from voice import sound
from voice.engines import Engine
from voice.sentences import Clip
from voice.trouble import MissingError, VoiceError

log = structlog.get_logger()

CLIPS_MAX = 400
"""A busy day in two languages; at two seconds each some 35 MB."""
BYTES_MAX = 64 * 1024 * 1024
REST_S = 60.0
"""An engine that failed is not asked again for so long: its time limit would hold every call."""
KEPT_S = 24 * 3600.0
"""A clip that was not used for so long is thrown away: it may hold the number of a visitor."""
LEFTOVER_S = 120.0
"""What a program that was killed had begun; no clip takes so long to make."""
TIDY_S = 3600.0
"""Clips in use are looked through so often, though none is made."""
_SUFFIX = ".wav"
_UNFINISHED = ("*.raw", "*.new")


def cache_directory() -> Path:
    """Where this account keeps clips."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "walkin" / "voice"


class Shelf:
    """Makes each clip once and keeps it."""

    def __init__(self, engines: Sequence[Engine], volume: int, directory: Path | None = None) -> None:
        """`volume`: percent. `directory`: where clips are kept, by default this account's cache."""
        self._engines = tuple(engines)
        self._volume = volume
        self._wanted = directory or cache_directory()
        self._directory: Path | None = None
        self._resting: dict[int, float] = {}
        self._told: set[str] = set()
        self._tidied_at = 0.0
        self._tidy()

    @property
    def reads(self) -> bool:
        """One of its engines can say any text on this machine."""
        return any(engine.reads for engine in self._engines)

    async def clip(self, clip: Clip) -> Path:
        """The clip as a WAV file; VoiceError when no engine can say it."""
        causes = []
        for place, engine in enumerate(self._engines):
            if time.monotonic() < self._resting.get(place, 0.0):
                continue
            try:
                return await self._kept(engine, clip)
            except VoiceError as error:
                causes.append(str(error))
                self._note(place, engine, clip, error)
        raise VoiceError(" ".join(causes) or "No voice can be used at the moment.")

    async def chime(self) -> Path:
        """The gong; VoiceError when it cannot be kept anywhere."""
        return await asyncio.to_thread(self._chime)

    async def _kept(self, engine: Engine, clip: Clip) -> Path:
        identity = await asyncio.to_thread(lambda: engine.identity)
        path = await asyncio.to_thread(self._place, identity, clip.language, clip.text)
        if await asyncio.to_thread(self._has, path):
            return path
        raw = path.with_suffix(f".{os.getpid()}.raw")  # another screen of this account may make it too
        try:
            await engine.make(clip, raw)
            await asyncio.to_thread(self._finish, raw, path)
        except OSError as error:
            raise VoiceError(f"{path.parent} cannot be written: {error.strerror}.") from error
        finally:
            with suppress(OSError):
                raw.unlink(missing_ok=True)
        return path

    def _finish(self, raw: Path, path: Path) -> None:
        sound.write(sound.softened(sound.trimmed(sound.read(raw)), self._volume), path)
        self._tidy()

    def _chime(self) -> Path:
        path = self._place("chime", repr((sound.CHIME_TONES, sound.CHIME_PEAK)))
        try:
            if not self._has(path):
                sound.write(sound.softened(sound.chime(), self._volume), path)
        except OSError as error:
            raise VoiceError(f"{path.parent} cannot be written: {error.strerror}.") from error
        return path

    def _place(self, *what: str) -> Path:
        digest = hashlib.sha256("\0".join((*what, str(self._volume))).encode()).hexdigest()[:32]
        return self._open() / f"{digest}{_SUFFIX}"

    def _open(self) -> Path:
        """The folder; where it cannot be written, one that lasts as long as the program."""
        if self._directory is None:
            try:
                self._wanted.mkdir(mode=0o700, parents=True, exist_ok=True)
                writable = os.access(self._wanted, os.W_OK)
            except OSError:
                writable = False
            self._directory = self._wanted if writable else self._lasting_as_long_as_this()
        return self._directory

    def _lasting_as_long_as_this(self) -> Path:
        folder = Path(tempfile.mkdtemp(prefix="walkin-voice-"))
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        return folder

    def _has(self, path: Path) -> bool:
        """The clip is there; it counts as used now. One that is damaged is thrown away, to be made anew."""
        try:
            os.utime(path)
            sound.read(path)
        except OSError:
            return False
        except VoiceError:
            with suppress(OSError):
                path.unlink(missing_ok=True)
            return False
        if time.monotonic() >= self._tidied_at + TIDY_S:
            self._tidy()
        return True

    def _tidy(self) -> None:
        """Throw away what is old or was left unfinished, and what was not used for longest beyond the limits.

        Another screen of this account may do the same: what has vanished meanwhile is no error.
        """
        self._tidied_at = time.monotonic()
        folder = self._directory or self._wanted
        room = BYTES_MAX
        with suppress(OSError):
            for place, (age_s, size, path) in enumerate(_by_age(folder, f"*{_SUFFIX}")):
                room -= size
                if age_s > KEPT_S or place >= CLIPS_MAX or room < 0:
                    path.unlink(missing_ok=True)
            for pattern in _UNFINISHED:
                for age_s, _, path in _by_age(folder, pattern):
                    if age_s > LEFTOVER_S:
                        path.unlink(missing_ok=True)

    def _note(self, place: int, engine: Engine, clip: Clip, error: VoiceError) -> None:
        """Once for each cause; an engine that failed rests, one that lacks a recording does not."""
        kind = type(error).__name__
        if not isinstance(error, MissingError):
            self._resting[place] = time.monotonic() + REST_S
        cause = f"{type(engine).__name__} {clip.language} {kind}"
        if cause not in self._told:
            self._told.add(cause)
            log.warning("voice.cannot_say", engine=type(engine).__name__, language=clip.language, cause=kind)


def _by_age(folder: Path, pattern: str) -> list[tuple[float, int, Path]]:
    """Age in seconds, bytes and path, the youngest first; one from the future (a wrong clock) is as old."""
    now, found = time.time(), []
    for path in folder.glob(pattern):
        with suppress(FileNotFoundError):
            stat = path.stat()
            found.append((abs(now - stat.st_mtime), stat.st_size, path))
    return sorted(found)
