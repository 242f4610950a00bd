"""Many days and what would change: pieces, common visitors, figures."""

from array import array
from collections import Counter
from pathlib import Path
from random import Random
from statistics import fmean, stdev

import pytest
from msgspec.structs import replace

from config.load import load
from walkin.planning.assumptions import read_assumptions
from walkin.planning.changes import Change, Learns, Less, More, Roster, Under, changes_of
from walkin.planning.figures import Figures, _effect, _waits_of, figures_of, quantile
from walkin.planning.outcome import NoTicket
from walkin.planning.place import place_of
from walkin.planning.policy import Rule
from walkin.planning.recorded import parse_recorded
from walkin.planning.report import render, signed, visitors_csv
from walkin.planning.staffing import generated
from walkin.planning.study import DayFigures, Fate, Found, Setting, pieces_of, together, work

CENTRE = load(Path(__file__).parents[3] / "config" / "brussels.toml")
ASSUMED = read_assumptions()


def roster(weekday: str) -> Roster:
    place = place_of(CENTRE, weekday, ASSUMED)  # type: ignore[arg-type]
    duties = generated(place, ASSUMED, ASSUMED.scenarios["tight"], Random(weekday))
    return Roster(place=place, duties=duties)


MONDAY = roster("monday")
SOMEBODY = MONDAY.duties[0].counsellor
LEARNER = next(duty.counsellor for duty in MONDAY.duties if "en" not in duty.languages)

SETTING = Setting(
    assumptions=ASSUMED,
    rosters={"monday": MONDAY, "thursday": roster("thursday")},
    days=10,
    seed=5,
    messy=True,
    rule=Rule.FIFO,
    changes=(
        Under(Rule.FIFO),
        Under(Rule.HARD_SCARCITY),
        More("education", "fr"),
        More("mobility", "de"),
        Learns(LEARNER, "en"),
        Less(SOMEBODY),
    ),
)


def done(setting: Setting) -> Found:
    return together(map(work, pieces_of(setting)))


@pytest.fixture(scope="module")
def found() -> Found:
    return done(SETTING)


@pytest.fixture(scope="module")
def figures(found: Found) -> Figures:
    return figures_of(SETTING, found)


def test_every_day_is_in_one_piece_and_they_come_together_in_order(found: Found) -> None:
    assert [day for piece in pieces_of(SETTING) for day in piece.days] == list(range(10))
    assert [day.number for day in found.as_is] == list(range(10))
    assert [day.weekday for day in found.as_is] == ["monday", "thursday"] * 5


def test_a_day_is_the_same_in_whatever_study_it_stands(found: Found) -> None:
    later = done(replace(SETTING, seed=SETTING.seed + 2, days=2, changes=()))
    assert [day.fates for day in later.as_is] == [day.fates for day in found.as_is[2:4]]


def test_the_same_rule_once_more_changes_nothing(found: Found) -> None:
    assert all(day[1] == day[0] for day in found.figures)


def test_a_counsellor_more_whom_nobody_needs_changes_no_wait_even_on_messy_days(found: Found) -> None:
    beside = done(replace(SETTING, changes=(Under(Rule.FIFO), More("mobility", "de"))))
    nobody = {("mobility", "de")}
    asked = [
        any(fate.visitor.cell in nobody or fate.visitor.then for fate in day.fates) for day in found.as_is
    ]
    for day, needed in zip(beside.figures, asked, strict=True):
        if not needed:
            assert day[2].waits_min == day[1].waits_min
    assert [day[0] for day in beside.figures] == [day[0] for day in found.figures]


