"""What a log says of a mistake: where it was made, in our own words; nothing that anybody has said."""

import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from protocol.badge import BadgeError
from walkin.logs import CAUSES_MAX, configure_logs, log_into, trace_of

SECRET = "Jean-Dupont-s-secret"
QUOTING: list[Exception] = [
    KeyError(SECRET),
    ValueError(f"invalid HTTP header value: b'Bearer {SECRET}'"),
    OSError(111, f"Connect call failed ('10.1.2.3', {SECRET})"),
    UnicodeDecodeError("utf-8", SECRET.encode(), 0, 1, "invalid start byte"),
]
"""Their words are made of what they were given."""


def raised(error: Exception, cause: Exception | None = None) -> Exception:
    known = SECRET
    try:
        assert known
        raise error from cause
    except type(error) as caught:
        return caught


@pytest.mark.parametrize("error", QUOTING, ids=lambda error: type(error).__name__)
def test_a_trace_tells_the_kind_and_the_place_of_any_error_and_not_what_it_quotes(error: Exception) -> None:
    trace = trace_of(raised(error))
    assert type(error).__name__ in trace
    assert "in raised\n" in trace
    assert SECRET not in trace


@pytest.mark.parametrize(
    "error", [AssertionError("a rule does not hold"), BadgeError("The badge cannot be used."), TypeError("x")]
)
def test_a_trace_tells_our_own_sentences_and_what_python_says_of_the_program(error: Exception) -> None:
    assert f"{type(error).__qualname__}: {error}\n" in trace_of(raised(error))


@pytest.mark.parametrize("quoting", QUOTING, ids=lambda error: type(error).__name__)
def test_no_cause_and_no_member_of_a_group_is_quoted_either(quoting: Exception) -> None:
    group = ExceptionGroup(SECRET, [raised(BadgeError("The badge."), raised(quoting))])
    trace = trace_of(raised(AssertionError("a rule"), raised(group)))
    assert "ExceptionGroup\n" in trace
    assert type(quoting).__name__ in trace
    assert "protocol.badge.BadgeError: The badge.\n" in trace
    assert trace.endswith("AssertionError: a rule\n")
    assert SECRET not in trace


def test_a_trace_ends_though_errors_name_each_other_or_are_many() -> None:
    one, other = KeyError("one"), KeyError("other")
    one.__context__, other.__context__ = other, one
    assert trace_of(one).count("KeyError") == 2
    assert trace_of(ExceptionGroup("", [KeyError(n) for n in range(99)])).count("KeyError") == CAUSES_MAX - 1


@pytest.fixture(autouse=True)
def set_up() -> Iterator[None]:
    """Logs are set up in a test as in a program, and no longer after it."""
    yield
    logging.captureWarnings(False)
    structlog.reset_defaults()


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """The lines of a log that is set up as that of a program."""
    path = tmp_path / "own.log"
    with path.open("w+", encoding="utf-8") as file:
        configure_logs(file.fileno)
        yield lambda: [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_what_a_library_says_comes_into_the_log_without_what_it_quotes(
    log: Callable[[], list[dict[str, Any]]],
) -> None:
    words = f"Exception in callback hear('{SECRET}')\nhandle: %s"
    error = raised(ValueError(SECRET))
    logging.getLogger("asyncio").error(words, SECRET, exc_info=error)
    [line] = log()
    assert line["said"] == "Exception in callback hear"
    assert (line["library"], line["level"]) == ("asyncio", "error")
    assert "ValueError\n" in line["exception"]
    assert SECRET not in json.dumps(line)


PROGRAM = f"""
import logging
from walkin.logs import configure_logs
configure_logs()
logging.info("Network printer enabled")
logging.getLogger("websockets.server").error("connection handler failed", exc_info=KeyError("{SECRET}"))
"""


def test_nor_is_it_quoted_after_a_library_has_used_python_s_own_functions() -> None:
    """One for printers does: such a function sets up a log that quotes all, unless there is one."""
    ran = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    [line] = ran.stderr.splitlines()
    assert json.loads(line)["said"] == "connection handler failed"
    assert SECRET not in ran.stdout + line


def test_a_log_is_its_owner_s_alone(tmp_path: Path) -> None:
    log_into(tmp_path / "state" / "own.log")
    structlog.get_logger().info("begun")
    path = tmp_path / "state" / "own.log"
    assert path.stat().st_mode & 0o777 == 0o600
    assert json.loads(path.read_text())["event"] == "begun"
