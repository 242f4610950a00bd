"""Twenty broken servers, each to be found by the simulation: make mutants.

A mutant is one place of the program said differently. It is played from a copy of the sources, seed by seed,
until a rule is broken; one that nobody notices shows a hole in the rules.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from pathlib import Path

import click
from msgspec import Struct

ROOT = Path(__file__).parents[2]
PACKAGES = (
    "config",
    "desk",
    "display_board",
    "kiosk",
    "printers",
    "protocol",
    "queue_server",
    "walkin",
    "tests",
)
SEEDS_MAX = 50
SEEDS_A_GO = 5
GO_MAX_S = 600.0


class Mutant(Struct, frozen=True):
    """One place said differently."""

    name: str
    path: str
    here: str
    """Stands there exactly once."""
    instead: str


ENGINE, DESKS, TICKETS = (
    "queue_server/engine.py",
    "queue_server/core/decide/desks.py",
    "queue_server/core/decide/tickets.py",
)
MUTANTS = (
    Mutant(
        "answers before the commit",
        ENGINE,
        "            await self._log.append(records)\n            self._dirty = True\n",
        "            asyncio.ensure_future(self._log.append(records))\n            self._dirty = True\n",
    ),
    Mutant(
        "goes on after a failed commit",
        ENGINE,
        "            await self._log.append(records)\n            self._dirty = True\n",
        "            try:\n                await self._log.append(records)\n            except LogError:\n"
        "                pass\n            self._dirty = True\n",
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
        "            await self._seal(before)\n",
        "            pass\n",
    ),
    Mutant(
        "goes on with yesterday after midnight",
        ENGINE,
        "if day_of(now) > self.queue.day:",
        "if day_of(now) < self.queue.day:",
    ),
    Mutant(
        "time runs backwards with the clock",
        ENGINE,
        "now.astimezone(UTC) < self._at.astimezone(UTC)",
        "now.year < 1",
    ),
    Mutant(
        "gives a number again",
        "queue_server/core/evolve.py",
        "queue.numbers[series] = max(queue.numbers[series], event.number)",
        "queue.numbers[series] = event.number % 9",
    ),
    Mutant(
        "calls whom another desk has",
        DESKS,
        "    if following(Action.CALL, now.stage) is None:\n",
        "    if now.stage is None:\n",
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
    ),
    Mutant(
        "takes back too late",
        DESKS,
        "    if not undo_possible(desk, ticket):\n",
        "    if ticket is None:\n",
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
    ),
)


def broken(mutant: Mutant, place: Path) -> None:
    """A copy of the sources in which this one place is said differently."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, place / package, ignore=shutil.ignore_patterns("__pycache__"))
    path = place / mutant.path
    text = path.read_text(encoding="utf-8")
    assert text.count(mutant.here) == 1, (
        f"{mutant.name}: {mutant.path} says it {text.count(mutant.here)} times"
    )
    path.write_text(text.replace(mutant.here, mutant.instead), encoding="utf-8")


def found_after(mutant: Mutant) -> int | None:
    """After how many seeds it is found; none: not at all."""
    with tempfile.TemporaryDirectory(prefix="walkin-mutant-") as directory:
        place = Path(directory)
        broken(mutant, place)
        for first in range(0, SEEDS_MAX, SEEDS_A_GO):
            command = (sys.executable, "-m", "simulation", "--seeds", str(SEEDS_A_GO), "--first", str(first))
            played = subprocess.run(
                command,
                cwd=place,
                env={"PYTHONPATH": f"{place}:{place / 'tests'}"},
                capture_output=True,
                timeout=GO_MAX_S,
                check=False,
            )
            if played.returncode:
                return first + SEEDS_A_GO
    return None


def results() -> Iterator[tuple[Mutant, int | None]]:
    """Each mutant, in order."""
    with ThreadPoolExecutor(cpu_count()) as threads:
        yield from zip(MUTANTS, threads.map(found_after, MUTANTS), strict=True)


@click.command()
def main() -> None:
    """Plays every mutant; exit code 1 when one was not found."""
    unnoticed = []
    with click.progressbar(length=len(MUTANTS), label="mutants", file=sys.stderr) as bar:
        for mutant, seeds in results():
            click.echo(f"{'not found' if seeds is None else f'within {seeds:2} seeds'}  {mutant.name}")
            unnoticed += [mutant.name] if seeds is None else []
            bar.update(1)
    sys.exit(bool(unnoticed))


if __name__ == "__main__":
    main()
