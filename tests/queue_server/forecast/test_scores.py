"""How far promises could be believed, as they were kept."""

from queue_server.core.past import PastPromise
from queue_server.forecast.scores import Score, scores_of


def promise(
    middle: int, waited: int, *, late: bool = False, field: str = "work", languages: str = "fr"
) -> PastPromise:
    """In minutes."""
    return PastPromise(field, languages, 0, 2 * middle, 2 * middle + 20, 2 * waited, late)


def test_the_error_is_the_mean_distance_and_the_bias_says_to_which_side() -> None:
    [score, everybody] = scores_of([promise(20, 10), promise(20, 36, late=True), promise(30, 30)])
    assert score == Score(
        field="work",
        languages="fr",
        visitors=3,
        waited_min=(10 + 36 + 30) / 3,
        error_min=(10 + 16 + 0) / 3,
        bias_min=(10 - 16 + 0) / 3,
        near=2 / 3,
        late=1 / 3,
    )
    assert (everybody.field, everybody.languages, everybody.visitors) == ("", "", 3)


def test_each_field_and_each_choice_of_languages_is_scored_by_itself() -> None:
    found = scores_of([promise(5, 5), promise(5, 9, languages="fr+nl"), promise(5, 6, field="study")])
    assert [(one.field, one.languages, one.error_min) for one in found[:-1]] == [
        ("study", "fr", 1),
        ("work", "fr", 0),
        ("work", "fr+nl", 4),
    ]
    assert found[-1].visitors == 3


def test_where_nobody_was_told_anything_there_is_nothing_to_score() -> None:
    assert scores_of([]) == []
