"""Spans and metrics through OpenTelemetry, where the application uses it; no text of users is in either.

Whether it does is seen from what it has imported: holdfast imports nothing of it, and does nothing without it.
"""

import sys
import time
from collections.abc import Callable, Generator, Mapping
from functools import cache
from typing import Any, TypeAlias, TypeVar

from holdfast.types import Added, Context, Extraction, Hits, Processed, Usage

__all__ = [
    "Attributes", "Described", "described_added", "described_context", "described_extraction", "described_hits",
    "described_processed", "traced",
]  # fmt: skip

_R = TypeVar("_R")

Attributes: TypeAlias = Mapping[str, str | int | float | bool]
Described: TypeAlias = tuple[Attributes, Mapping[str, int]]
"""What a span says of a result, and its tokens by type."""


def traced(
    name: str,
    flow: Generator[Any, Any, _R],
    describe: Callable[[_R], Described],
    given: Attributes | None = None,
) -> Generator[Any, Any, _R]:
    """Return the flow inside a span, and count it; the flow itself where nobody listens.

    An error is named by its type alone: its message may quote what was said.

    Args:
        name: Of the span.
        flow: What is done.
        describe: What to say of its result.
        given: What is known before.
    """
    trace: Any = sys.modules.get("opentelemetry.trace")
    if not hasattr(trace, "get_tracer"):
        return flow
    return _spanned(trace, name, flow, describe, given or {})


def _spanned(
    trace: Any, name: str, flow: Generator[Any, Any, _R], describe: Callable[[_R], Described], given: Attributes
) -> Generator[Any, Any, _R]:
    span = trace.get_tracer("holdfast").start_span(name, attributes=given)
    began = time.perf_counter()
    failed: dict[str, str] = {}
    tokens: Mapping[str, int] = {}
    context = sys.modules["opentelemetry.context"]
    # What the flow does meanwhile, such as a request of the provider's client, belongs under this span.
    token = context.attach(trace.set_span_in_context(span)) if span.get_span_context().is_valid else None
    try:
        result = yield from flow
    except BaseException as error:
        failed = {"error.type": type(error).__name__}
        span.set_attribute("error.type", type(error).__name__)
        span.set_status(trace.StatusCode.ERROR)
        raise
    else:
        attributes, tokens = describe(result)
        if span.is_recording():
            span.set_attributes(attributes)
        return result
    finally:
        if token is not None:
            context.detach(token)
        span.end()
        _count(name, time.perf_counter() - began, tokens, failed)


def _count(name: str, seconds: float, tokens: Mapping[str, int], failed: Mapping[str, str]) -> None:
    metrics: Any = sys.modules.get("opentelemetry.metrics")
    if not hasattr(metrics, "get_meter"):
        return
    duration, used = _instruments(metrics)
    operation = {"holdfast.operation": name.removeprefix("holdfast.")}
    duration.record(seconds, {**operation, **failed})
    for kind, number in tokens.items():
        if number:
            used.add(number, {**operation, "holdfast.token.type": kind})


@cache
def _instruments(metrics: Any) -> tuple[Any, Any]:
    meter = metrics.get_meter("holdfast")
    return (
        meter.create_histogram("holdfast.operation.duration", unit="s", description="How long a call took."),
        meter.create_counter("holdfast.tokens", unit="{token}", description="Tokens of models, and of contexts."),
    )


def described_added(added: Added) -> Described:
    """Describe what `add` did."""
    numbers = {
        "holdfast.messages": len(added.messages),
        "holdfast.facts": len(added.facts),
        "holdfast.changes": len(added.changes),
        "holdfast.skipped": len(added.skipped),
        "holdfast.quarantined": len(added.quarantined),
        "holdfast.deferred": added.deferred,
    }
    return {**numbers, **_usage(added.usage)}, {"embedding": added.usage.embedding_tokens}


def described_processed(processed: Processed) -> Described:
    """Describe what `process` did."""
    usage = sum((one.usage for one in processed.added), Usage())
    numbers = {
        "holdfast.batches": len(processed.added),
        "holdfast.facts": sum(len(one.facts) for one in processed.added),
        "holdfast.remaining": processed.remaining,
    }
    return {**numbers, **_usage(usage)}, {"embedding": usage.embedding_tokens}


def described_extraction(extraction: Extraction) -> Described:
    """Describe what an extractor answered."""
    numbers = {
        "holdfast.candidates": len(extraction.candidates),
        "holdfast.keys": len(extraction.keys),
        "holdfast.skipped": len(extraction.skipped),
        "holdfast.degraded": extraction.degraded is not None,
    }
    usage = extraction.usage
    return {**numbers, **_usage(usage)}, {"input": usage.input_tokens, "output": usage.output_tokens}


def described_hits(hits: Hits) -> Described:
    """Describe what `search` found."""
    return {"holdfast.hits": len(hits)}, {}


def described_context(context: Context) -> Described:
    """Describe what `context` built."""
    return {"holdfast.hits": len(context.hits), "holdfast.tokens": context.tokens}, {"injected": context.tokens}


def _usage(usage: Usage) -> Attributes:
    if usage == Usage():
        return {}
    return {
        "holdfast.provider.calls": usage.calls,
        "gen_ai.usage.input_tokens": usage.input_tokens,
        "gen_ai.usage.output_tokens": usage.output_tokens,
        "holdfast.usage.cached_tokens": usage.cached_tokens,
        "holdfast.usage.embedding_tokens": usage.embedding_tokens,
    }
