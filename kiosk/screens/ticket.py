"""The last scene: the number, who is before it, and what to do now."""

from textual.app import ComposeResult
from textual.containers import Container

from config.look.lettering import CAPITAL_ROWS, largest_rows, width_of, wrap
from kiosk.inputs import Finish
from kiosk.layout import Room, Shape
from kiosk.paper import SlipNews
from kiosk.reserve import Given
from kiosk.screens.scene import PRINTER_TROUBLE, Moment, Remark, SceneView, Way
from kiosk.visit import left_s, ticket_shown_s
from kiosk.widgets import QrCode, Words, fitting_rows, modules_of
from protocol.ids import shown

_NUMBER_ROWS_MAX = {Shape.SMALL: 6, Shape.STANDARD: 8, Shape.WIDE: 9, Shape.PORTRAIT: 8}
_NUMBER_ROWS_LOW = 5
"""The same on an upright panel without rows to spare."""
_SENTENCE_ROWS = {Shape.SMALL: (), Shape.STANDARD: (), Shape.WIDE: (3,), Shape.PORTRAIT: ()}
_SENTENCE_LINES_MAX = 2
_WARNING_ROWS = (3,)
_WARNING_BODY_ROWS = 33
"""Rows between head and foot from which a warning has room to be large."""
_BAND_ROWS = {Shape.SMALL: 1, Shape.STANDARD: 3, Shape.WIDE: 3, Shape.PORTRAIT: 3}
_LARGER_MARGINS = 3
"""Blank rows around the sentences under the number."""
_NUMBER_ROWS_MIN = 5
_ADDRESS_MARK = "://"
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

    def compose(self) -> ComposeResult:
        """Ticket, code."""
        with Container(classes="body"):
            yield self._left
            yield self._qr_card

    def show(self, moment: Moment) -> None:
        """The ticket just given."""
        ticket, room = moment.kiosk.ticket, moment.room
        assert ticket is not None and moment.kiosk.field is not None, "a ticket scene has its ticket"  # noqa: PT018 - one fact
        field = moment.centre.field(moment.kiosk.field)
        colour = moment.tint(field.colour)
        talk = " / ".join(moment.say(f"lang.in_{code}") for code in moment.kiosk.talk)
        self._band.styles.background = colour
        self._band.write(f"{field.noun[moment.language]}  ·  {talk}")
        low = room.upright and not room.tall
        self._caption.display = not room.larger and not low
        self.set_class(low and not room.larger, "-low")
        self._caption.write(moment.say("kiosk.your_number"))
        self._number.styles.color = colour
        if isinstance(ticket, Given):
            ahead = moment.say("kiosk.provisional")
        else:
            ahead = moment.say("kiosk.people_ahead", n=ticket.ahead)
        width = self._lay_code(room, ticket.token_url)
        self._left.styles.width = width
        if room.larger:
            self._enlarge(moment, width, shown(ticket.ticket), ahead)
            return
        self._number_in(
            shown(ticket.ticket), width, _NUMBER_ROWS_LOW if low else _NUMBER_ROWS_MAX[room.shape]
        )
        self._advise(moment, width, ahead)
        self._scan.display = _ADDRESS_MARK in ticket.token_url  # a bare token tells a phone nothing
        self._scan.write(moment.say("kiosk.scan"))

    def _lay_code(self, room: Room, url: str) -> int:
        """The QR code, where larger type leaves room for it; the columns left beside it."""
        code_columns = len(modules_of(url)) if url and not room.larger else 0
        self._qr_card.display = code_columns > 0
        self._code.write(url)
        qr_width = code_columns + 2 * _CARD_PADDING
        self._qr_card.styles.width = room.inner if room.upright else qr_width
        beside = not room.upright and code_columns > 0
        self._left.styles.margin = (0, room.gutter if beside else 0, 0, 0)
        return room.inner - (qr_width + room.gutter if beside else 0)

    def _number_in(self, number: str, width: int, rows_max: int) -> int:
        """The number as large as it fits; its rows."""
        choices = [rows for rows in CAPITAL_ROWS if rows <= rows_max]
        rows = largest_rows((number,), width - 2 * _CARD_PADDING, choices, capitals=True)
        self._number.write_lines((number,), rows, capitals=True)
        return rows

    def _enlarge(self, moment: Moment, width: int, number: str, ahead: str) -> None:
        """Number and sentences in the largest letters that fit; what the slip says as well is left out."""
        room, inside = moment.room, width - 2 * _CARD_PADDING
        advice = tuple(map(moment.say, advice_keys(moment)))
        watch = moment.say("kiosk.watch_board")
        self._privacy.display = False
        free = room.body_rows - _BAND_ROWS[room.shape] - _LARGER_MARGINS
        for rows, watched in ((4, True), (4, False), (3, True), (3, False), (1, True)):
            texts = (ahead, *advice, *([watch] if watched else []))
            lines = [wrap(text, inside, rows) for text in texts]
            left = free - rows * sum(map(len, lines)) - int(watched)
            wide = any(width_of(line, rows) > inside for broken in lines for line in broken)
            if (left >= _NUMBER_ROWS_MIN and not wide) or rows == 1:
                self._number_in(number, width, left)
                self._ahead.write(ahead, rows, width=inside)
                self._advice.write_lines((line for text in advice for line in wrap(text, inside, rows)), rows)
                self._watch.display = watched
                self._watch.write(watch, rows, width=inside)
                return

    def way(self, moment: Moment) -> Way | None:
        """Out."""
        return Way(f"✓  {moment.say('kiosk.done')}", Finish(), go=True)

    def remark(self, moment: Moment) -> Remark:
        """The time left, in words and as a bar."""
        left = left_s(moment.kiosk, moment.at_s)
        if left is None:
            return Remark()
        words = moment.say("kiosk.restart_in", n=round(left))
        return Remark(words, share_left=left / ticket_shown_s(moment.kiosk))

    def _advise(self, moment: Moment, width: int, ahead: str) -> None:
        """Take the slip; or keep the number, when none may come: that before all else."""
        room = moment.room
        inside = width - 2 * _CARD_PADDING
        advice, watch = advice_keys(moment), ("kiosk.watch_board",)
        warned = len(advice) > 1
        large = warned and not room.upright and room.body_rows >= _WARNING_BODY_ROWS
        usual = () if large else _SENTENCE_ROWS[room.shape]
        _sentences(self._ahead, (ahead,), (ahead,), inside, usual)
        for words, keys, choices in (
            (self._advice, advice, _WARNING_ROWS if large else usual),
            (self._watch, watch, usual),
        ):
            sized = tuple(text for key in keys for text in moment.sized_with(key))
            _sentences(words, tuple(map(moment.say, keys)), sized, inside, choices)
        self._watch.display, self._privacy.display = True, not warned
        self._privacy.write(moment.say("kiosk.no_name"))


def _sentences(
    words: Words, said: tuple[str, ...], sized: tuple[str, ...], width: int, choices: tuple[int, ...]
) -> None:
    """Each on lines of its own, in letters in which all that must have the same size fit."""
    rows = fitting_rows(sized, width, choices, _SENTENCE_LINES_MAX)
    words.write_lines([line for sentence in said for line in wrap(sentence, width, rows)], rows)


def advice_keys(moment: Moment) -> tuple[str, ...]:
    """Where the slip is, and what to do where it is not sure to come."""
    slip = moment.kiosk.slip
    match slip:
        case SlipNews.COMING:
            return ("kiosk.printing",)
        case SlipNews.OUT:
            return ("kiosk.take_ticket",)
        case SlipNews.MISSING:
            why = PRINTER_TROUBLE.get(moment.kiosk.printing, "kiosk.slip_missing")
        case _:
            why = f"kiosk.slip_{slip}"
    return why, "kiosk.write_down"
