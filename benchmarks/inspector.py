"""How fast the inspector answers at 10,000 facts of one user, over HTTP, the question embedded each time.

The facts are loaded, each with its message. Their vectors are drawn at random, so that filling takes seconds;
a search does the same work with any vectors, and questions go through the real model.
"""

import argparse
import hashlib
import http.client
import json
import re
import statistics
import tempfile
import threading
import time
import zlib
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import numpy as np

from holdfast import Fingerprint, Memory, TextKind, Vectors
from holdfast.embedders import MiniLM
from holdfast.ui import Server

USER = "ann"
THINGS = "boat kite oboe lamp tent sofa bike desk drum harp".split()  # all as long, so that spans stay where they are
PAGES = {
    "search": "/search?user=ann&q=",
    "facts": "/facts?user=ann",
    "timeline": "/timeline?user=ann",
    "changes": "/changes?user=ann",
    "ledger": "/ledger?user=ann",
}


class DrawnDocuments:
    """Embeds questions with the model and documents by chance, the same text always alike."""

    def __init__(self) -> None:
        self._model = MiniLM()

    @property
    def fingerprint(self) -> Fingerprint:
        return self._model.fingerprint

    def embed(self, texts: Sequence[str], *, kind: TextKind = "document") -> Vectors:
        if kind == "query":
            return self._model.embed(texts, kind=kind)
        rows = [np.random.default_rng(zlib.crc32(text.encode())).standard_normal(384) for text in texts]
        drawn = np.array(rows, dtype=np.float32).reshape(len(texts), 384)
        return np.ascontiguousarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True))

    def count_tokens(self, text: str) -> int:
        return self._model.count_tokens(text)


class Client:
    """One browser: enters with the token and keeps the connection."""

    def __init__(self, url: str) -> None:
        _, _, host, self._entry = url.split("/", 3)
        self._connection = http.client.HTTPConnection(host)
        self._headers: dict[str, str] = {}
        answer = self._ask(f"/{self._entry}")
        self._headers = {"Cookie": (answer.getheader("set-cookie") or "").split(";")[0]}
        answer.read()

    def _ask(self, path: str) -> http.client.HTTPResponse:
        self._connection.request("GET", path, headers=self._headers)
        return self._connection.getresponse()

    def milliseconds(self, path: str) -> tuple[float, float]:
        """Return what a page took by the clock, and of the processor: server and client together."""
        began, worked = time.perf_counter(), time.process_time()
        answer = self._ask(path)
        answer.read()
        taken, work = time.perf_counter() - began, time.process_time() - worked
        assert answer.status == 200, (path, answer.status)
        return taken * 1000, work * 1000


def fill(memory: Memory, facts: int) -> None:
    """Load as many facts as asked: an export of one, said again with other names; keys and vectors are made anew."""
    with Memory(":memory:", embedder=DrawnDocuments()) as one:
        one.add("I own a boat named Vessel1.", user_id=USER, session_id="harbour")
        lines = [json.dumps(line) for line in one.export(USER)]
    head, *rest, _ = lines
    names = re.findall(r'"id": "(\w{20,})"', "".join(rest))
    counts = {name: number * facts for name, number in json.loads(head)["counts"].items()}
    written = [json.dumps({**json.loads(head), "counts": counts, "terms": "made anew"})]
    by_kind: dict[str, list[str]] = {}
    for number in range(1, facts + 1):
        thing = THINGS[number % len(THINGS)]
        for line in rest:
            for name in names:
                line = line.replace(name, f"{name[:16]}{number:08x}")
            line = line.replace("boat named Vessel1", f"{thing} named Vessel{number:05}")
            line = line.replace('"position": 1,', f'"position": {number},').replace('"end": 27', '"end": 31')
            by_kind.setdefault(line[:6], []).append(line)
    written += [line for group in by_kind.values() for line in group]
    canonical = [
        json.dumps(json.loads(line), ensure_ascii=False, sort_keys=True, separators=(",", ":")) for line in written
    ]
    digest = hashlib.sha256("".join(f"{line}\n" for line in canonical).encode()).hexdigest()
    memory.load([*written, json.dumps({"end": {"lines": len(written), "sha256": digest}})])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--facts", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=60)
    chosen = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        Memory(Path(folder) / "memory.db", embedder=DrawnDocuments()) as memory,
    ):
        fill(memory, chosen.facts)
        server = Server(memory)
        thread = threading.Thread(target=server.run)
        thread.start()
        try:
            client = Client(server.url)
            print(f"{memory.count(user_id=USER):,} facts")
            print(f"{'page':10} {'p50 ms':>8} {'p95 ms':>8} {'CPU p50':>8}")
            for name, path in PAGES.items():
                rounds = chosen.rounds if name == "search" else max(5, chosen.rounds // 10)
                asked = [f"{path}{quote(f'which boat is called Vessel{n * 37}?')}" for n in range(rounds)]
                client.milliseconds(asked[0])
                pairs = [client.milliseconds(one if name == "search" else path) for one in asked]
                taken, worked = (sorted(column) for column in zip(*pairs, strict=True))
                late = taken[int(len(taken) * 0.95)]
                print(f"{name:10} {statistics.median(taken):8.1f} {late:8.1f} {statistics.median(worked):8.1f}")
        finally:
            server.stop()
            thread.join()


if __name__ == "__main__":
    main()
