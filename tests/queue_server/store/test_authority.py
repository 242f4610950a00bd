"""The centre's own authority: its terminals know its server by it, and by nothing else."""

import ssl
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509

from queue_server.store.authority import AuthorityError, authority_of, server_context
from queue_server.store.certificates import make_authority
from queue_server.store.house import AUTHORITY, CERTIFICATE, KEY, TRUST


def certificate(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def test_what_was_made_can_be_used_and_is_for_the_server_s_account_alone(tmp_path: Path) -> None:
    make_authority(tmp_path, "smallville", anew=False)
    assert "BEGIN CERTIFICATE" in authority_of(tmp_path)
    assert server_context(tmp_path).minimum_version is ssl.TLSVersion.TLSv1_3
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / TRUST).iterdir()} == {0o600}
    assert stat.S_IMODE((tmp_path / TRUST).stat().st_mode) == 0o700


def test_nothing_of_it_ever_expires_or_has_not_begun(tmp_path: Path) -> None:
    make_authority(tmp_path, "smallville", anew=False)
    for name in (AUTHORITY, CERTIFICATE):
        one = certificate(tmp_path / name)
        assert one.not_valid_before_utc == datetime(1970, 1, 1, tzinfo=UTC)
        assert one.not_valid_after_utc.year == 9999


def test_the_authority_can_vouch_for_a_queue_server_and_for_nothing_else_in_the_world(tmp_path: Path) -> None:
    make_authority(tmp_path, "smallville", anew=False)
    names = certificate(tmp_path / AUTHORITY).extensions.get_extension_for_class(x509.NameConstraints)
    assert names.critical
    assert names.value.permitted_subtrees == [x509.DNSName("walkin")]


def test_the_key_of_the_authority_is_kept_nowhere(tmp_path: Path) -> None:
    make_authority(tmp_path, "smallville", anew=False)
    assert {path.name for path in (tmp_path / TRUST).iterdir()} == {
        "authority.pem",
        "server.pem",
        "server.key",
    }


def test_a_second_one_does_not_take_its_place_unless_it_is_said(tmp_path: Path) -> None:
    make_authority(tmp_path, "smallville", anew=False)
    before = authority_of(tmp_path)
    with pytest.raises(AuthorityError, match="nothing was changed"):
        make_authority(tmp_path, "smallville", anew=False)
    assert authority_of(tmp_path) == before
    make_authority(tmp_path, "smallville", anew=True)
    assert authority_of(tmp_path) != before
    server_context(tmp_path)


def test_without_one_the_server_says_how_it_is_made(tmp_path: Path) -> None:
    with pytest.raises(AuthorityError, match="walkin ca"):
        server_context(tmp_path)


@pytest.mark.parametrize("name", [CERTIFICATE, KEY])
def test_a_certificate_that_is_damaged_or_gone_is_named_with_what_to_do(tmp_path: Path, name: str) -> None:
    make_authority(tmp_path, "smallville", anew=False)
    (tmp_path / name).write_bytes(b"no certificate")
    with pytest.raises(AuthorityError, match=r"cannot be used.*--anew"):
        server_context(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(AuthorityError, match=r"cannot be used.*--anew"):
        server_context(tmp_path)
