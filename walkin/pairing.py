"""For the console of the running server: let a terminal in by the code that it shows."""

import asyncio
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from protocol.envelope import Accepted, Refused, Request
from protocol.ids import Role
from protocol.orders import ALPHABET, AnyOrder, ClosePairing, OpenPairing, PairDevice
from protocol.refusals import SENTENCES, RefusalCode
from walkin.devices import ending_in_words, named, opened, settle, there
from walkin.ending import EXIT_CONFIG, EXIT_REFUSED, fail, load_centre
from walkin.options import config_option, data_option

if TYPE_CHECKING:
    from queue_server.devices import Device

ANSWER_TIMEOUT_S = 15.0
"""A running server looks each second, and waits three for each of two answers of a terminal, in turn."""
LOOK_S = 0.2
TYPED_AGAIN = frozenset({RefusalCode.WRONG_CODE, RefusalCode.TERMINAL_GONE})
"""Another try may help."""


class NoServerError(Exception):
    """Nobody answers: no server of this directory is running."""


async def ask(directory: Path, order: AnyOrder) -> Accepted | Refused:
    """What the running server of this directory answers; NoServerError, and as `opened`."""
    from protocol.codec import decode_from_server, encode

    request_id = secrets.token_urlsafe(16)
    async with opened(directory) as registry:
        await registry.ask(request_id, encode(Request(request_id, order)))
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT_S):
                while (frame := await registry.answered(request_id)) is None:  # noqa: ASYNC110 - another process
                    await asyncio.sleep(LOOK_S)
        except TimeoutError:
            raise NoServerError(
                f"No server answers for {directory}: pairing is done by the running server. Start it "
                "(walkin server), or give its directory with --data."
            ) from None
        finally:
            await registry.withdraw(request_id)
    answer = decode_from_server(frame)
    assert isinstance(answer, Accepted | Refused), "a server answers what it is asked"
    return answer


@click.command()
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--desk", default=None, help="With --role counsellor: the desk at which it stands.")
@config_option
@data_option
def pair(name: str, role: str, desk: str | None, config_path: Path, directory: Path) -> None:
    """Let in the terminal that shows a code (walkin terminal), as NAME: asks for the code."""
    from queue_server.devices import unfit

    device, centre = named(name, role, desk), load_centre(config_path)
    refusal = unfit(device, centre)
    if refusal is not None:
        fail(f"{config_path}: {SENTENCES[refusal]}", EXIT_CONFIG)
    with ending_in_words():
        settle(there(directory), centre, config_path)
        click.echo(f"Waiting for the server of {directory} …", err=True)
        try:
            asyncio.run(ask(directory, OpenPairing()))
            try:
                answer = _typed(directory, device)
            finally:
                asyncio.run(ask(directory, ClosePairing()))
        except NoServerError as error:
            fail(error, EXIT_REFUSED)
    if isinstance(answer, Refused):
        fail(answer.detail, EXIT_REFUSED)
    click.echo(f"{name} belongs to the centre.")


def _typed(directory: Path, device: "Device") -> Accepted | Refused:
    """The server's answer to the codes that somebody types, until one is right or none is taken any more."""
    click.echo("On the terminal: walkin terminal --server wss://… ; it shows a code of eight letters.")
    while True:
        code = click.prompt("Code").strip()
        try:
            order = msgspec.convert(
                {
                    "type": "pair_device",
                    "code": code,
                    "device": device.name,
                    "role": device.role,
                    "desk": device.desk,
                },
                PairDevice,
            )
        except msgspec.ValidationError:
            click.echo(f"That is no code: eight letters of {ALPHABET}.", err=True)
            continue
        answer = asyncio.run(ask(directory, order))
        if isinstance(answer, Accepted) or answer.code not in TYPED_AGAIN:
            return answer
        click.echo(answer.detail, err=True)
