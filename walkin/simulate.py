"""The command for whoever plans the staff: simulated days against a roster and a rule."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from walkin.ending import EXIT_CONFIG, EXIT_REFUSED, fail, load_centre, words_of
from walkin.options import config_option, json_option

if TYPE_CHECKING:
    from config.model import Centre, Weekday
    from config.roster import Roster as Week
    from walkin.planning.assumptions import Assumptions
    from walkin.planning.changes import Roster
    from walkin.planning.study import Found, Setting

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LANGUAGES = ("fr", "nl", "de", "en")
VISITORS_MAX = 2000
DAYS_MAX = 2000
"""Every visitor of every day is kept until the end: some 300 MB."""
RULES = ("fifo", "scarcity", "hard-scarcity", "priority-first", "own-field-first", "transfers-last")


class Asked(NamedTuple):
    """What the command line asks for, but for where the results go."""

    days: int
    seed: int
    visitors: int | None
    weekday: "Weekday | None"
    roster_path: Path | None
    scenario: str
    policy: str | None
    assumptions_path: Path | None
    replay_path: Path | None
    messy: bool
    what_if: bool


def _file(*, writes: bool = False) -> click.Path:
    return click.Path(dir_okay=False, writable=writes, path_type=Path)


@click.command(context_settings={"show_default": True})
@config_option
@click.option("--days", default=100, type=click.IntRange(1, DAYS_MAX), help="So many days.")
@click.option("--seed", default=1, type=click.IntRange(0, 2**32), help="The same seed gives the same days.")
@click.option(
    "--visitors", type=click.IntRange(1, VISITORS_MAX), help="Mean of a day, instead of the assumed one."
)
@click.option("--weekday", type=click.Choice(WEEKDAYS), help="Only this one; by default all, in turn.")
@click.option(
    "--roster",
    "roster_path",
    type=_file(),
    help="Who works when, CSV or TOML; by default a roster is generated.",
)
@click.option(
    "--scenario", default="normal", help="Size of the generated roster: tight, normal, ample or your own."
)
@click.option(
    "--policy",
    type=click.Choice(RULES),
    help="By which rule visitors are called; by default that of the centre's file.",
)
@click.option(
    "--assumptions",
    "assumptions_path",
    type=_file(),
    help="Your copy of walkin/planning/assumptions.toml: who comes, and how long it takes.",
)
@click.option(
    "--replay", "replay_path", type=_file(), help="Recorded visitors, CSV: minute,field,languages,…"
)
@click.option(
    "--messy/--clean", default=True, help="With absences, silent leavers, calls out of order; or not."
)
@click.option("--what-if/--no-what-if", default=True, help="Try other rules, and a counsellor more or less.")
@click.option("--processes", type=click.IntRange(1, 64), help="By default one for each processor.")
@click.option("--csv", "csv_path", type=_file(writes=True), help="Write every visitor here.")
@click.option("--html", "html_path", type=_file(writes=True), help="Write a page with plots here.")
@click.option("--language", type=click.Choice(LANGUAGES), help="Of the page; by default the centre's first.")
@json_option
def simulate(
    config_path: Path,
    csv_path: Path | None,
    html_path: Path | None,
    language: str | None,
    processes: int | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Simulate many days, to plan the staff: waits, gaps, and what a counsellor more would change.

    Nothing of it touches a running server. The figures behind it are assumptions, and yours to edit.
    """
    centre = load_centre(config_path)
    import msgspec

    from walkin.planning.figures import figures_of
    from walkin.planning.page import page
    from walkin.planning.report import render, visitors_csv
    from walkin.processes import processors

    asked = Asked(**options)
    setting = _setting(centre, asked)
    for path in (csv_path, html_path):
        if path is not None and not path.parent.is_dir():  # rather now than when all days are over
            fail(f"{path} cannot be written: there is no {path.parent}. Take another path.", EXIT_REFUSED)
    found = _simulated(setting, processes or processors())
    figures = figures_of(setting, found)
    if csv_path is not None:
        _write(csv_path, visitors_csv(found))
    if html_path is not None:
        chosen = language or centre.languages.official[0]
        _write(html_path, page(figures, setting, centre, words_of(config_path), chosen))
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(figures)).decode())
    else:
        click.echo(render(figures, _headline(centre, setting, asked)))


