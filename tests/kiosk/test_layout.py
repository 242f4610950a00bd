from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.kiosk_stories import LANGUAGES, before_language, stories, tell
from support.views import kiosk_view

from config.model import Centre
from kiosk import visit
from kiosk.inputs import Aid, LinkIs, PickLanguage, TimePasses
from kiosk.layout import Room, Shape
from kiosk.screens.field_plan import planned
from kiosk.visit import Scene
from kiosk.widgets import Tile, Words
from protocol.envelope import TicketGiven

TIGHT, ROOMY = [(80, 24), (160, 45), (45, 48)], [(100, 30), (60, 60)]
SIZES = [*TIGHT, *ROOMY]
EDGES = [(99, 30), (130, 40), (54, 54)]
MOST = ("fr", "nl", "de")
FEW = ("fr", "de")
"""The official language with the longer words, and the one with the longest of all."""
LARGER = (
    "offline",
    "closed early",
    "language",
    "language without paper",
    "field",
    "talk, nobody",
    "talk, spoken",
    "talk, somebody comes later",
    "unsure",
    "ticket, slip out",
    "ticket, slip coming",
    "ticket without paper",
    "ticket without paper, with a forecast",
    "refused, too many tickets",
    "unanswered",
    "still there",
    "help, called",
    "help over a ticket",
    "help for everybody, unheard",
    "still there, everybody",
)
"""One story of each kind of scene, the fullest."""


def visible(widget: Any) -> bool:
    return all(part.display for part in widget.ancestors_with_self)


def flaws(panel: Any) -> list[str]:
    """Everything on the screen that is cut off or lies over something else."""
    found = []
    for words in filter(visible, panel.query(Words)):
        text = str(words.content)
        if not text:
            continue
        room = words.content_region
        needs = words.visual.get_height(words.styles, room.width) if room.width else 99
        widest = max(len(line) for line in text.split("\n"))
        if needs > room.height:
            found.append(f"{text!r} needs {needs} rows and has {room.height}")
        if words.rows > 1 and widest > room.width:
            found.append(f"letters of {widest} columns in {room.width}: {text!r}")
        if not panel.region.contains_region(words.region):
            found.append(f"{text!r} leaves the panel")
    found += [
        f"{part} at {part.region} leaves {part.parent.content_region}"
        for part in filter(visible, panel.walk_children())
        if part.region and not part.parent.content_region.contains_region(part.region)
    ]
    tiles = [tile.region for tile in filter(visible, panel.query(Tile))]
    found += [
        f"tiles overlap: {one} {other}"
        for place, one in enumerate(tiles)
        for other in tiles[place + 1 :]
        if one.overlaps(other)
    ]
    return found


