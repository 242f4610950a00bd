"""Commands and their options. Each program is imported only when it is asked for."""

import asyncio
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from walkin.aloud import recordings, voice
from walkin.devices import ca, device
from walkin.ending import EXIT_CONFIG, EXIT_DISK, EXIT_MISTAKE, EXIT_REFUSED, fail, load_centre, words_of
from walkin.options import config_option, server_address
from walkin.pairing import pair
from walkin.paper import check_profiles, printer_bridge, printers
from walkin.roster import roster
from walkin.safekeeping import backup, restore, verify
from walkin.screens import board, counsellor, kiosk, reception
from walkin.simulate import simulate
from walkin.staff import staff
from walkin.terminal import terminal
from walkin.texts import texts
from walkin.visitors import visitors
from walkin.waits import waits

if TYPE_CHECKING:
    from config.model import Centre
    from printers.simulator.paper import Paper


@click.group()
@click.version_option(package_name=None, version="0.1.0", prog_name="walkin")
def main() -> None:
    """The anonymous walk-in queue of a Cité des métiers / Beroepenpunt."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # a closed terminal ends its program, whoever started it


for command in (
    kiosk,
    board,
    counsellor,
    reception,
    terminal,
    ca,
    device,
    staff,
    roster,
    waits,
    visitors,
    texts,
    printers,
    printer_bridge,
    voice,
    recordings,
    backup,
    restore,
    verify,
    simulate,
):
    main.add_command(command)
device.add_command(pair)


@main.command()
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def check(config_path: Path, as_json: bool) -> None:
    """Check a configuration file, the news beside it and the centre's texts, and say what was found."""
    centre = load_centre(config_path)
    check_profiles(centre, config_path)
    import msgspec

    from config.findings import findings, summary
    from config.news import NEWS_FILE, read_news
    from config.own_texts import own_texts
    from config.problem import ConfigError, TextsError
    from printers.profiles import profile_widths

    own = own_texts(config_path)
    if own.problems:
        fail(TextsError(own.problems), EXIT_CONFIG)
    try:
        news = read_news(config_path.with_name(NEWS_FILE), centre)
    except ConfigError as error:
        fail(error, EXIT_CONFIG)
    found = findings(centre, own, profile_widths(), len(news))
    click.echo(msgspec.json.format(msgspec.json.encode(found)).decode() if as_json else summary(found))


def _placed(centre: "Centre", places: tuple[str, ...]) -> "Centre":
    """The centre with its printers where `--printer NAME=HOST:PORT` says."""
    from msgspec.structs import replace

    where: dict[str, tuple[str, int]] = {}
    for place in places:
        name, equals, address = place.partition("=")
        host, colon, port = address.rpartition(":")
        if not (equals and colon and host and port.isdigit()):
            raise click.BadParameter(f"{place!r} is not NAME=HOST:PORT", param_hint="--printer")
        if all(name != printer.name for printer in centre.printers):
            raise click.BadParameter(f"the centre has no printer {name!r}", param_hint="--printer")
        where[name] = (host, int(port))
    printers = tuple(
        replace(printer, host=where[printer.name][0], port=where[printer.name][1])
        if printer.name in where
        else printer
        for printer in centre.printers
    )
    return replace(centre, printers=printers)


@main.command()
@config_option
@click.option(
    "--data",
    "directory",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Directory of the day files; one server at a time.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8765, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one."
)
@click.option(
    "--printer",
    "places",
    multiple=True,
    metavar="NAME=HOST:PORT",
    help="Where a printer of the configuration stands now. May be given several times.",
)
def server(config_path: Path, directory: Path, host: str, port: int, places: tuple[str, ...]) -> None:
    """Run the queue server."""
    centre = _placed(load_centre(config_path), places)
    check_profiles(centre, config_path)
    from config.news import NEWS_FILE
    from printers.outcome import SpoolError
    from queue_server.app import Beside, MistakeError, serve
    from queue_server.log_port import LogError
    from queue_server.store.authority import AuthorityError
    from queue_server.store.house import DirectoryInUseError
    from walkin.logs import configure_logs

    configure_logs()
    beside = Beside(words_of(config_path), config_path.with_name(NEWS_FILE))

    def announce(url: str) -> None:
        click.echo(f"walkin server ready on {url}")

    async def run() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, stop.set)
        await serve(centre, directory, host, port, stop, announce, beside)

    try:
        asyncio.run(run())
    except DirectoryInUseError as error:
        fail(error, EXIT_REFUSED)
    except AuthorityError as error:
        fail(error, EXIT_CONFIG)
    except (LogError, SpoolError) as error:
        fail(error, EXIT_DISK)
    except MistakeError as error:
        fail(error, EXIT_MISTAKE)
    except OSError as error:
        fail(
            f"The server cannot start on {host}:{port} with {directory}: {error.strerror}. "
            "Take another --port, or check the directory.",
            EXIT_REFUSED,
        )


