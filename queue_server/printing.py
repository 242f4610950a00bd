"""Slips: what was committed and is to be on paper goes to the spooler; what became of it comes back as fact."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from config.model import Centre
from protocol.views import PrinterSeen, PrinterState
from queue_server.core.events import AnyEvent
from queue_server.core.state import Queue
from queue_server.engine import Engine


class PrintRoom:
    """Between the queue and the spooler."""

    def __init__(self, centre: Centre, spool: Path, engine: Engine) -> None:
        self._centre = centre

    def printers(self) -> tuple[PrinterSeen, ...]:
        return ()

    def committed(self, queue: Queue, events: Sequence[AnyEvent]) -> None:
        pass

    async def run(self) -> None:
        await asyncio.Event().wait()
