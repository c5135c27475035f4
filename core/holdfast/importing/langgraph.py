"""LangGraph: the SQLite file of a store (where LangMem keeps its memories) or of a checkpointer.

The file is read as data. Checkpoints name classes to be made anew; none is made here, their fields are read.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from holdfast.errors import ConfigurationError, MissingExtraError
from holdfast.importing.statements import statement_of, text_of
from holdfast.importing.taking import Told
from holdfast.types import Message, Role
from holdfast.validation import check_time

__all__ = ["SOURCE", "read_langgraph"]

SOURCE = "langgraph"

_ROLES: Mapping[str, Role] = {"human": "user", "ai": "assistant", "system": "system", "tool": "tool"}
_OWNERS = ("user_id", "langgraph_user_id", "langgraph_auth_user_id")
_FIELDS = 2  # where a packed object holds its fields: behind its module and class
_SNAPSHOT = 7  # the code of a channel's whole value


def read_langgraph(path: Path, *, user_id: str | None = None, segment: int | None = None) -> list[Told]:
    """Return what a file of LangGraph holds: each memory of a store, each message of a checkpointer's threads.

    Args:
        path: The SQLite file.
        user_id: Whose it all is. By default the namespace of a memory says so, and the run's `user_id` of a thread.
        segment: Which part of the namespace names the user, counted from 1; the last by default.

    Raises:
        ConfigurationError: The file is none of LangGraph's, or says not whose something is.
        MissingExtraError: It holds checkpoints, and ormsgpack is not installed.
    """
    if not path.is_file():
        raise ConfigurationError(f"there is no file {path}")
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
            tables = {name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
            if not tables & {"store", "checkpoints"}:
                raise ConfigurationError(f"{path} holds neither a store nor checkpoints of LangGraph")
            told = [*_memories(db, user_id, segment)] if "store" in tables else []
            return [*told, *_threads(db, user_id)] if "checkpoints" in tables else told
    except sqlite3.Error as error:
        raise ConfigurationError(f"{path} cannot be read: {error}") from error


def _memories(db: sqlite3.Connection, user_id: str | None, segment: int | None) -> Iterator[Told]:
    rows = db.execute("SELECT prefix, key, value, created_at FROM store ORDER BY created_at, prefix, key")
    for prefix, key, value, created in rows:
        parts = str(prefix).split(".")
        if segment is not None and not 0 < segment <= len(parts):
            raise ConfigurationError(f"the namespace {prefix!r} has no part {segment}; --segment counts from 1")
        owner = user_id or parts[len(parts) - 1 if segment is None else segment - 1]
        try:
            kept: Any = json.loads(value)
        except ValueError:
            raise ConfigurationError(f"the value of {prefix}/{key} is not JSON; nothing was imported") from None
        text = text_of(kept)
        if text.strip():
            message = Message(
                role="user",
                content=statement_of(text),
                id=f"{SOURCE}:{prefix}/{key}",
                at=check_time(created, f"{prefix}/{key}: created_at"),
                session_id=str(prefix),
                metadata={"imported": SOURCE},
                raw=kept,
            )
            yield Told(owner, message)


def _threads(db: sqlite3.Connection, user_id: str | None) -> Iterator[Told]:
    rows = db.execute(
        """
        SELECT thread_id, type, checkpoint, metadata FROM checkpoints WHERE checkpoint_ns = ''
        ORDER BY thread_id, checkpoint_id
        """
    )
    thread: str | None = None
    owner: str | None = None
    said: dict[str, Message] = {}
    for found, kind, data, about in rows:
        if found != thread:
            yield from _of_thread(thread, owner, said)
            thread, owner, said = found, user_id, {}
        checkpoint = _unpacked(kind, data)
        owner = owner or _owner(about)
        at = check_time(checkpoint.get("ts"), f"thread {found}: ts")
        messages: Any = _mapping(checkpoint.get("channel_values")).get("messages")
        if isinstance(messages, list):
            now: dict[str, Message] = {}
            for number, one in enumerate(cast(list[Any], messages)):
                message = _message(one, f"{SOURCE}:{found}:{number}", str(found))
                if message is not None:
                    # A message bears no time; it is that of the checkpoint that held it first.
                    first = said.get(message.id)
                    now[message.id] = first or replace(message, at=at)
            said = now  # what a later checkpoint has let go is gone
    yield from _of_thread(thread, owner, said)


def _of_thread(thread: str | None, owner: str | None, said: Mapping[str, Message]) -> Iterator[Told]:
    if not said:
        return
    if not owner:
        raise ConfigurationError(f"the thread {thread!r} says not whose it is; name the user with --user")
    for message in said.values():
        yield Told(owner, message)


def _owner(about: Any) -> str | None:
    try:
        metadata: Any = json.loads(about or "{}")
    except (ValueError, TypeError):
        return None
    given = _mapping(metadata)
    return next((str(given[name]) for name in _OWNERS if given.get(name)), None)


def _message(one: Any, otherwise: str, thread: str) -> Message | None:
    """Return a packed message as ours; None for what is none."""
    fields = _mapping(one)
    role = _ROLES.get(str(fields.get("type")))
    if role is None:
        return None
    content = fields.get("content")
    text = content if isinstance(content, str) else _text_of_blocks(content)
    if not text.strip():
        return None  # a call of a tool, without a word
    own = fields.get("id")
    return Message(
        role=role,
        content=text,
        id=own if isinstance(own, str) and own else otherwise,
        name=fields.get("name"),
        session_id=thread,
        metadata={"imported": SOURCE},
    )


def _text_of_blocks(content: Any) -> str:
    blocks = cast(list[Any], content) if isinstance(content, list) else []
    texts = [block if isinstance(block, str) else _mapping(block).get("text") for block in blocks]
    return "\n".join(text for text in texts if isinstance(text, str))


def _unpacked(kind: str, data: bytes) -> Mapping[str, Any]:
    if kind == "json":
        loaded: Any = json.loads(data)
    elif kind == "msgpack":
        try:
            import ormsgpack
        except ImportError as error:
            raise MissingExtraError("langchain", "ormsgpack") from error

        def fields(code: int, packed: bytes) -> Any:
            value: Any = ormsgpack.unpackb(packed, ext_hook=fields, option=ormsgpack.OPT_NON_STR_KEYS)
            if code == _SNAPSHOT or not isinstance(value, list):
                return value
            named = cast(list[Any], value)
            return named[_FIELDS] if len(named) > _FIELDS else named

        loaded = ormsgpack.unpackb(data, ext_hook=fields, option=ormsgpack.OPT_NON_STR_KEYS)
    else:
        raise ConfigurationError(f"a checkpoint is kept as {kind!r}, which is not read here")
    return _mapping(loaded)


def _mapping(value: Any) -> Mapping[str, Any]:
    """Return a value as a mapping; an empty one for what is none."""
    if isinstance(value, Mapping):
        return cast(Mapping[str, Any], value)
    return {}
