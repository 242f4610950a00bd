"""The process that plays the queue on: what it says, and what happens when it says nothing any more."""

import asyncio
import io
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Literal

import msgspec
import pytest
from support.centre import WORKER, small_centre
from support.queue import RECEPTION, Hall, at_desk
from support.servers import until

from config.model import Rules
from config.roster import Roster, opening
from protocol import commands as c
from queue_server import forecaster as module
from queue_server.core.housekeeping import EndIntake
from queue_server.core.legs import LegEnd
from queue_server.core.past import PastCycle, Recent
from queue_server.forecast.outlook import Basis, Outlook, Question, outlook
from queue_server.forecast.rollouts import Newcomer
from queue_server.forecast.sight import situation_of
from queue_server.forecaster import Forecaster, Foresight, Pipes, in_a_process
from queue_server.foresight import LENGTH_BYTES, NICENESS, answer_all, framed

HOURS = partial(opening, Roster(), small_centre())
LIMITS_S = {"training": 2700.0, "work": 2700.0, "abroad": 2700.0}


def busy_hall() -> Hall:
    """One visitor at the only desk, two who wait."""
    hall = Hall()
    hall.sit()
    hall.issue("work")
    hall.ask(c.CallNext(), at_desk("1"))
    for _ in range(2):
        hall.issue("work")
    return hall


@asynccontextmanager
async def foreseeing(begun: Foresight = in_a_process) -> AsyncIterator[tuple[Forecaster, list[None]]]:
    """A forecaster at work, and how often it has said that something has changed."""
    changes: list[None] = []
    ended: list[EndIntake] = []
    forecaster = Forecaster(small_centre(), lambda: changes.append(None), ended.append, HOURS, begun=begun)
    running = asyncio.create_task(forecaster.run())
    try:
        yield forecaster, changes
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def told(forecaster: Forecaster, hall: Hall, *languages: str) -> bool:
    return forecaster.foreseen("work", languages or ("fr",), hall.now, priority=False) is not None


async def test_a_newcomer_is_told_when_those_before_will_have_been_served() -> None:
    hall = busy_hall()
    async with foreseeing() as (forecaster, _):
        assert not told(forecaster, hall)
        forecaster.look(hall.queue, hall.now)
        await until(lambda: told(forecaster, hall))
        found = forecaster.foreseen("work", ("fr",), hall.now, priority=False)
        assert found is not None
        assert 20 * 60 < found.early_s < found.middle_s < found.upper_s < 4 * 3600
        hall.wait(2)
        later = forecaster.foreseen("work", ("fr",), hall.now, priority=False)
        assert later is not None
        assert later.middle_s == found.middle_s - 120


async def test_what_was_foreseen_long_ago_is_told_nobody() -> None:
    hall = busy_hall()
    async with foreseeing() as (forecaster, _):
        forecaster.look(hall.queue, hall.now)
        await until(lambda: told(forecaster, hall))
        hall.wait(3)
        assert told(forecaster, hall)
        hall.wait(0.1)
        assert not told(forecaster, hall)


async def test_whoever_speaks_several_languages_is_told_the_soonest_of_them() -> None:
    hall = busy_hall()
    async with foreseeing() as (forecaster, _):
        forecaster.look(hall.queue, hall.now)
        await until(lambda: told(forecaster, hall))
        each = [
            forecaster.foreseen("work", (language,), hall.now, priority=False) for language in ("fr", "nl")
        ]
        both = forecaster.foreseen("work", ("fr", "nl"), hall.now, priority=False)
        assert both in each
        assert both is not None
        assert all(one is not None and both.middle_s <= one.middle_s for one in each)


async def test_a_visitor_with_priority_is_told_the_wait_of_the_place_that_priority_gives() -> None:
    hall = busy_hall()
    hall.wait(5)
    async with foreseeing() as (forecaster, _):
        forecaster.look(hall.queue, hall.now)
        await until(lambda: told(forecaster, hall))
        ahead, behind = (
            forecaster.foreseen("work", ("fr",), hall.now, priority=priority) for priority in (True, False)
        )
        assert ahead is not None
        assert behind is not None
        assert ahead.upper_s < behind.early_s  # both who wait have come less than a quarter of an hour ago


async def test_within_a_minute_in_which_nothing_happens_nothing_is_asked_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[bytes] = []
    monkeypatch.setattr(module, "framed", lambda body: asked.append(body) or framed(body))
    hall = busy_hall()
    hall.wait(-(hall.now.timestamp() % 60) / 60)
    async with foreseeing() as (forecaster, _):
        for seconds, questions in ((1, 1), (30, 1), (28, 1), (1, 2), (59, 2), (1, 3)):
            hall.wait(seconds / 60)
            forecaster.look(hall.queue, hall.now)
            await until(lambda wanted=questions: len(asked) == wanted and not forecaster._asked.is_set())
            await until(lambda: not forecaster._out)


