"""Lets staff hear how a call or a text sounds, without a board and without a visitor."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from walkin.ending import EXIT_CONFIG, EXIT_REFUSED, fail, load_centre, words_of
from walkin.options import config_option, json_option

if TYPE_CHECKING:
    from config.model import Centre
    from config.phrases import Phrases
    from voice.sentences import Clip


@click.command()
@config_option
@click.option("--text", default=None, help="Read this aloud, as a kiosk does.")
@click.option("--call", "code", default=None, metavar="TICKET", help='Call this ticket, as in "K 042".')
@click.option("--desk", default=None, help="With --call: the desk; by default the first of the centre.")
@click.option(
    "--language", default=None, help="Of the text, or of the visitor; by default the centre's first."
)
@click.option(
    "--to",
    "out",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help="Write a WAV file instead of playing it.",
)
@json_option
def voice(
    config_path: Path,
    text: str | None,
    code: str | None,
    desk: str | None,
    language: str | None,
    out: Path | None,
    *,
    as_json: bool,
) -> None:
    """Hear a call or a text with the voice of the centre: its engine, speed, numbers and languages."""
    centre = load_centre(config_path)
    if (text is None) is (code is None):
        raise click.UsageError("Give either --text or --call.")
    if language is not None and language not in centre.languages.all:
        known = ", ".join(centre.languages.all)
        fail(f"The centre has no language {language!r}. It has: {known}.", EXIT_CONFIG)
    language = language or centre.languages.official[0]
    if code is None:
        from voice.sentences import of_text

        clips = of_text(text or "", language)
    else:
        clips = _call(centre, words_of(config_path), code, desk or centre.desks[0].id, language)
    if not clips and code is None:
        raise click.UsageError("There is nothing to say.")
    if out is not None and out.exists() and not out.is_file():
        raise click.UsageError(f"--to {out} is no file: it would be put in its place.")
    _hear(centre, clips, chime=code is not None, out=out, as_json=as_json)


def _call(centre: "Centre", phrases: "Phrases", code: str, desk: str, language: str) -> "tuple[Clip, ...]":
    """What a board says for this ticket today."""
    import msgspec

    from config.phrases import order_of_day
    from protocol.ids import TicketCode
    from protocol.views import BoardCall
    from voice.sentences import of_call

    bare = "".join(code.split()).upper()
    try:
        ticket = msgspec.convert(bare, TicketCode)
    except msgspec.ValidationError:
        fail(f'{code!r} is no ticket: write a letter and at least three digits, as in "K 042".', EXIT_CONFIG)
    if desk not in {known.id for known in centre.desks}:
        fail(f"The centre has no desk {desk!r}.", EXIT_CONFIG)
    called = BoardCall(
        call=1,
        ticket=ticket,
        field=centre.fields[0].id,
        desk=desk,
        at=datetime.now(UTC),
        recall=False,
        languages=(language,),
    )
    order = order_of_day(centre.languages.official, date.today())  # noqa: DTZ011 - of this machine, as people see it
    return of_call(called, order, centre, phrases)


def _hear(centre: "Centre", clips: "Sequence[Clip]", *, chime: bool, out: Path | None, as_json: bool) -> None:
    """Make everything, then play or write it; ends with status 1 and a sentence when that cannot be."""
    import msgspec

    from voice import sound
    from voice.engines import engines_of
    from voice.player import Player
    from voice.shelf import Shelf
    from voice.trouble import VoiceError
    from walkin.logs import configure_logs

    configure_logs()
    if centre.voice.engine == "off" or (centre.voice.engine == "chime" and not chime):
        fail(f'The voice of this centre is "{centre.voice.engine}": it says nothing.', EXIT_REFUSED)
    shelf, player = Shelf(engines_of(centre.voice), centre.voice.volume), Player()
    spoken = clips if centre.voice.engine != "chime" else ()

    async def hear() -> float:
        paths = [await shelf.chime()] if chime else []
        paths += [await shelf.clip(clip) for clip in spoken]
        sounds = [sound.read(path) for path in paths]
        if out is not None:
            sound.write(sound.joined(sounds), out)
        else:
            for path in paths:
                await player.play(path)
        return sum(one.seconds for one in sounds)

    try:
        seconds = asyncio.run(hear())
    except VoiceError as error:
        fail(error, EXIT_REFUSED)
    except OSError as error:
        fail(f"{out} cannot be written: {error.strerror}.", EXIT_REFUSED)
    said = [{"language": clip.language, "text": clip.text} for clip in spoken]
    result = {
        "said": said,
        "chime": chime,
        "engine": centre.voice.engine,
        "player": None if out else player.program,
        "file": str(out) if out else None,
        "seconds": round(seconds, 1),
    }
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(result)).decode())
        return
    for clip in spoken:
        click.echo(f"{clip.language}  {clip.text}")
    click.echo(f"{seconds:.1f} s, {f'written to {out}' if out else f'played by {player.program}'}")


@click.command()
@config_option
@json_option
def recordings(config_path: Path, *, as_json: bool) -> None:
    """List the recordings that the centre's own voice still lacks, for its tickets and desks."""
    centre = load_centre(config_path)
    import msgspec

    from voice.recordings import missing

    if centre.voice.engine != "clips":
        fail('The centre has no recordings: its voice is not engine = "clips".', EXIT_CONFIG)
    names = missing(centre)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(names)).decode())
    else:
        for name in names:
            click.echo(name)
        click.echo(f"{len(names)} recordings are missing in {centre.voice.clips}.", err=True)
    if names:
        raise SystemExit(EXIT_REFUSED)
