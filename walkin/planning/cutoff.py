"""Until when tickets are given: a rule of the simulated day's own, simpler than the server's forecast. Pure.

Whoever comes gets a ticket while those who serve it have more time than work, until a last conversation has
to begin so that it ends by closing. Their work is what usually remains of their sessions, and of those who
wait the part that falls to them. A cell for which this has failed once is over for the day.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from protocol.ids import FieldId, LanguageCode
from walkin.planning.day import Cell, Habits, Reckoned
from walkin.planning.seen import At, AtDesk, Waiting

GOES_ON_SHARE = 0.25
"""A session goes on for at least so much of its usual length, however long it has lasted."""

Kind = tuple[FieldId, tuple[LanguageCode, ...]]
"""What a visitor asks for, in languages of which any will do."""


class LastTickets:
    """Of one day: for what tickets are still given."""

    def __init__(self, habits: Habits, reckoned: Reckoned) -> None:
        self._habits = habits
        self._reckoned = reckoned
        self._over: set[Cell] = set()
        self._serving: dict[Kind, frozenset[int]] = {}

    def given(self, kind: Kind, now_min: float, line: Iterable[Waiting], desks: Sequence[AtDesk]) -> bool:
        """Whether whoever asks for this now gets a ticket; the desks are the same all day, in this order."""
        field, languages = kind
        until_min = self._habits.closes_min - self._reckoned.long_min[field]
        left_min = [self._left_min(desk, now_min, until_min) for desk in desks]
        asked = Counter((waiting.field, waiting.languages) for waiting in line)
        for language in languages:
            if (field, language) not in self._over:
                serving = self._serve((field, (language,)), desks)
                work_min = self._work_min(serving, asked, left_min, desks)
                if sum(left_min[index] for index in serving) > work_min:
                    return True
                self._over.add((field, language))
        return False

    def _work_min(
        self, serving: frozenset[int], asked: Counter[Kind], left_min: list[float], desks: Sequence[AtDesk]
    ) -> float:
        """Of those who wait, the part that falls to these counsellors, by the time that each has left."""
        work_min = 0.0
        for kind, count in asked.items():
            others = self._serve(kind, desks)
            whole_min = sum(left_min[index] for index in others)
            if whole_min:
                part = sum(left_min[index] for index in others & serving) / whole_min
                work_min += count * self._reckoned.usual_min[kind[0]] * part
        return work_min

    def _left_min(self, desk: AtDesk, now_min: float, until_min: float) -> float:
        """Time of this counsellor for those who wait, until the last conversation has to begin."""
        free_min = self._free_min(desk, now_min)
        if not desk.stays:
            until_min = min(until_min, desk.ends_min - self._habits.last_call_before_end_min)
        away_min = sum(
            max(0.0, min(span.lasts_min, until_min - max(free_min, span.begins_min)))
            for span in desk.breaks  # whole, though it begins late
        )
        return max(0.0, until_min - free_min - away_min)

    def _free_min(self, desk: AtDesk, now_min: float) -> float:
        """When this counsellor is ready again, as far as can be known; an absence may end at any moment."""
        if desk.state is At.NOT_YET:
            return max(now_min, desk.begins_min)
        if desk.serving is not None:
            usual_min = self._reckoned.usual_min[desk.serving.field]
            return max(desk.since_min + usual_min, now_min + GOES_ON_SHARE * usual_min)
        return now_min if desk.break_ends_min is None else desk.break_ends_min

    def _serve(self, kind: Kind, desks: Sequence[AtDesk]) -> frozenset[int]:
        if kind not in self._serving:
            field, languages = kind
            self._serving[kind] = frozenset(
                index
                for index, desk in enumerate(desks)
                if field in desk.fields and not set(languages).isdisjoint(desk.languages)
            )
        return self._serving[kind]
