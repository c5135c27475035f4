"""One SQLite file: how it is opened, read by many and written by one."""

import os
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timezone
from pathlib import Path
from typing import Literal, TypeVar

import apsw

from holdfast.errors import (
    ConfigurationError,
    CorruptStoreError,
    HoldfastError,
    IncompatibleStoreError,
    StorageError,
    StoreLockedError,
)
from holdfast.store import forks, pages
from holdfast.store.group import GroupCommit, Work
from holdfast.store.lock import PATIENCE, WriteLock
from holdfast.store.migrations import APPLICATION_ID, MIGRATIONS
from holdfast.store.rows import utc

__all__ = ["Database"]

_R = TypeVar("_R")

_CHECKPOINT = 1_000  # pages of the log (8 MB) from which on it is folded into the file

_CORRUPT = (apsw.CorruptError, apsw.NotADBError)
_DETAILS: dict[type[apsw.Error], str] = {
    apsw.FullError: "the disk is full; nothing of this call was written",
    apsw.ReadOnlyError: "the file or its folder is not writable",
    apsw.PermissionsError: "the file or its folder is not accessible",
    apsw.CantOpenError: "the file cannot be opened; does its folder exist, and is it writable?",
    apsw.IOError: "the disk reported an error",
}


class Database:
    """A SQLite file in WAL mode: readers never wait, writers take turns under a lock file beside it.

    Thread-safe, and a child process may go on with it after a fork: connections are closed before and opened anew
    when next needed, on both sides.
    """

    def __init__(self, path: str, *, synchronous: Literal["FULL", "NORMAL"] = "FULL") -> None:
        if synchronous not in ("FULL", "NORMAL"):
            raise ConfigurationError(f"synchronous is FULL or NORMAL, got {synchronous!r}")
        self.path = path
        self.in_memory = path in (":memory:", "")
        self._synchronous = synchronous
        self._closed = False
        self._abandoned = False
        self._pool: list[apsw.Connection] = []
        self._writer: apsw.Connection | None = None
        self._frames = 0  # of the log after this transaction, when it wrote something
        if not self.in_memory:
            _check_place(Path(path))
        self._renew_locks()
        with self._alone():
            pass  # opens it, so that what is wrong with the file shows now
        forks.watch(self)

    @contextmanager
    def reading(self) -> Generator[apsw.Connection, None, None]:
        """Lend a connection inside one read transaction: every statement sees the same moment."""
        if self.in_memory:
            with self._alone() as writer, self._translated():
                yield writer
            return
        with self._lent(), self._translated():
            try:
                connection = self._pool.pop()
            except IndexError:
                connection = self._open(reader=True)
            try:
                connection.execute("BEGIN")
                yield connection
            finally:
                if connection.in_transaction:
                    connection.execute("COMMIT")
                self._pool.append(connection)

    def write(self, work: Work[_R]) -> _R:
        """Call `work` inside a write transaction and return what it returns, once that is durable.

        Writes of several threads may share a transaction; one that raises undoes itself alone.
        """
        self.check_open()
        with self._translated():
            return self._group.run(work)

    def outside_transaction(self, work: Callable[[apsw.Connection], _R]) -> _R:
        """Run `work` with the write lock held but no transaction open (checkpoint, vacuum)."""
        with self._alone() as writer, self._translated():
            if not self.in_memory:
                self._lock.write(None)  # the log may be emptied now, and the mark must never promise more than it holds
            return work(writer)

    def backup(self, path: str) -> None:
        """Copy the store as it stands now into a new file, whole when this returns; writers do not wait."""
        if Path(path).exists():
            raise ConfigurationError(f"{path} is there already; give a backup a name of its own")
        _check_place(Path(path))
        half = f"{path}-part"
        Path(half).unlink(missing_ok=True)
        with self._translated(), self.reading() as source:
            copy = pages.verified(half)
            try:
                pages.reserve(copy)
                with copy.backup("main", source, "main") as backup:
                    backup.step(-1)
                copy.execute("PRAGMA journal_mode=DELETE")
            finally:
                copy.close()
        with Path(half).open("rb") as file:
            os.fsync(file.fileno())
        Path(half).rename(path)

    def contents(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Return the name and the bytes, in blocks, of each file that may hold data now."""
        if not self.in_memory:
            yield Path(self.path).name, pages.blocks(self.path)
            for path in (Path(f"{self.path}-wal"), Path(f"{self.path}-journal")):
                if path.exists():
                    yield path.name, pages.blocks_of_log(path)

    def close(self) -> None:
        """Close every connection; the last one of all processes folds the log into the file."""
        with self._gate:
            if self._closed:
                return
            self._closed = True
            if forks.me() not in self._readers:
                self._gate.wait_for(lambda: not self._readers, PATIENCE)
        with self._mutex:
            self.close_connections()

    # Forks

    def pause(self, seconds: float) -> bool:
        """Wait until no call is at work, keep others from beginning, close all; return whether that worked out."""
        if not self._mutex.acquire(timeout=seconds):
            return False
        with self._gate:
            self._paused = True  # no other call begins, or there might always be one
            if not self._gate.wait_for(lambda: not self._readers, 0 if forks.me() in self._readers else seconds):
                self._paused = False
                self._gate.notify_all()
        if not self._paused:
            self._mutex.release()
            return False
        if not self.in_memory:
            self.close_connections()
        return True

    def resume(self) -> None:
        """Go on after a fork, in the parent."""
        with self._gate:
            self._paused = False
            self._gate.notify_all()
        self._mutex.release()

    def resume_in_child(self, *, paused: bool) -> None:
        """Go on after a fork, in the child: with locks of its own, since others may have held the inherited ones."""
        if paused:
            self._renew_locks()
        else:
            forks.keep_for_ever(self._writer, *self._pool)
            self._abandoned = True

    def close_connections(self) -> None:
        """Close what is open; the next call opens it again."""
        if self._writer is None:
            return
        self._log.close()
        with self._translated(), self._exclusive():
            mark = None
            if not self.in_memory:
                mark = self._lock.read()
                self._lock.write(None)
            for connection in (*self._pool, self._writer):
                connection.close()
            self._pool.clear()
            self._writer = None
            if mark is not None and Path(f"{self.path}-wal").exists():
                self._lock.write(mark)  # others still have it open
        self._lock.close()

    def _renew_locks(self) -> None:
        self._mutex = threading.RLock()
        self._gate = threading.Condition()
        self._readers: list[int] = []
        self._paused = False
        self._lock = WriteLock(f"{self.path}-lock", store=self.path)
        self._log = pages.Log(self.path)
        self._group = GroupCommit(self.path, self._alone, self._committed)

    # Opening

    @contextmanager
    def _alone(self) -> Generator[apsw.Connection, None, None]:
        """Lend the writing connection, opened if need be, to one thread of one process."""
        with self._mutex:
            self.check_open()
            with self._exclusive():
                yield self._open_writer() if self._writer is None else self._writer

    @contextmanager
    def _exclusive(self) -> Generator[None, None, None]:
        if self.in_memory:
            yield
            return
        with self._lock.held():
            yield

    @contextmanager
    def _lent(self) -> Generator[None, None, None]:
        while not self._entered():
            with self._alone():
                pass  # closed for a fork; whoever comes first opens it again
        try:
            yield
        finally:
            with self._gate:
                self._readers.remove(forks.me())
                self._gate.notify_all()

    def _entered(self) -> bool:
        """Count a reader, unless the writer has to be opened first: who waits for that must not be waited for."""
        with self._gate:
            self._gate.wait_for(lambda: not self._paused or forks.me() in self._readers)
            self.check_open()
            if self._writer is None:
                return False
            self._readers.append(forks.me())
            return True

    def _open(self, *, reader: bool = False) -> apsw.Connection:
        with self._translated():
            connection = apsw.Connection(self.path) if self.in_memory else pages.verified(self.path)
            connection.set_busy_timeout(int(PATIENCE * 1000))
            connection.execute("PRAGMA wal_autocheckpoint=0")  # only writers, under the lock
            if reader:
                connection.execute("PRAGMA query_only=ON")
            return connection

    def _open_writer(self) -> apsw.Connection:
        with self._translated():
            if not self.in_memory:
                pages.check_header(self.path)
            writer = self._open()
            try:
                self._migrate(writer)
            except BaseException:
                writer.close()
                raise
            writer.set_wal_hook(self._count_frames)
            self._writer = writer
            return writer

    def _migrate(self, db: apsw.Connection) -> None:
        found = _pragma(db, "application_id")
        empty = db.execute("SELECT count(*) FROM sqlite_schema").get == 0
        if not empty and found != APPLICATION_ID:
            raise CorruptStoreError(self.path, "a SQLite file, but not a holdfast store; choose another path")
        version = _pragma(db, "user_version")
        newest = MIGRATIONS[-1].version
        if version > newest:
            raise IncompatibleStoreError(
                self.path, f"schema {version}", f"schema {newest}", "upgrade holdfast to open this store"
            )
        if not self.in_memory:
            pages.check_log(self.path, self._lock.read(), db)
        if empty:
            pages.reserve(db)
            db.execute(f"PRAGMA page_size=8192; PRAGMA application_id={APPLICATION_ID}")
        db.execute("PRAGMA journal_mode=WAL")
        db.execute(f"PRAGMA synchronous={self._synchronous}; PRAGMA secure_delete=ON; PRAGMA foreign_keys=OFF")
        for step in MIGRATIONS[version:]:
            with db:
                db.execute(step.sql)
                db.execute(
                    "INSERT INTO migration VALUES (?,?,?)",
                    (step.version, step.name, utc(datetime.now(timezone.utc))),
                )
                db.execute(f"PRAGMA user_version={step.version}")

    # Committing

    def _count_frames(self, _db: apsw.Connection, _name: str, frames: int) -> int:
        self._frames = frames
        return 0

    def _committed(self, db: apsw.Connection) -> None:
        """Mark how much of the log is durable, and fold it into the file when it has grown."""
        frames, self._frames = self._frames, 0
        if self.in_memory or not frames:
            return
        with suppress(OSError, apsw.Error):  # what was committed stays so
            if self._synchronous == "FULL":
                self._lock.write(self._log.mark(frames))
            if frames >= _CHECKPOINT:
                db.execute("PRAGMA wal_checkpoint(PASSIVE)")

    @contextmanager
    def _translated(self) -> Generator[None, None, None]:
        try:
            yield
        except HoldfastError:
            raise
        except apsw.BusyError as error:
            raise StoreLockedError(self.path, PATIENCE) from error
        except _CORRUPT as error:
            raise CorruptStoreError(self.path, f"not a sound SQLite file: {error}") from error
        except apsw.Error as error:
            if getattr(error, "extendedresult", 0) == apsw.SQLITE_IOERR_DATA:
                raise CorruptStoreError(
                    self.path,
                    "a page does not agree with its checksum; restore a backup, or, if another program made or changed "
                    "this file, call holdfast.store.renew_checksums",
                ) from error
            detail = next((text for kind, text in _DETAILS.items() if isinstance(error, kind)), str(error))
            raise StorageError(self.path, detail) from error

    def check_open(self) -> None:
        """Raise StorageError when it is closed."""
        if self._closed:
            raise StorageError(self.path, "the memory is closed; open another one")
        if self._abandoned:
            raise StorageError(self.path, "the process was forked in the middle of a call; open the memory anew")


def _pragma(connection: apsw.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").get)


def _check_place(path: Path) -> None:
    if path.is_dir():
        raise StorageError(str(path), "a folder; give the path of a file in it")
    if not path.parent.is_dir():
        raise StorageError(str(path), "its folder does not exist; create it or choose another path")
    if path.exists() and not os.access(path, os.W_OK):
        raise StorageError(str(path), _DETAILS[apsw.ReadOnlyError])
    if not os.access(path.parent, os.W_OK):
        raise StorageError(str(path), _DETAILS[apsw.ReadOnlyError])
