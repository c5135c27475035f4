"""Whose memory a call is for, in which conversation: read from the call's configuration; and what a model is called."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from langchain_core.runnables import RunnableConfig

from holdfast import ConfigurationError

__all__ = ["Identity", "as_id", "model_name", "resolve"]


@dataclass(frozen=True, slots=True)
class Identity:
    """A user and the conversation that the call belongs to, None when it has no name."""

    user_id: str
    session_id: str | None


def as_id(value: object, what: str) -> str | None:
    """Return an id as text; None for none. Numbers and UUIDs are taken too, since databases hand them out."""
    if value is None or value == "":
        return None
    if isinstance(value, (str, int, UUID)) and not isinstance(value, bool):
        return str(value)
    raise ConfigurationError(f"{what} must be a text, a whole number or a UUID, got {type(value).__name__}")


def resolve(
    config: RunnableConfig | None,
    *,
    context: object = None,
    user_id: str | None = None,
    session_id: str | None = None,
    user_key: str = "user_id",
) -> Identity:
    """Return whom a call is for: what was bound goes before the run's context, that before `configurable`.

    Args:
        config: The call's configuration; of `configurable`, `user_key` is read, and `session_id` or `thread_id`.
        context: The run's context in LangGraph, a mapping or an object with attributes.
        user_id: A user bound once for all calls.
        session_id: A conversation bound once for all calls.
        user_key: The name under which the application hands over its user.

    Raises:
        ConfigurationError: There is no user. Nothing is ever read or written for a user by default.
    """
    settings = cast(Mapping[str, Any], (config or {}).get("configurable") or {})
    user = as_id(user_id, "user_id")
    for source in (lambda: _read(context, user_key), lambda: settings.get(user_key)):
        user = user or as_id(source(), user_key)
    if user is None:
        raise ConfigurationError(
            f"no {user_key}: a memory belongs to somebody; call with "
            f'config={{"configurable": {{"{user_key}": ...}}}}, or bind user_id'
        )
    session = as_id(session_id, "session_id")
    for name in ("session_id", "thread_id"):
        session = session or as_id(settings.get(name), name)
    return Identity(user, session)


def _read(context: object, name: str) -> object:
    if isinstance(context, Mapping):
        return cast(Mapping[str, object], context).get(name)
    return getattr(context, name, None)


def model_name(model: object) -> str:
    """Return what the memory remembers of a model: its class and its `model`, `model_name` or `model_id`."""
    names = (getattr(model, name, None) for name in ("model", "model_name", "model_id"))
    own = next((found for found in names if isinstance(found, str) and found), None)
    return "/".join(filter(None, (type(model).__name__, own)))
