"""The stages of a ticket and every way between them. The only place that says what may follow what.

A ticket is issued into `waiting`, is `called` to a desk and then served; it may be put aside and come back.
`finished` ends it; `no_show` and `cancelled` can be taken back by reinstating. Undo is not in the table: it
restores the placement that the undone action found.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from protocol.views import Stage


class Action(StrEnum):
    """What moves a ticket."""

    CALL = "call"
    RECALL = "recall"
    START = "start"
    FINISH = "finish"
    NO_SHOW = "no_show"
    REINSTATE = "reinstate"
    TRANSFER = "transfer"
    PARK = "park"
    UNPARK = "unpark"
    CANCEL = "cancel"
    SET_PRIORITY = "set_priority"


_W, _C, _S, _P = Stage.WAITING, Stage.CALLED, Stage.SERVING, Stage.PARKED
_N, _X, _F = Stage.NO_SHOW, Stage.CANCELLED, Stage.FINISHED

TRANSITIONS: Mapping[Action, Mapping[Stage, Stage]] = MappingProxyType(
    {
        Action.CALL: {_W: _C},
        Action.RECALL: {_C: _C},
        Action.START: {_C: _S},
        Action.FINISH: {_C: _F, _S: _F},
        Action.NO_SHOW: {_C: _N},
        Action.REINSTATE: {_P: _W, _N: _W, _X: _W},
        Action.TRANSFER: {_W: _W, _C: _W, _S: _W, _P: _W},
        Action.PARK: {_C: _P, _S: _P},
        Action.UNPARK: {_P: _C},
        Action.CANCEL: {_W: _X, _C: _X, _P: _X, _N: _X},
        Action.SET_PRIORITY: {_W: _W},
    }
)
AT_DESK = frozenset({Stage.CALLED, Stage.SERVING})
"""Stages in which a visitor occupies a desk."""
VISITED = frozenset({Stage.SERVING, Stage.FINISHED, Stage.CANCELLED})
"""Stages in which nobody waits for a call with a slip in hand."""


def following(action: Action, stage: Stage) -> Stage | None:
    """The stage after this action; none when the action makes no sense there."""
    return TRANSITIONS[action].get(stage)


def diagram() -> str:
    """The table as a Mermaid state diagram."""
    ways: dict[tuple[Stage, Stage], list[str]] = {}
    for action, steps in TRANSITIONS.items():
        for before, after in steps.items():
            ways.setdefault((before, after), []).append(action.value)
    lines = ["stateDiagram-v2", "    [*] --> waiting : issue"]
    lines += [f"    {before} --> {after} : {', '.join(actions)}" for (before, after), actions in ways.items()]
    lines.append("    finished --> [*]")
    return "\n".join(lines)
