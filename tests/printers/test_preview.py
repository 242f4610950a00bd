from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from itertools import pairwise

import pytest
import zxingcpp
from PIL import Image, ImageChops

from config.model import Centre, Printer
from config.phrases import Phrases
from printers.encode import encode, medium_of
from printers.layout import RULE_DOTS, Line, Qr, Receipt, lay_out
from printers.preview import drawn, png
from printers.simulator.paper import Paper, Picture
from printers.slip import Slip

SlipOf = Callable[..., Slip]
OnPaper = Callable[..., Paper]

SLIPS = [
    pytest.param(width, profile, languages, id=f"{width}-{profile}-{'-'.join(languages)}")
    for width in (384, 512, 576)
    for profile in ("default", "T-1", "TH230")
    for languages in (("fr",), ("nl",), ("nl", "fr", "de"))
]
IN_LETTERS = [pytest.param(width, "TM-U220B", ("fr",), id=f"{width}-in-letters") for width in (384, 576)]
PAGES = {0: "cp437", 16: "cp1252", 19: "cp858", 8: "cp1252"}
WINDOW = (datetime(2026, 11, 22, 9, 55, tzinfo=UTC), datetime(2026, 11, 22, 10, 10, tzinfo=UTC))
TOKENS = ("7K3VN8Q2AW0YR7SX", "HTTPS://FILE.BRUSSELS/T/7K3VN8Q2AW0YR7SX")


def laid_out(slip: Slip, width_dots: int, profile: str, centre: Centre, phrases: Phrases) -> Receipt:
    printer = Printer(name="printer-1", host="127.0.0.1", width_dots=width_dots, profile=profile)  # type: ignore[arg-type]
    return lay_out(slip, centre, phrases, medium_of(printer))


def difference(one: Image.Image, other: Image.Image) -> int:
    """Dots that are not the same."""
    return ImageChops.logical_xor(one, other).convert("L").histogram()[255]


@pytest.mark.parametrize(("width_dots", "profile", "languages"), SLIPS + IN_LETTERS)
def test_the_paper_looks_like_the_preview_dot_for_dot(
    width_dots: int,
    profile: str,
    languages: tuple[str, ...],
    slip_of: SlipOf,
    centre: Centre,
    phrases: Phrases,
    on_paper: OnPaper,
) -> None:
    slip = slip_of(*languages, window=WINDOW, copy=2)
    receipt = laid_out(slip, width_dots, profile, centre, phrases)
    encoded = encode(receipt, profile)
    paper = on_paper(encoded.body + encoded.cut, width_dots, PAGES)
    preview = drawn(receipt)
    assert paper.text.splitlines() == [each.text for each in receipt.elements if isinstance(each, Line)]
    assert difference(preview, paper.image.crop((0, 0, *preview.size))) == 0


@pytest.mark.parametrize(("width_dots", "profile", "languages"), SLIPS)
def test_a_telephone_reads_the_qr_from_paper_and_from_preview(
    width_dots: int,
    profile: str,
    languages: tuple[str, ...],
    slip_of: SlipOf,
    centre: Centre,
    phrases: Phrases,
    on_paper: OnPaper,
) -> None:
    for token_url in TOKENS:
        slip = slip_of(*languages, token_url=token_url)
        receipt = laid_out(slip, width_dots, profile, centre, phrases)
        encoded = encode(receipt, profile)
        for picture in (drawn(receipt), on_paper(encoded.body + encoded.cut, width_dots, PAGES).image):
            assert [code.text for code in zxingcpp.read_barcodes(picture.convert("L"))] == [token_url]


@pytest.mark.parametrize("profile", ["default", "TH230"])
@pytest.mark.parametrize("width_dots", [384, 512, 576])
@pytest.mark.parametrize("token_url", TOKENS)
def test_around_a_qr_four_modules_stay_white(
    profile: str, width_dots: int, token_url: str, slip_of: SlipOf, centre: Centre, phrases: Phrases
) -> None:
    receipt = laid_out(slip_of("fr", token_url=token_url), width_dots, profile, centre, phrases)
    preview = drawn(receipt)
    (code,) = zxingcpp.read_barcodes(preview.convert("L"))
    (qr,) = (element for element in receipt.elements if isinstance(element, Qr))
    quiet = 4 * qr.module_dots
    corners = code.position
    left, top = corners.top_left.x - quiet, corners.top_left.y - quiet
    right, bottom = corners.bottom_right.x + quiet, corners.bottom_right.y + quiet
    around = preview.crop((left, top, right + 1, bottom + 1))
    around.paste(255, (quiet - 2, quiet - 2, around.width - quiet + 2, around.height - quiet + 2))
    assert left >= 0
    assert right <= width_dots
    assert around.getextrema() == (255, 255)


@pytest.mark.parametrize("number", ["K\N{NO-BREAK SPACE}042", "W\N{NO-BREAK SPACE}100042"])
@pytest.mark.parametrize("width_dots", [384, 512, 576])
def test_the_number_is_the_largest_thing_on_the_paper_and_inside_it(
    number: str, width_dots: int, slip_of: SlipOf, centre: Centre, phrases: Phrases, on_paper: OnPaper
) -> None:
    encoded = encode(
        laid_out(slip_of("fr", number=number), width_dots, "default", centre, phrases), "default"
    )
    paper = on_paper(encoded.body + encoded.cut, width_dots)
    pictures = [part for part in paper.parts if isinstance(part, Picture) and part.qr is None]
    bands = [each for each in pictures if each.width >= width_dots * 0.85 and each.height > RULE_DOTS]
    assert sum(band.height for band in bands) >= 48
    assert all(upper.top + upper.height == lower.top for upper, lower in pairwise(bands))
    assert all(band.left + band.width <= width_dots for band in bands)


def test_a_preview_is_a_png_as_wide_as_the_paper(slip_of: SlipOf, centre: Centre, phrases: Phrases) -> None:
    receipt = laid_out(slip_of("fr"), 384, "default", centre, phrases)
    picture = Image.open(BytesIO(png(receipt)))
    assert (picture.format, picture.width) == ("PNG", 384)
