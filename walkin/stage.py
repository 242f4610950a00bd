"""Runs a program that people stand before, and ends it: what was wrong is its log's, not the hall's.

Textual ends a program with a trace of everything it knew where it went wrong, on its terminal: a badge's
secret, the code of a new terminal, a visitor's ticket.
"""

from collections.abc import Sequence
from typing import Any

import structlog
from textual.app import App
from textual.worker import WorkerFailed

from config.phrases import Phrases, for_screen
from walkin.ending import EXIT_MISTAKE, fail

log = structlog.get_logger()


class Stage:
    """One program on its terminal."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._mistake: BaseException | None = None
        app._handle_exception = self._end_of  # type: ignore[method-assign]  # noqa: SLF001 - it offers no other place
        app.panic = self._lost  # type: ignore[method-assign]

    def _end_of(self, error: Exception) -> None:
        """The program went wrong: the first that it did is the one that counts."""
        if self._mistake is None:
            self._mistake = error.error if isinstance(error, WorkerFailed) else error
        self._app._close_messages_no_wait()  # noqa: SLF001 - as Textual itself ends one

    def _lost(self, *_: object) -> None:
        """Textual cannot read the terminal any more."""
        log.warning("screen.terminal_lost")
        self._app._close_messages_no_wait()  # noqa: SLF001 - as Textual itself ends one

    def run(self, phrases: Phrases, languages: Sequence[str]) -> int | None:
        """The exit status; none: its terminal is gone. A mistake of ours ends the process, in a sentence."""
        try:
            self._app.run()
        except Exception as error:  # noqa: BLE001 - whatever it is, people stand before it
            self._end_of(error)
        self.judge(phrases, languages)
        return self._app.return_code

    def judge(self, phrases: Phrases, languages: Sequence[str]) -> None:
        """End the process if the program ended by a mistake of ours."""
        if self._mistake is None:
            return
        log.critical("screen.mistake", exc_info=self._mistake)
        sentences = [for_screen(phrases.say("screen.mistake", language), language) for language in languages]
        fail("\n".join(sentences), EXIT_MISTAKE)
