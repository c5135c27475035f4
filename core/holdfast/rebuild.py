"""All that was derived, derived anew from the journal; what people changed by hand is taken in where it belongs."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate
from typing import TypeAlias, overload

import numpy as np

from holdfast import hand
from holdfast.drivers import Flow, local
from holdfast.errors import ExtractionError, StorageError
from holdfast.export import key_of
from holdfast.index import Index
from holdfast.keys import spoken
from holdfast.learning import batches, learn
from holdfast.ledger import Book
from holdfast.outcome import change_id
from holdfast.parts import Parts
from holdfast.protocols import (
    Embedder,
    Extractor,
    FactQuery,
    Fingerprint,
    Journaled,
    Row,
    Store,
    Swap,
    TextKind,
    Write,
)
from holdfast.types import Change, ChangeKind, Diff, Fact, Message, Vectors

__all__ = ["TRIES", "Progress", "rebuild"]

Progress: TypeAlias = Callable[[int, int], None]
"""Called with the messages done and the messages in all."""

TRIES = 5
"""How often a rebuild starts over because somebody wrote to the memory meanwhile."""


@dataclass(frozen=True, slots=True)
class _State:
    """A partition as it is: what was said, what was derived, what was done by hand, and its sequence number."""

    user_id: str
    seq: int
    journal: Sequence[Journaled]
    facts: Sequence[Fact]
    by_hand: Sequence[Change]
    vectors: Mapping[str, bytes]


def rebuild(
    parts: Parts,
    user_id: str | None,
    extractor: Extractor | None,
    embedder: Embedder | None,
    dry_run: bool,  # noqa: FBT001 - one caller, which names it
    progress: Progress | None,
) -> Flow[tuple[Diff, Parts]]:
    """Derive aside, compare, and swap in one transaction; return the difference and the parts to go on with."""
    for _ in range(TRIES):
        outcome = yield from _attempt(parts, user_id, extractor, embedder, dry_run, progress)
        if outcome is not None:
            return outcome
    raise StorageError("rebuild", f"the memory was written to during each of {TRIES} tries; nothing is changed")


def _attempt(
    parts: Parts,
    user_id: str | None,
    extractor: Extractor | None,
    embedder: Embedder | None,
    dry_run: bool,  # noqa: FBT001
    progress: Progress | None,
) -> Flow[tuple[Diff, Parts] | None]:
    """Do it once; None when somebody wrote to the memory meanwhile."""
    store = parts.store
    users = [user_id] if user_id is not None else (yield from local(store.users))
    total = yield from local(lambda: sum(session.messages for user in users for session in store.sessions(user)))
    shadow = _shadow(parts, extractor or parts.extractor, embedder or parts.embedder)
    fingerprint = shadow.embedder.fingerprint
    same = fingerprint == parts.embedder.fingerprint
    derived: list[_Derived] = []
    changes: list[Change] = []
    done = 0
    try:
        for user in users:
            state = yield from local(partial(_read, store, user, vectors=same))
            at_hand = replace(shadow, embedder=_Reusing(shadow.embedder, state.vectors))
            for event in _events(state, at_hand.extractor):
                if isinstance(event, Change):
                    yield from _redo(at_hand, user, event)
                    continue
                yield from _relearn(at_hand, user, event)
                done += len(event)
                if progress is not None:
                    progress(done, total)
            positions, ids = [one.position for one in state.journal], [one.message.id for one in state.journal]
            derived.append(_Derived(user, state.seq, tuple(positions), tuple(ids)))
            changes.extend((yield from local(partial(_differences, shadow, state))))
            shadow.index.drop(user)
        diff = Diff(tuple(changes))
        if dry_run:
            return diff, parts
        if not (yield from local(lambda: store.swap(_Swaps(shadow.store, derived), fingerprint))):
            return None
        if embedder is None:
            return diff, parts
        return diff, replace(parts, embedder=embedder, index=parts.index.like_this(fingerprint.dimensions))
    finally:
        # What was spent is spent, whether it is put in place or not.
        parts.book.note([(user, entry) for user in users for entry in shadow.store.entries(user)])
        parts.book.note(shadow.book.take())
        shadow.store.close()


def _read(store: Store, user_id: str, *, vectors: bool) -> _State:
    # The sequence number is read first: whatever is written later makes the swap start over.
    delta = store.pull(user_id, 0 if vectors else sys.maxsize)
    journal = store.messages(user_id)
    messages = {one.position: one.message for one in journal}
    return _State(
        user_id,
        delta.seq,
        journal,
        store.facts(user_id, FactQuery()),
        [change for change in store.changes(user_id) if change.by == hand.HAND],
        _vectors(delta.keys, messages) if vectors else {},
    )


def _vectors(rows: Sequence[Row], messages: Mapping[int, Message]) -> dict[str, bytes]:
    """Return what the rows' vectors were made of, with the vectors."""
    said = {row.position: messages[row.position] for row in rows if row.position in messages}
    return {
        spoken(key_of(row, said[row.position]), said[row.position]): row.vector for row in rows if row.position in said
    }


def _shadow(parts: Parts, extractor: Extractor, embedder: Embedder) -> Parts:
    store = parts.scratch(embedder.fingerprint)
    index = Index(store.pull, embedder.fingerprint.dimensions)
    book = Book(parts.clock, parts.count_tokens)
    return replace(parts, store=store, index=index, extractor=extractor, embedder=embedder, book=book)


