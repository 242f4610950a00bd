"""Writes a centre as a configuration file: what the loader reads of it is the same centre."""

import json
from datetime import time
from typing import Any

import msgspec

from config.model import Centre


def text_of(centre: Centre) -> str:
    """The centre's file, a line for each table; without what is at its default, and without comments."""
    tree = msgspec.to_builtins(_sparse(centre), builtin_types=(time,))
    return "".join(f"{key} = {toml_of(value)}\n" for key, value in tree.items())


def _sparse(value: Any) -> Any:
    """Without keys that say what holds anyway: some of them may not be said at all."""
    if isinstance(value, msgspec.Struct):
        said = {
            field.encode_name: getattr(value, field.name)
            for field in msgspec.structs.fields(value)
            if getattr(value, field.name) != field.default
        }
        return {key: _sparse(one) for key, one in said.items()}
    if isinstance(value, tuple):
        return [_sparse(one) for one in value]
    return value


def toml_of(value: Any) -> str:
    """A value as TOML writes it on one line."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case time():
            return value.isoformat()
        case dict():
            return (
                "{ " + ", ".join(f"{json.dumps(key)} = {toml_of(one)}" for key, one in value.items()) + " }"
            )
        case list():
            return "[" + ", ".join(map(toml_of, value)) + "]"
        case _:
            return str(value)
