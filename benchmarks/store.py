"""The store under load, with mem0 beside: recall, durable inserts, filtered search, forgetting, writers side by side.

    python benchmarks/store.py [--mem0 PYTHON] [--users 1000] [--seconds 5]

All vectors are made up and the same for each system; no model runs. `--mem0` names the interpreter of an environment
with mem0ai and faiss-cpu; without it this interpreter is asked. One thread, a file with `synchronous=FULL`.
"""

import argparse
import itertools
import json
import multiprocessing
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from filling import START, Given, exact, fill, journaled, one_fact, store_of, topical
from holdfast import Memory, Message
from holdfast.errors import HoldfastError
from holdfast.lexical import REVISION
from holdfast.store import SQLiteStore
from holdfast.testing import ScriptedExtractor
from measure import Timed, show, timed

FACTS = 20
ASKED = 400


def opened(path: Path, given: Given) -> Memory:
    return Memory(path, embedder=given, extractor=ScriptedExtractor(one_fact()))


def writer(path: str, seconds: float, number: int, ready: Any, results: Any) -> None:
    store = SQLiteStore(path, embedder=Given().fingerprint, terms=REVISION)
    ready.wait(120)
    written, failed, end = 0, 0, time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            store.append(f"writer {number}", [Message("user", f"message {written} of {number}")], now=START)
            written += 1
        except HoldfastError:  # noqa: PERF203 - counted; the table says how many
            failed += 1
    store.close()
    results.put((written, failed))


def writers(path: Path, count: int, seconds: float) -> list[tuple[int, int]]:
    context = multiprocessing.get_context("spawn")
    ready, results = context.Barrier(count), context.Queue()
    processes = [
        context.Process(target=writer, args=(str(path), seconds, number, ready, results)) for number in range(count)
    ]
    for process in processes:
        process.start()
    found = [results.get(timeout=seconds + 300) for _ in processes]
    for process in processes:
        process.join()
    return found


def peer(python: str, folder: Path, kind: str) -> dict[str, float]:
    script = Path(__file__).with_name("peer_mem0.py")
    run = subprocess.run([python, str(script), str(folder), kind], capture_output=True, text=True, check=False)
    if run.returncode:
        reason = "not installed" if "No module named 'mem0'" in run.stderr else run.stderr.strip().split("\n")[-1][:60]
        print(f"mem0 with {kind}: {reason}", file=sys.stderr)
        return {}
    answer: dict[str, float] = json.loads(run.stdout.strip().split("\n")[-1])
    return answer


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--mem0", default=sys.executable, metavar="PYTHON")
    arguments.add_argument("--users", type=int, default=1_000)
    arguments.add_argument("--seconds", type=float, default=5)
    given_arguments = arguments.parse_args()
    users: int = given_arguments.users
    folder = Path(tempfile.mkdtemp())
    try:
        measure(folder, users, given_arguments.seconds, given_arguments.mem0)
    finally:
        shutil.rmtree(folder)


