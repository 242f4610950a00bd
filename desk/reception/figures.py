"""One figure of the day as a card."""

from textual.app import ComposeResult
from textual.containers import Vertical

from config.look.lettering import wrap
from desk.lettering import fitting
from desk.reception.house import Figure
from desk.widgets.parts import Line

FIGURE_ROWS, LABEL_ROWS = 3, 2


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
        self.label.say("\n".join(label_lines(figure.label, width)))


def label_lines(label: str, columns: int) -> tuple[str, ...]:
    """What a figure counts, with a column of air on both sides where two lines suffice for that."""
    airy = wrap(label, columns - 2, 1)
    fits = len(airy) <= LABEL_ROWS and max(map(len, airy)) <= columns - 2
    return airy if fits else wrap(label, columns, 1)
