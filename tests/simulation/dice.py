"""Every source of chance is the seed's; whatever stands in a set stands there by number."""

import random
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from random import Random
from unittest.mock import patch

from websockets.asyncio.connection import Connection


@contextmanager
def dice_of(seed: int) -> Iterator[None]:
    """So it is meanwhile."""
    dice, numbers = Random(seed), count(1)
    random.seed(seed)

    def number_of(connection: Connection) -> int:
        if "number" not in connection.__dict__:
            connection.__dict__["number"] = next(numbers)
        return int(connection.__dict__["number"])

    with (
        patch.object(secrets, "token_bytes", dice.randbytes),
        patch.object(secrets, "token_urlsafe", lambda size: dice.randbytes(size).hex()),
        patch.object(Connection, "__hash__", number_of),
    ):
        yield
