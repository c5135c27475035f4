"""JSON values under a space and a key, kept in the memory's own store: what an application files away by itself."""

import json
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeAlias, cast

import numpy as np

from holdfast.drivers import Flow, embed, local, run, run_async
from holdfast.errors import ConfigurationError
from holdfast.parts import Parts
from holdfast.protocols import RecordStore, Shelf
from holdfast.ranking import Ints
from holdfast.types import Put, Record, Vectors
from holdfast.validation import check_limit, check_text
from holdfast.where import Predicate, compile_where

__all__ = ["MEMORY", "AsyncRecords", "Pair", "RecordCalls", "Records", "Space", "Where"]

Space: TypeAlias = tuple[str, ...]
Pair: TypeAlias = tuple[Space, str]
Where: TypeAlias = Mapping[str, Any] | Predicate
"""A filter as in `Memory.search`, over the fields of the value; or a function of the value."""

MEMORY = 128 * 1024 * 1024
"""Bytes that the vectors of recently searched spaces may take in memory: about 80,000 texts of 384 dimensions."""

_SPACES = 256  # prefixes whose vectors are kept, however small they are
_GONE = -1  # the owner of a vector whose record is there no more; records count from 1
_FIRST, _MOST = 64, 2048  # records that are read at once while a filter is looked through
_EMBEDDED = 256  # texts embedded at once when a store has moved to another embedder
_LONGEST = timedelta(days=366_000)  # a lifetime whose end lies within the calendar


class RecordCalls:
    """The calls of `Records` and `AsyncRecords` as flows, and the vectors that they share.

    Args:
        parts: What the memory is made of now; `rebuild` may change it.
    """

    def __init__(self, parts: Callable[[], Parts]) -> None:
        self._parts = parts
        self._renew()

    def apply(self, puts: Iterable[Put], deletes: Iterable[Pair]) -> Flow[None]:
        """See `Records.apply`."""
        # Of equals the last stays, so only that one is embedded.
        given = [*{(put.space, put.key): put for put in map(_checked, puts)}.values()]
        gone = [_pair(pair) for pair in deletes]
        return self._apply(given, gone)

    def _apply(self, puts: Sequence[Put], deletes: Sequence[Pair]) -> Flow[None]:
        parts = self._parts()
        store = _store(parts)
        texts = dict.fromkeys(text for put in puts for text in put.texts)
        vectors = (yield from embed(parts.embedder, [*texts], "document")) if texts else ()
        stored = {text: _bytes(vector) for text, vector in zip(texts, vectors, strict=True)}
        own = [[stored[text] for text in put.texts] for put in puts]
        now = parts.clock()
        yield from local(lambda: store.write(puts, own, deletes, now=now))

    def get(self, pairs: Iterable[Pair], *, refresh: bool) -> Flow[tuple[Record | None, ...]]:
        """See `Records.get`."""
        wanted = [_pair(pair) for pair in pairs]
        parts = self._parts()
        store = _store(parts)

        def read() -> tuple[Record | None, ...]:
            rows = store.read(pairs=[*dict.fromkeys(wanted)], now=parts.clock(), refresh=refresh)
            found = {(record.space, record.key): record for _, record in rows}
            return tuple(found.get(pair) for pair in wanted)

        return local(read)

    def search(
        self, prefix: Space, *, query: str | None, where: Where | None, limit: int, offset: int, refresh: bool
    ) -> Flow[tuple[Record, ...]]:
        """See `Records.search`."""
        prefix = _space(prefix, "space_prefix")
        passes = where if callable(where) else compile_where(where)
        limit = check_limit(limit)
        if isinstance(offset, bool) or not isinstance(cast(Any, offset), int) or offset < 0:
            raise ConfigurationError(f"offset must be a whole number of at least 0, got {offset!r}")
        asked = None if query is None else check_text(query, "query")
        return self._search(prefix, asked if asked and asked.strip() else None, passes, limit, offset, refresh=refresh)

    def _search(
        self, prefix: Space, query: str | None, passes: Predicate | None, limit: int, offset: int, *, refresh: bool
    ) -> Flow[tuple[Record, ...]]:
        parts = self._parts()
        store = _store(parts)
        vector = None
        if query is not None:
            vector = (yield from embed(parts.embedder, [query], "query"))[0]
        cached = self._cached(prefix, str(parts.embedder.fingerprint), parts.embedder.fingerprint.dimensions)
        stale = yield from local(partial(cached.refresh, store, prefix))
        while stale:
            # The store has moved to another embedder; whoever searches first pays for the words of this space.
            for start in range(0, len(stale), _EMBEDDED):
                some = stale[start : start + _EMBEDDED]
                vectors = yield from embed(parts.embedder, [text for _, _, text in some], "document")
                filled = [(record, number, _bytes(one)) for (record, number, _), one in zip(some, vectors, strict=True)]
                yield from local(partial(store.fill, filled))
            stale = yield from local(partial(cached.refresh, store, prefix))
        now = parts.clock()

        def pick() -> tuple[Record, ...]:
            found = _first(store, cached.ranked(vector), passes, limit, offset, now)
            if refresh and any(record.expires_at is not None for _, record in found):
                fresh = dict(store.read(numbers=[number for number, _ in found], now=now, refresh=True))
                found = [(number, replace(fresh.get(number, record), score=record.score)) for number, record in found]
            return tuple(record for _, record in found)

        return (yield from local(pick))

    def spaces(self) -> Flow[tuple[Space, ...]]:
        """See `Records.spaces`."""
        parts = self._parts()
        store = _store(parts)
        return local(lambda: tuple(sorted(store.spaces(now=parts.clock()))))

    def sweep(self) -> Flow[int]:
        """See `Records.sweep`."""
        parts = self._parts()
        store = _store(parts)
        return local(lambda: store.sweep(now=parts.clock()))

    def _cached(self, prefix: Space, embedder: str, dimensions: int) -> "_Cached":
        """Return the vectors under a prefix; the least recently searched go when they outgrow their room."""
        if os.getpid() != self._process:
            self._renew()  # in a child process the lock may be held by a thread that only the parent has
        with self._lock:
            cached = self._shelves.setdefault((embedder, prefix), _Cached(dimensions))
            self._shelves.move_to_end((embedder, prefix))
            while len(self._shelves) > 1 and (len(self._shelves) > _SPACES or self._nbytes() > MEMORY):
                self._shelves.popitem(last=False)
            return cached

    def _nbytes(self) -> int:
        return sum(one.nbytes for one in self._shelves.values())

    def _renew(self) -> None:
        self._process = os.getpid()
        self._lock = threading.Lock()
        self._shelves: OrderedDict[tuple[str, Space], _Cached] = OrderedDict()


