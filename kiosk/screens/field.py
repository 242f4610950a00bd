"""The second scene: what the visitor wants to talk about."""

from msgspec import Struct
from textual.app import ComposeResult
from textual.containers import Container

from config.look.lettering import width_of, wrap
from config.look.palette import MUTED
from config.look.pictograms import pictogram
from config.model import Centre, Field
from kiosk.flow import Back, PickField, is_official, queue_of, somebody_there
from kiosk.layout import Room, Shape
from kiosk.screens.scene import Foot, Moment, Remark, SceneView
from kiosk.widgets import Button, Tile, Words, fitting_rows
from protocol.views import FieldQueue

PICTOGRAM_ROWS = 4
_QUESTION_ROWS = {Shape.SMALL: (), Shape.STANDARD: (), Shape.WIDE: (3, 4, 5), Shape.PORTRAIT: (3,)}
_QUESTION_LINES_MAX = {Shape.SMALL: 1, Shape.STANDARD: 1, Shape.WIDE: 1, Shape.PORTRAIT: 3}
_LABEL_ROWS = {Shape.SMALL: (), Shape.STANDARD: (3,), Shape.WIDE: (3, 4), Shape.PORTRAIT: (3,)}
_BADGE_COLUMNS = 10
_BADGE_BESIDE_COLUMNS = {Shape.STANDARD: 19, Shape.WIDE: 22}
"""A badge with the letter beside the pictogram; elsewhere it stands under it."""
_LIST_TILE_ROWS_MIN = {Shape.SMALL: 7, Shape.STANDARD: 5, Shape.WIDE: 6, Shape.PORTRAIT: 7}
"""Height of a tile with its lip; where the fields get less in one column they stand in two."""
_TILE_ROWS_MAX = {Shape.SMALL: 6, Shape.STANDARD: 6, Shape.WIDE: 7, Shape.PORTRAIT: 10}
_TALL_TILE_ROWS = 9
"""From this height on a letter three rows high has room under the pictogram."""
_FILLED_BADGE_ROWS = 6
"""Height of a tile below which a pictogram would touch the edges of a filled badge: it stands on white."""
_FACTS_COLUMNS_MIN = 20
"""Narrowest column for a hint beside its label."""
_TEXT_PADDING = 2
_LABEL_GAP = 2


class FieldPlan(Struct, frozen=True):
    """Where everything stands, in cells."""

    question_rows: int
    columns: int
    tile_width: int
    tile_rows: int
    badge_width: int
    letter_rows: int
    label_rows: int
    label_width: int | None
    """Of the column of labels when hint and waiting people stand beside it; none: under it."""


def planned(room: Room, questions: tuple[str, ...], labels: tuple[str, ...], count: int) -> FieldPlan:
    """The plan in which these questions and labels all have the same size."""
    shape = room.shape
    spare = 2 if room.upright else 0
    question_rows = fitting_rows(questions, room.inner, _QUESTION_ROWS[shape], _QUESTION_LINES_MAX[shape])
    lines = max(len(wrap(question, room.inner, question_rows)) for question in questions)
    if (room.body_rows - question_rows * lines - spare) // count < _LIST_TILE_ROWS_MIN[shape]:
        question_rows = lines = 1
    left = room.body_rows - question_rows * lines
    in_list = (left - spare) // count
    columns = 1 if in_list >= _LIST_TILE_ROWS_MIN[shape] else 2
    tile_rows = in_list if columns == 1 else left // -(-count // 2)
    tile_rows = min(tile_rows, _TILE_ROWS_MAX[shape])
    tile_width = room.inner if columns == 1 else room.half
    beside = columns == 1 and shape in _BADGE_BESIDE_COLUMNS
    badge_width = _BADGE_BESIDE_COLUMNS[shape] if beside else _BADGE_COLUMNS
    text_width = tile_width - badge_width - _TEXT_PADDING
    label_rows = fitting_rows(
        labels, text_width - (_FACTS_COLUMNS_MIN + _LABEL_GAP if beside else 0), _LABEL_ROWS[shape]
    )
    label_width = max(width_of(label, label_rows) for label in labels) + _LABEL_GAP
    big = beside or tile_rows >= _TALL_TILE_ROWS
    return FieldPlan(
        question_rows=question_rows,
        columns=columns,
        tile_width=tile_width,
        tile_rows=tile_rows,
        badge_width=badge_width,
        letter_rows=3 if big else 1,
        label_rows=label_rows,
        label_width=label_width if beside and label_rows > 1 else None,
    )


