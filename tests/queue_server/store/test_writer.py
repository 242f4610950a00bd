"""The thread that works on one file: in order, and never asked in vain."""

import asyncio
import threading

import pytest
from structlog.testing import capture_logs

from queue_server.store import writer as module
from queue_server.store.writer import Writer


async def test_what_was_asked_is_done_in_order() -> None:
    writer, done = Writer("test"), list[int]()
    for number in range(3):
        await writer.do(lambda number=number: done.append(number))
    await writer.stop()
    assert done == [0, 1, 2]


async def test_to_ask_a_writer_that_was_stopped_is_a_mistake_and_no_wait_without_end() -> None:
    writer = Writer("test")
    await writer.stop()
    await writer.stop()
    with pytest.raises(AssertionError, match="never answer"):
        await writer.do(lambda: None)


async def test_work_that_nobody_waits_for_any_more_is_done_and_the_thread_goes_on() -> None:
    writer, door, done = Writer("test"), threading.Event(), list[int]()
    await asked_in_vain(writer, door)
    door.set()
    await writer.do(lambda: done.append(1))
    await writer.stop()
    assert done == [1]


async def asked_in_vain(writer: Writer, door: threading.Event) -> None:
    """The disk takes nothing until the door is opened."""
    asking = asyncio.ensure_future(writer.do(door.wait))
    await asyncio.sleep(0)
    asking.cancel()


async def test_others_go_on_while_a_stopped_writer_waits_for_a_disk_that_stalls() -> None:
    writer, door = Writer("test"), threading.Event()
    await asked_in_vain(writer, door)
    with capture_logs() as said:
        stopping = asyncio.create_task(writer.stop())
        await asyncio.sleep(0)
        door.set()  # by somebody who would never come to it if the wait held everybody up
        await stopping
    assert said == []


async def test_a_disk_that_does_not_come_back_is_not_waited_for_without_end_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "STOP_MAX_S", 0.0)
    writer, door = Writer("statistics"), threading.Event()
    await asked_in_vain(writer, door)
    with capture_logs() as said:
        await writer.stop()
    door.set()
    assert [(line["event"], line["file"]) for line in said] == [("writer.left", "statistics")]
