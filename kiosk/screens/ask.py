"""Short scenes with one sentence: the ticket is on its way, there is none, are you still there?"""

from textual.app import ComposeResult
from textual.containers import Container

from config.look.lettering import wrap
from kiosk.flow import STILL_THERE_S, Back, Continue, Finish, Scene, left_s
from kiosk.layout import Shape
from kiosk.paper import Printing
from kiosk.screens.scene import Moment, SceneView, secondary_rows
from kiosk.widgets import Button, Countdown, Words, fitting_rows
from protocol.refusals import RefusalCode

_SENTENCE_ROWS = {Shape.SMALL: (3,), Shape.STANDARD: (3, 4), Shape.WIDE: (4, 5, 6), Shape.PORTRAIT: (3, 4)}
_SENTENCE_LINES_MAX = {Shape.SMALL: 2, Shape.STANDARD: 2, Shape.WIDE: 2, Shape.PORTRAIT: 4}
_BUTTON_ROWS = {Shape.SMALL: (3,), Shape.STANDARD: (3, 4), Shape.WIDE: (4, 5), Shape.PORTRAIT: (3,)}
_BUTTON_LINES_MAX = 3
_BUTTON_HEIGHT = {Shape.SMALL: 6, Shape.STANDARD: 8, Shape.WIDE: 10, Shape.PORTRAIT: 9}
_BUTTON_PADDING = 2


class AskScene(SceneView):
    """A sentence, what there is to say about it, and at most two buttons."""

    def __init__(self) -> None:
        super().__init__(classes="scene ask")
        self._sentence = Words(classes="sentence")
        self._words = Words(classes="words")
        self._yes = Button(Continue(), classes="go big", id="yes")
        self._no = Button(Finish(), classes="card big", id="no")
        self._countdown = Countdown()

    def compose(self) -> ComposeResult:
        """Sentence, buttons, time left."""
        with Container(classes="body"):
            yield self._sentence
            yield self._words
            with Container(classes="row"):
                yield self._yes
                yield self._no
            yield self._countdown

    def show(self, moment: Moment) -> None:
        """The sentence of the moment."""
        scene = moment.kiosk.scene
        sentence, words, yes, no = _said(moment)
        room = moment.room
        rows = fitting_rows(
            (sentence,), room.inner, _SENTENCE_ROWS[room.shape], _SENTENCE_LINES_MAX[room.shape]
        )
        self._sentence.write(sentence, rows, width=room.inner)
        self._words.display = bool(words)
        lines = words.split("\n")
        self._words.write_lines(lines, secondary_rows(lines, room, room.inner, lines_max=1))
        self._countdown.display = scene is Scene.STILL_THERE
        self._yes.display, self._no.display = bool(yes), bool(no)
        if no:
            self._yes.tap = Continue() if scene is Scene.STILL_THERE else Back()
            self._lay_buttons(moment, yes, no)
        self.tick(moment)

    def tick(self, moment: Moment) -> None:
        """The time left to answer, in words and as a bar."""
        left = left_s(moment.kiosk, moment.at_s)
        if moment.kiosk.scene is Scene.STILL_THERE and left is not None:
            self._countdown.show(moment.say("kiosk.restart_in", n=round(left)), left, STILL_THERE_S)

    def _lay_buttons(self, moment: Moment, yes: str, no: str) -> None:
        room = moment.room
        width = room.inner if room.upright else room.half
        inside = width - 2 * _BUTTON_PADDING
        texts = tuple(filter(None, (yes, no)))
        rows = fitting_rows(texts, inside, _BUTTON_ROWS[room.shape], _BUTTON_LINES_MAX)
        lines = max(len(wrap(text, inside, rows)) for text in texts)
        height = max(_BUTTON_HEIGHT[room.shape], rows * lines + 3)
        for button, text in ((self._yes, yes), (self._no, no)):
            button.styles.width, button.styles.height = width, height
            button.words.write(text, rows, width=inside)
        beside = bool(yes) and not room.upright
        self._no.styles.margin = (0, 0, 0, room.gutter) if beside else (int(bool(yes)), 0, 0, 0)


def _said(moment: Moment) -> tuple[str, str, str, str]:
    """Sentence, more words, and the labels of the two buttons ('' for none; the first never alone)."""
    match moment.kiosk.scene:
        case Scene.STILL_THERE:
            yes, no = moment.say("kiosk.yes_continue"), moment.say("kiosk.stop")
            return moment.say("kiosk.still_there"), "", yes, no
        case Scene.TAKING:
            comes = moment.kiosk.printing in {Printing.WELL, Printing.ELSEWHERE}
            return moment.say("kiosk.printing" if comes else "kiosk.one_moment"), "", "", ""
    reception = moment.say("kiosk.ask_reception")
    match moment.kiosk.refusal:
        case None:
            reason = moment.say("kiosk.screen_out_of_order")
        case RefusalCode.FIELD_CLOSED:
            reason = moment.say("refusal.field_closed")
        case RefusalCode.TOO_MANY_TICKETS:  # another choice would not help: there is a ticket elsewhere
            words = f"{moment.say('refusal.too_many_tickets')}\n{reception}"
            return moment.say("kiosk.ticket_at_reception"), words, "", moment.say("kiosk.done")
        case _:
            reason = ""
    words = f"{reason}\n{reception}" if reason else reception
    return moment.say("kiosk.refused"), words, moment.say("kiosk.choose_again"), moment.say("kiosk.done")
