"""Whatever strangers send, write or plug in: each place where it comes in lets out no error but its own."""

import pytest
from fuzzing.targets import SEEDS, TARGETS
from hypothesis import example, given, settings
from hypothesis import strategies as st

each_target = pytest.mark.parametrize("target", TARGETS)


@st.composite
def nearly(draw: st.DrawFn, seeds: list[bytes]) -> bytes:
    """One of the seeds with some bytes gone, others in their place, or pieces twice."""
    words = bytearray(draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(words)))
        end = at + draw(st.integers(0, 8))
        words[at:end] = draw(st.one_of(st.binary(max_size=8), st.just(bytes(words[at:end] * 2))))
    return bytes(words)


@each_target
def test_seeds_are_taken(target: str) -> None:
    for seed in SEEDS[target]:
        TARGETS[target](seed)


@each_target
def test_any_bytes_are_survived(target: str) -> None:
    @settings(deadline=None, max_examples=60)
    @given(st.binary(max_size=600))
    @example(b"[" * 100_000)
    @example(b'{"type":' * 20_000)
    @example(b"a=" + b"[" * 100_000)
    @example(b"a=" + b"{b=" * 50_000)
    @example(b"9" * 10_000)
    def survives(words: bytes) -> None:
        TARGETS[target](words)

    survives()


@each_target
def test_what_is_nearly_right_is_survived(target: str) -> None:
    @settings(deadline=None, max_examples=60)
    @given(nearly(SEEDS[target]))
    def survives(words: bytes) -> None:
        TARGETS[target](words)

    survives()
