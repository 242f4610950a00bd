"""Commands and their options. Each program is imported only when it is asked for."""

import asyncio
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from config.model import Centre

EXIT_REFUSED = 1
EXIT_CONFIG = 2
EXIT_DISK = 70
"""The disk failed: a supervisor starts the server again, nothing is retried inside."""

DEFAULT_CONFIG = Path(__file__).parent.parent / "config" / "brussels.toml"

config_option = click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path),
    default=DEFAULT_CONFIG,
    show_default="config/brussels.toml",
    help="The centre's configuration file.",
)
server_option = click.option(
    "--server", "url", default="ws://127.0.0.1:8765", show_default=True, help="Address of the queue server."
)


def fail(message: object, code: int) -> NoReturn:
    """Say what is wrong on standard error, and end with this exit status."""
    click.echo(str(message), err=True)
    sys.exit(code)


def load_centre(path: Path) -> "Centre":
    """The centre, or an end with every problem of its file named."""
    from config.load import ConfigError, load

    try:
        return load(path)
    except ConfigError as error:
        fail(error, EXIT_CONFIG)


@click.group()
@click.version_option(package_name=None, version="0.1.0", prog_name="walkin")
def main() -> None:
    """The anonymous walk-in queue of a Cité des métiers / Beroepenpunt."""


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
def server(config_path: Path, directory: Path, host: str, port: int) -> None:
    """Run the queue server."""
    centre = load_centre(config_path)
    from queue_server.app import serve
    from queue_server.store.day_log import LogError
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
    except LogError as error:
        fail(error, EXIT_DISK)
    except OSError as error:
        fail(f"The server cannot listen on {host}:{port}: {error.strerror}.", EXIT_REFUSED)
