"""Our server without whoever plays its queue on: what forecasting costs is the difference."""

import asyncio
import gc
import sys
from pathlib import Path

import structlog

from config.load import load
from queue_server.app import serve_house
from queue_server.clock import Clock
from queue_server.store.house import House


def _say(url: str) -> None:
    gc.collect()
    gc.freeze()  # as the other one does
    print(f"blind ready on {url}", flush=True)


async def main(config: Path, data: Path) -> None:
    """Serve this centre until killed."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    centre, house = load(config), House(data)
    house.lock()
    await serve_house(centre, house, Clock(centre.timezone), ("127.0.0.1", 0), asyncio.Event(), _say)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2])))
