from typing import Any

import msgspec
import pytest
from support.hand import SHORT_S, Hand, shown
from support.servers import until
from support.views import kiosk_view

from kiosk.inputs import Bell, NotNeeded
from kiosk.panel import KioskPanel
from kiosk.paper import SLIP_S
from kiosk.screens.field import FieldScene
from kiosk.screens.scene import Moment
from kiosk.visit import IDLE_S, LINK_GRACE_S, SETTLE_S, TICKET_S, TICKET_UNPRINTED_S, Scene
from kiosk.widgets import QrCode, Tile
from protocol.client import LinkLost, LinkUp
from protocol.commands import CallForHelp, IssueTicket, NoteUnserved, UnservedWhy, WithdrawHelp
from protocol.envelope import TicketGiven, Welcome
from protocol.refusals import RefusalCode
from protocol.views import KioskView, PrinterState, PrintState

UP = LinkUp(Welcome(protocol=1, server="walkin", centre="brussels", day="2026-09-15", epoch=1))
STANDARD = (100, 30)


@pytest.fixture
async def hand(kiosk: Any, clock: Any, line: Any, until: Any) -> Any:
    async with kiosk.run_test(size=STANDARD) as pilot:
        made = Hand(pilot, kiosk, clock, line, until)
        await made.hears(UP, kiosk_view(), then=Scene.LANGUAGE)
        yield made


def without_paper() -> KioskView:
    return kiosk_view(printer=PrinterState.BLOCKED, printer_cause="paper_out")


async def test_a_french_speaking_visitor_takes_a_ticket_with_two_taps(
    hand: Hand, ticket: TicketGiven
) -> None:
    await hand.taps("#fr", Scene.FIELD)
    assert "Trouver une formation" in hand.text()
    await hand.taps("#employment", Scene.TAKING)
    assert hand.line.asked == [IssueTicket(field="employment", languages=("fr",), screen_language="fr")]
    await hand.gets(ticket, Scene.TICKET)
    assert "Votre ticket arrive…" in hand.text()
    await hand.learns(PrintState.PRINTED)
    assert "Prenez votre ticket" in hand.text()
    assert "3 personnes attendent avant vous." in hand.text()
    await hand.taps("#way", Scene.LANGUAGE)


async def test_an_english_speaking_visitor_is_asked_for_the_language_of_the_conversation(
    hand: Hand, ticket: TicketGiven
) -> None:
    await hand.taps("#en", Scene.FIELD)
    await hand.taps("#mobility", Scene.TALK)
    await hand.taps("#talk-either", Scene.TAKING)
    (wish,) = hand.line.asked
    assert wish.field == "mobility"
    assert set(wish.languages) == {"fr", "nl"}
    assert wish.screen_language == "en"
    await hand.gets(ticket, Scene.TICKET)
    await hand.learns(PrintState.PRINTED)
    assert "Take your ticket" in hand.text()
    await hand.waits(TICKET_S, Scene.LANGUAGE)


async def test_a_dutch_speaking_visitor_is_told_that_nobody_is_there_in_dutch(hand: Hand) -> None:
    await hand.taps("#nl", Scene.FIELD)
    assert "Nu niet in het Nederlands" in hand.text()
    await hand.taps("#entrepreneurship", Scene.TALK)
    assert "Voor dit thema is er nu geen gesprek in het Nederlands mogelijk." in hand.text()
    await hand.taps("#talk-fr", Scene.TAKING)
    assert hand.line.asked[0].languages == ("fr",)


async def test_a_double_tap_takes_one_ticket(hand: Hand, ticket: TicketGiven) -> None:
    await hand.taps("#nl", Scene.FIELD)
    hand.clock.pass_s(SHORT_S)
    await hand.pilot.click("#training", times=2)
    await hand.pilot.click("#employment")
    await hand.sees(Scene.TAKING)
    await hand.gets(ticket, Scene.TICKET)
    assert [wish.field for wish in hand.line.asked] == ["training"]


