"""A kiosk's file is whole, proves itself, and forgets nobody over an update."""

import os
import stat
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs

from kiosk.keep import InUseError, Keep
from kiosk.reserve import Given, Intake, Reserve
from protocol.envelope import HeldNumber

INTAKE = Intake(fields=("education", "mobility"), until_s=1000.0)
FIRST = Path(__file__).parent / "kept" / "1-without-a-digest.json"
"""As the first version wrote it, with its own code."""


def stocked() -> Reserve:
    numbers = tuple(
        HeldNumber(ticket=f"K90{n}", token="7K3F", token_url="https://x.example/") for n in (1, 2)
    )
    return Reserve(day="2026-09-15", free={"education": numbers})


def given_at(asked_s: float) -> Reserve:
    one = Given(
        ticket="K900",
        token_url="https://x.example/",
        field="education",
        languages=("fr",),
        screen_language="fr",
        asked_s=asked_s,
        id="redeem-000000000",
    )
    return replace(stocked(), given=(one,), left_out=(replace(one, ticket="K899"),))


@pytest.fixture
def keep(tmp_path: Path) -> Keep:
    return Keep(tmp_path / "state", "kiosk-1")


def test_what_is_kept_comes_back_and_is_for_this_account_alone(keep: Keep) -> None:
    assert keep.load() is None
    keep.save(given_at(1.0), INTAKE)
    kept = keep.load()
    assert kept is not None
    assert (kept.reserve, kept.intake) == (given_at(1.0), INTAKE)
    assert stat.S_IMODE(keep.path.stat().st_mode) == 0o600


@pytest.mark.parametrize("killed_in", ["fsync", "replace"])
def test_a_kiosk_killed_while_it_writes_has_what_it_had_before(
    keep: Keep, monkeypatch: pytest.MonkeyPatch, killed_in: str
) -> None:
    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    keep.save(stocked(), INTAKE)
    with monkeypatch.context() as patch:
        patch.setattr(*((os, "fsync") if killed_in == "fsync" else (Path, "replace")), killed)
        with pytest.raises(KeyboardInterrupt):
            keep.save(given_at(1.0), INTAKE)
    kept = Keep(keep.path.parent, "kiosk-1").load()
    assert kept is not None
    assert kept.reserve == stocked()


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]", b'{"kiosk":"kiosk-1"}', b'"K900"'])
def test_a_damaged_file_is_put_aside_and_the_kiosk_starts_without_numbers(keep: Keep, content: bytes) -> None:
    keep.path.parent.mkdir()
    keep.path.write_bytes(content)
    with capture_logs() as said:
        assert keep.load() is None
    assert [line["event"] for line in said] == ["numbers.damaged"]
    assert keep.path.with_suffix(".damaged").read_bytes() == content
    keep.save(stocked(), INTAKE)
    assert keep.load() is not None


def test_the_file_of_another_kiosk_is_not_used(keep: Keep) -> None:
    other = Keep(keep.path.parent, "kiosk-2")
    other.save(stocked(), INTAKE)
    other.path.rename(keep.path)
    with capture_logs() as said:
        assert keep.load() is None
    assert said[0]["why"] == "it belongs to kiosk-2"


def test_a_file_that_cannot_be_read_is_said_and_left_alone(keep: Keep) -> None:
    keep.path.mkdir(parents=True)
    with capture_logs() as said:
        assert keep.load() is None
    assert [line["event"] for line in said] == ["numbers.unreadable"]


def test_one_kiosk_of_a_name_has_the_numbers(keep: Keep) -> None:
    other = Keep(keep.path.parent, "kiosk-2")
    keep.lock()
    with pytest.raises(InUseError, match="kiosk-1 already runs"):
        Keep(keep.path.parent, "kiosk-1").lock()
    other.lock()
    for one in (keep, other):
        assert one._lock is not None
        one._lock.close()


def test_the_file_of_the_first_version_is_read_and_proves_itself_from_then_on(keep: Keep) -> None:
    keep.path.parent.mkdir()
    keep.path.write_bytes(FIRST.read_bytes())
    kept = keep.load()
    assert kept is not None
    assert [one.ticket for one in kept.reserve.given] == ["K900"]
    assert [number.ticket for number in kept.reserve.free["education"]] == ["K901", "K902"]
    assert kept.intake == Intake(fields=("education", "mobility"), until_s=1789488000.0)
    keep.save(kept.reserve, kept.intake)
    assert b"sha256" in keep.path.read_bytes()
    assert keep.load() == kept


def test_no_bit_of_the_file_can_change_unseen(keep: Keep) -> None:
    keep.save(given_at(1.0), INTAKE)
    whole = keep.path.read_bytes()
    for place in range(len(whole)):
        for bit in range(8):
            spoiled = bytearray(whole)
            spoiled[place] ^= 1 << bit
            keep.path.write_bytes(spoiled)
            with capture_logs():
                assert keep.load() is None, (place, bit)


def test_what_a_newer_program_wrote_besides_loses_nobody(keep: Keep) -> None:
    keep.path.parent.mkdir()
    later = msgspec.json.decode(FIRST.read_bytes()) | {"mood": "sunny"}
    later["reserve"]["weather"] = "fair"
    keep.path.write_bytes(msgspec.json.encode(later))
    found = keep.load()
    assert found is not None
    assert [one.ticket for one in found.reserve.given] == ["K900"]


def test_what_was_put_aside_is_forgotten_after_its_time_and_not_before(keep: Keep) -> None:
    aside = keep.path.with_suffix(".damaged")
    keep.forget_damaged(0.0)
    aside.parent.mkdir()
    aside.touch()
    at_s = aside.stat().st_mtime
    keep.forget_damaged(at_s)
    assert aside.exists()
    keep.forget_damaged(at_s + 1.0)
    assert not aside.exists()
