"""A PostgreSQL server: its pool of connections, and transactions in as few round trips as they need."""

import os
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, TypeAlias, TypeVar
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg_pool import ConnectionPool, PoolTimeout

from holdfast.errors import ConfigurationError, HoldfastError, StorageError
from holdfast.store import forks
from holdfast.store.postgres import faults
from holdfast.store.postgres.vectors import register

__all__ = ["Connections", "Database", "Rows", "Statement", "Transaction", "execute_all", "shown"]

_R = TypeVar("_R")

Database: TypeAlias = psycopg.Connection[tuple[Any, ...]]
Statement: TypeAlias = tuple[str, Sequence[Any]]
"""SQL and its values. The SQL is made of constants of this package alone, never of anything from outside."""
Rows: TypeAlias = list[tuple[Any, ...]]

_ALL = ("holdfast.scope", "all")  # lets a transaction read, for no one user, whose work is pending and what was spent

_SOON = 2.0  # seconds after which a pool that has no connection, and may have more, is asked why
_TIMES = 10
# Counted by the server between two statements; it forgets to when a pipeline's end comes in two parts.
_IDLE = "idle_in_transaction_session_timeout"
# Every failover begins a new timeline; a standby has none that it writes.
_TIMELINE = b"SELECT CASE WHEN NOT pg_is_in_recovery() THEN left(pg_walfile_name(pg_current_wal_lsn()), 8) END"
_SECRETS = ("password", "sslpassword", "oauth_client_secret")

_BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED"
_BEGIN_READING = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"


