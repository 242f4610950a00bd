"""The counsellor's program on a terminal of its own."""

from config.model import Centre
from config.phrases import Phrases
from desk.counsellor.panel import CounsellorPanel
from desk.program import StaffApp
from protocol.badge import Badge
from protocol.client import QueueClient
from protocol.epochs import remembered_by


def app_of(centre: Centre, phrases: Phrases, url: str, badge: Badge, language: str) -> StaffApp:
    """The program of the desk of this badge on the server at `url`."""
    assert badge.desk is not None, "a counsellor's terminal stands at a desk"
    client = QueueClient(url, badge, remembered_by(badge.device))
    return StaffApp(CounsellorPanel(client, centre, phrases, language, badge.desk))
