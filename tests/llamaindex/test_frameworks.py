"""One memory, two frameworks: the same file, written by one and read by the other."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("llama_index.core", reason="needs the extra holdfast[llamaindex]")
pytest.importorskip("langchain_core", reason="needs the extra holdfast[langchain]")

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage
from llama_index.core.llms import ChatMessage, TextBlock

from holdfast import Memory
from holdfast.testing import FakeEmbedder
from langchain_holdfast import HoldfastChatMessageHistory
from langchain_holdfast import flush as flush_langchain
from llamaindex.scripted import assistant, calls, user, words
from llamaindex_holdfast import HoldfastMemory

FACT = "User is allergic to peanuts"
ROLES = {"human": "user", "ai": "assistant", "system": "system"}

HISTORY = [
    HumanMessage("I'm allergic to peanuts"),
    AIMessage("Noted"),
    HumanMessage("A snack?"),
    SystemMessage("rules"),
]
CHAT = [
    user("I'm allergic to peanuts"),
    assistant("Noted"),
    user("A snack?"),
    ChatMessage(role="system", content="rules"),
]


def of_langchain(core: Memory, session_id: str = "s") -> HoldfastChatMessageHistory:
    return HoldfastChatMessageHistory(memory=core, user_id="alice", session_id=session_id, learn="now")


def of_llama_index(core: Memory, session_id: str = "s") -> HoldfastMemory:
    return HoldfastMemory.from_memory(core, user_id="alice", session_id=session_id, learn="now")


def texts(messages: list[BaseMessage]) -> list[tuple[str, str]]:
    return [(ROLES.get(message.type, message.type), str(message.text)) for message in messages]


def test_written_by_langchain_read_by_llama_index(core: Memory) -> None:
    of_langchain(core).add_messages(HISTORY)
    read = of_llama_index(core)
    assert words(read.get_all()) == texts(HISTORY) == words(CHAT)
    assert FACT in str(of_llama_index(core, "another").get(input="A snack?"))


def test_written_by_llama_index_read_by_langchain(core: Memory) -> None:
    of_llama_index(core).put_messages(CHAT)
    assert texts(of_langchain(core).messages) == texts(HISTORY)
    assert [fact.text for fact in core.get_all(user_id="alice")] == [FACT]


def test_both_ways_give_equal_facts_and_sessions() -> None:
    found: list[Any] = []
    for write in (lambda core: of_langchain(core).add_messages(HISTORY), lambda core: of_llama_index(core).set(CHAT)):
        with Memory(":memory:", embedder=FakeEmbedder()) as core:
            write(core)
            facts = [(fact.text, fact.kind, fact.slot, fact.value) for fact in core.get_all(user_id="alice")]
            found.append((facts, [(one.role, one.content, one.session_id) for one in core.messages(
                user_id="alice", session_id="s")]))  # fmt: skip
    assert found[0] == found[1]
    assert found[0][0]


def test_they_take_turns_in_one_session(core: Memory) -> None:
    one, other = of_langchain(core), of_llama_index(core)
    for number in range(5):
        one.add_messages([HumanMessage(f"langchain {number}")])
        other.put(assistant(f"llama {number}"))
    assert texts(one.messages) == words(other.get_all())
    assert len(one.messages) == 10


def test_what_only_one_can_express_is_kept_whole_for_it_and_comes_as_words_to_the_other(core: Memory) -> None:
    call = AIMessage("Let me see", tool_calls=[{"name": "lookup", "args": {"a": 1}, "id": "1"}])
    result = ToolMessage("fine", tool_call_id="1", artifact=b"\xff")
    of_langchain(core).add_messages([call, result])
    assert words(of_llama_index(core).get_all()) == [("assistant", "Let me see"), ("assistant", "fine")]
    kept = of_langchain(core).messages
    assert kept[0].tool_calls[0]["args"] == {"a": 1}  # type: ignore[attr-defined]
    assert kept[1].artifact == b"\xff"  # type: ignore[attr-defined]

    asked = calls("lookup", a=1)
    asked.blocks = [TextBlock(text="Let me see"), *(one for one in asked.blocks if one.block_type != "text")]
    ours = [
        asked,
        ChatMessage(role="tool", content="fine", additional_kwargs={"tool_call_id": "1"}),
    ]
    of_llama_index(core, "t").put_messages(ours)
    assert [message.text for message in of_langchain(core, "t").messages] == ["Let me see", "fine"]
    assert of_llama_index(core, "t").get_all() == ours


_SCRIPT = """
import json, sys
from holdfast import Memory
from holdfast.testing import FakeEmbedder
core = Memory(sys.argv[1], embedder=FakeEmbedder())
if sys.argv[2] == "langchain":
    from langchain_core.messages import AIMessage, HumanMessage
    from langchain_holdfast import HoldfastChatMessageHistory
    history = HoldfastChatMessageHistory(memory=core, user_id="alice", session_id="s", learn="now")
    history.add_messages([HumanMessage("I'm allergic to peanuts"), AIMessage("Noted")])
    print(json.dumps([str(message.text) for message in history.messages]))
else:
    from llama_index.core.llms import ChatMessage
    from llamaindex_holdfast import HoldfastMemory
    memory = HoldfastMemory.from_memory(core, user_id="alice", session_id="s", learn="now")
    memory.put_messages([ChatMessage("I live in Oslo"), ChatMessage("Noted too", role="assistant")])
    print(json.dumps([message.content for message in memory.get_all()]))
"""


@pytest.mark.parametrize("order", [("langchain", "llama"), ("llama", "langchain")])
def test_in_two_processes(order: tuple[str, str], tmp_path: Path) -> None:
    run: Callable[[str], list[str]] = lambda who: json.loads(  # noqa: E731
        subprocess.run(
            [sys.executable, "-c", _SCRIPT, str(tmp_path / "a.db"), who], capture_output=True, text=True, check=True
        ).stdout
    )
    first, both = run(order[0]), run(order[1])
    assert both[: len(first)] == first
    assert len(both) == 4
    with Memory(tmp_path / "a.db", embedder=FakeEmbedder()) as core:
        assert {fact.text for fact in core.get_all(user_id="alice")} == {FACT, "User lives in Oslo"}
        assert texts(of_langchain(core).messages) == words(of_llama_index(core).get_all())
        assert flush_langchain(core)
