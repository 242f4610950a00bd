"""Signing in at a staff screen: who it is, with which PIN, and what it opens."""

from typing import Any

import pytest
from rich.pretty import pretty_repr
from support import views
from support.locking import written
from support.staff import settled, shown
from textual.pilot import Pilot
from textual.widgets import OptionList, Static

from config.model import Centre
from config.phrases import Phrases
from desk import sign_in
from desk.counsellor.panel import CounsellorPanel
from desk.panel import StaffPanel
from desk.program import StaffApp
from desk.reception.panel import ReceptionPanel
from desk.sign_in import PinDialog, PinLine
from protocol import commands as c
from protocol.client import LinkLost
from protocol.orders import SignIn, SignOut
from protocol.refusals import RefusalCode
from protocol.views import DeskState, LockedView

SIZE = (80, 24)
PIN, OWN = "204816", "775309"
LOCKED = LockedView(day=views.DAY, at=views.NOW, last=views.COUNSELLOR)
CLOSED, FREE = views.counsellor_view(DeskState.CLOSED), views.counsellor_view(DeskState.FREE)


@pytest.fixture
def desk(line: Any, brussels: Centre, phrases: Phrases) -> CounsellorPanel:
    return CounsellorPanel(line, brussels, phrases, "fr", "3", monotonic=lambda: 0.0)


@pytest.fixture
def hall(line: Any, brussels: Centre, phrases: Phrases) -> ReceptionPanel:
    return ReceptionPanel(line, brussels, phrases, "nl", monotonic=lambda: 0.0)


async def pressed(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        if len(key) > 1:  # a letter opens nothing
            await settled(pilot)
    await settled(pilot)


def said(panel: StaffPanel[Any]) -> str:
    """What stands in the dialog."""
    assert panel.dialog is not None
    words = [str(part.content) for part in panel.dialog.query(Static) if part.display]
    return " ".join(words).replace("\N{NO-BREAK SPACE}", " ")


def names(panel: StaffPanel[Any]) -> list[str]:
    """The people the dialog offers."""
    assert panel.dialog is not None
    options = panel.dialog.query_one(OptionList).options
    return [str(option.prompt).split("  ")[0].strip() for option in options]


def typed(panel: StaffPanel[Any]) -> list[str]:
    """What is in the lines for PINs."""
    assert panel.dialog is not None
    return [line.value for line in panel.dialog.query(PinLine)]


async def test_who_was_here_last_is_greeted_and_asked_for_the_pin_alone(
    line: Any, desk: CounsellorPanel
) -> None:
    async with StaffApp(desk).run_test(size=SIZE) as pilot:
        await shown(pilot, desk, LOCKED)
        assert said(desk).startswith("Bonjour Karim Benali Votre code")
        assert desk.who.plain == "Bureau 3  ·  écran verrouillé"
        assert desk.status.plain.endswith("10:42")
        await pressed(pilot, *PIN, "enter")
        assert line.asked == [SignIn(staff="c11", pin=PIN)]
        assert typed(desk) == ["", "", ""]


@pytest.mark.parametrize("last", [None, "c99", "r01"])
async def test_where_nobody_who_works_there_was_last_the_names_come_first(
    line: Any, desk: CounsellorPanel, last: str | None
) -> None:
    async with StaffApp(desk).run_test(size=SIZE) as pilot:
        await shown(pilot, desk, LockedView(day=views.DAY, at=views.NOW, last=last))
        assert said(desk).startswith("Qui êtes-vous ?")
        assert "Nadia Haddad" not in names(desk)
        await pressed(pilot, *"benoi", "enter")
        assert said(desk).startswith("Bonjour Benoît Lambert")
        await pressed(pilot, *PIN, "enter")
        assert line.asked == [SignIn(staff="c02", pin=PIN)]


async def test_somebody_else_is_one_key_away_and_the_list_never_closes(
    line: Any, desk: CounsellorPanel
) -> None:
    async with StaffApp(desk).run_test(size=SIZE) as pilot:
        await shown(pilot, desk, LOCKED)
        await pressed(pilot, *PIN, "escape", "v", "e", "e")
        assert names(desk) == ["Veerle Jacobs"]
        await pressed(pilot, "escape", "escape")
        assert len(names(desk)) == len(desk.centre.counsellors)
        await pressed(pilot, *"vee", "enter", *PIN, "enter")
        assert line.asked == [SignIn(staff="c23", pin=PIN)]


async def test_at_reception_those_who_work_there_come_first_then_the_counsellors(
    hall: ReceptionPanel,
) -> None:
    async with StaffApp(hall).run_test(size=SIZE) as pilot:
        await shown(pilot, hall, LockedView(day=views.DAY, at=views.NOW))
        assert names(hall)[:3] == ["Nadia Haddad", "Wouter Maes", "Amina El Idrissi"]
        assert hall.who.plain == "Onthaal  ·  scherm vergrendeld"


async def test_a_wrong_pin_is_said_in_the_dialog_which_waits_for_another(
    line: Any, desk: CounsellorPanel
) -> None:
    async with StaffApp(desk).run_test(size=SIZE) as pilot:
        await shown(pilot, desk, LOCKED)
        await pressed(pilot, *PIN, "enter")
        line.refuse(RefusalCode.WRONG_PIN)
        await settled(pilot)
        assert "Ce n’est pas votre code." in said(desk)
        assert not desk.notice.plain
        await pressed(pilot, *OWN)
        assert "Ce n’est pas votre code." not in said(desk)
        await pressed(pilot, "enter")
        assert line.asked[1:] == [SignIn(staff="c11", pin=OWN)]


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (RefusalCode.TRY_LATER, "Trop d’essais. Attendez,"),
        (RefusalCode.OTHER_ROLE, "Cet écran n’est pas pour vous."),
        (RefusalCode.NOT_WRITTEN, "Le serveur n’a rien pu écrire"),
        (None, "Le serveur ne répond pas."),
    ],
)
async def test_whatever_the_server_says_to_a_pin_is_said_in_the_dialog(
    line: Any, desk: CounsellorPanel, code: RefusalCode | None, sentence: str
) -> None:
    async with StaffApp(desk).run_test(size=SIZE) as pilot:
        await shown(pilot, desk, LOCKED)
        await pressed(pilot, *PIN, "enter")
        if code is None:
            line.be_away()
        else:
            line.refuse(code)
        await settled(pilot)
        assert sentence in said(desk)
        assert desk.locked is not None


