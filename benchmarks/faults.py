"""What becomes of a message when the model, the network or the embedder fails, here and in mem0, in one run.

    python benchmarks/faults.py [--mem0 PYTHON]

Both talk to one scripted server on loopback with the real `openai` client. Each fault lasts for the whole `add`; then
the server is well again, and holdfast's `process()` is called, as its worker does; mem0 has nothing of the kind. A loss
is silent when the caller was told of success and the fact is there neither then nor later. PYTHON is the interpreter of
an environment with mem0ai and faiss-cpu; without it the peer's columns stay empty. Afterwards: what one extraction
costs beside the call of the model, in tokens and in milliseconds: all that `add` does but the client's own round trip
to the server, which is shown apart. Busy is what the processor counts for the calling thread.
"""

import argparse
import json
import logging
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import stamina

from holdfast import Embedder, HoldfastError, Memory, OpenAIEmbedder, OpenAIExtractor, Prompt, Reply
from holdfast.embedders import MiniLM
from holdfast.extractors.prompts import SYSTEM
from holdfast.protocols import TextKind
from holdfast.testing import FakeEmbedder, Request, ScriptedAnswer, ScriptedServer
from holdfast.types import Vectors
from measure import show

WORDS = "I live in Lisbon."
OURS = {
    "text": "User lives in Lisbon.", "kind": "location", "subject": "User", "slot": "lives_in", "value": "Lisbon",
    "evidence": [{"message": "m1", "quote": "I live in Lisbon"}], "entities": ["Lisbon"], "event_start": None,
    "event_end": None, "certainty": "stated", "relations": [],
}  # fmt: skip
THEIRS = {"id": "0", "text": "User lives in Lisbon", "attributed_to": "user", "linked_memory_ids": []}

Fault = Callable[[Request], "ScriptedAnswer | str | dict[str, Any]"]


def is_ours(request: Request) -> bool:
    return request.body["messages"][0]["content"] == SYSTEM


def well(request: Request) -> dict[str, Any]:
    said = "Lisbon" in str(request.body["messages"][-1]["content"])
    return {"facts": [OURS] if said else []} if is_ours(request) else {"memory": [THEIRS] if said else []}


def always(answer: ScriptedAnswer | str) -> Fault:
    return lambda _: answer


def changed(**fields: Any) -> Fault:
    """The right answer with other values in its fact."""

    def answer(request: Request) -> dict[str, Any]:
        if is_ours(request):
            return {"facts": [{**OURS, **fields.get("ours", {})}]}
        return {"memory": [{**THEIRS, **fields.get("theirs", {})}]}

    return answer


def bees(request: Request) -> dict[str, Any]:
    """A fact of its own for each turn."""
    (said,) = [one for one in request.asked["messages"] if one["role"] == "user"]
    text = said["text"].replace("I keep", "User keeps")
    evidence = [{"message": said["id"], "quote": said["text"]}]
    return {"facts": [{**OURS, "text": text, "kind": "possession", "slot": None, "value": None, "evidence": evidence}]}


MODEL: dict[str, Fault] = {
    "429 Too Many Requests": always(ScriptedAnswer(status=429, headers={"Retry-After": "0"})),
    "429, quota used up": always(ScriptedAnswer(status=429, code="insufficient_quota")),
    "500 Internal Server Error": always(ScriptedAnswer(status=500)),
    "503 Service Unavailable": always(ScriptedAnswer(status=503)),
    "401, wrong key": always(ScriptedAnswer(status=401)),
    "404, unknown model": always(ScriptedAnswer(status=404, code="model_not_found")),
    "400, schema refused": always(ScriptedAnswer(status=400)),
    "no answer in time": always(ScriptedAnswer(delay=3)),
    "connection cut in the answer": lambda request: ScriptedAnswer(well(request), cut=20),
    "body is no JSON": always(ScriptedAnswer(raw='{"choices": [')),
    "body without choices": always(ScriptedAnswer(raw='{"choices": []}')),
    "refusal": always(ScriptedAnswer(refusal="I cannot help with that.")),
    "empty answer": always(""),
    "prose": always("What a lovely place to live!"),
    "truncated JSON": lambda request: json.dumps(well(request))[:-25],
    "a list": lambda request: json.dumps([OURS] if is_ours(request) else [THEIRS]),
    "another key": lambda request: json.dumps({"results": [OURS if is_ours(request) else THEIRS]}),
    "null": always("null"),
    "wrong types": changed(ours={"text": 7}, theirs={"text": 7}),
    "content filter": always(ScriptedAnswer("", finish_reason="content_filter")),
}


