"""A session of the journal as LlamaIndex sees it: messages in order, which can be replaced, dropped and archived.

The journal only grows, and what a user said stays known when the chat that it was said in is reset. So a change of what
a session *shows* is itself journaled: a message without words whose `raw` says what is shown from there on.
"""

import json
import threading
import uuid
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from llama_index.core.base.llms.types import ChatMessage

from holdfast import Memory, Message
from llamaindex_holdfast.learning import Learn, alearn, learn
from llamaindex_holdfast.messages import FRAMEWORK, to_journal

__all__ = ["Conversation", "View"]

_TAIL = 32
"""Messages read to see what is new since the last time."""


@dataclass(slots=True)
class View:
    """What a session shows: `active` is the conversation, `archived` what was moved out of it; ids in order."""

    messages: dict[str, Message] = field(default_factory=dict[str, Message])
    active: list[str] = field(default_factory=list[str])
    archived: list[str] = field(default_factory=list[str])
    last: str | None = None

    def replay(self, message: Message) -> None:
        """Take in the next message of the journal."""
        self.last = message.id
        change = _change_of(message)
        if change is None:
            self.messages[message.id] = message
            self.active.append(message.id)
            return
        gone = {*change.get("drop", ()), *change.get("archive", ())}
        self.archived = [*(id_ for id_ in self.archived if id_ not in gone), *change.get("archive", ())]
        self.active = [id_ for id_ in self.active if id_ not in gone]
        if "show" in change:
            self.active = [id_ for id_ in change["show"] if id_ in self.messages]


class Conversation:
    """One session of one user. Thread-safe; changes by other processes are seen at the next call.

    Args:
        memory: Whose journal keeps it.
        user_id: Who speaks.
        session_id: The conversation.
        when: When `learn` learns from what was added.
    """

    def __init__(self, memory: Memory, user_id: str, session_id: str, when: Learn) -> None:
        self.memory = memory
        self.user_id = user_id
        self.session_id = session_id
        self._when: Learn = when
        self._lock = threading.RLock()
        self._view = View()

    def active(self) -> list[Message]:
        """Return the messages that the conversation shows."""
        with self._lock:
            view = self._read()
            return [view.messages[id_] for id_ in view.active]

    def archived(self) -> list[Message]:
        """Return the messages that were moved out of it, in the order in which they were."""
        with self._lock:
            view = self._read()
            return [view.messages[id_] for id_ in view.archived]

    def append(self, messages: Sequence[ChatMessage], *, archived: bool = False) -> None:
        """Journal messages at the end; when this returns they survive a crash."""
        added = [to_journal(message, self.session_id) for message in messages]
        if added:
            self._write(added, {"archive": [one.id for one in added]} if archived else {})

    def replace(self, messages: Sequence[ChatMessage], *, archived: bool = False) -> None:
        """Show exactly these messages. Those that the session holds already are not journaled, nor learnt, again."""
        with self._lock:
            view = self._read()
            known: dict[str, deque[str]] = {}
            # What is shown now goes first, then what was shown before a reset.
            for id_ in dict.fromkeys((*view.active, *view.messages)):
                known.setdefault(_words(view.messages[id_]), deque()).append(id_)
            shown: list[str] = []
            new: list[Message] = []
            for message in messages:
                one = to_journal(message, self.session_id)
                same = known.get(_words(one))
                if not same:
                    new.append(one)
                shown.append(same.popleft() if same else one.id)
            kept = len(shown) - len(new)
            grows = view.active == shown[:kept] and not view.archived and not archived
            change = {"show": shown, "drop": view.archived}
            if archived:
                change = {"show": [], "drop": view.archived, "archive": shown}
            if new or not grows:
                self._write(new, {} if grows else change)

    def drop(self, ids: Sequence[str]) -> None:
        """Show these messages no longer; the journal keeps them."""
        if ids:
            self._write([], {"drop": [*ids]})

    def archive(self, ids: Sequence[str]) -> None:
        """Move messages out of the conversation."""
        if ids:
            self._write([], {"archive": [*ids]})

    def learn(self) -> None:
        """Learn from what was added, when the time for it is now."""
        learn(self.memory, self.user_id, self._when)

    async def alearn(self) -> None:
        """Do as `learn`, awaited."""
        await alearn(self.memory, self.user_id, self._when)

    def _write(self, messages: Sequence[Message], change: Mapping[str, Sequence[str]]) -> None:
        written = [*messages]
        if change:
            raw = {"framework": FRAMEWORK, "type": "view", "data": {name: [*ids] for name, ids in change.items()}}
            written.append(Message("system", "", uuid.uuid4().hex, session_id=self.session_id, raw=raw))
        self.memory.add(written, user_id=self.user_id, defer=True)

    def _read(self) -> View:
        view = self._view
        tail = self._messages(_TAIL)
        seen = next((number for number, one in enumerate(tail) if one.id == view.last), None)
        if seen is None:
            view = self._view = View()
            tail = self._messages(None) if len(tail) == _TAIL else tail
        for message in tail if seen is None else tail[seen + 1 :]:
            view.replay(message)
        return view

    def _messages(self, limit: int | None) -> Sequence[Message]:
        return self.memory.messages(user_id=self.user_id, session_id=self.session_id, limit=limit)


def _change_of(message: Message) -> Mapping[str, Sequence[str]] | None:
    raw = message.raw
    if not isinstance(raw, Mapping):
        return None
    given = cast(Mapping[str, Any], raw)
    if given.get("framework") != FRAMEWORK or given.get("type") != "view":
        return None
    return cast(Mapping[str, Sequence[str]], given["data"])


def _words(message: Message) -> str:
    return json.dumps([message.role, message.content, message.raw], sort_keys=True)
