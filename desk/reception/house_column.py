"""The house as reception sees it: a column beside the lists, or a list of its own where room is short."""

from datetime import datetime, timedelta

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from desk.reception.expected import expected_head, expected_lines
from desk.reception.house import desk_lines, desks_head, device_lines
from desk.reception.lists import Shelf
from desk.widgets.keys import led_to_by_tab
from desk.widgets.parts import Forgetful, Line
from desk.words import Voice
from protocol.views import ReceptionView

PARTS = (Shelf.DESKS, Shelf.FIELDS, Shelf.DEVICES)
LINE_MARGINS = 2
"""Columns of air in its lines."""
EVERY_S = 5
"""Its times go on in steps of so many seconds: with each step all of it is drawn anew."""


class HouseColumn(VerticalScroll, Forgetful):
    """Desks, what whoever comes now has to expect, printers and devices.

    Tab brings the keys here, which scroll; a click does not.
    """

    FOCUS_ON_CLICK = False

    def __init__(self) -> None:
        super().__init__(classes="house")
        self._view: ReceptionView | None = None
        self._made_of: tuple[object, ...] = ()
        self.parts = {shelf: (Line("list-head"), Line(shelf)) for shelf in PARTS}
        """Head and lines of each."""

    def compose(self) -> ComposeResult:
        """One under the other."""
        for part in self.parts.values():
            yield from part

    def forget(self) -> None:
        """What it was made of; its lines forget by themselves."""
        self._view = None

    def show(self, view: ReceptionView, now: datetime, voice: Voice, only: Shelf | None) -> None:
        """The one part that was asked for, or all; the fields, which are a list as well, if there is room.

        Of devices it tells less where room is short; what is out of sight all the same has its key.
        """
        width = self.scrollable_content_region.width - LINE_MARGINS
        now -= timedelta(seconds=now.timestamp() % EVERY_S)
        made_of = (now, voice, only, self.size)
        if view is self._view and made_of == self._made_of:
            return
        self._view, self._made_of = view, made_of
        devices_head = Content.styled(voice.say("reception.devices"), "bold")
        said = {
            Shelf.DESKS: (desks_head(view, voice), desk_lines(view, now, voice, width)),
            Shelf.FIELDS: (expected_head(voice), expected_lines(view, now, voice, width)),
            Shelf.DEVICES: (devices_head, device_lines(view, voice, width)),
        }
        told: tuple[Shelf, ...] = PARTS if only is None else (only,)

        def out_of_sight() -> int:
            return sum(1 + len(said[shelf][1]) + 1 for shelf in told) - 1 - self.size.height

        if only is None and out_of_sight() > 0:
            told = tuple(shelf for shelf in PARTS if shelf is not Shelf.FIELDS)
        if out_of_sight() > 0:
            said[Shelf.DEVICES] = (devices_head, device_lines(view, voice, width, brief=True))
        if out_of_sight() > 0:
            head, lines = said[told[-1]]
            said[told[-1]] = (led_to_by_tab(head), lines)
        for shelf, (head, lines) in said.items():
            for line, content in zip(self.parts[shelf], (head, Content("\n").join(lines)), strict=True):
                line.say(content)
                line.display = shelf in told
