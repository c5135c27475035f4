"""What callers hand in, made into messages, or refused with the value and the way out."""

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any, TypeAlias, cast

import numpy as np

from holdfast.errors import ConfigurationError, DimensionMismatchError
from holdfast.types import ROLES, Message, Role, Vectors, to_json

__all__ = [
    "Messages",
    "as_messages",
    "check_limit",
    "check_name",
    "check_text",
    "check_time",
    "check_user",
    "check_vector",
]

Messages: TypeAlias = str | Message | Mapping[str, Any] | Iterable[str | Message | Mapping[str, Any]]
"""What `add` takes: a text said by the user, a message, a dict with its fields, or an iterable of these."""

_FIELDS = {"id", "role", "content", "at", "name", "session_id", "agent_id", "metadata", "raw"}
_SHOWN = 60  # characters of a refused value that an error repeats


def check_user(user_id: Any) -> str:
    """Return a user id: any text of at least one character."""
    if not isinstance(user_id, str) or not user_id:
        raise ConfigurationError(f"user_id must be a non-empty text, got {user_id!r}; it names whose memory this is")
    return check_text(user_id, "user_id")


def check_name(name: Any, what: str) -> str | None:
    """Return the name of a session or an agent, or None; `*` means all of them and names none."""
    if name == "*":
        raise ConfigurationError(f"{what} '*' means all of them; give this one another name")
    return None if name is None else check_text(name, what)


def check_text(text: Any, name: str) -> str:
    """Return a text that every store can hold: no NUL, no lone surrogate."""
    if not isinstance(text, str):
        raise ConfigurationError(f"{name} must be a text, got {_shown(text)}")
    if "\0" in text:
        raise ConfigurationError(f"{name} has a NUL character at {text.index(chr(0))}; remove it")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ConfigurationError(
            f"{name} has a lone surrogate at {error.start}; repair it, for example with "
            "text.encode('utf-16', 'surrogatepass').decode('utf-16', 'replace')"
        ) from None
    return text


def check_limit(limit: Any, name: str = "limit") -> int:
    """Return a limit of at least 1."""
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
        raise ConfigurationError(f"{name} must be a whole number of at least 1, got {limit!r}")
    return limit


def check_time(moment: Any, name: str) -> datetime | None:
    """Return a moment with a time zone; one without is taken as UTC, a text is read as ISO 8601."""
    if moment is None:
        return None
    if isinstance(moment, str):
        try:
            moment = datetime.fromisoformat(moment.replace("Z", "+00:00"))
        except ValueError:
            raise ConfigurationError(f"{name} must be a datetime or ISO 8601, got {moment!r}") from None
    if not isinstance(moment, datetime):
        raise ConfigurationError(f"{name} must be a datetime or ISO 8601, got {_shown(moment)}")
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def as_messages(
    messages: Messages,
    *,
    session_id: str | None = None,
    agent_id: str | None = None,
    metadata: Mapping[str, Any] | None = None,
    at: datetime | str | None = None,
) -> tuple[Message, ...]:
    """Return messages ready for the journal; what a message says of itself goes before what the call says.

    Raises:
        ConfigurationError: One of them cannot be journaled; it is named by its number, and none is.
    """
    if isinstance(messages, (str, Mapping, Message)):
        messages = [cast(str | Message | Mapping[str, Any], messages)]
    if isinstance(cast(Any, messages), (bytes, bytearray)) or not isinstance(cast(Any, messages), Iterable):
        raise ConfigurationError(f"messages must be a text, a message or a list of these, got {_shown(messages)}")
    check_name(session_id, "session_id")
    check_name(agent_id, "agent_id")
    common = _metadata(metadata, "metadata")
    when = check_time(at, "at")
    found: list[Message] = []
    for number, one in enumerate(messages):
        message = _message(one, f"message {number}")
        found.append(
            replace(
                message,
                session_id=session_id if message.session_id is None else message.session_id,
                agent_id=agent_id if message.agent_id is None else message.agent_id,
                at=message.at or when,
                metadata={**common, **message.metadata},
            )
        )
    return tuple(found)


