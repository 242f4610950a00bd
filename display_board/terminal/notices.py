"""What the board says in words: welcome, closed, news, a lost line. Pure: the instant is given."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from config.hours import next_opening, within_hours
from config.model import Centre
from config.phrases import Phrases, for_screen, long_date_of, time_of
from protocol.ids import DayDate
from protocol.views import BoardView

CALL_STAYS_MIN = 15
"""After closing the last call stays this long for somebody who is still on the way."""
FROZEN_MINUTES_FROM_S = 120
"""From here on the age of what is shown is told in minutes."""
FROZEN_HOURS_FROM_S = 2 * 3600
"""And from here on in hours: nobody reckons with 780 minutes."""

Block = tuple[str, str]
"""A title and a sentence; the sentence may be empty."""
Said = tuple[str, ...]
"""One text in each official language."""


class Speaker:
    """The centre's voice in its official languages, in one order."""

    def __init__(self, phrases: Phrases, centre: Centre, languages: Sequence[str]) -> None:
        self.phrases = phrases
        self.centre = centre
        self.languages = tuple(languages)

    def both(self, key: str, **values: object) -> Said:
        """The message in each language, as it stands on a screen."""
        return tuple(for_screen(self.phrases.say(key, tongue, **values), tongue) for tongue in self.languages)

    def of(self, texts: Mapping[str, str]) -> Said:
        """The centre's own text in each language that it has."""
        return tuple(for_screen(texts[tongue], tongue) for tongue in self.languages if texts.get(tongue))

    def blocks(self, title_key: str, sentence_key: str = "") -> tuple[Block, ...]:
        """A notice."""
        titles = self.both(title_key)
        sentences = self.both(sentence_key) if sentence_key else ("",) * len(titles)
        return tuple(zip(titles, sentences, strict=True))

    def closed(self, now: datetime, holidays: Collection[DayDate]) -> tuple[Block, ...]:
        """Closed until the next opening; within opening hours: no new tickets."""
        if within_hours(self.centre, now, holidays):
            return self.blocks("board.no_new_tickets")
        opens = next_opening(self.centre, now, holidays)
        if opens is None:
            return self.blocks("kiosk.closed")
        return tuple(
            (for_screen(self.phrases.say("kiosk.closed", tongue), tongue), self._opens(opens, tongue))
            for tongue in self.languages
        )

    def _opens(self, opens: datetime, tongue: str) -> str:
        """When it opens; a line never begins with the bare time."""
        time = time_of(tongue, opens)
        said = self.phrases.say("kiosk.opens", tongue, day=long_date_of(tongue, opens.date()), time=time)
        return for_screen(said, tongue).replace(f" {time}", f"\N{NO-BREAK SPACE}{time}")

    def news(
        self, view: BoardView, lost_s: int | None, *, over: bool, without_anybody: str
    ) -> tuple[Said, ...]:
        """Reception's message alone while there is one, else the centre's news, and how to be served.

        `lost_s`: seconds since the line was lost, and then nothing else is said; none: it is there.
        `without_anybody`: letters of the fields for which nobody is planned.
        """
        if lost_s is not None:
            return self._frozen(lost_s)
        message = self.of(view.message)
        if message:
            return (message,)
        news = tuple(self.of(texts) for texts in view.news)
        if over:
            return news
        if view.open:
            if without_anybody:
                news += (self.both("board.news_nobody", letters=without_anybody),)
            return *news, self.both("board.news_order"), self.both("board.news_ticket")
        return self.both("board.no_new_tickets"), *news

    def _frozen(self, seconds: int) -> tuple[Said, ...]:
        """What is shown is so old: in seconds first, so that everybody sees the age grow."""
        if seconds < FROZEN_MINUTES_FROM_S:
            return self.both("board.frozen_seconds", n=seconds), self.both("board.listen")
        if seconds < FROZEN_HOURS_FROM_S:
            return self.both("board.frozen", n=seconds // 60), self.both("board.listen")
        return self.both("board.frozen_hours", n=seconds // 3600), self.both("board.listen")


def is_over(view: BoardView, newest_call_at: datetime | None, now: datetime) -> bool:
    """The day is over: no tickets, nobody waits, and whoever was called last has long arrived."""
    if view.open or any(field.waiting_total for field in view.fields):
        return False
    return newest_call_at is None or now - newest_call_at > timedelta(minutes=CALL_STAYS_MIN)
