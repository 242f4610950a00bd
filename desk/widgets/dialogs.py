"""Dialogs lie over their panel, not over the terminal: Escape closes, all works by key and by click."""

from collections.abc import Callable, Sequence
from typing import ClassVar
from unicodedata import normalize

from msgspec import Struct
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from config.look import palette
from desk.widgets.parts import Entry
from desk.words import Voice
from protocol.views import CounsellorView, ReceptionView

FILTER_CHARS_MAX = 40
YES, NO = "yes", "no"
"""Answers to a question."""


class Choice(Struct, frozen=True):
    """One line of a list: what it stands for, its words, and more words beside them."""

    key: str
    label: str
    note: str = ""


class Button(Static):
    """A word that can be clicked, with its key before it."""

    def __init__(self, cap: str, label: str, press: Callable[[], None], classes: str = "") -> None:
        super().__init__(classes=f"button {classes}")
        self._cap = cap
        self._press = press
        self.say(label)

    def say(self, label: str) -> None:
        """Another word."""
        self.update(Content.assemble(f"{self._cap} ", (label, "bold")))

    def on_click(self) -> None:
        """A click does what the key does."""
        self._press()


class Dialog(Vertical):
    """A box over the panel. It ends once: by an answer or without."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", show=False),
        Binding("up,shift+tab", "move(-1)", show=False),
        Binding("down,tab", "move(1)", show=False),
    ]

    class Closed(Message):
        """The dialog has ended; what it was for follows by its own way."""

        def __init__(self, dialog: "Dialog") -> None:
            super().__init__()
            self.dialog = dialog

    def __init__(self, title: str, classes: str = "") -> None:
        super().__init__(classes=f"dialog {classes}")
        self.title = title
        self.ended = False
        self._with_keys = False

    def compose(self) -> ComposeResult:
        """Title, body."""
        yield Static(Content(self.title), classes="title")
        yield from self.compose_body()

    def compose_body(self) -> ComposeResult:
        """What stands under the title."""
        raise NotImplementedError

    def first_focus(self) -> Widget:
        """Where the keys go when the dialog opens."""
        raise NotImplementedError

    def take_keys(self) -> None:
        """Put the keys into the dialog, as soon as it is there."""
        self._with_keys = True
        if self.is_mounted:
            self.first_focus().focus()

    def on_mount(self) -> None:
        """The dialog is there."""
        if self._with_keys:
            self.first_focus().focus()

    def see(self, view: CounsellorView | ReceptionView) -> None:
        """The newest view, while the dialog lies over it."""

    def fit(self, spare: int) -> None:
        """The screen has so many rows more than the lowest."""

    def refused(self, sentence: str) -> bool:  # noqa: ARG002 - most dialogs have ended when an answer comes
        """The server has said no to what was asked; false: say it elsewhere."""
        return False

    def action_close(self) -> None:
        """Close without an answer."""
        self.end()

    def action_move(self, by: int) -> None:
        """The keys go to the row above or below at once; they stay in the dialog.

        Widget.focus would wait for its turn: a key pressed meanwhile would answer the row before.
        """
        rows = [widget for widget in self.query("*") if widget.focusable]
        here = next((index for index, widget in enumerate(rows) if widget is self.screen.focused), -by)
        self.screen.set_focus(rows[(here + by) % len(rows)])

    def end(self) -> bool:
        """End the dialog; whether this was the first time."""
        if self.ended:
            return False
        self.ended = True
        self.post_message(self.Closed(self))
        return True


class ChoiceDialog(Dialog):
    """Choose one line of a list; long lists are narrowed by typing."""

    HINT = "desk.keys_list"
    ROWS_MAX: ClassVar = 12
    """Rows of the list before it scrolls, on the lowest screen: with its frame it still fits there."""

    def __init__(
        self,
        voice: Voice,
        title: str,
        choices: Sequence[Choice],
        choose: Callable[[str], object],
        *,
        with_filter: bool = False,
        typed: str = "",
        offered: str = "",
    ) -> None:
        """`typed`: what the list is narrowed to already; `offered`: what Enter takes; empty: the first."""
        super().__init__(title, classes="choice")
        self.voice = voice
        self._choices = tuple(choices)
        self._choose = choose
        self._offered = offered
        self._filter = _ListFilter(voice.say("desk.type_to_filter"), typed) if with_filter else None
        self._list = OptionList(*self._options(typed), markup=False)

    def compose_body(self) -> ComposeResult:
        """The filter if wanted, the list, the keys."""
        if self._filter is not None:
            yield self._filter
        yield self._list
        yield Static(Content(self.voice.say(self.HINT)), classes="hint")

    def first_focus(self) -> Widget:
        """The filter, else the list."""
        return self._list if self._filter is None else self._filter

    def on_mount(self) -> None:
        """The first line is offered."""
        self._offer(self._offered)

    def fit(self, spare: int) -> None:
        """The list has all the rows there are."""
        self._list.styles.max_height = self.ROWS_MAX + spare

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list to what was typed."""
        event.stop()
        options = self._list
        options.clear_options()
        options.add_options(self._options(event.value))
        self._offer()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in the filter takes the line that is offered."""
        event.stop()
        self._list.action_select()

    def _offer(self, key: str = "") -> None:
        """Put the cursor on this line, or on the first that can be chosen."""
        lines = [option.id for option in self._list.options if not option.disabled]
        if lines:
            self._list.highlighted = self._list.get_option_index(key if key in lines else str(lines[0]))
        else:
            self._list.highlighted = None

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A line was chosen."""
        event.stop()
        if event.option_id is not None:
            self.choose(event.option_id)

    def choose(self, key: str) -> None:
        """This is the answer."""
        if self.end():
            self._choose(key)

    def fits(self, choice: Choice, typed: str) -> bool:
        """Whether a line stays when this is typed."""
        return plain(typed) in plain(f"{choice.label} {choice.note}")

    def found(self, typed: str) -> list[Choice]:
        """The lines that stay."""
        return [choice for choice in self._choices if self.fits(choice, typed)]

    def nothing(self, typed: str) -> Option:  # noqa: ARG002 - a list of numbers says more
        """What stands in a list without lines."""
        return Option(self.voice.say("desk.nothing_found"), disabled=True)

    def _options(self, typed: str) -> list[Option]:
        width = max((len(choice.label) for choice in self._choices), default=0)
        found = self.found(typed)
        if not found:
            return [self.nothing(typed)]
        return [
            Option(
                Content.assemble((choice.label.ljust(width), "bold"), (f"  {choice.note}", palette.MUTED)),
                id=choice.key,
            )
            for choice in found
        ]


