"""Who waits and how long, by letter: what is told, and that it fits and can be told apart."""

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support import views
from support.foreseen import told, window
from support.views import NOW

from config.load import load
from config.look.lettering import mosaic
from config.look.palette import FIELD_COLOURS, NIGHT_MUTED
from config.look.waits import Minutes
from display_board.terminal.layout import layout_for
from display_board.terminal.waiting import (
    GAP_MAX,
    Captions,
    Waiting,
    by_letter,
    people_waiting,
    without_anybody,
)
from display_board.waits import AT_ONCE, Sign, Told, Wait, wait_for
from protocol.views import FieldQueue
from protocol.waits import WaitKind

CENTRE = load(Path("config/brussels.toml"))
SIZES = ((80, 24), (95, 29), (96, 30), (100, 30), (120, 36), (160, 45), (45, 48), (54, 54), (60, 60))
CAPTIONS = Captions(("En attente", "Wachtend"), ("Temps d’attente", "Wachttijd"))
COLOUR = FIELD_COLOURS[0]
OFFICIAL = ("fr", "nl")
LINES_OF_ONE_FIELD, LARGE_LINES = 2, 7
"""Count and wait, in one-row type and in large type with an empty line between."""


def queue(**expected: tuple[int, int] | WaitKind) -> FieldQueue:
    first = views.field_queues()[0]
    return msgspec.structs.replace(
        first, expected={language: told(what) for language, what in expected.items()}
    )


@pytest.mark.parametrize(
    ("expected", "wait"),
    [
        ({"fr": (25, 45), "nl": (10, 30)}, Wait(Minutes("5–45", "<45"))),
        ({"fr": (25, 45), "nl": (25, 45)}, Wait(Minutes("20–45", "<45"))),
        ({"fr": (25, 45), "nl": WaitKind.AT_ONCE}, Wait(Minutes("<45", "<45"))),
        ({"fr": WaitKind.AT_ONCE, "nl": WaitKind.AT_ONCE}, Wait(AT_ONCE)),
        ({"fr": (25, 45), "nl": WaitKind.NOBODY}, Wait(Minutes("20–45", "<45"), "FR")),
        ({"fr": WaitKind.NOBODY, "nl": WaitKind.AT_ONCE}, Wait(Minutes("0", "0"), "NL")),
        ({"nl": (25, 45)}, Wait(Minutes("20–45", "<45"))),
        ({"fr": WaitKind.NOBODY, "nl": WaitKind.NOBODY, "en": (5, 10)}, Sign.NOBODY),
        ({"fr": WaitKind.NOBODY}, Sign.NOBODY),
        ({"en": (5, 10)}, Sign.UNKNOWN),
        ({}, Sign.UNKNOWN),
    ],
)
def test_the_wait_is_the_widest_window_of_the_official_languages(
    expected: dict[str, tuple[int, int] | WaitKind], wait: Told
) -> None:
    assert wait_for(queue(**expected), OFFICIAL, NOW) == wait


def test_of_a_field_that_gives_no_tickets_no_wait_is_told() -> None:
    closed = msgspec.structs.replace(queue(fr=(5, 10)), open=False)
    assert wait_for(closed, OFFICIAL, NOW) is Sign.UNKNOWN
    both = queue(fr=(5, 10), nl=(25, 45))
    for ended, wait in ((("nl",), Wait(Minutes("<10", "<10"), "FR")), (("fr", "nl"), Sign.UNKNOWN)):
        assert wait_for(msgspec.structs.replace(both, ended=ended), OFFICIAL, NOW) == wait


@given(
    windows=st.lists(st.tuples(st.integers(0, 20), st.integers(1, 12)), min_size=1, max_size=4),
    gone_min=st.integers(0, 30),
)
def test_whoever_reads_the_board_is_promised_nothing_that_one_of_the_languages_does_not_hold(
    windows: list[tuple[int, int]], gone_min: int
) -> None:
    languages = views.LANGUAGES[: len(windows)]
    spans = [(5 * begins, 5 * (begins + lasts)) for begins, lasts in windows]
    at = NOW + timedelta(minutes=gone_min)
    wait = wait_for(queue(**dict(zip(languages, spans, strict=True))), languages, at)
    assert isinstance(wait, Wait)
    assume(not wait.minutes.whole.startswith(">"))
    lo, _, hi = wait.minutes.whole.replace("<", "0–").partition("–")
    for span in spans:
        held = window(*span)
        assert at + timedelta(minutes=int(hi)) >= held.ends_at
        assert at + timedelta(minutes=int(lo)) <= max(held.begins_at, at)


def test_nothing_is_said_of_waits_where_no_field_has_any() -> None:
    assert {one.wait for one in by_letter(views.field_queues(), CENTRE, NOW)} == {None}


def test_nothing_is_said_of_waits_once_no_field_gives_tickets_any_more() -> None:
    assert {one.wait for one in by_letter(views.told_queues(open=False), CENTRE, NOW)} == {None}


def test_a_frozen_picture_counts_people_and_promises_nothing() -> None:
    frozen = by_letter(views.told_queues(), CENTRE, None)
    assert {one.wait for one in frozen} == {Sign.UNKNOWN}
    assert [one.people for one in frozen] == [queue.waiting_total for queue in views.told_queues()]


def test_a_field_that_this_board_does_not_know_is_left_out() -> None:
    strange = msgspec.structs.replace(queue(fr=(5, 10)), field="astronomy")
    assert [one.letter for one in by_letter((strange, *views.told_queues()), CENTRE, NOW)] == [*"KMSXZ"]


