"""PINs: kept as argon2id digests, reckoned beside the event loop, two at a time."""

import asyncio
import secrets
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from protocol.orders import PIN_DIGITS_MIN, Pin

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""OWASP's least for argon2id (19 MiB, two passes): about 30 ms on a small machine."""
AT_ONCE = 2
"""Digests under way: a shift of twenty signs in within a second, and no core is taken from the queue."""
NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$X6/+CyocMiy0qteKiMZQig$1Hb4Uxn77K58bqcX2KAWCrTt2OSN8hYJusJ0QY22MWQ"
"""Of a PIN that nobody has: a person whom the server does not know takes as long as one whom it does."""
DIGITS = "0123456789"


class Pins:
    """Reckons digests in threads of its own choosing."""

    def __init__(self) -> None:
        self._at_once = asyncio.Semaphore(AT_ONCE)

    async def fits(self, digest: str, pin: Pin) -> bool:
        """Whether this digest is of this PIN; a digest that is none fits nothing."""
        async with self._at_once:
            return await asyncio.to_thread(_fits, digest, pin)

    async def digest(self, pin: Pin) -> str:
        """What is kept of a PIN."""
        async with self._at_once:
            return await asyncio.to_thread(HASHER.hash, pin)


def _fits(digest: str, pin: Pin) -> bool:
    try:
        return HASHER.verify(digest, pin)
    except (VerificationError, ValueError):
        return False


def new_pin() -> Pin:
    """One that nobody chose, and nobody guesses first."""
    while True:
        pin = "".join(secrets.choice(DIGITS) for _ in range(PIN_DIGITS_MIN))
        if not is_easy(pin):
            return pin


def is_easy(pin: Pin) -> bool:
    """Whether many would try this first: one or two digits alone, or digits that count up or down.

    >>> is_easy("121212"), is_easy("345678"), is_easy("987654"), is_easy("204816")
    (True, True, True, False)
    """
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    return len(set(pin)) <= 2 or steps <= {1} or steps <= {-1}  # noqa: PLR2004 - two digits
