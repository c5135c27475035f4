from collections.abc import Callable, Iterator

import pytest

from holdfast.lexical import REVISION
from holdfast.protocols import Fingerprint, RecordStore
from holdfast.store.postgres import PostgresStore
from holdfast.testing import MeasuringSuite, RecordSuite, SharedSuite, StoreSuite
from postgres.conftest import Databases, Open
from postgres.server import APPLICATION, Server


class TestPostgres(StoreSuite):
    """As the role that owns nothing, so that row-level security stands behind every statement."""

    @pytest.fixture
    def make_store(self, server: Server, databases: Databases) -> Iterator[Callable[[], PostgresStore]]:
        taken: list[tuple[PostgresStore, str]] = []

        def give_back() -> None:
            while taken:
                store, name = taken.pop()
                store.close()
                databases.give_back(name)

        def make() -> PostgresStore:
            give_back()  # the last one is done with when the next is asked for
            name = databases.take()
            taken.append((PostgresStore(server.url(name, APPLICATION), embedder=self.EMBEDDER, terms=REVISION), name))
            return taken[-1][0]

        yield make
        give_back()


class TestPostgresRecords(RecordSuite):
    @pytest.fixture
    def records(self, url: str) -> Iterator[RecordStore]:
        store = PostgresStore(url, embedder=Fingerprint("four", 4), terms=REVISION)
        yield store.records
        assert store.check().findings == ()
        store.close()


class TestPostgresShared(SharedSuite):
    @pytest.fixture
    def open_store(self, opened: Open) -> Callable[[], PostgresStore]:
        return opened


class TestPostgresMeasures(MeasuringSuite):
    @pytest.fixture
    def store(self, opened: Open) -> PostgresStore:
        return opened()
