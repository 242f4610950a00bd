"""Decisions about calls for help: a kiosk calls and withdraws, reception answers, time ends them."""

from typing import assert_never

from protocol import commands as c
from protocol.ids import DeviceName
from protocol.refusals import RefusalCode
from queue_server.core.events import AnyEvent, HelpAnswered, HelpCalled, HelpEnded
from queue_server.core.policy import Context, Refusal
from queue_server.core.state import Queue

COMING_S = 180.0
"""So long after reception has answered the call is over by itself: whoever goes there has met the visitor."""

ANSWER_FRESH_S = 5.0
"""An answer so new is meant for whoever rings now: the two have crossed. An older one is another's."""

HelpCommand = c.CallForHelp | c.WithdrawHelp | c.AnswerHelp


def help_calls(queue: Queue, command: HelpCommand, context: Context) -> list[AnyEvent] | Refusal:
    """Call, withdraw, answer; also when the day is closed, for people stand at a kiosk then too."""
    match command:
        case c.CallForHelp():
            return _call(queue, command, context)
        case c.WithdrawHelp():
            return _withdraw(queue, context)
        case c.AnswerHelp(kiosk=kiosk):
            call = queue.help.open.get(kiosk)
            if call is None:
                return Refusal(RefusalCode.HELP_OVER, kiosk)
            return [HelpAnswered(kiosk)] if call.answered_at is None else []
        case _:
            assert_never(command)


def _call(queue: Queue, command: c.CallForHelp, context: Context) -> list[AnyEvent] | Refusal:
    language = command.screen_language
    if language is not None and language not in context.centre.languages.all:
        return Refusal(RefusalCode.UNKNOWN_LANGUAGE, language)
    kiosk = context.actor.device
    called = HelpCalled(kiosk=kiosk, topic=command.topic, language=language)
    call = queue.help.open.get(kiosk)
    if call is None:
        return [called]
    if call.answered_at is None or context.now.timestamp() - call.answered_at.timestamp() < ANSWER_FRESH_S:
        return []  # somebody comes anyway, and sees who waits there
    return [HelpEnded(kiosk, "over"), called]


def _withdraw(queue: Queue, context: Context) -> list[AnyEvent] | Refusal:
    kiosk = context.actor.device
    call = queue.help.open.get(kiosk)
    if call is None:
        return []
    if call.answered_at is None and queue.help.rang_often(kiosk, context.now):
        return Refusal(RefusalCode.HELP_STAYS)
    return [HelpEnded(kiosk, "withdrawn")]


def tick(queue: Queue, context: Context) -> list[AnyEvent]:
    """End what was answered long enough ago, and what a kiosk asked that the centre no longer has."""
    now_s = context.now.timestamp()
    ended: list[AnyEvent] = []
    for kiosk, call in queue.help.open.items():
        if kiosk not in context.centre.kiosks_by_name:
            ended.append(HelpEnded(kiosk, "gone"))
        elif call.answered_at is not None and now_s - call.answered_at.timestamp() >= COMING_S:
            ended.append(HelpEnded(kiosk, "over"))
    return ended


def forget(queue: Queue, kiosk: DeviceName) -> list[AnyEvent]:
    """The kiosk does not belong to the centre any more."""
    return [HelpEnded(kiosk, "gone")] if kiosk in queue.help.open else []
