"""HoldfastRetriever: alone, and beside documents."""

import asyncio
import threading
from collections.abc import Sequence
from typing import Any

import pytest

pytest.importorskip("llama_index.core", reason="needs the extra holdfast[llamaindex]")

from llama_index.core import MockEmbedding, QueryBundle
from llama_index.core.instrumentation import get_dispatcher
from llama_index.core.instrumentation.event_handlers import BaseEventHandler
from llama_index.core.postprocessor import SimilarityPostprocessor
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.tools import RetrieverTool
from pydantic import PrivateAttr

from holdfast import AsyncMemory, Memory, ProviderError
from holdfast.testing import FakeEmbedder
from llamaindex.scripted import DOCUMENT, Fixed, Spy
from llamaindex_holdfast import HoldfastRetriever, LlamaIndexEmbedder

FACT = "User is allergic to peanuts"


@pytest.fixture
def retriever(core: Memory) -> HoldfastRetriever:
    core.add(["I'm allergic to peanuts", "I live in Oslo", "I have a dog"], user_id="alice", session_id="s")
    return HoldfastRetriever(core, user_id="alice", k=2)


def test_nodes(retriever: HoldfastRetriever, core: Memory) -> None:
    nodes = retriever.retrieve("What is the user allergic to?")
    assert len(nodes) == 2
    assert nodes[0].node.get_content() == FACT
    assert nodes[0].node.node_id == core.search("allergic to?", user_id="alice")[0].fact.id  # type: ignore[union-attr]
    assert [node.score for node in nodes] == sorted((node.score or 0 for node in nodes), reverse=True)
    assert all(0 < (node.score or 0) < 1 for node in nodes)
    again = retriever.retrieve("What is the user allergic to?")
    assert [node.node_id for node in again] == [node.node_id for node in nodes]
    assert again[0] is not nodes[0]


def test_metadata_is_never_part_of_a_prompt(retriever: HoldfastRetriever) -> None:
    from llama_index.core.schema import MetadataMode

    (node, _) = retriever.retrieve("allergic?")
    for mode in (MetadataMode.LLM, MetadataMode.EMBED):
        assert node.node.get_content(mode) == FACT
    assert node.node.metadata["session_id"] == "s"
    assert node.node.to_dict()["metadata"]["kind"] == "health"


