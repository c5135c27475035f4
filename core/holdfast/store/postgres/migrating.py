"""The schema on a server: made, brought to the newest step, and opened to the role that uses it."""

from dataclasses import dataclass

import psycopg
from psycopg import sql

from holdfast.errors import ConfigurationError, IncompatibleStoreError, StorageError
from holdfast.store.postgres.connections import Connections, Database
from holdfast.store.postgres.schema import MIGRATIONS, PARTITIONS, RECORDS, TABLES, statements
from holdfast.store.postgres.writing import EMBEDDER

__all__ = ["Migrated", "check_schema", "embedder_on", "migrate", "vector_type"]

_LOCK = 0x48_46_53_54
"""The number of the advisory lock under which a schema is changed: one process at a time, the others wait."""

_VERSION = "SELECT to_regclass('holdfast.migration') IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Migrated:
    """What `migrate` did: the schema found, 0 when there was none, and the one that is there now."""

    path: str
    found: int
    version: int


def migrate(url: str, *, partitions: int = PARTITIONS, grant: str | None = None) -> Migrated:
    """Bring the schema of a server to the newest step, in one transaction and under an advisory lock.

    Args:
        url: A connection string for a role that may create a schema, or that owns it already.
        partitions: Hash partitions of each table that is new; 0 makes plain tables, for a distributed PostgreSQL.
        grant: A role that is to use the store and to own nothing.

    Raises:
        ConfigurationError: The server has no pgvector, and the role may not add it; or a role that is not there.
        IncompatibleStoreError: The schema is of a newer holdfast.
        StorageError: The server could not be reached, or refused.
    """
    if not 0 <= partitions <= 1024:
        raise ConfigurationError(f"partitions must be between 0 and 1024, got {partitions}")
    connections = Connections(url, size=1, durable=True)
    with connections.apart() as database, database.transaction():
        database.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        found = _version(database)
        _refuse_newer(connections.path, found)
        vector = _vector_type(database) if found < len(MIGRATIONS) else ""
        for step in MIGRATIONS[found:]:
            for statement in statements(step, vector=vector, partitions=partitions):
                database.execute(statement.encode())
            database.execute("INSERT INTO holdfast.migration VALUES (%s, %s)", (step.version, step.name))
        if grant is not None:
            _grant(database, grant)
    connections.close()
    return Migrated(connections.path, found, len(MIGRATIONS))


def check_schema(connections: Connections) -> None:
    """Make the schema on a server that has none; refuse one that this version cannot use.

    Raises:
        IncompatibleStoreError: It is of another version.
        StorageError: There is none, and the role may not make it.
    """
    with connections.apart() as database:
        found = _version(database)
        may_create = database.execute(
            "SELECT has_database_privilege(current_database(), 'CREATE') AND NOT pg_is_in_recovery()"
        ).fetchone()
    _refuse_newer(connections.path, found)
    if found == len(MIGRATIONS):
        return
    if found:
        raise IncompatibleStoreError(
            connections.path, f"schema {found}", f"schema {len(MIGRATIONS)}", "run `holdfast migrate` as its owner"
        )
    if may_create != (True,):
        raise StorageError(
            connections.path, "no holdfast store, and this role may not make one; run `holdfast migrate`"
        )
    migrate(connections.conninfo)


def embedder_on(url: str) -> str | None:
    """Return the name of the embedder whose vectors a server holds; None when it holds no store."""
    connections = Connections(url, size=1, durable=True)
    with connections.apart() as database:
        row = database.execute(EMBEDDER[0].encode()).fetchone() if _version(database) else None
    return None if row is None else str(row[0])


def vector_type(connections: Connections) -> str:
    """Return the type of the vectors that the store on a server keeps."""
    query = (
        "SELECT atttypid::regtype::text FROM pg_attribute "
        "WHERE attrelid = 'holdfast.key'::regclass AND attname = 'vector'"
    )
    ((found,),) = connections.read_all((query, ()))[0]
    return str(found).removeprefix("public.")


def _version(database: Database) -> int:
    there = database.execute(_VERSION).fetchone()
    if there != (True,):
        return 0
    row = database.execute("SELECT coalesce(max(version), 0) FROM holdfast.migration").fetchone()
    return int(row[0]) if row else 0


def _refuse_newer(path: str, found: int) -> None:
    if found > len(MIGRATIONS):
        raise IncompatibleStoreError(
            path, f"schema {found}", f"schema {len(MIGRATIONS)}", "upgrade holdfast to open this store"
        )


def _vector_type(database: Database) -> str:
    """Return the type for vectors, with the extension made if need be: half the bytes where the server has it."""
    try:
        with database.transaction():
            database.execute("CREATE EXTENSION IF NOT EXISTS vector")
    except psycopg.errors.InsufficientPrivilege as error:
        raise ConfigurationError(
            "pgvector is not in this database and the role may not add it; have CREATE EXTENSION vector run once"
        ) from error
    except (psycopg.errors.UndefinedFile, psycopg.errors.FeatureNotSupported) as error:
        raise ConfigurationError("the server has no pgvector; install it beside PostgreSQL") from error
    row = database.execute("SELECT coalesce(to_regtype('halfvec'), to_regtype('vector'))::text").fetchone()
    assert row is not None
    return str(row[0])


def _grant(database: Database, role: str) -> None:
    if not database.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone():
        raise ConfigurationError(f"there is no role {role!r}; make it with CREATE ROLE ... LOGIN")
    name = sql.Identifier(role)
    tables = sql.SQL(", ").join(sql.Identifier("holdfast", table) for table in (*TABLES, *RECORDS))
    for query in (
        sql.SQL("GRANT USAGE ON SCHEMA holdfast TO {}").format(name),
        sql.SQL("GRANT USAGE ON SEQUENCE holdfast.epoch, holdfast.number TO {}").format(name),
        sql.SQL("GRANT SELECT, INSERT, UPDATE ON holdfast.meta TO {}").format(name),
        sql.SQL("GRANT SELECT ON holdfast.migration TO {}").format(name),
        sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON {} TO {}").format(tables, name),
    ):
        database.execute(query)
    if database.info.server_version >= 170_000:
        # To vacuum what was forgotten, and nothing more; a part is vacuumed alone.
        found = database.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'holdfast'::regnamespace AND relkind = 'r'"
            " AND relrowsecurity"
        ).fetchall()
        parts = sql.SQL(", ").join(sql.Identifier("holdfast", part) for (part,) in found)
        database.execute(sql.SQL("GRANT MAINTAIN ON {} TO {}").format(parts, name))
