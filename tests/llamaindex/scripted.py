"""Models that answer from a script and keep what they were asked, on the framework's own classes."""

import inspect
from collections.abc import Sequence
from typing import Any

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.llms import (
    ChatMessage,
    CompletionResponse,
    CompletionResponseGen,
    CustomLLM,
    LLMMetadata,
)
from llama_index.core.llms.callbacks import llm_completion_callback
from llama_index.core.memory import Memory as LlamaMemory
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
from pydantic import Field

from llamaindex.caller import a_call, caller

TAKES_A_STORE = "chat_store" in inspect.signature(LlamaMemory.from_defaults).parameters
"""Whether the framework's memory takes a chat store of one's own, as it does from 0.14.24 on."""

DOCUMENT = "The office is open from nine to five."


class Spy(CustomLLM):
    """No function caller: answers with its replies in turn, the last one for ever."""

    replies: list[str] = Field(default_factory=lambda: ["ok"])
    prompts: list[str] = Field(default_factory=list)

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(context_window=8192, model_name="spy")

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        self.prompts.append(prompt)
        text = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        return CompletionResponse(text=text)

    @llm_completion_callback()
    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponseGen:
        text = self.complete(prompt, formatted).text

        def pieces() -> CompletionResponseGen:
            for end in range(1, len(text) + 1):
                yield CompletionResponse(text=text[:end], delta=text[end - 1])

        return pieces()


class Fixed(BaseRetriever):
    """Retrieves one document, whatever is asked."""

    def __init__(self, text: str = DOCUMENT) -> None:
        super().__init__()
        self.asked: list[str] = []
        self._text = text

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        self.asked.append(query_bundle.query_str)
        return [NodeWithScore(node=TextNode(text=self._text, id_="document"), score=0.5)]


def function_caller(asked: list[list[ChatMessage]], answers: Sequence[ChatMessage | str] = ("ok",)) -> Any:
    """Return a function-calling model that keeps what it was asked and gives these answers, the last one for ever."""
    left = list(answers)

    def answer(messages: Sequence[ChatMessage], **_: Any) -> ChatMessage:
        asked.append([message.model_copy(deep=True) for message in messages])
        one = left.pop(0) if len(left) > 1 else left[0]
        return ChatMessage(role="assistant", content=one) if isinstance(one, str) else one

    return caller(answer)


def calls(tool: str, **arguments: Any) -> ChatMessage:
    """Return the message of a model that calls a tool."""
    return a_call(tool, arguments, f"call-{tool}")


def user(text: str) -> ChatMessage:
    return ChatMessage(role="user", content=text)


def assistant(text: str) -> ChatMessage:
    return ChatMessage(role="assistant", content=text)


def words(messages: Sequence[ChatMessage]) -> list[tuple[str, str]]:
    return [(message.role.value, message.content or "") for message in messages]


def shown(asked: Sequence[Sequence[ChatMessage]]) -> str:
    return "\n".join(message.content or "" for messages in asked for message in messages)
