import os
from collections.abc import Callable, Iterator

import psycopg
import pytest

from holdfast.lexical import REVISION
from holdfast.protocols import Fingerprint
from holdfast.store.postgres import PostgresStore, migrate
from holdfast.store.postgres.schema import TABLES
from holdfast.testing.samples import EMBEDDER
from postgres.server import APPLICATION, OWNER, Named, Server, make_database, make_roles, serving

ADMIN = "postgres"


@pytest.fixture(scope="session")
def server() -> Iterator[Server | Named]:
    """Run one server for all tests that leave it running, or use the one that HOLDFAST_TEST_POSTGRES names."""
    if "HOLDFAST_TEST_POSTGRES" in os.environ:
        named = Named(os.environ["HOLDFAST_TEST_POSTGRES"])
        make_roles(named.url())
        yield named
        return
    with serving() as running:
        make_roles(running.url())
        yield running


class Databases:
    """Databases with empty stores in them, used again and again: to make one takes longer than most tests."""

    def __init__(self, url: Callable[[str, str], str]) -> None:
        self._url = url
        self._free: list[str] = []
        self._made: list[str] = []

    def take(self) -> str:
        """Return the name of one that is empty."""
        return self._free.pop() if self._free else self._make()

    def give_back(self, name: str) -> None:
        """Empty it for the next."""
        with psycopg.connect(self._url(name, ADMIN), autocommit=True) as db:
            for table in (*TABLES, "record"):
                db.execute(f"DELETE FROM holdfast.{table}".encode())
            db.execute("DELETE FROM holdfast.meta")
        self._free.append(name)

    def _make(self) -> str:
        name = self.make_empty()
        migrate(self._url(name, OWNER), grant=APPLICATION)
        return name

    def make_empty(self) -> str:
        """Make a database without a store, with pgvector; return its name."""
        name = f"holdfast_test_{os.getpid()}_{len(self._made)}"
        make_database(self._url("postgres", ADMIN), name)
        self._made.append(name)
        with psycopg.connect(self._url(name, ADMIN), autocommit=True) as db:
            db.execute("CREATE EXTENSION vector")
        return name

    def drop(self) -> None:
        """Drop all that were made."""
        with psycopg.connect(self._url("postgres", ADMIN), autocommit=True) as db:
            for name in self._made:
                db.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture(scope="session")
def databases(server: Server) -> Iterator[Databases]:
    databases = Databases(server.url)
    yield databases
    databases.drop()


@pytest.fixture
def database(databases: Databases) -> Iterator[str]:
    """Name a database with an empty store."""
    name = databases.take()
    yield name
    databases.give_back(name)


@pytest.fixture
def url(server: Server, database: str) -> str:
    """Return the connection string of the role that uses the store and owns nothing."""
    return server.url(database, APPLICATION)


Open = Callable[..., PostgresStore]


@pytest.fixture
def opened(url: str) -> Iterator[Open]:
    """Return what opens the one store, as often as it is called."""
    stores: list[PostgresStore] = []

    def open_store(embedder: Fingerprint = EMBEDDER, terms: str = REVISION, **options: object) -> PostgresStore:
        store = PostgresStore(url, embedder=embedder, terms=terms, **options)  # type: ignore[arg-type]
        stores.append(store)
        return store

    yield open_store
    for store in stores:
        store.close()
