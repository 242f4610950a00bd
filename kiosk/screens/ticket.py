"""The last scene: the number, who is before it, when its turn will be, and what to do now."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace
from textual.app import ComposeResult
from textual.containers import Container

from config.look.lettering import CAPITAL_ROWS, largest_rows, wrap
from kiosk.inputs import Finish
from kiosk.layout import Room
from kiosk.paper import SlipNews
from kiosk.reserve import Given
from kiosk.screens.scene import PRINTER_TROUBLE, Moment, Remark, SceneView, Way
from kiosk.screens.ticket_larger import LargerPlan, planned_larger
from kiosk.screens.ticket_plan import (
    ADVICE_AIR_ROWS,
    AIRED_ROWS,
    SCAN_ROWS,
    SENTENCE_LINES_MAX,
    TicketPlan,
    TicketTexts,
    TurnTexts,
    planned,
)
from kiosk.visit import Kiosk, left_s, ticket_shown_s
from kiosk.widgets import QrCode, Words, fitting_rows, modules_of
from protocol.envelope import TicketGiven
from protocol.ids import LanguageCode, shown
from protocol.waits import WaitWindow, back_by, begins_at

_ADDRESS_MARK = "://"
_AROUND_CODE_ROWS = 2
"""Above and below the card with the code, before a row of it is below what to do with it."""
_CARD_PADDING = 2
"""Columns free at each side inside a card."""

Said = tuple[TicketTexts, ...]
"""In the visitor's language, and in those that get the same size."""


