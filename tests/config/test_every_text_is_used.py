"""No text that nobody reads, and no key that has no text."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from msgspec import Struct

from config.phrases import Phrases

ROOT = Path(__file__).parents[2]
PROGRAMS = (
    "config",
    "desk",
    "display_board",
    "kiosk",
    "printers",
    "protocol",
    "queue_server",
    "voice",
    "walkin",
)
PHRASES = Phrases.load()
AREAS = {key.partition(".")[0] for key in PHRASES}
NOT_YET_SAID: dict[str, str] = {
    "kiosk.nobody_next": "said when a roster tells who comes next",
}
"""Texts that stand ready for what is built next, and why."""
NAMES_OF_FILES = ("tcss", "toml", "json", "csv", "po")
"""Ends of words that look like keys."""


class Words(Struct):
    """What the programs' source says in quotes."""

    whole: dict[str, str]
    """Every string, and a file that has it."""
    begun: dict[str, str]
    """What a key begins with whose end is a value, such as stage.{stage}."""


@cache
def words() -> Words:
    found = Words({}, {})
    for program in PROGRAMS:
        for path in (ROOT / program).rglob("*.py"):
            parts = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
            apart = {id(part) for node in parts for part in no_keys(node)}
            for node in parts:
                match node:
                    case ast.Constant(value=str(text)) if id(node) not in apart:
                        found.whole.setdefault(text, str(path))
                    case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]) if id(
                        node
                    ) not in apart and is_key(text):
                        found.begun.setdefault(text, str(path))
                    case ast.ClassDef():
                        found.whole |= {name.lower(): str(path) for name in enumerated(node)}
    return found


def no_keys(node: ast.AST) -> Iterator[ast.AST]:
    """Strings here that name no text: pieces of others, keys of the configuration, events of a log."""
    match node:
        case ast.JoinedStr(values=values):
            yield from values
        case ast.Call(func=ast.Attribute(value=ast.Name(id="log")), args=[event, *_]):
            yield event
        case ast.Call(func=ast.Name(id="Problem"), args=[_, key, *_]):
            yield key


def enumerated(node: ast.ClassDef) -> Iterator[str]:
    """Names of an enumeration's members: their values are the same in small letters."""
    for part in node.body:
        if isinstance(part, ast.Assign) and isinstance(part.targets[0], ast.Name):
            yield part.targets[0].id


def is_key(text: str) -> bool:
    area, dot, rest = text.partition(".")
    return bool(dot) and area in AREAS and rest not in NAMES_OF_FILES and " " not in rest


def is_said(key: str) -> bool:
    """Whether the source has this key, or its beginning and, somewhere, its end."""
    source = words()
    if key in source.whole:
        return True
    return any(
        key.startswith(begin)
        and (end := key.removeprefix(begin).removesuffix("_note")) in source.whole
        and end
        for begin in source.begun
    )


def test_every_text_is_said_by_a_program() -> None:
    unsaid = {key for key in PHRASES if not is_said(key)}
    assert unsaid == NOT_YET_SAID.keys()


def test_every_key_in_the_source_has_a_text() -> None:
    textless = {
        key: path
        for key, path in words().whole.items()
        if is_key(key) and not key.endswith((".", "_")) and key not in PHRASES
    }
    assert textless == {}


def test_every_beginning_of_a_key_has_texts() -> None:
    assert [begin for begin in words().begun if not any(key.startswith(begin) for key in PHRASES)] == []
