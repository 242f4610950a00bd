import io
import logging
import os
import re
from collections.abc import Callable
from contextlib import redirect_stdout

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from PIL import Image

from config.model import Centre, Printer
from config.phrases import Phrases
from printers.encode import REAL_TIME, _harmless, encode, medium_of
from printers.layout import SLIP_BYTES_MAX, lay_out
from printers.render import UnknownProfile, renderer
from printers.simulator.paper import Paper
from printers.slip import Slip

SlipOf = Callable[..., Slip]
OnPaper = Callable[..., Paper]

PROFILES = ("default", "TM-T20II", "TM-T88IV", "T-1", "TH230", "POS-5890", "KR-306", "simple")
WIDTHS = (384, 512, 576)


def printer(width_dots: int, profile: str) -> Printer:
    return Printer(name="printer-1", host="127.0.0.1", width_dots=width_dots, profile=profile)  # type: ignore[arg-type]


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("width_dots", WIDTHS)
@pytest.mark.parametrize("languages", [("fr",), ("nl", "fr", "de")])
def test_a_slip_leaves_room_in_a_receive_buffer(
    profile: str,
    width_dots: int,
    languages: tuple[str, ...],
    slip_of: SlipOf,
    centre: Centre,
    phrases: Phrases,
) -> None:
    encoded = renderer(centre, phrases)(slip_of(*languages, copy=2), printer(width_dots, profile))
    words = encoded.body + encoded.cut
    assert len(words) <= SLIP_BYTES_MAX
    assert not REAL_TIME.search(words)


@pytest.mark.parametrize(
    ("profile", "head"),
    [
        ("default", b"\x1b@\x1bt\x10"),
        ("T-1", b"\x1b@\x1bt\x13"),
        ("TH230", b"\x1b@\x1bt\x08"),
        ("POS-5890", b"\x1b@\x1bt\x47"),
        ("simple", b"\x1b@\x1bt\x00"),
    ],
)
def test_a_slip_starts_from_a_known_state_in_the_code_page_of_the_profile(
    profile: str, head: bytes, slip_of: SlipOf, centre: Centre, phrases: Phrases
) -> None:
    assert renderer(centre, phrases)(slip_of("fr"), printer(576, profile)).body.startswith(head)


@pytest.mark.parametrize(("profile", "œ"), [("default", "œ"), ("T-1", "oe")])
@pytest.mark.parametrize("languages", [("fr",), ("nl",), ("de",), ("en",)])
def test_accents_and_the_euro_arrive_on_paper(
    profile: str,
    œ: str,  # noqa: PLC2401 - the letter in question
    languages: tuple[str, ...],
    slip_of: SlipOf,
    centre: Centre,
    phrases: Phrases,
    on_paper: OnPaper,
) -> None:
    named = replace(centre, name=dict.fromkeys(centre.name, "é è ê ç ï œ ë €"))
    encoded = renderer(named, phrases)(slip_of(*languages), printer(576, profile))
    paper = on_paper(encoded.body + encoded.cut, 576)
    assert f"é è ê ç ï {œ} ë €" in paper.text
    assert paper.complaints == ()


@settings(max_examples=40, deadline=None)
@given(
    texts=st.tuples(st.text(max_size=120), st.text(max_size=60)),
    to=st.builds(printer, st.sampled_from(WIDTHS), st.sampled_from(("default", "T-1"))),
)
def test_no_hostile_text_clips_a_line_or_speaks_to_the_printer(
    texts: tuple[str, str],
    to: Printer,
    slip_of: SlipOf,
    centre: Centre,
    phrases: Phrases,
    on_paper: OnPaper,
) -> None:
    name, noun = texts
    field = replace(centre.field("training"), noun=dict.fromkeys(centre.field("training").noun, noun))
    hostile = replace(centre, name=dict.fromkeys(centre.name, name), fields=(field,))
    receipt = lay_out(slip_of("fr"), hostile, phrases, medium_of(to))
    encoded = encode(receipt, to.profile)
    paper = on_paper(encoded.body + encoded.cut, to.width_dots)
    assert paper.complaints == ()
    assert "Regardez l" in paper.text


@settings(deadline=None)
@given(st.binary(min_size=16, max_size=400))
def test_no_picture_hides_a_real_time_command(dots: bytes) -> None:
    dots = dots.replace(b"\x00", b"\x10").replace(b"\xff", b"\x04")
    height = len(dots) // 4
    picture = Image.frombytes("1", (32, height), dots[: height * 4])
    harmless = _harmless(picture)
    assert harmless.size == picture.size
    assert not REAL_TIME.search(harmless.tobytes())


def test_a_printer_without_a_cutter_only_feeds_the_slip_out(
    slip_of: SlipOf, centre: Centre, phrases: Phrases
) -> None:
    assert renderer(centre, phrases)(slip_of("fr"), printer(384, "POS-5890")).cut == b"\x1bd\x06"


def test_an_unknown_profile_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(UnknownProfile, match=re.escape("TM-T88V")):
        medium_of(printer(576, "TM-T99"))


def test_escpos_leaves_logging_environment_and_terminal_alone(
    slip_of: SlipOf, centre: Centre, phrases: Phrases
) -> None:
    handlers, environment = list(logging.getLogger().handlers), dict(os.environ)
    with redirect_stdout(io.StringIO()) as said:
        renderer(centre, phrases)(slip_of("fr"), printer(576, "default"))
    assert said.getvalue() == ""
    assert logging.getLogger().handlers == handlers
    assert dict(os.environ) == environment
