"""A badge is a secret of one terminal: kept where only it can read it, and told nowhere."""

import stat
from pathlib import Path

import pytest
from support.badges import badge

from protocol.badge import Badge, BadgeError, digest_of, new_token, read_badge, write_badge
from protocol.ids import Role

OWN = badge(Role.COUNSELLOR, "desk-7", "7")


def test_a_badge_is_read_as_it_was_written_and_by_the_owner_of_the_account_alone(tmp_path: Path) -> None:
    path = tmp_path / "state" / "counsellor.badge"
    write_badge(OWN, path)
    assert read_badge(path) == OWN
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_no_two_terminals_get_the_same_secret_of_256_bits() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(Badge(device="kiosk-1", role=Role.KIOSK, token=token) for token in tokens)
    assert {len(token) for token in tokens} == {43}


def test_what_a_server_keeps_of_a_secret_is_not_the_secret() -> None:
    assert OWN.token.encode() not in digest_of(OWN.token)
    assert digest_of(OWN.token) != digest_of(badge(Role.KIOSK, "kiosk-1").token)


def test_a_badge_that_comes_into_a_log_or_an_error_does_not_tell_its_secret() -> None:
    for said in (repr(OWN), str(OWN), f"{OWN}", f"{[OWN]!r}"):
        assert OWN.token not in said
        assert "desk-7" in said


@pytest.mark.parametrize(
    "words",
    [
        b"",
        b"{}",
        b"\xff",
        b'{"device":"kiosk-1","role":"kiosk","token":"short"}',
        b'{"device":"kiosk-1","role":"king","token":"' + b"x" * 43 + b'"}',
        b'{"device":"kiosk-1","role":"kiosk","token":"' + b"x" * 43 + b'","name":"Jean"}',
    ],
)
def test_a_file_that_is_no_badge_is_named_with_what_to_do(tmp_path: Path, words: bytes) -> None:
    path = tmp_path / "kiosk.badge"
    path.write_bytes(words)
    with pytest.raises(BadgeError, match=r"kiosk\.badge, cannot be used.*have another one made"):
        read_badge(path)


def test_a_badge_that_cannot_be_kept_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BadgeError, match="cannot be written"):
        write_badge(OWN, tmp_path / "file" / "kiosk.badge")
