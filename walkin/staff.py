"""Commands for the server's own console: who of the team may sign in, and where. No terminal can do this."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from protocol.ids import Role, StaffId
from walkin.devices import TakenError, by_hand, ending_in_words, opened, settle, there
from walkin.ending import EXIT_CONFIG, EXIT_REFUSED, fail, load_centre
from walkin.options import config_option, data_option, json_option

if TYPE_CHECKING:
    from config.model import Centre
    from protocol.orders import Pin
    from queue_server.devices import Members
    from queue_server.people import Account

WORKS_AT = (Role.COUNSELLOR.value, Role.RECEPTION.value)
also_option = click.option(
    "--also",
    type=click.Choice(WORKS_AT),
    multiple=True,
    help="Works at this kind of terminal too: a counsellor who helps out at reception.",
)


@click.group()
def staff() -> None:
    """The people who sign in at the centre's terminals. On the server's machine, while it runs or not."""


def _team(centre: "Centre") -> dict[StaffId, tuple[str, Role]]:
    """Everybody in the centre's file: name, and where this person works."""
    return {member.id: (member.name, Role.COUNSELLOR) for member in centre.counsellors} | {
        member.id: (member.name, Role.RECEPTION) for member in centre.receptionists
    }


def _known(keys: Iterable[StaffId], centre: "Centre", config_path: Path) -> None:
    team = _team(centre)
    if strangers := [key for key in keys if key not in team]:
        fail(
            f"{config_path}: nobody there has the key {', '.join(strangers)}. Write [[counsellors]] or "
            "[[receptionists]] first.",
            EXIT_CONFIG,
        )


async def _accounts(
    pins: Mapping[StaffId, "Pin"], roles: Mapping[StaffId, frozenset[Role]], *, given: bool = True
) -> "list[Account]":
    """An account for each; `given`: the person has to choose another PIN."""
    from queue_server.people import Account
    from queue_server.pins import Pins

    reckoner, since = Pins(), datetime.now(UTC)
    digests = await asyncio.gather(*(reckoner.digest(pin) for pin in pins.values()))
    return [
        Account(staff=key, roles=roles[key], pin=digest, given=given, since=since)
        for key, digest in zip(pins, digests, strict=True)
    ]


def _make(directory: Path, roles: Mapping[StaffId, frozenset[Role]]) -> "dict[StaffId, Pin]":
    """Accounts for these people, and the PIN of each, which is nowhere else; ends if one has an account."""
    from queue_server.pins import new_pin

    pins = {key: new_pin() for key in roles}

    async def add() -> list[StaffId]:
        async with opened(directory) as registry:
            return await registry.add_staff(accounts, by_hand())

    accounts = asyncio.run(_accounts(pins, roles))
    if taken := asyncio.run(add()):
        fail(
            f"{', '.join(taken)}: has an account already. If the PIN is forgotten, or to work elsewhere too "
            "(--also): walkin staff reset.",
            EXIT_REFUSED,
        )
    return pins


def _tell(pins: "Mapping[StaffId, Pin]", centre: "Centre", *, as_json: bool) -> None:
    """The PINs, once: nobody can read them again."""
    team = _team(centre)
    if as_json:
        import msgspec

        rows = [{"staff": key, "name": team[key][0], "pin": pin} for key, pin in pins.items()]
        click.echo(msgspec.json.format(msgspec.json.encode(rows)).decode())
        return
    for key, pin in pins.items():
        click.echo(f"{key:<12} {team[key][0]:<30} PIN {pin}")
    click.echo(
        "Each is asked for a PIN of their own at the first sign-in. These are not shown again.", err=True
    )


@staff.command()
@click.argument("keys", nargs=-1, required=True)
@also_option
@config_option
@data_option
@json_option
def add(
    keys: tuple[str, ...], also: tuple[str, ...], config_path: Path, directory: Path, as_json: bool
) -> None:
    """Let these members of the team sign in. KEYS as in the centre's file; tells each one's first PIN."""
    centre = load_centre(config_path)
    _known(keys, centre, config_path)
    team = _team(centre)
    more = frozenset(map(Role, also))
    with ending_in_words():
        settle(directory, centre, config_path)
        pins = _make(directory, {key: more | {team[key][1]} for key in keys})
    _tell(pins, centre, as_json=as_json)


