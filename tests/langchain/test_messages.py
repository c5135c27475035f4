"""Every message of LangChain comes back from the journal as it went in."""

import json
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

import numpy as np
import pytest

pytest.importorskip("langchain_core", reason="the adapter needs the extra: pip install 'holdfast[langchain]'")

from hypothesis import given
from hypothesis import strategies as st
from langchain_core.documents import Document
from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    BaseMessage,
    ChatMessage,
    FunctionMessage,
    HumanMessage,
    RemoveMessage,
    SystemMessage,
    ToolMessage,
)
from pydantic import BaseModel

from holdfast import Memory, Message
from langchain_holdfast import HoldfastChatMessageHistory
from langchain_holdfast.encoding import TAG, decode, encode
from langchain_holdfast.messages import from_journal, to_journal

NOON = datetime(2025, 3, 1, 12, tzinfo=timezone.utc)

MESSAGES: list[BaseMessage] = [
    HumanMessage("I live in Lisbon"),
    HumanMessage("named", id="m1", name="ann"),
    HumanMessage([{"type": "text", "text": "what is this?"}, {"type": "image_url", "image_url": {"url": "data:x"}}]),
    HumanMessage(["two", {"type": "text", "text": "blocks"}]),
    HumanMessage("extra", additional_kwargs={"lc_source": "summarization"}, example=True),
    HumanMessage(""),
    HumanMessage("with a \0 and a \ud800 in it"),
    SystemMessage("Be brief."),
    AIMessage(
        "",
        id="lc_run--1",
        tool_calls=[{"name": "weather", "args": {"city": "Oslo"}, "id": "c1", "type": "tool_call"}],
        invalid_tool_calls=[{"name": "bad", "args": "{", "id": "c2", "error": "not JSON", "type": "invalid_tool_call"}],
        usage_metadata={"input_tokens": 3, "output_tokens": 4, "total_tokens": 7},
        response_metadata={"model_name": "m", "at": NOON, "logprob": float("-inf")},
    ),
    AIMessage([{"type": "reasoning", "reasoning": "hm"}, {"type": "text", "text": "Hello"}]),
    ToolMessage("42", tool_call_id="c1", name="weather", status="error", artifact={"rows": [1, 2]}),
    ToolMessage("found", tool_call_id="c1", artifact=[Document("page", id="d1", metadata={"at": NOON})]),
    ToolMessage(["a", {"type": "text", "text": "b"}], tool_call_id="c1", artifact=(b"\x00\xff", {1, 2}, {3: "three"})),
    FunctionMessage("4", name="add"),
    ChatMessage("I object", role="critic"),
    ChatMessage("hello", role="user"),
    RemoveMessage(id="m1"),
]


def through_json(message: BaseMessage, session_id: str = "s") -> BaseMessage:
    kept = json.loads(json.dumps(to_journal(message, session_id), allow_nan=False).encode("utf-8"))
    return from_journal(Message(kept["role"], kept["content"], kept["id"], name=kept["name"], raw=kept["raw"]))


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: f"{message.type}-{str(message.content)[:12]!r}")
def test_a_message_comes_back_as_it_was(message: BaseMessage) -> None:
    back = through_json(message)
    assert type(back) is type(message)
    assert back == message
    assert back.text == message.text


def test_all_of_them_come_back_from_the_file(memory: Memory) -> None:
    history = HoldfastChatMessageHistory(memory=memory, user_id="u", session_id="s")
    history.add_messages(MESSAGES)
    assert history.messages == MESSAGES
    assert memory.check().findings == ()


def test_roles_are_those_who_spoke(memory: Memory) -> None:
    HoldfastChatMessageHistory(memory=memory, user_id="u", session_id="s").add_messages(MESSAGES)
    roles = [message.role for message in memory.messages(user_id="u", session_id="s")]
    assert roles == ["user"] * 7 + ["system"] + ["assistant"] * 2 + ["tool"] * 4 + ["assistant", "user", "system"]


def test_chunks_become_the_message_that_they_make() -> None:
    whole = AIMessageChunk("Hel", id="r") + AIMessageChunk("lo", id="r")
    assert through_json(whole) == AIMessage("Hello", id="r")
    assert type(through_json(whole)) is AIMessage


