"""What is written of a centre is the same centre when it is read."""

from datetime import time
from pathlib import Path

import pytest
from msgspec.structs import replace
from support.centre import small_centre

from config.load import load, parse
from config.model import Centre, Rules
from config.write import text_of

CONFIG = Path(__file__).parents[2] / "config"


@pytest.mark.parametrize("name", ["brussels", "charleroi"])
def test_a_centre_that_is_written_is_read_as_the_same_centre(name: str) -> None:
    centre = load(CONFIG / f"{name}.toml")
    assert parse(text_of(centre), "copy.toml") == centre


@pytest.mark.parametrize(
    "changes",
    [
        {"rules": Rules(numbering="shared", tickets_per_field_max=999_999, tickets_per_kiosk_max=999_999)},
        {"name": {"fr": 'L’« atelier »\n"\\\t\x7f', "nl": "Werkplaats", "en": "Workshop"}},
        {"ticket_url": "https://centre.example/t/"},
    ],
    ids=["rules", "letters", "address"],
)
def test_whatever_a_centre_says_is_read_as_it_was_written(changes: dict[str, object]) -> None:
    centre: Centre = replace(small_centre(), **changes)
    assert parse(text_of(centre), "copy.toml") == centre
    assert centre.hours["monday"].opens == time(9, 30)
