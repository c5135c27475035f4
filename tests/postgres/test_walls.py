"""Two walls between users: every statement names one partition, and row-level security stands behind it."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg
import pytest

from holdfast.protocols import FactQuery, Lease, Swap, Write
from holdfast.store.postgres import PostgresStore, connections
from holdfast.store.postgres.schema import PARTITIONS, TABLES
from holdfast.testing.samples import EMBEDDER, NOW, change, fact, later, learn, message, row, said, unit
from holdfast.types import LedgerEntry, Quarantined
from postgres.conftest import ADMIN, Open
from postgres.server import APPLICATION, OWNER, Server

ENTRY = LedgerEntry(NOW, "extraction", 1, 10)


def everything(store: PostgresStore) -> None:
    """Do all that a store can, so that it issues every statement it has."""
    for user in ("max", "eve"):
        first, second, third = store.append(
            user,
            [message(id="m1", session_id="s"), message("Hello", at=later(1)), message("Bye", session_id="s")],
            now=NOW,
        )
        learn(store, user, [first], [fact(user, "f1"), fact(user, "f2", slot=None)])
        refused = Quarantined("m1", "User flies.", "made up", "model", NOW)
        one, two = fact(user, "f1", "User lives in Porto."), change("edited", fact(user, "f1"), fact(user, "f1"))
        keys = (row(1, one.text, fact_id="f1"),)
        write = Write(keys, (one,), ("f1",), (second.position,), (two,), (second.position,), (ENTRY,))
        store.commit(user, lambda _, write=write: write)  # type: ignore[misc]
        store.commit(user, lambda _, one=refused: Write(quarantined=(one,)))  # type: ignore[misc]
        store.commit(
            user, lambda read: (read(FactQuery(("f1",), ("lives_in",), ("x",))), read(FactQuery()), Write())[2]
        )
        store.take(user, [third.position], Lease("here/1/a", later(9)), now=NOW)
        store.fail(user, [third.position], "down")
        store.append(user, [message("More", session_id="t")], now=NOW, lease=Lease("here/1/a", later(9)))
        for options in ({}, {"session_id": "s", "before": 9, "limit": 2}, {"session_id": None}, {"ids": ["m1"]}):
            store.messages(user, **options)  # type: ignore[arg-type]
        store.messages(user, positions=[1, 2])
        store.sessions(user)
        store.pending(user_id=user, limit=1, free=NOW)
        store.waiting(user)
        store.facts(user, FactQuery(("f1",), ("lives_in",), ("User lives in Porto.",)))
        store.facts(user, FactQuery())
        store.changes(user, fact_id="f1", since=NOW, until=later(1))
        store.quarantine(user)
        store.book([(user, ENTRY)])
        store.entries(user)
        store.spoken(user)
        seq = store.pull(user, 0).seq
        store.pull(user, seq - 1)
        store.outline(user, seq - 1)
        store.cosines(user, unit("where?"))
        store.look_up(user, seq, ["f1"], [1])
        store.swap([Swap(user, seq, Write((row(1),), (fact(user, "f9"),), done=(3,)))], EMBEDDER)
    store.users()
    store.pending(free=NOW)
    store.waiting()
    store.entries()
    store.check(repair=True)
    store.erase("max", "f9", now=NOW)
    store.forget("max", session_id="s", now=NOW)
    store.forget("max", now=NOW)


Issued = tuple[str, str, tuple[Any, ...]]


@pytest.fixture
def issued(opened: Open, monkeypatch: pytest.MonkeyPatch) -> list[Issued]:
    """Return every statement that a store issues, each with the setting that it is issued under."""
    seen: list[Issued] = []
    original = connections.execute_all

    def recording(database: connections.Database, statements: Sequence[connections.Statement]) -> Any:
        nonlocal setting
        for query, values in statements:
            if query.startswith("SET LOCAL holdfast."):
                setting = query.removeprefix("SET LOCAL ")
            elif not re.match("BEGIN|COMMIT|SET LOCAL", query):
                seen.append((setting, query, tuple(values)))
        return original(database, statements)

    setting = ""
    store = opened()
    monkeypatch.setattr(connections, "execute_all", recording)
    everything(store)
    return seen


def relations(plan: Any) -> Iterator[str]:
    """Return the parts that a plan reads; what it changes is what it reads, and an INSERT is routed to its part."""
    if isinstance(plan, dict):
        if "Relation Name" in plan and plan.get("Node Type") != "ModifyTable":
            yield plan["Relation Name"]
        for value in plan.values():
            yield from relations(value)
    elif isinstance(plan, list):
        for value in plan:
            yield from relations(value)


def test_every_statement_touches_one_hash_partition(issued: list[Issued], url: str) -> None:
    """Planned as it is issued, and by the role that issues it; what asks for no user is a short list."""
    assert len({query for _, query, _ in issued}) > 70
    whole: set[str] = set()
    with psycopg.connect(url, autocommit=True) as db:
        connections.register(db)
        for setting, query, values in issued:
            tables = {table for table in TABLES if f"holdfast.{table}" in query}
            if setting.startswith("holdfast.scope"):
                whole |= tables
                continue
            if not tables:
                assert "holdfast.meta" in query
                continue
            with db.transaction(force_rollback=True):
                db.execute(f"SET LOCAL {setting}".encode())
                plan = db.execute(f"EXPLAIN (FORMAT JSON) {query}".encode(), values or None).fetchone()
            assert plan is not None
            found = list(relations(plan[0]))
            assert len({name.rsplit("_", 1)[1] for name in found}) <= 1, (query, json.dumps(plan[0], indent=1))
            assert all(name.rsplit("_", 1)[0] in tables for name in found)
    assert whole == {"partition", "pending", "ledger"}


def test_every_key_and_index_begins_with_the_user(server: Server, database: str) -> None:
    query = """
        SELECT i.indexrelid::regclass::text, a.attname FROM pg_index AS i
        JOIN pg_class AS c ON c.oid = i.indrelid AND c.relnamespace = 'holdfast'::regnamespace
        JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
        WHERE c.relkind = 'p'
    """
    with psycopg.connect(server.url(database, ADMIN)) as db:
        indexes = dict(db.execute(query).fetchall())
        counted = """SELECT count(*) FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
            WHERE c.relkind = 'r' AND c.relnamespace = 'holdfast'::regnamespace"""
        parts = db.execute(counted).fetchone()
    assert len(indexes) > len(TABLES)
    assert set(indexes.values()) == {"user_id"}
    assert parts == (PARTITIONS * len(TABLES),)


@pytest.fixture
def other_role(opened: Open, url: str) -> Iterator[psycopg.Connection[Any]]:
    """Yield a connection as the application's role, to a store in which two users said something."""
    store = opened()
    for user in ("max", "eve"):
        learn(store, user, said(store, user, f"I am {user}."), [fact(user, "f1")])
        said(store, user, "Bye")
        store.commit(user, lambda _: Write(quarantined=()))
        store.book([(user, ENTRY)])
    with psycopg.connect(url, autocommit=True) as db:
        yield db


