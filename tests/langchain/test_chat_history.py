"""One session as LangChain messages, alone and in `RunnableWithMessageHistory`."""

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

pytest.importorskip("langchain_core", reason="the adapter needs the extra: pip install 'holdfast[langchain]'")

from langchain_core.messages import AIMessage, HumanMessage
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate, MessagesPlaceholder
from langchain_core.runnables import ConfigurableFieldSpec, Runnable
from langchain_core.runnables.history import RunnableWithMessageHistory

from holdfast import ConfigurationError, Memory, StorageError
from langchain_holdfast import HoldfastChatMessageHistory, flush

PROMPT = ChatPromptTemplate.from_messages([MessagesPlaceholder("history"), ("human", "{question}")])

# LangChain announces the end of the class at every construction; until then it has users.
pytestmark = pytest.mark.filterwarnings("ignore:.*RunnableWithMessageHistory.*")


def wrapped(memory: Memory, chain: Runnable[Any, Any], **options: Any) -> RunnableWithMessageHistory:
    def history(user_id: str, session_id: str) -> HoldfastChatMessageHistory:
        return HoldfastChatMessageHistory(memory=memory, user_id=user_id, session_id=session_id, **options)

    return RunnableWithMessageHistory(
        chain,
        history,
        input_messages_key="question",
        history_messages_key="history",
        history_factory_config=[
            ConfigurableFieldSpec(id="user_id", annotation=str, is_shared=True),
            ConfigurableFieldSpec(id="session_id", annotation=str, is_shared=True),
        ],
    )


def of(user_id: str, session_id: str = "1") -> Any:
    return {"configurable": {"user_id": user_id, "session_id": session_id}}


def test_it_is_of_one_user_and_one_session(memory: Memory) -> None:
    mine = HoldfastChatMessageHistory(memory=memory, user_id="1", session_id="a")
    mine.add_messages([HumanMessage("yes"), AIMessage("good"), HumanMessage("yes"), AIMessage("good")])
    for user, session in (("10", "a"), ("1", "a2"), ("1 ", "a")):
        assert HoldfastChatMessageHistory(memory=memory, user_id=user, session_id=session).messages == []
    again = HoldfastChatMessageHistory(memory=memory, user_id="1", session_id="a")
    assert [message.content for message in again.messages] == ["yes", "good", "yes", "good"]


def test_the_list_is_the_callers_own(memory: Memory) -> None:
    history = HoldfastChatMessageHistory(memory=memory, user_id="u", session_id="s")
    history.add_user_message("hello")
    history.messages.clear()
    history.messages[0].content = "changed"
    assert history.messages == [HumanMessage("hello")]


async def test_awaited_calls_do_the_same(memory: Memory) -> None:
    history = HoldfastChatMessageHistory(memory=memory, user_id="u", session_id="s")
    await history.aadd_messages([HumanMessage("one", id="1"), AIMessage("two", id="2")])
    await history.aadd_messages([])
    assert await history.aget_messages() == [HumanMessage("one", id="1"), AIMessage("two", id="2")]


def test_a_session_is_learnt_from(memory: Memory) -> None:
    history = HoldfastChatMessageHistory(memory=memory, user_id="u", session_id="s")
    history.add_user_message("I live in Lisbon")
    assert flush(memory, 30)
    assert [fact.text for fact in memory.get_all(user_id="u")] == ["User lives in Lisbon"]


def test_clear_is_of_this_session_only(memory: Memory) -> None:
    histories = {
        session: HoldfastChatMessageHistory(memory=memory, user_id="u", session_id=session, learn="now")
        for session in ("one", "two")
    }
    histories["one"].add_user_message("I live in Lisbon")
    histories["two"].add_user_message("I play the cello")
    histories["one"].clear()
    histories["one"].clear()
    assert histories["one"].messages == []
    assert [message.content for message in histories["two"].messages] == ["I play the cello"]
    assert [fact.text for fact in memory.get_all(user_id="u")] == ["User plays the cello"]


async def test_clear_awaited(memory: Memory) -> None:
    history = HoldfastChatMessageHistory(memory=memory, user_id="u", session_id="s")
    history.add_user_message("hello")
    await history.aclear()
    assert await history.aget_messages() == []


@pytest.mark.parametrize("missing", ["user_id", "session_id"])
def test_somebody_and_some_session_are_needed(memory: Memory, missing: str) -> None:
    ids = {"user_id": "u", "session_id": "s", missing: ""}
    with pytest.raises(ConfigurationError, match="user_id and session_id"):
        HoldfastChatMessageHistory(memory=memory, **ids)


def test_it_does_not_show_whose_it_is(memory: Memory) -> None:
    assert "ann" not in repr(HoldfastChatMessageHistory(memory=memory, user_id="ann", session_id="s"))


