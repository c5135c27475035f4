"""Many at once: no user meets another, no turn is lost."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

pytest.importorskip("llama_index.core", reason="needs the extra holdfast[llamaindex]")

from llama_index.core.agent.workflow import FunctionAgent
from llama_index.core.chat_engine import SimpleChatEngine
from llama_index.core.llms import ChatMessage
from llama_index.core.workflow import Context

from holdfast import Memory, TextKind, Vectors
from holdfast.testing import FakeEmbedder
from llamaindex.scripted import Spy, function_caller, shown, words
from llamaindex_holdfast import HoldfastMemory, HoldfastMemoryBlock, flush

Make = Callable[..., HoldfastMemory]


async def test_200_agents_at_once(tmp_path: Path) -> None:
    users = 20
    with Memory(tmp_path / "chat.db", embedder=FakeEmbedder()) as core:
        for number in range(users):
            core.add(f"My sister is called Anna{number}x", user_id=f"user{number}", session_id="long ago")

        async def run(number: int) -> str:
            asked: list[list[ChatMessage]] = []
            agent = FunctionAgent(llm=function_caller(asked), streaming=False)
            memory = HoldfastMemory.from_memory(core, user_id=f"user{number % users}", session_id=f"s{number}")
            await agent.run(f"question {number}", ctx=Context(agent), memory=memory)
            return shown(asked)

        seen = await asyncio.gather(*(run(number) for number in range(200)))
        for number, prompt in enumerate(seen):
            assert {word for word in prompt.split() if word.startswith("Anna")} == {f"Anna{number % users}x"}
            memory = HoldfastMemory.from_memory(core, user_id=f"user{number % users}", session_id=f"s{number}")
            assert words(memory.get_all()) == [("user", f"question {number}"), ("assistant", "ok")]
        assert flush(core, timeout=120)
        assert core.check().findings == ()


def test_8_threads_of_engines_on_one_file(tmp_path: Path) -> None:
    errors: list[BaseException] = []
    with Memory(tmp_path / "chat.db", embedder=FakeEmbedder()) as core:

        def chat(number: int) -> None:
            try:
                memory = HoldfastMemory.from_memory(core, user_id=f"user{number}", session_id="s")
                engine = SimpleChatEngine.from_defaults(llm=Spy(), memory=memory)
                for turn in range(10):
                    engine.chat(f"user {number} turn {turn}")
            except BaseException as error:  # noqa: BLE001 - shown by the assertion
                errors.append(error)

        threads = [threading.Thread(target=chat, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
        assert errors == []
        for number in range(8):
            memory = HoldfastMemory.from_memory(core, user_id=f"user{number}", session_id="s")
            spoken = [content for role, content in words(memory.get_all()) if role == "user"]
            assert spoken == [f"user {number} turn {turn}" for turn in range(10)]
        assert flush(core, timeout=120)


async def test_one_session_from_many_tasks_loses_no_turn(make: Make) -> None:
    memory = make(learn="background")
    await asyncio.gather(*(memory.aput(ChatMessage(role="user", content=str(number))) for number in range(50)))
    assert sorted(content for _, content in words(await memory.aget_all())) == sorted(map(str, range(50)))


class Waiting(FakeEmbedder):
    """Can only be awaited."""

    async def aembed(self, texts: Sequence[str], *, kind: TextKind = "document") -> Vectors:
        await asyncio.sleep(0)
        return super().embed(texts, kind=kind)

    def embed(self, texts: Sequence[str], *, kind: TextKind = "document") -> Vectors:
        raise AssertionError("called the blocking way")


async def test_awaited_calls_await_the_models() -> None:
    with Memory(":memory:", embedder=Waiting()) as core:
        memory = HoldfastMemory.from_memory(core, user_id="alice", session_id="s", learn="now")
        await memory.aput(ChatMessage("I'm allergic to peanuts"))
        assert [fact.text for fact in core.get_all(user_id="alice")] == ["User is allergic to peanuts"]
        await memory.aset([])
        other = HoldfastMemory.from_memory(core, user_id="alice", session_id="t", learn="now")
        await other.aput(ChatMessage("a snack?"))
        assert "peanuts" in str((await other.aget())[0].content)
        block = HoldfastMemoryBlock(memory=core, user_id="alice", learn="now")
        assert "peanuts" in await block.aget([ChatMessage("which snack now?")], session_id="u")


SESSION = """
import asyncio, os, signal, sys
from holdfast import Memory
from holdfast.testing import FakeEmbedder
from llama_index.core.llms import ChatMessage
from llamaindex_holdfast import HoldfastMemory, HoldfastMemoryBlock, learning

learning._PATIENCE = 60.0  # on a machine that is busy with other things, learning takes longer than a person waits
path, way, words = sys.argv[1:]
core = Memory(path, embedder=FakeEmbedder())
if way == "killed":
    HoldfastMemory.from_memory(core, user_id="ann", learn="later").put(ChatMessage(words))
    os.kill(os.getpid(), signal.SIGKILL)
memory = HoldfastMemory.from_memory(core, user_id="ann")
if way == "block":
    print(asyncio.run(HoldfastMemoryBlock(memory=core, user_id="ann").aget([ChatMessage(words)])))
else:
    print(memory.get(words) if way == "get" else asyncio.run(memory.aget(words)))
"""


@pytest.mark.parametrize("way", ["get", "aget", "block"])
def test_the_next_process_knows_what_the_last_one_did_not_come_to_learn(tmp_path: Path, way: str) -> None:
    def session(way: str, words: str) -> str:
        command = [sys.executable, "-c", SESSION, str(tmp_path / "chat.db"), way, words]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout

    session("killed", "I live in Lisbon")
    assert "User lives in Lisbon" in session(way, "Where do I live?")
