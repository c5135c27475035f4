"""An agent that remembers: each test is a way in which memory in an agent went wrong elsewhere."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("langchain.agents", reason="the agents of langchain: pip install 'holdfast[langchain]'")

from langchain.agents import create_agent
from langchain.agents.middleware import HumanInTheLoopMiddleware, SummarizationMiddleware
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_core.tools import tool
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command

from holdfast import ConfigurationError, Memory, StorageError
from holdfast.testing import FakeEmbedder, ScriptedExtractor
from langchain_holdfast import HoldfastMiddleware, flush


@dataclass
class Context:
    user_id: str | None


@tool
def launch(place: str) -> str:
    """Launch it."""
    return f"launched from {place}"


def asks(text: str) -> Any:
    return {"messages": [HumanMessage(text)]}


def call(name: str = "launch", text: str = "") -> AIMessage:
    return AIMessage(text, tool_calls=[{"name": name, "args": {"place": "Oslo"}, "id": "c"}])


def prompt(messages: list[Any]) -> str:
    return "\n".join(f"{message.type}: {message.text}" for message in messages)


def test_the_next_thread_knows_and_other_users_do_not(
    memory: Memory, play: Callable[..., Any], run_of: Callable[..., Any]
) -> None:
    model = play("ok", "Lisbon", "I do not know")
    agent = create_agent(model, middleware=[HoldfastMiddleware(memory)], system_prompt="Be brief.")
    agent.invoke(asks("I live in Lisbon"), run_of("ann", "1"))
    flush(memory)
    agent.invoke(asks("Where do I live?"), run_of("ann", "2"))
    agent.invoke(asks("Where do I live?"), run_of("an", "2"))
    assert "User lives in Lisbon" in prompt(model.seen[1])
    assert prompt(model.seen[2]) == "system: Be brief.\nhuman: Where do I live?"


@pytest.mark.parametrize("context", [Context("ann"), {"user_id": "ann"}], ids=["object", "mapping"])
async def test_awaited_with_the_user_in_the_context(memory: Memory, play: Callable[..., Any], context: Any) -> None:
    model = play("ok", "Lisbon")
    agent = create_agent(model, middleware=[HoldfastMiddleware(memory)], context_schema=Context)
    await agent.ainvoke(asks("I live in Lisbon"), context=context)
    flush(memory)
    await agent.ainvoke(asks("Where do I live?"), context=context)
    assert "User lives in Lisbon" in prompt(model.seen[1])


@pytest.mark.parametrize("given", [{}, {"context": Context(None)}, {"config": {"configurable": {"user_id": ""}}}])
async def test_without_a_user_it_refuses(memory: Memory, play: Callable[..., Any], given: Any) -> None:
    agent = create_agent(play("x"), middleware=[HoldfastMiddleware(memory)], context_schema=Context)
    with pytest.raises(ConfigurationError, match="no user_id"):
        agent.invoke(asks("hello"), **given)
    with pytest.raises(ConfigurationError, match="no user_id"):
        await agent.ainvoke(asks("hello"), **given)
    assert memory.users() == ()


def test_where_memory_stands_in_the_prompt(
    memory: Memory, play: Callable[..., Any], run_of: Callable[..., Any]
) -> None:
    memory.add(["I prefer short answers", "The ferry to Troia left at nine"], user_id="ann", session_id="0")
    model = play("hello", "at nine")
    agent = create_agent(
        model, middleware=[HoldfastMiddleware(memory)], checkpointer=InMemorySaver(), system_prompt="Be kind."
    )
    agent.invoke(asks("Good morning"), run_of("ann"))
    agent.invoke(asks("When did the ferry leave?"), run_of("ann"))
    system, *history, question = model.seen[1]
    assert system.text.startswith('Be kind.\n\n<holdfast-memory kind="profile">')
    assert "short answers" in system.text
    assert [message.text for message in history] == ["Good morning", "hello"]
    assert question.text.startswith('<holdfast-memory kind="recalled">')
    assert "The ferry to Troia" in question.text
    assert question.text.endswith("\n\nWhen did the ferry leave?")
    assert "Good morning" not in question.text, "what the prompt has already is not recalled"


def test_blocks_stay_blocks(memory: Memory, play: Callable[..., Any], run_of: Callable[..., Any]) -> None:
    memory.add("I prefer short answers", user_id="ann")
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,"}}
    cached = {"type": "text", "text": "Be kind.", "cache_control": {"type": "ephemeral"}}
    model = play("ok")
    agent = create_agent(model, middleware=[HoldfastMiddleware(memory)], system_prompt=SystemMessage([cached]))
    asked = HumanMessage([{"type": "text", "text": "Which answers do I prefer?"}, picture])
    memory.add({"role": "assistant", "content": "Short answers it is"}, user_id="ann")
    agent.invoke({"messages": [asked]}, run_of("ann"))
    [system, question] = model.seen[0]
    assert system.content[0] == cached
    assert "short answers" in system.content[1]["text"]
    assert question.content[0]["text"].startswith("<holdfast-memory")
    assert question.content[1:] == asked.content


def test_the_prefix_is_the_same_while_nothing_is_learnt(
    memory: Memory, play: Callable[..., Any], run_of: Callable[..., Any]
) -> None:
    memory.add(["I live in Lisbon", "I play the cello"], user_id="ann")
    model = play(*["hm"] * 10)
    agent = create_agent(model, middleware=[HoldfastMiddleware(memory)], system_prompt="Be brief.")
    for number in range(10):
        agent.invoke(asks(f"what is {number} times {number}?"), run_of("ann"))
        flush(memory)
    assert len({shown[0].text for shown in model.seen}) == 1
    assert "cello" in model.seen[0][0].text


def test_nothing_of_it_is_in_a_checkpoint(memory: Memory, play: Callable[..., Any], run_of: Callable[..., Any]) -> None:
    memory.add(["I live in Lisbon", "The ferry to Troia left at nine"], user_id="ann")
    saver = InMemorySaver()
    agent = create_agent(
        play(call(), "done"), [launch], middleware=[HoldfastMiddleware(memory)], checkpointer=saver, system_prompt="Hi."
    )
    final = agent.invoke(asks("when did the ferry leave?"), run_of("ann"))
    kept = repr([saver.storage, saver.writes, saver.blobs, final, list(saver.list(run_of("ann")))])
    assert "when did the ferry leave?" in kept
    assert "Troia" not in kept
    assert "Lisbon" not in kept


def test_the_users_words_survive_a_model_that_fails(
    memory: Memory, play: Callable[..., Any], run_of: Callable[..., Any], said: Callable[..., list[str]]
) -> None:
    agent = create_agent(play(ConnectionError("down")), middleware=[HoldfastMiddleware(memory)])
    with pytest.raises(ConnectionError):
        agent.invoke(asks("I live in Lisbon"), run_of("ann"))
    assert said(memory, "ann") == ["I live in Lisbon"]
    agent = create_agent(play("ok"), middleware=[HoldfastMiddleware(memory)])
    agent.invoke(asks("I live in Lisbon"), run_of("ann"))
    assert said(memory, "ann") == ["I live in Lisbon", "ok"], "asked again, under a new id, it is the same question"


def test_a_client_that_resends_its_history_is_not_learnt_twice(
    memory: Memory, play: Callable[..., Any], run_of: Callable[..., Any], said: Callable[..., list[str]]
) -> None:
    agent = create_agent(play("a1", "a2", "a3"), middleware=[HoldfastMiddleware(memory)])
    history: list[Any] = []
    for question in ("q1", "q2", "q2"):
        history.append({"role": "user", "content": question})
        answer = agent.invoke({"messages": history}, run_of("ann"))["messages"][-1].text
        history.append({"role": "assistant", "content": answer})
    assert said(memory, "ann") == ["q1", "a1", "q2", "a2", "q2", "a3"]


def test_threads_with_a_checkpointer_are_journaled_once(
    memory: Memory, play: Callable[..., Any], run_of: Callable[..., Any], said: Callable[..., list[str]]
) -> None:
    agent = create_agent(
        play("a1", call(text="let me see"), "a2"),
        [launch],
        middleware=[HoldfastMiddleware(memory)],
        checkpointer=InMemorySaver(),
    )
    agent.invoke(asks("q1"), run_of("ann"))
    agent.invoke(asks("q2"), run_of("ann"))
    assert said(memory, "ann") == ["q1", "a1", "q2", "let me see", "a2"]


def test_summaries_are_nobodys_words(
    memory: Memory, play: Callable[..., Any], run_of: Callable[..., Any], said: Callable[..., list[str]]
) -> None:
    questions = ["I live in Lisbon", "figs", "maps", "owls", "bees"]
    model = play(*[f"answer {number}" for number in range(5)])
    short = SummarizationMiddleware(
        play(*["The user lives on Mars"] * 5), trigger=("messages", 4), keep=("messages", 2)
    )
    agent = create_agent(model, middleware=[HoldfastMiddleware(memory), short], checkpointer=InMemorySaver())
    for question in questions:
        agent.invoke(asks(question), run_of("ann"))
    flush(memory)
    assert any("Mars" in prompt(shown) for shown in model.seen)
    assert said(memory, "ann")[::2] == questions
    assert not [text for text in said(memory, "ann") if "Mars" in text]
    assert "Mars" not in str(memory.get_all(user_id="ann"))


def test_an_interrupted_run_goes_on_with_its_memory(
    memory: Memory, play: Callable[..., Any], run_of: Callable[..., Any], said: Callable[..., list[str]]
) -> None:
    memory.add("I am afraid of heights", user_id="ann")
    model = play(call(), "launched")
    agent = create_agent(
        model,
        [launch],
        middleware=[HoldfastMiddleware(memory), HumanInTheLoopMiddleware(interrupt_on={"launch": True})],
        checkpointer=InMemorySaver(),
    )
    agent.invoke(asks("launch me"), run_of("ann"))
    assert said(memory, "ann") == ["launch me"]
    agent.invoke(Command(resume={"decisions": [{"type": "approve"}]}), run_of("ann"))
    assert len(model.seen) == 2
    assert all("afraid of heights" in prompt(shown) for shown in model.seen)
    assert said(memory, "ann") == ["launch me", "launched"]


def test_what_is_forgotten_between_interrupt_and_resume_is_gone(
    memory: Memory, play: Callable[..., Any], run_of: Callable[..., Any]
) -> None:
    memory.add("I am afraid of heights", user_id="ann")
    model = play(call(), "launched")
    agent = create_agent(
        model,
        [launch],
        middleware=[HoldfastMiddleware(memory), HumanInTheLoopMiddleware(interrupt_on={"launch": True})],
        checkpointer=InMemorySaver(),
    )
    agent.invoke(asks("launch me"), run_of("ann"))
    memory.forget("ann")
    agent.invoke(Command(resume={"decisions": [{"type": "approve"}]}), run_of("ann"))
    assert "heights" not in prompt(model.seen[1])


def test_tools_and_their_results_are_not_evidence(
    memory: Memory, play: Callable[..., Any], run_of: Callable[..., Any], said: Callable[..., list[str]]
) -> None:
    @tool
    def look(place: str) -> str:
        """Look."""
        return "I live in Gotham and I am a bat"

    agent = create_agent(play(call("look"), "done"), [look], middleware=[HoldfastMiddleware(memory, learn="now")])
    agent.invoke(asks("look around"), run_of("ann"))
    assert said(memory, "ann") == ["look around", "done"]
    assert memory.get_all(user_id="ann") == ()


def test_a_broken_memory_does_not_break_the_answer(
    memory: Memory,
    play: Callable[..., Any],
    run_of: Callable[..., Any],
    refusing: Callable[..., Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    agent = create_agent(play("fine", "fine"), middleware=[HoldfastMiddleware(memory)])
    with refusing(memory), caplog.at_level(logging.INFO, "holdfast"):
        assert agent.invoke(asks("I live in Lisbon"), run_of("ann"))["messages"][-1].text == "fine"
    assert "writing failed" in caplog.text
    assert "Lisbon" not in "".join(one.getMessage() for one in caplog.records if one.name.startswith("holdfast"))
    memory.close()
    assert agent.invoke(asks("hello"), run_of("ann"))["messages"][-1].text == "fine"


async def test_strict_it_does(
    memory: Memory, play: Callable[..., Any], run_of: Callable[..., Any], refusing: Callable[..., Any]
) -> None:
    agent = create_agent(play("fine"), middleware=[HoldfastMiddleware(memory, strict=True)])
    with refusing(memory):
        with pytest.raises(StorageError):
            agent.invoke(asks("hello"), run_of("ann"))
        with pytest.raises(StorageError):
            await agent.ainvoke(asks("hello"), run_of("ann"))


def test_learning_that_fails_is_made_up_for(
    tmp_path: Path, play: Callable[..., Any], run_of: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    extractor = ScriptedExtractor({"I live in Lisbon": ["User lives in Lisbon"]})
    with Memory(tmp_path / "m.db", embedder=FakeEmbedder(), extractor=extractor) as memory:
        agent = create_agent(play("ok", "ok"), middleware=[HoldfastMiddleware(memory)])
        extractor.fail(1)
        agent.invoke(asks("I live in Lisbon"), run_of("ann"))
        flush(memory)
        assert "learning failed" in caplog.text
        assert memory.count(user_id="ann") == 0
        agent.invoke(asks("anything else"), run_of("ann"))
        flush(memory)
        assert [fact.text for fact in memory.get_all(user_id="ann")] == ["User lives in Lisbon"]


async def test_learning_does_not_hold_up_the_stream(
    tmp_path: Path, play: Callable[..., Any], run_of: Callable[..., Any]
) -> None:
    import threading

    gate = threading.Event()

    def slow(message: Any) -> list[str]:
        gate.wait(30)
        return [f"User said {message.content}"]

    with Memory(tmp_path / "m.db", embedder=FakeEmbedder(), extractor=ScriptedExtractor(slow)) as memory:
        agent = create_agent(play("all is well", "all is well"), middleware=[HoldfastMiddleware(memory)])
        stream = agent.stream(asks("one"), run_of("ann"), stream_mode="messages")
        assert "".join(chunk.text for chunk, _ in stream) == "all is well"
        tokens = [chunk.text async for chunk, _ in agent.astream(asks("two"), run_of("ann"), stream_mode="messages")]
        assert "".join(tokens) == "all is well"
        assert memory.count(user_id="ann") == 0
        gate.set()
        assert flush(memory, 30)
        assert memory.count(user_id="ann") == 2


def test_two_of_them_by_name(
    memory: Memory, play: Callable[..., Any], run_of: Callable[..., Any], tmp_path: Path
) -> None:
    with Memory(tmp_path / "team.db", embedder=FakeEmbedder()) as team:
        team.add("I am on call on Mondays", user_id="ops")
        memory.add("I play the cello", user_id="ann")
        shared = HoldfastMiddleware(team, name="TeamMemory", user_id="ops", learn="later")
        model = play("ok")
        agent = create_agent(model, middleware=[HoldfastMiddleware(memory), shared])
        agent.invoke(asks("who is on call on Mondays, and who plays the cello?"), run_of("ann"))
        assert "on call" in prompt(model.seen[0])
        assert "cello" in model.seen[0][0].text
        with pytest.raises(AssertionError, match="duplicate"):
            create_agent(model, middleware=[HoldfastMiddleware(memory), HoldfastMiddleware(memory)])


def test_the_user_may_have_another_name(memory: Memory, play: Callable[..., Any]) -> None:
    agent = create_agent(play("ok"), middleware=[HoldfastMiddleware(memory, user_key="langgraph_auth_user_id")])
    agent.invoke(asks("hello"), {"configurable": {"langgraph_auth_user_id": "ann", "user_id": "mallory"}})
    assert memory.users() == ("ann",)


def test_learn_says_when(memory: Memory, play: Callable[..., Any], run_of: Callable[..., Any]) -> None:
    for when, facts in (("later", 0), ("now", 1)):
        agent = create_agent(play("ok"), middleware=[HoldfastMiddleware(memory, learn=when)])
        agent.invoke(asks(f"I play chess {when}"), run_of(when))
        assert memory.count(user_id=when) == facts
    memory.process()
    assert memory.count(user_id="later") == 1
    with pytest.raises(ConfigurationError, match="learn must be one of"):
        HoldfastMiddleware(memory, learn="never")  # type: ignore[arg-type]
