"""What memory adds to a turn in LangChain, at 1,000 facts of one user.

    python benchmarks/langchain_adapter.py

An agent of `create_agent` with a fake model that answers at once, without and with the middleware; the retriever and
`with_memory` beside it. Wall time of single calls, the embedded embedder and extractor, a file with `synchronous=FULL`.
Learning is deferred (`learn="later"`): it runs beside the chat and is measured by benchmarks/memory.py.

Then the long-term store beside LangGraph's own two, at 10,000 items, all with one embedder that costs next to nothing:
what is compared is the stores. `SqliteStore` is measured where it is installed (langgraph-checkpoint-sqlite), and finds
by meaning where sqlite-vec is too and Python's sqlite3 may load extensions.
"""

import asyncio
import itertools
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from langchain.agents import create_agent
from langchain_core.embeddings import Embeddings
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, HumanMessage
from langchain_core.runnables import RunnableConfig
from langgraph.store.base import BaseStore, IndexConfig, PutOp
from langgraph.store.memory import InMemoryStore
from pydantic import Field

from holdfast import Memory
from holdfast.testing import FakeEmbedder
from langchain_holdfast import HoldfastMiddleware, HoldfastRetriever, HoldfastStore, flush, with_memory
from measure import show, timed
from memory import FACTS, PLACES, THINGS, statements

TURNS = 50
RUNS = 200
ITEMS = 10_000
SPACES = 10
WIDTH = 384


class Model(GenericFakeChatModel):
    """Answers at once, and keeps what it was shown."""

    seen: list[list[Any]] = Field(default_factory=list)

    def _generate(self, messages: list[Any], *rest: Any, **options: Any) -> Any:
        self.seen.append(messages)
        return super()._generate(messages, *rest, **options)


def model() -> Model:
    return Model(messages=(AIMessage(f"answer {number}") for number in itertools.count()))


def questions() -> Iterator[str]:
    asked = [f"which {thing} did I get in {place}, number {{}}?" for thing in THINGS for place in PLACES]
    return (text.format(number) for number, text in enumerate(itertools.cycle(asked)))


def run(user_id: str, thread_id: str) -> RunnableConfig:
    return {"configurable": {"user_id": user_id, "thread_id": thread_id}}


def overhead(memory: Memory) -> None:
    asked, threads = questions(), itertools.count()

    def turn(agent: Any) -> None:
        agent.invoke({"messages": [HumanMessage(next(asked))]}, run("user", f"t{next(threads)}"))

    plain = create_agent(model())
    with_middleware = create_agent(model(), middleware=[HoldfastMiddleware(memory, learn="later")])
    bare, chain = model(), with_memory(model(), memory, learn="later")
    retriever = HoldfastRetriever(memory=memory, user_id="user")
    times = {
        "agent without memory": timed(lambda: turn(plain), TURNS),
        "agent with HoldfastMiddleware": timed(lambda: turn(with_middleware), TURNS),
        "model alone": timed(lambda: bare.invoke(next(asked)), TURNS),
        "with_memory(model)": timed(lambda: chain.invoke(next(asked), run("user", f"t{next(threads)}")), TURNS),
        "HoldfastRetriever.invoke": timed(lambda: retriever.invoke(next(asked)), TURNS),
        "Memory.search, k=4": timed(lambda: memory.search(next(asked), user_id="user", limit=4), TURNS),
        "Memory.context": timed(lambda: memory.context(next(asked), user_id="user"), TURNS),
    }
    show(
        f"One turn, {memory.count(user_id='user'):,} facts of the user; milliseconds",
        ("call", "p50", "p95", "p50 CPU"),
        [(name, *measured.row) for name, measured in times.items()],
    )
    added = times["agent with HoldfastMiddleware"].row[0] - times["agent without memory"].row[0]
    show(
        "Added by memory; milliseconds",
        ("what", "p50", "reach"),
        [
            ("the middleware, per agent turn", added, "under 25"),
            ("the retriever, per invoke", times["HoldfastRetriever.invoke"].row[0], "under 15"),
        ],
    )


def prefix(memory: Memory) -> int:
    """Return how many different system messages fifty turns had that taught nothing."""
    shown = model()
    agent = create_agent(shown, middleware=[HoldfastMiddleware(memory)], system_prompt="Be brief.")
    asked = questions()
    for _ in range(TURNS):
        agent.invoke({"messages": [HumanMessage(next(asked))]}, run("user", "prefix"))
        flush(memory)
    return len({messages[0].text for messages in shown.seen})


