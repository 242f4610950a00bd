"""The thread that works on one file: in order, and never asked in vain."""

import asyncio
import threading

import pytest

from queue_server.store.writer import Writer


async def test_what_was_asked_is_done_in_order() -> None:
    writer, done = Writer("test"), list[int]()
    for number in range(3):
        await writer.do(lambda number=number: done.append(number))
    writer.stop()
    assert done == [0, 1, 2]


async def test_to_ask_a_writer_that_was_stopped_is_a_mistake_and_no_wait_without_end() -> None:
    writer = Writer("test")
    writer.stop()
    writer.stop()
    with pytest.raises(AssertionError, match="never answer"):
        await writer.do(lambda: None)


def test_work_that_nobody_waits_for_any_more_is_done_and_the_thread_goes_on() -> None:
    writer, door, done = Writer("test"), threading.Event(), list[int]()

    async def asked_in_vain() -> None:
        asking = asyncio.ensure_future(writer.do(door.wait))
        await asyncio.sleep(0)
        asking.cancel()

    asyncio.run(asked_in_vain())
    door.set()

    async def asked_again() -> None:
        await writer.do(lambda: done.append(1))

    asyncio.run(asked_again())
    writer.stop()
    assert done == [1]
