"""What translators sent becomes a centre's own words: checked as strictly, and only what differs."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from config.fitting import misfits
from config.own_texts import FOLDER, OwnTexts, near_key
from config.phrases import LOCALES, PLURAL_FORMS, Forms, OwnForms, Phrases, form_problems
from config.problem import Problem, TextsError, did_you_mean
from config.translation import Line
from config.write import toml_of

IMPORTED = "imported.toml"
"""The file of the centre's own words that an import writes."""
_HEAD = """# This centre's own words, in place of the program's. Written by `walkin texts import`; you may
# change it as well. What is not here is said in the words of the program.
"""


def merged(lines: Iterable[Line], own: OwnTexts) -> OwnForms:
    """Everything that `IMPORTED` has to hold for the centre to speak as these lines say.

    That is what it holds already and the lines do not name, and what they name, where it differs from the
    catalogue. TextsError names every line that cannot be used; then nothing is to be written.
    """
    catalogue, problems = Phrases.load(), list(own.problems)
    said, places = _gathered(lines, own.phrases, problems)
    imported = f"{FOLDER}/{IMPORTED}"
    kept: dict[str, dict[str, Forms]] = {}
    for key in catalogue:
        for language in LOCALES:
            where, given = own.places.get((key, language)), said.get((key, language))
            now = own.phrases.message(key).forms[language]
            if given is not None and given != now:
                problems += _wrong(catalogue, key, language, given, places[key, language])
                if where not in {None, imported}:
                    what = f"stands in {where} already"
                    problems.append(
                        Problem(places[key, language], f"{key}.{language}", what, "change it there")
                    )
                wanted = given
            elif where == imported:
                wanted = now
            else:
                continue
            if wanted != catalogue.message(key).forms[language]:
                kept.setdefault(key, {})[language] = wanted
    if problems:
        raise TextsError(problems)
    return kept


def _gathered(
    lines: Iterable[Line], phrases: Phrases, problems: list[Problem]
) -> tuple[dict[tuple[str, str], Forms], dict[tuple[str, str], str]]:
    """The forms that lines give a text, the others as they were; and where they stand."""
    said: dict[tuple[str, str], dict[str, str]] = {}
    places: dict[tuple[str, str], str] = {}
    given: dict[tuple[str, str, str], Line] = {}
    for line in lines:
        problem, place = _misplaced(line, phrases), (line.key, line.language)
        first = given.setdefault((*place, line.form), line)
        if problem is None and first.text != line.text:
            what = f"says something else in {first.place}"
            problem = Problem(line.place, ".".join(place), what, "keep one of the two")
        if problem is not None:
            problems += [] if problem in problems else [problem]
            continue
        places.setdefault(place, line.place)
        forms = said.setdefault(place, dict(phrases.message(line.key).forms[line.language]))
        forms[line.form or "other"] = line.text
    return {place: _in_order(forms) for place, forms in said.items()}, places


def _in_order(forms: Mapping[str, str]) -> Forms:
    return {form: forms[form] for form in PLURAL_FORMS if form in forms}


def _misplaced(line: Line, phrases: Phrases) -> Problem | None:
    if line.key not in phrases:
        return Problem(line.place, line.key, "no such text", near_key(line.key, phrases))
    counts = phrases.message(line.key).counts
    if counts and line.form not in PLURAL_FORMS:
        what = f"no plural form '{line.form}'" if line.form else "counts, and no plural form is said"
        return Problem(line.place, line.key, what, did_you_mean(line.form, PLURAL_FORMS))
    if line.form and not counts:
        return Problem(line.place, line.key, "counts nothing", "leave its form empty")
    return None


def _wrong(catalogue: Phrases, key: str, language: str, forms: Forms, place: str) -> list[Problem]:
    where = f"{key}.{language}"
    value = forms if len(forms) > 1 else forms["other"]
    found = form_problems(place, where, value)
    return found or [
        Problem(place, where, what, advice) for what, advice in misfits(catalogue, key, language, forms)
    ]


def toml_text(own: OwnForms) -> str:
    """These words as a file of a centre's own."""
    parts = [_HEAD]
    for key, languages in own.items():
        values = [
            f"{language} = {toml_of(dict(forms) if len(forms) > 1 else forms['other'])}"
            for language, forms in languages.items()
        ]
        parts.append("\n".join((f"[{key}]", *values, "")))
    return "\n".join(parts)


def path_of(config_path: Path) -> Path:
    """The file that an import writes for the centre that this file configures."""
    return config_path.parent / FOLDER / IMPORTED
