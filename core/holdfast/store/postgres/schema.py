"""The schema on PostgreSQL, step by step. A step that was released never changes; a new one is appended.

Every table of users begins its primary key and its indexes with `user_id`, is spread by its hash over native
partitions, and lets a session read only the user that it names (`SET LOCAL holdfast.user_id`). Texts of any length are
found by a digest of eight bytes, since an index entry of PostgreSQL has an end; the text itself is compared too.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

__all__ = ["MIGRATIONS", "PARTITIONS", "RECORDS", "TABLES", "Migration", "statements"]

PARTITIONS = 16
"""Hash partitions of each table: each keeps its indexes small and is vacuumed alone."""

_OWN = "user_id = current_setting('holdfast.user_id', true)"
_OWN_OR_ALL = f"{_OWN} OR current_setting('holdfast.scope', true) = 'all'"


# What an application files by itself is no user's: these tables are small beside the others, and lie together.
_RECORDS = (
    "CREATE TABLE holdfast.record_state (seq bigint NOT NULL, cleared bigint NOT NULL)",
    "INSERT INTO holdfast.record_state VALUES (0, 0)",
    """CREATE TABLE holdfast.record (
        seq bigint PRIMARY KEY,
        space text COLLATE "C" NOT NULL,
        name text NOT NULL,
        body text NOT NULL,
        created_at text COLLATE "C" NOT NULL,
        updated_at text COLLATE "C" NOT NULL,
        expires_at text COLLATE "C",
        lifetime bigint,
        pair_digest bigint NOT NULL
    )""",
    "CREATE INDEX record_pair ON holdfast.record (pair_digest)",
    "CREATE INDEX record_space ON holdfast.record (space)",
    "CREATE INDEX record_expires_at ON holdfast.record (expires_at) WHERE expires_at IS NOT NULL",
    """CREATE TABLE holdfast.record_text (
        record bigint NOT NULL REFERENCES holdfast.record ON DELETE CASCADE,
        number integer NOT NULL,
        text text NOT NULL,
        vector {vector},
        PRIMARY KEY (record, number)
    )""",
)


@dataclass(frozen=True, slots=True)
class Migration:
    """One step: its number, what it is for, new tables of users by name, and what else to do.

    Args:
        version: Counts from 1.
        name: What it is for.
        tables: Columns and constraints after `user_id`; `{vector}` stands for the type of vectors.
        then: Statements that follow; `{vector}` as in `tables`.
        seen_whole: Tables without words of users, which a session that says so may read for all of them at once.
    """

    version: int
    name: str
    tables: Mapping[str, str] = field(default_factory=dict[str, str])
    then: tuple[str, ...] = ()
    seen_whole: frozenset[str] = frozenset()


MIGRATIONS = (
    Migration(
        1,
        "journal, keys, facts, changes, quarantine, ledger, records",
        {
            # seq and cleared are those of docs/storage.md. Both begin at a multiple of 2^32 that is given once: a user
            # who was forgotten and comes back begins beyond all that another node may remember.
            "partition": """
                seq bigint NOT NULL,
                cleared bigint NOT NULL,
                tokens bigint NOT NULL DEFAULT 0,
                PRIMARY KEY (user_id)
            """,
            # moment is said_at in microseconds, UTC.
            "message": """
                position integer NOT NULL,
                id text NOT NULL,
                session text,
                agent text,
                role text NOT NULL,
                name text,
                content text NOT NULL,
                said_at text NOT NULL,
                metadata text NOT NULL,
                raw text,
                tokens integer NOT NULL,
                moment bigint NOT NULL,
                id_digest bigint NOT NULL,
                session_digest bigint,
                PRIMARY KEY (user_id, position)
            """,
            "pending": """
                position integer NOT NULL,
                attempts integer NOT NULL DEFAULT 0,
                reason text,
                owner text,
                until bigint,
                PRIMARY KEY (user_id, position)
            """,
            "key": """
                seq bigint NOT NULL,
                position integer NOT NULL,
                kind text NOT NULL,
                text text,
                start integer NOT NULL,
                "end" integer NOT NULL,
                flags text NOT NULL,
                fact text COLLATE "C",
                terms bytea NOT NULL,
                vector {vector} NOT NULL,
                PRIMARY KEY (user_id, seq)
            """,
            "fact": """
                id text COLLATE "C" NOT NULL,
                seq bigint NOT NULL,
                born bigint NOT NULL,
                text text NOT NULL,
                kind text NOT NULL,
                category text NOT NULL,
                subject text NOT NULL,
                slot text,
                value text,
                polarity text NOT NULL,
                entities text NOT NULL,
                event text,
                said_at text NOT NULL,
                valid_from text NOT NULL,
                valid_to text,
                superseded_by text,
                reason text,
                confidence text NOT NULL,
                flags text NOT NULL,
                evidence text NOT NULL,
                extractor text NOT NULL,
                session text,
                agent text,
                metadata text NOT NULL,
                slot_digest bigint,
                text_digest bigint NOT NULL,
                PRIMARY KEY (user_id, id)
            """,
            "change": """
                seq bigint NOT NULL,
                id text NOT NULL,
                at text COLLATE "C" NOT NULL,
                kind text NOT NULL,
                fact text COLLATE "C" NOT NULL,
                before text,
                after text,
                reason text NOT NULL,
                "by" text NOT NULL,
                evidence text NOT NULL,
                undoes text,
                position integer NOT NULL,
                PRIMARY KEY (user_id, seq)
            """,
            "quarantine": """
                position integer NOT NULL,
                number bigint NOT NULL DEFAULT nextval('holdfast.number'),
                text text NOT NULL,
                reason text NOT NULL,
                extractor text NOT NULL,
                at text NOT NULL,
                PRIMARY KEY (user_id, position, number)
            """,
            "ledger": """
                number bigint NOT NULL DEFAULT nextval('holdfast.number'),
                at text COLLATE "C" NOT NULL,
                kind text NOT NULL,
                calls bigint NOT NULL,
                input_tokens bigint NOT NULL,
                output_tokens bigint NOT NULL,
                cached_tokens bigint NOT NULL,
                embedding_tokens bigint NOT NULL,
                injected_tokens bigint NOT NULL,
                history_tokens bigint NOT NULL,
                history_cached_tokens bigint NOT NULL,
                PRIMARY KEY (user_id, number)
            """,
        },
        (
            "CREATE INDEX message_id ON holdfast.message (user_id, id_digest)",
            "CREATE INDEX message_session ON holdfast.message (user_id, session_digest, position)",
            "CREATE INDEX message_moment ON holdfast.message (user_id, moment)",
            "CREATE INDEX key_position ON holdfast.key (user_id, position)",
            "CREATE INDEX key_fact ON holdfast.key (user_id, fact) WHERE fact IS NOT NULL",
            "CREATE INDEX fact_seq ON holdfast.fact (user_id, seq)",
            "CREATE INDEX fact_slot ON holdfast.fact (user_id, slot_digest) WHERE slot_digest IS NOT NULL",
            "CREATE INDEX fact_text ON holdfast.fact (user_id, text_digest)",
            "CREATE INDEX change_fact ON holdfast.change (user_id, fact, seq)",
            *_RECORDS,
        ),
        frozenset({"partition", "pending", "ledger"}),
    ),
)

RECORDS = ("record_text", "record", "record_state")
"""The tables that hold what an application files by itself."""

TABLES = tuple(table for step in MIGRATIONS for table in step.tables)
"""The tables that hold what is a user's."""

