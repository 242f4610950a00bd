"""The line that offers a reprint of a slip in doubt."""

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from config.look import palette
from desk.actions import OFFER_KEY
from desk.widgets.keys import Pressed
from desk.widgets.parts import Forgetful
from desk.words import Voice
from protocol.ids import shown
from protocol.views import PrintState, StaffTicket


class OfferLine(Static, Forgetful):
    """One sentence, with the key that prints the slip again; a click is the key. Gone without a doubt."""

    def __init__(self) -> None:
        super().__init__(classes="offer")
        self._said = Content()
        self.display = False

    @property
    def plain(self) -> str:
        """What it says, without colours."""
        return self._said.plain

    def show(self, voice: Voice, tickets: Sequence[StaffTicket]) -> None:
        """Offer the first of these, and say how many there are besides."""
        self._say(_sentence(voice, tickets) if tickets else Content())

    def forget(self) -> None:
        """Offer nothing."""
        self._say(Content())

    def _say(self, said: Content) -> None:
        self.display = bool(said)
        if not self._said.is_same(said):
            self._said = said
            self.update(said)

    def on_click(self) -> None:
        """A click is the key."""
        self.post_message(Pressed(OFFER_KEY))


def _sentence(voice: Voice, tickets: Sequence[StaffTicket]) -> Content:
    first = tickets[0]
    key = "reception.slip_failed" if first.slip is PrintState.FAILED else "reception.slip_unknown"
    where = first.printer or first.kiosk or ""  # it may have come out elsewhere than at its kiosk
    more = f"  +{len(tickets) - 1}" if len(tickets) > 1 else ""
    return Content.assemble(
        (f" {OFFER_KEY.upper()} ", f"bold #FFFFFF on {palette.INK}"),
        (f" {voice.say(key, code=shown(first.ticket), printer=where)}{more}", "bold"),
    )
