import pytest

from holdfast.index import Index
from holdfast.testing import IndexSuite, MakeIndex


class TestIndex(IndexSuite):
    @pytest.fixture
    def make_index(self) -> MakeIndex:
        return lambda pull: Index(pull, self.DIMENSIONS)


class TestIndexWithoutRoom(IndexSuite):
    @pytest.fixture
    def make_index(self) -> MakeIndex:
        return lambda pull: Index(pull, self.DIMENSIONS, memory=1)
