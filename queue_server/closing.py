"""Days that have ended: counted anonymously, then kept for a while, then deleted.

Each step can be interrupted anywhere and done again with the same result. No day is deleted uncounted.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta

import structlog

from config.model import Centre
from protocol.ids import DayDate
from queue_server.core.events import DayEnded
from queue_server.core.past import Recent, past_of
from queue_server.log_port import HousePort, LogError, StatisticsPort

DAYS_LEARNED = 60
"""Newest days that are learned from: a quarter of a year of working days."""
STANDS_S = 3600.0
"""No day is deleted before today's date has stood for so long: it may be that of a clock that is ahead."""
AGAIN_S = 600.0
"""Between two tries while days cannot be counted or deleted."""

log = structlog.get_logger()


def _nobody_told() -> None:
    """Whoever shows it to nobody."""


def _nobody_learns(recent: Recent) -> None:
    """Whoever foresees nothing."""
    del recent


class Closing:
    """Looks after the days before today; beside the queue, which never waits for it."""

    def __init__(
        self,
        centre: Centre,
        house: HousePort,
        changed: Callable[[], None] = _nobody_told,
        learn: Callable[[Recent], None] = _nobody_learns,
    ) -> None:
        """`changed` is told when `stuck` changes; `learn`, after each count, what the last days tell."""
        self._keep = timedelta(days=centre.rules.keep_days)
        self._house = house
        self._changed = changed
        self._learn = learn
        self._today: DayDate = ""
        self._looked_at: set[DayDate] = set()
        """Days that were counted before, and whose files were looked at since this server started."""
        self._news = asyncio.Event()
        self.stuck = False
        """At least one day is neither counted nor deleted: a person has to look at it."""

    def begin(self, today: DayDate) -> None:
        """This day has begun; every one before it has ended."""
        if today != self._today:
            self._today = today
            self._news.set()

    async def run(self) -> None:
        """Counts when a day has begun, and deletes once its date has stood for STANDS_S; until cancelled.

        What cannot be done is told and tried again after AGAIN_S: the queue goes on without it.
        """
        stands_at_s, pause_s = 0.0, None
        now_s = asyncio.get_running_loop().time
        while True:
            if await self._begun_within(pause_s):
                stands_at_s = now_s() + STANDS_S
            deleting = now_s() >= stands_at_s
            try:
                await self.close_days(self._today, deleting=deleting)
            except LogError as error:
                log.warning("days.not_closed", why=str(error))
                self._is_stuck(True)
                pause_s = AGAIN_S
            else:
                self._is_stuck(False)
                pause_s = None if deleting else stands_at_s - now_s()

    async def _begun_within(self, seconds: float | None) -> bool:
        """Whether a day has begun before so much time is over; none: there is nothing else to wait for."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._news.wait()
                self._news.clear()
                return True
        return False

    def _is_stuck(self, stuck: bool) -> None:
        if stuck != self.stuck:
            self.stuck = stuck
            self._changed()

    async def close_days(self, today: DayDate, *, deleting: bool) -> None:
        """Count every day before this one, then delete what was kept long enough; LogError names the rest."""
        statistics, left = self._house.statistics(), []
        try:
            counted = await statistics.days()
            oldest = (date.fromisoformat(today) - self._keep).isoformat()
            for day in await self._house.days():
                if day >= today:
                    continue
                if day not in counted and (why := await self._not_counted(statistics, day)):
                    left.append(f"{day}: {why}")
                    continue
                await self._look_at(day)
                if deleting and day < oldest:
                    await self._house.delete(day)
                    log.info("day.deleted", day=day)
            self._learn(await statistics.recent(DAYS_LEARNED))
        finally:
            await statistics.close()
        if left:
            raise LogError(
                f"Left as they are: {'; '.join(left)}. What was not ended is ended at the next start. Where "
                "a file is damaged put back the newest backup (walkin restore), or move it away."
            )

    async def _look_at(self, day: DayDate) -> None:
        """Once, for a file that nobody reads any more: while the newest backup still has it whole.

        Its rows are kept, so that nothing waits for it to be mended.
        """
        if day in self._looked_at:
            return
        self._looked_at.add(day)
        try:
            await self._house.day_log(day).last_kind()
        except LogError as error:
            log.warning("day.damaged", day=day, why=str(error))

    async def _not_counted(self, statistics: StatisticsPort, day: DayDate) -> str:
        """Counts the day; why not, when it is damaged or has not ended."""
        file = self._house.day_log(day)
        try:
            records = await file.read()
        except LogError as error:
            return str(error)
        finally:
            await file.close()
        if not records or not isinstance(records[-1].event, DayEnded):
            return "it has not ended"
        await statistics.write(day, past_of(day, [(record.at, record.event) for record in records]))
        log.info("day.counted", day=day)
        self._looked_at.add(day)  # as a whole
        return ""
