"""What the centre has to say on its boards: a file of its own, which people of the house write and change."""

import tomllib
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import msgspec

from config.keys import problems_in
from config.model import Centre, Record, Texts
from config.problem import ConfigError, Problem

NEWS_MAX = 12
"""Pages of eight seconds: whoever waits two minutes has read them all."""
LETTERS_MAX = 160
"""Of one text in one language: two pages of large type."""
FILE_BYTES_MAX = 64 * 1024
NEWS_FILE = "news.toml"
"""Beside the centre's own file."""


class Item(Record, frozen=True, kw_only=True):
    """One thing to say."""

    text: Texts
    """In every official language."""
    first: date | None = None
    """The first day on which it is shown; none: from now on."""
    last: date | None = None
    """The last one; none: until somebody removes it."""


class Newspaper(Record, frozen=True, kw_only=True):
    """The whole file."""

    news: tuple[Item, ...] = ()


def read_news(path: Path, centre: Centre) -> tuple[Item, ...]:
    """What the file says; nothing when there is none. ConfigError names every problem in it."""
    file = str(path)
    try:
        with path.open("rb") as opened:
            found = opened.read(FILE_BYTES_MAX + 1)
    except FileNotFoundError:
        return ()
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        raise ConfigError([Problem(file, "", what, "check the path and the rights")]) from error
    if len(found) > FILE_BYTES_MAX:
        raise ConfigError([Problem(file, "", f"longer than {FILE_BYTES_MAX} bytes", "remove what is over")])
    try:
        tree = tomllib.loads(found.decode())
    except UnicodeDecodeError as error:
        what = f"not UTF-8 at byte {error.start}"
        raise ConfigError([Problem(file, "", what, "save it as UTF-8")]) from error
    except (ValueError, RecursionError) as error:  # a number too long for Python is a mere ValueError
        raise ConfigError([Problem(file, "", f"not TOML: {error}")]) from error
    problems = list(problems_in(tree, Newspaper, file))
    if problems:
        raise ConfigError(problems)
    items = msgspec.convert(tree, Newspaper).news
    problems = list(_problems(items, centre, file))
    if problems:
        raise ConfigError(problems)
    return items


def on_day(items: Sequence[Item], day: date) -> tuple[Texts, ...]:
    """What is said on this day."""
    return tuple(
        item.text
        for item in items
        if (item.first is None or item.first <= day) and (item.last is None or day <= item.last)
    )


def _problems(items: Sequence[Item], centre: Centre, file: str) -> Iterator[Problem]:
    if len(items) > NEWS_MAX:
        yield Problem(file, "news", f"{len(items)} pages", f"keep {NEWS_MAX} at most: nobody reads more")
    for index, item in enumerate(items):
        key = f"news[{index}]"
        for language in centre.languages.official:
            if not item.text.get(language, "").strip():
                yield Problem(file, f"{key}.text", f"no text in '{language}'", f'add {language} = "…"')
        for language, text in item.text.items():
            where = f"{key}.text.{language}"
            if language not in centre.languages.official:
                yield Problem(file, where, "boards speak the official languages", "remove it")
            elif len(text) > LETTERS_MAX:
                what = f"{len(text)} letters"
                yield Problem(file, where, what, f"write {LETTERS_MAX} at most: it is read from afar")
            elif not text.isprintable():
                yield Problem(file, where, "holds a line break or another mark that has no shape", "one line")
        if item.first is not None and item.last is not None and item.first > item.last:
            yield Problem(file, f"{key}.last", f"{item.last} is before {item.first}", "put first before last")
