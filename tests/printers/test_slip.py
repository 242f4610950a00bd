from collections.abc import Callable

import msgspec

from config.model import Languages
from printers.slip import Slip, slip_languages

LANGUAGES = Languages(official=("fr", "nl"), further=("de", "en"))


def test_a_visitor_of_an_official_language_gets_a_slip_in_it_alone() -> None:
    assert slip_languages("nl", LANGUAGES, ("fr", "nl")) == ("nl",)


def test_another_language_comes_after_the_official_ones_in_the_order_of_the_day() -> None:
    assert slip_languages("de", LANGUAGES, ("nl", "fr")) == ("nl", "fr", "de")


def test_a_slip_comes_back_from_storage_as_it_was(slip_of: Callable[..., Slip]) -> None:
    slip = slip_of("nl", "fr", "de", copy=2)
    assert msgspec.json.decode(msgspec.json.encode(slip), type=Slip) == slip
