"""Nodes that hear from each other of whom they wrote to."""

import json
import threading
import time
from collections.abc import Callable

import psycopg
import pytest

from holdfast import Memory
from holdfast.errors import ConfigurationError
from holdfast.store.postgres.hints import CHANNEL
from postgres.server import Server
from postgres.test_memory import node

PATIENCE = 20.0


def soon(holds: Callable[[], bool]) -> bool:
    """Whether something that another thread does is so before long."""
    end = time.monotonic() + PATIENCE
    never = threading.Event()
    while not holds() and time.monotonic() < end:
        never.wait(0.01)
    return holds()


def known(memory: Memory, user_id: str) -> int:
    """Return how many keys of a user a node has in memory, without asking the server."""
    entry = memory._calls.parts.index._entries.get(user_id)
    return 0 if entry is None else len(entry.partition)


def listeners(server: str) -> list[int]:
    with psycopg.connect(server, autocommit=True) as db:
        rows = db.execute("SELECT pid FROM pg_stat_activity WHERE query = %s", (f"LISTEN {CHANNEL}",)).fetchall()
    return [pid for (pid,) in rows]


def test_what_another_node_wrote_is_read_before_it_is_asked_for(url: str) -> None:
    with node(url, hints=True) as one, node(url, hints=True) as other:
        one.add(["I like tea.", "I like jazz."], user_id="max")
        other.search("tea", user_id="max")
        before = known(other, "max")
        one.add("I like golf.", user_id="max")
        assert soon(lambda: known(other, "max") > before)
        assert other._calls.parts.store.may_stand("max")  # so that the search is one round trip, not three
        assert "User likes golf." in [str(hit) for hit in other.search("golf", user_id="max")]
        (*_, golf) = one.get_all(user_id="max")
        one.delete(golf.id, user_id="max")
        assert soon(lambda: known(other, "max") == before)
        one.forget("max")
        assert soon(lambda: known(other, "max") == 0)


def test_who_was_not_met_is_not_read(url: str) -> None:
    with node(url, hints=True) as one, node(url, hints=True) as other:
        for user in ("max", "eve"):
            one.add("I like tea.", user_id=user)
        other.search("tea", user_id="max")
        one.add("I like golf.", user_id="eve")
        one.add("I like golf.", user_id="max")
        assert soon(lambda: known(other, "max") == 4)
        assert known(other, "eve") == 0


def test_a_hint_that_is_lost_costs_a_trip_and_nothing_else(url: str, server: Server) -> None:
    """The node hears nothing while its connection is cut, finds everything, and hears again after."""
    with node(url) as one, node(url, hints=True) as other:
        one.add("I like tea.", user_id="max")
        other.search("tea", user_id="max")
        one.add("I like golf.", user_id="max")  # this node says nothing
        assert "User likes golf." in [str(hit) for hit in other.search("golf", user_id="max")]
    with node(url, hints=True) as one, node(url, hints=True) as other:
        other.search("tea", user_id="max")
        assert soon(lambda: len(listeners(server.url())) == 2)
        with psycopg.connect(server.url(), autocommit=True) as db:
            cut = set(listeners(server.url()))
            for pid in cut:
                db.execute("SELECT pg_terminate_backend(%s)", (pid,))
        one.add("I like chess.", user_id="max")
        assert "User likes chess." in [str(hit) for hit in other.search("chess", user_id="max")]
        assert soon(lambda: len(set(listeners(server.url())) - cut) == 2)
        before = known(other, "max")
        one.add("I like rowing.", user_id="max")
        assert soon(lambda: known(other, "max") > before)


def test_what_is_said_aloud_names_nobody(url: str) -> None:
    """Any role of the database may listen."""
    with psycopg.connect(url, autocommit=True) as listening:
        listening.execute(f"LISTEN {CHANNEL}".encode())
        with node(url, hints=True) as memory:
            memory.add("I like tea.", user_id="max@example.org")
            (heard,) = listening.notifies(timeout=PATIENCE, stop_after=1)
    said_by, *digests = json.loads(heard.payload)
    assert isinstance(said_by, str)
    assert len(digests) == 1
    assert isinstance(digests[0], int)


def test_a_closed_memory_listens_no_more(url: str, server: Server) -> None:
    threads = threading.active_count()
    with node(url, hints=True):
        assert soon(lambda: len(listeners(server.url())) == 1)
    assert soon(lambda: not listeners(server.url()))
    assert soon(lambda: threading.active_count() == threads)


def test_a_file_has_no_other_nodes() -> None:
    with pytest.raises(ConfigurationError, match="hints=True"):
        node(":memory:", hints=True)
