"""Who is called next: the rules that are compared."""

from enum import StrEnum
from typing import Self, assert_never

from msgspec import Struct

from protocol.ids import FieldId
from walkin.planning.place import Place
from walkin.planning.seen import Waiting

SCARCITY_MOST_MIN = 20.0
"""The largest head start that a centre can set for whoever one counsellor alone serves: if it sets none."""
SCARCE_BELOW = 5
"""With so many counsellors on duty nobody has such a head start."""


class Rule(StrEnum):
    """Which of those waiting whom a counsellor covers is called."""

    FIFO = "fifo"
    """The oldest ticket, with the head start of accessible priority."""
    SCARCITY = "scarcity"
    """As fifo, with another head start where few counsellors are on duty."""
    HARD_SCARCITY = "hard-scarcity"
    """Whom fewest counsellors can serve; the line only breaks ties."""
    PRIORITY_FIRST = "priority-first"
    """Accessible priority always before all others."""
    OWN_FIELD_FIRST = "own-field-first"
    """The first field of the counsellor before the second."""
    TRANSFERS_LAST = "transfers-last"
    """As fifo, and a transfer goes to the back of the line."""


def rule_of(place: Place) -> Rule:
    """By which the server of this centre calls."""
    return Rule.SCARCITY if place.scarcity_head_start_min else Rule.FIFO


class Policy(Struct, frozen=True):
    """A rule, and the head starts that go with it."""

    rule: Rule = Rule.FIFO
    head_start_min: float = 15.0
    """Of accessible priority."""
    scarcity_min: float = SCARCITY_MOST_MIN
    """Of a visitor whom only one counsellor on duty can serve, by the rule of that name."""

    @classmethod
    def at(cls, place: Place, rule: Rule) -> Self:
        """This rule, with the head starts of this centre."""
        return cls(rule, place.head_start_min, place.scarcity_head_start_min or SCARCITY_MOST_MIN)

    def key_min(self, issued_min: float, *, priority: bool) -> float:
        """The place of a ticket in the line, fixed at its issue."""
        return issued_min - self.head_start_min if priority else issued_min

    @property
    def keeps_place(self) -> bool:
        """A transfer has the place of the first ticket."""
        return self.rule is not Rule.TRANSFERS_LAST

    @property
    def by_line(self) -> bool:
        """The line alone decides."""
        return self.rule in {Rule.FIFO, Rule.TRANSFERS_LAST}

    def rank(self, waiting: Waiting, fields: tuple[FieldId, ...], on_duty: int) -> tuple[float, ...]:
        """Lowest is called by a counsellor of these fields; so many on duty serve this ticket."""
        line = (waiting.key_min, waiting.ticket)
        match self.rule:
            case Rule.FIFO | Rule.TRANSFERS_LAST:
                return line
            case Rule.SCARCITY:
                scarce = max(0.0, 1 - (on_duty - 1) / (SCARCE_BELOW - 1))
                return waiting.key_min - self.scarcity_min * scarce, waiting.ticket
            case Rule.HARD_SCARCITY:
                return on_duty, *line
            case Rule.PRIORITY_FIRST:
                return not waiting.priority, *line
            case Rule.OWN_FIELD_FIRST:
                return fields.index(waiting.field), *line
            case _:
                assert_never(self.rule)
