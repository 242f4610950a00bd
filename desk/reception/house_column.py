"""The house as reception sees it: a column beside the lists, or a list of its own where room is short."""

from datetime import datetime

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from desk.reception.house import desk_lines, desks_head, device_lines
from desk.widgets.parts import Line
from desk.words import Voice
from protocol.views import ReceptionView


class HouseColumn(VerticalScroll):
    """Desks, then printers and devices. Tab brings the keys here, which scroll; a click does not."""

    FOCUS_ON_CLICK = False

    def __init__(self) -> None:
        super().__init__(classes="house")
        self.desks_head, self.desks = Line("list-head"), Line("desks")
        self.devices_head, self.devices = Line("list-head devices-head"), Line("devices")

    def compose(self) -> ComposeResult:
        """One under the other."""
        yield self.desks_head
        yield self.desks
        yield self.devices_head
        yield self.devices

    def show(
        self, view: ReceptionView, now: datetime, voice: Voice, *, with_desks: bool, with_devices: bool
    ) -> None:
        """Both, or the one that was asked for."""
        self.desks_head.display = self.desks.display = with_desks
        self.devices_head.display = self.devices.display = with_devices
        self.desks_head.say(desks_head(view.desks, voice))
        desks = desk_lines(view.desks, now, voice, self.desks.content_size.width)
        self.desks.say(Content("\n").join(desks))
        self.devices_head.say(Content.styled(voice.say("reception.devices"), "bold"))
        devices = device_lines(view, voice, self.devices.content_size.width)
        self.devices.say(Content("\n").join(devices))
