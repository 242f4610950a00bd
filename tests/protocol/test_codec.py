"""Frames: every message comes back as it was sent, and what is no message is refused with its place named."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import views

from protocol import commands as c
from protocol import envelope as n
from protocol import orders as o
from protocol import plan as p
from protocol.codec import MalformedFrameError, decode_from_server, decode_from_terminal, encode
from protocol.ids import shown
from protocol.refusals import SENTENCES, RefusalCode
from protocol.views import AnyView

words = st.from_regex(r"[a-z][a-z0-9-]{0,30}", fullmatch=True)
reasons = st.from_regex(r"[a-z][a-z-]{0,20}", fullmatch=True)
languages = st.from_regex(r"[a-z]{2}", fullmatch=True)
tickets = st.from_regex(r"[A-Z][0-9]{3,6}", fullmatch=True)
desks = st.from_regex(r"[A-Za-z0-9]{1,4}", fullmatch=True)
ids = st.from_regex(r"[A-Za-z0-9_-]{16,64}", fullmatch=True)
talks = st.lists(languages, min_size=1, max_size=4).map(tuple)
texts = st.dictionaries(languages, st.text(st.characters(exclude_categories=["C"]), max_size=120), max_size=4)
served = st.lists(words, max_size=4).map(tuple)
bursts = st.lists(tickets, min_size=1, max_size=c.BURST_TICKETS_MAX).map(tuple)

COMMANDS: dict[type[c.Command], st.SearchStrategy[c.Command]] = {
    c.IssueTicket: st.builds(
        c.IssueTicket,
        field=words,
        languages=talks,
        screen_language=languages,
        priority=st.booleans(),
        kiosk=st.none() | words,
        people=st.integers(1, c.PEOPLE_MAX),
    ),
    c.ReserveNumbers: st.builds(c.ReserveNumbers, words, st.integers(1, c.BLOCK_NUMBERS)),
    c.RedeemTicket: st.builds(
        c.RedeemTicket,
        ticket=tickets,
        day=st.just("2026-09-15"),
        field=words,
        languages=talks,
        screen_language=languages,
        waited_s=st.floats(0, c.WAITED_S_MAX),
        printed=st.booleans(),
        instead_of=st.none() | tickets,
    ),
    c.CallTicket: st.builds(c.CallTicket, tickets),
    c.CancelBurst: st.builds(c.CancelBurst, words, bursts),
    c.DismissBurst: st.builds(c.DismissBurst, words, bursts),
    c.Transfer: st.builds(
        c.Transfer,
        ticket=tickets,
        field=st.none() | words,
        languages=st.just(()) | talks,
        desk=st.none() | desks,
    ),
    c.OpenDesk: st.builds(c.OpenDesk, words, served, st.just(()) | talks),
    c.NarrowDesk: st.builds(c.NarrowDesk, served, st.just(()) | talks),
    c.Park: st.builds(c.Park, tickets, st.none() | st.integers(1, c.REMIND_MIN_MAX)),
    c.Pause: st.builds(c.Pause, st.sampled_from(c.PauseReason)),
    c.OpenField: st.builds(c.OpenField, words),
    c.CloseField: st.builds(c.CloseField, words),
    c.HoldIntake: st.builds(c.HoldIntake, words, languages, st.sampled_from(c.IntakeHold)),
    c.NoteUnserved: st.builds(c.NoteUnserved, words, st.just(("fr",)), st.sampled_from(c.UnservedWhy)),
    c.SetPriority: st.builds(c.SetPriority, tickets, st.booleans()),
    c.PostMessage: st.builds(c.PostMessage, texts),
    c.Reprint: st.builds(c.Reprint, tickets, st.none() | words),
    c.CallForHelp: st.builds(c.CallForHelp, st.sampled_from(c.HelpTopic), st.none() | languages),
    c.AnswerHelp: st.builds(c.AnswerHelp, words),
}
COMMANDS |= {
    plain: st.builds(plain)
    for plain in (c.CallNext, c.Undo, c.CloseDesk, c.Resume, c.OpenDay, c.CloseDay, c.EndDay, c.WithdrawHelp)
}
COMMANDS |= {
    on_ticket: st.builds(on_ticket, tickets)
    for on_ticket in (
        c.Recall,
        c.StartServing,
        c.Finish,
        c.MarkNoShow,
        c.Reinstate,
        c.Unpark,
        c.Cancel,
    )
}
days = st.sampled_from(("2026-09-15", "2028-02-29"))
hours = st.sampled_from(("00:00", "09:30", "23:59"))
breaks = st.just(()) | st.just(tuple(p.BreakPlanned("12:00", "12:45") for _ in range(p.BREAKS_MAX)))
shifts = st.just(()) | st.builds(
    p.ShiftPlanned,
    begins=hours,
    ends=hours,
    fields=st.just(("work",)),
    languages=st.just(()) | talks,
    breaks=breaks,
    stays=st.booleans(),
).map(lambda shift: (shift,) * p.SHIFTS_MAX)
PLANNING: dict[type[o.Order], st.SearchStrategy[o.Order]] = {
    o.ShowPlan: st.builds(o.ShowPlan, days),
    o.PlanPerson: st.builds(o.PlanPerson, staff=words, day=days, shifts=shifts),
    o.FollowWeek: st.builds(o.FollowWeek, staff=words, day=days),
    o.PlanHoliday: st.builds(o.PlanHoliday, day=days, closed=st.booleans()),
}
from_terminals = st.one_of(
    st.builds(n.Announced, st.integers(1, 10**6)),
    st.builds(n.Request, ids, st.one_of(*COMMANDS.values())),
    st.builds(n.Request, ids, st.one_of(*PLANNING.values())),
)
outcomes = st.one_of(
    st.builds(
        n.TicketGiven,
        ticket=tickets,
        ahead=st.integers(0, 999),
        token=st.text(max_size=16),
        token_url=st.text(max_size=80),
        printer=st.none() | words,
    ),
    st.builds(
        n.NumbersHeld,
        day=st.just("2026-09-15"),
        field=words,
        numbers=st.lists(
            st.builds(
                n.HeldNumber, ticket=tickets, token=st.text(max_size=16), token_url=st.text(max_size=80)
            ),
            max_size=5,
        ).map(tuple),
    ),
    st.builds(n.Called, ticket=tickets, desk=desks, call=st.integers(1, 9999)),
    st.just(n.Ready()),
    st.builds(
        p.PlanShown,
        day=days,
        closed=st.booleans(),
        people=st.tuples(st.builds(p.PersonPlanned, staff=words, shifts=shifts, dated=st.booleans())),
        gaps=st.tuples(st.builds(p.Gap, field=words, language=languages, begins=hours, ends=hours)),
        alone=st.tuples(st.builds(p.Gap, field=words, language=languages, begins=hours, ends=hours)),
    ),
    st.just(n.Done()),
)
from_servers = st.one_of(
    st.builds(
        n.Welcome,
        protocol=st.just(n.PROTOCOL_VERSION),
        server=st.text(max_size=10),
        centre=words,
        day=st.just("2026-09-15"),
    ),
    st.builds(n.Accepted, ids, outcomes),
    st.builds(n.Refused, st.just("") | ids, st.sampled_from(RefusalCode), st.text(max_size=300)),
)


def test_there_is_an_example_of_every_command() -> None:
    assert set(COMMANDS) == set(c.AnyCommand.__args__)


def test_there_is_an_example_of_every_order_about_a_day() -> None:
    assert set(PLANNING) == set(o.PlanOrder.__args__)


@given(from_terminals)
def test_what_a_terminal_says_arrives_as_it_was_said(message: n.AnyFromTerminal) -> None:
    frame = encode(message)
    assert decode_from_terminal(frame) == message
    assert decode_from_terminal(frame.decode()) == message
    assert len(frame) < n.FRAME_BYTES_MAX
    assert b"\n" not in frame


@given(from_servers)
def test_what_the_server_says_arrives_as_it_was_said(message: n.AnyFromServer) -> None:
    assert decode_from_server(encode(message)) == message


PICTURES: tuple[AnyView, ...] = (
    views.kiosk_view(),
    views.board_view(),
    views.counsellor_view(),
    views.reception_view(),
)


@pytest.mark.parametrize("made", PICTURES, ids=lambda made: type(made).__name__)
def test_every_picture_arrives_as_it_was_made(made: AnyView) -> None:
    frame = encode(n.Shown(made))
    again = decode_from_server(frame)
    assert isinstance(again, n.Shown)
    assert again.view == made
    assert encode(again) == frame
    assert again.view.at.utcoffset() is not None


def test_every_command_is_told_by_its_name_in_the_domains_words() -> None:
    tags = {kind.__struct_config__.tag for kind in COMMANDS}
    assert len(tags) == len(COMMANDS)
    assert {"issue_ticket", "call_next", "mark_no_show", "transfer", "post_message"} <= tags


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_anything_else_is_a_malformed_frame_and_nothing_worse(frame: bytes | str) -> None:
    for decode in (decode_from_terminal, decode_from_server):
        with pytest.raises(MalformedFrameError) as error:
            decode(frame)
        assert 0 < len(str(error.value)) <= n.DETAIL_CHARS_MAX


def test_a_malformed_request_is_told_by_its_id() -> None:
    frame = json.dumps({"type": "request", "id": "request-00000000", "command": {"type": "fly"}})
    with pytest.raises(MalformedFrameError) as error:
        decode_from_terminal(frame)
    assert error.value.request_id == "request-00000000"


@pytest.mark.parametrize(
    "frame", ['{"type":"fly"}', '{"id":7}', "[]", "{", '{"id":"x"', "[" * 100_000, b"\xff"]
)
def test_a_malformed_frame_without_an_id_has_an_empty_one(frame: str | bytes) -> None:
    with pytest.raises(MalformedFrameError) as error:
        decode_from_terminal(frame)
    assert error.value.request_id == ""


def test_an_id_of_any_length_is_told_back_short() -> None:
    with pytest.raises(MalformedFrameError) as error:
        decode_from_terminal(json.dumps({"type": "request", "id": "x" * 9000, "command": {}}))
    assert len(error.value.request_id) == 64


def test_a_terminal_may_not_send_a_field_nobody_knows_but_ignores_what_a_newer_server_adds() -> None:
    with pytest.raises(MalformedFrameError, match="unknown field"):
        decode_from_terminal('{"type":"announced","call":1,"name":"Jean Dupont"}')
    newer = '{"type":"accepted","id":"request-00000000","outcome":{"kind":"done"},"colour":"blue"}'
    assert decode_from_server(newer) == n.Accepted("request-00000000", n.Done())


def test_a_long_detail_is_cut() -> None:
    assert len(str(MalformedFrameError("x" * 9999))) == n.DETAIL_CHARS_MAX


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("ticket", "k042"),
        ("ticket", "K42"),
        ("ticket", "K0421234"),
        ("ticket", "K042\n"),
        ("ticket", "Jean"),
    ],
)
def test_a_ticket_is_a_letter_and_digits_and_nothing_else(field: str, value: str) -> None:
    with pytest.raises(MalformedFrameError):
        decode_from_terminal(
            json.dumps(
                {"type": "request", "id": "request-00000000", "command": {"type": "cancel", field: value}}
            )
        )


def test_each_refusal_has_a_sentence() -> None:
    assert set(SENTENCES) == set(RefusalCode)
    assert all(re_sentence.endswith(".") and " " in re_sentence for re_sentence in SENTENCES.values())


def test_a_number_is_shown_with_a_space_that_does_not_break() -> None:
    assert shown("K042") == "K\N{NO-BREAK SPACE}042"


def test_an_instant_keeps_its_offset_on_the_wire() -> None:
    at = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Brussels"), fold=1)
    again = msgspec.json.decode(msgspec.json.encode(at), type=datetime)
    assert again.timestamp() == at.timestamp()


def _asked(command: str) -> str:
    return f'{{"type":"request","id":"{"q" * 16}","command":{command}}}'


LIMITS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "PIN": (_asked('{"type":"sign_in","staff":"c01","pin":"%s"}'), ("1" * 6, "1" * 12), ("1" * 5, "1" * 13)),
    "own PIN": (
        _asked('{"type":"sign_in","staff":"c01","pin":"111111","new_pin":"%s"}'),
        ("1" * 6, "1" * 12),
        ("1" * 5, "1" * 13, "12345a"),
    ),
    "staff key": (
        _asked('{"type":"sign_in","staff":"%s","pin":"111111"}'),
        ("c", "c" * 31),
        ("", "c" * 32, "Jean Dupont"),
    ),
    "code of a terminal": (
        _asked('{"type":"pair_device","code":"%s","device":"board-1","role":"board"}'),
        ("", "b" * 20),
        ("b" * 21, "abcd"),
    ),
    "name of a device": (
        _asked('{"type":"pair_device","code":"bcdf","device":"%s","role":"board"}'),
        ("b", "b" * 31),
        ("", "b" * 32),
    ),
    "message": (_asked('{"type":"post_message","texts":{"fr":"%s"}}'), ("", "é" * 120), ("é" * 121, "\\n")),
    "tickets of a burst": (
        _asked('{"type":"cancel_burst","kiosk":"kiosk-1","tickets":[%s]}'),
        (",".join(['"T001"'] * 40),),
        (",".join(['"T001"'] * 41),),
    ),
    "languages": (
        _asked('{"type":"issue_ticket","field":"work","languages":[%s],"screen_language":"fr"}'),
        ('"fr"', '"fr","nl","de","en"'),
        ("", '"fr","nl","de","en","es"'),
    ),
    "numbers": (_asked('{"type":"reserve_numbers","field":"work","count":%s}'), ("1", "5"), ("0", "6")),
    "id": (
        '{"type":"request","id":"%s","command":{"type":"call_next"}}',
        ("q" * 16, "q" * 64),
        ("q" * 15, "q" * 65),
    ),
    "left out": (
        '{"type":"left_out","total":1,"tickets":[%s]}',
        (",".join(['"T901"'] * 20),),
        (",".join(['"T901"'] * 21),),
    ),
}


@pytest.mark.parametrize("what", LIMITS)
def test_a_text_or_list_is_taken_up_to_its_limit_and_not_beyond(what: str) -> None:
    frame, at, beyond = LIMITS[what]
    for words in at:
        decode_from_terminal((frame % words).encode())
    for words in beyond:
        with pytest.raises(MalformedFrameError):
            decode_from_terminal((frame % words).encode())
