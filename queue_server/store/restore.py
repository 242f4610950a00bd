"""A backup put in the place of a data directory, once it is verified; what was there is moved aside."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from protocol.whole import give_to_owner_of, put_in_place, sync, write_whole
from queue_server.store.backup import Progress
from queue_server.store.copies import DamagedError, copy, counted, prove_day, prove_whole
from queue_server.store.house import (
    DAYS,
    EPOCH,
    REGISTRY,
    STATISTICS,
    TRUST,
    TRUSTED,
    DirectoryInUseError,
    House,
    last_epoch,
    restoring,
    write_epoch,
)
from queue_server.store.manifest import LOCK, PART, BackupError, Kept, Manifest, digest, read_manifest
from queue_server.store.passing_over import pass_over


class Restored(Struct, frozen=True, kw_only=True):
    """A backup that was put back."""

    directory: str
    made_at: datetime
    """When the backup was made."""
    days: int
    newest: str
    """The last day in it, and when its last event was; empty: none."""
    last_at: str
    devices_of_backup: bool
    """Which terminals belong to the centre is as it was when the backup was made; else as it was just now."""
    before: tuple[str, ...]
    """Directories that a restore has moved aside, the last one last."""


def restore(backup: Path, directory: Path, progress: Progress, *, replace: bool) -> Restored:
    """Put the backup in the directory's place; BackupError: the directory is as it was before."""
    aside = f"beside that directory; what a restore has moved aside is called {directory.name}.before-…"
    with _unchanged(backup):
        manifest = verified(backup, progress)
        with _in_words(f"{directory}", aside):
            of_backup = _put_back(backup, manifest, directory.resolve(), replace=replace)
    days = [kept for kept in manifest.files if kept.end]
    return Restored(
        directory=str(directory),
        made_at=manifest.made_at,
        days=len(days),
        newest=days[-1].day if days else "",
        last_at=days[-1].end.at if days and days[-1].end else "",
        devices_of_backup=of_backup,
        before=tuple(map(str, _aside(directory.resolve()))),
    )


@contextmanager
def _unchanged(backup: Path) -> Iterator[None]:
    """No other process changes the backup meanwhile; BackupError."""
    try:
        lock = (backup / LOCK).open("rb")
    except OSError:  # a copy of a backup needs none; what is missing is said later
        yield
        return
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupError(f"A backup is being made in {backup}. Restore it when that is done.") from error
        yield


def verified(backup: Path, progress: Progress) -> Manifest:
    """What the backup holds, once every file of it is proved; BackupError names each that is damaged."""
    manifest = read_manifest(backup)
    damaged = []
    for done, kept in enumerate(manifest.files):
        progress(done, len(manifest.files))
        try:
            _prove(backup, kept)
        except DamagedError as error:
            damaged.append(f"{backup / kept.file}: {error}")
    progress(len(manifest.files), len(manifest.files))
    if damaged:
        raise BackupError(
            "This backup is damaged; nothing was restored. Take an older one, or one on another disk.\n"
            + "\n".join(damaged)
        )
    return manifest


def _prove(backup: Path, kept: Kept) -> None:
    path = backup / kept.file
    try:
        size = path.stat().st_size
        if size != kept.size:
            raise DamagedError(f"it has {size} bytes, and had {kept.size}")
        if digest(path) != kept.sha256:
            raise DamagedError("its digest is another one")
    except FileNotFoundError:
        raise DamagedError("it is missing") from None
    except OSError as error:
        raise DamagedError(f"it cannot be read ({error.strerror})") from error
    if kept.end is not None and prove_day(path).end != kept.end:
        raise DamagedError("it is not the day that was backed up")
    if kept.place == STATISTICS:
        counted(path)
    if kept.place == REGISTRY:
        prove_whole(path)


def _put_back(backup: Path, manifest: Manifest, directory: Path, *, replace: bool) -> bool:
    """Whether the registry is the backup's; BackupError, DirectoryInUseError, OSError."""
    _refuse(directory, replace=replace)
    there, fresh = House(directory), restoring(directory)
    if directory.exists():
        there.hold()
    try:
        with _begun(fresh, directory):
            of_backup = _fill(fresh, backup, manifest, directory)
            _change_places(fresh, directory)
            return of_backup
    finally:
        there.unlock()


def restore_one(backup: Path, directory: Path, place: str, progress: Progress) -> str:
    """Put only this database of the backup in the directory; where the former was moved, empty: nowhere.

    BackupError: the directory is as it was before.
    """
    with _unchanged(backup):
        manifest, house = verified(backup, progress), House(directory)
        [*found] = (kept for kept in manifest.files if kept.place == place)
        if not found:
            raise BackupError(f"The backup in {backup} has no {place}.")
        with _in_words(f"{directory / place}", "there."):
            house.hold()
            try:
                return _put_one(backup / found[0].file, directory / place)
            finally:
                house.unlock()


