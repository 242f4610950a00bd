from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest

from config.problem import ConfigError
from walkin.planning.assumptions import ASSUMPTIONS_BYTES_MAX, parse_assumptions, read_assumptions

SHIPPED = (files("walkin.planning") / "assumptions.toml").read_text(encoding="utf-8")


def problems_of(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        parse_assumptions(text.encode(), "ours.toml")
    return str(caught.value)


def test_every_figure_says_that_it_is_invented_or_where_it_comes_from() -> None:
    table = ""
    for line in SHIPPED.splitlines():
        if line.startswith("["):
            table = line
        elif " = " in line and not line.startswith((" ", "#")):
            assert any(word in table + line for word in ("# invented", "# published: ", "# your own")), line


def test_a_copy_that_nobody_edited_is_the_same(tmp_path: Path) -> None:
    copy = tmp_path / "ours.toml"
    copy.write_text(SHIPPED, encoding="utf-8")
    assert read_assumptions(copy) == read_assumptions()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            lambda text: text.replace("no_show_share = 0.05", "no_show_share = 5"),
            "ours.toml: sessions.no_show_share: 5 does not fit; write a number from 0 to 1",
        ),
        (
            lambda text: text.replace("visitors_mean", "visitor_mean"),
            "ours.toml: demand.visitor_mean: unknown key; did you mean 'visitors_mean'?",
        ),
        (
            lambda text: text.replace("least_min = 4.0", "", 1),
            "ours.toml: sessions.least_min: missing in the table sessions; add least_min = …",
        ),
        (
            lambda text: text.replace("walk_min = 1.0", "walk_min = nan"),
            "ours.toml: sessions.walk_min: nan does not fit; write a number from 0 to 1440",
        ),
        (
            lambda text: text.replace("walk_min = 1.0", 'walk_min = "1"'),
            "ours.toml: sessions.walk_min: '1' does not fit; write a number from 0 to 1440",
        ),
        (
            lambda text: text.replace("absence_least_min = 20.0", "absence_least_min = 90.0"),
            "ours.toml: messy.absence_most_min: 60 is less than absence_least_min, 90; swap the two",
        ),
        (
            lambda text: text.replace("fields_each = [30, 45, 25]", "fields_each = [0]"),
            "ours.toml: reference.fields_each: no weight above 0; give one of them a weight",
        ),
        (
            lambda text: text.replace("fields_each = [30, 45, 25]", "fields_each = [1, 1, 1, 1, 1, 1]"),
            "ours.toml: reference.fields_each: weights for 6 fields each, of 5; name a weight",
        ),
        (
            lambda text: text.replace("first = 72", "first = 0"),
            "ours.toml: demand.languages.first: 0, and own has no weight; give one of them a weight",
        ),
        (
            lambda text: text.replace('official = ["fr", "nl"]', "official = []"),
            'ours.toml: reference.official: empty; write official = ["fr", "nl"]',
        ),
        (
            lambda text: (
                text[: text.index("[scenarios.tight]")] + "[scenarios]\n" + text[text.index("[reference]") :]
            ),
            "ours.toml: scenarios: empty; write [scenarios.normal]",
        ),
        (lambda _: "[demand", "ours.toml: not TOML: Expected ']' at the end of a table declaration"),
        (
            lambda text: text + "#" * ASSUMPTIONS_BYTES_MAX,
            "ours.toml: longer than 65536 bytes; begin with a copy of the shipped file",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_key_and_what_to_do(change: Callable[[str], str], told: str) -> None:
    assert problems_of(change(SHIPPED)).startswith(told)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        read_assumptions(tmp_path / "none.toml")
