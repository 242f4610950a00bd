"""Anonymous by type: no field that travels or is kept can hold a visitor's name."""

import re
from collections.abc import Iterator
from typing import get_args

import msgspec
import pytest
from msgspec import inspect as types

from kiosk.keep import Kept
from printers.job import Job, JobOutcome
from protocol import commands as c
from protocol import envelope as n
from protocol import pairing as p
from protocol import views as v
from queue_server.core import events as e
from queue_server.core.legs import Leg
from queue_server.devices import Deed, Enrolled
from queue_server.log_port import Record

FREE_TEXT = {"PostMessage.texts", "MessagePosted.texts"}
"""What staff writes on the board, and nothing else."""
WRITTEN_BY_THE_SERVER = {
    "TicketCancelled.reason",
    "DeskPaused.reason",
    "SlipReported.reason",
    "ActionUndone.action",
}
"""Events repeat what a command's closed words or the server itself gave them."""
SAID_BY_THE_SERVER = {
    "Welcome.server": "what the program is called",
    "Welcome.centre": "the centre's own key in its configuration",
    "Refused.id": "the question's own id, as far as it could be read",
    "Refused.detail": "a sentence of ours; why a frame is malformed is said without a word of it",
    "TicketGiven.token": "made from the day's key and the number",
    "TicketGiven.token_url": "the centre's own address, and that token",
    "HeldNumber.token": "as above",
    "HeldNumber.token_url": "as above",
    "KioskView.printer_cause": "a reason of the printers, from their list",
    "PrinterSeen.cause": "a reason of the printers, from their list",
    "StaffDesk.pause_reason": "one of the command's closed words",
    "Undoable.action": "a kind of event",
    "DeviceSeen.role": "one of four",
    "BoardView.message": "what staff wrote on the board",
    "BoardView.news": "what the centre wrote in its file of news",
    "ReceptionView.message": "what staff wrote on the board",
    "Badge.server": "the server's address, at which the terminal has found it",
    "Badge.authority": "a certificate",
}
"""Texts without a pattern that come from the server, and why each can hold no name of a visitor's."""
KEPT_BESIDE = {
    "Given.token_url": "as the server made it",
    "HeldNumber.token": "as the server made it",
    "HeldNumber.token_url": "as the server made it",
    "Slip.number": "the ticket's code, with a space in it",
    "Slip.token_url": "as the server made it",
    "By.actor": "console, or role, device and desk",
    "Deed.about": "a device's name",
    "Record.actor": "role, device and desk",
    "Record.command_id": "the question's own id",
    "Leg.languages": "language codes, joined",
}
"""Texts without a closed pattern that lie in a file of ours, and why each can hold no name of a visitor's."""
SEEN = "^[!-~]*$"
"""Anything that can be printed: closes nothing."""
STRANGERS = ("Jean Dupont", "jean dupont", "Dupont, Jean", "jean.dupont@example.be", "+32 470 12 34 56")
NAMES = re.compile(r"name|person|visitor|phone|mail|birth|counsellor|organisation", re.IGNORECASE)


def strings(
    kind: types.Type, path: str, seen: frozenset[type] = frozenset()
) -> Iterator[tuple[str, types.StrType]]:
    """Every text a value of this type can hold: where it stands (type and field), and its limits."""
    match kind:
        case types.Metadata(type=inner):
            yield from strings(inner, path, seen)
        case types.StrType():
            yield path, kind
        case types.StructType(cls=cls, fields=fields):
            if cls not in seen:
                for field in fields:
                    yield from strings(field.type, f"{cls.__name__}.{field.name}", seen | {cls})
        case types.UnionType(types=members):
            for member in members:
                yield from strings(member, path, seen)
        case types.VarTupleType(item_type=item) | types.ListType(item_type=item):
            yield from strings(item, path, seen)
        case types.TupleType(item_types=items):
            for item in items:
                yield from strings(item, path, seen)
        case types.DictType(key_type=key, value_type=value):
            yield from strings(key, f"{path}[key]", seen)
            yield from strings(value, path, seen)
        case _:
            pass


def _of(union: object) -> list[tuple[str, types.StrType]]:
    return list(strings(types.type_info(union), ""))


def test_the_walk_finds_what_it_looks_for() -> None:
    found = {path for path, _ in _of(c.AnyCommand)}
    assert {"IssueTicket.field", "IssueTicket.languages", "PostMessage.texts", "OpenDesk.counsellor"} <= found


@pytest.mark.parametrize(("path", "limits"), dict(_of(n.AnyFromTerminal)).items())
def test_no_text_in_what_a_terminal_says_is_without_pattern_or_length(
    path: str, limits: types.StrType
) -> None:
    if path in FREE_TEXT:
        assert limits.max_length is not None
    else:
        assert limits.pattern is not None, path
        assert not any(re.search(limits.pattern, stranger) for stranger in STRANGERS)


@pytest.mark.parametrize(("path", "limits"), dict(_of(e.AnyEvent)).items())
def test_no_text_that_is_kept_is_without_pattern_but_those_named(path: str, limits: types.StrType) -> None:
    if path not in FREE_TEXT | WRITTEN_BY_THE_SERVER:
        assert limits.pattern is not None, path
        assert not any(re.search(limits.pattern, stranger) for stranger in STRANGERS)


def without_pattern(*unions: object) -> set[str]:
    return {
        path
        for union in unions
        for path, limits in _of(union)
        if limits.pattern is None or limits.pattern == SEEN
    }


def test_each_text_that_comes_from_the_server_has_a_pattern_or_a_reason_to_have_none() -> None:
    found = without_pattern(n.AnyFromServer, p.AnyToNewcomer, p.AnyFromNewcomer)
    assert found == set(SAID_BY_THE_SERVER)


def test_each_text_in_any_other_file_of_ours_has_a_pattern_or_a_reason_to_have_none() -> None:
    found = without_pattern(Job, JobOutcome, Kept, Leg, Enrolled, Deed, Record)
    assert found == set(KEPT_BESIDE) | WRITTEN_BY_THE_SERVER | (FREE_TEXT - {"PostMessage.texts"})


def test_what_staff_writes_on_the_board_is_short() -> None:
    [limits] = [limits for path, limits in _of(c.AnyCommand) if path in FREE_TEXT]
    assert limits.max_length == c.MESSAGE_CHARS_MAX <= 120


def _fields(kind: types.Type) -> Iterator[str]:
    match kind:
        case types.Metadata(type=inner):
            yield from _fields(inner)
        case types.StructType(cls=cls, fields=fields):
            for field in fields:
                yield f"{cls.__name__}.{field.name}"
                yield from _fields(field.type)
        case types.UnionType(types=members):
            for member in members:
                yield from _fields(member)
        case types.VarTupleType(item_type=item):
            yield from _fields(item)
        case types.DictType(value_type=value):
            yield from _fields(value)
        case _:
            pass


@pytest.mark.parametrize("public", [v.KioskView, v.BoardView, n.TicketGiven])
def test_what_the_public_sees_has_no_field_for_a_person_or_an_employer(public: type[msgspec.Struct]) -> None:
    found = list(_fields(types.type_info(public)))
    assert len(found) > 3
    assert not [field for field in found if NAMES.search(field.split(".")[1])]


def test_no_command_and_no_event_has_a_field_named_after_a_person() -> None:
    fields = {
        field
        for union in (c.AnyCommand, e.AnyEvent)
        for kind in get_args(union)
        for field in _fields(types.type_info(kind))
    }
    found = {field for field in fields if NAMES.search(field.split(".")[1])}
    assert found == {"OpenDesk.counsellor", "DeskOpened.counsellor"}
