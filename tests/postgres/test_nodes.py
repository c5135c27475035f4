"""Several nodes on one server: each message is learnt once, whoever is killed, and whatever their clocks say."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path

from holdfast import Memory, Worker
from holdfast.leases import LEASE, hold
from holdfast.protocols import Lease
from holdfast.testing import FakeEmbedder, ScriptedExtractor
from holdfast.testing.samples import NOW, said
from postgres.conftest import Open

NODE = Path(__file__).with_name("node.py")
TOPICS = "tea coffee chess tennis jazz hiking sailing baking".split()


def node(url: str, asked: Counter[str] | None = None, ahead: timedelta = timedelta()) -> Memory:
    """Open a memory that counts which messages its extractor was asked about."""

    def state(content: str) -> list[str]:
        if asked is not None:
            asked[content] += 1
        return [content.replace("I like", "User likes")]

    return Memory(
        url,
        embedder=FakeEmbedder(16),
        extractor=ScriptedExtractor(lambda message: state(message.content)),
        clock=lambda: datetime.now(timezone.utc) + ahead,
    )


def deferred(memory: Memory) -> None:
    for number, topic in enumerate(TOPICS):
        memory.add(f"I like {topic}.", user_id=f"user {number % 4}", session_id=topic, defer=True)


def check_learnt_once(memory: Memory) -> None:
    assert memory.pending() == ()
    facts = [fact.text for number in range(4) for fact in memory.get_all(user_id=f"user {number}")]
    assert sorted(facts) == sorted(f"User likes {topic}." for topic in TOPICS)
    changes = [one for number in range(4) for one in memory.diff(user_id=f"user {number}", since="2000-01-01").changes]
    assert len(changes) == len(TOPICS)
    assert memory.check().findings == ()


@contextmanager
def other_node(url: str, done: int) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen([sys.executable, str(NODE), url, str(done)], stdout=subprocess.PIPE, text=True) as process:
        yield process


def test_a_node_that_is_killed_in_the_middle_leaves_its_work_to_the_other(url: str) -> None:
    asked: Counter[str] = Counter()
    with node(url, asked) as memory:
        deferred(memory)
        with other_node(url, 2) as killed:
            assert killed.stdout is not None
            begun = [killed.stdout.readline() for _ in range(3)]
            assert all(begun)
            killed.kill()
        assert len(memory.pending()) == len(TOPICS) - 2
        while memory.process().remaining:
            pass
        check_learnt_once(memory)
        assert len(asked) == len(TOPICS) - 2
        assert set(asked.values()) == {1}


def test_two_nodes_at_work_at_once_share_it(url: str) -> None:
    asked: Counter[str] = Counter()
    with node(url, asked) as one, node(url, asked) as other:
        deferred(one)
        with ThreadPoolExecutor(4) as pool:
            for working in [pool.submit(memory.process) for memory in (one, other, one, other)]:
                working.result()
        while one.process().remaining:
            pass
        check_learnt_once(one)
        assert set(asked.values()) == {1}


def test_workers_of_two_nodes_share_the_queue(url: str) -> None:
    asked: Counter[str] = Counter()
    with node(url, asked) as one, node(url, asked) as other:
        deferred(one)
        with Worker(one, concurrency=2) as working, Worker(other, concurrency=2):
            assert working.flush(60)
        while one.process().remaining:
            pass
        check_learnt_once(one)
        assert set(asked.values()) == {1}


WRITING = """
import itertools, sys
from holdfast import Memory
from holdfast.testing import FakeEmbedder, ScriptedExtractor

extractor = ScriptedExtractor(lambda message: [message.content.replace("I like", "User likes")])
memory = Memory(sys.argv[1], embedder=FakeEmbedder(16), extractor=extractor)
for number in itertools.count():
    memory.add({"role": "user", "content": f"I like number {number}.", "id": str(number)}, user_id="max")
    print(number, flush=True)
"""


def test_what_a_node_acknowledged_before_it_was_killed_is_there(url: str) -> None:
    with subprocess.Popen([sys.executable, "-c", WRITING, url], stdout=subprocess.PIPE, text=True) as killed:
        assert killed.stdout is not None
        acknowledged = [killed.stdout.readline().strip() for _ in range(12)]
        killed.kill()
        acknowledged += [line.strip() for line in killed.stdout if line.endswith("\n")]
    with node(url) as memory:
        journal = [one.id for one in memory.messages(user_id="max", session_id="*")]
        assert journal[: len(acknowledged)] == acknowledged
        assert len(journal) <= len(acknowledged) + 1
        memory.process()
        facts = [fact.text for fact in memory.get_all(user_id="max")]
        assert facts == [f"User likes number {number}." for number in journal]
        assert memory.check().findings == ()


def test_a_node_whose_clock_is_ahead_asks_again_but_nothing_is_done_twice(url: str) -> None:
    """It takes a lease of the other for ended; the commit of who comes second changes nothing."""
    with node(url) as one, node(url, ahead=timedelta(hours=1)) as early:
        deferred(one)
        early.process()
        one.process()
        check_learnt_once(one)
        one.add("I like skiing.", user_id="user 0")
        early.add("I like rowing.", user_id="user 0")
        for memory in (one, early):
            found = [str(hit) for hit in memory.search("skiing rowing", user_id="user 0")]
            assert {"User likes skiing.", "User likes rowing."} <= set(found)


def test_a_lease_of_another_machine_ends_by_the_clock_alone(opened: Open) -> None:
    one, other = opened(), opened()
    said(one, "max", "a", "b")
    away = Lease("another-machine/1/a", NOW + LEASE)
    assert one.take("max", [1], away, now=NOW) == [1]
    with hold() as owner:
        mine = Lease(owner, NOW + 2 * LEASE)
        assert other.take("max", [1, 2], mine, now=NOW) == [2]
        assert [one.journaled.position for one in other.pending(free=NOW + LEASE / 2)] == []
        assert other.take("max", [1, 2], mine, now=NOW + LEASE) == [1, 2]


def test_who_asks_at_the_same_moment_does_not_wait(opened: Open) -> None:
    """What another transaction is taking is passed over: SKIP LOCKED."""
    store, other = opened(), opened()
    said(store, "max", "a", "b", "c")

    def work(transaction: object) -> list[int]:
        transaction.run(  # type: ignore[attr-defined]
            ("SELECT position FROM holdfast.pending WHERE user_id = 'max' AND position < 3 FOR UPDATE", ())
        )
        with hold() as owner:
            return other.take("max", [1, 2, 3], Lease(owner, NOW + LEASE), now=NOW)

    assert store._connections.write("max", work) == [3]
