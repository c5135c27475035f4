"""Flows and the two drivers that run them: one body for the blocking and the awaited API.

A flow is a generator: it yields what it needs, is sent the answer, and never waits by itself. (The idea is that of
httpx's `Auth.auth_flow`.)
"""

import asyncio
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar, cast

from holdfast.errors import DimensionMismatchError, ExtractionError, HoldfastError, ProviderError
from holdfast.protocols import AsyncEmbedder, AsyncExtractor, Embedder, Extractor, MeteredEmbedder, TextKind
from holdfast.types import Batch, Extraction, Usage, Vectors

__all__ = [
    "Embed",
    "Extract",
    "Flow",
    "Local",
    "Need",
    "embed",
    "embed_metered",
    "extract",
    "local",
    "run",
    "run_async",
]

_R = TypeVar("_R")


@dataclass(frozen=True, slots=True)
class Embed:
    """Ask the embedder."""

    embedder: Embedder
    texts: tuple[str, ...]
    kind: TextKind


@dataclass(frozen=True, slots=True)
class Extract:
    """Ask the extractor."""

    extractor: Extractor
    batch: Batch


@dataclass(frozen=True, slots=True)
class Local:
    """Touch the store or the index: blocking, short."""

    call: Callable[[], Any]


Need: TypeAlias = Embed | Extract | Local
Flow: TypeAlias = Generator[Need, Any, _R]


def embed(embedder: Embedder, texts: Sequence[str], kind: TextKind) -> Flow[Vectors]:
    """Yield `Embed`, typed; hold the embedder to its width and whatever it raises to our errors."""
    return (yield from embed_metered(embedder, texts, kind))[0]


def embed_metered(embedder: Embedder, texts: Sequence[str], kind: TextKind) -> Flow[tuple[Vectors, Usage]]:
    """Do as `embed`, and tell what it cost, if the embedder does."""
    try:
        answer: tuple[Vectors, Usage] = yield Embed(embedder, tuple(texts), kind)
    except HoldfastError:
        raise
    except Exception as error:
        raise ProviderError(embedder.fingerprint.name, f"{type(error).__name__} while embedding") from error
    vectors, expected = answer[0], embedder.fingerprint.dimensions
    if vectors.ndim != 2 or vectors.shape[1] != expected:
        raise DimensionMismatchError(expected, vectors.shape[-1])
    return answer


def extract(extractor: Extractor, batch: Batch) -> Flow[Extraction]:
    """Yield `Extract`, typed; hold whatever the extractor raises to our errors."""
    try:
        extraction: Extraction = yield Extract(extractor, batch)
    except HoldfastError:
        raise
    except Exception as error:
        raise ExtractionError(extractor.name, f"{type(error).__name__} while extracting") from error
    if not isinstance(cast(Any, extraction), Extraction):
        raise ExtractionError(extractor.name, f"answered {type(extraction).__name__} instead of an Extraction")
    return extraction


def local(call: Callable[[], _R]) -> Flow[_R]:
    """Yield `Local`, typed."""
    value: _R = yield Local(call)
    return value


def run(flow: Flow[_R]) -> _R:
    """Drive a flow with blocking calls."""

    def answer(need: Need) -> Any:
        match need:
            case Embed(embedder, texts, kind):
                if isinstance(embedder, MeteredEmbedder):
                    return embedder.embed_metered(texts, kind=kind)
                return embedder.embed(texts, kind=kind), Usage()
            case Extract(extractor, batch):
                return extractor.extract(batch)
            case Local(call):
                return call()

    try:
        need = next(flow)
        while True:
            try:
                value = answer(need)
            except Exception as error:  # noqa: BLE001, PERF203 - the flow decides what an error means
                need = flow.throw(error)
            else:
                need = flow.send(value)
    except StopIteration as done:
        result: _R = done.value
        return result
    finally:
        flow.close()  # one that was interrupted lets go of what it held


async def run_async(flow: Flow[_R]) -> _R:
    """Drive a flow with awaits; what cannot be awaited runs in a worker thread."""

    async def answer(need: Need) -> Any:
        match need:
            case Embed(embedder, texts, kind):
                if isinstance(embedder, MeteredEmbedder):
                    return await embedder.aembed_metered(texts, kind=kind)
                if isinstance(embedder, AsyncEmbedder):
                    return await embedder.aembed(texts, kind=kind), Usage()
                return await asyncio.to_thread(embedder.embed, texts, kind=kind), Usage()
            case Extract(extractor, batch):
                if isinstance(extractor, AsyncExtractor):
                    return await extractor.aextract(batch)
                return await asyncio.to_thread(extractor.extract, batch)
            case Local(call):
                return await asyncio.to_thread(call)

    try:
        need = next(flow)
        while True:
            try:
                value = await answer(need)
            except Exception as error:  # noqa: BLE001, PERF203 - the flow decides what an error means
                need = flow.throw(error)
            else:
                need = flow.send(value)
    except StopIteration as done:
        result: _R = done.value
        return result
    finally:
        flow.close()  # one that was interrupted lets go of what it held