def measure(folder: Path, users: int, seconds: float, python: str) -> None:
    chance = np.random.default_rng(5)
    topics = chance.integers(0, 10, size=(users, FACTS))
    vectors = topical(chance, topics.reshape(-1)).reshape(users, FACTS, -1)
    asked = chance.integers(0, users, size=ASKED)
    queries = topical(chance, chance.integers(0, 10, size=ASKED))
    nearest = [exact(vectors[user], query, 5) for user, query in zip(asked, queries, strict=True)]

    given = Given()
    memory = opened(folder / "bench.db", given)
    store, index = store_of(memory), memory._calls.parts.index
    names_of_new = (f"new {number}" for number in itertools.count())

    def commits() -> Timed:
        """Time the transaction that makes one fact durable, its message being in the journal."""
        new = [next(names_of_new) for _ in range(205)]
        writes = iter([(name, journaled(store, name, range(1), topics[0], vectors[0])) for name in new])

        def commit() -> None:
            name, write = next(writes)
            store.commit(name, lambda _: write)

        return timed(commit, 200)

    empty_ms = commits()
    for user in range(users):
        fill(store, f"user{user}", topics[user], vectors[user])

    found: list[float] = []
    for user, query, want in zip(asked, queries, nearest, strict=True):
        with index.partition(f"user{user}") as partition:
            hits = np.argsort(-partition.cosines(query))[:5]
            positions = {partition.places[partition.columns.message[hit]].position - 1 for hit in hits}
        found.append(len(positions & want) / 5)

    pairs = itertools.cycle(zip(asked.tolist(), queries, strict=True))
    questions = {f"what about topic {number}?": query for number, query in enumerate(queries)}
    given.known.update(questions)
    names = itertools.cycle(zip(asked.tolist(), questions, strict=True))

    def dense() -> None:
        user, query = next(pairs)
        with index.partition(f"user{user}") as partition:
            partition.cosines(query).argsort()

    def whole() -> None:
        user, question = next(names)
        memory.search(question, user_id=f"user{user}", limit=5)

    dense_ms, whole_ms = timed(dense, 2_000), timed(whole, 1_000)

    numbers = itertools.count()

    def add() -> None:
        memory.add(f"I like new thing number {next(numbers)}.", user_id="user1")

    def journal() -> None:
        number = next(numbers)
        store.append("user2", [Message("user", f"message {number}", id=f"n{number}")], now=START)

    insert_ms = commits()
    add_ms, journal_ms = timed(add, 200), timed(journal, 200)

    begin = time.perf_counter()
    receipt = memory.forget("user7")
    forget = time.perf_counter() - begin
    remove = removal(store)
    memory.close()

    np.savez(
        folder / "rows.npz",
        vectors=vectors.reshape(users * FACTS, -1),
        users=np.repeat(np.arange(users), FACTS),
    )
    wanted = [[user * FACTS + row for row in rows] for user, rows in zip(asked, nearest, strict=True)]
    np.savez(folder / "asked.npz", queries=queries, users=asked, nearest=np.array(wanted))
    faiss, qdrant = (peer(python, folder, kind) for kind in ("faiss", "qdrant"))

    def beside(name: str) -> list[object]:
        return [one.get(name, "-") for one in (faiss, qdrant)]

    show(
        f"{users:,} users x {FACTS} facts, {users * FACTS:,} rows; milliseconds, p50",
        ("what", "holdfast", "of it CPU", "mem0 FAISS", "mem0 Qdrant", "reach"),
        [
            ("recall of the exact top 5", float(np.mean(found)), "", *beside("recall"), "1.0"),
            ("search in one user, vectors alone", dense_ms.row[0], dense_ms.row[2], *beside("search_ms"), "under 0.3"),
            ("search in one user, all of it", whole_ms.row[0], whole_ms.row[2], "", "", ""),
            ("durable journal of one message", journal_ms.row[0], journal_ms.row[2], "", "", "under 2"),
            ("durable insert of one fact", insert_ms.row[0], insert_ms.row[2], *beside("insert_ms"), "under 2"),
            ("the same in an empty file", empty_ms.row[0], empty_ms.row[2], "", "", "as much"),
            ("add: journal, extract, compare, commit", add_ms.row[0], add_ms.row[2], "", "", ""),
            ("forget one user, proved by scan", forget * 1000, "", "", "", "under 2,000"),
            ("forget one user, rows alone", remove * 1000, "", *beside("forget_ms"), "under 50"),
        ],
    )
    print(f"\nscanned {sum(receipt.scanned.values()):,} bytes for {receipt.looked_for:,} pieces")

    counts = writers(folder / "writers.db", 8, seconds)
    written = [count for count, _ in counts]
    show(
        f"8 writing processes on one file, {seconds:g} s",
        ("messages/s", "slowest", "fastest", "ratio", "errors", "reach"),
        [
            (
                round(sum(written) / seconds), min(written), max(written), max(written) / max(1, min(written)),
                sum(failed for _, failed in counts), "ratio under 3, no error",
            )
        ],
    )  # fmt: skip


def removal(store: SQLiteStore) -> float:
    """Return the seconds that it takes to delete the rows of one user, without the proof."""
    from holdfast.store.forgetting import remove_user
    from holdfast.store.writing import partition_of

    start = time.perf_counter()
    store._database.write(lambda db: remove_user(db, "user9", partition_of(db, "user9")))
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
