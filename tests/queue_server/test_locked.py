"""A staff terminal at which nobody is signed in may do nothing and is shown nothing; nobody gets past it."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from support.badges import PIN, account, badge
from support.centre import ALL_ROUND, PRIVATE_WORDS, TRAINER
from support.house import BY, Centre, at_work, let_in
from support.rights import ALLOWED, EXAMPLES, ORDERS
from support.servers import PATIENCE_S, Terminal, stranger
from websockets.exceptions import InvalidStatus

from protocol import commands as c
from protocol.badge import Badge
from protocol.codec import encode
from protocol.envelope import Accepted, Present, Refused, Request
from protocol.ids import Role
from protocol.orders import AnyOrder, SignIn, SignOut
from protocol.refusals import RefusalCode
from protocol.views import AnyView, BoardView, CounsellorView, LockedView, ReceptionView
from queue_server import doorkeeper as module
from queue_server import pins

DESK, OTHER = badge(Role.COUNSELLOR, "desk-1", "1"), badge(Role.COUNSELLOR, "desk-2", "2")
FRONT, KIOSK, BOARD = (
    badge(Role.RECEPTION, "reception-1"),
    badge(Role.KIOSK, "kiosk-1"),
    badge(Role.BOARD, "board-1"),
)
HOST, HOST_TOO = "host-1", "host-2"
FRONT_TOO = badge(Role.RECEPTION, "reception-2")
STAFF = {Role.COUNSELLOR: (DESK, ALL_ROUND), Role.RECEPTION: (FRONT, HOST)}
ISSUE = c.IssueTicket(field="training", languages=("fr",), screen_language="fr")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK_S", 0.01)


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[Centre]:
    async with at_work(tmp_path) as found:
        team = [account(ALL_ROUND, Role.COUNSELLOR), account(TRAINER, Role.COUNSELLOR)]
        hosts = [account(HOST, Role.RECEPTION), account(HOST_TOO, Role.RECEPTION)]
        await found.console.add_staff([*team, *hosts], BY)
        await let_in(found.console, DESK, OTHER, FRONT, FRONT_TOO, KIOSK, BOARD)
        await until_known(found)
        yield found


async def until_known(centre: Centre) -> None:
    """The server has looked, and knows every terminal."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            with suppress(InvalidStatus):
                async with stranger(centre.url, BOARD.token):
                    return


async def is_shown(guest: Terminal, kind: type[AnyView]) -> AnyView:
    return await guest.view(lambda view: isinstance(view, kind))


async def refused(guest: Terminal, command: c.AnyCommand | AnyOrder) -> RefusalCode:
    answer = await guest.ask(command)
    assert isinstance(answer, Refused), answer
    return answer.code


async def signs_in(guest: Terminal, staff: str, pin: str = PIN) -> None:
    answer = await guest.ask(SignIn(staff=staff, pin=pin))
    assert isinstance(answer, Accepted), answer


def actors(centre: Centre) -> list[str]:
    """Who did what, as the day's log has it."""
    [day] = (centre.directory / "days").glob("*.db")
    with closing(sqlite3.connect(day)) as db:
        return [actor for (actor,) in db.execute("SELECT actor FROM events ORDER BY position")]


@pytest.mark.parametrize("role", STAFF)
async def test_nothing_can_be_asked_of_a_locked_terminal_but_to_sign_in(centre: Centre, role: Role) -> None:
    async with stranger(centre.url, STAFF[role][0].token) as guest:
        await is_shown(guest, LockedView)
        before = actors(centre)
        for command in (*EXAMPLES, *ORDERS):
            denied = role.value[0] not in ALLOWED[type(command)]
            said = RefusalCode.NOT_ALLOWED if denied else RefusalCode.LOCKED
            if isinstance(command, SignIn):
                said = RefusalCode.WRONG_PIN
            assert await refused(guest, command) is said, command
        assert actors(centre) == before


@pytest.mark.parametrize("role", STAFF)
async def test_a_locked_terminal_is_shown_nothing_of_the_queue(centre: Centre, role: Role) -> None:
    own, staff = STAFF[role]
    async with (
        stranger(centre.url, own.token) as guest,
        stranger(centre.url, KIOSK.token) as kiosk,
        stranger(centre.url, BOARD.token) as board,
    ):
        await is_shown(guest, LockedView)
        await kiosk.answer()
        assert isinstance(await kiosk.ask(ISSUE), Accepted)
        await board.view(lambda view: isinstance(view, BoardView) and view.fields[0].waiting_total == 1)
        await signs_in(guest, staff)
        view = await guest.view(lambda view: isinstance(view, CounsellorView | ReceptionView))
        assert isinstance(view, CounsellorView | ReceptionView)
        assert view.fields[0].waiting_total == 1
        assert view.staff == staff
        first = next(at for at, frame in enumerate(guest.frames) if b'"waiting_total"' in frame)
        before = b"".join(guest.frames[:first]).decode()
        for word in ("T001", "training", "waiting", *PRIVATE_WORDS):
            assert word not in before.replace('"staff-1"', "")


