"""Before a break: why, and what nobody would serve meanwhile. The break is never refused for it."""

from collections.abc import Callable, Sequence

from textual.app import ComposeResult
from textual.widgets import Static

from desk.widgets.dialogs import Choice, ChoiceDialog
from desk.words import Voice
from protocol.commands import AnyCommand, Pause, PauseReason
from protocol.coverage import Bare
from protocol.views import CounsellorView, ReceptionView

BARE_ROWS_MAX = 4
"""Lines that are read before a key is pressed."""


class PauseDialog(ChoiceDialog):
    """A reason of the list, never free text; above it what the break leaves bare, as it is now."""

    def __init__(self, voice: Voice, view: CounsellorView, ask: Callable[[AnyCommand], object]) -> None:
        choices = [Choice(reason.value, voice.say(f"pause.{reason}")) for reason in PauseReason]
        super().__init__(
            voice, voice.say("desk.choose_reason"), choices, lambda key: ask(Pause(PauseReason(key)))
        )
        self._bare = Static(classes="warning -above", markup=False)
        self._tell(view)

    def compose_body(self) -> ComposeResult:
        """What is left bare, the reasons, the keys."""
        if self._bare.display:
            yield self._bare
        yield from super().compose_body()

    def see(self, view: CounsellorView | ReceptionView) -> None:
        """Somebody else may have come or gone meanwhile."""
        if isinstance(view, CounsellorView):
            self._tell(view)
            if self._bare.display and not self._bare.is_attached:
                self.mount(self._bare, before=self.first_focus())

    def _tell(self, view: CounsellorView) -> None:
        lines = bare_lines(view.bare, self.voice)
        self._bare.update("\n".join(lines))
        self._bare.display = bool(lines)


def bare_lines(bare: Sequence[Bare], voice: Voice) -> list[str]:
    """What nobody would serve, until when, and who waits for it; the worst first, and how many more."""
    if not bare:
        return []
    lines = [voice.say("desk.bare"), *(_line(one, voice) for one in bare[:BARE_ROWS_MAX])]
    more = len(bare) - BARE_ROWS_MAX
    return [*lines, voice.say("desk.bare_more", n=more)] if more > 0 else lines


def _line(bare: Bare, voice: Voice) -> str:
    what = f"{voice.noun(bare.field)} {bare.language.upper()}"
    if bare.until is None:
        said = voice.say("desk.bare_today", what=what)
    else:
        said = voice.say("desk.bare_until", what=what, time=voice.time(bare.until))
    return f"{said} · {voice.say('desk.bare_waiting', n=bare.waiting)}" if bare.waiting else said
