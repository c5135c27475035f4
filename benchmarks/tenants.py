"""What one user's search costs as users grow, and what a large memory costs: both must depend on that user alone.

    python benchmarks/tenants.py [--users 10,100,1000] [--facts 100] [--large 20000] [--full]

`--full` is 10 to 10,000 users with 100 facts each, one million facts, and 100,000 facts of one user: about 3 GB of disk
and half an hour. Vectors are made up, so no model runs; "vectors alone" is the partition's FAISS index under its lock,
"whole search" is `Memory.search` with the question's vector given, texts fetched and all. Recall is of the exact ten
nearest, by a matrix product over the vectors as they are stored.
"""

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

import numpy as np

from filling import DIMENSIONS, TOPICS, Given, exact, fill, store_of, topical
from holdfast import Memory
from holdfast.index import Index
from holdfast.testing import ScriptedExtractor
from measure import show, timed

NEAREST = 10
ASKED = 300


def resident() -> float:
    """Return the megabytes of memory that this process holds."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def opened(path: Path, given: Given) -> Memory:
    return Memory(path, embedder=given, extractor=ScriptedExtractor())


def recall(index: Index, user: str, vectors: np.ndarray, queries: np.ndarray) -> float:
    found: list[float] = []
    with index.partition(user) as partition:
        places = np.array([place.position for place in partition.places])
        for query in queries:
            best = np.argsort(-partition.cosines(query))[:NEAREST]
            positions = set((places[partition.columns.message[best]] - 1).tolist())
            found.append(len(positions & exact(vectors, query, NEAREST)) / NEAREST)
    return float(np.mean(found))


def growing(folder: Path, steps: list[int], facts: int) -> Iterator[tuple[object, ...]]:
    """Fill one file further and further, and measure one user's search at each step."""
    chance = np.random.default_rng(8)
    given = Given()
    queries = topical(chance, chance.integers(0, TOPICS, size=ASKED))
    questions = [f"what about topic {number}?" for number in range(ASKED)]
    given.known.update(zip(questions, queries, strict=True))
    path = folder / "tenants.db"
    users, first, kept = 0, 0.0, np.zeros((0, DIMENSIONS), dtype=np.float32)
    for step in steps:
        memory = opened(path, given)
        store = store_of(memory)
        for user in range(users, step):
            topics = chance.integers(0, TOPICS, size=facts)
            vectors = topical(chance, topics)
            fill(store, f"user{user}", topics, vectors)
            if user == 0:
                kept = vectors
        users = step
        memory.close()

        start = time.perf_counter()
        memory = opened(path, given)
        opening = (time.perf_counter() - start) * 1000
        before = resident()
        index = memory._calls.parts.index
        asked = iter(range(10_000))

        def dense(index: Index = index, asked: Iterator[int] = asked) -> None:
            with index.partition("user0") as partition:
                partition.cosines(queries[next(asked) % ASKED])

        def whole(memory: Memory = memory, asked: Iterator[int] = asked) -> None:
            memory.search(questions[next(asked) % ASKED], user_id="user0")

        cold = [timed(lambda n=n, m=memory: m.search(questions[0], user_id=f"user{n}"), 1, warm=0).wall[0] for n in
                chance.permutation(step)[:ASKED].tolist()]  # fmt: skip
        alone, complete = timed(dense, 2_000), timed(whole, 500)
        first = first or alone.row[0]
        wall = complete.wall
        yield (
            f"{step:,}", f"{step * facts:,}", alone.row[0], alone.row[0] / first, complete.row[0], complete.row[2],
            quantiles(wall, n=100)[-1], median(cold), quantiles(cold, n=100)[-1] if len(cold) > 99 else max(cold),
            recall(index, "user0", kept, queries[:50]), opening, (resident() - before),
            path.stat().st_size / 1e6,
        )  # fmt: skip
        memory.close()


def large(folder: Path, facts: int) -> tuple[object, ...]:
    """Fill one user's memory and measure its search, a supersession and a deletion in it."""
    chance = np.random.default_rng(9)
    given = Given()
    topics = chance.integers(0, TOPICS, size=facts)
    vectors = topical(chance, topics)
    queries = topical(chance, chance.integers(0, TOPICS, size=ASKED))
    given.known["what about it?"] = queries[0]
    memory = opened(folder / "large.db", given)
    fill(store_of(memory), "user0", topics, vectors)
    index = memory._calls.parts.index
    start = time.perf_counter()
    with index.partition("user0") as partition:
        nbytes = partition.nbytes
    loading = (time.perf_counter() - start) * 1000
    asked = iter(range(10_000))

    def dense() -> None:
        with index.partition("user0") as partition:
            partition.cosines(queries[next(asked) % ASKED])

    alone = timed(dense, 300)
    whole = timed(lambda: memory.search("what about it?", user_id="user0"), 30)
    found = recall(index, "user0", vectors, queries[:100])
    memory.delete(f"user0-{facts // 2}", user_id="user0")
    start = time.perf_counter()
    dense()
    again = (time.perf_counter() - start) * 1000
    memory.close()
    return f"{facts:,}", loading, alone.row[0], alone.row[2], whole.row[0], whole.row[2], found, again, nbytes / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", default="10,100,1000")
    parser.add_argument("--facts", type=int, default=100)
    parser.add_argument("--large", type=int, default=20_000)
    parser.add_argument("--full", action="store_true")
    arguments = parser.parse_args()
    steps = [10, 100, 1_000, 10_000] if arguments.full else [int(step) for step in arguments.users.split(",")]
    folder = Path(tempfile.mkdtemp())
    try:
        show(
            f"Search in one user of {arguments.facts} facts as others come along; milliseconds",
            (
                "users", "facts in all", "vectors alone p50", "ratio", "whole p50", "of it CPU", "whole p99",
                "cold p50", "cold p99", "recall", "open", "memory MB", "file MB",
            ),
            growing(folder, steps, arguments.facts),
        )  # fmt: skip
        show(
            "Search in one large memory; milliseconds",
            (
                "facts", "load", "vectors alone p50", "of it CPU", "whole p50", "of it CPU", "recall",
                "first after a deletion", "index MB",
            ),
            [large(folder, size) for size in ([20_000, 100_000] if arguments.full else [arguments.large])],
        )  # fmt: skip
        print("\nreach: ratio near 1; whole p99 under 2 warm, cold p50 under 10, open under 200; recall 1;")
        print("100,000 facts of one user under 5")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
