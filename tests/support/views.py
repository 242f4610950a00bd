"""A lively Tuesday morning in Brussels, by hand: the views each terminal is shown, without any server."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from support.foreseen import FORESEEN, TOLD, told, window

from protocol.commands import HelpTopic
from protocol.figures import Figures
from protocol.house_seen import BurstSeen, DeviceSeen
from protocol.ids import Role
from protocol.views import (
    BoardCall,
    BoardView,
    CallReason,
    CounsellorView,
    DeskState,
    FieldQueue,
    HelpSeen,
    HelpState,
    KioskView,
    PrinterSeen,
    PrinterState,
    PrintState,
    ReceptionView,
    StaffDesk,
    StaffTicket,
    Stage,
    Undoable,
)

DAY = "2026-09-15"
NOW = datetime(2026, 9, 15, 10, 42, 0, tzinfo=ZoneInfo("Europe/Brussels"))
"""The server's clock in every view."""

LETTERS = {"education": "K", "training": "M", "employment": "S", "entrepreneurship": "X", "mobility": "Z"}
"""The letter of each field's tickets."""
LANGUAGES = ("fr", "nl", "de", "en")
COUNSELLOR, RECEPTIONIST = "c11", "r01"
"""Who is at desk 3, and at reception."""

MORNING: tuple[tuple[str, str, tuple[str, ...], int, bool], ...] = (
    ("S047", "employment", ("fr",), 30, False),
    ("K113", "education", ("nl",), 22, True),
    ("M048", "training", ("de", "en"), 18, False),
    ("Z009", "mobility", ("fr",), 11, False),
    ("M049", "training", ("fr", "nl"), 9, False),
    ("S048", "employment", ("nl",), 5, False),
    ("K114", "education", ("fr",), 2, False),
)
"""Who waits: ticket, field, languages, minutes of waiting, priority."""


def told_queues(**changes: Any) -> tuple[FieldQueue, ...]:
    """The five fields, with what whoever comes now is told of the wait."""
    return tuple(
        msgspec.structs.replace(
            queue, expected={language: told(what) for language, what in TOLD[queue.field].items()}
        )
        for queue in field_queues(**changes)
    )


def staff_ticket(
    code: str = "S046",
    field: str | None = None,
    languages: tuple[str, ...] = ("fr",),
    waited_min: float = 14,
    **changes: Any,
) -> StaffTicket:
    """A ticket issued so many minutes ago; its field follows from its letter unless told."""
    of_letter = {letter: name for name, letter in LETTERS.items()}
    ticket = StaffTicket(
        ticket=code,
        field=field or of_letter[code[0]],
        languages=languages,
        screen_language=languages[0],
        issued_at=NOW - timedelta(minutes=waited_min),
        priority=False,
        stage=Stage.WAITING,
        desk=None,
        calls=0,
        called_at=None,
        started_at=None,
        transferred=False,
        slip=PrintState.PRINTED,
        kiosk="kiosk-1",
    )
    return msgspec.structs.replace(ticket, **changes)


def waiting_tickets() -> tuple[StaffTicket, ...]:
    """The seven who wait this morning, longest first."""
    return tuple(
        staff_ticket(
            code,
            field,
            languages,
            waited,
            priority=priority,
            window=window(*FORESEEN[code]) if code in FORESEEN else None,
        )
        for code, field, languages, waited, priority in MORNING
    )


