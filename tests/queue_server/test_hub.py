"""Who is connected, and what is remembered of them."""

import json
from datetime import datetime
from typing import Any

from msgspec.structs import replace
from support.badges import AT_WORK
from support.centre import ALL_ROUND, MORNING, TRAINER, minutes, small_centre
from support.queue import Hall, at_desk

from protocol import commands as c
from protocol.envelope import LeftOut
from protocol.ids import Role
from protocol.views import PrinterLevel, PrinterSeen, PrinterState
from queue_server.core.state import Queue
from queue_server.devices import Device, Enrolled
from queue_server.hub import DEVICES_KEPT, OWED_MAX, Hub, Seat


def _busy(_: bytes) -> bool:
    """A line that takes nothing at once."""
    return False


def _board(number: int) -> Device:
    return Device(f"board-{number}", Role.BOARD)


async def test_of_pictures_not_sent_yet_the_newest_wins() -> None:
    seat = Seat(_board(1), _busy)
    seat.put(b"old")
    seat.put(b"new")
    assert await seat.take() == b"new"
    seat.put(b"newer")
    assert await seat.take() == b"newer"


async def test_answers_that_could_not_be_sent_at_once_all_come_in_order_and_before_the_picture() -> None:
    seat = Seat(_board(1), _busy)
    seat.put(b"picture")
    for answer in (b"first", b"second"):
        assert seat.owe()
        seat.reply(answer)
    assert [await seat.take() for _ in range(3)] == [b"first", b"second", b"picture"]


async def test_an_answer_does_not_overtake_one_that_waits() -> None:
    free = False
    sent: list[bytes] = []

    def line(frame: bytes) -> bool:
        if free:
            sent.append(frame)
        return free

    seat = Seat(_board(1), line)
    seat.reply(b"first")
    free = True
    seat.reply(b"second")
    assert sent == []
    assert [await seat.take(), await seat.take()] == [b"first", b"second"]


async def test_a_terminal_owed_many_answers_may_ask_again_when_they_are_on_their_way() -> None:
    seat = Seat(_board(1), _busy)
    assert all(seat.owe() for _ in range(OWED_MAX))
    assert not seat.owe()
    seat.reply(b"answer")
    assert not seat.owe(), "an answer that waits for a free line is still owed"
    await seat.take()
    assert seat.owe()


def test_a_board_that_stays_is_remembered_however_many_others_come_and_go() -> None:
    hub = Hub(small_centre(), AT_WORK, lambda: ())
    first = hub.join(_board(0), MORNING, _busy)
    for number in range(1, DEVICES_KEPT + 1):
        hub.leave(hub.join(_board(number), MORNING, _busy), MORNING)
    hub.announced(first, 7)
    assert len(hub) == 1


def test_a_device_with_two_connections_is_there_until_both_have_left() -> None:
    hub = Hub(small_centre(), AT_WORK, lambda: ())
    seats = [hub.join(_board(0), MORNING, _busy) for _ in range(2)]
    hub.leave(seats[0], MORNING)
    assert hub._devices["board-0"].connected
    hub.leave(seats[1], MORNING)
    assert not hub._devices["board-0"].connected


async def shown_to(hub: Hub, seat: Seat, at: datetime) -> Any:
    """The picture a terminal is shown at this instant."""
    list(hub.publish(Queue("2026-09-15", ("1",)), at))
    frame = json.loads(await seat.take())
    return frame["view"]


async def test_reception_is_told_since_when_a_printer_is_as_it_is() -> None:
    printer = PrinterSeen(printer="printer-1", state=PrinterState.READY, cause="", jobs=0)
    now = [printer]
    hub = Hub(small_centre(), AT_WORK, lambda: tuple(now))
    seat = hub.join(Device("reception-1", Role.RECEPTION), MORNING, _busy)
    later = [MORNING + minutes(count) for count in range(4)]

    async def since(at: datetime) -> datetime:
        (seen,) = (await shown_to(hub, seat, at))["printers"]
        return datetime.fromisoformat(seen["since"])

    assert await since(later[0]) == later[0]
    now[0] = replace(printer, jobs=3)
    assert await since(later[1]) == later[0]
    now[0] = replace(printer, state=PrinterState.BLOCKED, cause="paper_out")
    assert await since(later[2]) == later[2]
    assert await since(later[3]) == later[2]


