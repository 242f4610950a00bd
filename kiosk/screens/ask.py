"""Short scenes with one sentence: on its way, no ticket, not sure, help is called, are you still there?"""

from collections.abc import Iterator

from msgspec import Struct
from textual.app import ComposeResult
from textual.containers import Container

from config.look.lettering import wrap
from kiosk.inputs import Back, Bell, Continue, Finish, NotNeeded, Tap
from kiosk.layout import Room, Shape
from kiosk.paper import Printing
from kiosk.screens.scene import Moment, Remark, SceneView, Way
from kiosk.visit import STILL_THERE_S, HelpNews, Scene, help_news, left_s
from kiosk.widgets import Button, Words, fitting_rows
from protocol.ids import shown
from protocol.refusals import RefusalCode

_SENTENCE_ROWS = {Shape.SMALL: (3,), Shape.STANDARD: (3, 4), Shape.WIDE: (4, 5, 6), Shape.PORTRAIT: (3, 4)}
_SENTENCE_LINES_MAX = 4
_WORDS_ROWS = {Shape.SMALL: (), Shape.STANDARD: (), Shape.WIDE: (3,), Shape.PORTRAIT: ()}
_BUTTON_ROWS = {Shape.SMALL: (3,), Shape.STANDARD: (3, 4), Shape.WIDE: (4, 5), Shape.PORTRAIT: (3,)}
_BUTTON_LINES_MAX = 4
_BUTTON_HEIGHT = {Shape.SMALL: 6, Shape.STANDARD: 8, Shape.WIDE: 10, Shape.PORTRAIT: 9}
_BUTTON_HEIGHT_MIN = 4
_BUTTON_PADDING = 2
_LIP_ROWS = 1
_AIR_ROWS = 2
"""Above and below everything, so that large letters do not touch the head."""
_BUTTON_SPARE, _BUTTON_SPARE_MIN = 3, 2
"""Rows of a button around large letters, its lip among them: as is good to look at, and at least."""


class Choice(Struct, frozen=True):
    """One of the two buttons: a key of the catalogue, and what touching it means."""

    key: str
    tap: Tap


class Said(Struct, frozen=True):
    """What such a scene says, by keys of the catalogue."""

    sentence: str
    words: tuple[str, ...] = ()
    yes: Choice | None = None
    no: Choice | None = None


class _Sizes(Struct, frozen=True):
    """Heights of the letters, and of the buttons in rows."""

    sentence: int
    words: int
    button: int
    button_height: int
    tight: bool = False
    """The row between the sentence and the words is needed above the sentence."""


class AskScene(SceneView):
    """A sentence, what there is to say about it, and at most two buttons."""

    def __init__(self) -> None:
        super().__init__(classes="scene ask")
        self._sentence = Words(classes="sentence")
        self._words = Words(classes="words")
        self._yes = Button(Continue(), classes="go big", id="yes", keys=("1",))
        self._no = Button(Finish(), classes="card big", id="no", keys=("2",))
        self._row = Container(self._yes, self._no, classes="row")

    def compose(self) -> ComposeResult:
        """Sentence, buttons."""
        with Container(classes="body"):
            yield self._sentence
            yield self._words
            yield self._row

    def show(self, moment: Moment) -> None:
        """The sentence of the moment, before a language was chosen in the official ones."""
        said, room = said_at(moment), moment.room
        sentences = moment.say_each(said.sentence)
        words = tuple(text for key in said.words for text in moment.say_each(key)) + number_words(moment)
        buttons = [moment.say_each(choice.key) for choice in (said.yes, said.no) if choice is not None]
        both = len(buttons) > 1
        stacked = room.stacked
        width = room.half if both and not stacked else room.inner
        sizes = _sizes(room, sentences, words, buttons, width, stacked=stacked)
        if sizes.button == 1 and both and not stacked:  # one above the other they may be large
            higher = _sizes(room, sentences, words, buttons, room.inner, stacked=True)
            if higher.button > 1 and higher.sentence >= sizes.sentence:
                stacked, width, sizes = True, room.inner, higher
        self._row.set_class(stacked, "-stacked")
        self.set_class(sizes.tight, "-tight")
        self._sentence.write_lines(_broken(sentences, room.inner, sizes.sentence), sizes.sentence)
        self._words.display = bool(words)
        self._words.write_lines(_broken(words, room.inner, sizes.words), sizes.words)
        for button, choice in ((self._yes, said.yes), (self._no, said.no)):
            button.display = choice is not None
            if choice is not None:
                button.tap = choice.tap
                button.styles.width, button.styles.height = width, sizes.button_height
                lines = _broken(moment.say_each(choice.key), width - 2 * _BUTTON_PADDING, sizes.button)
                button.words.write_lines(lines, sizes.button)
                # large letters end above their foot: of an odd number of rows left, one is above
                odd = (sizes.button_height - _LIP_ROWS - len(lines) * sizes.button) % 2
                button.styles.padding = (odd, 0, 0, 0)
        self._no.styles.margin = (int(both and stacked), 0, 0, room.gutter * (both and not stacked))

    def way(self, moment: Moment) -> Way | None:
        """Back to the fields, for whoever is not sure."""
        return Way(f"←  {moment.say('kiosk.back')}") if moment.kiosk.scene is Scene.UNSURE else None

    def remark(self, moment: Moment) -> Remark:
        """The time left to answer, in words and as a bar."""
        left = left_s(moment.kiosk, moment.at_s)
        if moment.kiosk.scene is not Scene.STILL_THERE or left is None:
            return Remark()
        key = "kiosk.restart_in" if len(moment.spoken) == 1 else "kiosk.restart_all"
        words = "  ·  ".join(moment.say_each(key, n=round(left)))
        return Remark(words, share_left=left / STILL_THERE_S)


