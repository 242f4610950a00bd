"""A hall where everybody takes exactly as long as the field says, played through decide and evolve."""

from collections.abc import Iterable, Mapping
from heapq import heappop, heappush
from random import Random

from msgspec.structs import replace
from support.centre import small_centre
from support.queue import RECEPTION, Hall, at_desk

from config.model import Counsellor, Desk, Rules
from protocol import commands as c
from queue_server.core.events import AnyEvent, TicketCalled
from queue_server.forecast.cycles import Cycles, History

LASTS_S = {"training": 1511.0, "work": 1013.0, "abroad": 2027.0}
"""Prime seconds: hardly ever do two desks become free at one instant."""


def exactly(lasts_s: Mapping[str, float]) -> Cycles:
    """A past in which every session lasted as long as this says."""
    return Cycles(History({field: (lasts,) * 60 for field, lasts in lasts_s.items()}), lasts_s, {})


class Clockwork(Hall):
    """Some counsellors, each with some fields and languages, who never pause and never tarry."""

    def __init__(self, random: Random, rules: Rules | None = None) -> None:
        self.random = random
        centre = small_centre(rules)
        names = [str(number) for number in range(1, random.randint(2, 7))]
        super().__init__(
            replace(
                centre,
                desks=tuple(Desk(id=name) for name in names),
                counsellors=tuple(
                    Counsellor(
                        id=f"staff-{name}",
                        name=name,
                        organisation="one",
                        fields=self._some(tuple(LASTS_S)),
                        languages=self._some(centre.languages.all),
                    )
                    for name in names
                ),
            )
        )
        self.called_at: dict[str, float] = {}
        self._leaving: list[tuple[float, str, str]] = []
        for name in names:
            self.sit(name, f"staff-{name}")
            self._follow(self.ask(c.CallNext(), at_desk(name)))

    def _some(self, choices: tuple[str, ...]) -> tuple[str, ...]:
        chosen = {*self.random.sample(choices, self.random.randint(1, len(choices)))}
        return tuple(choice for choice in choices if choice in chosen)

    def come(self, visitors: int, minutes: float) -> None:
        """So many visitors come, evenly by chance over so many minutes; meanwhile work goes on."""
        begins = self.now.timestamp()
        for at in sorted(begins + self.random.uniform(0, minutes * 60) for _ in range(visitors)):
            self.work_until(at)
            languages = tuple(self.random.sample(self.centre.languages.all, self.random.randint(1, 2)))
            wish = c.IssueTicket(
                field=self.random.choice(tuple(LASTS_S)), languages=languages, screen_language="fr"
            )
            self._follow(self.ask(wish, RECEPTION))
        self.work_until(begins + minutes * 60)

    def work_until(self, at: float) -> None:
        """Whoever's time is over before this instant leaves, and the desk calls the next."""
        while self._leaving and self._leaving[0][0] <= at:
            ends_at, desk, code = heappop(self._leaving)
            self._set_clock(ends_at)
            self.ask(c.Finish(code), at_desk(desk))
            self._follow(self.ask(c.CallNext(), at_desk(desk)))
        if at != float("inf"):
            self._set_clock(at)

    def _set_clock(self, at: float) -> None:
        self.wait((at - self.now.timestamp()) / 60)

    def _follow(self, events: Iterable[AnyEvent]) -> None:
        for event in events:
            if isinstance(event, TicketCalled):
                self.called_at[event.ticket] = self.now.timestamp()
                self.ask(c.StartServing(event.ticket), at_desk(event.desk))
                field = self.queue.tickets[event.ticket].placement.field
                leaves_at = self.now.timestamp() + LASTS_S[field]
                heappush(self._leaving, (leaves_at, event.desk, event.ticket))
