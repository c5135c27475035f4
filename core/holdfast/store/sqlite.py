"""The embedded store: journal, keys, facts and changes of all users in one SQLite file."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

import apsw

from holdfast.errors import IncompatibleStoreError
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
from holdfast.store.again import KnownRows, SentBefore
from holdfast.store.books import insert_entries, select_entries
from holdfast.store.database import Database
from holdfast.store.erasure import fold_log, needles_of, prove_gone
from holdfast.store.forgetting import (
    Removed,
    positions_of_evidence,
    positions_of_session,
    remove_messages,
    remove_user,
)
from holdfast.store.inspection import inspect
from holdfast.store.noted import Noted
from holdfast.store.queue import enqueue, give_back, select_pending, take
from holdfast.store.records import SQLiteRecords, drop_vectors
from holdfast.store.repair import mend
from holdfast.store.rows import (
    CHANGE_COLUMNS,
    FACT_COLUMNS,
    KEY_COLUMNS,
    MESSAGE_COLUMNS,
    dumps,
    message_values,
    read_change,
    read_fact,
    read_fact_keys,
    read_key,
    read_message,
    read_place,
    utc,
)
from holdfast.store.writing import LISTED, carry_out, claim, partition_of, select_facts, select_quarantine, settle
from holdfast.types import Change, Fact, LedgerEntry, Message, Quarantined, Receipt, Report, Session

__all__ = ["SQLiteStore"]


class SQLiteStore:
    """A `Store` in one file; see docs/storage.md for its schema.

    Args:
        path: The file, created when absent; its folder must exist. `:memory:` is a store that ends with the process,
            and an empty path one that ends with it too, but moves to a temporary file when it grows.
        embedder: Whose vectors it holds.
        terms: Revision of the lexical terms that it holds.
        synchronous: `FULL` survives power loss; `NORMAL` may lose the last moments then, never in a crash of the
            process, and writes about three times as fast.
        new_id: Source of ids for messages that come without one.

    Raises:
        StorageError: The path is a folder, or not accessible.
        CorruptStoreError: The file is not a holdfast store.
        IncompatibleStoreError: Another embedder made it, or a newer holdfast.
    """

    def __init__(
        self,
        path: str,
        *,
        embedder: Fingerprint,
        terms: str,
        synchronous: Literal["FULL", "NORMAL"] = "FULL",
        new_id: Callable[[], str] = lambda: uuid.uuid4().hex,
    ) -> None:
        self._new_id = new_id
        self._embedder = str(embedder)
        self._written = Noted()
        self._database = Database(path, synchronous=synchronous)
        self.records = SQLiteRecords(self._database, self._check_embedder)
        try:
            self._settle_meta({"embedder": self._embedder, "terms": terms})
        except BaseException:
            self._database.close()
            raise

    @property
    def path(self) -> str:
        """Where the store lies."""
        return self._database.path

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
        self._database.check_open()
        if not messages:
            return []

        def write(db: apsw.Connection) -> list[Journaled]:
            partition = claim(db, user_id)
            last = db.execute("SELECT max(position) FROM message WHERE partition=?", (partition,)).get or 0
            known = SentBefore(KnownRows(db, partition, last), messages)
            result: list[Journaled] = []
            spoken = 0
            for number, message in enumerate(messages):
                earlier = known.find(number, message)
                if earlier is None:
                    last += 1
                    message = replace(message, id=message.id or self._new_id(), at=message.at or now)
                    size = (len(message.content) + 3) // 4 if tokens is None else tokens[number]
                    spoken += size
                    db.execute(
                        f"INSERT INTO message (partition, tokens, {MESSAGE_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
                        (partition, size, *message_values(last, message)),
                    )
                    enqueue(db, partition, last, lease)
                    earlier = Journaled(last, message)
                result.append(earlier)
            if spoken:
                db.execute("UPDATE partition SET tokens=tokens+? WHERE id=?", (spoken, partition))
            return result

        return self._database.write(write)

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
        with self._database.reading() as db:
            conditions: list[str] = ["partition=?"]
            values: list[Any] = [partition_of(db, user_id)]
            if session_id != "*":
                conditions.append("session IS ?")
                values.append(session_id)
            if before is not None:
                conditions.append("position<?")
                values.append(before)
            for column, wanted in (("position", positions), ("id", ids)):
                if wanted is not None:
                    conditions.append(f"{column} IN {LISTED}")
                    values.append(dumps(wanted))
            # Left to itself the planner reads every message of the user to find those of one session.
            one_session = session_id != "*" and positions is None and ids is None
            source = "message INDEXED BY message_session" if one_session else "message"
            query = f"SELECT {MESSAGE_COLUMNS} FROM {source} WHERE {' AND '.join(conditions)} ORDER BY position DESC"
            rows = db.execute(query + (" LIMIT ?" if limit is not None else ""), (*values, *_given(limit)))
            return [read_message(row) for row in rows][::-1]

    def sessions(self, user_id: str) -> list[Session]:
        """See `Journal.sessions`."""
        query = """
            SELECT s.session, s.messages, f.said_at, l.said_at FROM (
                SELECT session, count(*) AS messages, min(position) AS first, max(position) AS last
                FROM message WHERE partition=?1 GROUP BY session
            ) AS s
            JOIN message AS f ON f.partition=?1 AND f.position=s.first
            JOIN message AS l ON l.partition=?1 AND l.position=s.last
            ORDER BY s.last DESC
        """
        with self._database.reading() as db:
            return [
                Session(session, count, datetime.fromisoformat(first), datetime.fromisoformat(last))
                for session, count, first, last in db.execute(query, (partition_of(db, user_id),))
            ]

    # Queue

    def pending(
        self, *, user_id: str | None = None, limit: int | None = None, free: datetime | None = None
    ) -> list[Pending]:
        """See `Queue.pending`."""
        with self._database.reading() as db:
            return select_pending(db, user_id, limit, free)

    def waiting(self, user_id: str | None = None) -> int:
        """See `Queue.waiting`."""
        with self._database.reading() as db:
            if user_id is None:
                return int(db.execute("SELECT count(*) FROM pending").get)
            return int(db.execute("SELECT count(*) FROM pending WHERE partition=?", (partition_of(db, user_id),)).get)

    def take(self, user_id: str, positions: Sequence[int], lease: Lease, *, now: datetime) -> list[int]:
        """See `Queue.take`."""
        return self._database.write(lambda db: take(db, partition_of(db, user_id), positions, lease, now))

    def fail(self, user_id: str, positions: Sequence[int], reason: str) -> None:
        """See `Queue.fail`."""

        def write(db: apsw.Connection) -> None:
            give_back(db, partition_of(db, user_id), positions, reason)

        self._database.write(write)

    # Facts

    def facts(self, user_id: str, query: FactQuery) -> list[Fact]:
        """See `Facts.facts`."""
        with self._database.reading() as db:
            return select_facts(db, user_id, query)

    def changes(
        self,
        user_id: str,
        *,
        fact_id: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[Change]:
        """See `Facts.changes`."""
        conditions = ["partition=?"]
        values: list[Any] = []
        for condition, value in (
            ("fact=?", fact_id),
            ("at>=?", since and utc(since)),
            ("at<?", until and utc(until)),
        ):
            if value is not None:
                conditions.append(condition)
                values.append(value)
        query = f"SELECT {CHANGE_COLUMNS} FROM change WHERE {' AND '.join(conditions)} ORDER BY seq"
        with self._database.reading() as db:
            return [read_change(row) for row in db.execute(query, (partition_of(db, user_id), *values))]

    def quarantine(self, user_id: str) -> list[Quarantined]:
        """See `Facts.quarantine`."""
        with self._database.reading() as db:
            return select_quarantine(db, partition_of(db, user_id))

    def commit(self, user_id: str, decide: Callable[[ReadFacts], Write]) -> Write:
        """See `Facts.commit`."""

        def write(db: apsw.Connection) -> Write:
            self._check_embedder(db)
            write = decide(lambda query: select_facts(db, user_id, query))
            partition = partition_of(db, user_id)
            if write == Write() or partition < 0:
                return Write()
            settled = settle(db, partition, write.done) + give_back(db, partition, write.again, write.reason)
            if settled != len({*write.done, *write.again}):
                raise _SomebodyElseError
            return carry_out(db, partition, write)

        try:
            return self._database.write(write)
        except _SomebodyElseError:
            return Write()
        finally:
            self._written.add(user_id)

    # Books

    def book(self, entries: Sequence[tuple[str, LedgerEntry]]) -> None:
        """See `Books.book`."""

        def write(db: apsw.Connection) -> None:
            for user_id, entry in entries:
                insert_entries(db, partition_of(db, user_id), (entry,))

        self._database.write(write)

    def entries(self, user_id: str | None = None) -> list[LedgerEntry]:
        """See `Books.entries`."""
        with self._database.reading() as db:
            return select_entries(db, None if user_id is None else partition_of(db, user_id))

    def spoken(self, user_id: str) -> int:
        """See `Books.spoken`."""
        with self._database.reading() as db:
            return int(db.execute("SELECT tokens FROM partition WHERE user_id=?", (user_id,)).get or 0)

    # Upkeep

    def pull(self, user_id: str, since: int) -> Delta:
        """See `Upkeep.pull`."""
        self._written.discard(user_id)
        with self._database.reading() as db:
            row = db.execute("SELECT id, seq, cleared FROM partition WHERE user_id=?", (user_id,)).fetchone()
            if row is None:
                return Delta(0, reset=since > 0)
            partition, seq, cleared = row
            if seq == since:
                return Delta(seq, reset=False)
            self._check_embedder(db)
            reset = since < cleared
            after = (partition, 0 if reset else since)
            keys = db.execute(f"SELECT {KEY_COLUMNS} FROM key WHERE partition=? AND seq>? ORDER BY seq", after)
            rows = tuple(read_key(key) for key in keys)
            facts = db.execute("SELECT id, valid_from, valid_to FROM fact WHERE partition=? AND seq>?", after)
            states = tuple(read_fact_keys(fact) for fact in facts)
            places = db.execute(
                """SELECT position, role, name, session, agent, said_at, length(content) FROM message
                WHERE partition=?1 AND position IN (SELECT position FROM key WHERE partition=?1 AND seq>?2)""",
                after,
            )
            return Delta(seq, reset, rows, states, tuple(read_place(place) for place in places))

    def renewed(self, user_id: str, since: int) -> Renewed:
        """See `Upkeep.renewed`."""
        with self._database.reading() as db:
            row = db.execute("SELECT id, seq, cleared FROM partition WHERE user_id=?", (user_id,)).fetchone()
            if row is None:
                return Renewed(0, reset=since > 0)
            partition, seq, cleared = row
            reset = since < cleared
            query = f"SELECT {FACT_COLUMNS} FROM fact INDEXED BY fact_seq WHERE partition=? AND seq>?"
            facts = db.execute(query, (partition, 0 if reset else since))
            return Renewed(seq, reset, tuple(read_fact(user_id, fact) for fact in facts))

    def may_stand(self, user_id: str) -> bool:
        """See `Upkeep.may_stand`."""
        return user_id not in self._written

    def look_up(self, user_id: str, seq: int | None, ids: Sequence[str], positions: Sequence[int]) -> Found | None:
        """See `Upkeep.look_up`."""
        with self._database.reading() as db:
            partition, standing = db.execute("SELECT id, seq FROM partition WHERE user_id=?", (user_id,)).get or (-1, 0)
            if seq not in (standing, None):
                self._written.add(user_id)  # somebody did
                return None
            facts = select_facts(db, user_id, FactQuery(ids=tuple(ids))) if ids else []
            query = f"SELECT {MESSAGE_COLUMNS} FROM message WHERE partition=? AND position IN {LISTED}"
            rows = db.execute(query, (partition, dumps(positions))) if positions else ()
            return Found(tuple(facts), tuple(read_message(row) for row in rows))

    def swap(self, partitions: Sequence[Swap], embedder: Fingerprint) -> bool:
        """See `Upkeep.swap`."""

        def write(db: apsw.Connection) -> bool:
            for one in partitions:
                partition = partition_of(db, one.user_id)
                if db.execute("SELECT seq FROM partition WHERE id=?", (partition,)).get != one.seq:
                    raise _SomebodyElseError
                for table in ("key", "fact", "change", "quarantine"):
                    db.execute(f"DELETE FROM {table} WHERE partition=?", (partition,))
                db.execute("UPDATE partition SET seq=seq+1, cleared=seq+1 WHERE id=?", (partition,))
                settle(db, partition, one.write.done)
                carry_out(db, partition, one.write)
            if str(embedder) != self._embedder:
                drop_vectors(db)
            db.execute("UPDATE meta SET value=? WHERE name='embedder'", (str(embedder),))
            return True

        with suppress(_SomebodyElseError):
            self._database.write(write)
            self._embedder = str(embedder)
            return True
        return False

    def users(self) -> list[str]:
        """See `Upkeep.users`."""
        with self._database.reading() as db:
            return [user for (user,) in db.execute("SELECT user_id FROM partition ORDER BY id")]

    def forget(self, user_id: str, *, session_id: str | None = "*", now: datetime) -> Receipt:
        """See `Upkeep.forget`."""

        def write(db: apsw.Connection) -> Removed:
            partition = partition_of(db, user_id)
            if session_id == "*":
                return remove_user(db, user_id, partition)
            return remove_messages(db, user_id, partition, positions_of_session(db, partition, session_id))

        fold_log(self._database)
        return self._proved(user_id, now, self._database.write(write))

    def erase(self, user_id: str, fact_id: str, *, now: datetime) -> Receipt | None:
        """See `Upkeep.erase`."""

        def write(db: apsw.Connection) -> Removed | None:
            partition = partition_of(db, user_id)
            positions = positions_of_evidence(db, partition, fact_id)
            if positions is None:
                return None
            return remove_messages(db, user_id, partition, positions, facts=(fact_id,), keep_rows=True)

        fold_log(self._database)
        removed = self._database.write(write)
        return None if removed is None else self._proved(user_id, now, removed)

    def _proved(self, user_id: str, now: datetime, removed: Removed) -> Receipt:
        needles = needles_of(removed.texts)
        scanned = prove_gone(self._database, needles)
        return Receipt(user_id, now, removed.counts, scanned, len(needles), removed.digest)

    def check(self, *, repair: bool = False) -> Report:
        """See `Upkeep.check`."""
        repaired = self._database.write(mend) if repair else None
        with self._database.reading() as db:
            report = inspect(db)
        return report if repaired is None else replace(report, checked={**report.checked, "repaired": repaired})

    def backup(self, path: str) -> None:
        """See `Upkeep.backup`."""
        self._database.backup(path)

    def close(self) -> None:
        """See `Upkeep.close`."""
        self._database.close()

    def _settle_meta(self, mine: Mapping[str, str]) -> None:
        with self._database.reading() as db:
            found = {str(name): str(value) for name, value in db.execute("SELECT name, value FROM meta")}
        if not found:
            self._database.write(lambda db: db.executemany("INSERT OR IGNORE INTO meta VALUES (?,?)", mine.items()))
            with self._database.reading() as db:
                found = {str(name): str(value) for name, value in db.execute("SELECT name, value FROM meta")}
        for name, value in mine.items():
            self._check_meta(name, found[name], value)

    def _check_embedder(self, db: apsw.Connection) -> None:
        """Refuse to mix vectors when another process has moved the store to another embedder."""
        self._check_meta("embedder", db.execute("SELECT value FROM meta WHERE name='embedder'").get, self._embedder)

    def _check_meta(self, name: str, found: str, expected: str) -> None:
        if found != expected:
            remedy = "open it with that one, then move it with rebuild(embedder=...)"
            raise IncompatibleStoreError(self.path, f"{name} {found}", f"{name} {expected}", remedy)


class _SomebodyElseError(Exception):
    """Messages of a commit are no longer pending: rolls the transaction back and goes no further."""


def _given(value: int | None) -> tuple[int, ...]:
    return () if value is None else (value,)
