"""Reception's program on a terminal of its own."""

from config.model import Centre
from config.phrases import Phrases
from desk.program import StaffApp
from desk.reception.panel import ReceptionPanel
from protocol.badge import Badge
from protocol.client import QueueClient
from protocol.epochs import remembered_by


def run(centre: Centre, phrases: Phrases, url: str, badge: Badge, language: str) -> int | None:
    """Run until ctrl+q; the exit status; none: the terminal is gone."""
    client = QueueClient(url, badge, remembered_by(badge.device))
    app = StaffApp(ReceptionPanel(client, centre, phrases, language))
    app.run()
    return app.return_code
