"""Every program of a centre in one terminal: side by side where there is room, else one at a time."""

import asyncio
from pathlib import Path, PurePath
from typing import ClassVar

from rich.text import Text
from textual import events, on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal, VerticalScroll
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from config.model import Centre
from config.phrases import Phrases
from desk.attended import PRESENT_EVERY_S
from desk.counsellor.panel import CounsellorPanel
from desk.reception.panel import ReceptionPanel
from display_board.terminal.panel import CSS_FILES as BOARD_CSS
from display_board.terminal.panel import BoardPanel
from kiosk.panel import CSS_FILES as KIOSK_CSS
from kiosk.panel import KioskPanel
from printers.simulator.paper import Paper
from printers.simulator.terminal import shown
from protocol.client import QueueClient
from protocol.ids import DeskId, DeviceName
from walkin.stand import Stand

PANE_COLUMNS, PANE_ROWS = 80, 24
"""The least a program needs."""
SIDE_BY_SIDE = 4
"""Programs shown together when all fit: kiosk, board and two desks."""
SLIPS_SHOWN = 5
BOARD: DeviceName = "board-1"
RECEPTION: DeviceName = "reception-1"
HINT = (
    "1. Kiosk: click a language, then a field: the slip comes out under Paper.   "
    "2. At a desk press F2: the board calls the number."
)


def at_desk(desk: DeskId) -> DeviceName:
    """The terminal that stands there."""
    return f"desk-{desk.lower()}"


class Pane(Container):
    """One program, with the name it has in the bar."""

    def __init__(self, title: str, program: Widget) -> None:
        super().__init__()
        self.title = title
        self.program = program

    def compose(self) -> ComposeResult:
        """The program."""
        yield self.program


class Tab(Static):
    """A name in the bar; a click shows its program."""

    class Chosen(Message):
        """Show this one."""

        def __init__(self, index: int | None) -> None:
            super().__init__()
            self.index = index

    def __init__(self, title: str, index: int | None) -> None:
        super().__init__(f" {title} ", markup=False)
        self.index = index

    def on_click(self, event: events.Click) -> None:
        """Chosen with the mouse."""
        event.stop()
        self.post_message(self.Chosen(self.index))


class PaperTray(VerticalScroll):
    """The slips that came out, newest first."""

    class Fell(Message):
        """A slip came out of a printer."""

        def __init__(self, paper: Paper) -> None:
            super().__init__()
            self.paper = paper

    def __init__(self, papers: asyncio.Queue[Paper]) -> None:
        super().__init__()
        self._papers = papers
        self._slips: list[Text] = []
        self._sheet = Static("No slip yet.", markup=False)

    def compose(self) -> ComposeResult:
        """One column of paper."""
        yield self._sheet

    def on_mount(self) -> None:
        """Wait for slips."""
        self.run_worker(self._collect(), name="paper tray")

    async def _collect(self) -> None:
        while True:
            self.post_message(self.Fell(await self._papers.get()))

    def on_paper_tray_fell(self, message: Fell) -> None:
        """Lay it on top; the message goes on to the bar."""
        self._slips = [Text.from_ansi(shown(message.paper)), *self._slips][:SLIPS_SHOWN]
        self._sheet.update(Text("\n\n").join(self._slips))


class DemoApp(App[None]):
    """The demonstration centre."""

    CSS_PATH: ClassVar[list[str | PurePath]] = [
        Path(__file__).with_name("demo.tcss"),
        *KIOSK_CSS,
        *BOARD_CSS,
        *CounsellorPanel.CSS_FILES,
        *(path for path in ReceptionPanel.CSS_FILES if path not in CounsellorPanel.CSS_FILES),
    ]
    ENABLE_COMMAND_PALETTE = False
    ESCAPE_TO_MINIMIZE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+n", "turn(1)", "next", priority=True),
        Binding("ctrl+p", "turn(-1)", "previous", priority=True),
        Binding("ctrl+q", "quit", "quit", priority=True),
    ]

    def __init__(
        self,
        centre: Centre,
        phrases: Phrases,
        stand: Stand,
        desks: tuple[DeskId, ...],
        papers: asyncio.Queue[Paper],
    ) -> None:
        super().__init__()

        def client(name: DeviceName) -> QueueClient:
            return QueueClient(stand.url, stand.badges[name])

        official = centre.languages.official
        kiosk = centre.kiosks[0].name
        self._panes = [
            Pane("Kiosk", KioskPanel(client(kiosk), centre, phrases)),
            Pane("Board", BoardPanel(client(BOARD), centre, phrases)),
        ]
        self._staffed: list[CounsellorPanel | ReceptionPanel] = []
        for desk, language in zip(desks, (official[0], official[-1]), strict=True):
            panel = CounsellorPanel(client(at_desk(desk)), centre, phrases, language, desk)
            self._staffed.append(panel)
            self._panes.append(Pane(f"Desk {desk}", panel))
        reception = ReceptionPanel(client(RECEPTION), centre, phrases, official[0])
        self._staffed.append(reception)
        self._panes += [Pane("Reception", reception), Pane("Paper", PaperTray(papers))]
        self._tabs = [Tab(pane.title, index) for index, pane in enumerate(self._panes)]
        self._together = Tab("All", None)
        self._chosen: int | None = None
        self._room = Size(0, 0)
        self._news = Static("", id="demo-news", markup=False)

    def compose(self) -> ComposeResult:
        """The bar, the programs, and what to do first."""
        with Horizontal(id="demo-bar"):
            yield self._together
            yield from self._tabs
            yield self._news
            yield Static("Ctrl+N next  Ctrl+Q quit", id="demo-keys", markup=False)
        with Container(id="demo-stage"):
            yield from self._panes
        yield Static(HINT, id="demo-hint", markup=False)

    def on_mount(self) -> None:
        """Start with all programs if they fit, else with the kiosk."""
        self._room = self.size
        self._show(None)
        self.set_interval(PRESENT_EVERY_S, self._stay)

    def _stay(self) -> None:
        """A demonstration is never left alone: none of its screens locks."""
        for panel in self._staffed:
            panel.present()

    def on_resize(self, event: events.Resize) -> None:
        """Together only while they fit."""
        self._room = event.size
        self._show(self._chosen)

    @on(Tab.Chosen)
    def _choose(self, message: Tab.Chosen) -> None:
        self._show(message.index)

    @on(PaperTray.Fell)
    def _slip_out(self, message: PaperTray.Fell) -> None:
        self._news.update(f"slip {message.paper.serial} came out: see Paper")

    def action_turn(self, step: int) -> None:
        """Show the next program, or the one before."""
        first = -1 if self._fits() else 0
        places = len(self._panes) - first
        now = -1 if self._chosen is None else self._chosen
        index = (now - first + step) % places + first
        self._show(None if index < 0 else index)

    def _fits(self) -> bool:
        bars = 2
        return self._room.width >= 2 * PANE_COLUMNS + 1 and self._room.height >= 2 * PANE_ROWS + bars

    def _show(self, index: int | None) -> None:
        if index is None and not self._fits():
            index = 0
        self._chosen = index
        self._together.display = self._fits()
        self.screen.set_class(index is None, "-together")
        self.screen.set_class(self._room.height < PANE_ROWS + 2, "-low")
        for number, pane in enumerate(self._panes):
            pane.display = number < SIDE_BY_SIDE if index is None else number == index
        for tab in (self._together, *self._tabs):
            tab.set_class(tab.index == index, "-chosen")
        program = self._panes[2 if index is None else index].program
        if program.focusable:
            program.focus()
