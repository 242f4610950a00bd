import asyncio
from typing import Any

import msgspec
import pytest
from support import views
from support.staff import settled, shown

from config.model import Centre
from config.phrases import Phrases
from desk import frame
from desk.counsellor.panel import CounsellorPanel
from desk.program import StaffApp
from protocol import commands as c
from protocol.client import LinkLost, LinkUp
from protocol.envelope import Welcome
from protocol.orders import SignOut
from protocol.refusals import RefusalCode
from protocol.views import DeskState, Stage

SIZE = (120, 36)


@pytest.fixture
def panel(line: Any, brussels: Centre, phrases: Phrases) -> CounsellorPanel:
    return CounsellorPanel(line, brussels, phrases, "fr", "3", monotonic=lambda: 0.0)


@pytest.mark.parametrize(
    ("state", "keys", "asked"),
    [
        (DeskState.FREE, ["f2"], c.CallNext()),
        (DeskState.CALLED, ["f3"], c.Recall("S046")),
        (DeskState.CALLED, ["f4"], c.StartServing("S046")),
        (DeskState.CALLED, ["f5"], c.Finish("S046")),
        (DeskState.SERVING, ["f5"], c.Finish("S046")),
        (DeskState.CALLED, ["f6", "enter"], c.MarkNoShow("S046")),
        (DeskState.CALLED, ["f8", "enter"], c.Park("S046", 10)),
        (DeskState.SERVING, ["f8", "up", "up", "enter"], c.Park("S046")),
        (DeskState.SERVING, ["f8", "down", "enter"], c.Park("S046", 15)),
        (DeskState.FREE, ["f8"], c.Unpark("M030")),
        (DeskState.FREE, ["0", "4", "8", "down", "enter"], c.CallTicket("S048")),
        (DeskState.FREE, ["m", "3", "0", "enter"], c.Unpark("M030")),
        (DeskState.FREE, ["s", "4", "1", "enter"], c.Reinstate("S041")),
        (DeskState.FREE, ["z", "7", "enter"], c.CallTicket("Z007")),
        (DeskState.FREE, ["f11", "space", "enter"], c.NarrowDesk(("employment",))),
        (DeskState.SERVING, ["f11", "down", "right", "space", "enter"], c.NarrowDesk((), ("fr",))),
        (DeskState.PAUSED, ["f11", "enter"], c.NarrowDesk()),
        (DeskState.CLOSED, ["f11", "space", "enter"], c.OpenDesk("c11", ("employment",))),
        (DeskState.FREE, ["f9", "enter"], c.Pause(c.PauseReason.SHORT_BREAK)),
        (DeskState.READY, ["f9", "down", "enter"], c.Pause(c.PauseReason.LUNCH)),
        (DeskState.PAUSED, ["f9"], c.Resume()),
        (DeskState.SERVING, ["f10"], c.Undo()),
        (DeskState.FREE, ["f12", "enter"], c.CloseDesk()),
        (DeskState.PAUSED, ["f12", "enter"], c.CloseDesk()),
        (DeskState.FREE, ["enter", "enter"], c.CallTicket("S047")),
        (DeskState.FREE, ["down", "enter", "enter"], c.CallTicket("M048")),
        (DeskState.FREE, ["tab", "enter", "enter"], c.Unpark("M030")),
        (DeskState.FREE, ["tab", "down", "enter", "enter"], c.Reinstate("S041")),
        (DeskState.SERVING, ["f7", "right", "enter"], c.Transfer(ticket="S046", field="entrepreneurship")),
        (
            DeskState.SERVING,
            ["f7", "down", "right", "space", "enter"],
            c.Transfer(ticket="S046", languages=("fr", "nl")),
        ),
        (
            DeskState.CALLED,
            ["f7", "down", "down", "right", "enter"],
            c.Transfer(ticket="S046", desk="1"),
        ),
        (DeskState.CLOSED, ["f2"], c.OpenDesk("c11")),
    ],
)
async def test_each_key_asks_exactly_its_command(
    line: Any, panel: CounsellorPanel, state: DeskState, keys: list[str], asked: c.Command
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.counsellor_view(state))
        for key in keys:
            await pilot.press(key)
            await settled(pilot)
        assert line.asked == [asked]


@pytest.mark.parametrize(
    ("state", "key"),
    [
        (DeskState.READY, "f2"),
        (DeskState.SERVING, "f2"),
        (DeskState.FREE, "f3"),
        (DeskState.SERVING, "f4"),
        (DeskState.FREE, "f5"),
        (DeskState.SERVING, "f6"),
        (DeskState.FREE, "f7"),
        (DeskState.PAUSED, "f8"),
        (DeskState.CALLED, "f9"),
        (DeskState.SERVING, "f12"),
        (DeskState.SERVING, "enter"),
        (DeskState.SERVING, "4"),
        (DeskState.CLOSED, "4"),
    ],
)
async def test_what_is_not_possible_asks_nothing_by_key_or_click(
    line: Any, panel: CounsellorPanel, state: DeskState, key: str
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.counsellor_view(state))
        await pilot.press(key)
        for tile in panel.desk_side.tiles:
            if tile.key == key:
                assert tile.has_class("-off")
                await pilot.click(tile)
        await settled(pilot)
        assert line.asked == []
        assert panel.dialog is None


