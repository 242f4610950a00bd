"""What the reference says is what the code does."""

from pathlib import Path

from protocol.refusals import SENTENCES, RefusalCode
from protocol.schema import schema
from queue_server.core.transitions import diagram

REFERENCE = Path(__file__).parent.parent / "docs" / "reference"


def test_the_checked_in_schema_is_made_from_the_types() -> None:
    assert (REFERENCE / "protocol.schema.json").read_text(encoding="utf-8") == schema()


def test_the_diagram_of_stages_is_made_from_the_table() -> None:
    assert diagram() in (REFERENCE / "stages.md").read_text(encoding="utf-8")


def test_every_refusal_stands_in_the_reference_with_its_sentence() -> None:
    text = (REFERENCE / "protocol.md").read_text(encoding="utf-8")
    assert set(SENTENCES) == set(RefusalCode)
    for code, sentence in SENTENCES.items():
        assert f"| `{code}` | {sentence} |" in text
