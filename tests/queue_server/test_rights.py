"""Every role with every command, report and picture, over the wire; and the documents say the same."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import get_args

import pytest
from support.queue import snapshot
from support.rights import ALLOWED, EXAMPLES, ORDERS
from support.servers import ROOT, Running, server_in_process, terminal

from protocol import commands as c
from protocol.commands import AnyCommand
from protocol.envelope import Accepted, Announced, AnyFromTerminal, LeftOut, Present, Refused, Request
from protocol.ids import Role
from protocol.orders import AnyOrder
from protocol.refusals import RefusalCode
from protocol.views import AnyView, BoardView, CounsellorView, KioskView, ReceptionView

ROLES = {
    Role.KIOSK: ("kiosk-1", None),
    Role.COUNSELLOR: ("desk-1", "1"),
    Role.RECEPTION: ("reception-1", None),
    Role.BOARD: ("board-1", None),
}
TELLS: dict[type[AnyFromTerminal], frozenset[Role]] = {
    Announced: frozenset({Role.BOARD}),
    LeftOut: frozenset({Role.KIOSK}),
    Present: frozenset({Role.COUNSELLOR, Role.RECEPTION}),
}
SEES: dict[Role, type[AnyView]] = {
    Role.KIOSK: KioskView,
    Role.COUNSELLOR: CounsellorView,
    Role.RECEPTION: ReceptionView,
    Role.BOARD: BoardView,
}


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    async with server_in_process(tmp_path) as found:
        yield found


@pytest.mark.parametrize("role", Role)
async def test_a_terminal_gets_an_answer_to_what_its_role_may_ask_and_a_no_to_all_else(
    running: Running, role: Role
) -> None:
    async with (
        terminal(running.url, Role.RECEPTION, "reception-2") as front,
        terminal(running.url, role, *ROLES[role]) as asking,
    ):
        await front.ask(c.IssueTicket(field="training", languages=("fr",), screen_language="fr"))
        for command in (*EXAMPLES, *ORDERS):
            before = snapshot(running.engine.queue)
            answer = await asking.ask(command)
            denied = isinstance(answer, Refused) and answer.code is RefusalCode.NOT_ALLOWED
            assert denied is (role.value[0] not in ALLOWED[type(command)]), (role, command, answer)
            if denied:
                assert snapshot(running.engine.queue) == before


@pytest.mark.parametrize("role", Role)
async def test_a_terminal_reports_what_its_role_may_report_and_nothing_else(
    running: Running, role: Role
) -> None:
    assert {*TELLS} == {*get_args(AnyFromTerminal)} - {Request}
    async with terminal(running.url, role, *ROLES[role]) as telling:
        for report in (Announced(1), LeftOut(("T900",), 1), Present()):
            if role not in TELLS[type(report)]:
                assert (await telling.refusal(report)).code is RefusalCode.NOT_ALLOWED
            else:
                await telling.say(report)
                await telling.view(lambda _: True)
    seen = running.hub._devices[ROLES[role][0]]
    assert (seen.left_out == ("T900",)) is (role is Role.KIOSK)
    assert seen.announced == 0, "there was no call to announce"


@pytest.mark.parametrize("role", Role)
async def test_a_terminal_is_shown_the_picture_of_its_own_role_and_no_other(
    running: Running, role: Role
) -> None:
    async with (
        terminal(running.url, role, *ROLES[role]) as looking,
        terminal(running.url, Role.RECEPTION, "reception-2") as front,
    ):
        for number in range(3):
            answer = await front.ask(c.PostMessage({"fr": f"Bonjour {number}"}))
            assert isinstance(answer, Accepted)
        version = running.engine.queue.version
        await looking.view(lambda view: view.version >= version)
        shown = {frame.split(b'"for":"')[1].split(b'"')[0] for frame in looking.frames if b'"for":"' in frame}
        assert shown == {role.value.encode()}
        assert type(looking.newest) is SEES[role]


def test_the_documents_say_who_may_ask_what() -> None:
    words = (ROOT / "docs" / "reference" / "protocol.md").read_text(encoding="utf-8")
    _, _, rest = words.partition("| command | what it does | kiosk | counsellor | reception |")
    rows = [line.strip("|").split("|") for line in rest.splitlines()[2:] if line.startswith("|")]
    rows = rows[: next((at for at, row in enumerate(rows) if len(row) != 5), len(rows))]
    said: dict[str, str] = {}
    for row in rows:
        allowed = "".join(letter for letter, cell in zip("kcr", row[-3:], strict=True) if cell.strip())
        said |= dict.fromkeys(re.findall(r"`([a-z_]+)`", row[0]), allowed)
    tags: dict[str, type[AnyCommand | AnyOrder]] = {
        str(kind.__struct_config__.tag): kind for kind in (*get_args(AnyCommand), *get_args(AnyOrder))
    }
    assert said == {tag: ALLOWED[kind].replace(" ", "") for tag, kind in tags.items()}
