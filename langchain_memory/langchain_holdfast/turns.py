"""What every turn of a chat does with memory, whichever framework drives it: recall, write ahead, remember."""

import logging
from collections.abc import Callable, Sequence
from typing import TypeVar

from langchain_core.messages import BaseMessage, HumanMessage

from holdfast import Context, HoldfastError, Hits, Memory, ProviderError, StorageError
from langchain_holdfast.background import Learn, check, learn
from langchain_holdfast.identity import Identity
from langchain_holdfast.messages import text_of, to_journal

__all__ = ["Turns"]

logger = logging.getLogger("holdfast.langchain")

_R = TypeVar("_R")

_NOTHING = Context("", "", "", 0, Hits())


class Turns:
    """Recalls for a turn and remembers it. What fails is logged, never the chat's problem, unless it is `strict`.

    Args:
        memory: Where all of it is kept.
        max_tokens: What the profile and what is recalled may take of the prompt together.
        learn: When facts are derived.
        strict: Raise what fails.
        agent_id: The agent that the user speaks with.
    """

    def __init__(
        self, memory: Memory, *, max_tokens: int, learn: Learn, strict: bool, agent_id: str | None = None
    ) -> None:
        check(memory, learn)
        self.memory = memory
        self._max_tokens = max_tokens
        self._when: Learn = learn
        self._strict = strict
        self._agent_id = agent_id

    def recall(self, who: Identity, question: str, seen: Sequence[str]) -> Context:
        """Return what is known about the user and what the question recalls, without what the prompt has already."""

        def ask() -> Context:
            return self.memory.context(question, user_id=who.user_id, max_tokens=self._max_tokens, seen=seen)

        return self._attempt("recalling", ask, _NOTHING)

    def write(self, who: Identity, messages: Sequence[BaseMessage]) -> None:
        """Journal messages durably, and learn nothing yet."""

        def journal() -> None:
            new = self._not_sent_again(who, messages)
            if new:
                given = [to_journal(message, who.session_id) for message in new]
                self.memory.add(
                    given, user_id=who.user_id, session_id=who.session_id, agent_id=self._agent_id, defer=True
                )

        self._attempt("writing", journal, None)

    def learn(self, who: Identity) -> None:
        """Derive facts from what was written, when this is to be."""
        self._attempt("learning", lambda: learn(self.memory, who.user_id, self._when), None)

    def history(self, who: Identity, limit: int | None) -> Sequence[BaseMessage]:
        """Return the last messages of the conversation as they were said."""
        from langchain_holdfast.messages import from_journal, spoken

        def read() -> list[BaseMessage]:
            said = self.memory.messages(user_id=who.user_id, session_id=who.session_id, limit=limit)
            return spoken(from_journal(message) for message in said)

        return self._attempt("reading", read, [])

    def _not_sent_again(self, who: Identity, messages: Sequence[BaseMessage]) -> Sequence[BaseMessage]:
        """Leave out questions that the journal ends with: they were written ahead of an answer that never came.

        Such a question is asked again, often under a new id. An answered one that is asked again is new.
        """
        asked = 0
        while asked < len(messages) and isinstance(messages[asked], HumanMessage):
            asked += 1
        if not asked:
            return messages
        last = self.memory.messages(user_id=who.user_id, session_id=who.session_id, limit=asked)
        for length in range(min(asked, len(last)), 0, -1):
            known = [(message.role, message.content) for message in last[-length:]]
            if known == [("user", text_of(message)) for message in messages[:length]]:
                return messages[length:]
        return messages

    def _attempt(self, what: str, call: Callable[[], _R], instead: _R) -> _R:
        try:
            return call()
        except Exception as error:
            if self._strict:
                raise
            # Of what other errors say, nothing is known; it may repeat the user's words, which no log is to hold.
            detail = str(error) if isinstance(error, (StorageError, ProviderError)) else type(error).__name__
            logger.warning("%s failed, the chat goes on without: %s", what, detail)
            logger.debug("%s failed", what, exc_info=True)
            return instead
