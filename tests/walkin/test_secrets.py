"""Whoever prints what a program knows sees no secret."""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import msgspec
import pytest

import config
import desk
import display_board
import kiosk
import printers
import protocol
import queue_server
import walkin
from kiosk.reserve import Given
from printers.slip import Slip
from protocol.badge import Badge
from protocol.envelope import HeldNumber, TicketGiven
from protocol.ids import Role
from protocol.newcomer import Showing
from protocol.orders import PairDevice, SignIn
from protocol.pairing import Paired
from queue_server.people import Account
from queue_server.store.copies import Proved
from queue_server.store.witness import Seen
from walkin.day import audit

OURS = (config, desk, display_board, kiosk, printers, protocol, queue_server, walkin)
SECRETS: dict[type[msgspec.Struct], set[str]] = {
    Badge: {"token"},
    TicketGiven: {"token", "token_url"},
    HeldNumber: {"token", "token_url"},
    Given: {"token_url"},
    Slip: {"token_url"},
    PairDevice: {"code"},
    SignIn: {"pin", "new_pin"},
    Account: {"pin"},
    Showing: {"code"},
    Proved: {"secret"},
}
"""Every type that carries one, and where."""
NO_SECRETS = {Seen: "a digest of one", audit.Given: "of a day that is played"}
NAMES = {"token", "token_url", "secret", "pin", "new_pin", "password"}


def modules(package: ModuleType) -> Iterator[str]:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not found.name.endswith("__main__"):
            yield found.name


def structs(kind: type[msgspec.Struct] = msgspec.Struct) -> Iterator[type[msgspec.Struct]]:
    for one in kind.__subclasses__():
        if one.__module__.partition(".")[0] in {package.__name__ for package in OURS}:
            yield one
        yield from structs(one)


def test_every_field_of_ours_that_is_named_like_a_secret_is_known_as_one() -> None:
    for package in OURS:
        for name in modules(package):
            importlib.import_module(name)
    named = {kind: NAMES & set(kind.__struct_fields__) for kind in structs() if kind not in NO_SECRETS}
    assert {kind: names for kind, names in named.items() if names} == {
        kind: names & NAMES for kind, names in SECRETS.items() if names & NAMES
    }


@pytest.mark.parametrize("kind", SECRETS, ids=lambda kind: kind.__name__)
def test_whoever_prints_what_carries_a_secret_sees_that_it_is_there_and_no_more(
    kind: type[msgspec.Struct],
) -> None:
    value = kind(**{field: f"<{field}>" for field in kind.__struct_fields__})
    for said in (repr(value), str(value), f"{value}", repr({"value": [value]})):
        for field in kind.__struct_fields__:
            assert (f"<{field}>" in said) is (field not in SECRETS[kind])
            assert f"{field}=" in said


def test_whoever_prints_what_carries_a_badge_sees_no_secret_either() -> None:
    own = Badge(device="kiosk-1", role=Role.KIOSK, token="A" * 43)
    assert own.token not in repr(Paired(own))
    assert "kiosk-1" in repr(Paired(own))
