"""What a call costs on a PostgreSQL server, beside the same call on a SQLite file, in the same run.

    python benchmarks/postgres.py [--facts 1000] [--large 50000] [--calls 300] [--server postgresql://superuser@host/db]

One thread, a user with `--facts` messages that each state a fact, vectors that are made up, so that no model runs. Both
stores lie on the same disk and every acknowledged write is durable. The server is started by this program and spoken to
over a local socket, as a role that owns nothing, unless `--server` names another; a network adds its round trip to each
of the trips that the last column counts.

Four more tables: a search with the vectors on the node and on the server, of that user and of one with `--large`
facts; what a NOTIFY would cost those who write, in the commit or after it; what hints, which are gathered, give and
cost; and `holdfast copy`.
"""

import argparse
import itertools
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import psycopg

from holdfast import Memory
from holdfast.copying import copy_store
from holdfast.protocols import FactQuery
from holdfast.store.postgres import connections
from holdfast.testing import FakeEmbedder, ScriptedExtractor
from measure import show, timed
from servers import analyze, filled_server

DIMENSIONS = 384


REACH = {"search, warm, vector given": "ratio within 2", "add(defer=True): the journal alone": "server p50 under 5"}


def opened(place: str, **options: Any) -> Memory:
    extractor = ScriptedExtractor(lambda message: [message.content.replace("I bought", "User bought")])
    return Memory(place, embedder=FakeEmbedder(DIMENSIONS), extractor=extractor, **options)


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


_SERIES = "generate_series(%(some)s::int, %(all)s::int - %(some)s::int, %(some)s::int) AS n"
_COPIES = f"{_SERIES} WHERE user_id = 'large'"
LARGER = (
    f"""INSERT INTO holdfast.message SELECT user_id, position + n, id || '-' || n, session, agent, role, name, content,
        said_at, metadata, raw, tokens, moment + n, id_digest + n, session_digest FROM holdfast.message, {_COPIES}""",
    f"""INSERT INTO holdfast.fact SELECT made.* FROM holdfast.fact AS f CROSS JOIN LATERAL (
        SELECT made.* FROM {_SERIES}, jsonb_populate_record(f, jsonb_build_object(
            'id', id || '-' || n, 'seq', seq + 8 * n, 'born', seq + 8 * n, 'text_digest', text_digest + n
        )) AS made) AS made WHERE f.user_id = 'large'""",
    # Each has a term of its own and a vector whose numbers are moved along; a message took less than eight numbers.
    f"""INSERT INTO holdfast.key SELECT user_id, seq + 8 * n, position + n, kind, text, start, "end", flags,
        fact || '-' || n, terms || int4send(n),
        subvector(vector, n / %(some)s::int + 1, %(width)s::int) || subvector(vector, 1, n / %(some)s::int)
        FROM holdfast.key, {_COPIES}""",
    "UPDATE holdfast.partition SET seq = seq + 8 * %(all)s::int WHERE user_id = 'large'",
)
"""What makes a user's facts many, copy by copy, faster than they could be learnt."""


def enlarge(url: str, facts: int) -> None:
    """Give a user so many facts, from a thousand that are learnt."""
    new = statements()
    some = min(facts, 1_000)
    with opened(url) as memory:
        memory.add([next(new) for _ in range(some)], user_id="large")
    with psycopg.connect(url, autocommit=True) as db, db.transaction():
        db.execute("SET LOCAL holdfast.user_id = 'large'")
        for query in LARGER if facts > some else ():
            db.execute(query.encode(), {"some": some, "all": facts, "width": DIMENSIONS})
    analyze(url)


