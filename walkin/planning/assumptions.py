"""What simulated days assume: assumptions.toml beside this module, or a copy that somebody edited."""

import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from config.keys import problems_in
from config.model import Record
from config.problem import ConfigError, Problem
from protocol.ids import FieldId, LanguageCode

SHIPPED = "assumptions.toml"
ASSUMPTIONS_BYTES_MAX = 64 * 1024
"""Ten times what is shipped."""

Share = Annotated[float, Meta(ge=0, le=1)]
Spread = Annotated[float, Meta(ge=0, le=2)]
"""Standard deviation beside the mean."""
Minutes = Annotated[float, Meta(ge=0, le=1440)]
SomeMinutes = Annotated[float, Meta(ge=0.5, le=1440)]
WholeMinutes = Annotated[int, Meta(ge=0, le=1440)]
Weight = Annotated[float, Meta(ge=0, le=1_000_000)]


class OtherField(Record, frozen=True, kw_only=True):
    """A field without figures of its own."""

    weight: Weight


class LanguageWeights(Record, frozen=True, kw_only=True):
    """In which language visitors ask, by the place that a language has in the centre."""

    first: Weight
    other_official: Weight
    further: Weight
    own: dict[LanguageCode, Weight]
    """Of a centre that knows its own: these alone are asked for, when there is one."""


class Demand(Record, frozen=True, kw_only=True):
    """Who comes, and when."""

    visitors_mean: Annotated[float, Meta(ge=1, le=2000)]
    visitors_spread: Spread
    arrivals: tuple[Weight, ...]
    """Of equal parts of the time in which tickets are given."""
    last_ticket_before_close_min: Minutes
    priority_share: Share
    also_first_language_share: Share
    fields: dict[FieldId, Weight]
    other_field: OtherField
    languages: LanguageWeights


class Sessions(Record, frozen=True, kw_only=True):
    """How long a visitor holds a counsellor."""

    spread: Spread
    least_min: Minutes
    overrun_mean_min: SomeMinutes
    other_share_of_limit: Share
    walk_min: Minutes
    wrap_up_least_min: Minutes
    wrap_up_most_min: Minutes
    long_wrap_up_share: Share
    long_wrap_up_least_min: Minutes
    long_wrap_up_most_min: Minutes
    no_show_share: Share
    no_show_takes_min: SomeMinutes
    transfer_share: Share
    no_transfer_before_close_min: Minutes
    mean_min: dict[FieldId, SomeMinutes]


class Staff(Record, frozen=True, kw_only=True):
    """How counsellors work, and the breaks of a generated roster."""

    last_call_before_end_min: Minutes
    speed_spread: Spread
    lunch_min: WholeMinutes
    lunch_from_min: WholeMinutes
    lunch_step_min: WholeMinutes
    lunch_slots: Annotated[int, Meta(ge=1, le=48)]
    half_day_break_min: WholeMinutes
    lunch_from_shift_min: WholeMinutes
    morning_min: WholeMinutes
    afternoon_min: WholeMinutes


class Rules(Record, frozen=True, kw_only=True):
    """Which rules of the centre are simulated."""

    last_tickets: Literal["forecast", "closing"]


class Messy(Record, frozen=True, kw_only=True):
    """What goes off course on a messy day."""

    pace_spread: Spread
    absences: Annotated[int, Meta(ge=0, le=20)]
    absence_least_min: Minutes
    absence_most_min: Minutes
    leaver_share: Share
    patience_least_min: Minutes
    patience_most_min: Minutes
    out_of_order_share: Share


class Scenario(Record, frozen=True, kw_only=True):
    """How many counsellors a generated roster has."""

    whole_days: Annotated[int, Meta(ge=1, le=60)]
    mornings: Annotated[int, Meta(ge=0, le=60)]
    afternoons: Annotated[int, Meta(ge=0, le=60)]


