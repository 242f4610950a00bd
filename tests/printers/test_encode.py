import codecs
import io
import logging
import os
import re
from collections.abc import Callable
from contextlib import redirect_stdout
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from PIL import Image

from config.model import Centre, Printer
from config.phrases import Phrases
from printers.encode import REAL_TIME, _escpos, _harmless, encode, medium_of
from printers.layout import SLIP_BYTES_MAX, Line, Number, lay_out
from printers.letters import Codec, spelled
from printers.render import Encoded, UnknownProfile, renderer
from printers.simulator.paper import Paper, Picture
from printers.slip import Slip

SlipOf = Callable[..., Slip]
OnPaper = Callable[..., Paper]

PROFILES = ("default", "TM-T20II", "TM-T88IV", "T-1", "TH230", "POS-5890", "KR-306", "simple", "TM-U220")
EVERY_PROFILE = sorted(_escpos("capabilities").CAPABILITIES["profiles"])
WIDTHS = (384, 512, 576)
WINDOW = (datetime(2026, 11, 22, 9, 55, tzinfo=UTC), datetime(2026, 11, 22, 10, 10, tzinfo=UTC))
CUT = b"\x1dV\x00"
"""What a person does at a printer without a cutter."""
LONG = {
    "fr": "Cité des métiers de la Région de Bruxelles-Capitale et de sa périphérie",
    "nl": "Beroepenpunt van het Brussels Hoofdstedelijk Gewest en de Vlaamse Rand",
}
ACCENTS = "é è ê ç ï œ ë €"


def printer(width_dots: int, profile: str) -> Printer:
    return Printer(name="printer-1", host="127.0.0.1", width_dots=width_dots, profile=profile)  # type: ignore[arg-type]


def pages_of(profile: str) -> dict[int, str]:
    """What ESC t n means to this printer, by its profile: the pages that Python can read."""
    known = _escpos("capabilities").CAPABILITIES
    names = {page: known["encodings"].get(page, {}).get("python_encode") for page in known["encodings"]}
    pages = {int(number): names.get(page) for number, page in known["profiles"][profile]["codePages"].items()}
    return {number: name for number, name in pages.items() if name and _readable(name)}


def _readable(codec: str) -> bool:
    try:
        codecs.lookup(codec)
    except LookupError:
        return False
    return True


def written(encoded: Encoded) -> bytes:
    """The bytes of a slip that falls out of the printer, with or without a cutter."""
    return encoded.body + encoded.cut + (b"" if encoded.cut.startswith(b"\x1dV") else CUT)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("width_dots", WIDTHS)
@pytest.mark.parametrize("languages", [("fr",), ("nl", "fr", "de"), ("fr", "nl", "en")])
def test_a_slip_leaves_room_in_a_receive_buffer(
    profile: str,
    width_dots: int,
    languages: tuple[str, ...],
    slip_of: SlipOf,
    centre: Centre,
    phrases: Phrases,
) -> None:
    named = replace(centre, name={**centre.name, **LONG})
    for field in centre.fields:
        slip = slip_of(
            *languages,
            talk=("fr", "nl", "de", "en"),
            copy=99,
            ahead=137,
            field=field.id,
            window=WINDOW,
            token_url="HTTPS://WWW.CITEDESMETIERS.BRUSSELS/TICKET/7K3VN8Q2AW0YR7SX",
        )
        encoded = renderer(named, phrases)(slip, printer(width_dots, profile))
        words = encoded.body + encoded.cut
        assert len(words) <= SLIP_BYTES_MAX
        assert not REAL_TIME.search(words)


@pytest.mark.parametrize("profile", EVERY_PROFILE)
@pytest.mark.parametrize("width_dots", WIDTHS)
def test_every_profile_there_is_gets_a_slip_that_its_printer_can_read(
    profile: str, width_dots: int, slip_of: SlipOf, centre: Centre, phrases: Phrases, on_paper: OnPaper
) -> None:
    to = printer(width_dots, profile)
    pages = pages_of(profile)
    for languages in (("nl",), ("fr", "nl", "de")):
        receipt = lay_out(slip_of(*languages, window=WINDOW), centre, phrases, medium_of(to))
        encoded = encode(receipt, profile)
        paper = on_paper(written(encoded), width_dots, {0: "cp437", **pages})
        lines = [element.text for element in receipt.elements if isinstance(element, Line)]
        assert paper.complaints == ()
        assert paper.text.splitlines() == lines
        assert encoded.body.startswith(b"\x1b@\x1bt")
        assert medium_of(to).codec in (pages.get(encoded.body[4]), "ascii")


@pytest.mark.parametrize("profile", EVERY_PROFILE)
def test_a_printer_is_asked_only_for_what_its_profile_says_it_can(
    profile: str, slip_of: SlipOf, centre: Centre, phrases: Phrases
) -> None:
    features = _escpos("capabilities").CAPABILITIES["profiles"][profile]["features"]
    encoded = renderer(centre, phrases)(slip_of("fr"), printer(384, profile))
    assert (b"\x1dv0" in encoded.body) == features["bitImageRaster"]
    assert (b"\x1d(k" in encoded.body) == features["qrCode"]
    assert encoded.cut.startswith(b"\x1dV") == (features["paperFullCut"] or features["paperPartCut"])