@pytest.mark.parametrize(
    ("size", "languages"),
    [
        (TIGHT[0], LANGUAGES),
        *((size, MOST) for size in TIGHT[1:]),
        *((size, FEW) for size in ROOMY),
        *((size, ("fr",)) for size in EDGES),
    ],
    ids=lambda given: "x".join(map(str, given)),
)
async def test_nothing_is_cut_off_in_any_scene_or_language(
    size: tuple[int, int], languages: tuple[str, ...], kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    found = []
    async with kiosk.run_test(size=size) as pilot:
        panel = kiosk.panel
        told = [(language, stories(language, ticket)) for language in languages]
        for language, all_stories in [*told, ("all", before_language())]:
            for name, story in all_stories.items():
                tell(panel, clock, story, connecting=name == "connecting")
                await pilot.pause()
                found += [f"{name} {language} {panel.kiosk.scene}: {flaw}" for flaw in flaws(panel)]
    assert found == []


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_larger_type_drops_what_is_secondary_and_cuts_nothing_off(
    size: tuple[int, int], kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    found = []
    async with kiosk.run_test(size=size) as pilot:
        for language in FEW:
            told = {**stories(language, ticket), **before_language()}
            for name in LARGER:
                tell(kiosk.panel, clock, told[name], Aid.LARGER, Aid.CONTRAST)
                await pilot.pause()
                found += [f"{name} {language}: {flaw}" for flaw in flaws(kiosk.panel)]
    assert found == []


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_official_languages_are_equal(size: tuple[int, int], kiosk: Any) -> None:
    async with kiosk.run_test(size=size) as pilot:
        kiosk.panel.hear(LinkIs(up=True))
        kiosk.panel.hear(kiosk_view())
        await pilot.pause()
        french, dutch = (kiosk.panel.query_one(f"#{code}") for code in ("fr", "nl"))
        assert french.size == dutch.size
        assert french.words.rows == dutch.words.rows
        assert french.styles.background == dutch.styles.background
        others = [kiosk.panel.query_one(f"#{code}") for code in ("de", "en")]
        assert all(other.size.area < french.size.area for other in others)


@pytest.mark.parametrize("scene", [Scene.OFFLINE, Scene.CLOSED])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_what_is_said_to_everybody_has_one_size_in_both_languages(
    size: tuple[int, int], scene: Scene, kiosk: Any, clock: Any
) -> None:
    async with kiosk.run_test(size=size) as pilot:
        panel = kiosk.panel
        panel.hear(kiosk_view(open=False))
        if scene is Scene.CLOSED:
            panel.hear(LinkIs(up=True))
        else:
            clock.pass_s(visit.LINK_GRACE_S)
            panel.hear(TimePasses())
        await pilot.pause()
        assert panel.kiosk.scene is scene
        one, other = panel.query("NoticeCard")
        assert one.size == other.size
        assert {words.rows for words in one.query(".title")} == {
            words.rows for words in other.query(".title")
        }


@pytest.mark.parametrize("size", [(45, 48), (60, 60)], ids=["45x48", "60x60"])
async def test_on_an_upright_panel_a_conversation_stands_in_the_middle(
    size: tuple[int, int], kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=size) as pilot:
        for name in ("talk, nobody", "talk, spoken", "talk, elsewhere"):
            for language in ("fr", "de"):
                tell(kiosk.panel, clock, stories(language, ticket)[name])
                await pilot.pause()
                body = kiosk.panel.query_one(".talk .body")
                shown = [one for one in body.children if one.display]
                above, below = shown[0].region.y - body.region.y, body.region.bottom - shown[-1].region.bottom
                assert abs(above - below) <= 1, (name, language)


def test_a_label_is_large_only_where_the_longest_hint_has_room_beside_it() -> None:
    short, long = "Chercher du travail", "Travailler en Flandre, en Wallonie, à l’étranger ou ailleurs encore"
    rows = [
        planned(Room(100, 30), ("De quoi ?",), ("Entreprendre",), ("Meteen",), 6, (hint,)).label_rows
        for hint in (short, long)
    ]
    assert rows == [3, 1]


AMBER = (
    ("language without paper", ".notice"),
    ("talk, nobody", ".reason"),
    ("ticket, slip coming", ".advice"),
    ("ticket without paper", ".advice"),
)


@pytest.mark.parametrize("aids", [(), (Aid.LARGER,)], ids=["usual", "larger"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_words_on_amber_have_air_wherever_rows_are_free(
    size: tuple[int, int], aids: tuple[Aid, ...], kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    """A row above them and one below, unless more than a row free above and below everything would go."""
    async with kiosk.run_test(size=size) as pilot:
        for name, kind in AMBER:
            tell(kiosk.panel, clock, stories("fr", ticket)[name], *aids)
            await pilot.pause()
            body = next(one for one in kiosk.panel.query(".body") if visible(one))
            box = body.query_one(kind)
            shown = [one.region for one in body.walk_children() if visible(one) and one.region.height]
            free = body.region.height - (max(one.bottom for one in shown) - min(one.y for one in shown))
            assert box.styles.padding.top == box.styles.padding.bottom
            assert box.styles.padding.top == 1 or free < 4, (name, free)


@given(st.integers(20, 300), st.integers(10, 120))
def test_a_room_that_suffices_has_place_for_every_part(width: int, height: int) -> None:
    room = Room(width, height)
    if not room.suffices:
        return
    assert room.body_rows >= 19
    assert 2 * room.half + room.gutter <= room.inner
    assert room.inner < room.width


@given(
    st.integers(45, 240), st.integers(24, 80), st.integers(1, 6), st.sampled_from(["fr", "nl", "de", "en"])
)
def test_the_tiles_of_all_fields_fit(width: int, height: int, count: int, language: str) -> None:
    room = Room(width, height)
    if not room.suffices:
        return
    labels = {"fr": "Entreprendre", "nl": "Ondernemen", "de": "Sich selbstständig machen", "en": "Learn"}
    plan = planned(room, ("De quoi voulez-vous parler ?",), (labels[language],), ("100–190 min",), count)
    lines = -(-count // plan.columns)
    above = 1 if room.asks_in_head else plan.question_rows
    assert lines * plan.tile_rows + above <= room.body_rows
    assert plan.columns * plan.tile_width <= room.inner
    assert plan.badge_width + (plan.label_width or 0) < plan.tile_width


@pytest.mark.parametrize(
    ("size", "shape"),
    [
        ((80, 24), Shape.SMALL),
        ((100, 30), Shape.STANDARD),
        ((160, 45), Shape.WIDE),
        ((45, 48), Shape.PORTRAIT),
        ((60, 60), Shape.PORTRAIT),
    ],
)
def test_a_shape_follows_from_the_size(size: tuple[int, int], shape: Shape) -> None:
    assert Room(*size).shape is shape
    assert Room(*size).suffices


@pytest.mark.parametrize("size", [(79, 24), (80, 23), (44, 48), (45, 47)])
def test_below_the_smallest_size_nothing_is_shown_cut(size: tuple[int, int]) -> None:
    assert not Room(*size).suffices


async def test_letters_and_pictograms_of_every_field_are_on_the_tiles(
    kiosk: Any, centre: Centre, clock: Any
) -> None:
    async with kiosk.run_test(size=(80, 24)) as pilot:
        kiosk.panel.hear(LinkIs(up=True))
        kiosk.panel.hear(kiosk_view())
        clock.pass_s(1)
        kiosk.panel.hear(PickLanguage("nl"))
        await pilot.pause()
        for field in centre.fields:
            tile = kiosk.panel.query_one(f"#{field.id}")
            assert str(tile.query_one(".letter", Words).content) == field.letter
            assert str(tile.query_one(".label", Words).content) == field.label["nl"]
            assert str(tile.query_one(".pictogram", Words).content).strip()
