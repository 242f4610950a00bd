"""A bare websockets server: echoes each frame; one that starts with `fan` goes to everybody else at once."""

import asyncio

from websockets.asyncio.server import ServerConnection, broadcast, serve


async def main() -> None:
    everybody: set[ServerConnection] = set()

    async def handle(connection: ServerConnection) -> None:
        everybody.add(connection)
        try:
            async for frame in connection:
                text = frame if isinstance(frame, str) else frame.decode()
                if text.startswith("fan"):
                    broadcast(everybody - {connection}, text)
                else:
                    await connection.send(text)
        finally:
            everybody.discard(connection)

    async with serve(handle, "127.0.0.1", 0, compression=None, max_size=2**20) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        print(f"bare server ready on ws://127.0.0.1:{port}", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
