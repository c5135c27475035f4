"""`HoldfastMemoryBlock`: long-term memory for LlamaIndex's own `Memory`."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from llama_index.core.base.llms.types import ChatMessage, MessageRole
from llama_index.core.memory.memory import BaseMemoryBlock

from holdfast import AsyncMemory, HoldfastError, Memory, Message
from llamaindex_holdfast.learning import Learn, acatch_up, alearn
from llamaindex_holdfast.messages import neutral, text_of, unmarked
from llamaindex_holdfast.window import default_tokenizer

__all__ = ["HoldfastMemoryBlock"]

_logger = logging.getLogger("holdfast.llama_index")

_SPEAKERS = {MessageRole.USER: "user", MessageRole.ASSISTANT: "assistant"}


class HoldfastMemoryBlock(BaseMemoryBlock[str]):
    """What is known about a user, from all their sessions, in `Memory.from_defaults(memory_blocks=[...])`.

    LlamaIndex hands a block only what overflows its queue, which most chats never do; so this one learns from what it
    is shown when it is read. A message is learnt once, however often it is shown. Nothing it does breaks a turn.

    Args:
        memory: The memory behind it.
        user_id: Whose memory this is; a block is of one user, whatever the session.
        max_tokens: What it may put into the prompt.
        learn: When facts are derived; see `HoldfastMemory`.
    """

    name: str = "holdfast"
    description: str | None = "What the user said in this and earlier conversations."
    priority: int = 0
    memory: Memory
    user_id: str
    max_tokens: int = 400
    learn: Learn = "background"

    async def _aget(self, messages: list[ChatMessage] | None = None, **block_kwargs: Any) -> str:
        said = [message for message in messages or [] if message.role in _SPEAKERS]
        asked = [text_of(message) for message in said if message.role == MessageRole.USER]
        if not asked:
            return ""
        # An agent asks with the words that its history holds already.
        if said[-1].role == MessageRole.USER and asked[-1] in asked[:-1][-1:]:
            said = said[:-1]
        session_id = block_kwargs.get("session_id")
        try:
            await acatch_up(self.memory, self.user_id, self.learn)
            await self._journal(said, session_id)
            seen = [text_of(message) for message in messages or []]
            context = await AsyncMemory.of(self.memory).context(
                asked[-1], user_id=self.user_id, max_tokens=self.max_tokens, seen=seen
            )
            return neutral(context.text)
        except HoldfastError:
            _logger.warning("nothing was recalled in this turn", exc_info=True)
            return ""

    async def _aput(self, messages: list[ChatMessage]) -> None:
        said = [message for message in messages if message.role in _SPEAKERS]
        sessions = {message.additional_kwargs.get("session_id") for message in said}
        try:
            for session_id in sessions:
                ones = [one for one in said if one.additional_kwargs.get("session_id") == session_id]
                await self._journal(ones, session_id)
        except HoldfastError:
            _logger.warning("messages were not taken in", exc_info=True)

    async def atruncate(self, content: str, tokens_to_truncate: int) -> str | None:
        """Leave out the last lines until so many tokens are saved; None when nothing is left."""
        count = default_tokenizer()
        lines = content.split("\n")
        target = len(count(content)) - tokens_to_truncate
        while any(line.startswith("- ") for line in lines):
            last = max(number for number, line in enumerate(lines) if line.startswith("- "))
            del lines[last]
            if lines[last - 1 : last + 1] and not lines[last - 1].startswith("- "):
                del lines[max(last - 2, 0) : last + 1]  # an empty list goes with its tags and its heading
            if lines and len(count("\n".join(lines))) <= target:
                return "\n".join(lines)
        return None

    async def _journal(self, said: Sequence[ChatMessage], session_id: str | None) -> None:
        if await asyncio.to_thread(self._append, said, session_id):
            await alearn(self.memory, self.user_id, self.learn)

    def _append(self, said: Sequence[ChatMessage], session_id: str | None) -> bool:
        """Journal what is new. Without ids the journal recognises the overlap of its end with what is shown."""
        plain = [unmarked(message) for message in said]
        new = [
            Message(_SPEAKERS[message.role], text_of(message), session_id=session_id)  # type: ignore[arg-type]
            for message in plain
            if text_of(message).strip()
        ]
        journal = self.memory.messages(user_id=self.user_id, session_id=session_id)
        if not new or _holds(journal, new):
            return False
        self.memory.add(new, user_id=self.user_id, defer=True)
        return True


def _holds(journal: Sequence[Message], messages: Sequence[Message]) -> bool:
    """Whether a session holds these messages, one after the other: what is flushed later was seen before."""
    known = [(one.role, one.content) for one in journal]
    given = [(one.role, one.content) for one in messages]
    return any(known[start : start + len(given)] == given for start in range(len(known) - len(given) + 1))
