"""What every test leaves as it was."""

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def log_of_its_own() -> Iterator[None]:
    """A program that is run in a test sets up its log for that test alone."""
    root = logging.getLogger()
    before = [*root.handlers]
    yield
    for handler in [*root.handlers]:
        if handler not in before:
            root.removeHandler(handler)
