import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.fitting import COUNTS, longest_sentence, misfits, of_like_length, rendered, too_wide
from config.phrases import (
    LOCALES,
    PLURAL_FORMS,
    Phrases,
    date_of,
    for_screen,
    long_date_of,
    order_of_day,
    time_of,
)
from config.problem import TextsError

PHRASES = Phrases.load()


def every_text() -> Iterator[tuple[str, str, str]]:
    """Each form of each message: where it stands, its language, and what it says."""
    for key in PHRASES:
        for language in LOCALES:
            for form, text in PHRASES.message(key).forms[language].items():
                yield f"{key}.{language}.{form}", language, text


every_language = pytest.mark.parametrize("language", sorted(LOCALES))


def test_every_text_can_be_said_in_every_language_at_every_count() -> None:
    for key in PHRASES:
        for language in LOCALES:
            for n in COUNTS:
                text = rendered(PHRASES, key, language, n)
                assert text.strip(), (key, language, n)
                assert "{" not in text, (key, language, n)


def test_a_text_that_counts_in_one_language_counts_in_all() -> None:
    for key in PHRASES:
        plural = {len(PHRASES.message(key).forms[language]) > 1 for language in LOCALES}
        assert len(plural) == 1, key


def test_no_sentence_has_more_than_twelve_words() -> None:
    longer = [(where, text) for where, _, text in every_text() if longest_sentence(text) > 12]
    assert longer == []


def test_french_and_dutch_take_about_the_same_room() -> None:
    unlike = {
        key: texts
        for key in PHRASES
        if not of_like_length(texts := {code: rendered(PHRASES, key, code, 100) for code in ("fr", "nl")})
    }
    assert unlike == {}


def test_every_text_fits_the_room_it_claims() -> None:
    overflowing = [
        (key, code, wide) for key in PHRASES for code in LOCALES if (wide := too_wide(PHRASES, key, code))
    ]
    assert overflowing == []


def test_no_text_of_the_catalogue_would_be_refused_of_a_centre() -> None:
    refused = [
        (key, language, misfit)
        for key in PHRASES
        for language in LOCALES
        for misfit in misfits(PHRASES, key, language, PHRASES.message(key).forms[language])
    ]
    assert refused == []


def test_texts_are_written_with_ordinary_spaces_and_typographic_apostrophes() -> None:
    for where, language, text in every_text():
        assert not re.search("[\u00a0\u2009\u202f\t\n]|(?<! )  (?! )", text), where
        assert "'" not in text, where
        assert text == text.strip(), where
        spaced = re.search(r"\w [?!:;]", text)
        tight = re.search(r"\w[?!;]|\w:(?= |$)", text)
        assert not (tight if language == "fr" else spaced), (where, text)


def test_zero_has_its_own_sentence_where_there_is_one() -> None:
    assert PHRASES.say("kiosk.people_ahead", "fr", n=0) == "Personne n’attend avant vous."
    assert PHRASES.say("kiosk.people_ahead", "fr", n=1) == "1 personne attend avant vous."
    assert PHRASES.say("kiosk.people_ahead", "nl", n=21) == "Er wachten 21 personen voor u."


@every_language
def test_without_a_sentence_of_its_own_zero_follows_the_languages_rule(language: str) -> None:
    expected = (
        "0 appel" if language == "fr" else PHRASES.say("desk.calls_made", language, n=2).replace("2", "0")
    )
    assert PHRASES.say("desk.calls_made", language, n=0) == expected


def test_a_missing_key_or_placeholder_or_language_is_an_error() -> None:
    with pytest.raises(KeyError, match=r"kiosk\.nothing"):
        PHRASES.say("kiosk.nothing", "fr")
    with pytest.raises(KeyError, match="day"):
        PHRASES.say("kiosk.opens", "fr")
    with pytest.raises(KeyError, match="it"):
        PHRASES.say("kiosk.closed", "it")


def test_both_says_the_message_in_the_order_of_the_languages() -> None:
    assert PHRASES.both("kiosk.welcome", ("nl", "fr")) == ("Welkom", "Bienvenue")


@given(st.dates())
def test_the_official_languages_change_places_every_day(day: date) -> None:
    today = order_of_day(("fr", "nl"), day)
    assert sorted(today) == ["fr", "nl"]
    if day != date.max:
        assert order_of_day(("fr", "nl"), day + timedelta(days=1)) == today[::-1]


