"""The real client against a server on loopback."""

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import stamina

from holdfast import (
    ConfigurationError,
    DimensionMismatchError,
    IncompatibleStoreError,
    Memory,
    OpenAIEmbedder,
    ProviderError,
)
from holdfast.testing import FakeEmbedder, ScriptedAnswer, ScriptedServer


@pytest.fixture(autouse=True)
def at_once() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        yield server


def embedder(server: ScriptedServer, **options: Any) -> OpenAIEmbedder:
    return OpenAIEmbedder("scripted", base_url=server.url, **{"dimensions": 64, **options})


def test_vectors_are_the_servers(server: ScriptedServer) -> None:
    texts = ["I like tea", "a bike", "I like tea"]
    vectors, usage = embedder(server).embed_metered(texts)
    np.testing.assert_allclose(vectors, FakeEmbedder(64).embed(texts), atol=1e-6)
    (request,) = server.asked("embeddings")
    assert request.body == {"model": "scripted", "input": ["I like tea", "a bike"], "encoding_format": "float"}
    assert (usage.calls, usage.embedding_tokens, usage.input_tokens) == (1, 5, 0)


@pytest.mark.parametrize(
    ("model", "dimensions", "width", "sent"),
    [
        ("text-embedding-3-small", None, 1536, None),
        ("text-embedding-3-large", None, 3072, None),
        ("text-embedding-3-small", 256, 256, 256),
        ("nomic-embed-text", 768, 768, None),
    ],
)
def test_the_width_is_known_or_given(
    server: ScriptedServer, model: str, dimensions: int | None, width: int, sent: int | None
) -> None:
    made = OpenAIEmbedder(model, dimensions=dimensions, base_url=server.url)
    assert (made.fingerprint.name, made.fingerprint.dimensions) == (model, width)
    data = [{"index": 0, "embedding": [1.0] * width}]
    server.play(ScriptedAnswer(raw=json.dumps({"data": data})), to="embeddings")
    assert made.embed(["x"]).shape == (1, width)
    assert server.asked("embeddings")[0].body.get("dimensions") == sent


def test_texts_go_out_in_portions(server: ScriptedServer) -> None:
    vectors = embedder(server).embed([f"text {number}" for number in range(1_100)])
    assert vectors.shape == (1_100, 64)
    assert [len(request.body["input"]) for request in server.asked("embeddings")] == [512, 512, 76]
    embedder(server).embed([f"{number}{'x' * 7_000}" for number in range(120)])
    sizes = [sum(map(len, request.body["input"])) for request in server.asked("embeddings")[3:]]
    assert len(sizes) == 3
    assert max(sizes) <= 400_000


def test_vectors_in_another_order_are_put_right(server: ScriptedServer) -> None:
    data = [{"index": 1, "embedding": [0, 1]}, {"index": 0, "embedding": [2, 0]}]
    server.play(ScriptedAnswer(raw=json.dumps({"data": data})), to="embeddings")
    assert embedder(server, dimensions=2).embed(["a", "b"]).tolist() == [[1, 0], [0, 1]]


def test_awaited_it_gives_the_same_in_any_loop(server: ScriptedServer) -> None:
    made = embedder(server)
    for _ in range(2):
        np.testing.assert_array_equal(asyncio.run(made.aembed(["tea", ""])), made.embed(["tea", ""]))


ANSWERS: dict[str, tuple[str, type[Exception], str]] = {
    "too few": ('{"data": []}', ProviderError, "0 vectors for 1 texts"),
    "no data": ("{}", ProviderError, "0 vectors for 1 texts"),
    "a list": ("[]", ProviderError, "0 vectors"),
    "zero": ('{"data": [{"index": 0, "embedding": [0, 0]}]}', ProviderError, "zero or not finite"),
    "not finite": ('{"data": [{"index": 0, "embedding": [1, NaN]}]}', ProviderError, "zero or not finite"),
    "words": ('{"data": [{"index": 0, "embedding": ["a", "b"]}]}', ProviderError, "no vectors of numbers"),
    "none": ('{"data": [{"index": 0}]}', ProviderError, "no vectors of numbers"),
    "another width": ('{"data": [{"index": 0, "embedding": [1, 2, 3]}]}', DimensionMismatchError, "got 3"),
    "no JSON": ('{"data": [', ProviderError, "no JSON"),
}


@pytest.mark.parametrize(("raw", "error", "words"), ANSWERS.values(), ids=ANSWERS)
def test_what_is_no_answer_is_an_error(server: ScriptedServer, raw: str, error: type[Exception], words: str) -> None:
    server.play(*(ScriptedAnswer(raw=raw),) * 3, to="embeddings")
    with pytest.raises(error, match=words):
        embedder(server, dimensions=2).embed(["tea"])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: OpenAIEmbedder("mine", base_url="http://localhost/v1"), "give dimensions="),
        (lambda: OpenAIEmbedder("text-embedding-3-small"), r"api_key=.*OPENAI_API_KEY"),
        (lambda: Memory(":memory:", embedder="openai:text-embedding-3-small"), "OPENAI_API_KEY"),
        (lambda: OpenAIEmbedder("m", dimensions=2, base_url="ftp://x"), "base_url must begin"),
        (lambda: OpenAIEmbedder("m", dimensions=0, api_key="k"), "dimensions must be"),
        (lambda: OpenAIEmbedder("m", dimensions="64", api_key="k"), "dimensions must be"),  # type: ignore[arg-type]
        (lambda: OpenAIEmbedder("", dimensions=2, api_key="k"), "a model needs a name"),
    ],
)
def test_what_cannot_work_is_refused_at_once(make: Callable[[], Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        make()


def test_texts_is_no_string(server: ScriptedServer) -> None:
    with pytest.raises(ConfigurationError, match="texts is one string"):
        embedder(server).embed("tea")


def test_a_store_keeps_to_its_model_and_can_be_moved(
    server: ScriptedServer, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "memory.db"
    with Memory(path, embedder=embedder(server)) as memory:
        memory.add("I live in Lisbon", user_id="max")
    with pytest.raises(IncompatibleStoreError, match=r"rebuild\(embedder=...\)"):
        Memory(path, embedder=embedder(server, dimensions=32))
    with ScriptedServer(dimensions=1536) as other, Memory(path, embedder=embedder(server)) as memory:
        monkeypatch.setenv("OPENAI_BASE_URL", other.url)
        monkeypatch.setenv("OPENAI_API_KEY", "k")
        memory.rebuild(embedder="openai:text-embedding-3-small")
        assert memory.embedder.fingerprint.name == "text-embedding-3-small"
        assert memory.search("Lisbon", user_id="max")
