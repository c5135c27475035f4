"""One session's messages for `RunnableWithMessageHistory`, whose base class LangChain drops in its 2.0."""

import logging
import threading
from collections.abc import Sequence
from typing import Any, cast
from weakref import WeakKeyDictionary

from langchain_core.chat_history import BaseChatMessageHistory
from langchain_core.messages import BaseMessage
from langchain_core.runnables.config import run_in_executor

from holdfast import ConfigurationError, Memory, Message
from langchain_holdfast.background import Learn, catch_up, check, learn
from langchain_holdfast.identity import as_id
from langchain_holdfast.messages import from_journal, to_journal

__all__ = ["HoldfastChatMessageHistory"]

_logger = logging.getLogger("holdfast.langchain")

_Owner = tuple[str, str | None]


class HoldfastChatMessageHistory(BaseChatMessageHistory):
    """One session of a user's journal as LangChain messages, exactly as they were added.

    ```python
    history = HoldfastChatMessageHistory(memory=memory, user_id="ann", session_id="monday")
    history.add_user_message("I moved to Lisbon")
    ```

    Every message is learnt from, so what was said in one session is known in all. A message with an id is kept once,
    however often it is added.

    `RunnableWithMessageHistory` swallows what a write raises. What could not be written is therefore kept, and is
    written before anything else is read or added through any history of the memory: a failure that lasts is raised
    there, before the model is called, and one that passes loses nothing.

    Args:
        memory: Where the messages are journaled.
        user_id: Whose they are.
        session_id: The conversation.
        learn: When facts are derived: `background`, `now`, or `later`, by `Memory.process`.

    Raises:
        ConfigurationError: There is no user or no session.
    """

    def __init__(self, *, memory: Memory, user_id: str, session_id: str, learn: Learn = "background") -> None:
        super().__init__()
        check(memory, learn)
        user, session = as_id(user_id, "user_id"), as_id(session_id, "session_id")
        if user is None or session is None:
            raise ConfigurationError("a history is of one user and one session; give user_id and session_id")
        self._memory = memory
        self._user_id = user
        self._session_id = session
        self._learn: Learn = learn

    def __repr__(self) -> str:
        return f"{type(self).__name__}(session of {type(self._memory).__name__})"

    @property
    def messages(self) -> list[BaseMessage]:  # type: ignore[override]
        """The session's messages, oldest first, in a list of the caller's own.

        Raises:
            StorageError: They cannot be read, or messages added earlier still cannot be written.
        """
        self._write_again()
        catch_up(self._memory, self._user_id, self._learn)
        said = self._memory.messages(user_id=self._user_id, session_id=self._session_id)
        return [from_journal(message) for message in said if not _is_view(message)]

    async def aget_messages(self) -> list[BaseMessage]:
        """Do as `messages`, in a worker thread."""
        return await run_in_executor(None, lambda: self.messages)

    def add_messages(self, messages: Sequence[BaseMessage]) -> None:
        """Journal messages in one durable transaction.

        Raises:
            StorageError: They could not be written, and are kept to be written before the session's next call.
        """
        self._write_again()
        if not messages:
            return
        given = [to_journal(message, self._session_id) for message in messages]
        try:
            self._memory.add(given, user_id=self._user_id, session_id=self._session_id, defer=True)
        except Exception as error:
            _unwritten.keep(self._memory, (self._user_id, self._session_id), given)
            _logger.error("%d messages could not be written: %s", len(given), type(error).__name__)
            raise
        learn(self._memory, self._user_id, self._learn)

    async def aadd_messages(self, messages: Sequence[BaseMessage]) -> None:
        """Do as `add_messages`, in a worker thread."""
        await run_in_executor(None, self.add_messages, messages)

    def clear(self) -> None:
        """Forget this session: its messages, and the facts that rest on nothing else; other sessions stand."""
        _unwritten.take(self._memory, (self._user_id, self._session_id))
        self._memory.forget(self._user_id, session_id=self._session_id)

    async def aclear(self) -> None:
        """Do as `clear`, in a worker thread."""
        await run_in_executor(None, self.clear)

    def _write_again(self) -> None:
        owner = (self._user_id, self._session_id)
        waiting = _unwritten.take(self._memory, owner)
        if not waiting:
            return
        try:
            self._memory.add(waiting, user_id=self._user_id, session_id=self._session_id, defer=True)
        except Exception:
            _unwritten.keep(self._memory, owner, waiting)
            raise
        learn(self._memory, self._user_id, self._learn)


class _Unwritten:
    """Messages whose write failed, by memory, user and session; LangChain makes a new history object for each call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: WeakKeyDictionary[Memory, dict[_Owner, list[dict[str, object]]]] = WeakKeyDictionary()

    def keep(self, memory: Memory, owner: _Owner, messages: list[dict[str, object]]) -> None:
        with self._lock:
            kept = self._kept.setdefault(memory, {})
            kept[owner] = [*messages, *kept.get(owner, [])]

    def take(self, memory: Memory, owner: _Owner) -> list[dict[str, object]]:
        with self._lock:
            return self._kept.get(memory, {}).pop(owner, [])


_unwritten = _Unwritten()


def _is_view(message: Message) -> bool:
    """Whether another framework journaled what its chat shows from now on; nobody said that."""
    raw: Any = message.raw
    return isinstance(raw, dict) and cast(dict[str, Any], raw).get("type") == "view"