class FieldTile(Tile):
    """One field: colour, pictogram and letter; the verb, the hint, and who waits."""

    def __init__(self, field: Field) -> None:
        super().__init__(classes="card field", id=field.id)
        self._field = field
        self._letter = Words(classes="letter")
        self._pictogram = Words(classes="pictogram")
        self._badge = Container(self._pictogram, self._letter, classes="badge")
        self._label = Words(classes="label")
        self._hint = Words(classes="hint")
        self._waiting = Words(classes="waiting")
        self._facts = Container(self._hint, self._waiting, classes="facts")
        self._text = Container(self._label, self._facts, classes="text")

    def compose(self) -> ComposeResult:
        """Badge and text."""
        yield self._badge
        yield self._text

    def show(self, moment: Moment, plan: FieldPlan) -> None:
        """The field in the visitor's language, with what the newest view says of it."""
        field, language = self._field, moment.language
        queue = queue_of(moment.kiosk, field.id)
        is_open = queue is not None and queue.open
        colour = field.colour if is_open else MUTED
        self.tap = PickField(field.id) if is_open else None
        self.set_class(not is_open, "-closed")
        self.styles.width, self.styles.height = plan.tile_width, plan.tile_rows
        beside = plan.badge_width > _BADGE_COLUMNS
        self._badge.set_class(beside, "-beside")
        self._badge.set_class(not beside and plan.letter_rows > 1, "-tall")
        slim = beside and plan.tile_rows < _FILLED_BADGE_ROWS
        self._badge.styles.width = plan.badge_width
        self._badge.styles.background = None if slim else colour
        self._badge.styles.color = colour if slim else "#FFFFFF"
        self._badge.styles.border_left = ("thick", colour) if slim else None
        self._badge.set_class(slim, "-slim")
        self._text.set_class(slim, "-slim")
        self._letter.write_lines((field.letter,), plan.letter_rows, capitals=True)
        self._pictogram.write_lines(("\n".join(pictogram(field.id, PICTOGRAM_ROWS)),))
        self._text.set_class(plan.label_width is not None, "-beside")
        self._label.styles.width = "100%" if plan.label_width is None else plan.label_width
        self._label.styles.color = colour
        self._label.write(field.label[language], plan.label_rows)
        self._hint.write(field.hint[language])
        words, there = self._queue_words(moment, queue)
        self._waiting.set_class(not there, "-nobody")
        self._waiting.write(words)

    def _queue_words(self, moment: Moment, queue: FieldQueue | None) -> tuple[str, bool]:
        """Who waits, or why there is nobody to wait for; and whether somebody is there."""
        if queue is None or not queue.open:
            return moment.say("kiosk.tile_closed"), False
        if moment.kiosk.alone:
            return "", True
        if not queue.served:
            return moment.say("kiosk.tile_nobody"), False
        if not somebody_there(moment.kiosk, queue):
            in_language = moment.say(f"lang.in_{moment.language}")
            return moment.say("kiosk.tile_nobody_language", in_language=in_language), False
        waiting = queue.waiting.get(moment.language, 0) if is_official(moment.kiosk) else queue.waiting_total
        return f"● {moment.say('kiosk.waiting', n=waiting)}", True


class FieldScene(SceneView):
    """One tile a field."""

    def __init__(self, centre: Centre) -> None:
        super().__init__(classes="scene field")
        self._tiles = tuple(FieldTile(field) for field in centre.fields)
        self._question = Words(classes="question")
        self._grid = Container(*self._tiles, classes="grid")
        self._back = Button(Back(), classes="card way", id="back")
        self._remark = Remark()

    def compose(self) -> ComposeResult:
        """Question, tiles, the way back."""
        with Container(classes="body"):
            yield self._question
            yield self._grid
        with Foot(classes="foot"):
            yield self._back
            yield self._remark

    def show(self, moment: Moment) -> None:
        """The fields in the visitor's language."""
        languages = (moment.language, *moment.official)
        fields = moment.centre.fields
        labels = tuple(field.label[language] for field in fields for language in languages)
        plan = planned(moment.room, moment.sized_with("kiosk.choose_field"), labels, len(fields))
        self._question.write(moment.say("kiosk.choose_field"), plan.question_rows, width=moment.room.inner)
        self._grid.styles.grid_size_columns = plan.columns
        self._grid.styles.grid_rows = str(plan.tile_rows)
        self._grid.styles.grid_gutter_vertical = moment.room.gutter
        for tile in self._tiles:
            tile.show(moment, plan)
        self._back.words.write(f"←  {moment.say('kiosk.back')}")
        self._remark.show(moment, moment.say("kiosk.help"))