@staff.command(name="import")
@click.argument("roster", type=click.Path(path_type=Path))
@config_option
@data_option
@json_option
def import_(roster: Path, config_path: Path, directory: Path, as_json: bool) -> None:
    """Let everybody sign in who stands in ROSTER, a file of shifts (CSV: staff,day,from,to; or TOML)."""
    from config.problem import RosterError
    from config.roster_file import read_roster

    centre = load_centre(config_path)
    try:
        planned = read_roster(roster, centre).staff
    except RosterError as error:
        fail(error, EXIT_CONFIG)
    team = _team(centre)
    with ending_in_words():
        settle(directory, centre, config_path)
        known = {account.staff for account in asyncio.run(members(directory)).accounts}
        fresh = [key for key in planned if key not in known]
        pins = _make(directory, {key: frozenset({team[key][1]}) for key in fresh})
    if not pins:
        click.echo(f"Everybody in {roster} can sign in already.", err=True)
        return
    _tell(pins, centre, as_json=as_json)


@staff.command()
@click.argument("keys", nargs=-1, required=True)
@also_option
@config_option
@data_option
@json_option
def reset(
    keys: tuple[str, ...], also: tuple[str, ...], config_path: Path, directory: Path, as_json: bool
) -> None:
    """Give these people a new PIN, tell it once, and sign them out; they work where they did, or --also."""
    from queue_server.pins import new_pin

    centre = load_centre(config_path)
    _known(keys, centre, config_path)
    more = frozenset(map(Role, also))
    with ending_in_words():
        settle(there(directory), centre, config_path)
        roles = {one.staff: one.roles for one in asyncio.run(members(directory)).accounts}
        wanted = {key: more | roles[key] for key in keys if key in roles}
        pins = {key: new_pin() for key in wanted}
        accounts = asyncio.run(_accounts(pins, wanted))

        async def put() -> list[StaffId]:
            async with opened(directory) as registry:
                return await registry.reset(accounts, by_hand())

        unknown = [key for key in keys if key not in roles] or asyncio.run(put())
        if unknown:
            fail(f"{', '.join(unknown)}: has no account. Make one: walkin staff add.", EXIT_REFUSED)
    _tell(pins, centre, as_json=as_json)


@staff.command()
@click.argument("keys", nargs=-1, required=True)
@data_option
def remove(keys: tuple[str, ...], directory: Path) -> None:
    """Let these people sign in no more, and sign them out wherever they are."""

    async def drop() -> list[StaffId]:
        async with opened(directory) as registry:
            return await registry.remove_staff(keys, by_hand())

    with ending_in_words():
        there(directory)
        unknown = asyncio.run(drop())
    if unknown:
        fail(f"{', '.join(unknown)}: has no account, see walkin staff list.", EXIT_REFUSED)


@staff.command("list")
@data_option
@json_option
def list_staff(directory: Path, as_json: bool) -> None:
    """Who may sign in, at which kinds of terminals, and where each is now."""
    with ending_in_words():
        found = asyncio.run(members(there(directory)))
    at = {session.staff: session.device for session in found.sessions}
    if as_json:
        import msgspec

        rows = [
            {
                "staff": one.staff,
                "roles": sorted(one.roles),
                "own_pin": not one.given,
                "at": at.get(one.staff),
            }
            for one in found.accounts
        ]
        click.echo(msgspec.json.format(msgspec.json.encode(rows)).decode())
        return
    for one in found.accounts:
        pin = "first PIN" if one.given else "own PIN"
        place = f"at {at[one.staff]}" if one.staff in at else ""
        click.echo(f"{one.staff:<12} {', '.join(sorted(one.roles)):<24} {pin:<10} {place}".rstrip())
    if not found.accounts:
        click.echo(f"Nobody can sign in at {directory} yet: walkin staff add.", err=True)


async def members(directory: Path) -> "Members":
    """Devices and team of this data directory; as `opened`."""
    async with opened(directory) as registry:
        return await registry.members()


async def employ(directory: Path, roles: Mapping[StaffId, Role]) -> "dict[StaffId, Pin]":
    """Accounts for these people with PINs that they need not change; TakenError, and as `opened`.

    For a centre to try things on, whose people are programs.
    """
    from queue_server.pins import new_pin

    pins = {key: new_pin() for key in roles}
    accounts = await _accounts(pins, {key: frozenset({role}) for key, role in roles.items()}, given=False)
    async with opened(directory) as registry:
        if taken := await registry.add_staff(accounts, by_hand()):
            raise TakenError(
                f"{', '.join(taken)}: has an account there, whose PIN only this person knows. Take another "
                "directory."
            )
    return pins


async def let_go(directory: Path, keys: Iterable[StaffId]) -> None:
    """These people sign in no more; as `opened`."""
    async with opened(directory) as registry:
        await registry.remove_staff(tuple(keys), by_hand())
