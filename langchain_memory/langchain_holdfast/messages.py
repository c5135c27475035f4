"""LangChain's messages to the journal's and back."""

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, cast

from langchain_core.messages import (
    AIMessage,
    BaseMessage,
    BaseMessageChunk,
    ChatMessage,
    FunctionMessage,
    HumanMessage,
    RemoveMessage,
    SystemMessage,
    ToolMessage,
    message_chunk_to_message,
)

from holdfast import Message
from langchain_holdfast.encoding import decode, encode

__all__ = ["from_journal", "spoken", "text_of", "to_journal"]

_FRAMEWORK = "langchain"
_KINDS: dict[str, type[BaseMessage]] = {
    "human": HumanMessage,
    "ai": AIMessage,
    "system": SystemMessage,
    "tool": ToolMessage,
    "function": FunctionMessage,
    "chat": ChatMessage,
    "remove": RemoveMessage,
}
_ROLES = {
    "human": "user",
    "ai": "assistant",
    "system": "system",
    "tool": "tool",
    "function": "tool",
    "remove": "system",
}
_SPEAKERS = {"human": "user", "user": "user", "system": "system", "developer": "system", "tool": "tool"}


def to_journal(message: BaseMessage, session_id: str | None) -> dict[str, Any]:
    """Return a message as `Memory.add` takes it, the whole of it in `raw`; a chunk as the message that it makes.

    The id that the framework gave becomes one of the session, since ids of a journal are unique to the user. It
    depends on the content too: a message that was edited under its old id is journaled anew.
    """
    if isinstance(message, BaseMessageChunk):
        message = message_chunk_to_message(message)
    kind = next((name for name, cls in _KINDS.items() if isinstance(message, cls)), "chat")
    fields = {**_fields(message), **(message.model_extra or {})}
    if kind == "chat" and not isinstance(message, ChatMessage):
        fields["role"] = message.type
    content = _clean(text_of(message))
    if fields.get("content") == content:
        del fields["content"]  # the journal's own
    data = {name: encode(value) for name, value in fields.items()}
    return {
        "id": _journal_id(message.id, session_id, kind, content, data),
        "role": _role(kind, message),
        "name": _clean(message.name or str(fields.get("role") or "")) or None,
        "content": content,
        "raw": {"framework": _FRAMEWORK, "type": kind, "data": data},
    }


def from_journal(message: Message) -> BaseMessage:
    """Return a journaled message; one that LangChain did not write as the plain message of its role."""
    raw = message.raw
    if isinstance(raw, Mapping):
        given = cast(Mapping[str, Any], raw)
        if given.get("framework") == _FRAMEWORK and given.get("type") in _KINDS:
            data = decode(given["data"])
            data.setdefault("content", message.content)
            if given["type"] == "remove":
                return RemoveMessage(**{name: value for name, value in data.items() if name != "content"})
            return _KINDS[given["type"]](**data)
    match message.role:
        case "user":
            return HumanMessage(message.content, id=message.id, name=message.name)
        case "assistant":
            return AIMessage(message.content, id=message.id, name=message.name)
        case "system":
            return SystemMessage(message.content, id=message.id, name=message.name)
        case _:
            # Without the call that it answers no model takes it as a tool's; the role says what it is all the same.
            return ChatMessage(content=message.content, role="tool", id=message.id, name=message.name)


def text_of(message: BaseMessage) -> str:
    """Return the words of a message, without images, calls and reasoning."""
    return str(message.text)


def spoken(messages: Iterable[BaseMessage]) -> list[BaseMessage]:
    """Return what people and the model said in words: no system prompt, no tool, nothing that another part made up.

    Summaries that LangChain puts in the place of a history look like the user's words; `lc_source` tells them apart.
    """
    return [
        message
        for message in messages
        if isinstance(message, (HumanMessage, AIMessage))
        and not message.additional_kwargs.get("lc_source")
        and text_of(message).strip()
    ]


def _fields(message: BaseMessage) -> dict[str, Any]:
    """Return the fields that are not as they are by default."""
    found: dict[str, Any] = {}
    for name, required, default in _defaults(type(message)):
        value = getattr(message, name)
        # By type first: an artifact may be an array, which answers a comparison with another array.
        if name != "type" and (required or type(value) is not type(default) or value != default):
            found[name] = value
    return found


@lru_cache(maxsize=64)  # asking pydantic for them was most of what a journaled message cost
def _defaults(kind: type[BaseMessage]) -> tuple[tuple[str, bool, Any], ...]:
    """Return the fields of a class of messages: name, whether it is required, and the default, only to compare with."""
    fields = kind.model_fields.items()
    return tuple((name, field.is_required(), field.get_default(call_default_factory=True)) for name, field in fields)


def _role(kind: str, message: BaseMessage) -> str:
    if isinstance(message, ChatMessage):
        return _SPEAKERS.get(message.role.lower(), "assistant")
    return _ROLES.get(kind, "assistant")


def _clean(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _journal_id(given: str | None, session_id: str | None, kind: str, content: str, data: Mapping[str, Any]) -> str:
    if given is None:
        return uuid.uuid4().hex
    whole = json.dumps([session_id, given, kind, content, data], sort_keys=True)
    return hashlib.blake2b(whole.encode(), digest_size=16).hexdigest()
