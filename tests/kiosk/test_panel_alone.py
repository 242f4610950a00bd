"""The kiosk's screen while the server is away, and after it has come back."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from support.hand import Hand
from support.views import DAY, kiosk_view

from config.model import Centre
from kiosk.alone import Alone
from kiosk.keep import Keep
from kiosk.paper import SLIP_S
from kiosk.reserve import Intake, Reserve
from kiosk.visit import LINK_GRACE_S, TICKET_UNPRINTED_S, Scene
from kiosk.widgets import Tile
from protocol.client import LinkLost, LinkUp
from protocol.commands import IssueTicket, RedeemTicket
from protocol.envelope import HeldNumber, Welcome
from protocol.refusals import RefusalCode
from protocol.views import PrintState

UP = LinkUp(Welcome(protocol=1, server="walkin", centre="brussels", day=DAY, epoch=0))
WALL_S = 1.8e9
OWN = {
    "fr": "Numéro provisoire. Gardez-le : il sera appelé.",
    "nl": "Voorlopig nummer. Bewaar het: wij roepen het op.",
}


class Paper:
    """A printer of the kiosk's own, on which nothing comes out by itself."""

    def __init__(self) -> None:
        self.slips: list[str] = []

    def print(self, given: Any, *_: object) -> None:
        self.slips.append(given.ticket)

    async def leave(self) -> None:
        """It holds nothing."""

    async def run(self) -> None:
        """It prints nothing."""


def numbers(letter: str, count: int) -> tuple[HeldNumber, ...]:
    return tuple(
        HeldNumber(ticket=f"{letter}{900 + n}", token="7K3F", token_url=f"https://x.example/t/{letter}{n}")
        for n in range(count)
    )


@pytest.fixture
def alone(tmp_path: Path, centre: Centre, clock: Any) -> Alone:
    """Two numbers for employment and none for other fields, heard of when all were open."""
    keep = Keep(tmp_path, "kiosk-1")
    every = tuple(field.id for field in centre.fields)
    keep.save(
        Reserve(day=DAY, free={"employment": numbers("S", 2)}), Intake(fields=every, until_s=WALL_S + 3600)
    )
    return Alone(centre, keep, clock, lambda: WALL_S + clock() - 1000.0)


def read(hand: Hand) -> str:
    """What is said, however it is broken into lines."""
    return " ".join(hand.text().split())


async def at_work(app: Any, clock: Any, line: Any, until: Any, size: tuple[int, int]) -> AsyncIterator[Hand]:
    async with app.run_test(size=size) as pilot:
        hand = Hand(pilot, app, clock, line, until)
        await until(pilot, app.panel._alone.offered)
        yield hand


@pytest.fixture(params=[(80, 24), (100, 30), (160, 45)], ids=lambda size: f"{size[0]}x{size[1]}")
async def hand(
    request: pytest.FixtureRequest, kiosk_with: Any, alone: Alone, clock: Any, line: Any, until: Any
) -> AsyncIterator[Hand]:
    """A kiosk that knew its server and has lost it."""
    async for made in at_work(kiosk_with(alone), clock, line, until, request.param):
        await made.hears(UP, kiosk_view(), then=Scene.LANGUAGE)
        line.say(LinkLost("gone"))
        line.answers.put_nowait(None)  # to its question for further numbers
        await until(made.pilot, made.is_cut_off)
        await made.waits(LINK_GRACE_S, Scene.LANGUAGE)
        yield made


@pytest.mark.parametrize("language", ["fr", "nl"])
async def test_a_visitor_gets_a_provisional_number_with_two_taps_while_the_server_is_away(
    hand: Hand, language: str
) -> None:
    await hand.taps(f"#{language}", Scene.FIELD)
    assert "attend" not in read(hand)
    assert "wacht " not in read(hand)
    await hand.taps("#employment", Scene.TICKET)
    assert OWN[language] in read(hand)
    assert hand.panel.kiosk.ticket.ticket == "S900"
    assert "personne" not in read(hand).lower()
    await hand.waits(TICKET_UNPRINTED_S, Scene.LANGUAGE)


async def test_the_last_number_leaves_the_notice_to_go_to_reception(hand: Hand) -> None:
    for then in (Scene.LANGUAGE, Scene.OFFLINE):
        await hand.taps("#fr", Scene.FIELD)
        await hand.taps("#employment", Scene.TICKET)
        hand.panel.tick()
        await hand.taps("#way", then)


