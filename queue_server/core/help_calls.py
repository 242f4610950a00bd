"""Who asks for help at which kiosk, and whether somebody goes there. Every change costs O(1)."""

from collections import deque
from datetime import datetime
from typing import assert_never

from msgspec import Struct

from protocol.commands import HelpTopic
from protocol.ids import DeviceName, LanguageCode
from queue_server.core.events import HelpAnswered, HelpCalled, HelpEnded

RINGS_MAX = 6
"""So often a kiosk calls within RINGS_WINDOW_S before its last call stays until reception has answered it.

Nobody who needs help is ever refused it, and whoever plays with the bell is visited.
"""
RINGS_WINDOW_S = 600.0

HelpEvent = HelpCalled | HelpAnswered | HelpEnded


class HelpCall(Struct, frozen=True, gc=False):
    """One visitor who asks for somebody."""

    topic: HelpTopic
    language: LanguageCode | None
    since: datetime
    answered_at: datetime | None = None
    """When reception said that somebody goes there; none: nobody has said it."""


class HelpCalls:
    """One call of each kiosk at most."""

    def __init__(self) -> None:
        self.open: dict[DeviceName, HelpCall] = {}
        """The oldest first, so that replay and live agree."""
        self.rings: dict[DeviceName, deque[float]] = {}
        """When each kiosk called last, POSIX seconds, the oldest first."""

    def happen(self, event: HelpEvent, at: datetime) -> None:
        """Change by one event."""
        match event:
            case HelpCalled(kiosk=kiosk):
                assert kiosk not in self.open, f"{kiosk} calls twice at once"
                self.open[kiosk] = HelpCall(event.topic, event.language, at)
                self.rings.setdefault(kiosk, deque(maxlen=RINGS_MAX)).append(at.timestamp())
            case HelpAnswered(kiosk):
                call = self.open[kiosk]
                self.open[kiosk] = HelpCall(call.topic, call.language, call.since, at)
            case HelpEnded(kiosk):
                del self.open[kiosk]
            case _:
                assert_never(event)

    def rang_often(self, kiosk: DeviceName, now: datetime) -> bool:
        """Whether it has called so often of late that its call is not to be withdrawn unanswered."""
        rings = self.rings.get(kiosk)
        if rings is None or len(rings) < RINGS_MAX:
            return False
        return now.timestamp() - rings[0] < RINGS_WINDOW_S
