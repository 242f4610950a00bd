"""The third scene, only when in doubt: the language of the conversation, and that nobody is there."""

from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.widget import Widget

from config.model import Languages
from kiosk.flow import Back, PickTalk, is_official, queue_of, talk_choices
from kiosk.layout import Shape
from kiosk.screens.scene import Foot, Moment, Remark, SceneView, secondary_rows
from kiosk.widgets import Button, Tile, Words, fitting_rows
from protocol.ids import LanguageCode
from protocol.views import FieldQueue

_QUESTION_ROWS = {Shape.SMALL: (3,), Shape.STANDARD: (3,), Shape.WIDE: (3, 4, 5), Shape.PORTRAIT: (3,)}
_QUESTION_LINES_MAX = {Shape.SMALL: 1, Shape.STANDARD: 2, Shape.WIDE: 2, Shape.PORTRAIT: 4}
_NAME_ROWS = {
    Shape.SMALL: (3,),
    Shape.STANDARD: (3, 4),
    Shape.WIDE: (4, 5),
    Shape.PORTRAIT: (3, 4),
}
_TILE_ROWS = {Shape.SMALL: 7, Shape.STANDARD: 9, Shape.WIDE: 13, Shape.PORTRAIT: 9}
_FURTHER_ROWS = {Shape.SMALL: 3, Shape.STANDARD: 4, Shape.WIDE: 6, Shape.PORTRAIT: 5}
_LABEL_PADDING = 1
_ALONE_PADDING = 4
_ALONE_LINES_MAX = 2
"""Lines of the label when there is only one thing to choose."""


