"""The highest epoch a terminal has seen outlives it: whoever cuts the power finds the old one or the new."""

import os
from pathlib import Path
from typing import Any

import pytest

from protocol.epochs import Epochs

URL = "ws://127.0.0.1:1"


def test_an_epoch_is_on_the_disk_before_it_takes_the_place_of_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "kiosk-1.epoch"
    Epochs(path).meet(URL, 3)
    synced: list[tuple[str, int]] = []
    fsync = os.fsync

    def watched(fd: int) -> None:
        synced.append((str(Path(f"/proc/self/fd/{fd}").readlink()), Epochs(path).highest))
        fsync(fd)

    monkeypatch.setattr(os, "fsync", watched)
    Epochs(path).meet(URL, 7)
    assert synced == [(f"{path}.new", 3), (str(tmp_path), 7)]


@pytest.mark.parametrize("killed_in", ["fsync", "replace"])
def test_a_terminal_killed_while_it_keeps_an_epoch_still_knows_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed_in: str
) -> None:
    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    path = tmp_path / "kiosk-1.epoch"
    Epochs(path).meet(URL, 3)
    with monkeypatch.context() as patch:
        patch.setattr(*((os, "fsync") if killed_in == "fsync" else (Path, "replace")), killed)
        with pytest.raises(KeyboardInterrupt):
            Epochs(path).meet(URL, 7)
    assert Epochs(path).highest == 3
