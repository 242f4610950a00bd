"""Every sentence of the programs, in every language; picked by key, never built from parts."""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from string import Formatter

from msgspec import Struct
from msgspec.structs import replace

from config.problem import Problem, TextsError, did_you_mean

LOCALES = {"fr": "fr_BE", "nl": "nl_BE", "de": "de_BE", "en": "en_GB"}
"""Languages of the catalogue and the locale whose plurals and month names they use."""

PLURAL_FORMS = ("zero", "one", "other")
_REQUIRED_FORMS = ("one", "other")
_SHORT_DATE = {"de": "%d.%m.%Y"}
_LONG_DATE = {"de": "EEEE, d. MMMM"}
_NO_BREAK = "\N{NO-BREAK SPACE}"

Forms = Mapping[str, str]
"""A text by its plural form; {"other": text} when it counts nothing."""
OwnForms = Mapping[str, Mapping[str, Forms]]
"""Texts of a centre's own, by key and language."""


class Message(Struct, frozen=True):
    """One message: its forms per language ({"other": text} when it has no plural) and the room it has."""

    forms: dict[str, Forms]
    file: str
    cells_max: int | None = None
    """Widest rendering in terminal cells; None when nothing is at stake."""
    lines: int = 1
    """Lines allowed at that width."""
    note: str = ""
    """For whoever translates it."""

    def placeholders(self, language: str) -> frozenset[str]:
        """Names a rendering in this language may need."""
        return placeholders_of(self.forms[language])

    @property
    def counts(self) -> bool:
        """Whether the message has plural forms, picked by {n}: it has them in every language."""
        return len(self.forms[next(iter(LOCALES))]) > 1


class Phrases:
    """The text catalogue; immutable, loaded once."""

    def __init__(self, messages: Mapping[str, Message]) -> None:
        self._messages = dict(messages)

    @classmethod
    @cache
    def load(cls) -> "Phrases":
        """The packaged catalogue; TextsError names every file, key and what to do."""
        return cls.read(files("config") / "texts")

    @classmethod
    def read(cls, folder: Traversable) -> "Phrases":
        """The catalogue of a folder of <area>.toml files; TextsError names every problem in them."""
        messages: dict[str, Message] = {}
        problems: list[Problem] = []
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
            if not entry.name.endswith(".toml"):
                continue
            file = f"texts/{entry.name}"
            try:
                tree = tomllib.loads(entry.read_text(encoding="utf-8"))
            except tomllib.TOMLDecodeError as error:
                problems.append(Problem(file, "", f"not TOML: {error}"))
                continue
            except RecursionError:
                problems.append(Problem(file, "", "not TOML of texts: it is nested too deep"))
                continue
            for key, table in _leaves(tree, ""):
                if key in messages:
                    problems.append(
                        Problem(file, key, f"also in {messages[key].file}", "keep one of the two")
                    )
                    continue
                found = _problems(file, key, table)
                problems += found
                if not found and isinstance(table, dict):
                    messages[key] = _message(file, table)
        if problems:
            raise TextsError(problems)
        return cls(messages)

    def __iter__(self) -> Iterator[str]:
        return iter(self._messages)

    def __len__(self) -> int:
        return len(self._messages)

    def __contains__(self, key: object) -> bool:
        return key in self._messages

    def message(self, key: str) -> Message:
        """The message behind a key; KeyError when there is none."""
        return self._messages[key]

    def say(self, key: str, language: str, **values: object) -> str:
        """The message in this language; `n` picks the plural; KeyError for a missing key or placeholder."""
        forms = self._messages[key].forms[language]
        if len(forms) == 1:
            return forms["other"].format_map(values)
        number = values["n"]
        assert isinstance(number, int), f"{key}: n counts things"
        return forms[_form(forms, language, number)].format_map(values)

    def with_own(self, own: "OwnForms") -> "Phrases":
        """The same catalogue with a centre's own words, for each key and language given."""
        return Phrases(
            {
                key: replace(message, forms={**message.forms, **own[key]}) if key in own else message
                for key, message in self._messages.items()
            }
        )

    def both(self, key: str, languages: Sequence[str], **values: object) -> tuple[str, ...]:
        """The message in each of these languages, in their order."""
        return tuple(self.say(key, language, **values) for language in languages)


def order_of_day(languages: tuple[str, ...], day: date) -> tuple[str, ...]:
    """The official languages in this day's order: another one comes first on the next calendar day."""
    if not languages:
        return ()
    first = day.toordinal() % len(languages)
    return languages[first:] + languages[:first]


def for_screen(text: str, language: str) -> str:
    """The text with no-break spaces where a line must not break: before French marks, and German dots."""
    if language == "de":
        return text.replace(" …", f"{_NO_BREAK}…")
    if language != "fr":
        return text
    for mark in "?!:;»":
        text = text.replace(f" {mark}", f"{_NO_BREAK}{mark}")
    return text.replace("« ", f"«{_NO_BREAK}")


