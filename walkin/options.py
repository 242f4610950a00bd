"""What several commands take on their command line."""

from contextlib import suppress
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import click

DEFAULT_CONFIG = Path(__file__).parent.parent / "config" / "brussels.toml"

config_option = click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path),
    default=DEFAULT_CONFIG,
    show_default="config/brussels.toml",
    help="The centre's configuration file.",
)
data_option = click.option(
    "--data",
    "directory",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("/var/lib/walkin"),
    show_default=True,
    help="Data directory of the server.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


def a_day(_: click.Context, __: click.Parameter, day: str | None) -> str | None:
    """A click callback: a date of these years, or none; BadParameter says how one looks."""
    from config.roster import YEARS

    if day is None:
        return None
    with suppress(ValueError):
        found = date.fromisoformat(day)
        if found.year in YEARS and found.isoformat() == day:
            return day
    raise click.BadParameter(f"{day!r} is no day, for example 2026-12-01")


def server_address(_: click.Context, __: click.Parameter, url: str | None) -> str | None:
    """A click callback: a way to a queue server, or none; BadParameter says how one looks."""
    if url is None:
        return None
    try:
        parts = urlsplit(url)
        named = bool((parts.hostname or "").encode("idna")) and parts.port != 0
    except ValueError:  # a port above 65535, or a name that can be none
        named = False
    if not named or parts.scheme not in {"ws", "wss"} or parts.fragment or parts.username is not None:
        raise click.BadParameter(f"{url!r} names no host and port, for example ws://127.0.0.1:8765")
    return url
