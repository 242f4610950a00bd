"""Who is at a staff terminal has signed in there with a PIN, and is gone when nobody has touched it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace
from support.badges import PIN, account
from support.servers import HandClock

from protocol.badge import digest_of
from protocol.envelope import Done
from protocol.ids import Role
from protocol.orders import SignIn
from protocol.refusals import RefusalCode
from queue_server.core.policy import Refusal
from queue_server.devices import By, Device, RegistryError, What
from queue_server.people import Account
from queue_server.pins import NOBODY, Pins
from queue_server.sessions import STRANGER, Sessions
from queue_server.store.registry import Registry
from queue_server.tries import FIRST_WAIT_S, FORGOTTEN_S, FREE_TRIES, KEPT, LAST_WAIT_S, Tries

AT = datetime(2026, 9, 15, 9, 0, tzinfo=UTC)
DESK, OTHER, FRONT = (
    Device("desk-7", Role.COUNSELLOR, "7"),
    Device("desk-8", Role.COUNSELLOR, "8"),
    Device("reception-1", Role.RECEPTION),
)
BY = By("counsellor:desk-7:7", AT)
CONSOLE = By("console", AT)
AMINA, NADIA = "c01", "r01"
LOCK_AFTER_S = 600.0
OWN = "739154"


class House:
    """The team of a centre with three staff terminals, and a clock that goes when it is told to."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.clock = HandClock(AT)
        self.sessions = Sessions(registry, self.clock, LOCK_AFTER_S)

    def wait(self, seconds: float) -> None:
        """Time passes."""
        self.clock.forward(seconds / 60)

    async def learn(self) -> None:
        """What the registry says now."""
        members = await self.registry.members()
        self.sessions.learn(members.accounts, members.sessions)

    async def sign_in(
        self, staff: str, pin: str = PIN, device: Device = DESK, new_pin: str | None = None
    ) -> Done | RefusalCode:
        """Whether it was this person, or why it was refused."""
        order = SignIn(staff=staff, pin=pin, new_pin=new_pin)
        answer = await self.sessions.sign_in(order, device, replace(BY, at=self.clock.now()))
        return answer.code if isinstance(answer, Refusal) else answer

    async def trail(self) -> list[tuple[What, str]]:
        """What was done, without the devices and accounts that were made."""
        made = {What.DEVICE_ADDED, What.STAFF_ADDED}
        return [(deed.what, deed.about) for deed in await self.registry.trail() if deed.what not in made]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    registry = Registry(tmp_path / "registry.db")
    await registry.open()
    await registry.add({digest_of(one.name): one for one in (DESK, OTHER, FRONT)}, CONSOLE)
    team = [account(AMINA, Role.COUNSELLOR), account(NADIA, Role.RECEPTION, Role.COUNSELLOR)]
    await registry.add_staff(team, CONSOLE)
    found = House(registry)
    await found.learn()
    yield found
    await registry.close()


async def test_a_person_is_at_the_terminal_where_the_right_pin_was_typed(house: House) -> None:
    assert house.sessions.staff_at("desk-7") is None
    assert await house.sign_in(AMINA) == Done()
    assert house.sessions.staff_at("desk-7") == AMINA
    assert house.sessions.staff_at("desk-8") is None


async def test_a_wrong_pin_and_a_person_nobody_knows_are_answered_alike_and_kept_in_the_trail(
    house: House,
) -> None:
    assert await house.sign_in(AMINA, "111111") is RefusalCode.WRONG_PIN
    assert await house.sign_in("nobody-here") is RefusalCode.WRONG_PIN
    assert house.sessions.staff_at("desk-7") is None
    assert await house.trail() == [(What.SIGN_IN_FAILED, AMINA), (What.SIGN_IN_FAILED, STRANGER)]
    assert (await house.registry.trail())[-1].by == BY


