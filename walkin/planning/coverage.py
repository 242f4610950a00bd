"""How long nobody on duty covers a cell, added up while a day is simulated."""

from walkin.planning.day import Cell, Duty, Habits


class Coverage:
    """Counts who is there; told of every counsellor who comes or goes."""

    def __init__(self, habits: Habits) -> None:
        self._closes_min = habits.closes_min
        cells = [(field, language) for field in habits.limits_min for language in habits.languages]
        self._present = dict.fromkeys(cells, 0)
        self._left_min = dict.fromkeys(cells, 0.0)
        self._uncovered_min = dict.fromkeys(cells, 0.0)

    def changed(self, duty: Duty, now_min: float, *, present: bool) -> None:
        """This counsellor has just come, or gone."""
        for cell in duty.cells:
            if present:
                if not self._present[cell]:
                    self._uncovered_min[cell] += self._open_since_min(cell, now_min)
                self._present[cell] += 1
            else:
                self._present[cell] -= 1
                self._left_min[cell] = now_min

    def uncovered_min(self) -> dict[Cell, float]:
        """For each cell, of the whole time that the centre was open."""
        return {
            cell: minutes + (0.0 if self._present[cell] else self._open_since_min(cell, self._closes_min))
            for cell, minutes in self._uncovered_min.items()
        }

    def _open_since_min(self, cell: Cell, until_min: float) -> float:
        since_min = max(0.0, self._left_min[cell])
        return max(0.0, min(until_min, self._closes_min) - since_min)
