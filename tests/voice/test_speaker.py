"""One thing at a time, each to its end, and never an error into a screen."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from config.load import load
from config.model import Voice
from config.phrases import Phrases
from protocol.views import BoardCall
from voice import speaker as speakers
from voice.engines import Espeak, Recordings
from voice.player import Player
from voice.sentences import Brevity, Clip
from voice.shelf import Shelf
from voice.speaker import Heard, Speaker
from voice.trouble import VoiceError

CENTRE = load(Path("config/brussels.toml"))
OFFICIAL = ("fr", "nl")
CHIME = "chime"
K042 = ["Ticket K, quarante-deux.", "Bureau sept.", "Ticket K, nul, vier, twee.", "Bureau zeven."]


class Words(Shelf):
    """The text itself stands for its clip; some cannot be said."""

    def __init__(self, *unsayable: str) -> None:
        super().__init__((), 100)
        self.unsayable = unsayable

    @property
    def reads(self) -> bool:
        return True

    async def clip(self, clip: Clip) -> Path:
        if clip.text in self.unsayable:
            raise VoiceError("No.")
        return Path(clip.text)

    async def chime(self) -> Path:
        return Path(CHIME)


class Ears(Player):
    """Hears what is played; what it is told to waits until somebody lets it go."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []
        self.playing = 0
        self.most = 0
        self.held: set[str] = set()
        self.error: Exception | None = None
        self.began = asyncio.Condition()
        self.gone = asyncio.Event()

    @property
    def program(self) -> str | None:
        return "ears"

    async def play(self, path: Path) -> None:
        self.playing += 1
        self.most = max(self.most, self.playing)
        try:
            async with self.began:
                self.heard.append(str(path))
                self.began.notify_all()
            if self.error is not None:
                raise self.error
            await (self.gone.wait() if str(path) in self.held else asyncio.sleep(0))
        finally:
            self.playing -= 1

    async def until(self, text: str) -> None:
        """Wait until this is being played."""
        async with self.began:
            await self.began.wait_for(lambda: text in self.heard)


def speaker(ears: Ears, voice: Voice | None = None, shelf: Shelf | None = None) -> Speaker:
    centre = replace(CENTRE, voice=voice or Voice())
    return Speaker(centre, Phrases.load(), shelf=shelf or Words(), player=ears)


def call(ticket: str = "K042", *languages: str) -> BoardCall:
    return BoardCall(
        call=1,
        ticket=ticket,
        field="education",
        desk="7",
        at=datetime(2026, 9, 15, tzinfo=UTC),
        recall=False,
        languages=languages or ("fr",),
    )


async def test_a_call_is_chimed_then_said_in_its_languages() -> None:
    ears = Ears()
    assert await speaker(ears).announce(call(), OFFICIAL) is Heard.SAID
    assert ears.heard == [CHIME, *K042]


async def test_less_is_said_when_asked_and_nothing_but_the_chime_by_a_centre_that_chimes() -> None:
    ears = Ears()
    await speaker(ears).announce(call(), OFFICIAL, Brevity.OWN)
    await speaker(ears).announce(call(), OFFICIAL, Brevity.CHIME)
    await speaker(ears, Voice(engine="chime")).announce(call(), OFFICIAL)
    assert ears.heard == [CHIME, *K042[:2], CHIME, CHIME]


async def test_a_voice_that_is_off_says_and_reads_nothing() -> None:
    ears = Ears()
    off = speaker(ears, Voice(engine="off"))
    assert await off.announce(call(), OFFICIAL) is Heard.NOTHING
    assert await off.read("Bonjour.", "fr") is Heard.NOTHING
    assert ears.heard == []
    assert not off.can_read
    assert not speaker(ears, Voice(engine="chime")).can_read
    assert speaker(ears, Voice(mode="chime")).can_read


