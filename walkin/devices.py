"""Commands for the server's own console: which devices belong to the centre. No terminal can do this."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from protocol.badge import Badge, BadgeError, digest_of, new_token, write_badge
from protocol.ids import Role
from protocol.refusals import SENTENCES
from protocol.trust import is_safe
from walkin.ending import EXIT_CONFIG, EXIT_DISK, EXIT_REFUSED, fail, load_centre
from walkin.options import config_option, data_option, json_option, server_address

if TYPE_CHECKING:
    from config.model import Centre
    from queue_server.devices import By, Device, Enrolled
    from queue_server.store.registry import Registry


class TakenError(Exception):
    """A device or a person of this name belongs to the centre already."""


@asynccontextmanager
async def opened(directory: Path) -> AsyncIterator["Registry"]:
    """The registry of a data directory, made if there is none; RegistryError, DirectoryInUseError."""
    from queue_server.store.house import House

    house = House(directory)
    house.refuse_half_restored()
    registry = house.registry()
    try:
        await registry.open()
        yield registry
    finally:
        await registry.close()


async def enrol(directory: Path, devices: Iterable["Device"], server: str = "") -> list[Badge]:
    """Make these devices known to the server of this data directory.

    TakenError; AuthorityError: `server` is to be spoken to over a network; and as `opened`.
    """
    from queue_server.store.authority import authority_of

    authority = authority_of(directory) if server.startswith("wss:") else ""
    tokens = {device: new_token() for device in devices}
    async with opened(directory) as registry:
        taken = await registry.add({digest_of(token): device for device, token in tokens.items()}, by_hand())
    if taken:
        raise TakenError(
            f"{', '.join(taken)}: the centre has a terminal of that name. Take another name, or remove that "
            "one first (walkin device remove)."
        )
    return [
        Badge(
            device=device.name,
            role=device.role,
            desk=device.desk,
            token=token,
            server=server,
            authority=authority,
        )
        for device, token in tokens.items()
    ]


async def dismiss(directory: Path, names: Sequence[str]) -> list[str]:
    """Let the server know these devices no more; those that it did not know. As `opened`."""
    async with opened(directory) as registry:
        return await registry.remove(names, by_hand())


def settle(directory: Path, centre: "Centre", config_path: Path) -> None:
    """End unless the data directory is of the centre of this file; as `opened`.

    Without that a forgotten --config would tell the PIN of somebody of another centre.
    """

    async def settled() -> str:
        async with opened(directory) as registry:
            return await registry.settle(centre.id)

    if (found := asyncio.run(settled())) != centre.id:
        fail(
            f"{directory} belongs to the centre '{found}', {config_path} describes '{centre.id}'. Give the "
            "right file with --config.",
            EXIT_CONFIG,
        )


def there(directory: Path) -> Path:
    """The directory, or an end: looking something up makes none."""
    if not directory.is_dir():
        fail(f"There is no data directory {directory}: give the server's own with --data.", EXIT_REFUSED)
    return directory


def by_hand() -> "By":
    """Whoever sits at the server, now."""
    from queue_server.devices import CONSOLE, By

    return By(CONSOLE, datetime.now(UTC))


@contextmanager
def ending_in_words() -> Iterator[None]:
    """What cannot be done ends the program with a sentence."""
    from queue_server.devices import RegistryError
    from queue_server.store.authority import AuthorityError
    from queue_server.store.house import DirectoryInUseError

    try:
        yield
    except (TakenError, BadgeError, AuthorityError, DirectoryInUseError) as error:
        fail(error, EXIT_REFUSED)
    except RegistryError as error:
        fail(error, EXIT_DISK)


@click.command()
@config_option
@data_option
@click.option("--anew", is_flag=True, help="Make another one: every terminal has to be given a badge again.")
def ca(config_path: Path, directory: Path, anew: bool) -> None:
    """Make the certificate by which terminals know the centre's server over the network. Once, at set-up."""
    centre = load_centre(config_path)
    from queue_server.store.certificates import make_authority

    with ending_in_words():
        make_authority(directory, centre.id, anew=anew)
    click.echo(
        f"The server of {directory} has its certificate. Start it with --host 0.0.0.0; terminals come to "
        "wss://, with badges that are made from now on (walkin device add)."
    )


