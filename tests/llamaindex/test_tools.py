"""HoldfastToolSpec: an agent remembers, recalls, forgets and lists."""

import pytest

pytest.importorskip("llama_index.core", reason="needs the extra holdfast[llamaindex]")

from llama_index.core.agent.workflow import FunctionAgent
from llama_index.core.llms import ChatMessage
from llama_index.core.tools import FunctionTool

from holdfast import Memory
from holdfast.testing import FakeEmbedder
from llamaindex.scripted import calls, function_caller, shown
from llamaindex_holdfast import HoldfastToolSpec


@pytest.fixture
def tools(core: Memory) -> dict[str, FunctionTool]:
    spec = HoldfastToolSpec(core, user_id="alice", session_id="s")
    return {tool.metadata.get_name(): tool for tool in spec.to_tool_list()}


def say(tool: FunctionTool, **arguments: str) -> str:
    output = tool(**arguments)
    assert not output.is_error
    return output.content


def test_no_tool_takes_a_user(tools: dict[str, FunctionTool]) -> None:
    assert set(tools) == {"remember", "recall", "forget", "list_memories"}
    taken = {name: set(tool.metadata.get_parameters_dict()["properties"]) for name, tool in tools.items()}
    assert taken == {"remember": {"text"}, "recall": {"query"}, "forget": {"id"}, "list_memories": set()}
    assert "in the first person" in str(tools["remember"].metadata.get_parameters_dict())


def test_remember_recall_list_forget(tools: dict[str, FunctionTool], core: Memory) -> None:
    assert say(tools["list_memories"]) == "Nothing is known about the user yet."
    assert say(tools["recall"], query="allergies") == "Nothing is known about that."
    assert say(tools["remember"], text="I am allergic to peanuts").startswith("Remembered: User is allergic")
    (fact,) = core.get_all(user_id="alice")
    assert f"User is allergic to peanuts (id {fact.id})" in say(tools["recall"], query="allergies")
    assert say(tools["list_memories"]) == f"- User is allergic to peanuts (id {fact.id})"
    assert say(tools["forget"], id=fact.id) == "Forgotten: User is allergic to peanuts"
    assert say(tools["forget"], id=fact.id) == "There is no statement with this id."
    assert say(tools["list_memories"]) == "Nothing is known about the user yet."
    assert say(tools["remember"], text="hello") == "Noted, in these words."
    assert say(tools["remember"], text="  ") == "There was nothing to remember."


def test_another_users_facts_are_out_of_reach(tools: dict[str, FunctionTool], core: Memory) -> None:
    (fact,) = core.add("I'm allergic to peanuts", user_id="bob").facts
    assert "peanuts" not in say(tools["recall"], query="peanuts")
    assert say(tools["forget"], id=fact.id) == "There is no statement with this id."
    assert core.count(user_id="bob") == 1


def test_a_long_list_says_that_it_is_cut(tools: dict[str, FunctionTool], core: Memory) -> None:
    core.add([f"My cousin number {number} is called Anna{number}" for number in range(70)], user_id="alice")
    listed = say(tools["list_memories"]).splitlines()
    assert listed[0] == f"The latest 50 of {core.count(user_id='alice')}:"
    assert len(listed) == 51


def test_a_failure_is_told_in_one_sentence() -> None:
    core = Memory(":memory:", embedder=FakeEmbedder())
    tools = HoldfastToolSpec(core, user_id="alice").to_tool_list()
    core.close()
    arguments = [{"text": "x"}, {"query": "x"}, {"id": "x"}, {}]
    said = {tool(**given).content for tool, given in zip(tools, arguments, strict=True)}
    assert said == {"The memory is not available right now."}


async def test_an_agent_uses_them(tools: dict[str, FunctionTool], core: Memory) -> None:
    asked: list[list[ChatMessage]] = []
    model = function_caller(
        asked, [calls("remember", text="I am allergic to peanuts"), calls("recall", query="allergies"), "done"]
    )
    await FunctionAgent(llm=model, tools=[*tools.values()], streaming=False).run("Remember my allergy")
    assert "Remembered: User is allergic to peanuts" in shown(asked)
    assert core.count(user_id="alice") == 1
