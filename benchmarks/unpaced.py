"""Our program with no limit on the messages of one terminal: here one kiosk asks as much as forty."""

from queue_server import server
from walkin.cli import main

if __name__ == "__main__":
    server.MESSAGES_PER_S = 1e9
    main(prog_name="walkin")
