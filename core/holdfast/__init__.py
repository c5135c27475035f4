"""holdfast: a persistent memory for LLM applications.

`Memory` and `AsyncMemory` are loaded when first named, so that `import holdfast` costs next to nothing.
"""

from typing import TYPE_CHECKING, Any

from holdfast.errors import (
    ConfigurationError,
    CorruptStoreError,
    DimensionMismatchError,
    ExtractionError,
    HoldfastError,
    IncompatibleStoreError,
    MissingExtraError,
    ProviderError,
    StorageError,
    StoreLockedError,
)
from holdfast.protocols import (
    AsyncEmbedder,
    AsyncExtractor,
    Embedder,
    Extractor,
    Fingerprint,
    TextKind,
    TokenCounter,
)
from holdfast.types import (
    Added,
    Batch,
    Candidate,
    Change,
    Context,
    Diff,
    Event,
    Evidence,
    Extraction,
    Fact,
    Facts,
    Hit,
    Hits,
    Key,
    LedgerEntry,
    Message,
    Processed,
    Put,
    Quarantined,
    Receipt,
    Record,
    Relation,
    Report,
    Session,
    Skipped,
    Usage,
    Vectors,
)

if TYPE_CHECKING:
    from holdfast.display import Picture
    from holdfast.embedders import CallableEmbedder, OpenAIEmbedder
    from holdfast.extractors import (
        CallableExtractor,
        EmbeddedExtractor,
        ModelExtractor,
        OpenAIExtractor,
        Prompt,
        Reply,
    )
    from holdfast.ledger import Ledger, LedgerPoint, LedgerTotals, Prices
    from holdfast.memory import AsyncMemory, Memory
    from holdfast.worker import Worker

__all__ = [
    "Added",
    "AsyncEmbedder",
    "AsyncExtractor",
    "AsyncMemory",
    "Batch",
    "CallableEmbedder",
    "CallableExtractor",
    "Candidate",
    "Change",
    "ConfigurationError",
    "Context",
    "CorruptStoreError",
    "Diff",
    "DimensionMismatchError",
    "EmbeddedExtractor",
    "Embedder",
    "Event",
    "Evidence",
    "Extraction",
    "ExtractionError",
    "Extractor",
    "Fact",
    "Facts",
    "Fingerprint",
    "Hit",
    "Hits",
    "HoldfastError",
    "IncompatibleStoreError",
    "Key",
    "Ledger",
    "LedgerEntry",
    "LedgerPoint",
    "LedgerTotals",
    "Memory",
    "Message",
    "MissingExtraError",
    "ModelExtractor",
    "OpenAIEmbedder",
    "OpenAIExtractor",
    "Picture",
    "Prices",
    "Processed",
    "Prompt",
    "ProviderError",
    "Put",
    "Quarantined",
    "Receipt",
    "Record",
    "Relation",
    "Reply",
    "Report",
    "Session",
    "Skipped",
    "StorageError",
    "StoreLockedError",
    "TextKind",
    "TokenCounter",
    "Usage",
    "Vectors",
    "Worker",
]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name in ("AsyncMemory", "Memory"):
        from holdfast import memory

        return getattr(memory, name)
    if name in ("CallableEmbedder", "OpenAIEmbedder"):
        from holdfast import embedders

        return getattr(embedders, name)
    if name in ("CallableExtractor", "EmbeddedExtractor", "ModelExtractor", "OpenAIExtractor", "Prompt", "Reply"):
        from holdfast import extractors

        return getattr(extractors, name)
    if name in ("Ledger", "LedgerPoint", "LedgerTotals", "Prices"):
        from holdfast import ledger

        return getattr(ledger, name)
    if name == "Picture":
        from holdfast.display import Picture

        return Picture
    if name == "Worker":
        from holdfast.worker import Worker

        return Worker
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__]