def where_vectors_are(url: str, users: dict[str, int], calls: int) -> Iterator[tuple[object, ...]]:
    """Yield what a search takes with the vectors on the node and on the server."""
    questions = [f"thing number {number} in town {number % 31}" for number in range(50)]
    vectors = FakeEmbedder(DIMENSIONS).embed(questions)
    for user, facts in users.items():
        for place in ("node", "server"):
            asked = itertools.cycle(zip(questions, vectors, strict=True))
            with opened(url, vectors_on=place) as memory:
                index = memory._calls.parts.index

                def search(memory: Memory = memory, asked: Any = asked, user: str = user) -> None:
                    question, vector = next(asked)
                    assert memory.search(question, user_id=user, vector=vector)

                def first(index: Any = index, user: str = user, search: Callable[[], None] = search) -> None:
                    index.drop(user)
                    search()

                cold = timed(first, 3, warm=1).wall
                warm = timed(search, calls if facts < 10_000 else calls // 5).row
                yield f"{facts:,}", place, index.nbytes / 1e6, warm[0], warm[1], median(cold), trips(search)


def notifying(url: str, seconds: float) -> Iterator[tuple[object, ...]]:
    """Yield what eight connections commit when each commit notifies four that listen, and when none does."""
    say, soon = b"SELECT pg_notify('news', 'somebody')", b"SET LOCAL synchronous_commit = off"
    insert = b"""INSERT INTO holdfast.quarantine (user_id, position, text, reason, extractor, at)
        VALUES ('noted', 1, repeat('x', 1500), '', '', '')"""
    write = [b"BEGIN", b"SET LOCAL holdfast.user_id = 'noted'", insert]
    ways = {
        "no NOTIFY": [*write, b"COMMIT"],
        "NOTIFY in the commit": [*write, say, b"COMMIT"],
        "NOTIFY after it, not durable, in the same round trip": [*write, b"COMMIT", b"BEGIN", soon, say, b"COMMIT"],
    }
    for name, statements in ways.items():
        listening = [psycopg.connect(url, autocommit=True) for _ in range(4)]
        for one in listening:
            one.execute("LISTEN news")
        took: list[float] = []
        end = time.monotonic() + seconds

        def commit(statements: list[bytes] = statements, end: float = end, took: list[float] = took) -> None:
            with psycopg.connect(url, autocommit=True) as db:
                while time.monotonic() < end:
                    start = time.perf_counter()
                    with db.pipeline():
                        for statement in statements:
                            db.execute(statement)
                    took.append((time.perf_counter() - start) * 1000)

        writers = [threading.Thread(target=commit) for _ in range(8)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        for one in listening:
            one.close()
        yield name, len(took) / seconds, median(took)


def hinted(url: str, seconds: float) -> Iterator[tuple[object, ...]]:
    """Yield what a search takes 50 ms after another node wrote, and what 8 threads write, with hints and without."""
    for hints in (False, True):
        user = f"hints {hints}"
        new, took, counts = statements(), [], [0] * 8
        vector = FakeEmbedder(DIMENSIONS).embed(["thing number 7"])[0]
        with opened(url, hints=hints) as one, opened(url, hints=hints) as other:
            one.add([next(new) for _ in range(500)], user_id=user)
            other.search("thing number 7", user_id=user, vector=vector)
            for _ in range(60):
                one.add(next(new), user_id=user)
                time.sleep(0.05)
                start = time.perf_counter()
                other.search("thing number 7", user_id=user, vector=vector)
                took.append((time.perf_counter() - start) * 1000)
            end = time.monotonic() + seconds

            def write(
                thread: int, memory: Memory = one, counts: list[int] = counts, end: float = end, user: str = user
            ) -> None:
                while time.monotonic() < end:
                    memory.add(f"I bought thing {counts[thread]}.", user_id=f"{user} {thread}")
                    counts[thread] += 1

            threads = [threading.Thread(target=write, args=(thread,)) for thread in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        yield "hints=True" if hints else "none", median(took), sum(counts) / seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--facts", type=int, default=1_000)
    parser.add_argument("--large", type=int, default=50_000)
    parser.add_argument("--calls", type=int, default=300)
    parser.add_argument("--server")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, filled_server(chosen.server) as (url, _):
        path = str(Path(folder) / "bench.db")
        with opened(path) as on_file, opened(url) as on_server:
            files, servers = calls(on_file, chosen.facts), calls(on_server, chosen.facts)
            analyze(url)
            rows: list[tuple[object, ...]] = []
            for name in files:
                times = chosen.calls if "not in memory" not in name else chosen.calls // 10
                one, other = timed(files[name], times).row, timed(servers[name], times).row
                ratio = other[0] / one[0]
                rows.append((name, *one[:2], *other[:2], ratio, trips(servers[name]), REACH.get(name, "")))
        head = ("call", "file p50", "file p95", "server p50", "server p95", "ratio of p50", "round trips", "reach")
        show(f"One user, {chosen.facts:,} facts; milliseconds", head, rows)
        noted = notifying(url, 3)
        show("Eight connections that commit, four that listen", ("each commit", "a second", "p50 (ms)"), noted)
        head = ("hints", "search 50 ms after another node wrote, p50 (ms)", "learnt a second, 8 threads")
        show("Nodes that hear of each other", head, hinted(url, 3))
        moves: list[tuple[object, ...]] = []
        with filled_server(chosen.server) if chosen.server is None else _nothing() as (target, _):
            if target:
                for source, end in ((path, target), (target, str(Path(folder) / "back.db"))):
                    start = time.perf_counter()
                    copied = copy_store(source, end)
                    count = sum(copied.counts.values())
                    seconds = time.perf_counter() - start
                    moves.append((f"to a {'server' if end == target else 'file'}", count, seconds, count / seconds))
        enlarge(url, chosen.large)
        head = ("facts", "vectors on", "MB on the node", "p50 (ms)", "p95 (ms)", "first search (ms)", "round trips")
        users = {"user": chosen.facts, "large": chosen.large}
        show("Search, vector given", head, where_vectors_are(url, users, chosen.calls))
        show("`holdfast copy`, written, read back and compared", ("copy", "rows", "seconds", "rows a second"), moves)


class _nothing:  # noqa: N801 - stands for a second server where only one is at hand
    def __enter__(self) -> tuple[str, None]:
        return "", None

    def __exit__(self, *_: object) -> None:
        pass


if __name__ == "__main__":
    main()
