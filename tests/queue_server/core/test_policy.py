"""Who may ask what: every role with every command."""

from typing import get_args

import pytest
from support.queue import BOARD, KIOSK, RECEPTION, Hall, at_desk
from support.rights import ALLOWED, EXAMPLES, ORDERS

from protocol import commands as c
from protocol.ids import Role
from protocol.orders import AnyOrder
from protocol.refusals import RefusalCode
from queue_server.core.policy import HOUSE, Actor, Refusal, may_ask

ACTORS: dict[Role, Actor] = {
    Role.KIOSK: KIOSK,
    Role.COUNSELLOR: at_desk("1"),
    Role.RECEPTION: RECEPTION,
    Role.BOARD: BOARD,
}


def test_the_table_below_names_every_command() -> None:
    assert {type(command) for command in EXAMPLES} == set(get_args(c.AnyCommand))
    assert {type(order) for order in ORDERS} == set(get_args(AnyOrder))
    assert set(ALLOWED) == {*get_args(c.AnyCommand), *get_args(AnyOrder)}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("command", EXAMPLES, ids=lambda command: type(command).__name__)
def test_a_role_may_ask_what_its_column_says_and_nothing_else(role: Role, command: c.AnyCommand) -> None:
    hall = Hall()
    hall.issue()
    answer = hall.attempt(command, ACTORS[role])
    refused = isinstance(answer, Refusal) and answer.code is RefusalCode.NOT_ALLOWED
    assert refused is (role.value[0] not in ALLOWED[type(command)])


def test_the_server_itself_asks_nothing_that_a_terminal_asks() -> None:
    assert not any(may_ask(HOUSE, command) for command in (*EXAMPLES, *ORDERS))
