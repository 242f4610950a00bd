"""The centre's own certificate authority: what its terminals trust, and nothing else does.

Terminals know the server by this authority alone, not by its address, which may change.
"""

import ssl
from pathlib import Path

from queue_server.store.house import AUTHORITY, CERTIFICATE, KEY, TRUST


class AuthorityError(Exception):
    """The centre's certificates cannot be made or used; the sentence says what to do."""


def authority_of(directory: Path) -> str:
    """What terminals trust, as PEM; AuthorityError: it was never made, or cannot be read."""
    try:
        return (directory / AUTHORITY).read_text(encoding="ascii")
    except FileNotFoundError:
        raise AuthorityError(
            f"{directory} has no certificate yet, and over a network terminals come encrypted only: make "
            "it once, with walkin ca."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise AuthorityError(f"{directory / AUTHORITY} cannot be read: {error}. {_ANEW}") from error


def certificate_of(directory: Path) -> bytes:
    """The server's own, DER: what a line to it carries; AuthorityError."""
    try:
        return ssl.PEM_cert_to_DER_cert((directory / CERTIFICATE).read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        raise AuthorityError(f"{directory / CERTIFICATE} cannot be read: {error}. {_ANEW}") from error


_ANEW = "Put it back from a copy, or make a new one (walkin ca --anew): all terminals then need new badges."


def server_context(directory: Path) -> ssl.SSLContext:
    """How the server proves that it is the centre's; AuthorityError."""
    authority_of(directory)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    try:
        context.load_cert_chain(directory / CERTIFICATE, directory / KEY)
    except (OSError, ssl.SSLError) as error:
        raise AuthorityError(
            f"The certificate in {directory / TRUST} cannot be used: {error}. {_ANEW}"
        ) from error
    return context
