"""The JSON Schema of every frame, made from the types: `python -m protocol.schema FILE` writes it."""

import json
import sys
from pathlib import Path

import msgspec

from protocol.envelope import AnyFromServer, AnyFromTerminal

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> str:
    """The schema as JSON text: `FromTerminal` and `FromServer` are the two unions of frames."""
    (from_terminal, from_server), components = msgspec.json.schema_components(
        (AnyFromTerminal, AnyFromServer), ref_template="#/$defs/{name}"
    )
    document = {
        "$schema": DIALECT,
        "title": "walkin device protocol",
        "$defs": {"FromTerminal": from_terminal, "FromServer": from_server, **components},
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(schema(), encoding="utf-8")
