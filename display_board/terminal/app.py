"""The board as a program of its own: one panel in one terminal, and no key that does anything."""

from pathlib import PurePath
from typing import ClassVar

import structlog
from textual.app import App, ComposeResult

from config.model import Centre
from config.phrases import Phrases
from display_board.memory import memory_of
from display_board.terminal.announcer import Outfit
from display_board.terminal.panel import CSS_FILES, BoardPanel
from protocol.badge import Badge
from protocol.client import QueueClient
from protocol.epochs import remembered_by
from voice.speaker import Speaker

log = structlog.get_logger()


class BoardApp(App[None], inherit_bindings=False):
    """A locked screen: keys, palette, selection and quitting are off; it ends when its service is stopped."""

    CSS_PATH: ClassVar[list[str | PurePath]] = list(CSS_FILES)
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    ESCAPE_TO_MINIMIZE = False

    def __init__(self, panel: BoardPanel) -> None:
        super().__init__()
        self._panel = panel

    def compose(self) -> ComposeResult:
        """The panel fills the terminal."""
        yield self._panel

    async def action_quit(self) -> None:
        """Nobody in the waiting room quits the board."""

    def on_board_panel_calls_missed(self, message: BoardPanel.CallsMissed) -> None:
        """Leave a trace for whoever looks after the board."""
        log.warning("board.calls_missed", missed_today=message.count)


def app_of(centre: Centre, phrases: Phrases, url: str, badge: Badge) -> BoardApp:
    """The board of this badge on the server at `url`."""
    client = QueueClient(url, badge, remembered_by(badge.device))
    board = centre.board(badge.device)
    loudspeaker = Speaker(centre, phrases) if board.voice and centre.voice.engine != "off" else None
    outfit = Outfit(board.desks, loudspeaker, memory_of(badge.device))
    return BoardApp(BoardPanel(client, centre, phrases, outfit=outfit))
