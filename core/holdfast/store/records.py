"""Records in SQLite: JSON values under a space and a key, with the vectors that find them."""

import json
from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, TypeAlias

import apsw

from holdfast.protocols import Shelf
from holdfast.store.database import Database
from holdfast.store.rows import dumps, utc
from holdfast.store.writing import LISTED
from holdfast.types import Put, Record

__all__ = ["SQLiteRecords", "drop_vectors"]

_Space: TypeAlias = tuple[str, ...]
_Pair: TypeAlias = tuple[_Space, str]

_MICROSECOND = timedelta(microseconds=1)
_SELECT = "SELECT seq, space, name, body, created_at, updated_at, expires_at FROM record"
_LIVES = "(expires_at IS NULL OR expires_at>?)"


class SQLiteRecords:
    """A `RecordStore` in the tables `record` and `record_text`.

    Args:
        database: The file.
        check_embedder: Raises when the vectors in the file are no longer those of this store's embedder.
    """

    def __init__(self, database: Database, check_embedder: Callable[[apsw.Connection], None]) -> None:
        self._database = database
        self._check_embedder = check_embedder

    def write(
        self, puts: Sequence[Put], vectors: Sequence[Sequence[bytes]], deletes: Sequence[_Pair], *, now: datetime
    ) -> None:
        """See `RecordStore.write`."""

        def write(db: apsw.Connection) -> None:
            self._check_embedder(db)
            seq = _seq(db)
            replaced = [_remove(db, space, key) is not None for space, key in deletes]
            for put, own in zip(puts, vectors, strict=True):
                seq += 1
                before = _remove(db, put.space, put.key)
                replaced.append(before is not None)
                _insert(db, seq, put, own, before=before, now=now)
            _advance(db, seq, cleared=any(replaced))

        self._database.check_open()
        if puts or deletes:
            self._database.write(write)

    def read(
        self, *, pairs: Sequence[_Pair] = (), numbers: Sequence[int] = (), now: datetime, refresh: bool = False
    ) -> list[tuple[int, Record]]:
        """See `RecordStore.read`."""

        def select(db: apsw.Connection) -> list[tuple[Any, ...]]:
            rows = db.execute(f"{_SELECT} WHERE seq IN {LISTED} AND {_LIVES}", (dumps(numbers), utc(now))).fetchall()
            for space, key in pairs:
                rows += db.execute(f"{_SELECT} WHERE space=? AND name=? AND {_LIVES}", (dumps(space), key, utc(now)))
            return rows

        def refreshed(db: apsw.Connection) -> list[tuple[Any, ...]]:
            _refresh(db, mortal, now)
            return select(db)

        with self._database.reading() as db:
            rows = select(db)
        mortal = [row[0] for row in rows if row[-1] is not None]
        if refresh and mortal:  # what is kept for ever costs no write
            rows = self._database.write(refreshed)
        return [(row[0], _record(row)) for row in rows]

    def shelf(self, prefix: _Space, since: int) -> Shelf:
        """See `RecordStore.shelf`."""
        with self._database.reading() as db:
            state: Any = db.execute("SELECT seq, cleared FROM record_state").fetchone()
            seq, cleared = int(state[0]), int(state[1])
            if seq == since:
                return Shelf(seq, whole=False)
            self._check_embedder(db)
            whole = since < cleared
            records = _under(db, prefix, -1 if whole else since)
            new = records[bisect_right(records, since) :]
            texts: list[tuple[Any, ...]] = db.execute(
                "SELECT record, number, vector, CASE WHEN vector IS NULL THEN text END FROM record_text"
                f" WHERE record IN {LISTED} ORDER BY record, number",
                (dumps(new),),
            ).fetchall()
        return Shelf(
            seq,
            whole,
            tuple(records),
            tuple((record, number, vector) for record, number, vector, _ in texts if vector is not None),
            tuple((record, number, text) for record, number, vector, text in texts if vector is None),
        )

    def fill(self, vectors: Sequence[tuple[int, int, bytes]]) -> None:
        """See `RecordStore.fill`."""

        def write(db: apsw.Connection) -> None:
            self._check_embedder(db)
            db.executemany(
                "UPDATE record_text SET vector=? WHERE record=? AND number=?",
                [(vector, record, number) for record, number, vector in vectors],
            )
            _advance(db, _seq(db), cleared=True)

        self._database.write(write)

    def spaces(self, *, now: datetime) -> list[_Space]:
        """See `RecordStore.spaces`."""
        with self._database.reading() as db:
            found = db.execute(f"SELECT DISTINCT space FROM record WHERE {_LIVES}", (utc(now),))
            return [tuple(json.loads(space)) for (space,) in found]

    def sweep(self, *, now: datetime) -> int:
        """See `RecordStore.sweep`."""

        def write(db: apsw.Connection) -> int:
            expired = "SELECT seq FROM record WHERE expires_at<=?"
            db.execute(f"DELETE FROM record_text WHERE record IN ({expired})", (utc(now),))
            db.execute("DELETE FROM record WHERE expires_at<=?", (utc(now),))
            count = db.changes()
            if count:
                _advance(db, _seq(db), cleared=True)
            return count

        return self._database.write(write)


