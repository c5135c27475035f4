"""LlamaIndex's messages to the journal's and back."""

import base64
import math
import re
import uuid
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, cast

from llama_index.core.base.llms.types import ChatMessage, MessageRole, TextBlock
from pydantic import ValidationError

from holdfast import Message

__all__ = ["FRAMEWORK", "from_journal", "neutral", "text_of", "to_journal", "unmarked"]

FRAMEWORK = "llama_index"

_ROLES = {
    MessageRole.SYSTEM: "system",
    MessageRole.DEVELOPER: "system",
    MessageRole.USER: "user",
    MessageRole.TOOL: "tool",
    MessageRole.FUNCTION: "tool",
}
_PLAIN = {
    "user": MessageRole.USER,
    "assistant": MessageRole.ASSISTANT,
    "system": MessageRole.SYSTEM,
    # Without the call that it answers no model takes a tool's message.
    "tool": MessageRole.ASSISTANT,
}
_DEEPEST = 60
_INJECTED = re.compile(r"\A(?:\s*<holdfast-memory kind=\"\w+\">\n.*?</holdfast-memory>)+\s*", re.DOTALL)
_VARIABLE = re.compile(r"\{(context_str|query_str|context_msg|existing_answer)\}")
_NEUTRAL = re.compile(r"\{\u200b(context_str|query_str|context_msg|existing_answer)\}")
_REASONING = re.compile(r"\AThought:.*\nAnswer:\s*", re.DOTALL)


def to_journal(message: ChatMessage, session_id: str) -> Message:
    """Return a message as the journal keeps it: its words in `content`, and in `raw` whatever words alone lose."""
    message = unmarked(message)
    role = _ROLES.get(message.role, "assistant")
    words = message.content or ""
    content = _clean(words)
    if role == "assistant":
        content = _REASONING.sub("", content)
    blocks = message.blocks
    plain = (
        content == words
        and message.role.value == role
        and role != "tool"
        and not message.additional_kwargs
        and type(message) is ChatMessage
        and len(blocks) == 1
        and type(blocks[0]) is TextBlock
    )
    raw = None if plain else {"framework": FRAMEWORK, "type": "message", "data": _dump(message)}
    return Message(cast(Any, role), content, uuid.uuid4().hex, session_id=session_id, raw=raw)


def from_journal(message: Message) -> ChatMessage:
    """Return a journaled message, a new object each time; what LlamaIndex did not write comes as its words."""
    raw = message.raw
    if isinstance(raw, Mapping):
        given = cast(Mapping[str, Any], raw)
        if given.get("framework") == FRAMEWORK and given.get("type") == "message":
            try:
                return ChatMessage.model_validate(given["data"])
            except ValidationError:  # a block that this version does not know: the words remain
                pass
    return ChatMessage(message.content, role=_PLAIN[message.role])


def text_of(message: ChatMessage) -> str:
    """Return the words of a message; the empty text when it has none."""
    return message.content or ""


def unmarked(message: ChatMessage) -> ChatMessage:
    """Return a message without what holdfast itself put into it, so that memory never learns from memory."""
    texts = [block.text for block in message.blocks if isinstance(block, TextBlock)]
    if not any("<holdfast-memory" in text or "\u200b" in text for text in texts):
        return message  # a copy would be most of what a put costs
    message = message.model_copy(deep=True)
    blocks: list[Any] = []
    for block in message.blocks:
        if isinstance(block, TextBlock):
            text = _NEUTRAL.sub(r"{\1}", _INJECTED.sub("", block.text))
            if text != block.text and not text:
                continue
            block.text = text
        blocks.append(block)
    message.blocks = blocks
    return message


def neutral(text: str) -> str:
    """Return a text in which the variables of LlamaIndex's prompt templates are words: stored text fills no template.

    Engines format the whole history with their own variables, so `{context_str}` in an old message would become the
    retrieved documents. A zero-width space parts brace and name; other braces, those of code for one, stay.
    """
    return _VARIABLE.sub("{\u200b\\1}", text)


def _clean(text: str) -> str:
    """Return a text that every store can hold."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _dump(message: ChatMessage) -> Any:
    with suppress(ValueError):
        return _json(message.model_dump(mode="json", exclude_none=True, fallback=repr))
    with suppress(ValueError):  # bytes that are no text, which some versions leave in blocks
        return _json(message.model_dump(exclude_none=True, fallback=repr))
    bare = message.model_copy(update={"additional_kwargs": {}})  # they contain themselves; words and blocks are kept
    return _json(bare.model_dump(exclude_none=True, fallback=repr))


def _json(value: Any, depth: int = 0) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if depth > _DEEPEST:
        return None
    if isinstance(value, Mapping):
        return {_json(str(name)): _json(item, depth + 1) for name, item in cast(Mapping[Any, Any], value).items()}
    if isinstance(value, (list, tuple)):
        return [_json(item, depth + 1) for item in cast(Iterable[Any], value)]
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return base64.b64encode(value).decode()
    return value if value is None or isinstance(value, (int, float)) else str(value)
