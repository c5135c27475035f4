"""Many runs at once, and several processes on one file."""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("langchain.agents", reason="the agents of langchain: pip install 'holdfast[langchain]'")

from langchain.agents import create_agent
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langgraph.checkpoint.memory import InMemorySaver

from holdfast import Memory
from langchain_holdfast import HoldfastMiddleware, flush, with_memory

TOWNS = {"1": "Lisbon", "10": "Madrid"}


@pytest.fixture
def echo(play: Callable[..., Any]) -> Any:
    """A model that says back what it was asked last, and all that it was shown; it has no state to mix up."""

    class Echo(type(play())):  # type: ignore[misc]
        def _generate(self, messages: list[BaseMessage], *_: Any, **__: Any) -> ChatResult:
            asked = str(messages[-1].text).splitlines()[-1]
            shown = " ".join(str(message.text) for message in messages)
            reply = AIMessage(f"echo {asked}", response_metadata={"shown": shown})
            return ChatResult(generations=[ChatGeneration(message=reply)])

    return Echo(messages=iter([]))


def stock(memory: Memory) -> None:
    for user, town in TOWNS.items():
        memory.add(f"I live in {town}", user_id=user, session_id="before")


def check_journals(memory: Memory, runs: int) -> None:
    for number in range(runs):
        user = list(TOWNS)[number % 2]
        session = [one.content for one in memory.messages(user_id=user, session_id=f"t{number}")]
        assert session == [f"where do I live, {number}?", f"echo where do I live, {number}?"]
    for user in TOWNS:
        assert len(memory.sessions(user_id=user)) == runs // 2 + 1
    assert memory.check().findings == ()


def check_shown(user: str, shown: str) -> None:
    mine, other = (TOWNS[name] for name in (user, *(set(TOWNS) - {user})))
    assert mine in shown
    assert other not in shown


async def test_two_hundred_awaited_runs_lose_and_mix_nothing(memory: Memory, echo: Any) -> None:
    stock(memory)
    agent = create_agent(echo, middleware=[HoldfastMiddleware(memory)], checkpointer=InMemorySaver())

    async def turn(number: int) -> tuple[str, Any]:
        user = list(TOWNS)[number % 2]
        asked = {"messages": [HumanMessage(f"where do I live, {number}?")]}
        return user, await agent.ainvoke(asked, {"configurable": {"user_id": user, "thread_id": f"t{number}"}})

    for user, state in await asyncio.gather(*map(turn, range(200))):
        check_shown(user, state["messages"][-1].response_metadata["shown"])
    assert flush(memory, 120)
    check_journals(memory, 200)


def test_threads_lose_and_mix_nothing(memory: Memory, echo: Any) -> None:
    stock(memory)
    chain = with_memory(echo, memory)

    def turn(number: int) -> None:
        user = list(TOWNS)[number % 2]
        answer = chain.invoke(
            f"where do I live, {number}?", {"configurable": {"user_id": user, "session_id": f"t{number}"}}
        )
        check_shown(user, answer.response_metadata["shown"])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(turn, range(40)))
    assert flush(memory, 60)
    check_journals(memory, 40)


SESSION = """
import sys
from langchain.agents import create_agent
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from langgraph.checkpoint.memory import InMemorySaver
from holdfast import Memory
from holdfast.testing import FakeEmbedder
from langchain_holdfast import HoldfastMiddleware, background

background._PATIENCE = 60.0  # on a machine that is busy with other things, learning takes longer than a person waits

class Model(GenericFakeChatModel):
    def _generate(self, messages, *rest, **options):
        print([message.text for message in messages])
        return super()._generate(messages, *rest, **options)

path, thread, words, close = sys.argv[1:]
memory = Memory(path, embedder=FakeEmbedder())
agent = create_agent(
    Model(messages=iter([AIMessage("ok")])), middleware=[HoldfastMiddleware(memory)], checkpointer=InMemorySaver()
)
agent.invoke(
    {"messages": [{"role": "user", "content": words}]}, {"configurable": {"user_id": "ann", "thread_id": thread}}
)
if close == "close":
    memory.close()
"""


@pytest.mark.parametrize("close", ["close", "leave"])
def test_the_next_process_remembers(tmp_path: Path, close: str) -> None:
    """The first one ends at once, its words in the journal; whatever it did not learn, the next one does."""

    def session(thread: str, words: str) -> str:
        path = str(tmp_path / "memory.db")
        done = subprocess.run(
            [sys.executable, "-c", SESSION, path, thread, words, close], capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    session("monday", "I live in Lisbon")
    assert "Lisbon" in session("tuesday", "Where do I live?")