async def test_what_is_no_pin_is_not_asked(line: Any, desk: CounsellorPanel) -> None:
    async with StaffApp(desk).run_test(size=SIZE) as pilot:
        await shown(pilot, desk, LOCKED)
        await pressed(pilot, *PIN[:-1], "x", "space", "enter")
        assert line.asked == []
        assert typed(desk)[0] == PIN[:-1]
        await pressed(pilot, *PIN, *PIN)
        assert len(typed(desk)[0]) == 12


async def begin_own(pilot: Pilot[None], line: Any, panel: CounsellorPanel) -> None:
    """The PIN was right, but somebody else has made it."""
    await shown(pilot, panel, LOCKED)
    await pressed(pilot, *PIN, "enter")
    line.refuse(RefusalCode.OWN_PIN_NEEDED)
    await settled(pilot)


async def test_a_pin_that_somebody_else_made_is_replaced_by_ones_own(
    line: Any, desk: CounsellorPanel
) -> None:
    async with StaffApp(desk).run_test(size=SIZE) as pilot:
        await begin_own(pilot, line, desk)
        assert "Choisissez le vôtre. De 6 à 12 chiffres" in said(desk).replace("\n", " ")
        await pressed(pilot, *OWN, "enter", *OWN, "enter")
        assert line.asked[1:] == [SignIn(staff="c11", pin=PIN, new_pin=OWN)]
        assert typed(desk) == ["", "", ""]
        line.refuse(RefusalCode.EASY_PIN)
        await settled(pilot)
        assert "trop facile à deviner" in said(desk)
        await pressed(pilot, *PIN[::-1], "tab", *PIN[::-1], "enter")
        assert line.asked[2:] == [SignIn(staff="c11", pin=PIN, new_pin=PIN[::-1])]


async def test_two_different_new_pins_are_said_without_asking_the_server(
    line: Any, desk: CounsellorPanel
) -> None:
    async with StaffApp(desk).run_test(size=SIZE) as pilot:
        await begin_own(pilot, line, desk)
        await pressed(pilot, *OWN, "enter", *PIN, "enter")
        assert len(line.asked) == 1
        assert "Les deux codes sont différents." in said(desk)
        assert typed(desk) == ["", "", ""]
        await pressed(pilot, *OWN, "enter", *OWN, "enter")
        assert line.asked[1:] == [SignIn(staff="c11", pin=PIN, new_pin=OWN)]


