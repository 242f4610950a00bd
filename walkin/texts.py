"""Commands for a centre's own words, and for translators."""

import sys
from pathlib import Path

import click

from walkin.ending import EXIT_CONFIG, EXIT_REFUSED, fail, load_centre
from walkin.options import config_option, json_option

LANGUAGES = ("fr", "nl", "de", "en")
FORMATS = ("csv", "po")


@click.group()
def texts() -> None:
    """Hand out the texts to translators, and take in what they send back."""


@texts.command()
@config_option
@click.option(
    "--format", "kind", type=click.Choice(FORMATS), required=True, help="A spreadsheet, or gettext."
)
@click.option(
    "--language",
    "languages",
    type=click.Choice(LANGUAGES),
    multiple=True,
    help="Only this language. May be given several times; by default all of them.",
)
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path),
    default=None,
    help="A file, or a directory for texts.csv or nl.po; by default standard output.",
)
def export(config_path: Path, kind: str, languages: tuple[str, ...], target: Path | None) -> None:
    """Write every text, as the centre says it, for a translator.

    A PO file has one language: several need a directory.
    """
    load_centre(config_path)
    from config.own_texts import own_texts
    from config.problem import TextsError
    from config.translation import csv_of, po_of

    own = own_texts(config_path)
    if own.problems:
        fail(TextsError(own.problems), EXIT_CONFIG)
    chosen = tuple(language for language in LANGUAGES if not languages or language in languages)
    if kind == "csv":
        written = {"texts.csv": f"\N{ZERO WIDTH NO-BREAK SPACE}{csv_of(own.phrases, chosen)}".encode()}
    else:
        written = {f"{language}.po": po_of(own.phrases, language) for language in chosen}
    try:
        _hand_out(written, target)
    except OSError as error:
        fail(f"{target} cannot be written: {error.strerror}.", EXIT_REFUSED)


def _hand_out(written: dict[str, bytes], target: Path | None) -> None:
    if len(written) > 1 and (target is None or target.is_file()):
        raise click.UsageError("A PO file has one language: say which by --language, or a directory by --to.")
    if target is not None and (len(written) > 1 or target.is_dir()):
        target.mkdir(parents=True, exist_ok=True)
        for name, words in written.items():
            (target / name).write_bytes(words)
        return
    (words,) = written.values()
    if target is None:
        sys.stdout.buffer.write(words)
    else:
        target.write_bytes(words)


@texts.command(name="import")
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE…",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path),
    required=True,
    help="The centre's configuration file; its words stand in texts.d beside it.",
)
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default=None,
    help="Language of a PO file that does not say its own.",
)
@json_option
def import_(files: tuple[Path, ...], config_path: Path, language: str | None, as_json: bool) -> None:
    """Take in what translators sent: FILE… ending in .csv or .po. An empty text changes nothing.

    Writes what differs from the program's words to texts.d/imported.toml beside the configuration file, or
    nothing at all when a text cannot be used. Programs say it from their next start on.
    """
    load_centre(config_path)
    from config.own_texts import own_texts
    from config.problem import TextsError
    from config.translated import merged, path_of, toml_text
    from config.translation import lines_of
    from protocol.whole import write_whole

    target = path_of(config_path)
    try:
        lines = [line for path in files for line in lines_of(path.read_bytes(), path.name, language)]
        own = merged(lines, own_texts(config_path))
        if own or target.exists():
            target.parent.mkdir(exist_ok=True)
            write_whole(target, toml_text(own).encode())
            target.chmod(0o644)  # every program of the centre reads it, each under its own account
    except TextsError as error:
        fail(f"{error}\nNothing was changed.", EXIT_CONFIG)
    except OSError as error:
        fail(f"{error.filename or target}: {error.strerror}. Nothing was changed.", EXIT_REFUSED)
    said = {key: dict(by_language) for key, by_language in own.items()}
    if as_json:
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode({"file": str(target), "texts": said})).decode())
        return
    count = sum(map(len, said.values()))
    click.echo(f"{len(lines)} texts read; {count} differ from the program's words, in {target}.")
