from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
import pytest

from config.model import Languages
from printers.slip import Slip, slip_languages

LANGUAGES = Languages(official=("fr", "nl"), further=("de", "en"))


def test_a_visitor_of_an_official_language_gets_a_slip_in_it_alone() -> None:
    assert slip_languages("nl", LANGUAGES, ("fr", "nl")) == ("nl",)


def test_another_language_comes_after_the_official_ones_in_the_order_of_the_day() -> None:
    assert slip_languages("de", LANGUAGES, ("nl", "fr")) == ("nl", "fr", "de")


def test_a_slip_comes_back_from_storage_as_it_was(slip_of: Callable[..., Slip]) -> None:
    window = (datetime(2026, 11, 22, 9, 55, tzinfo=UTC), datetime(2026, 11, 22, 10, 10, tzinfo=UTC))
    for slip in (slip_of("nl", "fr", "de", copy=2), slip_of("nl", window=window)):
        assert msgspec.json.decode(msgspec.json.encode(slip), type=Slip) == slip


def test_a_time_without_its_zone_is_no_time_on_a_slip(slip_of: Callable[..., Slip]) -> None:
    window = (datetime(2026, 11, 22, 9, 55), datetime(2026, 11, 22, 10, 10))  # noqa: DTZ001 - the fault in question
    written = msgspec.json.encode(slip_of("nl", window=window))
    with pytest.raises(msgspec.ValidationError, match="timezone"):
        msgspec.json.decode(written, type=Slip)
