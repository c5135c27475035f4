"""LlamaIndex's models as the memory's extractor."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest

pytest.importorskip("llama_index.core", reason="needs the extra holdfast[llamaindex]")

from llama_index.core.llms import ChatMessage, CompletionResponse
from llama_index.core.llms.callbacks import llm_completion_callback
from llama_index.core.llms.llm import LLM

from holdfast import AsyncMemory, ConfigurationError, ExtractionError, Memory, ProviderError
from holdfast.testing import ExtractorSuite, FakeEmbedder
from holdfast.types import Batch, Message
from llamaindex.caller import a_call
from llamaindex.caller import caller as of_the_framework
from llamaindex.scripted import Spy
from llamaindex_holdfast import LlamaIndexExtractor
from model_answers import answer_to

Spoil = Callable[[str], str]


class Words(Spy):
    """No function caller: it writes JSON, as the program asks it to."""

    spoil: Any = None

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        self.prompts.append(prompt)
        asked = prompt[prompt.rindex('{"messages": [{"id"') :]
        _, end = json.JSONDecoder().raw_decode(asked)
        text = json.dumps(answer_to(asked[:end]))
        return CompletionResponse(text=self.spoil(text) if self.spoil else text)


def words(spoil: Spoil | None = None) -> LLM:
    return Words(spoil=spoil)


def caller(spoil: Spoil | None = None) -> LLM:
    """A function caller: it calls the one function that it is given."""

    def answer(messages: Sequence[ChatMessage], **options: Any) -> ChatMessage:
        asked = next(str(one.content) for one in reversed(messages) if '{"messages"' in str(one.content))
        text = json.dumps(answer_to(asked))
        text = spoil(text) if spoil else text
        if not text.startswith('{"facts"'):
            return ChatMessage(role="assistant", content=text)
        try:
            arguments: Any = json.loads(text)
        except ValueError:
            arguments = text
        return a_call("extracted_facts", arguments, "1")

    return of_the_framework(answer)


def down(_: str) -> str:
    raise ConnectionError("no network; I live in Lisbon")


class TestInWords(ExtractorSuite):
    @pytest.fixture
    def extractor(self) -> LlamaIndexExtractor:
        return LlamaIndexExtractor(words())

    @pytest.fixture
    def failing(self) -> LlamaIndexExtractor:
        return LlamaIndexExtractor(words(down))


class TestByCalls(ExtractorSuite):
    @pytest.fixture
    def extractor(self) -> LlamaIndexExtractor:
        return LlamaIndexExtractor(caller())

    @pytest.fixture
    def failing(self) -> LlamaIndexExtractor:
        return LlamaIndexExtractor(caller(down))


BATCH = Batch((Message("user", "I live in Lisbon now {context_str}", "m1"),))
MODELS = [pytest.param(words, id="words"), pytest.param(caller, id="calls")]


@pytest.mark.parametrize("model", MODELS)
def test_what_the_model_reads_is_found(model: Callable[..., LLM]) -> None:
    extraction = LlamaIndexExtractor(model()).extract(BATCH)
    [candidate] = extraction.candidates
    assert (candidate.text, candidate.evidence[0].quote) == ("User lives in Lisbon.", "I live in Lisbon")
    assert extraction.mode == "structured"
    assert not extraction.degraded
    assert extraction.usage.input_tokens > 500
    assert 10 < extraction.usage.output_tokens < 200


@pytest.mark.parametrize("model", MODELS)
async def test_awaited_it_learns_and_is_found(model: Callable[..., LLM]) -> None:
    extractor = LlamaIndexExtractor(model(), name="mine")
    async with AsyncMemory(":memory:", embedder=FakeEmbedder(), extractor=extractor) as memory:
        added = await memory.add("I live in Lisbon now", user_id="ann")
        assert [fact.extractor.split("/")[0] for fact in added.facts] == ["mine"]
        assert str((await memory.search("Lisbon", user_id="ann"))[0]) == "User lives in Lisbon."


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(
    "spoil", [lambda text: "I would rather not.", lambda text: text[:60], lambda text: "", lambda text: '{"facts": 7}']
)
def test_an_answer_out_of_shape_is_asked_for_once_more(model: Callable[..., LLM], spoil: Spoil) -> None:
    asked: list[str] = []

    def first_only(text: str) -> str:
        asked.append(text)
        return spoil(text) if len(asked) == 1 else text

    extraction = LlamaIndexExtractor(model(first_only)).extract(BATCH)
    assert [candidate.text for candidate in extraction.candidates] == ["User lives in Lisbon."]
    assert len(asked) == 2


@pytest.mark.parametrize("model", MODELS)
def test_a_model_that_never_answers_in_shape_is_stood_in_for(model: Callable[..., LLM]) -> None:
    extraction = LlamaIndexExtractor(model(lambda text: "no")).extract(BATCH)
    assert extraction.degraded
    assert extraction.candidates
    with pytest.raises(ExtractionError):
        LlamaIndexExtractor(model(lambda text: "no"), stand_in=None).extract(BATCH)


def test_a_model_out_of_reach_loses_nothing() -> None:
    with Memory(":memory:", embedder=FakeEmbedder(), extractor=LlamaIndexExtractor(words(down))) as memory:
        with pytest.raises(ProviderError, match="ConnectionError") as caught:
            memory.add("I live in Lisbon now", user_id="ann")
        assert "Lisbon" not in str(caught.value)
        assert len(memory.pending(user_id="ann")) == 1


def test_names_and_refusals() -> None:
    assert LlamaIndexExtractor(words()).name.startswith("llama_index/spy/")
    with pytest.raises(ConfigurationError, match="LlamaIndex"):
        LlamaIndexExtractor("gpt-4")  # type: ignore[arg-type]
