"""Slips as they were when somebody last looked at them; docs/how-to/change-the-slip.md says how to look."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops

from config.load import load
from config.model import Centre, Printer
from config.phrases import Phrases
from printers.encode import medium_of
from printers.layout import lay_out
from printers.preview import drawn
from printers.render import renderer
from printers.simulator.paper import Paper
from printers.slip import Slip

PICTURES = Path("tests/printers/pictures")
RENEW = "RENEW_PICTURES"
"""Set in the environment, the pictures are drawn anew instead of compared."""
GAP_DOTS = 24
GREY, RED, BLUE = (160, 160, 160), (220, 0, 0), (0, 70, 220)

BRUSSELS, CHARLEROI = "config/brussels.toml", "config/charleroi.toml"
WINDOW = (datetime(2026, 11, 23, 9, 55, tzinfo=UTC), datetime(2026, 11, 23, 10, 10, tzinfo=UTC))
LATER = {"window": WINDOW, "back_by": datetime(2026, 11, 23, 9, 55, tzinfo=UTC)}
LONG = {"field": "education", "number": "B\N{NO-BREAK SPACE}1042", "ahead": 37, "window": WINDOW}

SLIPS: dict[str, tuple[str, int, str, tuple[str, ...], dict[str, Any]]] = {
    "fr-384": (BRUSSELS, 384, "default", ("fr",), {}),
    "nl-384-when": (BRUSSELS, 384, "NT-5890K", ("nl",), {**LATER, "talk": ("nl", "fr")}),
    "de-384": (BRUSSELS, 384, "default", ("nl", "fr", "de"), {"ahead": 0}),
    "fr-512-copy": (BRUSSELS, 512, "TM-T88V", ("fr",), {"copy": 2, "ahead": 1}),
    "nl-512": (BRUSSELS, 512, "T-1", ("nl",), {"field": "entrepreneurship"}),
    "en-512-long": (BRUSSELS, 512, "TM-T88V", ("fr", "nl", "en"), LONG),
    "fr-576-when": (BRUSSELS, 576, "default", ("fr",), LATER),
    "nl-576-when": (BRUSSELS, 576, "default", ("nl",), LATER),
    "de-576-when": (BRUSSELS, 576, "TH230", ("fr", "nl", "de"), {**LATER, "copy": 2}),
    "fr-576-address": (
        CHARLEROI,
        576,
        "default",
        ("fr",),
        {"field": "jobs", "token_url": "HTTPS://FILE.EXAMPLE/T/7K3VN8Q2AW0YR7SX"},
    ),
    "fr-384-letters": (BRUSSELS, 384, "TM-U220B", ("fr",), {"window": WINDOW}),
}


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_looks_as_it_did_when_somebody_last_looked(
    name: str, tmp_path: Path, slip_of: Callable[..., Slip], phrases: Phrases, on_paper: Callable[..., Paper]
) -> None:
    file, width_dots, profile, languages, changed = SLIPS[name]
    told = {
        "ticket": "M042",
        "number": "M\N{NO-BREAK SPACE}042",
        "taken_at": datetime(2026, 11, 23, 9, 42, tzinfo=UTC),
        "token_url": "7K3VN8Q2AW0YR7SX",
        **changed,
    }
    printer = Printer(name="printer-1", host="127.0.0.1", width_dots=width_dots, profile=profile)  # type: ignore[arg-type]
    now = printed(slip_of(*languages, **told), load(Path(file)), phrases, printer, on_paper)
    reference = PICTURES / f"{name}.png"
    if RENEW in os.environ:
        now.save(reference, optimize=True)
        pytest.skip("drawn anew: look at it")
    before = Image.open(reference).convert("1") if reference.exists() else Image.new("1", (1, 1), 255)
    if before.size == now.size and not ImageChops.logical_xor(before, now).getbbox():
        return
    seen = tmp_path / f"{name}.png"
    side_by_side(before, now).save(seen)
    pytest.fail(
        f"the slip {name} looks different. Look at {seen}: before, now, and red what went, blue what came."
        f" If it is meant: {RENEW}=1 .venv/bin/pytest {PICTURES.parent}/test_preview_pictures.py",
        pytrace=False,
    )


def test_every_picture_is_of_a_slip_that_is_compared() -> None:
    assert {path.stem for path in PICTURES.glob("*.png")} == set(SLIPS)


def printed(
    slip: Slip, centre: Centre, phrases: Phrases, printer: Printer, on_paper: Callable[..., Paper]
) -> Image.Image:
    """The paper without what is fed to cut it."""
    encoded = renderer(centre, phrases)(slip, printer)
    cut = encoded.cut if encoded.cut.startswith(b"\x1dV") else b"\x1dV\x00"
    pages = {0: "cp437", 8: "cp1252", 16: "cp1252", 19: "cp858"}
    paper = on_paper(encoded.body + cut, printer.width_dots, pages)
    return paper.image.crop((0, 0, *drawn(lay_out(slip, centre, phrases, medium_of(printer))).size))


def side_by_side(before: Image.Image, now: Image.Image) -> Image.Image:
    """Before, now, and both on each other."""
    width, height = max(before.width, now.width), max(before.height, now.height)
    one, other = (Image.new("1", (width, height), 255) for _ in range(2))
    one.paste(before)
    other.paste(now)
    both = Image.new("RGB", (width, height), (255, 255, 255))
    black_before, black_now = (ImageChops.invert(each.convert("L")) for each in (one, other))
    both.paste((0, 0, 0), mask=ImageChops.darker(black_before, black_now))
    both.paste(RED, mask=ImageChops.subtract(black_before, black_now))
    both.paste(BLUE, mask=ImageChops.subtract(black_now, black_before))
    sheet = Image.new("RGB", (3 * width + 4 * GAP_DOTS, height + 2 * GAP_DOTS), GREY)
    for place, part in enumerate((one, other, both)):
        sheet.paste(part.convert("RGB"), (GAP_DOTS + place * (width + GAP_DOTS), GAP_DOTS))
    return sheet
