"""Whoever prints what a program knows sees no secret."""

from protocol.badge import Badge
from protocol.ids import Role
from protocol.pairing import Paired


def test_whoever_prints_a_badge_or_what_carries_one_sees_no_secret() -> None:
    own = Badge(device="kiosk-1", role=Role.KIOSK, token="A" * 43)
    for said in (repr(own), str(own), f"{own}", repr(Paired(own)), repr({"badge": own})):
        assert own.token not in said
    assert "kiosk-1" in repr(own)
