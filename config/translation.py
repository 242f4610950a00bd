"""Texts as translators work on them: in files for a spreadsheet (CSV) or for gettext (PO)."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from config.phrases import LOCALES, PLURAL_FORMS, Message, Phrases
from config.problem import Problem, TextsError, did_you_mean

if TYPE_CHECKING:
    from babel.messages.catalog import Message as PoMessage

BYTES_MAX = 4 * 1024 * 1024
"""All texts in all languages with their notes are a twentieth of it."""
KEY, FORM = "key", "form"
FOR_READERS = ("max", "lines", "placeholders", "note")
"""Columns that help who translates; an import does not read them."""
DELIMITER = ";"
"""What Excel waits for in French, Dutch and German; a sheet that came back with commas is read as well."""
DELIMITERS = ";,\t"
SOURCE = "en"
"""Language that a PO file has as what is translated."""
_ZERO = "[zero]"
"""Ends the context of the sentence for none, which gettext does not know as a plural form."""
_PO_HEAD = "# Texts of the walk-in queue. An entry that is empty or fuzzy changes nothing."
_GETTEXT_FORMS = ("one", "other")
"""The first and the last that a file has: some tools give French a third between them, for whole millions."""
_TOO_MANY_FORMS = re.compile(r"nplurals\s*=\s*\d\d")


class Line(Struct, frozen=True):
    """One text that a translator's file has."""

    key: str
    form: str
    """"" for a text that counts nothing."""
    language: str
    text: str
    place: str
    """File and line, as a problem names it."""


