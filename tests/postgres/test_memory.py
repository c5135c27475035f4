"""`Memory("postgresql://...")`: the public calls on a server, and several nodes on one memory."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from psycopg.conninfo import conninfo_to_dict

from holdfast import AsyncMemory, Memory
from holdfast.errors import ConfigurationError, StorageError
from holdfast.index import Index
from holdfast.index.vectors import WIDEST
from holdfast.lexical import terms_of
from holdfast.ranking import Request, Weights
from holdfast.store.postgres import connections
from holdfast.store.postgres.connections import shown
from holdfast.testing import FakeEmbedder, ScriptedExtractor
from holdfast.testing.samples import WIDTH, learn, said, unit
from postgres.conftest import Open
from postgres.server import PASSWORD


def node(url: str, **options: Any) -> Memory:
    """Open a memory in which every user message states one fact, its own words."""
    extractor = ScriptedExtractor(lambda message: [message.content.replace("I like", "User likes")])
    return Memory(url, embedder=FakeEmbedder(16), extractor=extractor, **options)


def test_a_memory_on_a_server_answers_as_one_in_a_file_does(url: str, tmp_path: Path) -> None:
    """The embedded rules and vectors on both; the same facts, the same hits, the same scores."""
    said = ["I'm building this in Next.js with a Postgres backend", "I live in Lisbon.", "I moved to Porto."]
    told = []
    for place in (url, str(tmp_path / "a.db")):
        with Memory(place) as memory:
            memory.add([{"role": "user", "content": one, "id": f"m{n}"} for n, one in enumerate(said)],
                       user_id="user_42", at="2025-03-01T12:00:00Z")  # fmt: skip
            hits = memory.search("what tech stack is the user using?", user_id="user_42")
            told.append((
                [(hit.text, hit.score, hit.sources) for hit in hits],
                memory.get_all(user_id="user_42", superseded=True),
                memory.context("where do I live?", user_id="user_42").text,
                memory.check().findings,
            ))  # fmt: skip
    assert told[0] == told[1]
    assert "Next.js" in told[0][0][0][0]


async def test_an_async_memory_on_a_server(url: str) -> None:
    async with AsyncMemory(url, embedder=FakeEmbedder(16)) as memory:
        await memory.add("I like tea.", user_id="max")
        assert [hit.sources for hit in await memory.search("tea", user_id="max")] == [
            tuple(one.id for one in await memory.messages(user_id="max", session_id="*"))
        ]


def test_what_one_node_learns_the_other_finds_at_once(url: str) -> None:
    with node(url) as one, node(url) as other:
        for number in range(5):
            one.add(f"I like number {number}.", user_id="max")
            assert f"User likes number {number}." in [
                str(hit) for hit in other.search(f"number {number}", user_id="max")
            ]
        other.delete(other.get_all(user_id="max")[0].id, user_id="max")
        assert "User likes number 0." not in [str(hit) for hit in one.search("number 0", user_id="max")]
        one.forget("max")
        assert other.search("number", user_id="max") == ()


def test_a_search_is_one_round_trip_until_there_are_news(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is known is ranked and confirmed by the reading that the hits need; what is new costs a trip or two."""
    original, count = connections.execute_all, 0

    def counting(*given: Any) -> Any:
        nonlocal count
        count += 1
        return original(*given)

    def trips(memory: Memory, expected: str) -> int:
        nonlocal count
        count = 0
        hits = memory.search("what do I like?", user_id="max")
        assert expected in [str(hit) for hit in hits]
        return count

    with node(url) as one, node(url) as other:
        one.add("I like tea.", user_id="max")
        monkeypatch.setattr(connections, "execute_all", counting)
        assert trips(other, "User likes tea.") == 2  # all of it is read, then the hits
        assert trips(other, "User likes tea.") == 1
        other.add("I like jazz.", user_id="max")
        assert trips(other, "User likes jazz.") == 2  # it knows that it wrote
        assert trips(other, "User likes jazz.") == 1
        one.add("I like golf.", user_id="max")
        assert trips(other, "User likes golf.") == 3  # it hears of it when it confirms
        assert trips(other, "User likes golf.") == 1
        assert other.search("tea", user_id="nobody") == ()


def test_a_rebuild_with_another_embedder_is_seen_by_every_node(url: str) -> None:
    with node(url) as one, node(url) as other:
        one.add("I like tea.", user_id="max")
        one.rebuild(embedder=FakeEmbedder(24, name="wider"))
        assert [str(hit) for hit in one.search("tea", user_id="max")] == ["User likes tea."]
        with pytest.raises(Exception, match="wider"):
            other.add("I like jazz.", user_id="max")


def test_a_rebuild_leaves_the_vectors_where_they_were(url: str) -> None:
    with node(url, vectors_on="server", index_memory=1) as memory:
        memory.add("I like tea.", user_id="max")
        memory.rebuild(embedder=FakeEmbedder(24, name="wider"))
        for user in ("max", "eve"):
            memory.add("I like jazz.", user_id=user)
            assert "User likes jazz." in [str(hit) for hit in memory.search("jazz", user_id=user)]
        assert len(memory._calls.parts.index) == 1