async def test_a_tap_before_a_slow_machine_has_drawn_the_fields_chooses_none_of_them(
    hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = FieldScene.show

    def draw_slowly(scene: FieldScene, moment: Moment) -> None:
        drawn(scene, moment)
        hand.clock.pass_s(2 * SETTLE_S)
        hand.panel.query_one("#training").post_message(Tile.Touched(hand.panel.query_one("#training")))

    with monkeypatch.context() as slow:
        slow.setattr(FieldScene, "show", draw_slowly)
        hand.clock.pass_s(SHORT_S)
        await hand.pilot.click("#fr")
        await hand.sees(Scene.FIELD)
    await hand.waits(SHORT_S, Scene.FIELD)
    assert hand.panel._pressed is None
    assert hand.line.asked == []
    await hand.taps("#training", Scene.TAKING)


async def test_the_second_half_of_a_double_tap_does_not_choose_a_field(hand: Hand) -> None:
    await hand.taps("#nl", Scene.FIELD)
    await hand.pilot.click("#employment")
    await hand.pilot.pause()
    assert not hand.panel.query(".-pressed")
    await hand.taps("#employment", Scene.TAKING)
    assert len(hand.line.asked) == 1


async def test_a_key_pad_does_what_a_finger_does(hand: Hand) -> None:
    hand.clock.pass_s(SHORT_S)
    hand.panel.query_one("#nl").focus()
    await hand.pilot.press("enter")
    await hand.sees(Scene.FIELD)
    assert hand.panel.kiosk.language == "nl"
    assert hand.panel.screen.focused is None


async def test_a_lost_line_is_said_in_both_languages_and_comes_back_by_itself(hand: Hand) -> None:
    hand.line.say(LinkLost("gone"))
    await hand._until(hand.pilot, lambda: hand.panel.kiosk.link_lost_s is not None)
    await hand.waits(LINK_GRACE_S, Scene.OFFLINE)
    said = hand.text().replace("\n", " ")
    assert "Cet écran ne fonctionne pas en ce moment." in said
    assert "Dit scherm werkt op dit moment niet." in said
    await hand.hears(UP, kiosk_view(), then=Scene.LANGUAGE)


async def test_a_ticket_stays_on_the_screen_when_the_line_is_lost(hand: Hand, ticket: TicketGiven) -> None:
    await hand.taps("#fr", Scene.FIELD)
    await hand.taps("#employment", Scene.TAKING)
    await hand.gets(ticket, Scene.TICKET)
    await hand.learns(PrintState.PRINTED)
    hand.line.say(LinkLost("gone"))
    await hand._until(hand.pilot, lambda: hand.panel.kiosk.link_lost_s is not None)
    await hand.waits(TICKET_S - 1, Scene.TICKET)
    await hand.waits(1, Scene.OFFLINE)


async def test_no_answer_sends_the_visitor_to_reception(hand: Hand) -> None:
    await hand.taps("#fr", Scene.FIELD)
    await hand.taps("#employment", Scene.TAKING)
    await hand.gets(None, Scene.REFUSED)
    assert "Cet écran ne fonctionne pas en ce moment." in hand.text()
    assert "Un ticket sort quand même ? Gardez-le." in hand.text().replace("\N{NO-BREAK SPACE}", " ")
    await hand.taps("#no", Scene.LANGUAGE)


async def test_a_field_closed_under_the_finger_is_said_and_another_can_be_chosen(hand: Hand) -> None:
    await hand.taps("#fr", Scene.FIELD)
    await hand.taps("#employment", Scene.TAKING)
    await hand.gets(RefusalCode.FIELD_CLOSED, Scene.REFUSED)
    assert "Ce thème est fermé pour le moment." in hand.text()
    await hand.taps("#yes", Scene.FIELD)


async def test_where_too_many_tickets_were_taken_the_visitor_is_sent_to_reception_and_nowhere_else(
    hand: Hand, ticket: TicketGiven
) -> None:
    await hand.taps("#fr", Scene.FIELD)
    await hand.taps("#employment", Scene.TAKING)
    await hand.gets(RefusalCode.TOO_MANY_TICKETS, Scene.REFUSED)
    assert "Cet écran a donné beaucoup de tickets. Il fait une pause." in hand.text()
    assert "Demandez à l’accueil." in hand.text()
    assert not hand.panel.query_one("#yes").display, "another choice is no way to a ticket"
    await hand.taps("#no", Scene.LANGUAGE)
    await hand.taps("#fr", Scene.FIELD)
    await hand.taps("#employment", Scene.TAKING)
    await hand.gets(ticket, Scene.TICKET)


async def test_a_printer_without_paper_is_said_before_the_visitor_chooses(
    hand: Hand, ticket: TicketGiven
) -> None:
    hand.line.say(without_paper())
    await hand._until(hand.pilot, lambda: hand.panel.kiosk.view.printer is PrinterState.BLOCKED)
    await hand.pilot.pause()
    assert "L’imprimante n’a plus de papier." in hand.text()
    assert "De printer heeft geen papier." in hand.text()
    await hand.taps("#nl", Scene.FIELD)
    assert "De printer heeft geen papier." in hand.text()
    assert "U kunt straks uw nummer fotograferen." in hand.text()
    await hand.taps("#employment", Scene.TAKING)
    await hand.gets(ticket, Scene.TICKET)
    assert "De printer heeft geen papier." in hand.text()
    assert "Fotografeer of noteer uw nummer." in hand.text()
    assert "Neem uw ticket" not in hand.text()
    assert hand.panel.query_one(QrCode).display
    await hand.waits(TICKET_UNPRINTED_S - 1, Scene.TICKET)
    await hand.waits(1, Scene.LANGUAGE)


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        (PrintState.UNKNOWN, "Pas de ticket en papier ?"),
        (PrintState.FAILED, "Votre ticket n’est pas imprimé."),
    ],
)
async def test_a_printer_that_fails_after_the_ticket_was_given_is_said_beside_the_number(
    hand: Hand, ticket: TicketGiven, slip: PrintState, said: str
) -> None:
    await hand.taps("#fr", Scene.FIELD)
    await hand.taps("#employment", Scene.TAKING)
    await hand.gets(ticket, Scene.TICKET)
    await hand.learns(slip)
    text = hand.text().replace("\N{NO-BREAK SPACE}", " ")
    assert said in text
    assert "Photographiez ou notez votre numéro." in text
    assert "Prenez votre ticket" not in text
    await hand.waits(TICKET_UNPRINTED_S - 1, Scene.TICKET)


