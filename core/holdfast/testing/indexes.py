"""What an index of partitions promises, held against exact search with numpy."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdfast.index import Index, Partition
from holdfast.protocols import Delta, FactQuery, Fingerprint, Row, Write
from holdfast.ranking import Request, Weights
from holdfast.store import SQLiteStore
from holdfast.testing.conformance import Conformance
from holdfast.testing.samples import NOW, fact, later, message, row
from holdfast.types import Fact, Vectors

__all__ = ["IndexSuite", "MakeIndex"]

MakeIndex: TypeAlias = Callable[[Callable[[str, int], Delta]], Index]
"""Makes an index over what `Store.pull` tells, for vectors of `IndexSuite.DIMENSIONS`."""

_ONLY_DENSE = Weights(lexical=0, dense=1, assistant=0)
_DIMENSIONS = 16


class IndexSuite(Conformance):
    """Subclass it and give the fixture `make_index`."""

    DIMENSIONS = _DIMENSIONS

    @pytest.fixture
    def make_index(self) -> MakeIndex:
        """Return what makes an index; called again, it makes another one."""
        raise NotImplementedError("give a fixture named make_index")

    @pytest.fixture
    def store(self) -> Iterator[SQLiteStore]:
        """Yield an empty store."""
        store = SQLiteStore(":memory:", embedder=Fingerprint("random", self.DIMENSIONS), terms="1")
        yield store
        store.close()

    @pytest.fixture
    def index(self, make_index: MakeIndex, store: SQLiteStore) -> Index:
        """Return an index over the store."""
        return make_index(store.pull)

    def test_an_unknown_user_has_an_empty_partition(self, index: Index) -> None:
        """Nothing is found in it."""
        with index.partition("max") as partition:
            assert len(partition) == 0
            assert partition.cosines(_directions(1, 1)[0]).shape == (0,)
            assert _best(partition, _directions(1, 1)[0], 3) == []

    @pytest.mark.parametrize("count", [1, 2, 50, 700])
    def test_cosines_are_exact(self, index: Index, store: SQLiteStore, count: int) -> None:
        """Every key gets the inner product of the question with its vector as stored, in the order of the store."""
        _add(store, "max", _directions(1, count))
        _compare(index, store, "max", _directions(2, 5))

    @pytest.mark.parametrize("limit", [1, 10, 100])
    def test_the_best_are_those_of_exact_search(self, index: Index, store: SQLiteStore, limit: int) -> None:
        """The same messages in the same order, all of them."""
        _add(store, "max", _directions(1, 400))
        vectors = _stored(store, "max")
        with index.partition("max") as partition:
            for question in _directions(2, 10):
                expected = np.argsort(-(vectors @ question), kind="stable")[:limit] + 1
                assert _best(partition, question, limit) == expected.tolist()

    def test_a_large_partition_keeps_its_best(self, index: Index, store: SQLiteStore) -> None:
        """Beyond some thousand keys the last may be taken for equal, the first never."""
        _add(store, "max", _directions(1, 6_000))
        vectors = _stored(store, "max")
        with index.partition("max") as partition:
            for question in _directions(2, 3):
                exact = vectors @ question
                np.testing.assert_allclose(
                    np.sort(partition.cosines(question))[-2_000:], np.sort(exact)[-2_000:], atol=1e-5
                )
                assert _best(partition, question, 100) == (np.argsort(-exact, kind="stable")[:100] + 1).tolist()

    @settings(
        max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors]
    )
    @given(
        steps=st.lists(
            st.tuples(st.sampled_from(["add", "learn", "supersede", "remove", "hide", "look"]), st.integers(0, 9)),
            min_size=1,
            max_size=12,
        )
    )
    def test_it_follows_the_store(self, make_index: MakeIndex, steps: list[tuple[str, int]]) -> None:
        """After additions, supersessions and removals in any order it is what it would be when read afresh."""
        store = SQLiteStore(":memory:", embedder=Fingerprint("random", self.DIMENSIONS), terms="1")
        index = make_index(store.pull)
        for number, (step, size) in enumerate(steps):
            facts = store.facts("max", FactQuery())
            some = facts[size % len(facts)] if facts else None
            if step == "add":
                _add(store, "max", _directions(number, size))
            elif step == "learn":
                _add(
                    store,
                    "max",
                    _directions(number, size + 1),
                    facts=[fact("max", f"f{number}", said_at=later(number))],
                )
            elif step == "supersede" and some:
                _write(store, Write(facts=(replace(some, valid_to=later(99), superseded_by="f"),)))
            elif step == "remove" and some:
                _write(store, Write(removed=(some.id,)))
            elif step == "hide":
                _write(store, Write(hidden=(size, 2 * size)))
            if step == "look":
                _compare(index, store, "max", _directions(100, 2))
        _compare(index, store, "max", _directions(100, 2))
        true = {one.id for one in store.facts("max", FactQuery()) if one.active}
        with index.partition("max") as partition:
            request = Request(np.zeros(0, np.uint32), 100, frozenset({"facts"}))
            found = partition.search(_directions(100, 1)[0], request, _ONLY_DENSE)
            assert {partition.fact_ids[one.fact] for one in found} == true
        store.close()

    def test_what_is_new_is_there_at_the_next_look(self, make_index: MakeIndex, store: SQLiteStore) -> None:
        """In every index over the store, whoever wrote it."""
        indexes = [make_index(store.pull), make_index(store.pull)]
        for number in range(3):
            _add(store, "max", _directions(number, 2))
            for index in indexes:
                _compare(index, store, "max", _directions(9, 1))

    def test_a_user_who_comes_back_is_read_anew(self, index: Index, store: SQLiteStore) -> None:
        """Nothing of what was forgotten is found."""
        _add(store, "max", _directions(1, 20), facts=[fact("max", "f1")])
        _compare(index, store, "max", _directions(9, 1))
        store.forget("max", now=NOW)
        with index.partition("max") as partition:
            assert (len(partition), partition.places, partition.fact_ids) == (0, [], [])
        _add(store, "max", _directions(2, 30))
        _compare(index, store, "max", _directions(9, 1))

    def test_users_do_not_meet(self, index: Index, store: SQLiteStore) -> None:
        """Each partition holds the rows of its user alone."""
        for number, user_id in enumerate(("1", "10", "1\n")):
            _add(store, user_id, _directions(number, 5 + number))
        for number, user_id in enumerate(("1", "10", "1\n")):
            _compare(index, store, user_id, _directions(9, 1))
            with index.partition(user_id) as partition:
                assert len(partition) == 5 + number

    def test_dropped_it_is_read_again(self, index: Index, store: SQLiteStore) -> None:
        """Dropping a partition costs time, not rows; dropping an unknown one is harmless."""
        _add(store, "max", _directions(1, 5))
        _compare(index, store, "max", _directions(9, 1))
        index.drop("max")
        index.drop("eve")
        _compare(index, store, "max", _directions(9, 1))

    def test_searches_and_news_meet_in_threads(self, index: Index, store: SQLiteStore) -> None:
        """Searches run while rows arrive; each sees whole commits, and the last sees them all."""
        batches = [_directions(number, 4) for number in range(15)]
        _add(store, "max", batches[0])
        sizes: list[int] = []
        stop = threading.Event()

        def search(number: int) -> None:
            while not stop.is_set():
                with index.partition("max") as partition:
                    size = len(partition)
                    assert partition.cosines(_directions(number, 1)[0]).shape == (size,)
                    assert len(partition.places) == size
                sizes.append(size)

        with ThreadPoolExecutor(4) as pool:
            running = [pool.submit(search, number) for number in range(3)]
            for batch in batches[1:]:
                _add(store, "max", batch)
            stop.set()
            for one in running:
                one.result()
        assert {size % 4 for size in sizes} == {0}
        _compare(index, store, "max", _directions(9, 1))

    def test_news_wait_while_a_partition_is_lent(self, index: Index, store: SQLiteStore) -> None:
        """Who holds a partition sees it unchanged; the others get the news once it is given back."""
        _add(store, "max", _directions(1, 3))
        written = threading.Event()
        seen: list[int] = []

        def another() -> None:
            _add(store, "max", _directions(2, 4))
            written.set()
            with index.partition("max") as partition:
                seen.append(len(partition))

        thread = threading.Thread(target=another)
        with index.partition("max") as partition:
            thread.start()
            assert written.wait(30)
            assert len(partition) == 3
            assert len(partition.cosines(_directions(9, 1)[0])) == 3
            assert seen == []
        thread.join()
        assert seen == [7]

    def test_who_held_a_partition_that_failed_gives_it_back(self, index: Index, store: SQLiteStore) -> None:
        """An error inside does not lock the partition."""
        _add(store, "max", _directions(1, 3))
        with pytest.raises(LookupError), index.partition("max"):
            raise LookupError
        _add(store, "max", _directions(2, 3))
        _compare(index, store, "max", _directions(9, 1))


def _directions(seed: int, count: int, dimensions: int = _DIMENSIONS) -> Vectors:
    vectors = np.random.default_rng(seed).normal(size=(count, dimensions))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def _keyed(position: int, vector: npt.NDArray[np.float32], fact_id: str | None = None) -> Row:
    return replace(row(position, fact_id=fact_id), vector=vector.astype("<f2").tobytes())


def _add(store: SQLiteStore, user_id: str, vectors: Vectors, facts: Sequence[Fact] = ()) -> None:
    """Journal a message for each vector; facts rest on the first, with its vector."""
    said = [message(f"{user_id} {vector[0]}", id=vector.tobytes().hex()) for vector in vectors]
    journaled = store.append(user_id, said, now=NOW)
    keys = [_keyed(one.position, vector) for one, vector in zip(journaled, vectors, strict=True)]
    keys.extend(_keyed(journaled[0].position, vectors[0], one.id) for one in facts)
    _write(store, Write(tuple(keys), tuple(facts)), user_id)


def _write(store: SQLiteStore, write: Write, user_id: str = "max") -> None:
    store.commit(user_id, lambda _: write)


def _stored(store: SQLiteStore, user_id: str) -> Vectors:
    stored = np.frombuffer(b"".join(key.vector for key in store.pull(user_id, 0).keys), dtype="<f2")
    return stored.reshape(-1, _DIMENSIONS).astype(np.float32)


def _compare(index: Index, store: SQLiteStore, user_id: str, questions: Vectors) -> None:
    vectors = _stored(store, user_id)
    with index.partition(user_id) as partition:
        assert len(partition) == len(vectors)
        for question in questions if len(vectors) else ():
            np.testing.assert_allclose(partition.cosines(question), vectors @ question, atol=1e-5)


def _best(partition: Partition, question: Vectors, limit: int) -> list[Any]:
    request = Request(np.zeros(0, np.uint32), limit, frozenset({"messages"}))
    found = partition.search(question, request, _ONLY_DENSE)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    return [partition.places[one.message].position for one in found]
