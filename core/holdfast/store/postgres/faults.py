"""What PostgreSQL reports, as errors of the tree."""

from typing import Final

import psycopg
from psycopg import errors as sql
from psycopg_pool import PoolTimeout

from holdfast.errors import ConfigurationError, CorruptStoreError, HoldfastError, StorageError, StoreLockedError

__all__ = ["PATIENCE", "Refused", "translate"]

PATIENCE: Final = 30.0
"""Seconds that a call waits for a connection, or for another one to be done with the same user."""

Refused = type[psycopg.Error] | tuple[type[psycopg.Error], ...]

_LOST = "the connection to the server was lost"

# The first that fits counts; `True` says that the same call may succeed a moment later.
_DETAILS: tuple[tuple[Refused, str, bool], ...] = (
    (
        (sql.SerializationFailure, sql.DeadlockDetected),
        "another transaction was in the way; nothing of this call was written, try again",
        True,
    ),
    (sql.QueryCanceled, "the server cancelled the statement; nothing of this call was written", True),
    (sql.DiskFull, "the server's disk is full; nothing of this call was written", False),
    (sql.TooManyConnections, "the server takes no more connections; lower the pool's size or raise its limit", True),
    ((sql.OutOfMemory, sql.InsufficientResources), "the server is short of memory or of another resource", True),
    (
        sql.ReadOnlySqlTransaction,
        "the server is read-only (a standby, or set so); connect to the primary to write",
        False,
    ),
    (
        sql.InsufficientPrivilege,
        "the role lacks a privilege; let the owner run `holdfast migrate --grant ROLE`",
        False,
    ),
    (
        (sql.UndefinedTable, sql.UndefinedColumn, sql.InvalidSchemaName, sql.UndefinedObject),
        "the tables of holdfast are not there, or not as they should be; run `holdfast migrate`",
        False,
    ),
    (
        (sql.InvalidAuthorizationSpecification, sql.InvalidPassword, sql.InvalidCatalogName),
        "the server refused the role, the password or the database",
        False,
    ),
    (
        (sql.TransactionTimeout, sql.IdleInTransactionSessionTimeout),
        "the transaction took too long and was ended; nothing of this call was written",
        True,
    ),
    (
        (sql.AdminShutdown, sql.CrashShutdown, sql.CannotConnectNow),
        f"{_LOST}, it is shutting down or starting",
        True,
    ),
)


def translate(path: str, error: psycopg.Error) -> HoldfastError:
    """Return the error of the tree that says what happened; the caller raises it `from` the other."""
    if isinstance(error, sql.LockNotAvailable):
        return StoreLockedError(path, PATIENCE)
    if isinstance(error, (sql.DataCorrupted, sql.IndexCorrupted)):
        return CorruptStoreError(path, f"the server found damaged data: {_first_line(error)}")
    if isinstance(error, sql.ProgramLimitExceeded):
        return ConfigurationError(
            f"an id is longer than PostgreSQL can index ({_first_line(error)}); use one of 2,000 bytes or less"
        )
    if isinstance(error, PoolTimeout):
        return StorageError(path, f"no connection was free within {PATIENCE:g} s; enlarge the pool", retryable=True)
    for kind, detail, retryable in _DETAILS:
        if isinstance(error, kind):
            return StorageError(path, f"{detail} ({_first_line(error)})", retryable=retryable)
    if isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError)):
        return StorageError(path, f"{_LOST} or never made ({_first_line(error)})", retryable=True)
    return StorageError(path, _first_line(error))


def _first_line(error: psycopg.Error) -> str:
    # The lines that follow may repeat values, and so the words of a user.
    return str(error).strip().split("\n", 1)[0] or type(error).__name__
