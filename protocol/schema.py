"""The JSON Schema of every frame, made from the types: `python -m protocol.schema FILE` writes it."""

import json
import sys
from pathlib import Path

import msgspec

from protocol.envelope import AnyFromServer, AnyFromTerminal
from protocol.pairing import AnyFromNewcomer, AnyToNewcomer

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> str:
    """The schema as JSON text: its four unions of frames are `FromTerminal`, `FromServer` and so on."""
    frames = {
        "FromTerminal": AnyFromTerminal,
        "FromServer": AnyFromServer,
        "FromNewcomer": AnyFromNewcomer,
        "ToNewcomer": AnyToNewcomer,
    }
    unions, components = msgspec.json.schema_components(frames.values(), ref_template="#/$defs/{name}")
    document = {
        "$schema": DIALECT,
        "title": "walkin device protocol",
        "$defs": {**dict(zip(frames, unions, strict=True)), **components},
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(schema(), encoding="utf-8")
