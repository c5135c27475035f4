"""The long-term store of LangGraph: its contract, held by ours; what LangGraph's own does otherwise; and graphs."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

pytest.importorskip("langgraph.store.base", reason="the store of langgraph: pip install 'holdfast[langchain]'")

from langchain_core.embeddings import Embeddings
from langgraph.store.base import BaseStore, PutOp
from langgraph.store.memory import InMemoryStore

from holdfast import ConfigurationError, Memory, ProviderError
from holdfast.testing import FakeEmbedder
from langchain_holdfast import HoldfastStore
from store_contract import StoreContract


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, tzinfo=timezone.utc)

    def __call__(self) -> datetime:
        self.now += timedelta(microseconds=1)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def memory(tmp_path: Path, clock: Clock) -> Iterator[Memory]:
    with Memory(tmp_path / "memory.db", embedder=FakeEmbedder(), clock=clock) as memory:
        yield memory


class TestHoldfastStore(StoreContract):
    @pytest.fixture
    def make(self, memory: Memory) -> Callable[..., BaseStore]:
        def make(fields: list[str] | None, ttl: Any = None) -> BaseStore:
            return HoldfastStore(memory, index={"fields": fields} if fields else False, ttl=ttl)

        return make

    @pytest.fixture
    def tick(self, clock: Clock) -> Callable[[float], None]:
        def tick(minutes: float) -> None:
            clock.now += timedelta(minutes=minutes)

        return tick


class ByWords(Embeddings):
    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [vector.tolist() for vector in FakeEmbedder().embed(texts)]

    def embed_query(self, text: str) -> list[float]:
        return [float(one) for one in FakeEmbedder().embed([text], kind="query")[0]]


class TestInMemoryStore(StoreContract):
    """What LangGraph's own store does otherwise; each of these tests fails there."""

    differs = MappingProxyType(
        {
            "test_created_at_survives_a_put": "a put makes the item anew",
            "test_what_is_read_is_a_copy": "hands out what it holds",
            "test_what_is_put_is_copied": "copies the outermost mapping only",
            "test_values_must_be_json": "keeps any object",
            "test_operations_in_a_batch_are_held_to_the_same": "checks no operation that is handed to batch",
            "test_asking_makes_no_namespace": "a get or a delete leaves an empty namespace behind",
            "test_what_has_no_order_does_not_pass": "raises TypeError for a missing field",
            "test_dates_compare_as_dates": "raises ValueError for what is no number",
            "test_without_a_query_the_last_updated_comes_first": "the order of insertion",
            "test_pages_of_a_query_join": "fills up every page with what has no score",
            "test_a_put_without_index_ends_the_old_one": "the old vector stays",
            "test_equal_texts_in_one_batch": "raises ValueError for equal texts",
        }
    )

    @pytest.fixture
    def make(self) -> Callable[..., BaseStore]:
        def make(fields: list[str] | None, ttl: Any = None) -> BaseStore:
            return InMemoryStore(index={"dims": 64, "embed": ByWords(), "fields": fields} if fields else None)

        return make

    @pytest.fixture
    def tick(self) -> Callable[[float], None]:
        return lambda minutes: None


# What is ours beyond the contract


