"""A kiosk tells over the wire which of its visitors are not in the queue."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.queue import snapshot
from support.servers import Running, server_in_process, terminal

from protocol.envelope import LEFT_OUT_MAX, LeftOut
from protocol.ids import Role
from protocol.refusals import RefusalCode
from protocol.views import ReceptionView


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    async with server_in_process(tmp_path) as found:
        yield found


def shows(view: object, tickets: tuple[str, ...]) -> bool:
    assert isinstance(view, ReceptionView)
    return any(seen.device == "kiosk-1" and seen.left_out == tickets for seen in view.devices)


async def test_reception_sees_what_a_kiosk_tells_and_when_it_is_put_right(running: Running) -> None:
    async with (
        terminal(running.url, Role.RECEPTION, "reception-1") as reception,
        terminal(running.url, Role.KIOSK, "kiosk-1") as kiosk,
    ):
        before = snapshot(running.engine.queue)
        await kiosk.say(LeftOut(("T900", "T901"), 2))
        await reception.view(lambda view: shows(view, ("T900", "T901")))
        await kiosk.say(LeftOut())
        await reception.view(lambda view: shows(view, ()))
        assert snapshot(running.engine.queue)["tickets"] == before["tickets"], "it is no event of the day"


async def test_only_kiosks_tell_of_numbers_given_alone_and_of_so_many_by_name(running: Running) -> None:
    async with (
        terminal(running.url, Role.BOARD, "board-1") as board,
        terminal(running.url, Role.KIOSK, "kiosk-1") as kiosk,
    ):
        frame = '{"type":"left_out","tickets":["T900"],"total":1}'
        assert (await board.refusal(frame)).code is RefusalCode.NOT_ALLOWED
        many = ",".join(['"T900"'] * (LEFT_OUT_MAX + 1))
        refusal = await kiosk.refusal(f'{{"type":"left_out","tickets":[{many}],"total":21}}')
        assert refusal.code is RefusalCode.MALFORMED
