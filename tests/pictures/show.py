"""Shows one state of a program on the terminal it is started in, and says in a file when it is to be seen."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import click
from pictures.catalogue import PROGRAMS
from pictures.stage import Scene, Story


async def show(scene: Scene, story: Story, tell: Callable[[str], object]) -> None:
    """Play the story on the running program, then tell the columns and rows of its terminal."""
    await scene.settle()
    with scene.app._context():
        await story(scene)
        await scene.settle()
        tell("{} {}".format(*scene.app.size))


async def run(scene: Scene, story: Story, tell: Callable[[str], object]) -> None:
    """Until the program is ended from outside."""
    showing = asyncio.create_task(show(scene, story, tell))
    await scene.app.run_async()
    await showing


@click.command()
@click.argument("program", type=click.Choice(list(PROGRAMS)))
@click.argument("state")
@click.argument("language")
@click.argument("seen", type=click.Path(path_type=Path))
def main(program: str, state: str, language: str, seen: Path) -> None:
    """Show STATE of PROGRAM in LANGUAGE; SEEN is written when it is to be seen."""
    shown = PROGRAMS[program]
    asyncio.run(run(shown.made(language), shown.states[state].story, seen.write_text))


if __name__ == "__main__":
    main()
