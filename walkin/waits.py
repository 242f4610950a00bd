"""A command that says how far the waits could be believed that visitors were told."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from walkin.devices import there
from walkin.options import data_option, json_option

if TYPE_CHECKING:
    from queue_server.forecast.scores import Score

DAYS_MAX = 3660
HEAD = (
    f"{'field':<18} {'languages':<12} {'visitors':>8} {'waited':>8} {'error':>8} {'bias':>8} "
    f"{'near':>7} {'late':>7}"
)


@click.command()
@data_option
@click.option(
    "--days",
    type=click.IntRange(1, DAYS_MAX),
    default=60,
    show_default=True,
    help="The newest so many days that have ended.",
)
@json_option
def waits(directory: Path, days: int, as_json: bool) -> None:
    """How far the waits could be believed that visitors were told, by field and language.

    Minutes on average: how long they waited, how far off the likely wait was, and to which side. Then how
    many were called within ten minutes of it, and how many after their window: one in ten is meant to be.
    """
    import msgspec

    from queue_server.forecast.scores import scores_of
    from walkin.past import promises_of

    scores = scores_of(promises_of(there(directory), days))
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(scores)).decode())
    elif not scores:
        click.echo(
            "Nobody who was told of a wait has been called in these days. "
            "The server adds each day that has ended."
        )
    else:
        click.echo("\n".join([HEAD, *map(_line, scores)]))


def _line(score: "Score") -> str:
    return (
        f"{score.field or 'all':<18} {score.languages or 'all':<12} {score.visitors:>8} "
        f"{score.waited_min:>8.1f} {score.error_min:>8.1f} {score.bias_min:>+8.1f} "
        f"{score.near:>7.0%} {score.late:>7.0%}"
    )
