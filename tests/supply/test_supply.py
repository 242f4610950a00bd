"""All that the program is made of is pinned by hash; an audit that could ask nobody says so."""

import json
import re

import pytest
from supply.audit import FOUND, NOT_AUDITED, verdict
from support.broken import ROOT

FLAW = {"id": "CVE-2026-0001", "fix_versions": ["2"], "description": "…"}


def said(*dependencies: dict[str, object]) -> str:
    return json.dumps({"dependencies": dependencies, "fixes": []})


SOUND = {"name": "click", "version": "8.5", "vulns": []}
UNSOUND = {"name": "lib", "version": "1", "vulns": [FLAW]}
UNASKED = {"name": "babel", "skip_reason": "Dependency not found on PyPI"}


@pytest.mark.parametrize(
    ("dependencies", "code", "words"),
    [
        ((SOUND,), 0, "None of 1 packages"),
        ((SOUND, UNSOUND), FOUND, "lib 1: CVE-2026-0001"),
        ((SOUND, UNASKED), NOT_AUDITED, "Not audited: 1 of 2"),
        ((UNSOUND, UNASKED), FOUND, "lib 1: CVE-2026-0001"),
    ],
)
def test_an_audit_says_what_it_has_found_and_what_it_could_not_ask(
    dependencies: tuple[dict[str, object], ...], code: int, words: str
) -> None:
    found, lines = verdict(said(*dependencies))
    assert found == code
    assert words in lines[0]


@pytest.mark.parametrize("name", ["run", "dev", "uv", "tools", "fuzz"])
def test_every_requirement_has_its_version_and_hashes_and_names_no_host(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    assert "://" not in text
    blocks = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert blocks
    for block in blocks:
        assert re.match(r"[A-Za-z0-9._-]+==\S+", block), block
        assert "--hash=sha256:" in block, block
