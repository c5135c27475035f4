"""Statements that every write needs: a user's partition, its facts, and a `Write` as statements."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from holdfast.protocols import FactQuery, Write
from holdfast.store.postgres.books import booking, refusing
from holdfast.store.postgres.connections import Rows, Statement, Transaction
from holdfast.store.postgres.digests import digest
from holdfast.store.postgres.vectors import Vectors
from holdfast.store.rows import (
    CHANGE_COLUMNS,
    FACT_COLUMNS,
    KEY_COLUMNS,
    change_values,
    fact_values,
    key_values,
    read_fact,
)
from holdfast.types import Change, Fact

__all__ = [
    "EMBEDDER",
    "carried_out",
    "claim",
    "facts_found",
    "insert_change",
    "insert_fact",
    "lock",
    "select_facts",
    "selecting_facts",
    "settling",
]

EMBEDDER: Statement = ("SELECT value FROM holdfast.meta WHERE name = 'embedder'", ())


def lock(user_id: str) -> Statement:
    """Return what locks a user's partition until the transaction ends, and reads its numbers: seq, cleared."""
    return "SELECT seq, cleared FROM holdfast.partition WHERE user_id = %s FOR NO KEY UPDATE", (user_id,)


def claim(transaction: Transaction, user_id: str) -> None:
    """Make a user's partition, unless somebody just did, and lock it."""
    # An epoch is taken for users that are new alone: there are 2^31 of them.
    epoch = "SELECT %s, n << 32, n << 32 FROM (SELECT nextval('holdfast.epoch') AS n) AS epoch"
    insert = f"INSERT INTO holdfast.partition (user_id, seq, cleared) {epoch} ON CONFLICT (user_id) DO NOTHING"
    transaction.run((insert, (user_id,)), lock(user_id))


def selecting_facts(user_id: str, query: FactQuery) -> Iterator[Statement]:
    """Return what reads the matching facts: one indexed look-up a field."""
    select = f"SELECT born, {FACT_COLUMNS} FROM holdfast.fact WHERE user_id = %s"
    if query == FactQuery():
        yield select, (user_id,)
    if query.ids is not None:
        yield f"{select} AND id = ANY(%s)", (user_id, list(query.ids))
    if query.slots is not None:
        slots = list(query.slots)
        yield f"{select} AND slot_digest = ANY(%s) AND slot = ANY(%s)", (user_id, [digest(one) for one in slots], slots)
    if query.texts is not None:
        yield f"{select} AND text_digest = ANY(%s)", (user_id, [digest(_folded(text)) for text in query.texts])


def facts_found(user_id: str, query: FactQuery, found: Sequence[Rows]) -> list[Fact]:
    """Return the facts of the rows that `selecting_facts` read, in the order in which they were said."""
    facts = {row[1]: (row[0], read_fact(user_id, row[1:])) for rows in found for row in rows}
    texts = {_folded(text) for text in query.texts or ()}
    slots, ids = set(query.slots or ()), set(query.ids or ())
    every = query == FactQuery()
    return [
        fact
        for _, fact in sorted(facts.values(), key=lambda pair: (pair[1].said_at, pair[0]))
        # A digest may stand for another text too.
        if every or fact.id in ids or fact.slot in slots or _folded(fact.text) in texts
    ]


def select_facts(transaction: Transaction, user_id: str, query: FactQuery) -> list[Fact]:
    """Return the matching facts inside a transaction."""
    statements = list(selecting_facts(user_id, query))
    return facts_found(user_id, query, transaction.run(*statements)) if statements else []


def settling(user_id: str, positions: Sequence[int]) -> Statement:
    """Return what takes positions out of the pending ones and returns those that were."""
    query = "DELETE FROM holdfast.pending WHERE user_id = %s AND position = ANY(%s) RETURNING position"
    return query, (user_id, list(positions))


def carried_out(
    user_id: str, write: Write, *, seq: int, last: int, vectors: Vectors
) -> tuple[Write, Iterator[Statement]]:
    """Return the write as it will be written, and the statements that do so.

    Args:
        user_id: Whose partition; it is locked.
        write: What to do.
        seq: The partition's sequence number.
        last: The last position in the journal.
        vectors: How the server keeps vectors.
    """
    changes = tuple(replace(change, position=change.position or last) for change in write.changes)
    write = replace(write, changes=changes)
    return write, _statements(user_id, write, seq, vectors)


def _statements(user_id: str, write: Write, seq: int, vectors: Vectors) -> Iterator[Statement]:
    if write.removed or write.hidden:
        seq += 1
        removed = list(write.removed)
        yield "DELETE FROM holdfast.key WHERE user_id = %s AND fact = ANY(%s)", (user_id, removed)
        # One that is written anew keeps its row, and with it its place among those of the same time.
        gone = sorted(set(removed) - {fact.id for fact in write.facts})
        yield "DELETE FROM holdfast.fact WHERE user_id = %s AND id = ANY(%s)", (user_id, gone)
        hidden = "DELETE FROM holdfast.key WHERE user_id = %s AND position = ANY(%s) AND fact IS NULL"
        refused = "DELETE FROM holdfast.quarantine WHERE user_id = %s AND position = ANY(%s)"
        yield from ((query, (user_id, list(write.hidden))) for query in (hidden, refused))
        yield "UPDATE holdfast.partition SET cleared = %s WHERE user_id = %s", (seq, user_id)
    for row in write.keys:
        seq += 1
        *values, terms, vector = key_values(row)
        yield _INSERT_KEY, (user_id, seq, *values, terms, vectors.dump(vector))
    for fact in write.facts:
        seq += 1
        yield insert_fact(user_id, seq, fact)
    for change in write.changes:
        seq += 1
        yield insert_change(user_id, seq, change)
    yield "UPDATE holdfast.partition SET seq = %s WHERE user_id = %s", (seq, user_id)
    yield from booking(user_id, write.entries)
    yield from (refusing(user_id, one) for one in write.quarantined)


def insert_fact(user_id: str, seq: int, fact: Fact) -> Statement:
    """Return what writes a fact, new or changed; one that stood keeps its place among those of the same time."""
    slot = None if fact.slot is None else digest(fact.slot)
    return _INSERT_FACT, (user_id, seq, seq, slot, digest(_folded(fact.text)), *fact_values(fact))


def insert_change(user_id: str, seq: int, change: Change) -> Statement:
    """Return what writes a change."""
    return _INSERT_CHANGE, (user_id, seq, *change_values(change))


def _folded(text: str) -> str:
    return text.encode().lower().decode()  # ASCII letters alone, as SQLite does: both stores find the same facts


def _marks(count: int) -> str:
    return ", ".join(["%s"] * count)


_INSERT_KEY = f"INSERT INTO holdfast.key (user_id, seq, {KEY_COLUMNS}) VALUES ({_marks(11)})"
_FACT = [column.strip() for column in f"seq, slot_digest, text_digest, {FACT_COLUMNS}".split(",")]
_INSERT_FACT = f"""
    INSERT INTO holdfast.fact (user_id, seq, born, slot_digest, text_digest, {FACT_COLUMNS}) VALUES ({_marks(27)})
    ON CONFLICT (user_id, id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _FACT)}
"""
_INSERT_CHANGE = f"INSERT INTO holdfast.change (user_id, seq, {CHANGE_COLUMNS}) VALUES ({_marks(13)})"