WAITS = st.one_of(
    st.none(),
    st.sampled_from([*Sign, Wait(AT_ONCE), Wait(Minutes("<10", "<10")), Wait(Minutes(">120", ">120"))]),
    st.tuples(st.integers(1, 23), st.integers(1, 40)).map(
        lambda told: Wait(Minutes(f"{5 * told[0]}–{5 * sum(told)}", f"<{5 * sum(told)}"))
    ),
    st.just(Wait(Minutes("90–120", "<120"), "FR")),
)


@given(
    size=st.sampled_from(SIZES),
    people=st.lists(st.integers(0, 999), min_size=1, max_size=6),
    waits=st.lists(WAITS, min_size=6, max_size=6),
)
def test_people_and_waits_fit_below_the_calls(
    size: tuple[int, int], people: list[int], waits: list[Told | None]
) -> None:
    layout = layout_for(*size)
    assert layout is not None
    width = size[0] - 2 * layout.margin
    none = any(wait is None for wait in waits)
    fields = [
        Waiting(letter, COLOUR, count, None if none else wait)
        for letter, count, wait in zip("KMSXZW", people, waits, strict=False)
    ]
    lines = people_waiting(CAPTIONS, fields, width, layout.waiting_rows).plain.split("\n")
    assert max(map(len, lines)) <= width
    assert len(lines) in {1, 2, 3, 4, LARGE_LINES} | {2 + 2 * LINES_OF_ONE_FIELD}


@pytest.mark.parametrize("size", SIZES)
def test_six_busy_fields_need_no_second_line(size: tuple[int, int]) -> None:
    layout = layout_for(*size)
    assert layout is not None
    fields = [Waiting(letter, COLOUR, 12, Wait(Minutes("90–120", "<120"))) for letter in "KMSXZW"]
    lines = people_waiting(CAPTIONS, fields, size[0] - 2 * layout.margin, layout.waiting_rows)
    assert lines.plain.count("\n") + 1 in {LINES_OF_ONE_FIELD, 2 + LINES_OF_ONE_FIELD, LARGE_LINES}
    assert all(f" {letter} " in lines.plain or layout.waiting_rows > 1 for letter in "KMSXZW")


FIVE = by_letter(views.told_queues(), CENTRE, NOW)


def test_large_type_needs_no_words_and_small_type_has_those_of_both_languages() -> None:
    large = people_waiting(CAPTIONS, FIVE, 152, 3).plain
    small = people_waiting(CAPTIONS, FIVE, 76, 1).plain
    assert not any(caption in large for said in CAPTIONS for caption in said)
    people, waits = small.split("\n")
    assert people.startswith("En attente · Wachtend ")
    assert waits.startswith("Temps d’attente · Wachttijd ")
    for line in (*mosaic("70–105", 3), *mosaic("min", 3)):
        assert line.rstrip() in large
    assert "70–105'" in small


def test_where_a_window_has_no_room_its_end_is_told_and_stands_apart_from_its_neighbour() -> None:
    narrow = people_waiting(CAPTIONS, FIVE, 94, 3).plain.split("\n")
    assert len(narrow) == LARGE_LINES
    end, beginning = mosaic("<105", 3), mosaic("70–105", 3)
    assert all(part.rstrip() in line for part, line in zip(end, narrow[-3:], strict=True))
    assert not all(part.rstrip() in line for part, line in zip(beginning, narrow[-3:], strict=True))


def test_the_language_that_a_wait_is_of_stands_before_it_less_bright() -> None:
    wait = Wait(Minutes("20–45", "<45"), "FR")
    shown = people_waiting(CAPTIONS, [Waiting("K", COLOUR, 2, wait)], 76, 1)
    assert shown.plain.endswith("FR 20–45'")
    (named,) = [span for span in shown.spans if shown.plain[span.start : span.end] == "FR"]
    assert NIGHT_MUTED in str(named.style)


def test_where_both_do_not_stand_before_the_figures_each_caption_stands_above_its_own() -> None:
    heads_and_figures = people_waiting(CAPTIONS, FIVE, 41, 1).plain.split("\n")
    assert heads_and_figures[::2] == ["En attente · Wachtend", "Temps d’attente · Wachttijd"]
    assert " K " in heads_and_figures[1]
    assert "70–105'" in heads_and_figures[3]


def test_waits_of_two_fields_stand_apart_where_all_fit_on_one_line_so() -> None:
    waits = people_waiting(CAPTIONS, FIVE, 41, 1).plain.split("\n")[3]
    assert "<15'  70–105'  0'" in waits


def test_two_lines_of_fields_have_both_captions_above() -> None:
    lines = people_waiting(CAPTIONS, [*FIVE, *FIVE], 41, 1).plain.split("\n")
    assert lines[:2] == ["En attente · Wachtend", "Temps d’attente · Wachttijd"]
    assert " K " in lines[2]


def test_the_letters_of_fields_without_anybody_are_told_apart_from_those_of_which_nobody_can_tell() -> None:
    unknown = Waiting("X", COLOUR, 0, Sign.UNKNOWN)
    nobody = [Waiting(letter, COLOUR, 1, Sign.NOBODY) for letter in "ZK"]
    assert without_anybody([unknown, *nobody]) == "Z, K"
    assert without_anybody([unknown]) == ""


def test_fields_stand_no_farther_apart_than_the_eye_goes_along() -> None:
    (line, *_) = people_waiting(
        CAPTIONS, [Waiting(letter, COLOUR, 1) for letter in "KM"], 152, 1
    ).plain.split("\n")
    assert line == f"En attente · Wachtend{' ' * GAP_MAX} K  1{' ' * GAP_MAX} M  1"
