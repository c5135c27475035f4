"""HoldfastChatStore: what LlamaIndex's own Memory asks of its store."""

import asyncio
import pickle
from typing import Any

import pytest
import pytest_asyncio

pytest.importorskip("llama_index.core", reason="needs the extra holdfast[llamaindex]")

from llama_index.core.llms import ChatMessage, ImageBlock
from llama_index.core.memory import Memory as LlamaMemory
from llama_index.core.storage.chat_store.base_db import MessageStatus
from llama_index.core.storage.chat_store.sql import SQLAlchemyChatStore
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import StaticPool

from holdfast import Memory
from llamaindex.scripted import TAKES_A_STORE, assistant, user, words
from llamaindex_holdfast import HoldfastChatStore, HoldfastMemory

ARCHIVED = MessageStatus.ARCHIVED
PNG = b"\x89PNG\r\n\x1a\n\xff"


@pytest_asyncio.fixture(params=["holdfast", "SQLAlchemy"])
async def store(request: pytest.FixtureRequest, core: Memory) -> Any:
    """Ours, and the framework's own to show that the tests ask what it does."""
    if request.param == "holdfast":
        yield HoldfastChatStore.from_memory(core, user_id="alice", learn="now")
        return
    engine = create_async_engine("sqlite+aiosqlite:///:memory:", poolclass=StaticPool)
    yield SQLAlchemyChatStore(table_name="messages", async_engine=engine)
    await engine.dispose()


def texts(messages: list[ChatMessage]) -> str:
    return "".join(message.content or "" for message in messages)


async def test_adding_and_reading(store: Any) -> None:
    await store.add_message("k", user("a"))
    await store.add_messages("k", [assistant("b"), user("c")])
    await store.add_message("other", user("x"))
    assert words(await store.get_messages("k")) == [("user", "a"), ("assistant", "b"), ("user", "c")]
    assert await store.count_messages("k") == 3
    assert texts(await store.get_messages("k", limit=2)) == "ab"
    assert texts(await store.get_messages("k", limit=1, offset=1)) == "b"
    assert sorted(await store.get_keys()) == ["k", "other"]
    assert await store.get_messages("unknown") == []


async def test_setting_replaces(store: Any) -> None:
    await store.add_messages("k", [user("a"), user("b")])
    await store.archive_oldest_messages("k", 1)
    await store.set_messages("k", [user("b"), user("c")])
    assert texts(await store.get_messages("k", status=None)) == "bc"
    await store.set_messages("k", [user("d")], status=ARCHIVED)
    assert (texts(await store.get_messages("k")), texts(await store.get_messages("k", status=ARCHIVED))) == ("", "d")


async def test_archiving(store: Any) -> None:
    await store.add_messages("k", [user("a"), user("b"), user("c")])
    assert texts(await store.archive_oldest_messages("k", 2)) == "ab"
    assert texts(await store.get_messages("k")) == "c"
    assert texts(await store.get_messages("k", status=ARCHIVED)) == "ab"
    assert texts(await store.get_messages("k", status=None)) == "abc"
    assert [await store.count_messages("k", status=status) for status in (ARCHIVED, None)] == [2, 3]
    await store.add_message("k", user("z"), status=ARCHIVED)
    assert texts(await store.get_messages("k", status=ARCHIVED)) == "abz"
    assert await store.archive_oldest_messages("unknown", 2) == []


async def test_deleting(store: Any) -> None:
    await store.add_messages("k", [user("a"), user("b"), user("c")])
    await store.archive_oldest_messages("k", 1)
    assert texts(await store.delete_oldest_messages("k", 1)) == "b"
    await store.delete_messages("k", status=ARCHIVED)
    assert texts(await store.get_messages("k", status=None)) == "c"
    await store.delete_messages("k")
    assert await store.get_messages("k", status=None) == []
    assert await store.get_keys() == []
    assert await store.delete_oldest_messages("k", 3) == []


async def test_blocks_come_back_whole(store: Any) -> None:
    message = ChatMessage(
        role="user", blocks=[ImageBlock(image=PNG, image_mimetype="image/png")], additional_kwargs={"a": [1]}
    )
    await store.add_message("k", message)
    assert await store.get_messages("k") == [message]


async def test_one_message_is_deleted_by_its_place(core: Memory) -> None:
    store = HoldfastChatStore.from_memory(core, user_id="alice")
    await store.add_messages("k", [user("a"), user("b")])
    assert await store.delete_message("k", 0) == user("a")
    assert await store.delete_message("k", 7) is None
    assert texts(await store.get_messages("k")) == "b"


async def test_empty_batches_are_no_error(core: Memory) -> None:
    store = HoldfastChatStore.from_memory(core, user_id="alice")
    await store.add_messages("k", [])
    await store.set_messages("k", [])
    assert await store.get_messages("k") == []


async def test_users_do_not_meet(core: Memory) -> None:
    stores = [HoldfastChatStore.from_memory(core, user_id=name) for name in ("a", "b", "a_b")]
    for store in stores:
        await store.add_message("k", user(store.user_id))
    assert [texts(await store.get_messages("k")) for store in stores] == ["a", "b", "a_b"]


async def test_what_is_deleted_here_stays_known(core: Memory) -> None:
    store = HoldfastChatStore.from_memory(core, user_id="alice", learn="now")
    await store.add_message("k", user("I'm allergic to peanuts"))
    await store.delete_messages("k")
    assert core.count(user_id="alice") == 1


@pytest.mark.skipif(not TAKES_A_STORE, reason="this version's memory takes no chat store")
async def test_the_frameworks_memory_works_on_it(core: Memory) -> None:
    store = HoldfastChatStore.from_memory(core, user_id="alice", learn="now")
    memory = LlamaMemory.from_defaults(
        session_id="s", chat_store=store, token_limit=100, chat_history_token_ratio=0.5, token_flush_size=10
    )
    for number in range(20):
        await memory.aput_messages([user(f"My cousin number {number} is called Anna{number}"), assistant("ok")])
    assert len(await memory.aget()) < 20
    assert len(await memory.aget_all()) == 40
    assert core.count(user_id="alice") >= 20
    ours = HoldfastMemory.from_memory(core, user_id="alice", session_id="s")
    assert words(ours.get_all()) == words(await store.get_messages("s"))
    await memory.areset()
    assert await memory.aget_all() == []
    assert ours.get_all() == []


@pytest.mark.skipif(not TAKES_A_STORE, reason="this version's memory takes no chat store")
async def test_threads_and_loops_put_at_once(core: Memory) -> None:
    memory = LlamaMemory.from_defaults(
        session_id="s", chat_store=HoldfastChatStore.from_memory(core, user_id="alice"), token_limit=10_000
    )
    await asyncio.gather(*(asyncio.to_thread(memory.put, user(str(number))) for number in range(8)))
    assert sorted(texts(await memory.aget_all())) == sorted("01234567")


def test_it_is_a_handle(core: Memory) -> None:
    store = HoldfastChatStore.from_memory(core, user_id="alice", learn="later")
    again = pickle.loads(pickle.dumps(store))
    assert (again.path, again.user_id, again.learn) == (store.path, "alice", "later")
    assert store.model_dump() == {"path": store.path, "user_id": "alice", "learn": "later"}
