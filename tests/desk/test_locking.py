"""A locked staff screen shows and knows nothing of the queue, however it came to be locked."""

from typing import Any

import pytest
from support import views
from support.locking import CODE, remembered, written
from support.staff import settled, shown
from textual import events
from textual.pilot import Pilot

from config.model import Centre
from config.phrases import Phrases
from desk.attended import PRESENT_EVERY_S
from desk.counsellor.panel import CounsellorPanel
from desk.panel import StaffPanel
from desk.program import StaffApp
from desk.reception.lists import Shelf
from desk.reception.panel import ReceptionPanel
from protocol import commands as c
from protocol.client import LinkLost, LinkUp
from protocol.envelope import TicketGiven, Welcome
from protocol.orders import SignIn, SignOut
from protocol.refusals import RefusalCode
from protocol.views import DeskState, LockedView, PrintState

SIZE = (120, 36)
LOCKED = LockedView(day=views.DAY, at=views.NOW, last=views.COUNSELLOR)
WELCOME = Welcome(protocol=1, server="test", centre="brussels", day=views.DAY, epoch=1)


class Watch:
    """A clock that goes on when it is told."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def desk(line: Any, brussels: Centre, phrases: Phrases, watch: Watch) -> CounsellorPanel:
    return CounsellorPanel(line, brussels, phrases, "fr", "3", monotonic=watch)


@pytest.fixture
def hall(line: Any, brussels: Centre, phrases: Phrases, watch: Watch) -> ReceptionPanel:
    return ReceptionPanel(line, brussels, phrases, "fr", monotonic=watch)


def assert_nothing_known(app: StaffApp, panel: StaffPanel[Any], fields: set[str]) -> None:
    """No ticket, no field and nobody but the one who is greeted."""
    screen = written(app)
    assert not CODE.search(screen)
    assert not any(field in screen for field in fields)
    team = {person.name for person in panel.centre.counsellors} - {"Karim Benali"}
    assert not any(name in screen or name.split()[0] in screen for name in team)
    assert list(remembered(panel)) == []


async def assert_nothing_known_at_any_size(
    pilot: Pilot[None], app: StaffApp, panel: StaffPanel[Any], fields: set[str]
) -> None:
    assert_nothing_known(app, panel, fields)
    for size in ((80, 24), (160, 45)):
        await pilot.resize_terminal(*size)
        await settled(pilot)
        panel.tick()
        await settled(pilot)
        assert_nothing_known(app, panel, fields)


@pytest.mark.parametrize(
    ("state", "keys"),
    [
        (DeskState.CLOSED, ()),
        (DeskState.FREE, ("f12",)),
        (DeskState.FREE, ("tab", "enter")),
        (DeskState.READY, ()),
        (DeskState.CALLED, ()),
        (DeskState.SERVING, ("f7",)),
        (DeskState.PAUSED, ()),
    ],
)
async def test_nothing_of_a_desk_can_be_read_once_it_is_locked(
    desk: CounsellorPanel, brussels: Centre, state: DeskState, keys: tuple[str, ...]
) -> None:
    fields = {field.noun["fr"] for field in brussels.fields}
    app = StaffApp(desk)
    async with app.run_test(size=SIZE) as pilot:
        view = views.counsellor_view(state)
        await shown(pilot, desk, view)
        desk.tell(lambda _: "S 046 vient d’être appelé")
        await pilot.press(*keys)
        await settled(pilot)
        assert list(remembered(desk))
        await shown(pilot, desk, LOCKED)
        assert desk.view is None
        assert not desk.notice.classes & {"-said", "-refused"}
        await assert_nothing_known_at_any_size(pilot, app, desk, fields)
        await shown(pilot, desk, view)
        assert desk.dialog is None
        assert CODE.search(written(app)) or state is DeskState.CLOSED, "it is all there again"


@pytest.mark.parametrize("keys", [(), ("f5",), ("f8",), ("enter",), ("f3", "s", "4"), ("left",), ("ctrl+n",)])
async def test_nothing_of_the_queue_can_be_read_at_reception_once_it_is_locked(
    hall: ReceptionPanel, brussels: Centre, keys: tuple[str, ...]
) -> None:
    fields = {field.noun["fr"] for field in brussels.fields}
    doubtful = (views.staff_ticket("K115", slip=PrintState.UNKNOWN, printer="printer-2"),)
    app = StaffApp(hall)
    async with app.run_test(size=(80, 24)) as pilot:
        view = views.reception_view(doubtful=doubtful, doubtful_total=1)
        await shown(pilot, hall, view)
        await pilot.press(*keys)
        await settled(pilot)
        assert len(list(remembered(hall))) > len(doubtful)
        await shown(pilot, hall, LOCKED)
        assert hall.view is None
        await assert_nothing_known_at_any_size(pilot, app, hall, fields)
        await shown(pilot, hall, view)
        assert (hall.lists.search.value, hall.lists.shelf) == ("", Shelf.WAITING)
        assert CODE.search(written(app))


async def test_no_key_does_anything_at_a_locked_screen_but_sign_in(line: Any, hall: ReceptionPanel) -> None:
    async with StaffApp(hall).run_test(size=SIZE) as pilot:
        await shown(pilot, hall, views.reception_view())
        await shown(pilot, hall, LOCKED)
        keys = [f"f{number}" for number in range(1, 13)]
        await pilot.press(*keys, "enter", "right", "ctrl+n", "ctrl+e", "ctrl+l", "tab", "escape")
        await settled(pilot)
        assert line.asked == []
        assert hall.dialog is not None


@pytest.mark.parametrize("keys", [(), ("f12",), ("f9",)])
async def test_the_lock_key_hides_everything_before_the_server_has_answered(
    line: Any, desk: CounsellorPanel, keys: tuple[str, ...]
) -> None:
    app = StaffApp(desk)
    async with app.run_test(size=SIZE) as pilot:
        await shown(pilot, desk, views.counsellor_view(DeskState.FREE))
        await pilot.press(*keys, "ctrl+l")
        await settled(pilot)
        assert line.asked == [SignOut()]
        assert not CODE.search(written(app))
        line.accept()
        await shown(pilot, desk, LOCKED)
        assert line.asked == [SignOut()], "the desk stays as it is"


async def test_the_lock_key_is_named_and_can_be_clicked_in_both_programs(
    line: Any, desk: CounsellorPanel, hall: ReceptionPanel
) -> None:
    for panel, view in ((desk, views.counsellor_view()), (hall, views.reception_view())):
        async with StaffApp(panel).run_test(size=SIZE) as pilot:
            await shown(pilot, panel, view)
            lines = panel.keys.content.plain.split("\n")
            row = next(index for index, words in enumerate(lines) if "Ctrl+L" in words)
            await pilot.click(panel.keys, offset=(lines[row].index("Ctrl+L") + 3, row))
            await settled(pilot)
            assert panel.locked is not None
            assert line.asked.pop() == SignOut()


async def test_a_view_that_comes_after_the_lock_key_is_not_shown(desk: CounsellorPanel) -> None:
    app = StaffApp(desk)
    async with app.run_test(size=SIZE) as pilot:
        await shown(pilot, desk, views.counsellor_view(DeskState.SERVING))
        await pilot.press("ctrl+l")
        await settled(pilot)
        await shown(pilot, desk, views.counsellor_view(DeskState.SERVING))
        assert not CODE.search(written(app))
        assert desk.view is None


async def test_a_server_that_was_away_hears_of_the_lock_key_when_it_is_back(
    line: Any, desk: CounsellorPanel
) -> None:
    app = StaffApp(desk)
    async with app.run_test(size=SIZE) as pilot:
        line.tell(views.counsellor_view(DeskState.FREE))
        line.tell(LinkLost("gone"))
        await settled(pilot)
        await pilot.press("ctrl+l")
        await settled(pilot)
        assert "Personne ne peut se connecter" in desk.link.plain
        line.be_away()
        await settled(pilot)
        line.tell(LinkUp(WELCOME))
        line.tell(views.counsellor_view(DeskState.FREE))
        await settled(pilot)
        assert line.asked == [SignOut(), SignOut()]
        assert not CODE.search(written(app))
        line.accept()
        line.tell(LOCKED)
        line.tell(views.counsellor_view(DeskState.FREE))
        await settled(pilot)
        assert desk.view is not None, "somebody is signed in again"


async def test_the_lock_key_waits_for_no_answer_to_what_was_asked_before(
    line: Any, hall: ReceptionPanel
) -> None:
    app = StaffApp(hall)
    async with app.run_test(size=SIZE) as pilot:
        await shown(pilot, hall, views.reception_view())
        await pilot.press("f6", "ctrl+l")
        await settled(pilot)
        assert line.asked == [c.SetPriority("S047", priority=True)]
        assert not CODE.search(written(app))
        line.accept(TicketGiven(ticket="K115", ahead=0, token="t", token_url="", printer=None))
        await settled(pilot)
        assert line.asked[1:] == [SignOut()]
        assert not CODE.search(written(app)), "nobody is here to be told of it"


async def test_whoever_signs_in_before_the_server_heard_of_the_lock_key_is_let_in(
    line: Any, desk: CounsellorPanel
) -> None:
    async with StaffApp(desk).run_test(size=SIZE) as pilot:
        await shown(pilot, desk, views.counsellor_view(DeskState.FREE))
        await pilot.press("ctrl+l")
        await settled(pilot)
        line.be_away()
        await settled(pilot)
        await pilot.press(*"204816", "enter")
        await settled(pilot)
        line.accept()
        await settled(pilot)
        await shown(pilot, desk, views.counsellor_view(DeskState.FREE))
        assert line.asked == [SignOut(), SignIn(staff="c11", pin="204816")]
        assert desk.view is not None


async def test_a_wrong_pin_after_the_lock_key_does_not_undo_it(line: Any, desk: CounsellorPanel) -> None:
    async with StaffApp(desk).run_test(size=SIZE) as pilot:
        await shown(pilot, desk, views.counsellor_view(DeskState.FREE))
        await pilot.press("ctrl+l")
        await settled(pilot)
        line.be_away()
        await settled(pilot)
        await pilot.press(*"204816", "enter")
        await settled(pilot)
        line.refuse(RefusalCode.WRONG_PIN)
        await settled(pilot)
        assert line.asked[2:] == [SignOut()]
        await shown(pilot, desk, views.counsellor_view(DeskState.FREE))
        assert desk.view is None


@pytest.mark.parametrize("button", ["down", "scroll"])
async def test_keys_mouse_and_wheel_tell_the_server_at_most_every_twenty_seconds(
    line: Any, desk: CounsellorPanel, watch: Watch, button: str
) -> None:
    kind = events.MouseDown if button == "down" else events.MouseScrollDown
    app = StaffApp(desk)
    async with app.run_test(size=SIZE) as pilot:
        await shown(pilot, desk, views.counsellor_view(DeskState.FREE))
        await pilot.press("down", "up", "x")
        await settled(pilot)
        assert line.presents == 1
        watch.now_s += PRESENT_EVERY_S - 0.5
        await pilot.press("down")
        await settled(pilot)
        assert line.presents == 1
        watch.now_s += 0.5
        app.post_message(kind(None, 5, 5, 0, 0, 1, False, False, False))
        await settled(pilot)
        assert line.presents == 2


async def test_a_mouse_that_only_moves_touches_nothing(line: Any, desk: CounsellorPanel) -> None:
    app = StaffApp(desk)
    async with app.run_test(size=SIZE) as pilot:
        await shown(pilot, desk, views.counsellor_view(DeskState.FREE))
        app.post_message(events.MouseMove(None, 5, 5, 1, 0, 0, False, False, False))
        await settled(pilot)
        assert line.presents == 0


async def test_at_a_locked_screen_nobody_is_present(line: Any, desk: CounsellorPanel) -> None:
    async with StaffApp(desk).run_test(size=SIZE) as pilot:
        await shown(pilot, desk, LOCKED)
        await pilot.press(*"204816", "escape", "x")
        desk.present()
        await settled(pilot)
        assert line.presents == 0
        await shown(pilot, desk, views.counsellor_view(DeskState.FREE))
        await pilot.press("down")
        await settled(pilot)
        assert line.presents == 1


async def test_a_touch_while_the_server_is_away_is_told_when_it_is_back(
    line: Any, desk: CounsellorPanel
) -> None:
    async with StaffApp(desk).run_test(size=SIZE) as pilot:
        line.tell(views.counsellor_view(DeskState.FREE))
        line.tell(LinkLost("gone"))
        await settled(pilot)
        await pilot.press("down")
        await settled(pilot)
        assert line.presents == 0
        line.tell(LinkUp(WELCOME))
        await settled(pilot)
        await pilot.press("down")
        await settled(pilot)
        assert line.presents == 1


async def test_a_call_that_rings_stops_when_the_screen_is_locked(desk: CounsellorPanel) -> None:
    async with StaffApp(desk).run_test(size=SIZE) as pilot:
        await shown(pilot, desk, views.counsellor_view(DeskState.READY))
        await shown(pilot, desk, views.counsellor_view(DeskState.CALLED))
        await shown(pilot, desk, LOCKED)
        assert not desk.desk_side.has_class("-flash")
        assert desk.desk_side._flash is None
        assert desk.notice.plain == ""


@pytest.mark.parametrize("away", [False, True], ids=["the server is there", "its cable is pulled"])
async def test_a_screen_that_nobody_touches_is_locked_by_itself_server_or_not(
    hall: ReceptionPanel, line: Any, watch: Watch, away: bool
) -> None:
    app = StaffApp(hall)
    async with app.run_test(size=SIZE) as pilot:
        await shown(pilot, hall, views.reception_view())
        if away:
            line.tell(LinkLost("gone"))
            await settled(pilot)
        lock_after_s = hall.centre.rules.lock_after_min * 60
        watch.now_s += lock_after_s - 1
        await pilot.press("down")
        watch.now_s += lock_after_s - 1
        hall.tick()
        assert hall.locked is None, "somebody was here meanwhile"
        watch.now_s += 1
        hall.tick()
        await settled(pilot)
        assert hall.locked is not None
        assert not CODE.search(written(app))
        assert hall.view is None


async def test_a_locked_program_cannot_be_left_for_what_lies_behind_it(desk: CounsellorPanel) -> None:
    app = StaffApp(desk)
    async with app.run_test(size=SIZE) as pilot:
        await shown(pilot, desk, LOCKED)
        await pilot.press("ctrl+q")
        assert app.return_code is None
        await shown(pilot, desk, views.counsellor_view())
        await pilot.press("ctrl+q")
        assert app.return_code == 0


async def test_a_pin_that_is_typed_into_the_list_of_names_cannot_be_read(desk: CounsellorPanel) -> None:
    app = StaffApp(desk)
    async with app.run_test(size=SIZE) as pilot:
        await shown(pilot, desk, LockedView(day=views.DAY, at=views.NOW))
        await pilot.press(*"739154be")
        await settled(pilot)
        assert "739154" not in written(app)
        assert "Benoît" in written(app)


async def test_a_pin_that_cannot_be_sent_yet_is_not_swallowed_without_a_word(
    desk: CounsellorPanel, phrases: Phrases
) -> None:
    app = StaffApp(desk)
    async with app.run_test(size=SIZE) as pilot:
        await shown(pilot, desk, LOCKED)
        desk.asking = SignOut()
        await pilot.press(*"739154", "enter")
        await settled(pilot)
        assert phrases.say("refusal.busy", "fr") in written(app)
