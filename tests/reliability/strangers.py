"""Strangers: bytes that nobody means, and crowds at the door that never say who they are."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path

from fuzzing.targets import SEEDS, TARGETS
from reliability.crowd import Paced, came_true, in_percent, percentile_ms, played
from reliability.launch import launched
from reliability.lives import memory_kb, told_to_end
from reliability.load import FIELDS, at_work, check, days, free_port, issue, open_day
from reliability.trial import Trial
from support.badges import badge
from support.servers import ServerProcess, stranger
from websockets.exceptions import ConnectionClosed

from protocol.client import QueueClient
from protocol.ids import Role

FRAMES = {"from_terminal": 5_000, "from_server": 2_500, "from_newcomer": 2_500}
"""What a line brings, and how many of each are tried in one try."""
OTHERS = 50
"""Of all else that strangers write or plug in: a centre's file takes as long as a thousand frames."""
NOISE, NOISE_BYTES_MAX = 0.1, 600
"""So often the bytes are any at all."""
CHANGES_MAX, PIECE_BYTES_MAX = 4, 8
BABBLE = 100
"""Frames of a terminal that is known and out of its mind."""

CROWD = 500
"""As many lines at a time, twice as many as may stand in the doorway: who is put out comes again."""
REST_S = 1.0
CROWD_S = 30.0
"""In so long all of them have come once, however busy the machine is."""
HALF = b"GET / HTTP/1.1\r\nHost: walkin\r\nX: "
WHOLE = b"GET / HTTP/1.1\r\nHost: walkin\r\n\r\n"
COMINGS = 20
COME_SHARE, COME_MS, COME_TIMES = 0.9, 500, 4
"""Nine in ten terminals are in and answered within so long, or so many times as long as without strangers."""
LEFT_S = 10.0
"""From the last of the crowd until nothing is left of it: 3 s for a handshake, and a busy machine."""
GROWN_KB_MAX = 20 * 1024
COME = "ms in which nine in ten terminals came in beside them"
BESIDE = "% of what it took without them, in the same try"
LINES = "lines of strangers"


def bytes_of_strangers(seed: int, _: Path) -> Counter[str]:
    """Each place where bytes come in takes some thousands, nearly right or not at all."""
    dice, met = random.Random(seed), Counter[str]()
    for name, takes in TARGETS.items():
        times = FRAMES.get(name, OTHERS)
        for _number in range(times):
            words = spoiled(dice, SEEDS[name])
            try:
                takes(words)
            except Exception as error:
                raise AssertionError(f"{name}: {words!r}: {type(error).__name__}: {error}") from error
        met["frames" if name in FRAMES else "files, headers, codes and replies"] += times
    return met


def spoiled(dice: random.Random, seeds: Sequence[bytes]) -> bytes:
    """One of these with some bytes gone, others in their place, or pieces twice; now and then just noise."""
    if dice.random() < NOISE:
        return dice.randbytes(dice.randrange(NOISE_BYTES_MAX))
    words = bytearray(dice.choice(seeds))
    for _ in range(dice.randint(1, CHANGES_MAX)):
        at = dice.randint(0, len(words))
        end = at + dice.randint(0, PIECE_BYTES_MAX)
        twice = bytes(words[at:end] * 2)
        words[at:end] = dice.choice((dice.randbytes(dice.randint(0, PIECE_BYTES_MAX)), twice))
    return bytes(words)


def at_the_door(seed: int, directory: Path) -> Counter[str]:
    """Hundreds open lines and say nothing, half of it, or nobody's name, again and again."""
    return played(_at_the_door(random.Random(seed), directory))


