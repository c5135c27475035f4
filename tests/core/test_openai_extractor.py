"""The real client against a server on loopback: modes, faults, retries; what is lost is nothing."""

import asyncio
import json
import logging
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openai
import pytest
import stamina

from holdfast import (
    AsyncMemory,
    Batch,
    ConfigurationError,
    Memory,
    Message,
    MissingExtraError,
    OpenAIEmbedder,
    OpenAIExtractor,
    ProviderError,
    StorageError,
)
from holdfast.providers import Circuit, retry_after
from holdfast.testing import Clock, FakeEmbedder, Request, ScriptedAnswer, ScriptedServer

WORDS = "I live in Lisbon and I keep 3 bees"


def lives(text: str = "User lives in Lisbon.", **others: Any) -> dict[str, Any]:
    fact = {
        "text": text, "kind": "location", "subject": "User", "slot": "lives_in", "value": "Lisbon",
        "evidence": [{"message": "m1", "quote": "I live in Lisbon"}], "entities": ["Lisbon"], "event_start": None,
        "event_end": None, "certainty": "stated", "relations": [], **others,
    }  # fmt: skip
    return {"facts": [fact]}


@pytest.fixture(autouse=True)
def at_once() -> Iterator[None]:
    """Retries do not wait: three tries at once."""
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        yield server


def batch(words: str = WORDS) -> Batch:
    return Batch((Message("user", words, "id-1", Clock().now),))


def reader(server: ScriptedServer, **options: Any) -> OpenAIExtractor:
    return OpenAIExtractor("scripted", base_url=server.url, **options)


# What is sent


def test_one_call_a_batch_held_to_the_schema(server: ScriptedServer) -> None:
    server.play(lives())
    extractor = reader(server, api_key="k-1", headers={"X-Team": "a"}, seed=7)
    found = extractor.extract(batch())
    assert [one.text for one in found.candidates] == ["User lives in Lisbon."]
    (request,) = server.asked()
    assert (request.headers["authorization"], request.headers["x-team"]) == ("Bearer k-1", "a")
    assert (request.body["model"], request.body["temperature"], request.body["seed"]) == ("scripted", 0.0, 7)
    held = request.body["response_format"]
    assert (held["type"], held["json_schema"]["strict"]) == ("json_schema", True)
    assert "title" not in held["json_schema"]["schema"]
    assert (found.mode, extractor.mode, found.usage.calls) == ("json_schema", "json_schema", 1)
    assert found.usage.input_tokens > 0 < found.usage.output_tokens


def test_the_system_prompt_is_cached_by_the_provider(server: ScriptedServer) -> None:
    extractor = reader(server)
    first, second = extractor.extract(batch()), extractor.extract(batch("I like tea"))
    assert first.usage.cached_tokens == 0
    assert second.usage.cached_tokens >= 1024


@pytest.mark.parametrize(
    ("modes", "expected", "calls"),
    [
        (("json_schema", "json_object", "text"), "json_schema", 1),
        (("json_object", "text"), "json_object", 2),
        (("text",), "text", 3),
    ],
)
def test_a_server_that_offers_less_is_asked_for_less(modes: tuple[str, ...], expected: str, calls: int) -> None:
    with ScriptedServer(f"Sure! {json.dumps(lives())}", modes=modes) as server:
        extractor = reader(server)
        for _ in range(2):
            found = extractor.extract(batch())
            assert ([one.text for one in found.candidates], found.mode) == (["User lives in Lisbon."], expected)
        assert extractor.mode == expected
        assert len(server.asked()) == calls + 1  # what worked is tried first from then on


def test_a_parameter_that_is_refused_is_left_out(server: ScriptedServer) -> None:
    with ScriptedServer(lives(), refuses=["temperature", "seed"]) as strict:
        extractor = reader(strict, seed=1)
        assert extractor.extract(batch()).mode == "json_schema"
        assert len(strict.asked()) == 3
        extractor.extract(batch())
        assert len(strict.asked()) == 4


