"""The seams. Each contract stands in its docstrings, and each sentence of it has a test in `holdfast.testing`."""

from holdfast.protocols.facts import Books, FactQuery, Facts, ReadFacts, Row, Write
from holdfast.protocols.journal import Journal, Journaled, Lease, Pending, Queue
from holdfast.protocols.models import (
    AsyncEmbedder,
    AsyncExtractor,
    Batching,
    Embedder,
    Extractor,
    Fingerprint,
    MeteredEmbedder,
    TextKind,
    TokenCounter,
)
from holdfast.protocols.records import RecordStore, Shelf
from holdfast.protocols.upkeep import Delta, FactKeys, Found, Measuring, Place, Renewed, Store, Swap, Telling, Upkeep

__all__ = [
    "AsyncEmbedder",
    "AsyncExtractor",
    "Batching",
    "Books",
    "Delta",
    "Embedder",
    "Extractor",
    "FactKeys",
    "FactQuery",
    "Facts",
    "Fingerprint",
    "Found",
    "Journal",
    "Journaled",
    "Lease",
    "Measuring",
    "MeteredEmbedder",
    "Pending",
    "Place",
    "Queue",
    "ReadFacts",
    "RecordStore",
    "Renewed",
    "Row",
    "Shelf",
    "Store",
    "Swap",
    "Telling",
    "TextKind",
    "TokenCounter",
    "Upkeep",
    "Write",
]
