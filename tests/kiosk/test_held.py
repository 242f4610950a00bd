"""A key that is held down is one press, as a finger that rests on the glass is one tap."""

from typing import Any

import pytest
from support.hand import SHORT_S, Hand
from support.views import kiosk_view

from kiosk.held import HeldKey
from kiosk.inputs import Aid
from kiosk.visit import HELD_S, Scene
from protocol.client import LinkUp
from protocol.envelope import Welcome

UP = LinkUp(Welcome(protocol=1, server="walkin", centre="brussels", day="2026-09-15", epoch=1))
KEYBOARDS = ((0.25, 0.03), (0.6, 0.04), (0.66, 0.25))
"""Seconds until a key that is held is repeated for the first time, and between two repetitions then."""


@pytest.fixture
async def hand(kiosk: Any, clock: Any, line: Any, until: Any) -> Any:
    async with kiosk.run_test(size=(80, 24)) as pilot:
        made = Hand(pilot, kiosk, clock, line, until)
        await made.hears(UP, kiosk_view(), then=Scene.LANGUAGE)
        hand_at_rest(made)
        yield made


def hand_at_rest(hand: Hand) -> None:
    hand.clock.pass_s(2 * HELD_S)


async def test_a_key_that_is_held_switches_larger_type_once(hand: Hand) -> None:
    hand.clock.pass_s(SHORT_S)
    hand.panel.press("f2")
    await hand._until(hand.pilot, lambda: Aid.LARGER in hand.panel.kiosk.aids)
    for _ in range(8):
        hand.clock.pass_s(SHORT_S / 4)
        hand.panel.press("f2")
        await hand.pilot.pause()
        assert not hand.panel.query(".-pressed")
    assert hand.panel.kiosk.aids == {Aid.LARGER}


@pytest.mark.parametrize(("delay_s", "repeat_s"), KEYBOARDS)
async def test_a_key_that_is_held_chooses_nothing_on_the_next_screen(
    delay_s: float, repeat_s: float, hand: Hand
) -> None:
    hand.panel.press("1")
    await hand.sees(Scene.FIELD)
    for pause_s in (delay_s, *[repeat_s] * 20):
        hand.clock.pass_s(pause_s)
        hand.panel.press("1")
        await hand.pilot.pause()
        assert not hand.panel.query(".-pressed")
    hand.clock.pass_s(SHORT_S)
    hand.panel.press("1")
    await hand.sees(Scene.TAKING)


async def test_enter_that_is_held_does_not_answer_the_next_question(hand: Hand) -> None:
    await hand.taps("#fr", Scene.FIELD)
    await hand.taps("#unsure", Scene.UNSURE)
    hand_at_rest(hand)
    hand.panel.query_one("#yes").focus()
    await hand.pilot.press("enter")
    await hand.sees(Scene.HELP)
    hand.clock.pass_s(0.6)
    await hand.pilot.press("enter")
    await hand.pilot.pause()
    assert not hand.panel.query(".-pressed")


def test_whoever_presses_in_vain_and_again_waits_no_longer_than_for_a_key_that_is_held() -> None:
    key = HeldKey()
    assert not key.repeats("1", 10.0)
    assert key.repeats("1", 10.0 + HELD_S / 2)
    assert not key.repeats("1", 10.1 + HELD_S)
    assert not key.repeats("2", 10.1 + HELD_S)
