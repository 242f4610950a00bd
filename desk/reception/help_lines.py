"""The lines above the lists that say who calls for help; a click on one answers it."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from config.look import palette
from desk.actions import HELP_KEY
from desk.reception.help_calls import HelpLine, Urgency
from desk.widgets.parts import Forgetful
from protocol.ids import DeviceName

HELP_ROWS = 3
"""Calls that are seen at once; the last line says how many more there are."""
CAP = f" {HELP_KEY.upper()} "
NO_CAP = " " * len(CAP)


class HelpLines(Vertical, Forgetful):
    """As many lines as there are calls; none without a call."""

    class Answered(Message):
        """Somebody goes to this kiosk."""

        def __init__(self, kiosk: DeviceName) -> None:
            super().__init__()
            self.kiosk = kiosk

    def __init__(self) -> None:
        super().__init__(classes="help-lines")
        self.lines = tuple(_Line() for _ in range(HELP_ROWS))
        self.display = False

    def compose(self) -> ComposeResult:
        """One under the other."""
        yield from self.lines

    @property
    def room(self) -> int:
        """Columns of the words of a line."""
        return self.container_size.width - len(CAP) - 3

    def show(self, calls: Sequence[HelpLine]) -> None:
        """These calls and no others."""
        for place, line in enumerate(self.lines):
            line.show(calls[place] if place < len(calls) else None)
        self.display = bool(calls)

    def forget(self) -> None:
        """Nobody calls."""
        self.show(())


class _Line(Static):
    """One call."""

    def __init__(self) -> None:
        super().__init__(classes="help-line")
        self._call: HelpLine | None = None
        self.display = False

    def show(self, call: HelpLine | None) -> None:
        """This call, or none."""
        if call == self._call:
            return
        self._call = call
        self.display = call is not None
        if call is None:
            self.update(Content())
            return
        for urgency in Urgency:
            self.set_class(urgency is call.urgency, f"-{urgency}")
        cap = (CAP, f"bold #FFFFFF on {palette.INK}") if call.has_key else NO_CAP
        self.update(Content.assemble(cap, f" {call.said}"))

    def on_click(self) -> None:
        """Whoever clicks goes there."""
        if self._call is not None and self._call.kiosk is not None:
            self.post_message(HelpLines.Answered(self._call.kiosk))
