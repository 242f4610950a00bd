from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.look.lettering import width_of
from config.phrases import Phrases
from kiosk.layout import Room
from kiosk.screens.ticket_plan import (
    NUMBER_ROWS_LESS,
    NUMBER_ROWS_MIN,
    TicketPlan,
    TicketTexts,
    TurnTexts,
    planned,
)

PHRASES = Phrases.load()
SIZES = ((80, 24), (100, 30), (160, 45), (45, 48), (60, 60))
CODE_ROWS = 17
BESIDE_COLUMNS = 43
"""Of the code's card and what is left free around it."""
Texts = Callable[[str], TicketTexts]


def texts_of(ahead: int, *advice: str, told: bool = True, back: bool = True) -> Texts:
    def made(language: str) -> TicketTexts:
        when = TurnTexts(
            turn=PHRASES.say("kiosk.your_turn", language),
            times="11:10 –\N{NO-BREAK SPACE}11:35",
            back=PHRASES.say("slip.back_by", language, time="11:00") if back else "",
        )
        return TicketTexts(
            band="Travailler  ·  en français",
            ahead=PHRASES.say("kiosk.people_ahead", language, n=ahead),
            when=when if told else None,
            advice=tuple(PHRASES.say(key, language) for key in advice),
            watch=PHRASES.say("kiosk.watch_board", language),
        )

    return made


COMING = texts_of(128, "kiosk.printing")
WARNED = texts_of(128, "kiosk.no_paper", "kiosk.write_down")


def plan_of(size: tuple[int, int], made: Texts, *languages: str, warned: bool = False) -> TicketPlan:
    return planned(Room(*size), tuple(map(made, languages)), width_in(size), CODE_ROWS, warned=warned)


def width_in(size: tuple[int, int]) -> int:
    room = Room(*size)
    return room.inner - (4 if room.upright else BESIDE_COLUMNS)


@given(st.sampled_from(SIZES), st.sampled_from([COMING, WARNED]), st.booleans())
def test_french_and_dutch_tickets_have_one_plan(size: tuple[int, int], made: Texts, warned: bool) -> None:
    assert plan_of(size, made, "fr", "nl", warned=warned) == plan_of(size, made, "nl", "fr", warned=warned)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("made", [COMING, WARNED], ids=["coming", "warned"])
def test_the_times_are_no_smaller_than_any_sentence_and_the_number_stays_large(
    size: tuple[int, int], made: Texts
) -> None:
    plan = plan_of(size, made, "fr", "nl", warned=made is WARNED)
    assert plan.number_rows >= NUMBER_ROWS_MIN
    assert plan.clock_rows >= max(plan.sentence_rows, plan.ahead_rows)
    assert width_of("11:10 –\N{NO-BREAK SPACE}11:35", plan.clock_rows) <= width_in(size)


def test_where_there_is_room_the_times_stand_in_large_letters() -> None:
    rows = {size: plan_of(size, COMING, "fr", "nl").clock_rows for size in SIZES}
    assert [size for size in SIZES if rows[size] >= 3] == [(100, 30), (160, 45), (60, 60)]


def test_what_is_not_about_the_ticket_gives_way_to_its_turn() -> None:
    told, untold = (
        plan_of((100, 30), made, "fr", "nl") for made in (COMING, texts_of(128, "kiosk.printing", told=False))
    )
    assert (untold.caption, untold.privacy) == (True, True)
    assert (told.caption, told.privacy) == (False, False)
    assert told.number_rows >= untold.number_rows - NUMBER_ROWS_LESS


def test_when_to_be_back_is_left_out_last() -> None:
    plan = plan_of((80, 24), WARNED, "de", "fr", "nl", warned=True)
    assert (plan.back, plan.number_rows, plan.privacy) == (True, NUMBER_ROWS_MIN, False)

    def longer(language: str) -> TicketTexts:
        made = WARNED(language)
        return TicketTexts(
            band="Schule und Orientierung  ·  auf Französisch",
            ahead=made.ahead,
            when=made.when,
            advice=made.advice,
            watch=made.watch,
        )

    assert plan_of((80, 24), longer, "de", "fr", "nl", warned=True).back is False
