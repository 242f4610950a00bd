"""A slip says the same, whoever works in the centre and for whom."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from support.nobody import named_in, nobody_in

from config.model import Centre, Printer
from config.phrases import Phrases
from printers.layout import Medium, lay_out
from printers.render import renderer
from printers.slip import Slip

WINDOW = (datetime(2026, 11, 22, 9, 55, tzinfo=UTC), datetime(2026, 11, 22, 10, 10, tzinfo=UTC))
KINDS = [
    {},
    {"copy": 2},
    {"window": WINDOW, "back_by": WINDOW[0]},
    {"provisional": True, "ahead": 0},
    {"ahead": 0},
]


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_no_slip_says_who_works_here_or_for_whom(
    kind: dict[str, object], centre: Centre, phrases: Phrases, slip_of: Callable[..., Slip]
) -> None:
    printer, medium = Printer(name="printer-1", host="127.0.0.1"), Medium(576, "cp858", native_qr=True)
    for field in centre.fields:
        slip = slip_of("nl", "fr", "en", field=field.id, **kind)
        receipt = lay_out(slip, centre, phrases, medium)
        assert slip.number in receipt.text
        assert named_in(receipt.text, centre) == []
        assert receipt == lay_out(slip, nobody_in(centre), phrases, medium)
        words = renderer(centre, phrases)(slip, printer)
        assert words == renderer(nobody_in(centre), phrases)(slip, printer)
