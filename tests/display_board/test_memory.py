from pathlib import Path

import pytest

from display_board.memory import Memory


def test_a_board_remembers_how_far_it_has_come(tmp_path: Path) -> None:
    file = tmp_path / "state" / "board-1.announced"
    memory = Memory(file)
    assert (memory.day, memory.call) == ("", 0)
    memory.keep("2026-09-15", 17)
    again = Memory(file)
    assert (again.day, again.call) == ("2026-09-15", 17)


@pytest.mark.parametrize(
    "damage", ["", "2026-09-15", "2026-09-15 x", "a b c", "\N{LATIN SMALL LETTER E WITH ACUTE} 1"]
)
def test_a_damaged_memory_is_none(tmp_path: Path, damage: str) -> None:
    file = tmp_path / "board-1.announced"
    file.write_text(damage, encoding="utf-8")
    memory = Memory(file)
    assert (memory.day, memory.call) == ("", 0)


def test_a_disk_that_keeps_nothing_does_not_stop_a_board() -> None:
    memory = Memory(Path("/proc/no/board-1.announced"))
    memory.keep("2026-09-15", 17)
    assert memory.call == 17