def _put_one(kept: Path, place: Path) -> str:
    """Where the former is now; empty: there was none. At every instant there is one or the other. OSError."""
    part = place.with_suffix(PART)
    write_whole(part, kept.read_bytes())
    aside = ""
    if place.exists():
        give_to_owner_of(place, part)
        aside = f"{place}.before-{datetime.now(UTC):%Y-%m-%dT%H-%M-%S.%fZ}"
        os.link(place, aside)
    for journal in ("-journal", "-wal"):  # of a killed server: it would be done to what takes the place
        with suppress(FileNotFoundError):
            Path(f"{place}{journal}").rename(f"{aside or f'{place}.before'}{journal}")
    put_in_place(part, place)
    return aside


@contextmanager
def _in_words(what: str, where: str) -> Iterator[None]:
    """BackupError says what was not restored, and where to look whether it could be written."""
    try:
        yield
    except DirectoryInUseError as error:
        raise BackupError(f"{error}") from error
    except OSError as error:
        raise BackupError(
            f"{what} was not restored: {error.strerror or error}. Check the disk, and who may write {where}"
        ) from error


def _refuse(directory: Path, *, replace: bool) -> None:
    """BackupError when there is something that nobody said should go."""
    held = {path.name for path in directory.iterdir()} - {LOCK} if directory.exists() else set()
    if held and not replace:
        raise BackupError(
            f"{directory} holds data. To move it aside and put the backup in its place, say --replace."
        )
    if held and not held & {DAYS, EPOCH, REGISTRY}:
        raise BackupError(f"{directory} holds something else than a server's data: it is left as it is.")


@contextmanager
def _begun(fresh: Path, directory: Path) -> Iterator[None]:
    """A directory of our own, without what an interrupted restore left in it; BackupError."""
    house = House(fresh)
    try:
        house.hold()
    except DirectoryInUseError as error:
        raise BackupError(f"Another restore is at work in {fresh}.") from error
    try:
        for path in fresh.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path.name != LOCK:
                path.unlink()
        yield
    except BaseException:
        if directory.exists() or not _aside(directory):  # else it says that a restore is not done
            shutil.rmtree(fresh, ignore_errors=True)
        raise
    finally:
        house.unlock()


def _fill(fresh: Path, backup: Path, manifest: Manifest, instead: Path) -> bool:
    """Everything on disk, owned by whom the directory before was; whether the registry is the backup's."""
    (fresh / DAYS).mkdir(mode=0o700)
    for kept in manifest.files:
        (fresh / kept.place).parent.mkdir(mode=0o700, exist_ok=True)
        (fresh / kept.place).touch(mode=0o600, exist_ok=False)
        with (backup / kept.file).open("rb") as old, (fresh / kept.place).open("wb") as new:
            shutil.copyfileobj(old, new)
        if digest(fresh / kept.place) != kept.sha256:
            raise BackupError(f"{backup / kept.file} does not read the same twice. Nothing was restored.")
        sync(fresh / kept.place)
    _go_on(fresh, manifest)
    before = [*_aside(instead), *([instead] if instead.exists() else [])]
    of_backup = not (before and _identity_stays(fresh, before[-1]))
    write_epoch(fresh, max(map(last_epoch, (fresh, *before))))
    if before:
        give_to_owner_of(before[-1], fresh, *fresh.rglob("*"))
    for place in (path for path in (fresh, *fresh.iterdir()) if path.is_dir()):
        sync(place)
    return of_backup


def _identity_stays(fresh: Path, now: Path) -> bool:
    """Terminals know the server as before, and whoever was removed since the backup stays so; OSError.

    False: the registry of now is not there, or not sound.
    """
    part = (fresh / REGISTRY).with_suffix(PART)
    try:
        if not (now / REGISTRY).exists():
            return False
        copy(now / REGISTRY, part)
        prove_whole(part)
    except DamagedError:
        part.unlink(missing_ok=True)
        return False
    put_in_place(part, fresh / REGISTRY)
    if all((now / place).exists() for place in TRUSTED):
        (fresh / TRUST).mkdir(mode=0o700, exist_ok=True)
        for place in TRUSTED:
            write_whole(fresh / place, (now / place).read_bytes())
    return True


def _go_on(fresh: Path, manifest: Manifest) -> None:
    """The newest day goes on with numbers that nobody can have been given since the backup."""
    days = [kept for kept in manifest.files if kept.end]
    if not days:
        return
    newest = fresh / days[-1].place
    try:
        pass_over(newest)
    except DamagedError as error:
        raise BackupError(
            f"{newest} cannot be written: {error}. Nothing was restored: check the disk, and its free space."
        ) from error
    sync(newest)


def _change_places(fresh: Path, directory: Path) -> None:
    """Between the two renames there is no directory; no server begins one while the other is beside it."""
    sync(directory.parent)
    if directory.exists():
        directory.rename(f"{directory}.before-{datetime.now(UTC):%Y-%m-%dT%H-%M-%S.%fZ}")
    fresh.rename(directory)
    sync(directory.parent)


def _aside(directory: Path) -> list[Path]:
    """What restores have moved aside here, the newest last."""
    with suppress(OSError):
        return sorted(directory.parent.glob(f"{directory.name}.before-*"))
    return []
