"""Words of a centre's own may be as long as their text has room for: also then nothing is cut off."""

from collections.abc import Iterator

import pytest
from accessibility.sight import seen
from pictures import board, kiosk
from pictures.stage import Program, opened
from support.virtual_time import play
from textual.widget import Widget

from config.fitting import COUNTS, rendered, too_wide
from config.phrases import LOCALES, Forms, Phrases

LAYOUTS = ((80, 24), (45, 48))
"""The least room there is, lying and upright."""
SCENES = {
    *("language", "field", "talk, spoken", "ticket, slip coming", "refused"),
    *("nobody called yet", "no new tickets", "closed", "line lost"),
}
LONGEST_WORD = 9
PUBLIC = ("kiosk.", "board.", "refusal.")


def grown(phrases: Phrases, key: str, language: str) -> Forms:
    """The text with words after it until it takes all the room it may have."""
    message = phrases.message(key)
    forms = message.forms[language]
    if message.cells_max is None:
        return forms
    left = message.cells_max - max(len(rendered(phrases, key, language, n)) for n in COUNTS)
    more = ""
    while left > 1:
        word = "n" * min(LONGEST_WORD, left - 1)
        more, left = f"{more} {word}", left - 1 - len(word)
    return {form: text + more for form, text in forms.items()}


@pytest.fixture(scope="module")
def longest() -> Phrases:
    """The catalogue with every text that visitors see at its longest."""
    phrases = Phrases.load()
    public = [key for key in phrases if key.startswith(PUBLIC)]
    made = phrases.with_own(
        {key: {language: grown(phrases, key, language) for language in LOCALES} for key in public}
    )
    assert not any(too_wide(made, key, language) for key in public for language in LOCALES)
    return made


def cut_off(panel: Widget) -> Iterator[str]:
    """Everything that needs more room than it has, or leaves what holds it."""
    for part in panel.walk_children(Widget):
        if not seen(part):
            continue
        name = ".".join((type(part).__name__, *sorted(part.classes)))
        around = part.parent
        if isinstance(around, Widget) and not around.content_region.contains_region(part.region):
            yield f"{name} at {part.region} leaves {around.content_region}"
        text = str(getattr(part, "content", ""))
        if text and not any(map(seen, part.children)):
            room = part.content_region
            needs = part.visual.get_height(part.styles, room.width)
            if needs > room.height:
                yield f"{name} needs {needs} rows and has {room.height}"


@pytest.mark.parametrize("program", [kiosk.KIOSK, board.BOARD], ids=lambda program: program.name)
def test_the_longest_words_there_may_be_are_shown_whole(
    program: Program, longest: Phrases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kiosk, "phrases", lambda: longest)
    monkeypatch.setattr(board, "phrases", lambda: longest)

    async def look() -> dict[str, str]:
        found: dict[str, str] = {}
        async with opened(program, "fr", LAYOUTS[0]) as scene:
            for name, state in program.states.items():
                if name not in SCENES:
                    continue
                scene.language = "fr" if "fr" in state.languages else state.languages[0]
                await scene.resize(LAYOUTS[0])
                await state.story(scene)
                for layout in LAYOUTS:
                    await scene.resize(layout)
                    for flaw in cut_off(scene.panel):
                        found.setdefault(f"{layout} {flaw}", name)
        return found

    assert play(look) == {}