def test_listening_is_offered_only_where_an_engine_and_a_player_are_installed() -> None:
    def found(*programs: str) -> bool:
        def find(program: str) -> str | None:
            return program if program in programs else None

        shelf = Shelf([Recordings(Path("clips")), Espeak(140, find)], 100, Path("/nowhere"))
        return Speaker(CENTRE, Phrases.load(), shelf=shelf, player=Player(find=find)).can_read

    assert found("espeak-ng", "aplay")
    assert not found("espeak-ng")
    assert not found("aplay")


async def test_calls_are_never_said_over_one_another() -> None:
    ears = Ears()
    one = speaker(ears)
    await asyncio.gather(one.announce(call("K042"), OFFICIAL), one.announce(call("M007"), OFFICIAL))
    assert ears.most == 1
    assert ears.heard[:5] == [CHIME, *K042]
    assert ears.heard[5] == CHIME


async def test_more_announcements_than_anybody_can_wait_for_are_not_said() -> None:
    ears = Ears()
    one = speaker(ears)
    heard = await asyncio.gather(*(one.announce(call(), OFFICIAL) for _ in range(9)))
    assert heard.count(Heard.SAID) == speakers.WAITING_MAX + 1
    assert heard.count(Heard.NOTHING) == 9 - speakers.WAITING_MAX - 1


async def test_a_new_text_is_read_instead_of_the_one_before() -> None:
    ears = Ears()
    ears.held = {"Bonjour."}
    one = speaker(ears)
    first = asyncio.create_task(one.read("Bonjour. Choisissez.", "fr"))
    await ears.until("Bonjour.")
    assert await one.read("Goedendag.", "nl") is Heard.SAID
    assert await first is Heard.STOPPED
    assert ears.heard == ["Bonjour.", "Goedendag."]
    assert ears.most == 1


async def test_stop_ends_what_is_said_and_what_waits_and_the_next_is_said_again() -> None:
    ears = Ears()
    ears.held = {CHIME}
    one = speaker(ears)
    waiting = [asyncio.create_task(one.announce(call(), OFFICIAL)) for _ in range(2)]
    await ears.until(CHIME)
    one.stop()
    assert [await task for task in waiting] == [Heard.STOPPED, Heard.STOPPED]
    assert ears.heard == [CHIME]
    ears.held.clear()
    assert await one.announce(call(), OFFICIAL) is Heard.SAID


async def test_whoever_is_cancelled_while_speaking_is_silent_and_cancelled() -> None:
    ears = Ears()
    ears.held = {CHIME}
    task = asyncio.create_task(speaker(ears).announce(call(), OFFICIAL))
    await ears.until(CHIME)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ears.playing == 0


async def test_a_language_that_nobody_can_speak_leaves_the_other_to_be_heard() -> None:
    ears = Ears()
    one = speaker(ears, shelf=Words(*K042[:2]))
    assert await one.announce(call(), OFFICIAL) is Heard.FAILED
    assert ears.heard == [CHIME, *K042[2:]]


@pytest.mark.parametrize("error", [VoiceError("No sound card."), RuntimeError("A mistake of ours.")])
async def test_whatever_goes_wrong_is_counted_and_never_raised(error: Exception) -> None:
    ears = Ears()
    ears.error = error
    one = speaker(ears)
    assert await one.announce(call(), OFFICIAL) is Heard.FAILED
    assert await one.read("Bonjour.", "fr") is Heard.FAILED
    assert one.failures == 2


async def test_a_player_that_hangs_is_given_up_after_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speakers, "ANNOUNCE_S", 0.05)
    ears = Ears()
    ears.held = {CHIME}
    one = speaker(ears)
    assert await one.announce(call(), OFFICIAL) is Heard.FAILED
    assert ears.playing == 0


async def test_a_speaker_that_is_closed_leaves_nothing_playing() -> None:
    ears = Ears()
    ears.held = {CHIME}
    one = speaker(ears)
    task = asyncio.create_task(one.announce(call(), OFFICIAL))
    await ears.until(CHIME)
    await one.close()
    assert ears.playing == 0
    assert await task is Heard.STOPPED
