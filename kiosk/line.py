"""What a kiosk needs of its line to the server."""

from collections.abc import AsyncIterator
from types import TracebackType
from typing import Protocol

from protocol.client import Update
from protocol.commands import AnyCommand
from protocol.envelope import Accepted, LeftOut, Refused
from protocol.ids import RequestId


class Asking(Protocol):
    """Asks and tells."""

    async def ask(self, command: AnyCommand, request_id: RequestId | None = None) -> Accepted | Refused:
        """The answer; ServerAwayError when none came."""

    async def left_out(self, report: LeftOut) -> None:
        """Told, if the line is there."""


class Server(Asking, Protocol):
    """The whole line: hears as well."""

    async def __aenter__(self) -> object:
        """Open the line."""

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the line."""

    def updates(self) -> AsyncIterator[Update]:
        """What changed, in order."""
