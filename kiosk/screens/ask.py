"""Short scenes with one sentence: on its way, no ticket, not sure, help is called, are you still there?"""

from msgspec import Struct
from msgspec.structs import replace
from textual.app import ComposeResult
from textual.containers import Container

from kiosk.inputs import Back, Bell, Continue, Finish, NotNeeded, Tap
from kiosk.paper import Printing
from kiosk.screens.ask_plan import (
    LIP_ROWS,
    AskPlan,
    AskTexts,
    between,
    is_tight,
    label_rows,
    laid,
    planned,
    rows_of,
)
from kiosk.screens.foot import rows_without_way
from kiosk.screens.scene import Moment, Remark, SceneView, Way
from kiosk.visit import STILL_THERE_S, HelpNews, Kiosk, Scene, help_news, left_s
from kiosk.widgets import Button, Words
from protocol.ids import LanguageCode, shown
from protocol.refusals import RefusalCode


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


_SHARED = {
    "kiosk.yes_continue": "kiosk.yes",
    "kiosk.stop": "kiosk.no",
    "kiosk.ring_again": "kiosk.no",
    "kiosk.go_on": "kiosk.go_on_word",
    "kiosk.not_needed": "kiosk.cancel_word",
}
"""What stands on a button that languages share, in as few words as leave all of them large."""


class AskScene(SceneView):
    """A sentence, what there is to say about it, and at most two buttons."""

    def __init__(self) -> None:
        super().__init__(classes="scene ask")
        self._sentence = Words(classes="sentence")
        self._words = Words(classes="words")
        self._yes = Button(Continue(), classes="go big", id="yes", keys=("1",))
        self._no = Button(Finish(), classes="card big", id="no", keys=("2",))
        self._row = Container(self._yes, self._no, classes="row")
        self._body = Container(self._sentence, self._words, self._row, classes="body")

    def compose(self) -> ComposeResult:
        """Sentence, buttons."""
        yield self._body

    def show(self, moment: Moment) -> None:
        """The sentence of the moment, before a language was chosen in the official ones."""
        said, room = said_at(moment), moment.room
        sizes = plan_at(moment)
        own = laid(room, sizes, _texts_at(moment))[0]
        both = len(own.buttons) > 1
        spare = room.body_rows + _more_rows(moment) - rows_of(room, sizes, own)
        tight = is_tight(room, spare)
        odd = (spare + tight) % 2
        self._body.styles.padding = (odd * room.upright, room.margin, 0, room.margin)
        self._row.set_class(sizes.stacked, "-stacked")
        self._row.set_class(not sizes.stacked, "-beside")
        self.set_class(sizes.low, "-low")
        self.set_class(tight, "-tight")
        self._sentence.write_texts(own.sentences, sizes.sentence, gap=between(room, sizes.sentence))
        self._words.display = bool(own.words)
        self._words.write_texts(own.words, sizes.words, gap=between(room, sizes.words))
        buttons = zip(own.buttons, sizes.button_heights, strict=False)
        for button, choice in ((self._yes, said.yes), (self._no, said.no)):
            button.display = choice is not None
            if choice is not None:
                label, height = next(buttons)
                button.tap = choice.tap
                button.styles.width, button.styles.height = sizes.button_width, height
                button.words.write_texts(label, sizes.button, gap=int(sizes.parted), close=sizes.close)
                # large letters end above their foot: of an odd number of rows left, one is above
                odd = (height - LIP_ROWS - label_rows(sizes, label)) % 2
                button.styles.padding = (odd, 0, 0, 0)
        self._no.styles.margin = (sizes.gap, 0, 0, room.gutter * (both and not sizes.stacked))

    def way(self, moment: Moment) -> Way | None:
        """Back to the fields, for whoever is not sure."""
        return Way(f"←  {moment.say('kiosk.back')}") if moment.kiosk.scene is Scene.UNSURE else None

    def remark(self, moment: Moment) -> Remark:
        """The time left to answer, in words and as a bar."""
        left = left_s(moment.kiosk, moment.at_s)
        if moment.kiosk.scene is not Scene.STILL_THERE or left is None:
            return Remark()
        key = "kiosk.restart_in" if len(moment.spoken) == 1 else "kiosk.restart_all"
        between = "\n" if moment.room.upright else "  ·  "
        words = between.join(moment.say_each(key, n=round(left)))
        return Remark(words, share_left=left / STILL_THERE_S)


def plan_at(moment: Moment) -> AskPlan:
    """How large everything is at this moment."""
    return planned(moment.room, _texts_at(moment), _more_rows(moment))


def _more_rows(moment: Moment) -> int:
    """Rows that the foot leaves besides: where there is no way back, and no time left is told."""
    if moment.kiosk.scene in {Scene.UNSURE, Scene.STILL_THERE}:
        return 0
    return rows_without_way(moment.room, len(moment.spoken))


def _alike(moment: Moment) -> tuple[tuple[LanguageCode, ...], ...]:
    """What is spoken at the moment; and in place of one's own language, the official ones."""
    others = () if moment.kiosk.language is None else moment.official
    return (moment.spoken, *((language,) for language in others))


def _texts_at(moment: Moment) -> tuple[AskTexts, ...]:
    """What is read at the moment; and the same in the languages that get as much room."""
    said = said_at(moment)
    return tuple(_texts_in(moment, said, languages) for languages in _alike(moment))


def _texts_in(moment: Moment, said: Said, languages: tuple[LanguageCode, ...]) -> AskTexts:
    """All of it in these languages."""

    def each(key: str) -> tuple[str, ...]:
        return tuple(moment.say_in(language, key) for language in languages)

    return AskTexts(
        sentences=each(said.sentence),
        words=tuple(text for key in said.words for text in each(key)) + number_words(moment, languages),
        buttons=tuple(each(choice.key) for choice in (said.yes, said.no) if choice is not None),
    )


def said_at(moment: Moment) -> Said:
    """What is said, and what can be chosen, at this moment."""
    said = _said(moment.kiosk)
    if len(moment.spoken) == 1:
        return said
    yes, no = (
        choice and replace(choice, key=_SHARED.get(choice.key, choice.key)) for choice in (said.yes, said.no)
    )
    return replace(said, yes=yes, no=no)


def _said(kiosk: Kiosk) -> Said:
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
            return Said("kiosk.refused", ("kiosk.full_today", "kiosk.ask_reception"), again, done)
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


def number_words(moment: Moment, languages: tuple[LanguageCode, ...]) -> tuple[str, ...]:
    """The number of the ticket that the scene of help lies over, in each of these languages."""
    ticket = moment.kiosk.ticket
    if ticket is None or moment.kiosk.scene is not Scene.HELP:
        return ()
    number = shown(ticket.ticket)
    return tuple(f"{moment.say_in(language, 'kiosk.your_number')}  {number}" for language in languages)