def test_a_message_of_another_class_comes_back_as_the_nearest_one() -> None:
    class Shouted(HumanMessage):
        loudness: int = 3

    class Odd(BaseMessage):
        type: str = "odd"

    back = through_json(Shouted("HEY", loudness=11))
    assert (type(back), back.content, back.model_extra) == (HumanMessage, "HEY", {"loudness": 11})
    assert through_json(Odd(content="x")) == ChatMessage(content="x", role="odd")


def test_messages_of_others_come_back_as_their_role() -> None:
    assert from_journal(Message("user", "hi", "1", name="ann")) == HumanMessage("hi", id="1", name="ann")
    assert from_journal(Message("assistant", "hi", "1")) == AIMessage("hi", id="1")
    assert from_journal(Message("system", "hi", "1")) == SystemMessage("hi", id="1")
    foreign = Message("tool", "4", "1", raw={"framework": "other", "type": "human", "data": {"content": "x"}})
    assert from_journal(foreign) == ChatMessage(content="4", role="tool", id="1")


def test_nothing_in_a_journal_names_a_class_to_construct() -> None:
    lure = {"lc": 1, "type": "constructor", "id": ["langchain_core", "messages", "HumanMessage"], "kwargs": {}}
    message = HumanMessage("x", additional_kwargs={"lure": lure, TAG: ["bytes", "AA=="]})
    assert through_json(message) == message


def test_an_id_of_the_framework_is_one_of_its_session(memory: Memory) -> None:
    for session in ("a", "b"):
        history = HoldfastChatMessageHistory(memory=memory, user_id="u", session_id=session)
        history.add_messages([HumanMessage(f"first of {session}", id="1")])
        history.add_messages([HumanMessage(f"first of {session}", id="1"), HumanMessage("edited", id="1")])
        assert [message.content for message in history.messages] == [f"first of {session}", "edited"]


class Shape(BaseModel):
    sides: int
    name: str = "square"


@pytest.mark.parametrize(
    "value",
    [
        None, True, 3, 2.5, "text", float("inf"), b"\x00", bytearray(b"ab"), NOON, date(2025, 3, 1), time(12, 30),
        timedelta(days=1, seconds=2, microseconds=3), Decimal("1.10"), UUID(int=7), 1 + 2j, (1, (2,)), {1, 2},
        frozenset({"a"}), {1: "a", (2, 3): "b"}, {TAG: 1}, {"a": {TAG: ["set", []]}}, "\udcff", {"\udcff": 1},
        Document("page", metadata={"page": 3, "at": NOON}),
    ],
    ids=repr,
)  # fmt: skip
def test_values_that_json_lacks_come_back(value: Any) -> None:
    back = decode(json.loads(json.dumps(encode(value), allow_nan=False).encode("utf-8")))
    assert back == value
    assert type(back) is type(value)


def test_arrays_come_back() -> None:
    array = np.arange(6, dtype=np.float32).reshape(2, 3)
    back = decode(json.loads(json.dumps(encode({"image": array, "mean": array.mean()}))))
    np.testing.assert_array_equal(back["image"], array)
    assert (back["image"].dtype, back["mean"]) == (array.dtype, 2.5)
    assert decode(encode(np.array([{1}, None]))) == [{1}, None]


def test_what_has_no_form_is_kept_as_fields_or_words() -> None:
    class Broken:
        def __repr__(self) -> str:
            raise RuntimeError

    assert encode(Shape(sides=4)) == {"sides": 4, "name": "square"}
    assert encode(PurePosixPath("/tmp")) == "PurePosixPath('/tmp')"
    assert encode(Broken()) == "<Broken>"
    assert through_json(ToolMessage("x", tool_call_id="c", artifact=Shape(sides=3))).artifact["sides"] == 3


def test_a_structure_that_contains_itself_ends() -> None:
    endless: list[Any] = []
    endless.append(endless)
    json.dumps(encode(endless))


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary() | st.dates(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4) | st.tuples(inner, inner),
    max_leaves=12,
)


@given(json_like)
def test_any_nesting_comes_back(value: Any) -> None:
    assert decode(json.loads(json.dumps(encode(value), allow_nan=False).encode("utf-8"))) == value


@given(
    st.text(), st.text() | st.none(), st.text(min_size=1) | st.none(), st.dictionaries(st.text(), json_like, max_size=3)
)
def test_any_human_message_comes_back(content: str, name: str | None, id_: str | None, more: dict[str, Any]) -> None:
    message = HumanMessage(content, name=name, id=id_, additional_kwargs=more)
    assert through_json(message) == message
