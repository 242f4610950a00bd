"""Why a frame is refused is told without a word of it: it may be anything, and goes into logs."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from support import views

from protocol import commands as c
from protocol import envelope as n
from protocol.badge import Badge, BadgeError, read_badge
from protocol.codec import MalformedFrameError, decode_from_server, decode_from_terminal, encode
from protocol.ids import Role
from protocol.orders import PairDevice
from protocol.pairing import Knock, Paired, decode_from_newcomer, decode_to_newcomer
from protocol.pairing import encode as encode_pairing

NAME = "Jean Dupont"
WORDS = (NAME, f"x` - at `$.{NAME}", f"x' - at `$.{NAME}`", f'"\n - at `$.x` {NAME}')
"""What somebody may put into a frame, also who knows how the decoder speaks."""
ID = "request-00000000"
BADGE = Badge(device="board-1", role=Role.BOARD, token="A" * 43)
FRAMES: dict[str, tuple[Callable[[bytes], object], bytes]] = {
    "a wish for a ticket": (
        decode_from_terminal,
        encode(n.Request(ID, c.IssueTicket(field="training", languages=("fr",), screen_language="fr"))),
    ),
    "a pause": (decode_from_terminal, encode(n.Request(ID, c.Pause(c.PauseReason.LUNCH)))),
    "a message": (decode_from_terminal, encode(n.Request(ID, c.PostMessage({"fr": "Bonjour"})))),
    "an order": (
        decode_from_terminal,
        encode(n.Request(ID, PairDevice(code="BCDFGHJK", device="board-1", role=Role.BOARD))),
    ),
    "numbers left out": (decode_from_terminal, encode(n.LeftOut(("T001",), 1))),
    "what a board shows": (decode_from_server, encode(n.Shown(views.board_view()))),
    "what reception sees": (decode_from_server, encode(n.Shown(views.reception_view()))),
    "a knock": (decode_from_newcomer, encode_pairing(Knock("BC", b"h" * 33))),
    "a badge": (decode_to_newcomer, encode_pairing(Paired(BADGE))),
}


def changed(value: Any, word: str) -> Iterator[Any]:
    """Every way of putting this word into a value once: instead of something, as a key, beside the others."""
    yield word
    if isinstance(value, dict):
        yield {**value, word: 1}
        for key, inner in value.items():
            rest = {other: kept for other, kept in value.items() if other != key}
            yield {word: inner, **rest}
            for other in changed(inner, word):
                yield {**value, key: other}
    elif isinstance(value, list):
        yield [*value, word]
        for place, inner in enumerate(value):
            for other in changed(inner, word):
                yield [*value[:place], other, *value[place + 1 :]]


@pytest.mark.parametrize("kind", FRAMES)
def test_whatever_is_wrong_with_a_frame_is_said_without_a_word_of_it(kind: str) -> None:
    decode, frame = FRAMES[kind]
    decode(frame)
    said = []
    for word in WORDS:
        for wrong in changed(json.loads(frame), word):
            text = json.dumps(wrong)
            for cut in (text, text[: text.index("Jean") + len(NAME)]):
                with suppress(MalformedFrameError):  # what may be said is none
                    decode(cut.encode())
                    continue
                with pytest.raises(MalformedFrameError) as refused:
                    decode(cut.encode())
                said.append(str(refused.value))
    assert len(said) > 10
    assert not [words for words in said if "Jean" in words]


def test_where_it_is_wrong_is_said_all_the_same() -> None:
    with pytest.raises(MalformedFrameError, match=r"^Invalid enum value - at `\$\.command\.reason`$"):
        decode_from_terminal(
            json.dumps({"type": "request", "id": ID, "command": {"type": "pause", "reason": NAME}})
        )


def test_a_badge_that_cannot_be_used_is_told_without_what_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "own.badge"
    for wrong in (f'{{"{BADGE.token}":1}}', f'{{"role":"{BADGE.token}"}}', f'{{"token":"{BADGE.token}'):
        path.write_text(wrong, encoding="utf-8")
        with pytest.raises(BadgeError) as error:
            read_badge(path)
        assert BADGE.token not in str(error.value)
