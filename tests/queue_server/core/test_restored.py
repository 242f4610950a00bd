"""A day that was restored from a backup goes on past whatever may have been given since."""

from typing import Any

import pytest
from support.centre import small_centre
from support.queue import KIOSK, Hall, at_desk, snapshot

from config.model import Rules
from protocol import commands as c
from protocol.ids import Role
from protocol.refusals import RefusalCode
from queue_server.core.events import TicketIssued
from queue_server.core.policy import PASSED_OVER, PROVISIONAL, Actor

OTHER = Actor(Role.KIOSK, "kiosk-2")


def restored(hall: Hall) -> Hall:
    hall.let_happen(PASSED_OVER)
    return hall


def redeem(code: str, **changes: Any) -> c.RedeemTicket:
    asked: dict[str, Any] = {
        "ticket": code,
        "day": "2026-09-15",
        "field": {"T": "training", "W": "work"}[code[0]],
        "languages": ("fr",),
        "screen_language": "fr",
        "waited_s": 60.0,
    }
    return c.RedeemTicket(**asked | changes)


def test_every_series_goes_on_behind_the_margin_also_one_that_had_no_number_yet() -> None:
    hall = Hall()
    hall.issue("training")
    hall.issue("training")
    restored(hall)
    assert [hall.issue("training"), hall.issue("training"), hall.issue("work")] == ["T203", "T204", "W201"]


def test_one_series_for_the_centre_goes_on_behind_the_margin() -> None:
    hall = Hall(small_centre(Rules(numbering="shared")))
    hall.issue("training")
    restored(hall)
    assert [hall.issue("work"), hall.issue("training")] == ["W202", "T203"]


@pytest.mark.parametrize("given", [600, 699, 700, 800, 898, 899, 1000])
def test_a_hundred_ordinary_numbers_are_passed_over_wherever_the_provisional_ones_lie(given: int) -> None:
    hall = Hall()
    hall.queue.numbers["T"] = given
    restored(hall)
    passed = range(given + 1, int(hall.issue("training")[1:]))
    assert len(set(passed) - set(PROVISIONAL)) >= 100


def test_calls_go_on_behind_the_margin_and_a_board_that_rang_later_ones_is_not_behind() -> None:
    hall = Hall()
    desk = hall.sit()
    hall.issue()
    hall.ask(c.CallNext(), desk)
    restored(hall)
    assert hall.queue.told_by_a_board(7) == hall.queue.last_call == 1001, "it rang 2 to 7 before the restore"
    hall.ask(c.Recall("T001"), desk)
    assert hall.calls()[-1][0] == 1002
    assert [hall.queue.told_by_a_board(call) for call in (0, 7, 1002, 5000)] == [0, 7, 1002, 1002]


def test_provisional_numbers_go_on_behind_the_margin_in_every_series() -> None:
    hall = Hall()
    hall.reserve("training")
    restored(hall)
    assert hall.reserve("training", 1) == ["T945"]
    assert hall.reserve("work", 1) == ["W940"]


def test_a_number_handed_out_after_the_backup_is_believed_once() -> None:
    hall = Hall()
    hall.reserve("training")
    restored(hall)
    [issued, *_] = hall.ask(redeem("T905"), OTHER)
    assert isinstance(issued, TicketIssued)
    assert (issued.provisional, issued.held_by) == (True, "kiosk-2")
    assert hall.refusal(redeem("T905"), OTHER) is RefusalCode.NUMBER_USED
    assert hall.refusal(redeem("T905"), KIOSK) is RefusalCode.NUMBER_NOT_HELD
    assert snapshot(hall.replayed()) == snapshot(hall.queue)


def test_only_numbers_of_the_margin_are_believed() -> None:
    hall = Hall()
    hall.reserve("training")
    assert hall.refusal(redeem("T905"), KIOSK) is RefusalCode.NUMBER_NOT_HELD, "there was no restore"
    restored(hall)
    for code, kiosk in (("T900", OTHER), ("T945", KIOSK), ("T899", KIOSK), ("W940", KIOSK), ("T1000", KIOSK)):
        assert hall.refusal(redeem(code), kiosk) is RefusalCode.NUMBER_NOT_HELD, code
    assert hall.refusal(redeem("T910", field="work"), KIOSK) is RefusalCode.NUMBER_NOT_HELD
    assert hall.refusal(redeem("T910", day="2026-09-14"), KIOSK) is RefusalCode.DAY_OVER
    hall.ask(redeem("T944"), KIOSK)
    hall.ask(redeem("W900"), KIOSK)


def test_in_one_series_a_number_is_believed_for_no_second_letter() -> None:
    hall = Hall(small_centre(Rules(numbering="shared")))
    hall.reserve("training", 1)
    restored(hall)
    assert hall.refusal(redeem("W900"), KIOSK) is RefusalCode.NUMBER_NOT_HELD
    hall.ask(redeem("W901"), KIOSK)
    assert hall.refusal(redeem("T901"), KIOSK) is RefusalCode.NUMBER_NOT_HELD


def test_a_day_restored_twice_goes_on_behind_both_margins() -> None:
    hall = Hall()
    hall.issue("training")
    hall.reserve("training")
    restored(hall)
    hall.issue("training")
    restored(hall)
    assert [hall.issue("training"), hall.issue("work")] == ["T403", "W401"]
    assert [*hall.reserve("training", 1), *hall.reserve("work", 1)] == ["T985", "W980"]
    hall.ask(redeem("T907"), KIOSK)
    hall.ask(redeem("W979"), OTHER)


def test_restored_so_often_that_no_provisional_number_is_left_none_is_handed_out() -> None:
    hall = Hall()
    for _ in range(3):
        restored(hall)
    assert hall.refusal(c.ReserveNumbers("training"), KIOSK) is RefusalCode.NO_NUMBERS_LEFT
    assert hall.refusal(redeem("T1000"), KIOSK) is RefusalCode.NUMBER_NOT_HELD, "it is an ordinary number"
    hall.ask(redeem("T999"), KIOSK)


def test_whoever_waits_is_called_after_a_restore_as_before() -> None:
    hall = Hall()
    first = hall.issue("training")
    restored(hall)
    second = hall.issue("training")
    desk = hall.sit()
    for code in (first, second):
        hall.ask(c.CallNext(), desk)
        assert hall.ticket_at("1") == code
        hall.ask(c.Finish(code), at_desk("1"))
