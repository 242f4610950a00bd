"""What goes to translators comes back the same; what they change is checked, and alone kept."""

import csv
import io
from pathlib import Path

import pytest

from config.own_texts import OwnTexts, own_texts, read_own
from config.phrases import LOCALES, OwnForms, Phrases
from config.problem import TextsError
from config.translated import merged, path_of, toml_text
from config.translation import BYTES_MAX, Line, csv_of, lines_of, po_of

CATALOGUE = Phrases.load()
ALL = tuple(LOCALES)
HEAD = "key;form;fr;nl\n"
PO_HEAD = 'msgid ""\nmsgstr ""\n"Language: nl\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'


@pytest.fixture
def none(tmp_path: Path) -> OwnTexts:
    """A centre without words of its own."""
    return read_own(tmp_path / "texts.d")


def forms_in(lines: list[Line]) -> OwnForms:
    found: dict[str, dict[str, dict[str, str]]] = {}
    for line in lines:
        found.setdefault(line.key, {}).setdefault(line.language, {})[line.form or "other"] = line.text
    return found


def test_a_spreadsheet_holds_every_form_of_every_text_and_says_what_a_translator_needs() -> None:
    sheet = csv_of(CATALOGUE, ALL)
    assert forms_in(lines_of(sheet.encode(), "texts.csv", None)) == {
        key: CATALOGUE.message(key).forms for key in CATALOGUE
    }
    rows = {(row["key"], row["form"]): row for row in csv.DictReader(io.StringIO(sheet), delimiter=";")}
    assert rows["kiosk.provisional", ""]["max"] == "56"
    assert rows["kiosk.provisional", ""]["note"].startswith("German has no room")
    assert rows["slip.taken_at", ""]["placeholders"] == "{date} {time}"
    assert rows["slip.taken_at", ""]["lines"] == "2"
    assert rows["kiosk.waiting", "zero"]["nl"] == "Er wacht niemand"


def test_a_po_file_holds_every_form_of_every_text_in_its_language(none: OwnTexts) -> None:
    for language in LOCALES:
        written = po_of(CATALOGUE, language)
        lines = lines_of(written, f"{language}.po", None)
        assert forms_in(lines) == {
            key: {language: CATALOGUE.message(key).forms[language]} for key in CATALOGUE
        }
        assert merged(lines, none) == {}
    text = written.decode()
    assert "#. At most 31 letters on each of 2 lines.\n#. Keep {date}, {time}" in text.replace(
        "{date} ", "{date}, "
    )
    assert "#. Printed by a kiosk while the server is away" in text


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_sheet_is_read_as_any_spreadsheet_saves_it(separator: str, none: OwnTexts) -> None:
    rows = ("key", "form", "nl"), ("kiosk.back", "", "Vorige"), ("kiosk.done", "", ""), ("", "", "")
    text = "\r\n".join(separator.join(row) for row in rows)
    lines = lines_of(f"\N{ZERO WIDTH NO-BREAK SPACE}{text}".encode(), "t.csv", None)
    assert lines == [Line("kiosk.back", "", "nl", "Vorige", "t.csv, line 2")]
    assert merged(lines, none) == {"kiosk.back": {"nl": {"other": "Vorige"}}}
    assert len(lines_of(text.encode(), "T.CSV", None)) == 1


def test_one_form_alone_changes_and_the_others_stay(none: OwnTexts) -> None:
    lines = lines_of(f"{HEAD}kiosk.waiting;one;;{{n}} mens wacht\n".encode(), "t.csv", None)
    now = CATALOGUE.message("kiosk.waiting").forms["nl"]
    assert merged(lines, none) == {"kiosk.waiting": {"nl": {**now, "one": "{n} mens wacht"}}}


def test_a_po_file_with_its_plurals_and_none_is_read(none: OwnTexts) -> None:
    text = PO_HEAD + (
        'msgctxt "kiosk.waiting"\nmsgid "a"\nmsgid_plural "b"\n'
        'msgstr[0] "{n} mens"\nmsgstr[1] "{n} mensen"\n\n'
        'msgctxt "kiosk.waiting[zero]"\nmsgid "c"\nmsgstr "Niemand"\n\n'
        'msgctxt "kiosk.back"\nmsgid "Back"\nmsgstr ""\n\n'
        '#, fuzzy\nmsgctxt "kiosk.done"\nmsgid "Done"\nmsgstr "Gedaan?"\n'
    )
    lines = lines_of(text.encode(), "t.po", None)
    wanted = {"zero": "Niemand", "one": "{n} mens", "other": "{n} mensen"}
    assert merged(lines, none) == {"kiosk.waiting": {"nl": wanted}}
    assert [line.language for line in lines_of(text.encode(), "t.po", "de")] == ["de"] * 3


def test_a_french_file_with_a_form_for_millions_says_its_last_form_of_several(none: OwnTexts) -> None:
    forms = '"Plural-Forms: nplurals=3; plural=n;\\n"\n\n'
    text = (
        PO_HEAD.replace(": nl", ": fr").rstrip()
        + "\n"
        + forms
        + (
            'msgctxt "kiosk.waiting"\nmsgid "a"\nmsgid_plural "b"\n'
            'msgstr[0] "{n} attend"\nmsgstr[1] ""\nmsgstr[2] "{n} attendent"\n'
        )
    )
    said = merged(lines_of(text.encode(), "t.po", None), none)["kiosk.waiting"]["fr"]
    assert (said["one"], said["other"]) == ("{n} attend", "{n} attendent")


@pytest.mark.parametrize("named", ["CHARSET", "iso-8859-1"])
def test_a_po_file_is_read_as_it_was_saved_whatever_its_head_says_of_letters(named: str) -> None:
    text = PO_HEAD.replace("utf-8", named) + 'msgctxt "kiosk.back"\nmsgid "Back"\nmsgstr "Één terug"\n'
    assert [line.text for line in lines_of(text.encode(), "t.po", None)] == ["Één terug"]


