"""One program for every screen: it shows a code until somebody has typed it, and becomes what it shall."""

import asyncio
import re
import ssl
import sys
from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path

import pytest
import trustme
from click.testing import CliRunner
from msgspec.structs import replace
from support.pairing import BOARD, RECEPTION, at_work, brought, pair
from support.servers import PATIENCE_S, START_PATIENCE_S, stranger, terminal, until
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Response

from config.look.lettering import mosaic, wrap_alike
from config.phrases import Phrases, for_screen
from protocol import newcomer as terminal_module
from protocol.badge import Badge, read_badge
from protocol.client import is_disowned
from protocol.envelope import Accepted, Welcome
from protocol.ids import Role
from protocol.newcomer import Away, Closed, OtherVersion, Showing
from protocol.orders import OpenPairing
from protocol.pairing import spaced
from protocol.trust import SERVER_NAME
from protocol.views import ReceptionView
from queue_server import doorkeeper
from queue_server.store.authority import authority_of
from queue_server.store.certificates import make_authority
from walkin import pairing as module
from walkin.cli import main
from walkin.code_screen import CODE_ROWS_ENOUGH, MARGIN_COLUMNS, SENTENCE_ROWS, CodeScreen
from walkin.ending import EXIT_CONFIG


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RETRY_S", "TURNED_AWAY_RETRY_S"):
        monkeypatch.setattr(terminal_module, name, (0.0, 0.01))
    monkeypatch.setattr(doorkeeper, "LOOK_S", 0.01)


@pytest.fixture
async def url(tmp_path: Path) -> AsyncIterator[str]:
    async with at_work(tmp_path / "data") as address:
        yield address


def code_screen(url: str, path: Path) -> CodeScreen:
    return CodeScreen(url, path, Phrases.load(), ("fr", "nl"))


def says(screen: CodeScreen, key: str) -> bool:
    """Whether it says this in each of its languages, all in one size."""
    width = screen.size.width - MARGIN_COLUMNS
    said = [for_screen(Phrases.load().say(key, language), language) for language, _ in screen.sentences]
    drawn = [str(sentence.content).split("\n") for _, sentence in screen.sentences]
    return any(
        drawn == [[row for line in lines for row in mosaic(line, rows)] for lines in broken]
        for rows in SENTENCE_ROWS
        for broken in (wrap_alike(said, width, rows),)
    )


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (200, 60), (40, 20)])
async def test_the_screen_shows_a_code_in_both_languages_and_ends_with_a_badge(
    tmp_path: Path, url: str, size: tuple[int, int]
) -> None:
    path = tmp_path / "terminal.badge"
    screen = code_screen(url, path)
    async with terminal(url, Role.RECEPTION) as reception, screen.run_test(size=size) as pilot:
        await until(lambda: isinstance(screen.situation, Closed))
        assert says(screen, "pairing.closed")
        await reception.ask(OpenPairing())
        await until(lambda: isinstance(screen.situation, Showing))
        await pilot.pause()
        assert isinstance(screen.situation, Showing)
        assert max(screen.code.region.right, 0) <= size[0]
        assert all(widget.region.bottom <= size[1] for widget in screen.query("Static"))
        assert isinstance(await reception.ask(pair(screen.situation.code)), Accepted)
        await until(lambda: screen.return_value is not None)
    assert screen.return_value == read_badge(path)


