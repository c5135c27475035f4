"""The mem0 half of `store.py`, run by the interpreter of an environment that has mem0ai and faiss-cpu.

    python benchmarks/peer_mem0.py FOLDER faiss|qdrant

FOLDER holds `rows.npz` (vectors, users, topics) and `asked.npz` (queries and whose they are). Prints a JSON object.
The language model is never called (`infer=False`) and the embedder hands out the given vectors.
"""

import json
import os
import sys
import time
from pathlib import Path
from statistics import median
from unittest.mock import MagicMock

os.environ["MEM0_TELEMETRY"] = "False"
os.environ.setdefault("OPENAI_API_KEY", "none")

import numpy as np
from mem0 import Memory


class Given:
    """Hands out the next vector, whatever the text."""

    def __init__(self) -> None:
        self.next: list[float] = []
        self.config = MagicMock(embedding_dims=384)

    def embed(self, text, memory_action=None):
        return self.next

    def embed_batch(self, texts, memory_action=None):
        return [self.next for _ in texts]


def timed(call) -> float:
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000


def main(folder: Path, kind: str) -> None:
    rows, asked = np.load(folder / "rows.npz"), np.load(folder / "asked.npz")
    place = folder / kind
    os.environ["MEM0_DIR"] = str(place / "home")
    config = {"path": str(place), "collection_name": "bench", "embedding_model_dims": 384}
    if kind == "qdrant":
        config["on_disk"] = True
    else:
        config["distance_strategy"] = "inner_product"
    memory = Memory.from_config(
        {"vector_store": {"provider": kind, "config": config}, "history_db_path": str(place / "history.db")}
    )
    given = memory.embedding_model = Given()
    vectors, users = rows["vectors"], rows["users"]
    payloads = [
        {"data": f"fact {n}", "user_id": f"user{user}", "hash": str(n), "created_at": "2025-01-01T00:00:00+00:00"}
        for n, user in enumerate(users)
    ]
    start = time.perf_counter()
    for first in range(0, len(vectors), 5_000):
        part = slice(first, first + 5_000)
        memory.vector_store.insert(
            vectors=vectors[part].tolist(),
            payloads=payloads[part],
            ids=[f"00000000-0000-4000-8000-{n:012d}" for n in range(len(vectors))[part]],
        )
    result = {"fill_s": time.perf_counter() - start}
    found, taken = [], []
    limit = time.perf_counter() + 60
    for query, user, want in zip(asked["queries"], asked["users"], asked["nearest"], strict=True):
        given.next = query.tolist()
        begin = time.perf_counter()
        hits = memory.vector_store.search("", given.next, top_k=5, filters={"user_id": f"user{user}"})
        taken.append((time.perf_counter() - begin) * 1000)
        ids = {int(str(hit.id)[-12:]) for hit in hits}
        found.append(len(ids & set(want.tolist())) / len(want))
        if time.perf_counter() > limit:
            break
    result |= {"recall": float(np.mean(found)), "search_ms": median(taken), "searches": len(taken)}
    given.next = vectors[0].tolist()
    result["insert_ms"] = median(
        timed(lambda n=n: memory.add(f"a new fact number {n}", user_id="user1", infer=False)) for n in range(5)
    )
    result["forget_ms"] = timed(lambda: memory.delete_all(user_id="user7"))
    print(json.dumps(result))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
