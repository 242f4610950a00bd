from typing import Any

import msgspec
import pytest
from support import views
from support.staff import pressed, settled, shown

from config.model import Centre
from config.phrases import Phrases
from desk.program import StaffApp
from desk.reception.lists import Order, Shelf, ordered
from desk.reception.panel import ReceptionPanel
from protocol import commands as c
from protocol.client import LinkLost, LinkUp
from protocol.envelope import TicketGiven, Welcome
from protocol.refusals import RefusalCode
from protocol.views import PrinterSeen, PrinterState, PrintState
from protocol.waits import Expected, WaitKind

SIZE = (120, 36)


@pytest.fixture
def panel(line: Any, brussels: Centre, phrases: Phrases) -> ReceptionPanel:
    return ReceptionPanel(line, brussels, phrases, "nl", monotonic=lambda: 0.0)


DOUBTFUL = (
    views.staff_ticket("K115", waited_min=1, slip=PrintState.UNKNOWN, printer="printer-2"),
    views.staff_ticket("M050", waited_min=3, slip=PrintState.FAILED),
)
DOUBT = {"doubtful": DOUBTFUL, "doubtful_total": 2}
BLOCKED = (PrinterSeen(printer="printer-1", state=PrinterState.BLOCKED, cause="cover_open", jobs=0),)
CLOSED_FIELD = (msgspec.structs.replace(views.field_queues()[0], open=False), *views.field_queues()[1:])
ENDED_FIELD = (
    msgspec.structs.replace(views.field_queues()[0], open=False, ended=views.LANGUAGES),
    *views.field_queues()[1:],
)


NOT_TODAY = (
    msgspec.structs.replace(views.field_queues()[0], expected={"fr": Expected(kind=WaitKind.NOT_TODAY)}),
    *views.field_queues()[1:],
)


@pytest.mark.parametrize(
    ("changes", "keys", "asked"),
    [
        (
            {},
            ["f2", "down", "space", "enter"],
            c.IssueTicket(field="education", languages=("fr",), screen_language="fr", kiosk="kiosk-1"),
        ),
        (
            {},
            [
                "f2",
                "right",
                "down",
                "right",
                "space",
                "down",
                "down",
                "right",
                "down",
                "down",
                "right",
                "enter",
            ],
            c.IssueTicket(
                field="training", languages=("nl",), screen_language="nl", priority=True, kiosk="kiosk-2"
            ),
        ),
        (
            {"fields": CLOSED_FIELD, "printers": views.printers()[1:]},
            ["f2", "down", "space", "enter"],
            c.IssueTicket(field="training", languages=("fr",), screen_language="fr", kiosk=None),
        ),
        (
            {},
            ["f2", "down", "right", "space", "down", "down", "down", "right", "right", "enter"],
            c.IssueTicket(
                field="education", languages=("nl",), screen_language="nl", kiosk="kiosk-1", people=3
            ),
        ),
        ({}, ["f5", "right", "enter"], c.Transfer(ticket="S047", field="entrepreneurship")),
        ({}, ["f6"], c.SetPriority("S047", priority=True)),
        ({}, ["down", "f6"], c.SetPriority("K113", priority=False)),
        ({}, ["f7", "enter"], c.Cancel("S047")),
        ({}, ["f8", "enter"], c.Reprint("S047")),
        ({}, ["f8", "down", "enter"], c.Reprint("S047", "kiosk-2")),
        ({}, ["right", "f8", "enter"], c.Reprint("Z008")),
        ({}, ["left", "left", "f8", "enter"], c.Reprint("S045")),
        ({}, ["f3", "k", "5", "enter", "f8", "enter"], c.Reprint("K005", "kiosk-1")),
        ({}, ["f3", "k", "0", "0", "5", "f8", "enter"], c.Reprint("K005", "kiosk-1")),
        (DOUBT, ["f11"], c.Reprint("K115")),
        (DOUBT, ["left", "left", "down", "f8", "enter"], c.Reprint("M050")),
        (DOUBT | {"printers": BLOCKED}, ["f11", "enter"], c.Reprint("K115")),
        ({}, ["right", "down", "enter", "enter"], c.Recall("X019")),
        ({}, ["right", "down", "enter", "down", "enter", "enter"], c.MarkNoShow("X019")),
        ({}, ["right", "right", "f7", "enter"], c.Reinstate("M030")),
        ({}, ["left", "left", "down", "f7", "enter"], c.Reinstate("K101")),
        ({}, ["f12", "enter"], c.CloseDay()),
        ({"open": False}, ["f12"], c.OpenDay()),
        ({"open": False}, ["ctrl+e", "up", "enter"], c.EndDay()),
        (
            {"open": False, "waiting": (), "waiting_total": 0, "at_desks": ()},
            ["ctrl+e", "enter"],
            c.EndDay(),
        ),
        ({}, ["f10", "enter"], c.CloseField("education")),
        (
            {"fields": CLOSED_FIELD, "closed_fields": ("education",)},
            ["f10", "enter"],
            c.OpenField("education"),
        ),
        (
            {},
            ["f10", *["down"] * 6, "enter", "up", "enter"],
            c.HoldIntake("education", "nl", c.IntakeHold.CLOSED),
        ),
        (
            {"fields": ENDED_FIELD},
            ["f10", *["down"] * 7, "enter", "down", "enter"],
            c.HoldIntake("education", "de", c.IntakeHold.OPEN),
        ),
        (
            {"fields": NOT_TODAY},
            ["f10", *["down"] * 5, "enter", "down", "enter"],
            c.HoldIntake("education", "fr", c.IntakeHold.OPEN),
        ),
        ({}, ["f9", "a", "down", "b", "enter"], c.PostMessage({"fr": "a", "nl": "b"})),
        (
            {"message": {"fr": "x", "nl": "y"}},
            ["f9", "backspace", "down", "backspace", "enter"],
            c.PostMessage({}),
        ),
        ({}, ["f3", "1", "1", "4", "enter", "f7", "enter"], c.Cancel("K114")),
    ],
)
async def test_each_key_asks_exactly_its_command(
    line: Any, panel: ReceptionPanel, changes: dict[str, Any], keys: list[str], asked: c.Command
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.reception_view(**changes))
        await pressed(pilot, *keys)
        assert line.asked == [asked]


