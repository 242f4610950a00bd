"""A crowd in the doorway, in a process of its own: lines that say these words and no more, over and over."""

import asyncio
import sys

OPENED_AT_ONCE = 50
WORDS = {
    "silent": b"",
    "slow": b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ",
    "garbage": bytes(range(256)) * 8,
}


async def _stand(port: int, words: bytes, number: int, opening: asyncio.Semaphore) -> None:
    """One line after the other, from an address that few others have."""
    host = f"127.1.{1 + number // 200}.{1 + number % 200}"
    while True:
        try:
            async with opening:
                reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(host, 0))
            writer.write(words)
            await reader.read()
            writer.transport.abort()
        except OSError:
            await asyncio.sleep(0.1)


async def main(port: int, words: bytes, count: int) -> None:
    """Until killed."""
    opening = asyncio.Semaphore(OPENED_AT_ONCE)
    async with asyncio.TaskGroup() as tasks:
        for number in range(count):
            tasks.create_task(_stand(port, words, number, opening))
        await asyncio.sleep(1)
        print(f"crowd ready on port {port}", flush=True)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), WORDS[sys.argv[2]], int(sys.argv[3])))
