"""A centre's own words: files of a folder beside its configuration, in place of those of the catalogue."""

import tomllib
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from msgspec import Struct

from config.fitting import (
    WORDS_IN_A_SENTENCE_MAX,
    longest_sentence,
    misfits,
    of_like_length,
    rendered,
)
from config.phrases import LOCALES, Forms, Phrases, form_problems
from config.problem import Problem, did_you_mean

FOLDER = "texts.d"
"""Beside the configuration file; every *.toml in it is read."""
FILES_MAX = 64
BYTES_MAX = 1024 * 1024
"""All texts there are take a tenth, notes included."""
FOR_TRANSLATORS = (".csv", ".po")
_REFUSED_AT_A_KIOSK = ("refusal.field_closed", "refusal.intake_ended", "refusal.too_many_tickets")
PUBLIC = ("kiosk.", "board.", "slip.", "lang.", "screen.", "voice.", *_REFUSED_AT_A_KIOSK)
"""Beginnings of the keys whose texts visitors see or hear."""

Tree = dict[str, object]


class OwnTexts(Struct, frozen=True):
    """What a centre says in its own words."""

    phrases: Phrases
    """The catalogue with every own text that can be used."""
    places: dict[tuple[str, str], str]
    """The file that an own text stands in, by key and language."""
    problems: tuple[Problem, ...] = ()
    """Own texts that cannot be used: the catalogue's stand in their place."""

    def warnings(self, official: tuple[str, ...]) -> Iterator[str]:
        """Sentences about own texts that are used, and could be better."""
        for (key, language), file in self.places.items():
            for text in self.phrases.message(key).forms[language].values():
                if (words := longest_sentence(text)) > WORDS_IN_A_SENTENCE_MAX:
                    yield (
                        f"{file}: {key}.{language}: {words} words in a sentence; "
                        f"{WORDS_IN_A_SENTENCE_MAX} are easily read"
                    )
        for key in dict.fromkeys(key for key, _ in self.places if key.startswith(PUBLIC)):
            own = [language for language in official if (key, language) in self.places]
            others = [language for language in official if language not in own]
            if own and others:
                said = f"{key}: own words in {', '.join(own)}, not in {', '.join(others)}"
                yield f"{self.places[key, own[0]]}: {said}: visitors read both as equals"
            texts = {language: rendered(self.phrases, key, language, 2) for language in official}
            if len(texts) > 1 and not of_like_length(texts):
                yield f"{key}: much longer in one of {', '.join(official)} than in the other"


def own_texts(config_path: Path) -> OwnTexts:
    """The words of the centre that this file configures; TextsError when the catalogue itself is broken."""
    return read_own(config_path.parent / FOLDER)


def read_own(folder: Path) -> OwnTexts:
    """As `own_texts`, of this folder; it need not be there."""
    phrases, reader = Phrases.load(), _Reader()
    for path in _files(folder, reader.problems):
        reader.read(path)
    return OwnTexts(phrases.with_own(reader.own), reader.places, tuple(reader.problems))


def _files(folder: Path, problems: list[Problem]) -> list[Path]:
    try:
        paths = sorted(folder.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        problems.append(_unreadable(folder.name, error))
        return []
    for path in paths:
        if path.suffix in FOR_TRANSLATORS:
            what = "is a file for translators, and not read"
            problems.append(Problem(_shown(path), "", what, f"walkin texts import {path.name}"))
    found = [path for path in paths if path.suffix == ".toml" and not path.name.startswith(".")]
    if len(found) > FILES_MAX:
        what = f"{len(found)} files, of which {FILES_MAX} are read"
        problems.append(Problem(folder.name, "", what, "put texts together"))
    return found[:FILES_MAX]


def _shown(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _unreadable(file: str, error: OSError) -> Problem:
    return Problem(file, "", f"cannot be read: {error.strerror}", "check the rights")


class _Reader:
    """Reads files of own texts, one after the other."""

    def __init__(self) -> None:
        self.own: dict[str, dict[str, Forms]] = {}
        self.places: dict[tuple[str, str], str] = {}
        self.problems: list[Problem] = []
        self._catalogue = Phrases.load()

    def read(self, path: Path) -> None:
        file = _shown(path)
        try:
            with path.open("rb") as opened:
                words = opened.read(BYTES_MAX + 1)
        except OSError as error:
            self.problems.append(_unreadable(file, error))
            return
        try:
            if len(words) > BYTES_MAX:
                raise ValueError(f"longer than {BYTES_MAX} bytes")  # noqa: TRY301 - told as what is no TOML is
            tree = tomllib.loads(words.decode("utf-8-sig"))
        except RecursionError:
            self.problems.append(Problem(file, "", "not TOML of texts: it is nested too deep"))
        except UnicodeDecodeError as error:
            self.problems.append(Problem(file, "", f"not UTF-8 at byte {error.start}", "save it as UTF-8"))
        except ValueError as error:
            self.problems.append(Problem(file, "", f"not TOML: {error}"))
        else:
            self._walk(file, tree, "")

    def _walk(self, file: str, tree: Tree, prefix: str) -> None:
        for name, value in tree.items():
            key = f"{prefix}{name}"
            if key in self._catalogue:
                self._take(file, key, value)
            elif isinstance(value, dict) and value and not value.keys() & LOCALES.keys():
                self._walk(file, value, f"{key}.")
            else:
                self.problems.append(Problem(file, key, "no such text", near_key(key, self._catalogue)))

    def _take(self, file: str, key: str, table: object) -> None:
        if not isinstance(table, dict):
            what = "a text without a language"
            self.problems.append(Problem(file, key, what, f'write [{key}] and under it fr = "…"'))
            return
        for name, value in table.items():
            if name in LOCALES:
                self._put(file, key, name, value)
            elif name in {"max", "lines"}:
                what = "the room is what the screens have"
                self.problems.append(Problem(file, f"{key}.{name}", what, "remove it"))
            elif name != "note":
                what = f"no texts in '{name}'"
                self.problems.append(Problem(file, f"{key}.{name}", what, did_you_mean(name, LOCALES)))

    def _put(self, file: str, key: str, language: str, value: object) -> None:
        where = f"{key}.{language}"
        if there := self.places.get((key, language)):
            self.problems.append(Problem(file, where, f"also in {there}", "keep one of the two"))
            return
        found = form_problems(file, where, value)
        if not found:
            forms = value if isinstance(value, dict) else {"other": str(value)}
            misfit = misfits(self._catalogue, key, language, forms)
            found = [Problem(file, where, what, advice) for what, advice in misfit]
        if found:
            self.problems += found
            return
        self.places[key, language] = file
        self.own.setdefault(key, {})[language] = forms


def near_key(key: str, catalogue: Phrases) -> str:
    """What was probably meant by a key that no text has."""
    near = get_close_matches(key, list(catalogue), n=1, cutoff=0.6)
    return f"did you mean '{near[0]}'?" if near else "walkin texts export lists all there are"
