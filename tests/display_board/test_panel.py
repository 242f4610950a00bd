from datetime import timedelta

import msgspec
import pytest
from support.views import NOW
from support.wall import (
    BACK,
    DUTCH_FIRST,
    FRENCH_FIRST,
    LARGE,
    PHRASES,
    Wall,
    large,
    one,
    view,
    visible,
)
from textual.widget import Widget
from textual.widgets import Static

from config.look.lettering import TEXT_ROWS, mosaic
from display_board.calls import ANNOUNCEMENT_BEATS
from display_board.terminal.sign import PastCall
from protocol.client import LinkLost, LinkRefused, Update
from protocol.envelope import Refused
from protocol.ids import shown
from protocol.refusals import RefusalCode
from protocol.views import BoardView

SIZES = ((80, 24), (95, 29), (100, 30), (120, 36), (160, 45), (45, 48), (54, 54), (60, 60))


async def test_a_call_is_shown_and_rings_once() -> None:
    wall = Wall()
    async with wall.run_test(size=LARGE) as pilot:
        await wall.hear(pilot, view(), view(one(1, "K042", "7")))
        await wall.line.until_reported(1)
        await pilot.pause()
        assert wall.rung == ["K042 7"]
        assert wall.lines("board-number") in large(shown("K042"))
        assert wall.lines("board-desk") in large("7")
        assert not wall.panel.has_class("-flash")


async def test_a_recall_of_the_same_ticket_at_the_same_desk_rings_again() -> None:
    wall = Wall()
    first = one(1, "K042", "7")
    async with wall.run_test(size=LARGE) as pilot:
        await wall.hear(pilot, view(), view(first))
        await wall.line.until_reported(1)
        await wall.hear(pilot, view(first, one(2, "K042", "7", recall=True)))
        await wall.line.until_reported(2)
        assert wall.rung == ["K042 7", "K042 7"]
        assert wall.past() == []


async def test_two_calls_in_one_instant_are_both_shown_and_ring_one_after_the_other() -> None:
    wall = Wall(beat_s=60)
    async with wall.run_test(size=LARGE) as pilot:
        await wall.hear(pilot, view(), view(one(1, "K042", "7"), one(2, "M007", "3")))
        assert wall.rung == ["K042 7"]
        assert wall.lines("board-number") in large(shown("K042"))
        assert len(wall.past()) == 1
        for _ in range(ANNOUNCEMENT_BEATS):
            assert wall.rung == ["K042 7"]
            wall.panel._beat()
        assert wall.rung == ["K042 7", "M007 3"]
        assert wall.lines("board-number") in large(shown("M007"))
        await wall.line.until_reported(1)
        for _ in range(ANNOUNCEMENT_BEATS):
            wall.panel._beat()
        await wall.line.until_reported(2)
        assert wall.rung == ["K042 7", "M007 3"]


async def test_coming_back_repeats_nothing_and_reports_again() -> None:
    wall = Wall()
    calls = view(one(1, "K042", "7"))
    async with wall.run_test(size=LARGE) as pilot:
        await wall.hear(pilot, view(), calls)
        await wall.line.until_reported(1)
        wall.line.reported.clear()
        await wall.hear(pilot, LinkLost("cable"), BACK, calls, calls)
        await wall.line.until_reported(1)
        assert wall.rung == ["K042 7"]


async def test_a_call_made_while_the_line_was_lost_rings_when_it_is_back() -> None:
    wall = Wall()
    first = one(1, "K042", "7")
    async with wall.run_test(size=LARGE) as pilot:
        await wall.hear(pilot, view(), view(first))
        await wall.line.until_reported(1)
        await wall.hear(pilot, LinkLost("cable"), BACK, view(first, one(2, "M007", "3")))
        await wall.line.until_reported(2)
        assert wall.rung == ["K042 7", "M007 3"]


async def test_a_call_taken_back_disappears_and_the_one_before_stands_again() -> None:
    wall = Wall(beat_s=60)
    first, second = one(1, "K042", "7"), one(2, "M007", "3")
    async with wall.run_test(size=LARGE) as pilot:
        await wall.hear(pilot, view(first, second, at=NOW + timedelta(minutes=10)))
        assert wall.lines("board-number") in large(shown("M007"))
        await wall.hear(pilot, view(first, msgspec.structs.replace(second, withdrawn=True)))
        assert wall.lines("board-number") in large(shown("K042"))
        assert wall.past() == []


