"""The kiosk in every state: what an eye needs to read it, and a finger to touch it."""

from collections.abc import Callable, Iterable

import pytest
from accessibility.sight import Part, at_the_kiosk, contrast_of, faint, parts_of, seen
from pictures.kiosk import KIOSK, brussels
from pictures.stage import Layout, Scene
from support.virtual_time import play
from textual.widget import Widget

from config.look.palette import CONTRAST_MIN, EDGE_CONTRAST_MIN
from kiosk.widgets import Tile, Words

MM_PER_PIXEL = 0.248
"""Of a screen of 21.5 inches with 1920 x 1080 pixels."""
CELL_PIXELS: dict[Layout, tuple[int, int]] = {
    (80, 24): (24, 45),
    (100, 30): (19, 36),
    (45, 48): (24, 40),
    (60, 60): (18, 32),
}
"""Of the sizes that docs/reference/accessibility.md has for a kiosk: 1920 x 1080 upright or lying."""
TARGET_MM_MIN = 20.0
LARGE_CONTRAST_MIN = 3.0
"""WCAG 2.2, 1.4.3, of large type: the field's name while its tile is yellow, for 0.15 s."""
LANGUAGES: dict[Layout, str] = dict(zip(CELL_PIXELS, ("fr", "nl", "nl", "fr"), strict=True))
"""Each size in one language; what is long in which is tried where nothing may be cut off."""
SMALL = frozenset(
    {"name", "time", "label", "hint", "waiting", "people", "letter", "remark", "countdown", "band", "caption"}
    | {"privacy", "watch", "ahead", "advice", "scan", "notice", "help", "reason", "invitation", "words"}
    | {"question", "title", "sentence", "pictogram", "sign", "turn", "clock", "back"}
)
"""Words of the kiosk that may stand in one row of letters; the rest is larger."""
LANDSCAPE_CAPITAL_MM_MIN = 4.9
"""0.7 degrees (EN 301 549, 5.1.4) from 40 cm: an arm's length."""


SCENES = [name for name, state in KIOSK.states.items() if state.guards]
"""One state of each scene."""
TOUCHED = ("language", "field", "talk, spoken", "ticket, slip coming", "help, called")
"""Of these the scenes where there is something to choose."""
LOOKS = [
    *SCENES,
    "language without paper",
    "field without anybody",
    "field, alone",
    "talk without paper",
    "ticket, slip failed",
    *(name for name in KIOSK.states if name.endswith("high contrast")),
]
"""States that have all colours there are; the others differ from these in what they say."""


@pytest.fixture(params=CELL_PIXELS, ids=lambda layout: f"{layout[0]}x{layout[1]}")
def layout(request: pytest.FixtureRequest) -> Layout:
    chosen: Layout = request.param
    return chosen


def everywhere(layout: Layout, flaws: Callable[[Scene], set[str]], states: Iterable[str]) -> dict[str, str]:
    """What is wrong in any of these states at this size, and a state in which it is."""

    async def look() -> dict[str, str]:
        found: dict[str, str] = {}
        async for name, scene in at_the_kiosk(LANGUAGES[layout], layout, states):
            for flaw in flaws(scene):
                found.setdefault(flaw, name)
        return found

    return play(look)


def tiles(scene: Scene) -> list[Tile]:
    """What can be touched now."""
    return [tile for tile in scene.panel.query(Tile) if seen(tile) and tile.tap is not None]


def named(tile: Tile) -> str:
    return "#" + (tile.id or "") + "." + ".".join(sorted(tile.classes))


def test_everything_can_be_read_touched_and_told_apart(layout: Layout) -> None:
    def flaws(scene: Scene) -> set[str]:
        parts = parts_of(scene.panel)
        return (
            faint(parts, CONTRAST_MIN)
            | colours_alone(parts)
            | too_small_to_read(parts)
            | too_small_to_touch(scene, layout)
            | without_an_edge(scene)
        )

    assert everywhere(layout, flaws, LOOKS if layout == (80, 24) else TOUCHED) == {}


