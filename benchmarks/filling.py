"""Fills stores with made-up facts whose vectors are given, fast enough for a million of them."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone

import numpy as np
import numpy.typing as npt

from holdfast import Memory, Message
from holdfast.lexical import terms_of
from holdfast.protocols import Fingerprint, Row, TextKind, Write
from holdfast.store import SQLiteStore
from holdfast.types import Change, Evidence, Fact, Vectors

DIMENSIONS = 384
START = datetime(2025, 1, 1, tzinfo=timezone.utc)
TOPICS = 50

_THINGS = "tea chess jazz hiking sailing baking running painting reading cycling".split()
_PLACES = "Lisbon Oslo Kyoto Quito Turin Perth Accra Malmo Galway Tartu".split()


class Given:
    """An embedder that is told its vectors, and gives every other text the same one."""

    def __init__(self) -> None:
        self.known: dict[str, Vectors] = {}
        self.other = topical(np.random.default_rng(2), [0])[0]
        self.fingerprint = Fingerprint("given", DIMENSIONS)

    def embed(self, texts: Sequence[str], *, kind: TextKind = "document") -> Vectors:
        return np.stack([self.known.get(text, self.other) for text in texts])

    def count_tokens(self, text: str) -> int:
        return len(text.split())


def topical(chance: np.random.Generator, topics: Sequence[int] | npt.NDArray[np.int64]) -> Vectors:
    """Return unit vectors near their topics: facts of all users on one topic are near each other."""
    centres = np.random.default_rng(1).normal(size=(TOPICS, DIMENSIONS))
    vectors = centres[np.asarray(topics)] + 0.7 * chance.normal(size=(len(topics), DIMENSIONS))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def said(user: str, number: int, topic: int) -> str:
    return f"I like {_THINGS[topic % 10]} number {number} of {user} in {_PLACES[topic // 10 % 10]}."


def store_of(memory: Memory) -> SQLiteStore:
    store = memory._calls.parts.store
    assert isinstance(store, SQLiteStore)
    return store


def fill(store: SQLiteStore, user: str, topics: Sequence[int] | npt.NDArray[np.int64], vectors: Vectors) -> None:
    """Journal a message a fact and commit the facts, one key each, in two transactions a thousand."""
    for start in range(0, len(topics), 1_000):
        numbers = range(start, min(start + 1_000, len(topics)))
        write = journaled(store, user, numbers, topics, vectors)
        store.commit(user, lambda _, write=write: write)  # type: ignore[misc]


def journaled(
    store: SQLiteStore,
    user: str,
    numbers: Sequence[int],
    topics: Sequence[int] | npt.NDArray[np.int64],
    vectors: Vectors,
) -> Write:
    """Journal a message for each of these numbers, and return what commits its fact."""
    messages = [Message("user", said(user, n, int(topics[n])), at=START + timedelta(minutes=n)) for n in numbers]
    keys: list[Row] = []
    facts: list[Fact] = []
    changes: list[Change] = []
    done: list[int] = []
    for one, number in zip(store.append(user, messages, now=START), numbers, strict=True):
        assert one.message.at is not None
        span = Evidence(one.message.id, 0, len(one.message.content), one.message.content)
        text = one.message.content.replace("I like", "User likes")
        fact = Fact(
            f"{user}-{one.position}", user, text, "preference", "preference_instruction", "User", None, None,
            "positive", (), None, one.message.at, one.message.at, None, None, None, "high", (), (span,), "made/1",
            None, None,
        )  # fmt: skip
        terms, vector = terms_of(text).astype("<u4").tobytes(), vectors[number].astype("<f2").tobytes()
        keys.append(Row(one.position, "fact", text, 0, span.end, (), fact.id, terms, vector))
        facts.append(fact)
        changes.append(Change(f"c-{fact.id}", START, "added", fact.id, None, fact, "made up", "made/1", (span,)))
        done.append(one.position)
    return Write(tuple(keys), tuple(facts), changes=tuple(changes), done=tuple(done))


def exact(vectors: Vectors, query: Vectors, count: int) -> set[int]:
    """Return the nearest rows by a matrix product over the vectors as they are stored."""
    scores = vectors.astype("<f2").astype(np.float32) @ query
    return set(np.argsort(-scores)[:count].tolist())


def one_fact() -> Callable[[Message], list[str]]:
    """Return a script by which every message states one fact: its words."""
    return lambda message: [message.content.replace("I like", "User likes")]