@pytest.mark.parametrize(
    ("changes", "keys"),
    [
        ({"open": False}, ["f2"]),
        ({}, ["right", "f6"]),
        ({"waiting": ()}, ["f5"]),
        ({"waiting": ()}, ["enter"]),
        ({}, ["left", "left", "f7"]),
        ({}, ["f11"]),
        ({}, ["f3", "k", "x", "f8"]),
    ],
)
async def test_what_is_not_possible_asks_nothing_and_opens_nothing(
    line: Any, panel: ReceptionPanel, changes: dict[str, Any], keys: list[str]
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.reception_view(**changes))
        await pressed(pilot, *keys)
        assert line.asked == []
        assert panel.dialog is None


async def test_a_ticket_without_a_language_is_not_issued(line: Any, panel: ReceptionPanel) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.reception_view())
        await pressed(pilot, "f2", "enter")
        assert line.asked == []
        assert panel.dialog is not None


async def test_a_message_in_one_language_alone_is_not_sent(line: Any, panel: ReceptionPanel) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.reception_view())
        await pressed(pilot, "f9", "a", "enter")
        assert line.asked == []


async def test_a_message_is_cut_at_the_length_the_board_takes(line: Any, panel: ReceptionPanel) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.reception_view(message={"fr": "x" * 120, "nl": "y" * 120}))
        await pressed(pilot, "f9", "z", "enter")
        assert line.asked == [c.PostMessage({"fr": "x" * 120, "nl": "y" * 120})]


async def test_the_number_of_a_ticket_given_is_said(line: Any, panel: ReceptionPanel) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.reception_view())
        await pressed(pilot, "f2", "down", "space", "enter")
        line.accept(TicketGiven(ticket="K115", ahead=2, token="t", token_url="", printer=None))
        await settled(pilot)
        assert "K\N{NO-BREAK SPACE}115" in panel.notice.plain


async def test_pressing_twice_asks_once_and_a_refusal_is_said(
    line: Any, panel: ReceptionPanel, phrases: Phrases
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.reception_view())
        await pilot.press("f6", "f6")
        await settled(pilot)
        assert line.asked == [c.SetPriority("S047", priority=True)]
        line.refuse(RefusalCode.WRONG_STAGE)
        await settled(pilot)
        assert panel.notice.plain == phrases.say("refusal.wrong_stage", "nl")