async def test_awaited_it_does_not_hold_the_loop(
    retriever: HoldfastRetriever, core: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []
    embed = core.embedder.embed

    def note(texts: Sequence[str], *, kind: Any = "document") -> Any:
        threads.append(threading.current_thread())
        return embed(texts, kind=kind)

    monkeypatch.setattr(core.embedder, "embed", note)
    nodes = await asyncio.gather(*(retriever.aretrieve("allergic?") for _ in range(5)))
    assert {found[0].node.get_content() for found in nodes} == {FACT}
    assert threading.main_thread() not in threads
    assert len(threads) == 5


class Awaited(MockEmbedding):
    """Can only be awaited, and says how often it was."""

    _asked: list[str] = PrivateAttr(default_factory=list)

    def _vector(self, text: str) -> list[float]:
        self._asked.append(text)
        return [float(one) for one in FakeEmbedder(64).embed([text])[0]]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._vector(query)

    async def _aget_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return [self._vector(text) for text in texts]

    def _get_query_embedding(self, query: str) -> list[float]:
        raise AssertionError("called the blocking way")

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        raise AssertionError("called the blocking way")


async def test_a_model_that_can_be_awaited_is_awaited() -> None:
    model = Awaited(embed_dim=64)
    with Memory(":memory:", embedder=LlamaIndexEmbedder(model, dimensions=64)) as core:
        await AsyncMemory.of(core).add("I'm allergic to peanuts", user_id="alice")
        [node, *_] = await HoldfastRetriever(core, user_id="alice").aretrieve("allergic?")
        assert node.node.get_content() == FACT
        assert "allergic?" in model._asked


async def test_the_vector_of_the_bundle_is_taken() -> None:
    model = Awaited(embed_dim=64)
    with Memory(":memory:", embedder=LlamaIndexEmbedder(model, dimensions=64)) as core:
        await AsyncMemory.of(core).add(["I'm allergic to peanuts", "I live in Oslo"], user_id="alice")
        bundle = QueryBundle("?", embedding=model._vector("User is allergic to peanuts"))
        model._asked.clear()
        retriever = HoldfastRetriever(core, user_id="alice", among=("facts",))
        assert (await retriever.aretrieve(bundle))[0].node.get_content() == FACT
        assert retriever.retrieve(bundle)[0].node.get_content() == FACT
        assert model._asked == []


def test_the_vector_of_another_model_is_left_alone(retriever: HoldfastRetriever, core: Memory) -> None:
    """Retrievers of documents leave the vector of their own model in a bundle that they are fused over."""
    words = "What is the user allergic to?"
    own = [node.node_id for node in retriever.retrieve(words)]
    far = [float(one) for one in FakeEmbedder().embed(["I live in Oslo"])[0]]
    for embedding in (far, [1.0, 0.0]):
        assert [node.node_id for node in retriever.retrieve(QueryBundle(words, embedding=embedding))] == own
    told = HoldfastRetriever(core, user_id="alice", k=1, take_embedding=True)
    assert told.retrieve(QueryBundle("?", embedding=far))[0].node.get_content() == "User lives in Oslo"
    assert told.retrieve(QueryBundle(words, embedding=[1.0, 0.0]))[0].node.get_content() == FACT


@pytest.mark.parametrize("mode", ["reciprocal_rerank", "relative_score", "dist_based_score", "simple"])
@pytest.mark.parametrize("use_async", [False, True])
def test_it_fuses_with_documents(retriever: HoldfastRetriever, mode: str, use_async: bool) -> None:
    fused = QueryFusionRetriever(
        [retriever, Fixed()], llm=Spy(), num_queries=1, mode=mode, use_async=use_async, similarity_top_k=5
    )
    texts = {node.node.get_content() for node in fused.retrieve("allergic?")}
    assert {FACT, DOCUMENT} <= texts


def test_a_new_user_with_documents_gets_an_answer(core: Memory) -> None:
    spy = Spy(replies=["From nine."])
    newcomer = HoldfastRetriever(core, user_id="nobody yet")
    fused = QueryFusionRetriever([newcomer, Fixed()], llm=spy, num_queries=1)
    assert str(RetrieverQueryEngine.from_args(fused, llm=spy).query("When is it open?")) == "From nine."
    # Alone it finds nothing, and then the engine does not ask its model: the reason for what the documents advise.
    assert str(RetrieverQueryEngine.from_args(newcomer, llm=spy).query("When is it open?")) == "Empty Response"


def test_a_query_engine_reads_it(retriever: HoldfastRetriever) -> None:
    spy = Spy()
    RetrieverQueryEngine.from_args(
        retriever, llm=spy, node_postprocessors=[SimilarityPostprocessor(similarity_cutoff=0.1)]
    ).query("allergic?")
    assert FACT in spy.prompts[0]
    assert "session_id" not in spy.prompts[0]


def test_a_tool_reads_it(retriever: HoldfastRetriever) -> None:
    tool = RetrieverTool.from_defaults(retriever, name="recall", description="d")
    assert FACT in str(tool("allergic?"))


def test_stored_text_fills_no_template(core: Memory) -> None:
    core.add("My favourite placeholder is {query_str}", user_id="alice")
    spy = Spy()
    RetrieverQueryEngine.from_args(HoldfastRetriever(core, user_id="alice"), llm=spy).query("Which one?")
    assert spy.prompts[0].count("Which one?") == 1


def test_what_it_may_return(core: Memory) -> None:
    core.add("I'm allergic to peanuts", user_id="alice", session_id="s", metadata={"topic": "food"})
    core.add("I live in Oslo", user_id="alice", session_id="t")
    only = HoldfastRetriever(core, user_id="alice", session_id="s").retrieve("?")
    assert [node.node.get_content() for node in only] == [FACT]
    topic = HoldfastRetriever(core, user_id="alice", where={"topic": {"$exists": True}}, among=("facts",))
    assert isinstance(topic.retrieve("?"), list)
    assert HoldfastRetriever(core, user_id="bob").retrieve("allergic?") == []


def test_a_failing_model_gives_no_nodes() -> None:
    embedder = FakeEmbedder()
    with Memory(":memory:", embedder=embedder) as core:
        core.add("I'm allergic to peanuts", user_id="alice")
        embedder.fail(error=ProviderError("fake", "is away"))
        assert HoldfastRetriever(core, user_id="alice").retrieve("allergic?") == []


def test_it_is_traced(retriever: HoldfastRetriever) -> None:
    seen: list[str] = []

    class Handler(BaseEventHandler):
        def handle(self, event: object, **_: object) -> None:
            seen.append(type(event).__name__)

    dispatcher = get_dispatcher()
    handler = Handler()
    dispatcher.add_event_handler(handler)
    try:
        retriever.retrieve(QueryBundle("allergic?"))
    finally:
        dispatcher.event_handlers.remove(handler)
    assert seen == ["RetrievalStartEvent", "RetrievalEndEvent"]