async def test_a_tile_is_its_key(line: Any, panel: CounsellorPanel) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.counsellor_view(DeskState.FREE))
        await pilot.click(next(tile for tile in panel.desk_side.tiles if tile.key == "f2"))
        await settled(pilot)
        assert line.asked == [c.CallNext()]


async def test_a_name_in_the_footer_can_be_clicked(line: Any, panel: CounsellorPanel) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.counsellor_view(DeskState.FREE))
        await pilot.click(panel.keys, offset=(4, 0))
        await settled(pilot)
        assert line.asked == [c.CallNext()]


async def test_pressing_twice_asks_once(line: Any, panel: CounsellorPanel) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.counsellor_view(DeskState.CALLED))
        await pilot.press("f4", "f4", "f5")
        await settled(pilot)
        assert line.asked == [c.StartServing("S046")]


async def test_enter_pressed_twice_in_a_dialog_asks_once(line: Any, panel: CounsellorPanel) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.counsellor_view(DeskState.PAUSED))
        await pilot.press("f12")
        await settled(pilot)
        await pilot.press("enter", "enter", "enter")
        await settled(pilot)
        assert line.asked == [c.CloseDesk()]


async def test_escape_closes_a_dialog_and_asks_nothing(line: Any, panel: CounsellorPanel) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.counsellor_view(DeskState.SERVING))
        await pilot.press("f7")
        await settled(pilot)
        assert panel.dialog is not None
        await pilot.press("escape")
        await settled(pilot)
        assert panel.dialog is None
        await pilot.press("f5")
        await settled(pilot)
        assert line.asked == [c.Finish("S046")]


async def test_a_transfer_that_changes_nothing_is_not_asked(line: Any, panel: CounsellorPanel) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.counsellor_view(DeskState.SERVING))
        await pilot.press("f7")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert line.asked == []
        assert panel.dialog is not None


async def test_a_dialog_about_a_visitor_who_has_left_closes(line: Any, panel: CounsellorPanel) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.counsellor_view(DeskState.SERVING))
        await pilot.press("f7")
        await settled(pilot)
        await shown(pilot, panel, views.counsellor_view(DeskState.FREE))
        assert panel.dialog is None
        assert line.asked == []


async def test_a_whole_session_needs_the_keyboard_alone(line: Any, panel: CounsellorPanel) -> None:
    steps = [
        (DeskState.CLOSED, ["f2"]),
        (DeskState.FREE, ["f2"]),
        (DeskState.CALLED, ["f4"]),
        (DeskState.SERVING, ["f5"]),
        (DeskState.FREE, ["f9", "enter"]),
        (DeskState.PAUSED, ["f9"]),
        (DeskState.FREE, ["f12", "enter"]),
    ]
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        for state, keys in steps:
            await shown(pilot, panel, views.counsellor_view(state))
            for key in keys:
                await pilot.press(key)
                await settled(pilot)
            line.accept()
            await settled(pilot)
    assert line.asked == [
        c.OpenDesk("c11"),
        c.CallNext(),
        c.StartServing("S046"),
        c.Finish("S046"),
        c.Pause(c.PauseReason.SHORT_BREAK),
        c.Resume(),
        c.CloseDesk(),
        SignOut(),
    ]


async def test_every_refusal_is_said_in_one_sentence(
    line: Any, panel: CounsellorPanel, phrases: Phrases
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.counsellor_view(DeskState.FREE))
        for code in RefusalCode:
            await pilot.press("f2")
            await settled(pilot)
            line.refuse(code)
            await settled(pilot)
            said = panel.notice.plain.replace("\N{NO-BREAK SPACE}", " ")
            assert said == phrases.say(f"refusal.{code}", "fr")


async def test_a_refusal_goes_away_by_itself(
    line: Any, panel: CounsellorPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    timers = []
    monkeypatch.setattr(
        CounsellorPanel,
        "set_timer",
        lambda _, delay, callback: timers.append((delay, callback)) or Stopped(),
    )
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.counsellor_view(DeskState.FREE))
        await pilot.press("f2")
        await settled(pilot)
        line.refuse(RefusalCode.DESK_BUSY)
        await settled(pilot)
        assert panel.notice.plain
        delay, callback = timers[-1]
        assert delay == frame.NOTICE_S
        callback()
        assert not panel.notice.plain


class Stopped:
    def stop(self) -> None:
        pass