async def test_the_cursor_stays_on_its_ticket_whatever_happens_around_it(panel: ReceptionPanel) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        tickets = views.many_waiting(200)
        await shown(pilot, panel, views.reception_view(waiting=tickets))
        panel.lists.table.put_cursor_on(tickets[150].ticket)
        await settled(pilot)
        for view in (tickets[1:], tickets[40:], tickets[40:][::-1], (views.staff_ticket("Z999"), *tickets)):
            await shown(pilot, panel, views.reception_view(waiting=view))
            assert panel.lists.table.code == tickets[150].ticket
            assert panel.lists.table.sequence == tuple(ticket.ticket for ticket in view)
        await pressed(pilot, "f4")
        assert panel.lists.table.code == tickets[150].ticket


async def test_a_row_that_has_not_changed_is_not_drawn_again(
    panel: ReceptionPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        view = views.reception_view()
        await shown(pilot, panel, view)
        drawn: list[tuple[Any, ...]] = []
        monkeypatch.setattr(panel.lists.table, "update_cell", lambda *cell: drawn.append(cell))
        monkeypatch.setattr(panel.lists.table, "add_row", lambda *cell, **_: drawn.append(cell))
        await shown(pilot, panel, view)
        assert drawn == []
        changed = msgspec.structs.replace(view.waiting[0], priority=True)
        await shown(pilot, panel, msgspec.structs.replace(view, waiting=(changed, *view.waiting[1:])))
        assert [(code, column) for code, column, _ in drawn] == [("S047", "marks")]


async def test_a_click_on_a_columns_head_sorts_by_it(panel: ReceptionPanel) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.reception_view())
        await pilot.click(panel.lists.table, offset=(12, 0))
        await settled(pilot)
        assert panel.lists.order is Order.LANGUAGE
        assert panel.lists.table.sequence[0] == "M048"


async def test_search_finds_a_number_in_every_list_and_escape_ends_it(panel: ReceptionPanel) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.reception_view())
        await pressed(pilot, "f3", "m", "0", "3")
        assert set(panel.lists.table.sequence) == {"M030", "M031"}
        await pressed(pilot, "escape")
        assert panel.lists.table.sequence[0] == "S047"
        assert panel.lists.table.has_focus


async def test_a_blocked_printer_is_said_in_words_with_its_cause(panel: ReceptionPanel) -> None:
    printers = views.printers(state=PrinterState.BLOCKED, cause="cover_open", jobs=3)
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.reception_view(printers=printers))
        assert panel.house.parts[Shelf.DEVICES][1].plain.startswith(
            "● printer-2  klep open\n  Klep sluiten tot u een klik hoort.\n  3 tickets af te drukken"
        )
        assert "printer-2 klep open" in panel.status.plain


async def test_a_small_panel_says_at_once_what_to_do_with_a_printer(panel: ReceptionPanel) -> None:
    async with StaffApp(panel).run_test(size=(80, 24)) as pilot:
        await shown(pilot, panel, views.reception_view(printers=BLOCKED))
        assert panel.alarm.plain == "printer-1: klep open. Klep sluiten tot u een klik hoort."
        assert panel.alarm.region.height
        await shown(pilot, panel, views.reception_view())
        assert not panel.alarm.display


async def test_a_slip_in_doubt_is_offered_for_a_reprint_until_it_is_reprinted(
    line: Any, panel: ReceptionPanel
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.reception_view(**DOUBT))
        assert "K\N{NO-BREAK SPACE}115: misschien niet afgedrukt. Zie printer-2," in panel.offer.plain
        assert panel.offer.plain.endswith("+1")
        await pilot.click(panel.offer)
        await settled(pilot)
        assert line.asked == [c.Reprint("K115")]
        line.accept()
        await settled(pilot)
        assert "K\N{NO-BREAK SPACE}115" in panel.notice.plain
        await shown(pilot, panel, views.reception_view(doubtful=DOUBTFUL[1:], doubtful_total=1))
        assert "M\N{NO-BREAK SPACE}050: niet afgedrukt." in panel.offer.plain
        await shown(pilot, panel, views.reception_view())
        assert not panel.offer.display


