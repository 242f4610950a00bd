"""A staff program on a terminal of its own: one panel, and ctrl+q to leave, for who is signed in."""

from typing import Any

from textual import events
from textual.app import App, ComposeResult

from desk.panel import StaffPanel

TOUCHES = (
    events.Key,
    events.Paste,
    events.MouseDown,
    events.MouseScrollDown,
    events.MouseScrollUp,
    events.MouseScrollLeft,
    events.MouseScrollRight,
)


class StaffApp(App[None]):
    """Shows one panel on the whole terminal."""

    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    ESCAPE_TO_MINIMIZE = False

    def __init__(self, panel: StaffPanel[Any]) -> None:
        super().__init__(css_path=list(panel.CSS_FILES), watch_css=False)
        self.panel = panel

    def compose(self) -> ComposeResult:
        """The panel."""
        yield self.panel

    def on_mount(self) -> None:
        """The keys go to the panel."""
        self.panel.focus()

    async def action_quit(self) -> None:
        """Not while it is locked: behind it lies a shell, and the file by which this terminal is known."""
        if self.panel.locked is None:
            await super().action_quit()

    async def on_event(self, event: events.Event) -> None:
        """Whatever somebody does comes by here first; a mouse that only moves may be a cloth on the table."""
        if isinstance(event, TOUCHES):
            self.panel.touched()
        await super().on_event(event)
