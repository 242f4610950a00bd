"""The rules of paper: what may never be found, whatever went wrong."""

from collections.abc import Iterable, Mapping, Sequence

from chaos.news import News
from chaos.plan import Fault, Kind, Plan
from chaos.slips import Piece, on_paper

from printers.job import Job, JobState
from printers.outcome import Level, Reason

BELIEVED = {Reason.CONFIRMED, Reason.COUNTED}
"""Only these say that a slip is on paper."""
FAITHFUL = {Reason.POWER, Reason.NO_COUNTER}
"""Why a printer that counts may leave a slip to a person."""


def violations(
    plan: Plan,
    news: News,
    found: Sequence[Piece],
    asked: Mapping[tuple[str, int], Job],
    dropped: Iterable[str],
) -> list[str]:
    """Every broken rule in one sentence each."""
    broken: list[str] = []
    times = on_paper(found)
    for (ticket, copy), count in sorted(times.items()):
        if count > 1:
            broken.append(f"{ticket} copy {copy} came out {count} times")
    for ticket, copy in sorted(set(times) - set(asked)):
        broken.append(f"{ticket} copy {copy} came out, and nobody asked for it")
    for key in asked:
        broken += _of_one(*key, times[key], news)
    there = {ticket for ticket, _ in times}
    for ticket in sorted({ticket for ticket, _ in asked} - there - set(dropped)):
        broken.append(f"{ticket} is on no paper at all")
    return broken + _soiled(plan, found) + _left_to_a_person(plan, news)


def _of_one(ticket: str, copy: int, count: int, news: News) -> list[str]:
    told = news.of(ticket, copy)
    states = [state for state, _ in told]
    end, reason = told[-1]
    if end is JobState.PRINTED and count == 0:
        return [f"{ticket} copy {copy} was told printed ({reason}) and is on no paper: {told}"]
    if end is JobState.PRINTED and reason not in BELIEVED:
        return [f"{ticket} copy {copy} was told printed because of {reason}"]
    if end is JobState.DROPPED and JobState.OFFERED not in states and count:
        return [f"{ticket} copy {copy} was told dropped and came out: {told}"]
    return []


def _soiled(plan: Plan, found: Sequence[Piece]) -> list[str]:
    """A printer that says nothing cannot be asked what hangs out of it; all others are."""
    silent = {machine.name for machine in plan.machines if machine.level in {Level.STATUS, Level.MUTE}}
    return [
        f"a piece at {piece.printer} is neither one whole slip nor marked void: {piece.text!r}"
        for piece in found
        if not (piece.void or piece.clean or piece.printer in silent)
    ]


def _left_to_a_person(plan: Plan, news: News) -> list[str]:
    """Printers that count settle everything themselves, unless they may have been off."""
    counting = {machine.name for machine in plan.machines if machine.level is Level.COUNTED}
    forgetful = {
        deed.printer for _, deed in plan.steps if isinstance(deed, Fault) and deed.kind is Kind.COUNTER
    }
    return [
        f"{one.ticket} copy {one.copy} at {one.printer} was left to a person: {one.reason}"
        for one in news.told
        if one.state is JobState.OFFERED
        and one.printer in counting
        and (one.reason not in FAITHFUL or (one.reason is Reason.NO_COUNTER and one.printer not in forgetful))
    ]
