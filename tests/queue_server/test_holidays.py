"""A whole server on a day on which the roster says that the centre is closed."""

from pathlib import Path

from support.badges import SMALLVILLE, enrol
from support.house import BY
from support.servers import terminal
from support.visits import COMES, at_work, clock

from config.roster import Holiday, Roster, roster_of
from protocol import commands as c
from protocol.envelope import Accepted
from protocol.ids import Role
from protocol.views import BoardView, KioskView
from queue_server.store.house import House

TODAY, ALSO = "2026-09-15", "2026-10-01"
NOT_SOON = "2026-12-25"


async def test_on_a_holiday_the_doors_stay_closed_and_every_screen_knows_why_until_reception_opens(
    tmp_path: Path,
) -> None:
    enrol(tmp_path, team=SMALLVILLE)
    registry = House(tmp_path).registry()
    await registry.open()
    holidays = [Holiday(day=day) for day in (TODAY, ALSO, NOT_SOON)]
    assert await registry.plan(Roster(), roster_of(holidays), BY)
    await registry.close()
    async with (
        at_work(tmp_path, clock(COMES)) as url,
        terminal(url, Role.KIOSK, "kiosk-1") as kiosk,
        terminal(url, Role.BOARD) as board,
        terminal(url, Role.RECEPTION) as reception,
    ):
        for screen in (kiosk, board):
            view = await screen.view(lambda _: True)
            assert isinstance(view, KioskView | BoardView)
            assert (view.open, view.holidays) == (False, (TODAY, ALSO))
        assert isinstance(await reception.ask(c.OpenDay()), Accepted)
        await kiosk.view(lambda view: isinstance(view, KioskView) and view.open)
