from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from display_board.calls import (
    AGE_MAX_S,
    ANNOUNCEMENT_BEATS,
    FLASHES,
    SPOKEN_BEATS_MAX,
    Announcements,
    next_beat,
    rows,
    seen,
)
from protocol.views import BoardCall, BoardView
from voice.sentences import Brevity

NOON = datetime(2026, 9, 15, 12, 0, tzinfo=UTC)
DAY = "2026-09-15"
NEXT_DAY = "2026-09-16"


def call(number: int, ticket: str = "", *, age_s: float = 0, withdrawn: bool = False) -> BoardCall:
    return BoardCall(
        call=number,
        ticket=ticket or f"K{number:03}",
        field="training",
        desk="7",
        at=NOON - timedelta(seconds=age_s),
        recall=False,
        languages=("fr",),
        withdrawn=withdrawn,
    )


def desk_call(number: int, desk: str) -> BoardCall:
    return replace(call(number), desk=desk)


def board(*calls: BoardCall, day: str = DAY, at: datetime = NOON) -> BoardView:
    newest_first = tuple(sorted(calls, key=lambda one: -one.call))
    return BoardView(day=day, at=at, version=1, open=True, calls=newest_first, fields=(), message={})


def announce_all(announcements: Announcements) -> tuple[list[int], Announcements]:
    """Beat until the line is empty: the calls that rang, in order."""
    rung = []
    while announcements.current is not None:
        if announcements.rings:
            rung.append(announcements.current.call)
        announcements = next_beat(announcements)
    return rung, announcements


def started() -> Announcements:
    return seen(Announcements(), board())


VIEW_KEEPS = st.integers(1, 8)
STEPS = st.lists(
    st.tuples(
        st.integers(0, 5),  # calls made since the view before
        st.booleans(),  # the view is sent at all, or lost with the line
        st.integers(1, 3),  # how often it is sent
        st.integers(0, 3 * ANNOUNCEMENT_BEATS),  # beats until the next one
    ),
    max_size=30,
)


@given(keeps=VIEW_KEEPS, steps=STEPS)
def test_every_call_in_any_view_is_announced_exactly_once_and_in_order(
    keeps: int, steps: list[tuple[int, bool, int, int]]
) -> None:
    announcements, made = started(), 0
    rung: list[int] = []
    present: set[int] = set()
    for more, sent, times, beats in steps:
        made += more
        shown = range(max(1, made - keeps + 1), made + 1)
        if sent:
            present.update(shown)
            for _ in range(times):
                announcements = seen(announcements, board(*(call(number) for number in shown)))
        for _ in range(beats):
            if announcements.rings and announcements.current is not None:
                rung.append(announcements.current.call)
            announcements = next_beat(announcements)
    rest, announcements = announce_all(announcements)
    assert rung + rest == sorted(present)
    assert announcements.missed == announcements.last - len(present)


@given(keeps=VIEW_KEEPS, steps=STEPS, gone=st.sets(st.integers(1, 60)))
def test_a_call_taken_back_never_begins_after_the_board_has_seen_it(
    keeps: int, steps: list[tuple[int, bool, int, int]], gone: set[int]
) -> None:
    announcements, made = started(), 0
    for more, _, times, beats in steps:
        made += more
        shown = range(max(1, made - keeps + 1), made + 1)
        view = board(*(call(number, withdrawn=number in gone and times > 1) for number in shown))
        announcements = seen(announcements, view)
        taken_back = {one.call for one in view.calls if one.withdrawn}
        for _ in range(beats):
            assert announcements.current is None or announcements.current.call not in taken_back
            announcements = next_beat(announcements)
        assert not {one.call for one in rows(view, announcements, 12)} & taken_back


@given(tickets=st.lists(st.sampled_from(["K001", "M002", "S003"]), max_size=12), count=st.integers(1, 6))
def test_there_is_one_row_per_ticket_and_it_is_its_newest_call(tickets: list[str], count: int) -> None:
    view = board(*(call(number, ticket) for number, ticket in enumerate(tickets, start=1)))
    shown = rows(view, Announcements(day=DAY, last=len(tickets)), count)
    newest = {ticket: number for number, ticket in enumerate(tickets, start=1)}
    assert [one.call for one in shown] == sorted(newest.values(), reverse=True)[:count]


