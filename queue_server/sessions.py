"""Who is at which staff terminal: signed in with a PIN, and gone when nobody has touched it for a while."""

from collections.abc import Callable, Mapping, Sequence

import structlog
from msgspec.structs import replace

from protocol.envelope import Done
from protocol.ids import DeviceName, StaffId
from protocol.orders import SignIn
from protocol.refusals import RefusalCode
from queue_server.core.policy import Refusal
from queue_server.devices import By, Deed, Device, RegistryError, RegistryPort, What
from queue_server.people import Account, Session
from queue_server.pins import NOBODY, Pins, is_easy
from queue_server.tries import Tries

STRANGER = "unknown"
"""As the trail names whoever the server does not know: what was typed could be anything."""

log = structlog.get_logger()


class Sessions:
    """The team, and where each is; what is known here is never ahead of the registry."""

    def __init__(self, registry: RegistryPort, elapsed_s: Callable[[], float], lock_after_s: float) -> None:
        """`elapsed_s`: a clock that nobody sets; `lock_after_s`: so long a terminal waits for its person."""
        self._registry = registry
        self._elapsed_s = elapsed_s
        self._lock_after_s = lock_after_s
        self._pins = Pins()
        self._tries = Tries(elapsed_s)
        self._accounts: Mapping[StaffId, Account] = {}
        self._sessions: dict[DeviceName, Session] = {}
        self._touched_s: dict[DeviceName, float] = {}
        self._last: dict[DeviceName, StaffId] = {}

    def learn(self, accounts: Sequence[Account], sessions: Sequence[Session]) -> None:
        """How it stands in the registry; who is new there has just touched the terminal."""
        before = self._sessions
        for account in accounts:
            if (
                self._accounts.get(account.staff) != account
            ):  # whoever has a new PIN need not wait for the old
                self._tries.was_right(f"staff {account.staff}")
        self._accounts = {account.staff: account for account in accounts}
        self._sessions = {session.device: session for session in sessions}
        now_s = self._elapsed_s()
        self._touched_s = {
            name: self._touched_s.get(name, now_s) if before.get(name) == session else now_s
            for name, session in self._sessions.items()
        }
        self._last |= {session.device: session.staff for session in sessions}

    def staff_at(self, name: DeviceName) -> StaffId | None:
        """Who is signed in at this terminal; none: it is locked."""
        session = self._sessions.get(name)
        return None if session is None or self._is_left(name) else session.staff

    def last_at(self, name: DeviceName) -> StaffId | None:
        """Who was signed in there last, since the server began."""
        return self._last.get(name)

    def touched(self, name: DeviceName) -> None:
        """Somebody is at this terminal; one that is locked stays so."""
        if self.staff_at(name) is not None:
            self._touched_s[name] = self._elapsed_s()

    def _is_left(self, name: DeviceName) -> bool:
        return self._elapsed_s() - self._touched_s[name] >= self._lock_after_s

    async def sign_in(self, order: SignIn, device: Device, by: By) -> Done | Refusal:
        """Whether it was this person. Whoever is not known gets the same answer after the same time."""
        names = (f"staff {order.staff}", f"terminal {device.name}")
        if not all(map(self._tries.may, names)):
            return Refusal(RefusalCode.TRY_LATER)
        for name in names:
            self._tries.begin(name)
        account = self._accounts.get(order.staff)
        fits = await self._pins.fits(NOBODY if account is None else account.pin, order.pin)
        if account is None or not fits:
            await self._note(Deed(by, What.SIGN_IN_FAILED, STRANGER if account is None else order.staff))
            return Refusal(RefusalCode.WRONG_PIN)
        for name in names:
            self._tries.was_right(name)
        return await self._seat(account, order, device, by)

    async def _seat(self, account: Account, order: SignIn, device: Device, by: By) -> Done | Refusal:
        """The PIN is right; the rest has to be as well."""
        if device.role not in account.roles:
            return Refusal(RefusalCode.OTHER_ROLE)
        if account.given and order.new_pin is None:
            return Refusal(RefusalCode.OWN_PIN_NEEDED)
        chosen = None
        if order.new_pin is not None:
            if order.new_pin == order.pin or is_easy(order.new_pin):
                return Refusal(RefusalCode.EASY_PIN)
            chosen = replace(account, pin=await self._pins.digest(order.new_pin), given=False)
        if self._accounts.get(account.staff) != account:  # the console has changed it meanwhile
            return Refusal(RefusalCode.WRONG_PIN)
        session = Session(device.name, account.staff, by.at)
        try:
            await self._registry.sign_in(session, chosen, by)
        except RegistryError as error:
            log.warning("registry.not_written", why=str(error))
            return Refusal(RefusalCode.NOT_WRITTEN)
        if chosen is not None:
            self._accounts = {**self._accounts, chosen.staff: chosen}
        others = {name: one for name, one in self._sessions.items() if one.staff != account.staff}
        self._sessions = others | {device.name: session}
        self._touched_s[device.name] = self._elapsed_s()
        self._last[device.name] = account.staff
        log.info("staff.signed_in", device=device.name)
        return Done()

    async def sign_out(self, name: DeviceName) -> Done | Refusal:
        """Nobody is there any more; it is locked at once, whatever the disk says."""
        if name in self._sessions:
            self._touched_s[name] = float("-inf")
            try:
                await self.lapse()
            except RegistryError as error:
                log.warning("registry.not_written", why=str(error))
                return Refusal(RefusalCode.NOT_WRITTEN)
        return Done()

    async def lapse(self) -> bool:
        """Write down who has gone away; whether somebody had. RegistryError: it is tried again."""
        left = {name: session for name, session in self._sessions.items() if self._is_left(name)}
        if left:
            await self._registry.sign_out(left)
        for name, session in left.items():
            if self._sessions.get(name) == session:
                del self._sessions[name]
            log.info("staff.left", device=name)
        return bool(left)

    async def _note(self, deed: Deed) -> None:
        try:
            await self._registry.note(deed)
        except RegistryError as error:
            log.warning("registry.not_written", why=str(error))