def test_whole_figures_are_those_of_the_visitors(found: Found, figures: Figures) -> None:
    fates = [fate for day in found.as_is for fate in day.fates]
    waits = [fate.waited_min for fate in fates if fate.waited_min is not None]
    whole = figures.whole.waits
    assert whole.a_day == len(fates) / 10
    assert whole.mean_min == pytest.approx(fmean(waits))
    assert whole.at_once == pytest.approx(sum(wait == 0 for wait in waits) / len(waits))
    assert whole.turned_away_a_day == sum(fate.turned_away is not None for fate in fates) / 10
    assert sum(cell.waits.a_day for cell in figures.cells) == pytest.approx(whole.a_day)
    assert sum(slot.waits.a_day for slot in figures.slots[:15]) == pytest.approx(whole.a_day, rel=0.1)


def test_a_cell_that_nobody_covers_turns_all_away_and_is_uncovered_all_day(figures: Figures) -> None:
    alone = [cell for cell in figures.cells if not cell.counsellors]
    assert alone
    for cell in alone:
        assert cell.waits.why_turned_away[NoTicket.NOBODY] == cell.waits.turned_away_a_day == cell.waits.a_day
        assert cell.waits.mean_min is None
        assert cell.uncovered_min == fmean((450, 570))


def test_half_hours_count_from_opening_and_the_last_only_where_it_is_open(figures: Figures) -> None:
    assert [slot.from_min for slot in figures.slots] == list(range(0, 570, 30))
    lunch, opening = figures.slots[4].on_duty, figures.slots[0].on_duty
    assert lunch < opening


def test_a_counsellor_less_makes_waits_longer_and_one_more_shorter(figures: Figures) -> None:
    by_change: dict[Change, float] = {effect.change: effect.wait_min for effect in figures.effects}
    assert by_change[More("education", "fr")] < 0 < by_change[Less(SOMEBODY)]
    assert set(figures.rules) == {Rule.FIFO, Rule.HARD_SCARCITY}
    assert figures.rules[Rule.FIFO] == figures.whole


def test_who_serves_those_turned_away_is_shown_though_waits_are_no_shorter(figures: Figures) -> None:
    served = {effect.change: figures.served_more(effect) for effect in figures.effects}
    assert served[More("mobility", "de")] >= 0
    assert [effect.change for effect in figures.missed()] == [Less(SOMEBODY)]


def test_one_day_tells_nothing_of_chance() -> None:
    setting = replace(SETTING, days=1)
    assert all(effect.error_min is None for effect in figures_of(setting, done(setting)).effects)


def test_a_quantile_lies_between_its_neighbours() -> None:
    assert quantile([3.0], 0.9) == 3.0
    assert quantile([0.0, 1.0, 2.0, 3.0, 4.0], 0.5) == 2.0
    assert quantile([0.0, 10.0], 0.9) == pytest.approx(9.0)


def test_written_visitors_can_be_played_again(found: Found) -> None:
    days = parse_recorded(visitors_csv(found).encode(), "again.csv", CENTRE)
    assert len(days) == 10
    again = done(replace(SETTING, recorded=days, changes=()))
    for old, new in zip(found.as_is, again.as_is, strict=True):
        for before, after in zip(old.fates, new.fates, strict=True):
            assert after.visitor.arrives_min == pytest.approx(before.visitor.arrives_min, abs=0.01)
            assert after.visitor.first.session_min == pytest.approx(
                before.visitor.first.session_min, abs=0.01
            )
            assert (after.visitor.cell, after.visitor.comes) == (before.visitor.cell, before.visitor.comes)
            assert (after.visitor.then is None) is (before.visitor.then is None)


def test_without_anybody_at_the_desks_everybody_is_turned_away_and_the_figures_say_so() -> None:
    empty = Roster(place=MONDAY.place, duties=())
    changes = changes_of([empty], ASSUMED)
    setting = replace(SETTING, rosters={"monday": empty}, days=2, changes=changes)
    figures = figures_of(setting, done(setting))
    assert figures.whole.waits.turned_away_a_day == figures.whole.waits.a_day > 0
    assert figures.best(Learns) == figures.missed() == []
    assert len(figures.best(More)) == 8
    assert "all" in render(figures, "")