def test_items_outlive_the_process(memory: Memory, tmp_path: Path) -> None:
    HoldfastStore(memory).put(("prefs", "ann"), "theme", {"text": "likes dark themes"})
    code = """
import sys
from holdfast import Memory
from holdfast.testing import FakeEmbedder
from langchain_holdfast import HoldfastStore
with Memory(sys.argv[1], embedder=FakeEmbedder()) as memory:
    [item] = HoldfastStore(memory).search(("prefs",), query="dark themes")
    print(item.namespace, item.value, item.score > 0.5)
"""
    done = subprocess.run([sys.executable, "-c", code, memory.path], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("('prefs', 'ann') {'text': 'likes dark themes'} True\n", "")


def test_the_whole_value_is_found_without_any_configuration(memory: Memory) -> None:
    store = HoldfastStore(memory)
    store.batch([PutOp(("s",), key, {"about": key}) for key in ("chess", "trains", "boats")])
    assert store.search(("s",), query="trains")[0].key == "trains"


def test_users_and_items_do_not_meet(memory: Memory) -> None:
    words = "I live in a very particular lighthouse"
    memory.add(words, user_id="ann")
    store = HoldfastStore(memory)
    store.put(("ann",), "copy", {"text": words})
    memory.forget("ann")
    assert store.get(("ann",), "copy") is not None
    assert memory.search(words, user_id="ann") == ()
    assert memory.users() == ()


def test_expired_items_are_swept_by_a_later_write(
    memory: Memory, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from langchain_holdfast import store as module

    store = HoldfastStore(memory, ttl={"sweep_interval_minutes": 5})
    store.put(("t",), "short", {}, ttl=1)
    clock.now += timedelta(minutes=2)
    store.put(("t",), "other", {})
    assert memory.check().checked["record"] == 2
    started = module.time.monotonic()
    monkeypatch.setattr(module.time, "monotonic", lambda: started + 301)
    store.put(("t",), "third", {})
    assert memory.check().checked["record"] == 2
    assert store.sweep_ttl() == 0


def test_what_cannot_work_is_refused(memory: Memory) -> None:
    with pytest.raises(ConfigurationError, match=r"holdfast\.Memory"):
        HoldfastStore("memory.db")  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="LangChainEmbedder"):
        HoldfastStore(memory, index={"dims": 64, "embed": ByWords()})
    with pytest.raises(ConfigurationError, match="lifetime"):
        HoldfastStore(memory).put(("t",), "k", {}, ttl=-1)
    with pytest.raises(ConfigurationError, match="operator"):
        HoldfastStore(memory).search((), filter={"n": {"$near": 1}})  # though nothing is there


class Down(FakeEmbedder):
    def embed(self, *args: Any, **options: Any) -> Any:
        raise ConnectionError("no network")


def test_an_embedder_that_fails_writes_nothing(tmp_path: Path) -> None:
    with Memory(tmp_path / "down.db", embedder=Down()) as memory:
        store = HoldfastStore(memory)
        with pytest.raises(ProviderError):
            store.batch([PutOp(("s",), "a", {"n": 1}), PutOp(("s",), "b", {"n": 1}, index=False)])
        assert store.search(()) == []


# In graphs


async def test_an_agent_and_a_node_use_it(memory: Memory, play: Callable[..., Any]) -> None:
    pytest.importorskip("langchain.agents")
    from langchain.agents import create_agent
    from langchain.tools import ToolRuntime
    from langchain_core.messages import AIMessage
    from langchain_core.tools import tool

    @tool
    async def save(text: str, runtime: ToolRuntime) -> str:
        """Save a note."""
        assert runtime.store is not None
        await runtime.store.aput(("notes",), "1", {"text": text})
        return "saved"

    call = {"name": "save", "args": {"text": "plays the cello"}, "id": "1", "type": "tool_call"}
    agent = create_agent(play(AIMessage("", tool_calls=[call]), "Done."), tools=[save], store=HoldfastStore(memory))
    await agent.ainvoke({"messages": [("user", "I play the cello")]})
    assert memory.records.search(("notes",), query="cello")[0].value == {"text": "plays the cello"}


def test_the_tools_of_langmem_work_unchanged(memory: Memory) -> None:
    langmem = pytest.importorskip("langmem", reason="needs langmem, which brings two providers' packages along")
    store = HoldfastStore(memory)
    space = ("memories", "{langgraph_user_id}")
    manage = langmem.create_manage_memory_tool(namespace=space, store=store)
    find = langmem.create_search_memory_tool(namespace=space, store=store)
    ann, bob = ({"configurable": {"langgraph_user_id": user}} for user in ("ann", "bob"))
    said = manage.invoke({"content": "The user plays the cello", "action": "create"}, ann)
    key = said.split()[-1]
    assert "cello" in find.invoke({"query": "which instrument?"}, ann)
    assert "cello" not in find.invoke({"query": "which instrument?"}, bob)
    manage.invoke({"content": "The user plays the viola", "action": "update", "id": key}, ann)
    assert "viola" in find.invoke({"query": "which instrument?", "limit": 5}, ann)
    manage.invoke({"action": "delete", "id": key}, ann)
    assert store.search(("memories",)) == []
