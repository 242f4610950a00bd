import pytest

from config.look.eyes import APART_MIN, EYES, alike, apart, ciede2000
from config.look.palette import FIELD_COLOURS, lighter

SHARMA = [
    ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
    ((50, -1.3802, -84.2814), (50, 0, -82.7485), 1.0),
    ((50, 0, 0), (50, -1, 2), 2.3669),
    ((50, 2.49, -0.001), (50, -2.49, 0.0011), 7.2195),
    ((50, 2.5, 0), (73, 25, -18), 27.1492),
    ((50, 2.5, 0), (61, -5, 29), 22.8977),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
    ((36.4612, 47.8580, 18.3852), (36.2715, 50.5065, 21.2231), 1.4146),
    ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
]
"""Of the test data of Sharma, Wu and Dalal: both colours, and their distance."""


@pytest.mark.parametrize(("one", "other", "distance"), SHARMA)
def test_distances_are_those_of_the_published_data(
    one: tuple[float, float, float], other: tuple[float, float, float], distance: float
) -> None:
    assert ciede2000(one, other) == pytest.approx(distance, abs=1e-4)
    assert ciede2000(other, one) == pytest.approx(distance, abs=1e-4)


def test_all_eyes_tell_the_colours_of_the_fields_apart() -> None:
    assert len(FIELD_COLOURS) >= 6
    assert list(alike(FIELD_COLOURS, least=12)) == []


def test_all_eyes_tell_their_lighter_twins_apart() -> None:
    assert list(alike(map(lighter, FIELD_COLOURS))) == []


def test_red_and_green_are_alike_to_eyes_without_green() -> None:
    ((one, other, distance, eyes),) = alike(["#C04A4A", "#6E7A1E", "#0000AA"])
    assert (one, other, eyes) == ("#C04A4A", "#6E7A1E", "without green (deuteranopia)")
    assert distance < APART_MIN


def test_black_and_white_are_as_far_apart_to_all_eyes() -> None:
    assert apart("#000000", "#FFFFFF")[0] == pytest.approx(100, abs=0.5)
    assert apart("#0A5AA0", "#0A5AA0")[0] == 0
    assert len(EYES) == 4
