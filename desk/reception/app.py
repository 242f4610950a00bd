"""Reception's program on a terminal of its own."""

from config.model import Centre
from config.phrases import Phrases
from desk.program import StaffApp
from desk.reception.panel import ReceptionPanel
from protocol.client import QueueClient
from protocol.envelope import Hello
from protocol.epochs import remembered_by
from protocol.ids import DeviceName, Role


def run(centre: Centre, phrases: Phrases, url: str, device: DeviceName, language: str) -> int | None:
    """Run until ctrl+q; the exit status; none: the terminal is gone."""
    client = QueueClient(url, Hello(role=Role.RECEPTION, device=device), remembered_by(device))
    app = StaffApp(ReceptionPanel(client, centre, phrases, language))
    app.run()
    return app.return_code
