"""A command that writes visitors of days that have ended, so that those days can be simulated again."""

from pathlib import Path

import click

from walkin.devices import ending_in_words, settle, there
from walkin.ending import EXIT_REFUSED, fail, load_centre
from walkin.options import a_day, config_option, data_option

DAYS_MAX = 366


@click.command()
@click.option("--day", callback=a_day, help="Only this one, for example 2026-12-01.")
@click.option(
    "--days",
    type=click.IntRange(1, DAYS_MAX),
    default=60,
    show_default=True,
    help="The newest so many days that have ended.",
)
@config_option
@data_option
def visitors(day: str | None, days: int, config_path: Path, directory: Path) -> None:
    """Visitors of days that have ended, as CSV on standard output: for walkin simulate --replay.

    Of each visitor the hour is known and no minute: they are spread over it. Those who went without a ticket
    are among them.
    """
    centre = load_centre(config_path)
    from walkin.past import past_of
    from walkin.visitors_told import visitors_csv

    with ending_in_words():
        settle(there(directory), centre, config_path)
    past = past_of(directory, days if day is None else DAYS_MAX)
    if day is not None:
        past = {known: one for known, one in past.items() if known == day}
    if not past:
        newest = (
            f"{day} is none of the newest {DAYS_MAX} days that have ended."
            if day
            else "No day has ended yet."
        )
        fail(f"{newest} The server adds each day that has ended.", EXIT_REFUSED)
    text, left_out = visitors_csv(past, centre)
    click.echo(text, nl=False)
    if left_out:
        click.echo(
            f"{left_out} left out: by the centre's file it has not their field or language, or is closed on "
            "their weekday.",
            err=True,
        )
