"""Partitions in memory: one exact FAISS index a user, filled from the store and never trusted over it."""

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import faiss
import numpy as np
import numpy.typing as npt

from holdfast.lexical import Terms, place_terms, terms_of
from holdfast.protocols import Delta, Place, Row
from holdfast.ranking import (
    FOR_EVER,
    Bools,
    Closeness,
    Columns,
    Floats,
    Ints,
    Ranked,
    Request,
    Weights,
    neighbours,
    rank,
    spread,
)
from holdfast.types import Vectors

__all__ = ["CANDIDATES", "LARGE", "MEMORY", "NEAREST", "SAMPLED", "WIDEST", "Index", "Partition"]

MEMORY = 512 * 1024 * 1024
"""Bytes that the partitions in memory may take together: about 250,000 keys of 384 dimensions."""

WIDEST = 4096
"""Keys up to which each key's cosine is exact."""

NEAREST = 2048
"""Keys whose cosine is exact in a larger partition; the others count as near as the last of these."""

SAMPLED = 32
"""Of so many keys one is drawn for the mean and deviation of all cosines in a larger partition."""

LARGE = 50_000
"""Keys from which on the nearest are chosen by a quantised index and re-ranked exactly."""

CANDIDATES = 1_792
"""Keys of a large partition whose cosine is computed exactly: `benchmarks/tenants.py` measures what that finds."""

_TRAINED_ON = 2_000
_BLOCK = 10_000  # vectors that are decoded at once

_PLACE_BYTES = 400  # what a Place and its dictionary entry take, measured with tracemalloc

_threads = threading.local()


class Partition:
    """The keys of one user as columns, and their vectors in a FAISS index of inner products.

    Not thread-safe by itself: searches may run together, `apply` must run alone.
    """

    def __init__(self, dimensions: int) -> None:
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
        self._vectors = _Vectors(dimensions)

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
        return self._vectors.cosines(vector) if len(self) else np.zeros(0)

    def search(self, vector: Vectors, request: Request, weights: Weights) -> list[Ranked]:
        """Return the best messages and facts; see `ranking.rank`."""
        cosine = self.cosines(vector)
        closeness = Closeness(cosine, self._vectors.deviation(vector, cosine))
        return rank(self.columns, closeness, request, weights)

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


class Index:
    """The partitions in use, the least recently used dropped when they outgrow `memory` bytes. Thread-safe.

    Args:
        pull: Reads a user's news since a sequence number, as `Store.pull` does.
        dimensions: Width of the vectors.
        memory: Bytes that all partitions together may take; the one in use always stays.
    """

    def __init__(self, pull: Callable[[str, int], Delta], dimensions: int, *, memory: int = MEMORY) -> None:
        self._pull = pull
        self._dimensions = dimensions
        self._memory = memory
        self._renew()

    @contextmanager
    def partition(self, user_id: str) -> Generator[Partition, None, None]:
        """Lend a user's partition as it is in the store now. Lenders share it; news wait until they are done."""
        if os.getpid() != self._process:
            self._renew()  # in a child process: the locks may be held by threads that only the parent has
        with self._mutex:
            entry = self._entries.get(user_id)
            if entry is None:
                entry = _Entry(Partition(self._dimensions))
            else:
                self._entries.move_to_end(user_id)
        while True:
            with entry.shared():
                seq = entry.partition.seq
                delta = self._pull(user_id, seq)
                if delta.seq == seq and not delta.reset:
                    yield entry.partition
                    return
            self._refresh(user_id, entry, seq, delta)

    def drop(self, user_id: str) -> None:
        """Forget a partition; it is read anew when it is next asked for."""
        with self._mutex:
            self._remove(user_id)

    @property
    def nbytes(self) -> int:
        """Bytes that all partitions take."""
        return self._nbytes

    def differing(self) -> list[str]:
        """Return the users whose partition in memory is not what the store holds."""
        with self._mutex:
            users = list(self._entries)
        found: list[str] = []
        for user_id in users:
            with self.partition(user_id) as partition:
                fresh = Partition(self._dimensions)
                fresh.apply(self._pull(user_id, 0))
                if fresh.seq == partition.seq and not partition.equals(fresh):
                    found.append(user_id)
        return found

    def __len__(self) -> int:
        return len(self._entries)

    def _refresh(self, user_id: str, entry: "_Entry", seq: int, delta: Delta) -> None:
        with entry.alone():
            if entry.partition.seq != seq:
                return  # somebody else was faster
            if delta.reset:
                entry.partition = Partition(self._dimensions)
            entry.partition.apply(delta)
            nbytes = entry.partition.nbytes
        with self._mutex:
            # Only what holds something is kept, so that asking for unknown users costs no memory.
            self._remove(user_id)
            self._entries[user_id] = entry
            entry.nbytes = nbytes
            self._nbytes += nbytes
            while self._nbytes > self._memory and len(self._entries) > 1:
                self._remove(next(iter(self._entries)))

    def _renew(self) -> None:
        self._process = os.getpid()
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._nbytes = 0
        self._mutex = threading.Lock()

    def _remove(self, user_id: str) -> None:
        entry = self._entries.pop(user_id, None)
        if entry is not None:
            self._nbytes -= entry.nbytes


class _Entry:
    """A partition and its lock: many readers or one writer. FAISS crashes when an add meets a search."""

    def __init__(self, partition: Partition) -> None:
        self.partition = partition
        self.nbytes = 0
        self._readers = 0
        self._changed = threading.Condition()

    @contextmanager
    def shared(self) -> Generator[None, None, None]:
        with self._changed:
            self._readers += 1
        try:
            yield
        finally:
            with self._changed:
                self._readers -= 1
                self._changed.notify_all()

    @contextmanager
    def alone(self) -> Generator[None, None, None]:
        with self._changed:
            self._changed.wait_for(lambda: self._readers == 0)
            yield


