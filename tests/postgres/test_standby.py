"""A standby that streams from a primary: it answers what reads, refuses what writes, and takes over."""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from holdfast import Memory
from holdfast.errors import StorageError
from holdfast.store.postgres import faults, migrate
from holdfast.testing import FakeEmbedder, ScriptedExtractor
from holdfast.types import Put
from postgres.server import APPLICATION, OWNER, PASSWORD, Server, followed, make_database, make_roles, serving

Pair = tuple[Server, Server]


@pytest.fixture(scope="module")
def followed_server() -> Iterator[Pair]:
    """Run a primary with an empty store, and a standby of it that is never promoted."""
    yield from pair()


@pytest.fixture
def mortal() -> Iterator[Pair]:
    """Run the same two for a test that kills one and promotes the other."""
    yield from pair()


def pair() -> Iterator[Pair]:
    with serving() as primary:
        make_roles(primary.url())
        make_database(primary.url(), "mine")
        with psycopg.connect(primary.url("mine"), autocommit=True) as db:
            db.execute("CREATE EXTENSION vector")
        migrate(primary.url("mine", OWNER), partitions=2, grant=APPLICATION)
        # What every store writes once, so that the standby can be opened.
        node(primary.url("mine", APPLICATION)).close()
        with followed(primary) as standby:
            yield primary, standby


def node(url: str) -> Memory:
    extractor = ScriptedExtractor(lambda message: [message.content.replace("I like", "User likes")])
    return Memory(url, embedder=FakeEmbedder(16), extractor=extractor)


def on(server: Server) -> str:
    return server.url("mine", APPLICATION)


def test_a_standby_answers_everything_that_reads(followed_server: Pair) -> None:
    """The same as the primary does, and what is learnt there is found here by the next search."""
    primary, standby = followed_server
    with node(on(primary)) as writing, node(on(standby)) as reading:
        for topic in ("tea", "jazz"):
            writing.add(f"I like {topic}.", user_id="max", session_id=topic, at="2025-03-01T12:00:00Z")
            assert f"User likes {topic}." in [str(hit) for hit in reading.search(topic, user_id="max")]
        (first, _) = writing.get_all(user_id="max")
        calls: list[Callable[[Memory], Any]] = [
            lambda memory: [(hit.text, hit.score) for hit in memory.search("tea", user_id="max")],
            lambda memory: memory.context("what do I like?", user_id="max").text,
            lambda memory: memory.get(first.id, user_id="max"),
            lambda memory: memory.get_all(user_id="max"),
            lambda memory: memory.count(user_id="max"),
            lambda memory: memory.messages(user_id="max", session_id="*"),
            lambda memory: memory.sessions(user_id="max"),
            lambda memory: memory.history(first.id, user_id="max"),
            lambda memory: memory.diff(user_id="max", since="2000-01-01").changes,
            lambda memory: memory.quarantine(user_id="max"),
            lambda memory: memory.pending(),
            lambda memory: memory.users(),
            lambda memory: memory.check().findings,
            lambda memory: memory.records.get([(("notes",), "one")]),
        ]
        for number, call in enumerate(calls):
            assert call(reading) == call(writing), number
        assert reading.check().findings == ()


def test_a_standby_refuses_what_writes_and_says_why(followed_server: Pair) -> None:
    primary, standby = followed_server
    with node(on(primary)) as writing, node(on(standby)) as reading:
        writing.add("I like chess.", user_id="eve")
        (known,) = writing.get_all(user_id="eve")
        writing.add("I like golf.", user_id="eve", defer=True)
        before = list(writing.export("eve"))
        calls: list[Callable[[], Any]] = [
            lambda: reading.add("I like rowing.", user_id="eve"),
            lambda: reading.add("I like rowing.", user_id="new", defer=True),
            reading.process,
            lambda: reading.update(known.id, "User likes go.", user_id="eve"),
            lambda: reading.delete(known.id, user_id="eve"),
            lambda: reading.erase(known.id, user_id="eve"),
            lambda: reading.forget("eve"),
            lambda: reading.rebuild(user_id="eve"),
            lambda: reading.records.apply([Put(("notes",), "one", {"text": "x"})]),
        ]
        for number, call in enumerate(calls):
            with pytest.raises(StorageError, match="read-only") as caught:
                call()
            assert not caught.value.retryable, number
            assert "connect to the primary" in str(caught.value)
        assert list(writing.export("eve")) == before
        assert "User likes chess." in [str(hit) for hit in reading.search("chess", user_id="eve")]


