"""Memory on a PostgreSQL server: `PostgresStore`, and `migrate`, which makes its tables."""

from holdfast.store.postgres.migrating import Migrated, embedder_on, migrate
from holdfast.store.postgres.store import PostgresStore

__all__ = ["Migrated", "PostgresStore", "embedder_on", "migrate"]
