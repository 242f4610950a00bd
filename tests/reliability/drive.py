"""A disk as a file system may treat it: only what was synced is sure, names no less than bytes."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from random import Random

from msgspec import Struct, field
from reliability.steps import Made, MadeDirectory, Moved, Resized, Step, Synced, Wrote

SECTOR_BYTES = 512
"""A disk writes a sector whole or not at all; of a longer write any of its sectors may be there."""


class File(Struct):
    """The bytes of a file, whatever its name."""

    sure: bytearray = field(default_factory=bytearray)
    told: list[Wrote | Resized] = field(default_factory=list)
    """In order, not yet synced."""


class Directory(Struct):
    """Has nothing of its own but its name."""


class Named(Struct):
    """A name was given to something, or to nothing any more; in the same stroke another may have gone."""

    path: str
    what: File | Directory | None
    gone: str = ""


Survives = Callable[[Wrote | Resized | Named], Iterator[Wrote | Resized | Named]]
"""What is left of a change that was not synced."""


class Drive:
    """A directory from one step to the next."""

    def __init__(self, directory: Path) -> None:
        self._root = str(directory)
        self._names: dict[str, File | Directory] = {}
        for path in sorted(directory.rglob("*")):
            self._names[str(path)] = Directory() if path.is_dir() else File(bytearray(path.read_bytes()))
        self._sure = dict(self._names)
        self._told: list[Named] = []

    def do(self, step: Step) -> None:
        """The next step."""
        match step:
            case Wrote(path) | Resized(path):
                file = self._names.get(path)  # none: removed while it was open
                if isinstance(file, File):
                    file.told.append(step)
            case Made(path):
                if path not in self._names:
                    self._name(Named(path, File()))
            case MadeDirectory(path):
                self._name(Named(path, Directory()))
            case Moved(path, to):
                self._name(Named(path, None) if to is None else Named(to, self._names[path], path))
            case Synced(path, ok):
                self._sync(path, ok=ok)

    def _name(self, change: Named) -> None:
        _rename(self._names, (change,))
        self._told.append(change)

    def _sync(self, path: str, *, ok: bool) -> None:
        """What a failed sync was to write may never be written any more, whatever later syncs say.

        Names are sure all the same: SQLite does not ask how the sync of a directory went.
        """
        file = self._names.get(path)
        if isinstance(file, File):
            if ok:
                _apply(file.sure, file.told)
            file.told = []
        else:
            _rename(self._sure, (named for named in self._told if _parent(named.path) == path))
            self._told = [named for named in self._told if _parent(named.path) != path]

    def left(self, survives: Survives) -> dict[str, bytes | None]:
        """All files after a power cut in this instant, by path; None: a directory."""
        names = dict(self._sure)
        _rename(names, (left for named in self._told for left in survives(named) if isinstance(left, Named)))
        found: dict[str, bytes | None] = {self._root: None}
        for path, what in sorted(names.items()):
            if found.get(_parent(path), b"") is not None:
                continue  # its directory is gone, and it with it
            if isinstance(what, Directory):
                found[path] = None
            else:
                content = bytearray(what.sure)
                _apply(content, (left for told in what.told for left in survives(told)))
                found[path] = bytes(content)
        return found


def nothing(_: Wrote | Resized | Named) -> Iterator[Wrote | Resized | Named]:
    """Only what was synced is there."""
    yield from ()


def everything(told: Wrote | Resized | Named) -> Iterator[Wrote | Resized | Named]:
    """All is there, as after the end of the process alone."""
    yield told


def by_chance(dice: Random) -> Survives:
    """Some is there, some is not, and of some a few sectors."""

    def survives(told: Wrote | Resized | Named) -> Iterator[Wrote | Resized | Named]:
        chance = dice.random()
        if chance < 0.35:
            yield told
        elif chance < 0.65 and isinstance(told, Wrote):
            yield from (sector for sector in _sectors(told) if dice.random() < 0.5)

    return survives


def _sectors(told: Wrote) -> Iterator[Wrote]:
    at, end = told.at, told.at + len(told.data)
    while at < end:
        until = min(end, (at // SECTOR_BYTES + 1) * SECTOR_BYTES)
        yield Wrote(told.path, at, told.data[at - told.at : until - told.at])
        at = until


def _apply(content: bytearray, changes: Iterable[Wrote | Resized | Named]) -> None:
    for change in changes:
        if isinstance(change, Wrote):
            end = change.at + len(change.data)
            content.extend(bytes(max(0, end - len(content))))
            content[change.at : end] = change.data
        elif isinstance(change, Resized):
            content.extend(bytes(max(0, change.size - len(content))))
            del content[change.size :]


def _rename(names: dict[str, File | Directory], changes: Iterable[Named]) -> None:
    for change in changes:
        names.pop(change.gone, None)
        if change.what is None:
            names.pop(change.path, None)
        else:
            names[change.path] = change.what


def _parent(path: str) -> str:
    return str(Path(path).parent)
