"""Reception lets terminals in: it opens pairing, says what the terminal is, and types the code it shows."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from support import views
from support.staff import pressed, settled, shown
from textual.widgets import Static

from config.model import Centre
from config.phrases import Phrases
from desk.program import StaffApp
from desk.reception.pairing import places
from desk.reception.panel import ReceptionPanel
from desk.words import Voice
from protocol.house_seen import DeviceSeen
from protocol.ids import Role
from protocol.orders import ClosePairing, OpenPairing, PairDevice
from protocol.refusals import RefusalCode
from protocol.server_seen import PairingSeen, ServerSeen
from protocol.views import ReceptionView

SIZE = (80, 24)
CLOSED = views.reception_view()
OPEN = replace(CLOSED, server=ServerSeen(pairing=PairingSeen(CLOSED.at + timedelta(minutes=10), 1, 5)))
CODE = ("b", "c", "d", "f", "minus", "g", "h", "j", "k")


@pytest.fixture
def panel(line: Any, brussels: Centre, phrases: Phrases) -> ReceptionPanel:
    return ReceptionPanel(line, brussels, phrases, "fr", monotonic=lambda: 0.0)


def said(panel: ReceptionPanel) -> str:
    """What stands in the dialog."""
    assert panel.dialog is not None
    return " ".join(str(words.content) for words in panel.dialog.query(Static) if words.display)


async def test_where_pairing_is_closed_the_first_enter_opens_it_and_the_dialog_stays(
    panel: ReceptionPanel, line: Any
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, CLOSED)
        await pressed(pilot, "ctrl+n", "enter")
        assert line.asked == [OpenPairing()]
        line.accept()
        await settled(pilot)
        await shown(pilot, panel, OPEN)
        assert "ouvert jusqu’à 10:52. En attente\N{NO-BREAK SPACE}: 1." in said(panel)


@pytest.mark.parametrize(
    ("keys", "device", "role", "desk"),
    [
        (["down"], "kiosk-2", Role.KIOSK, None),
        (["right", "down", "right"], "desk-2", Role.COUNSELLOR, "2"),
        (["right", "right", "down"], "board-3", Role.BOARD, None),
        (["left", "down"], "reception-1", Role.RECEPTION, None),
    ],
)
async def test_a_terminal_is_asked_for_as_what_was_chosen(
    panel: ReceptionPanel, line: Any, keys: list[str], device: str, role: Role, desk: str | None
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, OPEN)
        await pressed(pilot, "ctrl+n", *keys, "down", *CODE, "enter")
        assert line.asked == [PairDevice(code="bcdf-ghjk", device=device, role=role, desk=desk)]


async def test_a_code_that_is_not_whole_is_not_asked(panel: ReceptionPanel, line: Any) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, OPEN)
        await pressed(pilot, "ctrl+n", "down", "down", *CODE[:-1], "enter")
        assert line.asked == []


async def test_after_a_wrong_code_the_dialog_says_so_and_waits_for_another(
    panel: ReceptionPanel, line: Any
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, OPEN)
        await pressed(pilot, "ctrl+n", "down", "down", *CODE, "enter")
        line.refuse(RefusalCode.WRONG_CODE)
        await settled(pilot)
        assert "Aucun appareil n’affiche ce code." in said(panel)
        await pressed(pilot, *CODE, "enter")
        assert len(line.asked) == 2
        line.accept()
        await settled(pilot)
        assert panel.dialog is None
        assert panel.notice.plain == "kiosk-2 fait partie du centre."


async def test_reception_can_close_pairing_before_its_time(panel: ReceptionPanel, line: Any) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, OPEN)
        await pressed(pilot, "ctrl+n", "ctrl+n")
        assert line.asked == [ClosePairing()]
        assert panel.dialog is None


async def test_while_pairing_is_open_reception_is_told_so(panel: ReceptionPanel) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, OPEN)
        assert "Ajout d’appareils ouvert jusqu’à 10:52." in panel.alarm.plain
        await shown(pilot, panel, CLOSED)
        assert panel.alarm.plain == ""


def seen(name: str, role: Role, *, connected: bool) -> DeviceSeen:
    return DeviceSeen(device=name, role=role.value, connected=connected, since=None)


def test_places_are_those_where_nothing_is_connected(brussels: Centre, phrases: Phrases) -> None:
    voice = Voice(phrases, "fr", brussels)
    view: ReceptionView = replace(
        CLOSED,
        devices=(
            seen("kiosk-1", Role.KIOSK, connected=True),
            seen("kiosk-2", Role.KIOSK, connected=False),
            seen("desk-1", Role.COUNSELLOR, connected=True),
            seen("board-1", Role.BOARD, connected=True),
            seen("board-2", Role.BOARD, connected=False),
        ),
    )
    kiosks = [place.device for place in places(Role.KIOSK, view, voice)]
    assert kiosks == [kiosk.name for kiosk in brussels.kiosks if kiosk.name != "kiosk-1"]
    desks = {place.desk for place in places(Role.COUNSELLOR, view, voice)}
    assert desks == {desk.id for desk in brussels.desks} - {"1"}
    assert [place.device for place in places(Role.BOARD, view, voice)] == ["board-2", "board-3"]
    assert [place.device for place in places(Role.RECEPTION, view, voice)] == ["reception-1"]


async def test_where_every_kiosk_is_connected_there_is_none_to_choose(
    panel: ReceptionPanel, line: Any, brussels: Centre
) -> None:
    all_there = tuple(seen(kiosk.name, Role.KIOSK, connected=True) for kiosk in brussels.kiosks)
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, replace(OPEN, devices=all_there))
        await pressed(pilot, "ctrl+n", "left")
        assert "Tous sont déjà connectés." in said(panel)
        await pressed(pilot, "down", *CODE, "enter")
        assert line.asked == []


async def test_letters_are_the_code_s_wherever_the_keys_are_and_those_that_no_code_has_are_not_taken(
    panel: ReceptionPanel, line: Any
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, OPEN)
        await pressed(pilot, "ctrl+n", *CODE[:-1], "o", "1", "enter")
        assert line.asked == []
        assert "Il manque des lettres" in said(panel)
        await pressed(pilot, CODE[-1], "enter")
        assert [order.code for order in line.asked] == ["bcdf-ghjk"]


async def test_enter_goes_on_to_the_code(panel: ReceptionPanel, line: Any) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, OPEN)
        await pressed(pilot, "ctrl+n", "enter", *CODE, "enter")
        assert [order.code for order in line.asked] == ["bcdf-ghjk"]


async def test_why_pairing_was_closed_is_not_said_any_more_once_it_is_open_again(
    panel: ReceptionPanel, line: Any
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, OPEN)
        await pressed(pilot, "ctrl+n", *CODE, "enter")
        line.refuse(RefusalCode.PAIRING_CLOSED)
        await settled(pilot)
        await shown(pilot, panel, CLOSED)
        assert "Ouvrez-le" in said(panel)
        await shown(pilot, panel, OPEN)
        assert "Ouvrez-le" not in said(panel)
