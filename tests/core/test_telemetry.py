"""Spans and metrics tell counts, durations and tokens, and nothing of what was said."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from holdfast import AsyncMemory, Memory, ProviderError
from holdfast.telemetry import _instruments, traced
from holdfast.testing import ScriptedExtractor

WORDS = ("Lisbon", "lives", "tea", "maximiliane", "Where")


@pytest.fixture(scope="module")
def exporter() -> InMemorySpanExporter:
    provider = TracerProvider()
    exporter = InMemorySpanExporter()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    return exporter


@pytest.fixture
def spans(exporter: InMemorySpanExporter) -> InMemorySpanExporter:
    exporter.clear()
    return exporter


@pytest.fixture(scope="module")
def reader() -> InMemoryMetricReader:
    reader = InMemoryMetricReader()
    metrics.set_meter_provider(MeterProvider([reader]))
    _instruments.cache_clear()
    return reader


@pytest.fixture(autouse=True)
def told(extractor: ScriptedExtractor) -> None:
    extractor.script = {"I live in Lisbon.": ["User lives in Lisbon."]}


def attributes(span: Any) -> dict[str, Any]:
    return dict(span.attributes)


def test_each_call_is_a_span_with_counts(memory: Memory, spans: InMemorySpanExporter) -> None:
    memory.add(["I live in Lisbon.", "Thanks."], user_id="maximiliane")
    memory.search("Where?", user_id="maximiliane", limit=3)
    context = memory.context("Where?", user_id="maximiliane")
    memory.process()
    extract, add, search, built, process = spans.get_finished_spans()
    assert [one.name for one in (extract, add, search, built, process)] == [
        "holdfast.extract", "holdfast.add", "holdfast.search", "holdfast.context", "holdfast.process",
    ]  # fmt: skip
    assert extract.parent is not None
    assert add.context is not None
    assert extract.parent.span_id == add.context.span_id
    assert attributes(extract) == {
        "holdfast.extractor": "scripted/1",
        "holdfast.messages": 2,
        "holdfast.candidates": 1,
        "holdfast.keys": 0,
        "holdfast.skipped": 0,
        "holdfast.degraded": False,
    }
    assert attributes(add)["holdfast.facts"] == 1
    assert attributes(add)["holdfast.deferred"] is False
    assert attributes(search)["holdfast.limit"] == 3
    assert attributes(search)["holdfast.hits"] >= 1
    assert attributes(built)["holdfast.tokens"] == context.tokens > 0
    assert attributes(process)["holdfast.remaining"] == 0


def test_nothing_that_was_said_is_told(
    memory: Memory, spans: InMemorySpanExporter, extractor: ScriptedExtractor, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        memory.add("I live in Lisbon.", user_id="maximiliane")
        memory.search("Where?", user_id="maximiliane")
        memory.context("Where is tea?", user_id="maximiliane")
        extractor.fail(1, ProviderError("model", "cannot read: I live in Lisbon."))
        with pytest.raises(ProviderError):
            memory.add("I live in Lisbon, with tea.", user_id="maximiliane")
    told = " ".join(one.to_json() for one in spans.get_finished_spans())
    assert not any(word in told for word in WORDS)
    assert not any(word in caplog.text for word in WORDS)


def test_an_error_is_named_by_its_type(
    memory: Memory, spans: InMemorySpanExporter, extractor: ScriptedExtractor
) -> None:
    extractor.fail(1)
    with pytest.raises(ProviderError):
        memory.add("I live in Lisbon.", user_id="maximiliane")
    extract, add = spans.get_finished_spans()
    for span in (extract, add):
        assert attributes(span)["error.type"] == "ProviderError"
        assert span.status.status_code is trace.StatusCode.ERROR
        assert span.status.description is None
        assert span.events == ()
    assert trace.get_current_span() is trace.INVALID_SPAN


async def test_awaited_calls_are_told_alike(memory: Memory, spans: InMemorySpanExporter) -> None:
    awaited = AsyncMemory.of(memory)
    await awaited.add("I live in Lisbon.", user_id="maximiliane")
    await awaited.context("Where?", user_id="maximiliane")
    assert [one.name for one in spans.get_finished_spans()] == ["holdfast.extract", "holdfast.add", "holdfast.context"]


def test_a_call_belongs_to_the_span_of_the_application(memory: Memory, spans: InMemorySpanExporter) -> None:
    with trace.get_tracer("application").start_as_current_span("turn") as turn:
        memory.search("Where?", user_id="maximiliane")
        assert trace.get_current_span() is turn
    search, _ = spans.get_finished_spans()
    assert search.parent is not None
    assert search.parent.span_id == turn.get_span_context().span_id


def test_durations_and_tokens_are_measured(memory: Memory, reader: InMemoryMetricReader) -> None:
    memory.add("I live in Lisbon.", user_id="maximiliane")
    context = memory.context("Where?", user_id="maximiliane")
    data = json.loads(reader.get_metrics_data().to_json())  # type: ignore[union-attr]
    found = {
        metric["name"]: metric["data"]["data_points"]
        for resource in data["resource_metrics"]
        for scope in resource["scope_metrics"]
        for metric in scope["metrics"]
    }
    operations = {point["attributes"]["holdfast.operation"] for point in found["holdfast.operation.duration"]}
    assert {"add", "extract", "context"} <= operations
    injected = [
        point["value"] for point in found["holdfast.tokens"] if point["attributes"]["holdfast.token.type"] == "injected"
    ]
    assert injected == [context.tokens]
    assert not any(word in json.dumps(data) for word in WORDS)


def test_without_opentelemetry_a_flow_is_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "opentelemetry.trace")

    def flow() -> Iterator[Any]:
        yield 1

    one = flow()
    assert traced("holdfast.add", one, lambda _: ({}, {})) is one  # type: ignore[arg-type, comparison-overlap]


_PLAIN = """
import sys
from holdfast import Memory
from holdfast.testing import FakeEmbedder
with Memory(":memory:", embedder=FakeEmbedder()) as memory:
    memory.add("I live in Lisbon.", user_id="maximiliane")
    memory.context("Where?", user_id="maximiliane")
print([name for name in sys.modules if name.startswith("opentelemetry")])
"""


def test_it_is_not_imported_by_holdfast() -> None:
    done = subprocess.run([sys.executable, "-c", _PLAIN], stdout=subprocess.PIPE, check=True, text=True)
    assert done.stdout.strip() == "[]"
