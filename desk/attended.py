"""Who is at a staff terminal: signing in, being there, leaving, and in whose language it speaks."""

import time
from collections.abc import Callable
from typing import ClassVar

from msgspec.structs import replace
from textual.binding import Binding, BindingType
from textual.content import Content

from config.model import Centre, Counsellor, Receptionist
from config.phrases import Phrases
from desk.exchange import Exchange
from desk.sign_in import LANGUAGE_KEY, LanguageRow, NamesDialog, PinDialog, no_words
from desk.widgets.dialogs import Choice
from desk.widgets.keys import KeyName
from desk.words import codes
from protocol.client import QueueClient
from protocol.envelope import Accepted, Refused
from protocol.ids import LanguageCode, StaffId
from protocol.orders import Pin, SignIn, SignOut
from protocol.views import CounsellorView, LockedView, ReceptionView

PRESENT_EVERY_S = 20.0
"""The server locks after a minute at least: a terminal in use stays open although two of these are lost."""


class Attended(Exchange):
    """Nothing of the queue is known here while nobody is signed in."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding(LANGUAGE_KEY, "next_language", show=False)]

    def __init__(
        self,
        client: QueueClient,
        centre: Centre,
        phrases: Phrases,
        language: str,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(client, centre, phrases, language, monotonic=monotonic)
        self.locked: LockedView | None = None
        """Nobody is signed in."""
        self._leaving = False
        """Whoever was here has left, and the server may not know it yet."""
        self._touched_s = monotonic()
        self._told_s = float("-inf")
        self._house_language: LanguageCode = language
        """Of the terminal, for whoever has none of their own."""
        self._languages: dict[StaffId, LanguageCode] = {}
        """Which language each person has chosen here since the program began."""

    # The parts that the layers above fill in

    def staff(self) -> StaffId | None:
        """Who is signed in, as the newest view says; none before the first."""
        raise NotImplementedError

    def day(self) -> str:
        """The day of the newest view."""
        raise NotImplementedError

    def place(self) -> str:
        """Where this terminal stands, also while nobody is signed in."""
        raise NotImplementedError

    def team(self) -> list[Choice]:
        """Who may sign in here, the likeliest first."""
        raise NotImplementedError

    def signed_in(self) -> None:
        """Somebody has just signed in; the view may follow."""

    def take(self, view: CounsellorView | ReceptionView) -> None:
        """Keep a new view and show it."""
        raise NotImplementedError

    def draw(self) -> None:
        """Show the newest view, at the time it is now."""
        raise NotImplementedError

    def spoken(self) -> None:
        """Say in the language of now what is not drawn at every tick."""
        self.say_link()
        self.say_size()
        self.say_notice()

    # What is seen

    @property
    def has_view(self) -> bool:
        """Whether the server has shown anything yet."""
        return self.locked is not None or self.staff() is not None

    def away_key(self) -> str:
        """Who sees the sentence: staff who works here, or whoever comes by."""
        return self.AWAY if self.locked is None else "desk.locked_server_gone"

    def show(self, view: CounsellorView | ReceptionView | LockedView) -> None:
        """Show this view now."""
        self.clock.set(view.at)
        self.remove_class("-connecting")
        if isinstance(view, LockedView):
            self._leaving = False
            self._lock(view)
        elif self._leaving:
            self.ask(SignOut())
        else:
            if self.locked is not None:
                self._unlock()
            self._speak(self._language_of(view.staff))
            self.take(view)

    def tick(self) -> None:
        """Everything, at the time it is now; nothing when nobody was here for long, server or not."""
        if self._monotonic() - self._touched_s >= self.centre.rules.lock_after_min * 60:
            self.leave()
        if self.locked is not None:
            self._draw_locked()
        elif self.staff() is not None:
            self.draw()
            self.say_waiting()

    # Who is here

    def touched(self) -> None:
        """Somebody is at this terminal: the server hears of it now and then, and does not lock it."""
        self._touched_s = self._monotonic()
        if not self._link_down and self._monotonic() - self._told_s >= PRESENT_EVERY_S:
            self.present()

    def present(self) -> None:
        """Let the server know that somebody is here, unless nobody is."""
        if self.staff() is not None:
            self._told_s = self._touched_s = self._monotonic()
            self.run_worker(self.client.present, group="present")  # type: ignore[arg-type] # as it is written

    def leave(self) -> None:
        """Whoever is here goes: nothing is shown from now on, whatever becomes of the line."""
        staff = self.staff()
        if staff is not None:
            self._leaving = True
            self._lock(LockedView(day=self.day(), at=self.clock.now(), last=staff))
            self.ask(SignOut())

    def _lock(self, view: LockedView) -> None:
        """Nobody is signed in; who is asked for is known already when it was locked before."""
        before, self.locked = self.locked, view
        if before is None:
            self._told_s = float("-inf")
            self.add_class("-locked")
            self.forget()
            self._speak(self._house_language)
            self._ask_who(view.last)
            self.say_link()
        self._draw_locked()

    def _unlock(self) -> None:
        self.locked = None
        self._touched_s = self._monotonic()
        self.remove_class("-locked")
        self.say_link()
        self.close_dialog()

    def _draw_locked(self) -> None:
        locked = self.voice.say("desk.locked")
        self.who.say(Content.assemble((self.place(), "bold"), f"  ·  {locked}"))
        self.status.say(self.head_status())

    def _ask_who(self, staff: StaffId | None, given: Pin = "") -> None:
        """Ask this person for the PIN; everybody of the team, when it is nobody who works here."""
        if any(choice.key == staff for choice in self.team()):
            assert staff is not None
            self.open_dialog(PinDialog(self.voice, staff, self.ask, lambda: self._ask_who(None), given))
        else:
            self.open_dialog(NamesDialog(self.voice, self.team(), self._ask_who))

    def answered_sign_in(self, order: SignIn, answer: Accepted | Refused | None) -> None:
        """The person is in, or why not."""
        if isinstance(answer, Accepted):
            self._leaving = False
            self.signed_in()
            return
        if isinstance(self.dialog, PinDialog) and self.dialog.staff == order.staff:
            self.dialog.told_no(order, None if answer is None else answer.code)
        else:
            code = None if answer is None else answer.code
            self.tell(lambda voice: no_words(voice, code), refused=True)
        if self._leaving:
            self.ask(SignOut())

    # In whose language

    def language_key(self) -> tuple[KeyName, ...]:
        """The key for the next language, as the footer names it; none where there is one language."""
        following = self._next_language()
        if following == self.voice.language:
            return ()
        name = self.voice.phrases.say("lang.endonym", following)
        label = codes((following,)) if self.has_class("-narrow") else name
        return (KeyName(key=LANGUAGE_KEY, label=label, cap=self.voice.cap(LANGUAGE_KEY)),)

    def action_next_language(self) -> None:
        """Another language: for whoever is signed in, or while nobody is for the terminal."""
        self.choose_language(self._next_language())

    def on_language_row_chosen(self, event: LanguageRow.Chosen) -> None:
        """A language's name was clicked where somebody signs in."""
        event.stop()
        self.choose_language(event.language)

    def choose_language(self, language: LanguageCode) -> None:
        """Speak it from now on; not while a question is open that was put in another one."""
        if self.locked is not None:
            self._house_language = language
            before = self.dialog if isinstance(self.dialog, PinDialog) else None
            asked, given = (None, "") if before is None else (before.staff, before.given)
            self._speak(language)
            self._ask_who(asked, given)
        elif self.dialog is None:
            staff = self.staff()
            if staff is None:
                self._house_language = language
            else:
                self._languages[staff] = language
            self._speak(language)
        self.tick()

    def _next_language(self) -> LanguageCode:
        known = self.centre.languages.all
        return known[(known.index(self.voice.language) + 1) % len(known)]

    def _language_of(self, staff: StaffId) -> LanguageCode:
        """As this person has chosen here, else as the configuration says, else the terminal's."""
        team: tuple[Counsellor | Receptionist, ...] = (*self.centre.counsellors, *self.centre.receptionists)
        configured = next((person.language for person in team if person.id == staff), None)
        return self._languages.get(staff) or configured or self._house_language

    def _speak(self, language: LanguageCode) -> None:
        if language != self.voice.language:
            self.voice = replace(self.voice, language=language)
            self.spoken()