async def _at_the_door(dice: random.Random, directory: Path) -> Counter[str]:
    port, load, guests, met = free_port(), Paced(), Paced(), Counter[str]()
    url = f"ws://127.0.0.1:{port}"
    async with launched(directory, port) as server:
        await server.ready()
        await open_day(url)
        async with at_work(load, url) as finish:
            alone_s = await _comings(url, guests, "before")
            files, held_kb = _open_files(server), memory_kb(server, "VmRSS")
            async with asyncio.TaskGroup() as tasks:
                says = (b"", HALF, WHOLE)
                crowd = [tasks.create_task(_come(port, says[n % len(says)], met)) for n in range(CROWD)]
                assert await came_true(lambda: met[LINES] >= CROWD, CROWD_S), f"{met[LINES]} came"
                beside_s = await _comings(url, guests, "beside")
                met["frames of a terminal out of its mind"] += await _babble(url, dice)
                for one in crowd:
                    one.cancel()
            gone = await came_true(lambda: _open_files(server) <= files, LEFT_S)
            assert gone, f"{_open_files(server)} open files, {files} before"
            grown_kb = memory_kb(server, "VmRSS") - held_kb
            await finish()
        await told_to_end(server)
    check(load.answers | guests.answers, await days(directory))
    assert grown_kb < GROWN_KB_MAX, f"the server grew by {grown_kb} kB"
    was_ms, is_ms = percentile_ms(alone_s, COME_SHARE), percentile_ms(beside_s, COME_SHARE)
    most_ms = max(COME_MS, COME_TIMES * was_ms)
    assert is_ms <= most_ms, f"one in ten terminals comes in after {is_ms} ms and more, {was_ms} alone"
    met["answers"] = len(load.answers) + len(guests.answers)
    return met + Counter({COME: is_ms, BESIDE: in_percent(is_ms, was_ms)})


async def _come(port: int, says: bytes, met: Counter[str]) -> None:
    """Open a line and say this, byte by byte, until put out; then again, until cancelled."""
    while True:
        with suppress(OSError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            met[LINES] += 1
            try:
                for number in count():
                    writer.write(WHOLE if says is WHOLE else says[number : number + 1])
                    with suppress(TimeoutError):
                        async with asyncio.timeout(REST_S):
                            if not await reader.read(4096):
                                break
            finally:
                writer.transport.abort()
        await asyncio.sleep(REST_S)


async def _comings(url: str, guests: Paced, when: str) -> list[float]:
    """How long (s) it takes a terminal to come in and be answered, again and again."""
    took_s = []
    for number in range(COMINGS):
        await asyncio.sleep(0.1)
        began = time.perf_counter()
        async with QueueClient(url, badge(Role.KIOSK, "kiosk-2")) as guest:
            await super(Paced, guests).ask(guest, f"guest-{when}-{number:08d}", issue(FIELDS[0]))
            took_s.append(time.perf_counter() - began)
    return took_s


async def _babble(url: str, dice: random.Random) -> int:
    """A terminal that is known says frames that are nearly right; how many."""
    left = [spoiled(dice, SEEDS["from_terminal"]) for _ in range(BABBLE)]
    while left:
        with suppress(ConnectionClosed):
            async with stranger(url, badge(Role.BOARD, "board-3").token) as line:
                while left:
                    await line.connection.send(left.pop(), text=True)
                    await line.connection.ping()
    return BABBLE


def _open_files(server: ServerProcess) -> int:
    return len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))


TRIALS = (
    Trial(
        name="strangers' bytes",
        one_try=f"{sum(FRAMES.values()):,} frames, nearly right or not at all, are read as a server and as "
        f"terminals read them, and {OTHERS} each of files, headers, codes, proofs and printers' replies.",
        never="an error that is not the reader's own; a frame that is read and written as another.",
        gate=2,
        night=100,
        play=bytes_of_strangers,
        meets=("frames",),
    ),
    Trial(
        name="strangers at the door",
        one_try=f"{CROWD} strangers at a time open lines and say nothing, half a handshake byte by byte, or"
        " nobody's name, and come again when they are put out; a known terminal talks nonsense; others work.",
        never="an answer that is not on disk; a server that ends, keeps a line of them 10 s after the last,"
        f" or grows by 20 MB; one terminal in ten that comes in later than both {COME_MS} ms and {COME_TIMES}"
        " times what it took without them, in the same try.",
        gate=1,
        night=50,
        play=at_the_door,
        meets=(LINES, "answers", "frames of a terminal out of its mind"),
    ),
)