def _message(one: Any, name: str) -> Message:
    if isinstance(one, str):
        return Message("user", check_text(one, name))
    if isinstance(one, Message):
        one = {field: getattr(one, field) for field in _FIELDS}
    if not isinstance(one, Mapping):
        raise ConfigurationError(f"{name} must be a text, a Message or a dict with role and content, got {_shown(one)}")
    given = cast(Mapping[str, Any], one)
    content = _content(given, name)
    foreign = set(given) - _FIELDS or not isinstance(given.get("content"), str)
    raw = given.get("raw")
    if raw is None and foreign:
        raw = given
    raw = _json(raw, f"{name}: raw", to_json)
    return Message(
        role=_role(given, name),
        content=content,
        id=_optional(given.get("id"), f"{name}: id") or "",
        at=check_time(given.get("at"), f"{name}: at"),
        name=_optional(given.get("name"), f"{name}: name"),
        session_id=check_name(given.get("session_id"), f"{name}: session_id"),
        agent_id=check_name(given.get("agent_id"), f"{name}: agent_id"),
        metadata=_metadata(given.get("metadata"), f"{name}: metadata"),
        raw=raw,
    )


def _role(given: Mapping[str, Any], name: str) -> Role:
    if "role" not in given:
        raise ConfigurationError(f"{name} has no role; one of {', '.join(ROLES)}")
    if given["role"] not in ROLES:
        raise ConfigurationError(f"{name} has the unknown role {given['role']!r}; known are {', '.join(ROLES)}")
    return cast(Role, given["role"])


def _content(given: Mapping[str, Any], name: str) -> str:
    if "content" not in given:
        raise ConfigurationError(f"{name} has no content; give the words that were said as a text")
    content = given["content"]
    if content is None and given.get("role") == "assistant" and given.get("tool_calls"):
        return ""  # a turn that only calls tools says nothing; its calls stay in raw
    if isinstance(content, Sequence) and not isinstance(content, (str, bytes, bytearray)):
        return check_text("\n".join(_block_texts(cast(Sequence[Any], content), name)), f"{name}: content")
    return check_text(content, f"{name}: content")


def _block_texts(blocks: Sequence[Any], name: str) -> Iterable[str]:
    for block in blocks:
        if isinstance(block, str):
            yield block
        elif isinstance(block, Mapping):
            text = cast(Mapping[str, Any], block).get("text")
            if isinstance(text, str):
                yield text
        else:
            raise ConfigurationError(f"{name} has the content block {_shown(block)}; a block is a text or a dict")


def _optional(value: Any, name: str) -> str | None:
    return None if value is None else check_text(value, name)


def _metadata(value: Any, name: str) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ConfigurationError(f"{name} must be a mapping, got {_shown(value)}")
    return dict(cast(Mapping[str, Any], _json(value, name)))


def _json(value: Any, name: str, plain: Callable[[Any], Any] = lambda value: value) -> Any:
    """Return a value, made `plain` first, that is JSON through and through."""
    try:
        value = plain(value)
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise ConfigurationError(f"{name} must be JSON values: {error}") from None
    check_text(text, name)
    return value


def _shown(value: Any) -> str:
    text = repr(value)
    return f"{type(value).__name__} {text if len(text) <= _SHOWN else text[:_SHOWN] + '…'}"


def check_vector(vector: Any, dimensions: int) -> Vectors:
    """Return a vector of this width as float32 of unit length, shape (dimensions,)."""
    try:
        given = np.asarray(vector, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ConfigurationError(f"vector must be a sequence of numbers, got {_shown(vector)}") from error
    if given.ndim != 1:
        raise ConfigurationError(f"vector must have one dimension, got the shape {given.shape}")
    if len(given) != dimensions:
        raise DimensionMismatchError(dimensions, len(given))
    length = math.sqrt(given.dot(given))
    if not 0 < length < math.inf:
        raise ConfigurationError("vector has no direction: every number must be finite, and one of them not 0")
    unit: Vectors = (given / length).astype(np.float32)
    return unit
