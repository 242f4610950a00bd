"""The third scene, only when in doubt: the language of the conversation, and that nobody is there."""

from collections.abc import Collection
from itertools import product
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace
from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.widget import Widget

from config.look.lettering import TEXT_ROWS, wrap
from config.model import Languages
from config.phrases import long_date_of
from kiosk.inputs import PickTalk
from kiosk.layout import Room, Shape
from kiosk.screens.scene import Moment, Remark, SceneView, Way, secondary_rows
from kiosk.screens.waiting import Waiting, waiting_in
from kiosk.visit import is_official, not_today, queue_of, somebody_there, talk_choices
from kiosk.waits import is_planned, is_promised
from kiosk.widgets import Tile, Words, fitting_rows
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
_TILE_ROWS = {Shape.SMALL: 7, Shape.STANDARD: 9, Shape.WIDE: 12, Shape.PORTRAIT: 9}
_FURTHER_ROWS = {Shape.SMALL: 3, Shape.STANDARD: 4, Shape.WIDE: 6, Shape.PORTRAIT: 5}
_ALONE_SPARE = 5
"""Rows of the tile around its label then: one above it, one below it, the wait, one below that, the lip."""
_WAIT_SPARE = 3
"""Rows more that a tile of larger type needs for the wait in letters of its own size."""
_REASON_ROWS: dict[Shape, tuple[int, ...]] = {
    Shape.SMALL: (),
    Shape.STANDARD: (3,),
    Shape.WIDE: (3, 4),
    Shape.PORTRAIT: (3,),
}
"""Heights of its letters where it has the room of the tiles; none: the terminal's own type."""
_REASON_SPARE = 3
"""Rows of air around it."""
_LABEL_PADDING = 1
_ALONE_PADDING = 4
_ALONE_LINES_MAX, _ALONE_LINES_UPRIGHT_MAX = 2, 3
"""Lines of the label when there is only one thing to choose."""


