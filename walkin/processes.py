"""Work spread over the processors of this machine, with a bar on the terminal for whoever waits."""

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from typing import TypeVar

import click

Job = TypeVar("Job")
Result = TypeVar("Result")


def processors() -> int:
    """How many of them this program may use."""
    return len(os.sched_getaffinity(0))


def spread(
    work: Callable[[Job], Result], jobs: Sequence[Job], done: Callable[[], None], *, processes: int
) -> list[Result]:
    """The result of each job, in their order; `done` is told of each that is finished.

    `work` is a function of a module, and jobs and results can be pickled. An error of a job ends them all.
    """
    if processes == 1:
        results = []
        for job in jobs:
            results.append(work(job))
            done()
        return results
    pool = ProcessPoolExecutor(max_workers=processes, initializer=_leave_ctrl_c)
    try:
        futures = [pool.submit(work, job) for job in jobs]
        for future in as_completed(futures):
            future.result()
            done()
        return [future.result() for future in futures]
    finally:
        pool.shutdown(cancel_futures=True)  # once: a second call would take the others up again


def _leave_ctrl_c() -> None:
    """Only the program itself hears it, and ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def progress_bar(steps: int, label: str) -> Iterator[Callable[[], None]]:
    """A bar on standard error, only on a terminal; it is told of each step."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    with click.progressbar(length=steps, label=label, file=sys.stderr) as bar:
        yield lambda: bar.update(1)
