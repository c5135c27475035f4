from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from holdfast.lexical import REVISION
from holdfast.store import SQLiteStore
from holdfast.testing import SharedSuite, StoreSuite


class TestSQLiteFile(StoreSuite):
    @pytest.fixture
    def make_store(self, tmp_path: Path) -> Callable[[], SQLiteStore]:
        numbers = count()
        return lambda: SQLiteStore(
            str(tmp_path / f"{next(numbers)}.db"), embedder=self.EMBEDDER, terms=REVISION, synchronous="NORMAL"
        )


class TestSQLiteInMemory(StoreSuite):
    @pytest.fixture
    def make_store(self) -> Callable[[], SQLiteStore]:
        return lambda: SQLiteStore(":memory:", embedder=self.EMBEDDER, terms=REVISION)


class TestSQLiteShared(SharedSuite):
    @pytest.fixture
    def open_store(self, tmp_path: Path) -> Callable[[], SQLiteStore]:
        return lambda: SQLiteStore(str(tmp_path / "one.db"), embedder=StoreSuite.EMBEDDER, terms=REVISION)