class _Vectors:
    """The vectors of one partition; three structures, as they grow.

    Up to WIDEST keys they are float32, ready to be multiplied. Beyond, they are float16 as they are stored, and decoded
    as they are compared. From LARGE on, one bit a dimension (RaBitQ) chooses the candidates, whose cosines are then
    computed exactly. FAISS cannot remove from it, nor from anything that refines it, so a removal reads the partition
    anew.

    Source: Gao and Long, RaBitQ: Quantizing High-Dimensional Vectors with a Theoretical Error Bound (2024).
    """

    def __init__(self, dimensions: int) -> None:
        self._dimensions = dimensions
        self._wide: Any = faiss.IndexFlatIP(dimensions)
        self._narrow: Any = None
        self._coarse: Any = None
        self._rotation: Vectors = np.zeros((0, 0), dtype=np.float32)
        self._sample = np.zeros((0, dimensions), dtype=np.float32)
        self._numbers = np.zeros(0, dtype=np.int64)

    def __len__(self) -> int:
        count: int = (self._wide or self._narrow).ntotal
        return count

    @property
    def nbytes(self) -> int:
        """Bytes of the vectors in memory."""
        width = 4 if self._narrow is None else 2
        exact = len(self) * width * self._dimensions + self._sample.nbytes + self._numbers.nbytes
        return exact + (0 if self._coarse is None else len(self) * int(self._coarse.code_size))

    def add(self, data: bytes) -> None:
        """Add vectors, little-endian float16, one after the other."""
        codes = np.frombuffer(data, dtype=np.uint8).reshape(-1, 2 * self._dimensions)
        if self._wide is not None:
            if len(self) + len(codes) <= WIDEST:
                self._wide.add(_floats(codes))
                self._numbers = np.arange(len(self))
                return
            codes = np.concatenate([self.codes().reshape(-1, 2 * self._dimensions), codes])
            self._narrow = faiss.IndexScalarQuantizer(
                self._dimensions, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
            )
            self._narrow.is_trained = True  # float16 needs no training, and rows are added as they are stored
            self._wide, self._numbers = None, np.zeros(0, dtype=np.int64)
        drawn = codes[-len(self) % SAMPLED :: SAMPLED]
        self._sample = np.concatenate([self._sample, _floats(drawn)])
        self._narrow.add_sa_codes(codes)
        if self._coarse is not None:
            self._coarse.add(_floats(codes) @ self._rotation)
        elif len(self) >= LARGE:
            self._quantise()

    def _quantise(self) -> None:
        _on_one_core()
        every = self.codes().reshape(-1, 2 * self._dimensions)
        # Bits of rotated vectors are worth the same, whatever the embedder puts into which dimension.
        gauss = np.random.default_rng(0).normal(size=(self._dimensions, self._dimensions))
        self._rotation = np.linalg.qr(gauss)[0].astype(np.float32)
        self._coarse = faiss.IndexRaBitQ(self._dimensions, faiss.METRIC_INNER_PRODUCT)
        self._coarse.train(_floats(every[:: max(1, len(every) // _TRAINED_ON)]) @ self._rotation)
        for start in range(0, len(every), _BLOCK):
            self._coarse.add(_floats(every[start : start + _BLOCK]) @ self._rotation)

    def codes(self) -> npt.NDArray[np.uint8]:
        """Return all vectors as they are stored, one after the other."""
        if self._narrow is not None:
            return np.asarray(faiss.vector_to_array(self._narrow.codes), dtype=np.uint8)
        every: npt.NDArray[np.float32] = self._wide.reconstruct_n(0, len(self))
        return every.astype("<f2").view(np.uint8).ravel()

    def cosines(self, vector: Vectors) -> Floats:
        """Return the cosine of one vector with every vector; beyond WIDEST only the nearest are told apart."""
        _on_one_core()
        asked = np.ascontiguousarray(vector[None], dtype=np.float32)
        if self._narrow is None:
            exact = np.empty(len(self), dtype=np.float32)
            query, distances, labels = (faiss.swig_ptr(one) for one in (asked, exact, self._numbers))
            self._wide.compute_distance_subset(1, query, len(self), distances, labels)
            return exact.astype(np.float64)
        if self._coarse is None:
            scores, keys = (found[0] for found in self._narrow.search(asked, NEAREST))
        else:
            chosen = self._coarse.search(asked @ self._rotation, min(len(self), CANDIDATES))[1][0]
            of_these: Any = faiss.SearchParameters  # its stub leaves the fields out
            these = of_these(sel=faiss.IDSelectorBatch(chosen))
            scores, keys = (found[0] for found in self._narrow.search(asked, len(chosen), params=these))
        cosines = np.full(len(self), scores.min(), dtype=np.float64)
        cosines[keys] = scores
        return cosines

    def deviation(self, vector: Vectors, cosines: Floats) -> float:
        """Return the deviation of all cosines with a vector, beyond WIDEST that of the sampled ones."""
        return spread(cosines if self._narrow is None else (self._sample @ vector).astype(np.float64))


def _on_one_core() -> None:
    """Keep FAISS to one core: two on a busy machine turned 0.8 ms into 16 ms, and requests run side by side.

    OpenMP keeps the number of threads for each calling thread apart, so every thread says it once.
    """
    if not hasattr(_threads, "told"):
        faiss.omp_set_num_threads(1)
        _threads.told = True


def _floats(codes: npt.NDArray[np.uint8]) -> Vectors:
    return np.ascontiguousarray(np.ascontiguousarray(codes).view("<f2").astype(np.float32))


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