class Spoken(Record, frozen=True, kw_only=True):
    """Languages of one counsellor, and how many counsellors have just these."""

    languages: tuple[LanguageCode, ...]
    weight: Weight


class Reference(Record, frozen=True, kw_only=True):
    """The centre on which the forecast is measured."""

    open_min: Annotated[int, Meta(ge=60, le=1440)]
    session_limit_min: Annotated[int, Meta(ge=5, le=240)]
    official: tuple[LanguageCode, ...]
    further: tuple[LanguageCode, ...]
    counsellors: Annotated[int, Meta(ge=1, le=500)]
    fields_each: tuple[Weight, ...]
    languages_each: tuple[Spoken, ...]


class Assumptions(Record, frozen=True, kw_only=True):
    """All of them."""

    demand: Demand
    sessions: Sessions
    staff: Staff
    rules: Rules
    messy: Messy
    scenarios: dict[str, Scenario]
    reference: Reference


def read_assumptions(path: Path | None = None) -> Assumptions:
    """Those of this file, or the shipped ones; ConfigError names every problem with file and key."""
    if path is None:
        return parse_assumptions((files("walkin.planning") / SHIPPED).read_bytes(), SHIPPED)
    try:
        with path.open("rb") as opened:
            words = opened.read(ASSUMPTIONS_BYTES_MAX + 1)
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        raise ConfigError([Problem(str(path), "", what, "check the path and the rights")]) from error
    return parse_assumptions(words, str(path))


def parse_assumptions(words: bytes, file: str) -> Assumptions:
    """As `read_assumptions`, of what the file holds."""
    if len(words) > ASSUMPTIONS_BYTES_MAX:
        what = f"longer than {ASSUMPTIONS_BYTES_MAX} bytes"
        raise ConfigError([Problem(file, "", what, "begin with a copy of the shipped file")])
    try:
        tree = tomllib.loads(words.decode())
    except (ValueError, RecursionError) as error:  # the first: not UTF-8, no TOML, or a number without end
        raise ConfigError([Problem(file, "", f"not TOML: {error}")]) from error
    problems = list(problems_in(tree, Assumptions, file))
    if problems:
        raise ConfigError(problems)
    read = msgspec.convert(tree, Assumptions)
    problems = list(_inconsistencies(read, file))
    if problems:
        raise ConfigError(problems)
    return read


def _inconsistencies(read: Assumptions, file: str) -> Iterator[Problem]:
    for table, name in (
        ("sessions", "wrap_up"),
        ("sessions", "long_wrap_up"),
        ("messy", "absence"),
        ("messy", "patience"),
    ):
        least = getattr(getattr(read, table), f"{name}_least_min")
        most = getattr(getattr(read, table), f"{name}_most_min")
        if least > most:
            what = f"{most:g} is less than {name}_least_min, {least:g}"
            yield Problem(file, f"{table}.{name}_most_min", what, "swap the two")
    spoken = [each.weight for each in read.reference.languages_each]
    for key, weights in (
        ("demand.arrivals", read.demand.arrivals),
        ("demand.fields", read.demand.fields.values()),
        ("reference.fields_each", read.reference.fields_each),
        ("reference.languages_each", spoken),
    ):
        if not any(weights):
            yield Problem(file, key, "no weight above 0", "give one of them a weight")
    if not any(read.demand.languages.own.values()) and not read.demand.languages.first:
        yield Problem(file, "demand.languages.first", "0, and own has no weight", "give one of them a weight")
    if len(read.reference.fields_each) > len(read.demand.fields):
        what = f"weights for {len(read.reference.fields_each)} fields each, of {len(read.demand.fields)}"
        yield Problem(file, "reference.fields_each", what, "name a weight for each number of fields")
    if not read.reference.official:
        yield Problem(file, "reference.official", "empty", 'write official = ["fr", "nl"]')
    if not read.scenarios:
        yield Problem(file, "scenarios", "empty", "write [scenarios.normal]")
