import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from holdfast.extractors import CallableExtractor, ModelExtractor, OpenAIExtractor, Prompt, Reply
from holdfast.extractors.embedded import EmbeddedExtractor
from holdfast.testing import ExtractorSuite, Request, ScriptedExtractor, ScriptedServer
from holdfast.types import Batch, Candidate, Evidence, Extraction


class TestEmbeddedExtractor(ExtractorSuite):
    @pytest.fixture
    def extractor(self) -> EmbeddedExtractor:
        return EmbeddedExtractor()

    @pytest.fixture
    def failing(self) -> EmbeddedExtractor:
        pytest.skip("calls no model, so there is none to be out of reach")


class TestScriptedExtractor(ExtractorSuite):
    @pytest.fixture
    def extractor(self) -> ScriptedExtractor:
        evidence = (Evidence("", 0, 2, "On"), Evidence("", 12, 14, "My"))
        return ScriptedExtractor(
            {
                "On Hetzner. My sister Clara lives in Berlin, and I moved from Lisbon to Porto last year.": [
                    "User hosts on Hetzner.",
                    Candidate("User's sister Clara lives in Berlin.", evidence, kind="relation"),
                ]
            }
        )

    @pytest.fixture
    def failing(self) -> ScriptedExtractor:
        scripted = ScriptedExtractor()
        scripted.fail()
        return scripted


class TestScriptedExtractorWithAFunction(ExtractorSuite):
    @pytest.fixture
    def extractor(self) -> ScriptedExtractor:
        return ScriptedExtractor(lambda message: [f"User said: {message.content}"] * ("Lisbon" in message.content))

    @pytest.fixture
    def failing(self) -> ScriptedExtractor:
        scripted = ScriptedExtractor()
        scripted.fail()
        return scripted


def answered(asked: Any) -> dict[str, Any]:
    """Read "Lisbon" in a user's message as a fact, and make one up beside it."""
    facts: list[dict[str, Any]] = [
        {"text": "User moved from Lisbon.", "evidence": [{"message": said["id"], "quote": quote}]}
        for said in asked.get("messages", ())
        for quote in ("moved from Lisbon", "said by nobody")
        if said["role"] == "user" and "moved from Lisbon" in said["text"]
    ]
    return {"facts": facts}


class TestModelExtractor(ExtractorSuite):
    @pytest.fixture
    def extractor(self) -> ModelExtractor:
        def complete(prompt: Prompt) -> Reply:
            return Reply(answered(json.loads(prompt.user)))

        return ModelExtractor(complete, name="model")

    @pytest.fixture
    def failing(self) -> ModelExtractor:
        def complete(_: Prompt) -> Reply:
            raise ConnectionError("down")

        return ModelExtractor(complete, name="model")


class TestModelExtractorOutOfShape(ExtractorSuite):
    """With the embedded rules standing in for a model that answers in prose."""

    @pytest.fixture
    def extractor(self) -> ModelExtractor:
        return ModelExtractor(lambda _: Reply("Let me think about that."), name="model")

    @pytest.fixture
    def failing(self) -> ModelExtractor:
        return ModelExtractor(lambda _: Reply("Let me think about that."), name="model", stand_in=None)


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    def default(request: Request) -> dict[str, Any]:
        return answered(request.asked)

    with ScriptedServer(default) as server:
        yield server


class TestOpenAIExtractor(ExtractorSuite):
    @pytest.fixture
    def extractor(self, server: ScriptedServer) -> OpenAIExtractor:
        return OpenAIExtractor("scripted", base_url=server.url)

    @pytest.fixture
    def failing(self) -> OpenAIExtractor:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        return OpenAIExtractor("scripted", base_url=f"http://127.0.0.1:{port}/v1", tries=1)


class TestCallableExtractor(ExtractorSuite):
    @pytest.fixture
    def extractor(self) -> CallableExtractor:
        return CallableExtractor(EmbeddedExtractor().extract, name="mine/1")

    @pytest.fixture
    def failing(self) -> CallableExtractor:
        def read(_: Batch) -> Extraction:
            raise TimeoutError("late")

        return CallableExtractor(read, name="mine/1")