def test_a_printer_without_pictures_still_gives_number_and_token(
    slip_of: SlipOf, centre: Centre, phrases: Phrases, on_paper: OnPaper
) -> None:
    slip = slip_of("fr", token_url="7K3VN8Q2AW0YR7SX")
    encoded = renderer(centre, phrases)(slip, printer(384, "TM-U220B"))
    paper = on_paper(encoded.body + encoded.cut, 384)
    assert "\nK 042\n" in paper.text
    assert "\n7K3VN8Q2AW0YR7SX\n" in paper.text
    assert not any(isinstance(part, Picture) for part in paper.parts)


@pytest.mark.parametrize(
    ("profile", "head"),
    [
        ("default", b"\x1b@\x1bt\x10"),
        ("T-1", b"\x1b@\x1bt\x13"),
        ("TH230", b"\x1b@\x1bt\x08"),
        ("POS-5890", b"\x1b@\x1bt\x10"),
        ("TSP600", b"\x1b@\x1bt\x20"),
        ("simple", b"\x1b@\x1bt\x00"),
    ],
)
def test_a_slip_starts_from_a_known_state_in_the_code_page_of_the_profile(
    profile: str, head: bytes, slip_of: SlipOf, centre: Centre, phrases: Phrases
) -> None:
    assert renderer(centre, phrases)(slip_of("fr"), printer(576, profile)).body.startswith(head)


@pytest.mark.parametrize(
    ("profile", "spelling"),
    [
        ("default", "é è ê ç ï œ ë €"),
        ("TH230", "é è ê ç ï œ ë €"),
        ("T-1", "é è ê ç ï oe ë €"),
        ("simple", "e e e c i oe e EUR"),
        ("TM-U220B", "e e e c i oe e EUR"),
    ],
)
@pytest.mark.parametrize("languages", [("fr",), ("nl",), ("nl", "fr", "de"), ("fr", "nl", "en")])
def test_accents_and_the_euro_arrive_on_paper(
    profile: str,
    spelling: str,
    languages: tuple[str, ...],
    slip_of: SlipOf,
    centre: Centre,
    phrases: Phrases,
    on_paper: OnPaper,
) -> None:
    named = replace(centre, name=dict.fromkeys(centre.name, ACCENTS))
    encoded = renderer(named, phrases)(slip_of(*languages, window=WINDOW), printer(576, profile))
    paper = on_paper(written(encoded), 576, {0: "cp437", **pages_of(profile)})
    assert paper.text.splitlines()[0] == spelling
    assert paper.complaints == ()


@pytest.mark.parametrize("codec", ["cp1252", "cp858", "ascii"])
def test_no_text_on_a_slip_loses_a_letter_to_a_question_mark(codec: Codec, phrases: Phrases) -> None:
    keys = [key for key in phrases if key.startswith(("slip.", "lang."))]
    for key in keys:
        for language in ("fr", "nl", "de", "en"):
            for form in phrases.message(key).forms[language].values():
                assert spelled(form, codec, language).count("?") == form.count("?")


CONTROLS = st.sampled_from(
    ["\x10\x04\x01", "\x10\x05\x02", "\x10\x14\x08", "\x1b@", "\x1dV\x00", "\x1bp\x00", "\n", "\x9b"]
)
HOSTILE = st.lists(st.one_of(CONTROLS, st.text(max_size=40)), max_size=4).map("".join)


@settings(max_examples=60, deadline=None)
@given(
    texts=st.tuples(HOSTILE, HOSTILE, HOSTILE, st.text(min_size=1, max_size=12)),
    to=st.builds(
        printer, st.sampled_from(WIDTHS), st.sampled_from(("default", "T-1", "POS-5890", "TM-U220B"))
    ),
    languages=st.sampled_from([("fr",), ("nl", "fr", "de")]),
)
def test_no_hostile_text_clips_a_line_or_speaks_to_the_printer(
    texts: tuple[str, str, str, str],
    to: Printer,
    languages: tuple[str, ...],
    slip_of: SlipOf,
    centre: Centre,
    phrases: Phrases,
    on_paper: OnPaper,
) -> None:
    name, other, label, number = texts
    field = replace(centre.field("training"), label=dict.fromkeys(centre.languages.all, label))
    hostile = replace(centre, name={**centre.name, "fr": name, "nl": other}, fields=(field,))
    receipt = lay_out(slip_of(*languages, number=number, window=WINDOW), hostile, phrases, medium_of(to))
    encoded = encode(receipt, to.profile)
    paper = on_paper(written(encoded), to.width_dots)
    assert paper.complaints == ()
    assert not REAL_TIME.search(encoded.body + encoded.cut)
    assert sum(isinstance(element, Number) for element in receipt.elements) <= 1
    assert paper.text.splitlines() == [each.text for each in receipt.elements if isinstance(each, Line)]


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(b"\x00\x01\x04\x05\x08\x10\x14\x18\xff"), min_size=16, max_size=400).map(bytes)
)
def test_no_picture_hides_a_real_time_command(dots: bytes) -> None:
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
