"""The file of news is read while the server runs, and a mistake in it takes nothing away."""

import asyncio
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from config.load import load
from queue_server.noticeboard import Noticeboard

CENTRE = load(Path("config/brussels.toml"))
DAY = "2026-09-15"
NEWS = '[[news]]\ntext = {{ fr = "{0}", nl = "{0}" }}\n'


class Wall:
    """A noticeboard whose pictures are counted."""

    def __init__(self, path: Path | None) -> None:
        self.pictures = 0
        self.board = Noticeboard(CENTRE, path, self._changed)

    def _changed(self) -> None:
        self.pictures += 1

    def says(self) -> list[str]:
        return [texts["fr"] for texts in self.board.of_day(DAY)]


async def test_what_is_saved_stands_on_the_boards_and_what_is_removed_goes(tmp_path: Path) -> None:
    file = tmp_path / "news.toml"
    wall = Wall(file)
    await wall.board.look(file)
    assert (wall.says(), wall.pictures) == ([], 0)
    file.write_text(NEWS.format("Un."))
    await wall.board.look(file)
    await wall.board.look(file)
    assert (wall.says(), wall.pictures) == (["Un."], 1)
    file.write_text(NEWS.format("Un.") + NEWS.format("Deux."))
    await wall.board.look(file)
    assert wall.says() == ["Un.", "Deux."]
    file.unlink()
    await wall.board.look(file)
    assert (wall.says(), wall.pictures) == ([], 3)


async def test_a_mistake_in_the_file_is_logged_once_and_leaves_what_was_said_before(tmp_path: Path) -> None:
    file = tmp_path / "news.toml"
    wall = Wall(file)
    file.write_text(NEWS.format("Un."))
    await wall.board.look(file)
    file.write_text("[[news]]\ntext = ")
    with capture_logs() as logs:
        await wall.board.look(file)
        await wall.board.look(file)
    assert [line["event"] for line in logs] == ["news.wrong"]
    assert (wall.says(), wall.pictures) == (["Un."], 1)


async def test_the_file_is_looked_at_again_and_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("queue_server.noticeboard.LOOK_S", 0.001)
    file, changed = tmp_path / "news.toml", asyncio.Event()
    board = Noticeboard(CENTRE, file, changed.set)
    running = asyncio.create_task(board.run())
    file.write_text(NEWS.format("Un."))
    await changed.wait()
    assert len(board.of_day(DAY)) == 1
    running.cancel()


async def test_a_server_without_a_file_of_news_says_none() -> None:
    wall = Wall(None)
    await wall.board.run()
    assert wall.says() == []
