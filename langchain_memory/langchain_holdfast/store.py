"""LangGraph's long-term store in the memory's own file."""

import time
from collections.abc import Generator, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Literal, TypeAlias, cast

from langgraph.store.base import (
    BaseStore,
    GetOp,
    Item,
    ListNamespacesOp,
    MatchCondition,
    Op,
    PutOp,
    Result,
    SearchItem,
    SearchOp,
    TTLConfig,
    get_text_at_path,
    tokenize_path,
)

from holdfast import AsyncMemory, ConfigurationError, Memory, Put, Record
from langchain_holdfast.background import check
from langchain_holdfast.filters import compile_filter

try:
    from langgraph.store.base import validate_op_namespace
except ImportError:  # before langgraph-checkpoint 4.3
    validate_op_namespace = None  # type: ignore[assignment]

__all__ = ["HoldfastStore"]

_Call: TypeAlias = tuple[str, tuple[Any, ...], dict[str, Any]]
_WHOLE = ("$",)


class HoldfastStore(BaseStore):
    """Keep what a graph files away under namespaces, durable and found by meaning, in the memory's own file.

    ```python
    graph = builder.compile(store=HoldfastStore(memory))
    store.put(("prefs", "ann"), "theme", {"text": "likes dark themes"})
    store.search(("prefs",), query="which colours?")
    ```

    One object serves blocking and awaited callers, in any thread and loop. A batch reads first, then writes all it has
    to write in one durable transaction. Items are the records of `memory.records`: no user's memory, so that
    `Memory.forget` leaves them; delete them here.

    As LangGraph demands, a label of a namespace is a text without a full stop: an e-mail address is refused. Take the
    user's own id, or `urllib.parse.quote(address).replace(".", "%2E")`.

    Args:
        memory: Where the items are kept; its embedder finds them.
        index: `{"fields": [...]}` says which parts of a value a query is compared with, by default all of it; False
            for none, which spares the embedding.
        ttl: `default_ttl` and `refresh_on_read`, in minutes as in all of LangGraph; with `sweep_interval_minutes` a
            write deletes what has expired when the last sweep was so long ago. Expired items are never returned.

    Raises:
        ConfigurationError: `memory` is no `Memory`, or `index` names an embedding model.
    """

    supports_ttl = True

    def __init__(
        self,
        memory: Memory,
        *,
        index: Mapping[str, Any] | Literal[False] | None = None,
        ttl: TTLConfig | None = None,
    ) -> None:
        check(memory)
        if index and "embed" in index:
            raise ConfigurationError(
                "the memory's embedder makes the vectors; give the model to it: "
                "Memory(embedder=LangChainEmbedder(embeddings))"
            )
        self._blocking = memory.records
        self._awaited = AsyncMemory.of(memory).records
        self._fields: Sequence[str] = () if index is False else tuple((index or {}).get("fields") or _WHOLE)
        self.ttl_config = ttl
        self._swept = time.monotonic()

    def batch(self, ops: Iterable[Op]) -> list[Result]:
        """Carry out operations and return their results in order; reads see what was there before the writes.

        Raises:
            ValueError: An operation, namespace, filter or value that cannot work; nothing was written.
            HoldfastError: The embedder or the file failed; nothing was written.
        """
        steps = self._steps(list(ops))
        try:
            name, positional, named = next(steps)
            while True:
                name, positional, named = steps.send(getattr(self._blocking, name)(*positional, **named))
        except StopIteration as done:
            return cast(list[Result], done.value)

    async def abatch(self, ops: Iterable[Op]) -> list[Result]:
        """Do as `batch`, awaited."""
        steps = self._steps(list(ops))
        try:
            name, positional, named = next(steps)
            while True:
                name, positional, named = steps.send(await getattr(self._awaited, name)(*positional, **named))
        except StopIteration as done:
            return cast(list[Result], done.value)

    def sweep_ttl(self) -> int:
        """Delete what has expired; return how many items."""
        self._swept = time.monotonic()
        return self._blocking.sweep()

    def _steps(self, ops: Sequence[Op]) -> Generator[_Call, Any, list[Result]]:
        """Yield the calls of `Records` that the operations take, and receive what they return."""
        for op in ops:
            if not isinstance(op, (GetOp, SearchOp, ListNamespacesOp, PutOp)):  # pyright: ignore[reportUnnecessaryIsInstance]
                raise ConfigurationError(f"unknown operation {op!r}")
            if validate_op_namespace is not None:
                validate_op_namespace(op)
        searches = {number: self._search(op) for number, op in enumerate(ops) if isinstance(op, SearchOp)}
        writes = {(op.namespace, op.key): op for op in ops if isinstance(op, PutOp)}
        puts = [self._put(op) for op in writes.values() if op.value is not None]
        results: list[Result] = [None] * len(ops)
        for refresh in (True, False):
            asked = {number: op for number, op in enumerate(ops) if isinstance(op, GetOp) and op.refresh_ttl == refresh}
            if asked:
                pairs = [(op.namespace, op.key) for op in asked.values()]
                found: Sequence[Record | None] = yield "get", (pairs,), {"refresh": refresh}
                for number, record in zip(asked, found, strict=True):
                    results[number] = None if record is None else _item(record)
        for number, search in searches.items():
            results[number] = [_hit(record) for record in (yield search)] if search[2]["limit"] > 0 else []
        listed = {number: op for number, op in enumerate(ops) if isinstance(op, ListNamespacesOp)}
        if listed:
            spaces: Sequence[tuple[str, ...]] = yield "spaces", (), {}
            results = [
                _listing(listed[number], spaces) if number in listed else one for number, one in enumerate(results)
            ]
        if writes:
            yield "apply", (puts, [pair for pair, op in writes.items() if op.value is None]), {}
            if self._sweep_is_due():
                yield "sweep", (), {}
        return results

    def _search(self, op: SearchOp) -> _Call:
        options = {
            "query": op.query if self._fields else None,
            "where": compile_filter(op.filter) if op.filter else None,
            "limit": op.limit,
            "offset": op.offset,
            "refresh": op.refresh_ttl,
        }
        return "search", (op.namespace_prefix,), options

    def _put(self, op: PutOp) -> Put:
        paths = () if op.index is False else self._fields if op.index is None or not self._fields else op.index
        value = dict(cast(Mapping[str, Any], op.value))
        texts: dict[str, None] = {}
        for path in paths:
            texts.update(dict.fromkeys(get_text_at_path(value, path if path == "$" else tokenize_path(path))))
        lifetime = None if op.ttl is None else timedelta(minutes=op.ttl)
        return Put(op.namespace, op.key, value, tuple(texts), lifetime)

    def _sweep_is_due(self) -> bool:
        minutes = (self.ttl_config or {}).get("sweep_interval_minutes")
        if minutes is None or time.monotonic() - self._swept < 60 * minutes:
            return False
        self._swept = time.monotonic()
        return True


def _item(record: Record) -> Item:
    return Item(
        value=dict(record.value),
        key=record.key,
        namespace=record.space,
        created_at=record.created_at,
        updated_at=record.updated_at,
    )


def _hit(record: Record) -> SearchItem:
    return SearchItem(record.space, record.key, dict(record.value), record.created_at, record.updated_at, record.score)


def _listing(op: ListNamespacesOp, spaces: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    matching = {space for space in spaces if all(_matches(one, space) for one in op.match_conditions or ())}
    cut = sorted({space[: op.max_depth] for space in matching})
    return cut[op.offset : op.offset + op.limit]


def _matches(condition: MatchCondition, space: tuple[str, ...]) -> bool:
    path = tuple(condition.path)
    kind = str(condition.match_type)
    if kind not in ("prefix", "suffix"):
        raise ConfigurationError(f"unknown match type {kind!r}; known are prefix and suffix")
    own = space[: len(path)] if kind == "prefix" else space[max(0, len(space) - len(path)) :]
    return len(own) == len(path) and all(wanted in ("*", label) for wanted, label in zip(path, own, strict=True))
