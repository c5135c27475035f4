"""A plain chain that remembers."""

from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("langchain_core", reason="the adapter needs the extra: pip install 'holdfast[langchain]'")

from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate, MessagesPlaceholder
from langchain_core.runnables import RunnableLambda

from holdfast import ConfigurationError, Memory, StorageError
from langchain_holdfast import flush, with_memory

PROMPT = ChatPromptTemplate.from_messages([("system", "Be brief.\n{memory}"), ("human", "{question}")])
TALK = ChatPromptTemplate.from_messages(
    [("system", "Be brief.\n{memory}"), MessagesPlaceholder("history"), ("human", "{question}")]
)


def of(user_id: str, session_id: str = "1") -> Any:
    return {"configurable": {"user_id": user_id, "session_id": session_id}}


def prompt(messages: list[Any]) -> str:
    return "\n".join(f"{message.type}: {message.text}" for message in messages)


def test_the_next_session_knows_and_other_users_do_not(memory: Memory, play: Callable[..., Any]) -> None:
    model = play("ok", "Lisbon", "I do not know")
    chain = with_memory(PROMPT | model | StrOutputParser(), memory)
    assert chain.invoke({"question": "I live in Lisbon"}, of("ann", "1")) == "ok"
    flush(memory)
    chain.invoke({"question": "Where do I live?"}, of("ann", "2"))
    chain.invoke({"question": "Where do I live?"}, of("bob", "2"))
    assert "User lives in Lisbon" in prompt(model.seen[1])
    assert prompt(model.seen[2]) == "system: Be brief.\n\nhuman: Where do I live?"


async def test_every_way_of_calling(memory: Memory, play: Callable[..., Any], said: Callable[..., list[str]]) -> None:
    chain = with_memory(PROMPT | play(*["all is well"] * 8) | StrOutputParser(), memory)
    chain.invoke({"question": "q1"}, of("ann"))
    await chain.ainvoke({"question": "q2"}, of("ann"))
    assert "".join(chain.stream({"question": "q3"}, of("ann"))) == "all is well"
    assert "".join([chunk async for chunk in chain.astream({"question": "q4"}, of("ann"))]) == "all is well"
    assert chain.batch([{"question": "b1"}, {"question": "b2"}], [of("bob"), of("eve")]) == ["all is well"] * 2
    await chain.abatch([{"question": "b3"}, {"question": "b4"}], [of("bob"), of("eve")])
    assert said(memory, "ann") == [text for number in "1234" for text in (f"q{number}", "all is well")]
    assert said(memory, "bob") == ["b1", "all is well", "b3", "all is well"]
    assert said(memory, "eve") == ["b2", "all is well", "b4", "all is well"]


def test_streaming_streams(memory: Memory, play: Callable[..., Any]) -> None:
    chain = RunnableLambda(lambda text: {"question": text}) | with_memory(PROMPT | play("one two three"), memory)
    chunks = [chunk.text for chunk in chain.stream("count", of("ann"))]
    assert len(chunks) > 2
    [question, answer] = memory.messages(user_id="ann", session_id="1")
    assert (question.content, answer.content) == ("count", "one two three")
    assert answer.raw["type"] == "ai"


async def test_events_of_the_model_are_seen(memory: Memory, play: Callable[..., Any]) -> None:
    chain = with_memory(PROMPT | play("one two"), memory)
    events = [event["event"] async for event in chain.astream_events({"question": "count"}, of("ann"))]
    assert "on_chat_model_stream" in events


def test_the_users_words_survive_what_fails(
    memory: Memory, play: Callable[..., Any], said: Callable[..., list[str]]
) -> None:
    chain = with_memory(PROMPT | play(ConnectionError("down"), "fine now"), memory)
    with pytest.raises(ConnectionError):
        chain.invoke({"question": "I live in Lisbon"}, of("ann"))
    assert said(memory, "ann") == ["I live in Lisbon"]


def test_asked_again_after_a_failure_it_is_one_question(
    memory: Memory, play: Callable[..., Any], said: Callable[..., list[str]]
) -> None:
    with pytest.raises(ConnectionError):
        with_memory(PROMPT | play(ConnectionError("down")), memory).invoke({"question": "q"}, of("ann"))
    chain = with_memory(PROMPT | play("a1", "a2"), memory)
    chain.invoke({"question": "q"}, of("ann"))
    chain.invoke({"question": "q"}, of("ann"))
    assert said(memory, "ann") == ["q", "a1", "q", "a2"]


def test_a_stream_that_is_abandoned_keeps_the_question(
    memory: Memory, play: Callable[..., Any], said: Callable[..., list[str]]
) -> None:
    stream = with_memory(PROMPT | play("one two three"), memory).stream({"question": "count"}, of("ann"))
    next(iter(stream))
    stream.close()  # type: ignore[attr-defined]
    assert said(memory, "ann") == ["count"]


