"""What the reference says of the configuration is what can be configured."""

from pathlib import Path
from typing import Any, get_args, get_type_hints

import msgspec
import pytest

from config.model import Printer, Record, SerialLine

REFERENCE = (Path(__file__).parents[2] / "docs" / "reference" / "printers.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("table", [Printer, SerialLine])
def test_every_key_about_a_printer_stands_in_the_reference_with_its_default(table: type[Record]) -> None:
    for field in msgspec.structs.fields(table):
        told = field.default not in ("", None, msgspec.NODEFAULT)
        default = f"`{msgspec.json.encode(field.default).decode()}`" if told else ""
        assert f"| `{field.name}` | {default} |".replace("|  |", "| |") in REFERENCE


def test_every_choice_of_a_line_stands_in_the_reference() -> None:
    choices: list[Any] = [choice for kind in get_type_hints(SerialLine).values() for choice in get_args(kind)]
    assert choices
    for choice in choices:
        assert (f'`"{choice}"`' if isinstance(choice, str) else f"`{choice}`") in REFERENCE
