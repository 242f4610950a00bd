"""Whom a terminal believes: the one authority of its centre, whatever else this machine trusts."""

import ssl
from ipaddress import ip_address
from urllib.parse import urlsplit

SERVER_NAME = "walkin"
"""The name in every centre's certificate: its address may change, and is no proof of anything."""


def pinned(authority: str) -> ssl.SSLContext:
    """Lines to servers with a certificate of this authority (PEM) alone; ValueError: it is none."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    try:
        context.load_verify_locations(cadata=authority)
    except (ssl.SSLError, ValueError) as error:
        raise ValueError(f"it names no certificate authority ({error})") from error
    return context


def is_here(host: str) -> bool:
    """Whether a name or address is this machine's own, which no other can be heard on."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def is_safe(url: str) -> bool:
    """Whether a line to this address can be overheard by nobody: it is encrypted, or stays in the machine."""
    parts = urlsplit(url)
    return parts.scheme == "wss" or is_here(parts.hostname or "")
