import asyncio
import socket
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from config.load import load
from config.model import Centre
from config.write import text_of
from printers.simulator.paper import Paper
from protocol.ids import Role, StaffId
from queue_server.devices import Device
from walkin.day import play, public, terminal
from walkin.day.play import play_day
from walkin.day.report import DayResult
from walkin.day.trouble import DayError
from walkin.stand import Stand, in_a_hurry, own_centre

CONFIG = Path(__file__).parents[2] / "config"
BRUSSELS = CONFIG / "brussels.toml"
CHARLEROI = CONFIG / "charleroi.toml"
SPEED = 8000.0
"""Eight hours in about four seconds."""


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def a_server(config: Path, folder: Path, port: int) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "walkin", "server", "--config", str(config), "--data", str(folder)),
        *("--port", str(port)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    try:
        assert b"ready" in await process.stdout.readline()
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def without_printers(config: Path, folder: Path) -> Path:
    """The same centre, for a day in seconds, whose kiosks show the number on the screen alone."""
    centre = load(config)
    kiosks = tuple(replace(kiosk, printer=None) for kiosk in centre.kiosks)
    return in_a_hurry(replace(centre, kiosks=kiosks), folder / "centre.toml")


async def a_day(config: Path, running: tuple[str, Path] | None, visitors: int, seed: int = 1) -> DayResult:
    return await play_day(
        load(config),
        seed=seed,
        visitors=visitors,
        speed=SPEED,
        running=running,
        progress=lambda _: None,
    )


@pytest.mark.parametrize("config", [BRUSSELS, CHARLEROI], ids=["a letter per field", "one series"])
async def test_in_a_small_day_nothing_is_lost(config: Path) -> None:
    shares: list[float] = []
    result = await play_day(
        load(config), seed=11, visitors=40, speed=SPEED, running=None, progress=shares.append
    )
    assert result.differences == ()
    assert result.ok
    figures = result.figures
    assert 5 <= figures["issued"] == figures["slips"]
    assert figures["issued"] == figures["finished"] + figures["gone_as_no_show"] + figures["cancelled"]
    assert figures["announcements"] == figures["calls"] + figures["recalls"]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


async def test_one_slip_that_does_not_come_out_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    lost: list[Paper] = []

    def hungry(
        config: Path,
        centre: Centre,
        folder: Path,
        devices: Sequence[Device],
        people: Mapping[StaffId, Role],
        on_slip: Callable[[Paper], None],
        speed: float | None,
    ) -> AbstractAsyncContextManager[Stand]:
        def pass_on(paper: Paper) -> None:
            if lost:
                on_slip(paper)
            else:
                lost.append(paper)

        return own_centre(config, centre, folder, devices, people, pass_on, speed)

    monkeypatch.setattr(play, "own_centre", hungry)
    result = await a_day(BRUSSELS, None, visitors=12)
    assert len(result.differences) == 1
    assert "is not on paper (the server says: printed)" in result.differences[0]


async def test_a_second_day_on_a_server_that_runs_already_counts_only_its_own_tickets(tmp_path: Path) -> None:
    config = without_printers(BRUSSELS, tmp_path)
    port = a_free_port()
    async with a_server(config, tmp_path / "days", port):
        first = await a_day(config, (f"ws://127.0.0.1:{port}", tmp_path / "days"), visitors=20)
        second = await a_day(config, (f"ws://127.0.0.1:{port}", tmp_path / "days"), visitors=20)
    assert first.differences == second.differences == ()
    assert first.figures["issued"] == second.figures["issued"] > 0


async def test_a_day_goes_on_when_the_server_is_killed_and_started_again(tmp_path: Path) -> None:
    config = without_printers(BRUSSELS, tmp_path)
    centre, port = load(config), a_free_port()
    half = asyncio.Event()

    def watch(share: float) -> None:
        if share >= 0.5:
            half.set()

    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(a_server(config, tmp_path / "days", port))
        day = asyncio.create_task(
            play_day(
                centre,
                seed=3,
                visitors=60,
                speed=SPEED,
                running=(f"ws://127.0.0.1:{port}", tmp_path / "days"),
                progress=watch,
            )
        )
        await half.wait()
        first.kill()
        await first.wait()
        await stack.enter_async_context(a_server(config, tmp_path / "days", port))
        result = await day
    assert result.differences == ()


async def test_a_day_without_paper_has_a_difference_for_every_slip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal, "SLIP_PATIENCE_S", 0.0)
    monkeypatch.setattr(public, "SLIPS_PATIENCE_S", 0.0)
    centre, nowhere, port = load(BRUSSELS), a_free_port(), a_free_port()
    printers = tuple(replace(printer, port=nowhere) for printer in centre.printers)
    config = in_a_hurry(replace(centre, printers=printers), tmp_path / "centre.toml")
    async with a_server(config, tmp_path / "days", port):
        result = await a_day(config, (f"ws://127.0.0.1:{port}", tmp_path / "days"), visitors=12)
    assert result.figures["issued"] > 0
    assert len(result.differences) == result.figures["issued"]
    assert all("is not printed" in difference for difference in result.differences)


async def test_a_running_server_that_sends_visitors_to_reception_ends_the_day_with_a_sentence(
    tmp_path: Path,
) -> None:
    centre, config, port = load(CHARLEROI), tmp_path / "centre.toml", a_free_port()
    at_any_hour = replace(centre, rules=replace(centre.rules, last_tickets="closing"))
    config.write_text(text_of(at_any_hour))
    async with a_server(config, tmp_path / "days", port):
        with pytest.raises(DayError, match="tickets_per_kiosk_max"):
            await a_day(config, (f"ws://127.0.0.1:{port}", tmp_path / "days"), visitors=120)


async def test_without_a_server_the_day_ends_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal, "AWAY_MAX_S", 0.2)
    with pytest.raises(DayError, match="does not answer"):
        await a_day(BRUSSELS, (f"ws://127.0.0.1:{a_free_port()}", tmp_path), visitors=5)


async def test_a_server_of_another_centre_is_named_as_such(tmp_path: Path) -> None:
    port = a_free_port()
    async with a_server(CHARLEROI, tmp_path / "days", port):
        with pytest.raises(DayError, match="same configuration"):
            await a_day(BRUSSELS, (f"ws://127.0.0.1:{port}", tmp_path / "days"), visitors=5)
