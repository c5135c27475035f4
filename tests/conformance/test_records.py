from collections.abc import Iterator
from pathlib import Path

import pytest

from holdfast import Fingerprint
from holdfast.protocols import RecordStore
from holdfast.store import SQLiteStore
from holdfast.testing import RecordSuite

EMBEDDER = Fingerprint("four", 4)


class TestSQLiteFile(RecordSuite):
    @pytest.fixture
    def records(self, tmp_path: Path) -> Iterator[RecordStore]:
        store = SQLiteStore(str(tmp_path / "m.db"), embedder=EMBEDDER, terms="1", synchronous="NORMAL")
        yield store.records
        assert store.check().findings == ()
        store.close()


class TestSQLiteInMemory(RecordSuite):
    @pytest.fixture
    def records(self) -> Iterator[RecordStore]:
        store = SQLiteStore(":memory:", embedder=EMBEDDER, terms="1")
        yield store.records
        store.close()
