"""`HoldfastMemory`: the memory of chat engines and agents."""

import asyncio
import logging
import os
import threading
import uuid
from dataclasses import dataclass
from typing import Any, ClassVar

from llama_index.core.base.llms.types import ChatMessage, MessageRole
from llama_index.core.memory.types import BaseMemory
from pydantic import Field, PrivateAttr

from holdfast import AsyncMemory, HoldfastError, Memory
from llamaindex_holdfast import learning
from llamaindex_holdfast.injection import Insert, inject
from llamaindex_holdfast.learning import Learn
from llamaindex_holdfast.messages import from_journal, neutral, text_of
from llamaindex_holdfast.opened import check_inside, open_path, path_of
from llamaindex_holdfast.session import Conversation
from llamaindex_holdfast.window import Tokenizer, count_tokens, default_tokenizer, fit

__all__ = ["HoldfastMemory"]

_logger = logging.getLogger("holdfast.llama_index")

_WINDOW = 30_000
_MEMORY = 800
_OF_CONTEXT = 0.75  # of a model's context, as ChatMemoryBuffer takes it


class HoldfastMemory(BaseMemory):
    """A memory for every chat engine and agent: the session continues, and what matters of all sessions is recalled.

    ```python
    memory = HoldfastMemory("chat.db", user_id="user_42")
    await FunctionAgent(llm=llm).run("What do you know about me?", memory=memory)
    ```

    Everything is journaled before `put` returns. What `get` returns are copies: the latest turns of the session that
    fit, and before the user's latest words what is known about them and was said in other sessions. The awaited calls
    do the same, and await the memory's models where these can be. A model that fails costs the memory of that turn,
    never the turn.

    It is a handle: serialised, pickled or copied it keeps path and names, no text and no key, and comes back on the
    same memory. Whoever may hand in serialised handles can name any user in them; accept none from strangers, and hold
    their paths to `HoldfastMemory.allowed_root`.

    Args:
        path: The file, opened once for all handles of the process; the user's data directory by default.
        user_id: Whose memory this is.
        session_id: The conversation to continue; a new one by default.
        insert: Where memory goes: `auto`, `user` or `system`.
        token_limit: What `get` may return, memory included.
        memory_tokens: What memory may take of it; 0 for none.
        learn: When facts are derived: in the `background`, `now` before `put` returns, or `later` by
            `Memory.process`.
        tokenizer_fn: Counts; LlamaIndex's own by default.
    """

    allowed_root: ClassVar[str | os.PathLike[str] | None] = None
    """The folder that restored handles must point into; None for anywhere."""

    path: str
    user_id: str
    session_id: str
    insert: Insert = "auto"
    token_limit: int = Field(default=_WINDOW, gt=0)
    memory_tokens: int = Field(default=_MEMORY, ge=0)
    learn: Learn = "background"

    _memory: Memory = PrivateAttr()
    _conversation: Conversation = PrivateAttr()
    _tokenizer: Tokenizer | None = PrivateAttr()
    _lock: threading.Lock = PrivateAttr()
    _recalled: tuple[tuple[str, str | None], str] | None = PrivateAttr()
    _costs: dict[str, int] = PrivateAttr()

    def __init__(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        user_id: str,
        session_id: str | None = None,
        insert: Insert = "auto",
        token_limit: int = _WINDOW,
        memory_tokens: int = _MEMORY,
        learn: Learn = "background",
        tokenizer_fn: Tokenizer | None = None,
    ) -> None:
        memory = open_path(path)
        session_id = uuid.uuid4().hex if session_id is None else session_id
        fields: dict[str, Any] = {
            "path": path_of(memory),
            "user_id": user_id,
            "session_id": session_id,
            "insert": insert,
            "token_limit": token_limit,
            "memory_tokens": memory_tokens,
            "learn": learn,
        }
        super().__init__(**fields)
        self._memory = memory
        self._conversation = Conversation(memory, user_id, session_id, learn)
        self._tokenizer = tokenizer_fn
        self._lock = threading.Lock()
        self._recalled = None
        self._costs = {}

    @classmethod
    def class_name(cls) -> str:
        """Return the name under which it is serialised."""
        return "HoldfastMemory"

    @classmethod
    def from_memory(cls, memory: Memory, *, user_id: str, **options: Any) -> "HoldfastMemory":
        """Return a handle on a memory that was put together elsewhere, with an embedder of its own for example.

        Args:
            memory: The memory; handles that come back from a serialised form find it while it is open.
            user_id: Whose memory this is.
            options: `session_id` and the others of the constructor.
        """
        return cls(path_of(memory), user_id=user_id, **options)

    @classmethod
    def from_defaults(
        cls,
        chat_history: list[ChatMessage] | None = None,
        llm: Any = None,
        token_limit: int | None = None,
        *,
        path: str | os.PathLike[str] | None = None,
        user_id: str | None = None,
        session_id: str | None = None,
        **options: Any,
    ) -> "HoldfastMemory":
        """Return a memory as chat engines make one with `memory_cls`; give `memory=` instead wherever you can.

        Without a user it belongs to nobody: a new id in a memory that ends with the process, so that no two chats meet.
        """
        if token_limit is None and llm is not None:
            token_limit = int(llm.metadata.context_window * _OF_CONTEXT)
        known = {
            name: options[name] for name in ("insert", "memory_tokens", "learn", "tokenizer_fn") if name in options
        }
        if user_id is None:
            user_id = f"nobody-{uuid.uuid4().hex}"
            path = path or ":memory:"
        memory = cls(path, user_id=user_id, session_id=session_id, token_limit=token_limit or _WINDOW, **known)
        if chat_history:
            memory.set(chat_history)
        return memory

    @classmethod
    def from_dict(cls, data: dict[str, Any], **kwargs: Any) -> "HoldfastMemory":
        """Return the handle that `to_dict` described, on the memory that is open or that its path names.

        Raises:
            ConfigurationError: Its path lies outside `allowed_root`.
        """
        given = {**data, **kwargs}
        check_inside(given["path"], HoldfastMemory.allowed_root)
        return cls(**{name: given[name] for name in cls.model_fields if name in given})

    @property
    def tokenizer_fn(self) -> Tokenizer:
        """What counts; chat engines ask for it."""
        if self._tokenizer is None:
            self._tokenizer = default_tokenizer()
        return self._tokenizer

    @property
    def memory(self) -> Memory:
        """The memory behind it, with all that `holdfast.Memory` can do."""
        return self._memory

    def get(self, input: str | None = None, initial_token_count: int = 0, **kwargs: Any) -> list[ChatMessage]:  # noqa: A002
        """Return the session's latest turns with what memory holds for them, as copies.

        Args:
            input: What the user says now, if the session does not hold it yet; else their latest message is the
                question.
            initial_token_count: What is in the prompt already.
            kwargs: Ignored; other memories take them.
        """
        learning.catch_up(self._memory, self.user_id, self.learn)
        window = self._window(input, initial_token_count)
        return self._with(window, self._recall(window))

    async def aget(self, input: str | None = None, initial_token_count: int = 0, **kwargs: Any) -> list[ChatMessage]:  # noqa: A002
        """Do as `get`, awaited."""
        await learning.acatch_up(self._memory, self.user_id, self.learn)
        window = await asyncio.to_thread(self._window, input, initial_token_count)
        return self._with(window, await self._arecall(window))

    def get_all(self) -> list[ChatMessage]:
        """Return all that the session shows, as it was said."""
        return [from_journal(one) for one in self._conversation.active()]

    def put(self, message: ChatMessage) -> None:
        """Journal a message, so that it survives a crash when this returns; facts follow, see `learn`.

        Raises:
            StorageError: It could not be written.
        """
        self.put_messages([message])

    async def aput(self, message: ChatMessage) -> None:
        """Do as `put`, awaited."""
        await self.aput_messages([message])

    def put_messages(self, messages: list[ChatMessage]) -> None:
        """Journal messages in one transaction; see `put`."""
        learning.catch_up(self._memory, self.user_id, self.learn)
        self._conversation.append(messages)
        self._conversation.learn()

    async def aput_messages(self, messages: list[ChatMessage]) -> None:
        """Do as `put_messages`, awaited."""
        await learning.acatch_up(self._memory, self.user_id, self.learn)
        await asyncio.to_thread(self._conversation.append, messages)
        await self._conversation.alearn()

    def set(self, messages: list[ChatMessage]) -> None:
        """Let the session show exactly these messages; those that it knows already are not learnt again."""
        learning.catch_up(self._memory, self.user_id, self.learn)
        self._replace(messages)
        self._conversation.learn()

    async def aset(self, messages: list[ChatMessage]) -> None:
        """Do as `set`, awaited."""
        await learning.acatch_up(self._memory, self.user_id, self.learn)
        await asyncio.to_thread(self._replace, messages)
        await self._conversation.alearn()

    def reset(self) -> None:
        """Let the session begin anew. What the user said stays known; `memory.forget` is for that."""
        self.set([])

    async def areset(self) -> None:
        """Do as `reset`, awaited."""
        await self.aset([])

    def flush(self, timeout: float | None = None) -> bool:
        """Wait until all that was said is learnt; return False when that takes longer than `timeout` seconds."""
        return learning.flush(self._memory, timeout)

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> "HoldfastMemory":
        return self.__copy__()

    def __copy__(self) -> "HoldfastMemory":
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self)(**fields, tokenizer_fn=self._tokenizer)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self).from_dict, (self.to_dict(),)

    def _replace(self, messages: list[ChatMessage]) -> None:
        self._conversation.replace(messages)
        with self._lock:
            self._recalled = None

    def _window(self, said: Any, before: int) -> "_Window":
        """Return what the session shows of itself within the limit, and what memory is asked."""
        journaled = self._conversation.active()
        messages = [from_journal(one) for one in journaled]
        costs = [self._cost(one.id, message) for one, message in zip(journaled, messages, strict=True)]
        limit = self.token_limit - before
        room = min(self.memory_tokens, max(limit // 2, 0))
        numbers = fit(messages, costs, limit - room)
        spoken = [number for number in numbers if messages[number].role == MessageRole.USER]
        last = journaled[spoken[-1]] if spoken else None
        query = _words(said) or (last.content if last else "")
        seen = (*(journaled[number].content for number in numbers), query)
        return _Window([messages[number] for number in numbers], query, last.id if last else None, seen, room)

    def _with(self, window: "_Window", recalled: str) -> list[ChatMessage]:
        for message in window.messages:
            for block in message.blocks:
                if block.block_type == "text":
                    block.text = neutral(block.text)
        inject(window.messages, recalled, self.insert)
        return window.messages

    def _recall(self, window: "_Window") -> str:
        text = self._recalled_before(window)
        if text is None:
            try:
                text = self._memory.context(window.query, **self._asked(window)).text
            except HoldfastError:
                _logger.warning("nothing was recalled in this turn", exc_info=True)
                return ""
            self._keep(window, text)
        return text

    async def _arecall(self, window: "_Window") -> str:
        text = self._recalled_before(window)
        if text is None:
            try:
                text = (await AsyncMemory.of(self._memory).context(window.query, **self._asked(window))).text
            except HoldfastError:
                _logger.warning("nothing was recalled in this turn", exc_info=True)
                return ""
            self._keep(window, text)
        return text

    def _asked(self, window: "_Window") -> dict[str, Any]:
        return {"user_id": self.user_id, "max_tokens": window.room, "seen": window.seen}

    def _recalled_before(self, window: "_Window") -> str | None:
        """Return what a question recalled in this turn; asked once, however often the agent reads its memory."""
        if not window.query.strip() or not window.room:
            return ""
        with self._lock:
            known = self._recalled
        return known[1] if known and known[0] == (window.query, window.last) else None

    def _keep(self, window: "_Window", text: str) -> None:
        with self._lock:
            self._recalled = (window.query, window.last), text

    def _cost(self, id_: str, message: ChatMessage) -> int:
        if id_ not in self._costs:
            self._costs[id_] = count_tokens(message, self.tokenizer_fn)
        return self._costs[id_]


@dataclass(frozen=True, slots=True)
class _Window:
    """What `get` begins with: the messages that fit, the question, the user's latest message, and room for memory."""

    messages: list[ChatMessage]
    query: str
    last: str | None
    seen: tuple[str, ...]
    room: int


def _words(said: Any) -> str:
    return text_of(said) if isinstance(said, ChatMessage) else said or ""
