"""The counsellor's program on a terminal of its own."""

from config.model import Centre
from config.phrases import Phrases
from desk.counsellor.panel import CounsellorPanel
from desk.program import StaffApp
from protocol.client import QueueClient
from protocol.envelope import Hello
from protocol.epochs import remembered_by
from protocol.ids import DeskId, Role


def run(centre: Centre, phrases: Phrases, url: str, desk: DeskId, language: str) -> int | None:
    """Run until ctrl+q; the exit status; none: the terminal is gone."""
    hello = Hello(role=Role.COUNSELLOR, device=f"desk-{desk.lower()}", desk=desk)
    client = QueueClient(url, hello, remembered_by(hello.device))
    app = StaffApp(CounsellorPanel(client, centre, phrases, language, desk))
    app.run()
    return app.return_code
