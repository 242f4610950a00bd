"""Every stage with every action: what the table says is what the queue does."""

import pytest
from support.queue import RECEPTION, Hall, at_desk, snapshot

from protocol import commands as c
from protocol.refusals import RefusalCode
from protocol.views import Stage
from queue_server.core.policy import Actor, Refusal
from queue_server.core.transitions import TRANSITIONS, Action, following

DESK = at_desk("1")
CODE = "T001"

ASKED: dict[Action, tuple[c.AnyCommand, Actor]] = {
    Action.CALL: (c.CallTicket(CODE), DESK),
    Action.RECALL: (c.Recall(CODE), DESK),
    Action.START: (c.StartServing(CODE), DESK),
    Action.FINISH: (c.Finish(CODE), DESK),
    Action.NO_SHOW: (c.MarkNoShow(CODE), DESK),
    Action.REINSTATE: (c.Reinstate(CODE), DESK),
    Action.TRANSFER: (c.Transfer(ticket=CODE, field="work"), DESK),
    Action.PARK: (c.Park(CODE), DESK),
    Action.UNPARK: (c.Unpark(CODE), DESK),
    Action.CANCEL: (c.Cancel(CODE), RECEPTION),
    Action.SET_PRIORITY: (c.SetPriority(CODE, True), RECEPTION),
}

WAYS: dict[Stage, dict[Action, Stage]] = {
    Stage.WAITING: {
        Action.CALL: Stage.CALLED,
        Action.TRANSFER: Stage.WAITING,
        Action.CANCEL: Stage.CANCELLED,
        Action.SET_PRIORITY: Stage.WAITING,
    },
    Stage.CALLED: {
        Action.RECALL: Stage.CALLED,
        Action.START: Stage.SERVING,
        Action.FINISH: Stage.FINISHED,
        Action.NO_SHOW: Stage.NO_SHOW,
        Action.TRANSFER: Stage.WAITING,
        Action.PARK: Stage.PARKED,
        Action.CANCEL: Stage.CANCELLED,
    },
    Stage.SERVING: {
        Action.FINISH: Stage.FINISHED,
        Action.TRANSFER: Stage.WAITING,
        Action.PARK: Stage.PARKED,
    },
    Stage.PARKED: {
        Action.REINSTATE: Stage.WAITING,
        Action.TRANSFER: Stage.WAITING,
        Action.UNPARK: Stage.CALLED,
        Action.CANCEL: Stage.CANCELLED,
    },
    Stage.NO_SHOW: {Action.REINSTATE: Stage.WAITING, Action.CANCEL: Stage.CANCELLED},
    Stage.CANCELLED: {Action.REINSTATE: Stage.WAITING},
    Stage.FINISHED: {},
}


def _brought_to(stage: Stage) -> Hall:
    """A hall with one ticket in this stage, and a desk with a counsellor."""
    hall = Hall()
    hall.issue()
    hall.sit("1")
    ways: dict[Stage, tuple[c.AnyCommand, ...]] = {
        Stage.WAITING: (),
        Stage.CALLED: (c.CallNext(),),
        Stage.SERVING: (c.CallNext(), c.StartServing(CODE)),
        Stage.PARKED: (c.CallNext(), c.Park(CODE)),
        Stage.NO_SHOW: (c.CallNext(), c.MarkNoShow(CODE)),
        Stage.FINISHED: (c.CallNext(), c.Finish(CODE)),
        Stage.CANCELLED: (),
    }
    for command in ways[stage]:
        hall.ask(command, DESK)
    if stage is Stage.CANCELLED:
        hall.ask(c.Cancel(CODE), RECEPTION)
    assert hall.stage(CODE) is stage
    return hall


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("action", Action)
def test_each_action_is_done_where_it_makes_sense_and_refused_everywhere_else(
    stage: Stage, action: Action
) -> None:
    hall = _brought_to(stage)
    before = snapshot(hall.queue)
    command, actor = ASKED[action]
    answer = hall.attempt(command, actor)
    after = WAYS[stage].get(action)
    assert following(action, stage) is after
    if after is None:
        assert isinstance(answer, Refusal)
        assert answer.code in {RefusalCode.WRONG_STAGE, RefusalCode.DESK_BUSY}
        assert snapshot(hall.queue) == before
    else:
        assert not isinstance(answer, Refusal)
        assert hall.stage(CODE) is after


def test_the_table_knows_every_action_and_nothing_leads_out_of_finished() -> None:
    assert set(TRANSITIONS) == set(Action) == set(ASKED)
    assert not any(Stage.FINISHED in ways for ways in TRANSITIONS.values())