def test_an_announcement_rings_once_and_flashes_three_times() -> None:
    announcements = seen(started(), board(call(1)))
    lit, rung = [], 0
    while announcements.current is not None:
        lit.append(announcements.lit)
        rung += announcements.rings
        announcements = next_beat(announcements)
    assert rung == 1
    assert lit == [True, False] * FLASHES + [False, False]


def test_two_calls_in_one_instant_are_shown_at_once_and_announced_one_after_the_other() -> None:
    view = board(call(1), call(2))
    announcements = seen(started(), view)
    assert [one.call for one in rows(view, announcements, 6)] == [1, 2]
    for _ in range(ANNOUNCEMENT_BEATS):
        assert announcements.current == call(1)
        announcements = next_beat(announcements)
    assert announcements.current == call(2)
    assert [one.call for one in rows(view, announcements, 6)] == [2, 1]


def test_a_recall_announces_the_same_ticket_at_the_same_desk_again() -> None:
    _, announcements = announce_all(seen(started(), board(call(1, "K042"))))
    rung, _ = announce_all(seen(announcements, board(call(1, "K042"), call(2, "K042"))))
    assert rung == [2]


def test_the_first_call_after_a_long_idle_is_announced() -> None:
    _, announcements = announce_all(seen(started(), board(call(1))))
    hours_later = board(call(1, age_s=9000), call(2))
    assert announce_all(seen(announcements, hours_later))[0] == [2]


def test_at_the_start_old_calls_are_shown_and_young_ones_announced() -> None:
    view = board(call(7, age_s=AGE_MAX_S + 1), call(8, age_s=AGE_MAX_S), call(9))
    announcements = seen(Announcements(), view)
    assert [one.call for one in rows(view, announcements, 6)] == [8, 9, 7]
    assert announce_all(announcements)[0] == [8, 9]
    assert announcements.missed == 0


def test_after_a_reconnect_even_calls_that_became_old_meanwhile_are_announced() -> None:
    _, announcements = announce_all(seen(started(), board(call(1))))
    back = board(call(1, age_s=900), call(2, age_s=600), call(3))
    assert announce_all(seen(announcements, back))[0] == [2, 3]


def test_calls_that_left_the_view_unseen_are_counted() -> None:
    announcements = seen(started(), board(call(1)))
    announcements = seen(announcements, board(call(5), call(6)))
    assert announcements.missed == 3
    assert announce_all(announcements)[0] == [1, 5, 6]


def test_a_new_day_begins_with_its_own_numbers() -> None:
    announcements = seen(started(), board(call(1), call(2)))
    announcements = seen(announcements, board(day=NEXT_DAY))
    assert announcements.current is None
    assert announce_all(seen(announcements, board(call(1), day=NEXT_DAY)))[0] == [1]


def test_taking_back_the_call_being_announced_goes_on_with_the_next_from_its_first_beat() -> None:
    announcements = next_beat(seen(started(), board(call(1), call(2))))
    announcements = seen(announcements, board(call(1, withdrawn=True), call(2)))
    assert announcements.current == call(2)
    assert announcements.rings


def test_calls_count_as_settled_once_announced_withdrawn_or_old() -> None:
    announcements = seen(Announcements(), board(call(3, age_s=9000)))
    assert announcements.settled == 3
    announcements = seen(announcements, board(call(3), call(4), call(5)))
    assert announcements.settled == 3
    announcements = seen(announcements, board(call(4, withdrawn=True), call(5)))
    assert announcements.settled == 4
    assert announce_all(announcements)[1].settled == 5


def test_numbers_that_a_restore_has_passed_over_ring_on_and_are_not_missed() -> None:
    rung, announcements = announce_all(seen(started(), board(*map(call, range(1, 58)))))
    announcements = seen(announcements, board(*map(call, range(1, 51))))
    further, announcements = announce_all(seen(announcements, board(call(50), call(1051))))
    assert (rung[-1], further) == (57, [1051])
    assert announcements.missed == 0


