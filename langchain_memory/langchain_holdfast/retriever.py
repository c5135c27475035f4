"""A user's memory as a LangChain retriever."""

from collections.abc import Mapping
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForRetrieverRun, CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever, LangSmithRetrieverParams
from langchain_core.runnables import RunnableConfig, ensure_config
from pydantic import ConfigDict, Field, field_validator
from typing_extensions import override

from holdfast import AsyncMemory, ConfigurationError, Hit, Memory
from langchain_holdfast.background import check
from langchain_holdfast.identity import as_id, resolve

__all__ = ["HoldfastRetriever"]

_OPTIONS = frozenset({"k", "score_threshold", "where", "filter", "session_id", "agent_id", "as_of", "among"})


class HoldfastRetriever(BaseRetriever):
    """Retrieve what is known about a user: facts, and messages that no fact stands for.

    ```python
    retriever = HoldfastRetriever(memory=memory, user_id="ann", k=4)
    documents = retriever.invoke("where does she live?")
    ```

    Without `user_id`, the user is that of the call: `config={"configurable": {"user_id": ...}}`, also inside a chain
    or an agent's tool. A call without any user raises.

    A document's `id` is that of its fact or message; its metadata are `kind` (the fact's, or `message`), `score`,
    `said_at` (ISO 8601), `session_id`, and `sources`, the ids of the messages that it rests on.

    Attributes:
        memory: What is searched.
        user_id: Whose memory, for all calls.
        k: How many documents.
        score_threshold: Leave out what scores below it; on the memory's own scale, where `hit.why` adds up.
        where: A filter on fields and metadata, as `Memory.search` takes it.
        search_kwargs: Any of these, and `session_id`, `agent_id`, `as_of`, `among`; each may also be given to
            `invoke`, whose values go first.
        user_key: The name in `configurable` under which the application hands over its user.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True, extra="forbid")

    memory: Memory = Field(repr=False, exclude=True)
    user_id: str | None = Field(default=None, repr=False)
    k: int = 4
    score_threshold: float | None = None
    where: dict[str, Any] | None = Field(default=None, repr=False)
    search_kwargs: dict[str, Any] = Field(default_factory=dict, repr=False)
    user_key: str = "user_id"

    @field_validator("memory", mode="before")
    @classmethod
    def _is_memory(cls, value: Any) -> Any:
        check(value)
        return value

    @field_validator("user_id", mode="before")
    @classmethod
    def _is_id(cls, value: Any) -> str | None:
        return as_id(value, "user_id")

    @field_validator("search_kwargs")
    @classmethod
    def _are_options(cls, value: dict[str, Any]) -> dict[str, Any]:
        _known(value)
        return value

    def __repr__(self) -> str:
        return f"{type(self).__name__}(k={self.k})"  # traces keep it: no user, no path, no filter

    __str__ = __repr__

    @override
    def invoke(self, input: str, config: RunnableConfig | None = None, **kwargs: Any) -> list[Document]:
        """Return the documents that answer a question, best first.

        Raises:
            ConfigurationError: There is no user, or an unknown option.
        """
        return super().invoke(input, config, **self._call(config, kwargs))

    @override
    async def ainvoke(self, input: str, config: RunnableConfig | None = None, **kwargs: Any) -> list[Document]:
        """Do as `invoke`, awaited."""
        return await super().ainvoke(input, config, **self._call(config, kwargs))

    def _call(self, config: RunnableConfig | None, options: Mapping[str, Any]) -> dict[str, Any]:
        """Return the options of a call with its user, who is not to be had any more where the search runs."""
        own = {name: value for name, value in options.items() if name not in ("run_id", "verbose", "user_id")}
        _known(own)
        # The field goes before the call's, so that a bound retriever never leaves its user.
        bound = self.user_id or as_id(options.get("user_id"), "user_id")
        who = resolve(ensure_config(config), user_id=bound, user_key=self.user_key)
        return {**options, "user_id": who.user_id}

    @override
    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, **options: Any
    ) -> list[Document]:
        return [_document(hit) for hit in self.memory.search(query, **self._options(options))]

    @override
    async def _aget_relevant_documents(
        self, query: str, *, run_manager: AsyncCallbackManagerForRetrieverRun, **options: Any
    ) -> list[Document]:
        hits = await AsyncMemory.of(self.memory).search(query, **self._options(options))
        return [_document(hit) for hit in hits]

    def _options(self, options: Mapping[str, Any]) -> dict[str, Any]:
        fields: dict[str, Any] = {"k": self.k, "score_threshold": self.score_threshold, "where": self.where}
        chosen: dict[str, Any] = {**fields, **_named(self.search_kwargs), **_named(options)}
        return {
            "user_id": chosen["user_id"],
            "limit": chosen["k"],
            "where": chosen["where"],
            "min_score": chosen["score_threshold"],
            **{name: chosen[name] for name in ("session_id", "agent_id", "as_of", "among") if name in chosen},
        }

    @override
    def _get_ls_params(self, **kwargs: Any) -> LangSmithRetrieverParams:
        return LangSmithRetrieverParams(ls_retriever_name="holdfast")


def _named(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return options with LangChain's usual word for a filter brought to ours."""
    return {"where" if name == "filter" else name: value for name, value in options.items()}


def _known(options: Mapping[str, Any]) -> None:
    unknown = sorted(set(options) - _OPTIONS)
    if unknown:
        raise ConfigurationError(f"unknown option {', '.join(unknown)}; known are {', '.join(sorted(_OPTIONS))}")


def _document(hit: Hit) -> Document:
    source = hit.fact or hit.message
    said = hit.fact.said_at if hit.fact else hit.message.at if hit.message else None
    metadata: dict[str, Any] = {
        "kind": hit.fact.kind if hit.fact else "message",
        "score": float(hit.score),
        "said_at": said.isoformat() if said else None,
        "session_id": source.session_id if source else None,
        "sources": list(hit.sources),
    }
    return Document(page_content=hit.text, id=source.id if source else None, metadata=metadata)