@pytest.mark.parametrize("size", [(80, 24), (40, 20)])
@pytest.mark.parametrize("situation", [Away(), Closed(), OtherVersion(), Showing("MMQWXZWM")])
async def test_nothing_of_the_code_screen_is_cut_off(
    tmp_path: Path, size: tuple[int, int], situation: "Away | Closed | OtherVersion | Showing"
) -> None:
    screen = code_screen("ws://127.0.0.1:1", tmp_path / "badge")
    async with screen.run_test(size=size) as pilot:
        screen.workers.cancel_all()
        screen.show(situation)
        await pilot.pause()
        for widget in screen.query("Static"):
            assert widget.region.width <= size[0]
            assert widget.region.bottom <= size[1]
        shown = str(screen.code.content)
        assert max(map(len, shown.split("\n"))) <= size[0]


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (160, 45), (60, 60), (45, 48)])
async def test_the_code_and_what_to_do_with_it_are_read_from_afar_on_every_screen(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    screen = code_screen("wss://192.0.2.10:8765", tmp_path / "badge")
    async with screen.run_test(size=size) as pilot:
        screen.workers.cancel_all()
        screen.show(Showing("K7PLJW23"))
        await pilot.pause()
        assert says(screen, "pairing.showing")
        assert len(str(screen.code.content).split("\n")) >= CODE_ROWS_ENOUGH
        assert min(str(sentence.content).count("\n") for _, sentence in screen.sentences) > 1, "large type"
        assert all(widget.region.bottom <= size[1] for widget in screen.query("Static"))


@pytest.mark.parametrize("situation", [Away(), Closed(), OtherVersion(), Showing("K7PLJW23")])
async def test_a_large_screen_is_used_for_large_sentences_and_a_larger_code(
    tmp_path: Path, situation: "Away | Closed | OtherVersion | Showing"
) -> None:
    screen = code_screen("wss://192.0.2.10:8765", tmp_path / "badge")
    async with screen.run_test(size=(160, 45)) as pilot:
        screen.workers.cancel_all()
        screen.show(situation)
        await pilot.pause()
        free = 45 - sum(widget.region.height for widget in screen.query("Static") if widget.display)
        lines = [len(str(sentence.content).split("\n")) for _, sentence in screen.sentences]
        assert free < sum(lines), "no room for another line of each"
        assert max(lines) >= 2 * 6
        if isinstance(situation, Showing):
            assert len(str(screen.code.content).split("\n")) > 6


async def test_no_key_ends_the_code_screen_or_opens_anything_over_it(tmp_path: Path) -> None:
    screen = code_screen("ws://127.0.0.1:1", tmp_path / "badge")
    async with screen.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+q", "ctrl+c", "ctrl+p", "ctrl+z", "escape", "f1", "tab", "enter", "q")
        await pilot.pause()
        assert screen.is_running
        assert screen.screen_stack == [screen.screen]
        assert not screen._notifications


async def test_a_badge_that_cannot_be_kept_ends_the_screen_with_a_sentence(tmp_path: Path, url: str) -> None:
    (tmp_path / "file").touch()
    screen = code_screen(url, tmp_path / "file" / "terminal.badge")
    async with terminal(url, Role.RECEPTION) as reception, screen.run_test():
        await reception.ask(OpenPairing())
        await until(lambda: isinstance(screen.situation, Showing))
        assert isinstance(screen.situation, Showing)
        await reception.ask(pair(screen.situation.code))
        await until(lambda: screen.trouble is not None)
    assert "cannot be written" in str(screen.trouble)


async def typed_at_console(directory: Path, codes: str) -> tuple[int | None, str]:
    """How the real program at the server's console ends, and what it says."""
    console = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "walkin", "device", "pair", BOARD, "--role", "board"),
        *("--data", str(directory)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(console.communicate(codes.encode()), START_PATIENCE_S)
    return console.returncode, said.decode()


async def test_the_first_terminal_of_a_centre_is_paired_from_the_console(tmp_path: Path, url: str) -> None:
    assert isinstance(await module.ask(tmp_path / "data", OpenPairing()), Accepted)
    async with brought(url) as screen:
        codes = f"no code\nBCDF GHJK\n{spaced(await screen.code())}\n"
        status, said = await typed_at_console(tmp_path / "data", codes)
        own: Badge = await asyncio.wait_for(screen.joining, PATIENCE_S)
    assert status == 0, said
    assert "That is no code" in said
    assert "No terminal that waits shows this code." in said
    assert f"{BOARD} belongs to the centre." in said
    assert own.token not in said
    async with stranger(url, own.token) as guest:
        assert isinstance(await guest.answer(), Welcome)
    async with terminal(url, Role.RECEPTION) as reception:
        view = await reception.view(lambda view: isinstance(view, ReceptionView))
        assert isinstance(view, ReceptionView)
        assert view.server.pairing is None, "the console closes what it has opened"


async def test_the_console_says_when_no_server_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ANSWER_TIMEOUT_S", 0.1)
    with pytest.raises(module.NoServerError, match="Start it"):
        await module.ask(tmp_path / "data", OpenPairing())


def test_a_place_that_the_centre_does_not_have_is_named_before_any_code_is_asked(tmp_path: Path) -> None:
    told = CliRunner().invoke(
        main, ["device", "pair", "kiosk-99", "--role", "kiosk", "--data", str(tmp_path / "data")]
    )
    assert told.exit_code == EXIT_CONFIG
    assert re.search(r"brussels\.toml: The centre has no such kiosk", told.output)
    assert "Code" not in told.output


def test_a_terminal_does_not_show_its_code_to_a_server_over_an_open_network(tmp_path: Path) -> None:
    told = CliRunner().invoke(
        main, ["terminal", "--server", "ws://10.0.0.2:8765", "--badge", str(tmp_path / "badge")]
    )
    assert told.exit_code == EXIT_CONFIG
    assert "wss://" in told.output


async def test_a_terminal_that_was_removed_is_disowned_and_no_other(url: str) -> None:
    reception = replace(RECEPTION, server=url)
    assert not await is_disowned(url, reception)
    removed = replace(reception, token="A" * 43)
    assert await is_disowned(url, removed)


async def test_a_terminal_does_not_believe_another_server_that_disowns_it(tmp_path: Path) -> None:
    make_authority(tmp_path / "own", "smallville", anew=False)
    own = replace(RECEPTION, authority=authority_of(tmp_path / "own"))

    def disown(connection: ServerConnection, _: object) -> Response:
        return connection.respond(HTTPStatus.UNAUTHORIZED, "")

    async def attend(_: ServerConnection) -> None:
        raise AssertionError

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert(SERVER_NAME).configure_cert(context)
    async with serve(attend, "127.0.0.1", 0, ssl=context, process_request=disown) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        assert not await is_disowned(f"wss://127.0.0.1:{port}", own)
    assert not await is_disowned(f"wss://127.0.0.1:{port}", own), "nor silence"
