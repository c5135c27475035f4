"""Memory for a plain chain."""

import asyncio
import functools
import operator
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from langchain_core.language_models import BaseLanguageModel
from langchain_core.messages import AIMessage, BaseMessage, SystemMessage, convert_to_messages
from langchain_core.prompt_values import PromptValue
from langchain_core.prompts import BasePromptTemplate
from langchain_core.runnables import ConfigurableFieldSpec, Runnable, RunnableConfig, RunnableSequence, ensure_config
from langchain_core.runnables.base import RunnableBindingBase
from langchain_core.runnables.utils import get_unique_config_specs
from typing_extensions import override

from holdfast import ConfigurationError, Memory
from langchain_holdfast.background import Learn
from langchain_holdfast.identity import Identity, as_id, resolve
from langchain_holdfast.prompt import question_of, questions, with_profile, with_recalled, words_of
from langchain_holdfast.turns import Turns

__all__ = ["with_memory"]

_Output = TypeVar("_Output")


def with_memory(
    chain: Runnable[Any, _Output],
    memory: Memory,
    *,
    user_id: str | None = None,
    user_key: str = "user_id",
    agent_id: str | None = None,
    input_key: str | None = None,
    output_key: str | None = None,
    memory_key: str = "memory",
    history_key: str = "history",
    history: int = 0,
    max_tokens: int = 800,
    learn: Learn = "background",
    strict: bool = False,
) -> Runnable[Any, _Output]:
    r"""Return the chain with a memory of its users that outlives the session.

    ```python
    prompt = ChatPromptTemplate.from_messages([("system", "Be brief.\n{memory}"), ("human", "{question}")])
    chain = with_memory(prompt | model, memory)
    chain.invoke({"question": "..."}, {"configurable": {"user_id": "ann", "session_id": "monday"}})
    ```

    A chain that takes a mapping gets what is known under `memory_key`, and the session's last messages, if asked for,
    under `history_key`. A chat model, and any chain that is called with messages, gets both in its messages. The
    user's words are journaled before the chain is called, so that they survive its failure; its answer afterwards, in
    a stream when that has ended.

    Args:
        chain: Any runnable, called once a turn.
        memory: Where all of it is kept.
        user_id: One user for all calls; by default that of the call's `configurable`, and a call without one raises.
        user_key: The name in `configurable` under which the application hands over its user.
        agent_id: Kept with what is said.
        input_key: Where the user's words stand in a mapping; needed only when it has several entries.
        output_key: Where the answer stands, when the chain returns a mapping.
        memory_key: Where the chain expects what is known.
        history_key: Where the chain expects the session's last messages.
        history: How many of them it gets; none by default.
        max_tokens: What is known may take so much of the prompt.
        learn: When facts are derived: `background`, `now`, or `later`, by `Memory.process`.
        strict: Raise what fails in the memory, instead of logging it and going on without.

    Raises:
        ConfigurationError: The chain begins with a prompt that has no place for the memory.
    """
    for key in (memory_key, history_key)[: 2 if history else 1]:
        _check_place(chain, key)
    turns = Turns(memory, max_tokens=max_tokens, learn=learn, strict=strict, agent_id=agent_id)
    keys = _Keys(input_key, output_key, memory_key, history_key)
    return _WithMemory(chain, turns, keys, history, as_id(user_id, "user_id"), user_key)


@dataclass(frozen=True, slots=True)
class _Keys:
    input: str | None
    output: str | None
    memory: str
    history: str


@dataclass(frozen=True, slots=True)
class _Turn:
    """One call in the making: whose it is, and what the chain is given."""

    who: Identity
    given: Any


