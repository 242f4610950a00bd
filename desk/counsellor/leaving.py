"""Before a break, before a desk closes or serves less: what nobody would serve then. It is never refused."""

from collections.abc import Callable, Collection, Sequence

from msgspec.structs import replace
from textual.app import ComposeResult
from textual.widgets import Static

from desk.widgets.dialogs import YES, Choice, ChoiceDialog, yes_or_no
from desk.words import Voice
from protocol.commands import AnyCommand, Pause, PauseReason
from protocol.coverage import Bare
from protocol.ids import FieldId, LanguageCode
from protocol.views import CounsellorView, ReceptionView

BARE_ROWS_MAX, IN_A_FORM_MAX = 4, 2
"""Lines that are read before a key is pressed; a form has rows of its own, and is to fit 24."""

BareOf = Callable[[CounsellorView], Sequence[Bare]]
"""What the view says of it."""


class BareWarning(Static):
    """A head, and what nobody would serve; not there when all is served."""

    def __init__(self, voice: Voice, head: str, rows: int = BARE_ROWS_MAX) -> None:
        super().__init__(classes="warning -above", markup=False)
        self._rows = rows
        self.voice = voice
        self._head = head
        self.display = False

    def tell(self, bare: Sequence[Bare]) -> None:
        """As it is now."""
        self.update("\n".join(bare_lines(bare, self.voice, self._head, self._rows)))
        self.display = bool(bare)


class _WarnedDialog(ChoiceDialog):
    """A list; above it what is left bare, as the newest view has it."""

    def __init__(
        self,
        title: str,
        choices: Sequence[Choice],
        choose: Callable[[str], object],
        warning: BareWarning,
        bare_of: BareOf,
        view: CounsellorView,
    ) -> None:
        super().__init__(warning.voice, title, choices, choose)
        self._warning = warning
        self._bare_of = bare_of
        self.see(view)

    def compose_body(self) -> ComposeResult:
        """What is left bare, the list, the keys."""
        yield self._warning
        yield from super().compose_body()

    def see(self, view: CounsellorView | ReceptionView) -> None:
        """Somebody else may have come or gone meanwhile."""
        if isinstance(view, CounsellorView):
            self._warning.tell(self._bare_of(view))


class PauseDialog(_WarnedDialog):
    """A reason of the list, never free text."""

    def __init__(self, voice: Voice, view: CounsellorView, ask: Callable[[AnyCommand], object]) -> None:
        super().__init__(
            voice.say("desk.choose_reason"),
            [Choice(reason.value, voice.say(f"pause.{reason}")) for reason in PauseReason],
            lambda key: ask(Pause(PauseReason(key))),
            BareWarning(voice, "desk.bare"),
            lambda seen: seen.bare,
            view,
        )


class ClosingDialog(_WarnedDialog):
    """Whether the own desk is to be closed: Enter says yes, Escape says no."""

    def __init__(
        self, voice: Voice, view: CounsellorView, question: str, label: str, then: Callable[[], object]
    ) -> None:
        super().__init__(
            question,
            yes_or_no(voice, label),
            lambda key: then() if key == YES else None,
            BareWarning(voice, "desk.bare_then"),
            lambda seen: seen.bare_without,
            view,
        )


def bare_if_fewer(
    view: CounsellorView, fields: Collection[FieldId], languages: Collection[LanguageCode]
) -> tuple[Bare, ...]:
    """What nobody would serve if the desk served only these, and who waits for nothing that it still does."""
    kept = {(field, language) for field in fields for language in languages}

    def stranded(one: Bare) -> int:
        return sum(
            one.language in ticket.languages
            for ticket in view.waiting
            if ticket.field == one.field
            and not any((ticket.field, language) in kept for language in ticket.languages)
        )

    return tuple(
        replace(one, waiting=min(one.waiting, stranded(one)))
        for one in view.bare_without
        if (one.field, one.language) not in kept
    )


def bare_lines(bare: Sequence[Bare], voice: Voice, head: str, rows: int = BARE_ROWS_MAX) -> list[str]:
    """What nobody would serve, until when, and who waits for it; the worst first, and how many more."""
    if not bare:
        return []
    lines = [voice.say(head), *(_line(one, voice) for one in bare[:rows])]
    more = len(bare) - rows
    return [*lines, voice.say("desk.bare_more", n=more)] if more > 0 else lines


def _line(bare: Bare, voice: Voice) -> str:
    what = f"{voice.noun(bare.field)} {bare.language.upper()}"
    begins, until = (None if at is None else voice.time(at) for at in (bare.begins, bare.until))
    if begins is not None and until is not None:
        said = voice.say("desk.bare_between", what=what, begins=begins, ends=until)
    elif begins is not None:
        said = voice.say("desk.bare_from", what=what, time=begins)
    elif until is not None:
        said = voice.say("desk.bare_until", what=what, time=until)
    else:
        said = voice.say("desk.bare_today", what=what)
    return f"{said} · {voice.say('desk.bare_waiting', n=bare.waiting)}" if bare.waiting else said