def many_waiting(count: int) -> tuple[StaffTicket, ...]:
    """A full hall: so many tickets of all fields and languages, longest wait first."""
    fields = tuple(LETTERS)
    return tuple(
        staff_ticket(
            f"{LETTERS[fields[turn % len(fields)]]}{turn + 100:03d}",
            fields[turn % len(fields)],
            (LANGUAGES[turn % 3 % 2],) if turn % 7 else ("fr", "nl"),
            90 - turn * 85 / count,
            priority=turn % 23 == 5,
            window=window(turn * 85 / count // 5 * 5, 15 + turn * 90 / count // 5 * 5) if turn % 9 else None,
        )
        for turn in range(count)
    )


def called_ticket(code: str = "S046", seconds_ago: float = 40, **changes: Any) -> StaffTicket:
    """A visitor who was called to desk 3 and is on the way."""
    return staff_ticket(
        code,
        **{
            "waited_min": 34,
            "stage": Stage.CALLED,
            "desk": "3",
            "calls": 1,
            "called_at": NOW - timedelta(seconds=seconds_ago),
            "reason": CallReason.LONGEST_WAIT,
            **changes,
        },
    )


def served_ticket(code: str = "S046", minutes: float = 12.5, **changes: Any) -> StaffTicket:
    """A visitor in conversation at desk 3 for so many minutes."""
    started_at = NOW - timedelta(minutes=minutes)
    return staff_ticket(
        code,
        waited_min=minutes + 25,
        **{
            "stage": Stage.SERVING,
            "desk": "3",
            "calls": 1,
            "called_at": started_at - timedelta(minutes=1),
            "started_at": started_at,
            "reason": CallReason.LONGEST_WAIT,
            **changes,
        },
    )


def staff_desk(desk: str = "3", state: DeskState = DeskState.FREE, **changes: Any) -> StaffDesk:
    """A desk, open since an hour unless closed."""
    closed = state is DeskState.CLOSED
    made = StaffDesk(
        desk=desk,
        state=state,
        since=None if closed else NOW - timedelta(minutes=6, seconds=10),
        counsellor=None,
        ticket=None,
        field=None,
        pause_reason="lunch" if state is DeskState.PAUSED else "",
        fields=() if closed else ("employment", "training"),
        languages=() if closed else ("fr", "nl"),
    )
    return msgspec.structs.replace(made, **changes)


def desks() -> tuple[StaffDesk, ...]:
    """Twelve desks in all their states."""
    busy = (
        ("1", DeskState.SERVING, 6.2, "c05", "Z008", "mobility"),
        ("2", DeskState.CALLED, 25 / 60, "c17", "X019", "entrepreneurship"),
        ("3", DeskState.SERVING, 12.5, "c11", "S046", "employment"),
        ("4", DeskState.SERVING, 51, "c12", "M031", "training"),
    )
    return (
        *(
            staff_desk(
                desk, state, since=NOW - timedelta(minutes=minutes), counsellor=who, ticket=code, field=field
            )
            for desk, state, minutes, who, code, field in busy
        ),
        staff_desk("5", DeskState.READY, counsellor="c08"),
        staff_desk("6", DeskState.PAUSED, counsellor="c24"),
        staff_desk("7", DeskState.FREE, counsellor="c23"),
        *(staff_desk(str(number), DeskState.CLOSED) for number in range(8, 13)),
    )


def field_queues(**changes: Any) -> tuple[FieldQueue, ...]:
    """The five fields with the people who wait in each; `changes` go into every one."""
    return tuple(
        msgspec.structs.replace(
            FieldQueue(
                field=field,
                open=True,
                waiting={
                    language: sum(language in spoken for _, of, spoken, _, _ in MORNING if of == field)
                    for language in LANGUAGES
                },
                waiting_total=sum(of == field for _, of, _, _, _ in MORNING),
                served=("fr", "nl") if field != "entrepreneurship" else ("fr",),
            ),
            **changes,
        )
        for field in LETTERS
    )


def _common() -> dict[str, Any]:
    return {"day": DAY, "at": NOW, "version": 240, "open": True}


def burst(count: int = 13, total: int = 0, **changes: Any) -> BurstSeen:
    """What one kiosk gave in a short time, three minutes ago: so many tickets that still wait."""
    made = BurstSeen(
        kiosk="kiosk-2",
        since=NOW - timedelta(minutes=3),
        fields=("employment",),
        tickets=tuple(f"S{number:03d}" for number in range(120, 120 + count)),
        tickets_total=total or count,
    )
    return msgspec.structs.replace(made, **changes)


def help_call(kiosk: str = "kiosk-2", minutes: float = 1.2, **changes: Any) -> HelpSeen:
    """A visitor who reads Dutch has called from a kiosk so many minutes ago."""
    made = HelpSeen(
        kiosk=kiosk,
        topic=HelpTopic.HERE,
        since=NOW - timedelta(minutes=minutes),
        language="nl",
        state=HelpState.CALLED,
    )
    return msgspec.structs.replace(made, **changes)


def kiosk_view(**changes: Any) -> KioskView:
    """What a kiosk with a healthy printer is shown."""
    made = KioskView(**_common(), fields=field_queues(), printer=PrinterState.READY)
    return msgspec.structs.replace(made, **changes)


def board_calls(count: int = 6) -> tuple[BoardCall, ...]:
    """The newest calls, newest first; the newest rang ten seconds ago."""
    rows = (
        ("S046", "employment", "3", ("fr",)),
        ("X019", "entrepreneurship", "2", ("nl", "fr")),
        ("M031", "training", "4", ("fr",)),
        ("Z008", "mobility", "1", ("en", "fr")),
        ("K112", "education", "5", ("nl",)),
        ("S045", "employment", "6", ("fr",)),
    )
    newest = 84
    return tuple(
        BoardCall(
            call=newest - turn,
            ticket=rows[turn % len(rows)][0],
            field=rows[turn % len(rows)][1],
            desk=rows[turn % len(rows)][2],
            at=NOW - timedelta(seconds=10 + 150 * turn),
            recall=turn == 1,
            languages=rows[turn % len(rows)][3],
        )
        for turn in range(count)
    )


def board_view(**changes: Any) -> BoardView:
    """What a public screen is shown."""
    made = BoardView(**_common(), calls=board_calls(), fields=told_queues(), message={})
    return msgspec.structs.replace(made, **changes)


def counsellor_view(state: DeskState = DeskState.FREE, **changes: Any) -> CounsellorView:
    """What desk 3 is shown in this state: closed, with a queue, with a visitor, on a break."""
    current = {
        DeskState.CALLED: called_ticket(),
        DeskState.SERVING: served_ticket(),
    }.get(state)
    mine = tuple(ticket for ticket in waiting_tickets() if ticket.field in {"employment", "training"})
    empty = state in {DeskState.READY, DeskState.CLOSED}
    waiting = () if empty else mine
    desk = staff_desk(
        "3",
        state,
        counsellor=None if state is DeskState.CLOSED else "c11",
        ticket=current and current.ticket,
        field=current and current.field,
    )
    made = CounsellorView(
        staff=COUNSELLOR,
        **_common(),
        desk=desk,
        current=current,
        next=msgspec.structs.replace(waiting[0], reason=CallReason.LONGEST_WAIT) if waiting else None,
        waiting=waiting,
        waiting_total=len(waiting),
        parked=() if empty else (staff_ticket("M030", waited_min=55, stage=Stage.PARKED, desk="3", calls=1),),
        missed=(
            ()
            if state is DeskState.CLOSED
            else (staff_ticket("S041", waited_min=70, stage=Stage.NO_SHOW, calls=2),)
        ),
        undo=None if state is DeskState.CLOSED else Undoable("finish", "S045"),
        desks=tuple(desk if other.desk == "3" else other for other in desks()),
        fields=told_queues(),
    )
    return msgspec.structs.replace(made, **changes)


def devices() -> tuple[DeviceSeen, ...]:
    """Two kiosks (one away), reception, two boards and a desk."""
    since = NOW - timedelta(hours=1, minutes=50)
    return (
        DeviceSeen(device="kiosk-1", role=Role.KIOSK, connected=True, since=since),
        DeviceSeen(device="kiosk-2", role=Role.KIOSK, connected=False, since=NOW - timedelta(minutes=3)),
        DeviceSeen(device="board-1", role=Role.BOARD, connected=True, since=since, announced=84),
        DeviceSeen(device="board-2", role=Role.BOARD, connected=True, since=since, announced=82),
        DeviceSeen(device="desk-3", role=Role.COUNSELLOR, connected=True, since=since),
        DeviceSeen(device="reception", role=Role.RECEPTION, connected=True, since=since),
    )


def printers(**second: Any) -> tuple[PrinterSeen, ...]:
    """Two printers, both well; `second` changes the second one."""
    return (
        PrinterSeen(printer="printer-1", state=PrinterState.READY, cause="", jobs=0),
        msgspec.structs.replace(
            PrinterSeen(printer="printer-2", state=PrinterState.READY, cause="", jobs=0), **second
        ),
    )


def figures(**changes: Any) -> Figures:
    """Figures of the morning."""
    made = Figures(
        issued=84,
        waiting=len(MORNING),
        called=1,
        serving=3,
        parked=1,
        finished=68,
        no_show=2,
        cancelled=2,
        oldest_issued_at=NOW - timedelta(minutes=30),
        desks_open=7,
    )
    return msgspec.structs.replace(made, **changes)


def reception_view(**changes: Any) -> ReceptionView:
    """What reception is shown: the whole queue, the desks, the devices."""
    waiting = changes.get("waiting", waiting_tickets())
    oldest = min((ticket.issued_at for ticket in waiting), default=None)
    made = ReceptionView(
        staff=RECEPTIONIST,
        **_common(),
        waiting=waiting,
        waiting_total=len(waiting),
        at_desks=(
            served_ticket("Z008", 6.2, desk="1", languages=("en", "fr")),
            called_ticket("X019", 25, desk="2"),
            served_ticket("S046", 12.5),
            served_ticket("M031", 51, desk="4"),
        ),
        aside=(
            staff_ticket("M030", waited_min=55, stage=Stage.PARKED, desk="4", calls=1),
            staff_ticket("S041", waited_min=70, stage=Stage.NO_SHOW, calls=2),
        ),
        ended=(
            staff_ticket("S045", waited_min=48, stage=Stage.FINISHED, desk="3", calls=1),
            staff_ticket("K101", waited_min=61, stage=Stage.CANCELLED),
            staff_ticket("M028", waited_min=75, stage=Stage.FINISHED, desk="4", calls=1),
        ),
        desks=desks(),
        fields=told_queues(),
        figures=figures(waiting=len(waiting), oldest_issued_at=oldest),
        message={},
        devices=devices(),
        printers=printers(),
    )
    return msgspec.structs.replace(made, **changes)
