"""Any LangChain chat model as the memory's extractor."""

from collections.abc import Mapping
from typing import Any, cast

from langchain_core.exceptions import OutputParserException
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from langchain_core.runnables import Runnable, RunnableConfig
from pydantic import ValidationError

from holdfast import ConfigurationError, ExtractionError, ModelExtractor, Prompt, Reply
from langchain_holdfast.identity import model_name
from langchain_holdfast.messages import text_of

__all__ = ["LangChainExtractor"]

_CONFIG: RunnableConfig = {"tags": ["nostream"], "run_name": "holdfast_extract"}
"""LangGraph leaves a run with this tag out of the stream of an agent's answer, in which it would not be understood."""

_CUT_OFF = {"length", "max_tokens", "MAX_TOKENS"}


class LangChainExtractor(ModelExtractor):
    """Extracts facts with any LangChain chat model.

    ```python
    memory = Memory("chat.db", extractor=LangChainExtractor(ChatOpenAI(model="gpt-4.1-mini")))
    ```

    The model is held to a schema by `with_structured_output`; one that knows no tools is asked for JSON in words.

    Args:
        model: The model; its own settings say how often it tries again.
        name: Kept with every fact; by default the class and its `model`, `model_name` or `model_id`.
        options: Those of `holdfast.ModelExtractor`: `together`, `existing`, `stand_in`.

    Raises:
        ConfigurationError: `model` is something else.
    """

    def __init__(self, model: BaseChatModel, *, name: str | None = None, **options: Any) -> None:
        if not isinstance(model, BaseChatModel):  # pyright: ignore[reportUnnecessaryIsInstance] - callers may be untyped
            raise ConfigurationError(f"model must be a chat model of LangChain, got {type(model).__name__}")
        self._chat = model
        super().__init__(self._ask, name=name or model_name(model), acomplete=self._aask, **options)

    def _ask(self, prompt: Prompt) -> Reply:
        try:
            return _reply(self._held(prompt).invoke(_messages(prompt), _CONFIG))
        except (OutputParserException, ValidationError) as error:
            raise self._unreadable(error) from error

    async def _aask(self, prompt: Prompt) -> Reply:
        try:
            return _reply(await self._held(prompt).ainvoke(_messages(prompt), _CONFIG))
        except (OutputParserException, ValidationError) as error:
            raise self._unreadable(error) from error

    def _held(self, prompt: Prompt) -> Runnable[Any, Any]:
        """Return the model held to the schema as far as it can be."""
        try:
            return self._chat.with_structured_output(dict(prompt.schema), include_raw=True)
        except NotImplementedError:
            return self._chat

    def _unreadable(self, error: Exception) -> ExtractionError:
        return ExtractionError(self.name, f"its answer could not be parsed ({type(error).__name__})")


def _messages(prompt: Prompt) -> list[BaseMessage]:
    return [SystemMessage(prompt.system), HumanMessage(prompt.user)]


def _reply(answer: Any) -> Reply:
    """Return an answer, of which some models give the message alone and some what was parsed beside it."""
    held = isinstance(answer, Mapping)
    given = cast(Mapping[str, Any], answer) if held else {"raw": answer}
    raw: Any = given["raw"]
    parsed: Any = given.get("parsed")
    message = raw if isinstance(raw, AIMessage) else AIMessage(str(raw))
    usage: Any = message.usage_metadata or {}
    ended = {message.response_metadata.get(name) for name in ("finish_reason", "stop_reason", "done_reason")}
    return Reply(
        cast(Mapping[str, Any], parsed) if isinstance(parsed, Mapping) else text_of(message),
        input_tokens=usage.get("input_tokens", 0),
        output_tokens=usage.get("output_tokens", 0),
        cached_tokens=usage.get("input_token_details", {}).get("cache_read") or 0,
        mode="structured" if held else "text",
        cut_off=bool(ended & _CUT_OFF),
    )
