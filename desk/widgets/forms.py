"""Forms: a few rows of words to choose from, or lines to write, answered together."""

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from msgspec import Struct
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widget import Widget
from textual.widgets import Input, Static

from config.look import palette
from desk.widgets.dialogs import Buttons, Dialog
from desk.widgets.parts import Entry
from desk.words import BAR_GROUND, Voice

ROOM_BEFORE_LAYOUT = 64
"""Columns assumed until the dialog has its place."""
Answers = Mapping[str, tuple[str, ...]]
"""What is chosen in each row."""


class Question(Struct, frozen=True, kw_only=True):
    """One row of a form."""

    name: str
    title: str
    options: tuple[tuple[str, str], ...]
    """What each word stands for, and the word."""
    chosen: tuple[str, ...] = ()
    several: bool = False
    follows: str = ""
    """Another row, whose first word is chosen here too until somebody chooses here."""


class ChipRow(Static, can_focus=True):
    """Words side by side: one of them is chosen, or several."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", show=False),
        Binding("right", "step(1)", show=False),
        Binding("space", "pick_here", show=False),
    ]
    auto_links = False

    class Changed(Message):
        """Another choice was made."""

        def __init__(self, row: "ChipRow") -> None:
            super().__init__()
            self.row = row

    def __init__(self, question: Question) -> None:
        super().__init__(classes="chips")
        self.question = question
        self.chosen = question.chosen
        keys = [key for key, _ in question.options]
        self._at = keys.index(self.chosen[0]) if self.chosen else 0
        self._room = ROOM_BEFORE_LAYOUT

    def render(self) -> Content:
        """Title and words; the word the keys are on is underlined."""
        lines: list[list[Content]] = [[]]
        for index in range(len(self.question.options)):
            word = self._word(index)
            if lines[-1] and sum(len(other) + 1 for other in lines[-1]) + len(word) > self._room:
                lines.append([])
            lines[-1].append(word)
        title = Content.styled(self.question.title, palette.MUTED)
        return Content("\n").join([title, *(Content(" ").join(line) for line in lines)])

    def on_resize(self) -> None:
        """Break the words elsewhere."""
        if self._room != self.content_size.width:
            self._room = self.content_size.width
            self.refresh(layout=True)

    def _word(self, index: int) -> Content:
        key, label = self.question.options[index]
        chosen = key in self.chosen
        ground = f"bold #FFFFFF on {palette.INK}" if chosen else f"{palette.INK} on {BAR_GROUND}"
        mark = ("✓ " if chosen else "· ") if self.question.several else ""
        here = " underline" if self.has_focus and index == self._at else ""
        body = Content.assemble((" ", ground), (mark + label, ground + here), (" ", ground))
        return body.stylize(Style.from_meta({"@click": f"pick({index})"}))

    def action_step(self, by: int) -> None:
        """Move to the word beside; where only one can be chosen it is chosen at once."""
        self._at = (self._at + by) % len(self.question.options)
        if self.question.several:
            self.refresh()
        else:
            self.action_pick(self._at)

    def action_pick_here(self) -> None:
        """Choose the word the keys are on, or let it go."""
        self.action_pick(self._at)

    def action_pick(self, index: int) -> None:
        """Choose this word, or let it go."""
        self._at = index
        key = self.question.options[index][0]
        if not self.question.several:
            self.chosen = (key,)
        elif key in self.chosen:
            self.chosen = tuple(other for other in self.chosen if other != key)
        else:
            self.chosen = (*self.chosen, key)
        self.refresh(layout=True)
        self.post_message(self.Changed(self))

    def follow(self, key: str) -> None:
        """Nobody has chosen here: take this word."""
        keys = [known for known, _ in self.question.options]
        if key in keys:
            self.chosen, self._at = (key,), keys.index(key)
            self.refresh(layout=True)

    def on_focus(self) -> None:
        """The keys are here now."""
        self.refresh()

    def on_blur(self) -> None:
        """The keys are elsewhere."""
        self.refresh()


class FormDialog(Dialog):
    """Rows of words; done is dim until the answers make sense."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", show=False)]

    def __init__(
        self,
        voice: Voice,
        title: str,
        label: str,
        questions: Sequence[Question],
        submit: Callable[[Answers], object],
        *,
        sensible: Callable[[Answers], bool],
        note: str = "",
    ) -> None:
        super().__init__(title, classes="form")
        self._voice = voice
        self._note = note
        self._submit = submit
        self._sensible = sensible
        self._hint = Static(classes="hint")
        self._rows = tuple(ChipRow(question) for question in questions)
        self._by_hand: set[str] = set()
        self._buttons = Buttons(voice, label, self.action_submit, self.action_close)

    def compose_body(self) -> ComposeResult:
        """The rows, what is worth knowing, the two words."""
        yield from self._rows
        if self._note:
            yield Static(Content(self._note), classes="note -below")
        yield self._buttons
        yield self._hint

    def first_focus(self) -> Widget:
        """The first row."""
        return self._rows[0]

    def on_mount(self) -> None:
        """Dim or not from the start."""
        self.weigh()

    def on_chip_row_changed(self, event: ChipRow.Changed) -> None:
        """Dim or not; what follows this row is chosen with it."""
        event.stop()
        self._by_hand.add(event.row.question.name)
        for row in self._rows:
            question = row.question
            if question.follows == event.row.question.name and question.name not in self._by_hand:
                row.follow(next(iter(event.row.chosen), ""))
        self.weigh()

    def action_submit(self) -> None:
        """Give the answers, if they make sense."""
        answers = self.answers
        if self._sensible(answers) and self.end():
            self._submit(answers)

    def remark(self, answers: Answers) -> str:  # noqa: ARG002 - most answers come to what they say
        """What these answers would come to, said in place of the keys; empty: nothing is to be said."""
        return ""

    @property
    def answers(self) -> Answers:
        """What is chosen now."""
        return {row.question.name: row.chosen for row in self._rows}

    def weigh(self) -> None:
        """Done is dim until the answers make sense; what is worth knowing of them stands below."""
        answers = self.answers
        self._buttons.set_class(not self._sensible(answers), "-off")
        remark = self.remark(answers)
        keys = Content(self._voice.say("desk.keys_form"))
        self._hint.update(Content.styled(remark, f"bold {palette.ALERT}") if remark else keys)


