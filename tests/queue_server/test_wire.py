"""What travels: nothing of the team towards the public, no name in a reason, one clean line on the board."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from support.centre import ALL_ROUND, PRIVATE_WORDS
from support.servers import Running, Terminal, server_in_process, terminal

from protocol import commands as c
from protocol.commands import AnyCommand
from protocol.envelope import Accepted, Refused
from protocol.ids import Role

ISSUE = c.IssueTicket(field="training", languages=("fr",), screen_language="fr")
ID = "request-00000000"


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    async with server_in_process(tmp_path) as found:
        yield found


def question(command: dict[str, object], request_id: str = ID) -> str:
    return json.dumps({"type": "request", "id": request_id, "command": command})


async def test_nothing_on_a_kiosk_or_a_board_says_who_works_here_or_for_whom(running: Running) -> None:
    async with (
        terminal(running.url, Role.KIOSK, "kiosk-1") as kiosk,
        terminal(running.url, Role.BOARD) as board,
        terminal(running.url, Role.RECEPTION, "reception-1") as reception,
        terminal(running.url, Role.COUNSELLOR, "desk-1", "1") as desk,
        terminal(running.url, Role.COUNSELLOR, "desk-2", "2") as other,
    ):
        for field in ("training", "work", "training"):
            await kiosk.ask(c.IssueTicket(field=field, languages=("nl", "fr"), screen_language="nl"))
        session: list[tuple[Terminal, AnyCommand]] = [
            (desk, c.OpenDesk(ALL_ROUND)),
            (other, c.OpenDesk("staff-tr")),
            (desk, c.CallNext()),
            (desk, c.Recall("T001")),
            (desk, c.StartServing("T001")),
            (desk, c.Transfer(ticket="T001", desk="2")),
            (other, c.CallNext()),
            (other, c.Park("T001")),
            (other, c.Pause(c.PauseReason.LUNCH)),
            (other, c.Resume()),
            (other, c.Unpark("T001")),
            (other, c.Finish("T001")),
            (desk, c.CallTicket("W001")),
            (desk, c.MarkNoShow("W001")),
            (desk, c.Undo()),
            (desk, c.Finish("W001")),
            (other, c.CloseDesk()),
            (reception, c.PostMessage({"fr": "Bonjour"})),
            (reception, c.Reprint("T001")),
            (reception, c.CloseDay()),
        ]
        for asking, command in session:
            answer = await asking.ask(command)
            assert isinstance(answer, Accepted), (command, answer)
        assert isinstance(await kiosk.ask(ISSUE), Refused)
        for command in (c.OpenDesk(ALL_ROUND), c.CallNext(), c.CloseDesk()):
            assert isinstance(await kiosk.ask(command), Refused)
            assert isinstance(await board.ask(command), Refused)
        version = running.engine.queue.version
        await kiosk.view(lambda view: view.version == version)
        await board.view(lambda view: view.version == version)
        await desk.view(lambda view: view.version == version)
        assert ALL_ROUND.encode() in b"".join(desk.frames), "staff screens do say it"
        for frame in (*kiosk.frames, *board.frames):
            found = [word for word in PRIVATE_WORDS if re.search(word.encode(), frame, re.IGNORECASE)]
            assert not found, frame


async def test_what_is_posted_on_the_board_is_one_line_without_control_characters(running: Running) -> None:
    async with terminal(running.url, Role.RECEPTION) as reception:
        answer = await reception.ask(c.PostMessage({"fr": "a\nb\x1b[2J"}))
        assert isinstance(answer, Refused)


async def test_a_reason_is_a_word_of_the_texts_and_holds_no_name(running: Running) -> None:
    async with terminal(running.url, Role.COUNSELLOR, "desk-1", "1") as desk:
        await desk.ask(c.OpenDesk(ALL_ROUND))
        await desk.say(question({"type": "pause", "reason": "jean-dupont"}))
        assert isinstance(await desk.answer(), Refused)