class TalkPlan(Struct, frozen=True, kw_only=True):
    """Heights of letters and tiles, in rows; widths in columns."""

    alone: bool
    """There is only one thing to choose: a ticket all the same."""
    names: tuple[str, ...]
    width: int
    inside: int
    """Columns for a name inside its tile."""
    question_rows: int = 1
    reason_rows: int = 1
    name_rows: int = 1
    tile_rows: int = 3
    waiting_rows: int = 0
    """Of larger type, what there is room for."""
    further_letters: tuple[int, int] = (1, 1)
    further_rows: tuple[int, int] = (3, 3)
    """Of the visitor's own language, and of "either"."""


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
        self._untold: tuple[str, ...] = ()
        """Lines of what the tiles have no room to tell."""

    def compose(self) -> ComposeResult:
        """Question, tiles."""
        with Container(classes="body"):
            yield self._question
            yield self._reason
            yield self._official
            yield self._more

    def show(self, moment: Moment) -> None:
        """What can be chosen for the visitor's field now."""
        assert moment.kiosk.field is not None, "a conversation has a field"
        queue = queue_of(moment.kiosk, moment.kiosk.field)
        if queue is None:
            return
        choices = talk_choices(moment.kiosk, queue)
        single = tuple(choice[0] for choice in choices if len(choice) == 1)
        official = tuple(code for code in moment.official if code in single)
        plan = _planned(moment, queue, official, choices)
        self.set_class(bool(reason_at(moment, queue)), "-reasoned")
        self._ask(moment, queue, plan)
        self._show_official(moment, queue, official, plan)
        self._show_more(moment, queue, choices, plan)
        self._number(official, own=(moment.language,) in choices and not is_official(moment.kiosk))

    def way(self, moment: Moment) -> Way | None:
        """Back to the fields."""
        return Way(f"←  {moment.say('kiosk.back')}")

    def remark(self, moment: Moment) -> Remark:
        """That no slip comes out; else what larger type has no room for; else where to ask for a language."""
        warning = super().remark(moment)
        if not warning.words and self._untold:
            return Remark("\n".join(self._untold))
        if warning.words or is_official(moment.kiosk):
            return warning
        return Remark(moment.say("kiosk.talk_other"))

    def _number(self, official: tuple[LanguageCode, ...], *, own: bool) -> None:
        """A digit for each choice, as it stands on the screen."""
        shown: list[Tile] = [self._tiles[code] for code in official]
        shown += [self._own] if own else []
        for place, tile in enumerate((*shown, self._either), 1):
            tile.keys = (str(place),)

    def _ask(self, moment: Moment, queue: FieldQueue, plan: TalkPlan) -> None:
        """The question; and why it is asked, when nobody is there."""
        inner = moment.room.inner
        self._question.write(_question(moment, queue)[0], plan.question_rows, width=inner)
        reason = reason_at(moment, queue)
        self._reason.display = bool(reason)
        self._reason.write(reason, plan.reason_rows, width=inner - 2)

    def _show_official(
        self, moment: Moment, queue: FieldQueue, codes: tuple[LanguageCode, ...], plan: TalkPlan
    ) -> None:
        self._official.display = bool(codes)
        rest = [code for code in self._tiles if code not in codes]
        order: list[Widget] = [self._tiles[code] for code in (*codes, *rest)]
        if list(self._official.children) != order:
            self._official.sort_children(key=order.index)
        told = [waiting_at(moment, queue, code, alone=plan.alone) for code in codes]
        waiting, waiting_rows = _written(moment, told, plan)
        names = map(moment.endonym, codes)
        lines = zip(names, waiting, strict=True) if moment.room.aside and not waiting_rows else ()
        self._untold = tuple(line for name, words in lines if words for line in (name, words))
        for tile in self._tiles.values():
            tile.display = False
        for place, code in enumerate(codes):
            tile = self._tiles[code]
            tile.display = True
            tile.tap = PickTalk((code,))
            tile.styles.width, tile.styles.height = plan.width, plan.tile_rows
            _part(tile, moment.room, place > 0)
            tile.name_words.write(plan.names[place], plan.name_rows, width=plan.inside)
            tile.waiting_words.display = bool(waiting[place]) and waiting_rows > 0
            tile.waiting_words.write(waiting[place], waiting_rows or 1)

    def _show_more(
        self,
        moment: Moment,
        queue: FieldQueue,
        choices: tuple[tuple[LanguageCode, ...], ...],
        plan: TalkPlan,
    ) -> None:
        room, own, either = moment.room, moment.language, either_of(choices)
        has_own = not is_official(moment.kiosk) and (own,) in choices
        self._own.display = has_own
        self._either.display = bool(either)
        self._more.display = has_own or bool(either)
        across = 2 if has_own and self._either.display and not room.stacked else 1
        width = (room.inner - (across - 1) * room.gutter) // across
        for place, tile in enumerate((self._own, self._either)):
            tile.styles.width, tile.styles.height = width, plan.further_rows[place]
            _part(tile, room, place > 0 and has_own)
            tile.waiting_words.display = not room.larger
        self._own.tap = PickTalk((own,))
        self._own.name_words.write(moment.endonym(own), plan.further_letters[0])
        self._own.waiting_words.write(waiting_in(moment, queue, own).fitting(width - _ALONE_PADDING))
        self._either.tap = PickTalk(either)
        inside = width - _ALONE_PADDING
        self._either.name_words.write(moment.say("kiosk.talk_either"), plan.further_letters[1], width=inside)
        shorter = any(is_promised(queue, language) for language in either)
        self._either.waiting_words.write(moment.say("kiosk.talk_either_hint") if shorter else "")


def either_of(choices: tuple[tuple[LanguageCode, ...], ...]) -> tuple[LanguageCode, ...]:
    """The languages of the last choice if it is "either"; none: there is no such choice."""
    return choices[-1] if choices and len(choices[-1]) > 1 else ()


def _part(tile: Tile, room: Room, between: bool) -> None:
    """Room between a tile and the one before it; larger type has none to spare where the lip parts them."""
    beside = between and not room.stacked
    tile.styles.margin = (int(room.upright and between), 0, 0, room.gutter * beside)


def _question(moment: Moment, queue: FieldQueue) -> tuple[str, tuple[str, ...]]:
    """What is asked, or the field where there is no question; and all texts that get the same size."""
    if not is_official(moment.kiosk) and talk_choices(moment.kiosk, queue):
        return moment.say("kiosk.choose_talk_language"), moment.sized_with("kiosk.choose_talk_language")
    label = moment.centre.field(queue.field).label[moment.language]
    return label, (label,)