class Stage:
    """One server for both, with a fault that is on or off."""

    def __init__(self) -> None:
        self.fault: Fault | None = None
        self.embedder_fails = False
        self.server = ScriptedServer(self._chat, embeddings=self._embeddings)
        self._chats = 0

    def _chat(self, request: Request) -> Any:
        self._chats += 1
        return (self.fault or well)(request)

    def _embeddings(self, _: Request) -> ScriptedAnswer:
        # From the extraction on: mem0 embeds before it too.
        return ScriptedAnswer(status=500 if self.embedder_fails and self._chats else 200)

    @contextmanager
    def failing(self, fault: Fault | None, *, embedder: bool = False) -> Iterator[None]:
        self.fault, self.embedder_fails, self._chats = fault, embedder, 0
        try:
            yield
        finally:
            self.fault, self.embedder_fails = None, False


class Peer:
    """mem0 in a process of its own."""

    def __init__(self, python: str, folder: Path, url: str) -> None:
        script = Path(__file__).with_name("peer_mem0_faults.py")
        self._process = subprocess.Popen(
            [python, str(script), str(folder), url],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        assert self._process.stdout is not None
        while self._process.stdout.readline() not in ("ready\n", ""):
            pass

    def add(self, user: str) -> tuple[str, bool]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"user": user, "words": WORDS}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        return answer["told"], any("Lisbon" in str(kept) for kept in answer["kept"])

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)


def ours(stage: Stage, fault: Fault | None, path: Path, *, embedder: bool) -> tuple[str, str, bool]:
    """Return what the caller sees, how the message waits, and whether the fact is there in the end, once."""
    extractor = OpenAIExtractor("scripted", base_url=stage.server.url, timeout=0.5)
    vectors: Embedder = OpenAIEmbedder("scripted", dimensions=64, base_url=stage.server.url, timeout=0.5)
    with Memory(path, extractor=extractor, embedder=vectors) as memory:
        with stage.failing(fault, embedder=embedder):
            try:
                added = memory.add(WORDS, user_id="max")
                told = "degraded: the rules stood in" if added.degraded else f"success, {len(added.facts)} facts"
            except HoldfastError as error:
                told = f"raises {type(error).__name__}" + (", retryable" if getattr(error, "retryable", 0) else "")
        waits = "pending, with the reason" if [one for one in memory.pending() if one.reason] else "-"
        memory.process()
        texts = [fact.text for fact in memory.get_all(user_id="max", superseded=True)]
        done = texts == ["User lives in Lisbon."] and memory.pending() == () and not memory.check().findings
        return told, waits, done


def table(stage: Stage, python: str | None, folder: Path) -> None:
    peer = Peer(python, folder / "mem0", stage.server.url) if python else None
    if peer:
        assert peer.add("nobody")[1], "mem0 must learn when all is well"
    rows: list[list[object]] = []
    lost = theirs = 0
    cases = [*((name, fault, False) for name, fault in MODEL.items()), ("embedder down after extraction", None, True)]
    for number, (name, fault, embedder) in enumerate(cases):
        told, waits, done = ours(stage, fault, folder / f"{number}.db", embedder=embedder)
        silent = not done and told.startswith("success")
        lost += silent
        row: list[object] = [name, told, waits, "yes" if done else "NO"]
        if peer:
            with stage.failing(fault, embedder=embedder):
                said, kept = peer.add(f"user{number}")
            theirs += not kept and said.startswith("success")
            row += [said, "kept" if kept else "silent loss" if said.startswith("success") else "lost, told"]
        rows.append(row)
    head = ["fault", "holdfast: the caller sees", "the message", "learnt later, once"]
    show(
        "Faults of the model and the embedder", [*head, *(["mem0: the caller sees", "the fact"] if peer else [])], rows
    )
    print(f"\nsilent losses of {len(cases)}: holdfast {lost}" + (f", mem0 {theirs}" if peer else ""))
    if peer:
        peer.close()


