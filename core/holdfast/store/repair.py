"""Mends what `inspect` finds: what is derived is derived anew, and what was said is never deleted."""

from datetime import datetime, timezone

import apsw

from holdfast.store.inspection import broken_evidence, unsearchable
from holdfast.store.rows import FACT_COLUMNS, read_fact
from holdfast.store.writing import insert_change
from holdfast.types import Change

__all__ = ["mend"]

_BY = "check"

# Each statement leaves the rows that the next ones rest on in order; journal rows are only ever added to.
_STRAYS = (
    """INSERT INTO partition (id, user_id) SELECT DISTINCT partition, 'recovered-' || partition FROM message
    WHERE partition NOT IN (SELECT id FROM partition)""",
    *(
        f"DELETE FROM {table} WHERE partition NOT IN (SELECT id FROM partition)"
        for table in ("pending", "key", "fact", "change", "quarantine", "ledger")
    ),
    """DELETE FROM quarantine AS q WHERE NOT EXISTS
    (SELECT 1 FROM message AS m WHERE m.partition=q.partition AND m.position=q.position)""",
    """DELETE FROM pending AS w WHERE NOT EXISTS
    (SELECT 1 FROM message AS m WHERE m.partition=w.partition AND m.position=w.position)""",
    """DELETE FROM key AS k WHERE NOT EXISTS
    (SELECT 1 FROM message AS m WHERE m.partition=k.partition AND m.position=k.position)""",
    """DELETE FROM key AS k WHERE fact NOT NULL AND NOT EXISTS
    (SELECT 1 FROM fact AS f WHERE f.partition=k.partition AND f.id=k.fact)""",
    """UPDATE fact AS f SET superseded_by=NULL WHERE superseded_by NOT NULL AND NOT EXISTS
    (SELECT 1 FROM fact AS s WHERE s.partition=f.partition AND s.id=f.superseded_by) AND NOT EXISTS
    (SELECT 1 FROM change AS c WHERE c.partition=f.partition AND c.fact=f.superseded_by AND c.kind='deleted')""",
    "DELETE FROM record_text WHERE record NOT IN (SELECT seq FROM record)",
    # The next search of its space embeds a text without a vector anew.
    """UPDATE record_text SET vector=NULL WHERE length(vector) <>
    (SELECT length(vector) FROM record_text GROUP BY length(vector) ORDER BY count(*) DESC LIMIT 1)""",
)

_RELEARNT = (
    # Messages whose keys are no keys, and those whose facts have none.
    """SELECT partition, position FROM key WHERE length(terms) % 4 OR length(vector) <>
    (SELECT length(vector) FROM key GROUP BY length(vector) ORDER BY count(*) DESC LIMIT 1)""",
    """SELECT m.partition, m.position FROM fact AS f, json_each(f.evidence) AS span
    JOIN message AS m ON m.partition=f.partition AND m.id=json_extract(span.value, '$.message_id')
    WHERE NOT EXISTS (SELECT 1 FROM key AS k WHERE k.partition=f.partition AND k.fact=f.id)""",
)

_HIGHEST = """max(p.id<<32, (SELECT ifnull(max(seq), 0) FROM key WHERE partition=p.id),
    (SELECT ifnull(max(seq), 0) FROM fact WHERE partition=p.id),
    (SELECT ifnull(max(seq), 0) FROM change WHERE partition=p.id))"""


def mend(db: apsw.Connection) -> int:
    """Mend the store inside a transaction; return how many rows that took."""
    before = db.total_changes()
    if db.execute("PRAGMA integrity_check").get != "ok":
        db.execute("REINDEX")
    for statement in _STRAYS:
        db.execute(statement)
    _retire_unfounded(db)
    for query in (*_RELEARNT, None):
        found = db.execute(query).fetchall() if query else [(part, place) for part, place, _ in unsearchable(db)]
        for partition, position in set(found):
            db.execute(
                "DELETE FROM key INDEXED BY key_position WHERE partition=? AND position=?", (partition, position)
            )
            db.execute("INSERT OR IGNORE INTO pending (partition, position) VALUES (?,?)", (partition, position))
    mended = db.total_changes() - before
    db.execute(f"UPDATE partition AS p SET seq={_HIGHEST} WHERE seq<{_HIGHEST}")
    mended += db.changes()
    behind = "SELECT max(seq) FROM record"
    db.execute(f"UPDATE record_state SET seq=({behind}) WHERE seq<({behind})")
    mended += db.changes()
    # A sequence number that no reader can have seen: each reads everything again.
    db.execute("UPDATE partition SET seq=seq+1, cleared=seq+1")
    db.execute("UPDATE record_state SET seq=seq+1, cleared=seq+1")
    return mended


def _retire_unfounded(db: apsw.Connection) -> None:
    """Take facts whose words are not in the journal out, into the history."""
    unfounded = {(partition, fact): message for partition, fact, message in broken_evidence(db)}
    for (partition, fact_id), message in unfounded.items():
        user = str(db.execute("SELECT user_id FROM partition WHERE id=?", (partition,)).get)
        row = db.execute(f"SELECT {FACT_COLUMNS} FROM fact WHERE partition=? AND id=?", (partition, fact_id)).fetchone()
        assert row is not None
        fact = read_fact(user, row)
        highest = f"SELECT max(p.seq, {_HIGHEST}) FROM partition AS p WHERE id=?"
        seq = int(db.execute(highest, (partition,)).get) + 1
        db.execute("UPDATE partition SET seq=? WHERE id=?", (seq, partition))
        reason = f"rested on words that message {message} does not hold"
        now = datetime.now(timezone.utc)
        insert_change(
            db,
            partition,
            seq,
            Change(f"{_BY}-{fact_id}", now, "deleted", fact_id, fact, None, reason, _BY, fact.evidence),
        )
        db.execute("DELETE FROM key INDEXED BY key_fact WHERE partition=? AND fact=?", (partition, fact_id))
        db.execute("DELETE FROM fact WHERE partition=? AND id=?", (partition, fact_id))