def test_a_batch_beyond_the_context_is_asked_for_in_halves(server: ScriptedServer) -> None:
    server.play(ScriptedAnswer("too long", status=400, code="context_length_exceeded"), lives())
    two = Batch((*batch().messages, Message("user", "I like tea", "id-2", Clock().now)))
    assert len(reader(server).extract(two).candidates) == 1
    assert [len(request.asked["messages"]) for request in server.asked()] == [2, 1, 1]


def test_awaited_it_does_the_same(server: ScriptedServer) -> None:
    server.play("prose", lives(), "prose", lives())
    extractor = reader(server)
    assert extractor.extract(batch()).candidates == asyncio.run(extractor.aextract(batch())).candidates
    own = OpenAIExtractor("m", client=openai.OpenAI(api_key="k", base_url=server.url, max_retries=0))
    server.play(lives())
    assert len(asyncio.run(own.aextract(batch())).candidates) == 1


# Faults: what the caller sees, that nothing is lost, and that process() does the work once


def _closed_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


THREE = (ScriptedAnswer(status=500),) * 3
OUT_OF_REACH: dict[str, tuple[tuple[Any, ...], bool, str]] = {
    "429": ((ScriptedAnswer(status=429, headers={"Retry-After": "1"}),) * 3, True, "too many requests"),
    "429 for long": ((ScriptedAnswer(status=429, headers={"Retry-After": "120"}),), True, "too many requests"),
    "no quota": ((ScriptedAnswer(status=429, code="insufficient_quota"),), False, "quota"),
    "500": (THREE, True, r"failed \(500\)"),
    "timeout": ((ScriptedAnswer(delay=9),) * 3, True, "no answer in time"),
    "connection cut": ((ScriptedAnswer(lives(), cut=10),) * 3, True, "cannot be reached"),
    "no JSON": ((ScriptedAnswer(raw='{"choices": [{'),) * 3, True, "no JSON"),
    "wrong key": ((ScriptedAnswer("bad key sk-abcdefghijklmn", status=401),), False, "OPENAI_API_KEY"),
    "forbidden": ((ScriptedAnswer(status=403),), False, "403"),
    "unknown model": ((ScriptedAnswer(status=404, code="model_not_found"),), False, "no such model"),
    "schema refused": ((ScriptedAnswer("Lisbon? no", status=400),) * 3, False, "refused the request"),
}


@pytest.mark.parametrize(("answers", "retryable", "words"), OUT_OF_REACH.values(), ids=OUT_OF_REACH)
def test_a_model_out_of_reach_loses_nothing(
    server: ScriptedServer, tmp_path: Path, answers: tuple[Any, ...], retryable: bool, words: str
) -> None:
    server.play(*answers, lives())
    extractor = reader(server, timeout=0.2)
    with Memory(tmp_path / "m.db", extractor=extractor, embedder=FakeEmbedder(), clock=Clock()) as memory:
        with pytest.raises(ProviderError, match=words) as caught:
            memory.add(WORDS, user_id="max")
        assert caught.value.retryable is retryable
        assert "1 message is in the journal, to be learnt by process()" in str(caught.value)
        assert "sk-" not in str(caught.value)
        assert "Lisbon" not in str(caught.value)
        (waiting,) = memory.pending(user_id="max")
        assert (waiting.journaled.message.content, waiting.attempts) == (WORDS, 1)
        assert waiting.reason is not None
        assert caught.value.detail in waiting.reason
        assert (memory.process().remaining, memory.pending()) == (0, ())
        assert [fact.text for fact in memory.get_all(user_id="max")] == ["User lives in Lisbon."]
        assert memory.process().added == ()
        assert len(server.asked()) == len(answers) + 1


def test_no_server_there_loses_nothing(tmp_path: Path) -> None:
    extractor = OpenAIExtractor("m", base_url=f"http://127.0.0.1:{_closed_port()}/v1")
    with Memory(tmp_path / "m.db", extractor=extractor, embedder=FakeEmbedder()) as memory:
        with pytest.raises(ProviderError, match="cannot be reached; check base_url") as caught:
            memory.add(WORDS, user_id="max")
        assert caught.value.retryable
        assert len(memory.pending()) == 1


