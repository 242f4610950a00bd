"""What tickets are given for: fields, and fields in one language, which the forecast ends or staff holds."""

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct

from desk.frame import Sentence
from desk.widgets.dialogs import Choice, ChoiceDialog, Dialog
from desk.words import Voice
from protocol.commands import AnyCommand, CloseField, HoldIntake, IntakeHold, OpenField
from protocol.ids import LanguageCode
from protocol.views import FieldQueue, ReceptionView

CHOSEN, NOT_CHOSEN = "✓ ", "  "
NAME_WIDTH, STATE_WIDTH = 27, 14

Ask = Callable[[AnyCommand], object]
Tell = Callable[[Sentence], object]


class _Cell(Struct, frozen=True):
    """A field in one language."""

    queue: FieldQueue
    language: LanguageCode
    hold: IntakeHold
    last_at: datetime | None
    """Until when tickets are given, as far as it is foreseen."""
    day_open: bool

    @property
    def key(self) -> str:
        """In the list."""
        return f"{self.queue.field}/{self.language}"

    def name(self, voice: Voice) -> str:
        """Such as Mobilité NL."""
        return f"{voice.noun(self.queue.field)} {self.language.upper()}"

    def state(self, voice: Voice) -> str:
        """Whether tickets are given, until when, and whether staff wants it so."""
        if self.hold is not IntakeHold.AUTOMATIC:
            return voice.say(f"reception.held_{self.hold}")
        if self.language in self.queue.ended:
            return voice.say("reception.cell_ended")
        if not self.queue.offers(self.language):
            return voice.say("reception.expects_nobody")
        if self.last_at is None:
            return _given(voice, day_open=self.day_open)
        return voice.say("reception.open_until", time=voice.time(self.last_at))

    def as_before(self, voice: Voice) -> str:
        """That nothing has changed, and how it is."""
        return voice.say("reception.hold_same", what=self.name(voice), state=self.state(voice))


def fields_dialog(
    voice: Voice, view: ReceptionView, ask: Ask, tell: Tell, follow: Callable[[Dialog], object]
) -> ChoiceDialog:
    """Every field, which choosing opens or closes; then cells, of each of which a further dialog asks.

    A cell is a field in an official language, or in one in which no tickets are given, or that is held. What
    is closed or held while the day is not open is so from its opening on.
    """
    commands: dict[str, AnyCommand] = {}
    choices = []
    for queue in view.fields:
        opened = queue.field not in view.closed_fields
        state = _given(voice, day_open=view.open) if opened else voice.say("reception.field_closed")
        change = voice.say("action.close_field" if opened else "action.open_field")
        choices.append(_line(queue.field, voice.noun(queue.field), state, change))
        commands[queue.field] = CloseField(queue.field) if opened else OpenField(queue.field)
    cells = {cell.key: cell for cell in _cells(view, voice)}
    change = voice.say("action.plan_edit")
    choices += [_line(cell.key, cell.name(voice), cell.state(voice), change) for cell in cells.values()]

    def choose(key: str) -> None:
        if key in cells:
            follow(_hold_dialog(voice, cells[key], ask, tell))
        else:
            ask(commands[key])

    return ChoiceDialog(voice, voice.say("action.fields"), choices, choose)


def _line(key: str, name: str, state: str, change: str) -> Choice:
    return Choice(key, f"{name:<{NAME_WIDTH}} {state:<{STATE_WIDTH}}", f"→ {change}")


def _given(voice: Voice, *, day_open: bool) -> str:
    """Tickets are, or will be once the day is open."""
    return voice.say("reception.field_open" if day_open else "reception.at_opening")


def _cells(view: ReceptionView, voice: Voice) -> list[_Cell]:
    times = {(one.field, one.language): one.at for one in view.last_tickets}
    held = {(one.field, one.language): one.hold for one in view.held}
    return [
        _Cell(queue, language, held.get(cell, IntakeHold.AUTOMATIC), times.get(cell), view.open)
        for queue in view.fields
        if queue.field not in view.closed_fields
        for language in voice.centre.languages.all
        if (cell := (queue.field, language)) in held
        or language in voice.centre.languages.official
        or not queue.offers(language)
    ]


def _hold_dialog(voice: Voice, cell: _Cell, ask: Ask, tell: Tell) -> ChoiceDialog:
    """Who decides whether tickets are given: the forecast, or reception. What holds now is marked.

    Whoever chooses that is told how it stands, for nothing else happens.
    """

    def choose(key: str) -> None:
        if key == cell.hold:
            tell(cell.as_before)
        else:
            ask(HoldIntake(cell.queue.field, cell.language, IntakeHold(key)))

    choices = [
        Choice(hold, f"{CHOSEN if hold is cell.hold else NOT_CHOSEN}{voice.say(f'reception.hold_{hold}')}")
        for hold in (IntakeHold.AUTOMATIC, IntakeHold.OPEN, IntakeHold.CLOSED)
    ]
    title = f"{cell.name(voice)}  {cell.state(voice)}"
    return ChoiceDialog(voice, title, choices, choose, offered=cell.hold)
