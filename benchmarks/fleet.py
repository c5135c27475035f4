"""Several nodes on one PostgreSQL server: under load, with a node killed and the server restarted, and on paper.

    python benchmarks/fleet.py [--nodes 4] [--users 1000] [--seconds 60] [--server postgresql://superuser@host/postgres]

Each node is a process with a memory of its own on the same server: 80 % searches, 20 % `add` of a message that states a
fact, users drawn by Zipf's law. Every message names its user and a number that is given once. Afterwards the journal is
read whole: what was acknowledged must be there once, each fact once, and no search may have returned another user's
words. Beside the load, one process adds and another searches until it finds: that time is counted from the moment at
which `add` returned.

The second run kills a node in the middle (SIGKILL) and restarts the server without a checkpoint; nodes send again what
failed with an error that says so. It is left out with `--server`.

The simulation multiplies unit costs that this run measured; nothing in it is taken from elsewhere but the assumptions
that are printed with it.
"""

import argparse
import json
import logging
import multiprocessing
import os
import random
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median, quantiles
from typing import Any, TypeVar

import psycopg

from holdfast import Memory
from holdfast.errors import StorageError
from holdfast.store.postgres.store import POOL
from holdfast.testing import FakeEmbedder, ScriptedExtractor
from measure import show
from servers import filled_server

DIMENSIONS = 384
TOPICS = "tea coffee chess tennis jazz hiking sailing baking painting running".split()
_R = TypeVar("_R")
SPAWN = multiprocessing.get_context("spawn")

# The simulation's assumptions, printed with its result.
TURNS, TOKENS, CONTEXT, HISTORY_TURNS = 20, 60, 600, 1_000
FILLED = 2_000  # messages that are added to weigh them


def opened(url: str) -> Memory:
    extractor = ScriptedExtractor(lambda message: [message.content.replace("I like", "User likes")])
    return Memory(url, embedder=FakeEmbedder(DIMENSIONS), extractor=extractor)


def zipf(users: int) -> list[float]:
    return [1 / (rank + 1) for rank in range(users)]


def work(url: str, name: str, users: int, seconds: float, log: str) -> None:
    """Be a node: search and add until time is up, and write down what was acknowledged, line by line."""
    logging.getLogger("psycopg").addHandler(logging.NullHandler())  # a server that restarts is what is wanted
    chance = random.Random(name)
    weights = zipf(users)
    names = [f"user {number}" for number in range(users)]
    tally: Counter[str] = Counter()
    times: dict[str, list[float]] = {"search": [], "add": []}
    with opened(url) as memory, Path(log).open("w", buffering=1) as file:
        end = time.monotonic() + seconds
        number = 0
        while time.monotonic() < end:
            (user,) = chance.choices(names, weights)
            start = time.perf_counter()
            if chance.random() < 0.8:
                mixed = search(memory, user, chance.choice(TOPICS), tally)
                times["search"].append(time.perf_counter() - start)
                tally["mixed"] += mixed
                continue
            number += 1
            content = f"I like {chance.choice(TOPICS)} {name}-{number} of {user}."
            send(memory, user, content, f"{name}-{number}", tally)
            times["add"].append(time.perf_counter() - start)
            file.write(json.dumps(["added", user, content]) + "\n")
        file.write(json.dumps(["done", dict(tally), times]) + "\n")


def again(call: Callable[[], _R], tally: Counter[str]) -> _R:
    """Call until the server lets it through."""
    while True:
        try:
            return call()
        except StorageError as error:  # noqa: PERF203 - a call that is sent again is what this counts
            tally["retried" if error.retryable else "errors"] += 1


def search(memory: Memory, user: str, topic: str, tally: Counter[str]) -> int:
    """Search; return how many hits are another user's."""
    hits = again(lambda: memory.search(f"do I like {topic}?", user_id=user), tally)
    return sum(f"of {user}." not in str(hit) for hit in hits)


def send(memory: Memory, user: str, content: str, id: str, tally: Counter[str]) -> None:
    again(lambda: memory.add({"role": "user", "content": content, "id": id}, user_id=user), tally)


def answer(url: str, pipe: Connection) -> None:
    """Be the node that looks for what another one has just added."""
    with opened(url) as memory:
        pipe.send("ready")
        while (asked := pipe.recv()) is not None:
            user, content = asked
            while all(content not in str(hit) for hit in memory.search(content, user_id=user)):
                pass
            pipe.send(time.monotonic())


