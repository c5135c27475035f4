"""A user's memory as a retriever: alone, in chains, in tools, fused with others."""

import json
from typing import Any

import pytest

pytest.importorskip("langchain_core", reason="the adapter needs the extra: pip install 'holdfast[langchain]'")

from langchain_core.load import dumpd
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnableLambda, RunnablePassthrough
from langchain_core.tools import create_retriever_tool
from pydantic import ValidationError

from holdfast import AsyncMemory, ConfigurationError, Memory
from holdfast.testing import FakeEmbedder
from langchain_holdfast import HoldfastRetriever

SAID = {
    "1": ["I live in Lisbon", "My sister lives in Porto", "I moved from Oslo in May", "I love the sea", "I play chess"],
    "10": ["I live in Madrid"],
    "a_b": ["I live in Ghent"],
    "axb": ["I live in Basel"],
}
QUESTION = "where do I live?"


def of(user_id: object) -> Any:
    return {"configurable": {"user_id": user_id}}


@pytest.fixture
def stocked(memory: Memory) -> Memory:
    for user, words in SAID.items():
        memory.add(words, user_id=user, session_id="s")
    return memory


def test_documents_are_hits(stocked: Memory) -> None:
    first = HoldfastRetriever(memory=stocked, user_id="1", k=2).invoke(QUESTION)[0]
    [hit, *_] = stocked.search(QUESTION, user_id="1", limit=2)
    assert hit.fact is not None
    assert (first.page_content, first.id) == ("User lives in Lisbon", hit.fact.id)
    assert first.metadata == {
        "kind": "location",
        "score": hit.score,
        "said_at": hit.fact.said_at.isoformat(),
        "session_id": "s",
        "sources": [hit.fact.evidence[0].message_id],
    }
    json.dumps(first.metadata)


def test_a_message_is_a_document_too(memory: Memory) -> None:
    memory.add({"role": "assistant", "content": "The ferry leaves at nine"}, user_id="u")
    [document] = HoldfastRetriever(memory=memory, user_id="u").invoke("when does the ferry leave?")
    [message] = memory.messages(user_id="u", session_id=None)
    assert (document.id, document.metadata["kind"]) == (message.id, "message")
    assert "The ferry leaves at nine" in document.page_content


@pytest.mark.parametrize("user", sorted(SAID))
async def test_users_whose_ids_look_alike_do_not_meet(stocked: Memory, user: str) -> None:
    retriever = HoldfastRetriever(memory=stocked, k=20)
    for documents in (retriever.invoke(QUESTION, of(user)), await retriever.ainvoke(QUESTION, of(user))):
        found = {document.page_content for document in documents}
        places = {place for place in ("Lisbon", "Madrid", "Ghent", "Basel") if any(place in text for text in found)}
        assert places == {SAID[user][0].split()[-1]}


async def test_how_many_is_asked_at_each_level(stocked: Memory) -> None:
    retriever = HoldfastRetriever(memory=stocked, user_id="1")
    assert len(retriever.invoke(QUESTION)) == 4
    assert len(retriever.invoke(QUESTION, k=1)) == 1
    assert len(await retriever.ainvoke(QUESTION, k=3)) == 3
    preset = HoldfastRetriever(memory=stocked, user_id="1", search_kwargs={"k": 2})
    assert len(preset.invoke(QUESTION)) == 2
    assert len(preset.invoke(QUESTION, k=1)) == 1
    assert [len(one) for one in retriever.batch([QUESTION, "sea"], k=2)] == [2, 2]
    assert [len(one) for one in await retriever.abatch([QUESTION, "sea"], k=2)] == [2, 2]


def test_thresholds_and_filters(stocked: Memory) -> None:
    retriever = HoldfastRetriever(memory=stocked, user_id="1", k=10)
    scores = [document.metadata["score"] for document in retriever.invoke(QUESTION)]
    above = retriever.invoke(QUESTION, score_threshold=scores[1])
    assert [document.metadata["score"] for document in above] == scores[:2]
    lasting = HoldfastRetriever(memory=stocked, user_id="1", where={"kind": "location"}).invoke(QUESTION)
    assert {document.metadata["kind"] for document in lasting} == {"location"}
    same = HoldfastRetriever(memory=stocked, user_id="1", search_kwargs={"filter": {"kind": "location"}})
    assert same.invoke(QUESTION) == lasting
    assert retriever.invoke(QUESTION, session_id="another") == []
    assert {one.metadata["kind"] for one in retriever.invoke(QUESTION, among=["messages"])} == {"message"}


@pytest.mark.parametrize("config", [None, {}, of(None), of("")])
async def test_without_a_user_nothing_is_read(stocked: Memory, config: Any) -> None:
    retriever = HoldfastRetriever(memory=stocked)
    with pytest.raises(ConfigurationError, match="no user_id"):
        retriever.invoke(QUESTION, config)
    with pytest.raises(ConfigurationError, match="no user_id"):
        await retriever.ainvoke(QUESTION, config)


