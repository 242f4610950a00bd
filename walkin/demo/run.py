"""Starts the demonstration: a server of its own, simulated printers, and every program in one terminal."""

import asyncio
import signal
import tempfile
from collections.abc import Iterable
from pathlib import Path

from config.model import Centre, Counsellor
from printers.simulator.paper import Paper
from protocol.client import QueueClient
from protocol.commands import IssueTicket, OpenDay, OpenDesk
from protocol.epochs import state_directory
from protocol.ids import DeskId, Role, StaffId
from protocol.orders import SignIn
from queue_server.devices import Device
from walkin.demo.app import BOARD, RECEPTION, DemoApp, at_desk
from walkin.ending import log_of, words_of
from walkin.stage import Stage
from walkin.stand import Stand, StandError, own_centre

PAPER_DOTS_PER_S = 1200.0
"""150 mm a second at 203 dpi: a slip takes as long as it does in a centre."""
DESKS = 2
HOST: StaffId = "host-demo"
"""Whoever is at reception."""
GUESTS = 5
"""Visitors who wait already, so that there is somebody to call at once."""


async def demonstrate(config_path: Path, centre: Centre) -> None:
    """Play until the user leaves; nothing stays behind."""
    desks = staffed(centre)
    papers: asyncio.Queue[Paper] = asyncio.Queue()
    log_of(state_directory(), "demo")
    phrases = await asyncio.to_thread(words_of, config_path)
    with tempfile.TemporaryDirectory(prefix="walkin-demo-") as directory:
        async with own_centre(
            config_path,
            centre,
            Path(directory),
            terminals(centre, desks),
            people(desks),
            papers.put_nowait,
            PAPER_DOTS_PER_S,
        ) as stand:
            await open_the_doors(centre, stand, desks)
            app = DemoApp(centre, phrases, stand, tuple(desks), papers)
            stage = Stage(app)
            for ending in (signal.SIGHUP, signal.SIGTERM):  # the terminal was closed: leave nothing behind
                asyncio.get_running_loop().add_signal_handler(ending, app.exit)
            await app.run_async()
    stage.judge(phrases, centre.languages.official)


def staffed(centre: Centre) -> dict[DeskId, Counsellor]:
    """Two desks and who sits there: for each official language whoever adds most fields; StandError."""
    first, last = centre.languages.official[0], centre.languages.official[-1]
    if len(centre.desks) < DESKS or len(centre.counsellors) < DESKS:
        raise StandError(f"The demonstration needs {DESKS} desks and {DESKS} counsellors.")
    chosen: dict[DeskId, Counsellor] = {}
    for desk, language in zip(centre.desks, (first, last), strict=False):
        rest = [one for one in centre.counsellors if one not in chosen.values()]
        known = {field for one in chosen.values() for field in one.fields}
        scores = [
            (language in one.languages, len(set(one.fields) - known), len(one.languages)) for one in rest
        ]
        chosen[desk.id] = rest[scores.index(max(scores))]
    return chosen


def terminals(centre: Centre, desks: Iterable[DeskId]) -> list[Device]:
    """Everything that visitors and staff stand before."""
    return [
        Device(RECEPTION, Role.RECEPTION),
        Device(BOARD, Role.BOARD),
        Device(centre.kiosks[0].name, Role.KIOSK),
        *(Device(at_desk(desk), Role.COUNSELLOR, desk) for desk in desks),
    ]


def people(desks: dict[DeskId, Counsellor]) -> dict[StaffId, Role]:
    """Whoever works there."""
    return {HOST: Role.RECEPTION} | {one.id: Role.COUNSELLOR for one in desks.values()}


async def open_the_doors(centre: Centre, stand: Stand, desks: dict[DeskId, Counsellor]) -> None:
    """Open the day, sit counsellors at their desks, and let a few visitors wait."""
    async with QueueClient(stand.url, stand.badges[RECEPTION]) as reception:
        await reception.ask(SignIn(staff=HOST, pin=stand.pins[HOST]))
        await reception.ask(OpenDay())
        for desk, counsellor in desks.items():
            async with QueueClient(stand.url, stand.badges[at_desk(desk)]) as terminal:
                await terminal.ask(SignIn(staff=counsellor.id, pin=stand.pins[counsellor.id]))
                await terminal.ask(OpenDesk(counsellor.id))
        for guest in range(GUESTS):
            counsellor = list(desks.values())[guest % len(desks)]
            language = counsellor.languages[0]
            field = counsellor.fields[guest % len(counsellor.fields)]
            await reception.ask(
                IssueTicket(
                    field=field,
                    languages=(language,),
                    screen_language=language,
                    kiosk=centre.kiosks[-1].name,
                )
            )