async def test_a_pin_that_is_wrong_meanwhile_has_to_be_typed_again(line: Any, desk: CounsellorPanel) -> None:
    async with StaffApp(desk).run_test(size=SIZE) as pilot:
        await begin_own(pilot, line, desk)
        await pressed(pilot, *OWN, "enter", *OWN, "enter")
        line.refuse(RefusalCode.WRONG_PIN)
        await settled(pilot)
        await pressed(pilot, *PIN, "enter")
        assert line.asked[2:] == [SignIn(staff="c11", pin=PIN)]


async def test_whoever_goes_away_while_choosing_leaves_nothing_to_go_on_with(
    line: Any, desk: CounsellorPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    timers: list[tuple[float, Any]] = []

    class Timed:
        def stop(self) -> None:
            timers.clear()

    def set_timer(_: PinDialog, delay: float, then: Any) -> Timed:
        timers.append((delay, then))
        return Timed()

    monkeypatch.setattr(PinDialog, "set_timer", set_timer)
    async with StaffApp(desk).run_test(size=SIZE) as pilot:
        await begin_own(pilot, line, desk)
        await pressed(pilot, *OWN)
        ((delay, then),) = timers
        assert delay == sign_in.LEFT_S
        then()
        await settled(pilot)
        assert typed(desk) == ["", "", ""]
        assert timers == []
        await pressed(pilot, *OWN, "enter")
        assert line.asked[1:] == [SignIn(staff="c11", pin=OWN)], "the given PIN is asked for again"


async def test_somebody_else_does_not_go_on_with_the_pin_of_the_one_before(
    line: Any, desk: CounsellorPanel
) -> None:
    async with StaffApp(desk).run_test(size=SIZE) as pilot:
        await begin_own(pilot, line, desk)
        await pressed(pilot, "escape", *"karim", "enter", *OWN, "enter")
        assert line.asked[1:] == [SignIn(staff="c11", pin=OWN)]


async def test_no_digit_of_a_pin_is_seen_anywhere(
    line: Any, desk: CounsellorPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[str] = []
    traces: list[str] = []
    monkeypatch.setattr(
        PinDialog, "on_pin_line_changed", lambda _, event: traces.append(f"{event!r} {pretty_repr(event)}")
    )
    async with StaffApp(desk).run_test(size=SIZE) as pilot:
        monkeypatch.setattr(pilot.app, "copy_to_clipboard", copied.append)
        await shown(pilot, desk, LOCKED)
        for digit in "999999":
            await pressed(pilot, digit)
            screen = written(pilot.app)
            assert "9" not in screen
            assert screen.count("•") == len(typed(desk)[0])
        await pressed(pilot, "ctrl+a", "shift+home", "ctrl+c", "ctrl+x", "end", "enter")
        assert copied == []
        assert len(traces) == 7, "each digit, and the line that is empty again"
        (asked,) = line.asked
        assert asked == SignIn(staff="c11", pin="999999")
        shown_of = [repr(asked), pretty_repr(asked), repr(desk.dialog), pretty_repr(desk.dialog), *traces]
        assert not any("999" in text for text in shown_of)


async def test_while_the_server_is_away_a_locked_screen_says_so(line: Any, desk: CounsellorPanel) -> None:
    async with StaffApp(desk).run_test(size=SIZE) as pilot:
        line.tell(LOCKED)
        line.tell(LinkLost("gone"))
        await settled(pilot)
        assert desk.link.display
        assert desk.link.plain.startswith("Serveur absent depuis 10:42. Personne ne peut se connecter")
        assert desk.dialog is not None


@pytest.mark.parametrize("answer_first", [True, False])
async def test_whoever_signs_in_at_a_closed_desk_opens_it(
    line: Any, desk: CounsellorPanel, answer_first: bool
) -> None:
    async with StaffApp(desk).run_test(size=SIZE) as pilot:
        await shown(pilot, desk, LOCKED)
        await pressed(pilot, *PIN, "enter")
        if answer_first:
            line.accept()
            await settled(pilot)
        await shown(pilot, desk, CLOSED)
        if not answer_first:
            line.accept()
            await settled(pilot)
        assert line.asked == [SignIn(staff="c11", pin=PIN), c.OpenDesk("c11")]
        assert desk.dialog is None
        await shown(pilot, desk, FREE)
        line.accept()
        await settled(pilot)
        await pressed(pilot, "f2")
        assert line.asked[2:] == [c.CallNext()]


async def test_a_desk_opens_for_nobody_who_has_not_just_signed_in(line: Any, desk: CounsellorPanel) -> None:
    async with StaffApp(desk).run_test(size=SIZE) as pilot:
        await shown(pilot, desk, CLOSED)
        assert line.asked == []
        await shown(pilot, desk, LOCKED)
        await shown(pilot, desk, CLOSED)
        assert line.asked == []


async def test_a_desk_that_is_open_already_is_gone_on_with(line: Any, desk: CounsellorPanel) -> None:
    async with StaffApp(desk).run_test(size=SIZE) as pilot:
        await shown(pilot, desk, LOCKED)
        await pressed(pilot, *PIN, "enter")
        line.accept()
        await shown(pilot, desk, views.counsellor_view(DeskState.SERVING))
        await shown(pilot, desk, CLOSED)
        assert line.asked == [SignIn(staff="c11", pin=PIN)]


async def test_who_is_signed_in_stands_in_the_head_and_in_short_where_it_is_narrow(
    desk: CounsellorPanel, hall: ReceptionPanel
) -> None:
    for panel, view, short, whole in (
        (desk, FREE, "Bureau 3  ·  Karim  ·", "Bureau 3  ·  Karim Benali  ·"),
        (hall, views.reception_view(), "Onthaal · Tickets: open · Nadia", "·  Nadia Haddad"),
    ):
        async with StaffApp(panel).run_test(size=SIZE) as pilot:
            await shown(pilot, panel, view)
            assert short in panel.who.plain
            assert "Haddad" not in panel.who.plain
            await pilot.resize_terminal(120, 36)
            await settled(pilot)
            panel.tick()
            assert whole in panel.who.plain


async def test_closing_the_desk_signs_its_counsellor_out(line: Any, desk: CounsellorPanel) -> None:
    async with StaffApp(desk).run_test(size=SIZE) as pilot:
        await shown(pilot, desk, FREE)
        await pressed(pilot, "f12", "enter")
        await shown(pilot, desk, CLOSED)
        line.accept()
        await settled(pilot)
        assert line.asked == [c.CloseDesk(), SignOut()]
        assert desk.view is None
        assert said(desk).startswith("Bonjour Karim Benali")


async def test_a_desk_that_does_not_close_keeps_its_counsellor(line: Any, desk: CounsellorPanel) -> None:
    async with StaffApp(desk).run_test(size=SIZE) as pilot:
        await shown(pilot, desk, FREE)
        await pressed(pilot, "f12", "enter")
        line.refuse(RefusalCode.DESK_BUSY)
        await settled(pilot)
        assert line.asked == [c.CloseDesk()]
        assert desk.view is not None


async def test_a_desk_that_somebody_left_open_says_whose_it_is_and_closes_to_open_anew(
    line: Any, desk: CounsellorPanel
) -> None:
    async with StaffApp(desk).run_test(size=SIZE) as pilot:
        await shown(pilot, desk, views.counsellor_view(DeskState.FREE, staff="c05"))
        assert desk.heed.display
        assert desk.heed.plain.startswith("Bureau ouvert pour Karim. F12 le ferme")
        assert "Elena" in desk.who.plain
        await pressed(pilot, "f2", "enter", "f9")
        assert line.asked == []
        await pressed(pilot, "f12")
        assert said(desk).startswith("Fermer le bureau ouvert pour Karim ?")
        await pressed(pilot, "enter")
        await shown(pilot, desk, views.counsellor_view(DeskState.CLOSED, staff="c05"))
        assert not desk.heed.display
        line.accept()
        await settled(pilot)
        assert line.asked == [c.CloseDesk(), c.OpenDesk("c05")]


async def test_a_visitor_whose_counsellor_has_left_can_be_brought_to_an_end(
    line: Any, desk: CounsellorPanel
) -> None:
    async with StaffApp(desk).run_test(size=SIZE) as pilot:
        await shown(pilot, desk, views.counsellor_view(DeskState.SERVING, staff="c05"))
        assert "avec un visiteur" in desk.heed.plain
        await pressed(pilot, "f5")
        assert line.asked == [c.Finish("S046")]
