"""A program of Textual's own buttons and nothing else: what a tap costs where nobody added anything."""

from textual.app import App, ComposeResult
from textual.widgets import Button


class Bare(App[None]):
    """One button on the whole terminal."""

    CSS = "Button { width: 100%; height: 100%; }"

    def compose(self) -> ComposeResult:
        """The button."""
        yield Button("Bare")


if __name__ == "__main__":
    Bare().run()