def test_the_sessions_history(memory: Memory, play: Callable[..., Any]) -> None:
    model = play("a1", "a2", "a3", "a4")
    chain = with_memory(TALK | model, memory, history=3)
    for question, session in (("q1", "1"), ("q2", "1"), ("q3", "1"), ("other", "2")):
        chain.invoke({"question": question}, of("ann", session))
    assert [message.text for message in model.seen[2]][1:] == ["a1", "q2", "a2", "q3"]
    assert [message.text for message in model.seen[3]][1:] == ["other"]


def test_a_model_alone(memory: Memory, play: Callable[..., Any], said: Callable[..., list[str]]) -> None:
    memory.add(["I prefer short answers", "The ferry to Troia left at nine"], user_id="ann", session_id="0")
    model = play("hello", "at nine", "sure")
    chain = with_memory(model, memory, history=10)
    chain.invoke("Good morning", of("ann"))
    chain.invoke([SystemMessage("Be kind."), HumanMessage("When did the ferry leave?")], of("ann"))
    chain.invoke([("human", "q1"), ("ai", "a1"), ("human", "q2")], of("ann", "2"))
    system, *history, question = model.seen[1]
    assert system.text.startswith("Be kind.\n\n<holdfast-memory")
    assert [message.text for message in history] == ["Good morning", "hello"]
    assert "Troia" in question.text
    assert question.text.endswith("When did the ferry leave?")
    assert said(memory, "ann") == ["Good morning", "hello", "When did the ferry leave?", "at nine"]
    assert said(memory, "ann", "2") == ["q2", "sure"]


def test_a_model_with_tools_bound(memory: Memory, play: Callable[..., Any]) -> None:
    model = play("hello")
    with_memory(model.bind(stop=["x"]), memory).invoke("Good morning", of("ann"))
    assert prompt(model.seen[0]) == "human: Good morning"


def test_the_history_never_has_half_of_a_tool_call(memory: Memory, play: Callable[..., Any]) -> None:
    calling = AIMessage("let me see", tool_calls=[{"name": "look", "args": {}, "id": "c"}])
    model = play(calling, "done")
    chain = with_memory(TALK | model, memory, history=5)
    chain.invoke({"question": "look"}, of("ann"))
    chain.invoke({"question": "and?"}, of("ann"))
    assert [getattr(message, "tool_calls", []) for message in model.seen[1]] == [[]] * 4
    assert model.seen[1][2].text == "let me see"


def test_mappings_with_several_entries(memory: Memory, said: Callable[..., list[str]]) -> None:
    def answer(given: dict[str, Any]) -> dict[str, Any]:
        return {"answer": f"{given['language']}: {given['question']}", "sources": []}

    chain = with_memory(RunnableLambda(answer), memory, input_key="question", output_key="answer")
    assert chain.invoke({"question": "hello", "language": "en"}, of("ann"))["answer"] == "en: hello"
    assert said(memory, "ann") == ["hello", "en: hello"]
    with pytest.raises(ConfigurationError, match="the input has question, language"):
        with_memory(RunnableLambda(answer), memory).invoke({"question": "hello", "language": "en"}, of("ann"))


@pytest.mark.parametrize("config", [None, {"configurable": {"session_id": "1"}}])
async def test_without_a_user_it_refuses(memory: Memory, play: Callable[..., Any], config: Any) -> None:
    chain = with_memory(PROMPT | play("x"), memory)
    with pytest.raises(ConfigurationError, match="no user_id"):
        chain.invoke({"question": "q"}, config)
    with pytest.raises(ConfigurationError, match="no user_id"):
        await chain.ainvoke({"question": "q"}, config)
    assert memory.users() == ()


def test_a_prompt_without_a_place_is_refused(memory: Memory, play: Callable[..., Any]) -> None:
    bare = ChatPromptTemplate.from_template("{question}")
    with pytest.raises(ConfigurationError, match="no place named 'memory'"):
        with_memory(bare | play("x"), memory)
    with pytest.raises(ConfigurationError, match="no place named 'history'"):
        with_memory(PROMPT | play("x"), memory, history=4)
    with pytest.raises(ConfigurationError, match="does not begin with a model"):
        with_memory(RunnableLambda(str), memory).invoke("hello", of("ann"))
    model = play("x")
    with_memory(ChatPromptTemplate.from_template("{known}: {question}") | model, memory, memory_key="known").invoke(
        {"question": "hello"}, of("ann")
    )
    assert prompt(model.seen[0]) == "human: : hello"


def test_what_can_be_configured_is_told(memory: Memory, play: Callable[..., Any]) -> None:
    chain = with_memory(PROMPT | play("x"), memory)
    assert {spec.id for spec in chain.config_specs} == {"user_id", "session_id"}


def test_a_broken_memory_does_not_break_the_answer(
    memory: Memory, play: Callable[..., Any], refusing: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    with refusing(memory):
        assert with_memory(PROMPT | play("fine"), memory).invoke({"question": "q"}, of("ann")).text == "fine"
        assert "writing failed" in caplog.text
        with pytest.raises(StorageError):
            with_memory(PROMPT | play("fine"), memory, strict=True).invoke({"question": "q"}, of("ann"))
