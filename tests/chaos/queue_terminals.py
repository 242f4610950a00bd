"""Kiosks, a desk and reception at a server that comes and goes: each asks until it is answered."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack

from support.badges import PIN, SMALLVILLE, badge, person_at

from protocol.client import QueueClient, ServerAwayError
from protocol.commands import AnyCommand
from protocol.envelope import Accepted, Refused
from protocol.ids import Role
from protocol.orders import SignIn
from protocol.refusals import RefusalCode
from protocol.views import LockedView, ReceptionView

RECEPTION = "reception-1"
DESK = "desk-1"


class Terminals:
    """All of a centre. Their questions go on from one server to the next, with the same ids."""

    def __init__(self, kiosks: Sequence[str], on_view: Callable[[ReceptionView], None]) -> None:
        self._badges = [
            badge(Role.RECEPTION, RECEPTION),
            badge(Role.COUNSELLOR, DESK, "1"),
            *(badge(Role.KIOSK, kiosk) for kiosk in kiosks),
        ]
        self._on_view = on_view
        self._clients: dict[str, QueueClient] = {}
        self.up = asyncio.Event()
        """They have a server."""

    async def stay(self, url: str) -> None:
        """They belong to this server until this is cancelled."""
        async with AsyncExitStack() as stack:
            for one in self._badges:
                self._clients[one.device] = await stack.enter_async_context(QueueClient(url, one))
            self.up.set()
            try:
                await self._look(self._clients[RECEPTION])
            finally:
                self.up.clear()

    async def ask(self, device: str, request_id: str, command: AnyCommand) -> Accepted | Refused:
        """The answer of whichever server gives one."""
        while True:
            await self.up.wait()
            asking = asyncio.create_task(self._clients[device].ask(command, request_id))
            try:
                await asyncio.wait([asking])
            finally:
                asking.cancel()
            if not asking.cancelled() and not isinstance(asking.exception(), ServerAwayError):
                answer = asking.result()
                understood = not (isinstance(answer, Refused) and answer.code is RefusalCode.MALFORMED)
                assert understood, answer
                if not (isinstance(answer, Refused) and answer.code is RefusalCode.LOCKED):
                    return answer
                await self._sign_in(self._clients[device])

    async def _look(self, reception: QueueClient) -> None:
        async for update in reception.updates():
            if isinstance(update, ReceptionView):
                self._on_view(update)
            elif isinstance(update, LockedView):
                await self._sign_in(reception)

    async def _sign_in(self, terminal: QueueClient) -> None:
        """Somebody comes back to a terminal that was locked meanwhile."""
        staff = person_at(terminal.badge.device, terminal.badge.desk, SMALLVILLE)
        asking = asyncio.create_task(terminal.ask(SignIn(staff=staff, pin=PIN)))
        try:
            await asyncio.wait([asking])  # the server, and with it this client, may end meanwhile
        finally:
            asking.cancel()
        if not asking.cancelled() and not isinstance(asking.exception(), ServerAwayError):
            asking.result()
