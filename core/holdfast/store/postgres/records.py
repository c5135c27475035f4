"""Records on a server: JSON values under a space and a key, with the vectors that find them."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from holdfast.protocols import Shelf
from holdfast.store.postgres.connections import Connections, Rows, Statement, Transaction
from holdfast.store.postgres.digests import digest
from holdfast.store.postgres.vectors import Vectors
from holdfast.store.postgres.writing import EMBEDDER
from holdfast.store.rows import dumps, utc
from holdfast.types import Put, Record

__all__ = ["PostgresRecords", "voiding"]

_Space: TypeAlias = tuple[str, ...]
_Pair: TypeAlias = tuple[_Space, str]

_MICROSECOND = timedelta(microseconds=1)
_SELECT = "SELECT seq, space, name, body, created_at, updated_at, expires_at FROM holdfast.record"
_LIVES = "(expires_at IS NULL OR expires_at > %s)"
_STATE: Statement = ("SELECT seq, cleared FROM holdfast.record_state", ())
# Every write waits for this lock, so that numbers become known in the order in which they were given.
_LOCK: Statement = ("SELECT seq FROM holdfast.record_state FOR UPDATE", ())


class PostgresRecords:
    """A `RecordStore` in the tables `record` and `record_text`; they hold what an application files, no user's rows.

    Args:
        connections: The server.
        vectors: How it keeps vectors.
        check_embedder: Raises when they are no longer those of this store's embedder.
    """

    def __init__(self, connections: Connections, vectors: Vectors, check_embedder: Callable[[Rows], None]) -> None:
        self._connections = connections
        self._vectors = vectors
        self._check_embedder = check_embedder

    def write(
        self, puts: Sequence[Put], vectors: Sequence[Sequence[bytes]], deletes: Sequence[_Pair], *, now: datetime
    ) -> None:
        """See `RecordStore.write`."""
        pairs = [*deletes, *((put.space, put.key) for put in puts)]

        def write(transaction: Transaction) -> None:
            ((seq,),), embedder, found = transaction.run(_LOCK, EMBEDDER, _selecting(pairs))
            self._check_embedder(embedder)
            standing = {(row[1], row[2]): row for row in found}
            replaced = False
            statements: list[Statement] = []
            for space, key in pairs[: len(deletes)]:
                gone = standing.pop((dumps(space), key), None)
                replaced = replaced or gone is not None
                statements.extend(_removing(gone))
            for put, own in zip(puts, vectors, strict=True):
                seq += 1
                pair = dumps(put.space), put.key
                gone = standing.get(pair)
                replaced = replaced or gone is not None
                statements.extend(_removing(gone))
                standing[pair] = _row(seq, put, gone, now)
                statements.extend(self._inserting(standing[pair], put, own))
            transaction.finish(*statements, _advancing(seq, cleared=replaced))

        self._connections.check_open()
        if pairs:
            self._connections.write(None, write)

    def read(
        self, *, pairs: Sequence[_Pair] = (), numbers: Sequence[int] = (), now: datetime, refresh: bool = False
    ) -> list[tuple[int, Record]]:
        """See `RecordStore.read`."""
        select, values = _selecting(pairs)
        wanted: list[Statement] = [
            (f"{select} AND {_LIVES}", (*values, utc(now))),
            (f"{_SELECT} WHERE seq = ANY(%s) AND {_LIVES}", (list(numbers), utc(now))),
        ]
        named = {(dumps(space), key) for space, key in pairs}

        def chosen(by_pair: Rows, by_number: Rows) -> list[tuple[Any, ...]]:
            return [*by_number, *(row for row in by_pair if (row[1], row[2]) in named)]

        rows = chosen(*self._connections.read_all(*wanted))
        mortal = [row[0] for row in rows if row[-1] is not None]
        if refresh and mortal:  # what is kept for ever costs no write

            def refreshed(transaction: Transaction) -> list[tuple[Any, ...]]:
                mortals = "SELECT seq, lifetime FROM holdfast.record WHERE seq = ANY(%s) AND lifetime IS NOT NULL"
                query = f"{mortals} AND {_LIVES}"
                _, found = transaction.run(_LOCK, (query, (mortal, utc(now))))
                update = "UPDATE holdfast.record SET expires_at = %s WHERE seq = %s"
                ends = [(update, (utc(now + lifetime * _MICROSECOND), seq)) for seq, lifetime in found]
                return chosen(*transaction.finish(*ends, *wanted)[len(ends) :])

            rows = self._connections.write(None, refreshed)
        return [(row[0], _record(row)) for row in rows]

    def shelf(self, prefix: _Space, since: int) -> Shelf:
        """See `RecordStore.shelf`."""
        (((seq, cleared),),) = self._connections.read_all(_STATE)
        if seq == since:
            return Shelf(seq, whole=False)
        floor = -1 if since < cleared else since
        under, values = _under(prefix)
        column = self._vectors.column
        texts = f"""
            SELECT t.record, t.number, {column}, CASE WHEN vector IS NULL THEN t.text END
            FROM holdfast.record_text AS t JOIN holdfast.record AS r ON r.seq = t.record
            WHERE {under} AND t.record > %s ORDER BY t.record, t.number
        """
        ((now, cleared),), embedder, records, found = self._connections.read_all(
            _STATE,
            EMBEDDER,
            (f"SELECT r.seq FROM holdfast.record AS r WHERE {under} AND r.seq > %s ORDER BY r.seq", (*values, floor)),
            (texts, (*values, since)),
        )
        if 0 <= floor < cleared:
            return self.shelf(prefix, since)  # something was removed between the two readings
        self._check_embedder(embedder)
        return Shelf(
            now,
            since < cleared,
            tuple(record for (record,) in records),
            tuple((record, number, self._vectors.load(sent)) for record, number, sent, _ in found if sent is not None),
            tuple((record, number, text) for record, number, sent, text in found if sent is None),
        )

    def fill(self, vectors: Sequence[tuple[int, int, bytes]]) -> None:
        """See `RecordStore.fill`."""
        update = "UPDATE holdfast.record_text SET vector = %s WHERE record = %s AND number = %s"

        def write(transaction: Transaction) -> None:
            ((seq,),), embedder = transaction.run(_LOCK, EMBEDDER)
            self._check_embedder(embedder)
            filled = [(update, (self._vectors.dump(vector), record, number)) for record, number, vector in vectors]
            transaction.finish(*filled, _advancing(seq, cleared=True))

        self._connections.write(None, write)

    def spaces(self, *, now: datetime) -> list[_Space]:
        """See `RecordStore.spaces`."""
        query = f"SELECT DISTINCT space FROM holdfast.record WHERE {_LIVES}"
        (rows,) = self._connections.read_all((query, (utc(now),)))
        return [tuple(json.loads(space)) for (space,) in rows]

    def sweep(self, *, now: datetime) -> int:
        """See `RecordStore.sweep`."""

        def write(transaction: Transaction) -> int:
            delete = "DELETE FROM holdfast.record WHERE expires_at <= %s RETURNING seq"
            ((seq,),), gone = transaction.run(_LOCK, (delete, (utc(now),)))
            transaction.finish(*[_advancing(seq, cleared=True)][: len(gone)])
            return len(gone)

        return self._connections.write(None, write)

    def _inserting(self, row: tuple[Any, ...], put: Put, vectors: Sequence[bytes]) -> Iterator[Statement]:
        lifetime = None if put.lifetime is None else put.lifetime // _MICROSECOND
        query = """
            INSERT INTO holdfast.record
            (seq, space, name, body, created_at, updated_at, expires_at, lifetime, pair_digest)
            VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
        """
        yield query, (*row, lifetime, _digest(row[1], row[2]))
        insert = "INSERT INTO holdfast.record_text (record, number, text, vector) VALUES (%s, %s, %s, %s)"
        for number, (text, vector) in enumerate(zip(put.texts, vectors, strict=True)):
            yield insert, (row[0], number, text, self._vectors.dump(vector))


def voiding(transaction: Transaction) -> None:
    """Void the vectors of all records, whose texts another embedder is to embed; inside a transaction."""
    ((seq,),), _ = transaction.run(_LOCK, ("UPDATE holdfast.record_text SET vector = NULL", ()))
    transaction.run(_advancing(seq, cleared=True))


def _advancing(seq: int, *, cleared: bool) -> Statement:
    """Return what goes on to the next sequence number; nothing was written at it, so that none is ever used twice."""
    moved = ", cleared = %s" if cleared else ""
    return f"UPDATE holdfast.record_state SET seq = %s{moved}", (seq + 1,) * (2 if cleared else 1)


def _selecting(pairs: Sequence[_Pair]) -> Statement:
    digests = [_digest(dumps(space), key) for space, key in pairs]
    return f"{_SELECT} WHERE pair_digest = ANY(%s)", (digests,)


def _digest(space: str, key: str) -> int:
    return digest(f"{space}\x1f{key}")


def _removing(row: tuple[Any, ...] | None) -> Iterator[Statement]:
    if row is not None:
        yield "DELETE FROM holdfast.record WHERE seq = %s", (row[0],)


def _row(seq: int, put: Put, before: tuple[Any, ...] | None, now: datetime) -> tuple[Any, ...]:
    """Return a put as a row in the order of _SELECT; what stood there and lives hands its beginning on."""
    moment = utc(now)
    created_at = moment
    if before is not None and (before[-1] is None or before[-1] > moment):
        created_at = before[4]
    expires_at = None if put.lifetime is None else utc(now + put.lifetime)
    return seq, dumps(put.space), put.key, dumps(put.value), created_at, moment, expires_at


def _under(prefix: _Space) -> tuple[str, tuple[str, ...]]:
    """Return the condition that a record lies under a prefix, on the column `r.space`, and its values."""
    if not prefix:
        return "true", ()
    # A segment ends with a quotation mark that nothing inside it can be, so what follows tells whole segments apart:
    # the list ends, or a comma goes before the next one.
    opened = dumps(prefix)[:-1]
    return "(r.space = %s OR r.space >= %s AND r.space < %s)", (dumps(prefix), f"{opened},", f"{opened}-")


def _record(row: tuple[Any, ...]) -> Record:
    _, space, name, body, created_at, updated_at, expires_at = row
    moment = datetime.fromisoformat
    return Record(
        tuple(json.loads(space)),
        name,
        json.loads(body),
        moment(created_at),
        moment(updated_at),
        moment(expires_at) if expires_at else None,
    )
