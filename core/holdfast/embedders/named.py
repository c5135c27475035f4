"""An embedder by its short name."""

from typing import Any, TypeAlias, cast

from holdfast.embedders.minilm import MiniLM
from holdfast.embedders.openai import OpenAIEmbedder
from holdfast.errors import ConfigurationError
from holdfast.protocols import Embedder

__all__ = ["AnyEmbedder", "embedder_of"]

AnyEmbedder: TypeAlias = Embedder | str | None
"""An embedder, `minilm` or `embedded`, or `openai:` and a model's name."""


def embedder_of(given: AnyEmbedder) -> Embedder:
    """Return the embedder that is meant; the embedded all-MiniLM-L6-v2 for None.

    Raises:
        ConfigurationError: There is none of that name, or no key for it.
        MissingExtraError: It needs an extra that is not installed.
    """
    if given is None or given in ("minilm", "embedded"):
        return MiniLM()
    if isinstance(given, str):
        provider, colon, model = given.partition(":")
        if provider == "openai" and colon and model:
            return OpenAIEmbedder(model)
        raise ConfigurationError(f"no embedder is called {given!r}; give 'minilm', 'openai:<model>' or an embedder")
    if isinstance(cast(Any, given), Embedder):
        return given
    if callable(given):
        raise ConfigurationError(
            "a function needs a name and a width: CallableEmbedder(function, name=..., dimensions=...)"
        )
    raise ConfigurationError(f"embedder must be one, or its name, got {type(given).__name__}")
