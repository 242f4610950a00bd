"""Broken programs, most of them to be found by the simulation, and all bugs brought back: make mutants.

A mutant is one place of the program said differently. It is played from a copy of the sources, seed by seed,
until a rule is broken that the program as it is keeps; one that nobody notices shows a hole in the rules. A
few break what the simulated centre does not meet, or meets too seldom: the quick test that pins it has to
fail of each.

A bug that is brought back is found by its own trial with its own seed. Of real processes a seed decides what
is done to them, not how far they are by then: it has a few turns, with the others that have found it. One of
the simulation whose seed has become another execution is found by one of a hundred in which such a thing can
happen; where that needs more luck, by the test that pins it.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count, cycle, islice
from pathlib import Path

import click
import pytest
from msgspec import Struct
from regressions.bugs import BUGS, SIMULATED, Bug
from simulation.plan import plan_of
from support.broken import ROOT, broken

SEEDS_MAX = 50
SEEDS_A_GO = 5
WORLDS_MAX = 100
"""Seeds in which a bug that was brought back is looked for."""
TURNS_MAX = 5
"""Tries on real processes to find one."""
GO_MAX_S = 600.0


class Mutant(Struct, frozen=True):
    """One place said differently."""

    name: str
    path: str
    here: str
    """Stands there exactly once."""
    instead: str
    seed: int = 0
    """Found it when it was last looked for: played first."""
    pinned_by: str = ""
    """The quick test of it, where the simulation never meets it, or too seldom: path::name."""


ENGINE, DESKS, TICKETS = (
    "queue_server/engine.py",
    "queue_server/core/decide/desks.py",
    "queue_server/core/decide/tickets.py",
)
MUTANTS = (
    Mutant(
        "answers before the commit",
        ENGINE,
        "            await self._log.append(records)\n            self._alive()\n",
        "            asyncio.ensure_future(self._log.append(records))\n            self._alive()\n",
    ),
    Mutant(
        "goes on after a failed commit",
        ENGINE,
        "            await self._log.append(records)\n            self._alive()\n",
        "            try:\n                await self._log.append(records)\n            except LogError:\n"
        "                pass\n            self._alive()\n",
        seed=28,
    ),
    Mutant(
        "forgets which questions were answered",
        ENGINE,
        "        if known is not None:\n            return known\n",
        "",
    ),
    Mutant(
        "forgets at a restart which questions were answered",
        ENGINE,
        "            if record.ordinal == 0:\n",
        "            if record.ordinal < 0:\n",
        pinned_by="tests/queue_server/test_engine.py::test_the_same_question_gets_the_same_answer_after_a_restart",
    ),
    Mutant(
        "shows a picture only once",
        ENGINE,
        "            self._dirty = True\n            if any(",
        "            if any(",
    ),
    Mutant(
        "does not end the day before",
        ENGINE,
        "await self._seal(before, newest=before == earlier[-1])",
        "pass",
        seed=19,
    ),
    Mutant(
        "goes on with yesterday after midnight",
        ENGINE,
        "if day_of(now) > self.queue.day:",
        "if day_of(now) < self.queue.day:",
        seed=5,
    ),
    Mutant(
        "time runs backwards with the clock",
        "queue_server/timekeeping.py",
        "        elif at < self._at:\n",
        "        elif at.year < 1:\n",
        seed=9,
    ),
    Mutant(
        "believes at once a date that came by a jump",
        "queue_server/timekeeping.py",
        "        jumped = at - went_on > JUMP_MAX and",
        "        jumped = at.year < 1 and",
        seed=20,
    ),
    Mutant(
        "gives a number again",
        "queue_server/core/evolve.py",
        "queue.numbers[series] = max(queue.numbers[series], event.number)",
        "queue.numbers[series] = event.number % 9",
        seed=1,
    ),
    Mutant(
        "calls whom another desk has",
        DESKS,
        "    if following(Action.CALL, now.stage) is None:\n",
        "    if now.stage is None:\n",
        seed=3,
    ),
    Mutant(
        "calls a second visitor to a desk",
        DESKS,
        "    if desk.ticket is not None:\n        return Refusal(RefusalCode.DESK_BUSY, desk.ticket)\n"
        "    if desk.state is DeskState.PAUSED:\n",
        "    if desk.state is DeskState.PAUSED:\n",
    ),
    Mutant(
        "forgets the desk that is ready",
        TICKETS,
        "    if not queue.ready:\n        return []\n",
        "    if queue.version % 5 == 0 or not queue.ready:\n        return []\n",
    ),
    Mutant(
        "assigns whom the desk does not serve",
        "queue_server/core/policy.py",
        "if desk_id not in taken and (desk := queue.desks[desk_id]).covers(field, languages)",
        "if desk_id not in taken and (desk := queue.desks[desk_id])",
    ),
    Mutant(
        "transfers to the end of the line",
        "queue_server/core/evolve.py",
        "    now = ticket.placement\n    after = replace(\n        now,\n        stage=Stage.WAITING,",
        "    now = ticket.placement\n    ticket.key = at.timestamp()\n    after = replace(\n        now,\n"
        "        stage=Stage.WAITING,",
        seed=1,
    ),
    Mutant(
        "takes back too late",
        DESKS,
        "    if not undo_possible(desk, ticket):\n",
        "    if ticket is None:\n",
        seed=3,
    ),
    Mutant(
        "skips the number of a call",
        DESKS,
        '            call=queue.last_call + 1,\n            how="next",',
        '            call=queue.last_call + 1 + (queue.version % 17 == 0),\n            how="next",',
    ),
    Mutant(
        "shows a board the newest call alone",
        "queue_server/core/views.py",
        "            for call in reversed(queue.calls)\n",
        "            for call in [*queue.calls][-1:]\n",
    ),
    Mutant(
        "never shows what had to wait",
        "queue_server/hub.py",
        "        self._picture = frame\n        self._news.set()\n",
        "        self._picture = frame\n",
        seed=15,
    ),
    Mutant(
        "a board rings what it has rung",
        "display_board/calls.py",
        "if call.call > before.last)",
        "if call.call >= before.last)",
    ),
    Mutant(
        "a terminal asks again under another name",
        "protocol/client.py",
        "                for frame, _ in list(self._pending.values()):\n",
        "                for frame in [one.replace(b'-0', b'-1', 1) for one, _ in self._pending.values()]:\n",
        seed=1,
    ),
    Mutant(
        "puts whom a kiosk redeems behind all others",
        "queue_server/core/evolve.py",
        "earlier(at, event.waited_s) if event.waited_s else at",
        "at",
        seed=3,
    ),
    Mutant(
        "a kiosk gives a visitor in doubt a second ticket",
        "kiosk/alone.py",
        "first.doubt or first.id)",
        "first.id)",
        seed=6,
    ),
    Mutant(
        "a kiosk gives a number before it is on disk",
        "kiosk/alone.py",
        "            if not await self._save(after):\n                return None\n",
        "            self._reserve = after\n",
        seed=110,
    ),
    Mutant(
        "a kiosk forgets at a restart what it gave",
        "kiosk/alone.py",
        "        self._reserve = r.aged(reserve, at_s)\n",
        "        self._reserve = replace(r.aged(reserve, at_s), given=())\n",
    ),
    Mutant(
        "begins the numbers again at midnight, and goes on with the day",
        ENGINE,
        "                await self._end_day(now)\n                await self._go_on_in(day_of(now))\n",
        "                self.queue.numbers.clear()\n",
        seed=5,
    ),
    Mutant(
        "a kiosk gives yesterday's numbers after midnight",
        "kiosk/reserve.py",
        "return Reserve(day=day, left_out=tuple(there))",
        "return Reserve(day=day, free=before.free, left_out=tuple(there))",
        seed=56,
    ),
    Mutant(
        "deletes a day that could not be counted",
        "queue_server/closing.py",
        '                    left.append(f"{day}: {why}")\n                    continue\n',
        '                    left.append(f"{day}: {why}")\n',
        pinned_by="tests/queue_server/test_closing.py"
        "::test_a_day_that_is_damaged_or_has_not_ended_is_named_and_neither_counted_nor_deleted",
    ),
    Mutant(
        "counts the visitors of a day twice",
        "queue_server/core/past.py",
        "        legs=legs_of(happened),\n",
        "        legs=[*legs_of(happened), *legs_of(happened)],\n",
        seed=5,
    ),
    Mutant(
        "prints before the commit",
        ENGINE,
        "            await self._log.append(records)\n            self._alive()\n",
        "            if self._committed is not None:\n"
        "                self._committed(self.queue, [record.event for record in records])\n"
        "            await self._log.append(records)\n            self._alive()\n",
    ),
    Mutant(
        "a commit is no sign of life",
        ENGINE,
        "            await self._log.append(records)\n            self._alive()\n",
        "            await self._log.append(records)\n",
        pinned_by="tests/queue_server/test_supervisor.py"
        "::test_each_commit_is_a_sign_of_life_when_it_is_on_disk_and_not_before",
    ),
    Mutant(
        "gives tickets for a field that is closed",
        TICKETS,
        "    if command.field in queue.closed_fields:\n",
        "    if command.field in queue.closed_fields and queue.version % 2:\n",
        seed=2,
    ),
    Mutant(
        "a board forgets at a restart what it has rung",
        "display_board/memory.py",
        "            self.day, self.call = day, int(call)\n",
        "            int(call)\n",
        seed=4,
    ),
    Mutant(
        "a kiosk prints on after it has redeemed",
        "kiosk/alone.py",
        "                await self.paper.leave()  # each time: the next number may have been given since\n",
        "                pass\n",
        pinned_by="tests/kiosk/test_alone.py::test_no_number_is_redeemed_while_its_slip_may_still_come_out",
    ),
)


BROKEN: tuple[Mutant | Bug, ...] = (*MUTANTS, *BUGS)


def found_by(one: Mutant | Bug) -> int | None:
    """The seed that finds it; none: nobody noticed. Whether it finds nothing else is for others to see."""
    with tempfile.TemporaryDirectory(prefix="walkin-mutant-") as directory:
        place = Path(directory)
        broken(place, one.path, one.here, one.instead)
        if isinstance(one, Mutant) and one.pinned_by:
            return one.seed if _shown_by(place, one.pinned_by) else None
        if isinstance(one, Mutant):
            return _first_to_find(one.seed, range(SEEDS_MAX), place)
        if one.trial == SIMULATED and one.among is None:
            return one.seed if _shown_by(place, one.pinned_by) else None
        if one.trial == SIMULATED:
            worlds = (seed for seed in count() if one.among(plan_of(seed)))
            return _first_to_find(one.seed, islice(worlds, WORLDS_MAX), place)
        turns = islice(cycle((one.seed, *one.also)), TURNS_MAX)
        return next((seed for seed in turns if _loses(place, one.trial, seed)), None)


def _first_to_find(own: int, others: Iterable[int], place: Path) -> int | None:
    """The first seed that finds it: its own, then one of the others."""
    rest = iter(others)
    go = [own]
    while go:
        if found := _failing(place, go):
            return found[0]
        go = list(islice(rest, SEEDS_A_GO))
    return None


def _shown_by(place: Path, test: str) -> bool:
    """Whether this test fails of the program that stands in this place."""
    shutil.copy(ROOT / "pyproject.toml", place)
    played = subprocess.run(
        (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", test),
        cwd=place,
        env={**os.environ, "PYTHONPATH": f"{place}:{place / 'tests'}"},
        capture_output=True,
        timeout=GO_MAX_S,
        check=False,
    )
    return played.returncode == pytest.ExitCode.TESTS_FAILED


def _failing(place: Path, seeds: Sequence[int]) -> list[int]:
    """Which of these seeds break a rule of the program that stands in this place."""
    words = [word for seed in seeds for word in ("--seed", str(seed))]
    return [int(seed) for seed in json.loads(_played(place, "simulation", "--json", *words))["failed"]]


def _loses(place: Path, trial: str, seed: int) -> bool:
    """Whether this trial loses something of the program that stands in this place."""
    words = ("--only", trial, "--tries", "1", "--first", str(seed))
    results = json.loads(_played(place, "reliability", "--json", *words))
    assert results, f"{trial}: cannot be tried on this machine"
    return any(result["lost"] for result in results)


def _played(place: Path, *words: str) -> bytes:
    """What one of the runs of trials says of the program that stands in this place."""
    played = subprocess.run(
        (sys.executable, "-m", *words),
        cwd=place,
        env={**os.environ, "PYTHONPATH": f"{place}:{place / 'tests'}"},
        capture_output=True,
        timeout=GO_MAX_S,
        check=False,
    )
    return played.stdout


def results() -> Iterator[tuple[Mutant | Bug, int | None]]:
    """Each mutant and each bug, in order."""
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        yield from zip(BROKEN, threads.map(found_by, BROKEN), strict=True)


@click.command()
def main() -> None:
    """Plays every mutant and every bug; exit code 1 when one was not found."""
    unnoticed, seeds = [], set[int]()
    with click.progressbar(length=len(BROKEN), label="mutants", file=sys.stderr) as bar:
        for one, seed in results():
            click.echo(f"{'not found' if seed is None else f'seed {seed:4}'}  {one.name}")
            if seed is None:
                unnoticed.append(one.name)
            elif not one.pinned_by if isinstance(one, Mutant) else one.trial == SIMULATED:
                seeds.add(seed)
            bar.update(1)
    loud = [seed for seed in sorted(seeds) if _failing(ROOT, [seed])]
    for seed in loud:
        click.echo(f"seed {seed} finds something in the program as it is: it proves nothing", err=True)
    sys.exit(bool(unnoticed or loud))


if __name__ == "__main__":
    main()