async def test_whoever_is_not_known_costs_the_server_as_much_as_who_is(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    reckoned: list[str] = []
    fits = Pins.fits

    async def watched(self: Pins, digest: str, pin: str) -> bool:
        reckoned.append(digest)
        return await fits(self, digest, pin)

    monkeypatch.setattr(Pins, "fits", watched)
    await house.sign_in("nobody-here")
    assert reckoned == [NOBODY]
    real = (await Pins().digest(PIN)).split("$")
    assert NOBODY.split("$")[:4] == real[:4], "the digest of nobody costs as much as a real one"


async def test_a_digest_that_is_damaged_lets_nobody_in(house: House) -> None:
    broken = replace(account("c02", Role.COUNSELLOR), pin="no digest")
    await house.registry.add_staff([broken], CONSOLE)
    await house.learn()
    assert await house.sign_in("c02", "000000") is RefusalCode.WRONG_PIN


async def test_five_wrong_pins_at_a_terminal_make_everybody_wait_there_and_each_further_one_twice_as_long(
    house: House,
) -> None:
    for _ in range(FREE_TRIES):
        assert await house.sign_in("nobody-here") is RefusalCode.WRONG_PIN
    assert await house.sign_in(AMINA) is RefusalCode.TRY_LATER
    assert await house.sign_in(AMINA, device=OTHER) == Done(), "who works elsewhere is not held up"
    for wait_s in (FIRST_WAIT_S, 2 * FIRST_WAIT_S, 4 * FIRST_WAIT_S):
        house.wait(wait_s - 1)
        assert await house.sign_in(AMINA) is RefusalCode.TRY_LATER
        house.wait(1)
        assert await house.sign_in("nobody-here") is RefusalCode.WRONG_PIN
    house.wait(LAST_WAIT_S)
    assert await house.sign_in(AMINA) == Done()
    assert await house.sign_in(AMINA, "111111") is RefusalCode.WRONG_PIN, "the right one has cleared it"


async def test_guessing_one_person_s_pin_at_many_terminals_has_to_wait_as_well(house: House) -> None:
    for number in range(FREE_TRIES):
        device = Device(f"desk-{number + 10}", Role.COUNSELLOR, str(number + 10))
        assert await house.sign_in(AMINA, "111111", device) is RefusalCode.WRONG_PIN
    assert await house.sign_in(AMINA) is RefusalCode.TRY_LATER
    assert await house.sign_in(NADIA) == Done(), "another person at the same terminal is not held up"


async def test_a_person_whose_pin_was_reset_need_not_wait_for_the_guesses_at_the_old_one(
    house: House,
) -> None:
    for number in range(FREE_TRIES):
        await house.sign_in(AMINA, "111111", Device(f"desk-{number + 10}", Role.COUNSELLOR, "9"))
    await house.registry.reset([account(AMINA, Role.COUNSELLOR, Role.RECEPTION)], CONSOLE)
    await house.learn()
    assert await house.sign_in(AMINA) == Done()


async def test_guesses_at_a_person_that_come_at_once_are_counted_before_any_is_answered(house: House) -> None:
    desks = [Device(f"desk-{number}", Role.COUNSELLOR, str(number)) for number in range(10, 26)]
    answers = await asyncio.gather(*(house.sign_in(AMINA, "111111", desk) for desk in desks))
    assert answers.count(RefusalCode.WRONG_PIN) == FREE_TRIES
    assert answers.count(RefusalCode.TRY_LATER) == 16 - FREE_TRIES


async def test_a_terminal_tries_one_pin_at_a_time(house: House) -> None:
    answers = await asyncio.gather(*(house.sign_in(AMINA, f"{number:06d}") for number in range(16)))
    assert answers.count(RefusalCode.WRONG_PIN) == 1
    assert answers.count(RefusalCode.BUSY) == 15
    assert await house.sign_in(AMINA) == Done()


async def test_a_colleague_s_own_sign_in_makes_nobody_forget_what_was_guessed_at_that_terminal(
    house: House,
) -> None:
    for _ in range(FREE_TRIES - 1):
        assert await house.sign_in(AMINA, "111111") is RefusalCode.WRONG_PIN
    assert await house.sign_in(NADIA) == Done()
    assert await house.sign_in("c09", "111111") is RefusalCode.WRONG_PIN
    assert await house.sign_in(NADIA) is RefusalCode.TRY_LATER


async def test_names_that_somebody_makes_up_push_out_no_guess_at_a_person(
    house: House,
) -> None:
    desks = [Device(f"desk-{number}", Role.COUNSELLOR, str(number)) for number in range(10, 30)]
    for desk in desks[:FREE_TRIES]:
        assert await house.sign_in(AMINA, "111111", desk) is RefusalCode.WRONG_PIN
    for number in range(KEPT + 5):
        house.sessions._strangers.begin(f"staff made-up-{number}")
    for number, desk in enumerate(desks[FREE_TRIES:]):
        await house.sign_in(f"made-up-{number}", "111111", desk)
    assert len(house.sessions._tries._wrong) == len(desks) + 1, "terminals and the person, no stranger"
    assert await house.sign_in(AMINA) is RefusalCode.TRY_LATER


async def test_a_slip_of_the_finger_now_and_then_closes_no_terminal(house: House) -> None:
    for _ in range(3 * FREE_TRIES):
        assert await house.sign_in(AMINA, "111111") is RefusalCode.WRONG_PIN
        assert await house.sign_in(AMINA) == Done()
        house.wait(FORGOTTEN_S)


async def test_a_person_works_at_the_kinds_of_terminals_of_the_account_alone(house: House) -> None:
    assert await house.sign_in(AMINA, device=FRONT) is RefusalCode.OTHER_ROLE
    assert house.sessions.staff_at("reception-1") is None
    assert await house.sign_in(NADIA, device=FRONT) == Done()
    assert await house.sign_in(NADIA, device=DESK) == Done()


async def test_a_person_is_at_one_terminal_and_who_comes_takes_the_place_of_who_was_there(
    house: House,
) -> None:
    await house.sign_in(AMINA)
    await house.sign_in(AMINA, device=OTHER)
    assert (house.sessions.staff_at("desk-7"), house.sessions.staff_at("desk-8")) == (None, AMINA)
    await house.sign_in(NADIA, device=OTHER)
    assert house.sessions.staff_at("desk-8") == NADIA
    assert house.sessions.last_at("desk-7") == AMINA


async def test_a_terminal_that_nobody_touches_is_locked_at_the_very_moment_and_one_that_is_touched_is_not(
    house: House,
) -> None:
    await house.sign_in(AMINA)
    await house.sign_in(NADIA, device=FRONT)
    house.wait(LOCK_AFTER_S - 1)
    house.sessions.touched("reception-1")
    assert house.sessions.staff_at("desk-7") == AMINA
    house.wait(1)
    assert house.sessions.staff_at("desk-7") is None
    house.sessions.touched("desk-7")
    assert house.sessions.staff_at("desk-7") is None, "a touch does not open it again"
    assert house.sessions.have_locked()
    assert not house.sessions.have_locked(), "once"
    await house.sessions.lapse()
    assert house.sessions.staff_at("reception-1") == NADIA
    assert [one.device for one in (await house.registry.members()).sessions] == ["reception-1"]


async def test_a_terminal_that_is_left_between_the_look_and_the_writing_is_shown_locked_all_the_same(
    house: House,
) -> None:
    await house.sign_in(AMINA)
    house.wait(LOCK_AFTER_S - 1)
    assert not house.sessions.have_locked()
    house.wait(1)
    await house.sessions.lapse()
    assert house.sessions.have_locked()
    assert not house.sessions.have_locked(), "once"


async def test_who_is_where_is_still_known_after_a_restart(house: House) -> None:
    await house.sign_in(AMINA)
    again = House(house.registry)
    again.wait(3)
    await again.learn()
    assert again.sessions.staff_at("desk-7") == AMINA
    again.wait(LOCK_AFTER_S)
    assert again.sessions.staff_at("desk-7") is None


async def test_a_server_that_starts_the_next_morning_finds_nobody_at_work(house: House) -> None:
    await house.sign_in(AMINA)
    house.wait(LOCK_AFTER_S - 60)
    house.sessions.touched("desk-7")
    await house.sessions.note_touched()
    for away_s, found in ((LOCK_AFTER_S - 1, AMINA), (LOCK_AFTER_S, None), (14 * 3600, None)):
        again = House(house.registry)
        again.wait(LOCK_AFTER_S - 60 + away_s)
        await again.learn()
        assert again.sessions.staff_at("desk-7") == found


async def test_what_the_console_changes_elsewhere_does_not_count_as_a_touch(house: House) -> None:
    await house.sign_in(AMINA)
    house.wait(LOCK_AFTER_S - 1)
    await house.learn()
    house.wait(1)
    assert house.sessions.staff_at("desk-7") is None


@pytest.mark.parametrize("disk", ["fine", "full"])
async def test_a_terminal_that_is_signed_out_is_locked_whatever_the_disk_says(
    house: House, disk: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.sign_in(AMINA)
    if disk == "full":

        async def fails(_devices: object) -> None:
            raise RegistryError("full")

        monkeypatch.setattr(house.registry, "sign_out", fails)
    answer = await house.sessions.sign_out("desk-7")
    assert answer == (Refusal(RefusalCode.NOT_WRITTEN) if disk == "full" else Done())
    await house.learn()
    assert house.sessions.staff_at("desk-7") is None


async def test_nobody_is_let_in_while_it_cannot_be_written_down(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> None:
        raise RegistryError("full")

    monkeypatch.setattr(house.registry, "sign_in", fails)
    assert await house.sign_in(AMINA) is RefusalCode.NOT_WRITTEN
    assert house.sessions.staff_at("desk-7") is None


class TestAPinThatSomebodyElseHasMade:
    """It opens nothing until its person has chosen another."""

    @pytest.fixture(autouse=True)
    async def given(self, house: House) -> Account:
        made = replace(account("c02", Role.COUNSELLOR), given=True)
        await house.registry.add_staff([made], CONSOLE)
        await house.learn()
        return made

    async def test_it_has_to_be_changed_first(self, house: House) -> None:
        assert await house.sign_in("c02") is RefusalCode.OWN_PIN_NEEDED
        assert house.sessions.staff_at("desk-7") is None
        assert await house.sign_in("c02", new_pin=OWN) == Done()
        assert house.sessions.staff_at("desk-7") == "c02"

    async def test_from_then_on_the_own_one_counts_and_the_other_does_not(self, house: House) -> None:
        await house.sign_in("c02", new_pin=OWN)
        for found in (house, House(house.registry)):
            await found.learn()
            assert await found.sign_in("c02") is RefusalCode.WRONG_PIN
            assert await found.sign_in("c02", OWN) == Done()
        assert (What.PIN_CHOSEN, "c02") in await house.trail()

    @pytest.mark.parametrize("easy", [PIN, "000000", "123456", "654321", "121212"])
    async def test_the_old_one_and_those_that_many_try_first_are_not_taken(
        self, house: House, easy: str
    ) -> None:
        assert await house.sign_in("c02", new_pin=easy) is RefusalCode.EASY_PIN
        assert await house.sign_in("c02") is RefusalCode.OWN_PIN_NEEDED

    async def test_nobody_changes_it_without_knowing_it(self, house: House) -> None:
        assert await house.sign_in("c02", "111111", new_pin=OWN) is RefusalCode.WRONG_PIN
        assert await house.sign_in("c02", OWN) is RefusalCode.WRONG_PIN


@pytest.mark.parametrize("what", ["person removed", "PIN reset", "terminal removed"])
@pytest.mark.parametrize("new_pin", [None, OWN])
async def test_what_the_console_does_while_a_pin_is_proved_counts_before_the_server_has_looked(
    house: House, monkeypatch: pytest.MonkeyPatch, what: str, new_pin: str | None
) -> None:
    proved = Pins.fits

    async def slow(self: Pins, digest: str, pin: str) -> bool:
        found = await proved(self, digest, pin)
        match what:
            case "person removed":
                await house.registry.remove_staff([AMINA], CONSOLE)
            case "PIN reset":
                await house.registry.reset([replace(account(AMINA, Role.COUNSELLOR), pin="new")], CONSOLE)
            case _:
                await house.registry.remove(["desk-7"], CONSOLE)
        return found

    monkeypatch.setattr(Pins, "fits", slow)
    assert await house.sign_in(AMINA, new_pin=new_pin) is RefusalCode.WRONG_PIN
    members = await house.registry.members()
    assert members.sessions == []
    assert [one.pin for one in members.accounts if one.staff == AMINA] == {
        "person removed": [],
        "PIN reset": ["new"],
        "terminal removed": [account(AMINA, Role.COUNSELLOR).pin],
    }[what]
    assert house.sessions.staff_at("desk-7") is None


async def test_somebody_who_comes_while_it_is_written_down_that_another_has_gone_stays(house: House) -> None:
    await house.sign_in(AMINA)
    house.wait(LOCK_AFTER_S)
    await asyncio.gather(house.sign_in(NADIA), house.sessions.lapse())
    await house.learn()
    assert house.sessions.staff_at("desk-7") == NADIA


async def test_no_pin_is_in_what_is_logged_or_shown_of_it(house: House) -> None:
    order = SignIn(staff=AMINA, pin=PIN, new_pin=OWN)
    found = repr((order, account(AMINA, Role.COUNSELLOR), (await house.registry.members()).accounts))
    assert PIN not in found
    assert OWN not in found
    assert "argon2" not in found


def test_the_names_of_strangers_are_not_kept_without_end() -> None:
    tries = Tries(lambda: 0.0)
    for number in range(KEPT + 5):
        tries.begin(f"staff {number}")
    assert len(tries._wrong) == KEPT
