import asyncio
import functools
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from holdfast.embedders import CallableEmbedder
from holdfast.errors import ConfigurationError, DimensionMismatchError, ProviderError
from holdfast.protocols import AsyncEmbedder, Embedder, Fingerprint

TEXTS = ["one", "three", "fourteen"]


def lengths(texts: list[str]) -> list[list[float]]:
    return [[len(text), 1.0, -2.0] for text in texts]


async def awaited_lengths(texts: list[str]) -> list[list[float]]:
    await asyncio.sleep(0)
    return lengths(texts)


def returns_awaitable(texts: list[str]) -> Any:
    return awaited_lengths(texts)


class AwaitedObject:
    async def __call__(self, texts: list[str]) -> list[list[float]]:
        return lengths(texts)


def wrap(function: Callable[[list[str]], Any], dimensions: int = 3) -> CallableEmbedder:
    return CallableEmbedder(function, name="lengths", dimensions=dimensions)


def answering(answer: object) -> CallableEmbedder:
    return wrap(lambda texts: answer)


EXPECTED = np.array([[len(text), 1.0, -2.0] / np.linalg.norm([len(text), 1.0, -2.0]) for text in TEXTS])


def test_it_is_an_embedder_of_the_given_name() -> None:
    embedder = CallableEmbedder(lengths, name="lengths", dimensions=3, revision="2024-05")
    assert isinstance(embedder, Embedder)
    assert isinstance(embedder, AsyncEmbedder)
    assert embedder.fingerprint == Fingerprint("lengths", 3, "2024-05")
    assert wrap(lengths).fingerprint == Fingerprint("lengths", 3, "1")


@pytest.mark.parametrize(
    "convert",
    [
        list,
        np.array,
        lambda rows: np.asfortranarray(rows, dtype=np.float64),
        lambda rows: np.array(rows, dtype=np.float16),
        lambda rows: np.array(rows, dtype=np.int64),
        lambda rows: [np.array(row) for row in rows],
        lambda rows: tuple(map(tuple, rows)),
    ],
    ids=["lists", "array", "fortran", "float16", "int64", "list of arrays", "tuples"],
)
def test_any_array_becomes_unit_vectors(convert: Callable[[Any], Any]) -> None:
    vectors = wrap(lambda texts: convert(lengths(texts))).embed(TEXTS)
    assert vectors.shape == (3, 3)
    assert vectors.dtype == np.float32
    assert vectors.flags.c_contiguous
    np.testing.assert_allclose(vectors, EXPECTED, atol=1e-6)


def test_the_function_gets_a_list_and_its_array_stays_as_it_was() -> None:
    given: list[object] = []
    answer = np.array(lengths(TEXTS), dtype=np.float64)

    def function(texts: list[str]) -> Any:
        given.append(texts)
        return answer

    wrap(function).embed(tuple(TEXTS), kind="query")
    assert given == [TEXTS]
    assert answer.tolist() == lengths(TEXTS)


@pytest.mark.parametrize("scale", [1e-300, 1e-30, 1e30, 1e300])
def test_very_small_and_very_large_components_keep_their_direction(scale: float) -> None:
    vectors = wrap(lambda texts: np.array(lengths(texts)) * scale).embed(TEXTS)
    np.testing.assert_allclose(vectors, EXPECTED, atol=1e-6)


async def test_no_texts_do_not_call_the_function() -> None:
    def refuse(texts: list[str]) -> Any:
        raise AssertionError("called")

    assert wrap(refuse).embed([]).shape == (0, 3)
    assert (await wrap(refuse).aembed([])).shape == (0, 3)
    assert wrap(refuse).embed([]).dtype == np.float32