def test_a_bound_user_stays(stocked: Memory) -> None:
    bound = HoldfastRetriever(memory=stocked, user_id="10")
    assert "Madrid" in bound.invoke(QUESTION, of("1"), k=1)[0].page_content
    assert "Madrid" in bound.invoke(QUESTION, user_id="1", k=1)[0].page_content
    assert "Madrid" in HoldfastRetriever(memory=stocked).invoke(QUESTION, of(10), k=1)[0].page_content
    named = HoldfastRetriever(memory=stocked, user_key="tenant")
    assert "Madrid" in named.invoke(QUESTION, {"configurable": {"tenant": "10", "user_id": "1"}}, k=1)[0].page_content


def test_in_a_chain(stocked: Memory) -> None:
    retriever = HoldfastRetriever(memory=stocked, k=1)
    prompt = ChatPromptTemplate.from_template("{known}: {question}")
    chain = {"known": retriever | (lambda found: found[0].page_content), "question": RunnablePassthrough()} | prompt
    assert chain.invoke(QUESTION, of("1")).to_string() == f"Human: User lives in Lisbon: {QUESTION}"
    both = chain.batch([QUESTION, QUESTION], [of("1"), of("10")])
    assert ["Lisbon" in both[0].to_string(), "Madrid" in both[1].to_string()] == [True, True]
    assert "Basel" in retriever.with_config(of("axb")).invoke(QUESTION)[0].page_content


async def test_in_a_tool(stocked: Memory) -> None:
    tool = create_retriever_tool(HoldfastRetriever(memory=stocked, k=1), "recall", "Looks up what is known.")
    assert set(tool.args) == {"query"}
    assert tool.invoke({"query": QUESTION}, of("10")) == "User lives in Madrid"
    assert await tool.ainvoke({"query": QUESTION}, of("1")) == "User lives in Lisbon"
    inside = RunnableLambda(lambda question: tool.invoke({"query": question}))
    assert inside.invoke(QUESTION, of("axb")) == "User lives in Basel"


def test_fused_with_another(stocked: Memory) -> None:
    classic = pytest.importorskip("langchain_classic.retrievers", reason="the ensemble lives in langchain-classic")
    mine = HoldfastRetriever(memory=stocked, user_id="1", k=2)
    other = HoldfastRetriever(memory=stocked, user_id="10", k=2)
    fused = classic.EnsembleRetriever(retrievers=[mine, other], weights=[0.5, 0.5])
    assert {"User lives in Lisbon", "User lives in Madrid"} <= {one.page_content for one in fused.invoke(QUESTION)}


def test_mistakes_are_named_where_they_are_made(stocked: Memory) -> None:
    with pytest.raises(ValidationError, match="usr_id"):
        HoldfastRetriever(memory=stocked, usr_id="1")
    with pytest.raises(ValidationError, match="unknown option fetch"):
        HoldfastRetriever(memory=stocked, search_kwargs={"fetch": 3})
    with pytest.raises(ValidationError, match="AsyncMemory"):
        HoldfastRetriever(memory=AsyncMemory(":memory:", embedder=FakeEmbedder()))
    retriever = HoldfastRetriever(memory=stocked, user_id="1")
    for wrong in ({"limit": 3}, {"k": 0}, {"where": {"kind": {"$like": "x"}}}):
        with pytest.raises(ConfigurationError):
            retriever.invoke(QUESTION, **wrong)


def test_what_traces_keep_names_nobody(stocked: Memory) -> None:
    retriever = HoldfastRetriever(memory=stocked, user_id="ann-secret", where={"kind": "hidden"})
    shown = f"{retriever!r} {retriever} {json.dumps(dumpd(retriever))} {retriever.get_name()}"
    for secret in ("ann-secret", stocked.path, "hidden"):
        assert secret not in shown
    assert retriever._get_ls_params() == {"ls_retriever_name": "holdfast"}


def test_callbacks_see_the_search(stocked: Memory) -> None:
    from langchain_core.callbacks import BaseCallbackHandler

    seen: list[Any] = []

    class Watching(BaseCallbackHandler):
        def on_retriever_start(self, serialized: Any, query: str, **kwargs: Any) -> None:
            seen.append((query, kwargs["metadata"]["ls_retriever_name"]))

        def on_retriever_end(self, documents: Any, **kwargs: Any) -> None:
            seen.append(len(documents))

    HoldfastRetriever(memory=stocked, user_id="1").invoke(QUESTION, {"callbacks": [Watching()]})
    assert seen == [(QUESTION, "holdfast"), 4]