def test_the_password_is_never_shown(url: str, database: str) -> None:
    assert PASSWORD in url
    with node(url) as memory:
        assert PASSWORD not in repr(memory) + memory.path
        assert database in memory.path
    wrong = url.replace(database, "no_such_database")
    with pytest.raises(StorageError) as caught:
        node(wrong)
    assert PASSWORD not in f"{caught.value!r} {caught.value}"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://me:secret@db.example.org:5433/memory", "postgresql://me@db.example.org:5433/memory"),
        ("postgres://me@/memory?host=/run/pg&password=secret", "postgresql://me@/memory?host=/run/pg"),
        (
            "postgresql://m%40x:secret@a,b:5433/memory?target_session_attrs=read-write&sslpassword=secret",
            "postgresql://m%40x@/memory?host=a,b&port=,5433&target_session_attrs=read-write",
        ),
        ("postgresql://", "postgresql:///"),
    ],
)
def test_a_shown_address_opens_the_same_store(url: str, expected: str) -> None:
    assert shown(url) == expected
    parts = conninfo_to_dict(url)
    assert conninfo_to_dict(shown(url)) == {name: parts[name] for name in parts if "password" not in name}


@pytest.mark.parametrize("place", ["mysql://localhost/x", "redis://x"])
def test_another_server_is_refused(place: str) -> None:
    with pytest.raises(ConfigurationError, match="postgresql://"):
        Memory(place)


@pytest.mark.parametrize("place", ["postgresql://host:port:port/x?nothing=1", "postgresql://me:s%3cret%zz@host/x"])
def test_what_is_no_connection_string_is_refused(place: str) -> None:
    with pytest.raises(ConfigurationError, match="connection string") as caught:
        node(place)
    assert "cret" not in str(caught.value)
    assert caught.value.__cause__ is None


FORKING = """
import os, sys, warnings
from holdfast import Memory
from holdfast.testing import FakeEmbedder

memory = Memory(sys.argv[1], embedder=FakeEmbedder(16))
memory.add("I like tea.", user_id="max")
warnings.simplefilter("ignore")  # that a pool has threads, which a fork does not copy
child = os.fork()
if child == 0:
    memory.add("I like jazz.", user_id="max")
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
memory.add("I like chess.", user_id="max")
"""


def test_a_child_process_goes_on_with_connections_of_its_own(url: str) -> None:
    """And a program that ends without closing its memory ends quietly."""
    done = subprocess.run([sys.executable, "-c", FORKING, url], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    with node(url) as memory:
        said = [one.content for one in memory.messages(user_id="max", session_id="*")]
    assert said == ["I like tea.", "I like jazz.", "I like chess."]


def test_vectors_that_stay_on_the_server_are_found_alike(url: str) -> None:
    """The same hits with the same scores, what is said and taken back later too, and less in memory."""
    with node(url) as here, node(url, vectors_on="server") as there:
        here.add([f"I like {topic} number {number}." for number in range(60) for topic in ("tea", "jazz")],
                 user_id="max", at="2025-03-01T12:00:00Z")  # fmt: skip
        for step in range(4):
            for question in ("tea number 7", "what jazz do I like?", "number 3 or 4", "nothing of it"):
                found, expected = (memory.search(question, user_id="max", limit=20) for memory in (there, here))
                assert [(str(hit), hit.sources) for hit in found] == [(str(hit), hit.sources) for hit in expected]
                assert [hit.score for hit in found] == pytest.approx([hit.score for hit in expected], abs=1e-5)
            if step == 0:
                there.add("I like golf.", user_id="max")
            elif step == 1:
                here.delete(here.get_all(user_id="max")[5].id, user_id="max")
            elif step == 2:
                here.add("I like tea number 7 and jazz.", user_id="max", session_id="s")
        assert there.search("tea", user_id="eve") == ()
        assert there.check().findings == ()
        held, of_all = (memory._calls.parts.index.nbytes for memory in (there, here))
        assert held < of_all


def test_a_large_partition_is_ranked_alike_wherever_its_vectors_are(opened: Open) -> None:
    """Where the nearest alone are told apart, too."""
    store = opened()
    journaled = said(store, "max", *[f"Message number {number}." for number in range(WIDEST + 200)])
    learn(store, "max", journaled)
    here = Index(store.pull, WIDTH)
    there = Index(store.outline, WIDTH, cosines=store.cosines)
    with here.partition("max") as one, there.partition("max") as other:
        for number in range(5):
            question = unit(f"question {number}")
            request = Request(terms_of(f"message number {number}"), 50)
            first, second = (partition.search(question, request, Weights()) for partition in (one, other))
            assert [hit.message for hit in first] == [hit.message for hit in second]
            assert [hit.score for hit in first] == pytest.approx([hit.score for hit in second], abs=1e-5)


def test_a_file_keeps_no_server_s_vectors(tmp_path: Path) -> None:
    for place, where in ((str(tmp_path / "a.db"), "server"), (str(tmp_path / "a.db"), "nowhere")):
        with pytest.raises(ConfigurationError, match="vectors_on"):
            node(place, vectors_on=where)
    assert not (tmp_path / "a.db").exists()
