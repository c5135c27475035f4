"""What one memory is put together from; every flow is given it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from holdfast.echo import Injected
from holdfast.index import Index
from holdfast.ledger import Book
from holdfast.profiles import Profiles
from holdfast.protocols import Embedder, Extractor, Fingerprint, Store
from holdfast.ranking import Weights

__all__ = ["Parts"]


@dataclass(frozen=True, slots=True)
class Parts:
    """What one memory is put together from."""

    store: Store
    index: Index
    embedder: Embedder
    extractor: Extractor
    clock: Callable[[], datetime]
    count_tokens: Callable[[str], int]
    weights: Weights
    profiles: Profiles
    scratch: Callable[[Fingerprint], Store]
    book: Book
    injected: Injected
