"""A kiosk cut off from a real server and back again, without a screen."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from support.centre import ALL_ROUND
from support.cut_off import (
    CENTRE,
    WISH,
    Cable,
    Machine,
    asked_by,
    codes,
    given,
    plugged_in,
    stocked,
    whole,
)
from support.queue import RECEPTION, at_desk
from support.servers import HandClock, Running, server_in_process, until

from kiosk.alone import Alone
from kiosk.keep import Keep
from kiosk.reserve import Given
from protocol import commands as c
from protocol.commands import BLOCK_NUMBERS, AnyCommand, IssueTicket
from protocol.envelope import Accepted, Refused, TicketGiven
from protocol.ids import Role
from protocol.refusals import RefusalCode
from protocol.views import PrintState, Stage
from queue_server.core.policy import Actor


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    async with server_in_process(tmp_path / "house") as found:
        yield found


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "state")


async def test_visitors_of_an_outage_are_called_in_the_order_in_which_they_came(
    running: Running, machine: Machine
) -> None:
    alone = await stocked(machine, running)
    other = Actor(Role.KIOSK, "kiosk-2")
    await asked_by(running, other, WISH)
    running.clock.forward(2)
    first = await given(alone, machine)
    second = await given(alone, machine)
    running.clock.forward(1)
    await asked_by(running, other, WISH)
    running.clock.forward(1)
    machine.pass_s(120)
    async with plugged_in(alone, running.url):
        await until(lambda: whole(alone))
    assert (first.ticket, second.ticket) == ("T900", "T901")
    assert codes(running) == ["T001", "T900", "T901", "T002"]
    desk = at_desk("1")
    await asked_by(running, desk, c.OpenDesk(ALL_ROUND))
    for code in ("T001", "T900", "T901", "T002"):
        assert (await asked_by(running, desk, c.CallNext())).ticket == code
        await asked_by(running, desk, c.Finish(code))


async def test_a_kiosk_killed_and_started_again_forgets_nobody(running: Running, machine: Machine) -> None:
    alone = await stocked(machine, running)
    await given(alone, machine)
    machine.pass_s(60)
    machine.boot()
    again = machine.alone()
    await again.open()
    await given(again, machine)
    machine.pass_s(60)
    running.clock.forward(4)
    async with plugged_in(again, running.url):
        await until(lambda: whole(again))
    assert codes(running) == ["T900", "T901"]
    came = [running.engine.queue.tickets[code].issued_at for code in codes(running)]
    now = running.clock.now()
    assert [(now - at).total_seconds() for at in came] == [180.0, 60.0]


async def test_a_kiosk_started_while_the_server_is_away_gives_numbers_until_intake_would_have_ended(
    running: Running, machine: Machine
) -> None:
    await stocked(machine, running)
    machine.boot()
    again = machine.alone()
    await again.open()
    assert set(again.offered()) == {field.id for field in CENTRE.fields}
    machine.pass_s(7 * 3600)
    assert again.offered() == ()
    assert await again.give(WISH, machine.steady()) is None


async def test_a_kiosk_whose_file_is_lost_is_handed_no_number_that_it_may_have_given(
    running: Running, machine: Machine, tmp_path: Path
) -> None:
    alone = await stocked(machine, running)
    await given(alone, machine)
    fresh = Machine(tmp_path / "a new disk")
    alone = await stocked(fresh, running)
    assert (await given(alone, fresh)).ticket == "T905"


@pytest.mark.parametrize("lost", ["question", "answer"])
async def test_what_is_asked_twice_is_done_once(running: Running, machine: Machine, lost: str) -> None:
    alone = await stocked(machine, running)
    await given(alone, machine)
    async with plugged_in(alone, running.url) as cable:
        left = [2]

        def loses(_: AnyCommand) -> str:
            left[0] -= 1
            return lost if left[0] >= 0 else ""

        cable.loses = loses
        await until(lambda: whole(alone))
    assert codes(running) == ["T900"]
    assert max(running.engine.queue.reserved) == "W904"
    assert running.engine.queue.last_reserved["T"] == 905, "one number more for the one that was given"


async def test_a_number_is_on_disk_before_it_is_anybodys(
    running: Running, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    alone = await stocked(machine, running)
    with monkeypatch.context() as patch, capture_logs() as said:
        patch.setattr(Keep, "save", full)
        assert await alone.give(WISH, machine.steady()) is None
    assert "numbers.not_kept" in [line["event"] for line in said]
    assert (await given(alone, machine)).ticket == "T900"


async def test_every_number_is_given_once_and_then_the_field_is_no_longer_offered(
    running: Running, machine: Machine
) -> None:
    alone = await stocked(machine, running)
    tickets = [(await given(alone, machine)).ticket for _ in range(BLOCK_NUMBERS)]
    assert tickets == ["T900", "T901", "T902", "T903", "T904"]
    assert alone.offered() == ("work", "abroad")
    assert await alone.give(WISH, machine.steady()) is None


async def take_unanswered(alone: Alone, cable: Cable, lost: str) -> Given:
    """A visitor whose question, or its answer, is lost on the way."""
    cable.loses = lambda command: lost if isinstance(command, IssueTicket) else "question"
    taken = await alone.take(cable, WISH, alone=False)
    assert isinstance(taken, Given)
    cable.loses = lambda _: ""
    return taken


@pytest.mark.parametrize("lost", ["question", "answer"])
async def test_a_visitor_whose_question_was_in_doubt_has_one_ticket(
    running: Running, machine: Machine, lost: str
) -> None:
    alone = await stocked(machine, running)
    async with plugged_in(alone, running.url) as cable:
        taken = await take_unanswered(alone, cable, lost)
        await until(lambda: whole(alone))
    assert codes(running) == [taken.ticket]
    stages = {code: ticket.placement.stage for code, ticket in running.engine.queue.tickets.items()}
    assert stages == ({"T900": Stage.WAITING} if lost == "question" else {"T001": Stage.CANCELLED, **stages})


async def test_a_question_that_was_refused_unheard_leaves_the_number_that_was_given(
    running: Running, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = await stocked(machine, running)
    async with plugged_in(alone, running.url) as cable:
        with monkeypatch.context() as unheard:
            unheard.setattr(alone, "hear", lambda _: None)
            await asked_by(running, RECEPTION, c.CloseDay())
            taken = await take_unanswered(alone, cable, "answer")
        await asked_by(running, RECEPTION, c.PostMessage({"fr": "Fermé"}))
        await until(lambda: whole(alone) or (not alone._intake.fields and not alone._reserve.given))
    assert codes(running) == [taken.ticket]


async def test_a_server_that_answers_gives_the_ticket_itself(running: Running, machine: Machine) -> None:
    alone = machine.alone()
    async with plugged_in(alone, running.url) as cable:
        await until(lambda: whole(alone))
        taken = await alone.take(cable, WISH, alone=False)
        assert isinstance(taken, TicketGiven)
        assert taken.ticket == "T001"
        cookery = IssueTicket(field="cookery", languages=("fr",), screen_language="fr")
        assert await alone.take(cable, cookery, alone=False) is RefusalCode.UNKNOWN_FIELD


async def test_a_letter_without_numbers_is_asked_for_once_a_connection(
    running: Running, machine: Machine
) -> None:
    for _ in range(20):
        await asked_by(running, Actor(Role.KIOSK, "kiosk-2"), c.ReserveNumbers("training"))
    alone = machine.alone()
    async with plugged_in(alone, running.url) as cable:
        await until(lambda: len(alone._reserve.free) == 2)
        for _ in range(5):
            await asked_by(running, Actor(Role.KIOSK, "kiosk-2"), WISH)
        count = sum(
            isinstance(asked, c.ReserveNumbers) and asked.field == "training" for asked in cable.asked
        )
    assert count == 1


async def test_visitors_of_another_day_are_dropped_with_a_word(tmp_path: Path, machine: Machine) -> None:
    clock = HandClock()
    async with server_in_process(tmp_path / "house", clock=clock) as running:
        alone = await stocked(machine, running)
        await given(alone, machine)
        clock.forward(24 * 60)
        with capture_logs() as said:
            async with plugged_in(alone, running.url):
                await until(lambda: running.engine.queue.open and whole(alone))
        dropped = [line for line in said if line["event"] == "numbers.of_another_day"]
        assert [(line["day"], line["visitors"]) for line in dropped] == [("2026-09-15", 1)]
        assert codes(running) == []
        assert (await given(alone, machine)).ticket == "T900", "a new day has numbers of its own"


async def test_midnight_between_a_wish_for_numbers_and_its_answer_costs_one_block(
    running: Running, machine: Machine
) -> None:
    yesterday = running.engine.queue.day

    class Late(Cable):
        async def ask(self, command: AnyCommand, request_id: str | None = None) -> Accepted | Refused:
            if running.engine.queue.day == yesterday:
                running.clock.forward(16 * 60)
                running.engine.touch()
                await until(lambda: running.engine.queue.day > yesterday)
            return await super().ask(command, request_id)

    alone = machine.alone()
    async with plugged_in(alone, running.url, cable=Late) as cable:
        await until(lambda: alone.day > yesterday)
        running.clock.forward(8 * 60)
        await until(lambda: whole(alone))
        wishes = [command for command in cable.asked if isinstance(command, c.ReserveNumbers)]
    assert len(wishes) <= 2 * len(CENTRE.fields)


async def test_blocks_are_filled_up_again_and_for_fields_that_open(
    running: Running, machine: Machine
) -> None:
    await asked_by(running, RECEPTION, c.CloseField("work"))
    alone = machine.alone()
    async with plugged_in(alone, running.url):
        await until(lambda: len(alone._reserve.free) == 2)
        assert "work" not in alone._reserve.free
        await asked_by(running, RECEPTION, c.OpenField("work"))
        await until(lambda: whole(alone))


class Paper:
    """A press of which nothing comes out by itself."""

    def __init__(self) -> None:
        self.pending: list[str] = []

    def print(self, one: Given, _day: str, _taken_at: object) -> None:
        self.pending.append(one.ticket)

    async def leave(self) -> None:
        self.pending.clear()

    async def run(self) -> None:
        await asyncio.Event().wait()


async def test_a_slip_that_the_kiosk_printed_is_told_with_the_number(
    running: Running, machine: Machine
) -> None:
    alone = await stocked(machine, running)
    alone.paper = Paper()
    told: list[tuple[str, PrintState]] = []
    alone.on_slip = lambda ticket, slip: told.append((ticket, slip))
    printed, unsure = await given(alone, machine), await given(alone, machine)
    await alone.slip_is(printed.ticket, PrintState.PRINTED)
    async with plugged_in(alone, running.url):
        await until(lambda: whole(alone))
    tickets = running.engine.queue.tickets
    assert (tickets[printed.ticket].slip, tickets[unsure.ticket].slip) == (
        PrintState.PRINTED,
        PrintState.UNKNOWN,
    )
    assert told == [(printed.ticket, PrintState.PRINTED)]


async def test_no_number_is_redeemed_while_its_slip_may_still_come_out(
    running: Running, machine: Machine
) -> None:
    alone = await stocked(machine, running)
    alone.paper = paper = Paper()
    first = await given(alone, machine)
    told: list[tuple[str, bool]] = []

    class Slow(Cable):
        async def ask(self, command: AnyCommand, request_id: str | None = None) -> Accepted | Refused:
            if isinstance(command, c.RedeemTicket):
                told.append((command.ticket, command.ticket in paper.pending))
                if command.ticket == first.ticket:
                    await given(alone, machine)  # this visitor's question had no answer
            return await super().ask(command, request_id)

    async with plugged_in(alone, running.url, cable=Slow):
        await until(lambda: whole(alone))
    assert told == [("T900", False), ("T901", False)]


async def test_no_line_of_a_kiosk_s_log_names_a_ticket_for_it_outlives_the_day(
    running: Running, machine: Machine
) -> None:
    class Refusing:
        async def ask(self, _: AnyCommand, request_id: str | None = None) -> Refused:
            return Refused(request_id or "", RefusalCode.NUMBER_NOT_HELD, "T900")

    with capture_logs() as said:
        alone = await stocked(machine, running)
        ticket = (await given(alone, machine)).ticket
        await alone._redeem(Refusing())  # type: ignore[arg-type]
    assert {"number.given", "number.refused"} <= {line["event"] for line in said}
    assert ticket not in repr(said)


async def test_a_damaged_file_that_was_put_aside_is_forgotten_when_a_day_begins_after_its_time(
    running: Running, machine: Machine
) -> None:
    aside = machine.alone()._keep.path.with_suffix(".damaged")
    aside.parent.mkdir()
    aside.touch()
    os.utime(aside, (machine.wall() - 8 * 86_400,) * 2)
    await stocked(machine, running)
    assert not aside.exists()