def time_of(language: str, at: datetime) -> str:
    """Hours and minutes as this language writes them, e.g. 09:07; `at` is already local time."""
    _known(language)
    return at.strftime("%H:%M")


def date_of(language: str, day: date) -> str:
    """Day, month and year in digits, e.g. 05/03/2025."""
    _known(language)
    return day.strftime(_SHORT_DATE.get(language, "%d/%m/%Y"))


def long_date_of(language: str, day: date) -> str:
    """Weekday, day and month in words, e.g. mercredi 5 mars."""
    from babel.dates import format_date  # noqa: PLC0415 - half of a terminal's start; few need a long date

    return format_date(day, _LONG_DATE.get(language, "EEEE d MMMM"), locale=_known(language))


def _known(language: str) -> str:
    return LOCALES[language]


def _form(forms: Forms, language: str, number: int) -> str:
    if number == 0 and "zero" in forms:
        return "zero"
    form = _plural_rule(language)(number)
    return form if form in forms else "other"


@cache
def _plural_rule(language: str) -> Callable[[int], str]:
    from babel import Locale  # noqa: PLC0415 - slow to import; many screens count nothing

    return Locale.parse(_known(language)).plural_form


def placeholders_of(forms: Forms) -> frozenset[str]:
    """Names that a rendering of these forms may need."""
    return frozenset().union(*(_placeholders(text) for text in forms.values()))


def _placeholders(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def _leaves(tree: dict[str, object], prefix: str) -> Iterator[tuple[str, object]]:
    """Every message of a file with its dotted key: a table with a language, or anything that is no table."""
    for name, value in tree.items():
        key = f"{prefix}{name}"
        if isinstance(value, dict) and value and not (value.keys() & LOCALES.keys()):
            yield from _leaves(value, f"{key}.")
        else:
            yield key, value


_OPTIONS: dict[str, type] = {"max": int, "lines": int, "note": str}


def _problems(file: str, key: str, table: object) -> list[Problem]:
    if not isinstance(table, dict):
        return [Problem(file, key, "a text without a language", f"write [{key}] and under it fr, nl, de, en")]
    found = []
    for name, value in table.items():
        if name in _OPTIONS:
            if not isinstance(value, _OPTIONS[name]):
                found.append(Problem(file, f"{key}.{name}", f"must be {_OPTIONS[name].__name__}"))
        elif name in LOCALES:
            found += form_problems(file, f"{key}.{name}", value)
        else:
            known = (*LOCALES, *_OPTIONS)
            found.append(Problem(file, f"{key}.{name}", "unknown key", did_you_mean(name, known)))
    missing = [language for language in LOCALES if language not in table]
    found += [Problem(file, key, f"no text in '{name}'", f'add the line {name} = "…"') for name in missing]
    if not found:
        named = {language: _message(file, table).placeholders(language) for language in LOCALES}
        if len(set(named.values())) > 1:
            said = ", ".join(f"{lang} {{{' '.join(sorted(names))}}}" for lang, names in named.items())
            found.append(Problem(file, key, f"placeholders differ: {said}", "use the same in every language"))
    return found


def form_problems(file: str, key: str, value: object) -> list[Problem]:
    """Everything wrong with what a file has under a language: a text, or a plural table."""
    plural = isinstance(value, dict)
    forms = value if isinstance(value, dict) else {"other": value}
    found = [
        Problem(file, f"{key}.{form}", "unknown plural form", did_you_mean(form, PLURAL_FORMS))
        for form in forms
        if form not in PLURAL_FORMS
    ]
    found += [
        Problem(file, key, f"no form '{form}'", f'add {form} = "…" to the plural table')
        for form in _REQUIRED_FORMS
        if plural and form not in forms
    ]
    for form, text in forms.items():
        where = f"{key}.{form}" if plural else key
        if not isinstance(text, str) or not text.strip():
            found.append(Problem(file, where, "must be a text, not empty"))
            continue
        try:
            odd = list(_odd_marks(text))
        except ValueError as error:
            found.append(Problem(file, where, f"braces: {error}", "write {name}, or {{ for a brace"))
            continue
        found += [Problem(file, where, f"placeholder '{mark}' is not a plain name") for mark in odd]
    return found


def _odd_marks(text: str) -> Iterator[str]:
    """Placeholders that ask more of a value than to be put there: not every value can do that."""
    for _, name, form, conversion in Formatter().parse(text):
        if name is not None and (form or conversion or not name.isidentifier()):
            yield "".join(
                ("{", name, f"!{conversion}" if conversion else "", f":{form}" if form else "", "}")
            )


def _message(file: str, table: dict[str, object]) -> Message:
    forms: dict[str, Forms] = {}
    for language in LOCALES:
        value = table[language]
        forms[language] = value if isinstance(value, dict) else {"other": str(value)}
    cells, lines = table.get("max"), table.get("lines", 1)
    assert cells is None or isinstance(cells, int)
    assert isinstance(lines, int)
    return Message(forms, file, cells, lines, str(table.get("note", "")))
