"""What every turn of a chat does with memory, whichever framework drives it: recall, write ahead, remember."""

import itertools
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from langchain_core.messages import AIMessage, BaseMessage

from holdfast import Context, Hits, Memory, ProviderError, StorageError
from langchain_holdfast.background import Learn, catch_up, check, learn
from langchain_holdfast.identity import Identity
from langchain_holdfast.messages import from_journal, spoken, text_of, to_journal

__all__ = ["Turns"]

_logger = logging.getLogger("holdfast.langchain")

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
            catch_up(self.memory, who.user_id, self._when)
            return self.memory.context(question, user_id=who.user_id, max_tokens=self._max_tokens, seen=seen)

        return self._attempt("recalling", ask, _NOTHING)

    def write(self, who: Identity, messages: Sequence[BaseMessage]) -> None:
        """Journal messages durably, and learn nothing yet."""

        def journal() -> None:
            catch_up(self.memory, who.user_id, self._when)  # before these are among what waits
            given = self._not_sent_again(who, [to_journal(message, who.session_id) for message in messages])
            if given:
                self.memory.add(
                    given, user_id=who.user_id, session_id=who.session_id, agent_id=self._agent_id, defer=True
                )

        self._attempt("writing", journal, None)

    def learn(self, who: Identity) -> None:
        """Derive facts from what was written, when this is to be."""
        self._attempt("learning", lambda: learn(self.memory, who.user_id, self._when), None)

    def history(self, who: Identity, limit: int) -> list[BaseMessage]:
        """Return the last messages of the conversation, in words: a call of a tool would lack its result here."""

        def read() -> list[BaseMessage]:
            said = self.memory.messages(user_id=who.user_id, session_id=who.session_id, limit=limit)
            words = spoken(from_journal(message) for message in said)
            return [AIMessage(text_of(one)) if isinstance(one, AIMessage) and one.tool_calls else one for one in words]

        return self._attempt("reading", read, [])

    def _not_sent_again(self, who: Identity, given: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
        """Leave out questions that the journal ends with: they were written ahead of an answer that never came.

        Such a question is asked again, often under a new id. An answered one that is asked again is new.
        """
        asked = [one["content"] for one in itertools.takewhile(lambda one: one["role"] == "user", given)]
        if not asked:
            return given
        last = self.memory.messages(user_id=who.user_id, session_id=who.session_id, limit=len(asked))
        for length in range(len(last), 0, -1):
            if [(one.role, one.content) for one in last[-length:]] == [("user", words) for words in asked[:length]]:
                return given[length:]
        return given

    def _attempt(self, what: str, call: Callable[[], _R], instead: _R) -> _R:
        try:
            return call()
        except Exception as error:
            if self._strict:
                raise
            # Of what other errors say, nothing is known; it may repeat the user's words, which no log is to hold.
            detail = str(error) if isinstance(error, (StorageError, ProviderError)) else type(error).__name__
            _logger.warning("%s failed, the chat goes on without: %s", what, detail)
            _logger.debug("%s failed", what, exc_info=True)
            return instead
