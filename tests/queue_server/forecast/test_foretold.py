"""What is told of one outlook after the other: held while it can be, and no longer than it is true."""

from datetime import UTC, datetime, timedelta
from math import inf

import pytest

from protocol.waits import WaitKind
from queue_server.core.estimates import Estimate, Window, window
from queue_server.core.prospects import NOTHING_FORESEEN, on_the_clock
from queue_server.forecast.cutoff import Intake
from queue_server.forecast.foretold import SOMEBODY_SOMETIME, Foretold
from queue_server.forecast.outlook import Outlook, Prospect
from queue_server.forecast.rollouts import Newcomer

NOW = datetime(2026, 9, 15, 10, 0, tzinfo=UTC)
CELL = ("work", "fr")
CELL_OF_ONE = ("work", ("fr",))
OPEN, OVER = Intake(1.0, inf), Intake(0.0, NOW.timestamp() - 60)


def minutes(early: float, middle: float, upper: float) -> Estimate:
    return Estimate(early * 60.0, middle * 60.0, upper * 60.0)


def seen(
    waiting: Estimate | None = None,
    newcomer: Estimate | None = None,
    intake: Intake = OPEN,
    at: datetime = NOW,
    *,
    priority: bool = False,
    manned: bool = False,
) -> Outlook:
    """One visitor waits, and another might come; `manned`: though nobody gets to them, somebody is there."""
    prospect = Prospect(Newcomer("work", ("fr",), priority), newcomer, intake, manned)
    return Outlook(version=1, at=at.timestamp(), waiting={"T001": waiting}, newcomers=(prospect,))


def window_of(foretold: Foretold, now: datetime = NOW) -> Window | None:
    """What the visitor who waits is told."""
    found = foretold.prospects(now).windows["T001"]
    return (
        None
        if found is None
        else Window(*(one.timestamp() for one in (found.begins_at, found.ends_at, found.back_by)))
    )


def test_whoever_waits_is_told_the_same_as_long_as_it_can_be_held() -> None:
    foretold, told = Foretold(), window(NOW.timestamp(), minutes(5, 12, 20))
    assert foretold.hear(seen(minutes(6, 15, 24)), {"T001": told}, ())
    assert window_of(foretold) == told
    foretold.hear(seen(minutes(6, 18, 30)), {"T001": told}, ())
    assert window_of(foretold) == told
    foretold.hear(seen(minutes(15, 25, 40)), {"T001": told}, ())
    later = window(NOW.timestamp(), minutes(15, 25, 40))
    assert window_of(foretold) == later
    foretold.hear(seen(minutes(14, 24, 38)), {"T001": told}, ())
    assert window_of(foretold) == later, "what was told last counts, not what was told first"


def test_an_outlook_of_which_the_same_is_told_changes_nothing() -> None:
    foretold = Foretold()
    assert foretold.hear(seen(minutes(5, 12, 20)), {}, ())
    assert not foretold.hear(seen(minutes(5, 13, 19)), {}, ())
    assert foretold.hear(seen(None), {}, ())


def test_a_window_is_told_nobody_any_more_three_minutes_later() -> None:
    foretold = Foretold()
    foretold.hear(seen(minutes(5, 12, 20)), {}, ())
    assert window_of(foretold, NOW + timedelta(minutes=3)) is not None
    assert foretold.prospects(NOW + timedelta(minutes=3, seconds=1)) == NOTHING_FORESEEN


@pytest.mark.parametrize(
    ("newcomer", "kind"),
    [(None, WaitKind.NOBODY), (minutes(0, 0, 0), WaitKind.AT_ONCE), (minutes(1, 2, 3), WaitKind.WINDOW)],
)
def test_whoever_comes_is_told_of_the_place_at_the_end_of_the_line(
    newcomer: Estimate | None, kind: WaitKind
) -> None:
    foretold = Foretold()
    foretold.hear(seen(newcomer=newcomer), {}, ())
    assert foretold.prospects(NOW).expected[CELL].kind is kind
    foretold.hear(seen(newcomer=newcomer, priority=True), {}, ())
    assert not foretold.prospects(NOW).expected


def test_only_a_cell_that_may_end_is_over_and_only_where_somebody_is_there_who_serves_it() -> None:
    foretold = Foretold()
    foretold.hear(seen(newcomer=minutes(1, 2, 3), intake=OVER), {}, (CELL,))
    assert foretold.over((CELL,)) == (CELL,)
    assert foretold.over(()) == ()
    foretold.hear(seen(newcomer=None, intake=OVER), {}, (CELL,))
    assert foretold.over((CELL,)) == ()


def test_until_when_tickets_are_given_is_told_while_that_is_ahead_and_of_what_may_end() -> None:
    foretold, at = Foretold(), NOW + timedelta(minutes=62)
    soon = Intake(1.0, at.timestamp())
    for intake, may_end, told in (
        (soon, (CELL,), [NOW + timedelta(minutes=60)]),
        (soon, (), []),
        (OPEN, (CELL,), []),
        (OVER, (CELL,), []),
    ):
        foretold.hear(seen(newcomer=minutes(1, 2, 3), intake=intake), {}, may_end)
        assert [one.at for one in foretold.prospects(NOW).last_tickets] == told


def test_what_stands_on_a_screen_is_in_the_time_of_the_centre() -> None:
    foretold = Foretold()
    foretold.hear(seen(newcomer=minutes(5, 12, 20)), {}, ())
    expected = foretold.prospects(NOW).expected[CELL].window
    assert expected == on_the_clock(window(NOW.timestamp(), minutes(5, 12, 20)), UTC)


def test_where_somebody_serves_who_would_not_get_to_whoever_comes_it_is_full_and_nobody_is_missed() -> None:
    foretold = Foretold()
    foretold.hear(seen(manned=True), {}, (CELL,))
    told = foretold.prospects(NOW)
    assert told.expected[CELL] == SOMEBODY_SOMETIME
    assert told.crowded_out == {CELL}
    assert foretold.newcomer(*CELL_OF_ONE, NOW, priority=False) is None
    assert foretold.hear(seen(manned=True), {}, ()), "staff holds it open"
    assert not foretold.prospects(NOW).crowded_out
    foretold.hear(seen(manned=False), {}, (CELL,))
    assert foretold.newcomer(*CELL_OF_ONE, NOW, priority=False) is WaitKind.NOBODY
