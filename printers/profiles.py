"""Which printer profiles there are: python-escpos' list, read without importing it (0.2 s)."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec


def profile_names() -> frozenset[str]:
    """Every name that a printer's `profile` may have."""
    package = find_spec("escpos")
    assert package is not None, "python-escpos is a dependency"
    assert package.origin is not None, "python-escpos is a package of files"
    listed = (Path(package.origin).parent / "capabilities.json").read_bytes()
    return frozenset(msgspec.json.decode(listed, type=dict[str, dict[str, Any]])["profiles"])
