"""Days are counted and deleted without a server around it: so cheap that every call can be struck often."""

import asyncio
import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random

from reliability import struck
from reliability.closing import STATISTICS, TODAY, Place, Strike, drawn, left_of, past, prove, prove_same
from reliability.tracing import missing
from reliability.trial import Trial

KILLS = 8
WRITING, STRIDE = ("fdatasync", "pwrite64"), 61
"""Every such call on the statistics is struck in some twenty tries, and the first few are of all of it."""
AGAIN = 0.5
"""So often the next one is killed as well, at any call."""
WAY = "midnight"
"""As when nothing is left to be done but this."""


def play(seed: int, directory: Path) -> Counter[str]:
    """The same days, counted once without a misfortune, and again and again with."""
    return asyncio.run(_play(seed, Random(seed), directory))


async def _play(seed: int, dice: Random, directory: Path) -> Counter[str]:
    before = directory / "before"
    await past(before, WAY, dice)
    was, twin = await left_of(before), Place(directory / "twin", WAY)
    await asyncio.to_thread(shutil.copytree, before, twin.house)
    assert not await _counts(twin, twin.recorded())
    due, calls, met = await left_of(twin.house), twin.calls(), Counter(twins=1)
    points = [Strike(call, STATISTICS, n + 1) for call in WRITING for n in range(calls[call, STATISTICS])]
    for number in range(KILLS):
        place = Place(directory / f"killed-{number}", WAY)
        await asyncio.to_thread(shutil.copytree, before, place.house)
        strikes, seen = [points[(seed * KILLS + number) * STRIDE % len(points)]], was
        if dice.random() < AGAIN:
            strikes.append(drawn(dice, place, calls, number))
        try:
            for strike in strikes:
                met[f"kills at {place.kind(strike.database)}"] += await _counts(place, place.struck(strike))
                seen = await prove(place, seen, due)
            assert not await _counts(place)
            prove_same(await left_of(place.house), seen, due)
        except AssertionError as error:
            raise AssertionError(f"{strikes}: {error}") from error
    return met


async def _counts(place: Place, options: Sequence[str] = ()) -> bool:
    """Once; whether it was killed meanwhile."""
    before = ("strace", "-f", *options) if options else ()
    ended = await struck.run("reliability.counted", place.house, TODAY.date(), before=before)
    assert ended.killed or ended.status == 0, ended.complained
    return ended.killed


TRIALS = (
    Trial(
        name="kill -9 while counting days",
        one_try=(
            f"Days of every age are counted and deleted, {KILLS} times from the beginning. The program is "
            "killed at a call to the disk, often the next one too, then let through. A twin is not killed."
        ),
        never="a row of the statistics that is not the twin's, or is there twice; a day that is deleted and"
        " not counted.",
        gate=1,
        night=200 // KILLS,
        play=play,
        meets=("kills at statistics",),
        missing=missing,
    ),
)
