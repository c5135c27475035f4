"""What is not learnt yet on a server: who has taken it, and what is free to be taken."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from holdfast.leases import gone
from holdfast.protocols import Lease, Pending
from holdfast.store.postgres.connections import Connections, Rows, Statement, Transaction
from holdfast.store.postgres.journal import choosing
from holdfast.store.rows import micros, read_message

__all__ = ["give_back", "select_pending", "take", "waiting"]

_FREE = "(owner IS NULL OR until <= %s OR owner = ANY(%s))"
_ORDER = "ORDER BY attempts, p.cleared >> 32, position LIMIT %s"  # users in the order in which they came


def select_pending(
    connections: Connections, user_id: str | None, limit: int | None, free: datetime | None
) -> list[Pending]:
    """Return what waits: the least tried first, then in journal order.

    Of all users the queue alone is read for all, and then the messages of each user that is in it.
    """
    conditions, values = "true", list[Any]()
    if user_id is not None:
        conditions, values = "user_id = %s", [user_id]
    if free is not None:
        owners = f"SELECT DISTINCT owner FROM holdfast.pending WHERE {conditions} AND owner IS NOT NULL"
        values = [*values, micros(free), _gone(_read(connections, user_id, (owners, values)))]
        conditions = f"{conditions} AND {_FREE}"
    joined = "holdfast.pending AS w JOIN holdfast.partition AS p USING (user_id)"
    query = f"SELECT user_id, position, attempts, reason FROM {joined} WHERE {conditions} {_ORDER}"
    queue = _read(connections, user_id, (query, (*values, limit)))
    places: dict[str, list[int]] = {}
    for owner, position, _, _ in queue:
        places.setdefault(owner, []).append(position)
    said = {
        (owner, row[0]): read_message(row)
        for owner, rows in connections.read_each({owner: _messages(owner, one) for owner, one in places.items()})
        for row in rows
    }
    return [
        Pending(owner, said[owner, position], attempts, reason)
        for owner, position, attempts, reason in queue
        if (owner, position) in said  # it was learnt, or forgotten, in this moment
    ]


def waiting(connections: Connections, user_id: str | None) -> int:
    """Return how many messages wait."""
    condition, values = ("true", ()) if user_id is None else ("user_id = %s", (user_id,))
    (row,) = _read(connections, user_id, (f"SELECT count(*) FROM holdfast.pending WHERE {condition}", values))
    return int(row[0])


def take(transaction: Transaction, user_id: str, positions: Sequence[int], lease: Lease, now: datetime) -> list[int]:
    """Take what is free or the owner's own, and return where it stands, in order.

    What another node is taking in this moment is passed over, not waited for.
    """
    owners = "SELECT DISTINCT owner FROM holdfast.pending WHERE user_id = %s AND owner IS NOT NULL"
    (found,) = transaction.run((owners, (user_id,)))
    query = f"""
        UPDATE holdfast.pending SET owner = %s, until = %s WHERE user_id = %s AND position IN (
            SELECT position FROM holdfast.pending
            WHERE user_id = %s AND position = ANY(%s) AND (owner = %s OR {_FREE})
            FOR UPDATE SKIP LOCKED
        ) RETURNING position
    """
    held = (lease.owner, micros(lease.until), user_id)
    choice = (user_id, list(positions), lease.owner, micros(now), _gone(found))
    (rows,) = transaction.finish((query, (*held, *choice)))
    return sorted(position for (position,) in rows)


def give_back(user_id: str, positions: Sequence[int], reason: str) -> Statement:
    """Return what notes an attempt that failed, lets others try, and returns the positions that are pending."""
    query = """
        UPDATE holdfast.pending SET attempts = attempts + 1, reason = %s, owner = NULL, until = NULL
        WHERE user_id = %s AND position = ANY(%s) RETURNING position
    """
    return query, (reason, user_id, list(positions))


def _messages(user_id: str, positions: Sequence[int]) -> Statement:
    return choosing(user_id, session_id="*", positions=positions, ids=None, before=None, limit=None)


def _read(connections: Connections, user_id: str | None, statement: Statement) -> Rows:
    (rows,) = connections.read_all(statement) if user_id is None else connections.read(user_id, statement)
    return rows


def _gone(owners: Rows) -> list[str]:
    return [owner for (owner,) in owners if gone(owner)]
