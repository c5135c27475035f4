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
    Migration(
        2,
        "records",
        """
        -- One row. seq counts puts, deletes and sweeps; cleared is the seq at which rows were last removed or replaced.
        CREATE TABLE record_state (seq INTEGER NOT NULL, cleared INTEGER NOT NULL);
        INSERT INTO record_state VALUES (0, 0);

        -- A record is found by its space, a JSON list of segments, and its name; seq is when it was last put.
        CREATE TABLE record (
            seq INTEGER PRIMARY KEY,
            space TEXT NOT NULL,
            name TEXT NOT NULL,
            body TEXT NOT NULL,
            created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL,
            lifetime INTEGER,
            expires_at TEXT,
            UNIQUE (space, name)
        );
        CREATE INDEX record_space ON record (space, expires_at);
        CREATE INDEX record_expires_at ON record (expires_at) WHERE expires_at IS NOT NULL;

        -- What a record is found by; the vector is NULL until the embedder that the store has moved to makes it anew.
        CREATE TABLE record_text (
            record INTEGER NOT NULL REFERENCES record,
            number INTEGER NOT NULL,
            text TEXT NOT NULL,
            vector BLOB,
            PRIMARY KEY (record, number)
        ) WITHOUT ROWID;
        """,
    ),
    Migration(
        3,
        "leases of pending work, ledger",
        """
        -- Who is learning it now, and until when (microseconds, UTC) nobody else does; NULL when nobody is.
        ALTER TABLE pending ADD COLUMN owner TEXT;
        ALTER TABLE pending ADD COLUMN until INTEGER;
        CREATE INDEX pending_attempts ON pending (attempts, partition, position);
        CREATE INDEX pending_owner ON pending (owner) WHERE owner NOT NULL;

        -- What the words would cost in a prompt. Messages from before this step are taken at four characters a token.
        ALTER TABLE message ADD COLUMN tokens INTEGER;
        ALTER TABLE partition ADD COLUMN tokens INTEGER NOT NULL DEFAULT 0;
        UPDATE partition SET tokens=
            (SELECT coalesce(sum((length(m.content) + 3) / 4), 0) FROM message AS m WHERE m.partition=partition.id);

        CREATE TABLE ledger (
            partition INTEGER NOT NULL REFERENCES partition,
            number INTEGER NOT NULL,
            at TEXT NOT NULL,
            kind TEXT NOT NULL,
            calls INTEGER NOT NULL,
            input_tokens INTEGER NOT NULL,
            output_tokens INTEGER NOT NULL,
            cached_tokens INTEGER NOT NULL,
            embedding_tokens INTEGER NOT NULL,
            injected_tokens INTEGER NOT NULL,
            history_tokens INTEGER NOT NULL,
            history_cached_tokens INTEGER NOT NULL,
            PRIMARY KEY (partition, number)
        ) WITHOUT ROWID;
        """,
    ),
    Migration(
        4,
        "quarantine",
        """
        -- Statements of a model that grounding refused, by the first message that they were said to rest on.
        CREATE TABLE quarantine (
            partition INTEGER NOT NULL REFERENCES partition,
            position INTEGER NOT NULL,
            number INTEGER NOT NULL,
            text TEXT NOT NULL,
            reason TEXT NOT NULL,
            extractor TEXT NOT NULL,
            at TEXT NOT NULL,
            PRIMARY KEY (partition, position, number)
        ) WITHOUT ROWID;
        """,
    ),
    Migration(
        5,
        "a message that waits is one page less to write",
        """
        -- Nearly all that waits was never tried, and stands in order without an index.
        DROP INDEX pending_attempts;
        CREATE INDEX pending_tried ON pending (attempts, partition, position) WHERE attempts>0;
        """,
    ),
)
