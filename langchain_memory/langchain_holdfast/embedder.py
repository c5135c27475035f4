"""Any LangChain `Embeddings` as the memory's embedder."""

from collections.abc import Sequence
from typing import Any

import numpy.typing as npt
from langchain_core.embeddings import Embeddings

from holdfast import CallableEmbedder, ConfigurationError, Fingerprint, ProviderError, TextKind, Vectors
from langchain_holdfast.identity import model_name

__all__ = ["LangChainEmbedder"]

_BLANK = "-"
"""Stands for a text without a visible character, which many models refuse or embed as nothing."""


class LangChainEmbedder:
    """Embed with any LangChain `Embeddings`; questions and documents as that model tells them apart.

    ```python
    memory = Memory("chat.db", embedder=LangChainEmbedder(OpenAIEmbeddings(model="text-embedding-3-small")))
    ```

    Args:
        embeddings: The model.
        name: What the store remembers, so that vectors of two models never meet; by default the class and its `model`,
            `model_name` or `model_id`.
        dimensions: The width of a vector; by default one text is embedded to find out.
        revision: Change it when the model's vectors change under the same name.

    Raises:
        ConfigurationError: `embeddings` is something else.
        ProviderError: The model failed when its width was found out.
    """

    def __init__(
        self, embeddings: Embeddings, *, name: str | None = None, dimensions: int | None = None, revision: str = "1"
    ) -> None:
        if not isinstance(embeddings, Embeddings):  # pyright: ignore[reportUnnecessaryIsInstance] - callers may be untyped
            raise ConfigurationError(f"embeddings must be LangChain Embeddings, got {type(embeddings).__name__}")
        name = name or model_name(embeddings)
        width = _width_of(embeddings, name) if dimensions is None else dimensions

        def queries(texts: list[str]) -> npt.ArrayLike:
            return [embeddings.embed_query(text) for text in texts]

        async def documents_awaited(texts: list[str]) -> npt.ArrayLike:
            return await embeddings.aembed_documents(texts)

        async def queries_awaited(texts: list[str]) -> npt.ArrayLike:
            return [await embeddings.aembed_query(text) for text in texts]

        def checked(function: Any) -> CallableEmbedder:
            return CallableEmbedder(function, name=name, dimensions=width, revision=revision)

        self._blocking = {"document": checked(embeddings.embed_documents), "query": checked(queries)}
        self._awaited = {"document": checked(documents_awaited), "query": checked(queries_awaited)}

    @property
    def fingerprint(self) -> Fingerprint:
        """Return name, width and revision."""
        return self._blocking["document"].fingerprint

    def embed(self, texts: Sequence[str], *, kind: TextKind = "document") -> Vectors:
        """Return one unit vector a text, in order: shape (len(texts), dimensions), float32.

        Raises:
            DimensionMismatchError: The model's vectors have another width than stated.
            ProviderError: The model raised, or returned something else than finite vectors.
        """
        return self._blocking[kind].embed(_visible(texts), kind=kind)

    async def aembed(self, texts: Sequence[str], *, kind: TextKind = "document") -> Vectors:
        """Do as `embed`, with the model's own awaited calls."""
        return await self._awaited[kind].aembed(_visible(texts), kind=kind)


def _visible(texts: Sequence[str]) -> Sequence[str]:
    return texts if isinstance(texts, str) else [text if text.strip() else _BLANK for text in texts]


def _width_of(embeddings: Embeddings, name: str) -> int:
    try:
        return len(embeddings.embed_query(_BLANK))
    except Exception as error:
        raise ProviderError(name, f"{type(error).__name__} when asked for the width of its vectors") from error
