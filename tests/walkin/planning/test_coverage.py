from hypothesis import given, settings
from support.planned import CLOSES_MIN, FIELDS, LANGUAGES, a_day, duty, some_duties, some_visitors, visitor

from walkin.planning.day import Cell, Day, Duty, Span, Visitor
from walkin.planning.policy import Policy
from walkin.planning.seen import At, Seen
from walkin.planning.simulator import simulate


def uncovered(day: Day) -> dict[Cell, float]:
    return simulate(day, Policy()).uncovered_min


def test_a_cell_that_nobody_covers_is_uncovered_all_day() -> None:
    assert uncovered(a_day([], [duty("a")])) == {
        ("work", "fr"): 0.0,
        ("work", "nl"): CLOSES_MIN,
        ("study", "fr"): CLOSES_MIN,
        ("study", "nl"): CLOSES_MIN,
    }


def test_a_break_uncovers_what_only_this_counsellor_covers() -> None:
    alone, pair = duty("a", ("work", "study"), breaks=(Span(60, 45),)), duty("b")
    found = uncovered(a_day([], [alone, pair]))
    assert (found["study", "fr"], found["work", "fr"]) == (45.0, 0.0)


def test_before_the_first_and_after_the_last_nobody_covers() -> None:
    assert uncovered(a_day([], [duty("a", begins_min=30, ends_min=190)]))["work", "fr"] == 30 + 60


def test_what_happens_after_closing_does_not_count() -> None:
    late = [visitor(235, session_min=40)]
    assert uncovered(a_day(late, [duty("a", absences=(Span(236, 30),))]))["work", "fr"] == 0.0


@given(visitors=some_visitors(), duties=some_duties())
@settings(max_examples=30, deadline=None)
def test_it_is_the_time_in_which_no_desk_on_duty_covers_the_cell(
    visitors: list[Visitor], duties: list[Duty]
) -> None:
    seen: list[Seen] = []
    outcome = simulate(a_day(visitors, duties), Policy(), seen.append)
    for cell in ((field, language) for field in FIELDS for language in LANGUAGES):
        minutes, since_min, covered = 0.0, 0.0, False
        for each in seen:
            now_min = min(each.now_min, CLOSES_MIN)
            minutes += 0.0 if covered else now_min - since_min
            since_min = now_min
            covered = any(
                desk.state in {At.IDLE, At.SERVING} and cell[0] in desk.fields and cell[1] in desk.languages
                for desk in each.desks
            )
        minutes += 0.0 if covered else CLOSES_MIN - since_min
        assert abs(minutes - outcome.uncovered_min[cell]) < 1e-6
