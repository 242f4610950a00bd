"""A voice without sound: it keeps what it was asked to say."""

import asyncio
from collections.abc import Sequence

from support.screens import CONFIG

from config.load import load
from config.model import Centre
from config.phrases import Phrases
from protocol.ids import LanguageCode
from protocol.views import BoardCall
from voice.sentences import Brevity
from voice.speaker import Heard, Speaker


class QuietSpeaker(Speaker):
    """Takes the place of a speaker: tests read what it says, and say when it has been said.

    `said` holds what began, one line each: "K042 whole", "read fr Bonjour.". While `holds` is set
    nothing ends before `let_go()`.
    """

    def __init__(self, centre: Centre | None = None, *, holds: bool = False) -> None:
        super().__init__(centre or load(CONFIG), Phrases.load())
        self.said: list[str] = []
        self.stopped = 0
        self.holds = holds
        self._gone = asyncio.Event()

    def let_go(self) -> None:
        """What is being said ends."""
        self._gone.set()
        self._gone = asyncio.Event()

    async def announce(
        self,
        call: BoardCall,
        official: Sequence[LanguageCode],  # noqa: ARG002 - a speaker's own signature
        brevity: Brevity = Brevity.WHOLE,
    ) -> Heard:
        self.said.append(f"{call.ticket} {brevity.name.lower()}")
        return await self._heard()

    async def read(self, text: str, language: LanguageCode) -> Heard:
        self.let_go()
        self.said.append(f"read {language} {text}")
        return await self._heard()

    def stop(self) -> None:
        self.stopped += 1
        self.let_go()

    async def _heard(self) -> Heard:
        if self.holds:
            stopped = self.stopped
            await self._gone.wait()
            return Heard.SAID if stopped == self.stopped else Heard.STOPPED
        return Heard.SAID
