"""How the list of slips came to be as it is; each step is recorded in the transaction that makes it."""

from sqlite_utils import Database, Migrations

spool_migrations = Migrations("spool")

_SPOOL = (
    """
    CREATE TABLE job (
        id INTEGER PRIMARY KEY,
        day TEXT NOT NULL,
        ticket TEXT NOT NULL,
        copy INTEGER NOT NULL,
        printer TEXT NOT NULL,
        slip TEXT NOT NULL,
        state TEXT NOT NULL
            CHECK (state IN ('queued', 'sending', 'unknown', 'printed', 'offered', 'dropped')),
        reason TEXT,
        wanted INTEGER NOT NULL DEFAULT 1,
        cuts_before INTEGER,
        resolves INTEGER NOT NULL DEFAULT 0,
        told INTEGER NOT NULL DEFAULT 1,
        UNIQUE (day, ticket, copy)
    ) STRICT
    """,
    "CREATE INDEX job_open ON job (printer, id) WHERE state IN ('queued', 'sending', 'unknown')",
    "CREATE INDEX job_untold ON job (id) WHERE told = 0",
    """
    CREATE TABLE printer (
        name TEXT PRIMARY KEY,
        level TEXT,
        next_id INTEGER NOT NULL DEFAULT 0,
        torn INTEGER NOT NULL DEFAULT 0
    ) STRICT
    """,
)


@spool_migrations()
def create_spool(db: Database) -> None:
    """Jobs, and what is known of printers."""
    for statement in _SPOOL:
        db.execute(statement)


@spool_migrations()
def note_when_and_where(db: Database) -> None:
    """When a slip was sent (POSIX seconds), and the printer it was ordered at if it was handed on."""
    db.execute("ALTER TABLE job ADD COLUMN sent_at REAL")
    db.execute("ALTER TABLE job ADD COLUMN home TEXT")


@spool_migrations()
def note_when_on(db: Database) -> None:
    """After which instant the printer was surely on counts, not when the slip was sent."""
    if "sent_at" in db["job"].columns_dict:  # some files were made with the new name
        db.execute("ALTER TABLE job RENAME COLUMN sent_at TO on_at")


@spool_migrations()
def prove_slips(db: Database) -> None:
    """A number that changes with any bit of a slip: what is printed is what was ordered."""
    db.execute("ALTER TABLE job ADD COLUMN proof INTEGER")
