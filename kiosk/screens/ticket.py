"""The last scene: the number, who is before it, and what to do now."""

from textual.app import ComposeResult
from textual.containers import Container

from config.look.lettering import CAPITAL_ROWS, largest_rows
from kiosk.flow import Finish, left_s, ticket_shown_s
from kiosk.layout import Shape
from kiosk.screens.scene import Foot, Moment, SceneView
from kiosk.widgets import Button, Countdown, QrCode, Words, fitting_rows, modules_of
from protocol.ids import shown

_NUMBER_ROWS_MAX = {Shape.SMALL: 6, Shape.STANDARD: 8, Shape.WIDE: 9, Shape.PORTRAIT: 8}
_SENTENCE_ROWS = {Shape.SMALL: (), Shape.STANDARD: (), Shape.WIDE: (3,), Shape.PORTRAIT: ()}
_SENTENCE_LINES_MAX = 2
_CARD_PADDING = 2
"""Columns free at each side inside a card."""


class TicketScene(SceneView):
    """A ticket card and a card with its QR code."""

    def __init__(self) -> None:
        super().__init__(classes="scene ticket")
        self._band = Words(classes="band")
        self._caption = Words(classes="caption")
        self._number = Words(classes="number")
        self._ahead = Words(classes="ahead")
        self._card = Container(self._band, self._caption, self._number, self._ahead, classes="paper")
        self._advice = Words(classes="advice")
        self._watch = Words(classes="watch")
        self._privacy = Words(classes="privacy")
        self._facts = Container(self._advice, self._watch, self._privacy, classes="facts")
        self._left = Container(self._card, self._facts, classes="left")
        self._code = QrCode()
        self._scan = Words(classes="scan")
        self._qr_card = Container(Container(self._code, classes="middle"), self._scan, classes="qr-card")
        self._done = Button(Finish(), classes="go way", id="done")
        self._countdown = Countdown()

    def compose(self) -> ComposeResult:
        """Ticket, code, the way out."""
        with Container(classes="body"):
            yield self._left
            yield self._qr_card
        with Foot(classes="foot"):
            yield self._done
            yield self._countdown

    def show(self, moment: Moment) -> None:
        """The ticket just given."""
        ticket, room = moment.kiosk.ticket, moment.room
        assert ticket is not None and moment.kiosk.field is not None, "a ticket scene has its ticket"  # noqa: PT018 - one fact
        field = moment.centre.field(moment.kiosk.field)
        code_columns = len(modules_of(ticket.token_url)) if ticket.token_url else 0
        self._qr_card.display = code_columns > 0
        self._code.write(ticket.token_url)
        qr_width = code_columns + 2 * _CARD_PADDING
        self._qr_card.styles.width = room.inner if room.upright else qr_width
        beside = not room.upright and code_columns > 0
        width = room.inner - (qr_width + room.gutter if beside else 0)
        self._left.styles.width = width
        self._left.styles.margin = (0, room.gutter if beside else 0, 0, 0)
        talk = " / ".join(moment.say(f"lang.in_{code}") for code in moment.kiosk.talk)
        self._band.styles.background = field.colour
        self._band.write(f"{field.noun[moment.language]}  ·  {talk}")
        self._caption.write(moment.say("kiosk.your_number"))
        number = shown(ticket.ticket)
        choices = [rows for rows in CAPITAL_ROWS if rows <= _NUMBER_ROWS_MAX[room.shape]]
        rows = largest_rows((number,), width - 2 * _CARD_PADDING, choices, capitals=True)
        self._number.styles.color = field.colour
        self._number.write_lines((number,), rows, capitals=True)
        self._sentence(self._ahead, moment.say("kiosk.people_ahead", n=ticket.ahead), width, room.shape)
        self._advise(moment, width)
        self._scan.write(moment.say("kiosk.scan"))
        self._done.words.write(f"✓  {moment.say('kiosk.done')}")
        self.tick(moment)

    def tick(self, moment: Moment) -> None:
        """The time left, in words and as a bar."""
        left = left_s(moment.kiosk, moment.at_s)
        if left is not None:
            words = moment.say("kiosk.restart_in", n=round(left))
            self._countdown.show(words, left, ticket_shown_s(moment.kiosk))

    def _advise(self, moment: Moment, width: int) -> None:
        """Take the slip; or write the number down, when none comes."""
        printed = moment.kiosk.printed
        advice = moment.say("kiosk.take_ticket" if printed else "kiosk.write_down")
        trouble = None if printed else moment.printer_trouble()
        if trouble is not None:
            advice = f"{moment.say(trouble)} {advice}"
        self._advice.set_class(not printed, "-alert")
        self._sentence(self._advice, advice, width, moment.room.shape)
        self._sentence(self._watch, moment.say("kiosk.watch_board"), width, moment.room.shape)
        self._privacy.write(moment.say("kiosk.no_name"))

    def _sentence(self, words: Words, text: str, width: int, shape: Shape) -> None:
        room = width - 2 * _CARD_PADDING
        words.write(text, fitting_rows((text,), room, _SENTENCE_ROWS[shape], _SENTENCE_LINES_MAX), width=room)
