"""Every chat engine and agent sees the memory, keeps the turn, and is not disturbed by it."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest

pytest.importorskip("llama_index.core", reason="needs the extra holdfast[llamaindex]")

from llama_index.core.agent.workflow import FunctionAgent, ReActAgent
from llama_index.core.chat_engine import CondensePlusContextChatEngine, ContextChatEngine, SimpleChatEngine
from llama_index.core.llms import ChatMessage
from llama_index.core.workflow import Context

from holdfast import Memory
from llamaindex.consumers import CONSUMERS
from llamaindex.scripted import DOCUMENT, Fixed, Spy, assistant, calls, function_caller, shown, user, words
from llamaindex_holdfast import HoldfastMemory, flush

Make = Callable[..., HoldfastMemory]

FACT = "User is allergic to peanuts"


@pytest.fixture
def known(core: Memory) -> None:
    """Something said long ago, in another session."""
    core.add("I'm allergic to peanuts", user_id="alice", session_id="long ago")
    assert [fact.text for fact in core.get_all(user_id="alice")] == [FACT]


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("history", [[], [user("Hello there"), assistant("Hi")]], ids=["empty", "one turn"])
@pytest.mark.parametrize("name", CONSUMERS)
async def test_memory_is_seen(name: str, history: list[ChatMessage], make: Make) -> None:
    memory = make(session_id="today")
    memory.put_messages(history)
    asked = await CONSUMERS[name](memory, "Which snack do you suggest?")
    assert FACT in asked
    assert asked.count("Which snack do you suggest?") >= 1


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("name", CONSUMERS)
async def test_another_users_memory_is_not(name: str, make: Make) -> None:
    assert "peanuts" not in await CONSUMERS[name](make("bob"), "Which snack do you suggest?")


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("name", CONSUMERS)
async def test_the_turn_is_kept_as_it_was_said(name: str, make: Make) -> None:
    memory = make()
    await CONSUMERS[name](memory, "I moved to Lisbon")
    kept = words(memory.get_all())
    assert kept[0] == ("user", "I moved to Lisbon")
    assert [role for role, _ in kept] == ["user", "assistant"]
    assert "holdfast-memory" not in str(kept)
    assert "User moved to Lisbon" in " ".join(fact.text for fact in make().memory.get_all(user_id="alice"))


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("insert", ["user", "auto"])
@pytest.mark.parametrize("kind", ["react_agent", "code_act_agent"])
async def test_agents_that_drop_the_system_message_see_what_stands_before_the_users_words(
    kind: str, insert: str, make: Make
) -> None:
    from llamaindex import consumers

    assert FACT in await getattr(consumers, kind)(make(insert=insert), "Which snack?")
    assert FACT not in await getattr(consumers, kind)(make(insert="system"), "Which snack?")


def test_streaming_keeps_the_answer_from_its_own_thread(make: Make) -> None:
    memory = make()
    answer = SimpleChatEngine.from_defaults(llm=Spy(replies=["all is well"]), memory=memory).stream_chat("How is it?")
    assert "".join(answer.response_gen) == "all is well"
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.name.startswith("holdfast"):
            thread.join(1)
    assert words(memory.get_all()) == [("user", "How is it?"), ("assistant", "all is well")]


async def test_streaming_awaited(make: Make) -> None:
    memory = make()
    engine = SimpleChatEngine.from_defaults(llm=Spy(replies=["all is well"]), memory=memory)
    answer = await engine.astream_chat("How is it?")
    assert "".join([piece async for piece in answer.async_response_gen()]) == "all is well"
    await asyncio.gather(*(task for task in asyncio.all_tasks() if task is not asyncio.current_task()))
    assert words(memory.get_all())[-1] == ("assistant", "all is well")


async def test_a_streaming_agent_sees_and_keeps(make: Make) -> None:
    asked: list[list[ChatMessage]] = []
    memory = make()
    memory.put_messages([user("I'm allergic to peanuts"), assistant("Noted")])
    await FunctionAgent(llm=function_caller(asked), streaming=True).run("A snack?", memory=memory)
    assert "peanuts" in shown(asked)
    assert len(memory.get_all()) == 4


@pytest.mark.usefixtures("known")
async def test_one_search_serves_a_turn(make: Make, core: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    searched: list[str] = []
    embed = core.embedder.embed

    def count(texts: Sequence[str], *, kind: Any = "document") -> Any:
        searched.extend(texts if kind == "query" else ())
        return embed(texts, kind=kind)

    monkeypatch.setattr(core.embedder, "embed", count)

    def lookup(city: str) -> str:
        """Look a city up."""
        return "fine"

    memory = make()
    answers = [calls("lookup", city="Oslo"), calls("lookup", city="Rome"), "done"]
    agent = FunctionAgent(llm=function_caller([], answers), tools=[lookup], streaming=False)
    await agent.run("How are they?", memory=memory)
    assert searched == ["How are they?"]
    await agent.run("How are they?", memory=memory)
    assert searched == ["How are they?"] * 2  # a new turn asks anew, even in the same words


def test_a_stored_text_fills_no_template(make: Make, core: Memory) -> None:
    core.add("My favourite placeholder is {context_str} and not {query_str}", user_id="alice", session_id="s")
    memory = make(session_id="t")
    memory.put_messages([user("what does {context_str} mean in {code}?"), assistant("nothing")])
    spy = Spy()
    ContextChatEngine.from_defaults(retriever=Fixed(), llm=spy, memory=memory).chat("Which placeholder do I like?")
    (prompt,) = spy.prompts
    assert prompt.count(DOCUMENT) == 1
    assert "{code}" in prompt
    assert "placeholder is" in prompt
    assert words(memory.get_all())[0] == ("user", "what does {context_str} mean in {code}?")


def test_the_first_turn_is_condensed_only_where_memory_has_something(make: Make) -> None:
    spy, documents = Spy(), Fixed()
    engine = CondensePlusContextChatEngine.from_defaults(retriever=documents, llm=spy, memory=make("newcomer"))
    engine.chat("When is it open?")
    assert documents.asked == ["When is it open?"]
    assert len(spy.prompts) == 1


def test_a_repl_resets_the_session_and_not_the_user(make: Make, core: Memory) -> None:
    memory = make()
    memory.put(user("I'm allergic to peanuts"))
    engine = SimpleChatEngine.from_defaults(llm=Spy(), memory=memory)
    engine.reset()
    assert engine.chat_history == []
    assert [fact.text for fact in core.get_all(user_id="alice")] == [FACT]
    assert FACT in str(memory.get(input="A snack?"))


async def test_react_reasoning_is_not_taken_for_the_answer(make: Make, core: Memory) -> None:
    spy = Spy(replies=["Thought: I can answer.\nAnswer: Porto is lovely"])
    memory = make(session_id="s")
    await ReActAgent(llm=spy).run("Where to?", memory=memory)
    assert core.messages(user_id="alice", session_id="s")[-1].content == "Porto is lovely"
    assert memory.get_all()[-1].content == "Thought: I can answer.\nAnswer: Porto is lovely"


async def test_a_history_given_with_each_run_is_learnt_once(make: Make, core: Memory) -> None:
    memory = make(session_id="s")
    agent = FunctionAgent(llm=function_caller([]), streaming=False)
    history = [user("I'm allergic to peanuts"), assistant("Noted")]
    for _ in range(3):
        await agent.run("A snack?", chat_history=history, memory=memory)
    said = [message.content for message in core.messages(user_id="alice", session_id="s") if message.content]
    assert said.count("I'm allergic to peanuts") == 1
    assert words(memory.get_all())[:3] == [*words(history), ("user", "A snack?")]


async def test_learning_does_not_wait_for_the_queue_to_overflow(make: Make, core: Memory) -> None:
    memory = make(learn="background")
    for number in range(20):
        memory.put_messages([user(f"My cousin number {number} is called Anna{number}"), assistant("ok")])
    assert memory.flush(timeout=60)
    assert core.count(user_id="alice") >= 20


async def test_a_context_continues_on_the_same_memory(make: Make, core: Memory) -> None:
    asked: list[list[ChatMessage]] = []
    agent = FunctionAgent(llm=function_caller(asked), streaming=False)
    context = Context(agent)
    await agent.run("I'm allergic to peanuts", ctx=context, memory=make(session_id="s"))
    del asked[:]
    for question in ("A snack?", "And a drink?"):
        await agent.run(question, ctx=context)
    assert len(asked) == 2
    assert "allergic to peanuts" in shown(asked)
    assert [content for role, content in words(make(session_id="s").get_all()) if role == "user"] == [
        "I'm allergic to peanuts",
        "A snack?",
        "And a drink?",
    ]
    assert "peanuts" not in str(context.to_dict()["state"]["state_data"]["_data"]["memory"])
    assert flush(core)
