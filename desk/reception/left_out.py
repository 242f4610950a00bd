"""Visitors who have a number and are not in the queue, in words for reception. Pure."""

from collections.abc import Sequence

from desk.words import Voice
from protocol.ids import TicketCode, shown
from protocol.views import ReceptionView


def left_out_words(view: ReceptionView, voice: Voice) -> list[str]:
    """Visitors to whom a kiosk gave a number that is not in the queue, a sentence for each kiosk."""
    return [
        voice.say(
            "reception.left_out",
            n=device.left_out_total,
            tickets=numbers(device.left_out, device.left_out_total),
            kiosk=device.device,
        )
        for device in view.devices
        if device.left_out
    ]


def numbers(tickets: Sequence[TicketCode], total: int) -> str:
    """Those named, each whole in its line, and how many more there are."""
    named = ", ".join(shown(ticket).replace(" ", "\N{NO-BREAK SPACE}") for ticket in tickets)
    return f"{named} +{total - len(tickets)}" if total > len(tickets) else named
