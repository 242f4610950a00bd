import pytest

from voice.words import french, numbers_in, pieces, spoken, spoken_desk


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zéro"),
        (1, "un"),
        (17, "dix-sept"),
        (21, "vingt et un"),
        (42, "quarante-deux"),
        (70, "septante"),
        (71, "septante et un"),
        (76, "septante-six"),
        (80, "quatre-vingts"),
        (81, "quatre-vingt-un"),
        (92, "nonante-deux"),
        (100, "cent"),
        (180, "cent quatre-vingts"),
        (201, "deux cent un"),
        (999, "neuf cent nonante-neuf"),
        (1000, "mille"),
        (2042, "deux mille quarante-deux"),
    ],
)
def test_french_numbers_are_said_as_in_belgium(number: int, words: str) -> None:
    assert french(number) == words


def test_no_two_french_numbers_are_said_alike() -> None:
    assert len({french(number) for number in range(10_000)}) == 10_000


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "K, quarante-deux"),
        ("nl", "K, nul, vier, twee"),
        ("de", "K, null, vier, zwo"),
        ("en", "K, zero, four, two"),
    ],
)
def test_a_ticket_is_read_whole_in_french_and_digit_by_digit_elsewhere(language: str, words: str) -> None:
    assert spoken("K042", language, numbers_in(language, {})) == words


def test_a_centre_chooses_how_a_language_reads_numbers() -> None:
    assert spoken("K042", "nl", numbers_in("nl", {"nl": "whole"})) == "K, 42"
    assert spoken("K042", "fr", numbers_in("fr", {"fr": "digits"})) == "K, zéro, quatre, deux"


def test_a_desk_up_to_twenty_is_never_said_as_two_desks() -> None:
    assert spoken_desk("12", "nl", "digits") == "12"
    assert spoken_desk("20", "en", "digits") == "20"
    assert spoken_desk("21", "en", "digits") == "two, one"
    assert spoken_desk("12", "fr", "whole") == "douze"
    assert spoken_desk("7", "de", "digits") == "sieben"


def test_letters_of_a_desk_are_said_one_by_one_and_apart_from_its_number() -> None:
    assert pieces("AB12") == ("A", "B", "12")
    assert spoken_desk("A3", "en", "digits") == "A, three"