async def test_nothing_is_asked_twice_of_one_moment_and_one_question_is_out_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[int] = []

    def counted(body: bytes) -> bytes:
        asked.append(len(body))
        return framed(body)

    monkeypatch.setattr(module, "framed", counted)
    hall = busy_hall()
    async with foreseeing() as (forecaster, changes):
        forecaster.look(hall.queue, hall.now)
        forecaster.look(hall.queue, hall.now)
        await until(lambda: len(asked) == 1)
        hall.issue("work")
        forecaster.look(hall.queue, hall.now)
        assert len(changes) == 0
        await until(lambda: len(changes) == 1)
        assert len(asked) == 1
        forecaster.look(hall.queue, hall.now)
        await until(lambda: len(asked) == 2)
        await until(lambda: len(changes) == 2)
        forecaster.look(hall.queue, hall.now)
        hall.issue("training")
        forecaster.look(hall.queue, hall.now)
        await until(lambda: len(asked) == 3)


async def test_where_nothing_else_is_told_no_picture_is_made_anew() -> None:
    hall = busy_hall()
    alike = tuple(PastCycle("work", "fr", 60) for _ in range(100))
    async with foreseeing() as (forecaster, changes):
        forecaster.learn(Recent(cycles=alike, ends={LegEnd.SERVED: 100}))  # nothing is left to chance
        changes.clear()
        forecaster.look(hall.queue, hall.now)
        await until(lambda: len(changes) == 1)
        told_before = forecaster.prospects(hall.now)
        hall.ask(c.PostMessage({"fr": "Bonjour"}), RECEPTION)
        forecaster.look(hall.queue, hall.now)
        await until(lambda: forecaster._foretold.outlook.version == hall.queue.version)
        assert forecaster.prospects(hall.now) == told_before
        assert len(changes) == 1


async def test_what_the_last_days_teach_changes_what_is_told() -> None:
    hall = busy_hall()
    async with foreseeing() as (forecaster, _):
        forecaster.look(hall.queue, hall.now)
        await until(lambda: told(forecaster, hall))
        guessed = forecaster.foreseen("work", ("fr",), hall.now, priority=False)
        quick = tuple(PastCycle("work", "fr", 10) for _ in range(100))
        forecaster.learn(Recent(cycles=quick))
        forecaster.look(hall.queue, hall.now)
        await until(lambda: forecaster.foreseen("work", ("fr",), hall.now, priority=False) != guessed)
        found = forecaster.foreseen("work", ("fr",), hall.now, priority=False)
        assert found is not None
        assert found.middle_s == 3 * 300 - 120  # the visitor at the desk was called two minutes ago


