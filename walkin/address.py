"""Where the queue server is, on the command line of every program that asks it."""

from urllib.parse import urlsplit

import click


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


server_option = click.option(
    "--server",
    "url",
    default="ws://127.0.0.1:8765",
    show_default=True,
    callback=server_address,
    help="Address of the queue server.",
)
