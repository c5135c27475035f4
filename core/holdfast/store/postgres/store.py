"""The store on a server: journal, keys, facts and changes of all users in PostgreSQL, shared by any number of nodes."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from holdfast.errors import ConfigurationError, IncompatibleStoreError
from holdfast.protocols import (
    Delta,
    FactQuery,
    Fingerprint,
    Found,
    Journaled,
    Lease,
    Pending,
    ReadFacts,
    Renewed,
    Swap,
    Write,
)
from holdfast.store.again import SentBefore
from holdfast.store.postgres.books import adding_up, booking, entries_of, quarantined, quarantining
from holdfast.store.postgres.connections import Connections, Rows, Statement, Transaction
from holdfast.store.postgres.forgetting import (
    Removed,
    positions_of_evidence,
    positions_of_session,
    remove_messages,
    remove_user,
    vacuumed,
)
from holdfast.store.postgres.inspection import inspect
from holdfast.store.postgres.journal import Before, choosing, enqueueing, journaling, sessions_of
from holdfast.store.postgres.measuring import measured, measuring
from holdfast.store.postgres.migrating import check_schema, vector_type
from holdfast.store.postgres.news import News
from holdfast.store.postgres.queue import give_back, select_pending, take, waiting
from holdfast.store.postgres.records import PostgresRecords, voiding
from holdfast.store.postgres.vectors import Vectors
from holdfast.store.postgres.writing import (
    EMBEDDER,
    carried_out,
    claim,
    facts_found,
    lock,
    select_facts,
    selecting_facts,
    settling,
)
from holdfast.store.rows import CHANGE_COLUMNS, read_change, read_message, utc
from holdfast.types import Change, Fact, LedgerEntry, Message, Quarantined, Receipt, Report, Session
from holdfast.types import Vectors as FloatVectors

__all__ = ["POOL", "PostgresStore"]

POOL = 8
"""Connections that a process keeps at most: each is busy for milliseconds a call, and a server has a hundred or so."""

_TOGETHER = 500  # statements that are sent at once
_DERIVED = ("key", "fact", "change", "quarantine")


class PostgresStore:
    """A `Store` on a PostgreSQL server with pgvector; docs/scale.md has its schema, its roles and when to move to it.

    Args:
        url: A connection string of libpq.
        embedder: Whose vectors it holds.
        terms: Revision of the lexical terms that it holds.
        synchronous: `FULL` leaves the server's `synchronous_commit` as it is; `NORMAL` turns it off, so that a crash of
            the server may lose its last half second.
        pool: Connections that this process keeps at most.
        new_id: Source of ids for messages that come without one.

    Raises:
        ConfigurationError: The string is no connection string.
        IncompatibleStoreError: Another embedder made the store, or another version of holdfast.
        StorageError: The server could not be reached, or refused.
    """

    def __init__(
        self,
        url: str,
        *,
        embedder: Fingerprint,
        terms: str,
        synchronous: Literal["FULL", "NORMAL"] = "FULL",
        pool: int = POOL,
        new_id: Callable[[], str] = lambda: uuid.uuid4().hex,
    ) -> None:
        if synchronous not in ("FULL", "NORMAL"):
            raise ConfigurationError(f"synchronous is FULL or NORMAL, got {synchronous!r}")
        self._new_id = new_id
        self._embedder = str(embedder)
        self._connections = Connections(url, size=pool, durable=synchronous == "FULL")
        check_schema(self._connections)
        self._vectors = Vectors(vector_type(self._connections))
        self._news = News(self._connections, self._vectors, self._check_embedder)
        self.records = PostgresRecords(self._connections, self._vectors, self._check_embedder)
        try:
            self._settle_meta({"embedder": self._embedder, "terms": terms})
        except BaseException:
            self._connections.close()
            raise

    @property
    def path(self) -> str:
        """Where the store is, without the password."""
        return self._connections.path

    # Journal

    def append(
        self,
        user_id: str,
        messages: Sequence[Message],
        *,
        now: datetime,
        lease: Lease | None = None,
        tokens: Sequence[int] | None = None,
    ) -> list[Journaled]:
        """See `Journal.append`."""
        self._connections.check_open()
        if not messages:
            return []

        def write(transaction: Transaction) -> list[Journaled]:
            before = Before(user_id, messages)
            (standing, *found) = transaction.run(lock(user_id), *before.statements())
            if not standing:
                claim(transaction, user_id)
                found = transaction.run(*before.statements())
            last = before.take(found)
            known = SentBefore(before, messages)
            result: list[Journaled] = []
            statements: list[Statement] = []
            spoken = 0
            for number, message in enumerate(messages):
                earlier = known.find(number, message)
                if earlier is None:
                    last += 1
                    message = replace(message, id=message.id or self._new_id(), at=message.at or now)
                    size = (len(message.content) + 3) // 4 if tokens is None else tokens[number]
                    spoken += size
                    earlier = before.add(Journaled(last, message))
                    statements.append(journaling(user_id, earlier, size))
                    statements.append(enqueueing(user_id, last, lease))
                result.append(earlier)
            if spoken:
                update = "UPDATE holdfast.partition SET tokens = tokens + %s WHERE user_id = %s"
                statements.append((update, (spoken, user_id)))
            _finish(transaction, statements)
            return result

        return self._connections.write(user_id, write)

    def messages(
        self,
        user_id: str,
        *,
        session_id: str | None = "*",
        positions: Sequence[int] | None = None,
        ids: Sequence[str] | None = None,
        before: int | None = None,
        limit: int | None = None,
    ) -> list[Journaled]:
        """See `Journal.messages`."""
        statement = choosing(user_id, session_id=session_id, positions=positions, ids=ids, before=before, limit=limit)
        (rows,) = self._connections.read(user_id, statement)
        return [read_message(row) for row in reversed(rows)]

    def sessions(self, user_id: str) -> list[Session]:
        """See `Journal.sessions`."""
        (rows,) = self._connections.read(user_id, sessions_of(user_id))
        return [
            Session(session, count, datetime.fromisoformat(first), datetime.fromisoformat(last))
            for session, count, first, last in rows
        ]

    # Queue

    def pending(
        self, *, user_id: str | None = None, limit: int | None = None, free: datetime | None = None
    ) -> list[Pending]:
        """See `Queue.pending`."""
        return select_pending(self._connections, user_id, limit, free)

    def waiting(self, user_id: str | None = None) -> int:
        """See `Queue.waiting`."""
        return waiting(self._connections, user_id)

    def take(self, user_id: str, positions: Sequence[int], lease: Lease, *, now: datetime) -> list[int]:
        """See `Queue.take`."""
        return self._connections.write(user_id, lambda one: take(one, user_id, positions, lease, now))

    def fail(self, user_id: str, positions: Sequence[int], reason: str) -> None:
        """See `Queue.fail`."""
        self._connections.write(user_id, lambda one: one.finish(give_back(user_id, positions, reason)))

    # Facts

    def facts(self, user_id: str, query: FactQuery) -> list[Fact]:
        """See `Facts.facts`."""
        return facts_found(user_id, query, self._connections.read(user_id, *selecting_facts(user_id, query)))

    def changes(
        self,
        user_id: str,
        *,
        fact_id: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[Change]:
        """See `Facts.changes`."""
        conditions = ["user_id = %s"]
        values: list[Any] = [user_id]
        for condition, value in (
            ("fact = %s", fact_id),
            ("at >= %s", since and utc(since)),
            ("at < %s", until and utc(until)),
        ):
            if value is not None:
                conditions.append(condition)
                values.append(value)
        query = f"SELECT {CHANGE_COLUMNS} FROM holdfast.change WHERE {' AND '.join(conditions)} ORDER BY seq"
        (rows,) = self._connections.read(user_id, (query, values))
        return [read_change(row) for row in rows]

    def quarantine(self, user_id: str) -> list[Quarantined]:
        """See `Facts.quarantine`."""
        (rows,) = self._connections.read(user_id, quarantining(user_id))
        return quarantined(rows)

    def commit(self, user_id: str, decide: Callable[[ReadFacts], Write]) -> Write:
        """See `Facts.commit`."""

        def work(transaction: Transaction) -> Write:
            last_position = "SELECT max(position) FROM holdfast.message WHERE user_id = %s"
            standing, ((last,),), embedder = transaction.run(lock(user_id), (last_position, (user_id,)), EMBEDDER)
            self._check_embedder(embedder)
            write = decide(lambda query: select_facts(transaction, user_id, query))
            if write == Write() or not standing:
                return Write()
            if write.done or write.again:
                settled, given_back = transaction.run(
                    settling(user_id, write.done), give_back(user_id, write.again, write.reason)
                )
                if len(settled) + len(given_back) != len({*write.done, *write.again}):
                    raise _SomebodyElseError
            write, statements = carried_out(user_id, write, seq=standing[0][0], last=last or 0, vectors=self._vectors)
            _finish(transaction, statements)
            return write

        try:
            return self._connections.write(user_id, work)
        except _SomebodyElseError:
            return Write()
        finally:
            self._news.wrote(user_id)

    # Books

    def book(self, entries: Sequence[tuple[str, LedgerEntry]]) -> None:
        """See `Books.book`."""
        of_user: dict[str, list[LedgerEntry]] = {}
        for user_id, entry in entries:
            of_user.setdefault(user_id, []).append(entry)

        def write(transaction: Transaction) -> None:
            for user_id in sorted(of_user):
                transaction.enter(user_id)
                transaction.run(*booking(user_id, of_user[user_id]))

        self._connections.write(None, write)

    def entries(self, user_id: str | None = None) -> list[LedgerEntry]:
        """See `Books.entries`."""
        if user_id is None:
            (rows,) = self._connections.read_all(adding_up())
        else:
            (rows,) = self._connections.read(user_id, entries_of(user_id))
        return [LedgerEntry(datetime.fromisoformat(at), kind, *numbers) for at, kind, *numbers in rows]

    def spoken(self, user_id: str) -> int:
        """See `Books.spoken`."""
        query = "SELECT tokens FROM holdfast.partition WHERE user_id = %s"
        (rows,) = self._connections.read(user_id, (query, (user_id,)))
        return int(rows[0][0]) if rows else 0

    # Upkeep

    def pull(self, user_id: str, since: int) -> Delta:
        """See `Upkeep.pull`."""
        return self._news.pull(user_id, since)

    def renewed(self, user_id: str, since: int) -> Renewed:
        """See `Upkeep.renewed`."""
        return self._news.renewed(user_id, since)

    def may_stand(self, user_id: str) -> bool:
        """See `Upkeep.may_stand`."""
        return self._news.may_stand(user_id)

    def look_up(self, user_id: str, seq: int | None, ids: Sequence[str], positions: Sequence[int]) -> Found | None:
        """See `Upkeep.look_up`."""
        return self._news.look_up(user_id, seq, ids, positions)

    def outline(self, user_id: str, since: int) -> Delta:
        """See `Measuring.outline`."""
        return self._news.outline(user_id, since)

    def cosines(self, user_id: str, vector: FloatVectors) -> tuple[npt.NDArray[np.int64], FloatVectors]:
        """See `Measuring.cosines`."""
        (rows,) = self._connections.read(user_id, measuring(user_id, vector))
        return measured(rows)

    def swap(self, partitions: Sequence[Swap], embedder: Fingerprint) -> bool:
        """See `Upkeep.swap`."""
        users = set[str]()

        def work(transaction: Transaction) -> bool:
            for one in partitions:
                self._swap(transaction, one)
                users.add(one.user_id)
            if str(embedder) != self._embedder:
                voiding(transaction)
            transaction.finish(("UPDATE holdfast.meta SET value = %s WHERE name = 'embedder'", (str(embedder),)))
            return True

        with suppress(_SomebodyElseError):
            self._connections.write(None, work)
            self._embedder = str(embedder)
            for user_id in users:
                self._news.wrote(user_id)
            return True
        return False

    def _swap(self, transaction: Transaction, one: Swap) -> None:
        user_id = one.user_id
        transaction.enter(user_id)
        last_position = "SELECT coalesce(max(position), 0) FROM holdfast.message WHERE user_id = %s"
        standing, ((last,),) = transaction.run(lock(user_id), (last_position, (user_id,)))
        if not standing or standing[0][0] != one.seq:
            raise _SomebodyElseError
        seq = one.seq + 1
        update = "UPDATE holdfast.partition SET seq = %s, cleared = %s WHERE user_id = %s"
        transaction.run(
            *[(f"DELETE FROM holdfast.{table} WHERE user_id = %s", (user_id,)) for table in _DERIVED],
            (update, (seq, seq, user_id)),
            settling(user_id, one.write.done),
        )
        _, statements = carried_out(user_id, one.write, seq=seq, last=last, vectors=self._vectors)
        for portion in _portions(statements):
            transaction.run(*portion)

    def users(self) -> list[str]:
        """See `Upkeep.users`."""
        (rows,) = self._connections.read_all(("SELECT user_id FROM holdfast.partition ORDER BY user_id", ()))
        return [user for (user,) in rows]

    def forget(self, user_id: str, *, session_id: str | None = "*", now: datetime) -> Receipt:
        """See `Upkeep.forget`."""

        def work(transaction: Transaction) -> Removed:
            transaction.run(lock(user_id))
            if session_id == "*":
                return remove_user(transaction, user_id)
            positions = positions_of_session(transaction, user_id, session_id)
            return remove_messages(transaction, user_id, positions)

        return self._proved(user_id, now, self._connections.write(user_id, work))

    def erase(self, user_id: str, fact_id: str, *, now: datetime) -> Receipt | None:
        """See `Upkeep.erase`."""

        def work(transaction: Transaction) -> Removed | None:
            transaction.run(lock(user_id))
            positions = positions_of_evidence(transaction, user_id, fact_id)
            if positions is None:
                return None
            return remove_messages(transaction, user_id, positions, facts=(fact_id,), keep_rows=True)

        removed = self._connections.write(user_id, work)
        return None if removed is None else self._proved(user_id, now, removed)

    def _proved(self, user_id: str, now: datetime, removed: Removed) -> Receipt:
        self._news.wrote(user_id)
        return vacuumed(self._connections, user_id, removed, now)

    def check(self, *, repair: bool = False) -> Report:
        """See `Upkeep.check`."""
        return inspect(self._connections, self.users(), repair=repair)

    def backup(self, path: str) -> None:
        """See `Upkeep.backup`."""
        self._connections.check_open()
        raise ConfigurationError(
            f"nothing was written to {path}: a server is backed up by its own tools, such as pg_dump; "
            "`holdfast copy` makes a SQLite file of it"
        )

    def hear(self, heard: Callable[[str], object]) -> None:
        """See `Telling.hear`."""
        self._news.hear(heard)

    def close(self) -> None:
        """See `Upkeep.close`."""
        self._news.close()
        self._connections.close()

    def _settle_meta(self, mine: Mapping[str, str]) -> None:
        query = "SELECT name, value FROM holdfast.meta"
        (rows,) = self._connections.read_all((query, ()))
        if not rows:
            insert = "INSERT INTO holdfast.meta VALUES (%s, %s) ON CONFLICT (name) DO NOTHING"
            self._connections.write(None, lambda one: one.finish(*[(insert, pair) for pair in mine.items()]))
            (rows,) = self._connections.read_all((query, ()))
        found: dict[str, str] = dict(rows)
        for name, value in mine.items():
            self._check_meta(name, found[name], value)

    def _check_embedder(self, found: Rows) -> None:
        """Refuse to mix vectors when another process has moved the store to another embedder."""
        self._check_meta("embedder", found[0][0], self._embedder)

    def _check_meta(self, name: str, found: str, expected: str) -> None:
        if found != expected:
            remedy = "open it with that one, then move it with rebuild(embedder=...)"
            raise IncompatibleStoreError(self.path, f"{name} {found}", f"{name} {expected}", remedy)


class _SomebodyElseError(Exception):
    """Somebody was faster: rolls the transaction back and goes no further."""


def _finish(transaction: Transaction, statements: Iterable[Statement]) -> None:
    """Carry out statements in portions, and commit with the last of them."""
    rest = iter(statements)
    portion = list(islice(rest, _TOGETHER))
    while following := list(islice(rest, _TOGETHER)):
        transaction.run(*portion)
        portion = following
    transaction.finish(*portion)


def _portions(statements: Iterator[Statement]) -> Iterator[list[Statement]]:
    while portion := list(islice(statements, _TOGETHER)):
        yield portion