def test_the_books_of_a_standby_s_node_wait_and_hold_up_nothing(followed_server: Pair) -> None:
    """What its contexts cost cannot be written there: they are built all the same, and it closes."""
    primary, standby = followed_server
    with node(on(primary)) as writing:
        writing.add("I like tea.", user_id="ann")
    reading = node(on(standby))
    for _ in range(3):
        assert "tea" in reading.context("what do I like?", user_id="ann").text
    assert reading.ledger(user_id="ann").by_kind["context"].calls == 0
    assert next(reading.export("ann"))["user_id"] == "ann"
    reading.close()


def test_a_standby_without_a_store_says_what_to_run(followed_server: Pair) -> None:
    _, standby = followed_server
    with pytest.raises(StorageError, match="holdfast migrate"):
        node(standby.url("postgres", OWNER))


def test_a_standby_that_is_promoted_takes_over(mortal: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """The primary is killed under nodes that stay open: what it acknowledged is there, and the next writes succeed.

    One node has the address of both servers and asks for the one that can be written, one that of the standby alone.
    """
    primary, standby = mortal
    both = f"postgresql://{APPLICATION}:{PASSWORD}@/mine?host={primary.socket},{standby.socket}"
    with node(f"{both}&target_session_attrs=read-write") as roaming, node(on(standby)) as reading:
        for number in range(5):
            roaming.add({"role": "user", "content": f"I like number {number}.", "id": str(number)}, user_id="max")
        primary.stop("immediate")
        monkeypatch.setattr(faults, "PATIENCE", 0.3)
        said_again = {"role": "user", "content": "I like number 5.", "id": "5"}
        with pytest.raises(StorageError) as away:
            roaming.add(said_again, user_id="max")
        assert away.value.retryable
        with pytest.raises(StorageError, match="read-only"):
            reading.add("I like rowing.", user_id="eve")
        assert "User likes number 4." in [str(hit) for hit in reading.search("number 4", user_id="max")]
        monkeypatch.undo()
        standby.promote()
        roaming.add(said_again, user_id="max")
        reading.add("I like rowing.", user_id="eve")
        for memory in (roaming, reading):
            facts = [one.text for one in memory.get_all(user_id="max")]
            assert facts == [f"User likes number {number}." for number in range(6)]
            assert "User likes number 5." in [str(hit) for hit in memory.search("number 5", user_id="max")]
            assert "User likes rowing." in [str(hit) for hit in memory.search("rowing", user_id="eve")]
            assert memory.check().findings == ()


def test_a_failover_that_lost_what_a_node_had_read_is_seen_by_it(mortal: Pair) -> None:
    """As with a standby that was behind: sequence numbers are given twice, and what is in memory is read anew."""
    primary, standby = mortal
    both = f"postgresql://{APPLICATION}:{PASSWORD}@/mine?host={primary.socket},{standby.socket}"
    with node(f"{both}&target_session_attrs=read-write") as roaming:
        for user in ("max", "eve"):
            roaming.add("I like tea.", user_id=user)
        primary.set(synchronous_standby_names="")
        primary.restart()
        standby.stop()
        for user in ("max", "eve"):
            roaming.add("I like jazz.", user_id=user)
            assert "User likes jazz." in [str(hit) for hit in roaming.search("jazz", user_id=user)]
            assert "jazz" in roaming.context("golf", user_id=user).profile
        primary.stop("immediate")
        standby.start()
        standby.promote()
        with node(on(standby)) as other:
            for topic in ("golf", "chess"):
                other.add(f"I like {topic}.", user_id="eve")
        assert [str(hit) for hit in roaming.search("jazz", user_id="max")] == ["User likes tea."]
        found = {str(hit) for hit in roaming.search("what do I like?", user_id="eve")}
        assert found == {"User likes tea.", "User likes golf.", "User likes chess."}
        known = [line[2:] for line in roaming.context("golf", user_id="eve").profile.splitlines() if line[:2] == "- "]
        assert set(known) == found
        assert roaming.check().findings == ()
        roaming.add("I like rowing.", user_id="max")
        assert "User likes rowing." in [str(hit) for hit in roaming.search("rowing", user_id="max")]
