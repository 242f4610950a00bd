"""A counsellor's hands at a running desk: one presses keys alone, the other clicks alone. Both count."""

from collections.abc import Callable
from typing import Any

from textual.pilot import Pilot
from textual.widgets import OptionList, Static

from desk.counsellor.panel import CAPS, CounsellorPanel
from desk.widgets.forms import ChipRow
from desk.widgets.tickets import TicketTable


class Keyboard:
    """Presses keys and counts them."""

    def __init__(self, pilot: Pilot[None], panel: CounsellorPanel) -> None:
        self.pilot = pilot
        self.panel = panel
        self.presses = 0

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.pilot.press(key)
            self.presses += 1
        await self.pilot.pause()

    async def tile(self, key: str) -> None:
        await self.press(key)

    async def named(self, key: str) -> None:
        await self.press(key)

    async def number(self, code: str) -> None:
        """Call this number out of turn."""
        await self.press(*code.lower(), "enter")

    async def choose(self, line: int) -> None:
        """This line of a list, counted from the one that is offered."""
        await self.press(*["down" if line > 0 else "up"] * abs(line), "enter")

    async def word(self, row: int, steps: int) -> None:
        """Choose a word of a row in which there is one choice: so many to the right of the one chosen now."""
        await self.press(*["down"] * row, *["right"] * steps)

    async def tick(self, row: int, word: int) -> None:
        """Choose this word of a row in which there are several choices, or let it go."""
        assert self.panel.dialog is not None
        chips = list(self.panel.dialog.query(ChipRow))[row]
        right = (word - chips._at) % len(chips.question.options)
        await self.press(*["down"] * row, *["right"] * right, "space")

    async def submit(self) -> None:
        await self.press("enter")

    async def ticket(self, table: TicketTable, row: int) -> None:
        while not table.has_focus:
            await self.press("tab")
        while table.cursor_row < row:
            await self.press("down")
        await self.press("enter")


class Mouse(Keyboard):
    """Clicks on what the keyboard presses; letters and digits are typed by everybody."""

    async def click(self, part: Any, column: int, row: int) -> None:
        assert await self.pilot.click(part, offset=(column, row))
        self.presses += 1
        await self.pilot.pause()

    async def tile(self, key: str) -> None:
        await self.click(next(tile for tile in self.panel.desk_side.tiles if tile.key == key), 4, 0)

    async def named(self, key: str) -> None:
        lines = str(self.panel.keys.content).split("\n")
        cap = CAPS.get(key) or self.panel.voice.cap(key)
        row = next(row for row, line in enumerate(lines) if f" {cap} " in line)
        await self.click(self.panel.keys, lines[row].index(f" {cap} ") + 2, row)

    async def number(self, code: str) -> None:
        await self.named("number")
        assert self.panel.dialog is not None
        options = self.panel.dialog.query_one(OptionList)
        await self.click(options, 3, options.get_option_index(code))

    async def choose(self, line: int) -> None:
        assert self.panel.dialog is not None
        options = self.panel.dialog.query_one(OptionList)
        await self.click(options, 3, (options.highlighted or 0) + line)

    async def word(self, row: int, steps: int) -> None:
        await self._chip(row, lambda options, chosen: options.index(chosen[0]) + steps)

    async def tick(self, row: int, word: int) -> None:
        await self._chip(row, lambda _options, _chosen: word)

    async def _chip(self, row: int, which: Callable[[list[str], tuple[str, ...]], int]) -> None:
        """Click on a word where it stands."""
        assert self.panel.dialog is not None
        chips = list(self.panel.dialog.query(ChipRow))[row]
        labels = dict(chips.question.options)
        label = labels[list(labels)[which(list(labels), chips.chosen)]]
        line = str(chips.render()).split("\n")[1]
        await self.click(chips, line.index(label) + 1, 1)

    async def submit(self) -> None:
        assert self.panel.dialog is not None
        await self.click(self.panel.dialog.query_one(".-forward", Static), 3, 0)

    async def ticket(self, table: TicketTable, row: int) -> None:
        head = 1 if table.show_header else 0
        if not table.has_focus or table.cursor_row != row:
            await self.click(table, 3, row + head)
        await self.click(table, 3, row + head)
