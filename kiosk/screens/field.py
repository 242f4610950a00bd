"""The second scene: what the visitor wants to talk about, or that this is not clear yet."""

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.containers import Container

from config.look.lettering import wrap, wrap_alike
from config.look.palette import FIELD_COLOURS, INK, MUTED
from config.look.pictograms import pictogram
from config.model import Centre, Texts
from kiosk.inputs import PickField, PickUnsure, Tap
from kiosk.layout import Shape
from kiosk.screens.field_plan import BADGE_COLUMNS, FieldPlan, planned, under_label
from kiosk.screens.foot import ASIDE_PADDING, asides_fit
from kiosk.screens.scene import Moment, Remark, SceneView, Way
from kiosk.screens.waiting import Told, Waiting, waiting_for_field
from kiosk.visit import queue_of, talk_choices
from kiosk.widgets import Tile, Words
from protocol.ids import FieldId

UNSURE = "unsure"
"""Name of the tile, and of its picture, for who does not know yet."""
UNSURE_LETTER = "?"


class ChoiceTile(Tile):
    """One thing to talk about: colour, pictogram and letter; the verb, the hint, and who waits."""

    def __init__(self, name: str, letter: str, colour: str, keys: tuple[str, ...]) -> None:
        super().__init__(classes="card field", id=name, keys=keys)
        self._picture, self._sign, self._colour = name, letter, colour
        self._letter = Words(classes="letter")
        self._pictogram = Words(classes="pictogram")
        self._badge = Container(self._pictogram, self._letter, classes="badge")
        self._label = Words(classes="label")
        self._hint = Words(classes="hint")
        self._waiting = Words(classes="waiting")
        self._people = Words(classes="people")
        self._wait = Container(self._waiting, self._people, classes="wait")
        self._facts = Container(self._hint, self._wait, classes="facts")
        self._text = Container(self._label, self._facts, classes="text")
        self.untold: tuple[str, ...] = ()
        """What the tile has no room to tell: as it is written, and as short as a sign."""

    def compose(self) -> ComposeResult:
        """Badge and text."""
        yield self._badge
        yield self._text

    def offer(self, tap: Tap | None, *, closed: bool = False) -> None:
        """What touching means now; none: nothing. A closed one answers too: whoever wants it is told why."""
        self.tap = tap
        self.set_class(closed, "-closed")

    def write(self, moment: Moment, plan: FieldPlan, label: str, hint: str) -> None:
        """The badge, the label as large as planned, the hint."""
        colour = moment.tint(MUTED if self.has_class("-closed") else self._colour)
        self.styles.width, self.styles.height = plan.tile_width, plan.tile_rows
        beside = plan.badge_width != BADGE_COLUMNS and plan.pictogram_rows > 0
        self._badge.set_class(beside, "-beside")
        self._badge.set_class(not beside and plan.pictogram_rows > 0 and plan.letter_rows > 1, "-tall")
        self._badge.styles.width = plan.badge_width
        self._badge.styles.background = None if plan.slim else colour
        self._badge.styles.color = colour if plan.slim else "#FFFFFF"
        self._badge.styles.border_left = ("thick", colour) if plan.slim else None
        self._badge.set_class(plan.slim, "-slim")
        self._text.set_class(plan.slim, "-slim")
        self._text.set_class(not plan.letter_rows, "-beside-bar")
        self._letter.display = plan.letter_rows > 0
        capitals = self._sign.isalpha() and plan.has_high_letters
        self._letter.write_lines((self._sign,), plan.letter_rows or 1, capitals=capitals)
        self._pictogram.display = plan.pictogram_rows > 0
        if plan.pictogram_rows:
            self._pictogram.picture(("\n".join(pictogram(self._picture, plan.pictogram_rows)),))
        self._text.set_class(plan.label_width is not None, "-beside")
        self._badge.set_class(plan.airy, "-airy")
        self._text.set_class(plan.airy, "-airy")
        self._label.styles.width = "100%" if plan.label_width is None else plan.label_width
        self._label.styles.color = colour
        self._label.write(label, plan.label_rows, close=plan.close)
        self._hint.display = not plan.larger
        self._hint.write(hint)

    def tell(self, waiting: Waiting, plan: FieldPlan) -> None:
        """For how long one waits, and how many do, or that nobody is there."""
        self._waiting.set_class(not waiting.there, "-nobody")
        self._waiting.set_class(waiting.there and waiting.foreseen, "-foreseen")
        width, told, people = plan.facts_width, Told(waiting.words, plan.waiting_rows), ""
        if not plan.larger or (told.words and told.rows > 1 and plan.label_width is not None):
            told = waiting.told(width, told.rows)
        if not plan.larger:
            people = waiting.people_beside(width, told.rows)
        words, rows = told.words, told.rows
        if not plan.letter_rows:
            words = under_label(self._sign, words)
        self._waiting.write(words, rows or 1, width=None if told.close else width, close=told.close)
        self._waiting.styles.width = "auto" if people else "100%"
        self._people.display = bool(people)
        self._people.write(people)
        self._people.styles.height = rows or 1
        self._facts.display = rows > 0 and (bool(words) or not plan.larger)
        self._label.styles.padding = (plan.above_label(rows if self._facts.display else 0), 0, 0, 0)
        self.untold = () if rows or not words else (words, waiting.short[0])


