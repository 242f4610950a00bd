"""Who may come in: devices and team of the registry, as they are now, and the plan of the team.

The console changes them meanwhile.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime

import structlog

from config.roster import Roster
from protocol.badge import digest_of
from protocol.ids import DeviceName
from queue_server.clock import Clock
from queue_server.devices import By, Device, Enrolled, RegistryError, RegistryPort
from queue_server.sessions import Sessions

LOOK_S = 1.0
"""Between two looks whether the console has changed something: so long a removed device still comes in."""
SEEN_GAP_S = 30.0
"""Least time between two notes of which devices came and went."""

log = structlog.get_logger()


def _nobody_told(gone: Iterable[DeviceName]) -> None:
    """Whoever has nothing open."""


async def _nobody_asked(_frame: bytes) -> bytes:
    """Whoever takes no orders."""
    raise AssertionError("connected before it is asked")


class Doorkeeper:
    """Knows the centre's devices, and who is at them."""

    def __init__(self, registry: RegistryPort, clock: Clock, lock_after_s: float) -> None:
        """`lock_after_s`: as of `Sessions`."""
        self._registry = registry
        self.sessions = Sessions(registry, clock, lock_after_s)
        self.trail_changed = False
        """Somebody, or a disk, has changed what was written about who did what: a person has to look."""
        self._changed: Callable[[Iterable[DeviceName]], None] = _nobody_told
        self._order: Callable[[bytes], Awaitable[bytes]] = _nobody_asked
        self._devices: dict[bytes, Device] = {}
        self.enrolled: Sequence[Enrolled] = ()
        """All devices of the centre, and when each was seen last as far as it was written down."""
        self.roster = Roster()
        """Who is planned to work when, as it was read last; another object only when it has changed."""
        self._seen: dict[DeviceName, datetime] = {}
        self._stale = False
        """What is known here is not what the registry says now."""
        self._answering: set[str] = set()
        """Questions of the console that are being answered."""

    async def open(self) -> None:
        """Read who belongs to the centre; RegistryError. A trail that was changed holds nobody up."""
        await self._registry.open()
        await self._learn()
        try:
            await self.sessions.lapse()
        except RegistryError as error:
            log.warning("registry.not_written", why=str(error))
        try:
            await self._registry.trail()
        except RegistryError as error:
            self.trail_changed = True
            log.warning("registry.trail_changed", why=str(error))

    async def close(self) -> None:
        """Write down who was seen last, and let go; RegistryError is told."""
        try:
            await self._note_seen()
        except RegistryError as error:
            log.warning("registry.not_written", why=str(error))
        await self._registry.close()

    def connect(
        self,
        changed: Callable[[Iterable[DeviceName]], None],
        order: Callable[[bytes], Awaitable[bytes]],
    ) -> None:
        """Who is told that devices came or went, and which went, or that the roster may have changed.

        And who answers the frames of the console.

        The lines of devices that went have to end.
        """
        self._changed = changed
        self._order = order

    def known(self, token: str) -> Device | None:
        """The device whose secret this is; none: no device of this centre."""
        return self._devices.get(digest_of(token))

    def saw(self, name: DeviceName, at: datetime) -> None:
        """A device has come or gone."""
        self._seen[name] = at

    async def replace(self, digest: bytes, device: Device, by: By) -> None:
        """This device belongs to the centre from now on, instead of the one of its name; RegistryError."""
        await self._registry.replace(digest, device, by)
        self._stale = True
        await self._follow()

    async def plan(self, before: Roster, after: Roster, by: By) -> bool:
        """From now on this roster instead of that; RegistryError.

        False: nothing was done, for somebody else has changed it meanwhile; their roster is known now.
        """
        done = await self._registry.plan(before, after, by)
        self._stale = True
        await self._follow()
        return done

    async def run(self) -> None:
        """Follow what the console does, until cancelled; while the registry fails nothing changes."""
        clock = asyncio.get_running_loop().time
        next_note_s = clock() + SEEN_GAP_S
        async with asyncio.TaskGroup() as answering:
            while True:
                await asyncio.sleep(LOOK_S)
                if self.sessions.have_locked():  # whatever the registry says
                    self._changed(())
                try:
                    if await self._registry.changed():
                        self._stale = True
                        for request_id, frame in await self._registry.asked():
                            if request_id not in self._answering:
                                self._answering.add(request_id)
                                answering.create_task(self._answer(request_id, frame))
                    await self.sessions.lapse()
                    if clock() >= next_note_s:
                        next_note_s = clock() + SEEN_GAP_S
                        await self._note_seen()
                except RegistryError as error:
                    log.warning("registry.not_read", why=str(error))
                await self._follow()

    async def _answer(self, request_id: str, frame: bytes) -> None:
        """Answer the console, which asks rarely and may have to wait for a terminal."""
        answer = await self._order(frame)
        try:
            await self._registry.answer(request_id, answer)
        except RegistryError as error:
            log.warning("registry.not_written", why=str(error))
        self._answering.discard(request_id)

    async def _follow(self) -> None:
        """Learn what has changed; if it cannot be read now, at the next look."""
        if self._stale:
            try:
                await self._learn()
            except RegistryError as error:
                log.warning("registry.not_read", why=str(error))
            else:
                self._stale = False

    async def _learn(self) -> None:
        before = {one.device.name for one in self.enrolled}
        members = await self._registry.members()
        self.enrolled = members.devices
        self._devices = {one.digest: one.device for one in self.enrolled}
        self.sessions.learn(members.accounts, members.sessions)
        await self._learn_roster()
        self._changed(before - {one.device.name for one in self.enrolled})
        if self._devices:
            log.info("devices.known", count=len(self._devices))
        else:
            log.warning("devices.none", advice="let terminals in with walkin device add, or restore them")

    async def _learn_roster(self) -> None:
        """A plan that cannot be read holds nobody up: the former one stays."""
        try:
            roster = await self._registry.roster()
        except RegistryError as error:
            log.warning("roster.not_read", why=str(error))
            return
        if roster != self.roster:
            self.roster = roster
            log.info("roster.known", lines=len(roster.lines))

    async def _note_seen(self) -> None:
        await self.sessions.note_touched()
        seen, self._seen = self._seen, {}
        if seen:
            await self._registry.saw(seen)
