"""Files that are there whole or not at all."""

import os
from pathlib import Path


def write_whole(path: Path, words: bytes) -> None:
    """Put these bytes in place of the file's, durably: after a crash it holds the old or the new. OSError."""
    beside = path.with_name(f"{path.name}.new")
    fd = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(fd, "wb") as file:
        file.write(words)
        file.flush()
        os.fsync(fd)
    put_in_place(beside, path)


def put_in_place(beside: Path, path: Path) -> None:
    """Rename a finished file, durably. OSError."""
    beside.replace(path)
    sync(path.parent)


def give_to_owner_of(model: Path, *paths: Path) -> None:
    """What root has made among somebody's files is theirs, so that their program can use it. OSError."""
    if os.geteuid() == 0:
        owner = model.stat()
        for path in paths:
            os.chown(path, owner.st_uid, owner.st_gid)


def sync(path: Path) -> None:
    """A file's bytes, or a directory's names, are on disk. OSError."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
