"""`make pictures-real`: kiosk and board in a real terminal on a real compositor that has no screen.

Each picture stands beside the one that the project's own painter makes. It needs sway, foot, grim and the
fonts of deploy/; as root it runs them as somebody else. Nothing compares the two: people do.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from pictures.catalogue import PROGRAMS, Visit, file_name, language_of, size_name
from pictures.gallery import page
from pictures.stage import Layout, seen
from PIL import Image
from rich.progress import track
from support.cells import Cells
from support.painter import picture_of
from support.virtual_time import play

ROOT = Path(__file__).parents[2]
HOME = ROOT / "docs" / "pictures" / "real"
CELL = (12, 24)
FONT = "DejaVu Sans Mono:pixelsize=20"
"""Its cells are twelve dots wide, and a row of 24 dots holds them."""
NOBODY = 65534
PATIENCE_S = 30.0
STEP_S = 0.05
LOOK_AGAIN_S = 0.5
STANDS_STILL_LOOKS = 4
"""A terminal that draws the same so often has drawn all that it was told."""
LOOKS_MAX = 20
"""What moves all the time is taken as it is by then."""
SHOWN = ("kiosk", "board")


def as_somebody_else() -> list[str]:
    """Compositors do not run as root; whoever root becomes here may still read what root reads."""
    if os.geteuid() != 0:
        return []
    kept = "+dac_read_search"
    who = (f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
    return ["setpriv", *who, f"--inh-caps={kept}", f"--ambient-caps={kept}"]


class Desktop:
    """A compositor without a screen."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.env = {
            **{name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ},
            "HOME": str(home),
            "XDG_RUNTIME_DIR": str(home),
            "LC_ALL": "C.UTF-8",
            "COLORTERM": "truecolor",
            "WLR_BACKENDS": "headless",
            "WLR_RENDERER": "pixman",
            "WLR_LIBINPUT_NO_DEVICES": "1",
            "LIBSEAT_BACKEND": "noop",
            "SWAYSOCK": str(home / "sway.sock"),
            "PYTHONPATH": os.pathsep.join((str(ROOT / "tests"), str(ROOT))),
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def run(self, *command: str) -> str:
        """What a program of the desktop says; CalledProcessError."""
        return subprocess.run(
            (*as_somebody_else(), *command),
            env=self.env, cwd=self.home, check=True, capture_output=True, text=True, timeout=PATIENCE_S,
        ).stdout  # fmt: skip

    @contextmanager
    def running(self, *command: str) -> Iterator[subprocess.Popen[bytes]]:
        """A program of the desktop; ended on leaving."""
        with (self.home / f"{Path(command[0]).name}.log").open("ab") as log:
            process = subprocess.Popen(
                (*as_somebody_else(), *command), env=self.env, cwd=self.home, stdout=log, stderr=log
            )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(PATIENCE_S)

    def await_file(self, name: str) -> Path:
        """This file of the desktop's, as soon as it is there and not empty; TimeoutError."""
        for _ in range(round(PATIENCE_S / STEP_S)):
            found = [path for path in self.home.glob(name) if path.is_socket() or path.stat().st_size]
            if found:
                return found[0]
            time.sleep(STEP_S)
        raise TimeoutError(f"no {name}: see the logs in {self.home}")


@contextmanager
def desktop() -> Iterator[Desktop]:
    """A desktop as deploy/ arranges it, with nothing on it."""
    with tempfile.TemporaryDirectory(prefix="walkin-desktop-") as directory:
        home = Path(directory)
        if as_somebody_else():
            os.chown(home, NOBODY, NOBODY)
        config = (ROOT / "deploy" / "sway.conf").read_text(encoding="utf-8")
        lines = [line for line in config.splitlines() if not line.startswith("exec ")]
        (home / "sway.conf").write_text("\n".join(lines), encoding="utf-8")
        place = Desktop(home)
        with place.running("sway", "--config", str(home / "sway.conf")):
            place.env["WAYLAND_DISPLAY"] = place.await_file("wayland-[0-9]").name
            yield place


def photograph(place: Desktop, visit: Visit, layout: Layout) -> Image.Image:
    """The terminal with this on it."""
    output = json.loads(place.run("swaymsg", "-t", "get_outputs", "-r"))[0]["name"]
    mode = f"{layout[0] * CELL[0]}x{layout[1] * CELL[1]}"
    place.run("swaymsg", f"output {output} mode --custom {mode}")
    told = place.home / "seen"
    told.unlink(missing_ok=True)
    terminal = (
        *("foot", f"--config={ROOT / 'deploy' / 'foot.ini'}", "--fullscreen"),
        *(f"--override=main.font={FONT}", f"--override=main.line-height={CELL[1]}px"),
    )
    program = (sys.executable, "-m", "pictures.show", visit.program, visit.state, visit.language, str(told))
    with place.running(*terminal, *program):
        place.await_file("seen")
        size = tuple(map(int, told.read_text(encoding="ascii").split()))
        assert size == layout, f"the terminal has {size} cells"
        return drawn(place)


def drawn(place: Desktop) -> Image.Image:
    """The desktop once something is on it and stands still; TimeoutError when nothing ever is."""
    before, alike = None, 0
    for _ in range(LOOKS_MAX):
        place.run("grim", str(place.home / "picture.png"))
        with Image.open(place.home / "picture.png") as picture:
            now = picture.convert("RGB")
        alike = alike + 1 if before == now and not is_empty(now) else 1
        if alike == STANDS_STILL_LOOKS:
            return now
        before = now
        time.sleep(LOOK_AGAIN_S)
    if is_empty(now):
        raise TimeoutError("nothing is drawn")
    return now


def is_empty(picture: Image.Image) -> bool:
    """Whether it has one colour only."""
    return picture.getcolors(1) is not None


def painted(visit: Visit) -> dict[Layout, Image.Image]:
    """What the project's painter makes of it."""

    async def look() -> dict[Layout, Cells]:
        return {
            layout: cells
            async for layout, cells in seen(PROGRAMS[visit.program], visit.state, visit.language)
        }

    return {layout: picture_of(cells, CELL) for layout, cells in play(look).items()}


@click.command()
@click.option("--into", default=HOME, type=click.Path(path_type=Path), help="Directory of the pictures.")
def main(into: Path) -> None:
    """Show one state of each screen of kiosk and board in every layout, and take its picture."""
    missing = [tool for tool in ("sway", "swaymsg", "foot", "grim") if shutil.which(tool) is None]
    if missing:
        raise click.ClickException(f"Install {', '.join(missing)} first.")
    visits = [
        Visit(name, state, language_of(PROGRAMS[name], state))
        for name in SHOWN
        for state, known in PROGRAMS[name].states.items()
        if known.guards
    ]
    with desktop() as place:
        for visit in track(visits, "in a real terminal"):
            for layout, own in painted(visit).items():
                pair = {"real": photograph(place, visit, layout), "painted": own}
                page(pair, into / visit.program / f"{file_name(visit.state)}-{size_name(layout)}.png")
    click.echo(f"{len(visits)} screens, each in every layout, in {into}")


if __name__ == "__main__":
    main()
