"""What the conformance suite of the index leaves open: its memory bound and what the flows ask of a partition."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace

import faiss
import numpy as np
import pytest

from holdfast.index import Index, Partition, vectors
from holdfast.protocols import Fingerprint, Write
from holdfast.ranking import Request, Weights, visible, window_bm25
from holdfast.store import SQLiteStore
from holdfast.testing.samples import EMBEDDER, NOW, WIDTH, fact, learn, message, row, said


@pytest.fixture
def store() -> Iterator[SQLiteStore]:
    store = SQLiteStore(":memory:", embedder=EMBEDDER, terms="1")
    yield store
    store.close()


def fill(store: SQLiteStore, users: int, messages: int = 20) -> list[str]:
    names = [f"user {number}" for number in range(users)]
    for name in names:
        learn(store, name, said(store, name, *[f"words {number}" for number in range(messages)]))
    return names


def visit(index: Index, user_id: str) -> int:
    with index.partition(user_id) as partition:
        return len(partition)


def test_it_stays_under_its_memory_bound(store: SQLiteStore) -> None:
    names = fill(store, 6)
    unbounded = Index(store.pull, WIDTH)
    visit(unbounded, names[0])
    one = unbounded.nbytes
    assert one > 20 * 2 * WIDTH
    index = Index(store.pull, WIDTH, memory=3 * one)
    for _ in range(2):
        for name in names:
            assert visit(index, name) == 20
            assert index.nbytes <= 3 * one
    assert len(index) == 3


def test_the_least_recently_used_goes_first(store: SQLiteStore) -> None:
    names = fill(store, 3)
    pulled: list[tuple[str, int]] = []

    def pull(user_id: str, since: int) -> object:
        pulled.append((user_id, since))
        return store.pull(user_id, since)

    unbounded = Index(store.pull, WIDTH)
    visit(unbounded, names[0])
    index = Index(pull, WIDTH, memory=2 * unbounded.nbytes)  # type: ignore[arg-type]
    for name in (names[0], names[1], names[0], names[2]):
        visit(index, name)
    pulled.clear()
    visit(index, names[0])
    visit(index, names[2])
    assert 0 not in {since for _, since in pulled}
    visit(index, names[1])
    assert (names[1], 0) in pulled


def test_the_one_in_use_always_stays(store: SQLiteStore) -> None:
    (name,) = fill(store, 1)
    index = Index(store.pull, WIDTH, memory=1)
    assert visit(index, name) == 20
    assert len(index) == 1


def test_what_is_not_in_memory_is_not_refreshed(store: SQLiteStore) -> None:
    """A hint about a user whose partition was dropped brings it not back; one in memory is brought up to date."""
    names = fill(store, 2)
    index = Index(store.pull, WIDTH)
    visit(index, names[0])
    learn(store, names[0], said(store, names[0], "more words"))
    for name in names:
        index.refresh(name)
    assert len(index) == 1
    with index.partition(names[0], unasked=True) as partition:
        assert len(partition) == 21


def test_news_are_read_alone(store: SQLiteStore) -> None:
    (name,) = fill(store, 1)
    asked: list[int] = []

    def pull(user_id: str, since: int) -> object:
        delta = store.pull(user_id, since)
        asked.append(len(delta.keys))
        return delta

    index = Index(pull, WIDTH)  # type: ignore[arg-type]
    visit(index, name)
    learn(store, name, said(store, name, "news"))
    asked.clear()
    visit(index, name)
    visit(index, name)
    assert max(asked) == 1


def test_users_that_are_not_there_cost_nothing_for_long(store: SQLiteStore) -> None:
    index = Index(store.pull, WIDTH, memory=100_000)
    for number in range(3_000):
        assert visit(index, f"nobody {number}") == 0
    assert len(index) < 3_000


# What the flows ask


@pytest.fixture
def partition(store: SQLiteStore) -> Iterator[Partition]:
    """Yield one with three messages: the first wholly a fact, the second partly, the third unread."""
    talk = [message("I live in Lisbon."), message("I like tea and much more."), message("Hello")]
    journaled = store.append("max", talk, now=NOW)
    keys = [row(one.position, one.message.content) for one in journaled]
    whole = row(1, "I live in Lisbon.", fact_id="whole")
    part = replace(row(2, fact_id="part"), start=0, end=10)
    both = [replace(row(1, fact_id="both"), start=0, end=1), replace(row(2, fact_id="both"), start=0, end=1)]
    facts = (fact("max", "whole"), fact("max", "part"), fact("max", "both"))
    store.commit("max", lambda _: Write((*keys, whole, part, *both), facts, done=(1, 2, 3)))
    index = Index(store.pull, WIDTH)
    with index.partition("max") as partition:
        yield partition


def test_which_messages_a_fact_speaks_for(partition: Partition) -> None:
    assert [place.position for place in partition.spoken_for_by("whole")] == [1]
    assert partition.spoken_for_by("part") == []
    assert partition.spoken_for_by("unknown") == []


def test_which_facts_rest_on_messages(partition: Partition) -> None:
    def resting(*positions: int) -> set[str]:
        mask = partition.facts_resting_on(partition.message_mask(lambda place: place.position in positions))
        return {id for id, there in zip(partition.fact_ids, mask, strict=True) if there}

    assert resting(1) == {"whole", "both"}
    assert resting(2) == {"part", "both"}
    assert resting(3) == set()
    assert resting(1, 2, 3) == {"whole", "part", "both"}


def test_which_facts_have_these_ids(partition: Partition) -> None:
    mask = partition.fact_mask({"part", "unknown"})
    assert [id for id, there in zip(partition.fact_ids, mask, strict=True) if there] == ["part"]


def test_which_messages_can_be_found_by_their_own_words(partition: Partition, store: SQLiteStore) -> None:
    assert [partition.has_words(position) for position in (1, 2, 3, 4)] == [True, True, True, False]
    store.commit("max", lambda _: Write(hidden=(1,)))
    fresh = Partition(WIDTH)
    fresh.apply(store.pull("max", 0))
    assert [fresh.has_words(position) for position in (1, 2, 3)] == [False, True, True]


def test_what_it_takes_in_memory_is_counted(partition: Partition) -> None:
    columns = partition.columns
    kept = visible(columns, Request(columns.words, 1))
    scores = window_bm25(columns, columns.words, Weights()).scores
    derived = [columns.ends, columns.in_order, columns.spoken_for, columns.repeated, scores]
    derived += [columns.postings.terms, columns.postings.message, kept.keys, kept.messages, kept.starts]
    arrays = [getattr(columns, one.name) for one in fields(columns)]
    taken = sum(one.nbytes for one in arrays + derived if isinstance(one, np.ndarray))
    assert taken + len(partition) * 4 * WIDTH < partition.nbytes


def test_vectors_are_kept_as_they_are_stored(store: SQLiteStore) -> None:
    """No value of float16 is lost on the way into the index, the largest and smallest included."""
    values = np.array([1, -1, 0.5, 2**-14, 2**-24, 0, 0.333, -0.999], dtype="<f2")
    journaled = said(store, "max", "words")
    store.commit("max", lambda _: Write((replace(row(1), vector=values.tobytes()),), done=(journaled[0].position,)))
    index = Index(store.pull, WIDTH)
    with index.partition("max") as partition:
        for axis in range(WIDTH):
            unit = np.eye(WIDTH, dtype=np.float32)[axis]
            assert partition.cosines(unit)[0] == pytest.approx(float(values[axis]), abs=1e-7)


def test_a_fingerprint_says_what_it_is() -> None:
    assert str(Fingerprint("name", 3, "r2")) == "name (3 dimensions, revision r2)"
    assert json.dumps(str(EMBEDDER))


def test_every_structure_that_vectors_grow_through_finds_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"WIDEST": 20, "NEAREST": 15, "LARGE": 60, "CANDIDATES": 30}.items():
        monkeypatch.setattr(vectors, name, value)
    chance = np.random.default_rng(3)
    stored = chance.normal(size=(90, 64))
    stored = (stored / np.linalg.norm(stored, axis=1, keepdims=True)).astype("<f2")
    partition = Partition(64)
    for first in range(0, 90, 6):
        partition._vectors.add(stored[first : first + 6].tobytes())
        rows = stored[: first + 6].astype(np.float32)
        assert partition._vectors.codes().tobytes() == rows.astype("<f2").tobytes()
        for query in rows[:: len(rows) // 5]:
            cosines = partition._vectors.closeness(query).cosine
            assert len(cosines) == len(rows)
            best = np.argsort(-cosines)[:3]
            assert best[0] == np.argmax(rows @ query)
            np.testing.assert_allclose(cosines[best], (rows @ query)[best], atol=2e-3)


def test_faiss_keeps_to_one_core_in_every_thread(partition: Partition) -> None:
    def search() -> int:
        partition.cosines(np.eye(WIDTH, dtype=np.float32)[0])
        return int(faiss.omp_get_max_threads())

    with ThreadPoolExecutor(1) as other:
        assert [search(), other.submit(search).result()] == [1, 1]
