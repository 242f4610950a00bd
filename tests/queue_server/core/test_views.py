"""What terminals are shown of slips and printers."""

import pytest
from support.queue import RECEPTION, Hall, snapshot

from protocol import commands as c
from protocol.ids import Role
from protocol.views import (
    DESK_ROWS_MAX,
    SLIPS_ROWS_MAX,
    PrinterLevel,
    PrinterSeen,
    PrinterState,
    PrintState,
    ReceptionView,
    SlipSeen,
)
from queue_server.core.housekeeping import ReportPrint
from queue_server.core.policy import Actor
from queue_server.core.views import NEWEST_LOOKED_AT, kiosk_view, reception_view

ISSUE = c.IssueTicket(field="training", languages=("fr",), screen_language="fr")


def report(
    hall: Hall, code: str, outcome: PrintState, copy_number: int = 1, printer: str = "printer-1"
) -> None:
    hall.keep_house(
        ReportPrint(
            day=hall.queue.day, ticket=code, copy_number=copy_number, outcome=outcome, printer=printer
        )
    )


def seen(hall: Hall) -> ReceptionView:
    return reception_view(hall.queue, hall.centre, hall.now, (), (), staff="host")


def doubtful(hall: Hall) -> list[str]:
    return [ticket.ticket for ticket in seen(hall).doubtful]


@pytest.mark.parametrize("outcome", [PrintState.UNKNOWN, PrintState.FAILED])
def test_a_slip_in_doubt_is_offered_until_it_is_printed_again(outcome: PrintState) -> None:
    hall = Hall()
    code = hall.issue()
    assert doubtful(hall) == []
    report(hall, code, outcome)
    assert doubtful(hall) == [code]
    hall.ask(c.Reprint(code), RECEPTION)
    assert doubtful(hall) == []
    report(hall, code, outcome, copy_number=2)
    assert doubtful(hall) == [code]
    report(hall, code, PrintState.PRINTED, copy_number=2)
    assert doubtful(hall) == []


def test_a_slip_in_doubt_is_offered_as_long_as_the_visitor_is_expected() -> None:
    hall = Hall()
    code = hall.issue()
    report(hall, code, PrintState.UNKNOWN)
    desk = hall.sit("1")
    for command, expected in (
        (c.CallNext(), [code]),
        (c.Park(code), [code]),
        (c.Unpark(code), [code]),
        (c.StartServing(code), []),
        (c.Finish(code), []),
    ):
        hall.ask(command, desk)
        assert doubtful(hall) == expected, command


def test_a_visitor_who_has_gone_is_offered_no_slip() -> None:
    hall = Hall()
    codes = [hall.issue(), hall.issue()]
    for code in codes:
        report(hall, code, PrintState.UNKNOWN)
    hall.ask(c.Cancel(codes[0]), RECEPTION)
    desk = hall.sit("1")
    hall.ask(c.CallNext(), desk)
    hall.ask(c.MarkNoShow(codes[1]), desk)
    assert doubtful(hall) == []
    hall.ask(c.Reinstate(codes[1]), RECEPTION)
    assert doubtful(hall) == [codes[1]]


def test_of_many_slips_in_doubt_the_newest_are_listed_and_all_are_counted() -> None:
    hall = Hall()
    codes = [hall.issue() for _ in range(DESK_ROWS_MAX + 5)]
    for code in codes:
        report(hall, code, PrintState.UNKNOWN)
    view = seen(hall)
    assert doubtful(hall) == codes[: -DESK_ROWS_MAX - 1 : -1]
    assert view.doubtful_total == len(codes)


def test_reception_prints_any_ticket_of_the_day_again_wherever_it_is_and_after_closing() -> None:
    hall = Hall()
    code = hall.issue()
    hall.sit("1")
    hall.serve("1", code)
    hall.ask(c.Finish(code), Actor(Role.COUNSELLOR, "desk-1", "1"))
    for _ in range(DESK_ROWS_MAX + 5):
        hall.ask(c.Cancel(hall.issue()), RECEPTION)
    hall.ask(c.CloseDay(), RECEPTION)
    view = seen(hall)
    assert code not in {ticket.ticket for ticket in (*view.waiting, *view.at_desks, *view.aside, *view.ended)}
    hall.ask(c.Reprint(code, "kiosk-1"), RECEPTION)
    assert hall.queue.tickets[code].copies == 2


