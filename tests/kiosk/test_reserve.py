"""The kiosk's own numbers and the file they are kept in."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from support.views import NOW, kiosk_view

from config.model import Centre
from kiosk import reserve as r
from kiosk.reserve import Intake, Reserve
from protocol.commands import BLOCK_NUMBERS, WAITED_S_MAX, IssueTicket
from protocol.envelope import LEFT_OUT_MAX, HeldNumber, LeftOut, NumbersHeld
from protocol.views import PrintState

DAY = "2026-09-15"
WISH = IssueTicket(field="education", languages=("fr",), screen_language="fr")
INTAKE = Intake(fields=("education", "mobility"), until_s=1000.0)


def held(*codes: str, day: str = DAY, field: str = "education") -> NumbersHeld:
    numbers = tuple(
        HeldNumber(ticket=code, token="7K3F", token_url=f"https://x.example/{code}") for code in codes
    )
    return NumbersHeld(day=day, field=field, numbers=numbers)


def stocked() -> Reserve:
    return r.stocked(Reserve(day=DAY), held("K900", "K901", "K902"))


def given_at(*instants: float) -> Reserve:
    """Numbers given to visitors who asked at these instants."""
    reserve = stocked()
    for place, at_s in enumerate(instants):
        reserve, _ = r.give(reserve, WISH, at_s, f"redeem-{place:09d}", doubt=None, prints=True)
    return reserve


def test_numbers_are_given_in_order_and_each_once() -> None:
    reserve = given_at(1.0, 2.0)
    assert [one.ticket for one in reserve.given] == ["K900", "K901"]
    assert [number.ticket for number in reserve.free["education"]] == ["K902"]
    assert r.lacking(reserve, "education") == BLOCK_NUMBERS - 1
    assert r.lacking(reserve, "mobility") == BLOCK_NUMBERS


def test_a_field_is_offered_while_it_was_open_has_a_number_and_intake_lasts() -> None:
    assert r.offered(stocked(), INTAKE, 999.9) == ("education",)
    assert r.offered(stocked(), INTAKE, 1000.0) == ()
    assert r.offered(stocked(), replace(INTAKE, fields=("mobility",)), 0.0) == ()
    assert r.offered(given_at(1.0, 2.0, 3.0), INTAKE, 4.0) == ()


def test_numbers_of_another_day_are_not_taken_up() -> None:
    assert r.stocked(stocked(), held("K905", day="2026-09-14")) == stocked()


@pytest.mark.parametrize(
    ("hour", "minutes"),
    [(10, 7 * 60), (18, 6 * 60)],
    ids=["until the closing time", "opened by hand after hours: until midnight"],
)
def test_intake_ends_when_the_server_would_end_it(centre: Centre, hour: int, minutes: int) -> None:
    view = kiosk_view(at=NOW.replace(hour=hour, minute=0))
    intake = r.heard(Intake(), view, centre, 50.0)
    assert intake.until_s == 50.0 + minutes * 60
    assert set(intake.fields) == {queue.field for queue in view.fields}
    later = replace(view, at=view.at + timedelta(seconds=30))
    assert r.heard(intake, later, centre, 80.2) is intake, "the same, however often it is heard"


def test_nothing_is_offered_of_a_closed_centre_or_field(centre: Centre) -> None:
    assert r.heard(Intake(), kiosk_view(open=False), centre, 0.0).fields == ()
    queues = tuple(replace(queue, open=queue.field == "mobility") for queue in kiosk_view().fields)
    assert r.heard(Intake(), kiosk_view(fields=queues), centre, 0.0).fields == ("mobility",)


def test_an_age_is_told_and_never_a_clock() -> None:
    asked = r.redeeming(given_at(10.0, 25.0), 40.0)
    assert (asked.ticket, asked.day, asked.waited_s, asked.printed) == ("K900", DAY, 30.0, False)
    printed = r.reported(given_at(10.0), "K900", PrintState.PRINTED)
    assert r.redeeming(printed, 40.0).printed


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=3), st.floats(-1e6, 1e6))
def test_whatever_the_clocks_did_ages_are_those_of_people_in_a_line(
    instants: list[float], at_s: float
) -> None:
    reserve = given_at(*instants)
    ages = []
    while reserve.given:
        asked = r.redeeming(reserve, at_s)
        ages.append(asked.waited_s)
        reserve = r.redeemed(reserve, asked.ticket)
    assert ages == sorted(ages, reverse=True)
    assert all(0 <= age <= WAITED_S_MAX for age in ages)


def test_an_age_from_a_clock_that_was_set_is_no_more_than_a_day_and_no_less_than_nothing() -> None:
    early, late = r.aged(given_at(-1e6, 2e6), 1000.0).given
    assert (early.asked_s, late.asked_s) == (1000.0 - WAITED_S_MAX, 1000.0)


def test_a_number_left_out_is_told_and_no_longer_redeemed() -> None:
    reserve = r.left_out(given_at(1.0, 2.0), "K900")
    assert [one.ticket for one in reserve.given] == ["K901"]
    assert r.report(reserve) == LeftOut(("K900",), 1)


def test_on_another_day_only_visitors_who_may_still_be_here_are_told() -> None:
    before = r.left_out(given_at(1000.0, 2000.0, 3000.0), "K901")
    now = r.begun(before, "2026-09-16", 1000.0 + r.STILL_HERE_S)
    assert now == Reserve(day="2026-09-16", left_out=now.left_out)
    assert r.report(now).tickets == ("K901", "K902")
    assert r.begun(now, "2026-09-17", 2000.0 + r.STILL_HERE_S).left_out == now.left_out[1:]


def test_of_many_numbers_left_out_the_first_are_named_and_all_are_counted() -> None:
    reserve = given_at(1.0)
    many = replace(reserve, given=(), left_out=reserve.given * (LEFT_OUT_MAX + 3))
    told = r.report(many)
    assert (len(told.tickets), told.total) == (LEFT_OUT_MAX, LEFT_OUT_MAX + 3)


def test_a_clock_is_changed_for_those_left_out_as_well() -> None:
    reserve = r.left_out(given_at(1.0, 2.0), "K900")
    assert [one.asked_s for one in r.shifted(reserve, 5.0).left_out] == [6.0]
    assert [one.asked_s for one in r.aged(reserve, 0.5).left_out] == [0.5]
