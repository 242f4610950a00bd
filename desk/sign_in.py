"""Signing in at a staff terminal: who it is, the PIN, and choosing one where somebody else has given it."""

from collections.abc import Callable, Sequence
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, Static

from config.look import palette
from config.model import Counsellor, Receptionist
from desk.widgets.dialogs import Buttons, Choice, ChoiceDialog, Dialog, plain
from desk.widgets.parts import Entry
from desk.words import BAR_GROUND, Voice, codes
from protocol.ids import LanguageCode, StaffId
from protocol.orders import PIN_DIGITS_MAX, PIN_DIGITS_MIN, Pin, SignIn
from protocol.refusals import RefusalCode

P = TypeVar("P", Counsellor, Receptionist)

LANGUAGE_KEY = "ctrl+t"
"""The next language of the screen, whoever is there; not while a question is open."""
LEFT_S = 60.0
"""Digits that nobody goes on typing are forgotten: whoever comes by next must not find them half done."""


def no_words(voice: Voice, code: RefusalCode | None) -> str:
    """Why it was not done; none: the server is away."""
    return voice.say("desk.server_away" if code is None else f"refusal.{code}")


def counsellors(voice: Voice) -> list[Choice]:
    """By name, with the fields and languages that tell one from another."""

    def note(person: Counsellor) -> str:
        letters = " ".join(voice.centre.field(field).letter for field in person.fields)
        return f"{letters:<9} {codes(person.languages)}".rstrip()

    return [Choice(person.id, person.name, note(person)) for person in _by_name(voice.centre.counsellors)]


def receptionists(voice: Voice) -> list[Choice]:
    """By name."""
    return [Choice(person.id, person.name) for person in _by_name(voice.centre.receptionists)]


def _by_name(people: Sequence[P]) -> list[P]:
    return sorted(people, key=lambda person: person.name)


class LanguageRow(Static):
    """The languages of the centre, each by its own name, to click: also for who cannot read this one."""

    auto_links = False

    class Chosen(Message):
        """A language was clicked."""

        def __init__(self, language: LanguageCode) -> None:
            super().__init__()
            self.language = language

    def __init__(self, voice: Voice) -> None:
        names = [Content(f"{voice.cap(LANGUAGE_KEY)} ")]
        for language in voice.centre.languages.all:
            here = language == voice.language
            ground = f"bold #FFFFFF on {palette.INK}" if here else f"{palette.INK} on {BAR_GROUND}"
            word = Content.styled(f" {voice.phrases.say('lang.endonym', language)} ", ground)
            names.append(word.stylize(Style.from_meta({"@click": f"choose({language!r})"})))
        super().__init__(Content(" ").join(names), classes="languages")
        self.display = len(voice.centre.languages.all) > 1

    def action_choose(self, language: LanguageCode) -> None:
        """A name was clicked."""
        self.post_message(self.Chosen(language))


class NamesDialog(ChoiceDialog):
    """The names of the team; it stays until one is chosen, Escape leaves what was typed."""

    HINT = "desk.keys_names"
    ROWS_MAX: ClassVar = 10
    """The languages stand below it, and perhaps above it that the server is away."""

    def __init__(self, voice: Voice, team: Sequence[Choice], choose: Callable[[StaffId], object]) -> None:
        super().__init__(voice, voice.say("desk.who_are_you"), team, choose, with_filter=True)
        assert self._filter is not None
        self._filter.restrict = r"[^0-9]*"  # a PIN that is typed here must not be readable

    def compose_body(self) -> ComposeResult:
        """The names, and the languages below."""
        yield from super().compose_body()
        yield LanguageRow(self.voice)

    def found(self, typed: str) -> list[Choice]:
        """Names of which a part begins so come first: Enter must not ask a colleague's PIN."""
        return sorted(super().found(typed), key=lambda choice: not _a_part_begins(choice.label, typed))

    def action_close(self) -> None:
        """All names again."""
        self.query_one(Input).value = ""


def _a_part_begins(name: str, typed: str) -> bool:
    parts = name.split()
    return any(plain(" ".join(parts[place:])).startswith(plain(typed)) for place in range(len(parts)))


class PinLine(Entry):
    """Digits that nobody sees: not on the screen, not in the clipboard, not in a trace."""

    class Changed(Input.Changed):
        """Something was typed."""

        def __repr__(self) -> str:
            """Without the digits."""
            return "PinLine.Changed()"

    class Submitted(Input.Submitted):
        """Enter was pressed."""

        def __repr__(self) -> str:
            """Without the digits."""
            return "PinLine.Submitted()"

    def __init__(self) -> None:
        super().__init__(password=True, restrict=r"[0-9]*", max_length=PIN_DIGITS_MAX, select_on_focus=False)

    @property
    def is_whole(self) -> bool:
        """Whether it can be a PIN."""
        return len(self.value) >= PIN_DIGITS_MIN

    def action_copy(self) -> None:
        """Nothing: the clipboard belongs to everybody."""

    def action_cut(self) -> None:
        """Nothing, either."""


