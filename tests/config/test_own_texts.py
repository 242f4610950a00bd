"""A centre's own words: said where they can be, and named with what to do where they cannot."""

from pathlib import Path

import pytest

from config.fitting import TEXT_CHARS_MAX
from config.own_texts import BYTES_MAX, FILES_MAX, OwnTexts, own_texts, read_own
from config.phrases import Phrases

CATALOGUE = Phrases.load()


def written(folder: Path, text: str, name: str = "ours.toml") -> OwnTexts:
    (folder / "texts.d").mkdir(exist_ok=True)
    (folder / "texts.d" / name).write_text(text, encoding="utf-8")
    return own_texts(folder / "my-centre.toml")


def test_a_centre_without_words_of_its_own_says_those_of_the_catalogue(tmp_path: Path) -> None:
    own = own_texts(tmp_path / "my-centre.toml")
    assert (own.places, own.problems) == ({}, ())
    assert own.phrases.say("kiosk.welcome", "fr") == "Bienvenue"


def test_own_words_are_said_and_the_other_languages_stay(tmp_path: Path) -> None:
    own = written(tmp_path, '[kiosk.welcome]\nfr = "Bonjour à tous"\nnote = "as on the door"\n')
    assert own.problems == ()
    assert own.phrases.say("kiosk.welcome", "fr") == "Bonjour à tous"
    assert own.phrases.say("kiosk.welcome", "nl") == CATALOGUE.say("kiosk.welcome", "nl") == "Welkom"
    assert CATALOGUE.say("kiosk.welcome", "fr") == "Bienvenue"


def test_files_are_put_together_and_a_text_that_counts_keeps_its_forms(tmp_path: Path) -> None:
    written(tmp_path, '[kiosk.welcome]\nfr = "Bonjour"\n', "a.toml")
    own = written(
        tmp_path, '[kiosk.waiting]\nnl = { one = "{n} mens wacht", other = "{n} mensen wachten" }\n'
    )
    assert own.places == {
        ("kiosk.welcome", "fr"): "texts.d/a.toml",
        ("kiosk.waiting", "nl"): "texts.d/ours.toml",
    }
    assert own.phrases.say("kiosk.waiting", "nl", n=1) == "1 mens wacht"
    assert own.phrases.say("kiosk.waiting", "nl", n=0) == "0 mensen wachten"


WRONG = [
    ('[kiosk.welcom]\nfr = "Salut"', "kiosk.welcom: no such text; did you mean 'kiosk.welcome'?"),
    ('[quite.other]\nfr = "x"', "quite.other: no such text; walkin texts export lists all there are"),
    ('[kiosk]\nwelcom = "x"', "kiosk.welcom: no such text; did you mean 'kiosk.welcome'?"),
    ('[kiosk]\nwelcome = "x"', "kiosk.welcome: a text without a language; write [kiosk.welcome]"),
    ('[kiosk.welcome]\nit = "Ciao"', "kiosk.welcome.it: no texts in 'it'; use one of: de, en, fr, nl"),
    ("[kiosk.welcome]\nmax = 90", "kiosk.welcome.max: the room is what the screens have; remove it"),
    ("[kiosk.welcome]\nfr = 3", "kiosk.welcome.fr: must be a text, not empty"),
    ('[kiosk.welcome]\nfr = ""', "kiosk.welcome.fr: must be a text, not empty"),
    ('[kiosk.welcome]\nfr = "Salut {"', "kiosk.welcome.fr: braces: "),
    (
        '[kiosk.opens]\nfr = "Ouvert"',
        "kiosk.opens.fr: without {day}, {time}; the program puts its value there: keep it",
    ),
    (
        '[kiosk.opens]\nfr = "{day} {time} {n}"',
        "kiosk.opens.fr: the program has nothing for {n}; there is {day}, {time}",
    ),
    ('[kiosk.opens]\nfr = "{day} {time:d}"', "kiosk.opens.fr: placeholder '{time:d}' is not a plain name"),
    ('[kiosk.back]\nfr = "{x}"', "kiosk.back.fr: the program has nothing for {x}; this text has none"),
    ('[kiosk.waiting]\nfr = "{n} là"', "kiosk.waiting.fr: counts nothing; write the plural table"),
    ('[kiosk.waiting]\nfr = { other = "{n} là" }', "kiosk.waiting.fr: no form 'one'; add one"),
    (
        '[kiosk.waiting]\nfr = { one = "{n}", other = "{n}", few = "{n}" }',
        "kiosk.waiting.fr.few: unknown plural form",
    ),
    (
        '[kiosk.back]\nfr = { one = "a", other = "b" }',
        "kiosk.back.fr: counts, and the program gives no number; write one text",
    ),
    (
        '[kiosk.back]\nfr = "Revenir un pas"',
        "kiosk.back.fr: too long: «Revenir un pas» has 14 letters; there is room for 8 letters",
    ),
    (
        '[kiosk.waiting]\nfr = { one = "{n}", other = "{n} personnes attendent ici" }',
        "too long: «100 personnes",
    ),
    ('[slip.talk]\nfr = "Un long entretien à deux {in_language}"', "too long: «Un long entretien à deux en "),
    ('[lang.in_fr]\nnl = "in de Franse taal ook"', "lang.in_fr.nl: too long"),
    ('[slip.copy]\nfr = "→ {n}"', "slip.copy.fr: '→': no printer has it; this text stands on slips"),
    (
        '[kiosk.back]\nfr = "戻る"',
        "kiosk.back.fr: 'る', '戻': not shown in every size; write it with plainer",
    ),
    ('[kiosk.back]\nfr = "Re\\ttour"', "kiosk.back.fr: U+0009: not shown in every size"),
    ('[kiosk.back]\nfr = "Retour "', "kiosk.back.fr: begins or ends with a space; remove it"),
    (
        f'[reception.desks_closed]\nfr = "{"a" * (TEXT_CHARS_MAX + 1)}"',
        f"longer than {TEXT_CHARS_MAX} letters",
    ),
    ("[kiosk.back", "texts.d/ours.toml: not TOML: "),
    ("a = " + "[" * 5000, "texts.d/ours.toml: not TOML"),
    ("#" * (BYTES_MAX + 1), f"texts.d/ours.toml: not TOML: longer than {BYTES_MAX} bytes"),
]