def said_at(moment: Moment) -> Said:
    """What is said, and what can be chosen, at this moment."""
    kiosk = moment.kiosk
    match kiosk.scene:
        case Scene.STILL_THERE:
            yes, no = Choice("kiosk.yes_continue", Continue()), Choice("kiosk.stop", Finish())
            return Said("kiosk.still_there", (), yes, no)
        case Scene.TAKING:
            comes = kiosk.printing in {Printing.WELL, Printing.ELSEWHERE}
            return Said("kiosk.printing" if comes else "kiosk.one_moment")
        case Scene.UNSURE:
            call = None if kiosk.cut_off else Choice("kiosk.call_somebody", Bell())
            return Said("kiosk.unsure_together", (), call, Choice("kiosk.to_reception", Finish()))
        case Scene.HELP:
            return _help(help_news(kiosk))
    done, again = Choice("kiosk.done", Finish()), Choice("kiosk.choose_again", Back())
    match kiosk.refusal:
        case None:  # it may have been given all the same, and come out of a printer
            words = ("kiosk.screen_out_of_order", "kiosk.slip_anyway")
            return Said("kiosk.ticket_at_reception", words, None, done)
        case RefusalCode.FIELD_CLOSED:
            return Said("kiosk.refused", ("refusal.field_closed", "kiosk.ask_reception"), again, done)
        case RefusalCode.INTAKE_ENDED:
            return Said("kiosk.refused", ("refusal.intake_ended", "kiosk.ask_reception"), again, done)
        case RefusalCode.TOO_MANY_TICKETS:  # another choice would not help: there is a ticket elsewhere
            words = ("refusal.too_many_tickets", "kiosk.ask_reception")
            return Said("kiosk.ticket_at_reception", words, None, done)
    return Said("kiosk.refused", ("kiosk.ask_reception",), again, done)


def _help(news: HelpNews) -> Said:
    back, not_needed = Choice("kiosk.go_on", Back()), Choice("kiosk.not_needed", NotNeeded())
    match news:
        case HelpNews.UNHEARD | HelpNews.NOT_CALLED:
            return Said("kiosk.go_to_reception", ("kiosk.cannot_call",), back)
        case HelpNews.OVER:
            yes, no = Choice("kiosk.yes_continue", Back()), Choice("kiosk.ring_again", Bell())
            return Said("kiosk.help_over", (), yes, no)
        case HelpNews.CALLING:
            return Said("kiosk.help_calling", (), back, not_needed)
        case HelpNews.CALLED:
            return Said("kiosk.help_called", ("kiosk.stay_here",), back, not_needed)
    return Said("kiosk.help_coming", ("kiosk.stay_here",), back, not_needed)


def number_words(moment: Moment) -> tuple[str, ...]:
    """The number of the ticket that the scene of help lies over."""
    ticket = moment.kiosk.ticket
    if ticket is None or moment.kiosk.scene is not Scene.HELP:
        return ()
    return tuple(f"{text}  {shown(ticket.ticket)}" for text in moment.say_each("kiosk.your_number"))


def _broken(texts: tuple[str, ...], width: int, rows: int) -> tuple[str, ...]:
    return tuple(line for text in texts for line in wrap(text, width, rows))


def _sizes(
    room: Room,
    sentences: tuple[str, ...],
    words: tuple[str, ...],
    buttons: list[tuple[str, ...]],
    width: int,
    *,
    stacked: bool,
) -> _Sizes:
    """The largest letters with which everything has room: the sentence first, then the buttons."""
    inside = width - 2 * _BUTTON_PADDING
    choices = room.heights(_BUTTON_ROWS)
    flat = tuple(text for texts in buttons for text in texts)
    stack = len(buttons) if stacked else min(1, len(buttons))
    for sentence, word, highest in _options(room, telling=bool(words)):
        if fitting_rows(sentences, room.inner, (sentence,), _SENTENCE_LINES_MAX) < sentence:
            continue
        button = fitting_rows(flat, inside, [rows for rows in choices if rows <= highest], _BUTTON_LINES_MAX)
        lines = max((len(_broken(texts, inside, button)) for texts in buttons), default=0)
        least, good = (
            max(_BUTTON_HEIGHT_MIN, lines * button + (spare if button > 1 else _BUTTON_SPARE_MIN))
            for spare in (_BUTTON_SPARE_MIN, _BUTTON_SPARE)
        )
        above = len(_broken(sentences, room.inner, sentence)) * sentence + 1
        above += (len(_broken(words, room.inner, word)) * word + 1) if words else 0
        left = room.body_rows - above - (stack - 1)
        if stack * least <= left:
            most, airy = ((rows // stack if stack else 0) for rows in (left, left - _AIR_ROWS))
            height = min(most, max(good, min(_BUTTON_HEIGHT[room.shape], airy)))
            return _Sizes(sentence, word, button, height, tight=left - stack * height < _AIR_ROWS)
    return _Sizes(1, 1, 1, _BUTTON_HEIGHT_MIN)


def _options(room: Room, *, telling: bool) -> Iterator[tuple[int, int, int]]:
    """Heights of the sentence, of the words, and the highest of the buttons, best first.

    `telling`: the sentence is what the visitor waits for, so the buttons give way to it.
    """
    for sentence in (*sorted(room.heights(_SENTENCE_ROWS), reverse=True), 1):
        for word in (*room.heights(_WORDS_ROWS), 1):
            for button in (*sorted(room.heights(_BUTTON_ROWS), reverse=True), *([1] if telling else [])):
                yield sentence, word, button
