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
    Hit,
    Hits,
    Key,
    Message,
    Processed,
    Receipt,
    Report,
    Session,
    Skipped,
    Usage,
    Vectors,
)

if TYPE_CHECKING:
    from holdfast.embedders import CallableEmbedder
    from holdfast.memory import AsyncMemory, Memory

__all__ = [
    "Added",
    "AsyncEmbedder",
    "AsyncExtractor",
    "AsyncMemory",
    "Batch",
    "CallableEmbedder",
    "Candidate",
    "Change",
    "ConfigurationError",
    "Context",
    "CorruptStoreError",
    "Diff",
    "DimensionMismatchError",
    "Embedder",
    "Event",
    "Evidence",
    "Extraction",
    "ExtractionError",
    "Extractor",
    "Fact",
    "Fingerprint",
    "Hit",
    "Hits",
    "HoldfastError",
    "IncompatibleStoreError",
    "Key",
    "Memory",
    "Message",
    "MissingExtraError",
    "Processed",
    "ProviderError",
    "Receipt",
    "Report",
    "Session",
    "Skipped",
    "StorageError",
    "StoreLockedError",
    "TextKind",
    "TokenCounter",
    "Usage",
    "Vectors",
]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name in ("AsyncMemory", "Memory"):
        from holdfast import memory

        return getattr(memory, name)
    if name == "CallableEmbedder":
        from holdfast.embedders import CallableEmbedder

        return CallableEmbedder
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__]