async def test_a_field_without_numbers_is_closed_and_leaves_a_way_out(hand: Hand) -> None:
    await hand.taps("#nl", Scene.FIELD)
    closed = [tile for tile in hand.panel.query(Tile) if tile.is_on_screen and "Nu gesloten" in tile.said]
    assert len(closed) == len(kiosk_view().fields) - 1
    await hand.taps("#mobility", Scene.REFUSED)
    assert hand.panel.kiosk.refusal is RefusalCode.FIELD_CLOSED
    await hand.taps("#yes", Scene.FIELD)
    await hand.taps("#way", Scene.LANGUAGE)


async def test_a_further_language_still_asks_for_the_language_of_the_conversation(hand: Hand) -> None:
    await hand.taps("#en", Scene.FIELD)
    await hand.taps("#employment", Scene.TALK)
    assert "waiting" not in read(hand)
    assert "No one here" not in read(hand)
    await hand.taps("#talk-fr", Scene.TICKET)
    assert hand.panel._alone._reserve.given[0].languages == ("fr",)


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        (PrintState.PRINTED, "Prenez votre ticket"),
        (PrintState.UNKNOWN, "Pas de ticket en papier ?"),
        (None, "Pas de ticket"),
    ],
)
async def test_what_became_of_the_kiosks_own_slip_is_said_beside_the_number(
    kiosk_with: Any, alone: Alone, clock: Any, line: Any, until: Any, slip: PrintState | None, said: str
) -> None:
    alone.paper = paper = Paper()
    async for hand in at_work(kiosk_with(alone), clock, line, until, (100, 30)):
        await hand.waits(LINK_GRACE_S, Scene.LANGUAGE)
        await hand.taps("#fr", Scene.FIELD)
        await hand.taps("#employment", Scene.TICKET)
        assert paper.slips == ["S900"]
        assert "Votre ticket arrive…" in read(hand)
        if slip is None:
            await hand.waits(SLIP_S, Scene.TICKET)
        else:
            await alone.slip_is("S900", slip)
            await hand.pilot.pause()
        await hand.sees(Scene.TICKET)
        assert said in read(hand)
        assert OWN["fr"] in read(hand)


async def test_a_kiosk_started_without_its_server_gives_the_numbers_it_had(
    kiosk_with: Any, alone: Alone, clock: Any, line: Any, until: Any
) -> None:
    async for hand in at_work(kiosk_with(alone), clock, line, until, (100, 30)):
        await hand.sees(Scene.CONNECTING)
        await hand.waits(LINK_GRACE_S, Scene.LANGUAGE)
        await hand.taps("#nl", Scene.FIELD)
        await hand.taps("#employment", Scene.TICKET)


async def test_a_server_that_does_not_answer_costs_the_visitor_no_ticket(
    kiosk_with: Any, alone: Alone, clock: Any, line: Any, until: Any
) -> None:
    async for hand in at_work(kiosk_with(alone), clock, line, until, (100, 30)):
        await hand.hears(UP, kiosk_view(), then=Scene.LANGUAGE)
        await hand.taps("#fr", Scene.FIELD)
        await hand.taps("#employment", Scene.TAKING)
        await until(hand.pilot, lambda: any(isinstance(asked, IssueTicket) for asked in line.asked))
        for _ in line.asked:
            line.answers.put_nowait(None)
        await hand.sees(Scene.TICKET)
        (given,) = alone._reserve.given
        place = next(n for n, asked in enumerate(line.asked) if isinstance(asked, IssueTicket))
        assert given.doubt == line.ids[place]


async def test_the_screen_goes_on_as_usual_when_the_server_is_back_and_visitors_are_redeemed(
    hand: Hand,
) -> None:
    await hand.taps("#fr", Scene.FIELD)
    await hand.taps("#employment", Scene.TICKET)
    await hand.hears(UP, kiosk_view(), then=Scene.TICKET)
    await hand._until(hand.pilot, lambda: any(isinstance(one, RedeemTicket) for one in hand.line.asked))
    (asked,) = (one for one in hand.line.asked if isinstance(one, RedeemTicket))
    assert (asked.ticket, asked.day, asked.languages) == ("S900", DAY, ("fr",))
    assert OWN["fr"] in read(hand), "the number stays on the screen"
    await hand.waits(TICKET_UNPRINTED_S, Scene.LANGUAGE)
