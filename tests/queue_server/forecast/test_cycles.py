"""How long visitors take a desk: lived, guessed, and today."""

from statistics import fmean

from queue_server.forecast.cycles import GUESS_SHARE, OWN_ENOUGH, Cycles, History

LIMITS_S = {"work": 2700.0, "study": 1800.0}


def cycles(
    lived: dict[str, tuple[float, ...]] | None = None, today: dict[str, tuple[int, float]] | None = None
) -> Cycles:
    return Cycles(History(lived or {}), LIMITS_S, today or {})


def test_a_centre_without_a_past_guesses_from_the_time_limit_of_the_field() -> None:
    first = cycles()
    for field, limit_s in LIMITS_S.items():
        guess = first.of(field)
        assert abs(fmean(guess) / (GUESS_SHARE * limit_s) - 1) < 0.05
        assert guess == sorted(guess)
        assert min(guess) > 0


def test_a_field_with_a_past_of_its_own_speaks_for_itself() -> None:
    lived = tuple(float(seconds) for seconds in range(600, 600 + OWN_ENOUGH))
    assert cycles({"work": lived, "study": (9000.0,) * 100}).of("work") == list(lived)


def test_a_young_field_borrows_from_all_fields() -> None:
    young = cycles({"work": (1000.0,) * 10, "study": (2000.0,) * 100}).of("work")
    assert young.count(1000.0) >= 10
    assert young.count(2000.0) >= 15


def test_a_young_centre_gives_its_guess_less_and_less_weight() -> None:
    few, more = cycles({"work": (600.0,) * 3}).of("work"), cycles({"work": (600.0,) * 15}).of("work")
    assert fmean(more) < fmean(few) < GUESS_SHARE * LIMITS_S["work"]


def test_what_is_left_of_a_session_is_what_longer_ones_lasted_more() -> None:
    lived = tuple(float(100 * nth) for nth in range(1, 101))
    left = cycles({"work": lived}).left("work", 9000.0)
    assert left == [100.0 * nth for nth in range(1, 11)]


def test_a_session_longer_than_nearly_all_before_says_nothing_of_its_end() -> None:
    lived = tuple(float(100 * nth) for nth in range(1, 101))
    assert cycles({"work": lived}).left("work", 9600.0) == []


def test_a_slow_day_makes_every_field_slower_and_a_few_sessions_little() -> None:
    past: dict[str, tuple[float, ...]] = {"work": (1000.0,) * 60, "study": (1000.0,) * 60}
    assert cycles(past, {"work": (2, 4000.0)}).factor == (20_000 + 4000) / (20_000 + 2000)
    slow = cycles(past, {"work": (80, 160_000.0)})
    assert slow.factor == (20_000 + 160_000) / (20_000 + 80_000)
    assert slow.of("study")[0] == 1000.0 * slow.factor


def test_a_past_in_which_nobody_stayed_tells_nothing_of_today() -> None:
    past: dict[str, tuple[float, ...]] = dict.fromkeys(LIMITS_S, (0.0,) * OWN_ENOUGH)
    assert cycles(past, {"work": (3, 2700.0)}).factor == 1.0


def test_a_field_that_is_gone_from_the_configuration_is_left_out() -> None:
    assert cycles({}, {"sewing": (5, 9000.0)}).factor == 1.0
