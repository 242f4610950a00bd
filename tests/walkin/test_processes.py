import os
from pathlib import Path

import pytest

from walkin.processes import processors, progress_bar, spread


def square(number: int) -> tuple[int, int]:
    if number < 0:
        raise ValueError(number)
    return number * number, os.getpid()


@pytest.mark.parametrize("processes", [1, 2])
def test_results_come_in_the_order_of_the_jobs_and_each_is_told(processes: int) -> None:
    told: list[None] = []
    found = spread(square, range(8), lambda: told.append(None), processes=processes)
    assert [number for number, _ in found] == [number * number for number in range(8)]
    assert len(told) == 8
    assert (os.getpid() in {pid for _, pid in found}) is (processes == 1)


@pytest.mark.parametrize("processes", [1, 2])
def test_an_error_of_a_job_ends_them_all(processes: int) -> None:
    with pytest.raises(ValueError, match="-1"):
        spread(square, [-1, *range(100)], lambda: None, processes=processes)


def test_no_bar_is_drawn_where_nobody_looks(capfd: pytest.CaptureFixture[str]) -> None:
    with progress_bar(processors(), "Days") as done:
        done()
    assert capfd.readouterr().err == ""


def leave_a_trace(job: tuple[Path, int]) -> None:
    folder, number = job
    if not number:
        raise ValueError(number)
    (folder / str(sum(range(200_000)) and number)).touch()


def test_after_an_error_nobody_begins_what_nobody_needs(tmp_path: Path) -> None:
    jobs = [(tmp_path, number) for number in range(1000)]
    with pytest.raises(ValueError, match="0"):
        spread(leave_a_trace, jobs, lambda: None, processes=2)
    assert len(list(tmp_path.iterdir())) < 999