async def test_what_a_person_does_at_a_terminal_is_kept_with_the_person(centre: Centre) -> None:
    async with stranger(centre.url, DESK.token) as desk:
        await desk.answer()
        await signs_in(desk, ALL_ROUND)
        assert isinstance(await desk.ask(c.OpenDesk(ALL_ROUND)), Accepted)
        assert actors(centre)[-1] == f"counsellor:desk-1:1:{ALL_ROUND}"
        assert isinstance(await desk.ask(SignOut()), Accepted)
        await desk.view(lambda view: isinstance(view, LockedView) and view.last == ALL_ROUND)
        await signs_in(desk, TRAINER)
        assert isinstance(await desk.ask(c.CloseDesk()), Accepted), "a colleague clears a desk left open"
        assert actors(centre)[-1] == f"counsellor:desk-1:1:{TRAINER}"


async def test_each_desk_is_shown_itself_and_who_is_signed_in_there(centre: Centre) -> None:
    async with stranger(centre.url, DESK.token) as desk, stranger(centre.url, OTHER.token) as other:
        for guest, staff in ((desk, ALL_ROUND), (other, TRAINER)):
            await guest.answer()
            await signs_in(guest, staff)
        assert isinstance(await desk.ask(c.OpenDesk(ALL_ROUND)), Accepted)
        opened = await desk.view(lambda view: isinstance(view, CounsellorView) and bool(view.desk.counsellor))
        beside = await other.view(
            lambda view: isinstance(view, CounsellorView) and view.version >= opened.version
        )
        assert isinstance(opened, CounsellorView)
        assert isinstance(beside, CounsellorView)
        assert (opened.desk.desk, opened.staff) == ("1", ALL_ROUND)
        assert (beside.desk.desk, beside.desk.counsellor, beside.staff) == ("2", None, TRAINER)


async def test_each_reception_is_shown_who_is_signed_in_there(centre: Centre) -> None:
    async with stranger(centre.url, FRONT.token) as front, stranger(centre.url, FRONT_TOO.token) as beside:
        for guest, staff in ((front, HOST), (beside, HOST_TOO)):
            await guest.answer()
            await signs_in(guest, staff)
        for guest, staff in ((front, HOST), (beside, HOST_TOO)):
            view = await is_shown(guest, ReceptionView)
            assert isinstance(view, ReceptionView)
            assert view.staff == staff


async def test_nobody_opens_a_desk_in_the_name_of_a_colleague(centre: Centre) -> None:
    async with stranger(centre.url, DESK.token) as desk:
        await desk.answer()
        await signs_in(desk, TRAINER)
        assert await refused(desk, c.OpenDesk(ALL_ROUND)) is RefusalCode.NOT_YOURSELF


async def test_a_terminal_left_alone_is_locked_by_the_server_and_shows_nothing_more(centre: Centre) -> None:
    async with stranger(centre.url, FRONT.token) as front, stranger(centre.url, DESK.token) as desk:
        for guest, staff in ((front, HOST), (desk, ALL_ROUND)):
            await guest.answer()
            await signs_in(guest, staff)
        await is_shown(front, ReceptionView)
        centre.clock.forward(9)
        await desk.say(Present())
        assert await refused(desk, c.CallNext()) is RefusalCode.DESK_CLOSED
        centre.clock.forward(1)
        assert await refused(front, c.OpenDay()) is RefusalCode.LOCKED
        await is_shown(front, LockedView)
        centre.clock.forward(8)
        assert await refused(desk, c.CallNext()) is RefusalCode.DESK_CLOSED, "it was touched meanwhile"
        await until_signed_in_are(centre, {"desk-1"})


