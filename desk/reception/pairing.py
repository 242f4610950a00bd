"""A terminal that is not known yet shows a code: reception types it, and says what the terminal is."""

from collections.abc import Callable
from typing import ClassVar

from msgspec import Struct
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Key
from textual.widget import Widget
from textual.widgets import Input, Static

from config.look import palette
from desk.reception.alarms import pairing_words
from desk.widgets.dialogs import Buttons, Dialog
from desk.widgets.forms import ChipRow, Question
from desk.widgets.parts import Entry
from desk.words import Voice
from protocol.ids import DeskId, DeviceName, Role
from protocol.orders import ALPHABET, CODE_TYPED_CHARS_MAX, AnyOrder, ClosePairing, OpenPairing, PairDevice
from protocol.pairing import CODE_CHARS, typed
from protocol.views import CounsellorView, ReceptionView

ROLES = (Role.KIOSK, Role.COUNSELLOR, Role.BOARD, Role.RECEPTION)


class Place(Struct, frozen=True):
    """What a terminal can become."""

    device: DeviceName
    words: str
    desk: DeskId | None = None


def places(role: Role, view: ReceptionView, voice: Voice) -> list[Place]:
    """Where a terminal of this kind is missing; boards and receptions can always be one more."""
    there = {seen.device for seen in view.devices if seen.connected}
    match role:
        case Role.KIOSK:
            found = [Place(kiosk.name, kiosk.name) for kiosk in voice.centre.kiosks]
        case Role.COUNSELLOR:
            found = [Place(f"desk-{desk.id.lower()}", desk.id, desk.id) for desk in voice.centre.desks]
        case _:
            known = [seen.device for seen in view.devices if seen.role == role]
            names = [f"{role}-{number}" for number in range(1, len(known) + 2)]
            fresh = next(name for name in names if name not in known)
            found = [Place(name, name) for name in (*known, fresh)]
    return [place for place in found if place.device not in there]


class PairingDialog(Dialog):
    """Open pairing, say what the terminal is, type its code; it stays until a terminal was paired."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", show=False),
        Binding("ctrl+n", "close_pairing", show=False),
    ]

    def __init__(self, voice: Voice, view: ReceptionView, ask: Callable[[AnyOrder], bool]) -> None:
        super().__init__(voice.say("action.pairing"), classes="form pairing")
        self._voice = voice
        self._ask = ask
        self._view = view
        self._state = Static(classes="note")
        self._places = {role: places(role, view, voice) for role in ROLES}
        first = next(role for role in ROLES if self._places[role])
        self._role = ChipRow(
            Question(
                name="role",
                title=voice.say("reception.pairing_role"),
                options=tuple((role.value, voice.say(f"reception.role_{role}")) for role in ROLES),
                chosen=(first.value,),
            )
        )
        self._rows = {role: ChipRow(self._question(role)) for role in ROLES if self._places[role]}
        self._none = Static(Content(voice.say("reception.pairing_none")), classes="note")
        self._code = Entry(
            max_length=CODE_TYPED_CHARS_MAX,
            select_on_focus=False,
            placeholder="BCDF-GHJK",
            restrict=f"[{ALPHABET}{ALPHABET.lower()} -]*",
        )
        self._trouble = Static(classes="warning")
        self._buttons = Buttons(voice, voice.say("action.pair"), self.action_submit, self.action_close)

    def _question(self, role: Role) -> Question:
        found = self._places[role]
        return Question(
            name=role.value,
            title=self._voice.say("reception.pairing_place"),
            options=tuple((place.device, place.words) for place in found),
            chosen=(found[0].device,),
        )

    def compose_body(self) -> ComposeResult:
        """Whether terminals may come, what this one is, its code, the words."""
        yield self._state
        yield self._role
        yield from self._rows.values()
        yield self._none
        yield Static(Content.styled(self._voice.say("reception.pairing_code"), palette.MUTED), classes="room")
        yield self._code
        yield self._trouble
        yield self._buttons
        yield Static(Content(self._voice.say("reception.pairing_keys")), classes="hint")

    def first_focus(self) -> Widget:
        """What the terminal is."""
        return self._role

    def on_mount(self) -> None:
        """As things stand."""
        self._trouble.display = False
        self._lay()

    def see(self, view: CounsellorView | ReceptionView) -> None:
        """Whether terminals may still come, and how many have."""
        assert isinstance(view, ReceptionView), "reception pairs"
        opened = view.server.pairing is not None and self._view.server.pairing is None
        self._view = view
        if opened:  # why it was closed is past
            self._trouble.display = False
        self._lay()

    def _say(self, sentence: str) -> None:
        self._trouble.update(Content(sentence))
        self._trouble.display = True

    def refused(self, sentence: str) -> bool:
        """Say it here, where the code is typed again."""
        self._say(sentence)
        self._code.value = ""
        self._code.focus()
        return True

    def on_chip_row_changed(self, event: ChipRow.Changed) -> None:
        """Other places."""
        event.stop()
        self._lay()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Dim or not."""
        event.stop()
        self._lay()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter does what the first word says."""
        event.stop()
        self.action_submit()

    def action_submit(self) -> None:
        """Open pairing; once it is open, pair."""
        if self._view.server.pairing is None:
            self._ask(OpenPairing())
            return
        order = self._order()
        if order is not None:
            self._trouble.display = False
            self._ask(order)
        elif self._role.chosen[0] in self._rows:
            self._code.focus()
            if self._code.value:
                self._say(self._voice.say("reception.pairing_letters"))

    def on_key(self, event: Key) -> None:
        """A letter of a code belongs to the code, wherever the keys are."""
        letter = event.character or ""
        if not self._code.has_focus and letter and letter.upper() in ALPHABET:
            event.stop()
            self._code.focus()
            self._code.insert_text_at_cursor(letter)

    def action_close_pairing(self) -> None:
        """No terminal may come any more."""
        if self._view.server.pairing is None or self._ask(ClosePairing()):
            self.end()

    def _order(self) -> PairDevice | None:
        """What is to be asked; none while it is not whole."""
        role = Role(self._role.chosen[0])
        if role not in self._rows or len(typed(self._code.value)) != CODE_CHARS:
            return None
        chosen = self._rows[role].chosen[0]
        place = next(place for place in self._places[role] if place.device == chosen)
        return PairDevice(code=self._code.value.strip(), device=place.device, role=role, desk=place.desk)

    def _lay(self) -> None:
        role, pairing = Role(self._role.chosen[0]), self._view.server.pairing
        for other, row in self._rows.items():
            row.display = other is role
            row.disabled = other is not role
        self._none.display = role not in self._rows
        if pairing is None:
            self._state.update(Content(self._voice.say("reception.pairing_closed")))
            self._buttons.say(self._voice.say("action.open_pairing"))
        else:
            self._state.update(Content("\n".join(pairing_words(self._view.server, self._voice))))
            self._buttons.say(self._voice.say("action.pair"))
        self._buttons.set_class(pairing is not None and self._order() is None, "-off")
