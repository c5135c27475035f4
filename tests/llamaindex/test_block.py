"""HoldfastMemoryBlock inside LlamaIndex's own Memory."""

from typing import Any

import pytest

pytest.importorskip("llama_index.core", reason="needs the extra holdfast[llamaindex]")

from llama_index.core.agent.workflow import FunctionAgent
from llama_index.core.chat_engine import ContextChatEngine, SimpleChatEngine
from llama_index.core.llms import ChatMessage
from llama_index.core.memory import InsertMethod
from llama_index.core.memory import Memory as LlamaMemory

from holdfast import Memory, ProviderError
from holdfast.testing import FakeEmbedder
from llamaindex.scripted import TAKES_A_STORE, Fixed, Spy, assistant, calls, function_caller, shown, user, words
from llamaindex_holdfast import HoldfastChatStore, HoldfastMemoryBlock

FACT = "User is allergic to peanuts"


def block(core: Memory, user_id: str = "alice", **options: Any) -> HoldfastMemoryBlock:
    return HoldfastMemoryBlock(memory=core, user_id=user_id, **{"learn": "now", **options})


def memory_of(core: Memory, session_id: str = "s", **options: Any) -> LlamaMemory:
    if not TAKES_A_STORE:
        pytest.skip("this version's memory takes no chat store, and leaves its own open")
    queue = HoldfastChatStore.from_memory(Memory(":memory:", embedder=FakeEmbedder()), user_id="queue")
    return LlamaMemory.from_defaults(
        session_id=session_id,
        memory_blocks=[block(core)],
        insert_method=InsertMethod.USER,
        chat_store=queue,
        **options,
    )


def said(core: Memory, session_id: str = "s") -> list[tuple[str, str]]:
    return [(one.role, one.content) for one in core.messages(user_id="alice", session_id=session_id)]


async def test_it_knows_what_another_session_heard(core: Memory) -> None:
    await memory_of(core, "one").aput(user("hello"))
    core.add("I'm allergic to peanuts", user_id="alice", session_id="long ago")
    memory = memory_of(core, "two")
    await memory.aput(user("A snack?"))
    (got,) = await memory.aget()
    assert FACT in (got.content or "")
    assert "A snack?" in (got.content or "")


async def test_another_user_is_another_block(core: Memory) -> None:
    core.add("I'm allergic to peanuts", user_id="alice")
    assert await block(core, "bob").aget([user("A snack?")], session_id="s") == ""


async def test_it_learns_from_a_chat_that_never_overflows(core: Memory) -> None:
    memory = memory_of(core)
    engine = SimpleChatEngine.from_defaults(llm=Spy(), memory=memory)
    await engine.achat("I'm allergic to peanuts")
    await engine.achat("A snack?")
    assert [fact.text for fact in core.get_all(user_id="alice")] == [FACT]
    assert said(core) == [("user", "I'm allergic to peanuts"), ("assistant", "ok"), ("user", "A snack?")]


async def test_an_engine_that_asks_before_it_puts_is_heard_once(core: Memory) -> None:
    engine = ContextChatEngine.from_defaults(retriever=Fixed(), llm=Spy(), memory=memory_of(core))
    for message in ("yes", "yes", "no"):
        await engine.achat(message)
    assert said(core) == [
        ("user", "yes"), ("assistant", "ok"), ("user", "yes"), ("assistant", "ok"), ("user", "no"),
    ]  # fmt: skip


async def test_an_agent_with_tools_is_heard_once(core: Memory) -> None:
    def lookup(city: str) -> str:
        """Look a city up."""
        return "fine"

    asked: list[list[ChatMessage]] = []
    memory = memory_of(core)
    model = function_caller(asked, [calls("lookup", city="Oslo"), calls("lookup", city="Rome"), "done"])
    await FunctionAgent(llm=model, tools=[lookup], streaming=False).run("I'm allergic to peanuts", memory=memory)
    assert said(core) == [("user", "I'm allergic to peanuts"), ("assistant", "done")]


async def test_what_is_flushed_was_heard_before(core: Memory) -> None:
    memory = memory_of(core, token_limit=120, chat_history_token_ratio=0.5, token_flush_size=20)
    for number in range(12):
        await memory.aput(user(f"My cousin number {number} is called Anna{number}"))
        await memory.aget()
        await memory.aput(assistant(f"noted {number}"))
    texts = [content for role, content in said(core) if role == "user"]
    assert texts == [f"My cousin number {number} is called Anna{number}" for number in range(12)]


async def test_what_is_flushed_unheard_is_taken_in_once(core: Memory) -> None:
    one = block(core)
    flushed = [user("I'm allergic to peanuts"), assistant("noted")]
    for _ in range(2):
        copies = [message.model_copy(deep=True) for message in flushed]
        await one.aput(copies, from_short_term_memory=True, session_id="s")
    assert said(core) == words(flushed)


async def test_what_the_framework_injects_is_not_learnt(core: Memory) -> None:
    core.add("I'm allergic to peanuts", user_id="alice", session_id="long ago")
    one = block(core)
    text = await one.aget([user("A snack?")], session_id="s")
    assert FACT in text
    await one.aput([user(f"{text}\nA snack?")], session_id="t")
    assert said(core, "t") == [("user", "A snack?")]


async def test_errors_never_abort_the_turn(caplog: pytest.LogCaptureFixture) -> None:
    embedder = FakeEmbedder()
    core = Memory(":memory:", embedder=embedder)
    one = block(core)
    embedder.fail(times=2, error=ProviderError("fake", "is away"))
    assert await one.aget([user("A snack?")], session_id="s") == ""
    await one.aput([user("hello")], session_id="s")
    core.close()
    assert await one.aget([user("A drink?")], session_id="s") == ""
    await one.aput([user("hello")], session_id="s")
    assert "is away" in caplog.text


async def test_its_budget_holds_and_it_is_never_truncated_away(core: Memory) -> None:
    core.add([f"My cousin number {number} is called Anna{number}" for number in range(60)], user_id="alice")
    memory = memory_of(core, token_limit=60)
    await memory.aput(user("What are my cousins called?"))
    text = await memory.memory_blocks[0].aget([user("What are my cousins called?")], session_id="s")
    assert core.context("x", user_id="alice", max_tokens=400).tokens <= 400
    assert "Anna" in text
    assert "Anna" in shown([await memory.aget()])


async def test_truncation_takes_the_last_lines_first(core: Memory) -> None:
    core.add([f"My cousin number {number} is called Anna{number}" for number in range(9)], user_id="alice")
    one = block(core)
    text = await one.aget([user("What are my cousins called?")], session_id="s")
    from llamaindex_holdfast.window import default_tokenizer

    count = default_tokenizer()
    whole = len(count(text))
    for saved in range(1, whole, 15):
        shorter = await one.atruncate(text, saved)
        if shorter is None:
            assert saved > whole - 60
            continue
        assert len(count(shorter)) <= whole - saved
        assert text.startswith(shorter.split("\n- ")[0])
        assert shorter.count("<holdfast-memory") == shorter.count("</holdfast-memory>") > 0
        assert "- " in shorter
    assert await one.atruncate(text, whole) is None
    assert await one.atruncate("", 1) is None


async def test_nothing_said_is_nothing_asked(core: Memory) -> None:
    one = block(core)
    for messages in (None, [], [assistant("hi")], [ChatMessage(role="system", content="rules")]):
        assert await one.aget(messages, session_id="s", initial_token_count=3) == ""
    assert core.users() == ()
