"""The paper that visitors take away, in every language and for every case that changes what is on it."""

from datetime import UTC, datetime
from typing import Any

from pictures.kiosk import brussels, phrases
from PIL import Image
from support.kiosk_stories import LANGUAGES

from config.model import Printer
from printers.encode import medium_of
from printers.layout import lay_out
from printers.preview import drawn
from printers.slip import Slip, slip_languages

TAKEN_AT = datetime(2026, 11, 23, 9, 42, tzinfo=UTC)
WINDOW = (datetime(2026, 11, 23, 9, 55, tzinfo=UTC), datetime(2026, 11, 23, 10, 10, tzinfo=UTC))
CASES: dict[str, dict[str, Any]] = {
    "ticket": {"window": WINDOW, "back_by": WINDOW[0]},
    "nobody ahead": {"ahead": 0},
    "nobody is planned": {"nobody": True},
    "copy": {"copy": 2},
    "without the server": {"provisional": True},
}
WIDTH_DOTS = 576
"""Paper of 80 mm."""


def slip_picture(case: str, language: str) -> Image.Image:
    """The slip of a visitor who chose this language."""
    centre = brussels()
    slip = Slip(
        **{
            "ticket": "M042",
            "number": "M\N{NO-BREAK SPACE}042",
            "field": "training",
            "languages": slip_languages(language, centre.languages, ("fr", "nl")),
            "talk": (language,) if language in centre.languages.official else ("fr", "nl"),
            "ahead": 3,
            "taken_at": TAKEN_AT,
            "token_url": "HTTPS://FILE.EXAMPLE/T/7K3VN8Q2AW0YR7SX",
            **CASES[case],
        }
    )
    printer = Printer(name="printer-1", host="127.0.0.1", width_dots=WIDTH_DOTS)
    return drawn(lay_out(slip, centre, phrases(), medium_of(printer)))


SLIPS = [(case, language) for case in CASES for language in LANGUAGES]
