"""Reception's program on a terminal of its own."""

from config.model import Centre
from config.phrases import Phrases
from desk.program import StaffApp
from desk.reception.panel import ReceptionPanel
from protocol.badge import Badge
from protocol.client import QueueClient
from protocol.epochs import remembered_by


def app_of(centre: Centre, phrases: Phrases, url: str, badge: Badge, language: str) -> StaffApp:
    """Reception's program of this badge on the server at `url`."""
    client = QueueClient(url, badge, remembered_by(badge.device))
    return StaffApp(ReceptionPanel(client, centre, phrases, language))
