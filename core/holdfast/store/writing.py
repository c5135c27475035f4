"""Statements that every write needs: a user's partition, its facts, and a `Write` carried out."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import apsw

from holdfast.protocols import FactQuery, Write
from holdfast.store.books import insert_entries
from holdfast.store.rows import (
    CHANGE_COLUMNS,
    FACT_COLUMNS,
    KEY_COLUMNS,
    change_values,
    dumps,
    fact_values,
    key_values,
    read_fact,
    utc,
)
from holdfast.types import Change, Fact, Quarantined

__all__ = [
    "LISTED",
    "carry_out",
    "claim",
    "insert_change",
    "insert_fact",
    "partition_of",
    "select_facts",
    "select_quarantine",
    "settle",
]

LISTED = "(SELECT value FROM json_each(?))"
"""What stands in a JSON list: one parameter for any number of values."""

# How facts are looked up, by column: the index, named because the planner prefers to read all facts of the user, and
# what the column is compared with.
_BY = {
    "id": ("", LISTED),
    "slot": ("INDEXED BY fact_slot", LISTED),
    "lower(text)": ("INDEXED BY fact_text", LISTED.replace("value", "lower(value)")),
}


def partition_of(db: apsw.Connection, user_id: str) -> int:
    """Return the number of a user's partition; -1, which no row has, for an unknown user."""
    found = db.execute("SELECT id FROM partition WHERE user_id=?", (user_id,)).get
    return -1 if found is None else int(found)


def claim(db: apsw.Connection, user_id: str) -> int:
    """Return the number of a user's partition, made if need be."""
    partition = partition_of(db, user_id)
    if partition < 0:
        db.execute("INSERT INTO partition (user_id) VALUES (?)", (user_id,))
        partition = db.last_insert_rowid()
        db.execute("UPDATE partition SET seq=id<<32, cleared=id<<32 WHERE id=?", (partition,))
    return partition


def select_facts(db: apsw.Connection, user_id: str, query: FactQuery) -> list[Fact]:
    """Return the matching facts in the order in which they were said."""
    given = {
        column: values for column, values in zip(_BY, (query.ids, query.slots, query.texts), strict=True) if values
    }
    everything = query.ids is None and query.slots is None and query.texts is None
    columns = f"SELECT born, {FACT_COLUMNS} FROM fact"
    partition = partition_of(db, user_id)
    rows: list[tuple[Any, ...]] = []
    if everything:
        rows = db.execute(f"{columns} WHERE partition=?", (partition,)).fetchall()
    for column, values in given.items():
        # One indexed look-up a field; OR over three indexes would read the whole partition, and so would the planner.
        index, listed = _BY[column]
        select = f"{columns} {index} WHERE partition=? AND {column} IN {listed}"
        rows.extend(db.execute(select, (partition, json.dumps(values, ensure_ascii=False))))
    found = {row[1]: (row[0], read_fact(user_id, row[1:])) for row in rows}
    return [fact for _, fact in sorted(found.values(), key=lambda pair: (pair[1].said_at, pair[0]))]


def settle(db: apsw.Connection, partition: int, positions: Sequence[int]) -> int:
    """Take positions out of what is pending; return how many were."""
    db.execute(f"DELETE FROM pending WHERE partition=? AND position IN {LISTED}", (partition, dumps(positions)))
    return db.changes()


def carry_out(db: apsw.Connection, partition: int, write: Write) -> Write:
    """Write it and return it as it was written."""
    seq = int(db.execute("SELECT seq FROM partition WHERE id=?", (partition,)).get)
    last = db.execute("SELECT max(position) FROM message WHERE partition=?", (partition,)).get or 0
    born: dict[str, int] = {}
    if write.removed or write.hidden:
        seq += 1
        for fact_id in write.removed:
            query = "DELETE FROM fact WHERE partition=? AND id=? RETURNING born"
            born.update((fact_id, first) for (first,) in db.execute(query, (partition, fact_id)))
            db.execute("DELETE FROM key INDEXED BY key_fact WHERE partition=? AND fact=?", (partition, fact_id))
        for position in write.hidden:
            db.execute(
                "DELETE FROM key INDEXED BY key_position WHERE partition=? AND position=? AND fact IS NULL",
                (partition, position),
            )
            db.execute("DELETE FROM quarantine WHERE partition=? AND position=?", (partition, position))
        db.execute("UPDATE partition SET cleared=? WHERE id=?", (seq, partition))
    for row in write.keys:
        seq += 1
        db.execute(_INSERT_KEY, (partition, seq, *key_values(row)))
    for fact in write.facts:
        seq += 1
        insert_fact(db, partition, seq, fact, born=born.get(fact.id))
    insert_entries(db, partition, write.entries)
    changes = tuple(replace(change, position=change.position or last) for change in write.changes)
    for change in changes:
        seq += 1
        insert_change(db, partition, seq, change)
    db.execute("UPDATE partition SET seq=? WHERE id=?", (seq, partition))
    for refused in write.quarantined:
        values = (refused.text, refused.reason, refused.extractor, utc(refused.at))
        db.execute(_INSERT_QUARANTINED, (partition, *values, refused.message_id))
    return replace(write, changes=changes)


def select_quarantine(db: apsw.Connection, partition: int) -> list[Quarantined]:
    """Return the statements that were refused."""
    query = """
        SELECT m.id, q.text, q.reason, q.extractor, q.at FROM quarantine AS q
        JOIN message AS m ON m.partition=q.partition AND m.position=q.position
        WHERE q.partition=? ORDER BY q.position, q.number
    """
    return [
        Quarantined(message_id, text, reason, extractor, datetime.fromisoformat(at))
        for message_id, text, reason, extractor, at in db.execute(query, (partition,))
    ]


def insert_fact(db: apsw.Connection, partition: int, seq: int, fact: Fact, *, born: int | None = None) -> None:
    """Write a fact, new or changed; one that stood keeps its place among those of the same time, as does `born`."""
    db.execute(_INSERT_FACT, (partition, seq, born, *fact_values(fact)))


def insert_change(db: apsw.Connection, partition: int, seq: int, change: Change) -> None:
    """Write a change."""
    db.execute(_INSERT_CHANGE, (partition, seq, *change_values(change)))


def _marks(count: int) -> str:
    return ",".join("?" * count)


_INSERT_KEY = f"INSERT INTO key (partition, seq, {KEY_COLUMNS}) VALUES ({_marks(11)})"
_INSERT_FACT = f"""
    INSERT OR REPLACE INTO fact (partition, seq, born, {FACT_COLUMNS})
    VALUES (?1, ?2, coalesce(?3, (SELECT born FROM fact WHERE partition=?1 AND id=?4), ?2), ?4, {_marks(21)})
"""
_INSERT_QUARANTINED = """
    INSERT INTO quarantine (partition, position, number, text, reason, extractor, at)
    SELECT m.partition, m.position, 1 + (SELECT ifnull(max(number), 0) FROM quarantine AS q
    WHERE q.partition=m.partition AND q.position=m.position), ?2, ?3, ?4, ?5
    FROM message AS m WHERE m.partition=?1 AND m.id=?6
"""
_INSERT_CHANGE = f"INSERT INTO change (partition, seq, {CHANGE_COLUMNS}) VALUES ({_marks(13)})"
