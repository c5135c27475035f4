"""What reads text: embedders, token counters and extractors."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias, runtime_checkable

from holdfast.types import Batch, Extraction, Usage, Vectors

__all__ = [
    "AsyncEmbedder",
    "AsyncExtractor",
    "Batching",
    "Embedder",
    "Extractor",
    "Fingerprint",
    "MeteredEmbedder",
    "TextKind",
    "TokenCounter",
]

TextKind: TypeAlias = Literal["document", "query"]


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What makes two embedders interchangeable: vectors may be compared only under equal fingerprints."""

    name: str
    dimensions: int
    revision: str = "1"

    def __str__(self) -> str:
        return f"{self.name} ({self.dimensions} dimensions, revision {self.revision})"


@runtime_checkable
class Embedder(Protocol):
    """Turns texts into unit vectors."""

    @property
    def fingerprint(self) -> Fingerprint:
        """What the store remembers, so that vectors of two embedders never mix."""
        ...

    def embed(self, texts: Sequence[str], *, kind: TextKind = "document") -> Vectors:
        """Return one unit vector a text, in order: shape (len(texts), dimensions), float32, C-contiguous.

        A text's vector does not depend on the texts beside it (to 1e-5), nor on the call. Equal texts get equal
        vectors. No text, any length, only white space: each gets a finite unit vector; no texts give shape
        (0, dimensions). Thread-safe.

        Args:
            texts: What to embed; long ones are cut where the model's input ends.
            kind: Whether these are stored (`document`) or asked (`query`); many models treat them alike.

        Raises:
            ProviderError: The model could not be reached or refused.
        """
        ...


@runtime_checkable
class AsyncEmbedder(Protocol):
    """What an embedder adds when it can be awaited; without it, `embed` runs in a worker thread."""

    async def aembed(self, texts: Sequence[str], *, kind: TextKind = "document") -> Vectors:
        """Do as `Embedder.embed`, awaited."""
        ...


@runtime_checkable
class MeteredEmbedder(Protocol):
    """What an embedder adds when it costs something and can tell how much."""

    def embed_metered(self, texts: Sequence[str], *, kind: TextKind = "document") -> tuple[Vectors, Usage]:
        """Do as `Embedder.embed`, and return what it cost with the vectors."""
        ...

    async def aembed_metered(self, texts: Sequence[str], *, kind: TextKind = "document") -> tuple[Vectors, Usage]:
        """Do as `embed_metered`, awaited."""
        ...


@runtime_checkable
class TokenCounter(Protocol):
    """Counts tokens; the embedded embedder is one."""

    def count_tokens(self, text: str) -> int:
        """Return how many tokens `text` has: 0 for the empty text, and no special tokens counted."""
        ...


@runtime_checkable
class Extractor(Protocol):
    """Reads messages, proposes facts and further search keys. Never decides what survives: messages always do."""

    @property
    def name(self) -> str:
        """Name and version (`rules/1`), kept with every fact."""
        ...

    def extract(self, batch: Batch) -> Extraction:
        """Return what the batch's messages say; its context only helps to understand them.

        Each candidate, key and skipped clause names a message of the batch, and each evidence quotes its span
        exactly: `message.content[start:end] == quote`. No messages give an empty extraction. Messages that say
        nothing worth keeping give no candidates; that is no error. Thread-safe.

        Raises:
            ProviderError: The model could not be reached, or answered out of shape; nothing is lost, the messages
                stay pending.
        """
        ...


@runtime_checkable
class AsyncExtractor(Protocol):
    """What an extractor adds when it can be awaited; without it, `extract` runs in a worker thread."""

    async def aextract(self, batch: Batch) -> Extraction:
        """Do as `Extractor.extract`, awaited."""
        ...


@runtime_checkable
class Batching(Protocol):
    """What an extractor adds that wants batches of its own size, or known facts with them."""

    @property
    def together(self) -> int:
        """Messages of one batch at most; what is committed together too."""
        ...

    @property
    def existing(self) -> int:
        """How many known facts each batch brings along, the nearest ones."""
        ...
