"""How large what a visitor reads is: alike in both official languages, and no less in larger type."""

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace
from support.kiosk_stories import before_language, served_until, stories, tell
from support.views import NOW, kiosk_view
from support.waits import foreseen, wait

from config.model import Centre
from config.phrases import Phrases
from kiosk import flow
from kiosk.inputs import Aid, Input, PickField, PickLanguage
from kiosk.layout import Room
from kiosk.screens import ask, field, talk, ticket
from kiosk.screens.field import ChoiceTile
from kiosk.screens.field_plan import FieldPlan, planned
from kiosk.screens.foot import Tool
from kiosk.screens.scene import Moment
from kiosk.screens.talk_plan import TalkPlan, rows_of
from kiosk.screens.ticket_larger import LargerPlan
from kiosk.screens.ticket_plan import TicketPlan
from kiosk.visit import Kiosk, Scene, queue_of
from kiosk.widgets import Tile, Words
from protocol.envelope import TicketGiven

SIZES = ((80, 24), (100, 30), (160, 45), (45, 48), (60, 60))
NAMED = [f"{columns}x{rows}" for columns, rows in SIZES]
FOR_EVERYBODY = {Scene.CONNECTING, Scene.OFFLINE, Scene.CLOSED, Scene.LANGUAGE}
"""Scenes with both languages on them."""
Size = tuple[int, int]


class Stage:
    """A kiosk without a screen: what a story is told to."""

    def __init__(self, centre: Centre) -> None:
        self.now_s = 1000.0
        self.kiosk = flow.started(centre.languages, self.now_s)

    def __call__(self) -> float:
        return self.now_s

    def pass_s(self, seconds: float) -> None:
        self.now_s += seconds

    def hear(self, what: Input) -> None:
        self.kiosk, _ = flow.advance(self.kiosk, what, self.now_s)


def told(centre: Centre, story: list[Any]) -> Kiosk:
    stage = Stage(centre)
    tell(stage, stage, story)
    return stage.kiosk


@pytest.fixture(scope="module")
def catalogue() -> Phrases:
    return Phrases.load()


Moments = dict[str, Moment]


@pytest.fixture
def moments(centre: Centre, catalogue: Phrases, ticket: TicketGiven) -> Any:
    """Every state of the asking and talking scenes in a language, by its name."""

    def made(language: str, size: Size, *, larger: bool = False) -> Moments:
        told_of = {
            name: told(centre, story)
            for name, story in {**stories(language, ticket), **before_language()}.items()
            if story
        }
        return {
            name: Moment(kiosk, Room(*size, larger=larger), centre, catalogue, 1010.0, NOW, NOW.date())
            for name, kiosk in told_of.items()
            if kiosk.scene not in FOR_EVERYBODY
        }

    return made


def plan_of(moment: Moment) -> Any:
    """How large everything is, whatever it says."""
    match moment.kiosk.scene:
        case Scene.FIELD:
            return field.plan_at(moment)
        case Scene.TALK:
            return replace(talk.plan_at(moment), waits=())
        case Scene.TICKET:
            return ticket.larger_at(moment) if moment.room.larger else ticket.usual_at(moment)
    return ask.plan_at(moment)


@pytest.mark.parametrize("larger", [False, True], ids=["usual", "larger"])
@pytest.mark.parametrize("size", SIZES, ids=NAMED)
def test_in_french_everything_is_as_large_as_in_dutch(size: Size, larger: bool, moments: Any) -> None:
    french, dutch = (moments(language, size, larger=larger) for language in ("fr", "nl"))
    assert len(french) > 50
    unequal = [name for name in french if plan_of(french[name]) != plan_of(dutch[name])]
    assert unequal == []


def losses(usual: Any, larger: Any) -> Iterator[str]:
    """What larger type makes smaller, or does not tell any more."""
    match larger:
        case FieldPlan():
            if larger.label_rows < usual.label_rows:
                yield "labels"
        case TalkPlan():
            if larger.lost(usual):
                yield f"{larger.lost(usual)} of {usual}"
        case LargerPlan():
            assert isinstance(usual, TicketPlan)
            smaller, _, untold, *_ = larger.flaws(usual)
            if smaller or untold:
                yield f"{smaller} rows, {untold} sentences"
        case _:
            if larger.lost(usual):
                yield f"{larger.lost(usual)} rows"


@pytest.mark.parametrize("language", ["fr", "nl"])
@pytest.mark.parametrize("size", SIZES, ids=NAMED)
def test_larger_type_makes_nothing_smaller_and_tells_as_much(size: Size, language: str, moments: Any) -> None:
    usual, larger = moments(language, size), moments(language, size, larger=True)
    own = [name for name, moment in usual.items() if moment.kiosk.language is not None]
    found = {name: list(losses(plan_of(usual[name]), plan_of(larger[name]))) for name in own}
    assert {name: lost for name, lost in found.items() if lost} == {}


