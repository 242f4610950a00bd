from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from support.painter import paint
from support.views import kiosk_view

from config.look.lettering import width_of, wrap
from kiosk import visit
from kiosk.inputs import LinkIs, PickField, PickLanguage
from kiosk.paper import SLIP_S
from kiosk.visit import Scene
from kiosk.widgets import fitting_rows
from protocol.envelope import TicketGiven

TEXTS = st.lists(
    st.sampled_from(["De quoi voulez-vous parler ?", "Waarover wilt u praten?", "Leren"]), min_size=1
)


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (160, 45), (45, 48), (60, 60)])
async def test_a_phone_reads_the_tickets_address_from_the_screen(
    size: tuple[int, int], kiosk: Any, clock: Any, ticket: TicketGiven, tmp_path: Path
) -> None:
    async with kiosk.run_test(size=size) as pilot:
        for what in (LinkIs(up=True), kiosk_view(), PickLanguage("nl"), PickField("employment"), ticket):
            clock.pass_s(1)
            kiosk.panel.hear(what)
        await pilot.pause()
        assert kiosk.panel.kiosk.scene is Scene.TICKET
        with Image.open(paint(kiosk, tmp_path / "ticket.png")) as picture:
            (code,) = zxingcpp.read_barcodes(picture)
        assert code.text == ticket.token_url


@given(TEXTS, st.integers(20, 200), st.integers(1, 4))
def test_letters_are_as_large_as_all_texts_allow(texts: list[str], width: int, lines_max: int) -> None:
    rows = fitting_rows(texts, width, (3, 4, 5), lines_max)
    larger = [choice for choice in (3, 4, 5) if choice > rows]

    def fits(choice: int) -> bool:
        broken = [wrap(text, width, choice) for text in texts]
        return all(len(lines) <= lines_max for lines in broken) and all(
            width_of(line, choice) <= width for lines in broken for line in lines
        )

    assert rows == 1 or fits(rows)
    assert not any(fits(choice) for choice in larger)


async def test_a_countdown_says_the_time_in_words_and_as_a_bar(
    kiosk: Any, clock: Any, ticket: TicketGiven
) -> None:
    async with kiosk.run_test(size=(80, 24)) as pilot:
        for what in (LinkIs(up=True), kiosk_view(), PickLanguage("fr"), PickField("employment"), ticket):
            clock.pass_s(1)
            kiosk.panel.hear(what)
        clock.pass_s(SLIP_S)
        kiosk.panel.tick()
        clock.pass_s(visit.TICKET_UNPRINTED_S / 2)
        kiosk.panel.tick()
        await pilot.pause()
        said = str(kiosk.panel.query_one(".foot .remark").content)
        assert "dans 30 secondes" in said
        assert said.count("━") == said.count("╌") == 10