_BEFORE_ALL = (
    "CREATE SCHEMA holdfast",
    "CREATE TABLE holdfast.meta (name text PRIMARY KEY, value text NOT NULL)",
    """CREATE TABLE holdfast.migration (
        version integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now()
    )""",
    "CREATE SEQUENCE holdfast.epoch",
    "CREATE SEQUENCE holdfast.number",
)


def statements(step: Migration, *, vector: str, partitions: int) -> Iterator[str]:
    """Return the SQL of one step.

    Args:
        step: Which.
        vector: The type that keeps float16 vectors (`halfvec`), or the widest that the server has.
        partitions: Hash partitions of each new table; 0 for plain tables, which a distributed PostgreSQL spreads.
    """
    if step.version == 1:
        yield from _BEFORE_ALL
    for table, columns in step.tables.items():
        name = f"holdfast.{table}"
        spread = " PARTITION BY HASH (user_id)" if partitions else ""
        yield f'CREATE TABLE {name} (user_id text COLLATE "C" NOT NULL, {columns.format(vector=vector)}){spread}'
        for number in range(partitions):
            part = f"{name}_{number}"
            yield f"CREATE TABLE {part} PARTITION OF {name} FOR VALUES WITH (MODULUS {partitions}, REMAINDER {number})"
            # Nothing is granted on a part, and who owns it still meets a wall without a door.
            yield from _walled(part)
        yield from _walled(name)
        policy = _OWN_OR_ALL if table in step.seen_whole else _OWN
        yield f"CREATE POLICY own ON {name} USING ({policy}) WITH CHECK ({_OWN})"
    for statement in step.then:
        yield statement.format(vector=vector)


def _walled(table: str) -> Iterator[str]:
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