class _ListFilter(Entry):
    """The filter above a list: the arrows move in the list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move('down')", show=False),
        Binding("up", "move('up')", show=False),
    ]

    def __init__(self, placeholder: str, typed: str) -> None:
        super().__init__(typed, placeholder=placeholder, max_length=FILTER_CHARS_MAX, select_on_focus=False)

    def action_move(self, way: str) -> None:
        """Move in the list below."""
        assert self.parent is not None
        options = self.parent.query_one(OptionList)
        if way == "down":
            options.action_cursor_down()
        else:
            options.action_cursor_up()


def confirm(
    voice: Voice, question: str, label: str, then: Callable[[], object], *, offered: str = YES
) -> ChoiceDialog:
    """A question with yes first: Enter says what is offered, Escape says no."""
    return ChoiceDialog(
        voice,
        question,
        yes_or_no(voice, label),
        lambda key: then() if key == YES else None,
        offered=offered,
    )


def yes_or_no(voice: Voice, label: str) -> tuple[Choice, Choice]:
    """To do it, or not."""
    return Choice(YES, label), Choice(NO, voice.say("action.change_nothing"))


class Buttons(Horizontal):
    """The last row of a form: do it, or not."""

    def __init__(
        self,
        voice: Voice,
        label: str,
        submit: Callable[[], None],
        close: Callable[[], None],
        *,
        closes: str = "",
    ) -> None:
        """`closes`: what not doing it is called; empty: closing."""
        super().__init__(classes="buttons")
        self._made = (
            Button("Enter" if voice.language != "fr" else "Entrée", label, submit, "-forward"),
            Button("Esc", closes or voice.say("action.close"), close),
        )

    def compose(self) -> ComposeResult:
        """The two words."""
        yield from self._made

    def say(self, label: str) -> None:
        """Another word for doing it."""
        self._made[0].say(label)


def plain(text: str) -> str:
    """For comparing what people type: no capitals, no accents, nothing between words; De Smet is desmet."""
    return "".join(letter for letter in normalize("NFD", text.casefold()) if letter.isalnum())
