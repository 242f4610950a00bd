"""Commands that keep a centre's days safe: a copy while the server runs, and the way back."""

import asyncio
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from walkin.devices import by_hand, ending_in_words, opened
from walkin.ending import EXIT_REFUSED, fail
from walkin.options import data_option, json_option

if TYPE_CHECKING:
    from queue_server.store.backup import Made
    from queue_server.store.restore import Restored
    from queue_server.store.verify import Verified


@contextmanager
def _progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error, only on a terminal; it is told how many files are done, and of how many."""
    if not sys.stderr.isatty():
        yield lambda _done, _of: None
        return
    with click.progressbar(length=1, label=label, file=sys.stderr, show_eta=False) as bar:

        def show(done: int, of: int) -> None:
            bar.length = max(of, 1)
            bar.update(done - bar.pos)

        yield show


def _json(result: "Made | Restored") -> str:
    import msgspec

    return msgspec.json.format(msgspec.json.encode(result)).decode()


@click.command()
@data_option
@click.argument("destination", type=click.Path(path_type=Path))
@json_option
def backup(directory: Path, destination: Path, as_json: bool) -> None:
    """Copy a server's days to DESTINATION while it runs, and verify the copy.

    What has not changed since the last backup there is not copied again. Exit status 1: something could not
    be copied; what the backup had before is still in it.
    """
    from queue_server.store.backup import back_up
    from queue_server.store.manifest import MANIFEST, BackupError

    untold = "" if (destination / MANIFEST).exists() else _note_export(directory)
    try:
        with _progress("Backup") as progress:
            made = back_up(directory, destination, progress)
    except BackupError as error:
        fail(error, EXIT_REFUSED)
    click.echo(_json(made) if as_json else _told(made, destination))
    if untold or made.troubles:
        fail("\n".join(filter(None, (untold, *made.troubles))), EXIT_REFUSED)


def _note_export(directory: Path) -> str:
    """Why it is not in the trail that days have left for a new place, if it is not: they are saved anyway."""
    from queue_server.devices import Deed, RegistryError, What
    from queue_server.store.house import REGISTRY

    async def note() -> None:
        async with opened(directory) as registry:
            await registry.note(Deed(by_hand(), What.EXPORTED, "backup"))

    if (directory / REGISTRY).exists():
        with ending_in_words():
            try:
                asyncio.run(note())
            except RegistryError as error:
                return f"That it was made is not in the trail. {error}"
    return ""


def _told(made: "Made", destination: Path) -> str:
    lines = [
        f"Backup in {destination}, all verified. Days: {made.days}, files new or changed: {made.copied}."
    ]
    if made.newest:
        lines.append(f"The newest day is {made.newest}{_until(made.last_at)}.")
    if made.forgotten:
        lines.append(f"Deleted as the server has: {', '.join(made.forgotten)}.")
    return "\n".join(lines)


@click.command()
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@json_option
def verify(directory: Path, as_json: bool) -> None:
    """Prove that all days in the data directory DIR, and who belongs to the centre, are as written.

    A server may be at work. Exit status 1: something was changed or is damaged; its line says what and where.
    """
    import msgspec

    from queue_server.store.verify import verify as proved

    try:
        with _progress("Verifying") as progress:
            found = proved(directory, progress)
    except OSError as error:
        fail(f"{directory} is no data directory that can be read: {error.strerror}.", EXIT_REFUSED)
    click.echo(
        msgspec.json.format(msgspec.json.encode(found)).decode()
        if as_json
        else "\n".join(f"{one.file:<20} {one.trouble or _sound(one)}" for one in found)
    )
    if any(one.trouble for one in found):
        sys.exit(EXIT_REFUSED)


def _sound(one: "Verified") -> str:
    return f"as it was written: {one.entries} entries{_until(one.last_at) if one.last_at else ''}"


def _until(last_at: str) -> str:
    return f", up to {datetime.fromisoformat(last_at):%H:%M:%S}" if last_at else ", which has no events"


@click.command()
@data_option
@click.option("--replace", is_flag=True, help="Move aside what the data directory holds now.")
@click.option("--registry", is_flag=True, help="Put back only which terminals belong to the centre.")
@click.option("--statistics", is_flag=True, help="Put back only what is kept of days for good.")
@click.argument("source", metavar="BACKUP", type=click.Path(path_type=Path))
@json_option
def restore(
    directory: Path, source: Path, replace: bool, registry: bool, statistics: bool, as_json: bool
) -> None:
    """Put BACKUP in the place of the data directory, once all of it is verified. Stop the server first.

    Exit status 1: it was not restored, and the sentence says why.
    """
    from queue_server.store.house import REGISTRY, STATISTICS
    from queue_server.store.manifest import BackupError
    from queue_server.store.restore import restore as put_back
    from queue_server.store.restore import restore_one

    if registry and statistics:
        raise click.UsageError("One of --registry and --statistics: each puts back one file alone.")
    try:
        with _progress("Verifying") as progress:
            if registry or statistics:
                place, what = (REGISTRY, _REGISTRY) if registry else (STATISTICS, _STATISTICS)
                aside = restore_one(source, directory, place, progress)
                click.echo(json.dumps({"before": aside}) if as_json else _one_back(directory, what, aside))
                return
            restored = put_back(source, directory, progress, replace=replace)
    except BackupError as error:
        fail(error, EXIT_REFUSED)
    click.echo(_json(restored) if as_json else _put_back(restored))


_REGISTRY = "which terminals belong to the centre"
_STATISTICS = "what is kept of days for good"


def _one_back(directory: Path, what: str, aside: str) -> str:
    moved = f" What was there is {aside}." if aside else ""
    return f"Restored into {directory}: {what}, as in the backup.{moved}"


def _put_back(restored: "Restored") -> str:
    made_at = restored.made_at.astimezone()
    lines = [
        f"Restored into {restored.directory}, days: {restored.days}. Backup of {made_at:%Y-%m-%d %H:%M:%S}."
    ]
    if restored.newest:
        lines.append(
            f"The newest day is {restored.newest}{_until(restored.last_at)}. What was answered later is "
            "not in it: tickets with later numbers are not known any more."
        )
    if restored.devices_of_backup:
        lines.append(
            "Which terminals belong to the centre is as it was then: one that was removed later is known "
            "again (walkin device list)."
        )
    if restored.before:
        lines.append(f"Moved aside, for you to delete when nobody needs it: {', '.join(restored.before)}.")
    return "\n".join(lines)
