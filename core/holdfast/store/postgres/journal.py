"""Statements of the journal, and what one call needs to know of it to recognise messages that were sent before."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from holdfast.protocols import Journaled, Lease
from holdfast.store.postgres.connections import Rows, Statement
from holdfast.store.postgres.digests import digest
from holdfast.store.rows import MESSAGE_COLUMNS, message_values, micros, read_message
from holdfast.types import Message

__all__ = ["Before", "choosing", "enqueueing", "journaling", "sessions_of"]

_SELECT = f"SELECT {MESSAGE_COLUMNS} FROM holdfast.message WHERE user_id = %s"


class Before:
    """The journal as it stands before a call, as far as the call's messages may be in it: a `Known` of `SentBefore`."""

    def __init__(self, user_id: str, messages: Sequence[Message]) -> None:
        self._user_id = user_id
        self._ids = sorted({message.id for message in messages if message.id})
        self._moments = sorted({micros(message.at) for message in messages if message.at})
        self._counts: dict[str | None, int] = {}
        for message in messages:
            self._counts[message.session_id] = self._counts.get(message.session_id, 0) + 1
        self._by_id: dict[str, Journaled] = {}
        self._by_moment: dict[int, list[Journaled]] = {}
        self._tails: dict[str | None, list[Journaled]] = {}

    def statements(self) -> Iterator[Statement]:
        """Return what has to be read; `take` takes the rows."""
        yield "SELECT coalesce(max(position), 0) FROM holdfast.message WHERE user_id = %s", (self._user_id,)
        digests = [digest(id) for id in self._ids]
        yield f"{_SELECT} AND id_digest = ANY(%s) AND id = ANY(%s)", (self._user_id, digests, self._ids)
        yield f"{_SELECT} AND moment = ANY(%s)", (self._user_id, self._moments)
        for session, count in self._counts.items():
            condition, values = _of_session(session)
            query = f"{_SELECT} AND {condition} ORDER BY position DESC LIMIT %s"
            yield query, (self._user_id, *values, count)

    def take(self, found: Sequence[Rows]) -> int:
        """Take the rows that `statements` read; return the last position."""
        ((last,),), with_ids, at_moments, *tails = found
        for one in map(read_message, with_ids):
            self._by_id[one.message.id] = one
        for one in map(read_message, at_moments):
            assert one.message.at is not None
            self._by_moment.setdefault(micros(one.message.at), []).append(one)
        for session, rows in zip(self._counts, tails, strict=True):
            self._tails[session] = [read_message(row) for row in reversed(rows)]
        return int(last)

    def add(self, journaled: Journaled) -> Journaled:
        """Know a message that this call journals, and return it."""
        self._by_id[journaled.message.id] = journaled
        return journaled

    def with_id(self, id: str) -> Sequence[Journaled]:
        """See `Known.with_id`."""
        return [self._by_id[id]] if id in self._by_id else []

    def said_at(self, at: datetime) -> Sequence[Journaled]:
        """See `Known.said_at`."""
        return self._by_moment.get(micros(at), [])

    def tail(self, session: str | None, count: int) -> Sequence[Journaled]:
        """See `Known.tail`."""
        return self._tails[session][-count:]


def journaling(user_id: str, one: Journaled, tokens: int) -> Statement:
    """Return what journals a message."""
    message = one.message
    assert message.at is not None
    session = None if message.session_id is None else digest(message.session_id)
    found_by = (micros(message.at), digest(message.id), session)
    return _INSERT, (user_id, tokens, *found_by, *message_values(one.position, message))


def enqueueing(user_id: str, position: int, lease: Lease | None) -> Statement:
    """Return what lets a message wait, taken at once when there is a lease."""
    held = (lease.owner, micros(lease.until)) if lease else (None, None)
    query = "INSERT INTO holdfast.pending (user_id, position, owner, until) VALUES (%s, %s, %s, %s)"
    return query, (user_id, position, *held)


def choosing(
    user_id: str,
    *,
    session_id: str | None,
    positions: Sequence[int] | None,
    ids: Sequence[str] | None,
    before: int | None,
    limit: int | None,
) -> Statement:
    """Return what reads messages, the last first; see `Journal.messages`."""
    query = _SELECT
    values: list[Any] = [user_id]
    if session_id != "*":
        condition, session = _of_session(session_id)
        query += f" AND {condition}"
        values += session
    if before is not None:
        query += " AND position < %s"
        values.append(before)
    if positions is not None:
        query += " AND position = ANY(%s)"
        values.append(list(positions))
    if ids is not None:
        query += " AND id_digest = ANY(%s) AND id = ANY(%s)"
        values += [[digest(id) for id in ids], list(ids)]
    query += " ORDER BY position DESC"
    if limit is not None:
        query += " LIMIT %s"
        values.append(limit)
    return query, values


def sessions_of(user_id: str) -> Statement:
    """Return what reads a user's sessions: name, number of messages, first and last time."""
    query = """
        SELECT s.session, s.messages, f.said_at, l.said_at FROM (
            SELECT session, count(*) AS messages, min(position) AS first, max(position) AS last
            FROM holdfast.message WHERE user_id = %s GROUP BY session
        ) AS s
        JOIN holdfast.message AS f ON f.user_id = %s AND f.position = s.first
        JOIN holdfast.message AS l ON l.user_id = %s AND l.position = s.last
        ORDER BY s.last DESC
    """
    return query, (user_id, user_id, user_id)


def _of_session(session: str | None) -> tuple[str, list[int | str]]:
    if session is None:
        return "session_digest IS NULL", []
    return "session_digest = %s AND session = %s", [digest(session), session]


_COLUMNS = f"user_id, tokens, moment, id_digest, session_digest, {MESSAGE_COLUMNS}"
_INSERT = f"INSERT INTO holdfast.message ({_COLUMNS}) VALUES ({', '.join(['%s'] * (_COLUMNS.count(',') + 1))})"
