"""Compares a parsed file with the types it must fill: every unknown or missing key and wrong value."""

from collections.abc import Iterator
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from config.model import Record
from config.problem import Problem, did_you_mean

_HOW_TO_WRITE = {
    "closes": "write it as 17:30:00",
    "colour": 'write it as "#1E72A9"',
    "letter": "one capital from A to Z",
    "opens": "write it as 09:00:00",
    "timezone": 'write it as "Europe/Brussels"',
}
"""Examples for keys whose type alone says too little."""


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
    except msgspec.ValidationError as error:
        if get_origin(kind) is Literal:
            choices = [str(choice) for choice in get_args(kind)]
            yield Problem(file, key, f"{value!r} is not a choice", did_you_mean(str(value), choices))
        else:
            name = key.rpartition(".")[2]
            yield Problem(file, key, f"{value!r} does not fit: {error}", _HOW_TO_WRITE.get(name, ""))


def _joined(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name
