"""What staff sees of the waits to come: of each who waits a window, of whoever comes now the minutes."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from support import views
from support.foreseen import TOLD, last_tickets, window
from support.staff import pressed, settled

from config.look import palette
from config.model import Centre
from config.phrases import Phrases
from desk.counsellor.queue_words import queue_words
from desk.program import StaffApp
from desk.reception.expected import NOUNS_FROM, expected_lines, last_ticket_lines
from desk.reception.lists import Order, Shelf, ordered
from desk.reception.panel import ReceptionPanel
from desk.rows import FIGURE_WIDTH, MINUTES_WIDTH, row_of, shape_of
from desk.words import Voice
from protocol.commands import IntakeHold
from protocol.waits import HeldIntake, LastTicket, WaitKind

COLUMN, LIST = 34, 76
"""Columns of the house beside the narrowest lists, and of a list of its own."""


@pytest.fixture
def voice(brussels: Centre, phrases: Phrases) -> Voice:
    return Voice(phrases, "fr", brussels)


def cells(voice: Voice, width: int, **changes: Any) -> dict[str, str]:
    ticket = views.staff_ticket(waited_min=24, **{"window": window(10, 25), **changes})
    shape = shape_of(voice, width, windows=True)
    row = row_of(voice, ticket, views.NOW, shape)
    return {column.key: row.cells[column.key].plain.strip() for column in shape.columns}


def test_the_window_stands_beside_the_minutes_waited(voice: Voice) -> None:
    shown = cells(voice, 60)
    assert shown["wait"].endswith("24 min")
    assert shown["window"] == "10:50–11:05"


@pytest.mark.parametrize(("width", "said"), [(60, "niemand"), (COLUMN, "geen")])
def test_where_nobody_is_in_sight_for_a_visitor_a_word_says_so(
    brussels: Centre, phrases: Phrases, width: int, said: str
) -> None:
    dutch = Voice(phrases, "nl", brussels)
    assert cells(dutch, width, window=None, nobody=True)["window"] == said


def test_in_the_narrowest_list_the_minutes_lose_their_word_and_the_window_its_beginning(voice: Voice) -> None:
    shown = cells(voice, 36)
    assert (shown["wait"], shown["window"]) == ("24", "11:05")


def test_of_whom_nobody_can_tell_there_is_a_dash_and_whoever_is_called_late_stands_out(voice: Voice) -> None:
    assert cells(voice, 60, window=None)["window"] == "–"
    late = views.staff_ticket(window=window(-20, -5))
    shape = shape_of(voice, 60, windows=True)
    assert palette.ALERT in str(row_of(voice, late, views.NOW, shape).cells["window"].style)
    at_its_end = late.window and late.window.ends_at
    assert at_its_end is not None
    assert palette.ALERT not in str(row_of(voice, late, at_its_end, shape).cells["window"].style)


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
@pytest.mark.parametrize("groups", [False, True])
@pytest.mark.parametrize("width", [36, 42, 47, 50, 62, 76, 100, 140])
def test_windows_fit_every_list_with_their_heads(
    brussels: Centre, phrases: Phrases, language: str, groups: bool, width: int
) -> None:
    voice = Voice(phrases, language, brussels)
    shape = shape_of(voice, width, groups=groups, windows=True)
    assert sum(column.width + 2 for column in shape.columns) < width
    assert all(len(column.label) <= column.width for column in shape.columns)
    ticket = views.staff_ticket(waited_min=324, window=window(0, 25), people=12)
    row = row_of(voice, ticket, views.NOW, shape)
    widths = {column.key: column.width for column in shape.columns}
    assert all(len(row.cells[key].plain) <= widths[key] for key in ("wait", "window"))
    assert shape.minutes in {FIGURE_WIDTH, MINUTES_WIDTH}


def test_without_a_forecast_no_list_has_a_column_for_it(voice: Voice) -> None:
    assert "window" not in {column.key for column in shape_of(voice, 100).columns}


def test_by_window_the_soonest_comes_first_and_whoever_has_none_last() -> None:
    tickets = views.many_waiting(60)
    by_window = ordered(tickets, Order.WINDOW)
    told = [ticket.window for ticket in by_window if ticket.window is not None]
    assert [ticket.window for ticket in by_window][: len(told)] == told
    assert told == sorted(told, key=lambda window: (window.begins_at, window.ends_at))
    nobody = [ticket for ticket in tickets if ticket.window is None]
    assert by_window[-len(nobody) :] == tuple(nobody)


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
@pytest.mark.parametrize("width", [COLUMN, 44, 54, LIST])
def test_every_field_tells_its_waits_in_columns_of_languages(
    brussels: Centre, phrases: Phrases, language: str, width: int
) -> None:
    voice = Voice(phrases, language, brussels)
    lines = [line.plain for line in expected_lines(views.reception_view(), views.NOW, voice, width)]
    assert {len(line) for line in lines} == {width}
    heads = [lines[0].index(code) + 2 for code in ("FR", "NL", "DE", "EN")]
    education = lines[1]
    words = [education[start:end].split()[-1] for start, end in zip([0, *heads], heads, strict=False)]
    short = language == "fr" and width == COLUMN
    nobody = voice.say("column.nobody" if short else "reception.expects_nobody")
    assert words == ["20–45", "5–30", nobody, nobody]
    assert all(line[end : end + 1] in {"", " "} for line in lines[1:] for end in heads)
    assert (voice.noun("education")[:10] in education) is (width >= NOUNS_FROM)


def test_nobody_is_said_in_the_colour_of_a_warning(voice: Voice) -> None:
    (_, _, _, _, _, mobility) = expected_lines(views.reception_view(), views.NOW, voice, LIST)
    warned = [span for span in mobility.spans if palette.ALERT in str(span.style)]
    assert [mobility.plain[span.start : span.end] for span in warned] == ["personne"] * 4


def test_a_field_of_which_nobody_can_tell_has_dashes(voice: Voice) -> None:
    unknown = msgspec.structs.replace(views.told_queues()[0], expected={})
    _, line = expected_lines(views.reception_view(fields=(unknown,)), views.NOW, voice, LIST)
    assert line.plain.split()[-4:] == ["–"] * 4


@pytest.mark.parametrize("is_open", [True, False])
def test_what_is_full_says_so_in_the_colour_of_a_warning(voice: Voice, is_open: bool) -> None:
    ended = msgspec.structs.replace(views.told_queues()[0], open=is_open, ended=views.LANGUAGES)
    _, line = expected_lines(views.reception_view(fields=(ended,)), views.NOW, voice, LIST)
    full = voice.say("reception.cell_ended")
    assert line.plain.split()[-4:] == [full] * 4
    warned = [span for span in line.spans if palette.ALERT in str(span.style)]
    assert [line.plain[span.start : span.end] for span in warned] == [full] * 4


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_a_field_that_reception_has_closed_says_that_once(
    brussels: Centre, phrases: Phrases, language: str
) -> None:
    voice = Voice(phrases, language, brussels)
    closed = msgspec.structs.replace(views.told_queues()[0], open=False)
    view = views.reception_view(fields=(closed,), closed_fields=(closed.field,))
    head, line = expected_lines(view, views.NOW, voice, COLUMN)
    assert line.plain.split() == ["K", voice.say("reception.field_closed")]
    assert line.plain.index(voice.say("reception.field_closed")) < head.plain.index("FR")
    assert len(line) == len(head)


def test_before_the_doors_open_only_what_reception_has_closed_is_called_closed(voice: Voice) -> None:
    queues = views.told_queues(open=False)
    view = views.reception_view(open=False, fields=queues, closed_fields=("training",))
    lines = [line.plain for line in expected_lines(view, views.NOW, voice, LIST)[1:]]
    assert ["fermé" in line for line in lines] == [queue.field == "training" for queue in queues]
    assert lines[0].split()[-4:] == ["20–45", "5–30", "personne", "personne"]


def test_once_the_day_has_ended_every_field_is_closed(voice: Voice) -> None:
    view = views.reception_view(open=False, over=True, fields=views.told_queues(open=False))
    lines = [line.plain.split()[-1] for line in expected_lines(view, views.NOW, voice, LIST)[1:]]
    assert lines == ["fermé"] * len(view.fields)


def test_the_minutes_go_down_while_time_passes(voice: Voice) -> None:
    later = views.NOW + timedelta(minutes=10)
    _, line = expected_lines(views.reception_view(fields=views.told_queues()[:1]), later, voice, LIST)
    assert line.plain.split()[-4:-2] == ["10–35", "<20"]


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
@pytest.mark.parametrize("width", [44, 54, LIST])
def test_below_stands_until_when_tickets_are_given_and_for_what_no_more(
    brussels: Centre, phrases: Phrases, language: str, width: int
) -> None:
    voice = Voice(phrases, language, brussels)
    queues = views.told_queues()
    fields = (msgspec.structs.replace(queues[0], ended=("nl",)), *queues[1:])
    view = views.reception_view(fields=fields, last_tickets=last_tickets())
    _, head, *lines = (line.plain for line in last_ticket_lines(view, voice, width))
    assert head == voice.say("reception.last_tickets")
    assert {len(line) for line in lines} == {width}
    assert [line.split()[-4:] for line in lines[:2]] == [
        ["11:00", voice.say("reception.cell_ended"), "–", "–"],
        ["11:30", "–", "11:45", "–"],
    ]


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
@pytest.mark.parametrize("width", [56, 66, LIST, 96])
def test_what_reception_holds_is_not_called_full_but_held(
    brussels: Centre, phrases: Phrases, language: str, width: int
) -> None:
    voice = Voice(phrases, language, brussels)
    queues = views.told_queues()
    fields = (msgspec.structs.replace(queues[0], ended=("nl",)), *queues[1:])
    ways = {"nl": IntakeHold.CLOSED, "fr": IntakeHold.OPEN}
    held = tuple(HeldIntake(field=queues[0].field, language=code, hold=hold) for code, hold in ways.items())
    view = views.reception_view(fields=fields, last_tickets=last_tickets(), held=held)
    lines = [line.plain for line in last_ticket_lines(view, voice, width)]
    assert {len(line) for line in lines[2:]} == {width}
    [education] = [line for line in lines if line.startswith(" K ")]
    for hold in ways.values():
        assert f" {voice.say(f'reception.held_{hold}')} " in education
    assert voice.say("reception.cell_ended") not in education


def test_a_closed_field_is_not_said_to_be_held_open(voice: Voice) -> None:
    closed = msgspec.structs.replace(views.told_queues()[0], open=False)
    held = (HeldIntake(field=closed.field, language="fr", hold=IntakeHold.OPEN),)
    view = views.reception_view(
        fields=(closed,), last_tickets=last_tickets(), held=held, closed_fields=(closed.field,)
    )
    line = last_ticket_lines(view, voice, LIST)[-1].plain
    assert line.split()[-1] == "fermé"
    assert "ouvert" not in line


@pytest.mark.parametrize(("minutes", "told"), [(119, True), (121, False)])
def test_a_counsellor_sees_the_last_ticket_of_the_own_fields_once_it_is_near(
    voice: Voice, minutes: int, told: bool
) -> None:
    first, later = (
        LastTicket(field="employment", language=language, at=views.NOW + timedelta(minutes=minutes + more))
        for language, more in (("nl", 0), ("fr", 60))
    )
    said = queue_words(views.counsellor_view(last_tickets=(later, first)), views.NOW, voice, 90).plain
    assert said.endswith(f"dernier ticket vers {voice.time(first.at)}") is told
    narrow = queue_words(views.counsellor_view(last_tickets=(first,)), views.NOW, voice, 36).plain
    assert narrow.endswith(f"tickets jusqu’à {voice.time(first.at)}") is told


def test_minutes_of_the_own_queue_never_stand_without_a_word(voice: Voice) -> None:
    near = LastTicket(field="employment", language="nl", at=views.NOW + timedelta(minutes=18))
    for last in ((), (near,)):
        view = views.counsellor_view(last_tickets=last)
        said = [queue_words(view, views.NOW, voice, room).plain for room in range(10, 90)]
        facts = {part.replace("\N{NO-BREAK SPACE}", " ") for one in said for part in one.split("   ")[1:]}
        assert facts - {"dernier ticket vers 11:00", "tickets jusqu’à 11:00"} == {
            *("la plus longue attente : 30 min", "max. 30 min")
        }


async def test_reception_finds_the_fields_among_the_lists_at_every_size(
    line: Any, brussels: Centre, phrases: Phrases
) -> None:
    panel = ReceptionPanel(line, brussels, phrases, "nl", monotonic=lambda: 0.0)
    async with StaffApp(panel).run_test(size=(80, 24)) as pilot:
        panel.show(views.reception_view())
        await settled(pilot)
        await pressed(pilot, "right", "right", "right", "right")
        assert panel.lists.shelf is Shelf.FIELDS
        assert "niemand" in panel.lists.fields.plain
        assert panel.lists.fields.region.height == len(panel.lists.fields.plain.split("\n")) + 1
        assert panel.sight() is not None
        await pressed(pilot, "right")
        assert panel.lists.shelf is Shelf.DESKS
        assert not panel.lists.fields.region.height


async def test_the_fields_stand_beside_the_lists_only_where_the_last_device_stays_in_sight(
    line: Any, brussels: Centre, phrases: Phrases
) -> None:
    panel = ReceptionPanel(line, brussels, phrases, "fr", monotonic=lambda: 0.0)
    async with StaffApp(panel).run_test(size=(160, 45)) as pilot:
        panel.show(views.reception_view())
        await settled(pilot)
        head, lines = panel.house.parts[Shelf.FIELDS]
        assert head.display
        assert lines.plain.count("personne") == sum(
            what is WaitKind.NOBODY for field in TOLD.values() for what in field.values()
        )
        await pilot.resize_terminal(120, 36)
        await settled(pilot)
        assert not head.display
        assert panel.house.virtual_size.height <= panel.house.size.height
