"""A kiosk's file: the numbers it holds and those it gave, whole or as they were before, whatever happens."""

import fcntl
import hashlib
from contextlib import suppress
from pathlib import Path
from typing import IO

import msgspec
import structlog
from msgspec import Raw, Struct

from kiosk.reserve import Intake, Reserve
from protocol.ids import DeviceName
from protocol.whole import write_whole

log = structlog.get_logger()


class Kept(Struct, frozen=True, kw_only=True):
    """What is in the file; instants by the machine's clock, POSIX seconds.

    What a newer program wrote besides is passed over: going back to an older one forgets no visitor.
    """

    kiosk: DeviceName
    reserve: Reserve
    intake: Intake


class _Sealed(Struct, frozen=True):
    """The file: what is kept, with its digest; without both it is as the first version wrote it."""

    sha256: str = ""
    kept: Raw = Raw()


class _SpoiledError(Exception):
    """The file is not as it was written."""


class InUseError(Exception):
    """Another kiosk of this name runs on this directory."""


class Keep:
    """The file of one kiosk in a directory; every method waits for the disk."""

    def __init__(self, directory: Path, kiosk: DeviceName) -> None:
        self.path = directory / f"{kiosk}.numbers.json"
        self._kiosk = kiosk
        self._lock: IO[str] | None = None

    def lock(self) -> None:
        """Take the file for this process, as long as it lives; InUseError when another has it, OSError."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = self.path.with_suffix(".lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise InUseError(
                f"Another kiosk {self._kiosk} already runs with {self.path.parent}. Stop it first, or give "
                "this one a badge of its own."
            ) from None
        self._lock = lock

    def load(self) -> Kept | None:
        """What was kept; none when there is nothing, or nothing that can be used: a log line says why."""
        try:
            kept = _proved(self.path.read_bytes())
        except FileNotFoundError:
            return None
        except OSError as error:
            log.warning("numbers.unreadable", file=str(self.path), why=str(error))
            return None
        except (_SpoiledError, msgspec.DecodeError, UnicodeDecodeError) as error:
            self._put_aside(str(error))
            return None
        if kept.kiosk != self._kiosk:
            self._put_aside(f"it belongs to {kept.kiosk}")
            return None
        return kept

    def _put_aside(self, why: str) -> None:
        """Keep what cannot be used for whoever looks, under another name."""
        aside = self.path.with_suffix(".damaged")
        log.warning("numbers.damaged", file=str(aside), why=why, then="the kiosk starts without numbers")
        try:
            self.path.replace(aside)
        except OSError as error:
            log.warning("numbers.unreadable", file=str(self.path), why=str(error))

    def forget_damaged(self, before_s: float) -> None:
        """What was put aside before this instant (POSIX seconds) nobody has looked at, and nobody will."""
        aside = self.path.with_suffix(".damaged")
        with suppress(OSError):  # on another day, then
            if aside.stat().st_mtime < before_s:
                aside.unlink()

    def save(self, reserve: Reserve, intake: Intake) -> None:
        """On disk when it returns; OSError, and then the file is as before or as wished."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = msgspec.json.encode(Kept(kiosk=self._kiosk, reserve=reserve, intake=intake))
        write_whole(self.path, msgspec.json.encode(_Sealed(_digest(kept), Raw(kept))))


def _digest(kept: bytes) -> str:
    return hashlib.sha256(kept).hexdigest()


def _proved(frame: bytes) -> Kept:
    """What is kept in a file; _SpoiledError, msgspec.DecodeError, UnicodeDecodeError."""
    sealed = msgspec.json.decode(frame, type=_Sealed)
    if sealed == _Sealed():
        return msgspec.json.decode(frame, type=Kept)
    if sealed.sha256 != _digest(bytes(sealed.kept)):
        raise _SpoiledError("its digest is another one")
    return msgspec.json.decode(sealed.kept, type=Kept)
