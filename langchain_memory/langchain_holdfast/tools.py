"""Tools with which a model decides by itself what to remember."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated

from langchain_core.runnables import RunnableConfig
from langchain_core.tools import BaseTool, tool

from holdfast import Memory
from langchain_holdfast.background import check
from langchain_holdfast.identity import as_id, resolve

__all__ = ["create_memory_tools"]

_SESSION = "holdfast:remember"
"""The session in which the model's notes stand, apart from what was said in the chat."""

_LISTED = 50


def create_memory_tools(memory: Memory, *, user_id: str | None = None, user_key: str = "user_id") -> list[BaseTool]:
    """Return the tools `remember`, `recall`, `forget` and `list_memories` for an agent or a bound model.

    ```python
    agent = create_agent(model, tools=create_memory_tools(memory))
    ```

    Whose memory it is, the model cannot choose: `user_id` if bound, else the user of the run's context or of
    `config["configurable"]`. A call without one raises.

    Args:
        memory: What they write and read.
        user_id: One user for all calls.
        user_key: The name under which the application hands over its user.
    """
    check(memory)
    bound = as_id(user_id, "user_id")

    def owner(config: RunnableConfig) -> str:
        return resolve(config, context=_run_context(), user_id=bound, user_key=user_key).user_id

    @tool
    def remember(
        statement: Annotated[
            str, 'One sentence in the first person, as the user would say it: "I am allergic to peanuts".'
        ],
        config: RunnableConfig,
    ) -> str:
        """Remember something about the user for later conversations."""
        added = memory.add(statement, user_id=owner(config), session_id=_SESSION)
        learnt = [change.after.text for change in added.changes if change.after]
        return "Remembered: " + "; ".join(learnt) if learnt else "Noted, in these words."

    @tool
    def recall(question: Annotated[str, "What to look for, in plain words."], config: RunnableConfig) -> str:
        """Look up what is known about the user from earlier conversations."""
        hits = memory.search(question, user_id=owner(config))
        return _listed([(hit.fact.id if hit.fact else None, hit.text) for hit in hits])

    @tool
    def forget(
        fact_id: Annotated[str, "The fact's id, as recall and list_memories show it in brackets."],
        config: RunnableConfig,
    ) -> str:
        """Forget one remembered fact, when the user asks for it."""
        change = memory.delete(fact_id.strip("[] "), user_id=owner(config))
        return "There is no fact with this id." if change is None else "Forgotten."

    @tool
    def list_memories(config: RunnableConfig) -> str:
        """List all that is remembered about the user, the latest last."""
        facts = memory.get_all(user_id=owner(config))
        left_out = len(facts) - _LISTED
        more = f"\n({left_out} older ones are not shown; recall finds them)" if left_out > 0 else ""
        return _listed([(fact.id, fact.text) for fact in facts[-_LISTED:]]) + more

    return [remember, recall, forget, list_memories]


def _listed(found: Sequence[tuple[str | None, str]]) -> str:
    """Return one line each, the id in brackets where there is a fact that can be forgotten."""
    return "\n".join(f"[{id_}] {text}" if id_ else text for id_, text in found) or "Nothing is known."


def _run_context() -> object:
    """Return the context of the run in LangGraph; None outside of one, or without LangGraph."""
    with suppress(ImportError, RuntimeError, AttributeError, KeyError):
        from langgraph.runtime import get_runtime

        return get_runtime().context
    return None