def csv_of(phrases: Phrases, languages: Sequence[str]) -> str:
    """Every text of the catalogue, a row for each form, with these languages side by side."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, delimiter=DELIMITER, lineterminator="\r\n")
    writer.writerow((KEY, FORM, *languages, *FOR_READERS))
    for key in phrases:
        message = phrases.message(key)
        about = (
            "" if message.cells_max is None else message.cells_max,
            "" if message.cells_max is None else message.lines,
            _names(message),
            message.note,
        )
        for form in _forms(message):
            texts = [message.forms[language].get(form or "other", "") for language in languages]
            writer.writerow((key, form, *texts, *about))
    return sheet.getvalue()


def _forms(message: Message) -> list[str]:
    """Plural forms that any language has of this message, in order; a nameless one if it has none."""
    if not message.counts:
        return [""]
    return [form for form in PLURAL_FORMS if any(form in forms for forms in message.forms.values())]


def _names(message: Message) -> str:
    return " ".join(f"{{{name}}}" for name in sorted(message.placeholders(SOURCE)))


def po_of(phrases: Phrases, language: str) -> bytes:
    """Every text in this language as a PO file, with English as what is translated and the key as context."""
    from babel.messages.catalog import Catalog  # noqa: PLC0415 - only translators need it
    from babel.messages.pofile import write_po  # noqa: PLC0415

    catalog = Catalog(locale=language, project="walkin", header_comment=_PO_HEAD, fuzzy=False)
    for key in phrases:
        message = phrases.message(key)
        source, said = message.forms[SOURCE], message.forms[language]
        about = list(_about(message))
        if not message.counts:
            catalog.add(source["other"], said["other"], context=key, auto_comments=about)
            continue
        ids, texts = (tuple(forms[form] for form in _GETTEXT_FORMS) for forms in (source, said))
        catalog.add(ids, texts, context=key, auto_comments=about)
        if "zero" in said or "zero" in source:
            none = [*about, "Said when there are none."]
            context = f"{key}{_ZERO}"
            zero = source.get("zero", source["other"])
            catalog.add(zero, said.get("zero", ""), context=context, auto_comments=none)
    written = io.BytesIO()
    write_po(written, catalog, width=0)
    return written.getvalue()


def _about(message: Message) -> Iterator[str]:
    if message.cells_max is not None:
        lines = f" on each of {message.lines} lines" if message.lines > 1 else ""
        yield f"At most {message.cells_max} letters{lines}."
    if names := _names(message):
        yield f"Keep {names}: the program puts a value there."
    if message.note:
        yield message.note


def lines_of(words: bytes, name: str, language: str | None) -> list[Line]:
    """Every text that a translator's file has, none of the empty ones; TextsError names each problem.

    `name` says by its ending what the file is; `language` is that of a PO file that does not say its own.
    """
    if len(words) > BYTES_MAX:
        raise TextsError([Problem(name, "", f"longer than {BYTES_MAX} bytes", "take it apart")])
    try:
        text = words.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what = f"not UTF-8 at byte {error.start}"
        raise TextsError([Problem(name, "", what, "save it as UTF-8 (CSV UTF-8)")]) from error
    ending = Path(name).suffix.lower()
    if ending == ".po":
        return list(_of_po(text, name, language))
    if ending == ".csv":
        return list(_of_csv(text, name))
    raise TextsError([Problem(name, "", "neither .csv nor .po", "give it the ending of what it is")])


def _of_csv(text: str, name: str) -> Iterator[Line]:
    head = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=head.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        columns = [column.strip() for column in next(rows, [])]
        _check_columns(columns, name)
        for row in rows:
            place = f"{name}, line {rows.line_num}"
            if len(row) > len(columns):
                what = f"{len(row)} columns, and {len(columns)} have a name"
                raise TextsError([Problem(place, "", what, "put texts with a separator in quotes")])
            cells = dict(zip_longest(columns, row, fillvalue=""))
            for language in LOCALES:
                if said := cells.get(language, ""):
                    yield Line(cells[KEY].strip(), cells[FORM].strip(), language, said, place)
    except csv.Error as error:
        raise TextsError([Problem(f"{name}, line {rows.line_num}", "", f"not CSV: {error}")]) from error


def _check_columns(columns: Sequence[str], name: str) -> None:
    known = (KEY, FORM, *LOCALES, *FOR_READERS)
    problems = [
        Problem(f"{name}, line 1", column, "unknown column", did_you_mean(column, known))
        for column in columns
        if column and column not in known
    ]
    problems += [
        Problem(f"{name}, line 1", column, "twice", "keep one of the two")
        for column in dict.fromkeys(columns)
        if column and columns.count(column) > 1
    ]
    missing = [column for column in (KEY, FORM) if column not in columns]
    if not any(language in columns for language in LOCALES):
        missing.append(" or ".join(LOCALES))
    problems += [
        Problem(f"{name}, line 1", "", f"no column {column}", "begin with key;form;nl") for column in missing
    ]
    if problems:
        raise TextsError(problems)


def _of_po(text: str, name: str, language: str | None) -> Iterator[Line]:
    from babel.messages.pofile import PoFileError, read_po  # noqa: PLC0415 - only translators need it

    if _TOO_MANY_FORMS.search(text):
        raise TextsError(
            [Problem(name, "Plural-Forms", "more forms than any language has", "use nplurals=2")]
        )
    try:
        catalog = read_po(io.StringIO(text), abort_invalid=True)  # text: whatever charset its head names
    except PoFileError as error:
        where = f"{name}, line {error.lineno + 1}" if error.lineno is not None else name
        raise TextsError([Problem(where, "", f"not PO: {error}")]) from error
    except (ValueError, TypeError, LookupError) as error:
        raise TextsError([Problem(name, "", f"not PO: {error}")]) from error
    spoken = language or (catalog.locale.language if catalog.locale else str(catalog.locale_identifier or ""))
    if spoken not in LOCALES:
        what = f"no texts in '{spoken}'" if spoken else "does not say its language"
        raise TextsError([Problem(name, "Language", what, f"use one of: {', '.join(sorted(LOCALES))}")])
    for message in catalog:
        if message.id and not message.fuzzy:
            yield from _of_message(message, f"{name}, line {message.lineno}", spoken)


def _of_message(message: "PoMessage", place: str, language: str) -> Iterator[Line]:
    key = message.context or ""
    texts: Iterable[tuple[str, str]]
    if isinstance(message.id, str):
        form = "zero" if key.endswith(_ZERO) else ""
        texts = [(form, str(message.string or ""))]
    else:
        said = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        texts = zip(_GETTEXT_FORMS, (str(said[0]), str(said[-1])), strict=True)
    for form, text in texts:
        if text:
            yield Line(key.removesuffix(_ZERO), form, language, text, place)
