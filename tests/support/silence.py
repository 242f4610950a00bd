"""A voice for tests that hear nothing."""


class SilentVoice:
    """Reads nothing aloud, but would."""

    async def read(self, _text: str, _language: str) -> None:
        pass

    def stop(self) -> None:
        pass
