"""What every chat memory owes to LlamaIndex's engines and agents: one suite for ours and for the framework's own."""

import asyncio
import copy
import json
import pickle
import threading
from collections.abc import Callable
from typing import Any

import pytest
from llama_index.core.agent.workflow import FunctionAgent
from llama_index.core.llms import ChatMessage, ImageBlock, MockLLM, TextBlock
from llama_index.core.memory import BaseMemory
from llama_index.core.workflow import Context, JsonSerializer

from llamaindex.scripted import assistant, calls, function_caller, shown, user, words

PNG = b"\x89PNG\r\n\x1a\n\xff\x00\x01"


class MemoryContract:
    """A subclass gives the fixture `new`, which makes an empty memory, and names the class."""

    kind: type[BaseMemory]

    @pytest.fixture
    def new(self) -> Callable[[], BaseMemory]:
        raise NotImplementedError

    @pytest.fixture
    def memory(self, new: Callable[[], BaseMemory]) -> BaseMemory:
        return new()

    # Making one

    def test_is_made_as_chat_engines_make_it(self) -> None:
        assert isinstance(self.kind.from_defaults(chat_history=[], token_limit=3000), self.kind)

    def test_is_made_with_a_history(self) -> None:
        made = self.kind.from_defaults(chat_history=[user("a"), assistant("b")], token_limit=3000)
        assert words(made.get_all()) == [("user", "a"), ("assistant", "b")]

    def test_is_made_with_a_model(self) -> None:
        assert isinstance(self.kind.from_defaults(chat_history=[], llm=MockLLM()), self.kind)

    def test_is_true_when_empty(self, memory: BaseMemory) -> None:
        assert memory

    # Putting and getting

    def test_keeps_order(self, memory: BaseMemory) -> None:
        memory.put(user("1"))
        memory.put(assistant("2"))
        assert words(memory.get_all()) == [("user", "1"), ("assistant", "2")]

    def test_keeps_what_is_said_twice(self, memory: BaseMemory) -> None:
        for _ in range(3):
            memory.put(user("yes"))
        assert [content for _, content in words(memory.get_all())] == ["yes"] * 3

    def test_get_takes_what_engines_pass(self, memory: BaseMemory) -> None:
        memory.put(user("x"))
        assert (memory.get(initial_token_count=3)[-1].content or "").endswith("x")
        assert (memory.get(input="q")[-1].content or "").endswith("x")

    def test_tool_calls_come_back_whole(self, memory: BaseMemory) -> None:
        message = calls("n", a=[1, None])
        message.blocks = [TextBlock(text="t"), *message.blocks]
        message.additional_kwargs["k"] = {"v": 1}
        memory.put(user("q"))
        memory.put(message)
        assert memory.get_all()[-1] == message

    def test_tool_results_come_back_whole(self, memory: BaseMemory) -> None:
        result = ChatMessage(role="tool", content="42", additional_kwargs={"tool_call_id": "call-n"})
        memory.put_messages([user("q"), calls("n"), result])
        assert memory.get_all()[-1] == result

    def test_images_come_back_whole(self, memory: BaseMemory) -> None:
        memory.put(ChatMessage(role="user", blocks=[ImageBlock(image=PNG, image_mimetype="image/png")]))
        (block,) = memory.get_all()[-1].blocks
        assert isinstance(block, ImageBlock)
        assert block.resolve_image().read() == PNG

    def test_empty_batches_are_no_error(self, memory: BaseMemory) -> None:
        memory.put_messages([])
        assert memory.get_all() == []

    async def test_empty_batches_are_no_error_awaited(self, memory: BaseMemory) -> None:
        await memory.aput_messages([])
        assert await memory.aget_all() == []

    def test_what_it_injects_is_not_kept(self, memory: BaseMemory) -> None:
        memory.put(user("My dog is called Rex"))
        memory.get(input="dog")
        assert words(memory.get_all()) == [("user", "My dog is called Rex")]

    # Copies

    def test_what_is_read_is_a_copy(self, memory: BaseMemory) -> None:
        memory.put(user("as said"))
        for block in memory.get()[-1].blocks:
            block.text = "changed"
        assert words(memory.get_all()) == [("user", "as said")]

    def test_what_is_put_is_copied(self, memory: BaseMemory) -> None:
        message = user("as said")
        memory.put(message)
        message.blocks[0].text = "changed"
        assert words(memory.get_all()) == [("user", "as said")]

    def test_a_list_that_was_set_stays_its_callers(self, memory: BaseMemory) -> None:
        history = [user("a")]
        memory.set(history)
        memory.put(user("b"))
        assert len(history) == 1

    # Setting and resetting

    def test_set_replaces(self, memory: BaseMemory) -> None:
        memory.put(user("a"))
        memory.set([user("b"), assistant("c")])
        assert words(memory.get_all()) == [("user", "b"), ("assistant", "c")]
        memory.set([])
        assert memory.get_all() == []

    def test_set_shortens_and_reorders(self, memory: BaseMemory) -> None:
        memory.put_messages([user("a"), assistant("b"), user("c")])
        memory.set([user("c"), assistant("b")])
        assert words(memory.get_all()) == [("user", "c"), ("assistant", "b")]
        memory.put(user("d"))
        assert [content for _, content in words(memory.get_all())] == ["c", "b", "d"]

    def test_reset_empties(self, memory: BaseMemory) -> None:
        memory.put(user("a"))
        memory.reset()
        assert memory.get_all() == []
        memory.put(user("b"))
        assert words(memory.get_all()) == [("user", "b")]

    # Sync and async

    async def test_awaited_calls_do_the_same(self, memory: BaseMemory) -> None:
        await memory.aput(user("1"))
        await memory.aput_messages([assistant("2")])
        assert [content for _, content in words(await memory.aget_all())] == ["1", "2"]
        await memory.aset([user("3")])
        assert ((await memory.aget())[-1].content or "").endswith("3")
        await memory.areset()
        assert await memory.aget_all() == []

    async def test_blocking_calls_work_inside_a_loop(self, memory: BaseMemory) -> None:
        memory.put(user("1"))
        assert words(memory.get_all()) == [("user", "1")]

    def test_one_memory_in_several_loops(self, memory: BaseMemory) -> None:
        memory.put(user("1"))
        asyncio.run(memory.aput(user("2")))
        asyncio.run(memory.aput(user("3")))
        assert len(memory.get_all()) == 3

    def test_threads_put_at_once(self, memory: BaseMemory) -> None:
        errors: list[BaseException] = []

        def put(number: int) -> None:
            try:
                memory.put(user(str(number)))
            except BaseException as error:  # noqa: BLE001 - shown by the assertion
                errors.append(error)

        threads = [threading.Thread(target=put, args=(number,), daemon=True) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert [thread for thread in threads if thread.is_alive()] == []
        assert errors == []
        assert sorted(content for _, content in words(memory.get_all())) == [str(number) for number in range(8)]

    # Handing it on

    def test_a_workflow_serialises_it(self, memory: BaseMemory) -> None:
        memory.put(user("1"))
        serializer = JsonSerializer()
        again = serializer.deserialize(serializer.serialize(memory))
        assert words(again.get_all()) == [("user", "1")]

    def test_it_pickles(self, memory: BaseMemory) -> None:
        memory.put(user("1"))
        assert words(pickle.loads(pickle.dumps(memory)).get_all()) == [("user", "1")]

    def test_it_copies_deeply(self, memory: BaseMemory) -> None:
        memory.put(user("1"))
        assert words(copy.deepcopy(memory).get_all()) == [("user", "1")]

    # Agents

    async def test_a_continued_context_remembers(self, memory: BaseMemory) -> None:
        asked: list[list[ChatMessage]] = []
        agent = FunctionAgent(llm=function_caller(asked), streaming=False)
        context = Context(agent)
        await agent.run("I am Logan", ctx=context, memory=memory)
        await agent.run("Who am I?", ctx=context)
        assert "Logan" in shown(asked[-1:])

    async def test_a_context_that_was_stored_remembers(self, memory: BaseMemory) -> None:
        asked: list[list[ChatMessage]] = []
        agent = FunctionAgent(llm=function_caller(asked), streaming=False)
        context = Context(agent)
        await agent.run("I am Logan", ctx=context, memory=memory)
        stored = json.loads(json.dumps(context.to_dict()))
        await agent.run("Who am I?", ctx=Context.from_dict(agent, stored))
        assert "Logan" in shown(asked[-1:])

    async def test_an_agents_state_is_not_what_the_user_said(self, memory: BaseMemory) -> None:
        agent = FunctionAgent(llm=function_caller([]), streaming=False, initial_state={"step": 1})
        await agent.run("hello", memory=memory)
        assert [content for role, content in words(memory.get_all()) if role == "user"] == ["hello"]

    async def test_a_turn_with_a_tool_is_kept_whole(self, memory: BaseMemory) -> None:
        def lookup(city: str) -> str:
            """Look a city up."""
            return f"{city} is fine"

        asked: list[list[ChatMessage]] = []
        model = function_caller(asked, [calls("lookup", city="Oslo"), "Oslo is fine."])
        await FunctionAgent(llm=model, tools=[lookup], streaming=False).run("How is Oslo?", memory=memory)
        kept = words(memory.get_all())
        assert [role for role, _ in kept] == ["user", "assistant", "tool", "assistant"]
        assert kept[-1][1] == "Oslo is fine."
        assert '"lookup"' in memory.get_all()[1].model_dump_json()


AnyMemory = Callable[..., Any]
