"""Counts and deletes days in a process that may be killed: `python -m reliability.counted DIRECTORY DAY`."""

import asyncio
import sys
from pathlib import Path

from reliability.past import CENTRE

from config.load import load
from queue_server.closing import Closing
from queue_server.log_port import LogError
from queue_server.store.house import House

NEVER_ENDED = "it has not ended"
"""Of one day that is left as it is: only a server ends it."""

if __name__ == "__main__":
    try:
        asyncio.run(Closing(load(CENTRE), House(Path(sys.argv[1]))).close_days(sys.argv[2], deleting=True))
    except LogError as error:
        if NEVER_ENDED not in str(error):
            raise
