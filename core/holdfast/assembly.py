"""How a memory is put together: which store, which embedder and extractor, and where it lies."""

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

import platformdirs

from holdfast.calls import Calls
from holdfast.echo import Injected
from holdfast.embedders import MiniLM
from holdfast.embedders.named import AnyEmbedder, embedder_of
from holdfast.errors import ConfigurationError, MissingExtraError, StorageError
from holdfast.extractors.named import AnyExtractor, extractor_of
from holdfast.index import MEMORY, Index
from holdfast.ledger import Book
from holdfast.lexical import REVISION
from holdfast.parts import Parts
from holdfast.profiles import Profiles
from holdfast.protocols import Embedder, Fingerprint, Measuring, Store, Telling, TokenCounter
from holdfast.ranking import Weights
from holdfast.store import SQLiteStore, is_server
from holdfast.validation import check_time

if TYPE_CHECKING:
    from rich.console import RenderableType

    from holdfast.store.postgres import PostgresStore

__all__ = ["Assembled"]


def _now() -> datetime:
    return datetime.now(timezone.utc)


class Assembled:
    """What both faces share: how a memory is put together, and what it is made of."""

    def __init__(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        extractor: AnyExtractor = None,
        embedder: AnyEmbedder = None,
        count_tokens: Callable[[str], int] | None = None,
        synchronous: Literal["FULL", "NORMAL"] = "FULL",
        index_memory: int = MEMORY,
        vectors_on: Literal["node", "server"] = "node",
        hints: bool = False,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        embedder = embedder_of(embedder)
        if count_tokens is None:
            count_tokens = (embedder if isinstance(embedder, TokenCounter) else MiniLM()).count_tokens
        self.path = _place(path)
        if vectors_on not in ("node", "server") or (vectors_on == "server" and not is_server(self.path)):
            raise ConfigurationError(
                f"vectors_on is 'node', or 'server' for a memory at a postgresql:// address, got {vectors_on!r}"
            )
        if hints and not is_server(self.path):
            raise ConfigurationError("hints=True is for a memory at a postgresql:// address: a file has no other nodes")

        def now() -> datetime:
            return check_time(clock(), "the clock's time") or _now()

        store = _opened(self.path, embedder.fingerprint, synchronous)
        self.path = store.path
        self._calls = Calls(
            Parts(
                store=store,
                index=_index(store, embedder.fingerprint.dimensions, index_memory, on_server=vectors_on == "server"),
                embedder=embedder,
                extractor=extractor_of(extractor),
                clock=now,
                count_tokens=count_tokens,
                weights=Weights(),
                profiles=Profiles(),
                book=Book(now, count_tokens),
                injected=Injected(),
                scratch=lambda fingerprint: SQLiteStore("", embedder=fingerprint, terms=REVISION),
            )
        )
        if hints and isinstance(store, Telling):
            store.hear(self._refresh)

    def on_deferred(self, call: Callable[[str], object]) -> Callable[[], None]:
        """Call `call` with the user's id whenever an `add` of this memory has deferred; return what ends that.

        It is called in the thread of that `add`, after the messages are journaled, and should only take note: a
        `Worker` does, and so can a task queue of one's own, whose task then calls `process`.
        """
        listeners = self._calls.listeners
        listeners.append(call)

        def end() -> None:
            with suppress(ValueError):
                listeners.remove(call)

        return end

    @property
    def embedder(self) -> Embedder:
        """What makes the vectors of this memory."""
        return self._calls.parts.embedder

    def _refresh(self, user_id: str) -> None:
        self._calls.parts.index.refresh(user_id)  # by its name, since a rebuild may put another in its place

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.path!r})"

    def _repr_html_(self) -> str:
        from holdfast.display import to_html

        return to_html(self._calls.overview(type(self).__name__, self.path))

    def __rich__(self) -> "RenderableType":
        from holdfast.display import to_rich

        return to_rich(self._calls.overview(type(self).__name__, self.path))


def _place(path: str | os.PathLike[str] | None) -> str:
    if path is None:
        path = os.environ.get("HOLDFAST_PATH") or None
    if path is None:
        folder = Path(platformdirs.user_data_dir("holdfast", appauthor=False))
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(
                str(folder), f"cannot be made ({error.strerror}); give a path or HOLDFAST_PATH"
            ) from error
        path = folder / "memory.db"
    place = os.fspath(path) if isinstance(cast(Any, path), (str, os.PathLike)) else path
    if not isinstance(place, str):
        raise ConfigurationError(f"path must be a text or a path, got {path!r}")
    if not place:
        raise ConfigurationError("path is empty; give a file, ':memory:', or nothing for the user's data directory")
    scheme = place.split("://")[0]
    if scheme != place and not is_server(place):
        raise ConfigurationError(f"no store for {scheme}://; give the path of a file, or a postgresql:// address")
    return place


def _index(store: Store, dimensions: int, memory: int, *, on_server: bool) -> Index:
    if on_server and isinstance(store, Measuring):
        return Index(store.outline, dimensions, memory=memory, cosines=store.cosines)
    return Index(store.pull, dimensions, memory=memory)


def _opened(place: str, embedder: Fingerprint, synchronous: Literal["FULL", "NORMAL"]) -> "SQLiteStore | PostgresStore":
    if not is_server(place):
        return SQLiteStore(place, embedder=embedder, terms=REVISION, synchronous=synchronous)
    try:
        from holdfast.store.postgres import PostgresStore
    except ImportError as error:
        raise MissingExtraError("postgres", error.name or "psycopg") from error
    return PostgresStore(place, embedder=embedder, terms=REVISION, synchronous=synchronous)
