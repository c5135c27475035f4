"""What a call costs on a PostgreSQL server, beside the same call on a SQLite file, in the same run.

    python benchmarks/postgres.py [--facts 1000] [--calls 300] [--server postgresql://superuser@host/postgres]

One thread, a user with `--facts` messages that each state a fact, vectors that are made up, so that no model runs. Both
stores lie on the same disk and every acknowledged write is durable. The server is started by this program and spoken to
over a local socket, as a role that owns nothing, unless `--server` names another; a network adds its round trip to each
of the trips that the last column counts.
"""

import argparse
import itertools
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from holdfast import Memory
from holdfast.copying import copy_store
from holdfast.protocols import FactQuery
from holdfast.store.postgres import connections
from holdfast.testing import FakeEmbedder, ScriptedExtractor
from measure import show, timed
from servers import filled_server

DIMENSIONS = 384


def opened(place: str) -> Memory:
    extractor = ScriptedExtractor(lambda message: [message.content.replace("I bought", "User bought")])
    return Memory(place, embedder=FakeEmbedder(DIMENSIONS), extractor=extractor)


def statements() -> Iterator[str]:
    for number in itertools.count():
        yield f"I bought a {number % 97} inch thing number {number} in town {number % 31}."


def calls(memory: Memory, facts: int) -> dict[str, Callable[[], object]]:
    """Fill a memory and return the calls to time."""
    new = statements()
    memory.add([next(new) for _ in range(facts)], user_id="user")
    store = memory._calls.parts.store
    seq = store.pull("user", 0).seq
    ids = tuple(fact.id for fact in store.facts("user", FactQuery())[:10])
    questions = [f"thing number {number} in town {number % 31}" for number in range(50)]
    vectors = FakeEmbedder(DIMENSIONS).embed(questions)
    asked = itertools.cycle(zip(questions, vectors, strict=True))

    def search() -> None:
        question, vector = next(asked)
        assert memory.search(question, user_id="user", vector=vector)

    def search_after_news() -> None:
        memory.add(next(new), user_id="user")
        search()

    def first_search() -> None:
        memory._calls.parts.index.drop("user")
        search()

    return {
        "is there news of a user? (pull)": lambda: store.pull("user", seq),
        "ten facts by id": lambda: store.facts("user", FactQuery(ids=ids)),
        "search, warm, vector given": search,
        "search of a user who is not in memory": first_search,
        "add(defer=True): the journal alone": lambda: memory.add(next(new), user_id="other", defer=True),
        "add, learnt": lambda: memory.add(next(new), user_id="third"),
        "add, learnt, then search": search_after_news,
    }


def trips(call: Callable[[], object]) -> int:
    """Count how often one call goes to the server and back."""
    original, count = connections.execute_all, 0

    def counting(*arguments: Any) -> Any:
        nonlocal count
        count += 1
        return original(*arguments)

    connections.execute_all = counting
    try:
        call()
    finally:
        connections.execute_all = original
    return count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--facts", type=int, default=1_000)
    parser.add_argument("--calls", type=int, default=300)
    parser.add_argument("--server")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, filled_server(chosen.server) as (url, _):
        path = str(Path(folder) / "bench.db")
        with opened(path) as on_file, opened(url) as on_server:
            files, servers = calls(on_file, chosen.facts), calls(on_server, chosen.facts)
            rows: list[tuple[object, ...]] = []
            for name in files:
                times = chosen.calls if "not in memory" not in name else chosen.calls // 10
                one, other = timed(files[name], times).row, timed(servers[name], times).row
                rows.append((name, *one[:2], *other[:2], other[0] / one[0], trips(servers[name])))
        head = ("call", "file p50", "file p95", "server p50", "server p95", "ratio of p50", "round trips")
        show(f"One user, {chosen.facts:,} facts; milliseconds", head, rows)
        moves: list[tuple[object, ...]] = []
        with filled_server(chosen.server) if chosen.server is None else _nothing() as (target, _):
            if target:
                for source, end in ((path, target), (target, str(Path(folder) / "back.db"))):
                    start = time.perf_counter()
                    copied = copy_store(source, end)
                    count = sum(copied.counts.values())
                    seconds = time.perf_counter() - start
                    moves.append((f"to a {'server' if end == target else 'file'}", count, seconds, count / seconds))
        show("`holdfast copy`, written, read back and compared", ("copy", "rows", "seconds", "rows a second"), moves)


class _nothing:  # noqa: N801 - stands for a second server where only one is at hand
    def __enter__(self) -> tuple[str, None]:
        return "", None

    def __exit__(self, *_: object) -> None:
        pass


if __name__ == "__main__":
    main()