async def together(memory: Memory) -> tuple[float, int]:
    """Return the seconds that concurrent runs take, and how many of their journals are not as they were said."""
    agent = create_agent(model(), middleware=[HoldfastMiddleware(memory)])

    async def turn(number: int) -> None:
        asked = {"messages": [HumanMessage(f"number {number}?")]}
        await agent.ainvoke(asked, run(f"user {number % 2}", f"t{number}"))

    start = time.perf_counter()
    await asyncio.gather(*map(turn, range(RUNS)))
    took = time.perf_counter() - start
    flush(memory)
    wrong = 0
    for number in range(RUNS):
        said = memory.messages(user_id=f"user {number % 2}", session_id=f"t{number}")
        wrong += [one.role for one in said] != ["user", "assistant"] or said[0].content != f"number {number}?"
    return took, wrong


class Quick(Embeddings):
    """The embedder of all three stores."""

    _fake = FakeEmbedder(WIDTH)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self._fake.embed(texts).tolist()  # type: ignore[no-any-return]

    def embed_query(self, text: str) -> list[float]:
        return self._fake.embed([text], kind="query")[0].tolist()  # type: ignore[no-any-return]


def item(number: int) -> PutOp:
    text = f"the user got thing number {number} in {PLACES[number % len(PLACES)]}"
    return PutOp(("memories", f"user{number % SPACES}"), str(number), {"text": text, "number": number})


def measured(store: BaseStore, *, by_meaning: bool, durable: str) -> list[object]:
    """Return the medians of single calls on a store that holds ITEMS items."""
    for start in range(0, ITEMS, 250):
        store.batch([item(number) for number in range(start, start + 250)])
    more, asked = itertools.count(ITEMS), questions()

    def put() -> None:
        one = item(next(more))
        assert one.value is not None
        store.put(one.namespace, one.key, one.value)

    def search(namespace: tuple[str, ...], query: str | None) -> object:
        return store.search(namespace, query=query)

    calls: list[tuple[Any, int]] = [
        (put, 50),
        (lambda: store.get(("memories", "user3"), "3"), 100),
        (lambda: search(("memories", "user3"), None), 30),
        (lambda: search(("memories", "user3"), next(asked)), 20),
        (lambda: search(("memories",), next(asked)), 10),
    ]
    by_words = calls if by_meaning else calls[:3]
    found: list[object] = [timed(call, times, warm=2).row[0] for call, times in by_words]
    return [durable, *found, *["-"] * (len(calls) - len(found))]


def sqlite_store(path: Path) -> tuple[Any, bool] | str:
    """Return LangGraph's store on SQLite, opened, and whether it finds by meaning here; or why there is none."""
    try:
        from langgraph.store.sqlite import SqliteStore
    except ImportError:
        return "langgraph-checkpoint-sqlite is not installed"
    index: Any = {"dims": WIDTH, "embed": Quick(), "fields": ["text"]}
    try:
        opened = SqliteStore.from_conn_string(str(path), index=index)
        store = opened.__enter__()
        store.setup()
    except (AttributeError, ImportError, sqlite3.Error) as error:
        print(f"\nSqliteStore without vectors: {type(error).__name__}: {error}")
        opened = SqliteStore.from_conn_string(str(path.with_suffix(".plain.db")))
        store = opened.__enter__()
        store.setup()
        return (opened, store), False
    return (opened, store), True


def stores(folder: Path) -> None:
    rows: list[list[object]] = []
    with Memory(folder / "store.db", embedder=FakeEmbedder(WIDTH)) as memory:
        ours = HoldfastStore(memory, index={"fields": ["text"]})
        rows.append(["HoldfastStore", *measured(ours, by_meaning=True, durable="yes")])
    index: IndexConfig = {"dims": WIDTH, "embed": Quick(), "fields": ["text"]}
    rows.append(["InMemoryStore", *measured(InMemoryStore(index=index), by_meaning=True, durable="no")])
    found = sqlite_store(folder / "langgraph.db")
    if isinstance(found, str):
        print(f"\nSqliteStore is left out: {found}")
    else:
        (opened, store), by_meaning = found
        rows.append(["SqliteStore", *measured(store, by_meaning=by_meaning, durable="yes")])
        opened.__exit__(None, None, None)
    show(
        f"Long-term stores at {ITEMS:,} items in {SPACES} namespaces of one root; p50 in milliseconds",
        ("store", "durable", "put", "get", "search, no query", "search a namespace", "search the root"),
        rows,
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        turns(Path(folder))
        stores(Path(folder))


def turns(folder: Path) -> None:
    with Memory(folder / "bench.db") as memory:
        memory.add(statements(FACTS), user_id="user")
        overhead(memory)
        kinds = prefix(memory)
        took, wrong = asyncio.run(together(memory))
        show(
            "What must hold",
            ("what", "found", "reach"),
            [
                (f"different system messages in {TURNS} turns without new facts", kinds, "1"),
                (f"turns lost or mixed in {RUNS} concurrent awaited runs of two users", wrong, "0"),
                (f"seconds that these {RUNS} runs took", took, ""),
            ],
        )


if __name__ == "__main__":
    main()
