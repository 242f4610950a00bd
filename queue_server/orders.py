"""What staff and the console order about who belongs to the centre, is at work, is planned: once each."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import assert_never

import structlog

from protocol.badge import digest_of
from protocol.codec import MalformedFrameError, decode_from_terminal, encode
from protocol.envelope import Accepted, Done, Outcome, Refused, Request
from protocol.ids import DeviceName, RequestId
from protocol.orders import (
    AnyOrder,
    ClosePairing,
    FollowWeek,
    OpenPairing,
    Order,
    PairDevice,
    PlanHoliday,
    PlanPerson,
    ShowPlan,
    SignIn,
    SignOut,
)
from protocol.refusals import SENTENCES, RefusalCode
from queue_server.core.policy import Refusal
from queue_server.devices import CONSOLE, By, Device, RegistryError
from queue_server.doorkeeper import Doorkeeper
from queue_server.planner import Planner
from queue_server.vestibule import Vestibule

UNDER_WAY_MAX = 8
"""Orders of one terminal that are not carried out yet: a person gives one at a time."""
ANSWERS_KEPT = 64
"""Orders whose answer is known when they are asked again: more than a morning of setting up."""

log = structlog.get_logger()


class Orders:
    """Carries out orders; the same id gets the same answer."""

    def __init__(
        self,
        doorkeeper: Doorkeeper,
        vestibule: Vestibule,
        planner: Planner,
        fits: Callable[[Device], RefusalCode | None],
        is_there: Callable[[DeviceName], bool],
        show: Callable[[], None],
    ) -> None:
        """`fits` says whether the centre has a place for a device, `is_there` whether one is connected.

        `show` is told that terminals are to be shown something else.
        """
        self._show = show
        self._doorkeeper = doorkeeper
        self._vestibule = vestibule
        self._planner = planner
        self._fits = fits
        self._is_there = is_there
        self._under_way: dict[tuple[DeviceName, RequestId], asyncio.Task[Outcome | Refusal]] = {}
        self._one_at_a_time = asyncio.Lock()

    def ask(
        self,
        request_id: RequestId,
        order: AnyOrder,
        by: By,
        device: Device,
        answering: Callable[[Outcome | Refusal], None],
    ) -> None:
        """Put an order of this device; `answering` is told once it is carried out."""
        own = (device.name, request_id)
        task = self._under_way.get(own)
        if task is None:
            others = (task for (name, _), task in self._under_way.items() if name == device.name)
            if sum(not other.done() for other in others) >= UNDER_WAY_MAX:
                answering(Refusal(RefusalCode.BUSY))
                return
            task = asyncio.get_running_loop().create_task(self._carry_out(order, by, device), name="order")
            self._under_way[own] = task
            self._forget()
        task.add_done_callback(lambda done: None if done.cancelled() else answering(done.result()))

    def of_console(self, now: Callable[[], datetime]) -> Callable[[bytes], Awaitable[bytes]]:
        """How the console is answered: a frame for each of its frames."""

        async def answer(frame: bytes) -> bytes:
            try:
                request = decode_from_terminal(frame)
            except MalformedFrameError as error:
                return encode(Refused(error.request_id, RefusalCode.MALFORMED, str(error)))
            if not isinstance(request, Request) or not isinstance(request.command, Order):
                return encode(Refused("", RefusalCode.NOT_ALLOWED, SENTENCES[RefusalCode.NOT_ALLOWED]))
            outcome = await self._carry_out(request.command, By(CONSOLE, now()), None)
            if isinstance(outcome, Refusal):
                return encode(Refused(request.id, outcome.code, SENTENCES[outcome.code]))
            return encode(Accepted(request.id, outcome))

        return answer

    def _forget(self) -> None:
        for old in list(self._under_way)[:-ANSWERS_KEPT]:
            if self._under_way[old].done():
                del self._under_way[old]

    def cancel(self) -> None:
        """The server ends: what is not carried out is not answered."""
        for task in self._under_way.values():
            task.cancel()

    async def _carry_out(self, order: AnyOrder, by: By, device: Device | None) -> Outcome | Refusal:
        """`device`: where it was ordered; none: on the console."""
        match order:
            case OpenPairing():
                self._vestibule.open(by.at)
                return Done()
            case ClosePairing():
                self._vestibule.close()
                return Done()
            case PairDevice():
                async with self._one_at_a_time:
                    return await self._pair(order, by)
            case ShowPlan() | PlanPerson() | FollowWeek() | PlanHoliday():
                return await self._planner.carry_out(order, by)
            case SignIn() | SignOut() if device is None:
                return Refusal(RefusalCode.NOT_ALLOWED)
            case SignIn():
                outcome: Outcome | Refusal = await self._doorkeeper.sessions.sign_in(order, device, by)
            case SignOut():
                outcome = await self._doorkeeper.sessions.sign_out(device.name)
            case _:
                assert_never(order)
        self._show()
        return outcome

    async def _pair(self, order: PairDevice, by: By) -> Outcome | Refusal:
        device = Device(order.device, order.role, order.desk)
        if (unfit := self._fits(device)) is not None:
            return Refusal(unfit)
        if self._is_there(device.name):
            return Refusal(RefusalCode.DEVICE_THERE)
        newcomer = await self._vestibule.find(order.code)
        if isinstance(newcomer, Refusal):
            return newcomer
        badge = self._vestibule.badge_for(device)
        if not await newcomer.takes(badge):
            return Refusal(RefusalCode.TERMINAL_GONE)
        try:
            await self._doorkeeper.replace(digest_of(badge.token), device, by)
        except RegistryError as error:
            log.warning("registry.not_written", why=str(error))
            return Refusal(RefusalCode.NOT_WRITTEN)
        finally:
            newcomer.send_off()
        log.info("pairing.paired", device=device.name, role=device.role.value)
        return Done()
