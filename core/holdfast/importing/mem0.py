"""mem0: what `get_all` returned, written to a file as JSON."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from holdfast.errors import ConfigurationError
from holdfast.importing.statements import statement_of
from holdfast.importing.taking import Told
from holdfast.types import Message
from holdfast.validation import check_time

__all__ = ["SOURCE", "read_mem0"]

SOURCE = "mem0"

_OWN = ("user_id", "agent_id", "run_id", "actor_id", "role")  # fields of a memory that say whose it is


def read_mem0(path: Path, *, user_id: str | None = None) -> list[Told]:
    """Return the memories of a file: the answer of `get_all` or `search`, a list of memories, or a memory a line.

    Args:
        path: The file.
        user_id: Whose they are; by default each memory says so itself.

    Raises:
        ConfigurationError: The file holds no such memories, or one of them is nobody's.
    """
    memories = enumerate(_memories(path), 1)
    return [_told(memory, number, user_id) for number, memory in memories if memory["memory"].strip()]


def _memories(path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path} is not UTF-8 at byte {error.start}") from None
    try:
        found: Any = json.loads(text)
    except ValueError:
        try:
            found = [json.loads(line) for line in text.splitlines() if line.strip()]
        except ValueError as error:
            raise ConfigurationError(f"{path} is neither JSON nor lines of JSON: {error}") from None
    if isinstance(found, dict):
        answer = cast(dict[str, Any], found)
        found = next((answer[name] for name in ("results", "memories") if name in answer), [answer])
    if not isinstance(found, list):
        raise ConfigurationError(f"{path} holds no memories; give what get_all() returned")
    for number, one in enumerate(cast(list[Any], found), 1):
        if not isinstance(one, dict) or not isinstance(cast(dict[str, Any], one).get("memory"), str):
            raise ConfigurationError(f"entry {number} of {path} is no memory of mem0; nothing was imported")
        yield cast(dict[str, Any], one)


def _told(memory: Mapping[str, Any], number: int, user_id: str | None) -> Told:
    owner = user_id or memory.get("user_id")
    if not isinstance(owner, str) or not owner:
        raise ConfigurationError(f"entry {number} names no user_id; say whose it is with --user")
    text: str = memory["memory"]
    # Without an id of its own it is known by its words, so that importing again is harmless.
    own = memory.get("id") or hashlib.sha256(text.encode()).hexdigest()[:32]
    kept = {name: memory[name] for name in _OWN if memory.get(name)}
    run, agent, given = memory.get("run_id"), memory.get("agent_id"), memory.get("metadata")
    message = Message(
        role="user",
        content=statement_of(text),
        id=f"{SOURCE}:{own}",
        at=check_time(memory.get("created_at"), f"entry {number}: created_at"),
        session_id=run if isinstance(run, str) and run else SOURCE,
        agent_id=agent if isinstance(agent, str) and agent else None,
        metadata={**(cast(dict[str, Any], given) if isinstance(given, dict) else {}), "imported": SOURCE},
        raw={"memory": text, **kept},
    )
    return Told(owner, message)
