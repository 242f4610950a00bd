"""One program for every screen: it shows a code until reception has said what it is, and then is that."""

import asyncio
from pathlib import Path

import click

from protocol.badge import Badge, BadgeError, read_badge
from protocol.epochs import state_directory
from protocol.ids import Role
from protocol.trust import is_safe
from walkin.ending import EXIT_CONFIG, end_as, fail, load_centre, log_of, words_of
from walkin.options import config_option, server_address
from walkin.screens import blocks_option, board, counsellor, kiosk, language_option, reception

SCREENS = {
    Role.KIOSK: kiosk,
    Role.BOARD: board,
    Role.COUNSELLOR: counsellor,
    Role.RECEPTION: reception,
}


@click.command()
@config_option
@click.option(
    "--server",
    "url",
    default="ws://127.0.0.1:8765",
    show_default=True,
    callback=server_address,
    help="Address of the queue server, until the terminal has a badge that says it.",
)
@click.option(
    "--badge",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    default=lambda: state_directory() / "terminal.badge",
    show_default="~/.local/state/walkin/terminal.badge",
    help="File that says which terminal this is; written once it is paired.",
)
@language_option
@blocks_option
@click.option("--anew", is_flag=True, help="Forget what this terminal was, and show a code again.")
@click.pass_context
def terminal(
    context: click.Context, config_path: Path, url: str, path: Path, language: str | None, anew: bool
) -> None:
    """Be what reception says: a kiosk, a board, a desk's terminal or reception's own.

    Without a badge, or with one that its server does not know any more, it shows a code. Type that at
    reception (or: walkin device pair), with what it shall be.
    """
    centre = load_centre(config_path)
    if not is_safe(url):
        fail(f"{url}: over a network lines are encrypted. Say wss://…", EXIT_CONFIG)
    try:
        if anew:
            path.unlink(missing_ok=True)
        badge = read_badge(path)
    except FileNotFoundError:
        badge = _paired(url, path, config_path, centre.languages.official)
    except (BadgeError, OSError) as error:
        fail(error, EXIT_CONFIG)
    else:
        if _is_disowned(badge):
            badge = _paired(badge.server, path, config_path, centre.languages.official)
    spoken = {"language": language} if badge.role in {Role.COUNSELLOR, Role.RECEPTION} else {}
    context.invoke(SCREENS[badge.role], config_path=config_path, badge_path=path, **spoken)


def _is_disowned(badge: Badge) -> bool:
    """Whether its centre has removed this terminal: it may come in again, by a code."""
    from protocol.client import is_disowned

    if not badge.server or not is_safe(badge.server):
        return False  # the screen says what is wrong with it
    try:
        return asyncio.run(is_disowned(badge.server, badge))
    except ValueError:
        return False


def _paired(url: str, path: Path, config_path: Path, languages: tuple[str, ...]) -> Badge:
    """The badge that this terminal was given, or its end."""
    from walkin.code_screen import wait_for_badge

    log_of(path.parent, path.stem)
    try:
        badge, status = wait_for_badge(url, path, words_of(config_path), languages)
    except BadgeError as error:
        fail(error, EXIT_CONFIG)
    if badge is None:
        end_as(status)
    return badge