async def test_a_server_that_is_away_is_said_and_the_panel_can_ask_again(
    line: Any, panel: CounsellorPanel
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.counsellor_view(DeskState.FREE))
        await pilot.press("f2")
        await settled(pilot)
        line.be_away()
        await settled(pilot)
        assert "serveur" in panel.notice.plain
        await pilot.press("f2")
        await settled(pilot)
        assert line.asked == [c.CallNext(), c.CallNext()]


async def test_before_the_first_view_the_panel_says_that_it_connects(
    line: Any, panel: CounsellorPanel
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert panel.has_class("-connecting")
        await pilot.press("f2")
        line.tell(views.counsellor_view(DeskState.FREE))
        await settled(pilot)
        assert not panel.has_class("-connecting")
        assert line.asked == []


async def test_a_link_lost_before_the_first_view_is_waited_for(line: Any, panel: CounsellorPanel) -> None:
    welcome = Welcome(protocol=1, server="test", centre="brussels", day=views.DAY, epoch=1)
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        line.tell(LinkUp(welcome))
        line.tell(LinkLost("gone"))
        await settled(pilot)
        assert panel.has_class("-connecting")
        line.tell(LinkUp(welcome))
        line.tell(views.counsellor_view(DeskState.FREE))
        await settled(pilot)
        assert not panel.has_class("-connecting")
        assert not panel.link.display


async def test_a_lost_link_is_said_and_the_newest_view_is_shown_when_it_is_back(
    line: Any, panel: CounsellorPanel
) -> None:
    welcome = Welcome(protocol=1, server="test", centre="brussels", day=views.DAY, epoch=1)
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        line.tell(LinkUp(welcome))
        line.tell(views.counsellor_view(DeskState.FREE))
        await settled(pilot)
        line.tell(LinkLost("gone"))
        await settled(pilot)
        assert panel.link.display
        assert panel.link.plain.startswith("Serveur absent depuis 10:42\N{NO-BREAK SPACE}: pas d’appel")
        assert "déconnecté" in panel.status.plain
        offered = [tile for tile in panel.desk_side.tiles if not tile.has_class("-off")]
        assert len({tile.styles.background for tile in offered}) == 1, "nothing is the next step now"
        line.tell(LinkUp(welcome))
        line.tell(views.counsellor_view(DeskState.SERVING))
        await settled(pilot)
        assert not panel.link.display
        assert panel.desk_side.band.plain == "EN ENTRETIEN"
        assert "rétablie" in panel.notice.plain


async def test_the_cursor_stays_on_its_ticket_when_the_queue_changes(panel: CounsellorPanel) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        view = views.counsellor_view(DeskState.FREE)
        await shown(pilot, panel, view)
        await pilot.press("down", "down")
        assert panel.queue_side.waiting.code == "M049"
        fewer = msgspec.structs.replace(view, waiting=(*view.waiting[1:], views.staff_ticket("S050")))
        await shown(pilot, panel, fewer)
        assert panel.queue_side.waiting.code == "M049"
        assert panel.queue_side.waiting.cursor_row == 1
        turned = msgspec.structs.replace(view, waiting=fewer.waiting[::-1])
        await shown(pilot, panel, turned)
        assert panel.queue_side.waiting.code == "M049"
        assert (
            panel.queue_side.waiting.get_row_at(panel.queue_side.waiting.cursor_row)[0].plain
            == " M\N{NO-BREAK SPACE}049 "
        )


async def test_undo_says_what_it_would_take_back(panel: CounsellorPanel) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.counsellor_view(DeskState.FREE))
        tile = next(tile for tile in panel.desk_side.tiles if tile.key == "f10")
        assert "S\N{NO-BREAK SPACE}045" in tile.content.plain


async def test_a_window_that_is_too_small_says_so(panel: CounsellorPanel) -> None:
    async with StaffApp(panel).run_test(size=(60, 20)) as pilot:
        await shown(pilot, panel, views.counsellor_view(DeskState.FREE))
        assert panel.too_small.display
        assert not panel.base.display


async def test_ctrl_q_leaves_and_nothing_else_does(panel: CounsellorPanel) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.counsellor_view(DeskState.FREE))
        await pilot.press("escape", "ctrl+p", "ctrl+d", "q")
        await settled(pilot)
        assert pilot.app.is_running
        assert pilot.app.return_code is None


def test_stages_of_tickets_have_words(phrases: Phrases) -> None:
    for stage in Stage:
        assert phrases.say(f"stage.{stage}", "nl")


async def test_two_answers_never_come_at_once(line: Any, panel: CounsellorPanel) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.counsellor_view(DeskState.CALLED))
        await pilot.press("f4")
        await asyncio.sleep(0)
        await pilot.press("f5")
        await settled(pilot)
        line.accept()
        await settled(pilot)
        await pilot.press("f5")
        await settled(pilot)
        assert line.asked == [c.StartServing("S046"), c.Finish("S046")]
