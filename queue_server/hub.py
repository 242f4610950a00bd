"""Who is connected, and the picture each is to be shown next: a mailbox of one, where the newest wins."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from msgspec.structs import replace

from config.model import Centre, Texts
from protocol.codec import encode
from protocol.envelope import LeftOut, Shown
from protocol.house_seen import DeviceSeen
from protocol.ids import DayDate, DeskId, DeviceName, Role, StaffId
from protocol.server_seen import ServerSeen
from protocol.views import AnyView, LockedView, PrinterSeen
from queue_server.answers import printer_of
from queue_server.core.policy import STAFFED, rights_at
from queue_server.core.prospects import NOTHING_FORESEEN, Prospects
from queue_server.core.state import Queue
from queue_server.core.views import (
    ENDED_AT,
    SlipAt,
    board_view,
    counsellor_view,
    kiosk_view,
    reception_view,
)
from queue_server.devices import Device, Enrolled

DEVICES_KEPT = 400
"""Terminals remembered after they left; more than any centre has."""
DEVICES_SHOWN_MAX = 400
"""Rows of reception's list of devices: the view stays below its largest frame."""
OWED_MAX = 16
"""Questions of one terminal not yet answered: a screen asks one at a time."""
SEATS_AT_ONCE = 64
"""Frames handed out before other work has its turn: about a millisecond."""


class Seat:
    """One connected terminal: a frame goes out at once when its line is free, else it waits here."""

    def __init__(self, device: Device, send_now: Callable[[bytes], bool]) -> None:
        self.device = device
        self._send_now = send_now
        self._owed = 0
        self._replies: deque[bytes] = deque()
        self._picture: bytes | None = None
        self._news = asyncio.Event()

    def owe(self) -> bool:
        """Take note of a question that is to be answered; false when the terminal asks too many at once."""
        if self._owed >= OWED_MAX:
            return False
        self._owed += 1
        return True

    def reply(self, frame: bytes) -> None:
        """Give an answer that is owed: every one, in order."""
        if not self._replies and self._send_now(frame):
            self._owed -= 1
            return
        self._replies.append(frame)
        self._news.set()

    def put(self, frame: bytes) -> None:
        """Show this picture, instead of whatever was not sent yet."""
        if self._picture is None and self._send_now(frame):
            return
        self._picture = frame
        self._news.set()

    async def take(self) -> bytes:
        """What is to be sent next: answers, then the newest picture; waits for one."""
        await self._news.wait()
        if self._replies:
            self._owed -= 1
            frame = self._replies.popleft()
        else:
            assert self._picture is not None
            frame, self._picture = self._picture, None
        if not self._replies and self._picture is None:
            self._news.clear()
        return frame


class Attended(Protocol):
    """Knows who is at which staff terminal."""

    def staff_at(self, name: DeviceName) -> StaffId | None:
        """Who is signed in there; none: it is locked."""

    def last_at(self, name: DeviceName) -> StaffId | None:
        """Who was signed in there last; none: nobody knows."""


