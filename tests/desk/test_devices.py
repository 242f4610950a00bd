"""What reception reads of the terminals that are away."""

from datetime import timedelta

import pytest
from support import views

from config.look import palette
from config.model import Centre
from config.phrases import Phrases
from desk.reception.house import DOT, desk_lines, desks_head, device_lines, head_trouble
from desk.words import Voice
from protocol.house_seen import DeviceSeen
from protocol.ids import Role
from protocol.views import DeskState, ReceptionView

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
