"""What is not learnt yet: who has taken it, and what is free to be taken."""

from collections.abc import Sequence
from datetime import datetime

import apsw

from holdfast.leases import gone
from holdfast.protocols import Lease, Pending
from holdfast.store.rows import MESSAGE_COLUMNS, dumps, micros, read_message
from holdfast.store.writing import LISTED

__all__ = ["enqueue", "give_back", "select_pending", "take"]

_MESSAGE = ", ".join(f"m.{column.strip()}" for column in MESSAGE_COLUMNS.split(","))

_FREE = f"(w.owner IS NULL OR w.until<=? OR w.owner IN {LISTED})"


def enqueue(db: apsw.Connection, partition: int, position: int, lease: Lease | None) -> None:
    """Let a message wait, taken at once when there is a lease."""
    held = (lease.owner, micros(lease.until)) if lease else (None, None)
    db.execute("INSERT INTO pending (partition, position, owner, until) VALUES (?,?,?,?)", (partition, position, *held))


def select_pending(db: apsw.Connection, user_id: str | None, limit: int | None, free: datetime | None) -> list[Pending]:
    """Return what waits: the least tried first, then in journal order."""
    untried = _select_pending(db, "pending AS w", "w.attempts=0", user_id, limit, free)
    left = None if limit is None else limit - len(untried)
    if left == 0:
        return untried
    return untried + _select_pending(db, "pending AS w INDEXED BY pending_tried", "w.attempts>0", user_id, left, free)


def _select_pending(
    db: apsw.Connection, table: str, tried: str, user_id: str | None, limit: int | None, free: datetime | None
) -> list[Pending]:
    conditions = [tried]
    values: list[str | int] = []
    if user_id is not None:
        conditions.append("p.user_id=?")
        values.append(user_id)
    if free is not None:
        conditions.append(_FREE)
        values.extend((micros(free), _gone(db)))
    query = f"""
        SELECT p.user_id, w.attempts, w.reason, {_MESSAGE} FROM {table}
        JOIN partition AS p ON p.id=w.partition
        JOIN message AS m ON m.partition=w.partition AND m.position=w.position
        WHERE {" AND ".join(conditions)} ORDER BY w.attempts, w.partition, w.position LIMIT ?
    """
    rows = db.execute(query, (*values, -1 if limit is None else limit))
    return [Pending(owner, read_message(tuple(rest)), attempts, reason) for owner, attempts, reason, *rest in rows]


def take(db: apsw.Connection, partition: int, positions: Sequence[int], lease: Lease, now: datetime) -> list[int]:
    """Take what is free or the owner's own, and return where it stands, in order."""
    query = f"""
        UPDATE pending AS w SET owner=?, until=? WHERE partition=? AND position IN {LISTED} AND (owner=? OR {_FREE})
        RETURNING position
    """
    values = (lease.owner, micros(lease.until), partition, dumps(positions), lease.owner, micros(now), _gone(db))
    return sorted(position for (position,) in db.execute(query, values))


def give_back(db: apsw.Connection, partition: int, positions: Sequence[int], reason: str) -> int:
    """Note an attempt that failed, and let others try; return how many of the positions are pending."""
    db.execute(
        f"""UPDATE pending SET attempts=attempts+1, reason=?, owner=NULL, until=NULL
        WHERE partition=? AND position IN {LISTED}""",
        (reason, partition, dumps(positions)),
    )
    return db.changes()


def _gone(db: apsw.Connection) -> str:
    """Return the owners that are known to be gone, as a JSON list."""
    owners = db.execute("SELECT DISTINCT owner FROM pending WHERE owner NOT NULL").fetchall()
    return dumps([str(owner) for (owner,) in owners if gone(str(owner))])
