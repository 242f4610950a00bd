"""A list of tickets that is updated in place: the cursor stays on its ticket whatever happens around it."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from msgspec import Struct
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import DataTable

from desk.widgets.parts import Forgetful

NUMBER = "ticket"
"""Key of the column that tells the rows apart; every list has it."""


class Column(Struct, frozen=True):
    """A column: its key, its head and how many cells it takes."""

    key: str
    label: str
    width: int


class Row(Struct, frozen=True):
    """A ticket and what stands in its columns."""

    code: str
    cells: Mapping[str, Text]


class TicketTable(DataTable[Text], Forgetful):
    """Tickets, one row each. Left and right lead to the list beside, if there is one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "sideways(-1)", show=False),
        Binding("right", "sideways(1)", show=False),
    ]

    class Sideways(Message):
        """The list beside is wanted."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    def __init__(self, classes: str = "") -> None:
        super().__init__(
            classes=f"tickets {classes}",
            cursor_type="row",
            zebra_stripes=True,
            cursor_foreground_priority="renderable",
        )
        self._columns_shown: tuple[Column, ...] = ()
        self._rows: dict[str, Row] = {}
        self._sequence: list[str] = []

    @property
    def code(self) -> str | None:
        """The ticket the cursor is on."""
        if not self._sequence:
            return None
        return self._sequence[min(self.cursor_row, len(self._sequence) - 1)]

    @property
    def sequence(self) -> tuple[str, ...]:
        """The tickets from top to bottom."""
        return tuple(self._sequence)

    def show(self, columns: tuple[Column, ...], rows: Sequence[Row]) -> None:
        """Show these tickets in this order; only cells that differ are drawn again."""
        kept, kept_row = self.code, self.cursor_row
        if columns != self._columns_shown:
            self._begin(columns)
        wanted = {row.code: row for row in rows}
        for code in [code for code in self._rows if code not in wanted]:
            self.remove_row(code)
            del self._rows[code]
        for row in rows:
            self._put(row)
        sequence = [row.code for row in rows]
        if sequence != [row.key.value for row in self.ordered_rows]:
            place = {wanted[code].cells[NUMBER].plain: index for index, code in enumerate(sequence)}
            self.sort(NUMBER, key=lambda cell: place[cell.plain])
        self._sequence = sequence
        if kept in wanted:
            self.move_cursor(row=sequence.index(kept), animate=False)
        elif sequence:
            self.move_cursor(row=min(kept_row, len(sequence) - 1), animate=False)

    def forget(self) -> None:
        """No ticket, and no column."""
        self.show((), ())

    def action_sideways(self, by: int) -> None:
        """Left or right."""
        self.post_message(self.Sideways(by))

    def put_cursor_on(self, code: str) -> None:
        """Move the cursor to this ticket, if it is in the list."""
        if code in self._sequence:
            self.move_cursor(row=self._sequence.index(code), animate=False)

    def _begin(self, columns: tuple[Column, ...]) -> None:
        self.clear(columns=True)
        self._rows = {}
        for column in columns:
            self.add_column(column.label, key=column.key, width=column.width)
        self._columns_shown = columns

    def _put(self, row: Row) -> None:
        before = self._rows.get(row.code)
        if before is None:
            self.add_row(*(row.cells[column.key] for column in self._columns_shown), key=row.code)
        else:
            for column in self._columns_shown:
                if row.cells[column.key] != before.cells[column.key]:
                    self.update_cell(row.code, column.key, row.cells[column.key])
        self._rows[row.code] = row
