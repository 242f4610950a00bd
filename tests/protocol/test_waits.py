from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from support.views import NOW

from protocol.waits import AT_HAND, AWAY, WaitWindow, back_by, begins_at

MINUTES = st.integers(-60, 600).map(lambda minutes: timedelta(minutes=minutes))


def window(back: timedelta) -> WaitWindow:
    return WaitWindow(NOW + back, NOW + back + timedelta(minutes=15), NOW + back)


@given(MINUTES)
def test_whoever_has_more_than_ten_minutes_may_go_out_until_then_and_nobody_else(back: timedelta) -> None:
    assert back_by(window(back), NOW) == (NOW + back if back.total_seconds() > 600 else None)


def test_the_time_to_be_back_counts_from_when_the_ticket_was_given() -> None:
    told = window(AWAY)
    assert back_by(told, NOW) is None
    assert back_by(told, NOW - timedelta(seconds=1)) == told.back_by


@given(MINUTES)
def test_a_turn_is_never_said_to_begin_before_the_visitor_can_read_it(begins: timedelta) -> None:
    told = begins_at(window(begins), NOW)
    assert told == (NOW + begins if begins > AT_HAND else None)
    assert told is None or told > NOW