class _Cached:
    """The records under one prefix with the vectors of their texts, as the store held them when last asked."""

    def __init__(self, dimensions: int) -> None:
        self._lock = threading.Lock()
        self._seq = -1
        self._records: Ints = np.zeros(0, dtype=np.int64)  # ascending, as they were put
        self._owners: Ints = np.zeros(0, dtype=np.int64)  # the record of each vector, ascending, or _GONE
        self._vectors: Vectors = np.zeros((0, dimensions), dtype=np.float32)  # with room at the end

    @property
    def nbytes(self) -> int:
        """Bytes that it takes in memory."""
        return int(self._vectors.nbytes + self._records.nbytes + self._owners.nbytes)

    def refresh(self, store: RecordStore, prefix: Space) -> tuple[tuple[int, int, str], ...]:
        """Take in what is new; return the texts that have no vector of this embedder, and take in nothing then."""
        with self._lock:
            shelf = store.shelf(prefix, self._seq)
            if not shelf.stale:
                self._take(shelf)
            return shelf.stale

    def _take(self, shelf: Shelf) -> None:
        self._seq = shelf.seq
        records = np.array(shelf.records, dtype=np.int64)
        if shelf.whole:
            self._records = records
            kept = np.isin(self._owners, records)
            if kept.sum() * 2 < len(kept):
                self._vectors, self._owners = self._vectors[: len(kept)][kept], self._owners[kept]
            elif not kept.all():
                self._owners = np.where(kept, self._owners, _GONE)  # to move the others costs more than to pass it over
        elif len(records):
            self._records = np.append(self._records, records)
        count, more = len(self._owners), len(shelf.vectors)
        if not more:
            return
        if count + more > len(self._vectors):
            room = np.zeros((count + max(more, count // 2), self._vectors.shape[1]), dtype=np.float32)
            room[:count] = self._vectors[:count]
            self._vectors = room
        halves = np.frombuffer(b"".join(vector for _, _, vector in shelf.vectors), dtype="<f2")
        self._vectors[count : count + more] = halves.reshape(more, -1)
        self._owners = np.append(self._owners, np.array([record for record, _, _ in shelf.vectors], dtype=np.int64))

    def ranked(self, vector: "Vectors | None") -> "_Ranked":
        """Return the records in the order in which they answer."""
        with self._lock:
            # Rows are only ever added behind these, or others put in their place: what is read here stays as it is.
            records, owners = self._records, self._owners
            vectors = self._vectors[: len(owners)]
        if vector is None or not len(owners):
            return _Ranked(records[::-1], ())
        scores = (vectors @ vector)[::-1]
        owners = owners[::-1]  # the last put first, which a stable order keeps among equals
        first = np.flatnonzero(np.diff(owners, prepend=0))
        if len(first) < len(owners):
            scores, owners = np.maximum.reduceat(scores, first), owners[first]
            scores, owners = scores[owners != _GONE], owners[owners != _GONE]
        order = np.argsort(-scores, kind="stable")
        found: Ints = owners[order]
        if len(found) < len(records):
            found = np.concatenate([found, records[~np.isin(records, found, assume_unique=True)][::-1]])
        return _Ranked(found, scores[order])


@dataclass(frozen=True, slots=True)
class _Ranked:
    """Records, best first, and the scores of the first of them."""

    records: Ints
    scores: "Vectors | Sequence[float]"

    def score(self, place: int) -> float | None:
        """Return the cosine of the record at a place; None when it has no texts, or nothing was asked."""
        return float(self.scores[place]) if place < len(self.scores) else None


def _first(
    store: RecordStore, ranked: _Ranked, passes: Predicate | None, limit: int, offset: int, now: datetime
) -> list[tuple[int, Record]]:
    """Return the records from `offset` on that pass, read in growing pieces until there are enough."""
    found: list[tuple[int, Record]] = []
    start, size = 0, min(max(_FIRST if passes else 1, offset + limit), _MOST)
    while start < len(ranked.records) and len(found) < offset + limit:
        piece: list[int] = ranked.records[start : start + size].tolist()
        there = dict(store.read(numbers=piece, now=now))
        for place, one in enumerate(piece, start):
            if one in there and (passes is None or passes(there[one].value)):
                found.append((one, replace(there[one], score=ranked.score(place))))
        start, size = start + size, min(2 * size, _MOST)
    return found[offset : offset + limit]


class Records:
    """JSON values under a space and a key, in the memory's own file; `Memory.records` gives them.

    They are the application's: no user's memory, not learnt from, not touched by `Memory.forget`.

    ```python
    memory.records.apply([Put(("prefs", "ann"), "theme", {"dark": True}, texts=("likes dark themes",))])
    memory.records.search(("prefs",), query="which colours?")
    ```
    """

    def __init__(self, calls: RecordCalls) -> None:
        self._calls = calls

    def apply(self, puts: Iterable[Put] = (), deletes: Iterable[Pair] = ()) -> None:
        """Delete and put in one durable transaction; what is both deleted and put is there afterwards.

        Raises:
            ConfigurationError: A space, key, value or lifetime that cannot be kept; nothing was written.
            ProviderError: The embedder failed; nothing was written.
            StorageError: The store could not be written; nothing was.
        """
        run(self._calls.apply(puts, deletes))

    def get(self, pairs: Iterable[Pair], *, refresh: bool = False) -> tuple[Record | None, ...]:
        """Return the record of each space and key, None where there is none or where it has expired.

        Args:
            pairs: Spaces and keys.
            refresh: Begin the lifetime of each anew, which costs a write where there is one.
        """
        return run(self._calls.get(pairs, refresh=refresh))

    def search(
        self,
        space_prefix: Space,
        *,
        query: str | None = None,
        where: Where | None = None,
        limit: int = 10,
        offset: int = 0,
        refresh: bool = False,
    ) -> tuple[Record, ...]:
        """Return the records of all spaces that begin with these segments.

        Args:
            space_prefix: Whole segments; `()` is every space.
            query: Order by the cosine with the best of a record's texts, highest first; records without texts come
                last, without a score. Without a query the last updated comes first.
            where: Only records whose value passes.
            limit: At most so many.
            offset: Leave out so many of the first.
            refresh: Begin the lifetime of what is returned anew.
        """
        return run(
            self._calls.search(space_prefix, query=query, where=where, limit=limit, offset=offset, refresh=refresh)
        )

    def spaces(self) -> tuple[Space, ...]:
        """Return the spaces that hold a record, sorted."""
        return run(self._calls.spaces())

    def sweep(self) -> int:
        """Delete what has expired, which no call returns any more; return how many records."""
        return run(self._calls.sweep())


class AsyncRecords:
    """As `Records`, awaited; `AsyncMemory.records` gives them."""

    def __init__(self, calls: RecordCalls) -> None:
        self._calls = calls

    async def apply(self, puts: Iterable[Put] = (), deletes: Iterable[Pair] = ()) -> None:
        """See `Records.apply`."""
        await run_async(self._calls.apply(puts, deletes))

    async def get(self, pairs: Iterable[Pair], *, refresh: bool = False) -> tuple[Record | None, ...]:
        """See `Records.get`."""
        return await run_async(self._calls.get(pairs, refresh=refresh))

    async def search(
        self,
        space_prefix: Space,
        *,
        query: str | None = None,
        where: Where | None = None,
        limit: int = 10,
        offset: int = 0,
        refresh: bool = False,
    ) -> tuple[Record, ...]:
        """See `Records.search`."""
        return await run_async(
            self._calls.search(space_prefix, query=query, where=where, limit=limit, offset=offset, refresh=refresh)
        )

    async def spaces(self) -> tuple[Space, ...]:
        """See `Records.spaces`."""
        return await run_async(self._calls.spaces())

    async def sweep(self) -> int:
        """See `Records.sweep`."""
        return await run_async(self._calls.sweep())


def _store(parts: Parts) -> RecordStore:
    store = getattr(parts.store, "records", None)
    if store is None:
        raise ConfigurationError(f"{type(parts.store).__name__} keeps no records; give the path of a file")
    return cast(RecordStore, store)


def _bytes(vector: Vectors) -> bytes:
    return np.asarray(vector, dtype="<f2").tobytes()


def _checked(put: Any) -> Put:
    if not isinstance(put, Put):
        raise ConfigurationError(f"puts takes values of Put, got {type(put).__name__}")
    _pair((put.space, put.key))
    if not isinstance(cast(Any, put.value), Mapping):
        raise ConfigurationError(f"value must be a mapping, got {type(put.value).__name__}")
    try:
        check_text(json.dumps(dict(put.value), ensure_ascii=False, allow_nan=False), "value")
    except (TypeError, ValueError, RecursionError) as error:
        raise ConfigurationError(f"value of {put.key!r} must be JSON: {error}") from None
    if isinstance(cast(Any, put.texts), str):
        raise ConfigurationError(f"texts takes a list of texts, got the text {put.texts!r}")
    texts = tuple(check_text(text, "texts").replace("\0", " ") for text in put.texts)
    if put.lifetime is not None and not timedelta(0) < put.lifetime <= _LONGEST:
        raise ConfigurationError(f"lifetime must be longer than nothing and shorter than 1,000 years: {put.lifetime}")
    return replace(put, texts=texts)


def _pair(pair: Any) -> Pair:
    try:
        space, key = pair
    except (TypeError, ValueError):
        raise ConfigurationError(f"a pair is a space and a key, got {pair!r}") from None
    if not space:
        raise ConfigurationError("a space has one segment at least")
    return _space(space, "space"), check_text(key, "key")


def _space(space: Any, name: str) -> Space:
    if not isinstance(space, (tuple, list)):
        raise ConfigurationError(f"{name} must be a tuple of texts, got {space!r}")
    segments = tuple(check_text(segment, name) for segment in cast(Sequence[Any], space))
    if not all(segments):
        raise ConfigurationError(f"{name} has an empty segment: {space!r}")
    return segments
