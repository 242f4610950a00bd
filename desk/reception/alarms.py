"""What reception has to be told at once, with what to do: of the server, of visitors, of printers. Pure."""

from datetime import date

from config.phrases import date_of
from desk.reception.bursts import burst_words
from desk.reception.left_out import left_out_words
from desk.reception.printers import alarm
from desk.words import Voice
from protocol.server_seen import ServerSeen
from protocol.views import ReceptionView


def server_alarms(server: ServerSeen, voice: Voice) -> list[str]:
    """A sentence for each thing about the server that a person has to look at."""
    said = []
    if server.clock_ahead is not None:
        shows = date_of(voice.language, date.fromisoformat(server.clock_ahead.date))
        until = voice.time(server.clock_ahead.until)
        said.append(voice.say("reception.clock_ahead", date=shows, time=until))
    if server.days_stuck:
        said.append(voice.say("reception.days_stuck"))
    if server.trail_changed:
        said.append(voice.say("reception.trail_changed"))
    return said


def pairing_words(server: ServerSeen, voice: Voice) -> list[str]:
    """That terminals may come that nobody knows, and until when."""
    if server.pairing is None:
        return []
    until = voice.time(server.pairing.until)
    return [voice.say("reception.pairing_open", time=until, n=server.pairing.waiting)]


def alarms(view: ReceptionView, voice: Voice, *, printers: bool) -> str:
    """One under the other; `printers`: also the worst printer. Empty: none."""
    said = [
        *server_alarms(view.server, voice),
        *pairing_words(view.server, voice),
        *burst_words(view, voice),
        *left_out_words(view, voice),
    ]
    if printers and (of_printers := alarm(view.printers, voice)):
        said.append(of_printers)
    return "\n".join(said)
