"""An extractor by its short name."""

from typing import Any, TypeAlias

from holdfast.errors import ConfigurationError
from holdfast.extractors.callable import CallableExtractor, Read
from holdfast.extractors.embedded import EmbeddedExtractor
from holdfast.protocols import Extractor

__all__ = ["AnyExtractor", "extractor_of"]

AnyExtractor: TypeAlias = Extractor | Read | str | None
"""An extractor, a function that does its work, `embedded`, or `openai:` and a model's name."""


def extractor_of(given: AnyExtractor) -> Extractor:
    """Return the extractor that is meant; the embedded rules for None.

    Raises:
        ConfigurationError: There is none of that name, or no key for it.
        MissingExtraError: It needs an extra that is not installed.
    """
    if given is None or given == "embedded":
        return EmbeddedExtractor()
    if isinstance(given, str):
        provider, colon, model = given.partition(":")
        if provider == "openai" and colon and model:
            from holdfast.extractors.llm import OpenAIExtractor

            return OpenAIExtractor(model)
        raise ConfigurationError(f"no extractor is called {given!r}; give 'embedded', 'openai:<model>' or an extractor")
    if isinstance(given, Extractor):
        return given
    if callable(given):
        return CallableExtractor(given, name=_name_of(given))
    raise ConfigurationError(f"extractor must be one, its name or a function, got {type(given).__name__}")


def _name_of(function: Any) -> str:
    return str(getattr(function, "__name__", type(function).__name__))
