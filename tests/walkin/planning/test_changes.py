from pathlib import Path
from random import Random

from config.load import load
from walkin.planning.assumptions import read_assumptions
from walkin.planning.changes import (
    LEARN_MAX,
    MORE_MAX,
    Change,
    Learns,
    Less,
    More,
    Roster,
    Under,
    _most,
    changed,
    changes_of,
)
from walkin.planning.place import place_of
from walkin.planning.policy import Rule
from walkin.planning.staffing import generated

CONFIG = Path(__file__).parents[3] / "config"
ASSUMED = read_assumptions()
BRUSSELS = place_of(load(CONFIG / "brussels.toml"), "monday", ASSUMED)
ROSTER = Roster(
    place=BRUSSELS,
    duties=generated(BRUSSELS, ASSUMED, ASSUMED.scenarios["normal"], Random(1)),
)
SOMEBODY = ROSTER.duties[2]


def test_a_counsellor_more_is_there_all_day_with_a_break_for_one_cell() -> None:
    *others, added = changed(ROSTER, More("training", "nl"), ASSUMED)
    assert tuple(others) == ROSTER.duties
    assert added.cells == (("training", "nl"),)
    assert added.stays
    assert len(added.breaks) == 1


def test_a_counsellor_less_is_not_there_at_all() -> None:
    left = changed(ROSTER, Less(SOMEBODY.counsellor), ASSUMED)
    assert left == tuple(duty for duty in ROSTER.duties if duty is not SOMEBODY)


def test_a_counsellor_who_learns_a_language_changes_nothing_else() -> None:
    (before, after), *others = [
        pair
        for pair in zip(
            ROSTER.duties, changed(ROSTER, Learns(SOMEBODY.counsellor, "de"), ASSUMED), strict=True
        )
        if pair[0] != pair[1]
    ]
    assert others == []
    assert before is SOMEBODY
    assert after.languages == (*SOMEBODY.languages, "de")


def test_another_rule_leaves_everybody_where_they_are() -> None:
    assert changed(ROSTER, Under(Rule.SCARCITY), ASSUMED) == ROSTER.duties


def test_every_rule_every_cell_every_counsellor_and_the_languages_worth_most_are_tried() -> None:
    changes = changes_of([ROSTER], ASSUMED)
    assert len(set(changes)) == len(changes)

    def of(kind: type[Change]) -> list[Change]:
        return [change for change in changes if isinstance(change, kind)]

    assert [change.rule for change in of(Under) if isinstance(change, Under)] == list(Rule)
    assert len(of(More)) == min(MORE_MAX, 5 * 4)
    assert len(of(Learns)) == LEARN_MAX
    assert len(of(Less)) == len(ROSTER.duties)


def test_what_is_worth_most_is_tried_where_not_all_can_be() -> None:
    worth: dict[Change, float] = {Less("a"): 1.0, Less("b"): 3.0, Less("c"): 2.0}
    assert _most(worth, 2) == [Less("b"), Less("c")]


def test_nobody_learns_what_they_know() -> None:
    known = {duty.counsellor: duty.languages for duty in ROSTER.duties}
    learned = [change for change in changes_of([ROSTER], ASSUMED) if isinstance(change, Learns)]
    assert all(change.language not in known[change.counsellor] for change in learned)
