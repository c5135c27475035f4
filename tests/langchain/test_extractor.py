"""LangChain's chat models as the memory's extractor."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

pytest.importorskip("langchain_core", reason="the adapter needs the extra: pip install 'holdfast[langchain]'")

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, InvalidToolCall, ToolCall
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import Field

from holdfast import AsyncMemory, ConfigurationError, ExtractionError, Memory, ProviderError
from holdfast.testing import ExtractorSuite, FakeEmbedder
from holdfast.types import Batch, Message
from langchain_holdfast import HoldfastMiddleware, LangChainExtractor
from model_answers import answer_to

USAGE = UsageMetadata(input_tokens=70, output_tokens=9, total_tokens=79, input_token_details={"cache_read": 50})


class Chat(BaseChatModel):
    """Reads with `answer_to`, in words; a subclass calls a function instead."""

    spoil: Any = None
    asked: list[list[BaseMessage]] = Field(default_factory=list)
    model_name: str = "chat-1"

    @property
    def _llm_type(self) -> str:
        return "chat"

    def _answer(self, messages: list[BaseMessage]) -> AIMessage:
        self.asked.append(messages)
        text = json.dumps(answer_to(str(messages[-1].content)))
        text = self.spoil(text) if self.spoil else text
        return AIMessage(text, usage_metadata=USAGE)

    def _generate(self, messages: list[BaseMessage], *_: Any, **__: Any) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self._answer(messages))])


class Caller(Chat):
    """Calls the function that it is given."""

    def bind_tools(self, tools: Any, **options: Any) -> Any:
        return self.bind(tools=tools, tool_choice=options["tool_choice"])

    def _generate(self, messages: list[BaseMessage], *_: Any, tools: Any = (), **__: Any) -> ChatResult:
        said = self._answer(messages)
        if tools and str(said.content).startswith("{"):
            [wanted] = tools
            name = convert_to_openai_tool(wanted)["function"]["name"]
            try:
                arguments = json.loads(str(said.content))
            except ValueError as error:
                invalid = InvalidToolCall(name=name, args=str(said.content), id="1", error=str(error))
                said = AIMessage("", invalid_tool_calls=[invalid], usage_metadata=USAGE)
            else:
                said = AIMessage("", tool_calls=[ToolCall(name=name, args=arguments, id="1")], usage_metadata=USAGE)
        return ChatResult(generations=[ChatGeneration(message=said)])


class Down(Chat):
    def _generate(self, *_: Any, **__: Any) -> ChatResult:
        raise ConnectionError("no network; I live in Lisbon")


class TestInWords(ExtractorSuite):
    @pytest.fixture
    def extractor(self) -> LangChainExtractor:
        return LangChainExtractor(Chat())

    @pytest.fixture
    def failing(self) -> LangChainExtractor:
        return LangChainExtractor(Down())


class TestByCalls(ExtractorSuite):
    @pytest.fixture
    def extractor(self) -> LangChainExtractor:
        return LangChainExtractor(Caller())


BATCH = Batch((Message("user", "I live in Lisbon now", "m1"),))


@pytest.mark.parametrize(("kind", "mode"), [(Chat, "text"), (Caller, "structured")])
def test_what_the_model_reads_is_found(kind: type[Chat], mode: str) -> None:
    extraction = LangChainExtractor(kind()).extract(BATCH)
    [candidate] = extraction.candidates
    assert (candidate.text, candidate.evidence[0].quote) == ("User lives in Lisbon.", "I live in Lisbon")
    assert extraction.mode == mode
    assert not extraction.degraded


@pytest.mark.parametrize("kind", [Chat, Caller])
def test_tokens_are_those_that_the_provider_counted(kind: type[Chat]) -> None:
    usage = LangChainExtractor(kind()).extract(BATCH).usage
    assert (usage.calls, usage.input_tokens, usage.output_tokens, usage.cached_tokens) == (1, 70, 9, 50)


@pytest.mark.parametrize("kind", [Chat, Caller])
async def test_awaited_it_learns_and_is_found(kind: type[Chat]) -> None:
    async with AsyncMemory(":memory:", embedder=FakeEmbedder(), extractor=LangChainExtractor(kind())) as memory:
        added = await memory.add("I live in Lisbon now", user_id="ann")
        assert [fact.extractor.split("/")[:2] for fact in added.facts] == [[kind.__name__, "chat-1"]]
        assert str((await memory.search("Lisbon", user_id="ann"))[0]) == "User lives in Lisbon."


@pytest.mark.parametrize("kind", [Chat, Caller])
@pytest.mark.parametrize(
    "spoil", [lambda text: "I would rather not.", lambda text: text[:40], lambda text: "", lambda text: "[]"]
)
def test_an_answer_out_of_shape_is_asked_for_once_more(kind: type[Chat], spoil: Callable[[str], str]) -> None:
    left = [spoil, lambda text: text]

    def first_only(text: str) -> str:
        return left.pop(0)(text) if left else text

    model = kind(spoil=first_only)
    extraction = LangChainExtractor(model).extract(BATCH)
    assert [candidate.text for candidate in extraction.candidates] == ["User lives in Lisbon."]
    assert len(model.asked) == 2
    assert "could not be used" in str(model.asked[-1][-1].content)


def test_a_model_that_never_answers_in_shape_is_stood_in_for() -> None:
    model = Chat(spoil=lambda text: "no")
    extraction = LangChainExtractor(model).extract(BATCH)
    assert extraction.degraded
    assert extraction.candidates
    with pytest.raises(ExtractionError):
        LangChainExtractor(model, stand_in=None).extract(BATCH)


def test_a_model_out_of_reach_loses_nothing() -> None:
    with Memory(":memory:", embedder=FakeEmbedder(), extractor=LangChainExtractor(Down())) as memory:
        with pytest.raises(ProviderError, match="ConnectionError") as caught:
            memory.add("I live in Lisbon now", user_id="ann")
        assert "Lisbon" not in str(caught.value)
        assert caught.value.retryable
        assert len(memory.pending(user_id="ann")) == 1


def test_names_and_refusals() -> None:
    assert LangChainExtractor(Chat()).name.startswith("Chat/chat-1/")
    assert LangChainExtractor(Chat(), name="mine").name.startswith("mine/")
    with pytest.raises(ConfigurationError, match="chat model"):
        LangChainExtractor("gpt-4")  # type: ignore[arg-type]


class Streaming(Chat):
    def _stream(self, messages: list[BaseMessage], *_: Any, **__: Any) -> Iterator[ChatGenerationChunk]:
        for piece in re.findall(r"\S+\s*", str(self._answer(messages).content)):
            yield ChatGenerationChunk(message=AIMessageChunk(piece))


def test_its_tokens_do_not_leak_into_the_stream_of_an_agent(play: Callable[..., Any]) -> None:
    pytest.importorskip("langchain.agents")
    from langchain.agents import create_agent

    reading = Streaming()
    with Memory(":memory:", embedder=FakeEmbedder(), extractor=LangChainExtractor(reading)) as memory:
        agent = create_agent(play("hello"), middleware=[HoldfastMiddleware(memory, user_id="ann", learn="now")])
        asked = {"messages": [("user", "I live in Lisbon now")]}
        streamed = "".join(str(chunk.content) for chunk, _ in agent.stream(asked, stream_mode="messages"))
        assert len(reading.asked) == 1  # while the agent was running
        assert memory.count(user_id="ann") == 1
    assert streamed == "hello"
