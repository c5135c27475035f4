"""`LlamaIndexExtractor`: any of LlamaIndex's models for `holdfast.Memory`."""

from collections.abc import Mapping
from typing import Any, Literal, Optional, cast

from llama_index.core.llms.llm import LLM
from llama_index.core.prompts import ChatMessage, ChatPromptTemplate, MessageRole
from pydantic import BaseModel, create_model

from holdfast import ConfigurationError, ExtractionError, ModelExtractor, Prompt, Reply
from llamaindex_holdfast.window import default_tokenizer

__all__ = ["LlamaIndexExtractor"]

# No JSON and no call of a function are a ValueError, half of it a ValidationError, which is one too, no object at all a
# TypeError; several calls are an AssertionError, and older versions meet none with an IndexError.
_UNREADABLE = (ValueError, TypeError, IndexError, AssertionError)

# What is filled in is never read as a template again, so braces in what was said stay as they are.
_TEMPLATE = ChatPromptTemplate(
    [ChatMessage("{system}", role=MessageRole.SYSTEM), ChatMessage("{user}", role=MessageRole.USER)]
)


class LlamaIndexExtractor(ModelExtractor):
    """Extracts facts with a LlamaIndex model: `Memory("chat.db", extractor=LlamaIndexExtractor(llm))`.

    The model is asked by `structured_predict`: a call of a function where it knows functions, JSON in words elsewhere.
    That tells nothing of what the provider counted, so tokens are those of LlamaIndex's own tokenizer.

    Args:
        llm: The model; its own settings say how often it tries again. Its key is never stored.
        name: Kept with every fact; `model_name` of the model by default.
        options: Those of `holdfast.ModelExtractor`: `together`, `existing`, `stand_in`.

    Raises:
        ConfigurationError: `llm` is something else.
    """

    def __init__(self, llm: LLM, *, name: str | None = None, **options: Any) -> None:
        if not isinstance(llm, LLM):  # pyright: ignore[reportUnnecessaryIsInstance] - callers may be untyped
            raise ConfigurationError(f"llm must be a model of LlamaIndex, got {type(llm).__name__}")
        self._llm = llm
        name = name or f"llama_index/{llm.metadata.model_name}"
        super().__init__(self._ask, name=name, acomplete=self._aask, **options)

    def _ask(self, prompt: Prompt) -> Reply:
        try:
            answer = self._llm.structured_predict(_class(prompt), _TEMPLATE, system=prompt.system, user=prompt.user)
        except _UNREADABLE as error:
            raise self._unreadable(error) from error
        return self._reply(prompt, answer)

    async def _aask(self, prompt: Prompt) -> Reply:
        try:
            answer = await self._llm.astructured_predict(
                _class(prompt), _TEMPLATE, system=prompt.system, user=prompt.user
            )
        except _UNREADABLE as error:
            raise self._unreadable(error) from error
        return self._reply(prompt, answer)

    def _unreadable(self, error: Exception) -> ExtractionError:
        return ExtractionError(self.name, f"its answer could not be parsed ({type(error).__name__})")

    def _reply(self, prompt: Prompt, answer: Any) -> Reply:
        if not isinstance(answer, BaseModel):
            return Reply(str(answer), mode="text")
        count = default_tokenizer()
        return Reply(
            answer.model_dump(),
            input_tokens=len(count(prompt.system)) + len(count(prompt.user)),
            output_tokens=len(count(answer.model_dump_json())),
            mode="structured",
        )


def _class(prompt: Prompt) -> type[BaseModel]:
    return cast(type[BaseModel], _type(prompt.schema, str(prompt.schema["title"])))


def _type(schema: Mapping[str, Any], name: str) -> Any:
    """Return a JSON Schema, as far as those of extraction go, as the type that LlamaIndex asks for."""
    kind = schema.get("type")
    if "enum" in schema:
        return Literal[tuple(schema["enum"])]
    if isinstance(kind, list):
        [one] = [one for one in cast(list[str], kind) if one != "null"]
        return Optional[_type({**schema, "type": one}, name)]  # noqa: UP045 - of a type that is made here
    match kind:
        case "object":
            properties = cast(Mapping[str, Any], schema["properties"])
            fields: dict[str, Any] = {field: (_type(one, f"{name}_{field}"), ...) for field, one in properties.items()}
            return create_model(name, **fields)
        case "array":
            return list[_type(schema["items"], name)]  # type: ignore[misc]
        case _:
            return {"string": str, "integer": int, "number": float, "boolean": bool}[str(kind)]
