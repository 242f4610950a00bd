"""The kiosk as a program of its own: one panel on the whole screen, and no key that leads out of it."""

from pathlib import Path, PurePath
from typing import ClassVar

from textual import events
from textual.app import App, ComposeResult

from config.model import Centre
from config.phrases import Phrases
from kiosk.alone import Alone
from kiosk.aloud import Voice
from kiosk.keep import Keep
from kiosk.line import Server
from kiosk.panel import CSS_FILES, KioskPanel
from kiosk.press import Press, own_printer
from protocol.badge import Badge
from protocol.client import QueueClient
from protocol.epochs import remembered_by
from protocol.ids import DeviceName
from voice.speaker import Speaker


class KioskApp(App[None], inherit_bindings=False):
    """One kiosk on one screen. Staff ends it by stopping the service."""

    CSS_PATH: ClassVar[list[str | PurePath]] = [*CSS_FILES]
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    ESCAPE_TO_MINIMIZE = False
    AUTO_FOCUS = ""

    def __init__(
        self,
        client: Server,
        centre: Centre,
        phrases: Phrases,
        alone: Alone | None = None,
        voice: Voice | None = None,
    ) -> None:
        super().__init__()
        self._panel = KioskPanel(client, centre, phrases, alone=alone, voice=voice)

    def compose(self) -> ComposeResult:
        """The panel."""
        yield self._panel

    def on_key(self, event: events.Key) -> None:
        """A key while nothing on the screen is reached yet: it is for the panel, which is all there is."""
        event.stop()
        self._panel.press(event.key)

    async def action_quit(self) -> None:
        """Visitors cannot leave."""


def alone_in(centre: Centre, phrases: Phrases, device: DeviceName, directory: Path) -> Alone:
    """The kiosk's own numbers in this directory; InUseError when a kiosk of this name has them, OSError."""
    keep = Keep(directory, device)
    keep.lock()
    alone = Alone(centre, keep)
    printer = own_printer(centre, device)
    if printer is not None:
        alone.paper = Press(centre, printer, phrases, directory / f"{device}.slips.db", alone.slip_is)
    return alone


def app_of(centre: Centre, phrases: Phrases, url: str, badge: Badge, alone: Alone | None) -> KioskApp:
    """The kiosk of this badge on the server at `url`."""
    client = QueueClient(url, badge, remembered_by(badge.device))
    speaker = Speaker(centre, phrases)
    return KioskApp(client, centre, phrases, alone, speaker if speaker.can_read else None)
