"""LangChain's embedding models as the memory's own."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("langchain_core", reason="the adapter needs the extra: pip install 'holdfast[langchain]'")

from langchain_core.embeddings import DeterministicFakeEmbedding, Embeddings

from holdfast import (
    AsyncMemory,
    ConfigurationError,
    DimensionMismatchError,
    IncompatibleStoreError,
    Memory,
    ProviderError,
)
from holdfast.testing import EmbedderSuite, FakeEmbedder
from langchain_holdfast import LangChainEmbedder


class ByWords(Embeddings):
    """Tells documents from questions by the first component, and refuses what a service refuses."""

    def __init__(self, model: str = "words-1", width: int = 65) -> None:
        self.model = model
        self._fake = FakeEmbedder(width - 1)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self._vector(text, 1.0) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return self._vector(text, -1.0)

    def _vector(self, text: str, mark: float) -> list[float]:
        if not text.strip():
            raise ValueError("empty input")
        return [mark, *(3 * self._fake.embed([text])[0]).tolist()]


class Alike(ByWords):
    """Embeds a question as it embeds a document, which the suite takes for given."""

    def embed_query(self, text: str) -> list[float]:
        return self._vector(text, 1.0)


class Awaited(ByWords):
    """Only its awaited calls work."""

    async def aembed_documents(self, texts: list[str]) -> list[list[float]]:
        return ByWords.embed_documents(self, texts)

    async def aembed_query(self, text: str) -> list[float]:
        return ByWords.embed_query(self, text)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        raise AssertionError("called the blocking way")

    def embed_query(self, text: str) -> list[float]:
        raise AssertionError("called the blocking way")


class Down(ByWords):
    def embed_documents(self, texts: Sequence[str]) -> list[list[float]]:
        raise ConnectionError("no route")

    def embed_query(self, text: str) -> list[float]:
        raise ConnectionError("no route")


class TestByWords(EmbedderSuite):
    @pytest.fixture
    def embedder(self) -> LangChainEmbedder:
        return LangChainEmbedder(Alike())

    @pytest.fixture
    def failing(self) -> LangChainEmbedder:
        return LangChainEmbedder(Down(), dimensions=65)


class TestDeterministic(EmbedderSuite):
    @pytest.fixture
    def embedder(self) -> LangChainEmbedder:
        return LangChainEmbedder(DeterministicFakeEmbedding(size=64))

    @pytest.fixture
    def failing(self) -> LangChainEmbedder:
        return LangChainEmbedder(Down(), dimensions=65)


def test_questions_and_documents_stay_apart() -> None:
    embedder = LangChainEmbedder(ByWords())
    [document], [query] = embedder.embed(["tea"]), embedder.embed(["tea"], kind="query")
    assert document[0] > 0 > query[0]
    np.testing.assert_allclose(np.linalg.norm([document, query], axis=1), 1, atol=1e-6)


async def test_awaited_it_calls_what_is_awaited() -> None:
    async with AsyncMemory(":memory:", embedder=LangChainEmbedder(Awaited(), dimensions=65)) as memory:
        await memory.add("I play chess", user_id="u")
        [hit] = await memory.search("who plays chess?", user_id="u")
        assert str(hit) == "User plays chess"


def test_the_name_tells_models_apart(tmp_path: Path) -> None:
    assert LangChainEmbedder(ByWords("a")).fingerprint.name == "ByWords/a"
    assert LangChainEmbedder(DeterministicFakeEmbedding(size=8)).fingerprint.name == "DeterministicFakeEmbedding"
    assert LangChainEmbedder(ByWords("a"), name="mine").fingerprint.name == "mine"
    Memory(tmp_path / "m.db", embedder=LangChainEmbedder(ByWords("a"))).close()
    with pytest.raises(IncompatibleStoreError):
        Memory(tmp_path / "m.db", embedder=LangChainEmbedder(ByWords("b")))


def test_what_cannot_work_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="list"):
        LangChainEmbedder([])  # type: ignore[arg-type]
    with pytest.raises(ProviderError, match="ConnectionError"):
        LangChainEmbedder(Down())
    with pytest.raises(DimensionMismatchError):
        LangChainEmbedder(ByWords(), dimensions=7).embed(["tea"])