async def test_old_calls_are_shown_at_the_start_without_ringing() -> None:
    wall = Wall()
    async with wall.run_test(size=LARGE) as pilot:
        await wall.hear(pilot, view(one(1), one(2, "M007", "3"), at=NOW + timedelta(minutes=10)))
        assert wall.lines("board-number") in large(shown("M007"))
        assert wall.rung == []


async def test_calls_that_no_view_held_are_told_to_whoever_looks_after_the_board() -> None:
    wall = Wall(beat_s=60)
    async with wall.run_test(size=LARGE) as pilot:
        await wall.hear(pilot, view(one(1)), view(one(4, "M007")))
        assert wall.missed == [2]


async def test_the_flash_is_on_when_a_call_begins() -> None:
    wall = Wall(beat_s=60)
    async with wall.run_test(size=LARGE) as pilot:
        await wall.hear(pilot, view(one(1)))
        assert wall.panel.has_class("-flash")


async def test_a_lost_line_is_said_in_both_languages_with_its_age_and_the_calls_stay() -> None:
    wall = Wall(beat_s=60)
    async with wall.run_test(size=(80, 24)) as pilot:
        await wall.hear(pilot, view(one(1, "K042", "7")), LinkLost("cable"))
        wall.panel._tick()
        assert wall.lines("board-news") == ["Écran figé à l’instant.", "Scherm staat even stil."]
        wall.monotonic_s += 7
        wall.panel._tick()
        assert wall.lines("board-news")[0] == "Écran figé depuis 7 s."
        wall.monotonic_s += 178
        wall.panel._tick()
        assert wall.lines("board-news") == ["Écran figé depuis 3 min.", "Scherm staat 3 min stil."]
        assert wall.lines("board-number") in large(shown("K042"))
        await wall.hear(pilot, BACK, view(one(1, "K042", "7")))
        assert wall.lines("board-news") == ["Personne n’est prévu pour Z.", "Niemand is gepland voor Z."]


@pytest.mark.parametrize("size", [(100, 30), (120, 36), (160, 45)])
async def test_a_frozen_picture_tells_its_age_from_afar_in_the_place_of_who_waits(
    size: tuple[int, int],
) -> None:
    wall = Wall(beat_s=60)
    async with wall.run_test(size=size) as pilot:
        await wall.hear(pilot, view(one(1, "K042", "7")))
        before = wall.panel.query_one(".board-number").region
        assert wall.lines("board-waiting")
        await wall.hear(pilot, LinkLost("cable"))
        wall.monotonic_s += 180
        wall.panel._tick()
        await pilot.pause()
        assert wall.lines("board-waiting") == []
        said = "\n".join(wall.lines("board-news"))
        for text in ("Écran figé depuis 3 min.", "Scherm staat 3 min stil."):
            assert any("\n".join(drawn) in said for drawn in large(text, capitals=False))
        assert wall.panel.query_one(".board-number").region == before, "the call does not jump"
        await wall.hear(pilot, BACK, view(one(1, "K042", "7")))
        assert wall.lines("board-waiting")


async def test_before_the_first_view_the_board_says_that_it_is_connecting() -> None:
    wall = Wall()
    async with wall.run_test(size=LARGE) as pilot:
        await wall.hear(pilot, LinkLost("nobody there"))
        french = large(PHRASES.say("kiosk.one_moment", "fr"), capitals=False)[-1]
        assert wall.lines("board-notice")[: len(french)] == french
        assert not wall.panel.has_class("-lost")


async def test_a_new_message_begins_with_its_first_page() -> None:
    wall = Wall()
    async with wall.run_test(size=(80, 24)) as pilot:
        await wall.hear(pilot, view())
        wall.panel._turn_page()
        assert wall.lines("board-news")[0] == "Les numéros ne se suivent pas."
        await wall.hear(pilot, view(message=ALARM))
        first = wall.lines("board-news")
        wall.panel._turn_page()
        second = wall.lines("board-news")
        assert " ".join(first) == ALARM["fr"].replace(" :", "\N{NO-BREAK SPACE}:")
        assert " ".join(second) == ALARM["nl"]