def until_found(url: str, seconds: float) -> list[float]:
    """Return the milliseconds from the return of `add` on one node until another has found it."""
    here, there = SPAWN.Pipe()
    other = SPAWN.Process(target=answer, args=(url, there), daemon=True)
    other.start()
    here.recv()
    waited: list[float] = []
    end = time.monotonic() + seconds
    with opened(url) as memory:
        while time.monotonic() < end:
            user, thing = f"probe {len(waited) % 20}", f"probe-{len(waited)}"
            memory.add(f"I like {thing}.", user_id=user)
            start = time.monotonic()
            here.send((user, thing))
            waited.append((here.recv() - start) * 1000)
    here.send(None)
    other.join()
    return waited


@dataclass
class Outcome:
    """What became of a load."""

    acknowledged: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    tally: Counter[str] = field(default_factory=Counter[str])
    times: dict[str, list[float]] = field(default_factory=lambda: {"search": [], "add": []})
    lost: int = 0
    twice: int = 0


def gather(logs: list[Path]) -> Outcome:
    outcome = Outcome()
    for log in logs:
        for line in log.read_text().splitlines():
            what, *rest = json.loads(line) if line.endswith("]") else ("cut",)
            if what == "added":
                outcome.acknowledged.setdefault(rest[0], set()).add(rest[1])
            elif what == "done":
                outcome.tally.update(rest[0])
                for kind, seconds in rest[1].items():
                    outcome.times[kind] += seconds
    return outcome


def verify(url: str, outcome: Outcome) -> list[str]:
    """Read the whole journal and compare it with what was acknowledged; return what the store finds wrong in itself."""
    with opened(url) as memory:
        while memory.pending():
            memory.process()
        for user, contents in outcome.acknowledged.items():
            journal = Counter(message.content for message in memory.messages(user_id=user, session_id="*"))
            facts = Counter(fact.text for fact in memory.get_all(user_id=user, superseded=True))
            outcome.lost += sum(content not in journal for content in contents)
            outcome.twice += sum(count > 1 for count in journal.values())
            outcome.twice += sum(facts[content.replace("I like", "User likes")] != 1 for content in contents)
            outcome.tally["mixed"] += sum(f"of {user}." not in content for content in journal)
        return list(memory.check().findings)


def nodes(url: str, count: int, users: int, seconds: float, folder: Path, name: str) -> Iterator[tuple[Any, Path]]:
    for number in range(count):
        log = folder / f"{name}{number}.jsonl"
        process = SPAWN.Process(target=work, args=(url, f"{name}{number}", users, seconds, str(log)), daemon=True)
        process.start()
        yield process, log


def load(url: str, chosen: argparse.Namespace, folder: Path) -> Outcome:
    running = list(nodes(url, chosen.nodes, chosen.users, chosen.seconds, folder, "n"))
    waited = until_found(url, chosen.seconds)
    for process, _ in running:
        process.join()
    outcome = gather([log for _, log in running])
    findings = verify(url, outcome)
    calls = sum(map(len, outcome.times.values()))
    search_ms, add_ms = (sorted(1000 * one for one in outcome.times[kind]) for kind in ("search", "add"))
    show(
        f"{chosen.nodes} nodes, {chosen.users:,} users, {chosen.seconds:g} s; {os.cpu_count()} processors for all",
        ("what", "is", "reach"),
        [
            ("calls", calls, ""),
            ("calls a second", calls / chosen.seconds, ""),
            ("errors", outcome.tally["errors"] + outcome.tally["retried"] + len(findings), "0"),
            ("acknowledged and lost", outcome.lost, "0"),
            ("learnt or journaled twice", outcome.twice, "0"),
            ("another user's words", outcome.tally["mixed"], "0"),
            ("search p50, p95 (ms)", f"{median(search_ms):.3g}, {quantiles(search_ms, n=20)[-1]:.3g}", ""),
            ("add p50, p95 (ms)", f"{median(add_ms):.3g}, {quantiles(add_ms, n=20)[-1]:.3g}", ""),
            ("found on another node: p50 (ms)", median(waited), ""),
            ("found on another node: p95 (ms)", quantiles(waited, n=20)[-1], "50"),
        ],
    )
    return outcome