@dataclass
class Spent:
    """Milliseconds of one kind of work: as they passed, and as the processor counts them for this thread."""

    passed: float = 0.0
    busy: float = 0.0

    @contextmanager
    def timed(self) -> Iterator[None]:
        began, used = time.perf_counter(), time.thread_time()
        try:
            yield
        finally:
            self.passed += (time.perf_counter() - began) * 1000
            self.busy += (time.thread_time() - used) * 1000


class Timing(OpenAIExtractor):
    """Knows how long the client and its server took."""

    def __init__(self, url: str) -> None:
        self.asked = Spent()
        super().__init__("scripted", base_url=url)

    def _ask(self, prompt: Prompt) -> Reply:
        with self.asked.timed():
            return super()._ask(prompt)


class Timed:
    """An embedder that knows how long it took."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.spent = Spent()
        self.fingerprint = embedder.fingerprint

    def embed(self, texts: Sequence[str], *, kind: TextKind = "document") -> Vectors:
        with self.spent.timed():
            return self._embedder.embed(texts, kind=kind)


def flushes(folder: Path, times: int = 50) -> float:
    """Return the median of what this disk takes to make two small writes durable, as an add does."""
    taken: list[float] = []
    with (folder / "flushed").open("wb", buffering=0) as file:
        for _ in range(times):
            began = time.perf_counter()
            for _ in range(2):
                file.write(bytes(8_192))
                os.fdatasync(file.fileno())
            taken.append((time.perf_counter() - began) * 1000)
    return median(taken)


def cost(stage: Stage, folder: Path, turns: int) -> None:
    """Print milliseconds beside the call, and characters and tokens beside the words."""
    stage.fault = bees
    rows: list[list[object]] = []
    for name, inner in (("no embedding to speak of", FakeEmbedder()), ("all-MiniLM-L6-v2", MiniLM())):
        extractor, embedder = Timing(stage.server.url), Timed(inner)
        with Memory(folder / f"{type(inner).__name__}.db", extractor=extractor, embedder=embedder) as memory:
            found: list[tuple[float, ...]] = []
            before = len(stage.server.asked())
            for number in range(turns):
                whole, model, vectors = Spent(), Spent(), Spent()
                extractor.asked, embedder.spent = model, vectors
                with whole.timed():
                    memory.add(f"I keep {number} bees in hive {number}.", user_id="max", session_id="s")
                beside, busy = whole.passed - model.passed, whole.busy - model.busy
                found.append((beside, busy, beside - vectors.passed, busy - vectors.busy, vectors.busy, model.passed))
            assert memory.count(user_id="max") == turns
        columns = list(zip(*found[5:], strict=True))
        calls = (len(stage.server.asked()) - before) / turns
        rows.append([name, *map(median, columns), min(columns[3]), calls])
    head = [
        "embedder", "p50 ms", "busy", "without embedding", "busy", "embedding, busy", "client and server", "least busy",
        "model calls a turn",
    ]  # fmt: skip
    show("One add of one fact, beside the call of the model", head, rows)
    print(f"two small writes made durable on this disk: {flushes(folder):.1f} ms (p50), which every add waits for")
    (first,) = [request for request in stage.server.asked() if is_ours(request)][:1]
    body = json.dumps(first.body.get("response_format"))
    said = sum(len(str(message["content"])) for message in first.body["messages"]) - len(WORDS)
    theirs = next((one for one in stage.server.asked() if not is_ours(one)), None)
    sizes: list[list[object]] = [["holdfast", said + len(body), (said + len(body)) / 4]]
    if theirs is not None:
        letters = sum(len(str(message["content"])) for message in theirs.body["messages"]) - len(WORDS)
        sizes.append(["mem0", letters, letters / 4])
    show("What goes out beside the words themselves", ["", "characters", "tokens at four characters"], sizes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mem0", metavar="PYTHON")
    parser.add_argument("--turns", type=int, default=60)
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    stage = Stage()
    with tempfile.TemporaryDirectory() as folder, stage.server, stamina.set_testing(True, attempts=3, cap=True):
        table(stage, given.mem0, Path(folder))
        cost(stage, Path(folder), given.turns)


if __name__ == "__main__":
    main()
