"""Kiosks and a server that is restored from a backup made a moment before."""

from pathlib import Path

from support.cut_off import WISH, Machine, asked_by, codes, given, plugged_in, stocked, whole
from support.servers import server_in_process, until

from protocol.ids import Role
from queue_server.core.policy import Actor
from queue_server.store.backup import back_up
from queue_server.store.restore import restore


def unheard(_done: int, _of: int) -> None:
    """Nobody looks."""


async def test_numbers_handed_out_after_the_backup_are_taken_and_come_to_nobody_else(tmp_path: Path) -> None:
    house, backup = tmp_path / "house", tmp_path / "backup"
    one, two = Machine(tmp_path / "one", "kiosk-1"), Machine(tmp_path / "two", "kiosk-2")
    async with server_in_process(house) as running:
        back_up(house, backup, unheard)
        first = await stocked(one, running)
        lost = await asked_by(running, Actor(Role.KIOSK, "kiosk-2"), WISH)
    restore(backup, house, unheard, replace=True)
    async with server_in_process(house) as running:
        again = await asked_by(running, Actor(Role.KIOSK, "kiosk-2"), WISH)
        assert again.ticket != lost.ticket
        assert again.token != lost.token
        second = await stocked(two, running)
    by_first, by_second = await given(first, one), await given(second, two)
    assert by_first.ticket == "T900"
    assert by_second.ticket == "T940"
    assert by_first.token_url != by_second.token_url
    async with server_in_process(house) as running:
        running.clock.forward(5)
        for alone, machine in ((first, one), (second, two)):
            async with plugged_in(alone, running.url, machine.kiosk):
                await until(lambda alone=alone: whole(alone))  # type: ignore[misc]
        assert set(codes(running)) == {again.ticket, by_first.ticket, by_second.ticket}