async def test_each_kiosk_is_told_of_its_own_printer() -> None:
    printer = PrinterSeen(
        printer="printer-1", state=PrinterState.MUTE, cause="mute", jobs=0, level=PrinterLevel.MUTE
    )
    hub = Hub(small_centre(), AT_WORK, lambda: (printer,))
    seats = [hub.join(Device(name, Role.KIOSK), MORNING, _busy) for name in ("kiosk-1", "kiosk-2")]
    one, other = [await shown_to(hub, seat, MORNING) for seat in seats]
    assert (one["printer"], one["printer_level"]) == ("mute", "mute")
    assert other["printer"] is None


async def test_a_kiosk_is_told_of_a_slip_under_way_at_another_printer() -> None:
    hall = Hall()
    code = hall.issue()
    at = {code: "printer-1"}
    hub = Hub(hall.centre, AT_WORK, lambda: (), lambda ticket: at[ticket.code])
    seat = hub.join(Device("kiosk-1", Role.KIOSK), MORNING, _busy)

    async def elsewhere() -> str | None:
        list(hub.publish(hall.queue, hall.now))
        (slip,) = json.loads(await seat.take())["view"]["slips"]
        return slip["elsewhere"]

    assert not await elsewhere()
    at[code] = "printer-2"
    assert await elsewhere() == "printer-2"
    at[code] = "printer-1"
    assert not await elsewhere()


async def test_what_a_kiosk_left_out_is_shown_until_the_date_changes_also_when_it_leaves() -> None:
    hub = Hub(small_centre(), AT_WORK, lambda: ())
    kiosk = hub.join(Device("kiosk-1", Role.KIOSK), MORNING, _busy)
    hub.left_out(kiosk, LeftOut(("T900", "T901"), 3))
    reception = hub.join(Device("reception-1", Role.RECEPTION), MORNING, _busy)
    hub.leave(kiosk, MORNING)
    seen = (await shown_to(hub, reception, MORNING))["devices"][0]
    assert (seen["left_out"], seen["left_out_total"]) == (["T900", "T901"], 3), (
        "told before the first picture"
    )
    list(hub.publish(Queue("2026-09-16", ("1",)), MORNING))
    seen = json.loads(await reception.take())["view"]["devices"][0]
    assert (seen["left_out"], seen["left_out_total"]) == ([], 0)


async def test_reception_hears_which_open_desks_have_nobody_at_any_of_their_terminals() -> None:
    hall = Hall()
    hall.ask(c.OpenDesk(ALL_ROUND), at_desk("1"))
    hall.ask(c.OpenDesk(TRAINER), at_desk("2"))
    terminals = [Device(f"desk-{desk}", Role.COUNSELLOR, desk) for desk in ("1", "2", "3")]
    further = Device("desk-1b", Role.COUNSELLOR, "1")
    enrolled = [Enrolled(device=one, digest=b"", since=MORNING) for one in (*terminals, further)]
    there = {"reception-1"}

    class SomeThere:
        def staff_at(self, name: str) -> str | None:
            return "host" if name in there else None

        def last_at(self, name: str) -> str | None:
            return self.staff_at(name)

    hub = Hub(hall.centre, SomeThere(), tuple, enrolled=lambda: enrolled)
    seat = hub.join(Device("reception-1", Role.RECEPTION), MORNING, _busy)

    async def left() -> list[str]:
        list(hub.publish(hall.queue, hall.now))
        found: list[str] = json.loads(await seat.take())["view"].get("left_desks", [])
        return found

    assert await left() == ["1", "2"], "a desk that is closed needs nobody"
    there.add("desk-1b")
    assert await left() == ["2"]
    there.add("desk-2")
    assert await left() == []