class PinDialog(Dialog):
    """Greets one person and asks for the PIN; it stays until the server has let the person in."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", show=False)]

    def __init__(
        self,
        voice: Voice,
        staff: StaffId,
        sign_in: Callable[[SignIn], bool],
        someone_else: Callable[[], object],
        given: Pin = "",
    ) -> None:
        """`sign_in`: false, something else is being asked; `someone_else`: it is not this person.

        `given`: the PIN of a dialog before this one, where the person's own was still to be chosen.
        """
        super().__init__(voice.say("desk.greeting", name=voice.name(staff)), classes="form pin")
        self.staff = staff
        self._voice = voice
        self._sign_in = sign_in
        self._someone_else = someone_else
        self.given: Pin = given
        """Right, but made by somebody else: it goes with the person's own."""
        self._left: Timer | None = None
        self._pin, self._own, self._again = PinLine(), PinLine(), PinLine()
        rule = voice.say("desk.pin_rule", lo=PIN_DIGITS_MIN, hi=PIN_DIGITS_MAX)
        self._rule = Static(Content(f"{voice.say('desk.own_pin')}\n{rule}"), classes="note")
        self._labels = {
            line: Static(Content.styled(voice.say(key), palette.MUTED), classes="room")
            for line, key in (
                (self._pin, "desk.pin"),
                (self._own, "desk.pin_new"),
                (self._again, "desk.pin_again"),
            )
        }
        self._trouble = Static(classes="warning")
        self._buttons = Buttons(
            voice,
            voice.say("action.sign_in"),
            self.action_submit,
            self.action_close,
            closes=voice.say("action.someone_else"),
        )

    def compose_body(self) -> ComposeResult:
        """The PIN; or the rule, the new one and once more; what was wrong; the two words; languages."""
        yield self._rule
        for line, label in self._labels.items():
            yield label
            yield line
        yield self._trouble
        yield self._buttons
        yield LanguageRow(self._voice)

    def first_focus(self) -> Widget:
        """The first line that is asked for."""
        return self._own if self.given else self._pin

    def on_mount(self) -> None:
        """The PIN alone."""
        self._trouble.display = False
        self._lay()

    def told_no(self, order: SignIn, code: RefusalCode | None) -> None:
        """It was not done: say why, or ask for a PIN of the person's own."""
        goes_on = code in {RefusalCode.OWN_PIN_NEEDED, RefusalCode.EASY_PIN}
        self.given = order.pin if goes_on else ""
        self._say("" if code is RefusalCode.OWN_PIN_NEEDED else no_words(self._voice, code))
        self._begin_again()

    def on_pin_line_changed(self, event: PinLine.Changed) -> None:
        """Dim or not; what was said of the last one holds no longer."""
        event.stop()
        if event.input.value:
            self._say("")
        self._lay()

    def on_pin_line_submitted(self, event: PinLine.Submitted) -> None:
        """Enter does what the first word says."""
        event.stop()
        self.action_submit()

    def action_submit(self) -> None:
        """Ask the server, once everything is there; what was typed is gone from the screen then."""
        if not self._is_whole():
            if self.given and self._own.is_whole:
                self._again.focus()
            elif any(line.value for line in self._labels):
                self._say(self._voice.say("desk.pin_rule", lo=PIN_DIGITS_MIN, hi=PIN_DIGITS_MAX))
            return
        if self.given and self._own.value != self._again.value:
            self._say(self._voice.say("desk.pins_differ"))
            self._begin_again()
            return
        order = SignIn(
            staff=self.staff,
            pin=self.given or self._pin.value,
            new_pin=self._own.value if self.given else None,
        )
        if self._sign_in(order):
            self._begin_again()
        else:
            self._say(no_words(self._voice, RefusalCode.BUSY))

    def action_close(self) -> None:
        """It is somebody else, who gets a dialog of their own."""
        self._someone_else()

    def forget(self) -> None:
        """As it was opened."""
        self.given = ""
        self._begin_again()

    def on_unmount(self) -> None:
        """Nothing outlives the dialog."""
        self.given = ""

    def _begin_again(self) -> None:
        with_keys = any(line.has_focus for line in self._labels)
        for line in self._labels:
            line.value = ""
        self._lay()
        if with_keys:
            self.first_focus().focus()

    def _is_whole(self) -> bool:
        return (self._own.is_whole and self._again.is_whole) if self.given else self._pin.is_whole

    def _say(self, sentence: str) -> None:
        self._trouble.update(Content(sentence))
        self._trouble.display = bool(sentence)

    def _lay(self) -> None:
        own = bool(self.given)
        self._rule.display = own
        for line, label in self._labels.items():
            wanted = own is not (line is self._pin)
            line.display = label.display = wanted
            line.disabled = not wanted
        self._buttons.set_class(not self._is_whole(), "-off")
        if self._left is not None:
            self._left.stop()
        self._left = self.set_timer(LEFT_S, self.forget) if own or self._pin.value else None