def reason_at(moment: Moment, queue: FieldQueue) -> str:
    """Why it is asked, when nobody is there; '' when somebody is, or nobody knows."""
    kiosk, own = moment.kiosk, moment.language
    if kiosk.alone or somebody_there(kiosk, queue):
        return ""
    others = [other for other in moment.official if other != own and is_promised(queue, other)]
    helps = not is_promised(queue, own) or any(other in queue.served for other in others)
    if is_official(kiosk) and others and helps:
        key = "kiosk.nobody_language" if queue.offers(own) else "kiosk.nobody_language_today"
        nobody = moment.say(key, in_language=moment.say(f"lang.in_{own}"))
        then = "" if queue.offers(own) else _another_day(moment, queue, {own})
        return f"{nobody} {then or moment.say('kiosk.nobody_alternatives')}"
    languages = {own} if is_official(kiosk) else {own, *moment.official}
    if not any(is_planned(queue, language) for language in languages):
        known = not_today(kiosk, queue)
        nobody = moment.say("kiosk.nobody_today" if known else "kiosk.nobody_planned")
        return f"{nobody} {_another_day(moment, queue, languages) or moment.say('kiosk.ask_when')}"
    comes = any(is_promised(queue, language) for language in languages)
    then = "kiosk.later" if comes else "kiosk.ask_when"
    return f"{moment.say('kiosk.nobody_field')} {moment.say(then)}"


def _another_day(moment: Moment, queue: FieldQueue, languages: Collection[LanguageCode]) -> str:
    """When to come back, as the roster has it; '' where it says nothing."""
    planned = [
        expected.next_at
        for language in languages
        if (expected := queue.expected.get(language)) is not None and expected.next_at is not None
    ]
    if not planned:
        return ""
    at = min(planned).astimezone(ZoneInfo(moment.centre.timezone))
    day = long_date_of(moment.language, at.date())
    return moment.say("kiosk.nobody_next", day=day, time=moment.time_in(moment.language, at))


def _planned(
    moment: Moment,
    queue: FieldQueue,
    codes: tuple[LanguageCode, ...],
    choices: tuple[tuple[LanguageCode, ...], ...],
) -> TalkPlan:
    """How large everything is: names of languages first."""
    room = moment.room
    alone = codes == (moment.language,)
    across = 1 if room.stacked or alone else max(2, len(codes))
    width = (room.inner - (across - 1) * room.gutter) // across
    names = [moment.say("kiosk.wait_anyway")] if alone else [moment.endonym(code) for code in codes]
    plan = TalkPlan(
        alone=alone,
        names=tuple(names),
        width=width,
        inside=width - (_ALONE_PADDING if alone else _LABEL_PADDING),
    )
    reason, sized = reason_at(moment, queue), _question(moment, queue)[1]
    if not choices:
        return _told_alone(room, plan, sized, reason)
    if room.larger:
        further = [moment.endonym(moment.language)] if (moment.language,) in choices else []
        further = [] if is_official(moment.kiosk) else further
        either = bool(either_of(choices))
        if either:
            further.append(moment.say("kiosk.talk_either"))
        return _larger(room, plan, sized, reason, further, own=len(further) > 1 or not either)
    rows = fitting_rows(names, plan.inside, _NAME_ROWS[room.shape], _alone_lines(room) if alone else 1)
    tile_rows = _TILE_ROWS[room.shape] - int(room.shape is Shape.SMALL and bool(reason))
    if alone:
        lines = max(len(wrap(name, plan.inside, rows)) for name in names)
        tile_rows = max(tile_rows + rows, lines * rows + _ALONE_SPARE if room.upright else 0)
    lines_max = _QUESTION_LINES_MAX[room.shape] if room.tall or not room.upright else 1
    return replace(
        plan,
        question_rows=fitting_rows(sized, room.inner, _QUESTION_ROWS[room.shape], lines_max),
        reason_rows=secondary_rows((reason,), room, room.inner - 2),
        name_rows=rows,
        tile_rows=tile_rows,
        further_rows=(_FURTHER_ROWS[room.shape],) * 2,
    )


