"""Memory for agents of `create_agent`."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from langchain.agents.middleware import AgentMiddleware, AgentState, ModelRequest, ModelResponse
from langchain_core.runnables import RunnableConfig
from langgraph.config import get_config
from langgraph.runtime import Runtime

from holdfast import Memory
from langchain_holdfast.background import Learn
from langchain_holdfast.identity import Identity, as_id, resolve
from langchain_holdfast.prompt import current_turn, question_of, questions, with_profile, with_recalled, words_of
from langchain_holdfast.turns import Turns

__all__ = ["HoldfastMiddleware"]


class HoldfastMiddleware(AgentMiddleware[AgentState[Any], Any, Any]):
    """Give an agent a memory of its users that outlives its threads.

    ```python
    agent = create_agent(model, middleware=[HoldfastMiddleware(memory)])
    agent.invoke({"messages": [...]}, {"configurable": {"user_id": "ann", "thread_id": "1"}})
    ```

    Each model call sees the user's profile behind the system prompt, the same text until a fact changes, and before
    the user's words what these recall. Neither becomes part of the thread: nothing of it is in a checkpoint. The
    user's words are journaled before the model is called, the answer after the run; facts are learnt beside the chat.

    The user is that of the run: `context.user_id`, else `user_id` in `configurable`; a run without one raises. The
    conversation is `thread_id`.

    Put it first in the list, so that it sees the thread as it is.

    Args:
        memory: Where all of it is kept.
        user_id: One user for all runs.
        user_key: The name under which the application hands over its user, in the context or in `configurable`.
        agent_id: Kept with what is said.
        max_tokens: What the profile and what is recalled may take of the prompt together.
        learn: When facts are derived: `background`, `now` before the run ends, or `later`, by `Memory.process`.
        strict: Raise what fails in the memory, instead of logging it and going on without.
        name: Tells two of them in one agent apart.

    Raises:
        ConfigurationError: `memory` is no `Memory`.
    """

    def __init__(
        self,
        memory: Memory,
        *,
        user_id: str | None = None,
        user_key: str = "user_id",
        agent_id: str | None = None,
        max_tokens: int = 800,
        learn: Learn = "background",
        strict: bool = False,
        name: str = "HoldfastMiddleware",
    ) -> None:
        super().__init__()
        self._turns = Turns(memory, max_tokens=max_tokens, learn=learn, strict=strict, agent_id=agent_id)
        self._user_id = as_id(user_id, "user_id")
        self._user_key = user_key
        self._name = name

    @property
    def name(self) -> str:
        """Return the name, one of its own among an agent's middleware."""
        return self._name

    def before_agent(self, state: AgentState[Any], runtime: Runtime[Any]) -> None:
        """Journal the user's words ahead of the model, which may fail."""
        self._write_ahead(state, self._who(runtime))

    async def abefore_agent(self, state: AgentState[Any], runtime: Runtime[Any]) -> None:
        """Do as `before_agent`, in a worker thread."""
        await asyncio.to_thread(self._write_ahead, state, self._who(runtime))

    def wrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any]:
        """Call the model with what is known about the user."""
        return handler(self._remind(request, self._who(request.runtime)))

    async def awrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], Awaitable[ModelResponse[Any]]]
    ) -> ModelResponse[Any]:
        """Do as `wrap_model_call`, the memory in a worker thread."""
        return await handler(await asyncio.to_thread(self._remind, request, self._who(request.runtime)))

    def after_agent(self, state: AgentState[Any], runtime: Runtime[Any]) -> None:
        """Journal the answer, and have the turn learnt."""
        self._remember(state, self._who(runtime))

    async def aafter_agent(self, state: AgentState[Any], runtime: Runtime[Any]) -> None:
        """Do as `after_agent`, in a worker thread."""
        await asyncio.to_thread(self._remember, state, self._who(runtime))

    def _who(self, runtime: Runtime[Any] | None) -> Identity:
        config: RunnableConfig = get_config()
        context = getattr(runtime, "context", None)
        return resolve(config, context=context, user_id=self._user_id, user_key=self._user_key)

    def _write_ahead(self, state: AgentState[Any], who: Identity) -> None:
        self._turns.write(who, questions(current_turn(state["messages"])))

    def _remind(self, request: ModelRequest[Any], who: Identity) -> ModelRequest[Any]:
        messages = request.messages
        context = self._turns.recall(who, question_of(messages), words_of(messages))
        return request.override(
            system_message=with_profile(request.system_message, context.profile),
            messages=with_recalled(messages, context.recalled),
        )

    def _remember(self, state: AgentState[Any], who: Identity) -> None:
        self._turns.write(who, current_turn(state["messages"]))
        self._turns.learn(who)
