"""What a plot draws is where its numbers put it."""

import re
from xml.etree import ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st

from walkin.planning.plots import (
    LABEL_WIDTH,
    VALUE_WIDTH,
    WIDTH,
    WORDS_BELOW_MAX,
    Bar,
    Difference,
    Line,
    bars,
    differences,
    lines,
)

minutes = st.floats(0, 500)
labels = st.text("aé&<>'\"", max_size=8)


def drawn(svg: str, kind: str) -> list[ET.Element]:
    return ET.fromstring(svg).findall(kind)


def said(number: float) -> str:
    return f"{number:.0f} min"


def points(line: ET.Element) -> list[tuple[float, float]]:
    return [
        (float(left), float(top))
        for left, _, top in (pair.partition(",") for pair in line.attrib["points"].split())
    ]


@given(rows=st.lists(st.builds(Bar, labels, st.none() | minutes, st.none() | minutes), max_size=6))
@settings(max_examples=40, deadline=None)
def test_bars_begin_at_the_labels_and_end_before_the_numbers(rows: list[Bar]) -> None:
    svg = bars(rows, "Waits & more", said)
    for bar in drawn(svg, "rect"):
        assert float(bar.attrib["x"]) == LABEL_WIDTH
        assert 0 <= float(bar.attrib["width"]) <= WIDTH - LABEL_WIDTH - VALUE_WIDTH + 0.1
    assert [text.text or "" for text in drawn(svg, "text")][::2] == [row.label for row in rows]
    assert ET.fromstring(svg).attrib["aria-label"] == "Waits & more"


def test_a_bar_is_as_long_as_its_number_beside_the_longest() -> None:
    svg = bars([Bar("a", 10.0, 40.0), Bar("b", 20.0, None), Bar("c", None, None)], "", said)
    behind, own, other = (float(bar.attrib["width"]) for bar in drawn(svg, "rect"))
    assert own == behind / 4
    assert other == behind / 2
    assert [text.text for text in drawn(svg, "text")][1::2] == ["10 min / 40 min", "20 min", "–"]


def test_a_label_that_has_no_room_ends_in_dots() -> None:
    label = drawn(bars([Bar("a" * 60, 1.0, None)], "", said), "text")[0].text
    assert label == "a" * 39 + "…"


def test_less_goes_to_the_left_of_the_middle_and_more_to_the_right() -> None:
    svg = differences([Difference("a", -8.0, 2.0), Difference("b", 4.0, 0.0)], "", said)
    less, more = drawn(svg, "rect")
    middle = points(drawn(svg, "polyline")[-1])[0][0]
    assert float(less.attrib["x"]) + float(less.attrib["width"]) == middle
    assert float(more.attrib["x"]) == middle
    assert float(less.attrib["width"]) == 2 * float(more.attrib["width"])


def test_the_error_reaches_as_far_to_both_sides() -> None:
    svg = differences([Difference("a", -8.0, 2.0)], "", said)
    (bar,), error = drawn(svg, "rect"), points(drawn(svg, "polyline")[0])
    unit = float(bar.attrib["width"]) / 8
    end = float(bar.attrib["x"])
    assert abs(error[0][0] - (end - 2 * unit)) < 0.2
    assert abs(error[1][0] - (end + 2 * unit)) < 0.2


def curves(svg: str) -> list[list[tuple[float, float]]]:
    """Without the rules and the samples at the top."""
    thick = [line for line in drawn(svg, "polyline") if line.attrib["stroke-width"] == "3"]
    return [points(line) for line in thick if points(line)[0][1] != 14]


def test_a_curve_rises_with_its_numbers_and_breaks_where_there_is_none() -> None:
    svg = lines([Line("a", (0.0, 10.0, None, 5.0))], ("9", "10", "11", "12"), "", said)
    first, alone = curves(svg)
    (left, bottom), (right, top) = first
    assert right > left
    assert bottom > top
    assert abs(alone[0][1] - (bottom + top) / 2) < 0.2


def test_curves_differ_without_colour() -> None:
    svg = lines([Line("a", (1.0, 2.0)), Line("b", (2.0, 1.0), dashed=True)], ("9", "10"), "", said)
    assert len(re.findall("stroke-dasharray", svg)) == 2  # in the sample and in the curve


def test_words_below_stay_apart_however_many_steps_there_are() -> None:
    steps = [f"step {number}" for number in range(40)]
    svg = lines([Line("a", tuple(map(float, range(40))))], steps, "", said)
    below = [text.text for text in drawn(svg, "text") if (text.text or "").startswith("step")]
    assert 1 < len(below) <= WORDS_BELOW_MAX


def test_nothing_at_all_is_still_a_picture() -> None:
    for svg in (bars([], "", said), differences([], "", said), lines([], (), "", said)):
        assert ET.fromstring(svg).tag == "svg"
