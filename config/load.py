"""Reads a centre's configuration file: all of it is right, or every problem is named."""

import tomllib
from pathlib import Path

import msgspec

from config.consistency import inconsistencies
from config.keys import problems_in
from config.model import Centre
from config.problem import ConfigError, Problem

__all__ = ["ConfigError", "Problem", "load", "parse"]


def load(path: Path | str) -> Centre:
    """The centre this file describes; ConfigError names every problem with file, key and suggestion."""
    file = str(path)
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        raise ConfigError([Problem(file, "", what, "check the path and the rights")]) from error
    except UnicodeDecodeError as error:
        raise ConfigError(
            [Problem(file, "", f"not UTF-8 at byte {error.start}", "save it as UTF-8")]
        ) from error
    return parse(text, file)


def parse(text: str, file: str) -> Centre:
    """The centre this text describes, problems naming the file; ConfigError as in load."""
    try:
        tree = tomllib.loads(text)
    except ValueError as error:  # a number too long for Python is no TOMLDecodeError
        raise ConfigError([Problem(file, "", f"not TOML: {error}")]) from error
    except RecursionError as error:
        raise ConfigError([Problem(file, "", "not TOML of a centre: it is nested too deep")]) from error
    problems = list(problems_in(tree, Centre, file))
    if problems:
        raise ConfigError(problems)
    centre = msgspec.convert(tree, Centre)
    problems = list(inconsistencies(centre, tree, file))
    if problems:
        raise ConfigError(problems)
    return centre
