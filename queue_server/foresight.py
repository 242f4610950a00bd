"""A process of its own in which the queue is played on: it never takes the server's time to answer.

Questions come on standard input and answers go to standard output, each as a frame: four bytes of length,
then MessagePack. It ends when the server does, however that ends.
"""

import os
import sys
from contextlib import suppress
from typing import BinaryIO

import msgspec

from queue_server.forecast.outlook import Question, outlook

LENGTH_BYTES = 4
FRAME_MAX = 4 * 1024 * 1024
"""Bytes of a question or an answer: two hundred who wait, and a thousand past cycles of each field."""
NICENESS = 10
"""Whoever answers visitors goes first on a small machine."""


def framed(body: bytes) -> bytes:
    """A body behind its length."""
    assert len(body) <= FRAME_MAX, f"a frame of {len(body)} bytes"
    return len(body).to_bytes(LENGTH_BYTES, "big") + body


def answer_all(questions: BinaryIO, answers: BinaryIO) -> None:
    """Answer every question until there are no more."""
    basis = None
    while head := questions.read(LENGTH_BYTES):
        question = msgspec.msgpack.decode(questions.read(int.from_bytes(head, "big")), type=Question)
        basis = question.basis or basis
        assert basis is not None, "the first question says what holds for the day"
        answers.write(framed(msgspec.msgpack.encode(outlook(question, basis))))
        answers.flush()


def main() -> None:
    """Serve the server that has started this."""
    with suppress(OSError):  # a machine may forbid even that
        os.nice(NICENESS)
    answer_all(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
