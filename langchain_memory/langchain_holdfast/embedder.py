"""Any LangChain `Embeddings` as the memory's embedder."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from langchain_core.embeddings import Embeddings

from holdfast import ConfigurationError, DimensionMismatchError, Fingerprint, HoldfastError, ProviderError, TextKind, Vectors

__all__ = ["LangChainEmbedder"]

_BLANK = "-"  # stands for a text without a character, which many models refuse


class LangChainEmbedder:
    """Embed with any LangChain `Embeddings`; questions and documents as that model tells them apart.

    ```python
    memory = Memory("chat.db", embedder=LangChainEmbedder(OpenAIEmbeddings(model="text-embedding-3-small")))
    ```

    Args:
        embeddings: The model.
        name: What the store remembers, so that vectors of two models never meet; the class with its `model` or
            `model_name` by default.
        dimensions: The width of a vector; by default one text is embedded to find out.
        revision: Change it when the model's vectors change under the same name.

    Raises:
        ConfigurationError: `embeddings` is none, or has no name.
        ProviderError: The model failed when it was asked for its width.
    """

    def __init__(
        self, embeddings: Embeddings, *, name: str | None = None, dimensions: int | None = None, revision: str = "1"
    ) -> None:
        if not isinstance(embeddings, Embeddings):
            raise ConfigurationError(f"embeddings must be LangChain Embeddings, got {type(embeddings).__name__}")
        self._embeddings = embeddings
        self._name = name or _name_of(embeddings)
        if dimensions is None:
            dimensions = len(self._answer(lambda: [self._embeddings.embed_query(_BLANK)], 1)[0])
        if dimensions < 1:
            raise ConfigurationError(f"dimensions is {dimensions}; give the width of the model's vectors")
        self._fingerprint = Fingerprint(self._name, dimensions, revision)