def shown(url: str) -> str:
    """Return a connection string without its passwords, for errors and for people; it opens the same store."""
    try:
        parts = {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
    except psycopg.ProgrammingError:
        # What libpq says of it may repeat a password.
        raise ConfigurationError(
            "not a connection string of PostgreSQL; one is postgresql://user@host:port/database, "
            "with special characters written as %XX"
        ) from None
    for secret in _SECRETS:
        parts.pop(secret, None)
    user, place = parts.pop("user", ""), parts.pop("dbname", "")
    host = ""
    if parts.get("host", "/")[0] != "/" and "," not in parts["host"]:
        host = parts.pop("host")
        host += f":{parts.pop('port')}" if "port" in parts else ""
    before = f"{quote(user)}@" if user else ""
    options = f"?{urlencode(parts, safe='/,:', quote_via=quote)}" if parts else ""
    return f"postgresql://{before}{host}/{quote(place)}{options}"


class Connections:
    """The connections to one server. Thread-safe; a child process makes its own after a fork.

    Args:
        url: A connection string of libpq.
        size: Connections that this process keeps at most.
        durable: Commit only what survives a crash of the server; else its last half second may be lost.

    Attributes:
        failovers: How often another server turned out to have taken the place of the one that was spoken to.
    """

    def __init__(self, url: str, *, size: int, durable: bool) -> None:
        self.path = shown(url)
        self.conninfo = make_conninfo(
            url, application_name=conninfo_to_dict(url).get("application_name") or "holdfast", client_encoding="UTF8"
        )
        self._size = size
        self._durable = durable
        self._closed = False
        self._timeline = ""
        self.failovers = 0
        self._pool: ConnectionPool[Database] | None = None
        self._process = os.getpid()

    def read(self, user_id: str, *statements: Statement) -> list[Rows]:
        """Return the rows of each statement, all of one moment, in one round trip."""
        return self._reading([("holdfast.user_id", user_id)] * len(statements), statements)

    def read_all(self, *statements: Statement) -> list[Rows]:
        """Do as `read` for no user: which there are, whose work is pending, what was spent."""
        return self._reading([_ALL] * len(statements), statements)

    def read_each(self, statements: Mapping[str, Statement]) -> Iterator[tuple[str, Rows]]:
        """Return each user's rows of its statement, all of one moment, in one round trip."""
        if not statements:
            return
        settings = [("holdfast.user_id", user_id) for user_id in statements]
        yield from zip(statements, self._reading(settings, list(statements.values())), strict=True)

    def write(self, user_id: str | None, work: Callable[["Transaction"], _R]) -> _R:
        """Call `work` inside a transaction of one user, or of none, and return what it returns once it is durable.

        It is called again when the connection turns out to be lost before its first statements were carried out.
        """
        try:
            return self._write_once(user_id, work)
        except _StaleConnectionError:
            self._opened().check()
        try:
            return self._write_once(user_id, work)
        except _StaleConnectionError as error:
            raise error.reason from error.reason.__cause__

    def _write_once(self, user_id: str | None, work: Callable[["Transaction"], _R]) -> _R:
        transaction: Transaction | None = None
        try:
            with self.lend() as database:
                transaction = Transaction(database, durable=self._durable, limited=user_id is not None)
                if user_id is not None:
                    transaction.enter(user_id)
                result = work(transaction)
                transaction.commit()
                return result
        except StorageError as error:
            if transaction is None or not transaction.lost:
                raise
            if not transaction.begun and not transaction.committing:
                raise _StaleConnectionError(error) from None
            if transaction.committing:
                raise StorageError(
                    error.path,
                    f"{error.detail}; it may or may not have been written: sending it again is harmless",
                    retryable=True,
                ) from error.__cause__
            raise

    @contextmanager
    def lend(self) -> Generator[Database, None, None]:
        """Lend a connection outside a transaction; what fails comes out as an error of the tree."""
        self.check_open()
        try:
            with self._taken() as database, database:
                yield database
        except HoldfastError:
            raise
        except psycopg.Error as error:
            raise faults.translate(self.path, error) from error

    @contextmanager
    def _taken(self) -> Generator[Database, None, None]:
        pool = self._opened()
        soon = min(_SOON, faults.PATIENCE)
        try:
            database = pool.getconn(timeout=soon)
        except PoolTimeout:
            if pool.get_stats().get("pool_size", 0) >= self._size:
                database = pool.getconn(timeout=faults.PATIENCE - soon)  # all are busy
            else:
                # The pool is trying to connect, in its own time and without a word of why it fails.
                with psycopg.connect(self.conninfo, autocommit=True) as database:
                    self._prepare(database)
                    yield database
                return
        try:
            yield database
        finally:
            pool.putconn(database)

    @contextmanager
    def apart(self) -> Generator[Database, None, None]:
        """Lend a connection of its own, outside the pool and outside a transaction."""
        self.check_open()
        try:
            with psycopg.connect(self.conninfo, autocommit=True) as database:
                yield database
        except HoldfastError:
            raise
        except psycopg.Error as error:
            raise faults.translate(self.path, error) from error

    def close(self) -> None:
        """Close every connection."""
        if not self._closed:
            self._closed = True
            if self._pool is not None and self._process == os.getpid():
                self._pool.close()

    def check_open(self) -> None:
        """Raise StorageError when it is closed."""
        if self._closed:
            raise StorageError(self.path, "the memory is closed; open another one")

    def _reading(self, settings: Sequence[tuple[str, str]], statements: Sequence[Statement]) -> list[Rows]:
        lent = False

        def read() -> list[Rows]:
            nonlocal lent
            with self.lend() as database:
                lent = True
                return _read(database, settings, statements)

        try:
            return read()
        except StorageError as error:
            if not error.retryable or not lent:
                raise
        # Reading twice is harmless: a connection that waited in the pool may have been cut meanwhile.
        self._opened().check()
        return read()

    def _prepare(self, database: Database) -> None:
        """Make a new connection ready, and count when it leads to a server that took another one's place."""
        register(database)
        with suppress(psycopg.DatabaseError):  # not every service has a write-ahead log to show
            row = database.execute(_TIMELINE).fetchone()
            timeline = str(row[0] or "") if row else ""
            if timeline and self._timeline and timeline != self._timeline:
                self.failovers += 1
            self._timeline = timeline or self._timeline

    def _opened(self) -> "ConnectionPool[Database]":
        if self._process != os.getpid():
            # The inherited sockets are the parent's: to close them here would end its sessions.
            forks.keep_for_ever(self._pool)
            self._pool, self._process = None, os.getpid()
        if self._pool is None:
            self._pool = ConnectionPool(
                self.conninfo,
                connection_class=Database,
                kwargs={"autocommit": True},
                configure=self._prepare,
                min_size=0,
                max_size=self._size,
                reconnect_timeout=_SOON,
                open=True,
                name="holdfast",
            )
        return self._pool


class Transaction:
    """A transaction that writes. Statements are sent together; it begins with the first of them.

    Args:
        database: Where; outside a transaction.
        durable: As of `Connections`.
        limited: End it when it takes ten times as long as others wait for it; what concerns all users may take longer.
    """

    def __init__(self, database: Database, *, durable: bool, limited: bool) -> None:
        self._database = database
        self._open = False
        self.begun = False
        self.committing = False
        patience = int(faults.PATIENCE * 1000)
        # A node that stops in the middle keeps others from its user no longer than this.
        limit = "transaction_timeout" if database.info.server_version >= 170_000 else _IDLE
        self._waiting: list[Statement] = [
            (_BEGIN, ()),
            (f"SET LOCAL lock_timeout = {patience}", ()),
            (f"SET LOCAL {limit} = {_TIMES * patience if limited else 0}", ()),
        ]
        if not durable:
            self._waiting.append(("SET LOCAL synchronous_commit = off", ()))

    @property
    def lost(self) -> bool:
        """Whether the connection is no more."""
        return self._database.closed

    def enter(self, user_id: str) -> None:
        """Go on with the rows of this user, and of no other."""
        self._waiting.append(_set_local(self._database, "holdfast.user_id", user_id))

    def run(self, *statements: Statement) -> list[Rows]:
        """Carry out statements in one round trip and return the rows of each."""
        first = len(self._waiting)
        rows = execute_all(self._database, [*self._waiting, *statements])[first:]
        self._waiting, self._open, self.begun = [], True, True
        return rows

    def finish(self, *statements: Statement) -> list[Rows]:
        """Carry out the last statements and commit, in one round trip."""
        self.committing = True
        rows = self.run(*statements, ("COMMIT", ()))
        self._open = False
        return rows[:-1]

    def commit(self) -> None:
        """Commit, unless it never began or was finished."""
        if self._open:
            self.committing = True
            execute_all(self._database, [("COMMIT", ())])
            self._open = False


def _read(database: Database, settings: Sequence[tuple[str, str]], statements: Sequence[Statement]) -> list[Rows]:
    """Return the rows of each statement, all of one moment, each read under its setting."""
    sent: list[Statement] = [(_BEGIN_READING, ())]
    wanted: list[int] = []
    setting: tuple[str, str] | None = None
    for one, statement in zip(settings, statements, strict=True):
        if one != setting:
            sent.append(_set_local(database, *one))
            setting = one
        wanted.append(len(sent))
        sent.append(statement)
    rows = execute_all(database, [*sent, ("COMMIT", ())])
    return [rows[number] for number in wanted]


class _StaleConnectionError(Exception):
    """The connection was lost before anything of a transaction was carried out, as `reason` says."""

    def __init__(self, reason: StorageError) -> None:
        super().__init__(reason)
        self.reason = reason


def execute_all(database: Database, statements: Sequence[Statement]) -> list[Rows]:
    """Send statements together and return the rows of each; after one that fails none is carried out."""
    with database.pipeline():
        cursors = [
            # What has no values is said once a transaction: preparing it would only fill the server's cache.
            database.execute(query.encode(), values or None, prepare=None if values else False, binary=True)
            for query, values in statements
        ]
    return [cursor.fetchall() if cursor.description else [] for cursor in cursors]


def _set_local(database: Database, name: str, value: str) -> Statement:
    # SET LOCAL takes no parameters; unlike set_config() a distributed PostgreSQL passes it on to its nodes.
    return f"SET LOCAL {name} = {sql.quote(value, database)}", ()
