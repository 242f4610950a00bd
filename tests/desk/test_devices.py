"""What reception reads of the terminals that are away."""

from datetime import timedelta
from typing import Any

import pytest
from support import views
from support.staff import shown

from config.look import palette
from config.model import Centre
from config.phrases import Phrases
from desk.program import StaffApp
from desk.reception.house import DOT, desk_lines, desks_head, device_lines, head_trouble
from desk.reception.lists import Shelf
from desk.reception.panel import ReceptionPanel
from desk.words import Voice
from protocol.house_seen import DeviceSeen
from protocol.ids import Role
from protocol.views import DeskState, PrinterSeen, PrinterState, ReceptionView

WIDTH = 46


@pytest.fixture
def voice(brussels: Centre, phrases: Phrases) -> Voice:
    return Voice(phrases, "fr", brussels)


def hall(*devices: DeviceSeen) -> ReceptionView:
    return views.reception_view(devices=devices, printers=())


def device(name: str, role: Role, *, connected: bool) -> DeviceSeen:
    return DeviceSeen(device=name, role=role, connected=connected, since=views.NOW - timedelta(hours=1))


def test_a_board_that_is_gone_stands_in_the_head_before_a_kiosk_for_nobody_sees_a_call(voice: Voice) -> None:
    gone = hall(
        device("kiosk-1", Role.KIOSK, connected=False),
        device("board-1", Role.BOARD, connected=False),
        device("desk-1", Role.COUNSELLOR, connected=False),
    )
    assert head_trouble(gone, voice, printers=True).plain.split() == ["board-1", "déconnecté", "+1"]


def test_as_long_as_kiosks_and_boards_are_there_the_head_says_nothing(voice: Voice) -> None:
    there = hall(
        device("kiosk-1", Role.KIOSK, connected=True),
        device("board-1", Role.BOARD, connected=True),
        device("desk-1", Role.COUNSELLOR, connected=False),
    )
    assert head_trouble(there, voice, printers=True).plain == ""


@pytest.mark.parametrize(("connected", "colour"), [(True, palette.GO), (False, palette.MUTED)])
def test_a_desk_that_is_off_has_no_green_dot_though_nothing_is_wrong(
    voice: Voice, connected: bool, colour: str
) -> None:
    [line] = device_lines(hall(device("desk-1", Role.COUNSELLOR, connected=connected)), voice, WIDTH)
    assert line.plain.startswith(DOT)
    assert str(line.spans[0].style) == colour


@pytest.mark.parametrize("state", DeskState)
def test_a_desk_that_should_call_and_is_left_says_so_but_not_one_in_a_conversation_or_a_break(
    voice: Voice, state: DeskState
) -> None:
    view = views.reception_view(desks=(views.staff_desk("3", state, counsellor="c11"),), left_desks=("3",))
    [line] = desk_lines(view, views.NOW, voice, WIDTH)
    should_call = state in {DeskState.FREE, DeskState.READY, DeskState.CALLED}
    assert ("verrouillé" in line.plain) is should_call


def test_a_desk_that_is_left_takes_no_visitor_now(voice: Voice) -> None:
    desks = tuple(views.staff_desk(str(number), counsellor="c11") for number in (1, 2))
    assert desks_head(views.reception_view(desks=desks), voice).plain.endswith("2 libres")
    left = views.reception_view(desks=desks, left_desks=("2",))
    assert desks_head(left, voice).plain.endswith("1 libre")


BLOCKED = PrinterSeen(
    printer="printer-1",
    state=PrinterState.BLOCKED,
    cause="paper_out",
    jobs=12,
    spare="printer-2",
    since=views.NOW,
)
LOW = PrinterSeen(printer="printer-2", state=PrinterState.PAPER_LOW, cause="", jobs=0, since=views.NOW)


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
async def test_whatever_is_wrong_with_a_device_is_in_sight_and_what_is_not_has_its_key(
    line: Any, brussels: Centre, phrases: Phrases, language: str
) -> None:
    panel = ReceptionPanel(line, brussels, phrases, language, monotonic=lambda: 0.0)
    doubtful = tuple(views.staff_ticket(f"K{number}") for number in range(115, 125))
    async with StaffApp(panel).run_test(size=(120, 36)) as pilot:
        view = views.reception_view(
            waiting=views.many_waiting(200),
            printers=(BLOCKED, LOW),
            doubtful=doubtful,
        )
        await shown(pilot, panel, view)
        head, lines = panel.house.parts[Shelf.DEVICES]
        told = lines.plain.split("\n")
        last = max(place for place, said in enumerate(told) if "board-2" in said)
        assert lines.region.y + last < panel.house.region.bottom, told
        hidden = panel.house.virtual_size.height > panel.house.size.height
        assert ("Tab" in head.plain) is hidden
        assert panel.voice.say("reception.slips_waiting", n=12) in " ".join(lines.plain.split())


async def test_where_there_is_room_all_is_told_of_printers(
    line: Any, brussels: Centre, phrases: Phrases
) -> None:
    panel = ReceptionPanel(line, brussels, phrases, "fr", monotonic=lambda: 0.0)
    async with StaffApp(panel).run_test(size=(160, 45)) as pilot:
        await shown(pilot, panel, views.reception_view(printers=(BLOCKED, LOW)))
        head, lines = panel.house.parts[Shelf.DEVICES]
        assert "depuis" in lines.plain
        assert "Tab" not in head.plain