@asynccontextmanager
async def program(code: str) -> AsyncIterator[Pipes]:
    """Any program instead of the one that plays the queue on."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield process.stdin, process.stdout
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


BROKEN = {
    "ends at once": "raise SystemExit(1)",
    "says nothing": "import time; time.sleep(1000)",
    "says far too much": r"import os; os.write(1, b'\xff' * 64); os.read(0, 1)",
    "says what is no answer": r"import os; os.write(1, b'\0\0\0\1x'); os.read(0, 1)",
}


@pytest.mark.parametrize("how", BROKEN)
async def test_whoever_fails_is_followed_by_another_and_meanwhile_nothing_is_told(
    how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AGAIN_S", 0.01)
    monkeypatch.setattr(module, "ANSWER_MAX_S", 0.3 if how == "says nothing" else 10.0)
    begun: list[str] = []

    def next_one() -> object:
        begun.append(how)
        return program(BROKEN[how]) if len(begun) == 1 else in_a_process()

    hall = busy_hall()
    async with foreseeing(next_one) as (forecaster, changes):  # type: ignore[arg-type]
        forecaster.look(hall.queue, hall.now)
        await until(lambda: len(changes) == 1)
        assert not told(forecaster, hall)
        monkeypatch.setattr(module, "ANSWER_MAX_S", 10.0)
        forecaster.look(hall.queue, hall.now)
        await until(lambda: told(forecaster, hall))
        assert len(begun) == 2


async def test_a_process_that_is_killed_is_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AGAIN_S", 0.01)
    hall = busy_hall()
    async with foreseeing() as (forecaster, _):
        forecaster.look(hall.queue, hall.now)
        await until(lambda: told(forecaster, hall))
        [child] = children()
        os.kill(child, signal.SIGKILL)
        hall.issue("work")
        forecaster.look(hall.queue, hall.now)
        await until(lambda: not told(forecaster, hall))
        forecaster.look(hall.queue, hall.now)
        await until(lambda: told(forecaster, hall))
        assert children() != [child]
    assert children() == []


async def test_the_process_gives_way_to_the_server_and_does_not_hear_an_interrupt_at_the_keyboard() -> None:
    """Its niceness counts only beside a server of the same session, where Linux groups processes by it."""
    hall = busy_hall()
    async with foreseeing() as (forecaster, _):
        forecaster.look(hall.queue, hall.now)
        await until(lambda: told(forecaster, hall))
        (child,) = children()
        own, its = (os.getpriority(os.PRIO_PROCESS, pid) for pid in (0, child))
        assert its == min(own + NICENESS, NICENESS_MAX)
        assert os.getsid(child) == os.getsid(0)
        assert os.getpgid(child) != os.getpgid(0)


NICENESS_MAX = 19
"""Of Linux."""


def children() -> list[int]:
    """Processes of this one that play a queue on."""
    tasks = Path(f"/proc/{os.getpid()}/task")
    found = [int(pid) for task in tasks.iterdir() for pid in (task / "children").read_text().split()]
    return [pid for pid in found if b"queue_server.foresight" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def asked(hall: Hall, basis: Basis | None) -> Question:
    return Question(
        basis=basis,
        situation=situation_of(hall.queue, hall.now, None),
        newcomers=(Newcomer("work", ("fr",)), Newcomer("training", ("nl",))),
        level=0.9,
    )


def test_the_process_says_what_the_forecast_says_and_keeps_what_holds_for_the_day() -> None:
    hall, basis = busy_hall(), Basis(LIMITS_S)
    first = asked(hall, basis)
    hall.issue("work")
    second = asked(hall, None)
    questions = io.BytesIO(b"".join(framed(msgspec.msgpack.encode(one)) for one in (first, second)))
    answers = io.BytesIO()
    answer_all(questions, answers)
    answers.seek(0)

    def read() -> Outlook:
        length = int.from_bytes(answers.read(LENGTH_BYTES), "big")
        return msgspec.msgpack.decode(answers.read(length), type=Outlook)

    assert read() == outlook(first, basis)
    assert read() == outlook(second, basis)
    assert answers.read() == b""


def late_hall(minutes_before_closing: float, *, kind: Literal["forecast", "closing"] = "forecast") -> Hall:
    """A desk that serves work in French alone, with a visitor, so long before the doors close."""
    centre = small_centre(Rules(last_tickets=kind))
    hall = Hall(centre)
    hall.wait(7 * 60 - minutes_before_closing)
    hall.sit("1", WORKER)
    hall.issue("work")
    hall.ask(c.CallNext(), at_desk("1"))
    hall.wait(1)
    return hall


async def over(hall: Hall) -> list[EndIntake]:
    """The cells that are ended once this moment was played on."""
    ended: list[EndIntake] = []
    changes: list[None] = []
    forecaster = Forecaster(
        hall.centre, lambda: changes.append(None), ended.append, HOURS, begun=in_a_process
    )
    running = asyncio.create_task(forecaster.run())
    forecaster.look(hall.queue, hall.now)
    await until(lambda: bool(changes))
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return ended


async def test_a_cell_is_ended_when_whoever_comes_now_would_not_be_served_by_closing() -> None:
    assert await over(late_hall(110)) == []
    assert await over(late_hall(40)) == [EndIntake((("work", "fr"),))]


async def test_a_cell_that_nobody_serves_is_not_ended_for_somebody_may_still_come() -> None:
    [ended] = await over(late_hall(40))
    assert ("training", "fr") not in ended.cells


async def test_without_a_roster_nothing_is_ended_long_before_closing() -> None:
    hall = late_hall(180)
    for _ in range(12):
        hall.issue("work")
    assert await over(hall) == []


async def test_a_centre_may_give_tickets_until_it_closes() -> None:
    assert await over(late_hall(40, kind="closing")) == []


async def test_a_day_that_is_open_after_its_hours_is_ended_by_nobody_but_reception() -> None:
    assert await over(late_hall(-30)) == []


async def test_what_is_ended_already_is_not_ended_again() -> None:
    hall = late_hall(40)
    hall.keep_house(EndIntake((("work", "fr"),)))
    assert await over(hall) == []


async def test_what_reception_holds_open_is_not_asked_to_end_and_has_no_last_ticket() -> None:
    hall = late_hall(110)
    assert ("work", "fr") in await last_tickets(hall)
    hall.ask(c.HoldIntake("work", "fr", c.IntakeHold.OPEN), RECEPTION)
    assert ("work", "fr") not in await last_tickets(hall)
    hall = late_hall(40)
    hall.ask(c.HoldIntake("work", "fr", c.IntakeHold.OPEN), RECEPTION)
    assert await over(hall) == []


async def last_tickets(hall: Hall) -> set[tuple[str, str]]:
    """Cells of which staff is told until when tickets are given, once this moment was played on."""
    async with foreseeing() as (forecaster, changes):
        forecaster.look(hall.queue, hall.now)
        await until(lambda: bool(changes))
        return {(one.field, one.language) for one in forecaster.prospects(hall.now).last_tickets}
