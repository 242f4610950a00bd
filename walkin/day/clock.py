"""The clock of a simulated day: so many simulated seconds in each real one."""

import asyncio

from walkin.day.roster import OPENS_MIN

SECONDS_PER_MINUTE = 60


class DayClock:
    """Simulated minutes after midnight; stands at the opening until it is started."""

    def __init__(self, speed: float) -> None:
        self.speed = speed
        self._started: float | None = None

    def start(self) -> None:
        """Open the centre's doors now."""
        self._started = asyncio.get_running_loop().time()

    @property
    def now_min(self) -> float:
        """Minutes after midnight."""
        if self._started is None:
            return float(OPENS_MIN)
        return OPENS_MIN + self.minutes(asyncio.get_running_loop().time() - self._started)

    def minutes(self, real_s: float) -> float:
        """Simulated minutes that pass in so many real seconds."""
        return real_s * self.speed / SECONDS_PER_MINUTE

    def real_s(self, minutes: float) -> float:
        """Real seconds in which so many simulated minutes pass; none for a time that is over."""
        return max(0.0, minutes * SECONDS_PER_MINUTE / self.speed)

    async def until(self, minute: float) -> None:
        """Return at this minute after midnight, at once if it has passed."""
        await asyncio.sleep(self.real_s(minute - self.now_min))

    async def pass_by(self, minutes: float) -> None:
        """Return when so many simulated minutes have passed."""
        await asyncio.sleep(self.real_s(minutes))
