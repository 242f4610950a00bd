"""What reception is told of printers and offered of slips, without a screen."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from support import views

from config.model import Centre
from config.phrases import Phrases
from desk.reception.alarms import alarms, server_alarms
from desk.reception.answers import copy_words, given_words
from desk.reception.forms import reprint_dialog, reprint_of
from desk.reception.house import desk_lines, device_lines
from desk.reception.printers import (
    alarm,
    offered,
    printer_words,
    printing_kiosks,
    prints,
    state_words,
    to_do,
    well,
)
from desk.words import Voice
from printers.outcome import Reason
from protocol.commands import Reprint
from protocol.envelope import TicketGiven
from protocol.server_seen import ClockAhead, ServerSeen
from protocol.views import DeskState, PrinterLevel, PrinterSeen, PrinterState, PrintState

READY, BLOCKED, MUTE = PrinterState.READY, PrinterState.BLOCKED, PrinterState.MUTE
TROUBLES = [
    (PrinterState.PAPER_LOW, ""),
    (BLOCKED, "paper_out"),
    (BLOCKED, "cover_open"),
    (BLOCKED, "error"),
    (BLOCKED, "offline"),
    (MUTE, "no_barrier"),
    (MUTE, "mute"),
    (PrinterState.UNREACHABLE, "unreachable"),
    (PrinterState.UNREACHABLE, "link_lost"),
    (PrinterState.UNKNOWN, ""),
]


def seen(
    name: str = "printer-1", state: PrinterState = READY, cause: str = "", **changes: Any
) -> PrinterSeen:
    made = PrinterSeen(printer=name, state=state, cause=cause, jobs=0, level=PrinterLevel.COUNTED)
    return msgspec.structs.replace(made, **changes)


@pytest.fixture(scope="session")
def two_printers(brussels: Centre) -> Centre:
    """Brussels, with a printer at each kiosk."""
    first, second = brussels.kiosks
    return msgspec.structs.replace(
        brussels,
        kiosks=(first, msgspec.structs.replace(second, printer="printer-2")),
    )


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_every_trouble_of_a_printer_has_words_of_its_own_and_something_to_do(
    brussels: Centre, phrases: Phrases, language: str
) -> None:
    voice = Voice(phrases, language, brussels)
    ill = [seen(state=state, cause=cause) for state, cause in TROUBLES]
    words = [state_words(printer, voice) for printer in ill]
    assert len(set(words)) == len(words)
    assert all(to_do(printer, voice) for printer in ill)
    assert not any(well(printer) for printer in ill)


@pytest.mark.parametrize("state", list(PrinterState))
@pytest.mark.parametrize("cause", ["", *Reason])
def test_no_state_and_no_cause_leaves_reception_without_words(
    brussels: Centre, phrases: Phrases, state: PrinterState, cause: str
) -> None:
    voice = Voice(phrases, "nl", brussels)
    for level in PrinterLevel:
        printer = seen(state=state, cause=cause, level=level, since=views.NOW, jobs=2, spare="printer-2")
        how, _, facts = printer_words(printer, voice)
        assert how
        assert len(facts) == 2 + (not well(printer)) + prints(printer)
        assert bool(to_do(printer, voice)) is not well(printer)


def test_an_empty_roll_is_said_with_its_time_what_to_do_and_where_the_slips_are(
    brussels: Centre, phrases: Phrases
) -> None:
    empty = seen(state=BLOCKED, cause="paper_out", jobs=3, since=views.NOW, spare="printer-2")
    view = views.reception_view(printers=(seen("printer-2"), empty), devices=())
    lines = [line.plain for line in device_lines(view, Voice(phrases, "fr", brussels), 70)]
    assert lines == [
        "● printer-1  plus de papier",
        "  Ouvrir le capot, mettre un rouleau, fermer.",
        "  depuis 10:42 · 3 tickets à imprimer · les tickets sortent de",
        "  printer-2",
        "● printer-2  prête · confirme chaque ticket",
    ]


@pytest.mark.parametrize(
    ("level", "words"),
    [
        (PrinterLevel.COUNTED, "confirme chaque ticket"),
        (PrinterLevel.ORDERED, "confirme tant que la liaison tient"),
        (PrinterLevel.MUTE, "ne confirme rien\N{NO-BREAK SPACE}: vérifier le papier"),
    ],
)
def test_a_curious_receptionist_reads_what_a_printer_confirms(
    brussels: Centre, phrases: Phrases, level: PrinterLevel, words: str
) -> None:
    view = views.reception_view(printers=(seen(level=level),), devices=())
    (line,) = device_lines(view, Voice(phrases, "fr", brussels), 70)
    assert words in line.plain


@pytest.mark.parametrize("state", [BLOCKED, PrinterState.UNREACHABLE, PrinterState.UNKNOWN])
def test_a_printer_that_does_not_print_is_not_said_to_confirm_anything(
    brussels: Centre, phrases: Phrases, state: PrinterState
) -> None:
    _, _, facts = printer_words(seen(state=state), Voice(phrases, "en", brussels))
    assert facts == ()


@pytest.mark.parametrize("cause", ["unreachable", "link_lost"])
@pytest.mark.parametrize(("language", "cable"), [("fr", "câble"), ("nl", "kabel"), ("de", "Kabel")])
def test_the_cable_of_a_printer_out_of_reach_may_be_any_cable(
    brussels: Centre, phrases: Phrases, language: str, cable: str, cause: str
) -> None:
    ill = seen(state=PrinterState.UNREACHABLE, cause=cause)
    assert cable in to_do(ill, Voice(phrases, language, brussels)).replace(".", "").split()


def test_closed_desks_are_listed_as_french_writes_it(brussels: Centre, phrases: Phrases) -> None:
    voice = Voice(phrases, "fr", brussels)

    def said(*closed: str) -> str:
        desks = tuple(views.staff_desk(desk, DeskState.CLOSED) for desk in closed)
        (line,) = desk_lines(views.reception_view(desks=desks), views.NOW, voice, 36)
        return line.plain

    assert said("7") == "fermé\N{NO-BREAK SPACE}: 7"
    assert said("1", "2", "12") == "fermés\N{NO-BREAK SPACE}: 1, 2, 12"


def test_a_printer_that_never_says_anything_is_no_trouble(brussels: Centre, phrases: Phrases) -> None:
    voice = Voice(phrases, "fr", brussels)
    assert alarm([seen(state=MUTE, cause="mute", level=PrinterLevel.MUTE)], voice) == ""
    assert alarm([seen(state=MUTE, cause="mute", level=PrinterLevel.ORDERED)], voice)


def test_the_worst_printer_comes_first_in_the_alarm(brussels: Centre, phrases: Phrases) -> None:
    low, open_ = seen(state=PrinterState.PAPER_LOW), seen("printer-2", BLOCKED, "cover_open")
    said = alarm([low, open_, seen("printer-3")], Voice(phrases, "nl", brussels))
    assert said == "printer-2: klep open. Klep sluiten tot u een klik hoort.  +1"


def doubtful(*tickets: Any) -> dict[str, Any]:
    return {"doubtful": tickets, "doubtful_total": len(tickets)}


def test_slips_of_a_printer_that_confirms_nothing_raise_no_alarm_unless_they_failed(brussels: Centre) -> None:
    unknown = views.staff_ticket("K115", slip=PrintState.UNKNOWN)
    failed = views.staff_ticket("M050", slip=PrintState.FAILED)
    mute = seen(state=MUTE, cause="mute", level=PrinterLevel.MUTE)
    silent = views.reception_view(printers=(mute,), **doubtful(unknown, failed))
    assert offered(silent, brussels) == (failed,)
    speaking = views.reception_view(printers=(seen(),), **doubtful(unknown, failed))
    assert offered(speaking, brussels) == (unknown, failed)


@pytest.mark.parametrize(
    ("first", "second", "kiosk", "expected"),
    [
        ({}, {}, "kiosk-1", Reprint("S046")),
        ({}, {}, "kiosk-2", Reprint("S046")),
        ({}, {}, None, Reprint("S046", "kiosk-1")),
        ({"state": BLOCKED}, {}, "kiosk-1", Reprint("S046", "kiosk-2")),
        ({"state": BLOCKED}, {"state": PrinterState.PAPER_LOW}, None, Reprint("S046", "kiosk-2")),
        ({"state": BLOCKED}, {"state": PrinterState.UNREACHABLE}, "kiosk-1", None),
        (
            {"state": MUTE, "level": PrinterLevel.MUTE},
            {"state": BLOCKED},
            "kiosk-2",
            Reprint("S046", "kiosk-1"),
        ),
    ],
)
def test_a_copy_comes_out_where_a_printer_works_and_best_where_the_first_did(
    two_printers: Centre,
    first: dict[str, Any],
    second: dict[str, Any],
    kiosk: str | None,
    expected: Reprint | None,
) -> None:
    view = views.reception_view(printers=(seen(**first), seen("printer-2", **second)))
    ticket = views.staff_ticket("S046", kiosk=kiosk)
    assert reprint_of(ticket, view, two_printers) == expected


@pytest.mark.parametrize(
    ("first", "said"),
    [
        ({}, "printer-1, klaar · waar het eerste uitkwam"),
        ({"state": BLOCKED}, "printer-1, geblokkeerd · waar het eerste uitkwam"),
        ({"state": BLOCKED, "spare": "printer-2"}, "printer-1, geblokkeerd → printer-2"),
    ],
)
def test_where_another_printer_stands_in_a_copy_is_said_to_come_out_there(
    two_printers: Centre, phrases: Phrases, first: dict[str, Any], said: str
) -> None:
    view = views.reception_view(printers=(seen(**first), seen("printer-2")))
    voice = Voice(phrases, "nl", two_printers)
    dialog = reprint_dialog(voice, view, "K115", "kiosk-1", lambda _: None)
    assert {choice.key: choice.note for choice in dialog._choices}["kiosk-1"] == said


def test_a_kiosk_without_a_printer_prints_nothing(two_printers: Centre) -> None:
    paperless = msgspec.structs.replace(two_printers.kiosks[0], printer=None)
    centre = msgspec.structs.replace(two_printers, kiosks=(paperless, two_printers.kiosks[1]))
    view = views.reception_view(printers=(seen(), seen("printer-2")))
    assert [name for name, _ in printing_kiosks(view, centre, None)] == ["kiosk-2"]


@pytest.mark.parametrize(
    ("first", "copy", "said"),
    [
        ({}, Reprint("S047"), "Duplicaat S\N{NO-BREAK SPACE}047: wordt afgedrukt"),
        (
            {"state": BLOCKED, "spare": "printer-2"},
            Reprint("S047"),
            "Duplicaat S\N{NO-BREAK SPACE}047: komt uit printer-2",
        ),
        (
            {"state": BLOCKED},
            Reprint("S047"),
            "Duplicaat S\N{NO-BREAK SPACE}047: zodra printer-1 weer afdrukt",
        ),
        ({"state": BLOCKED}, Reprint("S047", "kiosk-2"), "Duplicaat S\N{NO-BREAK SPACE}047: wordt afgedrukt"),
        ({"state": BLOCKED}, Reprint("S999"), "Gebeurd."),
    ],
)
def test_reception_is_told_of_a_copy_no_more_than_is_so(
    two_printers: Centre, phrases: Phrases, first: dict[str, Any], copy: Reprint, said: str
) -> None:
    view = views.reception_view(printers=(seen(**first), seen("printer-2")))
    assert copy_words(Voice(phrases, "nl", two_printers), view, copy) == said


@pytest.mark.parametrize(
    ("printer", "said"),
    [
        (seen(), "Ticket K\N{NO-BREAK SPACE}115 gegeven, afdruk: printer-1"),
        (seen(state=BLOCKED, spare="printer-2"), "Ticket K\N{NO-BREAK SPACE}115 gegeven, afdruk: printer-2"),
        (seen(state=BLOCKED), "Schrijf dit nummer op voor de bezoeker: K\N{NO-BREAK SPACE}115"),
    ],
)
def test_a_number_given_without_paper_is_to_be_written_down(
    brussels: Centre, phrases: Phrases, printer: PrinterSeen, said: str
) -> None:
    given = TicketGiven(ticket="K115", ahead=2, token="t", token_url="", printer="printer-1")
    view = views.reception_view(printers=(printer,))
    assert given_words(Voice(phrases, "nl", brussels), view, given) == said


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_a_clock_that_is_ahead_is_said_with_its_date_and_until_when_the_day_goes_on(
    language: str, brussels: Centre, phrases: Phrases
) -> None:
    until = datetime(2026, 9, 15, 8, 20, tzinfo=UTC)
    server = ServerSeen(clock_ahead=ClockAhead("2026-09-25", until))
    [said] = server_alarms(server, Voice(phrases, language, brussels))
    assert "25" in said
    assert "10:20" in said


def test_a_server_in_trouble_is_said_before_the_printers(brussels: Centre, phrases: Phrases) -> None:
    voice = Voice(phrases, "en", brussels)
    view = views.reception_view(printers=(seen(state=BLOCKED),), server=ServerSeen(days_stuck=True))
    assert alarms(view, voice, printers=False).startswith(
        "At least one past day is neither counted nor deleted."
    )
    [first, second] = alarms(view, voice, printers=True).splitlines()
    assert first == alarms(view, voice, printers=False)
    assert second.startswith("printer-1")
    assert alarms(views.reception_view(printers=(seen(),)), voice, printers=True) == ""
