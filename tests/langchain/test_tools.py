"""Tools with which a model decides by itself, in an agent and without one."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

pytest.importorskip("langchain_core", reason="the adapter needs the extra: pip install 'holdfast[langchain]'")

from langchain_core.messages import AIMessage, ToolMessage
from langchain_core.tools import BaseTool

from holdfast import ConfigurationError, Memory
from langchain_holdfast import create_memory_tools


def of(user_id: str) -> Any:
    return {"configurable": {"user_id": user_id}}


@pytest.fixture
def tools(memory: Memory) -> dict[str, BaseTool]:
    return {tool.name: tool for tool in create_memory_tools(memory)}


def test_the_model_cannot_choose_the_user(tools: dict[str, BaseTool]) -> None:
    shown = {name: set(tool.get_input_schema().model_json_schema()["properties"]) for name, tool in tools.items()}
    shown["list_memories"] = set(tools["list_memories"].args)
    assert shown == {
        "remember": {"statement"},
        "recall": {"question"},
        "forget": {"fact_id"},
        "list_memories": set(),
    }
    assert all(tool.description for tool in tools.values())


def test_a_fact_through_its_life(tools: dict[str, BaseTool], memory: Memory) -> None:
    told = tools["remember"].invoke({"statement": "I am allergic to peanuts"}, of("ann"))
    assert told == "Remembered: User is allergic to peanuts"
    found = tools["recall"].invoke({"question": "which allergies?"}, of("ann"))
    listed = tools["list_memories"].invoke({}, of("ann"))
    assert found == listed
    [(id_, text)] = re.findall(r"^\[(\w+)\] (.*)$", listed, re.MULTILINE)
    assert text == "User is allergic to peanuts"
    assert tools["forget"].invoke({"fact_id": f"[{id_}]"}, of("bob")) == "There is no fact with this id."
    assert tools["forget"].invoke({"fact_id": f"[{id_}]"}, of("ann")) == "Forgotten."
    assert tools["list_memories"].invoke({}, of("ann")) == "Nothing is known."
    assert memory.get_all(user_id="ann") == ()


def test_what_is_no_fact_is_found_all_the_same(tools: dict[str, BaseTool]) -> None:
    assert tools["remember"].invoke({"statement": "every deploy needs a window"}, of("ann")).startswith("Noted")
    assert "needs a window" in tools["recall"].invoke({"question": "what does a deploy need?"}, of("ann"))


def test_notes_stand_apart_from_the_chat(tools: dict[str, BaseTool], memory: Memory) -> None:
    tools["remember"].invoke({"statement": "I play chess"}, {"configurable": {"user_id": "ann", "thread_id": "1"}})
    assert memory.messages(user_id="ann", session_id="1") == ()


def test_long_lists_are_cut(tools: dict[str, BaseTool], memory: Memory) -> None:
    memory.add([f"I own {number} bicycles in town {number}" for number in range(60)], user_id="ann")
    assert memory.count(user_id="ann") == 60
    lines = tools["list_memories"].invoke({}, of("ann")).splitlines()
    assert (len(lines), lines[-1]) == (51, "(10 older ones are not shown; recall finds them)")


@pytest.mark.parametrize(("name", "given"), [("recall", {"question": "x"}), ("remember", {"statement": "x"})])
async def test_without_a_user_they_refuse(tools: dict[str, BaseTool], name: str, given: Any) -> None:
    with pytest.raises(ConfigurationError, match="no user_id"):
        tools[name].invoke(given)
    with pytest.raises(ConfigurationError, match="no user_id"):
        await tools[name].ainvoke(given)


def test_a_bound_user_goes_first(memory: Memory) -> None:
    bound = {tool.name: tool for tool in create_memory_tools(memory, user_id="ann")}
    bound["remember"].invoke({"statement": "I play chess"}, of("bob"))
    assert (memory.count(user_id="ann"), memory.count(user_id="bob")) == (1, 0)


@dataclass
class Context:
    user_id: str


@pytest.mark.parametrize("way", ["context", "configurable"])
async def test_in_an_agent(memory: Memory, play: Callable[..., Any], way: str) -> None:
    agents = pytest.importorskip("langchain.agents", reason="needs langchain")
    call = AIMessage("", tool_calls=[{"name": "remember", "args": {"statement": "I play chess"}, "id": "c"}])
    given: Any = {"context": Context("ann")} if way == "context" else {"config": of("ann")}
    for awaited in (False, True):
        agent = agents.create_agent(play(call, "Done"), create_memory_tools(memory), context_schema=Context)
        ask = {"messages": [{"role": "user", "content": "remember that I play chess"}]}
        result = await agent.ainvoke(ask, **given) if awaited else agent.invoke(ask, **given)
        [answer] = [message for message in result["messages"] if isinstance(message, ToolMessage)]
        assert answer.status == "success"
    assert [fact.text for fact in memory.get_all(user_id="ann")] == ["User plays chess"]