def test_own_words_that_cannot_be_used_are_named_and_those_of_the_catalogue_said(tmp_path: Path) -> None:
    for text, sentence in WRONG:
        own = written(tmp_path, text)
        assert sentence in "\n".join(map(str, own.problems)), text
        assert all(str(problem).startswith("texts.d/ours.toml: ") for problem in own.problems)
        assert own.places == {}, text
        assert own.phrases.say("kiosk.back", "fr") == "Retour"


def test_one_wrong_text_costs_none_of_the_others(tmp_path: Path) -> None:
    own = written(tmp_path, '[kiosk.back]\nfr = "戻る"\nnl = "Vorige"\n[kiosk.done]\nfr = "Fini"\n')
    assert len(own.problems) == 1
    assert own.phrases.say("kiosk.back", "fr") == "Retour"
    assert own.phrases.say("kiosk.back", "nl") == "Vorige"
    assert own.phrases.say("kiosk.done", "fr") == "Fini"


def test_a_text_in_two_files_is_a_problem_of_the_second(tmp_path: Path) -> None:
    written(tmp_path, '[kiosk.welcome]\nfr = "Bonjour"\n', "a.toml")
    own = written(tmp_path, '[kiosk.welcome]\nfr = "Salut"\n', "b.toml")
    assert list(map(str, own.problems)) == [
        "texts.d/b.toml: kiosk.welcome.fr: also in texts.d/a.toml; keep one of the two"
    ]
    assert own.phrases.say("kiosk.welcome", "fr") == "Bonjour"


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes('[kiosk.back]\nfr = "Précédent"\n'.encode("latin-1"))
    (tmp_path / "nl.po").write_text("")
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "README").write_text("ours")
    said = "\n".join(map(str, read_own(tmp_path).problems))
    assert "latin.toml: not UTF-8 at byte 21; save it as UTF-8" in said
    assert "nl.po: is a file for translators, and not read; walkin texts import nl.po" in said
    assert "folder.toml: cannot be read" in said
    assert "README" not in said
    assert "cannot be read" in str(read_own(tmp_path / "README").problems[0])


def test_a_folder_has_so_many_files_at_most(tmp_path: Path) -> None:
    for number in range(FILES_MAX + 1):
        (tmp_path / f"{number:03}.toml").write_text("")
    (problem,) = read_own(tmp_path).problems
    assert str(problem).endswith(f"{FILES_MAX + 1} files, of which {FILES_MAX} are read; put texts together")


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ('[kiosk.back]\nfr = "Arrière"', "texts.d/ours.toml: kiosk.back: own words in fr, not in nl"),
        (
            '[refusal.field_closed]\nnl = "Dit thema is nu gesloten."',
            "texts.d/ours.toml: refusal.field_closed: own words in nl, not in fr",
        ),
        (
            '[kiosk.closed]\nfr = "A b c."\nnl = "Wij zijn hier nu echt gesloten"',
            "kiosk.closed: much longer in one of fr, nl than in the other",
        ),
        (
            '[desk.server_gone]\nen = "a b c d e f g h i j k l {time}"',
            "texts.d/ours.toml: desk.server_gone.en: 13 words in a sentence; 12 are easily read",
        ),
    ],
)
def test_own_words_that_could_be_better_are_warned_about(tmp_path: Path, text: str, warning: str) -> None:
    own = written(tmp_path, text)
    assert own.problems == ()
    (said,) = own.warnings(("fr", "nl"))
    assert said.startswith(warning)
    assert list(own.warnings(("de",))) == [said] * ("words in a sentence" in said)
