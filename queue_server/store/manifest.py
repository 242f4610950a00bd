"""What a backup says of itself: every file with its size, its digest, and how far its day went.

A file's name in the backup holds its digest, so that a newer one never takes the place of one that the
manifest still names: until the next manifest is there, whole, the former backup is.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Raw, Struct

from protocol.whole import write_whole
from queue_server.store.house import AUTHORITY, CERTIFICATE, DAYS, EPOCH, KEY, REGISTRY, STATISTICS, TRUST

FORMAT = 1
MANIFEST = "backup.json"
LOCK = "lock"
PART = ".part"
"""Ends the name of a file that is not finished."""
DIGEST_CHARS = 12
"""Of a file's digest, in its name."""
BESIDE = (STATISTICS, REGISTRY)
"""Databases beside the days, each whole in itself."""
PLAIN = (AUTHORITY, CERTIFICATE, KEY, EPOCH)
"""Files that are no databases."""
PLACES = rf"^({DAYS}/\d{{4}}-\d\d-\d\d\.db|{'|'.join(map(re.escape, BESIDE + PLAIN))})$"
_STEMS = "|".join(sorted({Path(place).stem for place in BESIDE + PLAIN}))
OURS = re.compile(rf"^(\d{{4}}-\d\d-\d\d|{_STEMS})(\.[0-9a-f]{{{DIGEST_CHARS}}}(\.(db|pem|key))?|{PART}.*)$")


class BackupError(Exception):
    """A backup cannot be made, or cannot be used; the sentence says what to do."""


class End(Struct, frozen=True):
    """How far a day went."""

    position: int
    chain: str
    at: str
    """When the last event was, as the day has it; empty: nothing has happened."""


class Kept(Struct, frozen=True, kw_only=True):
    """A file of the data directory, in a backup."""

    place: Annotated[str, Meta(pattern=PLACES)]
    """In the data directory."""
    size: int
    """Bytes."""
    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
    end: End | None = None
    """None: it is no day."""

    @property
    def file(self) -> str:
        """In the backup."""
        place = Path(self.place)
        return str(place.with_name(f"{place.stem}.{self.sha256[:DIGEST_CHARS]}{place.suffix}"))

    @property
    def day(self) -> str:
        """Its date; empty when it is no day."""
        return Path(self.place).stem if self.end else ""


class Manifest(Struct, frozen=True):
    """A whole backup."""

    format: int
    made_at: datetime
    files: tuple[Kept, ...]


class _Sealed(Struct, frozen=True):
    sha256: str
    backup: Raw


def read_manifest(backup: Path) -> Manifest:
    """What this backup says it holds; BackupError when it says nothing, or is not as it was written."""
    path = backup / MANIFEST
    try:
        sealed = msgspec.json.decode(path.read_bytes(), type=_Sealed)
        if hashlib.sha256(sealed.backup).hexdigest() != sealed.sha256:
            raise BackupError(f"{path} is damaged: its digest is another one. {_TAKE_ANOTHER}")
        manifest = msgspec.json.decode(sealed.backup, type=Manifest)
    except FileNotFoundError:
        raise BackupError(f"There is no backup in {backup}: it has no {MANIFEST}.") from None
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror}. {_TAKE_ANOTHER}") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BackupError(f"{path} is damaged: {error}. {_TAKE_ANOTHER}") from error
    if manifest.format != FORMAT:
        raise BackupError(f"{path} was written by another version of walkin: restore it with that one.")
    return manifest


_TAKE_ANOTHER = "To restore, take an older backup or one on another disk; to back up, an empty directory."


def write_manifest(backup: Path, manifest: Manifest) -> None:
    """From now on this is the backup; OSError."""
    words = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    write_whole(
        backup / MANIFEST, msgspec.json.encode(_Sealed(hashlib.sha256(words).hexdigest(), Raw(words)))
    )


def unnamed(backup: Path, manifest: Manifest) -> Iterator[Path]:
    """Files of earlier and of unfinished backups; nothing that somebody else put here."""
    named = {backup / kept.file for kept in manifest.files}
    for directory in (backup, backup / DAYS, backup / TRUST):
        yield from (path for path in directory.glob("*") if OURS.match(path.name) and path not in named)


def digest(path: Path) -> str:
    """SHA-256 of a file's bytes; OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
