"""Logs: one JSON object a line, without tokens, names or addresses of people."""

import logging
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TextIO, cast

import structlog
from structlog.typing import ExcInfo

OURS = frozenset(
    {"config", "desk", "display_board", "kiosk", "printers", "protocol", "queue_server", "voice", "walkin"}
)
"""Packages whose errors say nothing but our own sentences."""
HARMLESS = (AssertionError, AttributeError, ImportError, NameError, TypeError)
"""Errors of Python itself that speak of the program, not of what it was given."""
CAUSES_MAX = 20
"""Errors told of one mistake, causes of causes included: a group may hold one for each terminal."""

log = structlog.get_logger()


class _Lossy:
    """Loses a line that cannot be written, since the disk is full: nobody goes without a ticket for it.

    Past the buffer, which would keep the line, and fail once more when the program ends.
    """

    def __init__(self, file: Callable[[], int]) -> None:
        self._file = file

    def write(self, line: str) -> None:
        with suppress(OSError):
            os.write(self._file(), line.encode())

    def flush(self) -> None:
        """Nothing is held back."""


class _Libraries(logging.Handler):
    """What libraries say: that something happened, and where; their own words may quote what they were sent.

    What stands in brackets in their words are the arguments of a function: a frame, a header.
    """

    def emit(self, record: logging.LogRecord) -> None:
        said = str(record.msg).partition("\n")[0].partition("(")[0].rstrip()
        error = record.exc_info[1] if record.exc_info else None
        log.log(record.levelno, "library.said", library=record.name, said=said, exc_info=error)


def configure_logs(file: Callable[[], int] = sys.stderr.fileno) -> None:
    """Set up structlog: on standard error for a program without a screen, else into this file."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(_trace_of),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", _Lossy(file))),
        cache_logger_on_first_use=True,
    )
    # without a handler there, a library that says anything by Python's own functions opens one that quotes
    root = logging.getLogger()
    if not any(isinstance(handler, _Libraries) for handler in root.handlers):
        root.addHandler(_Libraries(logging.WARNING))


def log_into(path: Path) -> None:
    """Into this file, for its owner alone: the screen is other people's. OSError: nothing is logged."""
    logging.captureWarnings(True)  # else Python writes them on the screen
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        configure_logs(lambda: nowhere)
        raise
    configure_logs(lambda: file)


def _trace_of(exc_info: ExcInfo) -> str:
    return trace_of(exc_info[1])


def trace_of(error: BaseException) -> str:
    """Where an error was raised, and what by; neither locals nor any words that are not ours."""
    return "".join(_told(error, set()))


def _told(error: BaseException, before: set[int]) -> Iterator[str]:
    """The first that was wrong first, as Python tells it."""
    if id(error) in before or len(before) >= CAUSES_MAX:
        return
    before.add(id(error))
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        yield from _told(cause, before)
        yield "\nThen:\n"
    yield from traceback.format_tb(error.__traceback__)
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    yield f"{name}: {_words_of(error)}".removesuffix(": ") + "\n"
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield "\nOf these:\n"
            yield from _told(one, before)


def _words_of(error: BaseException) -> str:
    """What an error says, if it cannot quote what somebody said."""
    ours = type(error).__module__.partition(".")[0] in OURS
    return str(error) if ours or type(error) in HARMLESS else ""
