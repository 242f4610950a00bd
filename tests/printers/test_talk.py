import asyncio
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from printers.link import LinkLost
from printers.replies import Plain, RealTime, Reply
from printers.talk import ID_BASE, ID_BYTES, UNREAD_REPLIES_MAX, Glances, Owed, Talk, id_bytes

IDS = ID_BASE**ID_BYTES


class Script:
    """A link to a printer that answers each command with the bytes written down for it."""

    on_stall: Callable[[], object]

    def __init__(self, answers: Callable[[bytes], bytes]) -> None:
        self._answers = answers
        self._heard: asyncio.Queue[bytes] = asyncio.Queue()

    async def write(self, words: bytes) -> None:
        answer = self._answers(words)
        if answer:
            self._heard.put_nowait(answer)

    async def read(self) -> bytes:
        heard = await self._heard.get()
        if heard == b"gone":
            raise LinkLost
        return heard

    async def close(self) -> None:
        """Nothing to close."""

    def abort(self) -> None:
        """Nothing to break."""


def talk_to(link: Script) -> Talk:
    """A conversation in which nobody glances at the printer."""
    return Talk(link, Glances(3600.0, 1.0, lambda _: None), Owed())


@settings(deadline=None)
@given(st.integers(0, IDS - 1), st.integers(0, IDS - 1))
def test_process_ids_are_four_printable_letters_and_differ(one: int, other: int) -> None:
    assert len(id_bytes(one)) == ID_BYTES
    assert all(0x21 <= byte <= 0x7E for byte in id_bytes(one))
    assert (id_bytes(one) == id_bytes(other)) == (one == other)


async def test_a_count_of_cuts_that_comes_late_is_not_taken_for_the_new_one() -> None:
    def answers(words: bytes) -> bytes:
        return b"\x5f7\x00\x5f8\x00\x37\x22abcd\x00" if words.startswith(b"\x1d(H") else b""

    assert await talk_to(Script(answers)).cuts(b"abcd", 1.0) == 8


async def test_a_count_of_cuts_that_came_before_the_question_is_not_its_answer() -> None:
    answers = iter([b"\x5f7\x00\x03", b"", b"\x37\x22abcd\x00"])
    talk = talk_to(Script(lambda _: next(answers)))
    await talk.say(b"?")
    assert await talk.hear(lambda reply: True if isinstance(reply, Plain) else None, 1.0)
    assert await talk.cuts(b"abcd", 1.0) is None


async def test_an_id_of_another_day_confirms_nothing() -> None:
    talk = talk_to(Script(lambda _: b"\x37\x22abcd\x00"))
    assert not await talk.comes_to(b"efgh", 0.01)


async def test_status_is_four_fresh_answers_or_nothing() -> None:
    answers = iter([b"\x16", b"\x12", b"\x12", b""])
    assert await talk_to(Script(lambda _: next(answers))).status(0.01) is None


async def test_replies_nobody_waits_for_are_forgotten_in_time() -> None:
    talk = talk_to(Script(lambda _: b"\x03" * 1000))

    def never(_: Reply) -> RealTime | None:
        return None

    await talk.say(b"?")
    assert await talk.hear(never, 0.01) is None
    assert len(talk._unread) == UNREAD_REPLIES_MAX


async def test_answers_that_come_late_are_not_taken_for_those_of_the_next_look() -> None:
    fine, cover, error, low = b"\x16", b"\x12", b"\x12", b"\x1e"
    asked: list[bytes] = []

    def answers(words: bytes) -> bytes:
        asked.append(words)
        if len(asked) < 3:
            return b""
        if len(asked) == 3:
            return fine * 3  # two of them are late
        return {1: fine, 2: cover, 3: error, 4: low}[words[2]]

    talk = talk_to(Script(answers))
    assert await talk.status(0.01) is None
    assert await talk.status(0.01) is None
    status = await talk.status(1.0)
    assert status is not None
    assert not status.in_error
    assert status.paper_low
    assert not status.offline
