"""What a visitor is told of paper, by the printer before choosing and by the slip afterwards."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.views import kiosk_view

from kiosk.paper import PRINTER_UNKNOWN_S, SLIP_S, Printing, SlipNews, printing, slip_news
from protocol.views import PrinterLevel, PrinterState, PrintState, SlipSeen

TROUBLES = (Printing.NO_PAPER, Printing.FAULT)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"printer": None}, Printing.PAPERLESS),
        ({"printer": PrinterState.READY}, Printing.WELL),
        ({"printer": PrinterState.PAPER_LOW}, Printing.WELL),
        ({"printer": PrinterState.BLOCKED, "printer_cause": "paper_out"}, Printing.NO_PAPER),
        ({"printer": PrinterState.BLOCKED, "printer_cause": "cover_open"}, Printing.FAULT),
        ({"printer": PrinterState.BLOCKED, "printer_cause": "error"}, Printing.FAULT),
        ({"printer": PrinterState.UNREACHABLE, "printer_cause": "link_lost"}, Printing.FAULT),
        ({"printer": PrinterState.MUTE, "printer_level": PrinterLevel.COUNTED}, Printing.FAULT),
        ({"printer": PrinterState.MUTE, "printer_level": PrinterLevel.UNKNOWN}, Printing.FAULT),
        (
            {"printer": PrinterState.BLOCKED, "printer_cause": "paper_out", "elsewhere": "printer-2"},
            Printing.ELSEWHERE,
        ),
        ({"printer": PrinterState.READY, "elsewhere": "printer-2"}, Printing.WELL),
    ],
)
def test_a_visitor_is_told_of_the_printer_before_choosing(
    changes: dict[str, Any], expected: Printing
) -> None:
    assert printing(kiosk_view(**changes), 0.0) is expected


def test_a_printer_that_never_says_anything_is_no_broken_one() -> None:
    silent = kiosk_view(printer=PrinterState.MUTE, printer_level=PrinterLevel.MUTE)
    assert printing(silent, 0.0) is Printing.WELL


def test_a_printer_not_yet_looked_at_is_given_a_moment() -> None:
    unknown = kiosk_view(printer=PrinterState.UNKNOWN)
    assert printing(unknown, PRINTER_UNKNOWN_S - 0.1) is Printing.WELL
    assert printing(unknown, PRINTER_UNKNOWN_S) is Printing.FAULT


def news(
    before: SlipNews,
    slip: PrintState | None,
    now: Printing = Printing.WELL,
    for_s: float = 0.0,
    *,
    elsewhere: str | None = None,
) -> SlipNews:
    slips = () if slip is None else (SlipSeen(ticket="S042", slip=slip, elsewhere=elsewhere),)
    return slip_news(before, for_s, now, kiosk_view(slips=slips), "S042")


@pytest.mark.parametrize(
    ("before", "slip", "now", "expected"),
    [
        (SlipNews.COMING, None, Printing.WELL, SlipNews.COMING),
        (SlipNews.COMING, PrintState.QUEUED, Printing.WELL, SlipNews.COMING),
        (SlipNews.COMING, PrintState.QUEUED, Printing.NO_PAPER, SlipNews.MISSING),
        (SlipNews.COMING, PrintState.QUEUED, Printing.ELSEWHERE, SlipNews.COMING),
        (SlipNews.COMING, PrintState.PRINTED, Printing.ELSEWHERE, SlipNews.OUT),
        (SlipNews.DOUBTFUL, PrintState.QUEUED, Printing.ELSEWHERE, SlipNews.DOUBTFUL),
        (SlipNews.COMING, PrintState.PRINTED, Printing.WELL, SlipNews.OUT),
        (SlipNews.COMING, PrintState.PRINTED, Printing.NO_PAPER, SlipNews.OUT),
        (SlipNews.COMING, PrintState.UNKNOWN, Printing.WELL, SlipNews.DOUBTFUL),
        (SlipNews.COMING, PrintState.FAILED, Printing.WELL, SlipNews.MISSING),
        (SlipNews.COMING, PrintState.NONE, Printing.WELL, SlipNews.NONE),
        (SlipNews.MISSING, PrintState.QUEUED, Printing.WELL, SlipNews.COMING),
        (SlipNews.MISSING, PrintState.PRINTED, Printing.WELL, SlipNews.OUT),
        (SlipNews.DOUBTFUL, PrintState.QUEUED, Printing.WELL, SlipNews.DOUBTFUL),
        (SlipNews.DOUBTFUL, PrintState.PRINTED, Printing.WELL, SlipNews.OUT),
        (SlipNews.ELSEWHERE, PrintState.QUEUED, Printing.FAULT, SlipNews.MISSING),
    ],
)
def test_the_screen_says_what_became_of_the_slip(
    before: SlipNews, slip: PrintState | None, now: Printing, expected: SlipNews
) -> None:
    assert news(before, slip, now) is expected


@pytest.mark.parametrize("now", list(Printing))
@pytest.mark.parametrize("slip", [PrintState.QUEUED, PrintState.PRINTED])
def test_a_slip_with_another_printer_is_said_to_come_out_there_however_the_own_one_is(
    slip: PrintState, now: Printing
) -> None:
    for before in (SlipNews.COMING, SlipNews.ELSEWHERE, SlipNews.DOUBTFUL, SlipNews.MISSING):
        assert news(before, slip, now, elsewhere="printer-2") is SlipNews.ELSEWHERE


def test_a_slip_that_came_back_from_another_printer_comes_out_here() -> None:
    assert news(SlipNews.ELSEWHERE, PrintState.QUEUED) is SlipNews.COMING
    assert news(SlipNews.ELSEWHERE, PrintState.PRINTED) is SlipNews.OUT


def test_a_slip_held_by_a_printer_with_a_spare_is_in_doubt_when_it_is_late() -> None:
    held = (SlipNews.COMING, PrintState.QUEUED, Printing.ELSEWHERE)
    assert news(*held, for_s=SLIP_S - 0.1) is SlipNews.COMING
    assert news(*held, for_s=SLIP_S) is SlipNews.DOUBTFUL


@given(st.sampled_from(SlipNews), st.sampled_from([None, *PrintState]), st.sampled_from(Printing))
def test_no_ticket_is_sent_to_another_printer_before_its_slip_was(
    before: SlipNews, slip: PrintState | None, now: Printing
) -> None:
    assert news(before, slip, now) is not SlipNews.ELSEWHERE


def test_a_slip_that_is_late_is_in_doubt() -> None:
    assert news(SlipNews.COMING, PrintState.QUEUED, for_s=SLIP_S - 0.1) is SlipNews.COMING
    assert news(SlipNews.COMING, PrintState.QUEUED, for_s=SLIP_S) is SlipNews.DOUBTFUL


ANY_SLIP = st.sampled_from([None, *PrintState])


@given(ANY_SLIP, st.sampled_from(Printing), st.floats(0, 100))
def test_a_slip_once_on_paper_or_never_meant_stays_so(
    slip: PrintState | None, now: Printing, for_s: float
) -> None:
    for settled in (SlipNews.OUT, SlipNews.NONE):
        assert news(settled, slip, now, for_s) is settled


@given(st.sampled_from(SlipNews), ANY_SLIP, st.sampled_from(TROUBLES), st.floats(0, 100))
def test_nobody_is_told_to_take_a_slip_that_no_printer_has_confirmed(
    before: SlipNews, slip: PrintState | None, now: Printing, for_s: float
) -> None:
    if before is not SlipNews.OUT and slip is not PrintState.PRINTED:
        assert news(before, slip, now, for_s) not in {SlipNews.OUT, SlipNews.COMING}
