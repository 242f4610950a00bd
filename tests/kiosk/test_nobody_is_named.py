"""A kiosk shows the same, whoever works in the centre and for whom."""

from collections.abc import Callable
from typing import Any

from support.hand import Hand
from support.nobody import drawn, named_in, nobody_in
from support.views import kiosk_view

from config.model import Centre
from kiosk.visit import IDLE_S, LINK_GRACE_S, Scene
from protocol.client import LinkLost, LinkUp
from protocol.envelope import TicketGiven, Welcome
from protocol.refusals import RefusalCode
from protocol.views import PrintState

UP = LinkUp(Welcome(protocol=1, server="walkin", centre="brussels", day="2026-09-15", epoch=1))


async def every_scene(kiosk: Any, hand: Hand, ticket: TicketGiven) -> dict[Scene, list[str]]:
    """What stands on the screen in each scene that a visitor can come to."""
    seen: dict[Scene, list[str]] = {}

    def look() -> None:
        seen[hand.panel.kiosk.scene] = drawn(kiosk)

    await hand.hears(UP, kiosk_view(), then=Scene.LANGUAGE)
    look()
    await hand.taps("#en", Scene.FIELD)
    look()
    await hand.taps("#mobility", Scene.TALK)
    look()
    await hand.taps("#talk-either", Scene.TAKING)
    look()
    await hand.gets(ticket, Scene.TICKET)
    await hand.learns(PrintState.PRINTED)
    look()
    await hand.taps("#way", Scene.LANGUAGE)
    await hand.taps("#fr", Scene.FIELD)
    await hand.waits(IDLE_S, Scene.STILL_THERE)
    look()
    await hand.taps("#yes", Scene.FIELD)
    await hand.taps("#unsure", Scene.UNSURE)
    look()
    await hand.taps("#yes", Scene.HELP)
    await hand.gets(None, Scene.HELP)
    look()
    await hand.taps("#yes", Scene.UNSURE)
    await hand.taps("#way", Scene.FIELD)
    await hand.taps("#employment", Scene.TAKING)
    await hand.gets(RefusalCode.FIELD_CLOSED, Scene.REFUSED)
    look()
    hand.line.say(LinkLost("gone"))
    await hand._until(hand.pilot, hand.is_cut_off)
    await hand.waits(LINK_GRACE_S + IDLE_S, Scene.OFFLINE)
    look()
    await hand.hears(UP, kiosk_view(open=False), then=Scene.CLOSED)
    look()
    return seen


async def test_no_scene_of_a_kiosk_says_who_works_here_or_for_whom(
    centre: Centre, ticket: TicketGiven, until: Any, kiosk_of: Callable[..., Any]
) -> None:
    screens = []
    for known in (centre, nobody_in(centre)):
        kiosk, clock, line = kiosk_of(known)
        async with kiosk.run_test(size=(100, 30)) as pilot:
            screens.append(await every_scene(kiosk, Hand(pilot, kiosk, clock, line, until), ticket))
    real, empty = screens
    assert set(real) == set(Scene) - {Scene.CONNECTING}
    assert real == empty
    for lines in real.values():
        assert named_in("\n".join(lines), centre) == []
