"""For which cells tickets are still given today: what the forecast has ended, and what staff hold."""

from typing import assert_never

from config.roster import Cell
from protocol.commands import IntakeHold
from queue_server.core.events import IntakeEnded, IntakeHeld


class Intake:
    """Of one day. A cell that was ended stays so, unless somebody of the staff opens it again."""

    def __init__(self) -> None:
        self.ended: dict[Cell, None] = {}
        """Whoever came for these would not be served by closing; ordered, so that replay and live agree."""
        self.held: dict[Cell, IntakeHold] = {}
        """What staff want, whatever the forecast says."""

    def takes(self, cell: Cell) -> bool:
        """Whether tickets are given for this cell."""
        held = self.held.get(cell)
        return cell not in self.ended if held is None else held is IntakeHold.OPEN

    def is_full(self, cell: Cell, crowded_out: frozenset[Cell]) -> bool:
        """Whether it gets no tickets now; what staff hold is as they want it, whatever is foreseen."""
        return not self.takes(cell) or (cell in crowded_out and cell not in self.held)

    def happen(self, event: IntakeEnded | IntakeHeld) -> None:
        """Change by one event."""
        match event:
            case IntakeEnded(cells=cells):
                self.ended.update(dict.fromkeys(cells))
            case IntakeHeld(field=field, language=language, hold=IntakeHold.AUTOMATIC):
                self.held.pop((field, language), None)
                self.ended.pop((field, language), None)
            case IntakeHeld(field=field, language=language, hold=hold):
                self.held[field, language] = hold
            case _:
                assert_never(event)
