"""How commands end: their exit statuses, and the sentence that says why."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from config.model import Centre
    from config.phrases import Phrases

EXIT_REFUSED = 1
EXIT_CONFIG = 2
EXIT_DISK = 70
"""The disk failed: a supervisor starts the server again, nothing is retried inside."""
EXIT_MISTAKE = 71
"""A mistake of ours: the same."""


def fail(message: object, code: int) -> NoReturn:
    """Say what is wrong on standard error, and end with this exit status."""
    click.echo(str(message), err=True)
    sys.exit(code)


def end_as(status: int | None) -> NoReturn:
    """End as a screen did; none: its terminal went away, and whoever started it has to know."""
    sys.exit(EXIT_REFUSED if status is None else status)


def log_of(directory: Path, name: str) -> None:
    """Log into a file of this name: a screen is other people's. Without a disk it works all the same."""
    from walkin.logs import log_into

    try:
        log_into(directory / f"{name}.log")
    except OSError as error:
        click.echo(f"This screen has no log: it cannot write in {directory} ({error.strerror}).", err=True)


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


def words_of(config_path: Path) -> "Phrases":
    """The texts of the centre: its own where it has them. One that cannot be used is logged, and not said."""
    import structlog

    from config.own_texts import own_texts

    log = structlog.get_logger()
    own = own_texts(config_path)
    for problem in own.problems:
        log.warning("texts.not_used", problem=str(problem))
    return own.phrases
