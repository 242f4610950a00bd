"""The frame of the trials itself: what is lost is told, with the way to see it again."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec.structs import replace
from regressions.bugs import BUGS
from reliability import __main__ as program
from reliability import night as nights
from reliability import page as pages
from reliability.page import Row, read_book, write_book
from reliability.trial import Result, Trial, met_together
from reliability.trials import TRIALS
from simulation.mutants import BROKEN


def fine(seed: int, directory: Path) -> Counter[str]:
    assert not list(directory.iterdir())
    return Counter(rain=seed)


def lossy(seed: int, _: Path) -> Counter[str]:
    assert seed != 2, "a ticket"
    return Counter(rain=1)


def trial(name: str, play: object, why: str = "", meets: Sequence[str] = ()) -> Trial:
    return Trial(
        name=name,
        one_try="It rains.",
        never="a puddle.",
        gate=3,
        night=5,
        play=play,  # type: ignore[arg-type]
        meets=meets,
        missing=lambda: why,
    )


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(nights, "PAGE", tmp_path / "reliability.md")
    monkeypatch.setattr(program, "play", lambda tries: (program.once(one.name, seed) for one, seed in tries))
    return tmp_path / "reliability.md"


def test_what_was_lost_fails_the_run_and_names_the_seed_that_shows_it_again(
    page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "TRIALS", (trial("fine", fine), trial("lossy", lossy)))
    run = CliRunner().invoke(program.main, [])
    assert run.exit_code == 1
    assert "lossy, seed 2: AssertionError: a ticket" in run.output
    assert "make gate ONLY='lossy' TRIES=1 FIRST=2" in run.output
    assert not page.exists()


def set_up(monkeypatch: pytest.MonkeyPatch, *trials: Trial) -> None:
    monkeypatch.setattr(program, "TRIALS", trials)
    monkeypatch.setattr(nights, "TRIALS", trials)


def test_a_whole_night_is_written_down_with_what_was_met_and_what_could_not_be_tried(
    page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(monkeypatch, trial("fine", fine), trial("dry", fine, "there is no roof"))
    run = CliRunner().invoke(nights.main, [])
    assert run.exit_code == program.NOT_TRIED
    assert "dry: not tried, there is no roof" in run.output
    assert "| 5 | 0.0 | 10 rain | nothing |" in page.read_text(encoding="utf-8")


def test_a_night_of_one_trial_leaves_the_others_as_they_were_written(
    page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(monkeypatch, trial("fine", fine), trial("lossy", lossy))
    assert CliRunner().invoke(nights.main, []).exit_code == program.LOST
    monkeypatch.setattr(program, "once", lambda name, seed: Result(name, seed, {"rain": 3}, "", 1.0))
    CliRunner().invoke(nights.main, ["--only", "fine", "--anew"])
    written = page.read_text(encoding="utf-8")
    assert "| 5 | 1.0 | 15 rain | nothing |" in written
    assert "| 5 | 0.0 | 4 rain | **1**: seed 2 |" in written


def test_a_night_goes_on_where_the_last_one_was_broken_off(
    page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    played: list[int] = []

    def until_four(seed: int, _: Path) -> Counter[str]:
        if seed == 4 and seed not in played:
            played.append(seed)
            raise KeyboardInterrupt
        played.append(seed)
        return Counter(rain=1)

    monkeypatch.setattr(nights, "PART", 2)
    set_up(monkeypatch, trial("fine", until_four))
    assert CliRunner().invoke(nights.main, []).exit_code == 1
    assert "| 4 of 5 | 0.0 | 4 rain | nothing |" in page.read_text(encoding="utf-8")
    assert CliRunner().invoke(nights.main, []).exit_code == 0
    assert "| 5 | 0.0 | 5 rain | nothing |" in page.read_text(encoding="utf-8")
    assert played == [0, 1, 2, 3, 4, 4]
    assert "played in full" in CliRunner().invoke(nights.main, []).output
    assert len(played) == 6


def test_a_list_that_has_another_length_is_played_anew_from_its_first_place(
    page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = replace(trial("fine", fine), by_place=True)
    set_up(monkeypatch, listed)
    assert CliRunner().invoke(nights.main, []).exit_code == 0
    assert "played in full" in CliRunner().invoke(nights.main, []).output
    assert "| 5 | 0.0 | 10 rain | nothing |" in page.read_text(encoding="utf-8")
    set_up(monkeypatch, replace(listed, night=6))
    monkeypatch.setattr(program, "once", lambda name, seed: Result(name, seed, {"rain": 3}, "", 1.0))
    assert CliRunner().invoke(nights.main, []).exit_code == 0
    assert "| 6 | 1.0 | 18 rain | nothing |" in page.read_text(encoding="utf-8")


def test_what_lost_something_is_played_again_by_the_next_night_and_told_as_mended(
    page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(monkeypatch, trial("lossy", lossy))
    assert CliRunner().invoke(nights.main, []).exit_code == program.LOST
    assert CliRunner().invoke(nights.main, []).exit_code == program.LOST
    assert "| 5 | 0.0 | 4 rain | **1**: seed 2 |" in page.read_text(encoding="utf-8")
    set_up(monkeypatch, trial("lossy", fine))
    assert CliRunner().invoke(nights.main, []).exit_code == program.LOST, "nobody knows why it lost nothing"
    monkeypatch.setattr(nights, "BUGS", (replace(BUGS[0], trial="lossy", seed=7, also=(2,)),))
    assert CliRunner().invoke(nights.main, []).exit_code == 0
    written = page.read_text(encoding="utf-8")
    assert "| 5 | 0.0 | 4 rain | nothing; once, before a mend: seed 2 |" in written
    assert "something was lost in none of them" in written
    assert "In 1 of them something had been lost before" in written
    found = read_book(page.with_suffix(".json"))["lossy"].found
    assert list(found) == ["2"]
    assert found["2"].startswith("AssertionError: a ticket")


def test_a_row_says_of_which_programs_its_first_and_its_last_tries_were(
    page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits = iter(("1111111", "2222222", "3333333"))
    monkeypatch.setattr(pages, "program", lambda: next(commits))
    set_up(monkeypatch, trial("fine", fine))
    CliRunner().invoke(nights.main, [])
    assert " | 1111111 | 5 | " in page.read_text(encoding="utf-8")
    set_up(monkeypatch, replace(trial("fine", fine), night=6))
    CliRunner().invoke(nights.main, [])
    assert " | 1111111 to 2222222 | 6 | " in page.read_text(encoding="utf-8")


def test_a_row_of_before_programs_were_kept_says_so_and_tells_no_figure_that_it_does_not_have(
    page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = Row(since="2026-11-29", on="2026-11-29", where=(), tries=5, seconds=0, met={"rain": 4}, lost=())
    write_book({"fine": old}, page.with_suffix(".json"))
    words = {"rain": "drops of rain", "snow": "flakes"}
    set_up(monkeypatch, replace(trial("fine", fine), night=6, shown=words))
    assert "| before this was kept | 5 of 6 | 0.0 | 4 drops of rain | nothing |" in "\n".join(
        pages.page(nights.TRIALS, {"fine": old}, {}).splitlines()
    )
    monkeypatch.setattr(pages, "program", lambda: "1111111")
    CliRunner().invoke(nights.main, [])
    assert "| before this was kept to 1111111 | 6 | " in page.read_text(encoding="utf-8")


def test_of_what_was_measured_the_greatest_is_told_and_what_was_counted_is_added_up() -> None:
    tries = [{"ms until it is dry": seed, "drops": seed} for seed in (3, 5, 4)]
    assert met_together(tries) == {"drops": 12, "ms until it is dry": 5}


@pytest.mark.usefixtures("page")
def test_a_run_that_never_met_what_it_was_to_meet_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "TRIALS", (trial("fine", fine, meets=("rain", "snow")),))
    run = CliRunner().invoke(program.main, [])
    assert run.exit_code == 1
    assert "fine: never met: snow" in run.output
    assert CliRunner().invoke(program.main, ["--tries", "2"]).exit_code == 0


def test_one_trial_alone_is_played_from_any_seed(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "TRIALS", (trial("fine", fine), trial("lossy", lossy)))
    run = CliRunner().invoke(program.main, ["--only", "fin", "--tries", "2", "--first", "7", "--json"])
    results = json.loads(run.stdout)
    assert [(one["name"], one["seed"]) for one in results] == [("fine", 7), ("fine", 8)]
    assert not page.exists()


@pytest.mark.usefixtures("page")
def test_a_seed_that_has_found_a_bug_is_played_besides_unless_seeds_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(program, "TRIALS", (trial("fine", fine), trial("fine weather", fine)))
    bugs = [
        replace(BUGS[0], trial=name, seed=seed) for name, seed in (("fine", 2), ("fine", 9), ("other", 8))
    ]
    monkeypatch.setattr(program, "BUGS", bugs)

    def played(*words: str) -> list[tuple[str, int]]:
        results = json.loads(CliRunner().invoke(program.main, ["--json", *words]).stdout)
        return [(one["name"], one["seed"]) for one in results]

    assert played("--only", "fine") == [("fine", seed) for seed in (0, 1, 2, 9)]
    assert played("--only", "fin", "--tries", "1") == [("fine", 0), ("fine weather", 0)]


def test_every_trial_has_a_name_of_its_own_and_all_but_the_longest_is_tried_before_a_change_lands() -> None:
    assert len({one.name for one in TRIALS}) == len(TRIALS)
    assert all(one.gate <= one.night for one in TRIALS)
    assert [one.name for one in TRIALS if not one.gate] == ["soak"]


def test_broken_programs_are_played_by_their_place_in_the_list_of_all_of_them() -> None:
    [listed] = (one for one in TRIALS if one.by_place)
    assert listed.gate == listed.night == len(BROKEN)


def test_every_module_with_trials_is_in_the_table() -> None:
    here = Path(program.__file__).parent
    written = {
        path.stem for path in here.glob("*.py") if "\nTRIALS = (\n" in path.read_text(encoding="utf-8")
    }
    assert written == {one.play.__module__.removeprefix("reliability.") for one in TRIALS}
