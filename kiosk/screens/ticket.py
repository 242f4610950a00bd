"""The last scene: the number, who is before it, when its turn will be, and what to do now."""

from collections.abc import Iterator
from datetime import timedelta

from textual.app import ComposeResult
from textual.containers import Container

from config.look.lettering import CAPITAL_ROWS, TEXT_ROWS, largest_rows, width_of, wrap
from kiosk.inputs import Finish
from kiosk.layout import Room
from kiosk.paper import SlipNews
from kiosk.reserve import Given
from kiosk.screens.scene import PRINTER_TROUBLE, Moment, Remark, SceneView, Way
from kiosk.screens.ticket_plan import (
    BAND_ROWS,
    NUMBER_ROWS_MIN,
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
from protocol.waits import WaitWindow, back_by

_LARGER_MARGINS = 3
"""Blank rows around the sentences under the number."""
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
        self.set_class(room.upright and not room.tall and not room.larger, "-low")
        self._number.styles.color = colour
        width = self._lay_code(room, ticket.token_url)
        self._left.styles.width = width
        number = shown(ticket.ticket)
        if room.larger:
            self._body.styles.padding = (0, room.margin)
            self._enlarge(moment, width, number)
            return
        self._arrange(moment, width, number)
        self._scan.display = _ADDRESS_MARK in ticket.token_url  # a bare token tells a phone nothing
        self._scan.write(moment.say("kiosk.scan"))

    def _arrange(self, moment: Moment, width: int, number: str) -> None:
        """Everything in the largest letters that leave room for what a visitor has to know."""
        room, inside = moment.room, width - 2 * _CARD_PADDING
        languages = dict.fromkeys((moment.language, *moment.official))
        said = tuple(texts_in(moment, language) for language in languages)
        code_rows = self._code.rows if self._qr_card.display else 0
        plan = planned(room, said, inside, code_rows, warned=len(said[0].advice) > 1)
        self._caption.display, self._privacy.display = plan.caption, plan.privacy
        self._card.set_class(not plan.caption, "-bare")
        self._body.styles.padding = (plan.above, room.margin, 0, room.margin)
        self._caption.write(moment.say("kiosk.your_number"))
        self._number_in(number, width, plan.number_rows)
        self._tell_turn(said[0].when, plan, inside)
        self._advise(moment, said[0], plan, inside)

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

    def _tell_turn(self, when: TurnTexts | None, plan: TicketPlan, inside: int) -> None:
        """When, as clock times as large as planned; and until when one may go out."""
        below = plan.clock_rows > 1
        self._turn.display = when is not None and below
        self._clock.display = when is not None
        self._back.display = when is not None and plan.back and bool(when.back)
        if when is not None:
            self._turn.write(when.turn)
            self._clock.write(when.times if below else f"{when.turn} {when.times}", plan.clock_rows)
            _sentences(self._back, (when.back,), (when.back,), inside, (plan.sentence_rows,))

    def _enlarge(self, moment: Moment, width: int, number: str) -> None:
        """Number and sentences in the largest letters that fit; what the slip says as well is left out.

        Where it is known when the visitor's turn will be, that is told in place of the people before.
        """
        room, inside = moment.room, width - 2 * _CARD_PADDING
        said = texts_in(moment, moment.language)
        self._caption.display = self._privacy.display = False
        free = room.body_rows - BAND_ROWS[room.shape] - _LARGER_MARGINS
        for rows, watched, back in _larger_choices(said.when):
            parts = {
                self._ahead: () if said.when else (said.ahead,),
                self._turn: (said.when.turn,) if said.when else (),
                self._clock: (said.when.times,) if said.when else (),
                self._back: (said.when.back,) if said.when and back else (),
                self._advice: said.advice,
                self._watch: (said.watch,) if watched else (),
            }
            heights = dict.fromkeys(parts, rows)
            if said.when:
                heights[self._clock] = _on_one_line(said.when.times, inside, rows)
            lines = {
                words: [line for text in texts for line in wrap(text, inside, heights[words])]
                for words, texts in parts.items()
            }
            left = free - sum(heights[words] * len(broken) for words, broken in lines.items()) - int(watched)
            wide = any(width_of(line, heights[words]) > inside for words in lines for line in lines[words])
            if (left >= NUMBER_ROWS_MIN and not wide) or rows == 1:
                bare = left > NUMBER_ROWS_MIN
                self._card.set_class(bare, "-bare")
                self._number_in(number, width, left - bare)
                for words, broken in lines.items():
                    words.display = bool(broken)
                    words.write_lines(broken, heights[words])
                return

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

    def _advise(self, moment: Moment, texts: TicketTexts, plan: TicketPlan, inside: int) -> None:
        """Take the slip; or keep the number, when none may come: that before all else."""
        self._ahead.display = True
        _sentences(self._ahead, (texts.ahead,), (texts.ahead,), inside, (plan.ahead_rows,))
        for words, said, keys, rows in (
            (self._advice, texts.advice, advice_keys(moment), plan.warning_rows),
            (self._watch, (texts.watch,), ("kiosk.watch_board",), plan.sentence_rows),
        ):
            sized = tuple(text for key in keys for text in moment.sized_with(key))
            _sentences(words, said, sized, inside, (rows,))
        self._watch.display = True
        self._privacy.write(moment.say("kiosk.no_name"))


def _sentences(
    words: Words, said: tuple[str, ...], sized: tuple[str, ...], width: int, choices: tuple[int, ...]
) -> None:
    """Each on lines of its own, in letters in which all that must have the same size fit."""
    rows = fitting_rows(sized, width, choices, SENTENCE_LINES_MAX)
    words.write_lines([line for sentence in said for line in wrap(sentence, width, rows)], rows)


def _larger_choices(when: TurnTexts | None) -> Iterator[tuple[int, bool, bool]]:
    """Height of all letters, whether to watch the board is said, and when to be back; the best first."""
    backs = (True, False) if when and when.back else (False,)
    for rows in (4, 3):
        yield from ((rows, watched, back) for back in backs for watched in (True, False))
    yield 1, True, backs[0]


def _on_one_line(times: str, width: int, most: int) -> int:
    """The largest height up to this at which clock times need not be broken; where there is none, this."""
    return next((rows for rows in range(most, TEXT_ROWS[0] - 1, -1) if width_of(times, rows) <= width), most)


def texts_in(moment: Moment, language: LanguageCode) -> TicketTexts:
    """What is said of the moment's ticket in a language."""
    return TicketTexts(
        band=band_words(moment, language),
        ahead=ahead_words(moment, language),
        when=turn_in(moment, language),
        advice=tuple(moment.say_in(language, key) for key in advice_keys(moment)),
        watch=moment.say_in(language, "kiosk.watch_board"),
    )


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
    talk = " / ".join(moment.say_in(language, f"lang.in_{code}") for code in moment.kiosk.talk)
    return f"{moment.centre.field(moment.kiosk.field).label[language]}  ·  {talk}"


def turn_in(moment: Moment, language: LanguageCode) -> TurnTexts | None:
    """When the turn of the moment's ticket will be; none when nobody knows."""
    window = window_of(moment.kiosk)
    if window is None:
        return None
    start, end = (moment.time_in(language, at) for at in (window.begins_at, window.ends_at))
    turn = moment.say_in(language, "kiosk.your_turn")
    return TurnTexts(turn, f"{start} – {end}", back_words(moment, language))


def window_of(kiosk: Kiosk) -> WaitWindow | None:
    """What the server told with the ticket; a number of the kiosk's own has none."""
    return kiosk.ticket.window if isinstance(kiosk.ticket, TicketGiven) else None


def back_words(moment: Moment, language: LanguageCode) -> str:
    """When the visitor of this ticket has to be back; '' when it is not worth going out."""
    window = window_of(moment.kiosk)
    if window is None or moment.local is None:
        return ""
    given_at = moment.local - timedelta(seconds=moment.at_s - moment.kiosk.step_since_s)
    until = back_by(window, given_at)
    return (
        "" if until is None else moment.say_in(language, "slip.back_by", time=moment.time_in(language, until))
    )


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