class FieldTile(ChoiceTile):
    """One field."""

    def __init__(self, field: FieldId, letter: str, colour: str, label: Texts, hint: Texts) -> None:
        super().__init__(field, letter, colour, (letter.lower(),))
        self.letter = letter
        self._field, self._labels, self._hints = field, label, hint

    def show(self, moment: Moment, plan: FieldPlan) -> None:
        """The field in the visitor's language, with what the newest view says of it."""
        queue = queue_of(moment.kiosk, self._field)
        offered = queue is not None and queue.open and bool(talk_choices(moment.kiosk, queue))
        self.offer(None if queue is None else PickField(self._field), closed=not offered)
        self.write(moment, plan, self._labels[moment.language], self._hints[moment.language])
        self.tell(waiting_for_field(moment, queue), plan)


def plan_at(moment: Moment) -> FieldPlan:
    """Where everything stands at this moment, in all languages that get the same size."""
    fields = moment.centre.fields
    labels = tuple(field.label[language] for field in fields for language in moment.alike)
    labels += moment.sized_with("kiosk.unsure")
    queues = (queue_of(moment.kiosk, field.id) for field in fields)
    large = moment.room.shape is Shape.WIDE
    told = (waiting_for_field(moment, queue) for queue in queues)
    waits = tuple(words for one in told for words in (one.short if large else one.written))
    hints = tuple(field.hint[language] for field in fields for language in moment.alike)
    hints += moment.sized_with("kiosk.unsure_hint")
    question = moment.sized_with("kiosk.choose_field")
    return planned(moment.room, question, labels, waits, len(fields) + 1, hints)


def _together(told: Iterable[tuple[str, str]], width: int) -> tuple[str, ...]:
    """What is told of each letter, once where it is the same; a second line stands under the words."""
    letters: dict[str, list[str]] = {}
    for letter, words in told:
        letters.setdefault(words, []).append(letter)
    lines: list[str] = []
    for words, those in letters.items():
        head = f"{' '.join(those)}  "
        first, *others = wrap(words, width - len(head), 1)
        lines += [f"{head}{first}", *(" " * len(head) + line for line in others)]
    return tuple(lines)


def unsure_colour(centre: Centre) -> str:
    """A colour that no field of the centre has."""
    taken = {field.colour.upper() for field in centre.fields}
    return next((colour for colour in reversed(FIELD_COLOURS) if colour not in taken), INK)


class FieldScene(SceneView):
    """One tile a field, and one for who is not sure."""

    def __init__(self, centre: Centre) -> None:
        super().__init__(classes="scene field")
        self._tiles = tuple(
            FieldTile(field.id, field.letter, field.colour, field.label, field.hint)
            for field in centre.fields
        )
        self._unsure = ChoiceTile(UNSURE, UNSURE_LETTER, unsure_colour(centre), ("question_mark",))
        for place, tile in enumerate((*self._tiles, self._unsure), 1):
            tile.keys = (*tile.keys, str(place))
        self._question = Words(classes="question")
        self._grid = Container(*self._tiles, self._unsure, classes="grid")

    def compose(self) -> ComposeResult:
        """Question, tiles."""
        with Container(classes="body"):
            yield self._question
            yield self._grid

    def show(self, moment: Moment) -> None:
        """The fields in the visitor's language."""
        plan = plan_at(moment)
        self._question.display = plan.question_rows > 0
        if plan.question_rows:
            asked = wrap_alike(moment.sized_with("kiosk.choose_field"), moment.room.inner, plan.question_rows)
            self._question.write_lines(asked[0], plan.question_rows)
        self._question.set_class(plan.apart, "-apart")
        self._grid.styles.grid_size_columns = plan.columns
        self._grid.styles.grid_rows = str(plan.tile_rows)
        self._grid.styles.grid_gutter_vertical = moment.room.gutter
        for tile in self._tiles:
            tile.show(moment, plan)
        self._unsure.offer(PickUnsure())
        self._unsure.write(moment, plan, moment.say("kiosk.unsure"), moment.say("kiosk.unsure_hint"))
        self._unsure.tell(Waiting(), plan)

    def headline(self, moment: Moment) -> str:
        """The question, where the tiles need every row below the head."""
        return moment.say("kiosk.choose_field") if moment.room.asks_in_head else ""

    def remark(self, moment: Moment) -> Remark:
        """That no slip comes out; else what larger type has left no room for on the tiles."""
        warning = super().remark(moment)
        if warning.words or not moment.room.aside:
            return warning
        untold = [(tile.letter, tile.untold) for tile in self._tiles if tile.untold]
        for place in range(2):
            told = ((letter, words[place]) for letter, words in untold)
            lines = _together(told, moment.room.aside_columns - ASIDE_PADDING)
            if asides_fit(moment.room, lines):
                return Remark("\n".join(lines))
        return Remark()

    def way(self, moment: Moment) -> Way | None:
        """Back to the languages."""
        return Way(f"←  {moment.say('kiosk.back')}")