def drop_vectors(db: apsw.Connection) -> None:
    """Void the vectors of all records, whose texts another embedder is to embed; inside a transaction."""
    db.execute("UPDATE record_text SET vector=NULL")
    _advance(db, _seq(db), cleared=True)


def _seq(db: apsw.Connection) -> int:
    return int(db.execute("SELECT seq FROM record_state").get)


def _advance(db: apsw.Connection, seq: int, *, cleared: bool) -> None:
    """Go on to the next sequence number; nothing was written at it, so that none is ever used twice."""
    db.execute("UPDATE record_state SET seq=?1+1, cleared=CASE WHEN ?2 THEN ?1+1 ELSE cleared END", (seq, cleared))


def _under(db: apsw.Connection, prefix: _Space, since: int) -> list[int]:
    """Return the records under a prefix that were put after a sequence number, in the order in which they were."""
    # A segment ends with a quotation mark that nothing inside it can be, so what follows tells whole segments apart:
    # the list ends, or a comma goes before the next one. Without a prefix every list begins alike.
    opened = dumps(prefix)[:-1]
    first, last = (f"{opened},", f"{opened}-") if prefix else ("[", "\\")
    space = "space" if since < 0 else "+space"  # few are new: they stand at the end of the table
    found = db.execute(
        f"SELECT seq FROM record WHERE ({space}=? OR {space}>=? AND {space}<?) AND seq>? ORDER BY seq",
        (dumps(prefix), first, last, since),
    )
    return [seq for (seq,) in found]


def _remove(db: apsw.Connection, space: _Space, key: str) -> tuple[str, str | None] | None:
    """Delete a record; return since when it stood and until when it lived, None when there was none."""
    query = "DELETE FROM record WHERE space=? AND name=? RETURNING seq, created_at, expires_at"
    gone: list[tuple[Any, ...]] = db.execute(query, (dumps(space), key)).fetchall()
    if not gone:
        return None
    [(seq, created_at, expires_at)] = gone
    db.execute("DELETE FROM record_text WHERE record=?", (seq,))
    return created_at, expires_at


def _insert(
    db: apsw.Connection,
    seq: int,
    put: Put,
    vectors: Sequence[bytes],
    *,
    before: tuple[str, str | None] | None,
    now: datetime,
) -> None:
    moment = utc(now)
    created_at = moment
    if before is not None and (before[1] is None or before[1] > moment):
        created_at = before[0]
    lifetime = None if put.lifetime is None else put.lifetime // _MICROSECOND
    expires_at = None if put.lifetime is None else utc(now + put.lifetime)
    db.execute(
        "INSERT INTO record VALUES (?,?,?,?,?,?,?,?)",
        (seq, dumps(put.space), put.key, dumps(put.value), created_at, moment, lifetime, expires_at),
    )
    for number, (text, vector) in enumerate(zip(put.texts, vectors, strict=True)):
        db.execute("INSERT INTO record_text VALUES (?,?,?,?)", (seq, number, text, vector))


def _refresh(db: apsw.Connection, numbers: Sequence[int], now: datetime) -> None:
    query = f"SELECT seq, lifetime FROM record WHERE seq IN {LISTED} AND lifetime NOT NULL AND {_LIVES}"
    found: list[tuple[Any, ...]] = db.execute(query, (dumps(numbers), utc(now))).fetchall()
    ends = [(utc(now + lifetime * _MICROSECOND), seq) for seq, lifetime in found]
    db.executemany("UPDATE record SET expires_at=? WHERE seq=?", ends)


def _record(row: tuple[Any, ...]) -> Record:
    _, space, name, body, created_at, updated_at, expires_at = row
    moment = datetime.fromisoformat
    return Record(
        _segments(space),
        name,
        json.loads(body),
        moment(created_at),
        moment(updated_at),
        moment(expires_at) if expires_at else None,
    )


@lru_cache(maxsize=1024)
def _segments(space: str) -> _Space:
    return tuple(json.loads(space))
