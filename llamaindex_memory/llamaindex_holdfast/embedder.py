"""`LlamaIndexEmbedder`: any of LlamaIndex's embedding models for `holdfast.Memory`."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from llama_index.core.base.embeddings.base import BaseEmbedding

from holdfast import Fingerprint, ProviderError, TextKind, Vectors

__all__ = ["LlamaIndexEmbedder"]

_BLANK = "."  # many providers refuse a text without characters


class LlamaIndexEmbedder:
    """Embeds with a LlamaIndex model: `Memory("chat.db", embedder=LlamaIndexEmbedder(embed_model))`.

    Documents and questions go to the model's own two methods, since many models treat them differently; vectors are
    brought to unit length here. The model itself, with its key, is never stored: only its name and width.

    Args:
        embed_model: The model.
        name: What the store remembers; `model_name` of the model by default.
        dimensions: The width of its vectors; asked of the model with one text when not given.
    """

    def __init__(self, embed_model: BaseEmbedding, *, name: str | None = None, dimensions: int | None = None) -> None:
        self._model = embed_model
        self._name = name or f"llama_index/{embed_model.model_name}"
        if dimensions is None:
            dimensions = len(self._call([_BLANK], "document")[0])
        self._fingerprint = Fingerprint(self._name, dimensions)

    @property
    def fingerprint(self) -> Fingerprint:
        """Return the name and the width."""
        return self._fingerprint

    def embed(self, texts: Sequence[str], *, kind: TextKind = "document") -> Vectors:
        """Return one unit vector a text; see `holdfast.Embedder.embed`."""
        return self._units(self._call([text if text.strip() else _BLANK for text in texts], kind))

    async def aembed(self, texts: Sequence[str], *, kind: TextKind = "document") -> Vectors:
        """Do as `embed`, awaited."""
        asked = [text if text.strip() else _BLANK for text in texts]
        try:
            if kind == "query":
                rows = [await self._model.aget_query_embedding(text) for text in asked]
            else:
                rows = await self._model.aget_text_embedding_batch(asked)
        except Exception as error:
            raise self._failed(error) from error
        return self._units(rows)

    def _call(self, texts: list[str], kind: TextKind) -> list[list[float]]:
        try:
            if kind == "query":
                return [self._model.get_query_embedding(text) for text in texts]
            return self._model.get_text_embedding_batch(texts)
        except Exception as error:
            raise self._failed(error) from error

    def _failed(self, error: Exception) -> ProviderError:
        return ProviderError(self._name, f"{type(error).__name__}: {error}", retryable=True)

    def _units(self, rows: Sequence[Sequence[float]]) -> Vectors:
        if not rows:
            return np.empty((0, self._fingerprint.dimensions), dtype=np.float32)
        vectors: npt.NDArray[np.float64] = np.asarray(rows, dtype=np.float64)
        if vectors.ndim != 2:
            raise ProviderError(self._name, "the model gave vectors of different widths")
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        sound = np.isfinite(vectors).all(axis=1, keepdims=True) & (lengths > 0)
        first = np.eye(1, vectors.shape[1])
        units = np.where(sound, vectors / np.where(sound, lengths, 1.0), first)
        return np.ascontiguousarray(units, dtype=np.float32)
