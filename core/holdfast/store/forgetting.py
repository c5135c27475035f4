"""What forgetting takes out: a user, a session, or a fact with the words that it rests on."""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import apsw

from holdfast.protocols import FactQuery
from holdfast.store.books import recount
from holdfast.store.rows import CHANGE_COLUMNS, ERASED, dumps, read_change
from holdfast.store.unsaid import cleaned, lost_facts, without
from holdfast.store.writing import LISTED, insert_change, insert_fact, select_facts

__all__ = ["TABLES", "Removed", "positions_of_evidence", "positions_of_session", "remove_messages", "remove_user"]

TABLES = ("message", "pending", "key", "fact", "change", "quarantine", "ledger")

_TEXTS = {
    "message": ("content", "raw", "id", "session", "agent", "name", "metadata"),
    "key": ("text",),
    "fact": ("id", "text", "value", "reason"),
    "quarantine": ("text",),
    "change": ("json_extract(before, '$.text')", "json_extract(after, '$.text')", "reason"),
}


@dataclass
class Removed:
    """How many rows went, which words must be found nowhere now, and whose messages they were."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys((*TABLES, "partition"), 0))
    texts: list[str] = field(default_factory=list[str])
    ids: list[str] = field(default_factory=list[str])

    @property
    def digest(self) -> str:
        """SHA-256 of the message ids in order."""
        return hashlib.sha256("\n".join(self.ids).encode()).hexdigest()

    def take(self, db: apsw.Connection, table: str, condition: str, *values: int | str) -> None:
        """Delete rows and keep their words, to look for them."""
        self.read(db, table, condition, *values)
        db.execute(f"DELETE FROM {table} WHERE {condition}", values)
        self.counts[table] += db.changes()

    def read(self, db: apsw.Connection, table: str, condition: str, *values: int | str) -> None:
        """Keep the words of rows that are about to change."""
        for column in _TEXTS.get(table, ()):
            query = f"SELECT DISTINCT {column} FROM {table} WHERE {condition} AND {column} NOT NULL"
            self.texts.extend(str(text) for (text,) in db.execute(query, values))


def remove_user(db: apsw.Connection, user_id: str, partition: int) -> Removed:
    """Delete every row of a user."""
    removed = Removed(texts=[user_id])
    ids = db.execute("SELECT id FROM message WHERE partition=? ORDER BY position", (partition,))
    removed.ids.extend(id_ for (id_,) in ids)
    for table in TABLES:
        removed.take(db, table, "partition=?", partition)
    removed.take(db, "partition", "id=?", partition)
    return removed


def positions_of_session(db: apsw.Connection, partition: int, session: str | None) -> list[int]:
    """Return where the messages of a session stand."""
    query = (
        "SELECT position FROM message INDEXED BY message_session WHERE partition=? AND session IS ? ORDER BY position"
    )
    return [position for (position,) in db.execute(query, (partition, session))]


def positions_of_evidence(db: apsw.Connection, partition: int, fact_id: str) -> list[int] | None:
    """Return where the messages of a fact's evidence stand, a deleted one's too; None without such a fact."""
    query = """
        SELECT evidence FROM fact WHERE partition=?1 AND id=?2
        UNION ALL SELECT evidence FROM change WHERE partition=?1 AND fact=?2
    """
    found = [span["message_id"] for (spans,) in db.execute(query, (partition, fact_id)) for span in json.loads(spans)]
    if not found:
        return None
    query = f"SELECT position FROM message WHERE partition=? AND id IN {LISTED} ORDER BY position"
    return [position for (position,) in db.execute(query, (partition, dumps(found)))]


def remove_messages(
    db: apsw.Connection,
    user_id: str,
    partition: int,
    positions: Sequence[int],
    *,
    facts: Collection[str] = (),
    keep_rows: bool = False,
) -> Removed:
    """Take messages out, and all that rests on them alone.

    Facts that rest on other messages too stay with that evidence. What a removed fact superseded holds again, as if it
    had never been said.

    Args:
        db: Inside a transaction.
        user_id: Whose they are.
        partition: Theirs.
        positions: Which messages.
        facts: Facts that go in any case.
        keep_rows: Empty the messages instead of deleting them, so that one that is sent again is recognised.
    """
    removed = Removed()
    here = f"partition=? AND position IN {LISTED}"
    listed = (partition, dumps(positions))
    removed.ids.extend(id_ for (id_,) in db.execute(f"SELECT id FROM message WHERE {here} ORDER BY position", listed))
    if not removed.ids:
        return removed
    gone = set(removed.ids)
    known = select_facts(db, user_id, FactQuery())
    changes = db.execute("SELECT fact, evidence FROM change WHERE partition=?", (partition,))
    lost = lost_facts(known, changes, gone, facts)
    for table, column in (("key", "fact"), ("fact", "id"), ("change", "fact")):
        removed.take(db, table, f"partition=? AND {column} IN {LISTED}", partition, dumps(sorted(lost)))
    removed.take(db, "key", here, *listed)
    removed.take(db, "pending", here, *listed)
    # What a model made up may hold words of any message.
    removed.take(db, "quarantine", "partition=?", partition)
    seq = _seq(db, partition) + 1
    db.execute("UPDATE partition SET seq=?1, cleared=?1 WHERE id=?2", (seq, partition))
    for fact in known:
        after = without(fact, gone, lost)
        if fact.id not in lost and after != fact:
            removed.read(db, "fact", "partition=? AND id=?", partition, fact.id)
            seq += 1
            insert_fact(db, partition, seq, after)
    db.execute("UPDATE partition SET seq=? WHERE id=?", (seq, partition))
    _clean_changes(db, partition, gone, lost)
    if keep_rows:
        removed.read(db, "message", here, *listed)
        update = f"UPDATE message SET content='', tokens=0, metadata='{{}}', name=NULL, raw=? WHERE {here}"
        db.execute(update, (dumps(ERASED), *listed))
        removed.counts["message"] += db.changes()
    else:
        removed.take(db, "message", here, *listed)
    recount(db, partition)
    return removed


def _seq(db: apsw.Connection, partition: int) -> int:
    return int(db.execute("SELECT seq FROM partition WHERE id=?", (partition,)).get)


def _clean_changes(db: apsw.Connection, partition: int, gone: set[str], lost: set[str]) -> None:
    """Take the words that went out of the history of facts that stay; a change that rested on them alone goes."""
    rows = db.execute(f"SELECT seq, {CHANGE_COLUMNS} FROM change WHERE partition=? ORDER BY seq", (partition,))
    found: list[tuple[Any, ...]] = rows.fetchall()
    for seq, *row in found:
        change = read_change(tuple(row))
        left = cleaned(change, gone, lost)
        if left == change:
            continue
        db.execute("DELETE FROM change WHERE partition=? AND seq=?", (partition, seq))
        if left is not None:
            insert_change(db, partition, seq, left)