def test_in_a_runnable(memory: Memory, play: Callable[..., Any]) -> None:
    model = play("Hi Ann", "Ann, you said", "I do not know")
    chain = wrapped(memory, PROMPT | model)
    chain.invoke({"question": "My name is Ann"}, of("ann"))
    chain.invoke({"question": "What is my name?"}, of("ann"))
    chain.invoke({"question": "What is my name?"}, of("bob"))
    assert [message.content for message in model.seen[1]] == ["My name is Ann", "Hi Ann", "What is my name?"]
    assert [message.content for message in model.seen[2]] == ["What is my name?"]


async def test_in_an_awaited_runnable(memory: Memory, play: Callable[..., Any]) -> None:
    model = play("Hi Ann", "Ann, you said")
    chain = wrapped(memory, PROMPT | model | StrOutputParser())
    await chain.ainvoke({"question": "My name is Ann"}, of("ann"))
    assert await chain.ainvoke({"question": "What is my name?"}, of("ann")) == "Ann, you said"
    assert [message.content for message in model.seen[1]] == ["My name is Ann", "Hi Ann", "What is my name?"]


def test_a_stream_is_kept_as_a_message(memory: Memory, play: Callable[..., Any]) -> None:
    chain = wrapped(memory, PROMPT | play("Hello there Ann"))
    chunks = list(chain.stream({"question": "I am Ann"}, of("ann")))
    kept = HoldfastChatMessageHistory(memory=memory, user_id="ann", session_id="1").messages
    assert len(chunks) > 2
    assert [(type(message), message.content) for message in kept] == [
        (HumanMessage, "I am Ann"),
        (AIMessage, "Hello there Ann"),
    ]


def test_another_writer_in_between_loses_nothing(memory: Memory, play: Callable[..., Any]) -> None:
    other = HoldfastChatMessageHistory(memory=memory, user_id="ann", session_id="1")

    def meanwhile(prompt: Any) -> Any:
        other.add_messages([HumanMessage("from elsewhere"), AIMessage("answered elsewhere")])
        return prompt

    wrapped(memory, PROMPT | meanwhile | play("an answer")).invoke({"question": "a question"}, of("ann"))
    assert [message.content for message in other.messages] == [
        "from elsewhere", "answered elsewhere", "a question", "an answer",
    ]  # fmt: skip


def test_a_write_that_fails_is_raised_and_made_up_for(memory: Memory, refusing: Callable[..., Any]) -> None:
    history = HoldfastChatMessageHistory(memory=memory, user_id="ann", session_id="1")
    with refusing(memory):
        with pytest.raises(StorageError, match="refused"):
            history.add_messages([HumanMessage("one"), AIMessage("two")])
        with pytest.raises(StorageError, match="refused"):
            _ = HoldfastChatMessageHistory(memory=memory, user_id="ann", session_id="1").messages
        elsewhere = HoldfastChatMessageHistory(memory=memory, user_id="ann", session_id="2")
        assert elsewhere.messages == []
    later = HoldfastChatMessageHistory(memory=memory, user_id="ann", session_id="1")
    later.add_messages([HumanMessage("three")])
    assert [message.content for message in later.messages] == ["one", "two", "three"]


def test_a_write_that_the_runnable_swallows_surfaces_at_the_next_call(
    memory: Memory, play: Callable[..., Any], refusing: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    model = play("an answer", "another", "a third")
    chain = wrapped(memory, PROMPT | model)
    with refusing(memory), caplog.at_level(logging.ERROR, "holdfast"):
        chain.invoke({"question": "a question"}, of("ann"))
        assert "2 messages could not be written" in caplog.text
        assert "a question" not in "".join(
            one.getMessage() for one in caplog.records if one.name.startswith("holdfast")
        )
        with pytest.raises(StorageError):
            chain.invoke({"question": "the next"}, of("ann"))
        assert len(model.seen) == 1
    chain.invoke({"question": "at last"}, of("ann"))
    assert [message.content for message in model.seen[1]] == ["a question", "an answer", "at last"]


def test_what_waits_is_not_written_after_a_clear(memory: Memory, refusing: Callable[..., Any]) -> None:
    history = HoldfastChatMessageHistory(memory=memory, user_id="ann", session_id="1")
    with refusing(memory), suppress(StorageError):
        history.add_user_message("one")
    history.clear()
    assert history.messages == []


def test_the_framework_says_nothing_of_our_class(memory: Memory, recwarn: pytest.WarningsRecorder) -> None:
    HoldfastChatMessageHistory(memory=memory, user_id="u", session_id="s")
    assert not recwarn.list
