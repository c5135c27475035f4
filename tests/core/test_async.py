import asyncio
import inspect
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from holdfast import AsyncMemory, Memory
from holdfast.errors import ConfigurationError, HoldfastError, ProviderError, StorageError
from holdfast.testing import Clock, FakeEmbedder, ScriptedExtractor
from told import SCRIPT, texts

TECH = "I'm building this in Next.js with a Postgres backend"
TECH_FACT = "User is building this in Next.js with a Postgres backend"


@pytest.fixture
async def awaited(tmp_path: Path) -> AsyncIterator[AsyncMemory]:
    parts: dict[str, Any] = {"extractor": ScriptedExtractor(SCRIPT), "embedder": FakeEmbedder(), "clock": Clock()}
    async with AsyncMemory(tmp_path / "awaited.db", **parts) as memory:
        yield memory


def public(cls: type) -> dict[str, Any]:
    return {
        name: member
        for name, member in inspect.getmembers(cls, callable)
        if not name.startswith("_") or name == "__init__"
    }


def test_both_faces_have_the_same_calls() -> None:
    assert public(Memory).keys() == public(AsyncMemory).keys()


async def test_the_awaited_face_of_a_memory_shares_everything_with_it(memory: Memory) -> None:
    awaited = AsyncMemory.of(memory)
    await awaited.add("I live in Lisbon.", user_id="max")
    assert [fact.text for fact in memory.get_all(user_id="max")] == ["User lives in Lisbon."]
    assert str(awaited.path) == str(memory.path)
    assert [one.text for one in Memory.of(awaited).get_all(user_id="max")] == ["User lives in Lisbon."]


@pytest.mark.parametrize("name", sorted(public(Memory).keys() - {"of", "on_deferred"}))
def test_a_call_takes_and_gives_the_same_on_both(name: str) -> None:
    blocking, awaited = public(Memory)[name], public(AsyncMemory)[name]
    assert inspect.signature(blocking) == inspect.signature(awaited)
    if name != "__init__":
        assert inspect.iscoroutinefunction(awaited) or inspect.isasyncgenfunction(awaited)
        assert not inspect.iscoroutinefunction(blocking)
        assert blocking.__doc__
        assert awaited.__doc__


async def test_the_example_of_the_mission(tmp_path: Path) -> None:
    async with AsyncMemory(tmp_path / "memory.db") as memory:
        await memory.add([{"role": "user", "content": TECH}], user_id="user_42")
        hits = await memory.search("what tech stack is the user using?", user_id="user_42")
    assert str(hits[0]) == TECH_FACT


async def test_every_call_answers_as_the_blocking_one(awaited: AsyncMemory, memory: Memory) -> None:
    """The same life lived twice; ids of messages are given, so that all of it can be compared."""

    async def live(call: Any) -> list[Any]:
        talk = [
            {"role": "user", "content": "I live in Lisbon.", "id": "m1"},
            {"role": "user", "content": "Hi", "id": "m2"},
        ]
        seen = [await call("add", talk, user_id="max", session_id="s", agent_id="a", metadata={"n": 1})]
        moved = {"role": "user", "content": "I live in Porto.", "id": "m3"}
        seen.append(await call("add", moved, user_id="max", at="2025-03-02", defer=True))
        seen.append(await call("process", limit=5))
        old, new = (fact.id for fact in await call("get_all", user_id="max", superseded=True))
        seen.append(await call("search", "live", user_id="max", limit=3))
        seen.append(await call("search", "live", user_id="max", as_of="2025-03-01T13:00:00", among=["facts"]))
        seen.append(await call("context", "live", user_id="max", max_tokens=300))
        seen.append(await call("get", old, user_id="max"))
        seen.append(await call("update", new, "User lives in Porto, Foz.", user_id="max"))
        seen.append(await call("delete", new, user_id="max"))
        seen.append(await call("restore", new, user_id="max"))
        seen.append(await call("history", new, user_id="max"))
        seen.append(await call("diff", user_id="max", since="2025-01-01"))
        seen.append(await call("count", user_id="max"))
        seen.append(await call("messages", user_id="max", session_id="s", limit=1))
        seen.append(await call("sessions", user_id="max"))
        seen.append(await call("users"))
        seen.append(await call("rebuild", user_id="max", dry_run=True))
        seen.append(await call("check"))
        receipt = await call("forget", "max")
        seen.append((receipt.removed, receipt.digest))
        return seen

    async def blocking(name: str, *args: Any, **options: Any) -> Any:
        return await asyncio.to_thread(getattr(memory, name), *args, **options)

    async def awaiting(name: str, *args: Any, **options: Any) -> Any:
        return await getattr(awaited, name)(*args, **options)

    for one, other in zip(await live(blocking), await live(awaiting), strict=True):
        assert one == other


async def test_many_calls_at_once(awaited: AsyncMemory) -> None:
    await asyncio.gather(
        *[awaited.add(f"tea number {n}", user_id=f"user {n % 3}", session_id=str(n)) for n in range(15)],
        *[awaited.search("tea", user_id=f"user {n % 3}") for n in range(15)],
    )
    found = await asyncio.gather(*[awaited.search("tea", user_id=f"user {n}", limit=50) for n in range(3)])
    assert [len(hits) for hits in found] == [5, 5, 5]
    assert (await awaited.check()).findings == ()


async def test_a_call_that_is_cancelled_loses_nothing(awaited: AsyncMemory) -> None:
    reached = asyncio.Event()

    class Waiting(ScriptedExtractor):
        async def aextract(self, batch: Any) -> Any:
            reached.set()
            await asyncio.Event().wait()

    async with AsyncMemory(awaited.path, extractor=Waiting(), embedder=FakeEmbedder()) as other:
        task = asyncio.create_task(other.add("I like tea.", user_id="max"))
        await reached.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    processed = await awaited.process()
    assert [fact.text for added in processed.added for fact in added.facts] == ["User likes tea."]


async def test_errors_are_the_same(awaited: AsyncMemory) -> None:
    with pytest.raises(ConfigurationError, match="user_id"):
        await awaited.add("hi", user_id="")
    extractor = ScriptedExtractor(SCRIPT)
    extractor.fail()
    async with AsyncMemory(":memory:", extractor=extractor, embedder=FakeEmbedder()) as memory:
        with pytest.raises(ProviderError):
            await memory.add("I like tea.", user_id="max")
        await memory.process()
        assert texts(await memory.search("tea", user_id="max")) == ["User likes tea."]
    with pytest.raises(StorageError, match="closed"):
        await memory.search("tea", user_id="max")
    await memory.close()


async def test_leaving_the_block_with_an_error_closes(tmp_path: Path) -> None:
    with pytest.raises(LookupError):
        async with AsyncMemory(tmp_path / "memory.db", embedder=FakeEmbedder()) as memory:
            raise LookupError
    with pytest.raises(HoldfastError, match="closed"):
        await memory.count(user_id="max")