def _setting(centre: "Centre", asked: Asked) -> "Setting":
    from msgspec.structs import replace

    from config.problem import ConfigError
    from walkin.planning.assumptions import read_assumptions
    from walkin.planning.changes import changes_of
    from walkin.planning.policy import Rule, rule_of
    from walkin.planning.recorded import read_recorded
    from walkin.planning.study import Setting

    try:
        assumptions = read_assumptions(asked.assumptions_path)
        recorded = () if asked.replay_path is None else read_recorded(asked.replay_path, centre)
        rosters = _rosters(centre, assumptions, asked)
    except ConfigError as error:
        fail(error, EXIT_CONFIG)
    if asked.visitors is not None:
        demand = replace(assumptions.demand, visitors_mean=float(asked.visitors))
        assumptions = replace(assumptions, demand=demand)
    if asked.weekday is not None:
        if asked.weekday not in rosters:
            raise click.UsageError(
                f"The centre is closed on {asked.weekday}: choose one of {', '.join(rosters)}."
            )
        rosters = {asked.weekday: rosters[asked.weekday]}
        recorded = tuple(day for day in recorded if day.weekday in {None, asked.weekday})
        if asked.replay_path is not None and not recorded:
            raise click.UsageError(f"{asked.replay_path} has no {asked.weekday}.")
    some_place = next(iter(rosters.values())).place
    return Setting(
        assumptions=assumptions,
        rosters=rosters,
        days=asked.days,
        seed=asked.seed,
        messy=asked.messy,
        rule=rule_of(some_place) if asked.policy is None else Rule(asked.policy),
        changes=changes_of(rosters.values(), assumptions) if asked.what_if else (),
        recorded=recorded,
    )


def _rosters(centre: "Centre", assumptions: "Assumptions", asked: Asked) -> "dict[Weekday, Roster]":
    """Of every weekday on which the centre is open."""
    from random import Random

    from config.problem import ConfigError, did_you_mean
    from config.roster_file import read_roster
    from walkin.planning.assumptions import SHIPPED
    from walkin.planning.changes import Roster
    from walkin.planning.demand import misfits
    from walkin.planning.place import place_of
    from walkin.planning.staffing import generated, rostered

    if asked.scenario not in assumptions.scenarios:
        hint = did_you_mean(asked.scenario, assumptions.scenarios)
        raise click.BadParameter(f"no scenario is called {asked.scenario!r}; {hint}", param_hint="--scenario")
    scenario = assumptions.scenarios[asked.scenario]
    planned = None if asked.roster_path is None else read_roster(asked.roster_path, centre)
    if planned is not None:
        _look_for_weeks(planned, str(asked.roster_path), centre)
    rosters = {}
    for weekday in centre.hours:
        place = place_of(centre, weekday, assumptions)
        if problems := list(misfits(place, assumptions, str(asked.assumptions_path or SHIPPED))):
            raise ConfigError(problems)
        if planned is None:
            duties = generated(place, assumptions, scenario, Random(f"{asked.seed}: roster of {weekday}"))
        else:
            duties = rostered(planned, weekday, place, assumptions)
        rosters[weekday] = Roster(place=place, duties=duties)
    return rosters


def _look_for_weeks(planned: "Week", file: str, centre: "Centre") -> None:
    """Say what of it is of dates alone, which no simulated day has; ConfigError: all of it."""
    from config.problem import ConfigError, Problem
    from config.roster import Shift

    team = {one.id for one in centre.counsellors}
    weekly = [line for line in planned.lines if line.day in WEEKDAYS]
    if not any(isinstance(line, Shift) and line.staff in team for line in weekly):
        what = "no counsellor works on any weekday"
        raise ConfigError([Problem(file, "", what, "plan a week: simulated days have no dates")])
    dated = len(planned.lines) - len(weekly)
    if dated:
        click.echo(f"{file}: {dated} lines of dates are left out: simulated days have none.", err=True)


def _simulated(setting: "Setting", processes: int) -> "Found":
    from concurrent.futures.process import BrokenProcessPool

    from walkin.planning.study import pieces_of, together, work
    from walkin.processes import progress_bar, spread

    pieces = pieces_of(setting)
    try:
        with progress_bar(len(pieces), "The days") as done:
            return together(spread(work, pieces, done, processes=processes))
    except BrokenProcessPool:
        fail(
            "A process was ended from outside, as a machine does whose memory is full. "
            "Take fewer --processes or --days.",
            EXIT_REFUSED,
        )


def _headline(centre: "Centre", setting: "Setting", asked: Asked) -> str:
    days = "messy" if setting.messy else "clean"
    roster = (
        f"the roster {asked.roster_path}" if asked.roster_path else f"a generated roster ({asked.scenario})"
    )
    visitors = f" and the visitors of {asked.replay_path}" if asked.replay_path else ""
    own = " as in the centre's file" if asked.policy is None else ""
    places = [each.place for each in setting.rosters.values()]
    ends = "while whoever comes would be served by closing" if places[0].ends_intake else "until closing"
    return (
        f"{setting.days} {days} days at {centre.id} with {roster}{visitors}.\n"
        f"Rule {setting.rule.value}{own}, seed {setting.seed}; "
        f"scarcity is worth up to {setting.scarcity_min:g} min.\n"
        f"Tickets are given {ends}."
    )


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        fail(f"{path} cannot be written: {error.strerror}. Take another path.", EXIT_REFUSED)