def test_the_text_fits_a_terminal_and_names_every_cell_rule_and_change(figures: Figures) -> None:
    text = render(figures, "Ten days.")
    assert max(map(len, text.splitlines())) <= 80
    for words in (
        "education fr",
        "hard-scarcity",
        "mobility in de",
        f"{LEARNER} also talks en",
        f"without {SOMEBODY}",
        "all ",
    ):
        assert words in text
    plain = render(replace(figures, effects=[], rules={}), "Ten days.")
    assert "By rule" not in plain
    assert "One counsellor more" not in plain


def test_a_difference_of_nothing_has_no_sign() -> None:
    assert [signed(number) for number in (1.25, 0.04, -0.04, -0.5)] == ["+1.2", "0.0", "0.0", "-0.5"]


def test_absences_of_messy_days_leave_more_uncovered() -> None:
    often = replace(ASSUMED, messy=replace(ASSUMED.messy, absences=15))
    never = replace(ASSUMED, messy=replace(ASSUMED.messy, absences=0))
    gaps = []
    for assumptions in (often, never):
        setting = replace(SETTING, assumptions=assumptions, days=4, changes=())
        gaps.append(figures_of(setting, done(setting)).whole.uncovered_min)
    assert gaps[0] > gaps[1]


def test_a_recorded_date_is_played_on_its_weekday_whoever_is_next() -> None:
    (day,) = parse_recorded(b"day,minute,field,languages\n2026-11-26,5,training,fr\n", "one.csv", CENTRE)
    found = done(replace(SETTING, recorded=(day,), days=3, changes=()))
    assert [each.weekday for each in found.as_is] == ["thursday"] * 3


def figures_of_day(*waits_min: float) -> DayFigures:
    return DayFigures(
        waits_min=array("f", waits_min),
        turned_away=Counter(),
        not_called=0,
        late_min=0.0,
        after_close_min=0.0,
        uncovered_min=0.0,
    )


def test_the_error_is_twice_that_of_the_mean_over_days_with_the_same_visitors() -> None:
    as_is = [figures_of_day(10, 20), figures_of_day(10, 20), figures_of_day(30, 40), figures_of_day(30, 40)]
    shorter = [figures_of_day(8, 18), figures_of_day(4, 14), figures_of_day(28, 38), figures_of_day(24, 34)]
    effect = _effect(Less("c01"), as_is, shorter)
    assert effect.wait_min == -4
    assert effect.error_min == pytest.approx(2 * stdev((-2, -6, -2, -6)) / 2)
    assert effect.sure


def test_the_error_is_that_of_the_mean_wait_though_more_visitors_are_called() -> None:
    as_is = [figures_of_day(10, 10), figures_of_day(10, 10)]
    more_called = [figures_of_day(10, 10, 10), figures_of_day(10, 10, 10, 10, 10)]
    effect = _effect(More("training", "fr"), as_is, more_called)
    assert (effect.wait_min, effect.error_min) == (0, pytest.approx(0))


def with_waits(figures: Figures, change: type[More | Less], *told: tuple[float, float]) -> Figures:
    """Changes of this kind with these differences and their errors, and nobody served more."""
    some = figures.effects[0]
    return replace(
        figures,
        effects=[
            replace(
                some,
                change=More(str(wait_min), "fr") if change is More else Less(str(wait_min)),
                whole=figures.whole,
                wait_min=wait_min,
                error_min=error_min,
                sure=abs(wait_min) > error_min,
            )
            for wait_min, error_min in told
        ],
    )


def test_a_difference_below_its_error_is_too_small_to_tell_and_comes_after_those_that_are_sure(
    figures: Figures,
) -> None:
    shorter = with_waits(figures, More, (-0.9, 1.2), (-0.5, 0.2), (-0.7, 0.1), (0.4, 0.1))
    assert [effect.wait_min for effect in shorter.best(More)] == [-0.7, -0.5, -0.9, 0.4]
    text = render(shorter, "").splitlines()
    assert [line.split()[0] for line in text if line.endswith("too small to tell")] == ["-0.9"]
    longer = with_waits(figures, Less, (0.9, 1.2), (0.5, 0.2), (-0.2, 0.1))
    assert [effect.wait_min for effect in longer.missed()] == [0.5, 0.9, -0.2]