async def test_a_line_lost_before_the_slip_came_out_leaves_no_promise_on_the_screen(
    hand: Hand, ticket: TicketGiven
) -> None:
    await hand.taps("#nl", Scene.FIELD)
    await hand.taps("#employment", Scene.TAKING)
    await hand.gets(ticket, Scene.TICKET)
    hand.line.say(LinkLost("gone"))
    await hand._until(hand.pilot, lambda: hand.panel.kiosk.link_lost_s is not None)
    await hand.waits(SLIP_S, Scene.TICKET)
    assert "Geen papieren ticket?" in hand.text()


NO_PAPER_HERE: dict[str, Any] = {
    "printer": PrinterState.BLOCKED,
    "printer_cause": "paper_out",
    "elsewhere": "printer-2",
}
"""The kiosk's own printer is out of paper, and another one stands by."""


async def test_a_ticket_is_said_to_come_out_elsewhere_only_when_its_slip_does(
    hand: Hand, ticket: TicketGiven
) -> None:
    hand.line.say(kiosk_view(**NO_PAPER_HERE))
    await hand._until(hand.pilot, lambda: hand.panel.kiosk.view.elsewhere)
    await hand.pilot.pause()
    beforehand = (
        "Les tickets sortent ailleurs\N{NO-BREAK SPACE}: printer-2.",
        "De tickets komen elders uit: printer-2.",
    )
    assert all(sentence in hand.text() for sentence in beforehand)
    await hand.taps("#nl", Scene.FIELD)
    assert beforehand[1] in hand.text()
    await hand.taps("#employment", Scene.TAKING)
    await hand.gets(ticket, Scene.TICKET)
    assert "Uw ticket komt eraan…" in hand.text()
    assert "elders" not in hand.text()
    await hand.learns(PrintState.QUEUED, slip_elsewhere="printer-2", **NO_PAPER_HERE)
    assert "Uw ticket komt elders uit: printer-2." in hand.text()
    await hand.learns(PrintState.QUEUED, **NO_PAPER_HERE)
    assert "Uw ticket komt eraan…" in hand.text()
    await hand.learns(PrintState.PRINTED, slip_elsewhere="printer-2")
    assert "Uw ticket komt elders uit: printer-2." in hand.text()


async def test_a_slip_under_way_when_the_printer_stopped_is_taken_where_it_came_out(
    hand: Hand, ticket: TicketGiven
) -> None:
    await hand.taps("#fr", Scene.FIELD)
    await hand.taps("#employment", Scene.TAKING)
    await hand.gets(ticket, Scene.TICKET)
    await hand.learns(PrintState.QUEUED, **NO_PAPER_HERE)
    assert "autre imprimante" not in hand.text()
    await hand.learns(PrintState.PRINTED, **NO_PAPER_HERE)
    assert "Prenez votre ticket" in hand.text()
    assert "autre imprimante" not in hand.text()


@pytest.mark.parametrize(
    ("token_url", "scans"), [("HTTPS://WACHTEN.EXAMPLE/T/7K3F9QX2ZD", True), ("7K3F9QX2ZD", False)]
)
async def test_a_visitor_is_asked_to_scan_only_what_a_phone_can_open(
    hand: Hand, ticket: TicketGiven, token_url: str, scans: bool
) -> None:
    await hand.taps("#nl", Scene.FIELD)
    await hand.taps("#employment", Scene.TAKING)
    await hand.gets(msgspec.structs.replace(ticket, token_url=token_url), Scene.TICKET)
    assert ("Scan de code met uw telefoon." in hand.text()) is scans
    assert shown(hand.panel.query_one(QrCode)) is scans


async def test_a_closed_day_says_when_the_centre_opens(hand: Hand) -> None:
    early = kiosk_view(open=False)
    early = msgspec.structs.replace(early, at=early.at.replace(hour=7, minute=5))
    await hand.hears(early, then=Scene.CLOSED)
    assert "Nous ouvrons aujourd’hui à 09:30." in hand.text()
    assert "Wij openen vandaag om 09:30." in hand.text()
    assert "07:05" in hand.text()
    await hand.hears(kiosk_view(), then=Scene.LANGUAGE)


