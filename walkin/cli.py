"""Commands and their options. Each program is imported only when it is asked for."""

import asyncio
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from protocol.epochs import state_directory
from walkin.address import server_address, server_option
from walkin.paper import check_profiles, printer_bridge, printers
from walkin.safekeeping import backup, restore

if TYPE_CHECKING:
    from config.model import Centre
    from printers.simulator.paper import Paper

Command = TypeVar("Command", bound=Callable[..., None])

EXIT_REFUSED = 1
EXIT_CONFIG = 2
EXIT_DISK = 70
"""The disk failed: a supervisor starts the server again, nothing is retried inside."""
EXIT_MISTAKE = 71
"""A mistake of ours: the same."""

DEFAULT_CONFIG = Path(__file__).parent.parent / "config" / "brussels.toml"

config_option = click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path),
    default=DEFAULT_CONFIG,
    show_default="config/brussels.toml",
    help="The centre's configuration file.",
)


def fail(message: object, code: int) -> NoReturn:
    """Say what is wrong on standard error, and end with this exit status."""
    click.echo(str(message), err=True)
    sys.exit(code)


def end_as(status: int | None) -> NoReturn:
    """End as a screen did; none: its terminal went away, and whoever started it has to know."""
    sys.exit(EXIT_REFUSED if status is None else status)


def load_centre(path: Path) -> "Centre":
    """The centre, or an end with every problem of its file named."""
    from config.load import load
    from config.phrases import Phrases
    from config.problem import ConfigError

    try:
        centre = load(path)
        Phrases.load()  # a missing text ends the program here, not at the first screen that says it
    except ConfigError as error:
        fail(error, EXIT_CONFIG)
    return centre


@click.group()
@click.version_option(package_name=None, version="0.1.0", prog_name="walkin")
def main() -> None:
    """The anonymous walk-in queue of a Cité des métiers / Beroepenpunt."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # a closed terminal ends its program, whoever started it


for command in (printers, printer_bridge, backup, restore):
    main.add_command(command)


@main.command()
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def check(config_path: Path, as_json: bool) -> None:
    """Check a configuration file and the texts, and say what was found."""
    centre = load_centre(config_path)
    check_profiles(centre, config_path)
    import msgspec

    from config.findings import findings, summary
    from printers.profiles import profile_widths

    found = findings(centre, profile_widths())
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
    from printers.outcome import SpoolError
    from queue_server.app import MistakeError, serve
    from queue_server.log_port import LogError
    from queue_server.store.house import DirectoryInUseError
    from walkin.logs import configure_logs

    configure_logs()

    def announce(url: str) -> None:
        click.echo(f"walkin server ready on {url}")

    async def run() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, stop.set)
        await serve(centre, directory, host, port, stop, announce)

    try:
        asyncio.run(run())
    except DirectoryInUseError as error:
        fail(error, EXIT_REFUSED)
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


@main.command()
@config_option
@server_option
@click.option(
    "--name", default="kiosk-1", show_default=True, help="Which kiosk of the configuration this is."
)
@click.option(
    "--data",
    "directory",
    type=click.Path(file_okay=False, path_type=Path),
    default=state_directory,
    show_default="~/.local/state/walkin",
    help="Directory of the kiosk's own file: the numbers that it gives while the server is away.",
)
def kiosk(config_path: Path, url: str, name: str, directory: Path) -> None:
    """Run a kiosk. It is locked: no key ends it, its service does (or closing the terminal)."""
    centre = load_centre(config_path)
    if name not in centre.kiosks_by_name:
        known_names = ", ".join(known.name for known in centre.kiosks)
        fail(f"{config_path}: there is no kiosk {name!r}. There are: {known_names}.", EXIT_CONFIG)
    from config.phrases import Phrases
    from kiosk.app import alone_in, run
    from kiosk.keep import InUseError
    from walkin.logs import configure_logs

    phrases, alone = Phrases.load(), None
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        configure_logs((directory / f"{name}.log").open("a", encoding="utf-8"))  # the screen is the visitors'
        alone = alone_in(centre, phrases, name, directory)
    except InUseError as error:
        fail(error, EXIT_REFUSED)
    except OSError as error:
        click.echo(
            f"This kiosk gives no tickets while the server is away: it cannot write in {directory} "
            f"({error.strerror}). Free the disk, or take another --data.",
            err=True,
        )
    end_as(run(centre, phrases, url, name, alone))


@main.command()
@config_option
@server_option
@click.option("--name", default="board-1", show_default=True, help="Name of this board.")
def board(config_path: Path, url: str, name: str) -> None:
    """Run a waiting-room board. It is locked: no key ends it, its service does (or closing the terminal)."""
    centre = load_centre(config_path)
    from config.phrases import Phrases
    from display_board.terminal.app import run

    end_as(run(centre, Phrases.load(), url, name))


language_option = click.option(
    "--language", default=None, help="Language of the screen; by default the first of the centre."
)


def _language(centre: "Centre", language: str | None) -> str:
    if language is not None and language not in centre.languages.all:
        known = ", ".join(centre.languages.all)
        fail(f"The centre has no language {language!r}. It has: {known}.", EXIT_CONFIG)
    return language or centre.languages.official[0]


@main.command()
@config_option
@server_option
@click.option("--desk", required=True, help="The desk this terminal stands at.")
@language_option
def counsellor(config_path: Path, url: str, desk: str, language: str | None) -> None:
    """Run the terminal of a counsellor's desk. Ctrl+Q ends it."""
    centre = load_centre(config_path)
    if all(desk != known.id for known in centre.desks):
        known_desks = ", ".join(known.id for known in centre.desks)
        fail(f"{config_path}: there is no desk {desk!r}. There are: {known_desks}.", EXIT_CONFIG)
    from config.phrases import Phrases
    from desk.counsellor.app import run

    end_as(run(centre, Phrases.load(), url, desk, _language(centre, language)))


@main.command()
@config_option
@server_option
@click.option("--name", default="reception-1", show_default=True, help="Name of this terminal.")
@language_option
def reception(config_path: Path, url: str, name: str, language: str | None) -> None:
    """Run reception's live view of the whole queue. Ctrl+Q ends it."""
    centre = load_centre(config_path)
    from config.phrases import Phrases
    from desk.reception.app import run

    end_as(run(centre, Phrases.load(), url, name, _language(centre, language)))


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
    help="Play on this running server; by default on one of its own.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def day(config_path: Path, seed: int, visitors: int, speed: float, url: str | None, as_json: bool) -> None:
    """Play a day in the life of the centre and check that nothing was lost."""
    _play(config_path, seed=seed, visitors=visitors, speed=speed, url=url, as_json=as_json)


def _play(
    config_path: Path, *, seed: int, visitors: int, speed: float, url: str | None, as_json: bool
) -> None:
    centre = load_centre(config_path)
    from walkin.day import report
    from walkin.day.play import play_day
    from walkin.day.trouble import DayError

    try:
        with report.progress_bar() as progress:
            result = asyncio.run(
                play_day(
                    centre, config_path, seed=seed, visitors=visitors, speed=speed, url=url, progress=progress
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
        _play(config_path, seed=1, visitors=250, speed=1000.0, url=None, as_json=False)
    centre = load_centre(config_path)
    from walkin.demo.run import demonstrate
    from walkin.stand import StandError

    try:
        asyncio.run(demonstrate(config_path, centre))
    except StandError as error:
        fail(error, EXIT_REFUSED)