class TalkTile(Tile):
    """One way to hold the conversation, and who waits for it."""

    def __init__(self, classes: str, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(classes=classes, id=id)
        self.name_words = Words(classes="label")
        self.waiting_words = Words(classes="waiting")

    def compose(self) -> ComposeResult:
        """Name above, waiting people below."""
        yield self.name_words
        yield self.waiting_words


class TalkScene(SceneView):
    """The official languages equal; either of them; the visitor's own where somebody speaks it."""

    def __init__(self, languages: Languages) -> None:
        super().__init__(classes="scene talk")
        self._languages = languages
        self._question = Words(classes="question")
        self._reason = Words(classes="reason")
        self._tiles = {code: TalkTile("main", f"talk-{code}") for code in languages.official}
        self._official = Horizontal(*self._tiles.values(), classes="row")
        self._own = TalkTile("card", "talk-own")
        self._either = TalkTile("card", "talk-either")
        self._more = Horizontal(self._own, self._either, classes="row more")
        self._back = Button(Back(), classes="card way", id="talk-back")
        self._remark = Remark()

    def compose(self) -> ComposeResult:
        """Question, tiles, the way back."""
        with Container(classes="body"):
            yield self._question
            yield self._reason
            yield self._official
            yield self._more
        with Foot(classes="foot"):
            yield self._back
            yield self._remark

    def show(self, moment: Moment) -> None:
        """What can be chosen for the visitor's field now."""
        assert moment.kiosk.field is not None, "a conversation has a field"
        queue = queue_of(moment.kiosk, moment.kiosk.field)
        if queue is None:
            return
        choices = talk_choices(moment.kiosk, queue)
        single = tuple(choice[0] for choice in choices if len(choice) == 1)
        official = tuple(code for code in moment.official if code in single)
        self._ask(moment, queue)
        self._show_official(moment, queue, official)
        self._show_more(moment, queue, choices)
        self._back.words.write(f"←  {moment.say('kiosk.back')}")
        other = "kiosk.help" if is_official(moment.kiosk) else "kiosk.talk_other"
        self._remark.show(moment, moment.say(other))

    def _ask(self, moment: Moment, queue: FieldQueue) -> None:
        """The question; and why it is asked, when nobody is there."""
        room = moment.room
        label = moment.centre.field(queue.field).label[moment.language]
        reason = ""
        in_language = moment.say(f"lang.in_{moment.language}")
        if not queue.served:
            reason = f"{moment.say('kiosk.nobody_field')} {moment.say('kiosk.ask_reception')}"
        elif is_official(moment.kiosk) and not moment.kiosk.alone:
            nobody = moment.say("kiosk.nobody_language", in_language=in_language)
            reason = f"{nobody} {moment.say('kiosk.nobody_alternatives')}"
        text = label
        sized: tuple[str, ...] = (label,)
        if not is_official(moment.kiosk):
            text = moment.say("kiosk.choose_talk_language")
            sized = moment.sized_with("kiosk.choose_talk_language")
        lines_max = _QUESTION_LINES_MAX[room.shape] if room.tall or not room.upright else 1
        rows = fitting_rows(sized, room.inner, _QUESTION_ROWS[room.shape], lines_max)
        self._question.write(text, rows, width=room.inner)
        self._reason.display = bool(reason)
        self._reason.write(reason, secondary_rows((reason,), room, room.inner - 2), width=room.inner - 2)

    def _show_official(self, moment: Moment, queue: FieldQueue, codes: tuple[LanguageCode, ...]) -> None:
        room = moment.room
        across = 1 if room.upright else max(2, len(codes))
        width = (room.inner - (across - 1) * room.gutter) // across
        alone = len(codes) == 1 and is_official(moment.kiosk)
        if alone:
            width = room.inner
        rest = [code for code in self._tiles if code not in codes]
        order: list[Widget] = [self._tiles[code] for code in (*codes, *rest)]
        if list(self._official.children) != order:
            self._official.sort_children(key=order.index)
        names = [moment.say("kiosk.wait_anyway")] if alone else [moment.endonym(code) for code in codes]
        inside = width - (_ALONE_PADDING if alone else _LABEL_PADDING)
        rows = fitting_rows(names, inside, _NAME_ROWS[room.shape], _ALONE_LINES_MAX if alone else 1)
        height = _TILE_ROWS[room.shape] + (rows if alone else 0)
        waiting = [_waiting(moment, queue, code) for code in codes]
        if alone:
            waiting = [moment.say("kiosk.perhaps_later")]
        waiting_rows = secondary_rows(waiting, room, inside, lines_max=1)
        for tile in self._tiles.values():
            tile.display = False
        for place, code in enumerate(codes):
            tile = self._tiles[code]
            tile.display = True
            tile.tap = PickTalk((code,))
            tile.styles.width, tile.styles.height = width, height
            between = place > 0
            tile.styles.margin = (
                int(room.upright and between),
                0,
                0,
                room.gutter * (not room.upright and between),
            )
            tile.name_words.write(names[place], rows, width=inside)
            tile.waiting_words.display = bool(waiting[place])
            tile.waiting_words.write(waiting[place], waiting_rows)

    def _show_more(
        self, moment: Moment, queue: FieldQueue, choices: tuple[tuple[LanguageCode, ...], ...]
    ) -> None:
        room, own, either = moment.room, moment.language, choices[-1]
        has_own = not is_official(moment.kiosk) and (own,) in choices
        self._own.display = has_own
        self._either.display = len(either) > 1
        across = 2 if has_own and self._either.display and not room.upright else 1
        width = (room.inner - (across - 1) * room.gutter) // across
        for place, tile in enumerate((self._own, self._either)):
            tile.styles.width, tile.styles.height = width, _FURTHER_ROWS[room.shape]
            between = place > 0 and has_own
            tile.styles.margin = (
                int(room.upright and between),
                0,
                0,
                room.gutter * (not room.upright and between),
            )
        self._own.tap = PickTalk((own,))
        self._own.name_words.write(moment.endonym(own))
        self._own.waiting_words.write(_waiting(moment, queue, own))
        self._either.tap = PickTalk(either)
        self._either.name_words.write(moment.say("kiosk.talk_either"))
        self._either.waiting_words.write(moment.say("kiosk.talk_either_hint"))


def _waiting(moment: Moment, queue: FieldQueue, code: LanguageCode) -> str:
    """Who waits for a conversation in this language, or that nobody is there for it; '' when nobody knows."""
    if moment.kiosk.alone:
        return ""
    if code not in queue.served:
        return moment.say("kiosk.tile_nobody")
    return moment.say("kiosk.waiting", n=queue.waiting.get(code, 0))
