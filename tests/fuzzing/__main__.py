"""Looks for bytes that a target does not survive: `make fuzz`, with atheris; where there is none, hypothesis.

Each target has a process of its own, so that one that is found out does not end the others.
"""

import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import click

INPUT_BYTES_MAX = 4096


@click.command()
@click.option("--seconds", default=60, show_default=True, help="So long each target is tried.")
@click.option("--target", "only", multiple=True, help="This one alone; may be said again.")
@click.option("--here", is_flag=True, hidden=True)
def main(*, seconds: int, only: tuple[str, ...], here: bool) -> None:
    """Exit code 1 when a target let out an error that is not its own; the bytes are on standard error."""
    if here:
        _fuzz(only[0], seconds)
        return
    if find_spec("atheris") is None:
        click.echo("There is no atheris for this Python: hypothesis tries the same, less deeply.", err=True)
        instead = (sys.executable, "-m", "pytest", "-q", "tests/fuzzing")
        sys.exit(subprocess.run(instead, check=False).returncode)
    from fuzzing.targets import TARGETS

    failed = []
    with click.progressbar(only or tuple(TARGETS), label="fuzz", file=sys.stderr) as bar:
        for name in bar:
            command = (sys.executable, "-m", "fuzzing", "--here", "--target", name, "--seconds", str(seconds))
            found = subprocess.run(command, check=False, capture_output=True, text=True)
            if found.returncode:
                failed.append(name)
                click.echo(f"\n{name}:\n{found.stderr[-3000:]}", err=True)
    click.echo(f"Not survived: {', '.join(failed)}" if failed else "Every target has survived.")
    sys.exit(bool(failed))


def _fuzz(name: str, seconds: int) -> None:
    import atheris

    with atheris.instrument_imports(include=["config", "printers", "protocol"]):
        from fuzzing.targets import SEEDS, TARGETS
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(SEEDS[name]):
            (Path(corpus) / str(number)).write_bytes(seed)
        found_in = f"-artifact_prefix={tempfile.gettempdir()}/"
        limits = (f"-max_total_time={seconds}", f"-max_len={INPUT_BYTES_MAX}", found_in)
        atheris.Setup([sys.argv[0], *limits, corpus], TARGETS[name])
        atheris.Fuzz()


if __name__ == "__main__":
    main()
