"""A real kiosk whose server is killed gives a number, is killed itself, and nobody is forgotten."""

import signal
from contextlib import suppress
from pathlib import Path

from support.badges import badge, worn
from support.screens import Screen
from support.servers import server_process, until

from kiosk.keep import Keep, Kept
from protocol import commands as c
from protocol.client import QueueClient
from protocol.ids import Role
from protocol.views import ReceptionView

FIRST_LANGUAGE, FIRST_FIELD = (20, 11), (20, 6)
"""Where the tile of a language and of the first field stand on a kiosk of 80 by 24, column and row."""


async def tapped_until_given(kiosk: Screen, keep: Keep) -> Kept:
    """A visitor taps a language, then the first field, until the kiosk has given a number."""
    given: list[Kept] = []

    def looks_given() -> bool:
        kept = keep.load()
        given.extend([kept] if kept is not None and kept.reserve.given else [])
        return bool(given)

    while not given:
        for where in (FIRST_LANGUAGE, FIRST_FIELD):
            kiosk.tap(*where)
            with suppress(TimeoutError):
                await until(looks_given, within_s=1.0)
    return given[-1]


async def seen(url: str, ticket: str) -> ReceptionView:
    """The first picture of reception in which this ticket waits."""
    async with QueueClient(url, badge(Role.RECEPTION, "reception-1")) as reception:
        async for update in reception.updates():
            if isinstance(update, ReceptionView) and any(one.ticket == ticket for one in update.waiting):
                return update
    raise AssertionError("the line has no end")


async def test_a_visitor_of_a_killed_server_and_a_killed_kiosk_waits_with_the_number_on_the_screen(
    tmp_path: Path,
) -> None:
    state = tmp_path / "state"
    keep = Keep(state / "walkin", "kiosk-1")
    kiosk_1 = worn(state, badge(Role.KIOSK, "kiosk-1"))

    def stocked() -> bool:
        kept = keep.load()
        return kept is not None and len(kept.reserve.free) == len(kept.intake.fields) > 0

    async with server_process(tmp_path / "data") as server:
        url = await server.url()
        port = int(url.rsplit(":", 1)[1])
        async with QueueClient(url, badge(Role.RECEPTION, "reception-1")) as reception:
            await reception.ask(c.OpenDay())
        async with Screen(state, "kiosk", "--server", url, *kiosk_1) as kiosk:
            await until(stocked)
            server.signal(signal.SIGKILL)
            await server.ended()
            kept = await tapped_until_given(kiosk, keep)
    async with (
        server_process(tmp_path / "data", port) as server,
        Screen(state, "kiosk", "--server", url, *kiosk_1),
    ):
        await server.ready()
        ticket = kept.reserve.given[0].ticket
        assert int(ticket[1:]) == 900
        view = await seen(url, ticket)
        (row,) = (one for one in view.waiting if one.ticket == ticket)
        assert row.issued_at < view.at
