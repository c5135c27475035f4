"""`HoldfastToolSpec`: an agent's own hands on a user's memory."""

# No `from __future__ import annotations`: LlamaIndex reads the annotations of tools as types.
from typing import Annotated

from llama_index.core.tools.tool_spec.base import BaseToolSpec

from holdfast import HoldfastError, Memory
from llamaindex_holdfast.messages import neutral

__all__ = ["HoldfastToolSpec"]

_UNAVAILABLE = "The memory is not available right now."
_LISTED = 50
_FOUND = 5


class HoldfastToolSpec(BaseToolSpec):
    """Tools to remember, recall, forget and list.

    ```python
    tools = HoldfastToolSpec(memory, user_id="user_42").to_tool_list()
    ```

    The user is bound here; no model can name another one. A failure is told to the model in one sentence.

    Args:
        memory: The memory to work on.
        user_id: Whose memory this is.
        session_id: The conversation that what is remembered belongs to.
    """

    def __init__(self, memory: Memory, *, user_id: str, session_id: str | None = None) -> None:
        self.spec_functions = ["remember", "recall", "forget", "list_memories"]
        self._memory = memory
        self._user_id = user_id
        self._session_id = session_id

    def remember(
        self,
        text: Annotated[str, 'one statement in the first person, as the user would say it: "I am allergic to peanuts"'],
    ) -> str:
        """Keep something about the user for later conversations."""
        if not text.strip():
            return "There was nothing to remember."
        try:
            added = self._memory.add(f"Remember that {text}", user_id=self._user_id, session_id=self._session_id)
        except HoldfastError:
            return _UNAVAILABLE
        facts = [f"{fact.text} (id {fact.id})" for fact in added.facts]
        return f"Remembered: {'; '.join(facts)}" if facts else "Noted, in these words."

    def recall(self, query: Annotated[str, "what to look for, in any words"]) -> str:
        """Look up what the user said in this and earlier conversations."""
        try:
            hits = self._memory.search(query, user_id=self._user_id, limit=_FOUND)
            # Facts first, since `forget` takes their ids; a message goes where no fact stands for it.
            facts = self._memory.search(query, user_id=self._user_id, limit=_FOUND, among=("facts",))
        except HoldfastError:
            return _UNAVAILABLE
        known = {source for hit in facts for source in hit.sources}
        lines = [f"- {hit.fact.text} (id {hit.fact.id})" for hit in facts if hit.fact]
        lines += [f"- {hit.text}" for hit in hits if hit.message and hit.message.id not in known]
        return neutral("\n".join(lines)) or "Nothing is known about that."

    def forget(self, id: Annotated[str, "the id that recall or list_memories gave"]) -> str:
        """Delete one statement about the user, when the user asks for it."""
        try:
            change = self._memory.delete(id, user_id=self._user_id)
        except HoldfastError:
            return _UNAVAILABLE
        if change is None or change.before is None:
            return "There is no statement with this id."
        return f"Forgotten: {change.before.text}"

    def list_memories(self) -> str:
        """List what is known about the user, oldest first."""
        try:
            facts = self._memory.get_all(user_id=self._user_id)
        except HoldfastError:
            return _UNAVAILABLE
        lines = [f"- {fact.text} (id {fact.id})" for fact in facts[-_LISTED:]]
        if len(facts) > _LISTED:
            lines.insert(0, f"The latest {_LISTED} of {len(facts)}:")
        return "\n".join(lines) or "Nothing is known about the user yet."
