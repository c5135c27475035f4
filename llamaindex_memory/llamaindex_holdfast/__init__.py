"""holdfast for LlamaIndex: memory, memory block, retriever, chat store, tools, embedder and extractor.

```python
from llamaindex_holdfast import HoldfastMemory

memory = HoldfastMemory("chat.db", user_id="user_42")
engine = SimpleChatEngine.from_defaults(memory=memory, llm=llm)
```

Each name is loaded when first used, so that importing this package costs nothing on top of LlamaIndex itself.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from llamaindex_holdfast.block import HoldfastMemoryBlock
    from llamaindex_holdfast.chat_store import HoldfastChatStore
    from llamaindex_holdfast.embedder import LlamaIndexEmbedder
    from llamaindex_holdfast.extractor import LlamaIndexExtractor
    from llamaindex_holdfast.learning import flush
    from llamaindex_holdfast.memory import HoldfastMemory
    from llamaindex_holdfast.retriever import HoldfastRetriever
    from llamaindex_holdfast.tools import HoldfastToolSpec

__all__ = [
    "HoldfastChatStore",
    "HoldfastMemory",
    "HoldfastMemoryBlock",
    "HoldfastRetriever",
    "HoldfastToolSpec",
    "LlamaIndexEmbedder",
    "LlamaIndexExtractor",
    "flush",
]

_MODULES = {
    "HoldfastChatStore": "chat_store",
    "HoldfastMemory": "memory",
    "HoldfastMemoryBlock": "block",
    "HoldfastRetriever": "retriever",
    "HoldfastToolSpec": "tools",
    "LlamaIndexEmbedder": "embedder",
    "LlamaIndexExtractor": "extractor",
    "flush": "learning",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] != "llama_index":
            raise
        from holdfast import MissingExtraError

        raise MissingExtraError("llamaindex", "llama-index-core") from error


def __dir__() -> list[str]:
    return [*__all__]