ODD: dict[str, Any] = {
    "refusal": ScriptedAnswer(refusal="I can't help with Lisbon."),
    "prose": "What a lovely place.",
    "truncated": json.dumps(lives())[:-20],
    "list": "[]",
    "another key": {"memories": []},
    "wrong types": {"facts": [{"text": 7, "evidence": "x"}]},
    "null": "null",
    "no choices": ScriptedAnswer(raw='{"choices": null}'),
    "a list for a body": ScriptedAnswer(raw="[]"),
    "content null": ScriptedAnswer(raw='{"choices": [{"message": {"role": "assistant", "content": null}}]}'),
}


@pytest.mark.parametrize("answer", ODD.values(), ids=ODD)
def test_an_answer_out_of_shape_is_read_by_the_rules_until_it_is_redone(
    server: ScriptedServer, tmp_path: Path, answer: Any
) -> None:
    server.play(answer, answer, lives())
    with Memory(tmp_path / "m.db", extractor=reader(server), embedder=FakeEmbedder(), clock=Clock()) as memory:
        added = memory.add(WORDS, user_id="max")
        assert added.degraded is not None
        assert "User lives in Lisbon" in [fact.text for fact in added.facts]
        (waiting,) = memory.pending()
        assert (waiting.reason, waiting.attempts) == (f"degraded: {added.degraded}", 1)
        memory.process()
        assert [(fact.text, fact.extractor) for fact in memory.get_all(user_id="max")] == [
            ("User lives in Lisbon.", "scripted/1")
        ]
        assert memory.pending() == ()
        assert memory.check().findings == ()


@pytest.mark.parametrize("answer", ODD.values(), ids=ODD)
def test_one_such_answer_costs_one_more_call(server: ScriptedServer, answer: Any) -> None:
    server.play(answer, lives())
    found = reader(server).extract(batch())
    assert ([one.text for one in found.candidates], found.degraded) == (["User lives in Lisbon."], None)


def test_an_unknown_id_and_a_quote_that_does_not_exist_are_quarantined(server: ScriptedServer) -> None:
    elsewhere = lives(evidence=[{"message": "m8", "quote": "I live in Lisbon"}])["facts"]
    made_up = lives(evidence=[{"message": "m1", "quote": "I live in Rome"}])["facts"]
    server.play({"facts": [*elsewhere, *made_up, *lives()["facts"]]})
    with Memory(":memory:", extractor=reader(server), embedder=FakeEmbedder()) as memory:
        added = memory.add(WORDS, user_id="max")
        assert [fact.text for fact in added.facts] == ["User lives in Lisbon."]
        assert [one.reason for one in memory.quarantine(user_id="max")] == [
            "rests on a message that was not to be read",
            "quotes words that the message does not hold",
        ]
        assert memory.pending() == ()


def test_the_embedder_down_after_extraction_loses_nothing(server: ScriptedServer, tmp_path: Path) -> None:
    server.play(lives(), lives())
    server.play(*THREE, to="embeddings")
    embedder = OpenAIEmbedder("e", dimensions=64, base_url=server.url)
    with Memory(tmp_path / "m.db", extractor=reader(server), embedder=embedder) as memory:
        with pytest.raises(ProviderError, match=r"e: failed \(500\); 1 message is in the journal"):
            memory.add(WORDS, user_id="max")
        assert memory.get_all(user_id="max") == ()
        assert len(memory.pending()) == 1
        memory.process()
        assert [fact.text for fact in memory.get_all(user_id="max")] == ["User lives in Lisbon."]
        assert memory.check().findings == ()


