"""The table of the registry in which the console asks the running server, until it has read the answer."""

from sqlite_utils import Database

from protocol.ids import RequestId

ASKED_S = 30
"""What the console asks is asked for so long: not of a server that starts tomorrow."""
TABLE = """
    CREATE TABLE asked (
        id TEXT PRIMARY KEY,
        at_s INTEGER NOT NULL DEFAULT (CAST(strftime('%s', 'now') AS INTEGER)),
        request BLOB NOT NULL,
        answer BLOB
    ) STRICT, WITHOUT ROWID
"""


def ask(db: Database, request_id: RequestId, frame: bytes) -> None:
    """Put a question; those that nobody waits for any more go."""
    old = "DELETE FROM asked WHERE at_s < CAST(strftime('%s', 'now') AS INTEGER) - ?"
    db.conn.execute(old, (ASKED_S,))
    now = "INSERT INTO asked VALUES (?, CAST(strftime('%s', 'now') AS INTEGER), ?, NULL)"
    db.conn.execute(now, (request_id, frame))  # the first table of them knew no time of its own


def asked(db: Database) -> list[tuple[RequestId, bytes]]:
    """What is asked now and was not answered yet."""
    rows = db.conn.execute(
        "SELECT id, request FROM asked WHERE answer IS NULL "
        "AND at_s > CAST(strftime('%s', 'now') AS INTEGER) - ? ORDER BY id",
        (ASKED_S,),
    )
    return rows.fetchall()


def answer(db: Database, request_id: RequestId, frame: bytes) -> None:
    """Put the answer beside its question."""
    db.conn.execute("UPDATE asked SET answer = ? WHERE id = ?", (frame, request_id))


def answered(db: Database, request_id: RequestId) -> bytes | None:
    """The answer to this; none: not yet."""
    found = db.conn.execute("SELECT answer FROM asked WHERE id = ?", (request_id,)).fetchone()
    return found[0] if found else None


def withdraw(db: Database, request_id: RequestId) -> None:
    """Nobody waits for an answer to this any more."""
    db.conn.execute("DELETE FROM asked WHERE id = ?", (request_id,))
