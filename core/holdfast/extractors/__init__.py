"""Extractors: the embedded rules, and any model. Each is loaded when it is first named."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from holdfast.extractors.callable import CallableExtractor
    from holdfast.extractors.embedded import EmbeddedExtractor
    from holdfast.extractors.llm import OpenAIExtractor
    from holdfast.extractors.model import ModelExtractor
    from holdfast.extractors.prompts import Prompt
    from holdfast.extractors.replies import Reply

__all__ = ["CallableExtractor", "EmbeddedExtractor", "ModelExtractor", "OpenAIExtractor", "Prompt", "Reply"]

_MODULES = {
    "CallableExtractor": "callable",
    "EmbeddedExtractor": "embedded",
    "ModelExtractor": "model",
    "OpenAIExtractor": "llm",
    "Prompt": "prompts",
    "Reply": "replies",
}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
