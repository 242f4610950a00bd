"""Who is at which staff terminal: signed in with a PIN, and gone when nobody has touched it for a while."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import structlog
from msgspec.structs import replace

from protocol.envelope import Done
from protocol.ids import DeviceName, StaffId
from protocol.orders import SignIn
from protocol.refusals import RefusalCode
from queue_server.clock import Clock
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

    def __init__(self, registry: RegistryPort, clock: Clock, lock_after_s: float) -> None:
        """`lock_after_s`: so long a terminal waits for its person."""
        self._registry = registry
        self._clock = clock
        self._lock_after_s = lock_after_s
        self._pins = Pins()
        self._tries = Tries(clock.elapsed_s)
        self._strangers = Tries(clock.elapsed_s)
        """Of names that nobody has: somebody makes them up, and must not push out those that somebody has."""
        self._proving: set[DeviceName] = set()
        self._accounts: Mapping[StaffId, Account] = {}
        self._sessions: dict[DeviceName, Session] = {}
        self._touched_s: dict[DeviceName, float] = {}
        self._fresh: set[DeviceName] = set()
        """Touched since it was last written down."""
        self._shown_locked: set[DeviceName] = set()
        self._lapsed: set[DeviceName] = set()
        """Written down as gone, also those who were left after it was asked last who is."""
        self._last: dict[DeviceName, StaffId] = {}

    def learn(self, accounts: Sequence[Account], sessions: Sequence[Session]) -> None:
        """How it stands in the registry; while the server was away nobody has touched anything."""
        for account in accounts:
            if self._accounts.get(account.staff) != account:  # a new PIN need not wait
                self._tries.forget(f"staff {account.staff}")
        self._accounts = {account.staff: account for account in accounts}
        for session in sessions:
            before = self._sessions.get(session.device)
            if before is None or before.staff != session.staff:
                away_s = (self._clock.now() - session.touched_at).total_seconds()
                self._touched_s[session.device] = self._clock.elapsed_s() - max(0.0, away_s)
        self._sessions = {session.device: session for session in sessions}
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
            self._touched_s[name] = self._clock.elapsed_s()
            self._fresh.add(name)

    def _is_left(self, name: DeviceName) -> bool:
        return self._clock.elapsed_s() - self._touched_s[name] >= self._lock_after_s

    async def sign_in(self, order: SignIn, device: Device, by: By) -> Done | Refusal:
        """Whether it was this person. Whoever is not known gets the same answer after the same time."""
        if device.name in self._proving:
            return Refusal(RefusalCode.BUSY)
        self._proving.add(device.name)
        try:
            return await self._prove(order, device, by)
        finally:
            self._proving.discard(device.name)

    async def _prove(self, order: SignIn, device: Device, by: By) -> Done | Refusal:
        account = self._accounts.get(order.staff)
        staff, terminal = f"staff {order.staff}", f"terminal {device.name}"
        of_staff = self._strangers if account is None else self._tries
        if not (of_staff.may(staff) and self._tries.may(terminal)):
            return Refusal(RefusalCode.TRY_LATER)
        of_staff.begin(staff)
        self._tries.begin(terminal)
        fits = await self._pins.fits(NOBODY if account is None else account.pin, order.pin)
        if account is None or not fits:
            await self._note(Deed(by, What.SIGN_IN_FAILED, STRANGER if account is None else order.staff))
            return Refusal(RefusalCode.WRONG_PIN)
        of_staff.forget(staff)
        self._tries.take_back(terminal)
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
        session = Session(device.name, account.staff, by.at)
        try:
            if not await self._registry.sign_in(session, account, chosen, by):
                return Refusal(RefusalCode.WRONG_PIN)  # the console has changed it meanwhile
        except RegistryError as error:
            log.warning("registry.not_written", why=str(error))
            return Refusal(RefusalCode.NOT_WRITTEN)
        if chosen is not None:
            self._accounts = {**self._accounts, chosen.staff: chosen}
        others = {name: one for name, one in self._sessions.items() if one.staff != account.staff}
        self._sessions = others | {device.name: session}
        self._touched_s[device.name] = self._clock.elapsed_s()
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

    def have_locked(self) -> bool:
        """Whether a terminal was left since this was asked last: it is to be shown so."""
        locked = {name for name in self._sessions if self._is_left(name)}
        fresh = (locked | self._lapsed) - self._shown_locked
        self._shown_locked, self._lapsed = locked, set()
        return bool(fresh)

    async def lapse(self) -> None:
        """Write down who has gone away. RegistryError: it is tried again."""
        left = {
            name: session
            for name, session in self._sessions.items()
            if self._is_left(name) and name not in self._proving  # somebody may be coming just now
        }
        if left:
            await self._registry.sign_out(tuple(left.values()))
        for name, session in left.items():
            if self._sessions.get(name) is session:
                del self._sessions[name]
                self._lapsed.add(name)
            log.info("staff.left", device=name)

    async def note_touched(self) -> None:
        """Write down where somebody was lately: a server that starts anew has to know. RegistryError."""
        now, now_s = self._clock.now(), self._clock.elapsed_s()
        touched = [
            replace(session, touched_at=now - timedelta(seconds=now_s - self._touched_s[name]))
            for name, session in self._sessions.items()
            if name in self._fresh and not self._is_left(name)
        ]
        self._fresh.clear()
        if touched:
            await self._registry.touched(touched)

    async def _note(self, deed: Deed) -> None:
        try:
            await self._registry.note(deed)
        except RegistryError as error:
            log.warning("registry.not_written", why=str(error))