def test_what_an_import_writes_is_what_the_centre_then_says(tmp_path: Path, none: OwnTexts) -> None:
    sheet = f'{HEAD}kiosk.back;;"Dos ""1"";";Vorige\nkiosk.waiting;other;;{{n}} mensen wachten\n'
    own = merged(lines_of(sheet.encode(), "t.csv", None), none)
    path = path_of(tmp_path / "my-centre.toml")
    path.parent.mkdir()
    path.write_text(toml_text(own), encoding="utf-8")
    said = own_texts(tmp_path / "my-centre.toml")
    assert said.problems == ()
    assert {key: said.phrases.message(key).forms for key in own} == {
        key: {**CATALOGUE.message(key).forms, **own[key]} for key in own
    }
    assert merged(lines_of(csv_of(said.phrases, ALL).encode(), "t.csv", None), said) == own
    back = f"{HEAD}kiosk.back;;Retour;Terug\n"
    assert merged(lines_of(back.encode(), "t.csv", None), said).keys() == {"kiosk.waiting"}


def test_a_text_that_stands_in_another_file_of_the_centre_is_changed_there(tmp_path: Path) -> None:
    folder = tmp_path / "texts.d"
    folder.mkdir()
    (folder / "ours.toml").write_text('[kiosk.back]\nnl = "Vorige"\n')
    own = read_own(folder)
    same = lines_of(f"{HEAD}kiosk.back;;;Vorige\n".encode(), "t.csv", None)
    assert merged(same, own) == {}
    with pytest.raises(
        TextsError, match=r"kiosk\.back\.nl: stands in texts\.d/ours\.toml already; change it"
    ):
        merged(lines_of(f"{HEAD}kiosk.back;;;Achteruit\n".encode(), "t.csv", None), own)


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("t.csv", "kei;form;nl\n", "t.csv, line 1: kei: unknown column; did you mean 'key'?"),
        ("t.csv", "key;nl\n", "t.csv, line 1: no column form"),
        ("t.csv", "key;form\n", "t.csv, line 1: no column fr or nl or de or en"),
        ("t.csv", "key;form;nl;nl\n", "t.csv, line 1: nl: twice"),
        ("t.csv", "", "t.csv, line 1: no column key"),
        ("t.csv", f"{HEAD}kiosk.back;;a;b;c\n", "t.csv, line 2: 5 columns, and 4 have a name"),
        ("t.csv", f'{HEAD}kiosk.back;;"a"b;c\n', "t.csv, line 2: not CSV"),
        ("t.txt", "", "t.txt: neither .csv nor .po"),
        ("t.csv", "#" * (BYTES_MAX + 1), "t.csv: longer than"),
        ("t.po", 'msgid "a"\nmsgstr "b"\n', "t.po: Language: does not say its language"),
        (
            "t.po",
            PO_HEAD.replace(": nl", ": it"),
            "t.po: Language: no texts in 'it'; use one of: de, en, fr, nl",
        ),
        ("t.po", f'{PO_HEAD}msgctxt "kiosk.back"\nmsgid "Back\n', "t.po, line "),
        ("t.po", f'{PO_HEAD}msgid "Back"\nmsgstr[x] "Terug"\n', "t.po"),
        ("t.po", f"{PO_HEAD}# nplurals=999999\n", "t.po: Plural-Forms: more forms than any language has"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_its_line(name: str, text: str, sentence: str) -> None:
    with pytest.raises(TextsError) as caught:
        lines_of(text.encode(), name, None)
    assert sentence in str(caught.value)


def test_bytes_of_another_code_page_are_refused() -> None:
    with pytest.raises(TextsError, match="not UTF-8 at byte 1; save it as UTF-8"):
        lines_of(b"k\xe9y;form;nl\n", "t.csv", None)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("kiosk.bck;;;x", "t.csv, line 2: kiosk.bck: no such text; did you mean 'kiosk.back'?"),
        ("kiosk.back;other;;x", "t.csv, line 2: kiosk.back: counts nothing; leave its form empty"),
        ("kiosk.waiting;;;x", "t.csv, line 2: kiosk.waiting: counts, and no plural form is said"),
        ("kiosk.waiting;many;;x", "t.csv, line 2: kiosk.waiting: no plural form 'many'"),
        (
            "kiosk.back;;;Terug naar af",
            "t.csv, line 2: kiosk.back.nl: too long: «Terug naar af» has 13 letters",
        ),
        ("kiosk.opens;;;Open", "t.csv, line 2: kiosk.opens.nl: without {day}, {time}"),
        ("slip.anonymous;;;Ω", "t.csv, line 2: slip.anonymous.nl: 'Ω': not shown in every size"),
        (
            "kiosk.back;;;a\nkiosk.back;;;b",
            "t.csv, line 3: kiosk.back.nl: says something else in t.csv, line 2",
        ),
    ],
)
def test_a_translation_that_cannot_be_used_is_named_with_its_line(
    row: str, sentence: str, none: OwnTexts
) -> None:
    lines = lines_of(f"{HEAD}{row}\n".encode(), "t.csv", None)
    with pytest.raises(TextsError) as caught:
        merged(lines, none)
    assert sentence in str(caught.value)


def test_own_words_that_are_wrong_already_are_mended_before_anything_is_imported(tmp_path: Path) -> None:
    (tmp_path / "imported.toml").write_text('[kiosk.back]\nnl = "戻る"\n')
    with pytest.raises(TextsError, match=r"imported\.toml: kiosk\.back\.nl"):
        merged([], read_own(tmp_path))
