"""One figure of the day as a card."""

from textual.app import ComposeResult
from textual.containers import Vertical

from desk.lettering import fitting
from desk.reception.house import Figure
from desk.widgets.parts import Line

FIGURE_ROWS = 3


class FigureCard(Vertical):
    """One figure of the day, large, and what it counts."""

    def __init__(self) -> None:
        super().__init__(classes="figure")
        self.value = Line("value")
        self.label = Line("label")

    def compose(self) -> ComposeResult:
        """The figure, its label."""
        yield self.value
        yield self.label

    def show(self, figure: Figure, *, large: bool) -> None:
        """Show this figure."""
        self.set_class(figure.alarming, "-alarming")
        width = self.value.content_size.width
        lines = fitting(figure.value, width, (FIGURE_ROWS,)) if large else (figure.value,)
        self.value.say("\n".join(lines))
        self.label.say(figure.label)