class _Reusing:
    """An embedder that knows some vectors already: those of texts that the old keys were made of."""

    def __init__(self, embedder: Embedder, known: Mapping[str, bytes]) -> None:
        self._embedder = embedder
        self._known = known

    @property
    def fingerprint(self) -> Fingerprint:
        """See `Embedder.fingerprint`."""
        return self._embedder.fingerprint

    def embed(self, texts: Sequence[str], *, kind: TextKind = "document") -> Vectors:
        """See `Embedder.embed`."""
        vectors = np.empty((len(texts), self.fingerprint.dimensions), dtype=np.float32)
        new = [number for number, text in enumerate(texts) if text not in self._known]
        if new:
            vectors[new] = self._embedder.embed([texts[number] for number in new], kind=kind)
        for number in set(range(len(texts))).difference(new):
            vectors[number] = np.frombuffer(self._known[texts[number]], dtype="<f2")
        return vectors


def _events(state: _State, extractor: Extractor) -> Iterator[list[Journaled] | Change]:
    """Return portions of the journal and changes by hand in the order in which they happened."""
    rest = list(state.journal)
    for change in state.by_hand:
        before = [one for one in rest if one.position <= change.position]
        rest = rest[len(before) :]
        yield from batches(before, extractor)
        yield change
    yield from batches(rest, extractor)


def _relearn(shadow: Parts, user_id: str, batch: Sequence[Journaled]) -> Flow[None]:
    messages = [one.message for one in batch]
    said_at = max(message.at for message in messages if message.at)
    journaled = yield from local(lambda: shadow.store.append(user_id, messages, now=said_at))
    # What happens in a rebuild is dated by what was said, so that two rebuilds are equal to the byte.
    added = yield from learn(replace(shadow, clock=lambda: said_at), user_id, journaled)
    if added.degraded:
        raise ExtractionError(shadow.extractor.name, f"{added.degraded}; nothing is changed")


def _redo(shadow: Parts, user_id: str, change: Change) -> Flow[None]:
    """Do by hand what was done by hand: to the same fact, or to those that rest on the same words now."""
    then = replace(shadow, clock=lambda: change.at)
    known = yield from local(lambda: shadow.store.facts(user_id, FactQuery()))
    same = [fact for fact in known if fact.id == change.fact_id]
    targets = [fact.id for fact in same or known if same or _rests_alike(fact, change)]
    for fact_id in targets if change.kind != "restored" else [change.fact_id]:
        if change.kind == "deleted":
            yield from hand.delete(then, user_id, fact_id)
        elif change.kind == "edited" and change.after is not None:
            yield from hand.update(then, user_id, fact_id, change.after.text)
        elif change.kind == "restored":
            yield from hand.restore(then, user_id, fact_id)
    if not targets and change.kind != "restored":
        # Nothing to change now; the record stays, so that a later rebuild still knows.
        yield from local(lambda: shadow.store.commit(user_id, lambda _: Write(changes=(change,))))


def _rests_alike(fact: Fact, change: Change) -> bool:
    """Whether a fact rests on at least half of the words that the changed fact rested on."""
    return any(
        mine.message_id == span.message_id
        and min(mine.end, span.end) - max(mine.start, span.start) >= (span.end - span.start) / 2
        for mine in fact.evidence
        for span in change.evidence
    )


@dataclass(frozen=True, slots=True)
class _Derived:
    """A user whose partition stands derived in the shadow, and the messages that it was derived from."""

    user_id: str
    seq: int
    journal: tuple[int, ...]
    ids: tuple[str, ...]


class _Swaps(Sequence[Swap]):
    """What takes the place of the partitions, read from the shadow one after the other, never all at once."""

    def __init__(self, shadow: Store, derived: Sequence[_Derived]) -> None:
        self._shadow = shadow
        self._derived = derived

    def __len__(self) -> int:
        return len(self._derived)

    @overload
    def __getitem__(self, number: int) -> Swap: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Swap]: ...
    def __getitem__(self, number: int | slice) -> Swap | Sequence[Swap]:
        if isinstance(number, slice):
            return _Swaps(self._shadow, self._derived[number])
        one = self._derived[number]
        places = self._places(one)
        rows = self._shadow.pull(one.user_id, 0).keys
        changes = self._shadow.changes(one.user_id)
        latest = dict(zip(places, accumulate(places.values(), max), strict=True))
        write = Write(
            keys=tuple(replace(row, position=places[row.position]) for row in rows),
            facts=tuple(self._shadow.facts(one.user_id, FactQuery())),
            changes=tuple(replace(change, position=latest.get(change.position, 0)) for change in changes),
            done=one.journal,
        )
        return Swap(one.user_id, one.seq, write)

    def _places(self, one: _Derived) -> dict[int, int]:
        """Return where each message of the shadow stands in the journal: there it was taken in session by session."""
        found = {message.message.id: message.position for message in self._shadow.messages(one.user_id)}
        places = zip((found[id] for id in one.ids), one.journal, strict=True)
        return dict(sorted(places))


def _differences(shadow: Parts, state: _State) -> list[Change]:
    found: list[Change] = []
    old = {fact.id: fact for fact in state.facts}
    new = {fact.id: fact for fact in shadow.store.facts(state.user_id, FactQuery())}
    now = shadow.clock()
    for fact_id in dict.fromkeys((*old, *new)):
        was, became = old.get(fact_id), new.get(fact_id)
        if was != became:
            fact = became or was
            assert fact is not None
            kind: ChangeKind = "added" if was is None else "deleted" if became is None else "edited"
            id_ = change_id(kind, fact_id, fact.evidence, "rebuild")
            by = shadow.extractor.name
            found.append(Change(id_, now, kind, fact_id, was, became, "derived anew", by, fact.evidence))
    return found
