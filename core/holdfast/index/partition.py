"""One user's keys as columns, beside their vectors."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, TypeVar

import numpy as np

from holdfast.index.afar import ServerVectors
from holdfast.index.vectors import PartitionVectors
from holdfast.lexical import Terms, place_terms, terms_of
from holdfast.protocols import Delta, Place, Row
from holdfast.ranking import (
    FOR_EVER,
    Bools,
    Columns,
    Floats,
    Ints,
    Ranked,
    Request,
    Weights,
    neighbours,
    rank,
)
from holdfast.types import Vectors

__all__ = ["Partition"]

_PLACE_BYTES = 400  # what a Place and its dictionary entry take, measured with tracemalloc


class Partition:
    """The keys of one user as columns, and their vectors in a FAISS index of inner products.

    Not thread-safe by itself: searches may run together, `apply` must run alone.

    Args:
        dimensions: Width of the vectors.
        vectors: Where they are compared when that is not here.
    """

    def __init__(self, dimensions: int, vectors: ServerVectors | None = None) -> None:
        self.seq = 0
        self.places: list[Place] = []
        self.fact_ids: list[str] = []
        self.columns = _no_columns()
        self._dimensions = dimensions
        self._message_of: dict[int, int] = {}
        self._fact_of: dict[str, int] = {}
        self._session_of: dict[str | None, int] = {}
        self._session = np.zeros(0, dtype=np.int64)
        self._speaker_of: dict[str, int] = {}
        self._content_of: dict[bytes, int] = {}
        self._vectors = PartitionVectors(dimensions) if vectors is None else vectors

    def __len__(self) -> int:
        return len(self.columns.message)

    @property
    def nbytes(self) -> int:
        """Bytes that it takes in memory."""
        return self._vectors.nbytes + self.columns.nbytes + _PLACE_BYTES * (len(self.places) + len(self.fact_ids))

    def apply(self, delta: Delta) -> None:
        """Take in what is new; a reset delta must go to a new partition."""
        first = len(self.places)
        for place in delta.places:
            if place.position not in self._message_of:
                self._message_of[place.position] = len(self.places)
                self.places.append(place)
        new, columns = self.places[first:], self.columns
        speakers = len(self._speaker_of)
        speaker = [-1 if one.name is None else _number(self._speaker_of, one.name) for one in new]
        names = [terms_of(name) for name in list(self._speaker_of)[speakers:]]
        self._session = _grown(self._session, [_number(self._session_of, one.session_id) for one in new])
        position = np.array([one.position for one in self.places], dtype=np.int64)
        by_user = np.append(columns.by_user, np.array([one.role == "user" for one in new], dtype=bool))
        content = np.append(columns.content, np.full(len(new), -1))
        terms = [np.frombuffer(row.terms, dtype="<u4") for row in delta.keys]
        message = [self._message_of[row.position] for row in delta.keys]
        words, word_message = [columns.words], [columns.word_message]
        for owner, own in _own_terms(delta.keys, message, terms):
            content[owner] = _number(self._content_of, own.tobytes()) if len(own) else -1
            said = np.concatenate([own, place_terms(self.places[owner])])
            words.append(said)
            word_message.append(np.full(len(said), owner))
        valid_from, valid_to = self._intervals(delta)
        self.columns = Columns(
            message=_grown(columns.message, message),
            fact=_grown(columns.fact, [self._fact_of[row.fact_id] if row.fact_id else -1 for row in delta.keys]),
            own=np.append(columns.own, np.array([row.kind == "message" for row in delta.keys], dtype=bool)),
            start=_grown(columns.start, [row.start for row in delta.keys]),
            end=_grown(columns.end, [row.end for row in delta.keys]),
            terms=np.concatenate([columns.terms, *terms]),
            length=_grown(columns.length, [len(part) for part in terms]),
            said_at=_grown(columns.said_at, [one.said_at for one in new]),
            by_user=by_user,
            speaker=_grown(columns.speaker, speaker),
            size=_grown(columns.size, [one.length for one in new]),
            content=content,
            beside=neighbours(self._session, by_user, position) if new else columns.beside,
            words=np.concatenate(words),
            word_message=np.concatenate(word_message),
            name_terms=np.concatenate([columns.name_terms, *names]),
            name_speaker=np.append(
                columns.name_speaker, np.repeat(np.arange(speakers, speakers + len(names)), [len(one) for one in names])
            ).astype(np.int64),
            valid_from=valid_from,
            valid_to=valid_to,
        )
        if delta.keys:
            self._vectors.add(b"".join(row.vector for row in delta.keys))
        self.seq = delta.seq

    def _intervals(self, delta: Delta) -> tuple[Ints, Ints]:
        known = len(self.fact_ids)
        for fact in delta.facts:
            if _number(self._fact_of, fact.fact_id) == len(self.fact_ids):
                self.fact_ids.append(fact.fact_id)
        more = np.zeros(len(self.fact_ids) - known, dtype=np.int64)
        valid_from, valid_to = np.append(self.columns.valid_from, more), np.append(self.columns.valid_to, more)
        for fact in delta.facts:
            number = self._fact_of[fact.fact_id]
            valid_from[number] = fact.valid_from
            valid_to[number] = FOR_EVER if fact.valid_to is None else fact.valid_to
        return valid_from, valid_to

    def equals(self, other: "Partition") -> bool:
        """Whether two partitions hold the same; messages and facts may be numbered in another order."""
        return self._contents() == other._contents() and np.array_equal(self._vectors.codes(), other._vectors.codes())

    def _contents(self) -> tuple[Any, ...]:
        columns = self.columns
        facts = zip(self.fact_ids, columns.valid_from.tolist(), columns.valid_to.tolist(), strict=True)
        return (
            [self.places[message] for message in columns.message.tolist()],
            [None if fact < 0 else self.fact_ids[fact] for fact in columns.fact.tolist()],
            [getattr(columns, name).tolist() for name in ("start", "end", "terms", "length")],
            sorted(facts),
        )

    def cosines(self, vector: Vectors) -> Floats:
        """Return the cosine of one vector, shape (dimensions,), with every key: shape (n,), in [-1, 1]."""
        return self._vectors.closeness(vector).cosine if len(self) else np.zeros(0)

    def search(self, vector: Vectors, request: Request, weights: Weights) -> list[Ranked]:
        """Return the best messages and facts; see `ranking.rank`."""
        return rank(self.columns, self._vectors.closeness(vector), request, weights) if len(self) else []

    def message_mask(self, allowed: Callable[[Place], bool]) -> Bools:
        """Return which messages a predicate allows."""
        return np.array([allowed(place) for place in self.places], dtype=bool)

    def fact_mask(self, ids: Collection[str]) -> Bools:
        """Return which facts have one of these ids."""
        return np.array([fact_id in ids for fact_id in self.fact_ids], dtype=bool)

    def facts_resting_on(self, messages: Bools) -> Bools:
        """Return which facts rest on a message of the mask."""
        keys = self.columns.fact >= 0
        keys[keys] = messages[self.columns.message[keys]]
        return np.bincount(self.columns.fact[keys], minlength=len(self.fact_ids)) > 0

    def spoken_for_by(self, fact_id: str) -> list[Place]:
        """Return the messages that this fact and its like stand for, so that they say little else."""
        number = self._fact_of.get(fact_id, -1)
        resting = np.unique(self.columns.message[self.columns.fact == number]) if number >= 0 else ()
        return [self.places[int(message)] for message in resting if self.columns.spoken_for[message]]

    def has_words(self, position: int) -> bool:
        """Whether a message can be found by its own words."""
        message = self._message_of.get(position, -1)
        return bool(((self.columns.message == message) & (self.columns.fact < 0)).any())


_Named = TypeVar("_Named")


def _number(numbers: dict[_Named, int], name: _Named) -> int:
    return numbers.setdefault(name, len(numbers))


def _own_terms(rows: Sequence[Row], messages: Sequence[int], terms: Sequence[Terms]) -> Iterator[tuple[int, Terms]]:
    """Give each message among these keys with the terms of its own words, in order."""
    own: dict[int, list[Terms]] = {}
    for row, message, part in zip(rows, messages, terms, strict=True):
        if row.kind == "message":
            own.setdefault(message, []).append(part)
    for message, parts in own.items():
        yield message, np.concatenate(parts)


def _grown(column: Ints, values: Sequence[int]) -> Ints:
    return np.concatenate([column, np.array(values, dtype=np.int64)])


def _no_columns() -> Columns:
    none = np.zeros(0, dtype=np.int64)
    no_terms = np.zeros(0, dtype=np.uint32)
    return Columns(
        message=none,
        fact=none,
        own=np.zeros(0, dtype=bool),
        start=none,
        end=none,
        terms=no_terms,
        length=none,
        said_at=none,
        by_user=np.zeros(0, dtype=bool),
        speaker=none,
        size=none,
        content=none,
        beside=np.zeros((4, 0), dtype=np.int64),
        words=no_terms,
        word_message=none,
        name_terms=no_terms,
        name_speaker=none,
        valid_from=none,
        valid_to=none,
    )