def ring(announcements: Announcements, *, spoken_beats: int) -> list[tuple[int, int]]:
    """Announce all, each call spoken for so many beats: the calls, and how many beats each had."""
    rung: list[tuple[int, int]] = []
    while announcements.current is not None:
        if announcements.rings:
            rung.append((announcements.current.call, 0))
        rung[-1] = (rung[-1][0], announcements.beat + 1)
        announcements = next_beat(announcements, speaking=announcements.beat + 1 < spoken_beats)
    return rung


def test_the_next_call_waits_until_the_one_before_has_been_flashed_and_spoken() -> None:
    both = seen(started(), board(call(1), call(2)))
    assert ring(both, spoken_beats=3) == [(1, ANNOUNCEMENT_BEATS), (2, ANNOUNCEMENT_BEATS)]
    assert ring(both, spoken_beats=20) == [(1, 20), (2, 20)]


def test_a_voice_that_never_ends_holds_the_screen_no_longer_than_its_limit() -> None:
    both = seen(started(), board(call(1), call(2)))
    assert ring(both, spoken_beats=10_000) == [(1, SPOKEN_BEATS_MAX), (2, SPOKEN_BEATS_MAX)]


def test_a_call_is_dark_while_its_voice_goes_on_after_the_flashes() -> None:
    announcements, lit = seen(started(), board(call(1))), 0
    for _ in range(SPOKEN_BEATS_MAX - 1):
        lit += announcements.lit
        announcements = next_beat(announcements, speaking=True)
    assert lit == FLASHES


def test_the_more_calls_wait_in_line_the_less_is_said_of_each() -> None:
    announcements = seen(started(), board(*map(call, range(1, 8))))
    said = []
    while announcements.current is not None:
        if announcements.rings:
            said.append(announcements.brevity)
        announcements = next_beat(announcements)
    assert said == [Brevity.CHIME] * 2 + [Brevity.OWN] * 3 + [Brevity.WHOLE] * 2


def test_a_board_of_some_desks_shows_and_announces_their_calls_alone() -> None:
    view = board(call(1), desk_call(2, "3"), call(3), desk_call(4, "3"))
    announcements = seen(seen(Announcements(desks=frozenset({"3"})), board()), view)
    assert [one.call for one in rows(view, announcements, 6)] == [2, 4]
    assert announce_all(announcements)[0] == [2, 4]


def test_calls_of_other_desks_are_settled_silently_and_in_order() -> None:
    announcements = seen(Announcements(desks=frozenset({"3"})), board())
    announcements = seen(announcements, board(call(1), desk_call(2, "3"), call(3)))
    assert announcements.settled == 1
    _, announcements = announce_all(announcements)
    assert (announcements.settled, announcements.missed) == (3, 0)
    assert seen(announcements, board(call(3), call(4))).settled == 4


def test_a_board_of_some_desks_is_theirs_the_next_day_too() -> None:
    announcements = seen(seen(Announcements(desks=frozenset({"3"})), board()), board(day=NEXT_DAY))
    announcements = seen(announcements, board(call(1), desk_call(2, "3"), day=NEXT_DAY))
    assert announce_all(announcements)[0] == [2]


def test_after_a_restart_what_was_announced_before_is_only_shown() -> None:
    view = board(call(7), call(8), call(9, age_s=AGE_MAX_S + 1), call(10))
    announcements = seen(Announcements(told=(DAY, 8)), view)
    assert announce_all(announcements)[0] == [10]
    assert announcements.missed == 0


def test_what_was_announced_yesterday_says_nothing_of_today() -> None:
    assert announce_all(seen(Announcements(told=("2026-09-14", 8)), board(call(1))))[0] == [1]
    _, yesterday = announce_all(seen(Announcements(told=(DAY, 8)), board(call(9))))
    assert announce_all(seen(yesterday, board(call(1), day=NEXT_DAY)))[0] == [1]
