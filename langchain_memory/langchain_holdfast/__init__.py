"""holdfast for LangChain and LangGraph: a memory that outlives the session.

```
HoldfastMiddleware            an agent of `create_agent` remembers its users
with_memory                   the same for a plain chain
HoldfastRetriever             facts and messages as documents
HoldfastChatMessageHistory    one session's messages, for `RunnableWithMessageHistory`
create_memory_tools           remember, recall, forget, list_memories: for a model that decides by itself
HoldfastStore                 LangGraph's long-term store, in the memory's own file
LangChainEmbedder             any `Embeddings` as the memory's embedder
LangChainExtractor            any chat model as the memory's extractor
flush                         waits for what is learnt in the background
```

Each is loaded when it is first named, so that `import langchain_holdfast` loads no framework.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from langchain_holdfast.background import flush
    from langchain_holdfast.chat_history import HoldfastChatMessageHistory
    from langchain_holdfast.embedder import LangChainEmbedder
    from langchain_holdfast.extractor import LangChainExtractor
    from langchain_holdfast.middleware import HoldfastMiddleware
    from langchain_holdfast.retriever import HoldfastRetriever
    from langchain_holdfast.runnable import with_memory
    from langchain_holdfast.store import HoldfastStore
    from langchain_holdfast.tools import create_memory_tools

__all__ = [
    "HoldfastChatMessageHistory",
    "HoldfastMiddleware",
    "HoldfastRetriever",
    "HoldfastStore",
    "LangChainEmbedder",
    "LangChainExtractor",
    "create_memory_tools",
    "flush",
    "with_memory",
]

_MODULES = {
    "HoldfastChatMessageHistory": "chat_history",
    "HoldfastMiddleware": "middleware",
    "HoldfastRetriever": "retriever",
    "HoldfastStore": "store",
    "LangChainEmbedder": "embedder",
    "LangChainExtractor": "extractor",
    "create_memory_tools": "tools",
    "flush": "background",
    "with_memory": "runnable",
}
_FRAMEWORK = ("langchain", "langchain_core", "langgraph")


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
    except ModuleNotFoundError as error:
        package = (error.name or "").split(".")[0]
        if package not in _FRAMEWORK:
            raise
        from holdfast import MissingExtraError

        raise MissingExtraError("langchain", package.replace("_", "-")) from error


def __dir__() -> list[str]:
    return [*__all__]