class TicketScene(SceneView):
    """A ticket card and a card with its QR code."""

    def __init__(self) -> None:
        super().__init__(classes="scene ticket")
        self._band = Words(classes="band")
        self._caption = Words(classes="caption")
        self._number = Words(classes="number")
        self._ahead = Words(classes="ahead")
        self._turn = Words(classes="turn")
        self._clock = Words(classes="clock")
        self._back = Words(classes="back")
        told = (self._ahead, self._turn, self._clock, self._back)
        self._card = Container(self._band, self._caption, self._number, *told, classes="paper")
        self._advice = Words(classes="advice")
        self._watch = Words(classes="watch")
        self._privacy = Words(classes="privacy")
        self._facts = Container(self._advice, self._watch, self._privacy, classes="facts")
        self._left = Container(self._card, self._facts, classes="left")
        self._width = 0
        """Columns of the ticket."""
        self._code = QrCode()
        self._scan = Words(classes="scan")
        self._qr_card = Container(Container(self._code, classes="middle"), self._scan, classes="qr-card")
        self._body = Container(self._left, self._qr_card, classes="body")

    def compose(self) -> ComposeResult:
        """Ticket, code."""
        yield self._body

    def show(self, moment: Moment) -> None:
        """The ticket just given."""
        ticket, room = moment.kiosk.ticket, moment.room
        assert ticket is not None and moment.kiosk.field is not None, "a ticket scene has its ticket"  # noqa: PT018 - one fact
        field = moment.centre.field(moment.kiosk.field)
        colour = moment.tint(field.colour)
        self._band.styles.background = colour
        self._band.write(band_words(moment, moment.language))
        self._number.styles.color = colour
        code_columns = code_columns_of(ticket.token_url)
        self._lay_code(room, ticket.token_url, 0 if room.larger else code_columns)
        width = ticket_width(room, code_columns)
        self._left.styles.width = self._width = width
        number = shown(ticket.ticket)
        said = _said_at(moment)
        self._caption.write(moment.say("kiosk.your_number"))
        self._privacy.write(moment.say("kiosk.no_name"))
        self._scan.write(moment.say("kiosk.scan"))
        if room.larger:
            self._enlarge(room, said, number, larger_at(moment))
        else:
            self._arrange(room, said, number, usual_at(moment))

    def _arrange(self, room: Room, said: Said, number: str, plan: TicketPlan) -> None:
        """Everything in the largest letters that leave room for what a visitor has to know."""
        inside = self._lay(room, plan, number, AIRED_ROWS[room.shape])
        self.set_class(plan.low, "-low")
        self._qr_card.styles.margin = (plan.above_code, 0, 0, 0)
        beside = room.body_rows - self._code.rows - SCAN_ROWS
        below = plan.below_scan if room.upright else int(beside > _AROUND_CODE_ROWS)
        self._qr_card.styles.padding = (0, 0, below, 0)
        self._tell_turn(room, said, plan, inside)
        for words, told, rows in (
            (self._ahead, [(texts.ahead,) for texts in said], plan.ahead_rows),
            (self._advice, [texts.advice for texts in said], plan.warning_rows),
            (self._watch, [(texts.watch,) for texts in said], plan.sentence_rows),
        ):
            words.display = True
            _sentences(room, words, told, inside, rows)

    def _lay(self, room: Room, plan: TicketPlan | LargerPlan, number: str, air: int, kept: int = 0) -> int:
        """What both types have in common; gives the columns inside the card.

        The advice has air on its ground where `air` rows stay free even so; in any case `kept` rows of it.
        """
        inside = self._width - 2 * _CARD_PADDING
        self._caption.display, self._privacy.display = plan.caption, plan.privacy
        self._card.set_class(not plan.caption, "-bare")
        left = plan.left + plan.number_rows - self._number_in(number, inside, plan.number_rows)
        if not kept and left >= air + ADVICE_AIR_ROWS:
            left, kept = left - ADVICE_AIR_ROWS, ADVICE_AIR_ROWS
        self._body.styles.padding = (self._above(room, left), room.margin, 0, room.margin)
        self._advice.styles.padding = ((kept + 1) // 2, _CARD_PADDING, kept // 2, _CARD_PADDING)
        return inside

    def _above(self, room: Room, left: int) -> int:
        """A row that cannot be halved, of what the ticket or the code beside it leaves free, is above all."""
        beside_code = room.body_rows - self._code.rows - SCAN_ROWS
        is_last = self._qr_card.display and beside_code == 1 and left > 0
        return int(left % 2 or (is_last and not room.upright))

    def _lay_code(self, room: Room, url: str, code_columns: int) -> None:
        """The QR code beside the ticket or under it; larger type leaves no room for it."""
        self._qr_card.display = code_columns > 0
        self._code.write(url if code_columns else "")
        self._qr_card.styles.width = room.inner if room.upright else code_columns + 2 * _CARD_PADDING
        self._left.styles.margin = (0, room.gutter if code_columns and not room.upright else 0, 0, 0)

    def _number_in(self, number: str, inside: int, rows_max: int) -> int:
        """The number as large as it fits; gives its rows."""
        choices = [rows for rows in CAPITAL_ROWS if rows <= rows_max]
        rows = largest_rows((number,), inside, choices, capitals=True)
        self._number.write_lines((number,), rows, capitals=True)
        return rows

    def _tell_turn(self, room: Room, said: Said, plan: TicketPlan, inside: int) -> None:
        """When, as clock times as large as planned; and until when one may go out."""
        when = said[0].when
        below = plan.clock_rows > 1
        self._turn.display = when is not None and below
        self._clock.display = when is not None
        self._back.display = when is not None and plan.back and bool(when.back)
        if when is not None:
            self._turn.write(when.turn)
            self._clock.write(when.times if below else f"{when.turn} {when.times}", plan.clock_rows)
            backs = [(texts.when.back,) for texts in said if texts.when is not None]
            _sentences(room, self._back, backs, inside, plan.sentence_rows)

    def _enlarge(self, room: Room, said: Said, number: str, plan: LargerPlan) -> None:
        """Number and sentences in letters as large as planned; the code is left out, it is on the slip."""
        inside, own = self._lay(room, plan, number, int(room.upright), plan.advice_air), said[0]
        self.remove_class("-low")
        when = own.when
        for words, texts, rows in (
            (self._ahead, (own.ahead,) if plan.ahead or when is None else (), plan.ahead_rows),
            (self._turn, (when.turn,) if when else (), plan.ahead_rows),
            (self._clock, (when.times,) if when else (), plan.clock_rows),
            (self._back, (when.back,) if when and when.back and plan.back else (), plan.further_rows),
            (self._advice, own.advice, plan.sentence_rows),
            (self._watch, (own.watch,) if plan.watch else (), plan.further_rows),
        ):
            words.display = bool(texts)
            words.write_lines([line for text in texts for line in wrap(text, inside, rows)], rows)

    def way(self, moment: Moment) -> Way | None:
        """Out."""
        return Way(f"✓ {moment.say('kiosk.done')}", Finish(), go=True)

    def remark(self, moment: Moment) -> Remark:
        """The time left, in words and as a bar."""
        left = left_s(moment.kiosk, moment.at_s)
        if left is None:
            return Remark()
        words = moment.say("kiosk.restart_in", n=round(left))
        return Remark(words, share_left=left / ticket_shown_s(moment.kiosk))


def code_columns_of(url: str) -> int:
    """Columns of the QR code; 0: there is none, for a bare token tells a phone nothing."""
    return len(modules_of(url)) if _ADDRESS_MARK in url else 0


def ticket_width(room: Room, code_columns: int) -> int:
    """Columns of the ticket, where the card with the code stands beside it."""
    beside = code_columns > 0 and not room.upright and not room.larger
    return room.inner - (code_columns + 2 * _CARD_PADDING + room.gutter if beside else 0)


def usual_at(moment: Moment) -> TicketPlan:
    """How large everything is in the usual type."""
    assert moment.kiosk.ticket is not None, "a ticket scene has its ticket"
    room, said = replace(moment.room, larger=False), _said_at(moment)
    code_columns = code_columns_of(moment.kiosk.ticket.token_url)
    inside = ticket_width(room, code_columns) - 2 * _CARD_PADDING
    return planned(room, said, inside, -(-code_columns // 2), warned=len(said[0].advice) > 1)


def larger_at(moment: Moment) -> LargerPlan:
    """The same in larger type, which has no place for the code."""
    inside = moment.room.inner - 2 * _CARD_PADDING
    return planned_larger(moment.room, _said_at(moment), inside, usual_at(moment))


def _said_at(moment: Moment) -> Said:
    return tuple(texts_in(moment, language) for language in dict.fromkeys(moment.alike))


def _sentences(room: Room, words: Words, told: Sequence[tuple[str, ...]], width: int, most: int) -> None:
    """The visitor's, each on lines of its own, in letters in which it fits in every language told."""
    lines_max = SENTENCE_LINES_MAX[room.shape]
    rows = fitting_rows([text for texts in told for text in texts], width, (most,), lines_max)
    words.write_lines([line for text in told[0] for line in wrap(text, width, rows)], rows)


def texts_in(moment: Moment, language: LanguageCode) -> TicketTexts:
    """What is said of the moment's ticket in a language."""
    return TicketTexts(
        band=band_words(moment, language),
        ahead=ahead_words(moment, language),
        when=turn_in(moment, language),
        advice=advice_in(moment, language),
        watch=moment.say_in(language, called_key(moment)),
    )


def called_key(moment: Moment) -> str:
    """Where the number appears; or that it is called if somebody comes at all."""
    return "kiosk.called_if" if _for_nobody(moment.kiosk) else "kiosk.watch_board"


def _for_nobody(kiosk: Kiosk) -> bool:
    """Whether nobody was in sight who could serve this visitor when the ticket was given."""
    return isinstance(kiosk.ticket, TicketGiven) and kiosk.ticket.nobody


def ahead_words(moment: Moment, language: LanguageCode) -> str:
    """People before; or that the number is provisional, or that nobody is planned."""
    ticket = moment.kiosk.ticket
    assert ticket is not None, "a ticket scene has its ticket"
    if isinstance(ticket, Given):
        return moment.say_in(language, "kiosk.provisional")
    if ticket.nobody:
        return moment.say_in(language, "slip.nobody")
    return moment.say_in(language, "kiosk.people_ahead", n=ticket.ahead)


def band_words(moment: Moment, language: LanguageCode) -> str:
    """The field as it was chosen, and the language of the conversation."""
    assert moment.kiosk.field is not None, "a ticket has a field"
    talk = " / ".join(
        moment.say_in(language, f"lang.in_{code}").replace(" ", "\N{NO-BREAK SPACE}")
        for code in moment.kiosk.talk
    )
    return f"{moment.centre.field(moment.kiosk.field).label[language]}  ·  {talk}"


def turn_in(moment: Moment, language: LanguageCode) -> TurnTexts | None:
    """When the turn of the moment's ticket will be; none when nobody knows."""
    window = window_of(moment.kiosk)
    if window is None:
        return None
    start, end = begins_in(moment, language), moment.time_in(language, window.ends_at)
    turn = moment.say_in(language, "kiosk.your_turn" if start else "kiosk.your_turn_before")
    times = f"{start} –\N{NO-BREAK SPACE}{end}" if start else end  # no line ends in a dash
    return TurnTexts(turn, times, back_words(moment, language))


def window_of(kiosk: Kiosk) -> WaitWindow | None:
    """What the server told with the ticket; a number of the kiosk's own has none."""
    return kiosk.ticket.window if isinstance(kiosk.ticket, TicketGiven) else None


def back_words(moment: Moment, language: LanguageCode) -> str:
    """When the visitor of this ticket has to be back; '' when it is not worth going out."""
    window = window_of(moment.kiosk)
    given_at = _given_at(moment)
    until = None if window is None or given_at is None else back_by(window, given_at)
    return (
        "" if until is None else moment.say_in(language, "slip.back_by", time=moment.time_in(language, until))
    )


def begins_in(moment: Moment, language: LanguageCode) -> str:
    """From when on the visitor of this ticket may be called; '' when that is from now on."""
    window, given_at = window_of(moment.kiosk), _given_at(moment)
    start = None if window is None or given_at is None else begins_at(window, given_at)
    return "" if start is None else moment.time_in(language, start)


def _given_at(moment: Moment) -> datetime | None:
    """When the ticket was given; none while the kiosk has no clock."""
    if moment.local is None:
        return None
    return moment.local - timedelta(seconds=moment.at_s - moment.kiosk.step_since_s)


def advice_in(moment: Moment, language: LanguageCode) -> tuple[str, ...]:
    """Where the slip is, and what to do where it is not sure to come."""
    view, ticket = moment.kiosk.view, moment.kiosk.ticket
    slips = () if view is None or ticket is None else view.slips
    printer = next((seen.elsewhere for seen in slips if ticket and seen.ticket == ticket.ticket), None)
    where = moment.place_in(language, printer)
    return tuple(moment.say_in(language, key, where=where) for key in _advice_keys(moment))


def _advice_keys(moment: Moment) -> tuple[str, ...]:
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