async def test_a_copy_at_a_printer_that_does_not_print_is_not_said_to_be_printed(
    line: Any, panel: ReceptionPanel
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.reception_view(printers=BLOCKED))
        await pressed(pilot, "f8", "enter")
        assert line.asked == [c.Reprint("S047")]
        line.accept()
        await settled(pilot)
        assert panel.notice.plain == "Duplicaat S\N{NO-BREAK SPACE}047: zodra printer-1 weer afdrukt"


async def test_the_list_of_slips_in_doubt_is_there_only_while_there_are_any(panel: ReceptionPanel) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.reception_view(**DOUBT))
        await pressed(pilot, "left", "left")
        assert panel.lists.shelf is Shelf.DOUBTFUL
        assert panel.lists.table.sequence == ("K115", "M050")
        await shown(pilot, panel, views.reception_view())
        assert panel.lists.shelf is Shelf.WAITING
        await pressed(pilot, "left", "left")
        assert panel.lists.shelf is Shelf.ENDED


async def test_a_number_in_no_list_can_be_printed_again(panel: ReceptionPanel) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.reception_view())
        await pressed(pilot, "f3", "k", "0", "0", "5")
        assert panel.lists.more.plain.startswith("K\N{NO-BREAK SPACE}005 staat niet in de lijsten.")
        await pressed(pilot, "f8")
        assert panel.dialog is not None
        await shown(pilot, panel, views.reception_view(waiting=()))
        assert panel.dialog is not None, "the question stays while the queue goes on"


async def test_closing_the_day_says_how_many_still_wait(panel: ReceptionPanel) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.reception_view())
        await pressed(pilot, "f12")
        assert panel.dialog is not None
        assert "7 personen" in panel.dialog.title


async def test_enter_alone_does_not_end_the_day_of_those_who_still_wait(
    line: Any, panel: ReceptionPanel
) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.reception_view(open=False))
        await pressed(pilot, "ctrl+e", "enter")
        assert panel.dialog is None
        assert line.asked == []


async def test_once_the_day_has_ended_no_field_can_be_opened(line: Any, panel: ReceptionPanel) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        await shown(pilot, panel, views.reception_view(open=False, over=True))
        await pressed(pilot, "f10")
        assert panel.dialog is None
        assert line.asked == []


async def test_small_panels_show_desks_and_devices_as_lists_of_their_own(panel: ReceptionPanel) -> None:
    async with StaffApp(panel).run_test(size=(80, 24)) as pilot:
        await shown(pilot, panel, views.reception_view())
        await pressed(pilot, "left", "left")
        assert panel.lists.shelf is Shelf.DESKS
        assert panel.house.parts[Shelf.DESKS][1].region.height >= 7
        assert "Elena" in panel.house.parts[Shelf.DESKS][1].plain
        await pressed(pilot, "right")
        assert panel.house.parts[Shelf.DEVICES][1].display
        assert not panel.house.parts[Shelf.DESKS][1].display


async def test_a_lost_link_is_said_and_gone_when_it_is_back(line: Any, panel: ReceptionPanel) -> None:
    async with StaffApp(panel).run_test(size=SIZE) as pilot:
        line.tell(views.reception_view())
        await settled(pilot)
        line.tell(LinkLost("gone"))
        await settled(pilot)
        assert panel.link.display
        assert panel.link.plain.startswith("Server weg sinds 10:42")
        assert "Kijk de pc van de server" in panel.link.plain
        line.tell(LinkUp(Welcome(protocol=1, server="test", centre="brussels", day=views.DAY, epoch=1)))
        line.tell(views.reception_view(waiting=()))
        await settled(pilot)
        assert not panel.link.display
        assert panel.lists.table.sequence == ()


def test_sorting_keeps_the_servers_order_within_one_field() -> None:
    tickets = views.many_waiting(50)
    by_field = ordered(tickets, Order.FIELD)
    for letter in views.LETTERS.values():
        mine = [ticket for ticket in by_field if ticket.ticket[0] == letter]
        assert mine == [ticket for ticket in tickets if ticket.ticket[0] == letter]
    assert ordered(tickets, Order.ARRIVAL) == tickets