async def test_the_wall_clock_is_the_servers_and_goes_on_between_views(hand: Hand) -> None:
    await hand.waits(180, Scene.LANGUAGE)
    assert "10:45" in hand.text()


async def test_an_idle_visitor_is_asked_and_goes_on(hand: Hand) -> None:
    await hand.taps("#nl", Scene.FIELD)
    await hand.waits(IDLE_S, Scene.STILL_THERE)
    assert "Het scherm begint opnieuw over 20 seconden." in hand.text()
    await hand.waits(5, Scene.STILL_THERE)
    assert "Het scherm begint opnieuw over 15 seconden." in hand.text()
    await hand.taps("#yes", Scene.FIELD)


async def test_a_closed_field_gives_no_ticket_and_whoever_wants_it_is_counted(hand: Hand) -> None:
    view = kiosk_view()
    closed = tuple(msgspec.structs.replace(queue, open=False) for queue in view.fields)
    hand.line.say(msgspec.structs.replace(view, fields=closed))
    await hand.taps("#fr", Scene.FIELD)
    assert hand.text().count("Fermé en ce moment") == len(view.fields)
    hand.clock.pass_s(SHORT_S)
    await hand.taps("#employment", Scene.REFUSED)
    assert "Ce thème est fermé pour le moment." in hand.text()
    await until(lambda: bool(hand.line.asked))
    assert hand.line.asked == [NoteUnserved("employment", ("fr",), UnservedWhy.ENDED)]
    await hand.taps("#yes", Scene.FIELD)


async def test_french_and_dutch_change_places_from_one_day_to_the_next(hand: Hand) -> None:
    def order() -> list[str]:
        tiles = sorted(hand.panel.query("Tile.main"), key=lambda tile: tile.region.x)
        return [tile.id for tile in tiles if shown(tile)]

    first = order()
    hand.line.say(kiosk_view(day="2026-09-16"))
    await hand._until(hand.pilot, lambda: hand.panel.kiosk.view.day == "2026-09-16")
    await hand.pilot.pause()
    assert sorted(first) == ["fr", "nl"]
    assert order() == first[::-1]


async def test_a_panel_that_shrinks_says_that_it_is_too_small_and_where_there_are_tickets(hand: Hand) -> None:
    await hand.pilot.resize_terminal(60, 20)
    await hand._until(hand.pilot, lambda: "Dit scherm is te klein." in hand.text())
    assert "Neem een ticket aan het onthaal." in hand.text()
    assert "Prenez un ticket à l’accueil." in hand.text()
    await hand.pilot.resize_terminal(80, 24)
    await hand._until(hand.pilot, lambda: "Dit scherm is te klein." not in hand.text())
    await hand.taps("#fr", Scene.FIELD)


async def test_the_line_is_given_back_when_the_kiosk_ends(kiosk: Any, line: Any) -> None:
    async with kiosk.run_test(size=STANDARD) as pilot:
        await pilot.pause()
        assert (line.entered, line.left) == (1, 0)
    assert (line.entered, line.left) == (1, 1)


def test_the_kiosk_has_no_key_of_its_own() -> None:
    assert KioskPanel.BINDINGS == []


async def test_that_nobody_needs_to_come_is_said_again_when_the_line_is_up_unless_somebody_rings(
    hand: Hand, ticket: TicketGiven
) -> None:
    away, taken = None, ticket
    await hand.taps("#tool-bell", Scene.HELP)
    hand.line.answers.put_nowait(taken)
    hand.line.say(LinkLost("gone"))
    await hand._until(hand.pilot, hand.is_cut_off)
    hand.clock.pass_s(SHORT_S)
    hand.panel.hear(NotNeeded())
    hand.line.answers.put_nowait(away)
    await hand._until(hand.pilot, lambda: hand.line.asked[1:] == [WithdrawHelp()])
    hand.line.say(UP)
    await hand._until(hand.pilot, lambda: hand.line.asked[1:] == [WithdrawHelp()] * 2)
    hand.line.say(LinkLost("gone"))
    await hand._until(hand.pilot, hand.is_cut_off)
    hand.line.answers.put_nowait(away)
    hand.clock.pass_s(SHORT_S)
    hand.panel.hear(Bell())
    await hand._until(hand.pilot, lambda: isinstance(hand.line.asked[-1], CallForHelp))
    hand.line.say(UP)
    hand.line.answers.put_nowait(taken)
    await hand._until(hand.pilot, lambda: not hand.is_cut_off())
    await hand.pilot.pause()
    assert hand.line.asked[1:3] == [WithdrawHelp()] * 2
    assert len(hand.line.asked) == 4
