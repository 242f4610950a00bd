"""Which printer profiles there are: python-escpos' list, read without importing it (0.2 s)."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec


def profile_names() -> frozenset[str]:
    """Every name that a printer's `profile` may have."""
    return frozenset(_profiles())


def profile_widths() -> dict[str, int]:
    """Dots that a printer prints side by side, of each profile that says so."""
    said = {name: profile["media"]["width"].get("pixels") for name, profile in _profiles().items()}
    return {name: dots for name, dots in said.items() if isinstance(dots, int)}


def _profiles() -> dict[str, dict[str, Any]]:
    package = find_spec("escpos")
    assert package is not None, "python-escpos is a dependency"
    assert package.origin is not None, "python-escpos is a package of files"
    listed = (Path(package.origin).parent / "capabilities.json").read_bytes()
    profiles: dict[str, dict[str, Any]] = msgspec.json.decode(listed)["profiles"]
    return profiles
