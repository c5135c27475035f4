"""A model that calls functions, and how a call is written: the framework's own, or ours where a version has none."""

import json
from collections.abc import Callable
from typing import Any, cast

from llama_index.core.llms import ChatMessage

Answer = Callable[..., ChatMessage]

try:
    from llama_index.core.base.llms.types import ToolCallBlock
    from llama_index.core.llms.mock import MockFunctionCallingLLM

    HAS_A_CALLER = True

    def a_call(tool: str, arguments: Any, id_: str) -> ChatMessage:
        """Return the message of a model that calls a tool."""
        block = ToolCallBlock(tool_call_id=id_, tool_name=tool, tool_kwargs=arguments)
        return ChatMessage(role="assistant", blocks=[block])

    def caller(answer: Answer) -> Any:
        """Return a model that answers what a function says."""
        return MockFunctionCallingLLM(response_generator=answer, is_chat_model=True)

except ImportError:
    from llama_index.core.base.llms.types import ChatResponse, CompletionResponse, LLMMetadata
    from llama_index.core.llms.function_calling import FunctionCallingLLM
    from llama_index.core.llms.llm import ToolSelection
    from pydantic import PrivateAttr

    HAS_A_CALLER = False

    class _Caller(FunctionCallingLLM):
        _answer: Answer = PrivateAttr()

        def __init__(self, answer: Answer) -> None:
            super().__init__()
            self._answer = answer

        @property
        def metadata(self) -> LLMMetadata:
            return LLMMetadata(is_chat_model=True, is_function_calling_model=True, model_name="caller")

        def chat(self, messages: Any, **kwargs: Any) -> ChatResponse:
            return ChatResponse(message=self._answer(messages, **kwargs))

        async def achat(self, messages: Any, **kwargs: Any) -> ChatResponse:
            return self.chat(messages, **kwargs)

        def stream_chat(self, messages: Any, **kwargs: Any) -> Any:
            return iter([self._chunk(messages, kwargs)])

        async def astream_chat(self, messages: Any, **kwargs: Any) -> Any:
            async def chunks() -> Any:
                yield self._chunk(messages, kwargs)

            return chunks()

        def _chunk(self, messages: Any, options: dict[str, Any]) -> ChatResponse:
            response = self.chat(messages, **options)
            response.delta = response.message.content or ""
            return response

        def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
            return CompletionResponse(text=self._answer([ChatMessage(prompt)], **kwargs).content or "")

        async def acomplete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
            return self.complete(prompt, formatted, **kwargs)

        def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> Any:
            return iter([self.complete(prompt, formatted, **kwargs)])

        async def astream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> Any:
            raise NotImplementedError

        def _prepare_chat_with_tools(
            self, tools: Any, user_msg: Any = None, chat_history: Any = None, **kwargs: Any
        ) -> dict[str, Any]:
            asked = [user_msg if isinstance(user_msg, ChatMessage) else ChatMessage(user_msg)] if user_msg else []
            return {"messages": [*(chat_history or []), *asked], "tools": list(tools)}

        def get_tool_calls_from_response(self, response: Any, error_on_no_tool_call: bool = True, **_: Any) -> Any:
            found = response.message.additional_kwargs.get("tool_calls") or []
            if not found and error_on_no_tool_call:
                raise ValueError("no tool call")
            return [ToolSelection(**one) for one in found]

    def a_call(tool: str, arguments: Any, id_: str) -> ChatMessage:
        """Return the message of a model that calls a tool."""
        given = json.loads(arguments) if isinstance(arguments, str) else arguments
        call = {"tool_id": id_, "tool_name": tool, "tool_kwargs": given}
        return ChatMessage(role="assistant", content="", additional_kwargs={"tool_calls": [call]})

    def caller(answer: Answer) -> Any:
        """Return a model that answers what a function says."""
        return cast(Any, _Caller(answer))
