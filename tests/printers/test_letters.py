import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from printers.letters import Codec, spelled, wrapped

CODECS: tuple[Codec, ...] = ("cp1252", "cp858", "ascii")


@settings(deadline=None)
@given(st.text(), st.sampled_from(CODECS))
def test_any_text_becomes_printable_letters_of_the_code_page(text: str, codec: Codec) -> None:
    spelling = spelled(text, codec).replace("\N{NO-BREAK SPACE}", " ")
    assert spelling.isprintable()
    assert min(spelling.encode(codec), default=32) >= 32


@settings(deadline=None)
@given(st.text(), st.sampled_from(CODECS), st.integers(1, 48))
def test_wrapping_loses_no_letter_and_overflows_no_line(text: str, codec: Codec, columns: int) -> None:
    text = spelled(text, codec)
    lines = wrapped(text, columns)
    assert all(len(line) <= columns for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "").replace("\N{NO-BREAK SPACE}", "")


@pytest.mark.parametrize(
    ("codec", "spelling"),
    [
        ("cp1252", "é è ê ç ï œ ë € “Noël” – ij"),
        ("cp858", 'é è ê ç ï oe ë € "Noël" - ij'),
        ("ascii", 'e e e c i oe e EUR "Noel" - ij'),
    ],
)
def test_letters_a_code_page_lacks_are_written_out(codec: Codec, spelling: str) -> None:
    assert spelled("é è ê ç ï œ ë € “Noël” – ĳ", codec) == spelling


@pytest.mark.parametrize("codec", CODECS)
def test_every_letter_of_western_europe_has_a_spelling(codec: Codec) -> None:
    western = bytes(range(0xA1, 0x100)).decode("latin-1") + "".join(map(chr, range(0x100, 0x180)))
    windows = bytes(range(0x80, 0xA0)).decode("cp1252", errors="ignore")
    letters = [letter for letter in western + windows if letter not in "¿\N{SOFT HYPHEN}"]
    unspelled = [letter for letter in letters if spelled(f"a{letter}a", codec) in ("a?a", "aa")]
    assert unspelled == []


@pytest.mark.parametrize(
    ("language", "spelling"),
    [("de", "Ueber Koerbe, gruen"), ("nl", "Uber Korbe, grun"), ("fr", "Uber Korbe, grun")],
)
def test_german_has_a_spelling_of_its_own_for_vowels_with_dots(language: str, spelling: str) -> None:
    assert spelled("Über Körbe, grün", "ascii", language) == spelling
    assert spelled("Über Körbe, grün", "cp858", language) == "Über Körbe, grün"


@pytest.mark.parametrize("space", ["\N{LINE SEPARATOR}", "\x85", "\N{OGHAM SPACE MARK}", " \t\r\n", "\x1f"])
def test_whatever_parts_words_becomes_one_space(space: str) -> None:
    assert spelled(f"Cité{space}des métiers", "cp1252") == "Cité des métiers"


def test_commands_hidden_in_a_name_lose_their_teeth() -> None:
    assert spelled("a\x1b@\x10\x04\x01b\r\nc\x9b", "cp1252") == "a@b c"


def test_an_amount_and_a_question_mark_stay_with_their_word() -> None:
    text = spelled("Vous payez 12,50\N{NO-BREAK SPACE}€ ?", "cp1252")
    assert wrapped(text, 14) == ["Vous payez", "12,50 € ?"]


def test_a_sentence_that_does_not_fit_starts_a_line_of_its_own() -> None:
    lines = wrapped("Regardez l’écran. Nous appelons ce numéro.", 32)
    assert lines == ["Regardez l’écran.", "Nous appelons ce numéro."]


def test_lines_of_one_sentence_are_about_as_long() -> None:
    assert wrapped("Suivez votre tour sur votre téléphone", 32) == [
        "Suivez votre tour",
        "sur votre téléphone",
    ]


def test_of_two_wordings_each_gets_a_line() -> None:
    text = spelled("Gesprek in het Nederlands\N{NO-BREAK SPACE}/ in het Frans", "cp1252")
    assert wrapped(text, 32) == ["Gesprek in het Nederlands /", "in het Frans"]