def too_small_to_touch(scene: Scene, layout: Layout) -> set[str]:
    wide, high = (pixels * MM_PER_PIXEL for pixels in CELL_PIXELS[layout])
    return {
        f"{named(tile)} is {tile.region.width * wide:.1f} x {tile.region.height * high:.1f} mm"
        for tile in tiles(scene)
        if min(tile.region.width * wide, tile.region.height * high) < TARGET_MM_MIN
    }


def without_an_edge(scene: Scene) -> set[str]:
    """Tiles that neither their own ground nor their lip sets apart from what is around them."""
    found = set()
    for tile in tiles(scene):
        around, own = (colour.hex for colour in tile.background_colors)
        lip = tile.styles.border_bottom[1].hex
        if max(contrast_of(own, around), contrast_of(lip, around)) < EDGE_CONTRAST_MIN:
            found.add(f"{named(tile)}: {own} with the lip {lip} on {around}")
    return found


def colours_alone(parts: list[Part]) -> set[str]:
    """Places where a field's colour stands without its letter: in the same tile, or on the same ticket."""
    found = set()
    for part in parts:
        for field in brussels().fields:
            if part.uses(field.colour) and not any(
                beside.shows(field.letter) for beside in parts if together(part.widget, beside.widget)
            ):
                found.add(f"{field.id} in {part.name}")
    return found


def together(one: Widget, other: Widget) -> bool:
    groups = (up for up in one.ancestors_with_self if isinstance(up, Tile) or up.has_class("paper"))
    return one is other or any(group in other.ancestors for group in groups)


def too_small_to_read(parts: list[Part]) -> set[str]:
    return {
        f"{part.name} in one row"
        for part in parts
        if isinstance(part.widget, Words)
        and part.widget.rows == 1
        and part.text
        and not part.widget.classes & SMALL
    }


def test_one_row_of_letters_is_read_from_an_arms_length(layout: Layout) -> None:
    """A capital is at least 0.61 of its row in DejaVu Sans Mono, the type of deploy/foot.ini."""
    assert CELL_PIXELS[layout][1] * MM_PER_PIXEL * 0.61 >= LANDSCAPE_CAPITAL_MM_MIN - 0.1


def test_what_is_touched_can_be_read_while_it_is_pressed() -> None:
    def pressed(scene: Scene) -> set[str]:
        for tile in tiles(scene):
            tile.add_class("-pressed")
        parts = parts_of(scene.panel)
        names = [part for part in parts if part.widget.has_class("label")]
        found = faint(names, LARGE_CONTRAST_MIN)
        found |= faint((part for part in parts if part not in names), CONTRAST_MIN)
        for tile in tiles(scene):
            tile.remove_class("-pressed")
        return found

    assert everywhere((80, 24), pressed, TOUCHED) == {}


def test_the_mark_of_the_focus_is_seen() -> None:
    """What changes when a tile gets the focus differs enough from what was there."""

    async def look() -> set[str]:
        found = set()
        async for _, scene in at_the_kiosk("fr", (80, 24), TOUCHED[1:]):
            for tile in tiles(scene):
                before = marks(tile)
                tile.focus()
                await scene.settle()
                after = marks(tile)
                scene.app.screen.set_focus(None)
                await scene.settle()
                if (
                    max(contrast_of(one, other) for one, other in zip(before, after, strict=True))
                    < EDGE_CONTRAST_MIN
                ):
                    found.add(f"{named(tile)}: {before} becomes {after}")
        return found

    assert play(look) == set()


def marks(tile: Tile) -> list[str]:
    """Colours of the edges and the ground of a tile."""
    edges = [
        tile.styles.border_top,
        tile.styles.border_right,
        tile.styles.border_bottom,
        tile.styles.border_left,
    ]
    around, own = tile.background_colors
    return [(colour if kind else around).hex for kind, colour in edges] + [own.hex]
