"""Somebody may go so far at once, then at so many steps a second."""

from hypothesis import given
from hypothesis import strategies as st

from queue_server.pace import Pace


class Watch:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_so_many_steps_come_at_once_and_the_next_is_early() -> None:
    pace = Pace(10, 5, Watch())
    assert [pace.early_s() for _ in range(5)] == [0] * 5
    assert pace.early_s() == 0.1


def test_whoever_rests_may_go_at_once_again_but_not_further() -> None:
    watch = Watch()
    pace = Pace(10, 5, watch)
    for _ in range(5):
        pace.early_s()
    watch.now_s = 3600.0
    assert [pace.early_s() for _ in range(5)] == [0] * 5
    assert pace.early_s() > 0


@given(st.lists(st.floats(0, 0.3), max_size=80))
def test_whoever_waits_as_long_as_told_never_goes_faster_than_the_pace(pauses: list[float]) -> None:
    watch = Watch()
    pace = Pace(10, 5, watch)
    for number, pause_s in enumerate(pauses, start=1):
        watch.now_s += pause_s
        watch.now_s += pace.early_s()
        assert number <= 5 + watch.now_s * 10 + 1e-6