def test_reception_sees_at_which_kiosk_a_slip_was_to_come_out() -> None:
    hall = Hall()
    hall.issue()
    hall.ask(ISSUE, RECEPTION)
    assert [ticket.kiosk for ticket in seen(hall).waiting] == ["kiosk-1", None]


def slips(hall: Hall, kiosk: str = "kiosk-1") -> tuple[SlipSeen, ...]:
    return kiosk_view(hall.queue, hall.centre, hall.now, kiosk, None).slips


def test_a_kiosk_hears_what_became_of_its_own_newest_slips() -> None:
    hall = Hall()
    codes = [hall.issue() for _ in range(SLIPS_ROWS_MAX + 2)]
    hall.ask(ISSUE, RECEPTION)
    report(hall, codes[-1], PrintState.UNKNOWN)
    report(hall, codes[-2], PrintState.PRINTED)
    heard = slips(hall)
    assert [slip.ticket for slip in heard] == codes[: -SLIPS_ROWS_MAX - 1 : -1]
    assert [slip.slip for slip in heard[:3]] == [PrintState.UNKNOWN, PrintState.PRINTED, PrintState.QUEUED]
    assert slips(hall, "kiosk-2") == ()


def test_a_kiosk_hears_which_slips_are_with_another_printer_than_its_own() -> None:
    hall = Hall()
    codes = [hall.issue() for _ in range(3)]
    at = {codes[0]: "printer-1", codes[1]: "printer-2"}
    view = kiosk_view(hall.queue, hall.centre, hall.now, "kiosk-1", None, lambda ticket: at.get(ticket.code))
    assert [(slip.ticket, slip.elsewhere) for slip in reversed(view.slips)] == [
        (codes[0], None),
        (codes[1], "printer-2"),
        (codes[2], None),
    ]


def test_where_a_slip_came_out_is_known_until_a_copy_is_asked_for() -> None:
    hall = Hall()
    code = hall.issue()

    def elsewhere() -> str | None:
        return slips(hall)[0].elsewhere

    assert not elsewhere()
    report(hall, code, PrintState.PRINTED, printer="printer-2")
    assert elsewhere() == "printer-2"
    assert [ticket.printer for ticket in seen(hall).waiting] == ["printer-2"]
    assert snapshot(hall.replayed()) == snapshot(hall.queue)
    hall.ask(c.Reprint(code), RECEPTION)
    assert not elsewhere()
    report(hall, code, PrintState.PRINTED, printer="printer-2")
    assert not elsewhere(), "what an older slip came to says nothing of the newest"
    report(hall, code, PrintState.PRINTED, copy_number=2)
    assert not elsewhere()
    assert [ticket.printer for ticket in seen(hall).waiting] == ["printer-1"]


def test_a_kiosk_is_not_told_of_slips_from_long_ago() -> None:
    hall = Hall()
    hall.issue()
    for _ in range(NEWEST_LOOKED_AT):
        hall.ask(ISSUE, RECEPTION)
    assert slips(hall) == ()


@pytest.mark.parametrize("spare", [None, "printer-2"])
def test_a_kiosk_hears_how_its_printer_is_and_whether_another_stands_in(spare: str | None) -> None:
    hall = Hall()
    printer = PrinterSeen(
        printer="printer-1",
        state=PrinterState.BLOCKED,
        cause="paper_out",
        jobs=2,
        level=PrinterLevel.ORDERED,
        spare=spare,
    )
    view = kiosk_view(hall.queue, hall.centre, hall.now, "kiosk-1", printer)
    assert (view.printer, view.printer_cause) == (PrinterState.BLOCKED, "paper_out")
    assert view.printer_level is PrinterLevel.ORDERED
    assert view.elsewhere == spare
