"""Orders of a terminal are few at a time, and nobody waits for another terminal's."""

import asyncio

from support.badges import BY, Everybody, Standing
from support.centre import small_centre
from support.servers import until

from protocol.envelope import Done, Outcome
from protocol.ids import Role
from protocol.orders import SignOut
from protocol.refusals import RefusalCode
from queue_server.core.policy import Refusal
from queue_server.devices import By, Device
from queue_server.orders import UNDER_WAY_MAX, Orders
from queue_server.planner import Planner
from queue_server.vestibule import Trust, Vestibule

DESK, OTHER = Device("desk-1", Role.COUNSELLOR, "1"), Device("desk-2", Role.COUNSELLOR, "2")


class Hanging(Standing):
    """The disk answers when it is told to."""

    def __init__(self) -> None:
        self.disk = asyncio.Event()

    async def sign_out(self, name: str) -> Done | Refusal:  # noqa: ARG002 - whoever it is
        await self.disk.wait()
        return Done()


async def test_a_terminal_that_orders_too_much_at_once_is_told_so_and_the_others_are_heard() -> None:
    house = Everybody()
    house.sessions = sessions = Hanging()
    vestibule, planner = Vestibule(Trust("", b""), lambda: None), Planner(small_centre(), house)
    orders = Orders(house, vestibule, planner, lambda _: None, lambda _: False, lambda: None)
    said: list[tuple[str, Outcome | Refusal]] = []

    def ask(device: Device, number: int) -> None:
        by = By(f"counsellor:{device.name}", BY.at)
        orders.ask(f"order-{number:010d}", SignOut(), by, device, lambda one: said.append((device.name, one)))

    for number in range(UNDER_WAY_MAX):
        ask(DESK, number)
    assert said == []
    ask(DESK, UNDER_WAY_MAX)
    ask(OTHER, 0)
    assert said == [("desk-1", Refusal(RefusalCode.BUSY))]
    sessions.disk.set()
    await until(lambda: len(said) == UNDER_WAY_MAX + 2)
    ask(DESK, UNDER_WAY_MAX)
    await until(lambda: len(said) == UNDER_WAY_MAX + 3)
    assert said[1:].count(("desk-1", Done())) == UNDER_WAY_MAX + 1
    assert said.count(("desk-2", Done())) == 1
