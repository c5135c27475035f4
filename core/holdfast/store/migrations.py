"""The schema, step by step. A step that was released never changes; a new one is appended."""

from dataclasses import dataclass

__all__ = ["APPLICATION_ID", "MIGRATIONS", "Migration"]

APPLICATION_ID = 0x48_46_53_54
"""`HFST` in the file's header tells a holdfast store from any other SQLite file."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step: its number, what it is for, and SQL statements that run in one transaction."""

    version: int
    name: str
    sql: str


MIGRATIONS = (
    Migration(
        1,
        "journal, keys, facts, changes",
        """
        CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

        CREATE TABLE migration (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL);

        -- seq counts every key and every state of a fact; a reader asks for what came after the seq that it knows.
        -- cleared is the seq at which rows were removed last: whoever knows less reads everything again.
        -- Both begin at id * 2^32, and ids are never used twice: a user who was forgotten and comes back begins beyond
        -- every seq that another process may still remember.
        CREATE TABLE partition (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            user_id TEXT NOT NULL UNIQUE,
            seq INTEGER NOT NULL DEFAULT 0,
            cleared INTEGER NOT NULL DEFAULT 0
        );

        CREATE TABLE message (
            partition INTEGER NOT NULL REFERENCES partition,
            position INTEGER NOT NULL,
            id TEXT NOT NULL,
            session TEXT,
            agent TEXT,
            role TEXT NOT NULL,
            name TEXT,
            content TEXT NOT NULL,
            said_at TEXT NOT NULL,
            metadata TEXT NOT NULL,
            raw TEXT,
            PRIMARY KEY (partition, position)
        ) WITHOUT ROWID;
        CREATE UNIQUE INDEX message_id ON message (partition, id);
        CREATE INDEX message_session ON message (partition, session, position);
        CREATE INDEX message_said_at ON message (partition, unixepoch(said_at));

        -- Only what is not extracted yet stands here: the queue is empty when all is well.
        CREATE TABLE pending (
            partition INTEGER NOT NULL REFERENCES partition,
            position INTEGER NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0,
            reason TEXT,
            PRIMARY KEY (partition, position)
        ) WITHOUT ROWID;

        CREATE TABLE key (
            partition INTEGER NOT NULL REFERENCES partition,
            seq INTEGER NOT NULL,
            position INTEGER NOT NULL,
            kind TEXT NOT NULL,
            text TEXT,
            start INTEGER NOT NULL,
            "end" INTEGER NOT NULL,
            flags TEXT NOT NULL,
            fact TEXT,
            terms BLOB NOT NULL,
            vector BLOB NOT NULL,
            PRIMARY KEY (partition, seq)
        ) WITHOUT ROWID;
        CREATE INDEX key_position ON key (partition, position);
        CREATE INDEX key_fact ON key (partition, fact) WHERE fact IS NOT NULL;

        -- seq is when the row was last written, born when the fact was first known: their order among equal times.
        CREATE TABLE fact (
            partition INTEGER NOT NULL REFERENCES partition,
            id TEXT NOT NULL,
            seq INTEGER NOT NULL,
            born INTEGER NOT NULL,
            text TEXT NOT NULL,
            kind TEXT NOT NULL,
            category TEXT NOT NULL,
            subject TEXT NOT NULL,
            slot TEXT,
            value TEXT,
            polarity TEXT NOT NULL,
            entities TEXT NOT NULL,
            event TEXT,
            said_at TEXT NOT NULL,
            valid_from TEXT NOT NULL,
            valid_to TEXT,
            superseded_by TEXT,
            reason TEXT,
            confidence TEXT NOT NULL,
            flags TEXT NOT NULL,
            evidence TEXT NOT NULL,
            extractor TEXT NOT NULL,
            session TEXT,
            agent TEXT,
            metadata TEXT NOT NULL,
            PRIMARY KEY (partition, id)
        ) WITHOUT ROWID;
        CREATE INDEX fact_seq ON fact (partition, seq);
        CREATE INDEX fact_slot ON fact (partition, slot) WHERE slot IS NOT NULL;
        CREATE INDEX fact_text ON fact (partition, lower(text));

        CREATE TABLE change (
            partition INTEGER NOT NULL REFERENCES partition,
            seq INTEGER NOT NULL,
            id TEXT NOT NULL,
            at TEXT NOT NULL,
            kind TEXT NOT NULL,
            fact TEXT NOT NULL,
            before TEXT,
            after TEXT,
            reason TEXT NOT NULL,
            "by" TEXT NOT NULL,
            evidence TEXT NOT NULL,
            undoes TEXT,
            position INTEGER NOT NULL,
            PRIMARY KEY (partition, seq)
        ) WITHOUT ROWID;
        CREATE INDEX change_fact ON change (partition, fact, seq);
        """,
    ),
)
