"""A plain function as extractor."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from holdfast import (
    AsyncMemory,
    Batch,
    CallableExtractor,
    Candidate,
    ConfigurationError,
    Evidence,
    Extraction,
    ExtractionError,
    Memory,
    Message,
    ProviderError,
)
from holdfast.testing import FakeEmbedder

WORDS = "I like tea"
BATCH = Batch((Message("user", WORDS, "m"),))


def found(batch: Batch) -> list[Candidate]:
    return [Candidate("User likes tea", (Evidence(one.id, 0, len(WORDS), WORDS),)) for one in batch.messages]


def lazily(batch: Batch) -> Iterator[Candidate]:
    yield from found(batch)


def whole(batch: Batch) -> Extraction:
    return Extraction(candidates=tuple(found(batch)))


async def awaited(batch: Batch) -> list[Candidate]:
    await asyncio.sleep(0)
    return found(batch)


@pytest.mark.parametrize("function", [found, lazily, whole])
def test_a_function_is_an_extractor_of_its_name(function: Any) -> None:
    with Memory(":memory:", extractor=function, embedder=FakeEmbedder()) as memory:
        memory.add(WORDS, user_id="max")
        (fact,) = memory.get_all(user_id="max")
        assert (fact.text, fact.extractor) == ("User likes tea", function.__name__)


async def test_a_coroutine_function_is_for_the_awaited_memory() -> None:
    async with AsyncMemory(":memory:", extractor=awaited, embedder=FakeEmbedder()) as memory:
        await memory.add(WORDS, user_id="max")
        assert await memory.count(user_id="max") == 1
    with pytest.raises(ConfigurationError, match="use AsyncMemory"):
        CallableExtractor(awaited, name="x").extract(BATCH)


@pytest.mark.parametrize(
    ("answer", "words"),
    [(None, "returned NoneType"), ("User likes tea", "returned str"), ([1], "something among its candidates")],
)
def test_something_else_is_an_error_and_the_message_waits(answer: Any, words: str) -> None:
    with Memory(":memory:", extractor=lambda _: answer, embedder=FakeEmbedder()) as memory:
        with pytest.raises(ExtractionError, match=words):
            memory.add(WORDS, user_id="max")
        assert len(memory.pending()) == 1


@pytest.mark.parametrize(("raised", "retryable"), [(TimeoutError(WORDS), True), (KeyError(WORDS), False)])
def test_what_it_raises_is_an_error_without_what_was_said(raised: Exception, retryable: bool) -> None:
    def read(_: Batch) -> list[Candidate]:
        raise raised

    async def later(_: Batch) -> list[Candidate]:
        raise raised

    for run in (lambda: CallableExtractor(read, name="x").extract(BATCH),
                lambda: asyncio.run(CallableExtractor(later, name="x").aextract(BATCH))):  # fmt: skip
        with pytest.raises(ProviderError, match=f"{type(raised).__name__} while extracting") as caught:
            run()
        assert caught.value.retryable is retryable
        assert WORDS not in str(caught.value)


def test_it_needs_a_name() -> None:
    with pytest.raises(ConfigurationError, match="name is empty"):
        CallableExtractor(found, name="")
