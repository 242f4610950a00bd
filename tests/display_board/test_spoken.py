"""A board that speaks: voice and flash begin together, one call follows the other, the screen never waits."""

from datetime import time
from pathlib import Path

import msgspec
from support.voices import QuietSpeaker
from support.wall import CENTRE, LARGE, Wall, large, one, view

from config.model import Quiet, Voice
from display_board.calls import ANNOUNCEMENT_BEATS, SPOKEN_BEATS_MAX
from display_board.memory import Memory
from display_board.terminal.announcer import Outfit
from protocol.ids import shown

FIRST, SECOND = one(1, "K042", "7"), one(2, "M007", "3")


async def test_a_call_is_flashed_and_spoken_from_the_same_moment_once() -> None:
    speaker = QuietSpeaker()
    wall = Wall(beat_s=60, outfit=Outfit((), speaker))
    async with wall.run_test(size=LARGE) as pilot:
        await wall.hear(pilot, view(), view(FIRST), view(FIRST))
        assert wall.panel.has_class("-flash")
        assert speaker.said == ["K042 whole"]
        assert wall.rung == [], "the chime is the speaker's"


async def test_the_next_call_begins_when_both_flashes_and_voice_have_ended() -> None:
    speaker = QuietSpeaker(holds=True)
    wall = Wall(beat_s=60, outfit=Outfit((), speaker))
    async with wall.run_test(size=LARGE) as pilot:
        await wall.hear(pilot, view(), view(FIRST, SECOND))
        for _ in range(ANNOUNCEMENT_BEATS + 3):
            wall.panel._beat()
        assert speaker.said == ["K042 whole"]
        assert wall.lines("board-number") in large(shown("K042"))
        speaker.let_go()
        await pilot.pause()
        wall.panel._beat()
        await pilot.pause()
        assert speaker.said == ["K042 whole", "M007 whole"]
        assert wall.lines("board-number") in large(shown("M007"))
        speaker.let_go()
        await pilot.pause()
        wall.panel._beat()
        assert wall.panel._announcer.now.current == SECOND, "its flashes have not ended"


async def test_a_voice_that_hangs_is_stopped_and_the_next_call_is_spoken() -> None:
    speaker = QuietSpeaker(holds=True)
    wall = Wall(beat_s=60, outfit=Outfit((), speaker))
    async with wall.run_test(size=LARGE) as pilot:
        await wall.hear(pilot, view(), view(FIRST, SECOND))
        for _ in range(SPOKEN_BEATS_MAX):
            wall.panel._beat()
        await pilot.pause()
        assert speaker.stopped == 1
        assert speaker.said == ["K042 whole", "M007 whole"]
        await wall.line.until_reported(1)


async def test_a_voice_that_hangs_makes_the_board_late_once_until_one_is_heard_to_its_end() -> None:
    speaker = QuietSpeaker(holds=True)
    wall = Wall(beat_s=60, outfit=Outfit((), speaker))
    async with wall.run_test(size=LARGE) as pilot:

        async def beats(calls: range) -> int:
            """How long these calls are announced."""
            await wall.hear(pilot, view(*(one(number, f"K{number:03}") for number in calls)))
            beats = 0
            while wall.panel._announcer.now.line:
                wall.panel._beat()
                await pilot.pause()
                beats += 1
            return beats

        await wall.hear(pilot, view())
        assert await beats(range(1, 11)) == SPOKEN_BEATS_MAX + 9 * ANNOUNCEMENT_BEATS
        speaker.holds = False
        assert await beats(range(11, 12)) == ANNOUNCEMENT_BEATS
        speaker.holds = True
        assert await beats(range(12, 14)) == SPOKEN_BEATS_MAX + ANNOUNCEMENT_BEATS