@pytest.mark.parametrize("width", [2, 4])
async def test_another_width_is_a_mismatch(width: int) -> None:
    embedder = answering(np.ones((3, width)))
    for call in (embedder.embed, lambda texts: asyncio.run(embedder.aembed(texts))):
        with pytest.raises(DimensionMismatchError) as caught:
            await asyncio.to_thread(call, TEXTS)
        assert (caught.value.expected, caught.value.got) == (3, width)


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        (np.ones((2, 3)), r"shape \(2, 3\) for 3 texts"),
        (np.ones(3), r"shape \(3,\) for 3 texts"),
        (np.ones((3, 3, 1)), r"shape \(3, 3, 1\) for 3 texts"),
        (1.0, r"shape \(\) for 3 texts"),
        ([[1, 2, 3], [1, 2], [1, 2, 3]], "no array of numbers"),
        ([["a", "b", "c"]] * 3, "no array of numbers"),
        ([[1, 2, 3], None, [1, 2, 3]], "no array of numbers"),
        (None, r"shape \(\) for 3 texts"),
        ([[1, 2, 3], [0, 0, 0], [1, 2, 3]], "zero vector for the text at index 1"),
        ([[1, 2, 3], [1, 2, 3], [1, float("nan"), 3]], "not finite for the text at index 2"),
        ([[float("-inf"), 2, 3], [1, 2, 3], [1, 2, 3]], "not finite for the text at index 0"),
    ],
)
def test_an_answer_that_is_no_vector_a_text_is_refused(answer: object, detail: str) -> None:
    with pytest.raises(ProviderError, match=detail) as caught:
        answering(answer).embed(TEXTS)
    assert caught.value.provider == "lengths"


@pytest.mark.parametrize(
    ("error", "retryable"), [(KeyError("x"), False), (ConnectionResetError("gone"), True), (TimeoutError("slow"), True)]
)
async def test_what_the_function_raises_is_chained(error: Exception, retryable: bool) -> None:
    def fail(texts: list[str]) -> Any:
        raise error

    async def fail_awaited(texts: list[str]) -> Any:
        raise error

    for call in (wrap(fail).aembed, wrap(fail_awaited).aembed):
        with pytest.raises(ProviderError, match=type(error).__name__) as caught:
            await call(TEXTS)
        assert repr(caught.value.__cause__) == repr(error)  # a TimeoutError that crosses threads is made anew
        assert caught.value.retryable is retryable
    with pytest.raises(ProviderError) as caught:
        wrap(fail).embed(TEXTS)
    assert caught.value.__cause__ is error


def test_an_error_of_ours_passes_as_it_is() -> None:
    error = ProviderError("service", "overloaded", retryable=True)

    def fail(texts: list[str]) -> Any:
        raise error

    with pytest.raises(ProviderError) as caught:
        wrap(fail).embed(TEXTS)
    assert caught.value is error
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    "function",
    [awaited_lengths, functools.partial(awaited_lengths), AwaitedObject(), returns_awaitable],
    ids=["function", "partial", "object", "function that returns a coroutine"],
)
async def test_a_coroutine_function_is_awaited_or_refused(function: Callable[[list[str]], Any]) -> None:
    embedder = wrap(function)
    np.testing.assert_allclose(await embedder.aembed(TEXTS), EXPECTED, atol=1e-6)
    with pytest.raises(ConfigurationError, match="lengths is async; use AsyncMemory"):
        embedder.embed(TEXTS)


async def test_a_blocking_function_is_awaited_in_another_thread() -> None:
    threads: list[threading.Thread] = []

    def function(texts: list[str]) -> Any:
        threads.append(threading.current_thread())
        return lengths(texts)

    np.testing.assert_allclose(await wrap(function).aembed(TEXTS), EXPECTED, atol=1e-6)
    assert threads != [threading.current_thread()]


async def test_cancellation_is_not_an_error_of_the_provider() -> None:
    async def never(texts: list[str]) -> Any:
        await asyncio.Event().wait()

    task = asyncio.create_task(wrap(never).aembed(TEXTS))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_one_string_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="list of strings"):
        wrap(lengths).embed("one")
    with pytest.raises(ConfigurationError, match="list of strings"):
        await wrap(lengths).aembed("one")


def test_arguments_that_cannot_work_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="name is empty"):
        CallableEmbedder(lengths, name="", dimensions=3)
    with pytest.raises(ConfigurationError, match="dimensions is 0"):
        CallableEmbedder(lengths, name="lengths", dimensions=0)
