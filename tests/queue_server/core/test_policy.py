"""Who may ask what: every role with every command."""

from typing import get_args

import pytest
from support.queue import BOARD, KIOSK, RECEPTION, Hall, at_desk

from protocol import commands as c
from protocol.ids import Role
from protocol.refusals import RefusalCode
from queue_server.core.policy import HOUSE, Actor, Refusal, may_ask

EXAMPLES: tuple[c.AnyCommand, ...] = (
    c.IssueTicket(field="training", languages=("fr",), screen_language="fr"),
    c.ReserveNumbers("training"),
    c.RedeemTicket(
        ticket="T900",
        day="2026-09-15",
        field="training",
        languages=("fr",),
        screen_language="fr",
        waited_s=60,
    ),
    c.CallNext(),
    c.CallTicket("T001"),
    c.Recall("T001"),
    c.StartServing("T001"),
    c.Finish("T001"),
    c.MarkNoShow("T001"),
    c.Reinstate("T001"),
    c.Transfer(ticket="T001"),
    c.Park("T001"),
    c.Unpark("T001"),
    c.Cancel("T001"),
    c.Undo(),
    c.OpenDesk("staff-ar"),
    c.CloseDesk(),
    c.Pause(c.PauseReason.LUNCH),
    c.Resume(),
    c.OpenDay(),
    c.CloseDay(),
    c.EndDay(),
    c.OpenField("work"),
    c.CloseField("work"),
    c.SetPriority("T001", True),
    c.PostMessage({"fr": "Bonjour"}),
    c.Reprint("T001"),
)

#                     kiosk counsellor reception; a board asks nothing
ALLOWED: dict[type[c.Command], str] = {
    c.IssueTicket: "k r",
    c.ReserveNumbers: "k",
    c.RedeemTicket: "k",
    c.CallNext: "c",
    c.CallTicket: "c",
    c.Recall: "c r",
    c.StartServing: "c",
    c.Finish: "c",
    c.MarkNoShow: "c r",
    c.Reinstate: "c r",
    c.Transfer: "c r",
    c.Park: "c",
    c.Unpark: "c",
    c.Cancel: "r",
    c.Undo: "c",
    c.OpenDesk: "c",
    c.CloseDesk: "c",
    c.Pause: "c",
    c.Resume: "c",
    c.OpenDay: "r",
    c.CloseDay: "r",
    c.EndDay: "r",
    c.OpenField: "r",
    c.CloseField: "r",
    c.SetPriority: "r",
    c.PostMessage: "r",
    c.Reprint: "r",
}
ACTORS: dict[Role, Actor] = {
    Role.KIOSK: KIOSK,
    Role.COUNSELLOR: at_desk("1"),
    Role.RECEPTION: RECEPTION,
    Role.BOARD: BOARD,
}


def test_the_table_below_names_every_command() -> None:
    assert {type(command) for command in EXAMPLES} == set(get_args(c.AnyCommand)) == set(ALLOWED)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("command", EXAMPLES, ids=lambda command: type(command).__name__)
def test_a_role_may_ask_what_its_column_says_and_nothing_else(role: Role, command: c.AnyCommand) -> None:
    hall = Hall()
    hall.issue()
    answer = hall.attempt(command, ACTORS[role])
    refused = isinstance(answer, Refusal) and answer.code is RefusalCode.NOT_ALLOWED
    assert refused is (role.value[0] not in ALLOWED[type(command)])


def test_the_server_itself_asks_nothing_that_a_terminal_asks() -> None:
    assert not any(may_ask(HOUSE, command) for command in EXAMPLES)
