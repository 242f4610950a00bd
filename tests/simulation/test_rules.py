"""What the judge says of boards, of slips and of tickets given while none are given."""

import pytest
from chaos.queue_judge import Day
from chaos.queue_slips import Piece, slip_text
from simulation.disk import Committed
from simulation.intake import given_while_closed
from simulation.judge import Found, violations
from simulation.paper import OnItsWay, ordered_in_time, printed
from simulation.robots import GivenAlone, History, Remembered, Rung, Stopped
from support.centre import MORNING

from protocol.commands import IntakeHold
from protocol.views import CallReason
from queue_server.core import events as e
from queue_server.log_port import Record

TODAY = "2026-09-15"
KILLED_S = 10.0


def at(at_s: float, *events: e.AnyEvent) -> Committed:
    return Committed(
        at_s,
        TODAY,
        [Record(MORNING, "server", f"{at_s}", place, event) for place, event in enumerate(events)],
    )


def issued(ticket: str = "T001", *, provisional: bool = False, field: str = "training") -> e.TicketIssued:
    return e.TicketIssued(
        ticket=ticket,
        number=int(ticket[1:]),
        field=field,
        languages=("fr", "nl"),
        screen_language="fr",
        ahead=0,
        kiosk="kiosk-1",
        provisional=provisional,
    )


CALL = e.TicketCalled(ticket="T001", desk="1", call=1, how="next", reason=CallReason.LONGEST_WAIT)


def rung_twice(first_s: float, *, remembered_s: float | None = None, again_s: float = 12.0) -> list[str]:
    """A board rings the only call, is killed, and rings it again."""
    history = History()
    history.rung = [
        Rung("board-1", life, rung_s, TODAY, 1, "T001", "1") for life, rung_s in ((1, first_s), (2, again_s))
    ]
    history.stopped = [Stopped("board-1", KILLED_S), Stopped("board-2", first_s)]
    if remembered_s is not None:
        history.remembered = [Remembered("board-1", remembered_s, TODAY, 1)]
    return list(violations(Found(days=[], committed=[at(1.0, CALL)], history=history)))


def test_a_board_that_was_killed_while_it_rang_may_ring_the_call_again() -> None:
    assert rung_twice(KILLED_S - 3.0) == []


@pytest.mark.parametrize(
    ("found", "said"),
    [
        pytest.param(rung_twice(2.0), "again, though nothing had stopped it", id="long before it was killed"),
        pytest.param(
            rung_twice(KILLED_S - 3.0, remembered_s=9.9),
            "had written down that it was announced",
            id="written",
        ),
    ],
)
def test_a_board_rings_no_call_again_that_it_has_announced(found: list[str], said: str) -> None:
    assert any(said in one for one in found)


GIVEN = GivenAlone("kiosk-1", TODAY, "T900", "TOKEN", 20.0, None)
OWN = (TODAY, "T900", 1)


def piece(ticket: str, copy: int = 1, token: str = "TOKEN") -> Piece:
    return Piece("printer-1", slip_text((TODAY, ticket, copy), token))


def test_a_slip_of_a_kiosk_s_own_number_comes_out_once_and_its_copies_are_marked() -> None:
    assert list(printed([], [GIVEN], [piece("T900")])) == []
    assert any("2 times" in one for one in printed([], [GIVEN], [piece("T900")] * 2))
    assert any("nobody asked" in one for one in printed([], [GIVEN], [piece("T900", 2)]))
    assert any("nobody asked" in one for one in printed([], [], [piece("T900")]))


each_way = pytest.mark.parametrize("leaves", [False, True], ids=["on the list", "to the printer"])


@each_way
def test_a_kiosk_prints_its_own_numbers_and_none_that_is_redeemed(leaves: bool) -> None:
    redeemed = [at(30.0, issued("T900", provisional=True))]
    assert list(ordered_in_time(redeemed, [GIVEN], [OnItsWay(29.0, "kiosk-1", OWN, leaves)])) == []
    assert any(
        "redeemed" in one
        for one in ordered_in_time(redeemed, [GIVEN], [OnItsWay(31.0, "kiosk-1", OWN, leaves)])
    )
    assert any(
        "not its own" in one for one in ordered_in_time([], [GIVEN], [OnItsWay(29.0, "kiosk-2", OWN, leaves)])
    )


@each_way
def test_the_server_prints_no_slip_that_is_not_on_disk(leaves: bool) -> None:
    on_disk = [at(30.0, issued(), e.SlipRequested("T001", 2, "kiosk-1"))]
    for copy in (1, 2):
        slip = (TODAY, "T001", copy)
        assert list(ordered_in_time(on_disk, [], [OnItsWay(30.1, "server", slip, leaves)])) == []
        assert any(
            "before" in one for one in ordered_in_time(on_disk, [], [OnItsWay(29.9, "server", slip, leaves)])
        )


OVER = e.IntakeEnded((("training", "fr"), ("training", "nl")))


@pytest.mark.parametrize(
    "before",
    [
        pytest.param((), id="nothing"),
        pytest.param((e.DayClosed(), e.DayOpened()), id="the day is open again"),
        pytest.param((e.FieldClosed("work"),), id="another field"),
        pytest.param((e.FieldClosed("training"), e.FieldOpened("training")), id="the field is open again"),
        pytest.param((e.IntakeEnded((("training", "fr"),)),), id="another language is left"),
        pytest.param((OVER, e.IntakeHeld("training", "nl", IntakeHold.OPEN)), id="staff hold one open"),
        pytest.param((OVER, e.IntakeHeld("training", "nl", IntakeHold.AUTOMATIC)), id="staff begin anew"),
    ],
)
def test_tickets_are_given_after(before: tuple[e.AnyEvent, ...]) -> None:
    assert list(given_while_closed(Day(TODAY, at(1.0, *before, issued()).records, b""))) == []


@pytest.mark.parametrize(
    "before",
    [
        pytest.param((e.DayClosed(),), id="the day is closed"),
        pytest.param((e.FieldClosed("training"),), id="the field is closed"),
        pytest.param((OVER,), id="both languages are over"),
        pytest.param((OVER, e.IntakeHeld("training", "nl", IntakeHold.CLOSED)), id="staff hold it closed"),
    ],
)
def test_no_ticket_is_given_when(before: tuple[e.AnyEvent, ...]) -> None:
    assert list(given_while_closed(Day(TODAY, at(1.0, *before, issued()).records, b"")))
    redeemed = at(1.0, *before, issued("T900", provisional=True)).records
    assert list(given_while_closed(Day(TODAY, redeemed, b""))) == []
