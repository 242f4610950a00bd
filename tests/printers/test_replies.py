import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from printers.replies import BLOCK_BYTES_MAX, Automatic, Block, Plain, RealTime, Replies, Status

SAID: list[tuple[bytes, RealTime | Automatic | Block | Plain]] = [
    (b"\x16", RealTime(0x16)),
    (b"\x12", RealTime(0x12)),
    (b"\x14\x00\x0f\x0f", Automatic(b"\x14\x00\x0f\x0f")),
    (b"\x37\x22!!!!\x00", Block(b"\x37\x22!!!!")),
    (b"\x37\x25\x00", Block(b"\x37\x25")),
    (b"\x5f120\x00", Block(b"\x5f120")),
    (b"\x03", Plain(3)),
    (b"\x00", Plain(0)),
]


@settings(deadline=None)
@given(st.lists(st.sampled_from(SAID), max_size=8), st.data())
def test_replies_are_told_apart_however_the_network_cuts_them(
    said: list[tuple[bytes, RealTime | Automatic | Block | Plain]], cuts: st.DataObject
) -> None:
    words = b"".join(one for one, _ in said)
    heard = Replies()
    found: list[object] = []
    while words:
        length = cuts.draw(st.integers(1, len(words)))
        found += heard.feed(words[:length])
        words = words[length:]
    assert found == [reply for _, reply in said]


@settings(deadline=None)
@given(st.binary(max_size=2000))
def test_noise_is_survived(noise: bytes) -> None:
    heard = Replies()
    heard.feed(noise)
    found = heard.feed(b"\x00" * (BLOCK_BYTES_MAX + 4) + b"\x37\x22!!!!\x00")
    assert found[-1] == Block(b"\x37\x22!!!!")


def test_a_block_longer_than_any_printer_sends_is_noise_however_it_comes() -> None:
    for longer in (-1, 0, 1, 90):
        sent = b"\x5f" + b"!" * (BLOCK_BYTES_MAX - 1 + longer) + b"\x00"
        slowly = Replies()
        replies = [reply for byte in sent for reply in slowly.feed(bytes((byte,)))]
        assert Replies().feed(sent) == replies
        assert any(isinstance(reply, Block) for reply in replies) is (longer <= 0)


def test_flow_control_is_no_reply() -> None:
    assert Replies().feed(b"\x11\x13\x16") == [RealTime(0x16)]


@pytest.mark.parametrize("fine", [0x12, 0x16])
def test_a_printer_is_well_whatever_its_drawer_says(fine: int) -> None:
    status = Status(fine, 0x12, 0x12, 0x12)
    assert not any((status.offline, status.cover_open, status.paper_out, status.paper_low, status.in_error))


def test_low_paper_is_not_yet_no_paper() -> None:
    low = Status(0x16, 0x12, 0x12, 0x1E)
    assert low.paper_low
    assert not low.paper_out
    assert Status(0x1E, 0x32, 0x12, 0x7E).paper_out