@click.group()
def device() -> None:
    """The terminals that belong to the centre. On the server's machine, while it runs or not."""


@device.command()
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--desk", default=None, help="With --role counsellor: the desk at which it stands.")
@click.option(
    "--server",
    "server",
    default="ws://127.0.0.1:8765",
    show_default=True,
    callback=server_address,
    help="Address at which it finds the server.",
)
@click.option(
    "--badge",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="File for its badge: a secret, to be brought to the terminal and nowhere else.",
)
@config_option
@data_option
def add(
    name: str, role: str, desk: str | None, server: str, badge: Path, config_path: Path, directory: Path
) -> None:
    """Let the server know a terminal called NAME, and write the badge with which it comes."""
    from queue_server.devices import unfit

    if not is_safe(server):
        fail(f"{server}: over a network lines are encrypted. Say wss://…", EXIT_CONFIG)
    if badge.exists():
        fail(f"{badge} is there already. Take another file.", EXIT_CONFIG)
    device, centre = named(name, role, desk), load_centre(config_path)
    refusal = unfit(device, centre)
    if refusal is not None:
        fail(f"{config_path}: {SENTENCES[refusal]}", EXIT_CONFIG)
    with ending_in_words():
        settle(directory, centre, config_path)
        [made] = asyncio.run(enrol(directory, [device], server))
        write_badge(made, badge)
    click.echo(f"{name} belongs to the centre. Bring {badge} to it: walkin {role} --badge FILE")


def named(name: str, role: str, desk: str | None) -> "Device":
    """What was typed, or an end with what is wrong with it."""
    import msgspec

    from queue_server.devices import Device

    try:
        return msgspec.convert({"name": name, "role": role, "desk": desk}, Device)
    except msgspec.ValidationError:
        fail(
            f"A terminal cannot be called {name!r}"
            + (f" at desk {desk!r}" if desk else "")
            + ": small letters a to z, digits and hyphens. For example kiosk-1.",
            EXIT_CONFIG,
        )


@device.command("list")
@data_option
@json_option
def list_devices(directory: Path, as_json: bool) -> None:
    """Every terminal that belongs to the centre, and when it was last seen."""
    import msgspec

    with ending_in_words():
        found = asyncio.run(enrolled(there(directory)))
    if as_json:
        rows = [
            {**msgspec.to_builtins(one.device), "since": one.since, "seen_at": one.seen_at} for one in found
        ]
        click.echo(msgspec.json.format(msgspec.json.encode(rows)).decode())
        return
    for one in found:
        place = f"desk {one.device.desk}" if one.device.desk else ""
        seen = f"seen {one.seen_at.astimezone():%Y-%m-%d %H:%M}" if one.seen_at else "never seen"
        click.echo(f"{one.device.name:<24} {one.device.role.value:<12} {place:<10} {seen}".rstrip())
    if not found:
        click.echo(f"No terminal belongs to the centre of {directory} yet: walkin device add.", err=True)


async def enrolled(directory: Path) -> "list[Enrolled]":
    """Every device of this data directory; as `opened`."""
    async with opened(directory) as registry:
        return list((await registry.members()).devices)


@device.command()
@click.argument("names", nargs=-1, required=True)
@data_option
def remove(names: tuple[str, ...], directory: Path) -> None:
    """Let terminals in no more: their badges are worth nothing from now on, and their lines end."""
    with ending_in_words():
        unknown = asyncio.run(dismiss(there(directory), names))
    if unknown:
        fail(
            f"No terminal of the centre is called {', '.join(unknown)}: see walkin device list.", EXIT_REFUSED
        )