FILLED = [table for table in TABLES if table != "quarantine"]


@pytest.mark.parametrize("table", FILLED)
def test_a_session_reads_the_user_that_it_names_alone(other_role: psycopg.Connection[Any], table: str) -> None:
    """Also without a condition, and with one for somebody else; without a name, nobody."""
    count = f"SELECT count(*), count(*) FILTER (WHERE user_id = 'eve') FROM holdfast.{table}".encode()
    assert other_role.execute(count).fetchone() == (0, 0)
    with other_role.transaction():
        other_role.execute("SET LOCAL holdfast.user_id = 'max'")
        every, of_eve = other_role.execute(count).fetchone() or (0, 0)
        assert (every > 0, of_eve) == (True, 0)
    assert other_role.execute(count).fetchone() == (0, 0)


@pytest.mark.parametrize("table", TABLES)
def test_the_queue_s_setting_opens_no_table_with_words(other_role: psycopg.Connection[Any], table: str) -> None:
    with other_role.transaction():
        other_role.execute("SET LOCAL holdfast.scope = 'all'")
        (count,) = other_role.execute(f"SELECT count(DISTINCT user_id) FROM holdfast.{table}".encode()).fetchone() or ()
        assert count == (2 if table in ("partition", "pending", "ledger") else 0)
        assert other_role.execute(f"DELETE FROM holdfast.{table} WHERE user_id = 'max'".encode()).rowcount in (0, 1, 2)
        other_role.execute("SET LOCAL holdfast.scope = ''")


@pytest.mark.parametrize("table", FILLED)
def test_nothing_is_changed_or_deleted_across_users(other_role: psycopg.Connection[Any], table: str) -> None:
    with other_role.transaction():
        other_role.execute("SET LOCAL holdfast.user_id = 'max'")
        assert other_role.execute(f"DELETE FROM holdfast.{table} WHERE user_id = 'eve'".encode()).rowcount == 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege), other_role.transaction():
            other_role.execute(f"UPDATE holdfast.{table} SET user_id = 'eve'".encode())


def test_nothing_is_written_for_another_user(other_role: psycopg.Connection[Any]) -> None:
    with other_role.transaction(force_rollback=True):
        other_role.execute("SET LOCAL holdfast.user_id = 'max'")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
            other_role.execute("INSERT INTO holdfast.pending (user_id, position) VALUES ('eve', 9)")


@pytest.mark.parametrize("role", [APPLICATION, OWNER])
def test_the_parts_of_a_table_are_no_way_round(other_role: psycopg.Connection[Any], server: Server, role: str) -> None:
    """The application has no right to them, and the owner meets row-level security there too."""
    with psycopg.connect(server.url(other_role.info.dbname, role), autocommit=True) as db:
        for number in range(PARTITIONS):
            count = f"SELECT count(*) FROM holdfast.message_{number}".encode()
            if role == OWNER:
                assert db.execute(count).fetchone() == (0,)
            else:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    db.execute(count)


def test_the_application_owns_nothing_and_changes_no_schema(other_role: psycopg.Connection[Any]) -> None:
    owned = "SELECT count(*) FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)"
    assert other_role.execute(owned).fetchone() == (0,)
    for statement in (
        "DROP TABLE holdfast.message",
        "ALTER TABLE holdfast.message DISABLE ROW LEVEL SECURITY",
        "DROP POLICY own ON holdfast.message",
        "CREATE TABLE holdfast.mine (x int)",
        "TRUNCATE holdfast.message",
        "UPDATE holdfast.migration SET version = 0",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            other_role.execute(statement)
