from datetime import time
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.load import load
from config.roster import Break, Shift, roster_of
from walkin.planning.assumptions import read_assumptions
from walkin.planning.day import Span
from walkin.planning.demand import cell_weights
from walkin.planning.place import Place, place_of, reference
from walkin.planning.staffing import generated, rostered, with_absences

CONFIG = Path(__file__).parents[3] / "config"
ASSUMED = read_assumptions()
REFERENCE = reference(ASSUMED)
BRUSSELS = place_of(load(CONFIG / "brussels.toml"), "monday", ASSUMED)
CHARLEROI = place_of(load(CONFIG / "charleroi.toml"), "friday", ASSUMED)

scenarios = st.sampled_from(list(ASSUMED.scenarios.values()))
places = st.sampled_from([REFERENCE, BRUSSELS, CHARLEROI])


def shift(staff: str, begins: str, ends: str, weekday: str = "monday", **more: Any) -> Shift:
    return Shift(
        staff=staff,
        day=weekday,
        begins=time.fromisoformat(begins),
        ends=time.fromisoformat(ends),
        **more,
    )


@given(place=places, scenario=scenarios, seed=st.integers(0, 999))
@settings(max_examples=15, deadline=None)
def test_a_generated_roster_names_each_person_once_and_no_more_than_there_are_desks(
    place: Place, scenario: object, seed: int
) -> None:
    duties = generated(place, ASSUMED, scenario, Random(seed))  # type: ignore[arg-type]
    names = [duty.counsellor for duty in duties]
    assert len(set(names)) == len(names)
    for minute in range(0, place.closes_min, 15):
        assert sum(duty.begins_min <= minute < duty.ends_min for duty in duties) <= place.desks
    assert any(duty.stays for duty in duties)


@given(seed=st.integers(0, 999))
@settings(max_examples=10, deadline=None)
def test_the_whole_days_of_the_reference_centre_cover_every_cell(seed: int) -> None:
    duties = generated(REFERENCE, ASSUMED, ASSUMED.scenarios["tight"], Random(seed))
    staying = [duty for duty in duties if duty.begins_min == 0 and duty.stays]
    assert {cell for duty in staying for cell in duty.cells} == set(cell_weights(REFERENCE, ASSUMED))


def test_breaks_lie_within_the_shift_and_lunches_take_turns() -> None:
    duties = generated(REFERENCE, ASSUMED, ASSUMED.scenarios["ample"], Random(1))
    for duty in duties:
        (pause,) = duty.breaks
        assert duty.begins_min < pause.begins_min
        assert pause.begins_min + pause.lasts_min < duty.ends_min
        assert pause.lasts_min == (45 if duty.begins_min == 0 and duty.stays else 15)
    assert len({duty.breaks for duty in duties}) > 4


def test_a_shift_of_the_file_counts_from_opening() -> None:
    shifts = [shift("c01", "09:00", "17:00"), shift("c02", "11:30", "15:00"), shift("c03", "13:00", "19:00")]
    first, second, third = rostered(
        roster_of(shifts), "monday", BRUSSELS, ASSUMED
    )  # open from 09:30 to 17:00
    assert (first.begins_min, first.ends_min, first.stays) == (0, 450, True)
    assert (second.begins_min, second.ends_min, second.stays) == (120, 330, False)
    assert (third.begins_min, third.ends_min, third.stays) == (210, 570, True)
    assert first.fields == ("employment", "mobility")
    assert second.breaks == (Span(225, 15),)


def test_a_shift_that_names_what_it_serves_and_its_breaks_is_taken_at_its_word() -> None:
    lunch = Break(time(12, 30), time(13, 0))
    own = shift("c01", "09:30", "15:00", fields=("mobility",), languages=("fr",), breaks=(lunch,), stays=True)
    (duty,) = rostered(roster_of([own]), "monday", BRUSSELS, ASSUMED)
    assert (duty.fields, duty.languages, duty.stays) == (("mobility",), ("fr",), True)
    assert duty.breaks == (Span(180, 30),)


def test_of_breaks_before_the_doors_open_nothing_is_left_and_no_other_one_is_invented() -> None:
    coffee, over_opening = Break(time(8, 0), time(8, 30)), Break(time(9, 15), time(9, 45))
    early, late = rostered(
        roster_of(
            [
                shift("c01", "07:30", "13:00", breaks=(coffee,)),
                shift("c02", "07:30", "13:00", breaks=(coffee, over_opening)),
            ]
        ),
        "monday",
        BRUSSELS,
        ASSUMED,
    )
    assert early.breaks == ()
    assert late.breaks == (Span(0, 15),)


def test_who_has_two_shifts_and_stays_does_so_after_the_last_of_them() -> None:
    shifts = [shift("c01", "09:30", "12:00", stays=True), shift("c01", "13:00", "16:00", stays=True)]
    assert [duty.stays for duty in rostered(roster_of(shifts), "monday", BRUSSELS, ASSUMED)] == [False, True]


@pytest.mark.parametrize(
    "elsewhere",
    [
        shift("r01", "09:30", "17:00"),
        shift("c01", "09:30", "17:00", "tuesday"),
        shift("c01", "07:00", "09:30"),
        shift("c01", "17:00", "19:00"),
    ],
    ids=["at reception", "another day", "before opening", "after closing"],
)
def test_who_is_at_no_desk_while_the_centre_is_open_is_left_out(elsewhere: Shift) -> None:
    assert rostered(roster_of([elsewhere]), "monday", BRUSSELS, ASSUMED) == ()


def test_absences_fall_on_somebody_while_they_are_here_and_change_nothing_else() -> None:
    duties = generated(REFERENCE, ASSUMED, ASSUMED.scenarios["normal"], Random(1))
    for seed in range(50):
        away = with_absences(duties, ASSUMED, seed)
        spans = [(duty, span) for duty in away for span in duty.absences]
        assert len(spans) == 2
        for duty, span in spans:
            assert duty.begins_min + 20 <= span.begins_min <= duty.ends_min - 30
            assert 20 <= span.lasts_min <= 60
        assert [duty.breaks for duty in away] == [duty.breaks for duty in duties]


def test_without_counsellors_nobody_is_absent() -> None:
    assert with_absences((), ASSUMED, 1) == ()
