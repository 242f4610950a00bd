"""A printer at this machine: a serial line, or a USB printer, each a device file. No thread waits for it."""

import asyncio
import contextlib
import errno
import fcntl
import os
import stat
import sys
import termios
from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import partial

from config.model import SerialLine
from printers.link import (
    CONNECT_TIMEOUT_S,
    DRAIN_TIMEOUT_S,
    READ_BYTES_MAX,
    WRITE_TIMEOUT_S,
    LinkLost,
    TellingStalls,
    Unreachable,
    nobody_told,
)

SENT_LOOK_MIN_S = 0.002
SENT_LOOK_MAX_S = 0.05
"""The kernel does not say when a line's last byte has left; it is looked at this often."""
EMPTY_PAUSE_S = 0.05
"""USB printers answer "nothing to say" with empty packets, as fast as they are asked."""
PARITIES = {"none": "N", "even": "E", "odd": "O"}
"""As pyserial calls them."""


class DeviceLink(ABC):
    """An open device file: one task may write while another reads."""

    def __init__(self, fd: int, path: str) -> None:
        """Takes over the file: non-blocking, and locked against other programs."""
        self._fd: int | None = fd
        self._path = path
        self._left = 0
        self.on_stall: Callable[[], object] = nobody_told
        self._waiting: set[asyncio.Future[None]] = set()
        self._closing: asyncio.Future[None] | None = None

    async def write(self, words: bytes) -> None:
        """Hands the bytes over and sees them leave; LinkLost when nobody reads for WRITE_TIMEOUT_S."""
        try:
            self._left = len(words)
            async with asyncio.timeout(WRITE_TIMEOUT_S + self._time_for(len(words))):
                with TellingStalls(self._still_here, self.on_stall):
                    while self._left:
                        self._left -= await self.put(words[-self._left :])
                    await self._sent()
        except TimeoutError as error:
            self.abort()
            raise LinkLost(
                f"the printer at {self._path} has stopped reading: look whether it is on and has paper"
            ) from error

    async def put(self, words: bytes) -> int:
        """Hands over what fits now, at least one byte, and says how many; waits without end; LinkLost."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                return os.write(self._file(), words)
            except BlockingIOError:
                await self._ready(loop.add_writer, loop.remove_writer)
            except OSError as error:
                raise self._lost(error) from error

    async def read(self) -> bytes:
        """The next bytes from the printer; LinkLost when its device is gone."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                heard = os.read(self._file(), READ_BYTES_MAX)
            except BlockingIOError:
                await self._ready(loop.add_reader, loop.remove_reader)
            except OSError as error:
                raise self._lost(error) from error
            else:
                if heard:
                    return heard
                await self._empty()

    async def close(self) -> None:
        """Lets everything written leave, for DRAIN_TIMEOUT_S at most, then closes."""
        if self._closing is None:
            try:
                async with asyncio.timeout(DRAIN_TIMEOUT_S):
                    await self._sent()
            except (OSError, LinkLost):
                self._flush()
            finally:
                closing = self._let_go()
        else:
            closing = self._closing
        await asyncio.wait({closing}, timeout=DRAIN_TIMEOUT_S)

    def abort(self) -> None:
        """Closes at once: what waits in the kernel for the printer is thrown away."""
        if self._closing is None:
            self._flush()
            self._let_go()

    def _still_here(self) -> int:
        """Bytes of a write that have not left for the printer, as far as is known."""
        try:
            return self._left + self._unsent()
        except LinkLost:
            return self._left  # the write itself comes upon it

    @abstractmethod
    def _unsent(self) -> int:
        """Bytes that the kernel has not sent, as far as it says; LinkLost."""

    @abstractmethod
    async def _sent(self) -> None:
        """Waits until the printer has taken everything; LinkLost."""

    @abstractmethod
    async def _empty(self) -> None:
        """The device was readable and gave nothing; LinkLost when that is its end."""

    @abstractmethod
    def _flush(self) -> None:
        """Throws away what has not left."""

    @abstractmethod
    def _time_for(self, count: int) -> float:
        """How long the wire itself takes for so many bytes, in seconds."""

    async def _ready(
        self, add: Callable[[int, Callable[[], None]], object], remove: Callable[[int], object]
    ) -> None:
        fd = self._file()
        ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(ready)
        try:
            add(fd, partial(_wake, ready))
            await ready
        except OSError as error:
            raise self._lost(error) from error
        finally:
            self._waiting.discard(ready)
            if fd == self._fd:
                remove(fd)
        self._file()  # given up meanwhile

    def _let_go(self) -> asyncio.Future[None]:
        """Closes the file in a thread: the kernel may hold a stalled line's close for 30 s."""
        loop = asyncio.get_running_loop()
        fd = self._file()
        self._fd = None
        loop.remove_reader(fd)
        loop.remove_writer(fd)
        for ready in self._waiting:
            _wake(ready)
        self._closing = loop.run_in_executor(None, _release, fd)
        return self._closing

    def _file(self) -> int:
        if self._fd is None:
            raise LinkLost(f"the link to the printer at {self._path} was closed")
        return self._fd

    def _lost(self, error: OSError) -> LinkLost:
        return LinkLost(f"the printer at {self._path} is gone: {error.strerror}")


