"""Visitors whose number the server does not take are told to reception; none is forgotten."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from support.cut_off import Cable, Machine, asked_by, codes, given, plugged_in, stocked, whole
from support.queue import RECEPTION
from support.servers import HandClock, Running, server_in_process, until

from kiosk import alone as module
from kiosk.alone import Alone
from kiosk.reserve import STILL_HERE_S, Given
from protocol import commands as c
from protocol.commands import AnyCommand
from protocol.envelope import Accepted, Refused
from protocol.refusals import RefusalCode


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    async with server_in_process(tmp_path / "house", clock=HandClock()) as found:
        yield found


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "state")


def told(running: Running) -> tuple[tuple[str, ...], int]:
    """What reception is shown of kiosk-1."""
    seen = running.hub._devices["kiosk-1"]
    return seen.left_out, seen.left_out_total


def done(alone: Alone) -> bool:
    return not alone._reserve.given and alone._told is not None


async def test_after_the_day_was_ended_every_visitor_is_told_also_by_a_kiosk_started_again(
    running: Running, machine: Machine
) -> None:
    alone = await stocked(machine, running)
    for _ in range(3):
        await given(alone, machine)
    await asked_by(running, RECEPTION, c.CloseDay())
    await asked_by(running, RECEPTION, c.EndDay())
    async with plugged_in(alone, running.url):
        await until(lambda: done(alone) and told(running) == (("T900", "T901", "T902"), 3))
    assert codes(running) == []
    running.hub._devices.clear()
    machine.boot()
    again = machine.alone()
    await again.open()
    async with plugged_in(again, running.url):
        await until(lambda: told(running) == (("T900", "T901", "T902"), 3))


async def test_a_server_that_is_a_date_on_makes_the_kiosk_tell_who_is_still_here(
    running: Running, machine: Machine
) -> None:
    alone = await stocked(machine, running)
    await given(alone, machine)
    await given(alone, machine, after_s=STILL_HERE_S - 1)
    await given(alone, machine, after_s=2)
    running.clock.forward(24 * 60)
    await until(lambda: running.engine.queue.day == "2026-09-16")
    async with plugged_in(alone, running.url):
        await until(lambda: done(alone) and told(running) == (("T901", "T902"), 2))
    assert codes(running) == []


async def test_who_is_still_here_when_the_date_changes_is_told_again(
    running: Running, machine: Machine
) -> None:
    alone = await stocked(machine, running)
    await given(alone, machine)
    await asked_by(running, RECEPTION, c.CloseDay())
    await asked_by(running, RECEPTION, c.EndDay())
    async with plugged_in(alone, running.url):
        await until(lambda: told(running) == (("T900",), 1))
        running.clock.forward(24 * 60)
        await until(lambda: alone.day == "2026-09-16" and told(running) == (("T900",), 1))


async def test_a_number_that_the_server_never_heard_of_is_told(
    running: Running, machine: Machine, tmp_path: Path
) -> None:
    alone = await stocked(machine, running)
    await given(alone, machine)
    async with (
        server_in_process(tmp_path / "another house", clock=HandClock()) as other,
        plugged_in(alone, other.url),
    ):
        await until(lambda: done(alone) and told(other) == (("T900",), 1))


class Deaf(Cable):
    """A line to a server of another version, which understands no redeeming."""

    code: RefusalCode | None = RefusalCode.MALFORMED

    async def ask(self, command: AnyCommand, request_id: str | None = None) -> Accepted | Refused:
        if isinstance(command, c.RedeemTicket) and self.code is not None:
            self.asked.append(command)
            return Refused(request_id or "", self.code)
        return await super().ask(command, request_id)


@pytest.mark.parametrize("code", sorted(set(RefusalCode) - module.NEVER - module.IN_THE_QUEUE))
async def test_a_refusal_that_may_pass_leaves_the_visitor_to_another_try(
    running: Running, machine: Machine, monkeypatch: pytest.MonkeyPatch, code: RefusalCode
) -> None:
    monkeypatch.setattr(module, "REFUSED_AGAIN_S", 0.01)
    alone = await stocked(machine, running)
    first, second = await given(alone, machine), await given(alone, machine)
    async with plugged_in(alone, running.url, cable=Deaf) as cable:
        assert isinstance(cable, Deaf)
        cable.code = code
        await until(lambda: len(cable.asked) >= 3)
        assert [one.ticket for one in alone._reserve.given] == [first.ticket, second.ticket]
        cable.code = None
        await until(lambda: whole(alone))
    assert codes(running) == [first.ticket, second.ticket]
    assert alone._reserve.left_out == ()


async def test_what_was_given_while_a_day_begins_is_counted_with_the_others(
    running: Running, machine: Machine
) -> None:
    alone = await stocked(machine, running)
    first, later = await given(alone, machine), list[Given]()

    class Slow:
        """A printer that is still busy while another visitor comes."""

        def print(self, one: Given, day: str, taken_at: object) -> None:
            """Nothing comes out here."""

        async def leave(self) -> None:
            if not later:
                later.append(await given(alone, machine, after_s=0.0))

        async def run(self) -> None:
            await asyncio.Event().wait()

    alone.paper = Slow()
    running.clock.forward(24 * 60)
    await until(lambda: running.engine.queue.day == "2026-09-16" and running.engine.queue.open)
    with capture_logs() as said:
        async with plugged_in(alone, running.url):
            await until(lambda: done(alone) and told(running)[1] == 2)
    assert told(running)[0] == (first.ticket, later[0].ticket)
    [line] = [line for line in said if line["event"] == "numbers.of_another_day"]
    assert (line["visitors"], line["still_here"]) == (2, 2)


async def test_nothing_left_out_is_told_too_on_each_new_line(running: Running, machine: Machine) -> None:
    alone = await stocked(machine, running)
    async with plugged_in(alone, running.url) as cable:
        await until(lambda: len(cable.told) == 1)
    async with plugged_in(alone, running.url) as cable:
        await until(lambda: len(cable.told) == 1)
        assert cable.told[0].total == 0