async def until_signed_in_are(centre: Centre, devices: set[str]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while {one.device for one in (await centre.console.members()).sessions} != devices:
            pass


@pytest.mark.parametrize("what", ["removed", "reset"])
async def test_who_is_removed_or_reset_on_the_console_is_signed_out_while_at_work(
    centre: Centre, what: str
) -> None:
    async with stranger(centre.url, DESK.token) as desk:
        await desk.answer()
        await signs_in(desk, ALL_ROUND)
        await is_shown(desk, CounsellorView)
        if what == "removed":
            assert await centre.console.remove_staff([ALL_ROUND], BY) == []
        else:
            assert await centre.console.reset([account(ALL_ROUND, Role.COUNSELLOR)], BY) == []
        await is_shown(desk, LockedView)
        assert await refused(desk, c.CallNext()) is RefusalCode.LOCKED


async def test_a_new_line_of_the_same_terminal_finds_its_person_signed_in(centre: Centre) -> None:
    async with stranger(centre.url, DESK.token) as desk:
        await desk.answer()
        await signs_in(desk, ALL_ROUND)
    async with stranger(centre.url, DESK.token) as desk:
        view = await is_shown(desk, CounsellorView)
        assert isinstance(view, CounsellorView)
        assert view.staff == ALL_ROUND


async def test_a_sign_in_that_is_said_again_later_signs_nobody_in(centre: Centre) -> None:
    overheard = encode(Request("question-of-desk-1-01", SignIn(staff=ALL_ROUND, pin=PIN))).decode()
    async with stranger(centre.url, DESK.token) as desk:
        await desk.answer()
        await desk.say(overheard)
        assert isinstance(await desk.answer(), Accepted)
        assert isinstance(await desk.ask(SignOut()), Accepted)
    async with stranger(centre.url, DESK.token) as desk:
        await desk.answer()
        await desk.say(overheard)
        await desk.answer()
        assert await refused(desk, c.CallNext()) is RefusalCode.LOCKED


async def test_a_terminal_left_alone_is_shown_locked_while_nothing_can_be_written_down(
    centre: Centre,
) -> None:
    async with stranger(centre.url, FRONT.token) as front:
        await front.answer()
        await signs_in(front, HOST)
        await is_shown(front, ReceptionView)
        with closing(sqlite3.connect(centre.directory / "registry.db", isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            centre.clock.forward(10)
            await is_shown(front, LockedView)
            other.execute("ROLLBACK")


async def test_the_trail_does_not_name_who_was_there_for_what_who_comes_has_typed(centre: Centre) -> None:
    async with stranger(centre.url, DESK.token) as desk:
        await desk.answer()
        await signs_in(desk, ALL_ROUND)
        assert await refused(desk, SignIn(staff=TRAINER, pin="111111")) is RefusalCode.WRONG_PIN
    [*_, deed] = await centre.console.trail()
    assert (deed.by.actor, deed.about) == ("counsellor:desk-1:1", TRAINER)


@pytest.mark.parametrize("own", [KIOSK, BOARD], ids=["kiosk", "board"])
async def test_nobody_signs_in_at_a_terminal_of_the_visitors(centre: Centre, own: Badge) -> None:
    async with stranger(centre.url, own.token) as guest:
        await guest.answer()
        assert await refused(guest, SignIn(staff=ALL_ROUND, pin=PIN)) is RefusalCode.NOT_ALLOWED
        assert await refused(guest, c.CallNext()) is RefusalCode.NOT_ALLOWED


async def test_a_terminal_that_is_removed_takes_its_person_with_it(centre: Centre) -> None:
    async with stranger(centre.url, DESK.token) as desk:
        await desk.answer()
        await signs_in(desk, ALL_ROUND)
    assert await centre.console.remove(["desk-1"], BY) == []
    await let_in(centre.console, DESK)
    await until_signed_in_are(centre, set())


async def test_while_a_pin_is_reckoned_the_queue_goes_on(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    reckoned = threading.Event()
    fits = pins._fits

    def slow(digest: str, pin: str) -> bool:
        assert reckoned.wait(PATIENCE_S)
        return fits(digest, pin)

    monkeypatch.setattr(pins, "_fits", slow)
    async with stranger(centre.url, DESK.token) as desk, stranger(centre.url, KIOSK.token) as kiosk:
        for guest in (desk, kiosk):
            await guest.answer()
        await desk.say(Request("question-of-desk-1-02", SignIn(staff=ALL_ROUND, pin=PIN)))
        assert isinstance(await kiosk.ask(ISSUE), Accepted)
        reckoned.set()
        assert isinstance(await desk.answer(), Accepted)


async def test_the_words_of_a_sign_in_are_in_no_log_and_no_trail(
    centre: Centre, capsys: pytest.CaptureFixture[str]
) -> None:
    async with stranger(centre.url, DESK.token) as desk:
        await desk.answer()
        await desk.ask(SignIn(staff=ALL_ROUND, pin="739154"))
        await desk.say(
            '{"type":"request","id":"question-malformed-1","command":{"type":"sign_in","pin":"739154x"}}'
        )
        malformed = await desk.answer()
        assert isinstance(malformed, Refused)
        assert "739154" not in malformed.detail
        await signs_in(desk, ALL_ROUND)
    said = capsys.readouterr()
    kept = (centre.directory / "registry.db").read_bytes() + actors(centre)[-1].encode()
    assert b"739154" not in kept
    assert "739154" not in said.out + said.err
    assert PIN not in said.out + said.err