@given(st.dates(max_value=date(9000, 1, 1)), st.permutations(["fr", "nl", "de"]))
def test_each_language_comes_first_on_as_many_days(day: date, languages: list[str]) -> None:
    firsts = {order_of_day(tuple(languages), day + timedelta(days=later))[0] for later in range(3)}
    assert firsts == set(languages)


def test_a_centre_with_one_language_has_one_order() -> None:
    assert order_of_day(("fr",), date(2026, 11, 22)) == ("fr",)
    assert order_of_day((), date(2026, 11, 22)) == ()


def test_only_french_keeps_its_double_marks_on_the_line() -> None:
    assert for_screen("Prêt ? « Oui »", "fr") == "Prêt\u00a0? «\u00a0Oui\u00a0»"
    assert for_screen("Klaar ?", "nl") == "Klaar ?"


def test_dates_and_times_are_written_as_each_language_does() -> None:
    day = date(2025, 3, 5)
    assert [date_of(language, day) for language in ("fr", "nl", "de", "en")] == [
        "05/03/2025",
        "05/03/2025",
        "05.03.2025",
        "05/03/2025",
    ]
    assert [long_date_of(language, day) for language in ("fr", "nl", "de", "en")] == [
        "mercredi 5 mars",
        "woensdag 5 maart",
        "Mittwoch, 5. März",
        "Wednesday 5 March",
    ]
    assert time_of("fr", datetime(2025, 3, 5, 9, 7)) == "09:07"  # noqa: DTZ001 - local time by contract


GOOD = 'fr = "Oui"\nnl = "Ja"\nde = "Ja"\nen = "Yes"\n'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            '[a.b]\nfr = "Oui"\nde = "Ja"\nen = "Yes"\n',
            "texts/x.toml: a.b: no text in 'nl'; add the line nl = \"…\"",
        ),
        (f"[a.b]\n{GOOD}maxx = 3\n", "texts/x.toml: a.b.maxx: unknown key; did you mean 'max'?"),
        (f"[a.b]\n{GOOD}max = '3'\n", "texts/x.toml: a.b.max: must be int"),
        ("[a]\nb = 'x'\n", "texts/x.toml: a.b: a text without a language"),
        (
            GOOD.replace('"Oui"', '{ one = "x" }').join(("[a.b]\n", "")),
            "texts/x.toml: a.b.fr: no form 'other'; add other",
        ),
        (
            GOOD.replace('"Oui"', '{ one = "x", other = "y", many = "z" }').join(("[a.b]\n", "")),
            "texts/x.toml: a.b.fr.many: unknown plural form",
        ),
        (GOOD.replace("Oui", "Oui {n}").join(("[a.b]\n", "")), "texts/x.toml: a.b: placeholders differ"),
        (GOOD.replace("Oui", "Oui {").join(("[a.b]\n", "")), "texts/x.toml: a.b.fr: braces"),
        (GOOD.replace("Oui", "Oui {0}").join(("[a.b]\n", "")), "placeholder '{0}' is not a plain name"),
        (GOOD.replace("Oui", "{n:d}").join(("[a.b]\n", "")), "placeholder '{n:d}' is not a plain name"),
        (GOOD.replace("Oui", "{n!r:>9}").join(("[a.b]\n", "")), "placeholder '{n!r:>9}' is not a plain name"),
        (GOOD.replace("Oui", " ").join(("[a.b]\n", "")), "texts/x.toml: a.b.fr: must be a text, not empty"),
        ("[a.b\n", "texts/x.toml: not TOML"),
    ],
)
def test_a_broken_catalogue_names_file_key_and_what_to_do(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "x.toml").write_text(text, encoding="utf-8")
    with pytest.raises(TextsError) as caught:
        Phrases.read(tmp_path)
    assert sentence in str(caught.value)


def test_a_key_in_two_files_is_a_problem_of_the_second(tmp_path: Path) -> None:
    (tmp_path / "one.toml").write_text(f"[a.b]\n{GOOD}", encoding="utf-8")
    (tmp_path / "two.toml").write_text(f"[a.b]\n{GOOD}", encoding="utf-8")
    with pytest.raises(TextsError, match=r"texts/two\.toml: a\.b: also in texts/one\.toml"):
        Phrases.read(tmp_path)


def test_plural_tables_use_the_known_forms_only() -> None:
    forms = {form for key in PHRASES for table in PHRASES.message(key).forms.values() for form in table}
    assert forms <= set(PLURAL_FORMS)
    assert "kiosk.welcome" in PHRASES
