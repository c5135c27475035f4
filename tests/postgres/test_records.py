"""Records on a server: every test of those in a file, but for the few that look into it."""

from collections.abc import Iterator

import pytest

import core.test_records as of_files
from holdfast import Memory
from holdfast.testing import Clock, FakeEmbedder

INTO_THE_FILE = {
    "test_a_batch_is_written_whole_or_not_at_all",
    "test_deleted_bytes_are_gone",
    "test_check_finds_and_mends",
    "test_a_backup_holds_them",
}
clock = of_files.clock
globals().update(
    {name: test for name, test in vars(of_files).items() if name.startswith("test_") and name not in INTO_THE_FILE}
)


@pytest.fixture
def path(url: str) -> str:
    return url


@pytest.fixture
def memory(url: str, clock: Clock) -> Iterator[Memory]:
    with Memory(url, embedder=FakeEmbedder(), clock=clock) as memory:
        yield memory


def test_the_tests_that_are_left_out_are_there() -> None:
    assert set(vars(of_files)) >= INTO_THE_FILE


def test_what_one_node_puts_the_other_finds(url: str) -> None:
    with Memory(url, embedder=FakeEmbedder()) as one, Memory(url, embedder=FakeEmbedder()) as other:
        one.records.apply([of_files.note("a", "tea")])
        assert of_files.keys(other.records.search(("notes",), query="tea")) == ["a"]
        other.records.apply([of_files.note("b", "tea leaves")], deletes=[(("notes",), "a")])
        assert of_files.keys(one.records.search(("notes",), query="tea")) == ["b"]
        assert one.check().checked["record"] == 1