async def test_the_message_of_reception_comes_before_the_news() -> None:
    wall = Wall()
    message = {"fr": "Atelier à 14 h.", "nl": "Workshop om 14 u."}
    async with wall.run_test(size=(100, 30)) as pilot:
        await wall.hear(pilot, view(message=message))
        assert wall.lines("board-news") == ["Atelier à 14 h.", "Workshop om 14 u."]


async def test_the_other_language_comes_first_the_next_day() -> None:
    wall = Wall()
    async with wall.run_test(size=(100, 30)) as pilot:
        await wall.hear(pilot, view(day=FRENCH_FIRST))
        assert wall.lines("board-title") == ["Cité des métiers · Beroepenpunt"]
        await wall.hear(pilot, view(day=DUTCH_FIRST))
        assert wall.lines("board-title") == ["Beroepenpunt · Cité des métiers"]
        assert wall.lines("board-news")[0] == "Niemand is gepland voor Z."


async def test_the_clock_is_the_servers() -> None:
    wall = Wall()
    async with wall.run_test(size=(100, 30)) as pilot:
        assert wall.lines("board-clock") == [""]
        await wall.hear(pilot, view())
        assert wall.lines("board-clock") == ["10:42"]
        wall.monotonic_s += 60
        wall.panel._tick()
        assert wall.lines("board-clock") == ["10:43"]


async def test_a_board_the_server_refuses_sends_people_to_reception() -> None:
    wall = Wall()
    refused = LinkRefused(Refused("", next(iter(RefusalCode))))
    async with wall.run_test(size=(80, 24)) as pilot:
        await wall.hear(pilot, refused)
        assert wall.lines("board-notice")
        said = PHRASES.say("board.offline", "nl").split()[-1]
        assert any(mosaic(said, rows)[0] in "".join(wall.lines("board-notice")) for rows in (1, *TEXT_ROWS))


async def test_before_a_server_is_there_each_language_comes_first_every_other_day() -> None:
    wall = Wall()
    async with wall.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        first = wall.lines("board-notice")[0]
        wall.machine_says += timedelta(days=1)
        wall.panel._refresh()
        assert wall.lines("board-notice")[0] != first
        wall.machine_says += timedelta(days=1)
        wall.panel._refresh()
        assert wall.lines("board-notice")[0] == first


async def test_no_key_ends_the_board() -> None:
    wall = Wall()
    async with wall.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+q", "ctrl+c", "ctrl+p", "escape", "f1", "q")
        await wall.hear(pilot, view())
        assert wall.is_running
        assert len(wall.screen_stack) == 1


async def test_too_small_a_room_is_said_and_the_board_comes_back_when_it_grows() -> None:
    wall = Wall(beat_s=60)
    async with wall.run_test(size=(60, 10)) as pilot:
        await wall.hear(pilot, view(one(1, "K042", "7")))
        said = ["Cet écran est trop petit.", "Dit scherm is te klein."]
        assert [line for line in wall.lines("board-too-small") if line] == said
        await pilot.resize_terminal(79, 24)
        await pilot.pause()
        assert not any(text in line for text in said for line in wall.lines("board-too-small")), "large type"
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert wall.lines("board-number") in large(shown("K042"))


async def test_a_day_that_is_over_shows_when_the_centre_opens() -> None:
    wall = Wall()
    evening = NOW + timedelta(hours=9)
    async with wall.run_test(size=LARGE) as pilot:
        await wall.hear(pilot, view(one(1), open=False, at=evening, fields=()))
        assert wall.lines("board-number") == []
        said = "\n".join(wall.lines("board-notice"))
        *_, largest = large(PHRASES.say("kiosk.closed", "fr"), capitals=False)
        assert "\n".join(largest) in said, "the room of news that nobody has to tell"


async def test_the_last_call_stays_for_a_while_after_closing() -> None:
    wall = Wall()
    async with wall.run_test(size=LARGE) as pilot:
        await wall.hear(pilot, view(one(1, "K042"), open=False, at=NOW + timedelta(minutes=14), fields=()))
        assert wall.lines("board-number") in large(shown("K042"))


