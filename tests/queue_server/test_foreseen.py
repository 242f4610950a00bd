"""What visitors, staff and boards are told of the wait by a whole server that plays its queue on."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from msgspec import Struct
from support.badges import SMALLVILLE, enrol
from support.centre import ALL_ROUND
from support.house import BY
from support.servers import HandClock, Terminal, terminal
from support.visits import COMES, at_work, clock

from config.roster import Holiday, Roster, Shift, roster_of
from protocol import commands as c
from protocol.envelope import Accepted, TicketGiven
from protocol.ids import Role
from protocol.views import AnyView, BoardView, CounsellorView, FieldQueue, KioskView, ReceptionView, Stage
from protocol.waits import WaitKind
from queue_server.app import Beside
from queue_server.forecaster import in_a_process
from queue_server.store.house import House

FORESEEING = Beside(foresight=in_a_process)


class Place(Struct):
    """A server at work, with a terminal of each kind."""

    kiosk: Terminal
    desk: Terminal
    reception: Terminal
    board: Terminal
    clock: HandClock

    async def visitor(self, *languages: str) -> TicketGiven:
        answer = await self.kiosk.ask(
            c.IssueTicket(field="work", languages=languages or ("fr",), screen_language="fr")
        )
        assert isinstance(answer, Accepted), answer
        assert isinstance(answer.outcome, TicketGiven)
        return answer.outcome


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    enrol(tmp_path, team=SMALLVILLE)
    hall = clock(COMES)
    async with (
        at_work(tmp_path, hall, FORESEEING) as url,
        terminal(url, Role.KIOSK, "kiosk-1") as kiosk,
        terminal(url, Role.COUNSELLOR, "desk-1", "1") as desk,
        terminal(url, Role.RECEPTION) as reception,
        terminal(url, Role.BOARD) as board,
    ):
        yield Place(kiosk, desk, reception, board, hall)


def work(view: AnyView) -> FieldQueue:
    assert isinstance(view, KioskView | BoardView | CounsellorView | ReceptionView)
    return next(field for field in view.fields if field.field == "work")


def kind(view: AnyView) -> WaitKind | None:
    expected = work(view).expected.get("fr")
    return None if expected is None else expected.kind


async def opened(place: Place) -> None:
    assert isinstance(await place.desk.ask(c.OpenDesk(ALL_ROUND)), Accepted)
    assert isinstance(await place.desk.ask(c.CallNext()), Accepted)


async def test_before_anybody_is_there_nobody_is_planned(place: Place) -> None:
    view = await place.kiosk.view(lambda view: kind(view) is not None)
    assert kind(view) is WaitKind.NOBODY


async def test_whoever_waits_while_nobody_is_in_sight_is_told_so_and_staff_sees_it_until_somebody_comes(
    place: Place,
) -> None:
    await place.kiosk.view(lambda view: kind(view) is WaitKind.NOBODY)
    given = await place.visitor()
    assert (given.nobody, given.window) == (True, None)

    def waits_for(nobody: bool) -> Callable[[AnyView], bool]:
        def seen(view: AnyView) -> bool:
            assert isinstance(view, ReceptionView)
            return [(one.ticket, one.nobody) for one in view.waiting] == [(given.ticket, nobody)]

        return seen

    await place.reception.view(waits_for(nobody=True))
    assert isinstance(await place.desk.ask(c.OpenDesk(ALL_ROUND)), Accepted)
    view = await place.reception.view(waits_for(nobody=False))
    assert isinstance(view, ReceptionView)
    assert view.waiting[0].window is not None


async def test_where_a_desk_is_ready_whoever_comes_is_called_at_once_and_told_no_time(place: Place) -> None:
    await opened(place)
    await place.kiosk.view(lambda view: kind(view) is WaitKind.AT_ONCE)
    assert (await place.visitor()).window is None


async def test_whoever_waits_is_told_a_window_everywhere_the_same(place: Place) -> None:
    await opened(place)
    await place.visitor()
    await place.kiosk.view(lambda view: kind(view) is WaitKind.WINDOW)
    given = await place.visitor()
    assert given.window is not None
    assert place.clock.now() < given.window.begins_at < given.window.ends_at
    assert given.window.back_by <= given.window.begins_at
    assert given.window.ends_at - place.clock.now() < timedelta(hours=3)

    def told(view: AnyView) -> bool:
        assert isinstance(view, CounsellorView | ReceptionView)
        return any(ticket.ticket == given.ticket and ticket.window is not None for ticket in view.waiting)

    for staff in (place.desk, place.reception):
        view = await staff.view(told)
        assert isinstance(view, CounsellorView | ReceptionView)
        [waiting] = [ticket for ticket in view.waiting if ticket.ticket == given.ticket]
        assert waiting.window == given.window
    for screen in (place.kiosk, place.board, place.desk, place.reception):
        expected = work(await screen.view(lambda view: work(view).waiting_total == 1)).expected["fr"]
        assert expected.window is not None
        assert expected.window.ends_at >= given.window.begins_at


async def test_a_visitor_who_is_called_waits_no_more(place: Place) -> None:
    await opened(place)
    first = await place.visitor()
    await place.kiosk.view(lambda view: kind(view) is WaitKind.WINDOW)
    second = await place.visitor()
    for command in (c.StartServing(first.ticket), c.Finish(first.ticket), c.CallNext()):
        assert isinstance(await place.desk.ask(command), Accepted)

    def called(view: AnyView) -> bool:
        assert isinstance(view, CounsellorView)
        return view.current is not None and view.current.ticket == second.ticket

    view = await place.desk.view(called)
    assert isinstance(view, CounsellorView)
    assert view.current is not None
    assert (view.current.stage, view.current.window) == (Stage.CALLED, None)


async def test_what_a_visitor_was_told_is_in_the_log_and_a_repeated_question_hears_it_again(
    place: Place, tmp_path: Path
) -> None:
    await opened(place)
    await place.visitor()
    await place.kiosk.view(lambda view: kind(view) is WaitKind.WINDOW)
    wish = c.IssueTicket(field="work", languages=("fr",), screen_language="fr")
    first = await place.kiosk.ask(wish, "one-and-the-same-question")
    place.clock.forward(minutes=1)
    again = await place.kiosk.ask(wish, "one-and-the-same-question")
    assert first == again
    assert isinstance(first, Accepted)
    assert isinstance(first.outcome, TicketGiven)
    assert first.outcome.window is not None
    log = House(tmp_path).day_log("2026-09-15")
    told = [getattr(record.event, "told", None) for record in await log.read()]
    await log.close()
    assert sum(one is not None for one in told) == 1


async def test_whoever_the_roster_plans_is_foreseen_before_anybody_sits_down(
    place: Place, tmp_path: Path
) -> None:
    await place.kiosk.view(lambda view: kind(view) is WaitKind.NOBODY)
    registry = House(tmp_path).registry()
    await registry.open()
    shift = Shift(staff=ALL_ROUND, day="tuesday", begins=time(11), ends=time(16))
    assert await registry.plan(Roster(), roster_of([shift]), BY)
    await registry.close()
    await place.kiosk.view(lambda view: kind(view) is WaitKind.WINDOW)
    given = await place.visitor()
    assert given.window is not None
    assert given.window.begins_at.time() == time(11)


async def test_whose_shift_began_long_before_the_doors_opened_is_awaited_at_the_desk(
    place: Place, tmp_path: Path
) -> None:
    registry = House(tmp_path).registry()
    await registry.open()
    shift = Shift(staff=ALL_ROUND, day="tuesday", begins=time(7), ends=time(16))
    assert await registry.plan(Roster(), roster_of([shift]), BY)
    await registry.close()
    await place.kiosk.view(lambda view: kind(view) is WaitKind.WINDOW)


async def test_where_nobody_is_planned_today_the_next_day_with_somebody_is_told(
    place: Place, tmp_path: Path
) -> None:
    await place.kiosk.view(lambda view: kind(view) is WaitKind.NOBODY)
    registry = House(tmp_path).registry()
    await registry.open()
    lines = [Shift(staff=ALL_ROUND, day=day, begins=time(8), ends=time(12)) for day in ("thursday", "friday")]
    closed = Holiday(day="2026-09-17")
    assert await registry.plan(Roster(), roster_of([*lines, closed]), BY)
    await registry.close()

    def told(view: AnyView) -> bool:
        return work(view).expected["fr"].next_at is not None

    view = await place.kiosk.view(told)
    assert kind(view) is WaitKind.NOBODY
    friday_at_opening = datetime(2026, 9, 18, 9, 30, tzinfo=place.clock.now().tzinfo)
    assert work(view).expected["fr"].next_at == friday_at_opening


async def test_what_nobody_does_by_the_roster_of_today_is_not_offered_unless_reception_wants_it(
    place: Place, tmp_path: Path
) -> None:
    registry = House(tmp_path).registry()
    await registry.open()
    morning = Shift(staff=ALL_ROUND, day="tuesday", begins=time(8), ends=time(9))
    friday = Shift(staff=ALL_ROUND, day="friday", begins=time(8), ends=time(12))
    assert await registry.plan(Roster(), roster_of([morning, friday]), BY)
    await registry.close()
    view = await place.kiosk.view(lambda view: kind(view) is WaitKind.NOT_TODAY)
    assert work(view).expected["fr"].next_at is not None
    held = c.HoldIntake("work", "fr", c.IntakeHold.OPEN)
    assert isinstance(await place.reception.ask(held), Accepted)
    await place.kiosk.view(lambda view: kind(view) is WaitKind.NOBODY)


async def test_what_gets_no_tickets_any_more_says_when_somebody_is_planned_again(
    place: Place, tmp_path: Path
) -> None:
    registry = House(tmp_path).registry()
    await registry.open()
    today = Shift(staff=ALL_ROUND, day="tuesday", begins=time(9, 50), ends=time(17))
    lines = [today, Shift(staff=ALL_ROUND, day="friday", begins=time(8), ends=time(12))]
    assert await registry.plan(Roster(), roster_of(lines), BY)
    await registry.close()
    view = await place.kiosk.view(lambda view: kind(view) is WaitKind.WINDOW)
    assert work(view).expected["fr"].next_at is None
    held = c.HoldIntake("work", "fr", c.IntakeHold.CLOSED)
    assert isinstance(await place.reception.ask(held), Accepted)
    view = await place.kiosk.view(lambda view: "fr" in work(view).ended)
    friday_at_opening = datetime(2026, 9, 18, 9, 30, tzinfo=place.clock.now().tzinfo)
    assert work(view).expected["fr"].next_at == friday_at_opening


async def test_staff_sees_until_when_tickets_are_given_today(place: Place, tmp_path: Path) -> None:
    registry = House(tmp_path).registry()
    await registry.open()
    shift = Shift(staff=ALL_ROUND, day="tuesday", begins=time(9, 30), ends=time(17), stays=True)
    assert await registry.plan(Roster(), roster_of([shift]), BY)
    await registry.close()
    await opened(place)

    def told(view: AnyView) -> bool:
        assert isinstance(view, CounsellorView | ReceptionView)
        return bool(view.last_tickets)

    for staff in (place.desk, place.reception):
        view = await staff.view(told)
        assert isinstance(view, CounsellorView | ReceptionView)
        last = {(one.field, one.language): one.at for one in view.last_tickets}
        assert time(13) < last["work", "fr"].time() < time(17)
        assert last["work", "fr"].minute % 5 == 0


async def test_a_line_longer_than_the_day_reads_full_with_the_day_on_which_somebody_is_there_again(
    place: Place, tmp_path: Path
) -> None:
    registry = House(tmp_path).registry()
    await registry.open()
    today = Shift(staff=ALL_ROUND, day="tuesday", begins=time(9, 50), ends=time(15))
    lines = [today, Shift(staff=ALL_ROUND, day="friday", begins=time(8), ends=time(12))]
    assert await registry.plan(Roster(), roster_of(lines), BY)
    await registry.close()
    await opened(place)
    for _ in range(30):
        wish = c.IssueTicket(field="work", languages=("fr",), screen_language="fr")
        assert isinstance(await place.reception.ask(wish), Accepted)
    view = await place.kiosk.view(lambda view: "fr" in work(view).ended)
    assert kind(view) is WaitKind.WINDOW
    friday_at_opening = datetime(2026, 9, 18, 9, 30, tzinfo=place.clock.now().tzinfo)
    assert work(view).expected["fr"].next_at == friday_at_opening
