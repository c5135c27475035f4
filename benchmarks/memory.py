"""What a chat turn costs: `add`, the journal write alone, and search among 1,000 facts of one user.

    python benchmarks/memory.py

Wall time of single calls on one thread, the embedded embedder and extractor, a file with `synchronous=FULL`. "exact
numpy" is the same question against the same vectors with one matrix product, without text, filter or store: the floor.
"""

import itertools
import random
import tempfile
from pathlib import Path

import numpy as np

from holdfast import Memory
from holdfast.embedders import MiniLM
from measure import show, timed

FACTS = 1_000
THINGS = "bicycle guitar kayak telescope camera violin tent drone piano scooter loom kiln canoe easel anvil".split()
PLACES = "Lisbon Oslo Kyoto Quito Turin Perth Accra Malmo Galway Tartu Leeds Porto Ghent Basel Utrecht".split()
COLOURS = "red green blue yellow black white silver orange purple brown".split()


def statements(count: int) -> list[str]:
    """Return distinct sentences, as a user may say them."""
    every = itertools.product(THINGS, PLACES, COLOURS)
    chosen = random.Random(7).sample(list(every), count)
    return [f"I bought a {colour} {thing} in {place}." for thing, place, colour in chosen]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        embedder = MiniLM()
        memory = Memory(Path(folder) / "bench.db", embedder=embedder)
        memory.add(statements(FACTS), user_id="user")
        questions = [f"which {thing} did they get in {place}?" for thing, place in zip(THINGS, PLACES, strict=True)]

        vectors = embedder.embed(questions, kind="query")
        asked = itertools.cycle(zip(questions, vectors, strict=True))

        def search_by_vector() -> None:
            question, vector = next(asked)
            memory.search(question, user_id="user", vector=vector)

        given = timed(search_by_vector, 400, warm=len(questions))
        with_model = timed(lambda: memory.search(next(asked)[0], user_id="user"), 200)

        rows = embedder.embed(statements(FACTS))
        floor = timed(lambda: np.argpartition(rows @ vectors[0], -10)[-10:], 400)

        new = iter(statements(2 * FACTS))
        add = timed(lambda: memory.add(f"{next(new)[:-1]} last summer.", user_id="user"), 200)
        journal = timed(lambda: memory.add(f"{next(new)[:-1]} in spring.", user_id="user", defer=True), 200)

        show(
            f"One user, {memory.count(user_id='user'):,} facts; milliseconds",
            ("call", "p50", "p95", "p50 CPU", "reach"),
            [
                ("search, query embedded", *with_model.row, "p50 under 10"),
                ("search, vector given", *given.row, "p50 under 1"),
                ("exact numpy over the same vectors", *floor.row, ""),
                ("add of one message, all included", *add.row, "p50 under 60"),
                ("add(defer=True): the journal alone", *journal.row, "p50 under 3"),
            ],
        )


if __name__ == "__main__":
    main()