FULL = tuple(
    one(84 - turn, ticket, desk)
    for turn, (ticket, desk) in enumerate(
        [("S046", "7"), ("X019", "12"), ("M031", "4"), ("Z008", "1"), ("K112", "5"), ("S045", "6")]
    )
)
LATE = NOW + timedelta(minutes=10)
WIDEST = tuple(one(84 - turn, f"M{9999 - turn}", f"W{turn}WM") for turn in range(6))
ALARM = {
    "fr": "Une alarme a retenti : restez calmes et suivez le personnel vers la sortie la plus proche.",
    "nl": "Het alarm is afgegaan: blijf rustig en volg het personeel naar de dichtstbijzijnde uitgang.",
}
STATES: dict[str, tuple[Update, ...]] = {
    "connecting": (),
    "calls": (view(*FULL, at=LATE),),
    "flash": (view(*FULL),),
    "widest": (view(*WIDEST, at=LATE),),
    "alarm": (view(*FULL, at=LATE, message=ALARM),),
    "lost": (view(*FULL, at=LATE), LinkLost("cable")),
    "welcome": (view(),),
    "closed": (view(open=False, at=NOW + timedelta(hours=9), fields=()),),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("day", [FRENCH_FIRST, DUTCH_FIRST])
async def test_nothing_is_clipped_and_nothing_overlaps(size: tuple[int, int], day: str) -> None:
    wall = Wall(beat_s=60)
    async with wall.run_test(size=size) as pilot:
        for state, updates in STATES.items():
            for update in updates:
                told = msgspec.structs.replace(update, day=day) if isinstance(update, BoardView) else update
                await wall.hear(pilot, told)
            await pilot.pause()
            parts = [part for part in wall.panel.query(Static) if visible(part) and str(part.content).strip()]
            assert len(parts) >= (2 if state == "connecting" else 3), state
            for turn, part in enumerate(parts):
                where = f"{state}: {' '.join(part.classes)}"
                lines = str(part.content).split("\n")
                assert max(map(len, lines)) <= part.content_size.width, where
                assert len(lines) <= part.content_size.height, where
                assert isinstance(part.parent, Widget)
                assert part.parent.region.contains_region(part.region), where
                assert wall.screen.region.contains_region(part.region), where
                assert not any(part.region.overlaps(other.region) for other in parts[:turn]), where


async def test_the_waits_go_down_while_time_passes_and_are_told_no_more_when_the_line_is_lost() -> None:
    wall = Wall(beat_s=60)
    async with wall.run_test(size=(80, 24)) as pilot:
        await wall.hear(pilot, view(one(1, "K042", "7")))
        assert wall.lines("board-waiting")[1].split()[-6:] == ["5–45'", "FR", "<15'", "70–105'", "0'", "–"]
        wall.monotonic_s += 600
        wall.panel._tick()
        assert wall.lines("board-waiting")[1].split()[-6:] == ["<35'", "FR", "<10'", "60–95'", "0'", "–"]
        await wall.hear(pilot, LinkLost("cable"))
        assert wall.lines("board-waiting")[1].split()[-5:] == ["–"] * 5


@pytest.mark.parametrize("size", SIZES)
async def test_who_waits_touches_neither_the_calls_nor_the_news(size: tuple[int, int]) -> None:
    wall = Wall(beat_s=60)
    async with wall.run_test(size=size) as pilot:
        await wall.hear(pilot, view(*FULL, at=LATE))
        body, waiting, news = (
            wall.panel.query_one(f".board-{name}").region for name in ("body", "waiting", "news")
        )
        assert (waiting.y - body.bottom, news.y - waiting.bottom) == (1, 1)


async def test_the_calls_before_stand_on_the_night_itself_where_they_touch_no_edge() -> None:
    wall = Wall(beat_s=60)
    async with wall.run_test(size=(80, 24)) as pilot:
        await wall.hear(pilot, view(*FULL, at=LATE))
        past = list(wall.panel.query(PastCall))
        assert {cell.background_colors for cell in past} == {
            (wall.panel.background_colors[1], wall.panel.background_colors[1])
        }