class LinesDialog(Dialog):
    """One line to write in each official language, all the same size."""

    def __init__(
        self,
        voice: Voice,
        lines: Mapping[str, str],
        chars_max: int,
        submit: Callable[[dict[str, str]], object],
    ) -> None:
        super().__init__(voice.say("action.message"), classes="lines")
        self._voice = voice
        self._chars_max = chars_max
        self._submit = submit
        self._clears = any(lines.values())
        """Something stands there now."""
        self._inputs = {
            language: Entry(value=text, max_length=chars_max, select_on_focus=False)
            for language, text in lines.items()
        }
        self._room = {language: Static(classes="room") for language in lines}
        self._note = Static(classes="note")
        self._buttons = Buttons(voice, voice.say("action.send"), self.action_submit, self.action_close)

    def compose_body(self) -> ComposeResult:
        """A line in each language with the room that is left, the warning, the two words."""
        yield Static(Content(self._voice.say("reception.message_hint")), classes="note")
        for language, line in self._inputs.items():
            yield self._room[language]
            yield line
        yield Static(Content(self._voice.say("reception.no_names")), classes="warning")
        yield self._note
        yield self._buttons
        yield Static(Content(self._voice.say("desk.keys_message")), classes="hint")

    def first_focus(self) -> Widget:
        """The first line."""
        return next(iter(self._inputs.values()))

    def on_mount(self) -> None:
        """Say how much room there is."""
        self._weigh()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say how much room there still is."""
        event.stop()
        self._weigh()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter sends."""
        event.stop()
        self.action_submit()

    def action_submit(self) -> None:
        """Send both lines, or clear what stands there; one language alone is not sent."""
        if self._sensible() and self.end():
            self._submit({language: text for language, text in self._texts().items() if text})

    def _texts(self) -> dict[str, str]:
        return {language: line.value.strip() for language, line in self._inputs.items()}

    def _sensible(self) -> bool:
        written = [bool(text) for text in self._texts().values()]
        return all(written) or (self._clears and not any(written))

    def _weigh(self) -> None:
        for language, line in self._inputs.items():
            left = self._voice.say("reception.chars_left", n=self._chars_max - len(line.value))
            name = self._voice.phrases.say("lang.endonym", language)
            self._room[language].update(Content.assemble((name, "bold"), (f"   {left}", palette.MUTED)))
        sensible, empty = self._sensible(), not any(self._texts().values())
        self._note.update(Content("" if sensible or empty else self._voice.say("reception.both_languages")))
        self._buttons.set_class(not sensible, "-off")
        clears = empty and self._clears
        self._buttons.say(self._voice.say("action.clear_message" if clears else "action.send"))
