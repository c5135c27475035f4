"""LlamaIndexEmbedder, held to the contract of every embedder."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

pytest.importorskip("llama_index.core", reason="needs the extra holdfast[llamaindex]")

from llama_index.core.base.embeddings.base import BaseEmbedding
from pydantic import PrivateAttr

from holdfast import AsyncMemory, IncompatibleStoreError, Memory, ProviderError
from holdfast.testing import EmbedderSuite, FakeEmbedder
from llamaindex_holdfast import LlamaIndexEmbedder


class Hashing(BaseEmbedding):
    """A LlamaIndex model whose vectors depend on content and have any length."""

    model_name: str = "hashing"
    api_key: str = "sk-secret"
    _fake: Any = PrivateAttr(default_factory=lambda: FakeEmbedder(64))
    _asked: list[tuple[str, str]] = PrivateAttr(default_factory=list)

    def _vector(self, kind: str, text: str) -> list[float]:
        if not text.strip():
            raise ValueError("input must not be empty")
        self._asked.append((kind, text))
        return [float(value) for value in self._fake.embed([text])[0] * (3 + len(text))]

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._vector("document", text)

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._vector("query", query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._vector("query", query)


class Broken(Hashing):
    def _vector(self, kind: str, text: str) -> list[float]:
        raise ConnectionError("away")


class TestContract(EmbedderSuite):
    @pytest.fixture
    def embedder(self) -> LlamaIndexEmbedder:
        return LlamaIndexEmbedder(Hashing())

    @pytest.fixture
    def failing(self) -> LlamaIndexEmbedder:
        return LlamaIndexEmbedder(Broken(), dimensions=64)


def test_documents_and_questions_go_their_own_ways() -> None:
    model = Hashing()
    embedder = LlamaIndexEmbedder(model, dimensions=64)
    embedder.embed(["a"])
    embedder.embed(["b"], kind="query")
    assert model._asked == [("document", "a"), ("query", "b")]


async def test_awaited_it_gives_the_same() -> None:
    embedder = LlamaIndexEmbedder(Hashing())
    for kind in ("document", "query"):
        given: Any = {"kind": kind}
        assert np.array_equal(await embedder.aembed(["one", ""], **given), embedder.embed(["one", ""], **given))


def test_a_memory_remembers_its_name_and_not_its_key(tmp_path: Any) -> None:
    with Memory(tmp_path / "a.db", embedder=LlamaIndexEmbedder(Hashing())) as memory:
        memory.add("I'm allergic to peanuts", user_id="u")
        assert memory.search("allergic", user_id="u")[0].text == "User is allergic to peanuts"
    assert b"sk-secret" not in (tmp_path / "a.db").read_bytes()
    with pytest.raises(IncompatibleStoreError, match="llama_index/hashing"):
        Memory(tmp_path / "a.db", embedder=FakeEmbedder(64))


async def test_an_async_memory_awaits_it() -> None:
    async with AsyncMemory(":memory:", embedder=LlamaIndexEmbedder(Hashing())) as memory:
        await memory.add("I'm allergic to peanuts", user_id="u")
        assert (await memory.search("allergic", user_id="u"))[0].text == "User is allergic to peanuts"


async def test_its_errors_are_ours() -> None:
    with pytest.raises(ProviderError, match="away") as raised:
        LlamaIndexEmbedder(Broken())
    assert isinstance(raised.value.__cause__, ConnectionError)
    embedder = LlamaIndexEmbedder(Broken(), dimensions=64)
    with pytest.raises(ProviderError, match="llama_index/hashing"):
        embedder.embed(["x"], kind="query")
    with pytest.raises(ProviderError, match="away"):
        await embedder.aembed(["x"])


class Rows(Hashing):
    rows: Sequence[Sequence[float]]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return [list(row) for row in self.rows]


def test_odd_vectors() -> None:
    embedder = LlamaIndexEmbedder(Rows(rows=[[0.0, 0.0], [float("nan"), 1.0], [3.0, 4.0]]), dimensions=2)
    assert embedder.embed(["a", "b", "c"]).tolist() == pytest.approx(np.array([[1, 0], [1, 0], [0.6, 0.8]]))