def test_one_day_alone_is_too_small_to_tell() -> None:
    effect = _effect(Less("c01"), [figures_of_day(10, 20)], [figures_of_day(1, 2)])
    assert (effect.error_min, effect.sure) == (None, False)


def test_what_nobody_ever_serves_is_named_apart_from_what_nobody_serves_on_some_days(
    figures: Figures,
) -> None:
    never, sometimes, others = (
        next(cell for cell in figures.cells if not cell.counsellors),
        next(cell for cell in figures.cells if cell.counsellors),
        [replace(cell, waits=figures.whole.waits) for cell in figures.cells[5:7]],
    )
    nobody = {NoTicket.NOBODY: 1.0, NoTicket.GONE: 0.0, NoTicket.ENDED: 0.0}
    gone = {NoTicket.NOBODY: 0.0, NoTicket.GONE: 1.0, NoTicket.ENDED: 0.0}
    cells = [
        replace(cell, waits=replace(cell.waits, why_turned_away=why))
        for cell, why in [(never, nobody), (sometimes, nobody), *((other, gone) for other in others)]
    ]
    text = render(replace(figures, cells=cells), "")
    assert f"Nobody in the roster ever serves: {never.field} {never.language}.\n" in text
    assert f"Nobody serves on some of the days: {sometimes.field} {sometimes.language}.\n" in text


def test_visitors_to_whom_no_more_tickets_are_given_are_counted_on_screen_and_in_the_file(
    found: Found, figures: Figures
) -> None:
    ended = sum(fate.turned_away is NoTicket.ENDED for day in found.as_is for fate in day.fates)
    assert ended
    assert f"{ended / 10:>7.1f} would not be served by closing" in render(figures, "")
    assert sum(cell.waits.why_turned_away[NoTicket.ENDED] for cell in figures.cells) == pytest.approx(
        ended / 10
    )
    assert sum(line.endswith(",,ended") for line in visitors_csv(found).splitlines()) == ended


def test_every_day_is_simulated_with_the_head_starts_of_the_centre() -> None:
    rules = replace(CENTRE.rules, priority_head_start_min=0, scarcity_head_start_min=10)
    other = place_of(replace(CENTRE, rules=rules), "monday", ASSUMED)
    as_is = done(replace(SETTING, rosters={"monday": MONDAY}, days=4, rule=Rule.SCARCITY, changes=()))
    rosters = {"monday": replace(MONDAY, place=other)}
    changed = done(replace(SETTING, rosters=rosters, days=4, rule=Rule.SCARCITY, changes=()))
    assert as_is.as_is != changed.as_is


def test_who_is_missed_most_comes_first(figures: Figures) -> None:
    (effect,) = figures.missed()
    others = [
        replace(effect, change=Less(name), wait_min=wait_min) for name, wait_min in (("a", 1), ("b", 9))
    ]
    missed = replace(figures, effects=[*others, replace(effect, wait_min=5.0)]).missed()
    assert [each.wait_min for each in missed] == [9, 5, 1]


def test_a_visitor_has_waited_or_was_turned_away_or_is_not_called(found: Found) -> None:
    visitor = found.as_is[0].fates[0].visitor
    refused = [
        Fate(visitor, turned_away=reason) for reason in (NoTicket.ENDED, NoTicket.ENDED, NoTicket.GONE)
    ]
    waits = _waits_of([Fate(visitor, 6.0), *refused, Fate(visitor), Fate(visitor)], 2)
    assert (waits.a_day, waits.mean_min, waits.turned_away_a_day, waits.not_called_a_day) == (3, 6, 1.5, 1)
    assert waits.why_turned_away == {NoTicket.NOBODY: 0, NoTicket.GONE: 0.5, NoTicket.ENDED: 1}
