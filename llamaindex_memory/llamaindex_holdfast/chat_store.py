"""`HoldfastChatStore`: the store of LlamaIndex's own `Memory`, on the journal."""

import asyncio
import os
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from llama_index.core.base.llms.types import ChatMessage
from llama_index.core.storage.chat_store.base_db import AsyncDBChatStore, MessageStatus
from pydantic import PrivateAttr

from holdfast import Memory, Message
from llamaindex_holdfast.learning import Learn
from llamaindex_holdfast.messages import from_journal
from llamaindex_holdfast.opened import open_path, path_of
from llamaindex_holdfast.session import Conversation

__all__ = ["HoldfastChatStore"]

_T = TypeVar("_T")


class HoldfastChatStore(AsyncDBChatStore):
    """Keeps the conversations of one user: `Memory.from_defaults(session_id="s", chat_store=HoldfastChatStore(...))`.

    A key is a session. What is deleted here is no longer shown; what was said stays in the journal, and known, until
    `holdfast.Memory.forget`.

    Args:
        path: The file; the user's data directory by default.
        user_id: Whose conversations.
        learn: When facts are derived; see `HoldfastMemory`.
    """

    path: str
    user_id: str
    learn: Learn = "background"

    _memory: Memory = PrivateAttr()
    _conversations: dict[str, Conversation] = PrivateAttr()

    def __init__(
        self, path: str | os.PathLike[str] | None = None, *, user_id: str, learn: Learn = "background"
    ) -> None:
        memory = open_path(path)
        super().__init__(path=path_of(memory), user_id=user_id, learn=learn)  # type: ignore[call-arg]
        self._memory = memory
        self._conversations = {}

    @classmethod
    def class_name(cls) -> str:
        """Return the name under which it is serialised."""
        return "HoldfastChatStore"

    @classmethod
    def from_memory(cls, memory: Memory, *, user_id: str, learn: Learn = "background") -> "HoldfastChatStore":
        """Return a store on a memory that was put together elsewhere."""
        return cls(path_of(memory), user_id=user_id, learn=learn)

    async def get_messages(
        self,
        key: str,
        status: MessageStatus | None = MessageStatus.ACTIVE,
        limit: int | None = None,
        offset: int | None = None,
    ) -> list[ChatMessage]:
        """Return messages in order, archived ones before active ones."""
        first = offset or 0
        found = await self._run(lambda: self._messages(key, status))
        return [from_journal(one) for one in found[first : None if limit is None else first + limit]]

    async def count_messages(self, key: str, status: MessageStatus | None = MessageStatus.ACTIVE) -> int:
        """Return how many messages a session shows."""
        return len(await self._run(lambda: self._messages(key, status)))

    async def add_message(self, key: str, message: ChatMessage, status: MessageStatus = MessageStatus.ACTIVE) -> None:
        """Journal a message; it survives a crash when this returns."""
        await self.add_messages(key, [message], status)

    async def add_messages(
        self, key: str, messages: list[ChatMessage], status: MessageStatus = MessageStatus.ACTIVE
    ) -> None:
        """Journal messages in one transaction; none is no error."""
        archived = status == MessageStatus.ARCHIVED
        await self._run(lambda: self._session(key).append(messages, archived=archived))
        await self._session(key).alearn()

    async def set_messages(
        self, key: str, messages: list[ChatMessage], status: MessageStatus = MessageStatus.ACTIVE
    ) -> None:
        """Let a session show exactly these messages."""
        archived = status == MessageStatus.ARCHIVED
        await self._run(lambda: self._session(key).replace(messages, archived=archived))
        await self._session(key).alearn()

    async def delete_message(self, key: str, idx: int) -> ChatMessage | None:
        """Drop the message at a place among the active ones, counted from 0, and return it."""
        active = await self._run(self._session(key).active)
        if not 0 <= idx < len(active):
            return None
        return (await self._drop(key, active[idx : idx + 1]))[0]

    async def delete_messages(self, key: str, status: MessageStatus | None = None) -> None:
        """Drop a session's messages: all, or those of one status."""
        await self._drop(key, await self._run(lambda: self._messages(key, status)))

    async def delete_oldest_messages(self, key: str, n: int) -> list[ChatMessage]:
        """Drop the oldest active messages and return them."""
        return await self._drop(key, (await self._run(self._session(key).active))[: max(n, 0)])

    async def archive_oldest_messages(self, key: str, n: int) -> list[ChatMessage]:
        """Archive the oldest active messages and return them."""
        session = self._session(key)
        oldest = (await self._run(session.active))[: max(n, 0)]
        await self._run(lambda: session.archive([one.id for one in oldest]))
        await session.alearn()
        return [from_journal(one) for one in oldest]

    async def get_keys(self) -> list[str]:
        """Return the sessions that show a message, the latest first."""

        def read() -> list[str]:
            names = [session.id for session in self._memory.sessions(user_id=self.user_id)]
            return [name for name in names if name is not None and self._messages(name, None)]

        return await self._run(read)

    async def _run(self, call: Callable[[], _T]) -> _T:
        return await asyncio.to_thread(call)

    async def _drop(self, key: str, messages: Sequence[Message]) -> list[ChatMessage]:
        await self._run(lambda: self._session(key).drop([one.id for one in messages]))
        await self._session(key).alearn()
        return [from_journal(one) for one in messages]

    def _messages(self, key: str, status: MessageStatus | None) -> list[Message]:
        session = self._session(key)
        archived = [] if status == MessageStatus.ACTIVE else session.archived()
        return archived if status == MessageStatus.ARCHIVED else [*archived, *session.active()]

    def _session(self, key: str) -> Conversation:
        known = self._conversations.get(key)
        return known or self._conversations.setdefault(key, Conversation(self._memory, self.user_id, key, self.learn))

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> "HoldfastChatStore":
        return type(self)(self.path, user_id=self.user_id, learn=self.learn)

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), self.path, self.user_id, self.learn)


def _restore(cls: type[HoldfastChatStore], path: str, user_id: str, learn: Learn) -> HoldfastChatStore:
    return cls(path, user_id=user_id, learn=learn)
