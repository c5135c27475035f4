"""What a chat turn costs: `add`, the journal write alone, and search among 1,000 facts of one user.

    python benchmarks/memory.py

Wall time of single calls on one thread, the embedded embedder and extractor, a file with `synchronous=FULL`. "exact
numpy" is the same question against the same vectors with one matrix product, without text, filter or store: the floor.
"""

import itertools
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from holdfast import Memory
from holdfast.embedders import MiniLM
from holdfast.protocols import TextKind
from holdfast.types import Vectors
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


class Remembered:
    """The embedded embedder with the vectors of its questions kept, to time search without the model."""

    def __init__(self) -> None:
        self._model = MiniLM()
        self._asked: dict[str, Vectors] = {}
        self.fingerprint = self._model.fingerprint

    def embed(self, texts: Sequence[str], *, kind: TextKind = "document") -> Vectors:
        if kind == "document":
            return self._model.embed(texts)
        [text] = texts
        if text not in self._asked:
            self._asked[text] = self._model.embed(texts, kind=kind)
        return self._asked[text]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        embedder = Remembered()
        memory = Memory(Path(folder) / "bench.db", embedder=embedder)
        memory.add(statements(FACTS), user_id="user")
        questions = [f"which {thing} did they get in {place}?" for thing, place in zip(THINGS, PLACES, strict=True)]

        asked = itertools.cycle(questions)
        given = timed(lambda: memory.search(next(asked), user_id="user"), 400, warm=len(questions))

        vectors = embedder.embed(statements(FACTS))
        query = embedder.embed([questions[0]], kind="query")[0]
        floor = timed(lambda: np.argpartition(vectors @ query, -10)[-10:], 400)

        plain = Memory(memory.path)
        with_model = timed(lambda: plain.search(next(asked), user_id="user"), 200)

        new = iter(statements(2 * FACTS))
        add = timed(lambda: plain.add(f"{next(new)[:-1]} last summer.", user_id="user"), 200)
        journal = timed(lambda: plain.add(f"{next(new)[:-1]} in spring.", user_id="user", defer=True), 200)

        show(
            f"One user, {plain.count(user_id='user'):,} facts; milliseconds",
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
