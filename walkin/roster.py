"""Commands for the server's own console: who is planned to work when, and what nobody covers then."""

import asyncio
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from walkin.devices import by_hand, ending_in_words, opened, settle, there
from walkin.ending import EXIT_CONFIG, EXIT_REFUSED, fail, load_centre
from walkin.options import a_day, config_option, data_option, json_option

if TYPE_CHECKING:
    from config.model import Centre
    from config.roster import Roster

DAYS_MAX = 366
"""Days that are looked at ahead."""


@click.group()
def roster() -> None:
    """Who is planned to work when. On the server's machine, while it runs or not."""


@roster.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@config_option
@data_option
@json_option
def import_(file: Path, config_path: Path, directory: Path, as_json: bool) -> None:
    """Make FILE the roster: CSV (staff,day,from,to and what else is wanted) or TOML. Tells what changes.

    All of it or nothing: while there is a mistake in it nothing changes.
    """
    centre = load_centre(config_path)
    after = _of_file(file, centre)

    async def put() -> "Roster | None":
        async with opened(directory) as registry:
            before = await registry.roster()
            return before if await registry.plan(before, after, by_hand()) else None

    with ending_in_words():
        settle(directory, centre, config_path)
        before = asyncio.run(put())
    if before is None:
        fail("Somebody else has changed the roster at this moment. Do it again.", EXIT_REFUSED)
    from config.roster import changes
    from walkin.roster_told import changes_as_table, changes_in_words

    found = changes(before, after)
    _tell(changes_as_table(found), changes_in_words(found), as_json=as_json)
    if not as_json:
        click.echo(
            f"{len(found.added)} added, {len(found.changed)} changed, {len(found.removed)} removed; "
            f"the roster has {len(after.lines)} lines."
        )


@roster.command()
@click.option("--day", callback=a_day, help="Only who is on duty on this day, for example 2026-12-01.")
@config_option
@data_option
@json_option
def show(day: str | None, config_path: Path, directory: Path, as_json: bool) -> None:
    """The roster, line by line; or who is on duty on one day."""
    from config.roster import on_day
    from walkin.roster_told import closed_in_words, duty_in_words, line_as_table, line_in_words

    centre = load_centre(config_path)
    found = _of_centre(directory, centre, config_path)
    if day is None:
        _tell(list(map(line_as_table, found.lines)), map(line_in_words, found.lines), as_json=as_json)
        return
    duties = on_day(found, centre, day)
    names = {member.id: member.name for member in centre.counsellors}
    names |= {member.id: member.name for member in centre.receptionists}
    rows = (f"{duty.staff:<12} {names[duty.staff]:<30} {duty_in_words(duty)}" for duty in duties)
    _tell(duties, rows, as_json=as_json)
    if not duties:
        why_not = closed_in_words(found, centre, day)
        click.echo(why_not or f"Nobody is on duty on {day}.", err=True)


@roster.command()
@data_option
def export(directory: Path) -> None:
    """The roster as CSV on standard output: for a spreadsheet, and to be imported again."""
    from config.roster_file import write_roster

    with ending_in_words():
        found = asyncio.run(_stored(there(directory)))
    click.echo(write_roster(found), nl=False)


@roster.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--from", "first", callback=a_day, help="The first day to look at.  [default: today]")
@click.option("--days", default=7, show_default=True, type=click.IntRange(1, DAYS_MAX), help="So many days.")
@config_option
@data_option
@json_option
def check(
    file: Path | None, first: str | None, days: int, config_path: Path, directory: Path, as_json: bool
) -> None:
    """Say day by day what nobody covers, and what one person covers alone.

    Of the centre's roster; or of FILE, before it is imported. Exit status 1 when at any time nobody covers a
    field in an official language.
    """
    from walkin.roster_told import day_in_words, day_told, that_fit_no_more

    centre = load_centre(config_path)
    found = _of_file(file, centre) if file else _of_centre(directory, centre, config_path)
    for line in that_fit_no_more(found, centre):
        click.echo(line, err=True)
    begin = date.fromisoformat(first) if first else datetime.now(ZoneInfo(centre.timezone)).date()
    told = [day_told(found, centre, (begin + timedelta(days=day)).isoformat()) for day in range(days)]
    _tell(told, (row for day in told for row in day_in_words(day)), as_json=as_json)
    if any(day.uncovered for day in told):
        raise SystemExit(EXIT_REFUSED)


@roster.command()
@click.option("--day", callback=a_day, help="The day to look at.  [default: the next one that is open]")
@config_option
@data_option
@json_option
def advise(day: str | None, config_path: Path, directory: Path, as_json: bool) -> None:
    """Say where one day of the roster is too thin for what the centre's own past days asked for.

    Names groups of fields and languages for which too few are on duty, and breaks that had better be taken at
    another time. Changes nothing. Exit status 1 when too few past days are known.
    """
    from config.roster import on_day, opening, weekday_of
    from queue_server.closing import DAYS_LEARNED
    from queue_server.forecast.advice import advice
    from queue_server.forecast.asked import DAYS_ENOUGH
    from walkin.past import past_of
    from walkin.roster_advice import advice_in_words, next_open

    centre = load_centre(config_path)
    found = _of_centre(directory, centre, config_path)
    day = day or next_open(found, centre, datetime.now(ZoneInfo(centre.timezone)).date(), DAYS_MAX)
    if day is None:
        fail(f"The centre is not open on any of the next {DAYS_MAX} days.", EXIT_REFUSED)
    hours = opening(found, centre, day)
    if hours is None:
        fail(f"The centre is closed on {day}, a {weekday_of(day)}.", EXIT_REFUSED)
    told = advice(past_of(directory, DAYS_LEARNED), centre, day, hours, on_day(found, centre, day))
    if told is None:
        fail(
            f"Too few past days are known to say anything: {DAYS_ENOUGH} are needed on which visitors came. "
            "The server adds each day that has ended.",
            EXIT_REFUSED,
        )
    _tell(told, advice_in_words(told), as_json=as_json)


def _of_file(file: Path, centre: "Centre") -> "Roster":
    from config.problem import RosterError
    from config.roster_file import read_roster

    try:
        return read_roster(file, centre)
    except RosterError as error:
        fail(error, EXIT_CONFIG)


def _of_centre(directory: Path, centre: "Centre", config_path: Path) -> "Roster":
    with ending_in_words():
        settle(there(directory), centre, config_path)
        found = asyncio.run(_stored(directory))
    if not found.lines:
        click.echo(f"There is no roster at {directory} yet: walkin roster import.", err=True)
    return found


async def _stored(directory: Path) -> "Roster":
    async with opened(directory) as registry:
        return await registry.roster()


def _tell(values: object, rows: Iterable[str], *, as_json: bool) -> None:
    if as_json:
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode(values)).decode())
        return
    for row in rows:
        click.echo(row)
