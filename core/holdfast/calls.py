"""Every public call as a flow: its arguments checked, its work named. `Memory` and `AsyncMemory` only drive these."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast

from holdfast import caches, flow, hand
from holdfast.drivers import Flow, local
from holdfast.embedders.named import AnyEmbedder, embedder_of
from holdfast.errors import ConfigurationError, StorageError
from holdfast.export import Line, export, load
from holdfast.extractors.named import AnyExtractor, extractor_of
from holdfast.finding import record_of
from holdfast.ledger import Ledger, Prices
from holdfast.parts import Parts
from holdfast.pictures import draw_map, draw_timeline, look_over
from holdfast.protocols import FactQuery, Pending
from holdfast.rebuild import Progress, rebuild
from holdfast.records import RecordCalls
from holdfast.telemetry import described_added, described_context, described_hits, described_processed, traced
from holdfast.types import (
    Added,
    Change,
    Context,
    Diff,
    Fact,
    Facts,
    Hits,
    Message,
    Processed,
    Quarantined,
    Receipt,
    Report,
    Session,
    Vectors,
)
from holdfast.validation import (
    Messages,
    as_messages,
    check_limit,
    check_name,
    check_text,
    check_time,
    check_user,
    check_vector,
)
from holdfast.where import compile_where

if TYPE_CHECKING:
    from holdfast.display import Overview, Picture

__all__ = ["AMONG", "Among", "Calls", "Moment", "Where"]

Among: TypeAlias = Literal["facts", "messages"]
Moment: TypeAlias = datetime | str
Where: TypeAlias = Mapping[str, Any]

AMONG: tuple[Among, ...] = ("facts", "messages")


class Calls:
    """The public calls of one memory; `Memory` documents them."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.listeners: list[Callable[[str], object]] = []

    @cached_property
    def records(self) -> RecordCalls:
        """See `Memory.records`."""
        return RecordCalls(lambda: self.parts)

    def add(
        self,
        messages: Messages,
        user_id: str,
        session_id: str | None,
        agent_id: str | None,
        metadata: Mapping[str, Any] | None,
        at: Moment | None,
        *,
        defer: bool,
    ) -> Flow[Added]:
        """See `Memory.add`."""
        user_id = check_user(user_id)
        said = as_messages(messages, session_id=session_id, agent_id=agent_id, metadata=metadata, at=at)
        remembered = self._announced(user_id, flow.remember(self.parts, user_id, said, defer=defer))
        return traced("holdfast.add", remembered, described_added)

    def _announced(self, user_id: str, remembered: Flow[Added]) -> Flow[Added]:
        """Tell who listens that messages of a user wait."""
        added = yield from remembered
        if added.deferred:
            for listener in tuple(self.listeners):
                listener(user_id)
        return added

    def process(self, user_id: str | None, limit: int | None) -> Flow[Processed]:
        """See `Memory.process`."""
        user_id = None if user_id is None else check_user(user_id)
        processed = flow.process(self.parts, user_id, None if limit is None else check_limit(limit))
        return traced("holdfast.process", processed, described_processed)

    def search(
        self,
        query: str,
        user_id: str,
        limit: int,
        session_id: str | None,
        agent_id: str | None,
        where: Where | None,
        as_of: Moment | None,
        min_score: float | None,
        among: Sequence[Among],
        vector: "Sequence[float] | Vectors | None",
    ) -> Flow[Hits]:
        """See `Memory.search`."""
        found = flow.recall(
            self.parts,
            check_user(user_id),
            _query(query),
            limit=check_limit(limit),
            session_id=check_name(session_id, "session_id"),
            agent_id=check_name(agent_id, "agent_id"),
            where=compile_where(where),
            as_of=check_time(as_of, "as_of"),
            min_score=_score(min_score),
            among=_among(among),
            vector=None if vector is None else check_vector(vector, self.parts.embedder.fingerprint.dimensions),
        )
        return traced("holdfast.search", found, described_hits, {"holdfast.limit": limit})

    def context(
        self, query: str, user_id: str, max_tokens: int, session_id: str | None, seen: Iterable[str]
    ) -> Flow[Context]:
        """See `Memory.context`."""
        user_id = check_user(user_id)
        if isinstance(max_tokens, bool) or not isinstance(cast(Any, max_tokens), int) or max_tokens < 0:
            raise ConfigurationError(f"max_tokens must be a whole number of at least 0, got {max_tokens!r}")
        session_id = check_name(session_id, "session_id")
        built = flow.build(
            self.parts, user_id, _query(query), max_tokens=max_tokens, session_id=session_id, seen=set(seen)
        )
        return traced("holdfast.context", built, described_context, {"holdfast.max_tokens": max_tokens})

    def get(self, fact_id: str, user_id: str) -> Flow[Fact | None]:
        """See `Memory.get`."""
        check_text(fact_id, "id")
        user_id = check_user(user_id)

        def read() -> Fact | None:
            return next(iter(self.parts.store.facts(user_id, FactQuery(ids=(fact_id,)))), None)

        return local(read)

    def get_all(self, user_id: str, where: Where | None, as_of: Moment | None, *, superseded: bool) -> Flow[Facts]:
        """See `Memory.get_all`."""
        user_id = check_user(user_id)
        passes, moment = compile_where(where), check_time(as_of, "as_of")

        def wanted(fact: Fact) -> bool:
            if moment is not None:
                return fact.valid_from <= moment and (superseded or fact.valid_to is None or moment < fact.valid_to)
            return superseded or fact.active

        def read() -> Facts:
            facts = self.parts.store.facts(user_id, FactQuery())
            return Facts(fact for fact in facts if wanted(fact) and (passes is None or passes(record_of(fact))))

        return local(read)

    def count(self, user_id: str) -> Flow[int]:
        """See `Memory.count`."""
        user_id = check_user(user_id)
        return local(lambda: sum(fact.active for fact in self.parts.store.facts(user_id, FactQuery())))

    def update(self, fact_id: str, text: str, user_id: str) -> Flow[Change | None]:
        """See `Memory.update`."""
        check_text(fact_id, "id")
        user_id = check_user(user_id)
        if not check_text(text, "text").strip():
            raise ConfigurationError("text must not be empty; delete the fact instead")
        return hand.update(self.parts, user_id, fact_id, text)

    def delete(self, fact_id: str, user_id: str) -> Flow[Change | None]:
        """See `Memory.delete`."""
        check_text(fact_id, "id")
        return hand.delete(self.parts, check_user(user_id), fact_id)

    def restore(self, fact_id: str, user_id: str) -> Flow[Change | None]:
        """See `Memory.restore`."""
        check_text(fact_id, "id")
        return hand.restore(self.parts, check_user(user_id), fact_id)

    def history(self, fact_id: str, user_id: str) -> Flow[tuple[Change, ...]]:
        """See `Memory.history`."""
        check_text(fact_id, "id")
        user_id = check_user(user_id)
        return local(lambda: tuple(self.parts.store.changes(user_id, fact_id=fact_id)))

    def diff(self, user_id: str, since: Moment, until: Moment | None) -> Flow[Diff]:
        """See `Memory.diff`."""
        user_id = check_user(user_id)
        first, last = check_time(since, "since"), check_time(until, "until")
        return local(lambda: Diff(tuple(self.parts.store.changes(user_id, since=first, until=last))))

    def messages(self, user_id: str, session_id: str | None, limit: int | None) -> Flow[tuple[Message, ...]]:
        """See `Memory.messages`."""
        user_id = check_user(user_id)
        last = None if limit is None else check_limit(limit)
        if session_id is not None:
            check_text(session_id, "session_id")

        def read() -> tuple[Message, ...]:
            journal = self.parts.store.messages(user_id, session_id=session_id, limit=last)
            return tuple(one.message for one in journal)

        return local(read)

    def sessions(self, user_id: str) -> Flow[tuple[Session, ...]]:
        """See `Memory.sessions`."""
        user_id = check_user(user_id)
        return local(lambda: tuple(self.parts.store.sessions(user_id)))

    def rebuild(
        self,
        user_id: str | None,
        extractor: AnyExtractor,
        embedder: AnyEmbedder,
        *,
        dry_run: bool,
        progress: Progress | None,
    ) -> Flow[Diff]:
        """See `Memory.rebuild`."""
        chosen = None if user_id is None else check_user(user_id)
        if chosen is not None and embedder is not None:
            raise ConfigurationError("another embedder needs all users; leave user_id out")
        diff, self.parts = yield from rebuild(
            self.parts,
            chosen,
            None if extractor is None else extractor_of(extractor),
            None if embedder is None else embedder_of(embedder),
            dry_run,
            progress,
        )
        return diff

    def forget(self, user_id: str, session_id: str | None) -> Flow[Receipt]:
        """See `Memory.forget`."""
        user_id = check_user(user_id)
        if session_id is not None:
            check_text(session_id, "session_id")

        def remove() -> Receipt:
            try:
                return self.parts.store.forget(user_id, session_id=session_id, now=self.parts.clock())
            finally:
                if session_id == "*":
                    self.parts.book.drop(user_id)
                self._drop(user_id)

        return local(remove)

    def _drop(self, user_id: str) -> None:
        """Keep nothing of a user in memory."""
        self.parts.index.drop(user_id)
        self.parts.profiles.drop(user_id)
        self.parts.injected.drop(user_id)
        caches.clear()

    def erase(self, fact_id: str, user_id: str) -> Flow[Receipt | None]:
        """See `Memory.erase`."""
        check_text(fact_id, "id")
        user_id = check_user(user_id)

        def remove() -> Receipt | None:
            try:
                return self.parts.store.erase(user_id, fact_id, now=self.parts.clock())
            finally:
                self._drop(user_id)

        return local(remove)

    def ledger(self, user_id: str | None, prices: Prices | None) -> Flow[Ledger]:
        """See `Memory.ledger`."""
        chosen = None if user_id is None else check_user(user_id)
        if prices is not None and not isinstance(cast(Any, prices), Prices):
            raise ConfigurationError(f"prices must be holdfast.Prices, got {type(prices).__name__}")

        def read() -> Ledger:
            self._write_book()
            return Ledger(chosen, tuple(self.parts.store.entries(chosen)), prices)

        return local(read)

    def quarantine(self, user_id: str) -> Flow[tuple[Quarantined, ...]]:
        """See `Memory.quarantine`."""
        user_id = check_user(user_id)
        return local(lambda: tuple(self.parts.store.quarantine(user_id)))

    def pending(self, user_id: str | None) -> Flow[tuple[Pending, ...]]:
        """See `Memory.pending`."""
        chosen = None if user_id is None else check_user(user_id)
        return local(lambda: tuple(self.parts.store.pending(user_id=chosen)))

    def timeline(self, user_id: str, limit: int) -> Flow["Picture"]:
        """See `Memory.timeline`."""
        return draw_timeline(self.parts, check_user(user_id), check_limit(limit))

    def map(self, user_id: str, *, superseded: bool) -> Flow["Picture"]:
        """See `Memory.map`."""
        return draw_map(self.parts, check_user(user_id), superseded=superseded)

    def overview(self, name: str, path: str) -> "Overview":
        """Return what a memory shows of itself; at once, since whoever shows a value cannot await."""
        return look_over(self.parts, name, path)

    def export(self, user_id: str) -> Flow[Iterator[dict[str, Any]]]:
        """See `Memory.export`."""
        user_id = check_user(user_id)

        def read() -> Iterator[dict[str, Any]]:
            self._write_book()
            return export(self.parts, user_id)

        return local(read)

    def load(self, lines: Iterable[str | bytes | Line]) -> Flow[str]:
        """See `Memory.load`."""
        return load(self.parts, lines)

    def backup(self, path: str | os.PathLike[str]) -> Flow[None]:
        """See `Memory.backup`."""
        return local(lambda: self.parts.store.backup(os.fspath(path)))

    def users(self) -> Flow[tuple[str, ...]]:
        """See `Memory.users`."""
        return local(lambda: tuple(self.parts.store.users()))

    def close(self) -> Flow[None]:
        """See `Memory.close`."""

        def close() -> None:
            self._write_book()
            self.parts.store.close()

        return local(close)

    def check(self, *, repair: bool) -> Flow[Report]:
        """See `Memory.check`."""

        def compare() -> Report:
            report = self.parts.store.check(repair=repair)
            differing = self.parts.index.differing()
            if repair:
                for user_id in differing:
                    self.parts.index.drop(user_id)
                return report
            lost = tuple(f"what is in memory of user {user_id!r} is not what the store holds" for user_id in differing)
            return replace(report, findings=report.findings + lost)

        return local(compare)

    def _write_book(self) -> None:
        # A store that can be read alone, as a standby, is read all the same; one that is closed says so by itself.
        with suppress(StorageError):
            self.parts.book.write(self.parts.store.book)


def _query(query: Any) -> str:
    if not isinstance(query, str):
        raise ConfigurationError(f"query must be a text, got {type(query).__name__} {query!r}")
    return query.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")


def _among(among: Any) -> frozenset[Among]:
    given = (among,) if isinstance(among, str) else among
    chosen = tuple(cast(Sequence[Any], given)) if isinstance(given, (list, tuple, set, frozenset)) else ()
    if not chosen or any(one not in AMONG for one in chosen):
        raise ConfigurationError(f"among takes 'facts', 'messages' or both, got {among!r}")
    return frozenset(chosen)


def _score(score: Any) -> float | None:
    if score is None or (isinstance(score, (int, float)) and not isinstance(score, bool) and score == score):
        return score
    raise ConfigurationError(f"min_score must be a number, got {score!r}")