@main.command(context_settings={"show_default": True})
@click.option("--host", default="127.0.0.1", help="Address to listen on.")
@click.option("--port", default=9100, type=click.IntRange(0, 65535), help="TCP port; 0 takes a free one.")
@click.option("--pty", is_flag=True, help="On a pseudo terminal, as a serial printer, instead of TCP.")
@click.option(
    "--link",
    type=click.Path(path_type=Path),
    default=None,
    help="With --pty: a name for the terminal that stays the same.",
)
@click.option(
    "--flow-control/--no-flow-control",
    default=True,
    help="With --pty: a full printer makes the host wait, or loses bytes.",
)
@click.option(
    "--slips",
    "directory",
    type=click.Path(file_okay=False, path_type=Path),
    default=None,
    help="Keep every slip here as picture, text and bytes.",
)
@click.option("--width", "width_dots", type=click.Choice(["384", "512", "576"]), default="576")
@click.option(
    "--buffer", "buffer_bytes", type=click.IntRange(1), default=4096, help="Its receive buffer in bytes."
)
@click.option(
    "--speed", "dots_per_s", type=click.FloatRange(1), default=1200.0, help="Dots of paper it feeds a second."
)
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="COMMAND",
    help='A command obeyed at the start, such as "paper out 300". May be given several times.',
)
def printer(host: str, port: int, directory: Path | None, width_dots: str, **trial: Any) -> None:
    """Run a simulated ESC/POS printer that shows every slip. Ctrl+C ends it.

    Type "help" while it runs: it misbehaves on command, and answers with its state.
    """
    from printers.simulator.commands import NotUnderstood
    from printers.simulator.serve import Trial, run
    from printers.simulator.terminal import shown

    def announce(paper: "Paper") -> None:
        click.echo(shown(paper))

    set_up = Trial(**trial, typed=sys.stdin.fileno() if sys.stdin else None)
    try:
        asyncio.run(run(host, port, directory, int(width_dots), announce, set_up, click.echo))
    except (KeyboardInterrupt, asyncio.CancelledError):
        click.echo("")
    except OSError as error:
        fail(f"The printer cannot be on {trial['link'] or f'{host}:{port}'}: {error.strerror}.", EXIT_REFUSED)
    except NotUnderstood as error:
        fail(error, EXIT_CONFIG)


@main.command()
@config_option
@click.option("--seed", default=1, show_default=True, help="The same seed is the same day.")
@click.option("--visitors", default=250, show_default=True, type=click.IntRange(1, 2000))
@click.option(
    "--speed",
    default=1000.0,
    show_default=True,
    type=click.FloatRange(1, 100_000),
    help="Simulated seconds in one second. Waits mean something up to 1000.",
)
@click.option(
    "--server",
    "url",
    default=None,
    callback=server_address,
    help="Play on this running server of this machine (with --data); by default on one of its own.",
)
@click.option(
    "--data",
    "directory",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=None,
    help="With --server: its data directory. The day's terminals belong to it until the day is over.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def day(config_path: Path, url: str | None, directory: Path | None, as_json: bool, **played: Any) -> None:
    """Play a day in the life of the centre and check that nothing was lost."""
    if (url is None) is not (directory is None):
        raise click.UsageError(
            "--server and --data go together: the address and the directory of one server."
        )
    running = None if url is None or directory is None else (url, directory)
    _play(config_path, running=running, as_json=as_json, **played)


def _play(
    config_path: Path,
    *,
    seed: int,
    visitors: int,
    speed: float,
    running: tuple[str, Path] | None,
    as_json: bool,
) -> None:
    centre = load_centre(config_path)
    from walkin.day import report
    from walkin.day.play import play_day
    from walkin.day.trouble import DayError

    try:
        with report.progress_bar() as progress:
            result = asyncio.run(
                play_day(
                    centre,
                    seed=seed,
                    visitors=visitors,
                    speed=speed,
                    running=running,
                    progress=progress,
                )
            )
    except DayError as error:
        fail(error, EXIT_REFUSED)
    click.echo(report.as_json(result) if as_json else report.render(result))
    sys.exit(0 if result.ok else EXIT_REFUSED)


@main.command()
@config_option
def demo(config_path: Path) -> None:
    """Play with a whole centre in this terminal; without a terminal, play a simulated day instead."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        click.echo("No terminal here: playing a simulated day instead, for about half a minute.", err=True)
        _play(config_path, seed=1, visitors=250, speed=1000.0, running=None, as_json=False)
    centre = load_centre(config_path)
    from walkin.demo.run import demonstrate
    from walkin.stand import StandError

    try:
        asyncio.run(demonstrate(config_path, centre))
    except StandError as error:
        fail(error, EXIT_REFUSED)
