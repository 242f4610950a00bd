"""The four programs that people stand before, each on a terminal of its own."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from protocol.badge import Badge, BadgeError, read_badge
from protocol.epochs import state_directory
from protocol.ids import Role
from protocol.trust import is_safe, pinned
from walkin.ending import EXIT_CONFIG, EXIT_REFUSED, end_as, fail, load_centre, log_of, words_of
from walkin.options import config_option, server_address

if TYPE_CHECKING:
    from config.model import Centre

CONSOLE_TERM = "linux"
"""The kernel's own console: its font has 512 characters at most."""

Command = TypeVar("Command", bound=Callable[..., None])


def badge_option(role: Role) -> Callable[[Command], Command]:
    """Where a terminal of this kind keeps what it is known by."""
    return click.option(
        "--badge",
        "badge_path",
        type=click.Path(dir_okay=False, path_type=Path),
        default=lambda: state_directory() / f"{role.value}.badge",
        show_default=f"~/.local/state/walkin/{role.value}.badge",
        help="File that says which terminal this is, as walkin device add has written it.",
    )


server_option = click.option(
    "--server",
    "url",
    default=None,
    callback=server_address,
    help="Address of the queue server; by default the one in the badge.",
)


def _drawn_with(_: click.Context, __: click.Parameter, blocks: str | None) -> None:
    """Large type of this terminal; decided before any screen is loaded, which may draw at once."""
    from config.look.lettering import Blocks, draw_with

    console = os.environ.get("TERM") == CONSOLE_TERM
    draw_with(Blocks(blocks) if blocks else Blocks.QUADRANTS if console else Blocks.SEXTANTS)


blocks_option = click.option(
    "--blocks",
    type=click.Choice(["sextants", "quadrants"]),
    envvar="WALKIN_BLOCKS",
    default=None,
    expose_value=False,
    is_eager=True,
    callback=_drawn_with,
    help="What large type is made of: quadrants where the font has no sextants (U+1FB00). "
    "By default sextants, on the kernel's own console quadrants.",
)


def _badge(path: Path, role: Role, url: str | None) -> tuple[Badge, str]:
    """Which terminal this is and where its server is, or an end that says how it becomes one."""
    try:
        badge = read_badge(path)
    except FileNotFoundError:
        fail(
            f"This terminal does not belong to a centre yet: there is no {path}. On the server's machine: "
            f"walkin device add NAME --role {role.value} --badge FILE; then bring that file here.",
            EXIT_CONFIG,
        )
    except BadgeError as error:
        fail(error, EXIT_CONFIG)
    if badge.role is not role:
        fail(f"{path} is the badge of a {badge.role.value}: walkin {badge.role.value}.", EXIT_CONFIG)
    url = url or badge.server
    if not url:
        fail(f"{path} does not say where the server is: give its address with --server.", EXIT_CONFIG)
    if not is_safe(url):
        fail(f"{url}: over a network lines are encrypted: wss://, as walkin ca has said.", EXIT_CONFIG)
    if url.startswith("wss:"):
        try:
            pinned(badge.authority)
        except ValueError as error:
            fail(f"{path} cannot be used for {url}: {error}. Have another badge made.", EXIT_CONFIG)
    return badge, url


@click.command()
@config_option
@server_option
@badge_option(Role.KIOSK)
@blocks_option
@click.option(
    "--data",
    "directory",
    type=click.Path(file_okay=False, path_type=Path),
    default=state_directory,
    show_default="~/.local/state/walkin",
    help="Directory of the kiosk's own file: the numbers that it gives while the server is away.",
)
def kiosk(config_path: Path, url: str | None, badge_path: Path, directory: Path) -> None:
    """Run a kiosk. It is locked: no key ends it, its service does (or closing the terminal)."""
    centre = load_centre(config_path)
    badge, url = _badge(badge_path, Role.KIOSK, url)
    name = badge.device
    if name not in centre.kiosks_by_name:
        known_names = ", ".join(known.name for known in centre.kiosks)
        fail(f"{config_path}: there is no kiosk {name!r}. There are: {known_names}.", EXIT_CONFIG)
    from kiosk.app import alone_in, app_of
    from kiosk.keep import InUseError
    from walkin.stage import Stage

    log_of(directory, name)
    phrases, alone = words_of(config_path), None
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        alone = alone_in(centre, phrases, name, directory)
    except InUseError as error:
        fail(error, EXIT_REFUSED)
    except OSError as error:
        click.echo(
            f"This kiosk gives no tickets while the server is away: it cannot write in {directory} "
            f"({error.strerror}). Free the disk, or take another --data.",
            err=True,
        )
    stage = Stage(app_of(centre, phrases, url, badge, alone))
    end_as(stage.run(phrases, centre.languages.official))


@click.command()
@config_option
@server_option
@badge_option(Role.BOARD)
@blocks_option
def board(config_path: Path, url: str | None, badge_path: Path) -> None:
    """Run a waiting-room board. It is locked: no key ends it, its service does (or closing the terminal)."""
    centre = load_centre(config_path)
    badge, url = _badge(badge_path, Role.BOARD, url)
    from display_board.terminal.app import app_of
    from walkin.stage import Stage

    log_of(state_directory(), badge.device)
    phrases = words_of(config_path)
    end_as(Stage(app_of(centre, phrases, url, badge)).run(phrases, centre.languages.official))


language_option = click.option(
    "--language", default=None, help="Language of a staff screen; by default the first of the centre."
)


def _language(centre: "Centre", language: str | None) -> str:
    if language is not None and language not in centre.languages.all:
        known = ", ".join(centre.languages.all)
        fail(f"The centre has no language {language!r}. It has: {known}.", EXIT_CONFIG)
    return language or centre.languages.official[0]


@click.command()
@config_option
@server_option
@badge_option(Role.COUNSELLOR)
@language_option
def counsellor(config_path: Path, url: str | None, badge_path: Path, language: str | None) -> None:
    """Run the terminal of a counsellor's desk. Ctrl+Q ends it."""
    centre = load_centre(config_path)
    badge, url = _badge(badge_path, Role.COUNSELLOR, url)
    if all(badge.desk != known.id for known in centre.desks):
        known_desks = ", ".join(known.id for known in centre.desks)
        fail(f"{config_path}: there is no desk {badge.desk!r}. There are: {known_desks}.", EXIT_CONFIG)
    from desk.counsellor.app import app_of
    from walkin.stage import Stage

    language = _language(centre, language)
    log_of(state_directory(), badge.device)
    phrases = words_of(config_path)
    end_as(Stage(app_of(centre, phrases, url, badge, language)).run(phrases, centre.languages.official))


@click.command()
@config_option
@server_option
@badge_option(Role.RECEPTION)
@language_option
def reception(config_path: Path, url: str | None, badge_path: Path, language: str | None) -> None:
    """Run reception's live view of the whole queue. Ctrl+Q ends it."""
    centre = load_centre(config_path)
    badge, url = _badge(badge_path, Role.RECEPTION, url)
    from desk.reception.app import app_of
    from walkin.stage import Stage

    language = _language(centre, language)
    log_of(state_directory(), badge.device)
    phrases = words_of(config_path)
    end_as(Stage(app_of(centre, phrases, url, badge, language)).run(phrases, centre.languages.official))
