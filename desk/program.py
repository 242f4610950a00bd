"""A staff program on a terminal of its own: one panel, and ctrl+q to leave."""

from typing import Any

from textual.app import App, ComposeResult

from desk.panel import StaffPanel


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