def test_a_full_disk_at_the_commit_loses_nothing(
    server: ScriptedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store runs out of pages while the model answers: a real SQLITE_FULL."""
    import apsw

    path = tmp_path / "m.db"
    connections: list[apsw.Connection] = []
    monkeypatch.setattr(apsw, "connection_hooks", [*apsw.connection_hooks, connections.append])

    def limit(pages: int) -> None:
        for connection in connections:
            connection.pragma("max_page_count", pages)

    with Memory(path, extractor=reader(server), embedder=FakeEmbedder()) as memory:

        def fill(_: Request) -> dict[str, Any]:
            limit(1)  # SQLite keeps what there is and allows no page more
            return lives()

        memory.add("ok", user_id="max")
        server.play(fill)
        with pytest.raises(StorageError):
            memory.add(f"{WORDS}. {'And more. ' * 3_000}", user_id="max")
        limit(1_000_000)
        assert len(memory.pending()) == 1
        assert memory.get_all(user_id="max") == ()
        server.play(lives())
        memory.process()
        assert [fact.text for fact in memory.get_all(user_id="max")] == ["User lives in Lisbon."]
        assert memory.check().findings == ()


# Retries and the circuit


def test_what_passes_a_moment_later_is_asked_again(server: ScriptedServer) -> None:
    server.play(ScriptedAnswer(status=500), ScriptedAnswer(status=429), lives())
    assert len(reader(server).extract(batch()).candidates) == 1
    assert len(server.asked()) == 3


def test_the_wait_that_a_server_asks_for_is_kept(server: ScriptedServer) -> None:
    for headers, expected in (
        ({"Retry-After": "7"}, 7.0),
        ({"retry-after-ms": "250"}, 0.25),
        ({"Retry-After": "soon"}, None),
        ({}, None),
    ):
        server.play(ScriptedAnswer(status=429, headers=headers))
        with pytest.raises(ProviderError) as caught:
            reader(server, tries=1).extract(batch())
        assert retry_after(caught.value) == expected


def test_a_wait_is_kept_on_the_clock(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """With retries as they are in use: the pause is the server's, then another call."""
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    server.play(ScriptedAnswer(status=429, headers={"Retry-After": "7"}), ScriptedAnswer(status=503), lives())
    with stamina.set_testing(False):
        assert len(reader(server).extract(batch()).candidates) == 1
    assert slept[0] == pytest.approx(7.0)
    assert 0.5 <= slept[1] <= 8.0


def test_the_circuit_opens_after_failures_in_a_row_and_lets_one_try_later(server: ScriptedServer) -> None:
    now = [0.0]
    extractor = reader(server, tries=1, circuit=Circuit(failures=2, rest=30, clock=lambda: now[0]))
    server.play(*THREE)
    for expected in (r"failed \(500\)", r"failed \(500\)", "not asked: 2 calls in a row failed"):
        with pytest.raises(ProviderError, match=expected) as caught:
            extractor.extract(batch())
        assert caught.value.retryable
    assert len(server.asked()) == 2
    now[0] = 31
    with pytest.raises(ProviderError, match=r"failed \(500\)"):
        extractor.extract(batch())
    now[0] = 62
    with pytest.raises(ProviderError, match="not asked: 3 calls"):
        extractor.extract(batch())  # a trial that failed doubles the rest
    now[0] = 92
    assert extractor.extract(batch()).candidates == ()
    assert extractor.extract(batch()).candidates == ()


def test_a_refused_request_opens_no_circuit(server: ScriptedServer) -> None:
    extractor = reader(server, tries=1, circuit=Circuit(failures=1))
    server.play(ScriptedAnswer(status=401))
    with pytest.raises(ProviderError, match="401"):
        extractor.extract(batch())
    assert extractor.extract(batch()).candidates == ()


# Bad input


def test_a_missing_key_names_the_argument_and_the_variable() -> None:
    for make in (lambda: OpenAIExtractor("gpt"), lambda: Memory(":memory:", extractor="openai:gpt")):
        with pytest.raises(ConfigurationError, match=r"api_key=.*OPENAI_API_KEY"):
            make()


def test_a_key_is_taken_from_the_environment(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "from-outside")
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    with Memory(":memory:", extractor="openai:gpt", embedder=FakeEmbedder()) as memory:
        memory.add("I like tea", user_id="max")
    assert server.asked()[0].headers["authorization"] == "Bearer from-outside"
    assert server.asked()[0].body["model"] == "gpt"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: OpenAIExtractor("m", base_url="localhost:80"), "base_url must begin with http"),
        (lambda: OpenAIExtractor("m", base_url="http://localhost/v1", tries=0), "tries is 0"),
        (lambda: OpenAIExtractor("m", base_url="http://localhost/v1", tries="3"), "tries is '3'"),  # type: ignore[arg-type]
        (lambda: OpenAIExtractor("m", api_key="k", timeout="soon"), "timeout must be"),  # type: ignore[arg-type]
        (lambda: OpenAIExtractor("m", api_key="k", mode="xml"), "mode must be one of"),  # type: ignore[arg-type]
        (lambda: OpenAIExtractor("m", api_key="k", together=0), "together must be"),
        (lambda: OpenAIExtractor("m", api_key="k", existing=-1), "existing must be"),
        (lambda: OpenAIExtractor(" ", api_key="k"), "a model needs a name"),
        (lambda: OpenAIExtractor("m", client="k"), "client must be a client of openai"),  # type: ignore[arg-type]
        (lambda: OpenAIExtractor("m", client=openai.AsyncOpenAI(api_key="k")), "async_client= the one to await"),  # type: ignore[arg-type]
        (lambda: OpenAIExtractor("m", async_client=openai.OpenAI(api_key="k")), "client= is the one to call"),  # type: ignore[arg-type]
        (lambda: Memory(":memory:", extractor="gpt-5"), "no extractor is called 'gpt-5'"),
        (lambda: Memory(":memory:", extractor="openai:"), "no extractor is called"),
        (lambda: Memory(":memory:", extractor=7), "extractor must be one"),
        (lambda: Memory(":memory:", embedder="openai"), "no embedder is called"),
        (lambda: Memory(":memory:", embedder=lambda texts: texts), "needs a name and a width"),
    ],
)
def test_what_cannot_work_is_refused_at_once(make: Callable[[], Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        make()


@pytest.mark.parametrize("module", ["openai", "stamina"])
def test_without_the_extra_the_error_names_the_command(monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError, match=r'pip install "holdfast\[openai\]"') as caught:
        OpenAIExtractor("m", base_url="http://localhost/v1")
    assert (caught.value.extra, caught.value.package) == ("openai", module)


def test_a_blocking_call_needs_a_blocking_client(server: ScriptedServer) -> None:
    client = openai.AsyncOpenAI(api_key="k", base_url=server.url)
    with pytest.raises(ConfigurationError, match="only an async_client"):
        OpenAIExtractor("m", async_client=client).extract(batch())


def test_nothing_that_was_said_is_logged(server: ScriptedServer, caplog: pytest.LogCaptureFixture) -> None:
    server.play(ScriptedAnswer("Lisbon? no", status=400), ScriptedAnswer(status=500), "Lisbon!", "Lisbon!")
    with caplog.at_level(logging.INFO), Memory(":memory:", extractor=reader(server), embedder=FakeEmbedder()) as memory:
        memory.add(WORDS, user_id="max")
    assert "Lisbon" not in caplog.text
    assert "scripted answers in json_object only" in caplog.text


# Together with a memory


async def test_an_awaited_memory_with_a_server_for_all(server: ScriptedServer, tmp_path: Path) -> None:
    server.play(lives())
    embedder = OpenAIEmbedder("text-embedding-3-small", dimensions=32, base_url=server.url)
    async with AsyncMemory(tmp_path / "m.db", extractor=reader(server), embedder=embedder) as memory:
        added = await memory.add(WORDS, user_id="max")
        assert (added.usage.calls, added.usage.embedding_tokens > 0) == (2, True)
        hits = await memory.search("Lisbon", user_id="max")
        assert hits[0].fact is not None


def test_a_turn_is_one_call(server: ScriptedServer) -> None:
    with Memory(":memory:", extractor=reader(server), embedder=FakeEmbedder()) as memory:
        for number in range(5):
            turn = [{"role": "user", "content": f"I like tea {number}"}, {"role": "assistant", "content": "Fine."}]
            memory.add(turn, user_id="max", session_id="s")
        assert len(server.asked()) == 5
        memory.add([f"I like tea number {number}" for number in range(24)], user_id="max", session_id="t")
        assert len(server.asked()) == 7
