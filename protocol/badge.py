"""What a terminal is known by: a secret of its own, given to it once and kept where only it can read it."""

import hashlib
import secrets
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from protocol.codec import unquoted
from protocol.discretion import hidden
from protocol.ids import END, DeskId, DeviceName, Role
from protocol.whole import write_whole

TOKEN_BYTES = 32
"""256 bits at random: nobody guesses one, and a plain digest of it is safe to keep."""
Token = Annotated[
    str, Meta(pattern=rf"^[A-Za-z0-9_-]{{43}}{END}", description="a device's secret, base64url")
]
Address = Annotated[str, Meta(max_length=255)]


class BadgeError(Exception):
    """A badge cannot be used; the sentence says what to do."""


class Badge(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One terminal's, with what it is and where its server is."""

    device: DeviceName
    role: Role
    desk: DeskId | None = None
    """Where a counsellor's terminal stands."""
    token: Token
    server: Address = ""
    """Of the queue server that knows it; empty: whoever uses the badge says which."""
    authority: Annotated[str, Meta(max_length=4000)] = ""
    """The centre's own (PEM): a server without its certificate is another one. Empty: it is here."""

    def __repr__(self) -> str:
        return hidden(self, "token")


def new_token() -> Token:
    """A secret that nobody has had before."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest_of(token: str) -> bytes:
    """What a server keeps of a device's secret: enough to know it again, nothing that could be used."""
    return hashlib.sha256(token.encode()).digest()


def read_badge(path: Path) -> Badge:
    """The badge in this file; BadgeError, FileNotFoundError: this terminal has none yet."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Badge)
    except FileNotFoundError:
        raise
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadgeError(
            f"The badge of this terminal, {path}, cannot be used: {unquoted(error)}. Check the disk and "
            "who may read it, or remove it and have another one made."
        ) from error


def write_badge(badge: Badge, path: Path) -> None:
    """Keep it, durably, for the owner of this account alone; BadgeError."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(path, msgspec.json.format(msgspec.json.encode(badge), indent=1) + b"\n")
    except OSError as error:
        raise BadgeError(
            f"The badge cannot be written to {path}: {error.strerror}. Free the disk, or check who may write "
            "there."
        ) from error