class _WithMemory(Runnable[Any, _Output]):
    """A chain between recalling and remembering. It has no run of its own in traces: the chain's is the turn's."""

    def __init__(
        self,
        chain: Runnable[Any, _Output],
        turns: Turns,
        keys: _Keys,
        history: int,
        user_id: str | None,
        user_key: str,
    ) -> None:
        self._chain = chain
        self._turns = turns
        self._keys = keys
        self._history = history
        self._user_id = user_id
        self._user_key = user_key

    def __repr__(self) -> str:
        return f"with_memory({self._chain!r})"

    @property
    @override
    def InputType(self) -> Any:
        """Return what the chain takes."""
        return self._chain.InputType

    @property
    @override
    def OutputType(self) -> type[_Output]:
        """Return what the chain returns."""
        return self._chain.OutputType

    @property
    @override
    def config_specs(self) -> list[ConfigurableFieldSpec]:
        """Return what can be configured: what the chain can, the user and the session."""
        own = [
            ConfigurableFieldSpec(id=self._user_key, annotation=str, name="User", is_shared=True),
            ConfigurableFieldSpec(id="session_id", annotation=str, name="Session", default=None, is_shared=True),
        ]
        return get_unique_config_specs([*self._chain.config_specs, *own])

    @override
    def invoke(self, input: Any, config: RunnableConfig | None = None, **kwargs: Any) -> _Output:
        """Recall, call the chain, remember."""
        turn = self._begin(input, config)
        output = self._chain.invoke(turn.given, config, **kwargs)
        self._end(turn, output)
        return output

    @override
    async def ainvoke(self, input: Any, config: RunnableConfig | None = None, **kwargs: Any) -> _Output:
        """Do as `invoke`, the memory in a worker thread."""
        turn = await asyncio.to_thread(self._begin, input, config)
        output = await self._chain.ainvoke(turn.given, config, **kwargs)
        await asyncio.to_thread(self._end, turn, output)
        return output

    @override
    def stream(self, input: Any, config: RunnableConfig | None = None, **kwargs: Any) -> Iterator[_Output]:
        """Recall, stream the chain, remember when it has ended."""
        turn = self._begin(input, config)
        chunks: list[_Output] = []
        for chunk in self._chain.stream(turn.given, config, **kwargs):
            chunks.append(chunk)
            yield chunk
        self._end(turn, _whole(chunks))

    @override
    async def astream(self, input: Any, config: RunnableConfig | None = None, **kwargs: Any) -> AsyncIterator[_Output]:
        """Do as `stream`, awaited."""
        turn = await asyncio.to_thread(self._begin, input, config)
        chunks: list[_Output] = []
        async for chunk in self._chain.astream(turn.given, config, **kwargs):
            chunks.append(chunk)
            yield chunk
        await asyncio.to_thread(self._end, turn, _whole(chunks))

    def _begin(self, given: Any, config: RunnableConfig | None) -> _Turn:
        who = resolve(ensure_config(config), user_id=self._user_id, user_key=self._user_key)
        mapping = cast(Mapping[str, Any], given) if isinstance(given, Mapping) else None
        said = self._messages(given if mapping is None else mapping[self._input_key(mapping)], alone=mapping is None)
        earlier = self._turns.history(who, self._history) if self._history else []
        context = self._turns.recall(who, question_of(said), words_of([*earlier, *said]))
        self._turns.write(who, questions(said)[-1:])
        if mapping is not None:
            history = {self._keys.history: earlier} if self._history else {}
            return _Turn(who, {**mapping, self._keys.memory: context.text, **history})
        own = [message for message in said if isinstance(message, SystemMessage)][:1]
        system = with_profile(own[0] if own else None, context.profile)
        rest = [*earlier, *(message for message in said if message not in own)]
        return _Turn(who, [*([system] if system else []), *with_recalled(rest, context.recalled)])

    def _input_key(self, given: Mapping[str, Any]) -> str:
        key = self._keys.input
        if key is None and len(given) == 1:
            key = next(iter(given))
        if key is None or key not in given:
            named = ", ".join(map(str, given))
            raise ConfigurationError(f"input_key is {key!r}, the input has {named}; name where the user's words stand")
        return key

    def _end(self, turn: _Turn, output: Any) -> None:
        answer = self._answer(output)
        if answer is not None:
            self._turns.write(turn.who, [answer])
        self._turns.learn(turn.who)

    def _answer(self, output: Any) -> BaseMessage | None:
        if isinstance(output, Mapping):
            output = cast(Mapping[str, Any], output).get(self._keys.output or "")
        if isinstance(output, str):
            return AIMessage(output)
        return output if isinstance(output, BaseMessage) else None

    def _messages(self, said: Any, *, alone: bool) -> list[BaseMessage]:
        if isinstance(said, PromptValue):
            return said.to_messages()
        if isinstance(said, str) and alone and not isinstance(_first(self._chain), BaseLanguageModel):
            raise ConfigurationError(
                "the chain was called with a text and does not begin with a model, so there is no place for the "
                "memory; call it with a mapping, in which it gets a place of its own"
            )
        return convert_to_messages(cast(list[Any], said) if isinstance(said, list) else [said])


def _first(chain: Runnable[Any, Any]) -> Runnable[Any, Any]:
    """Return the step that receives a chain's input."""
    while True:
        if isinstance(chain, RunnableSequence):
            chain = chain.first
        elif isinstance(chain, RunnableBindingBase):
            chain = chain.bound
        else:
            return chain


def _check_place(chain: Runnable[Any, Any], key: str) -> None:
    """Refuse a prompt that would leave the memory out without a word."""
    prompt = _first(chain)
    if isinstance(prompt, BasePromptTemplate):
        places = [*prompt.input_variables, *prompt.optional_variables]
        if key not in places:
            raise ConfigurationError(f"the prompt has no place named {key!r}, only {', '.join(places)}; add {{{key}}}")


def _whole(chunks: Sequence[Any]) -> Any:
    """Return what the chunks of a stream make together: their sum, or the last where they do not add up."""
    try:
        return functools.reduce(operator.add, chunks) if chunks else None
    except TypeError:
        return chunks[-1]
