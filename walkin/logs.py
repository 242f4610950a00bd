"""Logs: one JSON object a line, without tokens, names or addresses of people."""

import logging
import os
import sys
from contextlib import suppress
from typing import TextIO, cast

import structlog


class _Lossy:
    """Loses a line that cannot be written, since the disk is full: nobody goes without a ticket for it.

    Past the buffer, which would keep the line, and fail once more when the program ends.
    """

    def __init__(self, to: TextIO) -> None:
        self._to = to

    def write(self, line: str) -> None:
        with suppress(OSError):
            os.write(self._to.fileno(), line.encode())

    def flush(self) -> None:
        """Nothing is held back."""


def configure_logs(to: TextIO = sys.stderr) -> None:
    """Set up structlog: on standard error for a program without a screen, else into this file."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", _Lossy(to))),
        cache_logger_on_first_use=True,
    )
