"""Programs that are broken on purpose: a copy of the sources in which one place is said differently."""

import shutil
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = (
    "config",
    "deploy",
    "desk",
    "display_board",
    "kiosk",
    "printers",
    "protocol",
    "queue_server",
    "voice",
    "walkin",
    "tests",
)


def broken(place: Path, file: str, here: str, instead: str) -> None:
    """Copy the sources to this place and say `instead` what stands `here`, exactly once in the file.

    What is compiled goes with them: all files but one are as they were.
    """
    for package in PACKAGES:
        shutil.copytree(ROOT / package, place / package)
    path = place / file
    text = path.read_text(encoding="utf-8")
    assert text.count(here) == 1, f"{file} says {text.count(here)} times: {here}"
    path.write_text(text.replace(here, instead), encoding="utf-8")