class Hub:
    """All terminals of the centre."""

    def __init__(  # noqa: PLR0913, PLR0917 - all that pictures show beside the queue
        self,
        centre: Centre,
        attended: Attended,
        printers: Callable[[], tuple[PrinterSeen, ...]],
        slip_at: SlipAt = ENDED_AT,
        server: Callable[[], ServerSeen] = ServerSeen,
        enrolled: Callable[[], Sequence[Enrolled]] = tuple,
        news: Callable[[DayDate], tuple[Texts, ...]] = lambda _: (),
        prospects: Callable[[Queue, datetime], Prospects] = lambda _queue, _now: NOTHING_FORESEEN,
    ) -> None:
        """`enrolled`: the devices of the centre, those too that were not seen since this server began.

        `news`: what boards say on a day; `prospects`: what is foreseen of the queue at an instant.
        """
        self._centre = centre
        self._attended = attended
        self._printers = printers
        self._slip_at = slip_at
        self._server = server
        self._enrolled = enrolled
        self._news = news
        self._prospects = prospects
        self._seats: dict[Seat, None] = {}
        self._devices: dict[DeviceName, DeviceSeen] = {}
        self._seen: dict[DeviceName, PrinterSeen] = {}
        """The printers as they were at the newest picture, with the instant of their last change."""
        self._day = ""

    def __len__(self) -> int:
        return len(self._seats)

    def join(self, device: Device, now: datetime, send_now: Callable[[bytes], bool]) -> Seat:
        """Take a seat; the next picture comes to it. `send_now` says whether the line took a frame."""
        seat = Seat(device, send_now)
        self._seats[seat] = None
        self._see(device, now, connected=True)
        return seat

    def leave(self, seat: Seat, now: datetime) -> None:
        """Give the seat back."""
        if seat not in self._seats:  # it was forgotten
            return
        del self._seats[seat]
        still_there = any(other.device.name == seat.device.name for other in self._seats)
        self._see(seat.device, now, connected=still_there)

    def announced(self, seat: Seat, call: int) -> None:
        """A board has announced all calls up to this one."""
        device = self._devices[seat.device.name]
        self._devices[device.device] = replace(device, announced=call)

    def left_out(self, seat: Seat, report: LeftOut) -> None:
        """A kiosk has said which of its numbers are not in the queue."""
        device = self._devices[seat.device.name]
        self._devices[device.device] = replace(
            device, left_out=report.tickets, left_out_total=max(report.total, len(report.tickets))
        )

    def is_there(self, name: DeviceName) -> bool:
        """Whether a terminal of this name is connected."""
        return name in self._devices and self._devices[name].connected

    def forget(self, name: DeviceName) -> None:
        """This terminal does not belong to the centre any more."""
        self._devices.pop(name, None)
        for seat in [seat for seat in self._seats if seat.device.name == name]:
            del self._seats[seat]

    def _see(self, device: Device, now: datetime, *, connected: bool) -> None:
        known = self._devices.get(device.name)
        self._devices[device.name] = DeviceSeen(
            device=device.name,
            role=device.role.value,
            connected=connected,
            since=now,
            announced=known.announced if known else 0,
            left_out=known.left_out if known else (),
            left_out_total=known.left_out_total if known else 0,
        )
        gone = [name for name, seen in self._devices.items() if not seen.connected]
        for name in gone[: max(0, len(self._devices) - DEVICES_KEPT)]:
            del self._devices[name]

    def publish(self, queue: Queue, now: datetime) -> Iterator[None]:
        """Put a picture of this moment in every mailbox; each is made and encoded once.

        Gives way between two of them. What happens meanwhile at this same instant is told by those that are
        made after it. Boards come first: somebody waits to be called.
        """
        if queue.day != self._day:
            if self._day:  # else what was told before the first picture is of today
                for name, seen in self._devices.items():
                    self._devices[name] = replace(seen, announced=0, left_out=(), left_out_total=0)
            self._day = queue.day
        self._look_at_printers(now)
        frames: dict[tuple[str, ...], bytes] = {}
        prospects = self._prospects(queue, now)
        seats = sorted(self._seats, key=lambda seat: seat.device.role is not Role.BOARD)
        for number, seat in enumerate(seats):
            device = seat.device
            staff = self._attended.staff_at(device.name) if device.role in STAFFED else None
            key = self._alike(device, staff)
            made_now = key not in frames
            if made_now:
                view = self._view(queue, device, staff, now, prospects)
                assert type(view) is rights_at(device.role, staff).sees, "all are shown what they may see"
                frames[key] = encode(Shown(view))
            seat.put(frames[key])
            if made_now or number % SEATS_AT_ONCE == 0:
                yield

    @staticmethod
    def _alike(device: Device, staff: StaffId | None) -> tuple[str, ...]:
        """Terminals that are shown the same."""
        if device.role in STAFFED and staff is None:
            return ("locked", device.name)
        match device.role:
            case Role.BOARD:
                return (device.role,)
            case Role.KIOSK:
                return (device.role, device.name)
            case Role.COUNSELLOR | Role.RECEPTION:
                return (device.role, device.desk or "", staff or "")

    def _look_at_printers(self, now: datetime) -> None:
        """Every printer as it is now; one that is as before keeps its instant."""
        found = {}
        for printer in self._printers():
            before = self._seen.get(printer.printer)
            unchanged = before is not None and (before.state, before.cause) == (printer.state, printer.cause)
            since = before.since if before is not None and unchanged else now
            found[printer.printer] = replace(printer, since=since)
        self._seen = found

    def _all_devices(self) -> tuple[DeviceSeen, ...]:
        """Those that were there since this server began, and those of which only the registry knows."""
        known = [
            DeviceSeen(device=one.device.name, role=one.device.role.value, connected=False, since=one.seen_at)
            for one in self._enrolled()
            if one.device.name not in self._devices
        ]
        return tuple((*known, *self._devices.values())[-DEVICES_SHOWN_MAX:])

    def _unattended(self) -> frozenset[DeskId]:
        """Desks that have terminals, at none of which anybody is signed in."""
        terminals = [one.device for one in self._enrolled()]
        attended = {device.desk for device in terminals if self._attended.staff_at(device.name) is not None}
        desks = (device.desk for device in terminals if device.desk is not None)
        return frozenset(desk for desk in desks if desk not in attended)

    def _view(
        self, queue: Queue, device: Device, staff: StaffId | None, now: datetime, prospects: Prospects
    ) -> AnyView:
        match device.role:
            case Role.BOARD:
                return board_view(queue, self._centre, now, self._news(queue.day), prospects)
            case Role.KIOSK:
                printer = self._seen.get(printer_of(self._centre, device.name) or "")
                return kiosk_view(queue, self._centre, now, device.name, printer, self._slip_at, prospects)
            case Role.COUNSELLOR | Role.RECEPTION if staff is None:
                return LockedView(day=queue.day, at=now, last=self._attended.last_at(device.name))
            case Role.COUNSELLOR:
                assert device.desk is not None
                assert staff is not None
                return counsellor_view(queue, self._centre, now, device.desk, prospects, staff=staff)
            case Role.RECEPTION:
                assert staff is not None
                return reception_view(
                    queue,
                    self._centre,
                    now,
                    self._all_devices(),
                    tuple(self._seen.values()),
                    self._server(),
                    prospects,
                    staff=staff,
                    unattended=self._unattended(),
                )
