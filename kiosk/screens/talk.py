"""The third scene, only when in doubt: the language of the conversation, and that nobody is there."""

from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.widget import Widget

from config.look.lettering import wrap
from config.model import Languages
from kiosk.inputs import Finish, PickAnyway, PickTalk
from kiosk.layout import Room
from kiosk.screens.foot import asides_fit
from kiosk.screens.nobody import reasons_at
from kiosk.screens.scene import Moment, Remark, SceneView, Way
from kiosk.screens.talk_plan import (
    FURTHER_PADDING,
    LIP_ROWS,
    TalkPlan,
    TalkTexts,
    own_words,
    planned,
    reason_air,
)
from kiosk.screens.waiting import Waiting, waiting_in
from kiosk.visit import in_doubt, is_official, queue_of, talk_choices
from kiosk.waits import is_promised
from kiosk.widgets import Tile, Words
from protocol.ids import LanguageCode
from protocol.views import FieldQueue


class TalkTile(Tile):
    """One way to hold the conversation, and who waits for it."""

    def __init__(self, classes: str, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(classes=classes, id=id)
        self.name_words = Words(classes="label")
        self.waiting_words = Words(classes="waiting")
        self._written = 0

    def compose(self) -> ComposeResult:
        """Name above, waiting people below."""
        yield self.name_words
        yield self.waiting_words

    def write(self, name: tuple[str, ...], rows: int) -> None:
        """Show the lines of the name, and nothing below them."""
        self.name_words.write_lines(name, rows)
        self.waiting_words.display = False
        self._written = len(name) * rows

    def tell(self, below: tuple[str, ...], rows: int = 1, gap: int = 0) -> None:
        """Show lines below the name, after so many rows."""
        if any(below):
            self.waiting_words.display = True
            self.waiting_words.styles.margin = (gap, 0, 0, 0)
            self.waiting_words.write_lines(below, rows)
            self._written += len(below) * rows + gap

    def lay(self, width: int, rows: int) -> None:
        """Take so much room; of an odd number of rows left, one is above."""
        self.styles.width, self.styles.height = width, rows
        self.styles.padding = (max(0, rows - LIP_ROWS - self._written) % 2, 0, 0, 0)


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
        self._body = Container(classes="body")
        self._untold: tuple[str, ...] = ()
        """Lines of what the tiles have no room to tell."""

    def compose(self) -> ComposeResult:
        """Question, tiles."""
        with self._body:
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
        texts = texts_at(moment, queue)
        official = () if texts.doubtful else _official(moment, choices)
        plan = plan_at(moment)
        margin = moment.room.margin
        self._body.styles.padding = (plan.above, margin, 0, margin)
        self._ask(moment, texts, plan)
        self._show_official(moment, official, texts, plan)
        self._show_more(moment, choices, texts, plan)
        self._untold = _untold(moment, official, texts, plan)
        self._number(official, own=bool(texts.own))

    def way(self, moment: Moment) -> Way | None:
        """Back to the fields."""
        return Way(f"←  {moment.say('kiosk.back')}")

    def remark(self, moment: Moment) -> Remark:
        """That no slip comes out; else what larger type has no room for; else where to ask for a language."""
        warning = super().remark(moment)
        if warning.words:
            return warning
        other = (moment.say("kiosk.talk_other"),) if _may_ask(moment) else ()
        lines = (*self._untold, *other)
        fits = not self._untold or asides_fit(moment.room, lines)
        return Remark("\n".join(lines if fits else self._untold))

    def _number(self, official: tuple[LanguageCode, ...], *, own: bool) -> None:
        """A digit for each choice, as it stands on the screen."""
        shown: list[Tile] = [self._tiles[code] for code in official]
        shown += [self._own] if own else []
        for place, tile in enumerate((*shown, self._either), 1):
            tile.keys = (str(place),)

    def _ask(self, moment: Moment, texts: TalkTexts, plan: TalkPlan) -> None:
        """The question; and why it is asked, when nobody is there."""
        inner = moment.room.inner
        self._question.write(texts.question[0], plan.question_rows, width=inner)
        self._reason.display = bool(texts.reason)
        above, below = reason_air(moment.room, plan)
        self._reason.styles.padding = (above, 1, below, 1)
        self._reason.write(next(iter(texts.reason), ""), plan.reason_rows, width=inner - 2)

    def _show_official(
        self, moment: Moment, codes: tuple[LanguageCode, ...], texts: TalkTexts, plan: TalkPlan
    ) -> None:
        self._official.display = bool(codes)
        rest = [code for code in self._tiles if code not in codes]
        order: list[Widget] = [self._tiles[code] for code in (*codes, *rest)]
        if list(self._official.children) != order:
            self._official.sort_children(key=order.index)
        for tile in self._tiles.values():
            tile.display = False
        for place, code in enumerate(codes):
            tile = self._tiles[code]
            tile.display = True
            tile.tap = PickTalk((code,))
            _part(tile, moment.room, plan, place > 0)
            name = wrap(texts.names[place][0], plan.inside, plan.name_rows)
            tile.write(name, plan.name_rows)
            if plan.waiting_rows:
                wait = wrap(plan.waits[place], plan.inside, plan.waiting_rows)
                tile.tell(wait, plan.waiting_rows, plan.waiting_gap)
            tile.lay(plan.width, plan.tile_rows)

    def _show_more(
        self, moment: Moment, choices: tuple[tuple[LanguageCode, ...], ...], texts: TalkTexts, plan: TalkPlan
    ) -> None:
        self._own.display, self._either.display = bool(texts.own), bool(texts.either)
        self._more.display = bool(texts.own or texts.either)
        self._more.styles.margin = (int(not moment.room.aside), 0, 0, 0)
        inside = plan.further_width - FURTHER_PADDING
        for tile in (self._own, self._either):
            _part(tile, moment.room, plan, tile is self._either and bool(texts.own))
        own, rows = plan.further_letters
        self._own.set_class(texts.doubtful, "go")
        self._own.set_class(not texts.doubtful, "card")
        self._own.write(wrap(next(iter(texts.own), ""), inside, own), own)
        if plan.own_waits:
            wait = own_words(texts.own_wait, inside, plan.own_waiting_rows)
            self._own.tell((wait,), plan.own_waiting_rows)
        self._own.lay(plan.further_width, plan.further_rows[0])
        if texts.doubtful:
            self._own.tap = Finish()
            self._either.tap = PickTalk(choices[0]) if len(choices) == 1 else PickAnyway()
        else:
            self._own.tap, self._either.tap = PickTalk((moment.language,)), PickTalk(either_of(choices))
        self._either.write(wrap(next(iter(texts.either), ""), inside, rows), rows)
        if plan.hint_rows:  # in the terminal's own type it has one line always
            width = inside if plan.hint_rows > 1 else plan.further_width
            self._either.tell(wrap(next(iter(texts.hint), ""), width, plan.hint_rows), plan.hint_rows)
        self._either.lay(plan.further_width, plan.further_rows[1])


def either_of(choices: tuple[tuple[LanguageCode, ...], ...]) -> tuple[LanguageCode, ...]:
    """The languages of the last choice if it is "either"; none: there is no such choice."""
    return choices[-1] if choices and len(choices[-1]) > 1 else ()


def either_key(either: tuple[LanguageCode, ...]) -> str:
    """What "either" is called, of two languages or of more."""
    return "kiosk.talk_either" if len(either) == 2 else "kiosk.talk_any"  # noqa: PLR2004 - either is of two


def plan_at(moment: Moment) -> TalkPlan:
    """How large everything is at this moment."""
    assert moment.kiosk.field is not None, "a conversation has a field"
    queue = queue_of(moment.kiosk, moment.kiosk.field)
    assert queue is not None, "and the field a queue"
    return planned(moment.room, texts_at(moment, queue))


def texts_at(moment: Moment, queue: FieldQueue) -> TalkTexts:
    """Everything that is said of a conversation about this field."""
    kiosk, own = moment.kiosk, moment.language
    choices = talk_choices(kiosk, queue)
    label = moment.centre.field(queue.field).label
    field = tuple(label[language] for language in moment.alike)
    if in_doubt(kiosk, queue):
        return TalkTexts(
            question=field,
            reason=reasons_at(moment, queue),
            doubtful=True,
            own=moment.sized_with("kiosk.to_reception"),
            either=moment.sized_with("kiosk.ticket_anyway"),
            hint=moment.sized_with("kiosk.perhaps_nobody"),
        )
    official, either = _official(moment, choices), either_of(choices)
    alone = official == (own,)
    asked = not is_official(kiosk) and len(choices) > 1
    has_own = not is_official(kiosk) and (own,) in choices
    endonyms = tuple(map(moment.endonym, moment.official))
    names = [(moment.endonym(code), *endonyms) for code in official]
    shorter = any(is_promised(queue, language) for language in either)
    return TalkTexts(
        question=moment.sized_with("kiosk.choose_talk_language") if asked else field,
        reason=reasons_at(moment, queue),
        names=(moment.sized_with("kiosk.wait_anyway"),) if alone else tuple(names),
        waits=tuple(waiting_in(moment, queue, code) for code in official),
        alone=alone,
        own=(moment.endonym(own),) if has_own else (),
        own_wait=waiting_in(moment, queue, own) if has_own else Waiting(),
        either=moment.sized_with(either_key(either)) if either else (),
        hint=moment.sized_with("kiosk.talk_either_hint") if shorter else (),
    )


def _may_ask(moment: Moment) -> bool:
    """Whether reception may know of a further language: not where no language is open any more."""
    kiosk = moment.kiosk
    queue = None if kiosk.field is None else queue_of(kiosk, kiosk.field)
    return queue is not None and not is_official(kiosk) and bool(talk_choices(kiosk, queue))


def _official(moment: Moment, choices: tuple[tuple[LanguageCode, ...], ...]) -> tuple[LanguageCode, ...]:
    """The official languages that can be chosen, in the order of the day."""
    return tuple(code for code in moment.official if (code,) in choices)


def _untold(
    moment: Moment, official: tuple[LanguageCode, ...], texts: TalkTexts, plan: TalkPlan
) -> tuple[str, ...]:
    """Lines for beside the scene: the waits that its tiles have no room to tell."""
    if not moment.room.aside:
        return ()
    untold = [] if plan.waiting_rows else list(zip(map(moment.endonym, official), plan.waits, strict=True))
    if not plan.own_waits:
        untold.append((texts.own[0], texts.own_wait.words))
    return tuple(line for name, words in untold if words for line in (name, words))


def _part(tile: Tile, room: Room, plan: TalkPlan, between: bool) -> None:
    """Room between a tile and the one before it; larger type has none to spare where the lip parts them."""
    beside = between and not room.stacked
    tile.styles.margin = (plan.gap * between, 0, 0, room.gutter * beside)
