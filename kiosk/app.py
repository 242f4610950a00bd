"""The kiosk as a program of its own: one panel on the whole screen, and no key that leads out of it."""

from pathlib import PurePath
from typing import ClassVar

from textual.app import App, ComposeResult

from config.model import Centre
from config.phrases import Phrases
from kiosk.panel import CSS_FILES, KioskPanel, Server
from protocol.client import QueueClient
from protocol.envelope import Hello
from protocol.ids import DeviceName, Role


class KioskApp(App[None], inherit_bindings=False):
    """One kiosk on one screen. Staff ends it by stopping the service."""

    CSS_PATH: ClassVar[list[str | PurePath]] = [*CSS_FILES]
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    ESCAPE_TO_MINIMIZE = False
    AUTO_FOCUS = ""

    def __init__(self, client: Server, centre: Centre, phrases: Phrases) -> None:
        super().__init__()
        self._panel = KioskPanel(client, centre, phrases)

    def compose(self) -> ComposeResult:
        """The panel."""
        yield self._panel

    async def action_quit(self) -> None:
        """Visitors cannot leave."""


def run(centre: Centre, phrases: Phrases, url: str, device: DeviceName) -> None:
    """Run the kiosk called `device` on the server at `url` until its terminal closes."""
    client = QueueClient(url, Hello(role=Role.KIOSK, device=device))
    KioskApp(client, centre, phrases).run()