def _told_alone(room: Room, plan: TalkPlan, sized: tuple[str, ...], reason: str) -> TalkPlan:
    """There is nothing to choose: the reason has the room of the tiles."""
    question_rows = fitting_rows(sized, room.inner, room.heights(_QUESTION_ROWS), lines_max=2)
    asked = max(len(wrap(text, room.inner, question_rows)) for text in sized) * question_rows
    left = room.body_rows - asked - _REASON_SPARE
    fitting = (
        rows
        for rows in sorted(room.heights(_REASON_ROWS), reverse=True)
        if rows <= question_rows and len(wrap(reason, room.inner - 2, rows)) * rows <= left
    )
    return replace(plan, question_rows=question_rows, reason_rows=next(fitting, 1))


def _larger(
    room: Room, plan: TalkPlan, sized: tuple[str, ...], reason: str, further: list[str], *, own: bool
) -> TalkPlan:
    """The largest letters with which everything stands one under another, without who waits."""
    gap, inside = int(room.upright), room.inner - _ALONE_PADDING
    reason_rows = (len(wrap(reason, room.inner - 2, 1)) + 1) if reason else 0
    gaps = (len(plan.names) + len(further) - 1) * gap + (1 if further else 0)
    for rows, question, small in product(
        (*sorted(room.heights(_NAME_ROWS), reverse=True), 1),
        (*sorted(room.heights(_QUESTION_ROWS), reverse=True), 1),
        (3, 1),
    ):
        if question > rows or fitting_rows(plan.names, plan.inside, (rows,), _alone_lines(room)) < rows:
            continue
        lines = sum(len(wrap(name, plan.inside, rows)) for name in plan.names) * rows
        above = max(len(wrap(text, room.inner, question)) for text in sized) * question + 1 + reason_rows
        letters = [fitting_rows((text,), inside, (small,), _ALONE_LINES_MAX) for text in further]
        heights = [
            max(_FURTHER_ROWS[Shape.SMALL], len(wrap(text, inside, high)) * high + 1)
            for text, high in zip(further, letters, strict=True)
        ]
        spare = room.body_rows - above - gaps - sum(heights) - lines - 2 * len(plan.names)
        if spare >= 0:
            of_own = (letters[0], heights[0]) if own and letters else (1, 1)
            of_either = (letters[-1], heights[-1]) if letters else (1, 1)
            count = max(1, len(plan.names))
            each = spare // count
            tile_rows = lines // count + 2 + min(_WAIT_SPARE, each)
            return replace(
                plan,
                question_rows=question,
                name_rows=rows,
                tile_rows=tile_rows,
                waiting_rows=0 if each == 0 else 1 if each < _WAIT_SPARE else TEXT_ROWS[0],
                further_letters=(of_own[0], of_either[0]),
                further_rows=(of_own[1], of_either[1]),
            )
    return plan


def waiting_at(moment: Moment, queue: FieldQueue, code: LanguageCode, *, alone: bool) -> Waiting:
    """Who waits for a conversation in this language; `alone`: nobody is there, and perhaps nobody comes."""
    waiting = waiting_in(moment, queue, code)
    if not alone or (waiting.foreseen and waiting.there):
        return waiting
    later = moment.say("kiosk.perhaps_later")
    return Waiting(words=later, aloud=later, there=False)


def _alone_lines(room: Room) -> int:
    return _ALONE_LINES_UPRIGHT_MAX if room.upright else _ALONE_LINES_MAX


def _written(moment: Moment, waiting: list[Waiting], plan: TalkPlan) -> tuple[list[str], int]:
    """What the tiles say of it and the height of its letters: large rather than with all there is to say.

    Larger type tells how long alone, where there is room; 0 rows: there is none.
    """
    width = plan.inside
    if moment.room.larger:
        texts = [one.words if one.foreseen or not one.there else "" for one in waiting]
        return texts, fitting_rows(
            texts, width, (TEXT_ROWS[0],)
        ) if plan.waiting_rows > 1 else plan.waiting_rows
    whole = [one.with_people[0] if one.with_people else one.words for one in waiting]
    short = [one.words for one in waiting]
    for texts in (whole, short):
        rows = secondary_rows(texts, moment.room, width, lines_max=1)
        if rows > 1:
            return texts, rows
    return [one.fitting(width) for one in waiting], 1