class SerialLink(DeviceLink):
    """A serial line."""

    def __init__(self, fd: int, path: str, line: SerialLine) -> None:
        super().__init__(fd, path)
        bits = 1 + 8 + (line.parity != "none") + line.stop_bits
        self._byte_s = bits / line.baud

    async def _sent(self) -> None:
        """Nothing runs ahead in the kernel: a question to the printer is not kept waiting behind a slip."""
        while left := self._unsent():  # noqa: ASYNC110 - the kernel has no event for it
            await asyncio.sleep(min(max(left * self._byte_s, SENT_LOOK_MIN_S), SENT_LOOK_MAX_S))

    def _unsent(self) -> int:
        try:
            return int.from_bytes(fcntl.ioctl(self._file(), termios.TIOCOUTQ, bytes(4)), sys.byteorder)
        except OSError as error:
            raise self._lost(error) from error

    async def _empty(self) -> None:
        raise LinkLost(f"the printer's line {self._path} was hung up")

    def _flush(self) -> None:
        with contextlib.suppress(termios.error):
            termios.tcflush(self._file(), termios.TCIOFLUSH)

    def _time_for(self, count: int) -> float:
        return count * self._byte_s


class UsbLink(DeviceLink):
    """A USB printer. Its driver takes one write at a time, and drops an unfinished one at the close."""

    async def _sent(self) -> None:
        loop = asyncio.get_running_loop()
        await self._ready(loop.add_writer, loop.remove_writer)

    def _unsent(self) -> int:
        return 0

    async def _empty(self) -> None:
        await asyncio.sleep(EMPTY_PAUSE_S)

    def _flush(self) -> None:
        """The close itself drops what has not left."""

    def _time_for(self, count: int) -> float:  # noqa: ARG002 - faster than any slip
        return 0.0


async def open_serial(path: str, line: SerialLine) -> SerialLink:
    """The printer on this serial line, set as the line says; Unreachable when it cannot be had alone."""
    return SerialLink(await _opened(partial(_open_serial, path, line), path, "dialout"), path, line)


async def open_usb(path: str) -> UsbLink:
    """The USB printer with this device; Unreachable when it cannot be had alone."""
    return UsbLink(await _opened(partial(_open_usb, path), path, "lp"), path)


async def _opened(open_device: Callable[[], int], path: str, group: str) -> int:
    """Opens in a thread, since a driver may take its time; what comes too late is closed again."""
    opening = asyncio.get_running_loop().run_in_executor(None, open_device)
    try:
        async with asyncio.timeout(CONNECT_TIMEOUT_S):
            return await asyncio.shield(opening)
    except BaseException as error:
        opening.add_done_callback(_close_late)
        if isinstance(error, OSError | termios.error):
            raise Unreachable(_why_not(error, path, group)) from error
        raise


def _open_serial(path: str, line: SerialLine) -> int:
    from serial import Serial

    port = Serial(
        path,
        line.baud,
        parity=PARITIES[line.parity],
        stopbits=line.stop_bits,
        xonxoff=line.flow == "xon-xoff",
        rtscts=line.flow == "rts-cts",
        inter_byte_timeout=0,  # an empty read then means that the line is gone, and nothing else
        exclusive=True,
    )
    with contextlib.closing(port):
        fcntl.ioctl(port.fileno(), termios.TIOCEXCL)  # for programs that do not ask for the lock
        return os.dup(port.fileno())


def _open_usb(path: str) -> int:
    fd = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)
    try:
        _check_usb(fd, path)
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BaseException:
        os.close(fd)
        raise
    return fd


def _check_usb(fd: int, path: str) -> None:
    if os.isatty(fd):
        raise Unreachable(f"{path} is a serial line: give its line, baud = 19200 or to a bridge --baud 19200")
    if not stat.S_ISCHR(os.fstat(fd).st_mode):
        raise Unreachable(f"{path} is no device: give the printer's, for example /dev/usb/lp0")


def _why_not(error: OSError | termios.error, path: str, group: str) -> str:
    cause = error.__context__ if isinstance(error.__context__, termios.error) else error  # pyserial hides it
    match cause.args[0] if cause.args else None:
        case errno.ENOENT | errno.ENXIO | errno.ENODEV | errno.EIO:
            return f"no printer at {path}: check its cable and power, and the name of its device"
        case errno.EACCES | errno.EPERM:
            return f"no right to use {path}: add the account that runs this to the group {group}"
        case errno.EBUSY | errno.EAGAIN:
            return f"{path} is in use by another program: end that one, only one can print there"
        case errno.ENOTTY:
            return f"{path} is no serial line: leave its line out"
        case _:
            return f"the printer at {path} cannot be used: {str(error) or 'it does not answer'}"


def _wake(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)


def _release(fd: int) -> None:
    with contextlib.suppress(OSError):
        fcntl.ioctl(fd, termios.TIOCNXCL)
    with contextlib.suppress(OSError):
        os.close(fd)


def _close_late(opening: asyncio.Future[int]) -> None:
    if not opening.cancelled() and opening.exception() is None:
        os.close(opening.result())
