from pathlib import Path

import pytest

from config.load import load
from walkin.planning.assumptions import read_assumptions
from walkin.planning.days import generated_day
from walkin.planning.place import place_of, reference

CENTRE = load(Path(__file__).parents[3] / "config" / "brussels.toml")
ASSUMED = read_assumptions()


def test_a_centre_is_seen_with_the_hours_of_the_weekday_and_its_own_rules() -> None:
    monday, thursday = (place_of(CENTRE, day, ASSUMED) for day in ("monday", "thursday"))  # type: ignore[arg-type]
    assert (monday.opens_at_min, monday.closes_min, thursday.closes_min) == (570, 450, 570)
    assert monday.limits_min == {field.id: field.session_limit_min for field in CENTRE.fields}
    assert monday.languages == ("fr", "nl", "de", "en")
    assert [person.id for person in monday.people] == [each.id for each in CENTRE.counsellors]
    assert (monday.desks, monday.head_start_min) == (12, 15)


def test_a_counsellor_is_as_fast_on_every_weekday() -> None:
    monday, friday = (place_of(CENTRE, day, ASSUMED) for day in ("monday", "friday"))  # type: ignore[arg-type]
    assert monday.people == friday.people
    assert len({person.speed for person in monday.people}) > 20


def test_a_day_on_which_the_centre_is_closed_is_none() -> None:
    with pytest.raises(KeyError):
        place_of(CENTRE, "sunday", ASSUMED)


def test_the_people_of_the_reference_centre_are_always_the_same_and_cover_everything() -> None:
    place = reference(ASSUMED)
    assert place == reference(ASSUMED)
    assert len(place.people) == 62
    assert {cell for person in place.people for cell in person.cells} == {
        (field, language) for field in ASSUMED.demand.fields for language in ("fr", "nl", "en")
    }
    assert {len(person.fields) for person in place.people} == {1, 2, 3}


def test_a_messy_day_has_the_roster_of_the_clean_one_and_somebody_is_absent() -> None:
    place, scenario = reference(ASSUMED), ASSUMED.scenarios["normal"]
    clean = generated_day(place, ASSUMED, scenario, 3, messy=False)
    messy = generated_day(place, ASSUMED, scenario, 3, messy=True)
    assert [duty.counsellor for duty in clean.duties] == [duty.counsellor for duty in messy.duties]
    assert not any(duty.absences for duty in clean.duties)
    assert any(duty.absences for duty in messy.duties)
    assert clean.habits.out_of_order_share == 0 < messy.habits.out_of_order_share