async def test_a_call_taken_back_falls_silent() -> None:
    speaker = QuietSpeaker(holds=True)
    wall = Wall(beat_s=60, outfit=Outfit((), speaker))
    async with wall.run_test(size=LARGE) as pilot:
        await wall.hear(pilot, view(), view(FIRST))
        await wall.hear(pilot, view(msgspec.structs.replace(FIRST, withdrawn=True)))
        assert speaker.stopped == 1
        await wall.hear(pilot, view(msgspec.structs.replace(FIRST, withdrawn=True), SECOND))
        assert speaker.said == ["K042 whole", "M007 whole"]


async def test_a_recall_is_spoken_again() -> None:
    speaker = QuietSpeaker()
    wall = Wall(outfit=Outfit((), speaker))
    async with wall.run_test(size=LARGE) as pilot:
        await wall.hear(pilot, view(), view(FIRST))
        await wall.line.until_reported(1)
        await wall.hear(pilot, view(FIRST, one(2, "K042", "7", recall=True)))
        await wall.line.until_reported(2)
        assert speaker.said == ["K042 whole", "K042 whole"]


async def test_many_in_line_are_said_shortly_and_quiet_hours_are_chimed() -> None:
    speaker = QuietSpeaker()
    quiet = Voice(quiet=Quiet(begins=time(10, 45), ends=time(11)))
    wall = Wall(outfit=Outfit((), speaker), centre=msgspec.structs.replace(CENTRE, voice=quiet))
    async with wall.run_test(size=LARGE) as pilot:
        await wall.hear(pilot, view(), view(*(one(number, f"K00{number}") for number in (1, 2, 3))))
        await wall.line.until_reported(3)
        assert speaker.said == ["K001 own", "K002 whole", "K003 whole"]
        wall.monotonic_s += 240
        await wall.hear(pilot, view(one(4, "K004"), at=wall.panel._now()))
        await wall.line.until_reported(4)
        assert speaker.said[3:] == ["K004 chime"]


async def test_a_board_of_some_desks_shows_speaks_and_reports_as_if_there_were_no_others() -> None:
    speaker = QuietSpeaker()
    wall = Wall(outfit=Outfit(("3",), speaker))
    async with wall.run_test(size=LARGE) as pilot:
        await wall.hear(pilot, view(), view(FIRST))
        await wall.line.until_reported(1)
        assert wall.lines("board-number") == []
        await wall.hear(pilot, view(FIRST, SECOND, one(3, "S001", "8")))
        await wall.line.until_reported(3)
        assert speaker.said == ["M007 whole"]
        assert wall.lines("board-number") in large(shown("M007"))
        assert wall.past() == []


async def test_a_board_that_is_started_anew_repeats_no_call_and_loses_none(tmp_path: Path) -> None:
    for begins, expected in (((FIRST,), ["K042 whole"]), ((FIRST, SECOND), ["M007 whole"])):
        speaker = QuietSpeaker()
        wall = Wall(outfit=Outfit((), speaker, Memory(tmp_path / "state" / "board-1.announced")))
        async with wall.run_test(size=LARGE) as pilot:
            await wall.hear(pilot, view(*begins))
            await wall.line.until_reported(len(begins))
            assert speaker.said == expected


NEWS = ({"fr": "Atelier CV jeudi.", "nl": "Workshop cv donderdag."},)


async def test_news_of_the_centre_comes_in_pages_of_both_languages_after_receptions_message() -> None:
    wall = Wall()
    async with wall.run_test(size=(100, 30)) as pilot:
        await wall.hear(pilot, view(news=NEWS))
        assert wall.lines("board-news") == ["Atelier CV jeudi.", "Workshop cv donderdag."]
        wall.panel._turn_page()
        assert wall.lines("board-news")[0] == "Personne n’est prévu pour Z."
        await wall.hear(pilot, view(news=NEWS, message={"fr": "Alarme !", "nl": "Alarm!"}))
        wall.panel._turn_page()
        assert wall.lines("board-news") == ["Alarme\N{NO-BREAK SPACE}!", "Alarm!"]