@pytest.mark.parametrize("size", SIZES, ids=NAMED)
def test_where_two_languages_share_a_question_larger_type_costs_it_one_row_at_most(
    size: Size, moments: Any
) -> None:
    usual, larger = moments("fr", size), moments("fr", size, larger=True)
    both = [name for name, moment in usual.items() if moment.kiosk.language is None]
    assert both
    smaller = (name for name in both if plan_of(larger[name]).sentence < plan_of(usual[name]).sentence - 1)
    assert list(smaller) == []


@pytest.mark.parametrize("language", ["fr", "nl", "de"])
@pytest.mark.parametrize("size", SIZES, ids=NAMED)
def test_buttons_of_one_row_are_the_last_choice(size: Size, language: str, moments: Any) -> None:
    """Neither official language has one in larger type while its sentence is larger than usual."""
    for name, moment in moments(language, size, larger=True).items():
        if moment.kiosk.language in {"fr", "nl"} and moment.kiosk.scene in {Scene.HELP, Scene.REFUSED}:
            plan = plan_of(moment)
            usual = ask.plan_at(replace(moment, room=Room(*size)))
            assert plan.button > 1 or usual.button == 1, name


@pytest.mark.parametrize("size", SIZES, ids=NAMED)
@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
async def test_all_fields_have_large_labels_of_one_size_in_larger_type(
    size: Size, language: str, kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=size) as pilot:
        tell(kiosk.panel, clock, stories(language, ticket)["field"], Aid.LARGER)
        await pilot.pause()
        tiles = kiosk.panel.query(ChoiceTile)
        labels = [tile.query_one(".label", Words) for tile in tiles]
        assert len({label.rows for label in labels}) == 1
        assert labels[0].rows >= 3
        waits = {tile.query_one(".waiting", Words).rows for tile in tiles}
        assert len(waits) == 1
        assert waits.pop() <= labels[0].rows


def test_where_one_label_has_no_room_in_large_letters_all_have_the_same_smaller_ones() -> None:
    labels = ("Leren", "Werken", "Hulp bij allerlei administratie")
    for size in ((80, 24), (45, 48)):
        plan = planned(Room(*size, larger=True), ("Waarover?",), labels, ("25–45 min",), 3)
        assert (plan.label_rows, plan.close, plan.waiting_rows) == (1, False, 1)


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
@pytest.mark.parametrize("size", SIZES, ids=NAMED)
def test_a_row_stays_free_above_a_question(size: Size, language: str, moments: Any) -> None:
    for name, moment in moments(language, size).items():
        if moment.kiosk.scene is Scene.TALK:
            queue = queue_of(moment.kiosk, moment.kiosk.field or "")
            assert queue is not None
            plan = talk.plan_at(moment)
            assert rows_of(moment.room, plan, talk.texts_at(moment, queue)) < moment.room.body_rows, name


@pytest.mark.parametrize("size", [(160, 45), (100, 30)], ids=["160x45", "100x30"])
async def test_a_question_does_not_touch_the_head(
    size: Size, kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=size) as pilot:
        for name in ("talk, nobody", "talk without paper", "talk, not today"):
            tell(kiosk.panel, clock, stories("de", ticket)[name])
            await pilot.pause()
            head, question = kiosk.panel.query_one(".head"), kiosk.panel.query_one(".talk .question")
            assert question.region.y > head.region.bottom, name


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
@pytest.mark.parametrize("size", SIZES[:3], ids=NAMED[:3])
def test_where_nothing_can_be_chosen_the_reason_is_in_large_letters(
    size: Size, language: str, centre: Centre, catalogue: Phrases
) -> None:
    full = served_until(foreseen(kiosk_view(), employment=wait(25, 40)))
    kiosk = told(centre, [full, PickLanguage(language), PickField("employment")])
    moment = Moment(kiosk, Room(*size), centre, catalogue, 1010.0, NOW, NOW.date())
    assert kiosk.scene is Scene.TALK
    assert talk.plan_at(moment).reason_rows > 1


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("size", SIZES[:3], ids=NAMED[:3])
def test_on_a_lying_panel_whoever_is_asked_for_a_language_reads_that_in_large_letters(
    size: Size, language: str, moments: Any
) -> None:
    asked = moments(language, size)
    for name in ("talk, spoken", "talk, alone", "talk, full for today"):
        assert talk.plan_at(asked[name]).question_rows > 1, name


async def test_a_code_without_an_address_is_not_shown(kiosk: Any, clock: Any, ticket: TicketGiven) -> None:
    async with kiosk.run_test(size=(80, 24)) as pilot:
        for name, shown in (("ticket without a forecast", True), ("ticket without an address", False)):
            tell(kiosk.panel, clock, stories("fr", ticket)[name])
            await pilot.pause()
            assert kiosk.panel.query_one(".qr-card").display is shown, name


async def test_what_a_tile_says_does_not_touch_its_upper_edge(
    kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=(100, 30)) as pilot:
        for name in ("language", "talk, spoken"):
            tell(kiosk.panel, clock, stories("de", ticket)[name])
            await pilot.pause()
            for tile in kiosk.panel.query(Tile).results(Tile):
                if (
                    tile.is_on_screen
                    and tile.tap is not None
                    and not isinstance(tile, Tool)
                    and tile.id != "way"
                ):
                    label = tile.query_one(".label")
                    assert label.region.y > tile.region.y, (name, tile)
