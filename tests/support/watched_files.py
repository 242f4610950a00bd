"""Every SQLite connection that is opened while one looks, and what it leaves of what it deletes."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from unittest import mock

from msgspec import Struct


class Closed(Struct, frozen=True):
    """A connection that could write, as it was when it was let go."""

    file: str
    secure_delete: bool


@contextmanager
def connections() -> Iterator[list[Closed]]:
    """Those to files that may be written to, each begun as SQLite does where it was built without more."""
    closed: list[Closed] = []

    class Connection(sqlite3.Connection):
        def __init__(self, file: Any, *more: Any, **options: Any) -> None:
            super().__init__(file, *more, **options)
            self._file = str(file)
            super().execute("PRAGMA secure_delete=OFF")

        def close(self) -> None:
            if self._file != ":memory:" and not self._file.endswith("?mode=ro"):
                [(on,)] = super().execute("PRAGMA secure_delete").fetchall()
                closed.append(Closed(self._file, on == 1))
            super().close()

    with mock.patch("sqlite3.connect", partial(sqlite3.connect, factory=Connection)):
        yield closed
