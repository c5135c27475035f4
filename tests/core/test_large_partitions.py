"""Partitions so large that a quantised index chooses whom to compare."""

import numpy as np
import pytest

from holdfast import Memory, Message
from holdfast.index import vectors
from holdfast.testing import FakeEmbedder, ScriptedExtractor
from holdfast.types import Candidate

THINGS = "tea chess jazz hiking sailing baking running painting reading cycling".split()


def script(message: Message) -> list[str | Candidate]:
    if "I live in" in message.content:
        city = message.content.split()[-1]
        return [Candidate(f"User lives in {city}", (), slot="lives_in", value=city, single=True)]
    return [message.content.replace("I like", "User likes")]


@pytest.fixture(params=[128, 129])
def dimensions(request: pytest.FixtureRequest) -> int:
    """Dimensions are quantised in pairs, and one by one where their number is odd."""
    return int(request.param)


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch, dimensions: int) -> Memory:
    monkeypatch.setattr(vectors, "WIDEST", 200)
    monkeypatch.setattr(vectors, "NEAREST", 100)
    monkeypatch.setattr(vectors, "LARGE", 300)
    monkeypatch.setattr(vectors, "CANDIDATES", 100)
    memory = Memory(":memory:", embedder=FakeEmbedder(dimensions), extractor=ScriptedExtractor(script))
    memory.add([f"I like {THINGS[n % 10]} number {n} of {n * n}." for n in range(250)], user_id="max")
    return memory


def test_the_nearest_are_those_of_an_exact_search(memory: Memory, dimensions: int) -> None:
    with memory._calls.parts.index.partition("max") as partition:
        assert partition._vectors._coarse is not None
        rows = partition._vectors.codes().view("<f2").reshape(len(partition), -1).astype(np.float32)
        found = 0
        queries = FakeEmbedder(dimensions).embed([f"likes {thing} {n}" for n, thing in enumerate(THINGS * 3)])
        for query in queries:
            cosines = partition.cosines(query)
            keys = np.flatnonzero(cosines > cosines.min())
            assert 50 < len(keys) < 100  # the candidates; the others count as near as the last of them
            assert cosines[keys] == pytest.approx(rows[keys] @ query, abs=2e-3)
            # Equal texts have equal scores and any order, so scores are compared, not rows.
            best = np.sort(rows @ query)[::-1][:10]
            found += int((np.sort(cosines)[::-1][:10] >= best - 2e-3).sum())
        assert found >= 0.99 * 10 * len(queries)


def test_it_grows_supersedes_and_forgets_like_a_small_one(memory: Memory) -> None:
    memory.add("I live in Lisbon", user_id="max")
    memory.add("I live in Porto", user_id="max")
    assert [hit.text for hit in memory.search("where does the user live", user_id="max", limit=1)] == [
        "User lives in Porto"
    ]
    (porto,) = memory.get_all(user_id="max", where={"slot": "lives_in"})
    memory.delete(porto.id, user_id="max")
    hits = [hit.text for hit in memory.search("User lives in Porto", user_id="max", limit=20)]
    assert not any("Porto" in text for text in hits)
    assert memory.check().findings == ()
    with memory._calls.parts.index.partition("max") as partition:
        before = len(partition)
    memory.add("I like one more thing.", user_id="max")
    with memory._calls.parts.index.partition("max") as partition:
        assert len(partition) > before
        assert partition._vectors._coarse.ntotal == len(partition)
    assert memory.check().findings == ()