def chaos(url: str, server: Any, chosen: argparse.Namespace, folder: Path) -> None:
    running = list(nodes(url, chosen.nodes, chosen.users, chosen.seconds / 2, folder, "c"))
    while not all(log.exists() and log.stat().st_size for _, log in running):
        time.sleep(0.05)
    os.kill(running[0][0].pid, signal.SIGKILL)
    time.sleep(chosen.seconds / 10)
    start = time.monotonic()
    server.restart("immediate")
    away = time.monotonic() - start
    for process, _ in running:
        process.join()
    outcome = gather([log for _, log in running])
    findings = verify(url, outcome)
    show(
        f"A node killed, the server restarted without a checkpoint ({away:.1f} s), under load",
        ("what", "is", "reach"),
        [
            ("acknowledged", sum(map(len, outcome.acknowledged.values())), ""),
            ("acknowledged and lost", outcome.lost, "0"),
            ("learnt or journaled twice", outcome.twice, "0"),
            ("another user's words", outcome.tally["mixed"], "0"),
            ("calls sent again", outcome.tally["retried"], ""),
            ("errors that may not be retried, findings", outcome.tally["errors"] + len(findings), "0"),
        ],
    )


def stored(url: str) -> int:
    query = "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relnamespace = 'holdfast'::regnamespace"
    with psycopg.connect(url) as db:
        return int((db.execute(f"{query} AND relkind = 'r'".encode()).fetchone() or (0,))[0])


def unit_costs(url: str) -> tuple[float, float]:
    """Return the bytes on disk and in a node's memory of one message with its fact, from some that are added for it."""
    before = stored(url)
    with opened(url) as memory:
        for start in range(0, FILLED, 200):
            said = [f"I like {TOPICS[number % 10]} number {number}." for number in range(start, start + 200)]
            memory.add(said, user_id=f"filler {start // 200 % 10}")
        for user in range(10):
            memory.search("tea", user_id=f"filler {user}")
        resident = memory._calls.parts.index.nbytes
    return (stored(url) - before) / FILLED, resident / FILLED


def simulate(url: str, outcome: Outcome, chosen: argparse.Namespace) -> None:
    """Print what a fleet would take, from what a message cost here."""
    disk, resident = unit_costs(url)
    busy = {kind: median(times) for kind, times in outcome.times.items()}
    print(
        f"\nMeasured here: {disk:,.0f} bytes of disk and {resident:,.0f} bytes of a node's memory a message with its"
        f" fact, indexes\nand history; search {1000 * busy['search']:.1f} ms, add {1000 * busy['add']:.1f} ms"
        f" (medians, under load).\nAssumed: {TURNS} questions and as many messages a user and day,"
        f" {HISTORY_TURNS:,} messages a user already, {TOKENS} tokens a message,\na context of {CONTEXT} tokens,"
        f" {chosen.price:g} a million tokens read, {chosen.core:g} a processor and day,"
        f" {chosen.disk:g} a gigabyte of disk and day."
    )
    rows: list[tuple[object, ...]] = []
    for users, count in ((10_000, 2), (10_000, 8), (10_000_000, 500), (10_000_000, 2_000)):
        seconds = users * TURNS * (busy["search"] + busy["add"])
        processors = seconds / 86_400 * chosen.peak
        gigabytes = users * HISTORY_TURNS * disk / 1e9
        tokens = users * TURNS / 1e6 * chosen.price
        machines = processors * chosen.core + gigabytes * chosen.disk
        memory_gb = users * chosen.active * HISTORY_TURNS * resident / count / 1e9
        rows.append(
            (
                f"{users:,}", count, memory_gb, count * POOL, gigabytes, processors,
                f"{machines:,.2f}", f"{tokens * CONTEXT:,.2f}", f"{tokens * HISTORY_TURNS * TOKENS:,.2f}",
            )
        )  # fmt: skip
    head = (
        "daily users", "nodes", "GB of memory a node", "connections at most", "GB of disk", "processors at the peak",
        "machines a day", "tokens a day", "full history a day",
    )  # fmt: skip
    peak = f"the peak hour is {chosen.peak:g} times the mean, and {chosen.active:.0%} of the users are in memory then"
    show(f"Simulation: {peak}", head, rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nodes", type=int, default=4)
    parser.add_argument("--users", type=int, default=1_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--price", type=float, default=1.0, help="of a million tokens that a model reads")
    parser.add_argument("--core", type=float, default=1.0, help="of a processor a day")
    parser.add_argument("--disk", type=float, default=0.004, help="of a gigabyte of disk a day")
    parser.add_argument("--peak", type=float, default=4.0, help="the peak hour against the mean")
    parser.add_argument("--active", type=float, default=0.05, help="share of the users who are in memory at the peak")
    parser.add_argument("--server")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        with filled_server(chosen.server) as (url, _):
            simulate(url, load(url, chosen, Path(folder)), chosen)
        if chosen.server is None:
            with filled_server() as (url, server):
                chaos(url, server, chosen, Path(folder))


if __name__ == "__main__":
    main()
