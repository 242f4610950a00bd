"""What is kept no longer is nowhere any more: not in a file, not in what SQLite leaves of what it deletes."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from time import time

import pytest
from msgspec import Struct
from msgspec.structs import replace
from support.badges import enrol
from support.centre import ALL_ROUND, small_centre
from support.servers import PATIENCE_S, HandClock, terminal, until
from support.watched_files import connections

from protocol import commands as c
from protocol.envelope import Accepted, TicketGiven
from protocol.ids import Role
from queue_server import closing
from queue_server.app import serve_house
from queue_server.store.backup import back_up
from queue_server.store.house import House
from queue_server.store.restore import restore

KEPT_DAYS = 2
COMES, TAKES, LEAVES = "2026-09-15T10:05", "2026-09-15T10:07", "2026-09-15T10:12"
LATER = "2026-09-18T10:00"
"""The first day on which nothing is kept of that one."""
TAKEN_AT = (b"2026-09-15T10:07", b"2026-09-15T08:07")
"""When tickets were taken, as a file may have it."""


def clock(at: str) -> HandClock:
    return HandClock(datetime.fromisoformat(f"{at}:13.421337+02:00"))


@asynccontextmanager
async def at_work(directory: Path, hall: HandClock) -> AsyncIterator[str]:
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    stop, house, centre = asyncio.Event(), House(directory), small_centre()
    centre = replace(centre, rules=replace(centre.rules, keep_days=KEPT_DAYS))
    house.lock()
    server = asyncio.create_task(serve_house(centre, house, hall, ("127.0.0.1", 0), stop, address.set_result))
    try:
        yield await asyncio.wait_for(address, PATIENCE_S)
    finally:
        stop.set()
        await asyncio.wait_for(server, PATIENCE_S)
        house.unlock()


class Visits(Struct):
    """What was given to visitors of a day."""

    codes: list[bytes] = []
    tokens: list[bytes] = []


async def a_day_of_visits(directory: Path) -> Visits:
    """Three visitors: one is served, one is called, one waits when the day is over."""
    visits, hall = Visits(), clock(COMES)
    async with (
        at_work(directory, hall) as url,
        terminal(url, Role.KIOSK, "kiosk-1") as kiosk,
        terminal(url, Role.COUNSELLOR, "desk-1", "1") as desk,
    ):
        assert isinstance(await desk.ask(c.OpenDesk(ALL_ROUND)), Accepted)
        hall.forward(minutes=2)
        for _ in range(3):
            answer = await kiosk.ask(c.IssueTicket(field="work", languages=("fr",), screen_language="fr"))
            assert isinstance(answer, Accepted), answer
            assert isinstance(answer.outcome, TicketGiven)
            visits.codes.append(answer.outcome.ticket.encode())
            visits.tokens.append(answer.outcome.token.encode())
        first = visits.codes[0].decode()
        for command in (c.CallNext(), c.StartServing(first), c.Finish(first), c.CallNext()):
            assert isinstance(await desk.ask(command), Accepted)
        hall.forward(minutes=5)
    return visits


def found(directory: Path, words: list[bytes] | tuple[bytes, ...]) -> dict[str, list[bytes]]:
    """In which files any of these words stand."""
    files = {path: path.read_bytes() for path in directory.rglob("*") if path.is_file()}
    there = {path.name: [word for word in words if word in kept] for path, kept in files.items()}
    return {name: words for name, words in there.items() if words}


def put_aside(path: Path, word: bytes) -> None:
    """A list that was damaged on that day."""
    path.write_bytes(word)
    then = time() - timedelta(days=KEPT_DAYS).total_seconds() - 1
    os.utime(path, (then, then))


def copied(directory: Path, backup: Path) -> None:
    back_up(directory, backup, lambda _done, _of: None)


async def test_after_its_time_nothing_of_a_visit_is_found_in_any_byte_of_the_server_or_of_its_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "STANDS_S", 0.0)
    data, backup = tmp_path / "data", tmp_path / "backup"
    enrol(data)
    visits = await a_day_of_visits(data)
    copied(data, backup)
    assert {"2026-09-15.db", "spool.db"} <= set(found(data, visits.codes)) & set(found(data, TAKEN_AT))
    assert found(backup, visits.codes)
    put_aside(data / "spool.damaged", visits.codes[0])
    async with at_work(data, clock(LATER)):
        await until(lambda: not (data / "days" / "2026-09-15.db").exists())
        copied(data, backup)
        for place in (data, backup):
            assert found(place, [*visits.codes, *visits.tokens, *TAKEN_AT]) == {}
    for place in (data, backup):
        assert found(place, [*visits.codes, *visits.tokens, *TAKEN_AT]) == {}
        assert list(place.glob("statistics*.db"))


async def test_the_secret_of_a_ticket_is_in_no_file_even_while_its_day_goes_on(tmp_path: Path) -> None:
    data, backup = tmp_path / "data", tmp_path / "backup"
    enrol(data)
    visits = await a_day_of_visits(data)
    copied(data, backup)
    assert found(tmp_path, visits.tokens) == {}


async def test_every_file_of_ours_is_written_so_that_what_is_deleted_is_overwritten(tmp_path: Path) -> None:
    data, backup = tmp_path / "data", tmp_path / "backup"
    enrol(data)
    with connections() as closed:
        await a_day_of_visits(data)
        async with at_work(data, clock(LATER)):
            await until((data / "statistics.db").exists)
        copied(data, backup)
        restore(backup, data, lambda _done, _of: None, replace=True)
        async with at_work(data, clock(LATER)):
            pass
    files = {Path(connection.file).name for connection in closed}
    assert files == {"2026-09-15.db", "2026-09-18.db", "spool.db", "registry.db", "statistics.db"}
    assert all(connection.secure_delete for connection in closed), closed
