"""Compares a parsed file with the types it must fill: every unknown or missing key and wrong value."""

from collections.abc import Iterator
from datetime import date, time
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from config.model import CentreId, Colour, Letter, Record
from config.problem import Problem, did_you_mean
from protocol.ids import CounsellorId, DeskId, DeviceName, FieldId, LanguageCode

_HOW_TO_WRITE = {
    "closes": "write it as 17:30:00",
    "opens": "write it as 09:00:00",
    "timezone": 'write it as "Europe/Brussels"',
}
"""Examples for keys whose type alone says too little."""
_SHORT_NAME = "at most 31 small letters a to z, digits and hyphens"
IN_WORDS: dict[Any, str] = {
    CentreId: "2 to 31 small letters a to z, digits and hyphens, a letter first",
    Colour: 'write it as "#0A5AA0"',
    CounsellorId: f"{_SHORT_NAME}, a letter or digit first",
    DeskId: 'one to four letters and digits, as in "7"',
    DeviceName: f'{_SHORT_NAME}, a letter or digit first, as in "printer-1"',
    FieldId: f'{_SHORT_NAME}, a letter first, as in "training"',
    LanguageCode: 'two small letters, as in "fr"',
    Letter: "one capital from A to Z",
}
"""What the patterns of the model ask for."""
KINDS: dict[Any, tuple[str, str]] = {
    bool: ("not true or false", "write true or false, without quotes"),
    date: ("not a date", "write it as 2026-09-15, without quotes"),
    dict: ("not a table", "write it in braces: { … }"),
    str: ("not a text", "write it in quotes"),
    time: ("not a time", "write it as 09:00:00"),
    tuple: ("not a list", "write it in brackets: [ … ]"),
}
"""What is said of a value of another kind, and how to write one of this."""


def problems_in(tree: object, kind: Any, file: str, key: str = "") -> Iterator[Problem]:
    """Everything in the tree that does not fit the type, keys written like fields[2].letter."""
    members = [member for member in get_args(kind) if member is not NoneType]
    if NoneType in get_args(kind) and len(members) == 1:
        kind = members[0]  # a table that may be left out
    origin = get_origin(kind)
    if isinstance(kind, type) and issubclass(kind, Record):
        yield from _in_table(tree, kind, file, key)
    elif origin is tuple and isinstance(tree, list):
        for index, item in enumerate(tree):
            yield from problems_in(item, get_args(kind)[0], file, f"{key}[{index}]")
    elif origin is dict and isinstance(tree, dict):
        name_kind, value_kind = get_args(kind)
        for name, value in tree.items():
            yield from _in_leaf(name, name_kind, file, _joined(key, name))
            yield from problems_in(value, value_kind, file, _joined(key, name))
    else:
        yield from _in_leaf(tree, kind, file, key)


def _in_table(tree: object, kind: type[Record], file: str, key: str) -> Iterator[Problem]:
    if not isinstance(tree, dict):
        yield Problem(file, key, f"must be a table, not {tree!r}")
        return
    kinds = get_type_hints(kind, include_extras=True)
    for name in tree:
        if name not in kinds:
            yield Problem(file, _joined(key, name), "unknown key", did_you_mean(name, kinds))
    for field in msgspec.structs.fields(kind):
        if field.name in tree:
            yield from problems_in(tree[field.name], kinds[field.name], file, _joined(key, field.name))
        elif field.required:
            table = f"table {key}" if key else "file"
            yield Problem(file, _joined(key, field.name), f"missing in the {table}", f"add {field.name} = …")


def _in_leaf(value: object, kind: Any, file: str, key: str) -> Iterator[Problem]:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        name = key.rpartition(".")[2]
        what, suggestion = _in_words(value, kind, name)
        yield Problem(file, key, what, _HOW_TO_WRITE.get(name, suggestion))


def _in_words(value: object, kind: Any, name: str) -> tuple[str, str]:
    """What is wrong with this value, and what to do."""
    if get_origin(kind) is Literal:
        return _no_choice(value, get_args(kind), name)
    plain, *metas = get_args(kind) if get_origin(kind) is Annotated else (kind,)
    plain = get_origin(plain) or plain
    if plain is int:
        return _no_number(value, metas[0], name)
    if plain is float:
        return f"{value!r} does not fit", f"write a number from {metas[0].ge} to {metas[0].le}"
    if plain is str and isinstance(value, str):
        if kind in IN_WORDS:
            return f"{value!r} does not fit", IN_WORDS[kind]
        (room,) = metas
        return f"{value!r} does not fit", f"write {room.min_length} to {room.max_length} letters"
    what, suggestion = KINDS[plain]
    return f"{value!r} is {what}", suggestion


def _no_choice(value: object, choices: tuple[object, ...], name: str) -> tuple[str, str]:
    if isinstance(value, str) and value in map(str, choices):
        return f"{value!r} is a text", f"write {name} = {value}, a number without quotes"
    numbers = sorted(choice for choice in choices if isinstance(choice, int))
    if numbers:
        return f"{value!r} is not a choice", f"use one of: {', '.join(map(str, numbers))}"
    return f"{value!r} is not a choice", did_you_mean(str(value), map(str, choices))


def _no_number(value: object, span: msgspec.Meta, name: str) -> tuple[str, str]:
    wanted = f"from {span.ge} to {span.le}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value} does not fit", f"write a number {wanted}"
    if isinstance(value, str) and value.isdecimal():
        return f"{value!r} is a text", f"write {name} = {value}, a number without quotes"
    return f"{value!r} is no whole number", f"write one {wanted}, without quotes"


def _joined(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name
